"""Benchmarks use the same real recordings as the tests."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real recordings."""
    if not DATA.is_dir():
        pytest.skip(f"no real recordings at {DATA}; set HEADWAY_TEST_DATA")
    return DATA

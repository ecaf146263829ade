"""How long things take; run with ``uv run pytest -m benchmark benchmarks``."""

import subprocess
import sys

import pytest

import headway
from headway.analysis import analyze

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def long_recording():
    """Thirty seconds at 150 Hz of a whole synthetic runner on a treadmill."""
    from headway.synthetic.recording import record
    from headway.synthetic.runner import SyntheticRunner

    return record(SyntheticRunner(), duration=30.0, rate=150.0, force_rate=300.0)


def test_thirty_seconds_without_report(benchmark, long_recording, tmp_path):
    """At most 1.0 s on two cores from the opened file to the saved analysis."""
    benchmark.pedantic(
        lambda: analyze(long_recording).save(tmp_path / "out", report=False, overwrite=True), rounds=3, warmup_rounds=1
    )
    assert benchmark.stats["min"] <= 1.0


def test_report(benchmark, long_recording, tmp_path):
    """At most 2 s to write and 3 MB."""
    from headway.report.html import render

    result = analyze(long_recording)
    benchmark.pedantic(lambda: render(result), rounds=3, warmup_rounds=1)
    assert benchmark.stats["min"] <= 2.0
    assert (tmp_path / "report.html").stat().st_size <= 3_000_000


def test_help(benchmark):
    """At most 0.5 s: nothing heavy is imported until it is used."""
    benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-m", "headway.cli", "--help"], check=True, capture_output=True),
        rounds=5,
    )
    assert benchmark.stats["min"] <= 0.5


def test_reading_a_treadmill_file(benchmark, data):
    """Thirty seconds of C3D with a force plate."""
    benchmark.pedantic(lambda: headway.load(data / "rbds" / "RBDS010runT35.c3d"), rounds=3, warmup_rounds=1)
    assert benchmark.stats["min"] <= 0.5

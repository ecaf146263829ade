"""The version, for what is written to files, and those of the libraries that had a part in it."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import version

VERSION = "0.2.0"


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of libraries."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}

"""The machine that this process runs on."""

from __future__ import annotations

import os
import sys


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spare_dask() -> None:
    """Keep xarray from importing dask and distributed, half a second, only to ask whether an array is of them: in a program of ours none is."""
    if not {"dask", "xarray"} & sys.modules.keys():
        sys.modules["dask"] = None  # type: ignore[assignment]


def want_dask() -> None:
    """Undo :func:`spare_dask`, for a cluster."""
    if sys.modules.get("dask", ...) is None:
        del sys.modules["dask"]

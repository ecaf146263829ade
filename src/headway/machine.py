"""The machine that this process runs on."""

from __future__ import annotations

import gc
import os
import sys


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def collect_seldom() -> None:
    """Look for cyclic garbage a hundred times less often, in a program of ours: what imports make stays, and is looked through again and again."""
    gc.set_threshold(100_000, 10, 10)


def spare_dask() -> None:
    """Keep xarray from importing dask and distributed, half a second, only to ask whether an array is of them: in a program of ours none is."""
    if not {"dask", "xarray"} & sys.modules.keys():
        sys.modules["dask"] = None  # type: ignore[assignment]


def want_dask() -> None:
    """Undo :func:`spare_dask`, for a cluster."""
    if sys.modules.get("dask", ...) is None:
        del sys.modules["dask"]

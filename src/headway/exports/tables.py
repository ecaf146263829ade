"""Everything as plain tables (CSV), and as one MATLAB file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from scipy.io import savemat

from headway.analysis import Analysis

LONGEST_NAME = 31
"""Letters of a field that every MATLAB file may have."""


def flat(curves: xr.Dataset, along: str) -> pd.DataFrame:
    """All variables over one time as columns, ``NAME_COORDINATE_…``; the first column is the time, s."""
    columns = {"time": curves[along].to_numpy()}
    for name in map(str, curves.data_vars):
        array = curves[name]
        if array.dims[0] != along:
            continue
        others = [str(dim) for dim in array.dims[1:]]
        values = array.to_numpy().reshape(array.sizes[along], -1)
        labels = [""]
        for dim in others:
            labels = [f"{label}_{value}" for label in labels for value in curves[dim].to_numpy().tolist()]
        columns |= {f"{name}{label}": values[:, k] for k, label in enumerate(labels)}
    return pd.DataFrame(columns)


def write_csv(analysis: Analysis, stem: str, folder: Path) -> None:
    """``metrics``, ``steps``, ``motion`` and (with a ground force) ``forces``, SI units, one row per metric, step or sample."""
    analysis.to_frame().to_csv(folder / f"{stem}_metrics.csv", index=False)
    analysis.steps.to_csv(folder / f"{stem}_steps.csv", index=False)
    for along, name in (("time", "motion"), ("force_time", "forces")):
        if along in analysis.curves.dims:
            flat(analysis.curves, along).to_csv(folder / f"{stem}_{name}.csv", index=False, float_format="%.8g")


def write_mat(analysis: Analysis, stem: str, folder: Path) -> None:
    """One struct ``headway`` with ``metrics``, ``steps``, ``curves`` and ``waveforms``; arrays keep their dims, which ``dims`` names."""
    table = analysis.to_frame()
    steps = {str(name): analysis.steps[name].to_numpy() for name in analysis.steps}
    held = {
        "metrics": {str(name): _column(table[name].to_numpy()) for name in table},
        "steps": {name[:LONGEST_NAME]: _column(values) for name, values in steps.items()},
        "curves": _fields(analysis.curves),
        "waveforms": _fields(analysis.waveforms),
    }
    savemat(folder / f"{stem}.mat", {"headway": held}, long_field_names=True, do_compression=True)


def _fields(data: xr.Dataset) -> dict[str, object]:
    out: dict[str, object] = {}
    for name, array in data.variables.items():
        out[str(name)] = _column(array.to_numpy()) if array.ndim == 1 else array.to_numpy()
    out["dims"] = {
        str(name): np.array([str(dim) for dim in array.dims], object) for name, array in data.data_vars.items()
    }
    return out


def _column(array: np.ndarray) -> np.ndarray:
    """Numbers as they are, words as a cell array."""
    return array if np.issubdtype(array.dtype, np.number) else np.array([str(one) for one in array], object)

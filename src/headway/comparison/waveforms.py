"""Phase-aligned curves of both runners in their own leg lengths, for pictures and further work."""

from __future__ import annotations

import numpy as np
import xarray as xr

from headway.analysis import Analysis
from headway.comparison.size import Size
from headway.recording import AXES, GRAVITY, FloatArray

POINTS = {"head": "head_centre", "neck_base": "neck_base", "pelvis": "pelvis_centre"}
"""Body point to its name in the drawn stride."""
SIDES = ("left", "right")
SAMPLES = 101


def waveforms(a: Analysis, b: Analysis, sized: tuple[Size, Size], *, normalised: bool) -> xr.Dataset:
    """Curves of head, neck base and pelvis over stance, and over the stride where only a sensor tells them.

    Returns
    -------
    Dims ``runner`` (a, b), ``side``, ``body_point``, ``axis``, ``stance``: ``path``, ``path_sd`` (as in an analysis: forward without steady travel,
    up from the stride's mean, right from the stance foot toward the stance side; leg lengths when normalised, else m), ``velocity``, ``velocity_sd``
    (in sqrt(gL), else m/s). Dims ``runner``, ``body_point``, ``axis``, ``stride``: ``stride_path`` (mean-free, 0 % at right midstance). NaN where
    not recorded. Attribute ``normalised``.
    """
    pair = (a, b)
    lengths = [size.leg if normalised and size.leg is not None else 1.0 for size in sized]
    speeds = [(GRAVITY * leg) ** 0.5 if normalised else 1.0 for leg in lengths]
    data: dict[str, tuple[tuple[str, ...], FloatArray]] = {}
    for name, scales in (("path", lengths), ("velocity", speeds)):
        for part in (name, f"{name}_sd"):
            curves = [_stance(one.waveforms, part) / scale for one, scale in zip(pair, scales, strict=True)]
            data[part] = (("runner", "side", "body_point", "axis", "stance"), np.stack(curves))
    strides = [_stride(one.waveforms) / leg for one, leg in zip(pair, lengths, strict=True)]
    data["stride_path"] = (("runner", "body_point", "axis", "stride"), np.stack(strides))
    coords = {
        "runner": ["a", "b"],
        "side": list(SIDES),
        "body_point": list(POINTS),
        "axis": list(AXES),
        "stance": np.linspace(0, 100, SAMPLES),
        "stride": np.linspace(0, 100, SAMPLES),
    }
    return xr.Dataset(data, coords=coords, attrs={"normalised": int(normalised)})


def _stance(found: xr.Dataset, name: str) -> FloatArray:
    """Curves of one runner, shape (side, body point, axis, stance)."""
    out = np.full((len(SIDES), len(POINTS), len(AXES), SAMPLES), np.nan)
    if name not in found:
        return out
    array = found[name].transpose("side", "body_point", "axis", "stance")
    there = array["body_point"].to_numpy().tolist()
    for k, point in enumerate(POINTS):
        if point in there:
            out[:, k] = array.sel(body_point=point).to_numpy()
    return out


def _stride(found: xr.Dataset) -> FloatArray:
    """Way over the stride, mean-free, 0 % at right midstance; shape (body point, axis, stride)."""
    out = np.full((len(POINTS), len(AXES), SAMPLES), np.nan)
    if "stride_path" in found:
        array = found["stride_path"].transpose("body_point", "axis", "stride")
        there = array["body_point"].to_numpy().tolist()
        for k, point in enumerate(POINTS):
            if point in there:
                out[k] = array.sel(body_point=point).to_numpy()
        return out
    if "figure" not in found or "stride" not in str(found.attrs.get("figure_kind", "")):
        return out
    contact = found["figure_contact"].sel(side="right").to_numpy().astype(bool)
    if not contact.any():
        return out
    frames = len(contact)
    turns = np.exp(2j * np.pi * np.arange(frames) / frames)
    middle = float(np.angle(turns[contact].sum())) / (2 * np.pi) * frames
    there = found["figure_point"].to_numpy().tolist()
    at = middle + np.linspace(0, frames, SAMPLES)
    for k, name in enumerate(POINTS.values()):
        if name in there:
            curve = found["figure"].sel(figure_point=name).transpose("axis", "frame").to_numpy()
            curve = curve - curve.mean(1, keepdims=True)
            out[k] = [np.interp(at, np.arange(frames), row, period=frames) for row in curve]
    return out

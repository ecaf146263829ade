"""Plots of an analysis with matplotlib (extra ``plot``); each returns its axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.dynamics.ladder import LEVELS
from headway.errors import OptionError
from headway.metrics import REGISTRY
from headway.report.numbers import scale_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from headway.analysis import Analysis

COLOURS = {"left": "#0072b2", "right": "#d55e00"}
"""Okabe & Ito 2008: told apart by all."""
STANCE, CYCLE = "stance (%)", "stride (%)"
SHOWN_UNITS = {"rad": ("°", 180.0 / np.pi), "m": ("mm", 1e3)}


def new_axes(axes: Axes | None) -> Axes:
    """The axes that were given, or new ones.

    Raises
    ------
    OptionError
        matplotlib is not installed.
    """
    if axes is not None:
        return axes
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise OptionError("plot", "matplotlib is not installed", 'pip install "headway[plot]"') from error
    return Figure(figsize=(6, 3.5), layout="constrained").add_subplot()


def plot_metric(analysis: Analysis, name: str, axes: Axes | None = None) -> Axes:
    """Values of a metric step by step, left and right, with its mean and 95 % interval.

    Raises
    ------
    OptionError
        There is no such metric, or it has no value per step here.
    """
    if name not in REGISTRY:
        raise OptionError("plot", f"{name!r} is not a metric", "headway.metrics() lists them")
    if name not in analysis.steps:
        raise OptionError("plot", f"{name} has no value per step in this recording", "see .to_frame()")
    axes = new_axes(axes)
    scale = scale_of(REGISTRY[name].unit, name)
    for side, rows in analysis.steps.groupby("side"):
        colour = COLOURS[str(side)]
        axes.plot(rows["step"], rows[name] * scale.factor, "o", ms=4, color=colour, label=str(side))
    found = analysis.summary.metrics[name]
    interval = getattr(found, "ci95", None)
    if interval is not None:
        low, high = (bound * scale.factor for bound in interval)
        axes.axhspan(low, high, color="0.85", zorder=0, label="95 % interval of the mean")
    axes.set(xlabel="step", ylabel=_labelled(REGISTRY[name].title, scale.unit))
    axes.legend(frameon=False, fontsize="small")
    return axes


def plot_ladder(analysis: Analysis, axis: str = "up", axes: Axes | None = None) -> Axes:
    """Force that passes each level of the body over stance, mean of both sides, N.

    Raises
    ------
    OptionError
        There is no ladder in this recording.
    """
    curves = analysis.waveforms
    if "ladder_force" not in curves or not bool(curves["ladder_force"].notnull().any()):
        raise OptionError("plot_ladder", "this recording has no force ladder", "it needs a whole body, or plates")
    axes = new_axes(axes)
    mean = curves["ladder_force"].sel(axis=axis).mean("side")
    for k, level in enumerate(LEVELS):
        shade = str(0.75 - 0.75 * k / (len(LEVELS) - 1))
        axes.plot(curves["stance"], mean.sel(level=level), color=shade, label=level)
    axes.set(xlabel=STANCE, ylabel=f"force {axis} (N)")
    axes.legend(frameon=False, fontsize="small")
    return axes


def plot_curves(analysis: Analysis, name: str, axes: Axes | None = None) -> Axes:
    """Curves of every stride with their mean: a joint angle (``knee_flexion``), moment (``knee_moment``) or power (``knee_power``).

    Raises
    ------
    OptionError
        There is no such curve in this recording.
    """
    curves = analysis.waveforms
    joint, _, kind = name.rpartition("_")
    if "angle" in curves.coords and name in curves["angle"].to_numpy().tolist():
        mean, steps = (curves[key].sel(angle=name) for key in ("joint_angle", "joint_angle_steps"))
    elif kind in ("moment", "power") and "joint" in curves.coords and joint in curves["joint"].to_numpy().tolist():
        chosen = {"joint": joint} | ({"turn": "flexion"} if kind == "moment" else {})
        mean, steps = (curves[key].sel(chosen) for key in (f"joint_{kind}", f"joint_{kind}_steps"))
    else:
        known = [str(one) for one in curves["angle"].to_numpy()] if "angle" in curves.coords else []
        joints = [str(one) for one in curves["joint"].to_numpy()] if "joint" in curves.coords else []
        known += [f"{one}_{kind}" for one in joints for kind in ("moment", "power")]
        raise OptionError(
            "plot_curves", f"{name!r} is no curve of this recording", f"choose from {', '.join(known) or 'none'}"
        )
    axes = new_axes(axes)
    unit, factor = SHOWN_UNITS.get(str(mean.attrs.get("units", "")), (str(mean.attrs.get("units", "")), 1.0))
    for one in steps:
        axes.plot(curves["cycle"], one * factor, color=COLOURS[str(one["step_side"].item())], lw=0.5, alpha=0.3)
    for side in ("left", "right"):
        axes.plot(curves["cycle"], mean.sel(side=side) * factor, color=COLOURS[side], lw=2, label=side)
    axes.set(xlabel=CYCLE, ylabel=_labelled(name.replace("_", " "), unit))
    axes.legend(frameon=False, fontsize="small")
    return axes


def _labelled(title: str, unit: str) -> str:
    return f"{title} ({unit})" if unit else title

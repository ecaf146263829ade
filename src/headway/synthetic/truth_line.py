"""True place of the line of the ground force against head, neck base and centre of mass in one step."""

from __future__ import annotations

import numpy as np

from headway.recording import FloatArray
from headway.synthetic.instants import LOADED, InstantWindow, Step

PLACES = (("", "head_centre"), ("neck_base_", "neck_base"), ("com_", "com"))


def _offset(window: InstantWindow, name: str) -> FloatArray:
    """Where the line passes the point at its height, forward and right, m, shape (n, 2); NaN where the foot is hardly loaded."""
    force, pressure, point = window.force, window.pressure, window.position(name)
    loaded = force[:, 1] > LOADED
    out = np.full((len(force), 2), np.nan)
    for column, axis in enumerate((0, 2)):
        slope = force[loaded, axis] / force[loaded, 1]
        rise = point[loaded, 1] - pressure[loaded, 1]
        out[loaded, column] = pressure[loaded, axis] + slope * rise - point[loaded, axis]
    return out


def force_line(step: Step, stance: InstantWindow, push: InstantWindow) -> dict[str, float]:
    """Measure one step.

    Parameters
    ----------
    step
        Which step.
    stance, push
        Windows from initial contact to toe-off and from the transition to toe-off.
    """
    size = {id(window): np.linalg.norm(window.force, axis=1) for window in (stance, push)}
    share = (stance.time - step.initial_contact) / step.contact_time
    inner = (share >= 0.2) & (share <= 0.8)
    out: dict[str, float] = {}
    for prefix, name in PLACES:
        whole, late = _offset(stance, name), _offset(push, name)
        for percent in (20, 50, 80):
            out[f"{prefix}grf_line_offset_forward_{percent}"] = float(np.interp(percent / 100, share, whole[:, 0]))
        out[f"{prefix}grf_line_offset_forward"] = push.weighted(late[:, 0], size[id(push)])
        out[f"{prefix}grf_line_offset_forward_stance"] = stance.weighted(whole[:, 0], size[id(stance)])
        out[f"{prefix}grf_line_offset_lateral"] = step.sign * push.weighted(late[:, 1], size[id(push)])
        out[f"{prefix}grf_line_offset_lateral_max"] = float(
            max(np.abs(whole[inner, 1]).max(), *np.abs(np.interp((0.2, 0.8), share, whole[:, 1])))
        )
        out[f"{prefix}grf_line_crossing_time"] = _crossing(share, whole[:, 0])
    toward = push.position("head_centre") - push.pressure
    out["grf_line_angle"] = push.weighted(
        np.where(push.force[:, 1] > LOADED, _angle(push.force, toward), np.nan), size[id(push)]
    )
    at = int(np.argmax(np.where(share >= 0.3, stance.force[:, 0], -np.inf)))
    leg = stance.position(f"hip_{step.side}")[at] - stance.pressure[at]
    force = stance.force[at]
    out["grf_leg_angle"] = abs(float(np.arctan2(force[0], force[1]) - np.arctan2(leg[0], leg[1])))
    for plane, axis in (("sagittal", 0), ("frontal", 2)):
        out[f"virtual_pivot_height_{plane}"] = _pivot(stance, share, axis)
    return out


def _crossing(share: FloatArray, offset: FloatArray) -> float:
    """Last passage from behind to ahead after 30 % of stance, % of stance; NaN without one."""
    late = np.flatnonzero((share[:-1] >= 0.3) & (offset[:-1] < 0) & (offset[1:] >= 0))
    if not len(late):
        return float("nan")
    k = late[-1]
    return float(100 * (share[k] - offset[k] * (share[k + 1] - share[k]) / (offset[k + 1] - offset[k])))


def _angle(a: FloatArray, b: FloatArray) -> FloatArray:
    cosine = (a * b).sum(1)
    return np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), cosine)


def _pivot(stance: InstantWindow, share: FloatArray, axis: int) -> float:
    """Height of the point nearest to all force lines in 10-90 % of stance, seen from the centre of mass, m."""
    relative = stance.pressure - stance.com.value
    at = np.linspace(0.1, 0.9, 801)
    base, force = (
        np.column_stack([np.interp(at, share, values[:, k]) for k in (axis, 1)]) for values in (relative, stance.force)
    )
    loaded = force[:, 1] > LOADED
    normal = np.column_stack([force[:, 1], -force[:, 0]]) / np.linalg.norm(force, axis=1, keepdims=True)
    return float(np.linalg.lstsq(normal[loaded], (normal * base).sum(1)[loaded], rcond=None)[0][1])

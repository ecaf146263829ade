"""The line of the ground force against the head, the neck base and the centre of mass (definitions D36-D40)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.dynamics.ground_force import PRESSURE_FLOOR, read
from headway.gait.trial import Trial
from headway.metrics.registry import metric
from headway.recording import FloatArray

FAMILY = "force line and head"
POINTS = (
    ("", "head", "head_centre", "head"),
    ("neck_base_", "neck base", "neck_base", "neck_base"),
    ("com_", "centre of mass", "com", "whole_body"),
)
EARLY_CROSSING = 0.3
"""Crossings before this share of stance are the landing's, not the push-off's."""
SUPPORTS = "the sagittal line meets the head for an instant, at 60-73 % of stance, in everyone measured"
CONTRADICTS = "virtual-pivot work puts the sagittal crossing below the centre of mass; no link to performance is known"


def line_offset(trial: Trial, point: str) -> FloatArray:
    """Where the force line passes the point at its height: forward and right coordinate minus the point's, m, shape (frames, 2).

    NaN where the vertical force is below 100 N.
    """
    force, pressure = trial.line_force, trial.pressure
    body = trial.motion.position(point)
    loaded = force[:, 1] > PRESSURE_FLOOR
    slope = np.full((len(body), 2), np.nan)
    slope[loaded] = force[loaded][:, [0, 2]] / force[loaded, 1:2]
    return pressure[:, [0, 2]] + slope * (body[:, 1] - pressure[:, 1])[:, None] - body[:, [0, 2]]


def force_weighted(trial: Trial, signal: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
    """Mean of a frame-wise signal over a window weighted with the size of the ground force, per step."""
    size = np.linalg.norm(trial.line_force, axis=1)
    out = np.full(len(trial.steps), np.nan)
    for k in range(len(out)):
        window = trial.frames(start[k], stop[k])
        loaded = trial.line_force[window, 1] > PRESSURE_FLOOR
        loaded &= np.isfinite(trial.pressure[window]).all(1)
        weight = np.where(loaded, size[window], 0.0)
        if weight.sum() > 0 and np.isfinite(signal[window][loaded]).all():
            out[k] = np.nansum(signal[window] * weight) / weight.sum()
    return out


def _at_share(point: str, share: float) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Forward offset of the force line at a share of stance, m, per step."""
        instants = trial.steps.at(share)
        assert trial.force is not None
        force, pressure = (
            read(trial.force.time, one, instants) for one in (trial.force.total, trial.force.centre_of_pressure)
        )
        body = trial.at(trial.motion.position(point), instants)
        with np.errstate(invalid="ignore", divide="ignore"):
            offset = pressure[:, 0] + force[:, 0] / force[:, 1] * (body[:, 1] - pressure[:, 1]) - body[:, 0]
        return np.where(force[:, 1] > PRESSURE_FLOOR, offset, np.nan)

    return compute


def _weighted(point: str, whole: bool) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Force-weighted forward offset of the force line, m, per step."""
        start = trial.steps.initial_contact if whole else trial.steps.transition
        return force_weighted(trial, line_offset(trial, point)[:, 0], start, trial.steps.toe_off)

    return compute


def _lateral(point: str) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Force-weighted lateral offset of the force line over push-off toward the stance side, m, per step."""
        return trial.steps.side * force_weighted(
            trial, line_offset(trial, point)[:, 1], trial.steps.transition, trial.steps.toe_off
        )

    return compute


def _lateral_maximum(point: str) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Greatest absolute lateral offset of the force line in 20-80 % of stance, m, per step."""
        offset = np.abs(line_offset(trial, point)[:, 1])
        pieces = [offset[trial.frames(a, b)] for a, b in zip(trial.steps.at(0.2), trial.steps.at(0.8), strict=True)]
        return np.array([piece.max() if len(piece) and np.isfinite(piece).all() else np.nan for piece in pieces])

    return compute


def _crossing(point: str) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Share of stance at which the line last passes from behind to ahead of the point, %, per step."""
        offset = line_offset(trial, point)[:, 0]
        return np.array([_last_crossing(trial, offset, k) for k in range(len(trial.steps))])

    return compute


def _last_crossing(trial: Trial, offset: FloatArray, k: int) -> float:
    steps, time = trial.steps, trial.motion.time
    window = trial.frames(steps.at(EARLY_CROSSING)[k], steps.toe_off[k])
    piece, at = offset[window], time[window]
    rises = np.flatnonzero((piece[:-1] < 0) & (piece[1:] >= 0))
    if not len(rises):
        return float("nan")
    j = rises[-1]
    instant = at[j] - piece[j] / (piece[j + 1] - piece[j]) * (at[j + 1] - at[j])
    return float(100 * (instant - steps.initial_contact[k]) / steps.contact_time[k])


for _prefix, _words, _point, _need in POINTS:
    _common = {"family": FAMILY, "needs": (_need, "plates"), "claims": ("A2", "A14")}
    for _share in (20, 50, 80):
        metric(
            f"{_prefix}grf_line_offset_forward_{_share}",
            f"Force line ahead of the {_words} at {_share} % of stance",
            f"forward distance from the {_words} to the line of the ground force at its height; + = the line passes ahead",
            unit="m",
            plane="sagittal",
            source="D36",
            **_common,
        )(_at_share(_point, _share / 100))
    metric(
        f"{_prefix}grf_line_offset_forward",
        f"Force line ahead of the {_words} in push-off",
        f"forward distance from the {_words} to the force line, force-weighted over push-off; + = the line passes ahead",
        unit="m",
        plane="sagittal",
        source="D36",
        runner=f"Where the push of the ground points, compared with the {_words}, while you push off.",
        supports=SUPPORTS,
        contradicts=CONTRADICTS,
        **_common,
    )(_weighted(_point, whole=False))
    metric(
        f"{_prefix}grf_line_offset_forward_stance",
        f"Force line ahead of the {_words} over stance",
        f"forward distance from the {_words} to the force line, force-weighted over stance; + = the line passes ahead",
        unit="m",
        plane="sagittal",
        source="D36",
        **_common,
    )(_weighted(_point, whole=True))
    metric(
        f"{_prefix}grf_line_offset_lateral",
        f"Force line to the side of the {_words} in push-off",
        f"lateral distance from the {_words} to the force line, force-weighted over push-off; + = the line passes on the stance side",
        unit="m",
        plane="frontal",
        source="D37",
        **_common,
    )(_lateral(_point))
    metric(
        f"{_prefix}grf_line_offset_lateral_max",
        f"Force line to the side of the {_words}, greatest",
        f"greatest absolute lateral distance from the {_words} to the force line in 20-80 % of stance",
        unit="m",
        plane="frontal",
        source="D37",
        **_common,
    )(_lateral_maximum(_point))
    metric(
        f"{_prefix}grf_line_crossing_time",
        f"Force line crosses the {_words}",
        f"last time the force line passes from behind to ahead of the {_words} after 30 % of stance",
        unit="% of stance",
        plane="sagittal",
        source="D38",
        supports=SUPPORTS,
        contradicts=CONTRADICTS,
        **_common,
    )(_crossing(_point))


@metric(
    "grf_line_angle",
    "Angle between force and the line to the head",
    "angle between the ground force and the line from centre of pressure to head centre, force-weighted over push-off",
    unit="rad",
    family=FAMILY,
    needs=("head", "plates"),
    source="D39",
    claims=("A2",),
)
def grf_line_angle(trial: Trial) -> FloatArray:
    """Force-weighted angle over push-off, rad, per step."""
    return force_weighted(trial, _force_angle(trial, "head_centre"), trial.steps.transition, trial.steps.toe_off)


def _force_angle(trial: Trial, point: str) -> FloatArray:
    toward, force = trial.motion.position(point) - trial.pressure, trial.line_force
    cross = np.linalg.norm(np.cross(force, toward), axis=1)
    angle = np.arctan2(cross, np.einsum("ij,ij->i", force, toward))
    return np.where(force[:, 1] > PRESSURE_FLOOR, angle, np.nan)


@metric(
    "grf_leg_angle",
    "Angle between force and leg at peak propulsion",
    "sagittal angle between the ground force and the line from centre of pressure to the stance hip, at the greatest forward force",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "plates"),
    source="D39, Moore 2015",
    supports="10.8 to 1.6 degrees over ten weeks of training, with lower oxygen cost (Moore 2015; ten novices)",
    contradicts="an uncontrolled pilot; it is about the leg, not the head",
)
def grf_leg_angle(trial: Trial) -> FloatArray:
    """Absolute sagittal angle at the greatest forward force, rad, per step."""
    out = np.full(len(trial.steps), np.nan)
    for k, side in enumerate(trial.steps.names):
        stance = trial.frames(trial.steps.at(0.3)[k], trial.steps.toe_off[k])
        force = trial.line_force[stance]
        if not len(force) or not np.isfinite(force).all():
            continue
        at = int(np.argmax(force[:, 0]))
        leg = (trial.motion.position(f"hip_{side}") - trial.pressure)[stance][at]
        out[k] = abs(np.arctan2(force[at, 0], force[at, 1]) - np.arctan2(leg[0], leg[1]))
    return out


def _pivot(axis: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Height above the centre of mass at which the force lines of a stance come closest to meeting, m, per step."""
        relative = trial.pressure - trial.motion.position("com")
        force = trial.line_force
        out = np.full(len(trial.steps), np.nan)
        for k in range(len(out)):
            stance = trial.frames(trial.steps.at(0.1)[k], trial.steps.at(0.9)[k])
            direction = force[stance][:, [axis, 1]]
            base = relative[stance][:, [axis, 1]]
            good = np.isfinite(trial.pressure[stance]).all(1) & (direction[:, 1] > PRESSURE_FLOOR)
            if good.sum() < 5 or not np.isfinite(base[good]).all():
                continue
            unit = direction[good] / np.linalg.norm(direction[good], axis=1, keepdims=True)
            normal = np.column_stack([unit[:, 1], -unit[:, 0]])
            distance = np.einsum("ij,ij->i", normal, base[good])
            out[k] = np.linalg.lstsq(normal, distance, rcond=None)[0][1]
        return out

    return compute


for _name, _axis, _plane, _seen in (
    ("virtual_pivot_height_sagittal", 0, "sagittal", "from the side"),
    ("virtual_pivot_height_frontal", 2, "frontal", "from behind"),
):
    metric(
        _name,
        f"Virtual pivot above the centre of mass, {_seen}",
        f"least-squares intersection of the {_plane} force lines in 10-90 % of stance, in the centre-of-mass frame; + above it",
        unit="m",
        family=FAMILY,
        plane=_plane,
        needs=("whole_body", "plates"),
        source="D40, Drama and Badri-Spröwitz 2019",
    )(_pivot(_axis))

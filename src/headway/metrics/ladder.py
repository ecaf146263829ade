"""The force ladder: force and impulse carried at each level from the foot to the neck (definitions D25)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.body.segments import in_words
from headway.dynamics.ladder import LEVELS, below, closure
from headway.gait.trial import Trial
from headway.metrics.errors import SharedError
from headway.metrics.needs import NEEDS
from headway.metrics.registry import CannotMeasure, metric
from headway.recording import GRAVITY, FloatArray
from headway.texts import TEXTS

FAMILY = "force ladder"
TITLES = {"ground": "ground", "ankle": "ankle", "knee": "knee", "hip": "hip", "lumbar": "lower back", "neck": "neck"}


def _level(trial: Trial, level: int) -> FloatArray:
    """Force carried at a level, in body weights, shape (frames, 3)."""
    lacking = in_words(trial.segments.missing) if trial.force is None else ""
    if not np.isfinite(trial.mass) and not lacking:
        raise CannotMeasure(*NEEDS["mass"], "mass")
    carried = trial.ladder[:, level] / (trial.mass * GRAVITY)
    if not np.isfinite(carried).any():
        under = {name for side in ("left", "right") for name in below(LEVELS[level], side)}
        lacking = in_words(name for name in trial.segments.missing if name in under) or in_words(trial.segments.missing)
        if lacking:
            raise CannotMeasure(
                TEXTS("needs.whole_body", missing=lacking), TEXTS("needs.whole_body_record"), "whole_body"
            )
        raise CannotMeasure(TEXTS("refused.neither_body_nor_force"), TEXTS("refused.record_with_force_plates"))
    return carried


def _impulse(level: int, axis: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Impulse carried at a level, BW·s, per step."""
        steps = trial.steps
        start = steps.transition if axis == 0 else steps.initial_contact
        impulse = trial.integral(_level(trial, level)[:, axis], start, steps.toe_off)
        return impulse * steps.side if axis == 2 else impulse

    return compute


def _peak(level: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Greatest upward force carried at a level in stance, BW, per step."""
        up = _level(trial, level)[:, 1]
        stances = zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)
        return np.array([_greatest(up[trial.frames(a, b)]) for a, b in stances])

    return compute


def _greatest(values: FloatArray) -> float:
    return float(values.max()) if len(values) and np.isfinite(values).all() else float("nan")


PROPULSION = SharedError("propulsive_impulse")
SIDEWAYS = SharedError("mediolateral_impulse")
PEAK = SharedError("peak_vertical_grf")
"""A ladder built from the ground has the error of the ground force at every level."""
DIRECTIONS = (
    ("forward", "Forward", "from the braking-propulsion transition to toe-off", PROPULSION),
    ("up", "Upward", "over stance", None),
    ("lateral", "Sideways (toward the stance side)", "over stance", SIDEWAYS),
)
for _k, _name in enumerate(LEVELS):
    for _axis, (_direction, _words, _window, _shares) in enumerate(DIRECTIONS):
        metric(
            f"ladder_{_name}_impulse_{_direction}",
            f"{_words} impulse carried at the {TITLES[_name]}",
            f"integral {_window} of the force that everything below the {TITLES[_name]} passes to everything above it / body weight",
            unit="BW*s",
            family=FAMILY,
            plane="frontal" if _axis == 2 else "sagittal",
            needs=("instants",) if _axis == 0 else (),
            source="D25",
            claims=("A1",),
            shares=_shares,
            ground_up=True,
            level=_name,
            load=True,
        )(_impulse(_k, _axis))
    metric(
        f"ladder_{_name}_peak_up",
        f"Peak upward force carried at the {TITLES[_name]}",
        f"greatest upward force at the {TITLES[_name]} in stance (motion and force low-passed alike) / body weight",
        unit="BW",
        family=FAMILY,
        plane="vertical",
        source="D25",
        claims=("A1",),
        shares=PEAK,
        ground_up=True,
        level=_name,
        load=True,
    )(_peak(_k))


def _swing_leg(axis: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Impulse that the swing leg takes, BW·s, per step: what passes the stance leg's hip less what passes the lower back."""
        hip, lumbar = (_impulse(LEVELS.index(level), axis)(trial) for level in ("hip", "lumbar"))
        return hip - lumbar

    return compute


for _axis, (_direction, _words, _window, _) in enumerate(DIRECTIONS):
    metric(
        f"swing_leg_impulse_{_direction}",
        f"{_words} impulse taken by the swing leg",
        f"integral {_window} of the force on the swing leg at its hip / body weight: "
        "the step of the ladder from the stance leg's hip to the lower back; "
        "+ = taken, - = given back to the trunk",
        unit="BW*s",
        family=FAMILY,
        plane="frontal" if _axis == 2 else "sagittal",
        needs=("instants", "whole_body") if _axis == 0 else ("whole_body",),
        source="D25",
        claims=("A1",),
        load=True,
    )(_swing_leg(_axis))


@metric(
    "ladder_closure",
    "Closure of the force ladder",
    "RMS over stance of the difference between the force summed over all segments and the plates' / body weight; up to 0.1 good, 0.2 usable",
    unit="BW",
    family=FAMILY,
    needs=("plates", "whole_body"),
    source="D25",
    ground_up=True,
    load=True,
)
def ladder_closure(trial: Trial) -> FloatArray:
    """RMS over stance of the three-component difference at the ground, BW, per step."""
    stances = [trial.frames(a, b) for a, b in zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)]
    whole = [bool(np.isfinite(trial.ladder[stance, 0]).all()) for stance in stances]
    misses = [closure(trial.ladder[stance], trial.frame_force[stance], trial.mass)[0] for stance in stances]
    return np.where(whole, misses, np.nan)

"""The force ladder: force and impulse carried at each level from the foot to the neck (science D25)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.dynamics.ladder import LEVELS
from headway.gait.trial import Trial
from headway.metrics.registry import metric
from headway.recording import GRAVITY, FloatArray

FAMILY = "force ladder"
TITLES = {"ground": "ground", "ankle": "ankle", "knee": "knee", "hip": "hip", "lumbar": "lower back", "neck": "neck"}


def _integral(trial: Trial, signal: FloatArray) -> FloatArray:
    """Integral of a frame-wise signal over each stance, shape (steps,)."""
    pairs = zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)
    return np.array([signal[trial.frames(start, stop)].sum() / trial.motion.rate for start, stop in pairs])


def _impulse(level: int, axis: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Impulse carried at a level over stance, BW·s, per step."""
        impulse = _integral(trial, trial.ladder[:, level, axis]) / (trial.mass * GRAVITY)
        return impulse * trial.steps.side if axis == 2 else impulse

    return compute


def _peak(level: int) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Greatest upward force carried at a level in stance, BW, per step."""
        up = trial.ladder[:, level, 1] / (trial.mass * GRAVITY)
        return np.array(
            [
                _greatest(up[trial.frames(a, b)])
                for a, b in zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)
            ]
        )

    return compute


def _greatest(values: FloatArray) -> float:
    return float(values.max()) if len(values) and np.isfinite(values).all() else float("nan")


for _k, _level in enumerate(LEVELS):
    _needs = ("mass", "legs") if _level in ("ankle", "knee", "hip") else ("mass", "whole_body")
    for _axis, (_direction, _words) in enumerate(
        (("forward", "forward"), ("up", "upward"), ("lateral", "lateral (toward the stance side)"))
    ):
        metric(
            f"ladder_{_level}_impulse_{_direction}",
            f"{_words.capitalize()} impulse carried at the {TITLES[_level]}",
            f"integral over stance of the {_words} force that everything below the {TITLES[_level]} passes to everything above it / body weight",
            unit="BW*s",
            family=FAMILY,
            plane="frontal" if _axis == 2 else "sagittal",
            needs=_needs,
            source="D25",
            claims=("A1",),
        )(_impulse(_k, (0, 1, 2)[_axis]))
    metric(
        f"ladder_{_level}_peak_up",
        f"Peak upward force carried at the {TITLES[_level]}",
        f"greatest upward force at the {TITLES[_level]} in stance (motion and force low-passed alike) / body weight",
        unit="BW",
        family=FAMILY,
        plane="vertical",
        needs=_needs,
        source="D25",
        claims=("A1",),
    )(_peak(_k))


@metric(
    "ladder_closure",
    "Closure of the force ladder",
    "RMS over stance of the difference between the force summed over all segments and the plates' / body weight; up to 0.1 good, 0.2 usable",
    unit="BW",
    family=FAMILY,
    needs=("force", "whole_body"),
    source="D25",
    expected=(0.0, 0.2),
)
def ladder_closure(trial: Trial) -> FloatArray:
    """RMS over stance of the three-component difference at the ground, BW, per step."""
    difference = (trial.ladder[:, 0] - trial.frame_force) / (trial.mass * GRAVITY)
    squared = (difference**2).sum(1)
    return np.array(
        [
            np.sqrt(np.nanmean(squared[trial.frames(a, b)]))
            for a, b in zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)
        ]
    )

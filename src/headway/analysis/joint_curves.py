"""Joint angles, moments and powers of every stride, from a foot's contact to its next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from headway.body.joint_angles import SIDES, own_side
from headway.gait.trial import Trial
from headway.recording import FloatArray

SAMPLES = 101
"""Instants per stride, 0 to 100 %."""
TURNS = ("flexion", "adduction", "rotation")
"""Components of a joint's moment, named after the angles at the hip."""


class Put(Protocol):
    """Takes a curve of every step by name, dims, the function that makes it, unit and what it goes over."""

    def __call__(
        self, name: str, dims: tuple[str, ...], of: Callable[[Trial], FloatArray], unit: str, over: str = "stance"
    ) -> None:
        """Take one."""
        ...


def joint_curves(trials: Sequence[Trial], put: Put) -> Mapping[str, object]:
    """Put in the curves of the joints; returns their coordinates, none where no joint is marked in every trial."""
    angles = _common([list(own_side(trial.joint_angles.names)) for trial in trials])
    if not angles:
        return {}
    put("joint_angle", ("angle",), lambda trial: _angles(trial, angles), "rad", "cycle")
    coords: dict[str, object] = {"cycle": np.linspace(0, 100, SAMPLES), "angle": angles}
    loaded = [trial.joint_moments for trial in trials]
    joints = _common([[] if one is None else list(own_side(one.names)) for one in loaded])
    if joints:
        put("joint_moment", ("joint", "turn"), lambda trial: _moments(trial, joints), "N m", "cycle")
        put("joint_power", ("joint",), lambda trial: _powers(trial, joints), "W", "cycle")
        coords |= {"joint": joints, "turn": list(TURNS)}
    return coords


def _common(names: Sequence[list[str]]) -> list[str]:
    """Names that all trials have, in the order of the first."""
    return [name for name in names[0] if all(name in other for other in names)]


def _strides(trial: Trial, values: Mapping[str, FloatArray]) -> FloatArray:
    """Frame-wise values of both sides read over every stride of their own side, shape (steps, SAMPLES, ...)."""
    steps = trial.steps
    length = steps.next_same - steps.initial_contact
    at = steps.initial_contact[:, None] + np.linspace(0, 1, SAMPLES) * length[:, None]
    known = np.isfinite(length)
    example = next(iter(values.values()))
    out = np.full((*at.shape, *example.shape[1:]), np.nan)
    for sign, side in ((-1.0, "left"), (1.0, "right")):
        own = known & (steps.side == sign)
        if own.any():
            out[own] = trial.at(values[side], at[own].ravel()).reshape(*at[own].shape, *example.shape[1:])
    return out


def _angles(trial: Trial, names: Sequence[str]) -> FloatArray:
    found = trial.joint_angles
    return _strides(trial, {side: _of_side(found.values, found.names, names, side) for side in SIDES})


def _moments(trial: Trial, names: Sequence[str]) -> FloatArray:
    found = trial.joint_moments
    assert found is not None
    return _strides(trial, {side: _of_side(found.joint, found.names, names, side) for side in SIDES})


def _powers(trial: Trial, names: Sequence[str]) -> FloatArray:
    found = trial.joint_moments
    assert found is not None
    return _strides(trial, {side: _of_side(found.power, found.names, names, side) for side in SIDES})


def _of_side(values: FloatArray, held: Sequence[str], names: Sequence[str], side: str) -> FloatArray:
    """Columns of one side's own names; those without a side as they are; NaN where that side has none."""
    columns = []
    for name in names:
        own = next((one for one in (f"{name}_{side}", name) if one in held), None)
        columns.append(np.full_like(values[:, 0], np.nan) if own is None else values[:, list(held).index(own)])
    return np.stack(columns, axis=1)

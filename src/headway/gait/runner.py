"""Who runs: height, sex and mass, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from headway.body.motion import Motion
from headway.dynamics.ground_force import PlateForce, read
from headway.errors import OptionError
from headway.gait.steps import Steps
from headway.options import Options, Sex
from headway.recording import GRAVITY, FloatArray

LEG_SHARE = 0.53
"""Leg length as a share of stature, where it is not measured (definitions D15)."""


@dataclass(frozen=True)
class Runner:
    """The person.

    Attributes
    ----------
    height
        m.
    mass
        kg.
    sex
        ``male`` or ``female``; ``None`` takes the mean of both tables.
    mass_source
        ``option``, ``weight`` (mean force over whole strides), ``impulse`` (over flight-stance-flight), or ``None``.
    """

    height: float | None = None
    mass: float | None = None
    sex: Sex | None = None
    mass_source: str | None = None

    def __post_init__(self) -> None:
        Options(height=self.height, mass=self.mass)
        if self.sex not in (None, "male", "female"):
            raise OptionError("--sex", f"{self.sex!r} is not in the tables", "give male or female, or leave it out")
        if self.mass is not None and self.mass_source is None:
            object.__setattr__(self, "mass_source", "option")

    @classmethod
    def of(cls, options: Options) -> Runner:
        """The runner as far as the options of a recording tell."""
        return cls(height=options.height, mass=options.mass, sex=options.sex)


def weigh(runner: Runner, force: PlateForce | None, steps: Steps, motion: Motion, body_point: str | None) -> Runner:
    """Find the runner's mass from the ground force where it was not given.

    Parameters
    ----------
    runner
        The mass it has is not looked at.
    force
        Ground force.
    steps
        As lined up.
    motion
        Filtered motion.
    body_point
        Point whose vertical velocity stands for the centre of mass at contact and toe-off.

    Notes
    -----
    Over whole strides the mean vertical force is the weight (corrected for a change of the vertical velocity between the ends). With a single
    stance, m = ∫F dt / (Δv + g t_c), with Δv of the body between initial contact and toe-off.
    """
    if force is None or not len(steps):
        return runner
    strides = steps.strides
    if strides:
        starts = np.array([steps.initial_contact[a] for a, _ in strides])
        stops = np.array([steps.initial_contact[b] for _, b in strides])
        rise = np.zeros(len(strides))
        if body_point is not None:
            upward = motion.velocity(body_point)[:, 1]
            change = read(motion.time, upward, stops) - read(motion.time, upward, starts)
            rise = np.where(np.isfinite(change), change / (stops - starts), 0.0)
        masses = [_mean_force(force, a, b) / (GRAVITY + gain) for a, b, gain in zip(starts, stops, rise, strict=True)]
        return replace(runner, mass=float(np.median(masses)), mass_source="weight")
    if body_point is None:
        return runner
    rise = motion.velocity(body_point)[:, 1]
    masses = []
    for start, stop in zip(steps.initial_contact, steps.toe_off, strict=True):
        change = float(np.diff(read(motion.time, rise, np.array([start, stop])))[0])
        masses.append(_mean_force(force, start, stop) * (stop - start) / (change + GRAVITY * (stop - start)))
    mass = float(np.nanmedian(masses)) if np.isfinite(masses).any() else float("nan")
    return replace(runner, mass=mass, mass_source="impulse") if 20.0 < mass < 250.0 else runner


def _mean_force(force: PlateForce, start: float, stop: float) -> float:
    inside: FloatArray = force.raw[(force.time >= start) & (force.time < stop), 1]
    return float(inside.mean()) if len(inside) else float("nan")

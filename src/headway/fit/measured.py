"""What a recording shows of one stretch of running: paths of joint centres and markers, contacts, ground force, on the ground's own axes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from headway.body.functional_joints import add_functional_joints, loose_markers
from headway.body.table import PointTable
from headway.dynamics.estimated_force import EstimatedForce
from headway.dynamics.ground_force import read
from headway.gait.trial import Trial
from headway.periodic import waveform
from headway.recording import AXES, GRAVITY, ComplexArray, FloatArray, Side, make_points

SIDES: tuple[Side, Side] = ("left", "right")
FLAT = (0.25, 0.5)
"""Share of stance in which the sole is flat on the ground."""
JOINT_STEMS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
MARKER_STEMS = ("heel", "toe", "mt1", "mt5", "asis", "psis", "head_front", "head_back")
MIDLINE = ("neck_base", "head_centre", "sacrum")
BEFORE, AFTER = 0.04, 0.03
"""Flight before the first and after the last contact that is fitted too, s."""
LOADED = 0.15
"""Body weights above which a centre of pressure is used."""


@dataclass(frozen=True)
class FittedContact:
    """One stance of a stretch: the number of its step, the foot, its ends and where braking turns into pushing, s (NaN if unknown)."""

    step: int
    side: Side
    initial_contact: float
    toe_off: float
    transition: float

    def during(self, time: FloatArray, margin: float = 0.0) -> np.ndarray:
        """Whether the foot is on the ground at these times."""
        return (time >= self.initial_contact - margin) & (time <= self.toe_off + margin)


@dataclass(frozen=True)
class PointErrors:
    """Standard errors of a point along one axis, m: of where it is throughout, and of how it moves."""

    offset: float
    moving: float

    @property
    def total(self) -> float:
        """Of a single instant."""
        return float(np.hypot(self.offset, self.moving))


@dataclass(frozen=True)
class FeltStride:
    """Acceleration of a sensor's place over the mean stride, on the ground's own axes.

    Attributes
    ----------
    phasors
        Harmonics of the stride, forward, up, right, m/s², shape (count, 3); NaN along what the sensor does not tell.
    period
        Of the stride, s.
    right
        A midstance of the right foot, s: phase 0.
    """

    phasors: ComplexArray
    period: float
    right: float = 0.0

    def at(self, time: FloatArray) -> FloatArray:
        """The acceleration at times, m/s², shape (n, 3)."""
        told = np.isfinite(self.phasors).all(0)
        values = waveform(np.nan_to_num(self.phasors), 2 * np.pi * (time - self.right) / self.period)
        return np.where(told, values, np.nan)


@dataclass(frozen=True)
class MeasuredStretch:
    """A stretch of a recording, in axes that stand on the ground: on a treadmill the belt's travel is added.

    Attributes
    ----------
    source
        The file.
    height, mass, sex
        Of the runner, m and kg.
    contacts
        The stances in it, whole.
    time
        Of the frames, s, shape (frames,).
    paths
        m, shape (frames, 3), by name; NaN in gaps.
    force_time, force, pressure
        Ground force in body weights and centre of pressure in m, shape (n, 3); NaN where it is not known.
    force_error
        Standard error of an estimated force, body weights, shape (n, 3); ``None`` for plates.
    errors
        Of the points along forward, up and right, where films show them; ``None`` for markers, whose errors the fit knows.
    contact_error
        Standard error of the ends of contacts that a film tells, s.
    felt
        What sensors felt, by place (``head``, ``sacrum``).
    """

    source: str
    height: float
    mass: float
    sex: str | None
    contacts: tuple[FittedContact, ...]
    time: FloatArray
    paths: dict[str, FloatArray]
    force_time: FloatArray
    force: FloatArray
    pressure: FloatArray
    force_error: FloatArray | None = None
    errors: dict[str, tuple[PointErrors, PointErrors, PointErrors]] | None = None
    contact_error: float = 0.0
    felt: dict[str, FeltStride] = field(default_factory=dict)

    @property
    def start(self) -> float:
        """Where the fit begins, s."""
        return max(self.contacts[0].initial_contact - BEFORE, float(self.time[0]))

    @property
    def stop(self) -> float:
        """Where the fit ends, s."""
        return min(self.contacts[-1].toe_off + AFTER, float(self.time[-1]))

    def at(self, name: str, time: FloatArray) -> FloatArray:
        """A point at times, m, shape (n, 3); NaN in gaps."""
        return read(self.time, self.paths[name], time)

    def foot_force(self, side: Side, time: FloatArray) -> FloatArray:
        """Measured ground force on a foot at times, body weights, shape (n, 3)."""
        return np.where(self._standing(side, time)[:, None], read(self.force_time, self.force, time), 0.0)

    def foot_pressure(self, side: Side, time: FloatArray) -> FloatArray:
        """Centre of pressure of a foot at times, m, shape (n, 3); NaN where the foot is hardly loaded."""
        loaded = self._standing(side, time) & (self.foot_force(side, time)[:, 1] > LOADED)
        return np.where(loaded[:, None], read(self.force_time, self.pressure, time), np.nan)

    def _standing(self, side: Side, time: FloatArray) -> np.ndarray:
        own = [one.during(time, 0.02) for one in self.contacts if one.side == side]
        return np.any(own, axis=0) if own else np.zeros(len(time), bool)


@dataclass(frozen=True)
class Paths:
    """Paths of a whole trial on the ground's own axes; markers that are not fixed to their foot are left out."""

    table: PointTable
    travel: FloatArray
    loose: tuple[str, ...] = ()

    @classmethod
    def of(cls, trial: Trial) -> Paths:
        """Those of a trial, with knees and ankles that are found from clusters."""
        motion = trial.motion
        names = motion.names()
        points = make_points(motion.time, names, motion.stack(names), AXES)
        points, _ = add_functional_joints(points)
        table, speed = PointTable(points), trial.speed if trial.treadmill else 0.0
        loose = tuple(name for side in SIDES for name in loose_markers(table, side))
        return cls(table, np.outer(motion.time - motion.time[0], [speed, 0.0, 0.0]), loose)

    def clusters(self, side: Side) -> list[str]:
        """Markers on thigh and shank, which stand in where knee and ankle cannot be had."""
        return [name for name in self.table.names() if name.startswith((f"thigh_{side}_", f"shank_{side}_"))]

    def present(self) -> dict[str, FloatArray]:
        """All that the fit uses, m, shape (frames, 3), by name."""
        clusters = [
            name
            for side in SIDES
            if not self.table.has(f"knee_{side}", f"ankle_{side}")
            for name in self.clusters(side)
        ]
        sided = [f"{stem}_{side}" for stem in (*JOINT_STEMS, *MARKER_STEMS) for side in SIDES]
        names = self.table.present((*sided, *MIDLINE, *clusters))
        return {name: self.table[name] + self.travel for name in names if name not in self.loose}


def stretch(trial: Trial, paths: dict[str, FloatArray], height: float, mass: float, steps: range) -> MeasuredStretch:
    """The part of a trial that holds these steps.

    Parameters
    ----------
    trial
        Prepared.
    paths
        Of :meth:`Paths.present`; moved here so that the ground is at height 0.
    height, mass
        m, kg.
    steps
        Numbers of the steps, which follow each other.
    """
    own = trial.steps
    contacts = tuple(
        FittedContact(k, own.names[k], float(own.initial_contact[k]), float(own.toe_off[k]), float(own.transition[k]))
        for k in steps
    )
    ground = np.array([0.0, trial.ground_height, 0.0])
    ground_force = trial.force
    assert ground_force is not None
    speed = trial.speed if trial.treadmill else 0.0
    force_time, force = ground_force.time, ground_force.total / (mass * GRAVITY)
    moved = np.outer(force_time - trial.motion.time[0], [speed, 0.0, 0.0])
    pressure = ground_force.centre_of_pressure + moved - ground
    error = ground_force.error if isinstance(ground_force, EstimatedForce) else None
    placed = {name: path - ground for name, path in paths.items()}
    return MeasuredStretch(
        trial.recording.source, height, mass, trial.runner.sex, contacts, trial.motion.time, placed,
        force_time, force, pressure, error,
    )  # fmt: skip

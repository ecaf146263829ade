"""The cost of one stretch: how far the motion is from what was measured, and how far from the laws it has to obey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.dynamics.ground_force import read
from headway.fit.assembly import Assembly, Normal
from headway.fit.felt import FELT_ERROR, FeltModel, laid_on
from headway.fit.measured import SIDES, MeasuredStretch
from headway.fit.model import GROUND_UNKNOWNS, SOLE_POINTS, FitModel, evaluate
from headway.fit.splines import FreeSplines
from headway.recording import FloatArray
from headway.simulation.effort import ROOT

FORCES = 3 * len(SOLE_POINTS)
LAWS = ROOT + FORCES
"""Equations at an instant that have to hold: of motion, and of the contact."""
JOINT_ERROR, MARKER_ERROR, PELVIS_ERROR = 0.005, 0.007, 0.010
"""Standard errors of joint centres and of markers, soft tissue and the model's simplicity counted, m."""
SHARPEST = 0.03
"""Least factor on these errors: perfect markers are still of a body that is simpler than the runner's."""
FORCE_ERROR = (0.015, 0.03, 0.02)
"""Of plates: forward, up, right, body weights."""
PRESSURE_ERROR = 0.010
"""Of the centre of pressure at body weight, m."""
JERK = {
    "pelvis": 8e3, "lumbar": 8e3, "neck": 1.5e4, "shoulder": 1.5e4, "elbow": 1.5e4, "hip": 2e4, "knee": 3e4, "ankle": 4e4, "toes": 5e4,
}  # fmt: skip
"""Third derivative that counts as one standard error at an instant, rad/s³: some five times what running at 3 to 4 m/s has (RMS)."""
PELVIS_JERK = 1.5e3
"""The same of the pelvis' path, m/s³."""
PASSIVE_ERROR = (4.0, 4.0, 1.0, 1.0)
"""Of the passive moments of toes and neck, N·m."""
FELT_NECK = 0.2
"""Weight of the neck's where a sensor on the head tells how it moves, and nothing how it is held."""
MARGIN = 0.012
"""So long before and after a contact the foot may touch the ground, s: events are found at a threshold."""
MARGIN_TOLD = 0.024
"""The same where contacts are told by motion alone, which sees the first and the last force late and early."""
ESTIMATE_SHARE = 0.15
"""Of the stated error of an estimated force. It is an error of the whole curve, and so are those of the points: the motion's own
accelerations would have too much weight if every instant's error were one of its own. ``benchmarks/body_fit.py`` tries others: hardly any
difference below, a worse force above."""
AIR = 1e-6
"""Force on a foot in the air that counts as one standard error, body weights."""
SOLE_ROOM = (0.5, 0.4, 0.7)
"""Standard errors of the soles' offsets, cm: forward, up, right."""
GROUND_ROOM = {"heel": 0.2, "ball": 0.2, "toe": 0.2, "creep": 0.5, "damping": 0.3}
"""And of the logarithms of what is unknown of the ground."""
DEEPEST, DEPTH_ERROR = 0.013, 0.0003
"""Depth from which the sole costs as if it were measured, m, and one standard error there."""


@dataclass(frozen=True)
class Stage:
    """One round of the homotopy.

    Attributes
    ----------
    softness
        Of the equations of motion, body weights.
    law
        Standard error of the contact law, body weights.
    skin, creep
        Of the ground: depth over which contact begins (m), sliding speed at which friction has reached 71 % of its greatest share (m/s).
    blur
        Factor on the errors of measured forces.
    rounds, close
        Most steps, and the gain below which they end.
    """

    softness: float
    law: float
    skin: float
    creep: float
    blur: float = 1.0
    rounds: int = 15
    close: float = 1e-2

    @property
    def smoothing(self) -> FloatArray:
        """As the model's functions take it."""
        return np.array([self.skin, self.creep])


HARDEST = Stage(1e-5, 1e-5, 0.001, 0.3)
"""Where the homotopy ends."""


class FitProblem:
    """What one stretch asks of a motion.

    Parameters
    ----------
    model, measured, splines
        The body, the recording, the unknown motion.
    """

    def __init__(self, model: FitModel, measured: MeasuredStretch, splines: FreeSplines) -> None:
        self.model, self.measured, self.splines = model, measured, splines
        self.nodes = nodes = splines.nodes
        self.names = tuple(name for name in measured.paths if name in model.equations.points)
        target = np.stack([measured.at(name, nodes) for name in self.names], axis=1).reshape(len(nodes), -1)
        self.seen = np.isfinite(target) / self._errors()
        self.target = np.nan_to_num(target)
        self.points = model.points(self.names)
        self.felt = FeltModel(model, tuple(measured.felt)) if measured.felt else None
        self._feel()
        self.forces, self.force_weight = self._forces()
        margin = MARGIN if measured.force_error is None else MARGIN_TOLD
        feet = [
            np.any([one.during(nodes, margin) for one in measured.contacts if one.side == side], axis=0)
            for side in SIDES
        ]
        self.standing = np.repeat(
            np.stack([np.broadcast_to(foot, len(nodes)) for foot in feet], axis=1), FORCES // 2, axis=1
        )
        head = any(name.startswith("head") for name in self.names)
        hangs = 0.0 if head else FELT_NECK if "head" in measured.felt else 1.0
        self.passive_weight = np.array([1.0, 1.0, hangs, hangs]) / PASSIVE_ERROR
        self.stiff = np.array([
            1 / (PELVIS_JERK if one.kind == "slide" else JERK[one.name.split("_")[0]]) for one in model.skeleton.coordinates
        ])  # fmt: skip
        self.prior = 1 / np.concatenate(
            [np.tile(SOLE_ROOM, len(SOLE_POINTS)), [GROUND_ROOM[name] for name in GROUND_UNKNOWNS]]
        )
        self.whole = Assembly(splines, model.unknown, FORCES, self.stiff)
        self.bare = Assembly(splines, model.unknown, 0, self.stiff)

    def _errors(self) -> FloatArray:
        """Standard errors of the points, m, shape (3 * points,)."""
        told = self.measured.errors
        if told is None:
            return np.repeat([point_error(name) for name in self.names], 3)
        return np.array([axis.total for name in self.names for axis in told[name]])

    def _forces(self) -> tuple[FloatArray, FloatArray]:
        """Measured forces (6) and moments of pressure (4) at the nodes, and one over their errors, shape (nodes, 10)."""
        nodes, measured = self.nodes, self.measured
        force = [measured.foot_force(side, nodes) for side in SIDES]
        pressure = [measured.foot_pressure(side, nodes)[:, [0, 2]] for side in SIDES]
        every = np.hstack([*force, *(f[:, 1:2] * p for f, p in zip(force, pressure, strict=True))])
        errors = np.array([*FORCE_ERROR, *FORCE_ERROR, *(PRESSURE_ERROR,) * 4])
        spread = np.tile(errors, (len(nodes), 1))
        if measured.force_error is not None:
            known = ESTIMATE_SHARE * np.nan_to_num(read(measured.force_time, measured.force_error, nodes))
            spread[:, :6] = np.hypot(spread[:, :6], np.tile(known, (1, 2)))
        return np.nan_to_num(every), np.isfinite(every) / spread

    def sharpen(self, x: FloatArray) -> None:
        """Take the errors of markers for smaller where a motion comes nearer to them than the usual errors have it."""
        if self.measured.errors is not None:
            return
        residual = self._points(x)[0][self.seen > 0]
        self.seen = self.seen / np.clip(np.sqrt((residual**2).mean()), SHARPEST, 1.0)

    def align(self, x: FloatArray) -> None:
        """Lay the sensors' clock to a motion."""
        if self.felt is not None:
            found, _ = evaluate(self.felt.function, *self.bare.motion_of(x))
            self.measured = laid_on(self.measured, self.felt, found, self.nodes)
            self._feel()

    def _feel(self) -> None:
        """What the sensors felt at the nodes, and one over its error."""
        if self.felt is not None:
            wanted = self.felt.wanted(self.measured, self.nodes)
            self.felt_target, self.felt_weight = np.nan_to_num(wanted), np.isfinite(wanted) / FELT_ERROR

    def feels(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """By how much the sensors are missed, in standard errors, shape (nodes, 3 * places), and its slope by q, v and a."""
        assert self.felt is not None
        rates, slope = evaluate(self.felt.function, *self.bare.motion_of(x))
        return (rates - self.felt_target) * self.felt_weight, slope * self.felt_weight[..., None]

    def soles(self, x: FloatArray) -> FloatArray:
        """Unknowns of the soles."""
        return x[self.bare.motion : self.bare.shared]

    def sole_force(self, x: FloatArray) -> FloatArray:
        """Force on every place of the soles, body weights, shape (nodes, FORCES)."""
        return x[self.bare.shared :].reshape(-1, FORCES)

    def begun(self, x: FloatArray) -> FloatArray:
        """The unknowns of a motion with forces to begin with: the measured ones, on the places under the foot that are lowest."""
        force = np.zeros((len(self.nodes), len(SIDES), 3, 3))
        q = self.whole.motion_of(x)[0]
        heights = evaluate(self.model.heights(), q, self.soles(x))[0].reshape(len(q), len(SIDES), 3)
        share = np.exp(-heights / 0.005)
        share /= share.sum(-1, keepdims=True)
        force[:] = share[..., None] * self.forces[:, :6].reshape(len(q), len(SIDES), 1, 3)
        return np.concatenate([x[: self.bare.shared], force.ravel()])

    def kinematic(self, x: FloatArray) -> Normal:
        """Points and smoothness alone."""
        a, n = self.bare, self.splines.coordinates
        residual, slope = self._points(x)
        m = 3 * n + a.common
        local, matrix = np.zeros((len(residual), m)), np.zeros((len(residual), m, m))
        local[:, :n] = np.einsum("nij,ni->nj", slope, residual)
        matrix[:, :n, :n] = slope.transpose(0, 2, 1) @ slope
        cost, alone = self._alone(x)
        return Normal(a, cost + float((residual**2).sum()) / 2, local, matrix, alone)

    def dynamic(
        self, x: FloatArray, multipliers: FloatArray, stage: Stage, *, laws_alone: bool = False
    ) -> tuple[Normal, FloatArray]:
        """All of it, the laws as softly as the stage has them; and by how much the laws are missed, shape (nodes, LAWS).

        ``laws_alone`` takes all but the laws for met: a step then mends these and changes the rest as little as can be.
        """
        a, n = self.whole, self.splines.coordinates
        q, v, acceleration = a.motion_of(x)
        self._force_now = self.sole_force(x)
        arguments = (q, v, acceleration, self.soles(x), self.sole_force(x), stage.smoothing)
        values, slope = evaluate(self.model.dynamics, *arguments)
        count = len(q)
        self._lifted(values, slope)
        hard = self.hardness(stage)
        weight = np.hstack([
            hard, self.force_weight / stage.blur, np.tile(self.passive_weight, (count, 1)),
            (self.standing[:, ::3] & (values[:, -len(SOLE_POINTS) :] < -DEEPEST)) / DEPTH_ERROR,
        ])  # fmt: skip
        push = -multipliers / hard**2
        target = np.hstack(
            [push, self.forces, np.zeros((count, len(PASSIVE_ERROR))), np.full((count, len(SOLE_POINTS)), -DEEPEST)]
        )
        residual = (values - target) * weight
        apart, steep = self._points(x)
        cost, alone = self._alone(x)
        if laws_alone:
            residual[:, LAWS:], apart, alone = 0.0, np.zeros_like(apart), (np.zeros_like(alone[0]), alone[1])
        slope = slope * weight[..., None]
        matrix = slope.transpose(0, 2, 1) @ slope
        local = np.einsum("nij,ni->nj", slope, residual)
        local[:, :n] += np.einsum("nij,ni->nj", steep, apart)
        matrix[:, :n, :n] += steep.transpose(0, 2, 1) @ steep
        cost += float((residual**2).sum() + (apart**2).sum()) / 2
        if self.felt is not None:
            missed, bent = self.feels(x)
            missed = np.zeros_like(missed) if laws_alone else missed
            local[:, : 3 * n] += np.einsum("nij,ni->nj", bent, missed)
            matrix[:, : 3 * n, : 3 * n] += bent.transpose(0, 2, 1) @ bent
            cost += float((missed**2).sum()) / 2
        normal = Normal(a, cost, local, matrix, alone)
        normal.violation = float(np.abs(values[:, :ROOT]).max())
        return normal, values[:, :LAWS]

    def hardness(self, stage: Stage) -> FloatArray:
        """One over the standard errors of the laws, shape (nodes, LAWS); of a foot in the air the force itself has to vanish."""
        hard = np.tile(np.repeat([1 / stage.softness, 1 / stage.law], [ROOT, FORCES]), (len(self.nodes), 1))
        hard[:, ROOT:][~self.standing] = 1 / AIR
        return hard

    def _lifted(self, values: FloatArray, slope: FloatArray) -> None:
        """Put the force itself in place of the contact law where a foot is in the air."""
        force = slice(-FORCES, None)
        places = np.eye(FORCES)
        laws, by = values[:, ROOT:LAWS], slope[:, ROOT:LAWS]
        laws[~self.standing] = self._force_now[~self.standing]
        by[~self.standing] = 0.0
        by[..., force] = np.where(self.standing[..., None], by[..., force], places)

    def _points(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        places, slope = evaluate(self.points, self.bare.motion_of(x)[0])
        return (places - self.target) * self.seen, slope * self.seen[..., None]

    def _alone(self, x: FloatArray) -> tuple[float, tuple[FloatArray, FloatArray]]:
        """Cost and gradient of smoothness and of the soles' unknowns, and the diagonal of the latter's matrix."""
        a, soles = self.bare, self.soles(x) * self.prior
        bent = a.bent(x)
        gradient = np.concatenate([bent, soles * self.prior])
        return float(x[: a.motion] @ bent + (soles**2).sum()) / 2, (gradient, self.prior**2)


def point_error(name: str) -> float:
    """Standard error of a point, m."""
    stem = name.removesuffix("_left").removesuffix("_right")
    if stem in ("asis", "psis", "sacrum"):
        return PELVIS_ERROR
    return MARKER_ERROR if stem in ("heel", "toe", "mt1", "mt5") else JOINT_ERROR

"""True instants and windows of every step, and dense samples of the analytic motion between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.integrate import simpson
from scipy.optimize import brentq

from headway.recording import GRAVITY, FloatArray, Side
from headway.synthetic.jets import Jet
from headway.synthetic.markers import all_points
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.skeleton import SyntheticSkeleton

LOADED = 100.0
"""Vertical force above which the line of the ground force counts, N."""


class InstantWindow:
    """Everything about the runner over an interval, densely sampled; both ends belong to it.

    Parameters
    ----------
    runner
        Who runs.
    start, stop
        s.
    rate
        At least so many samples per second.
    orders
        3 with velocities and accelerations, 1 for positions alone.
    """

    def __init__(self, runner: SyntheticRunner, start: float, stop: float, rate: float, orders: int = 3) -> None:
        self.runner, self.start, self.stop, self.orders = runner, start, stop, orders
        half = max(round((stop - start) * rate / 2), 20)
        self.time = np.linspace(start, stop, 2 * half + 1)

    @cached_property
    def points(self) -> dict[str, Jet]:
        """Joint centres and markers with derivatives."""
        skeleton, joints = self._skeleton
        return all_points(self.runner.plan, skeleton.pose, joints)

    @cached_property
    def segments(self) -> dict[str, Jet]:
        """Centres of mass of the segments."""
        skeleton, joints = self._skeleton
        return skeleton.segments(joints)

    @cached_property
    def head(self) -> Jet:
        """Rotation of the head."""
        return self._skeleton[0].pose.head

    @cached_property
    def _skeleton(self) -> tuple[SyntheticSkeleton, dict[str, Jet]]:
        return self.runner.skeleton(self.time, self.orders)

    @cached_property
    def com(self) -> Jet:
        """Centre of mass."""
        return self.runner.centre_of_mass(self.time, self.orders)

    @cached_property
    def force(self) -> FloatArray:
        """Ground force, N, shape (n, 3)."""
        return self.runner.force(self.time)

    @cached_property
    def pressure(self) -> FloatArray:
        """Centre of pressure, m, shape (n, 3)."""
        return self.runner.pressure(self.time)

    def integral(self, values: FloatArray) -> float:
        """Time integral by Simpson's rule."""
        return float(simpson(values, x=self.time))

    def mean(self, values: FloatArray) -> float:
        """Mean over time."""
        return self.integral(values) / (self.stop - self.start)

    def weighted(self, values: FloatArray, weight: FloatArray) -> float:
        """Mean over time weighted with ``weight``; samples without a value count nothing."""
        known = np.isfinite(values)
        used = np.where(known, weight, 0.0)
        return self.integral(np.where(known, values, 0.0) * used) / self.integral(used)

    def position(self, name: str) -> FloatArray:
        """Position of a point or of ``com``, m, shape (n, 3)."""
        return self.com.value if name == "com" else self.points[name].value


@dataclass(frozen=True)
class Step:
    """True instants of one step, s.

    Attributes
    ----------
    number, sign
        Step number; +1 right, -1 left.
    initial_contact, toe_off, midstance
        Stance: where the force leaves zero and returns to it.
    next_contact, next_same
        Following contacts of the other and of this foot.
    peak
        Greatest vertical force in 20-70 % of stance.
    transition
        Last passage of the forward force from - to + in 20-80 % of stance.
    support
        Longest interval of stance with a vertical force above body weight.
    """

    number: int
    sign: float
    initial_contact: float
    toe_off: float
    midstance: float
    next_contact: float
    next_same: float
    peak: float
    transition: float
    support: tuple[float, float]

    @property
    def side(self) -> Side:
        """Foot."""
        return "right" if self.sign > 0 else "left"

    @property
    def contact_time(self) -> float:
        """Toe-off minus initial contact, s."""
        return self.toe_off - self.initial_contact

    def at(self, share: float) -> float:
        """Instant at a share of stance, s."""
        return self.initial_contact + share * self.contact_time


def true_step(runner: SyntheticRunner, number: int) -> Step:
    """Find the instants of one step by root finding on the analytic force."""
    stances = runner.ground.stances([number, number + 1, number + 2])
    start, stop = float(stances.initial_contact[0]), float(stances.toe_off[0])
    length = stop - start
    weight = runner.parameters.mass * GRAVITY

    def forward(time: float) -> float:
        return float(runner.force([time])[0, 0])

    def rise(time: float) -> float:
        return float(runner.ground.slope([time])[0, 1])

    def excess(time: float) -> float:
        return float(runner.force([time])[0, 1]) - weight

    coarse = start + length * np.linspace(0.2, 0.8, 601)
    fore, up = runner.force(coarse)[:, 0], runner.force(coarse)[:, 1]
    turn = int(np.flatnonzero((fore[:-1] < 0) & (fore[1:] >= 0))[-1])
    top = int(np.argmax(np.where(coarse <= start + 0.7 * length, up, 0.0)))
    peak = float(coarse[top])
    if 0 < top < len(coarse) - 1:
        peak = _root(rise, coarse[top - 1], coarse[top + 1])
    return Step(
        number,
        float(stances.side[0]),
        start,
        stop,
        (start + stop) / 2,
        float(stances.initial_contact[1]),
        float(stances.initial_contact[2]),
        peak,
        _root(forward, coarse[turn], coarse[turn + 1]),
        (_root(excess, start, peak), _root(excess, peak, stop)),
    )


def _root(function: object, low: float, high: float) -> float:
    return float(brentq(function, float(low), float(high), xtol=1e-14))  # type: ignore[arg-type]

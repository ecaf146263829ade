"""The ground force, prescribed, and the path of the centre of mass that follows from it by exact integration.

In each stance of duration c every component is a sum of three sines, a1 sin(pi u) + a2 sin(2 pi u) + a3 sin(3 pi u) with u = 0 at
initial contact and 1 at toe-off; in flight it is exactly zero. It leaves zero with a finite slope, so that a threshold of 20 N
is crossed about 1 ms after the true contact. Odd terms carry the impulse, even terms the moment about midstance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.recording import GRAVITY, FloatArray
from headway.synthetic.jets import Jet
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.variability import Variability

HARMONICS = np.array([1.0, 2.0, 3.0])
FORWARD, UP, RIGHT = 0, 1, 2


@dataclass(frozen=True)
class Stances:
    """The stance of each step asked for.

    Attributes
    ----------
    step
        Step number: even steps are right, odd ones left.
    side
        +1 right, -1 left.
    middle
        Midstance, s.
    contact_time
        s.
    """

    step: npt.NDArray[np.intp]
    side: FloatArray
    middle: FloatArray
    contact_time: FloatArray

    @property
    def initial_contact(self) -> FloatArray:
        """Start of stance, s."""
        return self.middle - self.contact_time / 2

    @property
    def toe_off(self) -> FloatArray:
        """End of stance, s."""
        return self.middle + self.contact_time / 2


class GroundForce:
    """Ground force on the runner and path of the centre of mass, in forward, up, right.

    Parameters
    ----------
    parameters
        The runner.
    variability
        Step-to-step deviations.
    """

    def __init__(self, parameters: RunnerParameters, variability: Variability) -> None:
        self.parameters, self.variability = parameters, variability
        self.first_midstance = parameters.contact_time / 2

    def stances(self, step: npt.ArrayLike) -> Stances:
        """Timing of the given steps; midstances are evenly spaced, contact times may vary about them."""
        p = self.parameters
        index = np.asarray(step, dtype=np.intp)
        side = np.where(index % 2 == 0, 1.0, -1.0)
        nominal = np.where(side > 0, p.contact(1), p.contact(-1))
        factor = np.clip(1.0 + self.variability.of_step("contact_time", index), 0.7, 1.3)
        duration = np.minimum(nominal * factor, 0.98 * p.step_time)
        middle = np.asarray(self.first_midstance + index * p.step_time, float)
        return Stances(index, side, middle, duration)

    def step_at(self, time: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Number of the step whose midstance is nearest."""
        return np.floor((np.asarray(time) - self.first_midstance) / self.parameters.step_time + 0.5).astype(np.intp)

    @cached_property
    def nominal(self) -> FloatArray:
        """Sine coefficients of a right stance of nominal duration, N, shape (axes, harmonics)."""
        p = self.parameters
        weight, c = p.mass * GRAVITY, p.contact_time
        first = weight * p.step_time * np.pi / (2 * c * (1 - p.force_peakedness / 3))
        vertical = first * np.array([1.0, p.force_skew, -p.force_peakedness])
        u = np.pi * p.braking_share
        odd = np.sin(2 * u) / (np.sin(u) - 3 * np.sin(3 * u))
        shape = np.array([odd, -1.0, -3 * odd])
        # impulse of the unit shape up to the turn from braking to push-off
        turn = float(shape @ (c / (np.pi * HARMONICS) * (1 - np.cos(HARMONICS * u))))
        forward = shape * (p.braking_impulse * weight / -turn)
        return np.stack([forward, vertical, self._lateral()])

    def _lateral(self) -> FloatArray:
        """Coefficients that give the centre of mass the lateral path asked for at stride frequency."""
        p = self.parameters
        c, omega = p.contact_time, 2 * np.pi / p.stride_time
        low, high = np.pi / c - omega, np.pi / c + omega
        even = np.sin(low * c / 2) / low + np.sin(high * c / 2) / high
        low, high = 2 * np.pi / c - omega, 2 * np.pi / c + omega
        odd = np.sin(low * c / 2) / low - np.sin(high * c / 2) / high
        size = omega**2 * p.com_lateral.amplitude * p.mass * p.stride_time / 4
        phase = np.radians(p.com_lateral.phase)
        return np.array([-size * np.cos(phase) / even, size * np.sin(phase) / odd, 0.0])

    def coefficients(self, stances: Stances) -> FloatArray:
        """Sine coefficients of each stance, N, shape (n, axes, harmonics).

        Longer stances have lower forces, such that every step starts and ends in the same state of the centre of mass.
        """
        ratio = self.parameters.contact_time / stances.contact_time
        scale = np.stack([ratio, ratio**2, ratio], axis=-1)
        out = self.nominal * scale[:, None, :]
        out[:, RIGHT] *= stances.side[:, None]
        return out

    def force(self, time: npt.ArrayLike) -> FloatArray:
        """Ground force on the runner, N, shape (n, 3); exactly zero in flight."""
        t = np.asarray(time, float)
        stances = self.stances(self.step_at(t))
        u = (t - stances.initial_contact) / stances.contact_time
        waves = np.sin(np.pi * HARMONICS * np.clip(u, 0.0, 1.0)[:, None])
        waves[(u <= 0) | (u >= 1)] = 0.0
        return np.einsum("nah,nh->na", self.coefficients(stances), waves)

    def slope(self, time: npt.ArrayLike) -> FloatArray:
        """Time derivative of the force, N/s, shape (n, 3)."""
        t = np.asarray(time, float)
        stances = self.stances(self.step_at(t))
        u = (t - stances.initial_contact) / stances.contact_time
        waves = np.pi * HARMONICS * np.cos(np.pi * HARMONICS * u[:, None]) / stances.contact_time[:, None]
        waves[(u <= 0) | (u >= 1)] = 0.0
        return np.einsum("nah,nh->na", self.coefficients(stances), waves)

    def centre_of_mass(self, time: Jet) -> Jet:
        """Path of the centre of mass in the frame that moves with the mean speed, m, shape (n, 3); mean height 0.

        Parameters
        ----------
        time
            s, shape (n,); a jet of unit rate, delayed if wished.
        """
        t = time.value
        p = self.parameters
        stances = self.stances(self.step_at(t))
        start = self._start
        since = t - (stances.middle - p.step_time / 2)
        velocity, position = self._integrals(stances, t)
        origin = np.where(stances.side[:, None] > 0, start[0], start[0] * [1.0, 1.0, -1.0])
        speed = np.where(stances.side[:, None] > 0, start[1], start[1] * [1.0, 1.0, -1.0])
        gravity = np.array([0.0, -GRAVITY, 0.0])
        orders = [
            origin + speed * since[:, None] + position / p.mass + gravity * since[:, None] ** 2 / 2,
            speed + velocity / p.mass + gravity * since[:, None],
            self.force(t) / p.mass + gravity,
        ]
        return Jet(np.stack(orders[: time.orders]))

    def _integrals(self, stances: Stances, time: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second time integral of the force since the start of the step, N·s and N·s², shape (n, 3) each."""
        c = stances.contact_time[:, None]
        u = (time - stances.initial_contact) / stances.contact_time
        inside = np.clip(u, 0.0, 1.0)[:, None]
        k = np.pi * HARMONICS
        coefficients = self.coefficients(stances)
        first = np.einsum("nah,nh->na", coefficients, c / k * (1 - np.cos(k * inside)))
        second = np.einsum("nah,nh->na", coefficients, c**2 / k * (inside - np.sin(k * inside) / k))
        after = np.clip(u - 1.0, 0.0, None)[:, None] * c
        return first, second + first * after

    @cached_property
    def _start(self) -> tuple[FloatArray, FloatArray]:
        """Position and velocity at the start of a right step that make the path periodic, with mean height and mean place 0."""
        p = self.parameters
        middle, step_time = self.first_midstance, p.step_time

        def integrals(times: FloatArray) -> tuple[FloatArray, FloatArray]:
            n = len(times)
            right = Stances(np.zeros(n, np.intp), np.ones(n), np.full(n, middle), np.full(n, p.contact_time))
            return self._integrals(right, times)

        (impulse,), (travel,) = integrals(np.array([middle + step_time / 2]))
        velocity = step_time * np.array([0.0, GRAVITY / 2, 0.0]) - travel / (p.mass * step_time)
        velocity[RIGHT] = -impulse[RIGHT] / (2 * p.mass)
        position = np.zeros(3)
        position[RIGHT] = -(velocity[RIGHT] * step_time + travel[RIGHT] / p.mass) / 2
        nodes, weights = np.polynomial.legendre.leggauss(24)
        edges = np.array([-step_time, -p.contact_time, p.contact_time, step_time]) / 2
        mean = np.zeros(3)
        for a, b in pairwise(edges):
            local = (a + b) / 2 + (b - a) / 2 * nodes
            since = (local + step_time / 2)[:, None]
            path = (
                velocity * since + integrals(middle + local)[1] / p.mass - np.array([0.0, GRAVITY / 2, 0.0]) * since**2
            )
            mean += (b - a) / 2 * weights @ path / step_time
        position[[FORWARD, UP]] -= mean[[FORWARD, UP]]
        return position, velocity

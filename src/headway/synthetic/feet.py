"""The feet: flat on the ground, rolling over the forefoot without slipping, swinging to the next print; and the centre of pressure.

All in the frame that moves with the mean speed: the ground goes backward under the runner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import BSpline, make_interp_spline

from headway.body.body_plan import BodyPlan
from headway.recording import FloatArray, Side
from headway.synthetic import jets
from headway.synthetic.force import GroundForce
from headway.synthetic.jets import Jet
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.variability import smooth_step

SWING = (0.0, 0.2, 0.4, 0.6, 0.75, 0.9)
"""Shares of swing at which the leg of the flying foot is prescribed."""
THIGH = (-13.9, 14.2, 40.2, 45.4)
KNEE = (52.9, 97.9, 92.9, 59.6)
PITCH = (97.9, 95.2, 60.0, 32.6, 23.7)
"""Thigh angle to the vertical, knee flexion and foot pitch (sole turned backward +) at the inner shares of swing, deg."""
REACH, RETRACTION = 0.979, 0.386
"""Length of the leg when the foot is farthest forward, share of the stretched leg; and how far beyond the place of landing it is
then, share of the way the ground makes until landing."""
CLEARANCE = 0.03
"""Least height of the toes at the prescribed places of swing, m at the reference height."""
LANDING = (10.0, 0.319)
"""Foot pitch at initial contact, deg, and share of stance at which the heel is down."""
SLIDE = 0.31
"""Share of the running speed at which the foot still slides forward at contact; over within the first tenth of stance."""
PRESSURE_BACK = 0.05
"""How far the centre of pressure goes behind the ball while the foot is flat, m at the reference height."""
PRESSURE_OUT = 0.008
"""Centre of pressure at initial contact, from the middle of the foot to its outer side, m at the reference height."""


@dataclass(frozen=True)
class Foot:
    """One foot.

    Parameters
    ----------
    plan, parameters, force
        Body, runner and timing.
    side
        ``right`` or ``left``.
    ahead
        Place of the ball at midstance, m ahead of the mean centre of mass.
    hips
        Mean forward and up place of the hips, m: the leg in swing is prescribed from there.
    """

    plan: BodyPlan
    parameters: RunnerParameters
    force: GroundForce
    side: Side
    ahead: float = 0.0
    hips: tuple[float, float] = (0.0, 0.9)

    @property
    def sign(self) -> int:
        """+1 right, -1 left."""
        return 1 if self.side == "right" else -1

    @property
    def contact_time(self) -> float:
        """Nominal contact time of this side, s."""
        return self.parameters.contact(self.sign)

    @property
    def heel_down(self) -> float:
        """End of the landing, s after midstance."""
        return (LANDING[1] - 0.5) * self.contact_time

    @property
    def heel_off(self) -> float:
        """Start of the roll, s after midstance."""
        return (self.parameters.heel_rise[0] - 0.5) * self.contact_time

    def cycle(self, time: Jet) -> tuple[Jet, np.ndarray]:
        """Time since the midstance of the running cycle, from initial contact to the next one, and the number of that stance's step."""
        first = self.force.first_midstance + (0.0 if self.sign > 0 else self.parameters.step_time)
        stride = self.parameters.stride_time
        number = np.floor((time.value - first + self.contact_time / 2) / stride).astype(int)
        return time - (first + number * stride), 2 * number + (0 if self.sign > 0 else 1)

    @cached_property
    def _pitch(self) -> BSpline:
        """Pitch of the foot (heel up +) from heel-off to the next initial contact, rad."""
        toe_off, swing = self._swing_times()
        knots = [self.heel_off, toe_off, *(toe_off + np.array(SWING[1:]) * swing), toe_off + swing]
        angles = np.radians([0.0, self.parameters.heel_rise[1], *PITCH, LANDING[0]])
        landing = self._landing(jets.moment([-toe_off], 3)).d[:, 0]
        return _spline(knots, angles, (0.0, 0.0), (landing[1], landing[2]))

    def _landing(self, since: Jet) -> Jet:
        """Pitch while the heel comes down."""
        left = self._left(since)
        return left * left * left * np.radians(LANDING[0])

    def _left(self, since: Jet) -> Jet:
        """Share of the landing that is still to come: 1 at initial contact, 0 from heel-down on."""
        left = (self.heel_down - since) / (self.heel_down + self.contact_time / 2)
        return Jet(np.where(left.value > 0, left.d, 0.0))

    def _swing_times(self) -> tuple[float, float]:
        return self.contact_time / 2, self.parameters.stride_time - self.contact_time

    @cached_property
    def _path(self) -> tuple[BSpline, BSpline]:
        """Forward and upward path of the ankle in swing, m; joins the stance foot to the second derivative."""
        toe_off, swing = self._swing_times()
        start = self._grounded(jets.moment([toe_off], 3), self._roll(jets.moment([toe_off], 3)))[0]
        early = jets.moment([-toe_off], 3)
        stop = self._grounded(early, self._roll(early))[0]
        first = self.force.first_midstance + (0.0 if self.sign > 0 else self.parameters.step_time)
        at = jets.moment(first + toe_off + np.array(SWING[1:]) * swing, 1)
        height = self.hips[1] + 1.1 * self.force.centre_of_mass(at).value[:, 1]
        vigour = np.clip(0.75 + 0.25 * self.parameters.speed / 3.5, 0.75, 1.15)
        thigh, shank = np.radians(THIGH) * vigour, (np.radians(THIGH) - np.radians(KNEE)) * vigour
        ahead = self.plan.thigh * np.sin(thigh) + self.plan.shank * np.sin(shank)
        below = self.plan.thigh * np.cos(thigh) + self.plan.shank * np.cos(shank)
        # the last place is that of the foot farthest forward, before it is drawn back to meet the ground
        farthest = stop.value[0, 0] + RETRACTION * self.parameters.speed * swing * (1 - SWING[-1]) - self.hips[0]
        leg = REACH * (self.plan.thigh + self.plan.shank)
        ahead, below = (
            np.append(ahead, farthest),
            np.append(below, np.sqrt(max(leg**2 - farthest**2, (0.5 * leg) ** 2))),
        )
        pitch, toe = np.radians(PITCH), self.plan.foot[f"toe_{self.side}"] - self.plan.foot[f"ankle_{self.side}"]
        clear = CLEARANCE * self.plan.scale + toe[0] * np.sin(pitch) - toe[1] * np.cos(pitch)
        forward, up = self.hips[0] + ahead, np.maximum(height - below, clear)
        knots = [*(toe_off + np.array(SWING) * swing), toe_off + swing]
        x, y = (
            _spline(knots, [start.d[0, 0, k], *inner, stop.d[0, 0, k]], start.d[1:, 0, k], stop.d[1:, 0, k])
            for k, inner in enumerate((forward, up))
        )
        return x, y

    def _roll(self, since: Jet) -> Jet:
        """Pitch of the foot, zero while flat."""
        return self._landing(since) + _evaluate(self._pitch, since, since.value > self.heel_off)

    def _grounded(self, since: Jet, pitch: Jet) -> tuple[Jet, Jet]:
        """Ankle (n, 2: forward, up) and centre of pressure (n,) of a foot that rolls without slipping."""
        radius = self.plan.rocker
        left = self._left(since)
        slide = SLIDE * self.parameters.speed * (self.heel_down + self.contact_time / 2) / 5
        contact = (
            since * -self.parameters.speed - left * left * left * left * left * slide + pitch * radius + self.ahead
        )
        arm = self.plan.foot[f"ankle_{self.side}"][:2] - [0.0, radius]
        c, s = jets.cos(pitch), jets.sin(pitch)
        return jets.stack(contact + c * arm[0] + s * arm[1], c * arm[1] - s * arm[0] + radius), contact

    def place(self, time: Jet) -> tuple[Jet, Jet]:
        """Rotation of the foot (n, 3, 3) and the place of its ball on the sole (n, 3), m."""
        since, step = self.cycle(time)
        pitch = self._roll(since)
        grounded, _ = self._grounded(since, pitch)
        flying = since.value > self.contact_time / 2
        path = [_evaluate(spline, since, flying).d for spline in self._path]
        ankle = Jet(np.where(flying[:, None], np.stack(path, axis=-1), grounded.d))
        rotation = jets.about(2, -pitch)
        centre = jets.stack(ankle[..., 0], ankle[..., 1], self._lateral(since, step))
        return rotation, centre - jets.turn(rotation, self.plan.foot[f"ankle_{self.side}"])

    def _lateral(self, since: Jet, step: np.ndarray) -> Jet:
        toe_off, swing = self._swing_times()
        here, there = self.footprint(step), self.footprint(step + 2)
        share = (since - toe_off) / swing
        share = Jet(np.where(share.value > 0, share.d, 0.0))
        return smooth_step(share) * (there - here) + here

    def footprint(self, step: np.ndarray) -> FloatArray:
        """Lateral place of the foot in the given steps, m."""
        return self.sign * (self.parameters.step_width / 2 + self.force.variability.of_step("step_width", step))

    def pressure(self, time: FloatArray) -> FloatArray:
        """Centre of pressure under this foot, m, shape (n, 3): where the foot rolls, behind the ball while it is flat."""
        since, step = self.cycle(jets.moment(time, 1))
        _, contact = self._grounded(since, self._roll(since))
        flat = np.clip((since.value - self.heel_down) / (self.heel_off - self.heel_down), 0.0, 1.0)
        late = np.clip(since.value / self.contact_time + 0.5, 0.0, 1.0)
        forward = contact.value - PRESSURE_BACK * self.plan.scale * np.sin(np.pi * flat) ** 2
        right = self.footprint(step) + self.sign * PRESSURE_OUT * self.plan.scale * (1.0 - late)
        return np.stack([forward, np.zeros_like(forward), right], axis=-1)


def _spline(
    knots: list[float],
    values: list[float] | FloatArray,
    start: Sequence[float] | FloatArray,
    stop: Sequence[float] | FloatArray,
) -> BSpline:
    """Quintic spline with given first and second derivative at both ends."""
    ends = ([(1, start[0]), (2, start[1])], [(1, stop[0]), (2, stop[1])])
    return make_interp_spline(np.asarray(knots), np.asarray(values), k=5, bc_type=ends)


def _evaluate(spline: BSpline, at: Jet, where: np.ndarray) -> Jet:
    """Spline with derivatives at a jet of unit rate; zero where not wanted."""
    out = np.zeros((at.orders, len(where)))
    for order in range(at.orders):
        out[order, where] = spline(at.value[where], nu=order)
    return Jet(out)

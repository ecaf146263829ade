"""The synthetic runner: every point of the body at any time, with exact derivatives, and the ground force that moves it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from headway.body.body_plan import BodyPlan
from headway.errors import OptionError
from headway.recording import FloatArray
from headway.synthetic import jets
from headway.synthetic.feet import Foot
from headway.synthetic.force import GroundForce
from headway.synthetic.jets import Jet
from headway.synthetic.markers import all_points
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.posture import Offsets, Sample, settle
from headway.synthetic.skeleton import SIDE_NAMES, SegmentPose, SyntheticSkeleton
from headway.synthetic.variability import Variability

SETTLING_FRAMES = 160
MID_HIP = (-0.02, -0.088)
"""About where mid-hip is from the centre of mass, m at the reference height: the swing is planned from there."""


class SyntheticRunner:
    """A runner at steady speed whose motion and forces obey Newton's law to rounding.

    Parameters
    ----------
    parameters
        What the runner is like.

    Raises
    ------
    OptionError
        If the legs cannot reach the ground with these parameters.

    Notes
    -----
    Axes forward, up, right; the origin moves with the mean speed on the ground under the mean centre of mass, so that a runner on a
    treadmill stays in place. Time 0 is a right initial contact (of a step of nominal duration without asymmetry). Sum over segments
    of m (a - g) equals the ground force because the hips are placed such that the centre of mass follows its path exactly. The
    angular momentum is not prescribed: the moment of the ground force about the centre of mass averages zero in the sagittal plane
    over a step, but is not that of the segments at every instant.
    """

    def __init__(self, parameters: RunnerParameters | None = None) -> None:
        self.parameters = parameters or RunnerParameters()
        self.plan = BodyPlan(self.parameters.height, self.parameters.sex)
        self.variability = Variability(self.parameters.step_noise)
        self.ground = GroundForce(self.parameters, self.variability)

    @cached_property
    def offsets(self) -> Offsets:
        """Constants of the posture."""
        return _settled(self.parameters.changed(step_noise=StepVariability()))

    def _sample(self, offsets: Offsets) -> Sample:
        time = np.arange(SETTLING_FRAMES) * self.parameters.stride_time / SETTLING_FRAMES
        _, joints = self._solve(jets.moment(time, 1), offsets)
        at = {name: joint.value for name, joint in joints.items()}
        reach = [np.linalg.norm(at[f"hip_{side}"] - at[f"ankle_{side}"], axis=1) for side in SIDE_NAMES]
        stances = self.ground.stances(self.ground.step_at(time))
        arm = (
            np.nan_to_num(self._pressure(time, self._feet(offsets)))
            - self._mass_path(jets.moment(time, 1), offsets).value
        )
        force = self.force(time)
        moment = arm[:, 0] * force[:, 1] - arm[:, 1] * force[:, 0]
        grounded = (time >= stances.initial_contact) & (time <= stances.toe_off)
        longest = (float(np.where(stances.side > 0, *reach)[grounded].max()), float(np.max(reach)))
        return Sample(at["neck_base"], at["head_centre"], at["pelvis_centre"], longest, moment, force[:, 1])

    @cached_property
    def feet(self) -> dict[str, Foot]:
        """Both feet."""
        return self._feet(self.offsets)

    def _feet(self, offsets: Offsets) -> dict[str, Foot]:
        hips = (MID_HIP[0] * self.plan.scale, offsets.height + MID_HIP[1] * self.plan.scale)
        return {side: Foot(self.plan, self.parameters, self.ground, side, offsets.foot, hips) for side in SIDE_NAMES}

    def force(self, time: npt.ArrayLike) -> FloatArray:
        """Ground force on the runner, N, shape (n, 3)."""
        return self.ground.force(time)

    def pressure(self, time: npt.ArrayLike) -> FloatArray:
        """Centre of pressure, m, shape (n, 3); NaN in flight."""
        return self._pressure(np.asarray(time, float), self.feet)

    def _pressure(self, t: FloatArray, feet: dict[str, Foot]) -> FloatArray:
        stances = self.ground.stances(self.ground.step_at(t))
        both = [feet[side].pressure(t) for side in SIDE_NAMES]
        out = np.where((stances.side > 0)[:, None], both[0], both[1])
        flight = (t <= stances.initial_contact) | (t >= stances.toe_off)
        out[flight] = np.nan
        return out

    def centre_of_mass(self, time: npt.ArrayLike, orders: int = 3) -> Jet:
        """Centre of mass with velocity and acceleration, m, shape (n, 3)."""
        return self._mass_path(jets.moment(time, orders), self.offsets)

    def _mass_path(self, time: Jet, offsets: Offsets) -> Jet:
        return self.ground.centre_of_mass(time) + np.array([0.0, offsets.height, 0.0])

    def phase(self, time: Jet) -> Jet:
        """Stride phase, rad: 0 at right, pi at left midstance."""
        return (time - self.ground.first_midstance) * (2 * np.pi / self.parameters.stride_time)

    def pose(self, time: Jet, offsets: Offsets | None = None) -> SegmentPose:
        """All that is prescribed at the given times."""
        p, phase = self.parameters, self.phase(time)
        offsets = offsets or self.offsets
        feet = self.feet if offsets is self.__dict__.get("offsets") else self._feet(offsets)
        thorax = jets.yaw_roll_pitch(
            _wave(p.thorax_yaw, phase), _wave(p.thorax_roll, phase), jets.constant(-np.radians(p.trunk_lean), phase)
        )
        head = jets.yaw_roll_pitch(
            _wave(p.head_yaw, phase), _wave(p.head_roll, phase), _wave(p.head_pitch, phase * 2.0)
        )
        pelvis = jets.yaw_roll_pitch(
            _wave(p.pelvis_yaw, phase), _wave(p.pelvis_list, phase), _wave(p.pelvis_tilt, phase * 2.0)
        )
        return SegmentPose(
            pelvis,
            thorax,
            head,
            self._head_path(time, offsets),
            self._neck_path(time, offsets),
            {side: feet[side].place(time) for side in SIDE_NAMES},
            {side: self._arm(thorax, phase, sign) for side, sign in (("right", 1.0), ("left", -1.0))},
        )

    def _head_path(self, time: Jet, offsets: Offsets) -> Jet:
        p = self.parameters
        body = self.ground.centre_of_mass(time - p.head_lag)
        gain = self.variability.passing("head_gain", self._steps(time)) + 1.0
        nod = jets.cos(self.phase(time) * 2.0 - np.radians(p.head_nod.phase)) * p.head_nod.amplitude + p.head_nod.mean
        return jets.stack(
            body[..., 0] * p.head_forward_gain + nod + offsets.head[0],
            body[..., 1] * gain * p.head_vertical_gain + offsets.head[1],
            self._lateral(p.head_lateral, time),
        )

    def _neck_path(self, time: Jet, offsets: Offsets) -> Jet:
        p = self.parameters
        body = self.ground.centre_of_mass(time - p.neck_base_lag)
        return jets.stack(
            body[..., 0] * p.neck_base_forward_gain + offsets.neck_base, self._lateral(p.neck_base_lateral, time)
        )

    def _steps(self, time: Jet) -> Jet:
        return (time - self.ground.first_midstance) / self.parameters.step_time

    def _lateral(self, wave: Wave, time: Jet) -> Jet:
        phase = self.phase(time)
        size = self.variability.passing("lateral_amplitude", self._steps(time)) + 1.0
        bounce = jets.cos(phase - np.radians(wave.phase)) * wave.amplitude
        return bounce * size + jets.cos(phase * 2.0) * self.parameters.lateral_asymmetry + wave.mean

    def _arm(self, thorax: Jet, phase: Jet, sign: float) -> tuple[Jet, Jet]:
        """Rotation of the upper arm and forearm: swing, a little apart from the body, forearm turned inward."""
        p = self.parameters
        own = phase if sign > 0 else phase - np.pi
        shoulder = jets.chain(thorax, jets.about(0, jets.constant(-sign * np.radians(14.0), phase)))
        upper = jets.chain(shoulder, jets.about(2, _wave(p.arm_swing, own)))
        inward = jets.about(1, jets.constant(sign * np.radians(20.0), phase))
        return upper, jets.chain(jets.chain(upper, inward), jets.about(2, _wave(p.elbow_flexion, own)))

    def skeleton(self, time: npt.ArrayLike, orders: int = 3) -> tuple[SyntheticSkeleton, dict[str, Jet]]:
        """Skeleton and joints at the given times.

        Parameters
        ----------
        time
            s, shape (n,).
        orders
            1 for positions alone, 3 for velocities and accelerations as well.
        """
        return self._solve(jets.moment(time, orders), self.offsets)

    def points(self, time: npt.ArrayLike, orders: int = 3) -> dict[str, Jet]:
        """Every joint centre and marker at the given times, with velocity and acceleration, m, shape (n, 3) each."""
        skeleton, joints = self.skeleton(time, orders)
        return all_points(self.plan, skeleton.pose, joints)

    def positions(self, time: npt.ArrayLike, names: Sequence[str]) -> FloatArray:
        """Named points at the given times, m, shape (n, points, 3)."""
        points = self.points(time, 1)
        return np.stack([points[name].value for name in names], axis=1)

    def _solve(self, time: Jet, offsets: Offsets) -> tuple[SyntheticSkeleton, dict[str, Jet]]:
        skeleton = SyntheticSkeleton(self.plan, self.pose(time, offsets))
        target = self._mass_path(time, offsets)
        guess = target.value + np.array([*MID_HIP, 0.0]) * self.plan.scale
        return skeleton, skeleton.joints(skeleton.hips_for(target, guess))


def _wave(wave: Wave, phase: Jet) -> Jet:
    """Angle in rad from a wave in degrees."""
    return jets.cos(phase - np.radians(wave.phase)) * np.radians(wave.amplitude) + np.radians(wave.mean)


@lru_cache(maxsize=64)
def _settled(parameters: RunnerParameters) -> Offsets:
    """Posture of a runner without noise from step to step; runners that differ in nothing else share it."""
    runner = SyntheticRunner(parameters)
    with np.errstate(invalid="ignore"):
        found = settle(parameters, runner.plan, runner._sample)
        reach = runner._sample(found).reach[1] if found else np.inf
    if found is None or not reach < 0.999 * (runner.plan.thigh + runner.plan.shank):
        raise OptionError(
            "speed",
            f"at {parameters.speed} m/s with {parameters.contact_time} s on the ground the legs are too short",
            "give a lower speed, a shorter contact time or a taller runner",
        )
    return found

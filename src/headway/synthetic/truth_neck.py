"""True force, moment, power and energy at the neck in one step."""

from __future__ import annotations

import numpy as np

from headway.recording import GRAVITY, FloatArray
from headway.synthetic import jets
from headway.synthetic.instants import InstantWindow, Step
from headway.synthetic.jets import Jet
from headway.synthetic.runner import SyntheticRunner

UP = np.array([0.0, 1.0, 0.0])


class Neck:
    """What the trunk does to head and neck over a window, exact.

    Parameters
    ----------
    runner, window
        Who and when.
    """

    def __init__(self, runner: SyntheticRunner, window: InstantWindow) -> None:
        plan = runner.plan
        self.mass = runner.parameters.mass * plan.mass_shares["head"]
        self.rotation = window.head
        self.spin, change = jets.angular_velocity(self.rotation)
        com, base = window.points["head_com"], window.points["neck_base"]
        self.arm = com.value - base.value
        self.force = self.mass * (com.acceleration + GRAVITY * UP)
        axes, moments = plan.head_inertia
        turned = self.rotation.value @ axes
        tensor = (turned * (runner.parameters.mass * moments)) @ np.swapaxes(turned, 1, 2)
        momentum = (tensor @ self.spin[..., None])[..., 0]
        self.moment = (
            (tensor @ change[..., None])[..., 0] + np.cross(self.spin, momentum) + np.cross(self.arm, self.force)
        )
        self.power = (self.force * base.velocity).sum(1) + (self.moment * self.spin).sum(1)
        self.carried_power = (self.force * (com.velocity - np.cross(self.spin, self.arm))).sum(1) + (
            self.moment * self.spin
        ).sum(1)
        self.energy = (
            0.5 * self.mass * (com.velocity**2).sum(1)
            + 0.5 * (self.spin * momentum).sum(1)
            + self.mass * GRAVITY * com.value[:, 1]
        )


def neck(
    runner: SyntheticRunner, step: Step, stance: InstantWindow, push: InstantWindow
) -> dict[str, float | tuple[float, float]]:
    """Measure one step.

    Parameters
    ----------
    runner, step
        Who, and which step.
    stance, push
        Windows from initial contact to toe-off and from the transition to toe-off.
    """
    whole, late = Neck(runner, stance), Neck(runner, push)
    weight = late.mass * GRAVITY
    axis = whole.arm / _length(whole.arm)[:, None]
    axial = (whole.force * axis).sum(1)
    shear = _length(whole.force - axial[:, None] * axis)
    size, lever, moment = _length(late.force), _length(late.arm), _length(late.moment)
    upright = late.rotation.value[:, :, 1]
    angle = np.arctan2(_length(np.cross(upright, late.force)), (upright * late.force).sum(1))
    tilt = np.arctan2(late.force[:, 0], late.force[:, 1]) - np.arctan2(upright[:, 0], upright[:, 1])
    relative = late.spin - jets.angular_velocity(_thorax(push))[0]
    body = _body_energy(runner, push) + late.energy
    return {
        "neck_force_peak": float(whole.force[:, 1].max()) / weight,
        "neck_axial_force_peak": float(axial.max()) / weight,
        "neck_shear_force_peak": float(shear.max()) / weight,
        "push_through_angle": push.weighted(angle, size),
        "push_through_angle_sagittal": push.weighted(tilt, size),
        "neck_moment_ratio": push.weighted(moment / (weight * lever), size),
        "neck_moment_arm_ratio": push.weighted(moment / (size * lever), size),
        "neck_work_positive": push.integral(np.clip(late.power, 0.0, None)),
        "neck_work_negative": push.integral(np.clip(late.power, None, 0.0)),
        "neck_joint_power": push.mean((late.moment * relative).sum(1)),
        "head_energy_share": (float(late.energy[-1] - late.energy[0]), float(body[-1] - body[0])),
    }


def _length(vectors: FloatArray) -> FloatArray:
    return np.linalg.norm(vectors, axis=1)


def _thorax(window: InstantWindow) -> Jet:
    """Attitude of the thorax: long axis from mid-hip to neck base, across from shoulder to shoulder."""
    points = window.points
    up = jets.unit(points["neck_base"] - points["mid_hip"])
    across = points["shoulder_right"] - points["shoulder_left"]
    right = jets.unit(across - up * jets.dot(across, up)[..., None])
    return jets.frame(jets.cross(up, right), up, right)


def _body_energy(runner: SyntheticRunner, window: InstantWindow) -> FloatArray:
    """Energy of all segments but the head as points, in the frame that moves with the mean speed, J."""
    total = np.zeros(len(window.time))
    for name, path in window.segments.items():
        if name != "head":
            mass = runner.parameters.mass * runner.plan.mass_shares[name]
            total += mass * (0.5 * (path.velocity**2).sum(1) + GRAVITY * path.value[:, 1])
    return total

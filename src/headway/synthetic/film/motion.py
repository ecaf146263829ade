"""How a drawn body moves: joint centres, turns of head, pelvis and feet, and the true contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from headway.gait.contacts import Contact
from headway.recording import FloatArray
from headway.synthetic.runner import SyntheticRunner

JOINTS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
SIDES = ("left", "right")
MIDDLE = ("mid_hip", "neck_base", "vertex")


@dataclass(frozen=True)
class BodyPose:
    """A body at some times.

    Attributes
    ----------
    points
        ``hip_left`` ... ``wrist_right``, ``mid_hip``, ``neck_base``, ``vertex``, and ``ball_left``, ``ball_right`` on the sole; m, shape (n, 3) each.
    turns
        Rotations of ``pelvis``, ``head``, ``foot_left`` and ``foot_right``, shape (n, 3, 3).
    """

    points: dict[str, FloatArray]
    turns: dict[str, FloatArray]


class FilmMotion(Protocol):
    """A run that can be drawn.

    Attributes
    ----------
    name
        Of the person, so that people can be left out of a fit.
    height, speed
        m, m/s.
    foot_scale
        Length of the foot over that of the body plan of 1.75 m.
    """

    name: str
    height: float
    speed: float
    foot_scale: float

    def at(self, time: FloatArray) -> BodyPose:
        """Tell the pose at the given times (s), on the spot."""
        ...

    def contacts(self, start: float, stop: float) -> tuple[Contact, ...]:
        """Tell the true contacts that touch this interval, s."""
        ...


class SyntheticMotion:
    """The synthetic runner as a motion to be drawn.

    Parameters
    ----------
    runner
        Who runs.
    name
        Of the person.
    """

    def __init__(self, runner: SyntheticRunner, name: str = "synthetic") -> None:
        self.runner, self.name = runner, name
        self.height, self.speed = runner.parameters.height, runner.parameters.speed
        self.foot_scale = runner.plan.scale

    def at(self, time: FloatArray) -> BodyPose:
        """Tell the pose at the given times (s), on the spot."""
        skeleton, joints = self.runner.skeleton(np.asarray(time, float), 1)
        pose = skeleton.pose
        names = [*(f"{joint}_{side}" for joint in JOINTS for side in SIDES), *MIDDLE]
        points = {name: joints[name].value for name in names}
        turns = {"pelvis": pose.pelvis.value, "head": pose.head.value}
        for side in SIDES:
            rotation, ball = pose.feet[side]
            points[f"ball_{side}"], turns[f"foot_{side}"] = ball.value, rotation.value
        return BodyPose(points, turns)

    def contacts(self, start: float, stop: float) -> tuple[Contact, ...]:
        """Tell the true contacts that touch this interval, s."""
        pace = self.runner.parameters.step_time
        steps = np.arange(int(start // pace) - 2, int(stop // pace) + 3)
        found = self.runner.ground.stances(steps)
        return tuple(
            Contact(float(first), float(last), "right" if sign > 0 else "left", "truth")
            for first, last, sign in zip(found.initial_contact, found.toe_off, found.side, strict=True)
            if last > start and first < stop
        )

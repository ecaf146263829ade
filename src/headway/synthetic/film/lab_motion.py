"""Runs measured in a laboratory as motions to be drawn: legs and contacts as recorded, the rest from a synthetic runner."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from headway.body.joint_centres import add_joint_centres
from headway.body.landmarks import to_landmarks
from headway.dynamics.ground_force import plate_force
from headway.errors import RecordingError
from headway.gait.axes import orient
from headway.gait.contacts import Contact
from headway.gait.force_events import force_contacts
from headway.recording import FloatArray
from headway.sources import load_recording
from headway.synthetic.film.motion import SIDES, BodyPose
from headway.synthetic.film.skin import ANKLE
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner

HIPS = tuple(f"hip_{side}" for side in SIDES)
UPPER = tuple(f"{joint}_{side}" for joint in ("shoulder", "elbow", "wrist") for side in SIDES)
FLAT = (0.35, 0.45)
"""Shares of stance in which a foot is taken to lie flat."""
BALL_AHEAD = 0.01
"""Ball ahead of the middle of the metatarsal heads' markers, m."""
HALF_FOOT = 0.045
"""From the outer metatarsal heads' markers to the middle of the foot, m in a body of 1.75 m."""
STRETCHED = (0.99, 0.985)
"""Share of the time for which a leg is shorter than this share of its stretched length: tells the length of thigh and shank."""
REFERENCE = 1.75


class LabMotion:
    """A run on plates as a motion to be drawn.

    Parameters
    ----------
    path
        C3D file with plates and the markers of pelvis, legs and feet.
    name
        Of the person.
    height
        Stature, m.
    speed
        Of the belt, m/s.

    Raises
    ------
    RecordingError
        No plates, or no markers of the feet.

    Notes
    -----
    Knees follow from hips and feet. Head, arms and thorax are those of the synthetic runner of the same speed, cadence and contact time,
    in step with the recorded midstances and carried by the recorded hips: their truth is that of the drawn body.
    """

    def __init__(self, path: Path, name: str, height: float, speed: float) -> None:
        self.name, self.height, self.speed = name, height, speed
        self.foot_scale = height / REFERENCE
        recording, _ = orient(to_landmarks(load_recording(path)))
        force = plate_force(recording)
        if force is None:
            raise RecordingError(str(path), "has no plates", "give a recording with force plates")
        kept = sorted(force_contacts(recording, force).kept, key=lambda one: one.initial_contact)
        self._contacts = tuple(kept)
        points, _ = add_joint_centres(recording.points, height=height, sex=None)
        at = {str(n): points.sel(point=n).transpose("time", "axis").to_numpy() for n in points["point"].to_numpy()}
        for side in SIDES:
            at[f"front_{side}"] = self._front(at, side)
            at.setdefault(f"heel_{side}", at.get(f"heel_lateral_{side}", np.full((len(recording.time), 3), np.nan)))
        wanted = [*HIPS, *(f"{what}_{side}" for what in ("heel", "front") for side in SIDES)]
        stacked = np.stack([at[n] for n in wanted], axis=1)
        fine = np.isfinite(stacked).all((1, 2))
        self.span = float(recording.time[fine][0]), float(recording.time[fine][-1])
        self._names, self._path = wanted, CubicSpline(recording.time[fine], stacked[fine])
        self._pitch, self._level = self._flat()
        middle = (stacked[fine][:, 0] + stacked[fine][:, 1]).mean(0) / 2
        self._origin = np.array([middle[0], float(np.mean(list(self._level.values()))) - self._ball_height, middle[2]])
        steps = np.diff([one.at(0.5) for one in kept])
        contact = float(np.median([one.duration for one in kept]))
        self.runner = SyntheticRunner(
            RunnerParameters(height=height, speed=speed, cadence=float(60 / np.median(steps)), contact_time=contact)
        )

        self._leg = 1.0
        times = np.linspace(*self.span, 2000)[200:-200]
        pose, plan = self.at(times), self.runner.plan
        reach = [np.linalg.norm(pose.points[f"hip_{side}"] - pose.points[f"ankle_{side}"], axis=1) for side in SIDES]
        self._leg = float(np.quantile(reach, STRETCHED[0]) / STRETCHED[1] / (plan.thigh + plan.shank))

    @property
    def _ball_height(self) -> float:
        return 0.045 * self.foot_scale

    def _front(self, at: dict[str, FloatArray], side: str) -> FloatArray:
        """Middle of the metatarsal heads, m; one alone stands half a foot's width beside it."""
        heads = {name: at[f"{name}_{side}"] for name in ("mt1", "mt5") if f"{name}_{side}" in at}
        if len(heads) == 2:
            return (heads["mt1"] + heads["mt5"]) / 2
        (name, place), inward = next(iter(heads.items())), -1.0 if side == "right" else 1.0
        return place + np.array([0.0, 0.0, HALF_FOOT * self.foot_scale * inward * (1.0 if name == "mt5" else -1.0)])

    def _flat(self) -> tuple[dict[str, float], dict[str, float]]:
        """Pitch of the line from heel to metatarsal heads, rad, and height of these, m, when the foot lies flat."""
        pitch, level = {}, {}
        for side in SIDES:
            mine = [
                one
                for one in self._contacts
                if one.side == side and self.span[0] < one.initial_contact < self.span[1] - 0.4
            ]
            found = self._path(np.concatenate([np.linspace(one.at(FLAT[0]), one.at(FLAT[1]), 5) for one in mine]))
            heel, front = (found[:, self._names.index(f"{what}_{side}")] for what in ("heel", "front"))
            along = front - heel
            pitch[side] = float(np.median(np.arctan2(along[:, 1], np.hypot(along[:, 0], along[:, 2]))))
            level[side] = float(np.median(front[:, 1]))
        return pitch, level

    def at(self, time: FloatArray) -> BodyPose:
        """Tell the pose at the given times (s), on the spot."""
        time = np.asarray(time, float)
        found = self._path(time) - self._origin
        at = {name: found[:, k] for k, name in enumerate(self._names)}
        hips = (at["hip_left"] + at["hip_right"]) / 2
        other, joints = self.runner.skeleton(self._synthetic_time(time), 1)
        carried = hips - joints["mid_hip"].value
        points = {name: at[name] for name in HIPS} | {"mid_hip": hips}
        points |= {name: joints[name].value + carried for name in (*UPPER, "neck_base", "vertex")}
        turns = {"head": other.pose.head.value, "pelvis": other.pose.pelvis.value}
        for side in SIDES:
            turn = self._foot_turn(at, side)
            turns[f"foot_{side}"] = turn
            down = self._level[side] - self._origin[1]
            ball = at[f"front_{side}"] + turn @ np.array([BALL_AHEAD, -down, 0.0])
            ankle = ball + turn @ (np.array([*ANKLE, 0.0]) * self.foot_scale)
            points |= {f"ball_{side}": ball, f"ankle_{side}": ankle}
            points[f"knee_{side}"] = self._knee(at[f"hip_{side}"], ankle, turns["pelvis"][:, :, 0])
        return BodyPose(points, turns)

    def _foot_turn(self, at: dict[str, FloatArray], side: str) -> FloatArray:
        """Axes of a foot: forward along the sole, up, right; columns."""
        along = _unit(at[f"front_{side}"] - at[f"heel_{side}"])
        across = at["hip_right"] - at["hip_left"]
        right = _unit(across - along * np.sum(across * along, axis=1, keepdims=True))
        up = np.cross(right, along)
        c, s = np.cos(self._pitch[side]), np.sin(self._pitch[side])
        return np.stack([c * along - s * up, s * along + c * up, right], axis=-1)

    def _knee(self, hip: FloatArray, ankle: FloatArray, heading: FloatArray) -> FloatArray:
        """Knee of a leg of the body plan's lengths, bent forward, m."""
        thigh, shank = self._leg * self.runner.plan.thigh, self._leg * self.runner.plan.shank
        span = ankle - hip
        length = np.linalg.norm(span, axis=1, keepdims=True)
        share = ((thigh**2 - shank**2) / length**2 + 1) / 2
        bend = np.sqrt(np.maximum(thigh**2 - (share * length) ** 2, 1e-4))
        along = span / length
        return hip + share * span + bend * _unit(heading - along * np.sum(heading * along, axis=1, keepdims=True))

    def _synthetic_time(self, time: FloatArray) -> FloatArray:
        """Time of the synthetic runner at the same part of its stride."""
        right = np.array([one.at(0.5) for one in self._contacts if one.side == "right"])
        ground, stride = self.runner.ground, self.runner.parameters.stride_time
        count = np.cumsum(np.r_[0, np.maximum(np.rint(np.diff(right) / stride), 1)])
        return ground.first_midstance + stride * np.interp(time, right, count)

    def contacts(self, start: float, stop: float) -> tuple[Contact, ...]:
        """Tell the true contacts that touch this interval, and one stride on both sides, s."""
        return tuple(one for one in self._contacts if one.toe_off > start and one.initial_contact < stop)


def _unit(vectors: FloatArray) -> FloatArray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

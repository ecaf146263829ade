"""From a pose to the body's surface: every segment is put between its joints exactly, the skin between them blends."""

from __future__ import annotations

import numpy as np

from headway.recording import FloatArray
from headway.synthetic.film.mesh import GROUPS, RestBody
from headway.synthetic.film.motion import SIDES, BodyPose

LIMBS = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
}
HEEL, TOE, ANKLE = -0.194, 0.074, (-0.135, 0.075)
"""Back and tip of the foot, and the ankle (forward, up), from the ball on the sole, m in a body of 1.75 m."""
EARS_BELOW = 0.128
"""Ears below the crown, m in a body of 1.75 m."""
RIGHT = np.array([0.0, 0.0, 1.0])


class Skin:
    """Moves the surface of one body.

    Parameters
    ----------
    rest
        The naked body.
    height
        Stature of the one whose motion is drawn, m.
    foot_scale
        Length of that one's feet over those of the body plan of 1.75 m.
    """

    def __init__(self, rest: RestBody, height: float, foot_scale: float) -> None:
        self.rest, self.foot_scale = rest, foot_scale
        self.scale = height / rest.height
        at = rest.joints
        self._middle = {name: (at[f"{name}_left"] + at[f"{name}_right"]) / 2 for name in ("hip", "shoulder")}
        self.ears = (at["left_ear"] + at["right_ear"]) / 2
        self.head_scale = EARS_BELOW * height / 1.75 / (rest.vertices[:, 1].max() - self.ears[1])
        self._foot = {side: self._foot_at_rest(side) for side in SIDES}

    def _foot_at_rest(self, side: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Ball on the sole, axes and scales of a foot; its forward axis turns out as the foot does at rest."""
        mine = self.rest.vertices[self.rest.weights[:, GROUPS.index(f"foot_{side}")] > 0.8]
        low, ankle = float(mine[:, 1].min()), self.rest.joints[f"ankle_{side}"]
        flat = mine[mine[:, 1] < low + 0.06][:, [0, 2]]
        centred = flat - flat.mean(0)
        along = np.linalg.svd(centred, full_matrices=False)[2][0]
        along = along * np.sign(along[0])
        forward, right = np.array([along[0], 0.0, along[1]]), np.array([-along[1], 0.0, along[0]])
        reach = mine @ forward
        lengths = (TOE - HEEL) * self.foot_scale / np.ptp(reach)
        ball = forward * (reach.min() - HEEL / (TOE - HEEL) * np.ptp(reach)) + right * float(
            flat.mean(0) @ right[[0, 2]]
        )
        ball = ball + np.array([0.0, low, 0.0])
        axes = np.stack([forward, [0.0, 1.0, 0.0], right], axis=1)
        scales = np.array([lengths, ANKLE[1] * self.foot_scale / (ankle[1] - low), lengths])
        return ball, axes, scales

    def transforms(self, pose: BodyPose) -> FloatArray:
        """Affine maps from rest to world, shape (times, groups, 3, 4)."""
        p, at = pose.points, self.rest.joints
        across = p["hip_right"] - p["hip_left"]
        wide = np.linalg.norm(across, axis=1) / np.linalg.norm(at["hip_right"] - at["hip_left"])
        scale = self.scale
        maps = {
            "pelvis": _affine(
                self._middle["hip"], p["mid_hip"], pose.turns["pelvis"], _scales(scale, scale, np.sqrt(wide * scale))
            )
        }
        maps["thorax"] = self._thorax(p)
        maps["head"] = self._head(pose)
        for side in SIDES:
            ball, axes, scales = self._foot[side]
            turn = np.einsum("tij,kj->tik", pose.turns[f"foot_{side}"] * scales, axes)
            maps[f"foot_{side}"] = _moved(ball, p[f"ball_{side}"], turn)
            bends = {"thigh": (across, RIGHT), "shank": (across, RIGHT)}
            arm = np.cross(p[f"elbow_{side}"] - p[f"shoulder_{side}"], p[f"wrist_{side}"] - p[f"elbow_{side}"])
            arm0 = np.cross(at[f"elbow_{side}"] - at[f"shoulder_{side}"], at[f"wrist_{side}"] - at[f"elbow_{side}"])
            bends |= {"upper_arm": (arm, arm0), "forearm": (arm, arm0)}
            for limb, (first, last) in LIMBS.items():
                near, near0 = bends[limb]
                start, stop = p[f"{first}_{side}"], p[f"{last}_{side}"]
                start0, stop0 = at[f"{first}_{side}"], at[f"{last}_{side}"]
                length = np.linalg.norm(stop - start, axis=1) / np.linalg.norm(stop0 - start0)
                turn = _basis(stop - start, near) * _scales(length, scale, scale)[:, None]
                maps[f"{limb}_{side}"] = _moved(start0, start, turn @ _basis((stop0 - start0)[None], near0[None])[0].T)
        return np.stack([maps[name] for name in GROUPS], axis=1)

    def _thorax(self, p: dict[str, FloatArray]) -> FloatArray:
        at = self.rest.joints
        top, across = (p["shoulder_left"] + p["shoulder_right"]) / 2, p["shoulder_right"] - p["shoulder_left"]
        top0, across0 = self._middle["shoulder"], at["shoulder_right"] - at["shoulder_left"]
        up, up0 = top - p["mid_hip"], top0 - self._middle["hip"]
        length = np.linalg.norm(up, axis=1) / np.linalg.norm(up0)
        wide = np.linalg.norm(across, axis=1) / np.linalg.norm(across0)
        turn = _basis(up, across) * _scales(length, wide, self.scale)[:, None]
        return _moved(self._middle["hip"], p["mid_hip"], turn @ _basis(up0[None], across0[None])[0].T)

    def _head(self, pose: BodyPose) -> FloatArray:
        crown = self.ears + np.array([-0.012, EARS_BELOW, 0.0]) * self.foot_scale / self.head_scale
        return _affine(crown, pose.points["vertex"], pose.turns["head"], _scales(*[self.head_scale] * 3))

    def surface(self, transforms: FloatArray, rest_vertices: FloatArray, weights: FloatArray) -> FloatArray:
        """Vertices in the world, m, shape (vertices, 3), for the maps (groups, 3, 4) of one instant."""
        blend = weights @ transforms.transpose(0, 2, 1).reshape(len(GROUPS), 12)
        x, y, z = rest_vertices.T[:, :, None]
        return blend[:, 0:3] * x + blend[:, 3:6] * y + blend[:, 6:9] * z + blend[:, 9:12]

    def landmarks(self, pose: BodyPose, transforms: FloatArray | None = None) -> dict[str, FloatArray]:
        """Points of the drawn body, m, shape (times, 3) each: joints, ears, eyes, nose, head (middle of the ears), heels and toes."""
        maps = self.transforms(pose) if transforms is None else transforms
        out = {name: value for name, value in pose.points.items() if not name.startswith("ball")}
        head, at = maps[:, GROUPS.index("head")], self.rest.joints
        for name, point in (("nose", at["nose"]), ("head", self.ears)):
            out[name] = head[..., :3] @ point + head[..., 3]
        for side in SIDES:
            for name in ("ear", "eye"):
                out[f"{name}_{side}"] = head[..., :3] @ at[f"{side}_{name}"] + head[..., 3]
            turn, ball = pose.turns[f"foot_{side}"], pose.points[f"ball_{side}"]
            for name, place in (("heel", (HEEL, 0.04, 0.0)), ("toe", (TOE, 0.03, 0.0))):
                out[f"{name}_{side}"] = ball + turn @ (np.array(place) * self.foot_scale)
        return out


def _scales(*each: float | FloatArray) -> FloatArray:
    """Scales along three axes, shape (times, 3) or (1, 3)."""
    return np.stack(np.broadcast_arrays(*(np.atleast_1d(one) for one in each)), axis=-1).astype(float)


def _basis(main: FloatArray, near: FloatArray) -> FloatArray:
    """Axes with the first along ``main`` and the second near ``near``, columns, shape (times, 3, 3)."""
    first = main / np.linalg.norm(main, axis=-1, keepdims=True)
    second = near - first * np.sum(near * first, axis=-1, keepdims=True)
    second = second / np.linalg.norm(second, axis=-1, keepdims=True)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _affine(origin: FloatArray, place: FloatArray, turn: FloatArray, scales: FloatArray) -> FloatArray:
    """Map that scales along the body's own axes, turns, and puts the origin at its place."""
    return _moved(origin, place, turn * scales[:, None])


def _moved(origin: FloatArray, place: FloatArray, linear: FloatArray) -> FloatArray:
    """Affine map (times, 3, 4) of a linear one that takes the origin to its place."""
    shift = place - linear @ origin
    return np.concatenate([linear, shift[..., None]], axis=-1)

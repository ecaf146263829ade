"""A virtual phone that films a runner: perspective, roll, noise, dropouts and exchanged sides, all known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.body.joint_centres import add_joint_centres
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray, Processing
from headway.synthetic.runner import SyntheticRunner

SIDED = {
    "ear": "EAR", "shoulder": "SHOULDER", "elbow": "ELBOW", "wrist": "WRIST", "hand": "INDEX", "hip": "HIP",
    "knee": "KNEE", "ankle": "ANKLE", "heel": "HEEL", "toe": "FOOT_INDEX",
}  # fmt: skip
LABELS = {f"{point}_{side}": f"{side.upper()}_{label}" for point, label in SIDED.items() for side in ("left", "right")}
"""Canonical point to the label of the pose model that the camera imitates (MediaPipe's 33 points, without the face)."""
EARS_APART = 0.15
"""Distance of the ears of the synthetic runner, m."""
BURST = 4
"""Mean length of a dropout, frames."""


@dataclass(frozen=True)
class PhoneCamera:
    """A pinhole camera.

    Attributes
    ----------
    position
        Forward, up and right coordinates, m.
    target
        Point that the middle of the image looks at, m.
    roll
        Turn about the viewing axis, rad; + = the phone's right side lower, so that the picture turns to the left.
    focal
        px (1080p phone main camera: about 1500).
    size
        Width and height of the image, px.
    panning
        Turn with the runner: the target's forward coordinate follows the hips.
    """

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    roll: float = 0.0
    focal: float = 1500.0
    size: tuple[int, int] = (1920, 1080)
    panning: bool = False

    def project(self, points: FloatArray, follow: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Image positions (..., 2), px, and distances along the viewing axis (...), m, of points of shape (frames, ..., 3).

        ``follow`` is the forward coordinate of a panning camera's target, shape (frames,).
        """
        place = np.array(self.position)
        target = np.broadcast_to(np.array(self.target), (len(points), 3)).copy()
        if self.panning and follow is not None:
            target[:, 0] = follow
        view = target - place
        view /= np.linalg.norm(view, axis=1, keepdims=True)
        across = np.cross(view, np.array([0.0, 1.0, 0.0]))
        across /= np.linalg.norm(across, axis=1, keepdims=True)
        down = np.cross(view, across)
        c, s = np.cos(self.roll), np.sin(self.roll)
        axes = np.stack([c * across + s * down, -s * across + c * down, view], axis=1)
        local = np.einsum("tij,t...j->t...i", axes, points - place)
        depth = local[..., 2]
        image = self.focal * local[..., :2] / depth[..., None] + np.array(self.size) / 2
        return image, depth


def body_points(points: xr.DataArray, *, height: float | None = None) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """What a pose model would point at, from oriented markers: times (s), positions (m, shape (frames, points, 3)) and labels."""
    joined, _ = add_joint_centres(points, height=height, sex=None)
    names = [name for name in LABELS if name in joined["point"].to_numpy()]
    positions = joined.sel(point=names).transpose("time", "point", "axis").to_numpy()
    return joined["time"].to_numpy(), positions, tuple(LABELS[name] for name in names)


def runner_points(
    runner: SyntheticRunner, *, duration: float, rate: float, travel: float = 0.0, jitter: float = 0.0, seed: int = 0
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Times, key points (m, shape (frames, points, 3)) and labels of the synthetic runner.

    Parameters
    ----------
    travel
        Speed over the ground, m/s: 0 on a treadmill.
    jitter
        Standard deviation of the frames' spacing as a share of it (variable frame rate).
    """
    random = np.random.default_rng(seed)
    time = (np.arange(round(duration * rate)) + jitter * random.standard_normal(round(duration * rate))) / rate
    time = np.sort(time - time.min())
    first = -(runner.parameters.step_time - runner.parameters.contact_time) / 2
    sided = [name for name in LABELS if not name.startswith("ear")]
    known = runner.positions(time + first, [*sided, "head_centre"])
    named = {name: known[:, k] for k, name in enumerate(sided)}
    head, frame = known[:, -1], _head_across(runner, time + first)
    named |= {"ear_left": head - EARS_APART / 2 * frame, "ear_right": head + EARS_APART / 2 * frame}
    positions = np.stack([named[name] for name in LABELS], axis=1)
    positions[..., 0] += travel * time[:, None]
    return time, positions, tuple(LABELS.values())


def _head_across(runner: SyntheticRunner, time: FloatArray) -> FloatArray:
    """Unit vector from the left to the right side of the head, shape (frames, 3)."""
    ends = runner.positions(time, ["head_front_left", "head_front_right", "head_back_left", "head_back_right"])
    across = ends[:, 1] + ends[:, 3] - ends[:, 0] - ends[:, 2]
    return across / np.linalg.norm(across, axis=1, keepdims=True)


def film(
    time: FloatArray,
    positions: FloatArray,
    labels: tuple[str, ...],
    camera: PhoneCamera,
    *,
    noise: float = 0.0,
    dropouts: float = 0.0,
    swaps: float = 0.0,
    seed: int = 0,
) -> KeyPoints:
    """Film a runner: what a pose model would report.

    Parameters
    ----------
    time, positions, labels
        s, m (frames, points, 3) in forward, up, right, and names.
    noise
        Standard deviation of white noise on each image axis, m at the runner's distance.
    dropouts
        Share of the frames of every point that is missing, in short bursts.
    swaps
        Share of the frames in which left and right legs are exchanged, in short bursts.
    """
    random = np.random.default_rng(seed)
    hips = np.nanmean(positions[:, [labels.index("LEFT_HIP"), labels.index("RIGHT_HIP")], 0], axis=1)
    pixels, depth = camera.project(positions, hips)
    pixels = pixels + noise * camera.focal / depth[..., None] * random.standard_normal(pixels.shape)
    for k in range(pixels.shape[1]):
        pixels[_bursts(random, len(time), dropouts), k] = np.nan
    swapped = _bursts(random, len(time), swaps)
    for name in ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX"):
        if f"LEFT_{name}" not in labels or f"RIGHT_{name}" not in labels:
            continue
        left, right = labels.index(f"LEFT_{name}"), labels.index(f"RIGHT_{name}")
        pixels[swapped, left], pixels[swapped, right] = pixels[swapped, right], pixels[swapped, left]
    confidence = np.where(np.isfinite(pixels[..., 0]), 0.9, 0.0)
    background = None
    if not camera.panning:
        background = np.zeros((len(time), 2))
    arguments = {"noise": noise, "dropouts": dropouts, "swaps": swaps, "roll": camera.roll, "seed": seed}
    return KeyPoints(
        time,
        labels,
        pixels,
        confidence,
        camera.size,
        source="virtual camera",
        kind="synthetic",
        background=background,
        log=(Processing("virtual_camera", arguments),),
    )


def _bursts(random: np.random.Generator, frames: int, share: float) -> np.ndarray:
    """Frames in bursts of a mean length ``BURST`` that together are about this share."""
    out = np.zeros(frames, bool)
    for start in np.flatnonzero(random.random(frames) < share / BURST):
        out[start : start + 1 + random.poisson(BURST - 1)] = True
    return out

"""From where the runner was filmed, and which way he or she runs in the image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.camera import body_shape
from headway.camera.heading import heading_by_legs
from headway.camera.points import canonical, leg_swing, middle, point, trunk_length
from headway.errors import OptionError, RecordingError
from headway.options import FilmView
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

VIEWS: tuple[FilmView, ...] = ("side", "rear", "front")
FRONTAL_WIDTH = body_shape.SHOULDER_WIDTH / body_shape.TRUNK.value
"""Shoulder width over trunk length, seen squarely from behind (0.63 and 0.65 in two films)."""
SIDE_SWING = 1.1
"""Spread (half of 16-84 %) over the stride of the ankles' fore-aft distance over trunk length, seen squarely from the side: 0.83, 1.09, 1.23 and
1.31 at about 2, 3, 4 and 5 m/s (heels, subject 04 of Hamner & Delp 2013)."""
SQUARE, UNCLEAR = 25.0, 5.0
"""Off a square view by this much a warning is given, and within this much of half-way nothing is measured, deg."""
CONTRADICTS = 20.0
"""Legs that tell an angle larger by so much than shoulders, and one beyond half-way, are believed, deg: from the side they read up to 26."""
FEWEST_FRAMES = 10
LITTLE = 0.45
"""With less width and swing than this (1 = a runner) nobody runs, and the angle means nothing."""


@dataclass(frozen=True)
class ViewFound:
    """View of a film.

    Attributes
    ----------
    name
        ``side``, ``rear`` or ``front``.
    direction
        +1 runs to the right in the image, -1 to the left, 0 to or from the camera.
    confidence
        0 to 1.
    angle
        Between the image plane and the plane of progression, deg: 0 squarely from the side, 90 from behind or in front; NaN when not found.
    flags
        What the reader has to know.
    """

    name: FilmView
    direction: int
    confidence: float
    angle: float
    flags: tuple[Flag, ...] = ()

    @property
    def oblique(self) -> float:
        """How far off the square view of this name, rad, where that is more than ``SQUARE``; else 0."""
        off = self.angle if self.name == "side" else 90.0 - self.angle
        return float(np.radians(off)) if off > SQUARE else 0.0


View = ViewFound


def find_view(keypoints: KeyPoints, declared: str | None = None) -> ViewFound:
    """Find the view and the direction of running from the pose.

    Parameters
    ----------
    keypoints
        Of one runner.
    declared
        ``side``, ``rear`` or ``front`` as the user says; wins over what the pose tells.

    Raises
    ------
    OptionError
        ``declared`` is another word.
    RecordingError
        Too little of the body is seen, or the view is half-way between side and rear.

    Notes
    -----
    The shoulders' width over the trunk's length goes with the sine, the ankles' fore-aft swing with the cosine of the angle of the view
    (on 119 rendered films within 3 degrees rms, 9 at worst).
    """
    if declared is not None and declared not in VIEWS:
        raise OptionError("--view", f"{declared!r} is no view", "give side, rear or front")
    named = canonical(keypoints)
    size = float(np.nanmedian(trunk)) if np.isfinite(trunk := trunk_length(named)).sum() >= FEWEST_FRAMES else np.nan
    if not np.isfinite(size) or size <= 0:
        if declared is None:
            raise RecordingError(
                keypoints.source,
                "shoulders and hips are hardly ever seen together, so the view cannot be told",
                "film the whole runner, or say --view side, rear or front",
            )
        size = 1.0
    (angle, stroke), facing = _angle(named, trunk, size), _facing(named, trunk)
    if (by_legs := heading_by_legs(named)) > max(45.0, angle + CONTRADICTS):
        # Shoulders whose sides were exchanged look narrow; legs of constant length do not care what they are called.
        angle = by_legs
    heading = _heading(named, trunk)
    frontal = angle > 45.0
    seen: FilmView = "side" if not frontal else ("rear" if facing > 0 else "front")
    confidence = min(abs(angle - 45.0) / 30.0, 1.0) * min(abs(facing if frontal else heading) / 1.5, 1.0)
    flags: list[Flag] = []
    if declared is None:
        name = seen
        flags += _oblique(keypoints.source, angle, stroke, seen)
    else:
        name = VIEWS[VIEWS.index(declared)]
        if name != seen and np.isfinite(angle) and confidence > 0.5:
            message = TEXTS("flags.view_disagrees", seen=TEXTS(f"remedy.{seen}"), name=TEXTS(f"remedy.{name}"))
            flags.append(Flag("view_disagrees", "warning", message))
        confidence = 1.0
    direction = 0 if name != "side" else (1 if heading >= 0 else -1)
    return ViewFound(name, direction, float(confidence), float(angle), tuple(flags))


def _oblique(source: str, angle: float, stroke: float, seen: str) -> list[Flag]:
    """Refuse a view half-way between side and rear, warn of one well off the square."""
    remedy = "film squarely from the side, from behind or from in front, or say --view side, rear or front"
    if not np.isfinite(angle):
        raise RecordingError(source, "the legs are hardly ever seen, so the view cannot be told", remedy)
    if stroke < LITTLE:
        return []
    if abs(angle - 45.0) < UNCLEAR:
        raise RecordingError(source, f"the runner is seen obliquely (about {angle:.0f}° from the side)", remedy)
    off = min(angle, 90.0 - angle)
    if off <= SQUARE:
        return []
    message = TEXTS("flags.oblique_view", off=off, seen=TEXTS(f"remedy.{seen}"))
    return [Flag("oblique_view", "warning", message)]


def _mean(values: FloatArray) -> float:
    """Mean of the middle 90 % of what was seen; NaN for hardly any."""
    seen = np.sort(values[np.isfinite(values)])
    cut = len(seen) // 20
    return float(seen[cut : len(seen) - cut].mean()) if len(seen) >= FEWEST_FRAMES else float("nan")


def _width(keypoints: KeyPoints, name: str, trunk: FloatArray) -> float:
    """Right minus left, along the image's x axis, over trunk length: mean over the film."""
    return _mean((point(keypoints, f"{name}_right") - point(keypoints, f"{name}_left"))[:, 0] / trunk)


def _angle(keypoints: KeyPoints, trunk: FloatArray, size: float) -> tuple[float, float]:
    """Angle between image plane and plane of progression, deg (NaN when it cannot be told), and how much it rests on (1: a runner)."""
    width = abs(_width(keypoints, "shoulder", trunk)) / FRONTAL_WIDTH
    swing = leg_swing(keypoints)[:, 0] / np.where(np.isfinite(trunk), trunk, size)
    seen = swing[np.isfinite(swing)]
    if len(seen) < FEWEST_FRAMES or not np.isfinite(width):
        return float("nan"), 0.0
    stroke = float(np.subtract(*np.percentile(seen, [84, 16]))) / 2 / SIDE_SWING
    return float(np.degrees(np.arctan2(width, stroke))), float(np.hypot(width, stroke))


def _facing(keypoints: KeyPoints, trunk: FloatArray) -> float:
    """Evidence for a rear view (+) or a front view (-)."""
    votes = [np.clip(4 * _width(keypoints, name, trunk), -2, 2) for name in ("shoulder", "hip")]
    if {"nose", "ear_left", "ear_right"} <= set(keypoints.names):
        at = [keypoints.names.index(name) for name in ("nose", "ear_left", "ear_right")]
        nose, *ears = keypoints.confidence[:, at].mean(0)
        votes.append(float(np.clip(2 * (np.mean(ears) - nose), -1, 1)))
    growth = _growth(keypoints.time, trunk)
    votes.append(float(np.clip(-1.5 * growth, -1, 1)))
    return float(np.nansum(votes))


def _growth(time: FloatArray, trunk: FloatArray) -> float:
    """Change of the logarithm of the runner's size from the first to the last third."""
    seen = np.isfinite(trunk) & (trunk > 0)
    if seen.sum() < 3 * FEWEST_FRAMES:
        return 0.0
    values = np.log(trunk[seen])
    third = len(values) // 3
    return float(np.median(values[-third:]) - np.median(values[:third]))


def _heading(keypoints: KeyPoints, trunk: FloatArray) -> float:
    """Evidence for running to the right (+) or to the left (-) of the image."""
    votes = []
    for side in ("left", "right"):
        heel, toe = point(keypoints, f"heel_{side}"), point(keypoints, f"toe_{side}")
        votes.append(float(np.clip(6 * _mean((toe - heel)[:, 0] / trunk), -1, 1)))
        hip, knee, ankle = (point(keypoints, f"{name}_{side}") for name in ("hip", "knee", "ankle"))
        votes.append(float(np.clip(6 * _mean((knee - (hip + ankle) / 2)[:, 0] / trunk), -1, 1)))
    votes.append(float(np.clip(4 * _mean((point(keypoints, "nose") - middle(keypoints, "ear"))[:, 0] / trunk), -1, 1)))
    hips = middle(keypoints, "hip")[:, 0]
    if keypoints.background is not None:
        hips = hips - keypoints.background[:, 0]
    seen = np.flatnonzero(np.isfinite(hips))
    if len(seen) > FEWEST_FRAMES:
        tenth = max(len(seen) // 10, 1)
        travel = (np.median(hips[seen[-tenth:]]) - np.median(hips[seen[:tenth]])) / np.nanmedian(trunk)
        votes.append(float(np.clip(0.5 * travel, -2, 2)))
    return float(np.nansum(votes))

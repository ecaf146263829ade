"""What a shot holds: steady running, walking, standing, turning, jumps of the zoom; told from key points in the image."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.camera.points import leg_swing, middle, point, trunk_length
from headway.periodic import find_frequency, fit_series
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.signals import runs

FilmActivity = Literal["running", "walking", "standing", "turning", "not seen"]
STEP, WINDOW = 0.25, 2.0
"""Instants at which a film is judged lie so far apart, and see so much around them, s of real time."""
BAND = (0.35, 2.5)
"""Strides per second that are looked for; the slowest in slow motion."""
STILL = 0.06
"""Ankles that move less than this against each other do not step, trunk lengths."""
WALKS_BELOW = 1.25
"""Strides per second above which nobody walks."""
PACE = 0.10
"""Share by which the rhythm of two windows beside each other differs where one pace ends and another begins."""
TURNED = np.radians(45.0)
"""Change of the direction in which the body faces that is a turn, rad."""
ZOOM = 0.18
"""Change of the body's size from one sixth of a second to the next that no runner makes (logarithm)."""
SHORTEST = 1.0
"""Stretches shorter than this are part of a change, s."""
TELLING = 0.8
"""A shot whose one run lasts for this share of what was seen is used whole."""


@dataclass(frozen=True)
class FilmBout:
    """One stretch of a shot.

    Attributes
    ----------
    activity
        What is done in it.
    start, stop
        s of real time.
    cadence
        Steps per minute; NaN without a rhythm.
    """

    activity: FilmActivity
    start: float
    stop: float
    cadence: float

    @property
    def duration(self) -> float:
        """Length, s."""
        return self.stop - self.start


@dataclass(frozen=True)
class _Course:
    """What is seen at every instant: strides per second (NaN: none), activity, direction of facing (rad)."""

    time: FloatArray
    pace: FloatArray
    activity: npt.NDArray[np.str_]
    facing: FloatArray


def find_film_bouts(keypoints: KeyPoints) -> tuple[FilmBout, ...]:
    """Divide the frames of one shot into what is done in it.

    Parameters
    ----------
    keypoints
        Of one shot, with landmark names.

    Returns
    -------
    tuple
        In order of time, without overlap; changes between two stretches are left out.

    Notes
    -----
    Walking and running are told apart by when the body is highest, whatever the tempo: a walker vaults over the standing leg, a runner is lowest
    there (Cavagna, Heglund & Taylor 1977).
    """
    course = _course(keypoints)
    edges = {0, len(course.time)}
    for k, (one, other) in enumerate(pairwise(course.activity), start=1):
        if one != other:
            edges.add(k)
    edges |= set(_changes(course)) | {
        int(np.searchsorted(course.time, at)) for at in zoom_jumps(keypoints)
    }
    return tuple(bout for a, b in pairwise(sorted(edges)) if (bout := _bout(keypoints, course, a, b)) is not None)


def main_run(bouts: tuple[FilmBout, ...]) -> FilmBout | None:
    """The steady run that stands for a shot; ``None`` when it is to be used whole."""
    found = [bout for bout in bouts if bout.activity == "running"]
    if not found:
        return None
    best = max(found, key=lambda bout: bout.duration)
    seen = sum(bout.duration for bout in bouts if bout.activity != "not seen")
    alone = len(found) == 1 and best.duration >= TELLING * seen
    rests = any(bout.activity in ("walking", "standing", "turning") and bout.duration > STEP for bout in bouts)
    return None if alone and not rests else best


def zoom_jumps(keypoints: KeyPoints) -> list[float]:
    """Times (s) at which the size of the body jumps: the zoom was changed."""
    size = np.log(trunk_length(keypoints))
    seen = np.flatnonzero(np.isfinite(size))
    near = max(3, round(keypoints.rate / 6))
    if len(seen) < 4 * near:
        return []
    values = size[seen]
    steps = np.array(
        [abs(np.median(values[k : k + near]) - np.median(values[k - near : k])) for k in range(near, len(values) - near)]
    )
    out: list[float] = []
    for a, b in runs(steps > ZOOM):
        out.append(float(keypoints.time[seen[near + a + int(np.argmax(steps[a:b]))]]))
    return out


def _course(keypoints: KeyPoints) -> _Course:
    time = keypoints.time
    length = float(time[-1] - time[0])
    centres = np.arange(time[0], time[-1] + STEP / 2, STEP)
    local = _size(keypoints)
    swing = leg_swing(keypoints) / local[:, None]
    height = -middle(keypoints, "hip")[:, 1] / local
    facing = np.unwrap(np.nan_to_num(_facing(keypoints, local)))
    pace, activity, faces = np.full(len(centres), np.nan), [], np.zeros(len(centres))
    for k, centre in enumerate(centres):
        half = WINDOW / 2
        middle_of = float(np.clip(centre, time[0] + min(half, length / 2), time[-1] - min(half, length / 2)))
        inside = np.abs(time - middle_of) <= half
        activity.append("not seen")
        if np.isfinite(swing[inside, 0]).mean() < 0.4:
            continue
        faces[k] = float(np.median(facing[np.abs(time - centre) <= 0.5])) if (np.abs(time - centre) <= 0.5).any() else 0.0
        activity[k], pace[k] = _activity(time[inside], swing[inside], height[inside])
    return _Course(centres, pace, np.array(activity), faces)


def _size(keypoints: KeyPoints) -> FloatArray:
    """Length of the trunk, px, shape (frames,); its median where it is not seen."""
    trunk = trunk_length(keypoints)
    return np.where(np.isfinite(trunk), trunk, np.nanmedian(trunk) if np.isfinite(trunk).any() else 1.0)


def _main(swing: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ankles' difference along its main direction, shape (frames,), and that direction."""
    seen = np.isfinite(swing).all(1)
    centred = swing - np.median(swing[seen], axis=0)
    main = np.linalg.svd(centred[seen], full_matrices=False)[2][0]
    return centred @ main, main


def _activity(time: FloatArray, swing: FloatArray, height: FloatArray) -> tuple[FilmActivity, float]:
    """What is done in one window, and its strides per second."""
    path, main = _main(swing)
    if float(np.ptp(np.nanpercentile(path, (10, 90)))) / 2 < STILL:
        return "standing", float("nan")
    found = find_frequency(time, path[:, None], BAND)
    if found is None:
        return "not seen", float("nan")
    if found.value < WALKS_BELOW and _vaults(time, path, height, found.value, level=abs(main[0]) > abs(main[1])):
        return "walking", found.value
    return "running", found.value


def _vaults(time: FloatArray, path: FloatArray, height: FloatArray, frequency: float, *, level: bool) -> bool:
    """Whether the hips are highest over the standing leg; ``level``: the ankles' difference is fore and aft, not up and down."""
    phase = 2 * np.pi * frequency * time
    drift = np.vander((time - time[0]) / max(float(np.ptp(time)), 1e-9), 2)
    legs = fit_series(phase, path[:, None], 1, slow=drift).phasors[0, 0]
    bounce = fit_series(phase, height[:, None], 2, slow=drift).phasors[1, 0]
    together = np.cos(np.angle(bounce) - 2 * np.angle(legs))
    return bool((together if level else -together) < -0.5)


def _facing(keypoints: KeyPoints, size: FloatArray) -> FloatArray:
    """Direction in which the body faces, rad, shape (frames,): 0 to the right, pi to the left, quarter turns from and to the camera."""
    feet = [point(keypoints, f"toe_{side}") - point(keypoints, f"heel_{side}") for side in ("left", "right")]
    ahead = np.nanmean(np.where(np.isfinite(feet), feet, np.nan)[..., 0], axis=0) if np.isfinite(feet).any() else 0.0 * size
    across = (point(keypoints, "shoulder_right") - point(keypoints, "shoulder_left"))[:, 0]
    seen = np.isfinite(ahead) & np.isfinite(across)
    angle = np.arctan2(np.nan_to_num(across) / size, 2 * np.nan_to_num(ahead) / size)
    known = np.flatnonzero(seen)
    if not len(known):
        return np.zeros(len(size))
    width = max(1, round(0.4 * keypoints.rate))
    turned = np.exp(1j * angle[known])
    smooth = np.convolve(np.pad(turned, width, mode="edge"), np.ones(2 * width + 1), mode="valid")
    return np.interp(keypoints.time, keypoints.time[known], np.unwrap(np.angle(smooth)))


def _changes(course: _Course) -> list[int]:
    """Instants at which the rhythm steps, or the body has turned since the stretch began."""
    out, begin = [], 0
    reach = round(WINDOW / STEP / 2)
    for k in range(1, len(course.time)):
        if course.activity[k] != course.activity[k - 1]:
            begin = k
        before, behind = course.pace[max(k - reach, 0)], course.pace[min(k + reach, len(course.time) - 1)]
        steps = np.isfinite(before) and np.isfinite(behind) and abs(np.log(behind / before)) > PACE
        turned = abs(course.facing[k] - float(np.median(course.facing[begin : k + 1]))) > TURNED
        if (steps or turned) and k - begin >= reach:
            out.append(k)
            begin = k
    return out


def _bout(keypoints: KeyPoints, course: _Course, a: int, b: int) -> FilmBout | None:
    """One stretch; ``None`` when it is too short to be one."""
    start = float(course.time[a])
    stop = float(keypoints.time[-1]) if b == len(course.time) else float(course.time[b])
    whole = a == 0 and b == len(course.time)
    if stop - start < SHORTEST and not whole:
        return None
    activity: FilmActivity = str(course.activity[a])  # type: ignore[assignment]
    if np.ptp(course.facing[a:b]) > 1.5 * TURNED and activity in ("running", "walking"):
        activity = "turning"
    return FilmBout(activity, start, stop, _cadence(keypoints, start, stop, course.pace[a:b]))


def _cadence(keypoints: KeyPoints, start: float, stop: float, pace: FloatArray) -> float:
    """Steps per minute over a whole stretch, near what its windows show; NaN without a rhythm."""
    if not np.isfinite(pace).any():
        return float("nan")
    rough = float(np.nanmedian(pace))
    rows = (keypoints.time >= start) & (keypoints.time <= stop)
    swing = (leg_swing(keypoints) / _size(keypoints)[:, None])[rows]
    if np.isfinite(swing).all(1).sum() < 10:
        return 120 * rough
    found = find_frequency(keypoints.time[rows], _main(swing)[0][:, None], (0.9 * rough, 1.1 * rough))
    return 120 * (rough if found is None else found.value)

"""What a shot holds: steady running, walking, standing, turning, jumps of the zoom; told from key points in the image."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.camera.points import leg_swing, middle, point, trunk_length
from headway.periodic import find_frequency, fit_series, periodogram
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.signals import runs, seen_mean

FilmActivity = Literal["running", "walking", "standing", "turning", "not seen"]
WINDOW, STRIDES = 2.0, 2.5
"""What is seen around every instant at which a film is judged: so long (s), and where the shot has one clear rhythm at least so many strides."""
STEPS = 8
"""Instants in a window."""
BAND = (0.1, 2.5)
"""Strides per second that are looked for; the slowest in slow motion."""
CHANGE = (0.6, 1.6)
"""Slowest and fastest rhythm in a shot, as a share of the one that prevails."""
CLEAR = 0.5
"""Share of the power about a rhythm that its peak must hold for the shot to have one."""
STILL = 0.06
"""Ankles that move less than this against each other do not step, trunk lengths."""
WALKS_BELOW = 1.25
"""Strides per second above which nobody walks."""
PACE = 0.15
"""Share by which the rhythm of two windows beside each other differs where one pace ends and another begins."""
HELD = 0.75
"""A rhythm that is held for so long is a pace of its own, windows."""
TURNED = np.radians(100.0)
"""Change of the direction in which the body faces that is a turn, rad; one who passes a near camera is seen from changing sides."""
ZOOM = 0.18
"""Change of the body's size from one sixth of a second to the next that no runner makes (logarithm)."""
SHORTEST = 1.0
"""Stretches shorter than this are part of a change, s."""
REST = 0.3
"""Something else that lasts for longer must not be read as part of the run, s."""
SEEN = 0.4
"""Share of a window in which both ankles have to be seen."""
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

    @property
    def step(self) -> float:
        """Time between two instants, s."""
        return float(self.time[1] - self.time[0]) if len(self.time) > 1 else WINDOW / STEPS


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
    edges |= set(_changes(course)) | {int(np.searchsorted(course.time, at)) for at in zoom_jumps(keypoints)}
    return tuple(bout for a, b in pairwise(sorted(edges)) if (bout := _bout(keypoints, course, a, b)) is not None)


def main_run(bouts: tuple[FilmBout, ...]) -> FilmBout | None:
    """The steady run that stands for a shot; ``None`` when it is to be used whole."""
    found = [bout for bout in bouts if bout.activity == "running"]
    if not found:
        return None
    best = max(found, key=lambda bout: bout.duration)
    seen = sum(bout.duration for bout in bouts if bout.activity != "not seen")
    alone = len(found) == 1 and best.duration >= TELLING * seen
    rests = any(bout.activity in ("walking", "standing", "turning") and bout.duration > REST for bout in bouts)
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
        [
            abs(np.median(values[k : k + near]) - np.median(values[k - near : k]))
            for k in range(near, len(values) - near)
        ]
    )
    out: list[float] = []
    for a, b in runs(steps > ZOOM):
        out.append(float(keypoints.time[seen[near + a + int(np.argmax(steps[a:b]))]]))
    return out


def _course(keypoints: KeyPoints) -> _Course:
    time = keypoints.time
    length = float(time[-1] - time[0])
    local = _size(keypoints)
    swing = leg_swing(keypoints) / local[:, None]
    height = -middle(keypoints, "hip")[:, 1] / local
    reach = _reach(keypoints, local)
    window, band = _window(time, swing, reach)
    half = min(window, length) / 2
    centres = np.arange(time[0], time[-1] + window / STEPS / 2, window / STEPS)
    facing = _facing(keypoints, local)
    pace, activity = np.full(len(centres), np.nan), []
    for k, centre in enumerate(centres):
        inside = np.abs(time - np.clip(centre, time[0] + half, time[-1] - half)) <= half + 1e-9
        done: FilmActivity = "not seen"
        if np.isfinite(swing[inside, 0]).mean() >= SEEN:
            done, pace[k] = _activity(time[inside], swing[inside], reach[inside], height[inside], band)
        activity.append(done)
    return _Course(centres, pace, _steadied(np.array(activity)), np.interp(centres, time, facing))


def _steadied(activity: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """What shows in few windows between others that agree is a misjudgement."""
    out = activity.copy()
    edges = [0, *(int(k) for k in np.flatnonzero(out[1:] != out[:-1]) + 1), len(out)]
    for a, b in pairwise(edges):
        if a > 0 and b < len(out) and b - a < STEPS // 2 and out[a - 1] == out[b]:
            out[a:b] = out[b]
    return out


def _window(time: FloatArray, swing: FloatArray, reach: FloatArray) -> tuple[float, tuple[float, float]]:
    """Length of the windows, s, and strides per second to look for: the shot's own tempo where it has one clear rhythm."""
    length = float(time[-1] - time[0])
    if np.isfinite(swing).all(1).sum() < 10 or length < WINDOW:
        return WINDOW, BAND
    apart = _apart(swing)[0]
    pace = _strides(time, apart, reach, (max(BAND[0], 1.5 / length), BAND[1])) if length * BAND[1] > 2 else None
    if pace is None:
        return WINDOW, BAND
    tone, power = periodogram(time, apart[:, None])
    near, around = (
        power[(tone > 2 * below * pace) & (tone < 2 * above * pace)].sum() for below, above in ((0.8, 1.2), (0.4, 2.2))
    )
    if near <= CLEAR * around:
        return WINDOW, BAND
    return max(WINDOW, STRIDES / pace), (CHANGE[0] * pace, CHANGE[1] * pace)


def _size(keypoints: KeyPoints) -> FloatArray:
    """Length of the trunk, px, shape (frames,); its median where it is not seen."""
    trunk = trunk_length(keypoints)
    return np.where(np.isfinite(trunk), trunk, np.nanmedian(trunk) if np.isfinite(trunk).any() else 1.0)


def _apart(swing: FloatArray) -> tuple[FloatArray, bool]:
    """How far the ankles are apart along the main direction, shape (frames,), whichever is which; and whether fore and aft, not up and down."""
    seen = np.isfinite(swing).all(1)
    centred = swing - np.percentile(swing[seen], (5, 95), axis=0).mean(0)
    main = np.linalg.svd(centred[seen], full_matrices=False)[2][0]
    return np.abs(centred @ main), bool(abs(main[0]) > abs(main[1]))


def _reach(keypoints: KeyPoints, size: FloatArray) -> FloatArray:
    """How far the lower ankle is below the hips, trunk lengths, shape (frames,): free of what the camera does."""
    ankles = np.stack([point(keypoints, f"ankle_{side}")[:, 1] for side in ("left", "right")])
    return (np.where(np.isfinite(ankles).all(0), ankles.max(0), np.nan) - middle(keypoints, "hip")[:, 1]) / size


def _strides(time: FloatArray, apart: FloatArray, reach: FloatArray, band: tuple[float, float]) -> float | None:
    """Strides per second from what repeats with every step, so that mixed-up sides do no harm; ``None`` without a rhythm."""
    found = find_frequency(time, np.column_stack([apart, reach]), (2 * band[0], 2 * band[1]))
    return None if found is None else found.value / 2


def _activity(
    time: FloatArray, swing: FloatArray, reach: FloatArray, height: FloatArray, band: tuple[float, float]
) -> tuple[FilmActivity, float]:
    """What is done in one window, and its strides per second."""
    apart, level = _apart(swing)
    if float(np.nanpercentile(apart, 75)) < STILL:
        return "standing", float("nan")
    pace = _strides(time, apart, reach, band)
    if pace is None:
        return "not seen", float("nan")
    return ("walking" if pace < WALKS_BELOW and _vaults(time, apart, height, pace, level=level) else "running"), pace


def _vaults(time: FloatArray, apart: FloatArray, height: FloatArray, pace: float, *, level: bool) -> bool:
    """Whether the hips are highest over the standing leg, where the feet are level with each other but for the swinging one's height."""
    phase = 4 * np.pi * pace * time
    drift = np.vander((time - time[0]) / max(float(np.ptp(time)), 1e-9), 2)
    legs, bounce = fit_series(phase, np.column_stack([apart, height]), 1, slow=drift).phasors[0]
    together = np.cos(np.angle(bounce) - np.angle(legs))
    return bool((together if level else -together) < -0.5)


def _facing(keypoints: KeyPoints, size: FloatArray) -> FloatArray:
    """Direction in which the body faces, rad, shape (frames,): 0 to the right, pi to the left, quarter turns from and to the camera."""
    feet = [point(keypoints, f"toe_{side}") - point(keypoints, f"heel_{side}") for side in ("left", "right")]
    ahead = seen_mean(np.stack(feet))[:, 0]
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
    reach = round(HELD * STEPS)
    for k in range(1, len(course.time)):
        if course.activity[k] != course.activity[k - 1]:
            begin = k
        before, behind = (course.pace[max(j, 0) : j + reach] for j in (k - reach, k))
        steps = _paces_differ(before, behind)
        turned = abs(course.facing[k] - float(np.median(course.facing[begin : k + 1]))) > TURNED
        if (steps or turned) and k - begin >= reach:
            out.append(k)
            begin = k
    return out


def _paces_differ(before: FloatArray, behind: FloatArray) -> bool:
    """Whether two runs of windows keep different rhythms; what a single window shows counts for nothing."""
    if np.isfinite(before).sum() < 3 or np.isfinite(behind).sum() < 3:
        return False
    return bool(abs(np.log(np.nanmedian(behind) / np.nanmedian(before))) > PACE)


def _bout(keypoints: KeyPoints, course: _Course, a: int, b: int) -> FilmBout | None:
    """One stretch; ``None`` when it is too short to be one."""
    start = float(course.time[a])
    stop = float(keypoints.time[-1]) if b == len(course.time) else float(course.time[b])
    whole = a == 0 and b == len(course.time)
    if stop - start < SHORTEST and not whole:
        return None
    activity: FilmActivity = str(course.activity[a])  # type: ignore[assignment]
    if np.ptp(course.facing[a:b]) > TURNED and activity in ("running", "walking"):
        activity = "turning"
    return FilmBout(activity, start, stop, _cadence(keypoints, start, stop, course.pace[a:b]))


def _cadence(keypoints: KeyPoints, start: float, stop: float, pace: FloatArray) -> float:
    """Steps per minute over a whole stretch, near what its windows show; NaN without a rhythm."""
    if not np.isfinite(pace).any():
        return float("nan")
    rough = float(np.nanmedian(pace))
    rows = (keypoints.time >= start) & (keypoints.time <= stop)
    size = _size(keypoints)
    swing, reach = (leg_swing(keypoints) / size[:, None])[rows], _reach(keypoints, size)[rows]
    if np.isfinite(swing).all(1).sum() < 10:
        return 120 * rough
    return 120 * (_strides(keypoints.time[rows], _apart(swing)[0], reach, (0.9 * rough, 1.1 * rough)) or rough)

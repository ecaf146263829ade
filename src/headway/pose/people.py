"""From everybody in the picture to the runner: detections linked to tracks, and one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from headway.errors import RecordingError
from headway.recording import FloatArray

LONGEST_GAP = 1.0
"""A person unseen for longer than this starts a new track, s."""
NEAR = 0.25
"""How far from where it is expected a person may be, in body heights: a third of the width of a pair running abreast."""
NEAR_PER_SECOND = 1.5
"""By how much that grows while nobody is seen there, body heights/s."""
FASTEST = 6.0
"""Fastest runner whose speed is not known yet, body heights/s (10 m/s)."""
UNSEEN = 0.1
"""A person out of sight for this long fits as badly as one who is ``NEAR`` away, s."""
GROWTH = 1.6
"""Largest ratio of size between the track and the next detection: a runner at the edge of the picture is seen in part."""
LONGEST_GAP_OF_NEW = 0.2
"""The same for a person seen in one or two frames only, whose speed is not known, s."""
SHARE_OF_BEST = 0.1
"""Tracks with less than this share of the largest one's size × length are passers-by without a number."""
AMBIGUOUS = 0.8
"""Two people are equally likely the runner when the smaller has this share of the larger one's size × length."""
FEWEST_FRAMES = 10
_SMOOTHING = 0.25
_FILM_ONE = "film the runner alone, with the whole body in the picture"


@dataclass(frozen=True)
class PersonTrack:
    """One person through the film.

    Attributes
    ----------
    frames
        Frames in which the person is seen, rising, shape (n,).
    detections
        Which detection of that frame it is, shape (n,).
    places
        px, x to the right and y down, shape (n, 2).
    sizes
        Apparent height, px, shape (n,).
    """

    frames: npt.NDArray[np.int_]
    detections: npt.NDArray[np.int_]
    places: FloatArray
    sizes: FloatArray

    @property
    def weight(self) -> float:
        """Size × length: the runner is filmed large and long."""
        return float(np.median(self.sizes) * len(self.frames))


class _Growing:
    """A track while it is followed: expected to go on with the speed it has."""

    def __init__(self, frame: int, detection: int, time: float, place: FloatArray, size: float) -> None:
        self.frames, self.detections = [frame], [detection]
        self.places, self.sizes = [place], [size]
        self.time, self.size = time, size
        self.velocity: FloatArray = np.zeros(2)

    def over(self, time: float) -> bool:
        """Whether the person has been unseen for too long to be recognised."""
        return time - self.time > (LONGEST_GAP if len(self.frames) > 2 else LONGEST_GAP_OF_NEW)

    def cost(self, time: float, places: FloatArray, sizes: FloatArray) -> FloatArray:
        """How badly each detection fits what is expected, without units; infinite beyond what is allowed."""
        wait = time - self.time
        away = np.linalg.norm(places - self.places[-1] - self.velocity * wait, axis=1) / self.size
        allowed = NEAR + (NEAR_PER_SECOND if len(self.frames) > 2 else FASTEST) * wait
        ratio = np.abs(np.log(sizes / self.size)) / np.log(GROWTH)
        # One who has been out of sight for long must not take the place of one who is in sight.
        return np.where((away <= allowed) & (ratio <= 1 + wait), away / NEAR + 0.5 * ratio + wait / UNSEEN, np.inf)

    def take(self, frame: int, detection: int, time: float, place: FloatArray, size: float) -> None:
        """Go on with a detection; speed and size follow slowly, so that one bad box does not lead astray."""
        seen = (place - self.places[-1]) / (time - self.time)
        share = 1.0 if len(self.frames) == 1 else _SMOOTHING
        self.velocity = self.velocity + share * (seen - self.velocity)
        self.size += _SMOOTHING * (size - self.size)
        self.time = time
        self.frames.append(frame)
        self.detections.append(detection)
        self.places.append(place)
        self.sizes.append(size)

    def done(self) -> PersonTrack:
        """Return what was found."""
        return PersonTrack(
            np.array(self.frames), np.array(self.detections), np.array(self.places), np.array(self.sizes)
        )


def link(time: FloatArray, places: Sequence[FloatArray], sizes: Sequence[FloatArray]) -> list[PersonTrack]:
    """Link detections to tracks by place and size: a person goes on where it is expected or is not seen.

    Parameters
    ----------
    time
        s, strictly rising, shape (frames,).
    places
        Of each frame: px, shape (people, 2), in any order.
    sizes
        Of each frame: apparent height of each person, px, shape (people,).

    Returns
    -------
    list of Track
        In the order in which they begin. Gaps of up to ``LONGEST_GAP`` are allowed within one.

    Notes
    -----
    One-to-one assignment per frame: Kuhn 1955 (Nav Res Logist Q 2:83).
    """
    going: list[_Growing] = []
    ended: list[_Growing] = []
    for frame, now in enumerate(time.tolist()):
        ended += [track for track in going if track.over(now)]
        going = [track for track in going if not track.over(now)]
        free = set(range(len(places[frame])))
        if going and free:
            cost = np.stack([track.cost(now, places[frame], sizes[frame]) for track in going])
            for row, column in zip(*linear_sum_assignment(np.where(np.isfinite(cost), cost, 1e6)), strict=True):
                if np.isfinite(cost[row, column]):
                    going[row].take(frame, int(column), now, places[frame][column], float(sizes[frame][column]))
                    free.discard(int(column))
        going += [_Growing(frame, k, now, places[frame][k], float(sizes[frame][k])) for k in sorted(free)]
    return sorted((track.done() for track in [*ended, *going]), key=lambda track: int(track.frames[0]))


def numbered(tracks: Sequence[PersonTrack]) -> list[PersonTrack]:
    """Tracks that may be the runner, as ``--person`` counts them: from left to right in the picture."""
    best = max((track.weight for track in tracks), default=0.0)
    kept = [t for t in tracks if t.weight >= SHARE_OF_BEST * best and len(t.frames) >= FEWEST_FRAMES]
    return sorted(kept, key=lambda track: float(np.median(track.places[:, 0])))


def choose(tracks: Sequence[PersonTrack], *, where: str, time: FloatArray, person: int | None = None) -> PersonTrack:
    """The runner: the largest consistent track, or the person asked for.

    Parameters
    ----------
    tracks
        As :func:`link` finds them.
    where
        File, for messages.
    time
        s, shape (frames,).
    person
        Number from left to right, from 1, as :func:`numbered` counts.

    Raises
    ------
    RecordingError
        Nobody seen long enough; two people equally large and long; no person of that number.
    """
    people = numbered(tracks)
    if not people:
        longest = max((len(track.frames) for track in tracks), default=0)
        seen = f"a person is followed for {longest} frames only" if longest else "no person is seen in any frame"
        raise RecordingError(where, seen, _FILM_ONE)
    if person is not None:
        if not 1 <= person <= len(people):
            listed = _listed(people, time)
            raise RecordingError(where, f"there is no person {person}", f"choose with --person: {listed}")
        return people[person - 1]
    ranked = sorted(people, key=lambda track: -track.weight)
    if len(ranked) > 1 and ranked[1].weight >= AMBIGUOUS * ranked[0].weight:
        rivals = sum(track.weight >= AMBIGUOUS * ranked[0].weight for track in ranked)
        raise RecordingError(
            where,
            f"{rivals} people are equally large and long in the film",
            f"choose with --person: {_listed(people, time)}",
        )
    return ranked[0]


def place_and_size(pixels: FloatArray, torso: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Where people are and how large, from their key points.

    The place is the middle of the trunk, which swings less than the whole; the size is the height of all that is seen.

    Parameters
    ----------
    pixels
        px, NaN where unseen, shape (people, points, 2).
    torso
        Points at shoulders and hips.

    Returns
    -------
    places, sizes
        px, shapes (people, 2) and (people,). People with fewer than three points seen have NaN.
    """
    seen = np.isfinite(pixels[..., 0])
    places, sizes = np.full((len(pixels), 2), np.nan), np.full(len(pixels), np.nan)
    for k in np.flatnonzero(seen.sum(1) >= 3):
        trunk = pixels[k, torso]
        trunk = trunk[np.isfinite(trunk[:, 0])]
        all_seen = pixels[k, seen[k]]
        places[k] = (trunk if len(trunk) else all_seen).mean(0)
        sizes[k] = max(float(np.ptp(all_seen[:, 1])), float(np.ptp(all_seen[:, 0])), 1.0)
    return places, sizes


def _listed(people: Sequence[PersonTrack], time: FloatArray) -> str:
    """Who is where, for a message of one line."""
    ends = ("left", "right")
    words = ends if len(people) == 2 else ("left", *[""] * (len(people) - 2), "right")
    parts = []
    for number, (track, word) in enumerate(zip(people, words if len(people) > 1 else ("",), strict=True), start=1):
        begin, end = track.places[0, 0], track.places[-1, 0]
        first, last = time[track.frames[0]], time[track.frames[-1]]
        parts.append(f"{number} = {word + ', ' if word else ''}x {begin:.0f} to {end:.0f} px, {first:.1f}–{last:.1f} s")
    return "; ".join(parts)

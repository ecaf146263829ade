"""Who is in the film, and which of them is the runner: looked for in a few frames spread over the film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from headway.errors import OptionError, RecordingError
from headway.pose.model import PictureWindow, PoseModel
from headway.pose.sightings import RIVAL, Search, Sighting, moving_regions
from headway.pose.still import numbered_still
from headway.recording import FloatArray

if TYPE_CHECKING:
    from headway.pose.film import Frame

FASTEST = 6.0
"""Fastest passing of a runner in the image, statures per second."""
RESTLESS = 0.05
"""Least difference in height of the two ankles of a runner in most frames, or their spread over the frames, statures."""


@dataclass(frozen=True)
class Person:
    """One person over time: the sightings in the order of time."""

    sightings: tuple[Sighting, ...]

    @property
    def height(self) -> float:
        """Median stature, px."""
        return float(np.median([s.height for s in self.sightings]))

    @property
    def runs(self) -> bool:
        """Whether the legs lie as a runner's do: one ankle well above the other, or both at changing heights."""
        legs = np.stack([s.legs for s in self.sightings])
        # The frames may be a stride apart, so that the legs look the same in all of them: the difference counts, too.
        return float(np.median(np.abs(legs[:, 0] - legs[:, 1]))) > RESTLESS or float(legs.std(axis=0).max()) > RESTLESS

    def resized(self, factor: FloatArray) -> Person:
        """The same person in pictures of another size: old px times ``factor``, shape (2,)."""
        tall = float(factor[1])
        return Person(tuple(replace(s, centre=s.centre * factor, height=s.height * tall) for s in self.sightings))


@dataclass(frozen=True)
class Finding:
    """What was found: the runner, everybody (numbered from the left), and how many frames were looked at."""

    runner: Person
    people: tuple[Person, ...]
    frames: int


def find_runner(
    frames: Sequence[Frame], models: Sequence[PoseModel], *, person: int | None = None, where: str = "film"
) -> Finding:
    """Find the runner in frames spread over the film.

    Every frame is looked at as a whole and where something moves against the still background; a person counts when a
    closer look confirms an upright body of human proportions. Only when that finds nobody the picture is searched tile by
    tile. Sightings are joined to persons by place, size and colour of the shirt.

    Parameters
    ----------
    frames
        At least one, in the order of time.
    models
        One per thread to use.
    person
        Number of the person to take, counted from the left of the numbered still.
    where
        Name of the film, for messages.

    Raises
    ------
    RecordingError
        Nobody is there, or two equally large persons run.
    OptionError
        The number is not that of a person.
    """
    searches = [Search(model) for model in models]
    regions = moving_regions([frame.image for frame in frames])
    # Others who do not move are looked for in some frames only, unless they are known to be there.
    tasks = [(f, r, person is not None or k % 4 == 1) for k, (f, r) in enumerate(zip(frames, regions, strict=True))]
    found = _share_out(searches, tasks, Search.people)
    if person is None and any(len(group) > 1 and group[1].height > RIVAL * group[0].height for group in found):
        rest = [k for k, task in enumerate(tasks) if not task[2]]
        again = _share_out(searches, [(frames[k], regions[k], True) for k in rest], Search.people)
        for k, group in zip(rest, again, strict=True):
            found[k] = group
    if sum(map(bool, found)) < max(1, len(frames) // 6):
        some = frames[:: max(1, len(frames) // 4)]
        found = [*found, *_share_out(searches, [(f, [], False) for f in some], Search.tiles)]
    people = join([s for s in found if s])
    if not people:
        raise RecordingError(
            where,
            f"no person found in {len(frames)} frames looked at",
            "film one runner, head to feet, at least a sixth of the picture's height",
        )
    return _choose(people, frames, person, where)


Task = tuple["Frame", list[PictureWindow], bool]
"""Frame, moving regions in it, and whether to look for everybody."""


def _share_out(
    searches: Sequence[Search],
    tasks: Sequence[Task],
    look: Callable[[Search, Frame, list[PictureWindow], bool], list[Sighting]],
) -> list[list[Sighting]]:
    """Look at all frames, each search in its own thread."""

    def work(first: int) -> list[list[Sighting]]:
        return [look(searches[first], *task) for task in tasks[first :: len(searches)]]

    with ThreadPoolExecutor(len(searches)) as pool:
        parts = list(pool.map(work, range(len(searches))))
    out: list[list[Sighting]] = [[] for _ in tasks]
    for first, part in enumerate(parts):
        out[first :: len(searches)] = part
    return out


def join(found: Sequence[Sequence[Sighting]]) -> list[Person]:
    """Join the sightings of all frames to persons, by place, size and colour."""
    tracks: list[list[Sighting]] = []
    for group in sorted((list(g) for g in found), key=lambda g: g[0].time):
        cost = np.array([[_unlike(track, s) for s in group] for track in tracks]).reshape(len(tracks), len(group))
        rows, columns = linear_sum_assignment(np.minimum(cost, 1e3))
        taken = {int(c): int(r) for r, c in zip(rows, columns, strict=True) if cost[r, c] < 1.0}
        for k, seen in enumerate(group):
            if k in taken:
                tracks[taken[k]].append(seen)
            else:
                tracks.append([seen])
    return [Person(tuple(track)) for track in tracks]


def _unlike(track: Sequence[Sighting], seen: Sighting) -> float:
    """How little a sighting looks like the next one of a person; 1 and more is somebody else."""
    last = track[-1]
    gap = max(seen.time - last.time, 1e-3)
    ahead = last.centre
    if len(track) > 1 and track[-2].time < last.time:
        ahead = ahead + (last.centre - track[-2].centre) * gap / (last.time - track[-2].time)
    size = max(last.height, seen.height)
    from_last = float(np.hypot(*(seen.centre - last.centre))) / size
    place = min(float(np.hypot(*(seen.centre - ahead))) / size, from_last) / (0.5 + FASTEST * gap)
    growth = abs(np.log(seen.height / last.height)) / (np.log(1.5) + 0.4 * gap)
    colour = np.nan_to_num(float(np.abs(seen.colour - last.colour).mean())) / 80.0
    return float(np.sqrt((place**2 + growth**2 + colour**2) / 2.0)) if max(place, growth) < 1.0 else 1e3


def _choose(people: list[Person], frames: Sequence[Frame], number: int | None, where: str) -> Finding:
    """Take the largest person that is seen through most of the film, or the one asked for."""
    total = len(frames)
    weight = [p.height * min(1.0, len(p.sightings) / (0.3 * total)) for p in people]
    best = people[int(np.argmax(weight))]
    rivals = [p for p in people if p is best or (p.height > RIVAL * best.height and _share(p, best) >= 0.6)]
    rivals = [p for p in rivals if p is best or (p.runs and best.runs)]
    frame, rivals = _still_frame(rivals, frames)
    if number is not None:
        if number > len(rivals):
            raise OptionError(
                "--person", f"person {number} of {len(rivals)} found", f"give a number from 1 to {len(rivals)}"
            )
        best = rivals[number - 1]
    elif len(rivals) > 1:
        still = numbered_still(frame.image, [_at(p, frame.time) for p in rivals])
        numbers = " or ".join(f"--person {k + 1}" for k in range(len(rivals)))
        amount = "two" if len(rivals) == 2 else str(len(rivals))
        raise RecordingError(
            where, f"{amount} equally large runners", f"choose one with {numbers} (numbered still: {still})"
        )
    return Finding(best, tuple(rivals), total)


def _share(person: Person, other: Person) -> float:
    """Sightings of a person as a share of those of another."""
    return len(person.sightings) / len(other.sightings)


def _still_frame(people: list[Person], frames: Sequence[Frame]) -> tuple[Frame, list[Person]]:
    """Frame that shows most of the people, and the people from left to right in it."""
    times = [{s.time: s.centre[0] for s in p.sightings} for p in people]
    middle = (frames[0].time + frames[-1].time) / 2
    frame = max(frames, key=lambda f: (sum(f.time in known for known in times), -abs(f.time - middle)))

    def place(k: int) -> float:
        return times[k].get(frame.time, min(times[k].items(), key=lambda item: abs(item[0] - frame.time))[1])

    return frame, [people[k] for k in sorted(range(len(people)), key=place)]


def _at(person: Person, time: float) -> Sighting:
    """Return the sighting nearest in time."""
    return min(person.sightings, key=lambda s: abs(s.time - time))

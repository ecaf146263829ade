"""Which instant of the page's timeline belongs to which instant of a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Stance = tuple[str, float, float]
"""Side, initial contact and toe-off, s."""
Anchor = tuple[float, float]
"""Real time of the film (s), and frame of the timeline counted on over its repeats."""


@dataclass(frozen=True)
class Timeline:
    """Frames of the page's pictures.

    Attributes
    ----------
    time
        Of every frame, s.
    loop
        Whether the end is followed by the start.
    percent
        % of stance per side and frame; ``None`` off the ground.
    """

    time: list[float]
    loop: bool
    percent: dict[str, list[float | None]]


def anchors(stances: Sequence[Stance], timeline: Timeline) -> list[list[Anchor]]:
    """Pair the landings and toe-offs of a film with those of the timeline.

    Between two anchors time runs evenly on both. The list is cut where a step of the film is missing, because nothing
    is known there.

    Parameters
    ----------
    stances
        Of the film.
    timeline
        Of the page.
    """
    ordered = sorted(stances, key=lambda stance: stance[1])
    if len(timeline.time) < 2:
        return []
    return _looped(ordered, timeline) if timeline.loop else _recorded(ordered, timeline)


def _runs(percent: Sequence[float | None], loop: bool) -> list[tuple[int, int]]:
    """First and last frame of every stance of one foot; one that runs across the end has its last frame beyond it."""
    count = len(percent)
    starts = [i for i, p in enumerate(percent) if p is not None and (percent[i - 1] is None or not (i or loop))]
    found = []
    for start in starts:
        end = start
        while end - start < count - 1 and (loop or end + 1 < count) and percent[(end + 1) % count] is not None:
            end += 1
        found.append((start, end))
    return found


def _looped(stances: Sequence[Stance], timeline: Timeline) -> list[list[Anchor]]:
    count = len(timeline.time)
    once = {side: runs[0] for side, percent in timeline.percent.items() if (runs := _runs(percent, True))}
    seconds = timeline.time[-1] - timeline.time[0]
    pieces: list[list[Anchor]] = []
    left_at, reached = float("-inf"), 0.0
    for side, start, stop in stances:
        if side not in once or start < left_at:
            continue
        begin, end = once[side]
        whole = pieces and start - left_at < 0.6 * seconds
        lap = 0
        while whole and begin + lap * count < reached - 1e-9:
            lap += 1
        # The other foot's stance must not lie in between: then a step was not found.
        if not whole or begin + lap * count - reached > 0.45 * count:
            pieces.append([])
            lap = 0
        pieces[-1] += [(start, begin + lap * count), (stop, end + lap * count)]
        left_at, reached = stop, end + lap * count
    return pieces


def _recorded(stances: Sequence[Stance], timeline: Timeline) -> list[list[Anchor]]:
    """The timeline shows recorded steps, the first ones: pair them in order as long as the feet agree."""
    runs = sorted(
        (first, last, side)
        for side, percent in timeline.percent.items()
        for first, last in _runs(percent, False)
        if last > first
    )
    piece: list[Anchor] = []
    for (begin, end, own), (side, start, stop) in zip(runs, stances, strict=False):
        if own != side:
            break
        piece += [(start, float(begin)), (stop, float(end))]
    return [piece] if piece else []

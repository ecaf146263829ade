"""Where the samples of a C3D file lie: header and parameters compared, the file's own size as judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from headway.errors import RecordingError
from headway.io.c3d.sections import AGAIN, BLOCK, Sections, count, number, numbers, texts
from headway.recording import Flag
from headway.texts import TEXTS

_UNCOUNTED = 0xFFFF
"""Last frame of files whose frames do not fit the 16 bits of the header; the parameters hold the count then."""
_SAME_RATE = 0.01
"""Relative difference above which two stated rates are not one rate rounded twice."""


@dataclass(frozen=True)
class Shape:
    """One way to cut a file into frames: byte of the first, real or integer numbers, and how many there are of what."""

    start: int
    real: bool
    points: int
    channels: int
    samples: int
    frames: int

    @property
    def values(self) -> int:
        """Numbers per frame."""
        return 4 * self.points + self.channels * self.samples

    @property
    def size(self) -> int:
        """Bytes per frame."""
        return self.values * (4 if self.real else 2)

    def spare(self, length: int) -> int:
        """Bytes of a file of this length beyond the last frame; negative for what is missing."""
        return length - self.start - self.frames * self.size


@dataclass(frozen=True)
class Layout:
    """The shape that was chosen.

    Attributes
    ----------
    shape
        How the file is cut into frames.
    first
        Number of the first frame, counted from 1 at the start of the capture.
    rate
        Frames per second.
    agreed
        Header and parameters say the same.
    flags
        Where they do not, and which of them was used.
    """

    shape: Shape
    first: int
    rate: float
    agreed: bool
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class _Stated:
    """One statement about a file and the field that makes it; an integer, or a pair for channels and samples.

    ``literal`` is false for what the field may mean instead: a count that overran its 16 bits.
    """

    value: Any
    field: str
    literal: bool = True


@dataclass(frozen=True)
class _Candidate:
    """A shape put together from statements, and which of them are not the header's."""

    shape: Shape
    departures: int
    stated: tuple[_Stated, ...]


def layout_of(where: str, sections: Sections, length: int) -> Layout:
    """Find how a file is cut into frames.

    Parameters
    ----------
    where
        File, for messages.
    sections
        Its header and parameters.
    length
        Bytes of the file.

    Raises
    ------
    RecordingError
        If the file holds no points or no frames, is cut off, or its header and parameters contradict each other in a way
        that its size does not settle.
    """
    opinions = _opinions(where, sections, length)
    chosen = _choose(where, opinions, length)
    shape, uncounted = _counted(chosen, length)
    shape, flags = _whole_frames(where, shape, length)
    flags = (*uncounted, *flags)
    rate, rate_flags = _rate(where, sections)
    starts = _start_flags(sections, shape.start)
    agreed = (
        not flags
        and not starts
        and all(one.value == field[0].value for field in opinions for one in field if one.literal)
    )
    return Layout(
        shape, _first_frame(sections), rate, agreed, (*starts, *flags, *_disagreement(opinions, chosen), *rate_flags)
    )


def _opinions(where: str, sections: Sections, length: int) -> list[list[_Stated]]:
    """What header and parameters say on start, kind of numbers, points, (channels, samples) and frames; likeliest first."""
    header, point = sections.header, sections.group("POINT")
    starts = [one for one in _starts(sections) if sections.start < one.value <= length]
    starts = [one for one in starts if _votes(starts, one) == max(_votes(starts, other) for other in starts)]
    if not starts:
        raise RecordingError(where, "is cut off before its data", AGAIN)
    scales = [(header.scale, "the header"), (number(point, "SCALE") or 0.0, "POINT:SCALE")]
    kinds = [_Stated(scale < 0, field) for scale, field in scales if scale] or [_Stated(True, "the header")]
    used = count(point, "USED")
    points = [_Stated(header.points, "the header")] + ([] if used is None else [_Stated(used, "POINT:USED")])
    frames = _frames(sections)
    if max(one.value for one in points) == 0:
        raise RecordingError(where, *_no_points(sections))
    if not frames:
        raise RecordingError(where, "holds no frames", "export the recording with its trajectories")
    return [starts, kinds, points, _analogs(sections), frames]


def _starts(sections: Sections) -> list[_Stated]:
    """Where the data start: by the header, by the parameter, and by the length of the parameters, behind which they follow."""
    blocks = [
        (sections.header.data_block, "the header"),
        (count(sections.group("POINT"), "DATA_START") or 0, "POINT:DATA_START"),
        (sections.end // BLOCK + 1 if sections.end else 0, "the length of the parameters"),
    ]
    return [_Stated((block - 1) * BLOCK, field) for block, field in blocks if block > 1]


def _votes(starts: Sequence[_Stated], one: _Stated) -> int:
    return sum(other.value == one.value for other in starts)


def _start_flags(sections: Sections, used: int) -> tuple[Flag, ...]:
    """Tell when one of three says that the data start elsewhere: a start that is wrong by a block gives numbers that look nearly right."""
    other = [one for one in _starts(sections) if one.value != used]
    if not other:
        return ()
    told = " and ".join(f"{one.field} says {one.value}" for one in other)
    message = TEXTS("lab.header_disagrees", used=used, told=told, again=AGAIN)
    return (Flag("header_disagrees", "warning", message),)


def _no_points(sections: Sections) -> tuple[str, str]:
    rotations = count(sections.group("ROTATION"), "USED") or 0
    if rotations:
        names = texts(sections.group("ROTATION"), "LABELS")[:3]
        what = f"holds the rotations of {rotations} segments ({', '.join(names)} …) and no points"
        return what, "export the positions of joints or markers too"
    return "holds no points (only analog channels or events)", "export it with its trajectories"


def _analogs(sections: Sections) -> list[_Stated]:
    """Channels and samples per frame."""
    header, analog = sections.header, sections.group("ANALOG")
    values, samples = header.analog_values, header.samples or 1
    used, ratio = count(analog, "USED"), _samples_by_rate(sections)
    stated: list[_Stated] = []
    if values % samples == 0:
        stated.append(_Stated((values // samples, samples if values else 1), "the header"))
    if used and ratio:
        by_both = _Stated((used, ratio), "ANALOG:USED with ANALOG:RATE")
        # As many values in all as the header says: two against its count of samples.
        stated.insert(0 if used * ratio == values else len(stated), by_both)
    if used and values % used == 0:
        stated.append(_Stated((used, values // used or samples), "ANALOG:USED"))
    elif used:
        stated.append(_Stated((used, samples), "ANALOG:USED"))
    if ratio and values and values % ratio == 0 and not used:
        stated.append(_Stated((values // ratio, ratio), "ANALOG:RATE"))
    if used == 0:
        stated.append(_Stated((0, 1), "ANALOG:USED"))
    return stated or [_Stated((values, 1), "the header")]


def _samples_by_rate(sections: Sections) -> int | None:
    rate = number(sections.group("POINT"), "RATE") or sections.header.rate
    analog = number(sections.group("ANALOG"), "RATE")
    if not analog or not rate or rate <= 0 or not math.isfinite(rate) or not 0.5 < analog / rate < _UNCOUNTED:
        return None
    ratio = round(analog / rate)
    return ratio if abs(analog / rate - ratio) < _SAME_RATE * ratio else None


def _frames(sections: Sections) -> list[_Stated]:
    """Numbers of frames; counts that overran 16 bits may have lost multiples of 65536."""
    header, point, trial = sections.header, sections.group("POINT"), sections.group("TRIAL")
    counted = [(header.last - header.first + 1, "the header")] if header.last != _UNCOUNTED else []
    counted += [(count(point, name) or 0, f"POINT:{name}") for name in ("FRAMES", "LONG_FRAMES")]
    start, end = (_long(numbers(trial, f"ACTUAL_{which}_FIELD")) for which in ("START", "END"))
    counted.append((end - start + 1 if end else 0, "TRIAL:ACTUAL_END_FIELD"))
    if header.last == _UNCOUNTED:
        counted.append((header.last - header.first + 1, "the header"))
    stated = [_Stated(value, field, value != _UNCOUNTED) for value, field in counted if value > 0]
    stated.sort(key=lambda one: not one.literal)
    lost = [
        _Stated(one.value + 0x10000 * k, one.field, literal=False)
        for one in stated
        if isinstance(one.value, int) and one.value < _UNCOUNTED
        for k in range(1, 9)
    ]
    return [*stated, *lost]


def _long(words: Iterable[float]) -> int:
    """A number of two words of 16 bits, the low one first; 0 without any."""
    return sum((round(word) % 0x10000) << (16 * k) for k, word in enumerate(list(words)[:2]))


def _first_frame(sections: Sections) -> int:
    start = _long(numbers(sections.group("TRIAL"), "ACTUAL_START_FIELD"))
    beyond = start >= _UNCOUNTED or sections.header.first in (0, _UNCOUNTED)
    return max(start if start and beyond else sections.header.first, 1)


def _choose(where: str, opinions: Sequence[Sequence[_Stated]], length: int) -> _Candidate:
    """The shape that the size of the file bears out, with as much of the header as possible."""
    ranked: list[tuple[tuple[int, int], _Candidate]] = []
    seen: set[Shape] = set()
    for places in product(*(range(len(field)) for field in opinions)):
        stated = tuple(field[k] for field, k in zip(opinions, places, strict=True))
        start, real, points, (channels, samples), frames = (one.value for one in stated)
        shape = Shape(start, real, points, channels, samples, frames)
        if shape in seen or not shape.values:
            continue
        seen.add(shape)
        spare = shape.spare(length)
        departures = sum(
            0 if field[0].value == one.value else 1 if one.literal else 2
            for field, one in zip(opinions, stated, strict=True)
        )
        fit = 0 if 0 <= spare < BLOCK else 1 if spare >= 0 else 2
        ranked.append(((fit, departures), _Candidate(shape, departures, stated)))
    if not ranked:
        raise RecordingError(where, "holds no points (only analog channels or events)", "export its trajectories")
    best = min(rank for rank, _ in ranked)
    equal = [candidate for rank, candidate in ranked if rank == best]
    if best[0] == 0 and best[1] > 0 and len({(one.shape.start, one.shape.size) for one in equal}) > 1:
        first, second = (_told(opinions, one) for one in equal[:2])
        raise RecordingError(where, f"header and parameters contradict each other: {first}, or {second}", AGAIN)
    return equal[0]


def _told(opinions: Sequence[Sequence[_Stated]], chosen: _Candidate) -> str:
    """The statements of a shape that are not the first choice."""
    parts = [
        f"{one.field} says {_words(what, one.value)}"
        for what, field, one in zip(_FIELDS, opinions, chosen.stated, strict=True)
        if one.value != field[0].value
    ]
    return " and ".join(parts)


_FIELDS = ("data at byte", "numbers", "points", "analog", "frames")


def _words(what: str, value: object) -> str:
    if isinstance(value, tuple):
        return f"{value[0]} channels with {value[1]} samples a frame"
    if what == "numbers":
        return "real numbers" if value else "integers"
    return f"{what} {value}" if what.startswith("data") else f"{value} {what}"


def _disagreement(opinions: Sequence[Sequence[_Stated]], chosen: _Candidate) -> tuple[Flag, ...]:
    """Name every field that says otherwise than what was used."""
    parts: list[str] = []
    for what, field, used in zip(_FIELDS, opinions, chosen.stated, strict=True):
        fitting = {one.field for one in field if one.value == used.value}
        other = {one.field: one for one in reversed(field) if one.literal and one.field not in fitting}.values()
        parts += [f"{one.field} says {_words(what, one.value)}, {_words(what, used.value)} was used" for one in other]
    if not parts:
        return ()
    message = TEXTS("lab.header_and_parameters", names="; ".join(parts))
    return (Flag("header_disagrees", "warning", message),)


def _counted(chosen: _Candidate, length: int) -> tuple[Shape, tuple[Flag, ...]]:
    """Count the frames of a file that says only that they are more than 16 bits can tell."""
    shape, frames = chosen.shape, chosen.stated[-1]
    if frames.literal or frames.value != _UNCOUNTED or shape.spare(length) < shape.size:
        return shape, ()
    shape = replace(shape, frames=(length - shape.start) // shape.size)
    message = TEXTS("lab.frames_counted", frames=shape.frames)
    return shape, (Flag("frames_counted", "info", message),)


def _whole_frames(where: str, shape: Shape, length: int) -> tuple[Shape, tuple[Flag, ...]]:
    """Refuse a file that is cut off; a few bytes missing from its last frame cost that frame."""
    missing = -shape.spare(length)
    if missing <= 0:
        return shape, ()
    whole = max(length - shape.start, 0) // shape.size
    if missing >= BLOCK or whole < 1:
        raise RecordingError(where, f"is cut off: {whole} of {shape.frames} frames are there", AGAIN)
    message = TEXTS("lab.frames_missing", missing=missing, whole=whole, frames=shape.frames)
    kept = Shape(shape.start, shape.real, shape.points, shape.channels, shape.samples, whole)
    return kept, (Flag("frames_missing", "warning", message),)


def _rate(where: str, sections: Sections) -> tuple[float, tuple[Flag, ...]]:
    stated, header = number(sections.group("POINT"), "RATE") or 0.0, sections.header.rate
    rates = [rate for rate in (stated, header) if math.isfinite(rate) and 0 < rate < 1e6]
    if not rates:
        raise RecordingError(where, f"states a frame rate of {stated or header:g} Hz", "export it with its frame rate")
    if len(rates) == 1 or abs(rates[0] - rates[1]) <= _SAME_RATE * rates[0]:
        return rates[0], ()
    message = TEXTS("lab.rate_disagrees", header=header, stated=stated)
    return rates[0], (Flag("rate_disagrees", "warning", message),)

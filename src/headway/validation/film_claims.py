"""Claims about real films whose contacts were read by eye, before any program saw them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from headway.door import measured
from headway.errors import RecordingError
from headway.options import Options
from headway.results import Entry, NotMeasurable
from headway.validation.claim import Claim, ClaimFinding

DOCUMENT = "evidence/film.md"
Band = tuple[float, float]


@dataclass(frozen=True)
class Reading:
    """What was read by eye of a film or of a part of it.

    Attributes
    ----------
    where
        The film, and from when.
    cadence, contacts
        Steps per minute; contact time of both feet, left, right: least and greatest as far as the eye is sure, s; ``None`` where nothing was read.
    metrics
        What the program found; ``None`` where the film was refused.
    why
        Why it was refused.
    """

    where: str
    cadence: float | None
    contacts: tuple[Band | None, ...]
    metrics: dict[str, Entry] | None
    why: str = ""


class PartTruth(msgspec.Struct, frozen=True):
    """What was read of a part of a film; ``start``, ``stop`` in s; contact times in s, or least and greatest; ``error`` in pictures."""

    start: float | None = None
    stop: float | None = None
    cadence: float | None = None
    contact_time: float | Band | None = None
    contact_time_left: float | Band | None = None
    contact_time_right: float | Band | None = None
    error: float = 0.5


class FilmTruth(PartTruth, frozen=True, kw_only=True):
    """What was read of a film, as a whole or in parts."""

    file: str
    slow_motion: float | None = None
    part: tuple[PartTruth, ...] = ()


class FilmTruths(msgspec.Struct, frozen=True):
    """The contents of ``films/truth.toml``."""

    film: tuple[FilmTruth, ...]


def _band(value: float | Band | None, error: float) -> Band | None:
    if value is None:
        return None
    low, high = (value, value) if isinstance(value, int | float) else value
    return low - error, high + error


@lru_cache(maxsize=1)
def readings(data: Path) -> list[Reading]:
    """Every film of ``films/truth.toml``, measured as a user would."""
    told = msgspec.toml.decode((data / "films" / "truth.toml").read_bytes(), type=FilmTruths)
    return [_reading(data / "films", film, part) for film in told.film for part in film.part or (film,)]


def _reading(folder: Path, film: FilmTruth, part: PartTruth) -> Reading:
    # the height plays no part in times
    options = Options(height=1.75, start=part.start, stop=part.stop, slow_motion=film.slow_motion)
    where = film.file if part.start is None else f"{film.file} from {part.start:g} s"
    try:
        found = measured(folder / film.file, options).summary
    except RecordingError as error:
        return Reading(where, part.cadence, (), None, str(error))
    sure = part.error / found.recording.rate
    contacts = tuple(_band(one, sure) for one in (part.contact_time, part.contact_time_left, part.contact_time_right))
    return Reading(where, part.cadence, contacts, found.metrics)


def cadence(data: Path) -> ClaimFinding:
    """Number of stated cadences whose interval leaves out what the eye counted."""
    wrong, errors = [], {}
    for one in readings(data):
        entry = None if one.metrics is None else one.metrics["cadence"]
        if one.cadence is None or entry is None or isinstance(entry, NotMeasurable) or entry.ci95 is None:
            continue
        errors[one.where] = 100 * (entry.value / one.cadence - 1)
        if not entry.ci95[0] <= one.cadence <= entry.ci95[1]:
            wrong.append(one.where)
    detail = ", ".join(f"{where}: {error:+.1f} %" for where, error in errors.items())
    return ClaimFinding(value=float(len(wrong)), n=len(errors), detail=detail)


def contact_time(data: Path) -> ClaimFinding:
    """Number of contact times read by eye, of both feet or of one, that the stated interval leaves out."""
    count, wrong = 0, []
    for one in readings(data):
        entry = None if one.metrics is None else one.metrics["contact_time"]
        if entry is None or isinstance(entry, NotMeasurable) or entry.ci95 is None:
            continue
        for true in one.contacts:
            if true is not None:
                count += 1
                if entry.ci95[1] < true[0] or entry.ci95[0] > true[1]:
                    wrong.append(one.where)
    return ClaimFinding(value=float(len(wrong)), n=count, detail=", ".join(wrong))


CLAIMS = (
    Claim(
        "film_cadence",
        "No cadence of a real film is stated with an interval that leaves out what the eye counts.",
        DOCUMENT,
        "",
        (None, 0.0),
        cadence,
        folders=("films",),
        extra=("video", "mediapipe"),
        together="films",
    ),
    Claim(
        "film_contact_time",
        "No contact time of a real film is stated with an interval that leaves out what the eye reads.",
        DOCUMENT,
        "",
        (None, 0.0),
        contact_time,
        folders=("films",),
        extra=("video", "mediapipe"),
        together="films",
    ),
)

"""Read whatever a path holds: markers, key points of a film, or what sensors recorded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from headway.apart import apart
from headway.bounds import AGAIN, MB, check_extent, check_kind, memory, read_safely
from headway.errors import OptionError, RecordingError
from headway.options import DECLARED, Options, flag, from_mapping
from headway.sources.format import HOLDS, Format, Holds, Progress, Source, look
from headway.sources.registry import format_of
from headway.workers import Tell

if TYPE_CHECKING:
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Recording
    from headway.sensors.recording import SensorRecording
    from headway.sources.format import Data

_SECONDS = 60
"""Most time of the processor for reading a file, and a second more for every MB of it."""


def load(path: str | Path, options: Options | None = None, **given: object) -> Data:
    """Read a recording of any kind.

    Parameters
    ----------
    path
        C3D, TRC or CSV file; a film, or key points made from one; what a sensor recorded; :func:`headway.sources.formats` lists all.
    options
        What is said about it.
    **given
        The same by name, as on the command line: ``rate=30``, ``slow_motion=4``, ``forces="grf.mot"``, ``subject="Ann"``.

    Returns
    -------
    Recording, KeyPoints or SensorRecording
        Points in metres, key points in pixels, or specific force in m/s²; NaN where nothing was seen; every step is in its log.

    Raises
    ------
    RecordingError
        The file is missing, cannot be read, is damaged or holds too little; one line with the remedy.
    OptionError
        An option that is not known, cannot be right, or is of no use for this format.
    """
    options = options or from_mapping(given, lambda name: name)
    source = look(path)
    found = format_of(source)
    refuse_useless(options, [found])
    return read(source, found, options)


def read(source: Source, found: Format, options: Options, progress: Progress | None = None) -> Data:
    """Read a path that was looked at, and check what was read."""
    if source.names is None and not source.head:
        raise RecordingError(str(source.path), "the file is empty", AGAIN)
    for name in options.given():
        if isinstance(named := getattr(options, name), Path):
            check_kind(named)
    film = found.extra == "video"  # looks after its own memory, picture by picture, and may take hours
    size = source.path.stat().st_size if source.names is None else MB * len(source.names)
    # What the copy and the analysis both need is loaded before the copy is made, not in it and then again here.
    import_module("headway.pose.film" if film else "headway.signals")
    part = partial(_read, source, found, options, None if film else size)
    limit, meanwhile = (None, _load_analysis) if film else (_SECONDS + size // MB, None)
    return apart(source.path, part, _hearing(progress), seconds=limit, meanwhile=meanwhile)


def _load_analysis() -> None:
    """Import what comes after the key points of a film, while they are found."""
    for name in ("headway.analysis.analyze", "headway.report.html", "headway.report.card"):
        import_module(name)


def _hearing(progress: Progress | None) -> Tell:
    return lambda word: None if progress is None else progress(*word)


def _read(source: Source, found: Format, options: Options, size: int | None, tell: Tell) -> Data:
    """Read and check, with memory for a file of ``size`` bytes; ``None`` for any."""
    with read_safely(source.path, AGAIN), nullcontext() if size is None else memory(size):
        data = found.read(source, options, lambda done, expected: tell((done, expected)))
        if found.holds == "recording":
            return _checked(cast("Recording", data), source, options)
        if found.holds == "keypoints":
            return _checked_points(cast("KeyPoints", data), source, options)
        return data


def _checked_points(points: KeyPoints, source: Source, options: Options) -> KeyPoints:
    """Key points on a clock that can be; films were cut as they were decoded."""
    from headway.io.checks import check_clock
    from headway.pose.part import checked_part

    check_clock(str(source.path), points.time)
    return points if points.film is not None else checked_part(points, options)


def _checked(recording: Recording, source: Source, options: Options) -> Recording:
    """A recording with the forces that were named, on an even clock and without jumps."""
    from headway.io.checks import check_span, finish

    time = recording.time
    if len(time) > 1:
        check_span(recording.source, time)
        first, last = max(options.start or time[0], time[0]), min(options.stop or time[-1], time[-1])
        # By frames, not by times: one wrong time stamp does not make a recording long.
        length = float(time.searchsorted(last, "right") - time.searchsorted(first)) / recording.rate
        check_extent(recording.source, recording.points.sizes["point"], recording.rate, first, first + length)
    forces = options.forces
    if forces is not None:
        from headway.io.mot import attach_forces

        recording = attach_forces(recording, forces, named=True)
    arguments = {
        "path": source.path.name,
        "subject": options.subject,
        "forces": None if forces is None else forces.name,
    }
    return finish(recording, arguments)


def refuse_useless(options: Options, found: Sequence[Format], prefix: str = "") -> None:
    """Refuse an option that none of the formats can use.

    Raises
    ------
    OptionError
        Naming the option.
    """
    for name in options.given():
        if not any(name in one.takes for one in found):
            raise OptionError(flag(name, prefix), f"a {found[0].title} cannot use it", DECLARED[name].unused)


def load_recording(path: str | Path, options: Options | None = None, **given: object) -> Recording:
    """Read a recording of markers, and nothing else; as :func:`load`."""
    return cast("Recording", _only("recording", path, options or from_mapping(given)))


def load_keypoints(path: str | Path, options: Options | None = None, progress: Progress | None = None) -> KeyPoints:
    """Read the key points of a film or of a file of key points, and nothing else; as :func:`load`.

    Parameters
    ----------
    progress
        Called with the frames done and expected, for films.
    """
    return cast("KeyPoints", _only("keypoints", path, options or Options(), progress))


def load_sensors(
    paths: Sequence[str | Path], options: Options | None = None, *, phone: str | None = None
) -> SensorRecording:
    """Read everything that was worn on one run.

    Parameters
    ----------
    paths
        Sensor Logger zips or folders, DOT CSVs, TOML descriptions, FIT files. A DOT file's place is told by ``head=FILE``, or by a place in its name.
    phone
        Where the phone of a Sensor Logger export was worn; the sacrum otherwise.

    Raises
    ------
    RecordingError
        A file cannot be read, two sensors were worn at one place, or none was worn.
    OptionError
        An unknown place.
    """
    options = options or from_mapping({"phone": phone})
    sources = [look(path) for path in paths]
    return merged_sensors(sources, [format_of(source) for source in sources], options)


def merged_sensors(sources: Sequence[Source], found: Sequence[Format], options: Options) -> SensorRecording:
    """Read what several sensors recorded on one run, of paths that were looked at."""
    for source, one in zip(sources, found, strict=True):
        _expect("sensors", source, one)
    parts = [cast("SensorRecording", read(source, one, options)) for source, one in zip(sources, found, strict=True)]
    from headway.sensors.merge import merged

    names = [one.path.absolute().name for one in sources]
    written = [name if one.place is None else f"{one.place}={name}" for one, name in zip(sources, names, strict=True)]
    return merged(parts, written, options.phone or "sacrum")


def _only(wanted: Holds, path: str | Path, options: Options, progress: Progress | None = None) -> Data:
    source = look(path)
    found = format_of(source)
    _expect(wanted, source, found)
    return read(source, found, options, progress)


def _expect(wanted: Holds, source: Source, found: Format) -> None:
    if found.holds != wanted:
        what = f"is a {found.title} and holds {HOLDS[found.holds]}, not {HOLDS[wanted]}"
        raise RecordingError(str(source.path), what, "name another one")

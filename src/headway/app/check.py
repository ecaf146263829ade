"""The first look at a recording, before the long work: what it can carry, what not, and what would."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from headway.app.told import told
from headway.errors import HeadwayError, RecordingError
from headway.options import Options, from_mapping
from headway.workers import Tell

if TYPE_CHECKING:
    from headway.pose.film import Film
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Recording
    from headway.sensors.recording import SensorRecording

Level = Literal["good", "warning", "lacks"]
EXCERPT = 2.5
"""Seconds of a film that are looked at closely."""
LOOKS = 12
"""Pictures in which the runner is looked for."""
GOOD_RATE, GOOD_SECONDS = 50.0, 10.0
WHOLE = 0.9
"""Share of the pictures in which the whole body should be seen."""
TALL = 200.0
"""Stature in pixels from which key points are fine."""
TILTED = 3.0
"""Degrees."""
DARK = 45.0
"""Middle brightness, 0 to 255."""
STANDING = re.compile(r"(?<![a-z])(static|standing|calibration|neutral|tpose|t-pose)(?![a-z])", re.IGNORECASE)


class CheckedFile(msgspec.Struct, frozen=True):
    """A file to look at, and where the sensor in it was worn, if that was said."""

    id: int
    path: str
    place: str = ""


class CheckRequest(msgspec.Struct, frozen=True):
    """What to look at; height in m, options as they were written."""

    recording: int
    files: list[CheckedFile]
    height: float | None
    said: dict[str, str]
    cache: str


class Remark(msgspec.Struct, frozen=True):
    """Something the first look found: a key of the catalogue's section ``check``, and the numbers in it."""

    code: str
    level: Level
    values: dict[str, float] = {}


class FileFound(msgspec.Struct, frozen=True):
    """What was found in a file.

    Attributes
    ----------
    id
        Of the file.
    holds, view
        What is in it (``None`` for no recording), and from where it was seen.
    standing
        Whether its name says that the runner stands still.
    places
        Where sensors were worn.
    remarks
        What it carries and what not.
    fault, remedy
        Why it cannot be used, in words.
    """

    id: int
    holds: str | None = None
    view: str | None = None
    standing: bool = False
    places: list[str] = []
    remarks: list[Remark] = []
    fault: str = ""
    remedy: str = ""


class Checked(msgspec.Struct, frozen=True):
    """What the first look found in all files of a recording."""

    recording: int
    files: list[FileFound]
    remarks: list[Remark] = []

    @property
    def usable(self) -> bool:
        """Whether there is something to analyse, perhaps after more was said of it."""
        return any(one.holds and not one.standing for one in self.files)


def check(request: CheckRequest, tell: Tell) -> Checked:
    """Look at every file."""
    options = replace(from_mapping(request.said), height=request.height, cache=Path(request.cache))
    from headway.sources.registry import holds

    forces = next((Path(one.path) for one in request.files if holds(one.path) == "forces"), None)
    options = replace(options, forces=forces)
    found = []
    for place, one in enumerate(request.files):
        tell((place, len(request.files)))
        found.append(_file(one, options))
    return Checked(request.recording, found, _together(found, request.height))


def _file(file: CheckedFile, options: Options) -> FileFound:
    from headway.sources.format import look
    from headway.sources.registry import format_of

    holds = None
    try:
        source = look(f"{file.place}={file.path}" if file.place else file.path)
        form = format_of(source)
        holds = form.holds
        usable = Options(
            **{name: getattr(options, name) for name in options.given() if name in form.takes or name == "cache"}
        )
        if form.name == "film":
            return _film(file, source.path, usable)
        if holds in ("forces", "analysis"):
            return FileFound(file.id, holds)
        from headway.sources.load import read

        data = read(source, form, usable)
        if holds == "sensors":
            worn = cast("SensorRecording", data)
            return FileFound(file.id, holds, "sensor", places=[one.where for one in worn.sensors])
        if holds == "keypoints":
            return _points(file, holds, cast("KeyPoints", data), usable, [])
        return _markers(file, source.path, cast("Recording", data))
    except HeadwayError as fault:
        return FileFound(file.id, holds, fault=told(fault.what), remedy=told(fault.remedy))


def _film(file: CheckedFile, path: Path, options: Options) -> FileFound:
    """Look closely at a few seconds in the middle, or where the runner is seen if that is elsewhere."""
    from headway.pose.estimate import estimate_keypoints
    from headway.pose.film import open_film

    film = open_film(path, options)
    remarks = []
    if film.rate < GOOD_RATE:
        remarks.append(Remark("rate_low", "warning", {"rate": round(film.rate)}))
    if film.duration < GOOD_SECONDS:
        remarks.append(Remark("short", "warning", {"seconds": round(film.duration, 1)}))
    if film.slow_motion != 1.0:
        remarks.append(Remark("slow_motion", "good", {"factor": round(film.slow_motion, 1)}))
    if _brightness(film) < DARK:
        remarks.append(Remark("dark", "warning"))
    try:
        points = estimate_keypoints(path, _part(film, options, float(film.times[len(film.times) // 2])))
    except RecordingError:
        points = estimate_keypoints(path, _part(film, options, _seen_at(film)))
    return _points(file, "keypoints", points, options, remarks)


def _part(film: Film, options: Options, at: float) -> Options:
    """The seconds around a time; all of a short film."""
    if film.duration <= 1.5 * EXCERPT:
        return options
    start = max(min(at - EXCERPT / 2, float(film.times[-1]) - EXCERPT), float(film.times[0]))
    return replace(options, start=start * film.slow_motion, stop=(start + EXCERPT) * film.slow_motion)


def _brightness(film: Film) -> float:
    """Middle brightness of a few pictures, 0 to 255."""
    import numpy as np

    return float(np.median([np.median(frame.grey) for frame in film.sample(3)]))


def _seen_at(film: Film) -> float:
    """When the runner is seen large, s.

    Raises
    ------
    RecordingError
        Nobody is in it.
    """
    from headway.pose.estimate import load_models
    from headway.pose.find_runner import find_runner

    models = load_models()
    try:
        people = find_runner(film.sample(LOOKS), models, where=str(film.path)).runner.sightings
    finally:
        for model in models:
            model.close()
    tall = max(people, key=lambda one: one.height)
    near = [one for one in people if one.height > 0.6 * tall.height]
    return float(near[len(near) // 2].time)


def _points(file: CheckedFile, holds: str, points: KeyPoints, options: Options, remarks: list[Remark]) -> FileFound:
    """What key points tell of the view, the frame, the distance and the tilt."""
    import numpy as np

    from headway.camera.filmed import filmed

    seen = np.isfinite(points.pixels).all(axis=2).mean(axis=1)
    whole = float((seen > 0.7).mean())
    heights = points.pixels[seen > 0.7, :, 1]
    stature = float(np.median(np.nanmax(heights, axis=1) - np.nanmin(heights, axis=1))) if len(heights) else TALL
    if whole < WHOLE:
        remarks.append(Remark("cut_off", "warning", {"share": round(100 * (1 - whole))}))
    if stature < TALL:
        remarks.append(Remark("small", "warning", {"pixels": round(stature)}))
    usable = Options(**{name: getattr(options, name) for name in options.given() if name not in ("start", "stop")})
    recording, _ = filmed(points, options.height, usable)
    camera = recording.camera
    if camera is not None and abs(np.degrees(camera.roll)) > TILTED:
        remarks.append(Remark("tilted", "good", {"degrees": round(abs(float(np.degrees(camera.roll))))}))
    if any(flag.code == "oblique_view" for flag in recording.flags):
        remarks.append(Remark("oblique", "warning"))
    view = recording.view
    carried = [Remark(f"carries_{view}", "good"), Remark(f"lacks_{view}", "lacks")]
    return FileFound(file.id, holds, view, remarks=[*carried, *remarks])


def _markers(file: CheckedFile, path: Path, recording: Recording) -> FileFound:
    """What markers carry: a head, forces, a run."""
    from headway.body.landmarks import groups, to_landmarks

    have = groups(to_landmarks(recording).names())
    remarks = [
        Remark("carries_markers", "good", {"seconds": round(recording.duration, 1), "rate": round(recording.rate)})
    ]
    remarks.append(Remark("head_marked", "good") if have["head"] else Remark("head_unmarked", "lacks"))
    forces = recording.ground_force is not None
    remarks.append(Remark("forces", "good") if forces else Remark("no_forces", "lacks"))
    return FileFound(file.id, "recording", "3d", standing=bool(STANDING.search(path.stem)), remarks=remarks)


def _sensors(found: list[FileFound]) -> list[Remark]:
    """What the sensors of all files carry together."""
    places = {place for one in found for place in one.places}
    if not places:
        return [Remark("watch_only", "lacks")]
    known = [("head", "sensor_head", "no_sensor_head"), ("sacrum", "sensor_sacrum", "no_sensor_sacrum")]
    return [Remark(yes, "good") if place in places else Remark(no, "lacks") for place, yes, no in known]


def _together(found: list[FileFound], height: float | None) -> list[Remark]:
    """What all files tell together."""
    films = [one for one in found if one.holds == "keypoints" and not one.fault]
    worn = [one for one in found if one.holds == "sensors" and not one.fault]
    remarks = _sensors(worn) if worn else []
    if len(films) == 2:
        same = films[0].view == films[1].view
        remarks.append(Remark("same_view", "warning") if same else Remark("two_views", "good"))
    if len(films) > 2:
        remarks.append(Remark("many_films", "warning", {"n": len(films)}))
    if films and height is None:
        remarks.append(Remark("no_height", "warning"))
    return remarks

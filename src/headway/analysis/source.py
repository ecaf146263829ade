"""From a path to an analysis: a recording of any kind, two films of one run, or a folder that ``headway analyze`` wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from headway.analysis.analysis import Analysis
from headway.analysis.analyze import analyze
from headway.analysis.merge import merge
from headway.clock import seconds
from headway.errors import OptionError, RecordingError
from headway.gait.prepare import Options
from headway.gait.runner import Runner
from headway.take import Take, option

if TYPE_CHECKING:
    from headway.pose.options import FilmOptions

Report = Callable[[int, int], None] | None
Progress = Callable[[str], AbstractContextManager[Report]]
TWO_SIDES = "give one film from the side and one from behind or in front"


def silent(name: str) -> AbstractContextManager[Report]:
    """Show no progress."""
    return nullcontext()


def measured(
    path: Path,
    take: Take | None = None,
    *,
    second: Path | None = None,
    reference: bool = False,
    progress: Progress = silent,
) -> Analysis:
    """Analyse a recording, or load what was analysed.

    Parameters
    ----------
    path
        C3D, TRC, CSV; a film or key points; a sensor recording; or a folder that ``headway analyze`` wrote.
    take
        What the user said about it.
    second
        A second film of the same run, from another side.
    reference
        Whether it is the second recording of a comparison: faults then name its options.
    progress
        Given the film's name, a context that gives the function to report frames to.

    Raises
    ------
    RecordingError, OptionError
        It cannot be used, in one line.
    """
    take = take or Take()
    if not path.exists():
        raise RecordingError(str(path), "does not exist", "check the path")
    if path.is_dir():
        found = _folder(path, take, reference)
        if found is not None:
            return found
    from headway.pose.load import is_keypoint_source

    runner = Runner(height=take.height, mass=take.mass, sex=take.sex)
    start, stop = (seconds(getattr(take, name), option(name, reference=reference)) for name in ("start", "stop"))
    if second is not None and not (is_keypoint_source(path) and is_keypoint_source(second)):
        raise RecordingError(f"{path} {second.name}", "are not two films", TWO_SIDES)
    if is_keypoint_source(path):
        paths = [path] if second is None else [path, second]
        return measured_films(paths, take, runner, _options(take, start, stop), progress)
    from headway.sensors.load import is_sensor_path

    if is_sensor_path(path):
        from headway.analysis.analyze_sensors import measure_sensors
        from headway.sensors import SensorOptions, load_sensors

        return measure_sensors(load_sensors([path]), runner, SensorOptions(start=start, stop=stop, speed=take.speed))
    from headway.io import load

    return analyze(load(path, subject=take.subject, forces=take.forces), runner, _options(take, start, stop))


def _folder(path: Path, take: Take, reference: bool) -> Analysis | None:
    if (path / "experiment.json").is_file():
        raise RecordingError(str(path), "holds a whole experiment", "name one of the folders in its folder blocks")
    if not (path / "summary.json").is_file():
        return None
    given = take.given()
    if given:
        name = option(given[0], reference=reference)
        raise OptionError(name, f"{path} was analysed already", "leave it out, or give the recording itself")
    return Analysis.load(path)


def _options(take: Take, start: float | None, stop: float | None) -> Options:
    return Options(
        up=take.up,
        forward=take.forward,
        treadmill=take.treadmill,
        speed=take.speed,
        start=start,
        stop=stop,
        view=take.view,
        tempo_stated=take.slow_motion is not None,
    )


def measured_films(
    paths: Sequence[Path], take: Take, runner: Runner, options: Options, progress: Progress = silent
) -> Analysis:
    """Analyse one film or key-point recording, or two of one run from different sides as one.

    Of ``take`` only what concerns films is used; it goes for both.

    Raises
    ------
    RecordingError, OptionError
        More than two, the same twice, or a film that cannot be used.
    """
    from headway.pose.load import load_keypoints

    check_films(paths, take)
    film, parts = film_options(take, options), []
    for path in paths:
        with progress(path.name) as report:
            points = load_keypoints(path, film, report)
        parts.append(analyze(points, runner, options))
    return merge(parts)


def film_options(take: Take, options: Options) -> FilmOptions:
    """How films are to be read."""
    from headway.pose.options import FilmOptions

    return FilmOptions(
        slow_motion=take.slow_motion,
        start=options.start,
        stop=options.stop,
        person=take.person,
        pose_model=take.pose_model,
        rate=take.rate,
    )


def check_films(paths: Sequence[Path], take: Take) -> None:
    """Refuse what can be told of several films before minutes are spent on the first one."""
    if len(paths) == 1:
        return
    where = " ".join(path.name for path in paths)
    if len(paths) > 2:
        raise RecordingError(where, f"{len(paths)} films", TWO_SIDES)
    for path in paths:
        if not path.exists():
            raise RecordingError(str(path), "there is no such file", "check the path")
    if paths[0].resolve() == paths[1].resolve():
        raise RecordingError(where, "the same film twice", TWO_SIDES)
    if paths[0].name == paths[1].name:
        raise RecordingError(where, "two films of one name cannot be told apart in the report", "rename one of them")
    if take.view is not None:
        raise OptionError(
            "--view", f"two films cannot both be from the same view ({take.view})", "leave it out with two films"
        )

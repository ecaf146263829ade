"""From a path to an analysis: a recording of any kind, or a folder that ``headway analyze`` wrote."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from headway.analysis import Analysis, analyze
from headway.clock import seconds
from headway.compare.options import Take, option
from headway.errors import OptionError, RecordingError
from headway.gait.prepare import Options
from headway.gait.runner import Runner

Report = Callable[[int, int], None] | None
Progress = Callable[[str], AbstractContextManager[Report]]


def silent(name: str) -> AbstractContextManager[Report]:
    """Show no progress."""
    return nullcontext()


def measured(path: Path, take: Take | None = None, *, reference: bool = False, progress: Progress = silent) -> Analysis:
    """Analyse a recording, or load what was analysed.

    Parameters
    ----------
    path
        C3D, TRC, CSV; a film or key points; a sensor recording; or a folder that ``headway analyze`` wrote.
    take
        What the user said about it.
    reference
        Whether it is the second recording: faults then name its options.
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
    if is_keypoint_source(path):
        return _film(path, take, runner, _options(take, start, stop), progress)
    from headway.sensors.load import is_sensor_path

    if is_sensor_path(path):
        from headway.sensors import SensorOptions, load_sensors, measure_sensors

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


def _film(path: Path, take: Take, runner: Runner, options: Options, progress: Progress) -> Analysis:
    from headway.pose.load import load_keypoints
    from headway.pose.options import FilmOptions

    film = FilmOptions(
        slow_motion=take.slow_motion,
        start=options.start,
        stop=options.stop,
        person=take.person,
        pose_model=take.pose_model,
        rate=take.rate,
    )
    with progress(path.name) as report:
        points = load_keypoints(path, film, report)
    return analyze(points, runner, options)

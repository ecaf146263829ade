"""The command line for one run: markers, films or sensors in, one analysis out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from headway.clock import seconds
from headway.errors import RecordingError
from headway.take import Take

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.report.film import FilmLayer

FORCE_SUFFIXES = (".mot", ".sto")


@Parameter(name="*", group="Films")
@dataclass(frozen=True)
class Filmed:
    """How a film was made, and what becomes of it.

    Parameters
    ----------
    view
        From where it was filmed; found from the runner otherwise.
    slow_motion
        How many times slower than reality the file plays: 8 for 240 frames/s played at 30.
    person
        Number of the runner on the still that is made when several people are in the picture.
    pose_model
        A pose network of your own (RTMPose or HALPE-26 as ONNX).
    rate
        Frames per second of key points that hold no times (OpenPose folders).
    no_film
        Leave the film out of the report.
    blur_face
        Blur the runner's head in the report's film.
    """

    view: Literal["side", "rear", "front"] | None = None
    slow_motion: float | None = None
    person: int | None = None
    pose_model: Path | None = None
    rate: float | None = None
    no_film: Annotated[bool, Parameter(negative="")] = False
    blur_face: Annotated[bool, Parameter(negative="")] = False


@Parameter(name="*", group="Sensors")
@dataclass(frozen=True)
class Worn:
    """How sensors were worn.

    Parameters
    ----------
    phone
        Where the phone of a Sensor Logger export was worn: sacrum, head, ...
    same_clock
        All sensors ran on one clock: their times are taken as they are.
    swap_sides
        Exchange left and right.
    window
        Length of the windows of the run's timeline, s.
    """

    phone: str = "sacrum"
    same_clock: Annotated[bool, Parameter(negative="")] = False
    swap_sides: Annotated[bool, Parameter(negative="")] = False
    window: float | None = None


def analyze(
    recordings: Annotated[
        list[Path],
        Parameter(
            help="A C3D, TRC or CSV file (with a TRC its ground forces as MOT or STO); one film, or two (from the side and from behind); "
            "or what sensors recorded on one run (head=FILE says where one was worn)."
        ),
    ],
    *,
    out: Path | None = None,
    height: float | None = None,
    mass: float | None = None,
    sex: Literal["male", "female"] | None = None,
    speed: float | None = None,
    treadmill: bool = False,
    up: str | None = None,
    forward: str | None = None,
    start: str | None = None,
    stop: str | None = None,
    standing: Path | None = None,
    subject: str | None = None,
    norms: str | None = None,
    filmed: Filmed = Filmed(),
    worn: Worn = Worn(),
    csv: bool = False,
    json: bool = False,
    quiet: bool = False,
    overwrite: bool = False,
) -> None:
    """Analyse one recording of a runner, or two films of one run.

    Parameters
    ----------
    out
        Folder for report.html, summary.json, steps.parquet and waveforms.nc [default: RECORDING-headway].
    height
        Runner's height, metres.
    mass
        Runner's mass, kilograms; found from the ground force otherwise.
    sex
        For the tables of segment masses; without it the mean of both.
    speed
        Belt speed, m/s; found from the stance foot otherwise.
    treadmill
        The ground moves; found from the stance foot otherwise.
    up
        Vertical lab axis, such as z; found from force and body otherwise.
    forward
        Lab axis the runner goes along, such as -x; found from travel or stance foot otherwise.
    start
        Use the recording from here: 7:11, 431 or 431.5.
    stop
        Use the recording up to here.
    standing
        Standing trial of the same runner with the same markers.
    subject
        Which runner, where a file holds several (their prefix).
    norms
        Show where the runner stands among those of a file of norms; rbds comes with Headway.
    csv
        Write steps.csv too.
    json
        Print summary.json and nothing else.
    quiet
        Print nothing.
    overwrite
        Replace an earlier analysis in the folder.
    """
    from headway.folder import check_target
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.norms import against, load_norms
    from headway.pose.load import is_keypoint_source
    from headway.sensors.load import is_sensor_path

    target = out if out is not None else Path(f"{recordings[0].stem}-headway")
    check_target(target, overwrite=overwrite)
    runner = Runner(height=height, mass=mass, sex=sex)
    options = Options(
        up=up,
        forward=forward,
        treadmill=treadmill,
        speed=speed,
        start=seconds(start, "--start"),
        stop=seconds(stop, "--stop"),
        view=filmed.view,
        tempo_stated=filmed.slow_motion is not None,
    )
    bands = None if norms is None else load_norms(norms)
    layers: tuple[FilmLayer, ...] = ()
    if all(is_keypoint_source(path) for path in recordings):
        result, layers = _analyze_films(recordings, runner, options, filmed, quiet=quiet or json)
    elif any(is_sensor_path(path) for path in recordings):
        result = _analyze_sensors(recordings, runner, options, worn)
    else:
        recording, forces = _one_recording(recordings)
        result = _analyze(recording, forces, runner, options, standing, subject)
    result = result if bands is None else against(result, bands)
    result.save(target, csv=csv, overwrite=overwrite, film=layers)
    if json:
        sys.stdout.write((target / "summary.json").read_text(encoding="utf-8"))
    elif not quiet:
        from headway.messages import show_analysis

        show_analysis(result, target)


def _analyze(
    recording: Path, forces: Path | None, runner: Runner, options: Options, standing: Path | None, subject: str | None
) -> Analysis:
    from headway.analysis import analyze as measure
    from headway.io import load

    data = load(recording, subject=subject, forces=forces)
    pose = load(standing, subject=subject) if standing is not None else None
    return measure(data, runner, options, standing=pose)


def _analyze_films(
    paths: list[Path], runner: Runner, options: Options, filmed: Filmed, *, quiet: bool
) -> tuple[Analysis, tuple[FilmLayer, ...]]:
    from headway.analysis.source import film_options, measured_films
    from headway.messages import film_progress
    from headway.report.film_layers import film_layers

    take = Take(
        view=filmed.view,
        slow_motion=filmed.slow_motion,
        person=filmed.person,
        pose_model=filmed.pose_model,
        rate=filmed.rate,
    )
    result = measured_films(paths, take, runner, options, partial(film_progress, quiet=quiet))
    if filmed.no_film:
        return result, ()
    return result, film_layers(result, film_options(take, options), blur_face=filmed.blur_face)


def _analyze_sensors(paths: list[Path], runner: Runner, options: Options, worn: Worn) -> Analysis:
    from headway.analysis.analyze_sensors import measure_sensors
    from headway.sensors import SensorOptions, load_sensors

    given = {} if worn.window is None else {"window": worn.window}
    told = SensorOptions(
        start=options.start,
        stop=options.stop,
        same_clock=worn.same_clock,
        swap_sides=worn.swap_sides,
        speed=options.speed,
        **given,
    )
    return measure_sensors(load_sensors([str(path) for path in paths], phone=worn.phone), runner, told)


def _one_recording(paths: list[Path]) -> tuple[Path, Path | None]:
    forces = [path for path in paths if path.suffix.lower() in FORCE_SUFFIXES]
    motion = [path for path in paths if path not in forces]
    if not motion:
        raise RecordingError(
            str(forces[0]), "holds forces without motion", "name the TRC file that belongs to it as well"
        )
    if len(motion) > 1 or len(forces) > 1:
        raise RecordingError(str(paths[1]), "is one recording too many", "analyse one recording at a time")
    return motion[0], forces[0] if forces else None

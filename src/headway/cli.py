"""The command line: arguments in, messages out, no computing."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from headway import __version__
from headway.errors import HeadwayError, OptionError, RecordingError

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.report.film import FilmLayer

USAGE_FAULT, INPUT_FAULT, INTERRUPTED = 2, 3, 130
FORCE_SUFFIXES = (".mot", ".sto")

app = App(
    name="headway",
    help="Measure how the push-off in running travels from the foot to the head.",
    version=__version__,
    help_flags=["--help", "-h"],
)


def main() -> None:
    """Run the command line; a fault a user can mend ends in one line and exit code 3."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    if not debug:
        warnings.simplefilter("ignore", RuntimeWarning)  # means over gaps are NaN by design
    try:
        app([argument for argument in arguments if argument != "--debug"], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _say(f"headway: {' '.join(str(error).split())}; see headway --help")
        sys.exit(USAGE_FAULT)
    except HeadwayError as error:
        if debug:
            raise
        _say(f"headway: {error}")
        sys.exit(INPUT_FAULT)
    except KeyboardInterrupt:
        _say("headway: interrupted; nothing was written")
        sys.exit(INTERRUPTED)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


@app.command
def demo(
    *, out: Path = Path("headway-demo"), noise: float = 0.0, seed: int = 0, overwrite: bool = False, quiet: bool = False
) -> None:
    """Analyse a synthetic runner with known truth and print measured beside true.

    Parameters
    ----------
    out
        Folder for the report, the results and the synthetic recording itself (a C3D).
    noise
        Standard deviation of the marker noise, millimetres.
    seed
        Of the noise.
    overwrite
        Replace an earlier analysis in the folder.
    quiet
        Print nothing.
    """
    from headway.demo import run_demo

    if not 0 <= noise <= 50:
        raise OptionError("--noise", f"{noise:g} mm is no marker noise", "give millimetres between 0 and 50")
    result = run_demo(out, noise=noise / 1000, seed=seed, overwrite=overwrite or out == Path("headway-demo"))
    if not quiet:
        from headway.messages import show_demo

        show_demo(result, out)


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


@app.command
def analyze(
    recordings: Annotated[
        list[Path],
        Parameter(
            help="A C3D, TRC or CSV file (with a TRC its ground forces as MOT or STO); or one film, or two: from the side and from behind."
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
    filmed: Filmed = Filmed(),
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
    csv
        Write steps.csv too.
    json
        Print summary.json and nothing else.
    quiet
        Print nothing.
    overwrite
        Replace an earlier analysis in the folder.
    """
    from headway.analysis.analysis import check_target
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.pose.load import is_keypoint_source

    target = out if out is not None else Path(f"{recordings[0].stem}-headway")
    check_target(target, overwrite=overwrite)
    runner = Runner(height=height, mass=mass, sex=sex)
    options = Options(
        up=up,
        forward=forward,
        treadmill=treadmill,
        speed=speed,
        start=_seconds(start, "--start"),
        stop=_seconds(stop, "--stop"),
        view=filmed.view,
        tempo_stated=filmed.slow_motion is not None,
    )
    layers: tuple[FilmLayer, ...] = ()
    if all(is_keypoint_source(path) for path in recordings):
        result, layers = _analyze_films(recordings, runner, options, filmed, quiet=quiet or json)
    else:
        recording, forces = _one_recording(recordings)
        result = _analyze(recording, forces, runner, options, standing, subject)
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
    from headway.analysis import analyze as measure
    from headway.analysis.merge import merge
    from headway.messages import film_progress
    from headway.pose.load import load_keypoints
    from headway.pose.options import FilmOptions
    from headway.report.film_layers import film_layers

    film = FilmOptions(
        slow_motion=filmed.slow_motion,
        start=options.start,
        stop=options.stop,
        person=filmed.person,
        pose_model=filmed.pose_model,
        rate=filmed.rate,
    )
    parts = []
    for path in paths:
        with film_progress(path.name, quiet=quiet) as progress:
            points = load_keypoints(path, film, progress)
        parts.append(measure(points, runner, options))
    result = merge(parts)
    return result, () if filmed.no_film else film_layers(result, film, blur_face=filmed.blur_face)


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


def _seconds(text: str | None, option: str) -> float | None:
    """Seconds from ``7:11``, ``1:02:03.5``, ``431`` or ``431.5``."""
    if text is None:
        return None
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(0 <= part < 1e6 for part in parts):
        raise OptionError(option, f"{text!r} is no time", "give 7:11, 431 or 431.5")
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))


@app.command
def metrics(name: str | None = None, *, markdown: bool = False) -> None:
    """List what Headway measures, or explain one metric.

    Parameters
    ----------
    name
        Metric to explain.
    markdown
        Print all definitions as Markdown (this makes docs/metrics.md).
    """
    from headway.messages import show_metric, show_metrics

    if markdown:
        from headway.metrics.document import metrics_markdown

        sys.stdout.write(metrics_markdown())
    elif name is None:
        show_metrics()
    else:
        show_metric(name)


@app.command
def film_guide() -> None:
    """Tell in ten lines how to film a runner."""
    from headway.messages import FILM_GUIDE

    sys.stdout.write(FILM_GUIDE)


@app.command
def formats() -> None:
    """List the files Headway reads and the marker sets it knows."""
    from headway.messages import show_formats

    show_formats()


@app.command
def info() -> None:
    """Print versions, for bug reports."""
    from headway.messages import show_info

    show_info()


if __name__ == "__main__":
    main()

"""From paths to an analysis: a recording of any kind, two films of one run, several sensors, or a folder that ``headway analyze`` wrote.

Nothing heavy is imported before the paths were looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from headway.errors import OptionError, RecordingError
from headway.options import Options, flag
from headway.sources.format import Format, Source, look
from headway.sources.load import load_recording, merged_sensors, read, refuse_useless
from headway.sources.registry import format_of

if TYPE_CHECKING:
    from headway.analysis.analysis import Analysis
    from headway.gait.runner import Runner
    from headway.pose.keypoints import KeyPoints

Report = Callable[[int, int], None] | None
ShowProgress = Callable[[str], AbstractContextManager[Report]]
TWO_SIDES = "give one film from the side and one from behind or in front"


def silent(name: str) -> AbstractContextManager[Report]:
    """Show no progress."""
    return nullcontext()


def measured(
    paths: str | Path | Sequence[str | Path],
    options: Options | None = None,
    *,
    prefix: str = "",
    progress: ShowProgress = silent,
    fitting: Callable[[str], None] | None = None,
) -> Analysis:
    """Analyse a recording, or load what was analysed.

    Parameters
    ----------
    paths
        A recording of any kind (with its ground forces as a further path), two films of one run, what several sensors recorded on one run (with
        ``body`` also beside a film or markers), or a folder that ``headway analyze`` wrote.
    options
        What the user said about it.
    prefix
        Of its options in messages: ``b-`` for the second recording of a comparison.
    progress
        Given a film's name, a context that gives the function to report frames to.
    fitting
        Told in words how far the fit of a body is, where it was asked for.

    Raises
    ------
    RecordingError, OptionError
        It cannot be used, in one line.
    """
    options = options or Options()
    sources = [look(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    found = [format_of(source) for source in sources]
    kinds = {one.holds for one in found}
    if kinds == {"analysis"} and len(sources) == 1:
        return _saved(sources[0].path, options, prefix)
    refuse_useless(options, found, prefix)
    if kinds == {"keypoints"}:
        return _films(sources, found, options, prefix, progress, fitting)
    if "sensors" in kinds and len(kinds) > 1:
        return _with_sensors(sources, found, options, progress, fitting)
    if "sensors" in kinds:
        from headway.analysis.analyze_sensors import measure_sensors

        return measure_sensors(merged_sensors(sources, found, options), _runner(options), options)
    return _recording(sources, found, options, fitting)


def each_run(path: str | Path, options: Options | None = None) -> dict[int, Analysis | RecordingError]:
    """Analyse every steady run of one recording of markers by itself: its number, in order of time, to the analysis or why there is none.

    Raises
    ------
    RecordingError, OptionError
        The recording, or all of its runs, cannot be used, in one line.
    """
    options = options or Options()
    if options.bout is not None:
        raise OptionError("--bout", "--all-bouts takes every run", "leave one of them out")
    recording = load_recording(path, options)
    still = options.standing
    standing = None if still is None else load_recording(still, Options(subject=options.subject))
    from headway.analysis.analyze import analyze
    from headway.gait.prepare import count_runs

    out: dict[int, Analysis | RecordingError] = {}
    for number in range(1, count_runs(recording, options, standing) + 1):
        try:
            out[number] = analyze(recording, _runner(options), replace(options, bout=number), standing=standing)
        except RecordingError as fault:
            out[number] = fault
    if all(isinstance(one, RecordingError) for one in out.values()):
        return {1: analyze(recording, _runner(options), options, standing=standing)}
    return out


def _runner(options: Options) -> Runner:
    from headway.gait.runner import Runner

    return Runner.of(options)


def _saved(path: Path, options: Options, prefix: str) -> Analysis:
    if (path / "experiment.json").is_file() and not (path / "summary.json").exists():
        raise RecordingError(str(path), "holds a whole experiment", "name one of the folders in its folder blocks")
    given = options.given()
    if given:
        what = f"{path} was analysed already"
        raise OptionError(flag(given[0], prefix), what, "leave it out, or give the recording itself")
    from headway.analysis.analysis import Analysis

    return Analysis.load(path)


def _recording(
    sources: Sequence[Source],
    found: Sequence[Format],
    options: Options,
    fitting: Callable[[str], None] | None = None,
) -> Analysis:
    forces = [source.path for source, one in zip(sources, found, strict=True) if one.holds == "forces"]
    motion = [(source, one) for source, one in zip(sources, found, strict=True) if one.holds != "forces"]
    if not motion:
        from headway.io.mot import refuse_alone

        raise refuse_alone(forces[0])
    if len(motion) > 1 or len(forces) > 1 or motion[0][1].holds != "recording":
        raise RecordingError(str(sources[1].path), "is one recording too many", "give one, or two films of one run")
    options = replace(options, forces=forces[0]) if forces else options
    recording = read(*motion[0], options)
    still = options.standing
    standing = None if still is None else load_recording(still, Options(subject=options.subject))
    from headway.analysis.analyze import analyze

    return analyze(recording, _runner(options), options, standing=standing, fitting=fitting)


def _films(
    sources: Sequence[Source],
    found: Sequence[Format],
    options: Options,
    prefix: str,
    progress: ShowProgress,
    fitting: Callable[[str], None] | None = None,
) -> Analysis:
    """One film or key-point recording, or two of one run from different sides as one; the options go for both."""
    check_films([source.path for source in sources], options, prefix)
    points = []
    for source, one in zip(sources, found, strict=True):
        with progress(source.path.name) as report:
            points.append(read(source, one, options, report))
    from headway.analysis.analyze import analyze
    from headway.analysis.merge import merge

    runner, body = _runner(options), None
    if options.body and len(points) > 1:
        from headway.fit.fit_body import fit_body

        listener = None if fitting is None else lambda report: fitting(report.words)
        body = fit_body(points, runner, options, listener=listener)
    return merge([analyze(one, runner, options, fitting=fitting, body=body) for one in points])


def _with_sensors(
    sources: Sequence[Source],
    found: Sequence[Format],
    options: Options,
    progress: ShowProgress,
    fitting: Callable[[str], None] | None = None,
) -> Analysis:
    """A film or a recording of markers, with what sensors recorded on the same run as data of its body's fit."""
    every = list(zip(sources, found, strict=True))
    worn = [one for one in every if one[1].holds == "sensors"]
    motion = [one for one in every if one[1].holds in ("recording", "keypoints")]
    forces = [source.path for source, one in every if one.holds == "forces"]
    name = str(worn[0][0].path)
    if not options.body:
        what = "sensors beside a recording are only used by the fit of a body"
        raise RecordingError(name, what, "give --body, or analyse them by themselves")
    if len(motion) != 1 or len(forces) > 1 or len(motion) + len(worn) + len(forces) < len(every):
        raise RecordingError(name, "sensors go with one recording or one film", "give one")
    options = replace(options, forces=forces[0]) if forces else options
    (source, one), still = motion[0], options.standing
    with progress(source.path.name) as report:
        recording = read(source, one, options, report)
    standing = None if still is None else load_recording(still, Options(subject=options.subject))
    from headway.analysis.analyze import analyze
    from headway.fit.fit_body import fit_body

    listener = None if fitting is None else lambda report: fitting(report.words)
    sources, found = [one[0] for one in worn], [one[1] for one in worn]
    given = [recording, merged_sensors(sources, found, options)]
    body = fit_body(given, _runner(options), options, standing=standing, listener=listener)
    return analyze(recording, _runner(options), options, standing=standing, body=body)


def shots_of(path: Path, options: Options, progress: ShowProgress = silent) -> list[int]:
    """Numbers of the shots of a film in which a runner was followed.

    Raises
    ------
    RecordingError, OptionError
        It is no film, or cannot be used.
    """
    source = look(path)
    found = format_of(source)
    refuse_useless(options, [found])
    if "shot" not in found.takes:
        raise OptionError(flag("all_shots"), f"a {found.title} has no shots", "leave it out")
    with progress(path.name) as report:
        points = cast("KeyPoints", read(source, found, options, report))
    return [shot.number for shot in points.shots if not shot.missing]


def check_films(paths: Sequence[Path], options: Options, prefix: str = "") -> None:
    """Refuse what can be told of several films before minutes are spent on the first one.

    Raises
    ------
    RecordingError, OptionError
        More than two, the same twice, two of one name, or one view for both.
    """
    if len(paths) == 1:
        return
    where = " ".join(path.name for path in paths)
    if len(paths) > 2:
        raise RecordingError(where, f"{len(paths)} films", TWO_SIDES)
    if paths[0].resolve() == paths[1].resolve():
        raise RecordingError(where, "the same film twice", TWO_SIDES)
    if paths[0].name == paths[1].name:
        raise RecordingError(where, "two films of one name cannot be told apart in the report", "rename one of them")
    if options.view is not None:
        what = f"two films cannot both be from the same view ({options.view})"
        raise OptionError(flag("view", prefix), what, "leave it out with two films")

"""What the command line calls: thin functions that return what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import HeadwayError, OptionError, RecordingError
from headway.machine import processors
from headway.simulation.options import SimulationOptions
from headway.simulation.request import SimulationRequest, SimulationSeries, simulation_series
from headway.texts import ENGLISH

if TYPE_CHECKING:
    from headway.body.skeleton import Skeleton
    from headway.simulation.plan import Simulation, SweepPlan
    from headway.simulation.result import Result, SimulationRun
    from headway.simulation.solution import Solution
    from headway.simulation.solvers import Listener
    from headway.simulation.store import SolutionCache
    from headway.simulation.summary import TrackingReport

    Solver = Callable[[SweepPlan, int, Listener | None], Simulation]
    Beginner = Callable[[Sequence[SweepPlan], int, Listener | None], tuple[list[Solution | None], bool]]

MESH, STARTS = 20, 2
MOST = 8
"""Differences said on the command line; the page has all."""


def simulate_command(
    options: SimulationOptions,
    out: Path,
    *,
    csv: bool = False,
    overwrite: bool = False,
    language: str = ENGLISH,
    model: Path | None = None,
    listener: Listener | None = None,
    engine: Engine | None = None,
) -> Result:
    """Simulate what was asked, save everything to a folder, and return it.

    Parameters
    ----------
    options
        In the words of the command line.
    out, csv, overwrite, language
        See :func:`headway.simulation.save.save_result`.
    model
        Where to write the body that ran as an MJCF file, once everything else is saved.
    listener
        Told of the progress.
    engine
        What solves it; Headway's own solver otherwise.

    Raises
    ------
    HeadwayError
        Something asked cannot be, CasADi is missing, or no condition has a solution.
    KeyboardInterrupt
        Stopped by the user before anything was finished.
    """
    from headway.folder import check_target, claimed

    series, skeleton = simulation_series(options), options.skeleton()
    check_target(out, overwrite=overwrite)
    if model is not None and any(one.unequal for run in series.runs for one in run.conditions):
        what = "tells one step, whose mirror image follows: legs that are not alike have two"
        raise OptionError("--mjcf", what, "leave out --right-leg and --right-ankle, or --mjcf")
    if model is not None:
        _check_model(model, overwrite=overwrite, made=out)
    _need_casadi()
    from headway.simulation.result import Result
    from headway.simulation.run import first_solutions, simulate
    from headway.simulation.save import own_names, save_result
    from headway.simulation.store import SolutionCache
    from headway.simulation.summary import RECORDED

    own_names(out, series.names if options.recording is None else (RECORDED, *series.names))
    with claimed(out, overwrite=overwrite, files=("summary.json", "report.html")):
        tracked, report = (None, None) if options.recording is None else _tracked(options, options.recording, listener)
        if tracked is not None:
            skeleton = tracked.skeleton
        cache = SolutionCache() if options.cache else None
        engine = engine or Engine(simulate, first_solutions)
        runs = _simulate_series(options, series, _Beginning(skeleton, tracked, cache), listener, engine)
        source = "" if options.recording is None else options.recording.name
        result = Result(skeleton, series.sweep, runs, source, tracked, report)
        _check_solved(result)
        save_result(result, out, csv=csv, overwrite=overwrite, language=language)
    if model is not None:
        _write_model(skeleton, model, next(iter(result.solutions.values())))
    return result


@dataclass(frozen=True)
class Engine:
    """What solves a simulation.

    Attributes
    ----------
    solve
        One plan, like :func:`headway.simulation.run.simulate`.
    begin
        First conditions of several plans side by side, like :func:`headway.simulation.run.first_solutions`; ``None`` takes one plan after the
        other.
    """

    solve: Solver
    begin: Beginner | None = None


@dataclass(frozen=True)
class _Beginning:
    """Where runs begin: the body, the stride tracked in its recording, and solutions of earlier runs."""

    skeleton: Skeleton
    tracked: Solution | None
    cache: SolutionCache | None

    def plan(self, options: SimulationOptions, run: SimulationRequest, before: Simulation | None) -> SweepPlan:
        """What is to be solved in a run; ``before`` is the run before it."""
        from headway.simulation.contact import Ground
        from headway.simulation.plan import LEAD, VARIANTS, SweepPlan, Variant
        from headway.simulation.styles import styles

        ground = Ground() if self.tracked is None else self.tracked.ground
        speed = self.tracked.speed if run.speed is None and self.tracked is not None else run.speed or 0.0
        first, intervals = run.conditions[0], options.mesh or MESH
        steps = 2 if any(one.unequal for one in run.conditions) else 1 if self.tracked is None else self.tracked.steps
        begin = (None if before is None else before.lead(before.plan.conditions[0].name)) or self.tracked
        if begin is not None and begin.steps > steps:
            begin = None
        begun = "" if self.tracked is None else str(options.recording)
        others: dict[str, Solution] = {}
        if options.starts is None and self.tracked is None:
            lead, *rest = styles()
            others = {one.name: one.near(self.skeleton, ground, speed) for one in rest}
            if begin is None and self.cache is not None and options.quick and steps == 1:
                begin = self.cache.find(self.skeleton, first, LEAD.cost, speed, intervals, ground)
                begun = "" if begin is None else "a solution of an earlier run"
            if begin is None:
                begin, begun = lead.near(self.skeleton, ground, speed), f"the style {lead.name}"
        return SweepPlan(
            self.skeleton,
            speed,
            run.conditions,
            variants=(LEAD,) if options.quick else (*VARIANTS, *(Variant(LEAD.cost, style=name) for name in others)),
            intervals=intervals,
            starts=options.starts or (1 if options.quick else STARTS),
            same_effort=not options.quick,
            ground=ground,
            begin=begin,
            begun=begun,
            styles=others,
            steps=steps,
        )

    def keep(self, simulation: Simulation) -> None:
        """Keep the leading solutions for later runs."""
        if self.cache is not None:
            for (variant, _), solution in simulation.solutions.items():
                if variant == 0:
                    self.cache.put(solution)


def _simulate_series(
    options: SimulationOptions,
    series: SimulationSeries,
    beginning: _Beginning,
    listener: Listener | None,
    engine: Engine,
) -> tuple[SimulationRun, ...]:
    """Run after run; what was not reached when the user stopped it is there without solutions."""
    from headway.simulation.plan import Simulation
    from headway.simulation.result import SimulationRun

    out: list[SimulationRun] = []
    workers = options.workers or processors()
    firsts, stopped = [None] * len(series.runs), False
    if engine.begin is not None and len(series.runs) > 1 and workers > 1 and options.starts is None:
        plans = [beginning.plan(options, run, None) for run in series.runs]
        firsts, stopped = engine.begin(plans, workers, listener)
    for run, first in zip(series.runs, firsts, strict=True):
        before = out[-1].simulation if out else None
        plan = beginning.plan(options, run, before)
        if first is not None:
            plan = replace(plan, begin=first)
        if stopped or (before is not None and before.interrupted):
            found = {} if first is None else {(0, run.conditions[0].name): first}
            done = Simulation(plan, found, {}, (), interrupted=True)
        else:
            done = engine.solve(plan, workers, listener)
            beginning.keep(done)
        out.append(SimulationRun(run, done))
    if any(one.simulation.interrupted for one in out) and not any(one.simulation.solutions for one in out):
        raise KeyboardInterrupt
    return tuple(out)


def _tracked(options: SimulationOptions, path: Path, listener: Listener | None) -> tuple[Solution, TrackingReport]:
    """Stride of a runner's own fitted body that the conditions begin from, and how near to the fit it is.

    Raises
    ------
    RecordingError
        It cannot be read, no body can be fitted to it, or no stride that obeys mechanics is near it.
    """
    from headway.fit.fit_body import fit_body
    from headway.fit.own_stride import own_stride
    from headway.fit.run import FitReport
    from headway.gait.runner import Runner
    from headway.simulation.solve import Progress
    from headway.simulation.solvers import Report
    from headway.simulation.track import track
    from headway.simulation.tracking_report import tracking_report
    from headway.sources.format import look
    from headway.sources.registry import format_of

    def tell_fit(report: FitReport) -> None:
        if listener is not None:
            at = Progress(report.progress.rounds, report.progress.violation, report.progress.seconds)
            listener(Report(f"fitting stride {report.stride} of {path.name}", at, report.done, report.strides))

    def tell(progress: Progress) -> None:
        if listener is not None:
            listener(Report(f"tracking {path.name}", progress, 0, 1))

    if format_of(look(path)).holds == "keypoints":
        what = "a film tells moments too roughly to predict from them"
        raise RecordingError(
            str(path), what, "give a recording of markers, and look at the film with headway analyze … --body"
        )
    runner = Runner(options.height, options.mass, options.sex)
    measured = own_stride(fit_body(path, runner, listener=tell_fit, workers=options.workers))
    found: Solution = track(measured, intervals=options.mesh or MESH, listener=tell)
    if not found.quality.solved:
        what = f"no stride that obeys mechanics was found near it ({found.quality.status})"
        raise RecordingError(str(path), what, "check mass, speed and forces with headway analyze")
    return found, tracking_report(found, measured)


def _need_casadi() -> None:
    if find_spec("casadi") is None:
        raise HeadwayError(
            "headway simulate",
            "CasADi is not installed",
            "uv run --extra lab headway simulate …, or pip install casadi",
        )


def _check_solved(result: Result) -> None:
    if any(one.simulation.solutions for one in result.runs):
        return
    reasons = [f"{name}: {why}" for one in result.runs for name, why in one.simulation.refused.items()]
    what = f"no condition has a solution ({'; '.join(reasons[:3]) or 'nothing was solved'})"
    raise HeadwayError("headway simulate", what, "ask for a speed, lean or step width nearer to usual running")


def write_mjcf(options: SimulationOptions, path: Path, *, overwrite: bool = False) -> Path:
    """Write the body as an MJCF file for MuJoCo; needs no CasADi.

    Raises
    ------
    HeadwayError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    skeleton = options.skeleton()
    _check_model(path, overwrite=overwrite)
    _write_model(skeleton, path)
    return path


def _check_model(path: Path, *, overwrite: bool, made: Path | None = None) -> None:
    """Refuse a file that exists or cannot be; its folder has to be there, or be the one that is ``made`` before it is written."""
    if path.is_dir():
        raise HeadwayError(str(path), "is a folder", "name a file with --mjcf")
    if path.exists() and not overwrite:
        raise HeadwayError(str(path), "the file exists", "name another one, or give --overwrite")
    if not path.parent.is_dir() and path.parent != made:
        raise HeadwayError(str(path), "cannot be written (its folder does not exist)", "name a file in one that does")


def _write_model(skeleton: Skeleton, path: Path, solution: Solution | None = None) -> None:
    from headway.simulation.contact import Ground
    from headway.simulation.mjcf import mjcf

    if solution is None:
        text = mjcf(skeleton, Ground())
    else:
        from headway.simulation.motion import replay

        text = mjcf(skeleton, solution.ground, replay(solution))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise HeadwayError(str(path), f"cannot be written ({why})", "name a file you may write") from error


def simulate_lines(result: Result, folder: Path) -> list[str]:
    """What was solved, the main differences with their verdicts, and where the page is."""
    from headway.report.simulation_rows import effort_speeds, finding_lines, side_lines, speeds_words
    from headway.report.simulation_trust import tracking_words
    from headway.simulation.styles import beyond_words

    summary = result.summary
    lines = [f"{len(summary.solved)} of {len(summary.conditions)} conditions solved at {speeds_words(summary)}"]
    lines += [f"{one.name}: {one.words}" for one in summary.plan.heads]
    lines += beyond_words(summary.plan.speeds)
    lines += [f"no solution: {one.name}: {one.why}" for one in summary.unsolved]
    lines += [*tracking_words(summary)[:1], *side_lines(summary)]
    told = finding_lines(summary)
    lines += told[:MOST]
    if len(told) > MOST:
        lines.append(f"and {len(told) - MOST} more in the page")
    lines += effort_speeds(summary)[:MOST]
    if summary.stopped:
        lines.append("stopped: what was finished is in the folder")
    return [*lines, f"Page: {folder / 'report.html'}"]

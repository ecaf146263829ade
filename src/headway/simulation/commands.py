"""What the command line calls: thin functions that return what is to be said."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import HeadwayError
from headway.simulation.asked import Asked, Course, course

if TYPE_CHECKING:
    from headway.body.skeleton import Skeleton
    from headway.simulation.progress import Listener
    from headway.simulation.result import Found, Result
    from headway.simulation.run import Plan, Simulation
    from headway.simulation.solution import Solution

    Solver = Callable[[Plan, Listener | None], Simulation]

MESH, STARTS = 18, 2
MOST = 8
"""Differences said on the command line; the page has all."""


def simulate_command(
    asked: Asked,
    out: Path,
    *,
    csv: bool = False,
    overwrite: bool = False,
    listener: Listener | None = None,
    solver: Solver | None = None,
) -> Result:
    """Simulate what was asked, save everything to a folder, and return it.

    Parameters
    ----------
    asked
        In the words of the command line.
    out, csv, overwrite
        See :func:`headway.simulation.save.save_result`.
    listener
        Told of every iteration.
    solver
        In place of :func:`headway.simulation.run.simulate`.

    Raises
    ------
    HeadwayError
        Something asked cannot be, CasADi is missing, or no condition has a solution.
    KeyboardInterrupt
        Stopped by the user before anything was finished.
    """
    from headway.folder import check_target

    wanted, skeleton = course(asked), asked.skeleton()
    check_target(out, overwrite=overwrite)
    _need_casadi()
    from headway.simulation.result import Result
    from headway.simulation.save import save_result

    tracked = None if asked.recording is None else _tracked(asked, asked.recording)
    if tracked is not None:
        skeleton = tracked.skeleton
    found = _found(asked, wanted, skeleton, tracked, listener, solver or _solver())
    source = "" if asked.recording is None else asked.recording.name
    result = Result(skeleton, wanted.sweep, found, source, tracked)
    _check_solved(result)
    save_result(result, out, csv=csv, overwrite=overwrite)
    return result


def _found(
    asked: Asked,
    wanted: Course,
    skeleton: Skeleton,
    tracked: Solution | None,
    listener: Listener | None,
    solver: Solver,
) -> tuple[Found, ...]:
    """Run at each speed; what was not reached when the user stopped it is there without solutions."""
    from headway.simulation.result import Found
    from headway.simulation.run import LEAD, VARIANTS, Plan, Simulation

    out: list[Found] = []
    for run in wanted.runs:
        plan = Plan(
            skeleton,
            tracked.speed if run.speed is None and tracked is not None else run.speed or 0.0,
            run.conditions,
            variants=(LEAD,) if asked.quick else VARIANTS,
            intervals=asked.mesh or MESH,
            starts=asked.starts or (1 if asked.quick else STARTS),
            same_effort=not asked.quick,
        )
        stopped = bool(out) and out[-1].simulation.interrupted
        try:
            done = Simulation(plan, {}, {}, (), interrupted=True) if stopped else solver(plan, listener)
        except KeyboardInterrupt:
            if not any(one.simulation.solutions for one in out):
                raise
            done = Simulation(plan, {}, {}, (), interrupted=True)
        out.append(Found(run, done))
    if any(one.simulation.interrupted for one in out) and not any(one.simulation.solutions for one in out):
        raise KeyboardInterrupt
    return tuple(out)


def _solver() -> Solver:
    from headway.simulation import run

    return run.simulate  # pyright: ignore[reportAttributeAccessIssue]


def _tracked(asked: Asked, path: Path) -> Solution:
    """Step of a recording, dynamically consistent, that the conditions begin from."""
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.io import load

    recording, runner = load(path), Runner(asked.height, asked.mass, asked.sex)
    from headway.simulation.measured_step import measured_step  # pyright: ignore[reportMissingImports]
    from headway.simulation.track import track  # pyright: ignore[reportMissingImports]

    return track(measured_step(recording, runner, Options()), intervals=asked.mesh or MESH)


def _need_casadi() -> None:
    if find_spec("casadi") is None:
        raise HeadwayError(
            "headway simulate",
            "CasADi is not installed",
            "uv run --extra lab headway simulate …, or pip install casadi",
        )


def _check_solved(result: Result) -> None:
    if any(one.simulation.solutions for one in result.found):
        return
    reasons = [f"{name}: {why}" for one in result.found for name, why in one.simulation.refused.items()]
    what = f"no condition has a solution ({'; '.join(reasons[:3]) or 'nothing was solved'})"
    raise HeadwayError("headway simulate", what, "ask for a speed, lean or step width nearer to usual running")


def write_mjcf(asked: Asked, path: Path, *, overwrite: bool = False) -> Path:
    """Write the body as an MJCF file for MuJoCo; needs no CasADi.

    Raises
    ------
    HeadwayError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    from headway.simulation.mjcf import mjcf

    text = mjcf(asked.skeleton())
    if path.exists() and not overwrite:
        raise HeadwayError(str(path), "the file exists", "name another one, or give --overwrite")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise HeadwayError(str(path), f"cannot be written ({why})", "name a file you may write") from error
    return path


def simulate_lines(result: Result, folder: Path) -> list[str]:
    """What was solved, the main differences with their verdicts, and where the page is."""
    from headway.report.simulation_rows import effort_speeds, finding_lines, speeds_words

    summary = result.summary
    solved = [one["name"] for one in summary["conditions"] if one["status"] == "solved"]
    lines = [f"{len(solved)} of {len(summary['conditions'])} conditions solved at {speeds_words(summary)}"]
    for one in summary["conditions"]:
        if one["status"] != "solved":
            lines.append(f"no solution: {one['name']}: {one['why']}")
    told = finding_lines(summary)
    lines += told[:MOST]
    if len(told) > MOST:
        lines.append(f"and {len(told) - MOST} more in the page")
    lines += effort_speeds(summary)[:MOST]
    if summary["stopped"]:
        lines.append("stopped: what was finished is in the folder")
    return [*lines, f"Page: {folder / 'report.html'}"]

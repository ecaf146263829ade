"""Tracking: known motions and soles are recovered, and recordings come out within the errors of their markers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.body.skeleton import Skeleton, make_skeleton
from headway.errors import RecordingError
from headway.fit.fit_body import fit_body
from headway.fit.own_step import own_step
from headway.gait.runner import Runner
from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS
from headway.simulation.guess import cold_guess
from headway.simulation.kinematics import posture
from headway.simulation.mean_step import Spread
from headway.simulation.measured_step import DENSE, MeasuredStep
from headway.simulation.solution import Solution
from headway.simulation.solve import solve_step
from headway.simulation.step import MIDDLE, StepProblem
from headway.simulation.summary import Quality, TrackingReport
from headway.simulation.track import TrackProblem, track
from headway.simulation.tracking_report import is_joint, tracking_report

INTERVALS = 12
STEMS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "asis", "psis", "heel", "toe", "mt5")


def as_measured(solution: Solution) -> MeasuredStep:
    """What perfect markers and plates would show of a solution."""
    middle = round(MIDDLE * 2 * solution.intervals) / (2 * solution.intervals)
    phase = middle + np.arange(2 * DENSE) / DENSE
    state = solution.state(phase * solution.step_time)
    places = solution.places(state)
    names = [f"{stem}_{side}" for stem in STEMS for side in ("right", "left")] + ["neck_base"]
    paths = {name: places[name] - solution.speed * state.time[:, None] * [1.0, 0.0, 0.0] for name in names}
    push = sum(state.forces.values()) / solution.model.weight
    loaded = np.flatnonzero(np.asarray(push)[:DENSE, 1] > 0.05)
    later = loaded[loaded > DENSE // 2]
    stance = (float(later.min()) / DENSE - 1.0, float(loaded[loaded <= DENSE // 2].max()) / DENSE)
    return MeasuredStep(
        "made", solution.skeleton, solution.ground, solution.speed, solution.step_time, stance, (1, 1), paths, np.asarray(push),
        dict.fromkeys(paths, Spread(0.0, 0.0)),
    )  # fmt: skip


def outline(skeleton: Skeleton, speed: float = 3.5) -> tuple[StepProblem, Solution]:
    """A running motion that obeys no law, as a solution."""
    problem = StepProblem(skeleton, INTERVALS)
    quality = Quality("made", True, 0, 0.0, 0.0, 0.0)
    unknowns = cold_guess(problem, speed)
    return problem, Solution(
        skeleton, CONDITIONS["free"], COSTS["effort"], problem.model.ground, INTERVALS, unknowns, 0.0, 0.0, quality
    )


@pytest.fixture(scope="module")
def known() -> tuple[StepProblem, Solution]:
    return outline(make_skeleton(1.75, 70.0, "male"))


def test_a_known_motion_is_found_from_its_points(known: tuple[StepProblem, Solution]):
    problem, solution = known
    since = problem.phases - problem.middle / problem.nodes
    measured = as_measured(solution)
    paths = {name: measured.at(name, since) for name in measured.paths}
    true = solution.variables[: problem.layout.coefficients]
    start = true + np.random.default_rng(0).normal(0.0, 0.1, true.shape)
    found = posture(problem.skeleton, problem.splines, problem.phases, paths, {}, start)
    q = problem.splines.rows(problem.phases)
    seen = [k for k, name in enumerate(problem.skeleton.names) if not name.startswith("neck")]
    apart = np.degrees(np.abs((q @ found - q @ true)[:, seen]))
    assert np.sqrt((apart**2).mean()) < 0.5
    assert apart.max() < 3.0


def test_the_distance_counts_points_and_force(known: tuple[StepProblem, Solution]):
    problem, solution = known
    measured = as_measured(solution)
    tracking = TrackProblem(problem.skeleton, INTERVALS, problem.model.ground, measured)
    assert len(tracking.families()) == len(problem.families()) + 2
    family = tracking._near()
    assert family.data.shape == (tracking.nodes, 3 * len(measured.paths) + 3)
    assert tracking._timing().lower[0] == measured.step_time
    assert len(tracking.families()) == len(problem.families()) + 2
    longer = replace(measured, stance=(-0.5, 0.7))
    with pytest.raises(RecordingError, match="hardly any flight"):
        track(longer, intervals=INTERVALS)


@pytest.mark.slow
def test_a_predicted_step_tracked_comes_back():
    skeleton = make_skeleton(1.75, 70.0, "male")
    solved = solve_step(StepProblem(skeleton, 14), CONDITIONS["free"], COSTS["effort"], 3.5)
    assert solved.quality.solved
    measured = as_measured(solved)
    tracked = track(measured, intervals=14)
    report = tracking_report(tracked, measured)
    assert tracked.quality.solved
    assert report.joints < 0.005
    assert np.linalg.norm(report.force) < 0.08


def _own(data: Path, path: str, height: float) -> MeasuredStep:
    return own_step(fit_body(data / path, Runner(height)))


def _within(tracked: Solution, report: TrackingReport) -> None:
    assert tracked.quality.solved
    assert report.joints < 0.015
    assert max(size for name, size in report.points.items() if is_joint(name)) < 0.025
    assert np.linalg.norm(report.force) < 0.15
    assert np.linalg.norm(report.stance_force) < 0.15
    assert report.constraint_error <= 1e-6
    assert report.residual < 0.05


@pytest.mark.slow
def test_a_treadmill_runner_is_tracked_and_then_predicted(data: Path):
    measured = _own(data, "hamner2013/subject04/trials/run300/markers.trc", 1.772)
    assert measured.step_time == pytest.approx(60 / 160, rel=0.02)
    tracked = track(measured)
    report = tracking_report(tracked, measured)
    _within(tracked, report)
    assert tracked.cost.name == "tracking"
    assert any("head" in note for note in report.notes)
    assert tracked.step_time == pytest.approx(measured.step_time, abs=1e-9)
    problem = StepProblem(tracked.skeleton, tracked.intervals, tracked.ground)
    free = solve_step(problem, CONDITIONS["free"], COSTS["effort"], tracked.speed, start=tracked)
    assert free.quality.solved
    assert free.skeleton is tracked.skeleton
    assert free.ground == tracked.ground


@pytest.mark.slow
def test_an_overground_runner_is_tracked(data: Path):
    measured = _own(data, "dorn2012_ja1/JA1Gait21.c3d", 1.8)
    assert measured.speed == pytest.approx(3.55, abs=0.1)
    tracked = track(measured)
    _within(tracked, tracking_report(tracked, measured))
    assert np.ptp(measured.push[:, 1]) > 2.0

"""Tracking: known motions and soles are recovered, and recordings come out within the errors of their markers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.errors import RecordingError
from headway.fit.fit_body import fit_body
from headway.fit.own_stride import own_stride
from headway.gait.runner import Runner
from headway.recording import Side
from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS
from headway.simulation.kinematics import posture
from headway.simulation.measured_stride import DENSE, MeasuredStride
from headway.simulation.solution import Solution
from headway.simulation.solve import solve_step
from headway.simulation.step import HALVES, MIDDLE, StepProblem
from headway.simulation.store import packed, unpacked
from headway.simulation.stride import StrideProblem, fitted, longer_leg, mean_outcomes, side_outcomes, unfolded
from headway.simulation.summary import TrackingReport
from headway.simulation.track import TrackProblem, parts_of, track
from headway.simulation.tracking_report import is_joint, tracking_report
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

APART = ("contact_time", "peak_vertical_grf", "knee_extension_moment", "hip_extension_moment")
"""Outcomes in which legs are compared."""
STEMS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "asis", "psis", "heel", "toe", "mt5")


def as_measured(solution: Solution) -> MeasuredStride:
    """What perfect markers and plates would show of a solution."""
    middle = round(MIDDLE * 2 * solution.intervals) / (2 * solution.intervals)
    phase = middle + np.arange(2 * DENSE) / DENSE
    state = solution.state(phase * solution.step_time)
    places = solution.places(state)
    names = [f"{stem}_{side}" for stem in STEMS for side in ("right", "left")] + ["neck_base"]
    paths = {name: places[name] - solution.speed * state.time[:, None] * [1.0, 0.0, 0.0] for name in names}
    push = sum(state.forces.values()) / solution.model.weight
    stances: dict[Side, tuple[float, float]] = {}
    for side, begins in (("right", 0.0), ("left", 1.0)):
        own = sum(one for name, one in state.forces.items() if name.endswith(side)) / solution.model.weight
        loaded = np.flatnonzero(np.roll(np.asarray(own)[:, 1], DENSE // 2 - round(begins * DENSE)) > 0.05)
        stances[side] = tuple(begins - 0.5 + loaded[[0, -1]] / DENSE)
    return MeasuredStride(
        "made", solution.skeleton, solution.ground, solution.speed, solution.step_time, stances, (1, 1), paths, np.asarray(push),
        dict.fromkeys(paths, 0.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def known(coarse: tuple[StepProblem, Solution]) -> tuple[StrideProblem, Solution]:
    """A solved stride, left and right alike."""
    problem, free = coarse
    return StrideProblem(problem.skeleton, problem.intervals), unfolded(free)


def test_a_known_motion_is_found_from_its_points(known: tuple[StrideProblem, Solution]):
    problem, solution = known
    since = problem.phases - problem.middle / problem.in_step
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


def test_the_distance_counts_points_and_force(known: tuple[StrideProblem, Solution]):
    problem, solution = known
    measured = as_measured(solution)
    tracking = TrackProblem(problem.skeleton, problem.intervals, problem.model.ground, measured)
    assert len(tracking.families()) == len(problem.families()) + 2
    family = tracking._near()
    assert family.data.shape == (tracking.nodes, 3 * len(measured.paths) + 3)
    assert tracking._timing().lower[0] == measured.step_time
    assert len(tracking.families()) == len(problem.families()) + 2


@pytest.mark.slow
def test_a_predicted_stride_tracked_comes_back_and_stays_symmetric(known: tuple[StrideProblem, Solution]):
    problem, solved = known
    measured = as_measured(solved)
    tracked = track(measured, intervals=problem.intervals)
    report = tracking_report(tracked, measured)
    assert tracked.quality.solved
    assert report.joints < 0.005
    assert np.linalg.norm(report.force) < 0.08
    left, right = side_outcomes(tracked).values()
    for name in APART:
        assert left[name] == pytest.approx(right[name], rel=0.005), name
        assert mean_outcomes(tracked)[name] == pytest.approx(right[name], rel=0.005)


@pytest.mark.slow
def test_a_limp_survives_tracking(known: tuple[StrideProblem, Solution]):
    problem, solved = known
    body = longer_leg(problem.skeleton, "left", 0.02)
    limping = StrideProblem(body, problem.intervals)
    limp = solve_step(limping, solved.condition, solved.cost, solved.speed, start=fitted(solved, body))
    assert limp.quality.solved
    measured = as_measured(limp)
    tracked = track(measured, intervals=problem.intervals)
    assert tracked.quality.solved
    assert tracking_report(tracked, measured).joints < 0.005
    known_legs, legs = side_outcomes(limp), side_outcomes(tracked)
    sizes = [abs(known_legs["left"][name] / known_legs["right"][name] - 1) for name in APART]
    assert max(sizes) > 0.03  # it does limp
    for name in APART:
        true, found = (one["left"][name] / one["right"][name] - 1 for one in (known_legs, legs))
        assert found == pytest.approx(true, abs=0.02), name


def test_the_feet_share_the_stride_as_their_contacts_ask(known: tuple[StrideProblem, Solution]):
    measured = as_measured(known[1])
    assert parts_of(measured, 0.4, 0.1) == HALVES
    limp = replace(measured, stances={"right": (-0.45, 0.45), "left": (0.7, 1.35)})
    assert parts_of(limp, 0.4, 0.1) == pytest.approx((-0.15, 0.975))  # in the middle of either flight
    late = replace(measured, stances={"right": (-0.3, 0.35), "left": (0.88, 1.62)})
    assert parts_of(late, 0.4, 0.05) == pytest.approx((0.06, 1.015))
    touching = replace(measured, stances={"right": (-0.45, 0.45), "left": (0.5, 1.35)})
    told = r"toe-off of the right foot and the other's contact lie \d+ ms: a run with hardly any flight"
    with pytest.raises(RecordingError, match=told):
        track(touching, intervals=known[0].intervals)


@pytest.mark.slow
def test_a_slow_limper_is_tracked_though_a_stance_does_not_fit_into_its_half():
    """2.3 m/s, the right foot down for 0.35 s and the left one for 0.27 s of 0.77 s."""
    made = RunnerParameters(speed=2.3, cadence=156.0, contact_time=0.31, contact_time_asymmetry=26.0)
    body = fit_body(record(SyntheticRunner(made), duration=1.6, rate=200.0), Runner(1.75), workers=1)
    measured = own_stride(body)
    assert measured.stances["right"][0] + MIDDLE < 0  # begins before the right foot's half of the stride
    tracked = track(measured, intervals=15)
    assert tracked.quality.solved and tracked.parts != HALVES
    assert tracking_report(tracked, measured).joints < 0.010
    legs = side_outcomes(tracked)
    contacts = [legs["right"]["contact_time"], legs["left"]["contact_time"]]
    assert contacts == pytest.approx([1.13 * made.contact_time, 0.87 * made.contact_time], abs=0.012)
    assert side_outcomes(unpacked(packed(tracked))) == legs


def _own(data: Path, path: str, height: float) -> MeasuredStride:
    return own_stride(fit_body(data / path, Runner(height)))


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
    problem = StrideProblem(tracked.skeleton, tracked.intervals, tracked.ground)
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

"""A simulated step goes the way of a recording: C3D, analysis, folder, page; and to disk and back."""

import json
import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

pytest.importorskip("casadi", reason="casadi is not installed (extra lab)")

from headway.analysis import Analysis
from headway.errors import HeadwayError, RecordingError
from headway.publish import write_json
from headway.recording import GRAVITY
from headway.report.simulation import render_simulation
from headway.report.simulation_rows import outcome_table, side_lines, written
from headway.results import Measured
from headway.simulation.commands import Engine, simulate_command, simulate_lines
from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS
from headway.simulation.mjcf import mjcf
from headway.simulation.motion import replay
from headway.simulation.options import SimulationOptions
from headway.simulation.outcome import OUTCOMES, outcomes
from headway.simulation.plan import Simulation, SweepPlan
from headway.simulation.request import SimulationRequest
from headway.simulation.result import Result, SimulationRun
from headway.simulation.save import save_result
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solve import Interrupted, solve_step
from headway.simulation.step import StepProblem
from headway.simulation.store import load_solution
from headway.simulation.stride import unfolded
from headway.simulation.styles import styles
from headway.simulation.summary import ConditionDifference, SimulationSummary, TrackingReport
from headway.simulation.to_recording import to_recording

SPEED, INTERVALS, COARSE = 3.5, 10, 5


@pytest.fixture(scope="session")
def measured(simulated):
    return Analysis.load(simulated[1] / "free")


KNOWN: dict[int, tuple[object, dict[str, float]]] = {}
"""Solutions and their outcomes: the tests ask for those of the same two again and again."""


def known(solution):
    if id(solution) not in KNOWN:
        KNOWN[id(solution)] = solution, outcomes(solution)
    return dict(KNOWN[id(solution)][1])


@pytest.fixture(autouse=True)
def outcomes_once(monkeypatch):
    monkeypatch.setattr("headway.simulation.result.mean_outcomes", known)


class Solver:
    """In place of the real one: gives what was solved before, and can be stopped after so many runs."""

    def __init__(self, solved, stop_after=None, stop_within=False):
        self.solved, self.stop_after, self.stop_within, self.plans = solved, stop_after, stop_within, []

    def __call__(self, plan, workers, listener):
        if self.stop_after == len(self.plans):
            raise KeyboardInterrupt
        self.plans.append(plan)
        by = {one.name: self.solved["braced" if one.neck_stiffness > 20 else "free"] for one in plan.conditions}
        if self.stop_within:
            by = dict(list(by.items())[:1])
        first, *others = by
        values = {name: known(solution) for name, solution in by.items()}
        differences = tuple(
            ConditionDifference(name, one, values[name][one], values[first][one],
                       {"cost effort": values[name][one] - values[first][one]}, True, "robust: higher", first)
            for name in others for one in OUTCOMES
        )  # fmt: skip
        found = {(0, name): solution for name, solution in by.items()}
        return Simulation(plan, found, {}, differences, interrupted=self.stop_within)


@pytest.mark.parametrize(
    ("metric", "outcome", "absolute", "relative"),
    [
        ("cadence", "cadence", 0.1, 0.0),
        ("contact_time", "contact_time", 0.006, 0.0),  # the analysis of plates counts from 20 N, the outcome from 50 N
        ("flight_time", "flight_time", 0.006, 0.0),
        ("step_length", "step_length", 0.0, 0.001),
        ("step_width", "step_width", 0.008, 0.0),
        ("vertical_oscillation", "vertical_oscillation", 0.0005, 0.01),
        ("trunk_lean", "trunk_lean", 0.005, 0.0),
        ("peak_vertical_grf", "peak_vertical_grf", 0.0, 0.01),
        ("braking_impulse", "braking_impulse", 0.001, 0.0),
        ("propulsive_impulse", "propulsive_impulse", 0.001, 0.0),
        ("neck_base_lateral_bounce_amplitude", "neck_base_lateral_amplitude", 0.0002, 0.0),
        ("lateral_bounce_amplitude", "head_lateral_amplitude", 0.0002, 0.0),
    ],
)
def test_the_ordinary_analysis_measures_what_was_simulated(free, measured, metric, outcome, absolute, relative):
    entry, true = measured.summary.metrics[metric], known(free)[outcome]
    assert isinstance(entry, Measured)
    assert entry.value == pytest.approx(true, abs=absolute or None, rel=relative or None)


def test_the_stance_foot_tells_the_speed_and_the_ladder_closes_on_the_plates(free, measured):
    metrics = measured.summary.metrics
    assert metrics["speed"].value == pytest.approx(free.speed, rel=0.05)  # friction creeps a little
    assert metrics["ladder_closure"].value < 0.12


def test_the_analysis_knows_that_nobody_ran(free, measured):
    summary = measured.summary
    assert any(flag.code == "simulated" for flag in summary.quality)
    assert summary.runner.mass == pytest.approx(free.skeleton.mass)
    assert summary.steps.left + summary.steps.right >= 22


def test_the_recording_has_the_motion_and_the_wrench_of_the_step(free):
    recording = to_recording(free, strides=3)
    force = recording.ground_force
    assert force is not None
    stride = 2 * free.step_time
    assert recording.duration == pytest.approx(3 * stride, abs=0.005)
    lifted = force["force"].sel(axis="z").sum("plate").to_numpy()
    assert lifted.mean() / (free.skeleton.mass * GRAVITY) == pytest.approx(1.0, abs=0.012)
    # What the left foot did, the right one did a step before, mirrored (y is to the left).
    k = round(free.step_time * 1000)
    right, left = (force["force"].sel(plate=side).to_numpy() for side in ("right", "left"))
    late = force["time"].to_numpy()[:-k] + free.step_time
    for axis, sign in ((0, 1), (1, -1), (2, 1)):
        again = np.interp(late, force["time"].to_numpy(), left[:, axis])
        assert np.abs(again - sign * right[:-k, axis]).max() < 0.02 * free.skeleton.mass * GRAVITY
    loaded = right[:, 2] >= 20
    pressure = force["centre_of_pressure"].sel(plate="right").to_numpy()
    assert (np.isfinite(pressure).all(1) == loaded).all()
    assert np.abs(pressure[loaded, 2]).max() < 1e-12
    heel, toe = (recording.position(f"{name}_right") for name in ("heel", "toe"))
    at = np.searchsorted(recording.time, force["time"].to_numpy()[loaded])
    at = np.minimum(at, len(recording.time) - 1)
    assert (pressure[loaded, 0] > heel[at, 0] - 0.05).all() and (pressure[loaded, 0] < toe[at, 0] + 0.05).all()


def test_events_are_where_the_force_crosses_its_threshold(free):
    recording = to_recording(free, strides=2)
    force = recording.ground_force
    assert force is not None
    for event in recording.events:
        up = force["force"].sel(plate=event.side, axis="z")
        assert float(np.interp(event.time, up["time"], up)) == pytest.approx(50.0, abs=8.0)
    assert [event.name for event in recording.events[:2]] == ["initial_contact", "toe_off"]
    assert recording.events[0].side == "right"


@pytest.fixture(scope="session")
def simulated(solved, tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated") / "out"
    asked = SimulationOptions("free,braced", "3.5", quick=True, mesh=INTERVALS, sex="male", cache=False)
    return simulate_command(asked, folder, csv=True, engine=Engine(Solver(solved))), folder


def test_the_folder_holds_each_condition_as_analyze_writes_it(simulated, free):
    result, folder = simulated
    assert sorted(path.name for path in folder.iterdir()) == [
        "braced",
        "free",
        "outcomes.csv",
        "report.html",
        "summary.json",
    ]
    assert [one.folder for one in SimulationSummary.load(folder).solved] == ["free", "braced"]
    back = Analysis.load(folder / "free")
    assert back.summary.metrics["cadence"].value == pytest.approx(60 / free.step_time, rel=1e-3)
    assert np.array_equal(load_solution(folder / "free" / "solution.npz").variables, free.variables)
    names = {path.name for path in (folder / "braced").iterdir()}
    assert {"report.html", "simulated.c3d", "solution.npz", "steps.parquet", "steps.csv", "waveforms.nc"} <= names
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'href="braced/report.html"' in page and "What mechanics alone predicts" in page
    table = (folder / "outcomes.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == 1 + 2 * len(OUTCOMES)
    lines = simulate_lines(result, folder)
    assert lines[0].startswith("2 of 2 conditions solved at 3.50") and lines[-1].endswith("report.html")


def test_the_summary_comes_back_and_a_wrong_field_is_named(simulated, tmp_path):
    _, folder = simulated
    text = (folder / "summary.json").read_text(encoding="utf-8")
    write_json(tmp_path / "summary.json", SimulationSummary.load(folder))
    written, told = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")), json.loads(text)
    assert told.pop("seal")["files"] and written == told
    (tmp_path / "summary.json").write_text(text.replace('"robust": true', '"robust": "yes"', 1), encoding="utf-8")
    with pytest.raises(RecordingError, match=r"Expected `bool`, got `str` - at `\$.differences\[0\].robust`"):
        SimulationSummary.load(tmp_path)


@pytest.fixture
def unanalysed(monkeypatch):
    """Conditions are kept without their own analysis, which the test of the folder looks at."""

    def kept(solution, draft, name, *, csv, language):
        (draft / name).mkdir()
        return ""

    monkeypatch.setattr("headway.simulation.save._save_condition", kept)


def test_a_simulation_replaces_only_what_is_its_own(solved, tmp_path, unanalysed):
    asked = SimulationOptions("free,braced", "3.5", quick=True, cache=False)
    simulate_command(replace(asked, head="braced"), tmp_path, engine=Engine(Solver(solved)))
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(HeadwayError, match="the output folder exists"):
        simulate_command(asked, tmp_path, engine=Engine(Solver(solved)))
    again = {"overwrite": True, "language": "de"}
    simulate_command(replace(asked, head="free"), tmp_path, **again, engine=Engine(Solver(solved)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["free", "mine.txt", "report.html", "summary.json"]
    assert '<html lang="de">' in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("earlier", [None, "analysis", "simulation"])
def test_what_no_simulation_wrote_is_never_replaced(solved, tmp_path, earlier, unanalysed):
    asked, solver = SimulationOptions("free,braced", "3.5", quick=True, cache=False), Solver(solved)
    (tmp_path / "braced").mkdir()
    (tmp_path / "braced" / "mine.txt").write_text("keep me")
    if earlier:
        (tmp_path / "free").mkdir()
        told = {"kind": earlier, "conditions": [{"name": "free", "folder": "free"}]}
        (tmp_path / "summary.json").write_text(json.dumps(told))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(HeadwayError, match="no simulation of Headway wrote it") as fault:
        simulate_command(asked, tmp_path, overwrite=True, engine=Engine(solver))
    assert "\n" not in str(fault.value) and solver.plans == []
    with pytest.raises(HeadwayError, match="no simulation of Headway wrote it"):
        save_result(Result(solved["free"].skeleton, None, (_run_of(solved),)), tmp_path, overwrite=True)
    assert sorted(tmp_path.rglob("*")) == before
    if earlier == "simulation":
        simulate_command(replace(asked, head="free"), tmp_path, overwrite=True, engine=Engine(solver))
        assert (tmp_path / "braced" / "mine.txt").read_text() == "keep me"


def _run_of(solved, begin=None, starts=(), mesh=None):
    """Free and braced as a run, with what a plan and its solver tell."""
    conditions = (CONDITIONS["free"], CONDITIONS["braced"])
    plan = SweepPlan(solved["free"].skeleton, SPEED, conditions, begin=begin)
    made = Solver(solved)(plan, 1, None)
    return SimulationRun(SimulationRequest(SPEED, "", conditions), replace(made, starts=starts, mesh=mesh or {}))


@pytest.mark.parametrize(
    ("warm", "starts", "begun"),
    [(False, (1.5, float("nan")), "cold"), (True, (), "own.c3d"), (True, (1.5, 1.6), "cold")],
)
def test_the_cold_starts_that_were_made_are_told(solved, warm, starts, begun):
    found = _run_of(solved, begin=solved["free"] if warm else None, starts=starts)
    summary = Result(solved["free"].skeleton, None, (found,), "own.c3d").summary
    assert (summary.plan.starts, summary.plan.begun_from) == (len(starts), begun)
    assert summary.trust[0].starts == [None if cost != cost else cost for cost in starts]


def test_a_robust_difference_below_the_change_on_a_finer_mesh_is_marked(solved):
    free, braced = known(solved["free"]), known(solved["braced"])
    share = abs(braced["effort"] / free["effort"] - 1)
    for factor, marked in ((1.1, True), (-1.1, True), (0.9, False)):
        found = _run_of(solved, mesh={"effort": factor * share})
        rows = {row.outcome: row for row in Result(solved["free"].skeleton, None, (found,)).summary.differences}
        assert rows["effort"].verdict.endswith("smaller than the mesh error") is marked
        assert rows["cadence"].verdict == "robust: higher"


def test_an_outcome_that_cannot_be_measured_leaves_a_gap(solved, tmp_path, unanalysed):
    found = _run_of(solved)
    rows = tuple(
        replace(row, value=float("nan"), verdict="not measurable in every variant") if row.outcome == "effort" else row
        for row in found.simulation.differences
    )
    found = replace(found, simulation=replace(found.simulation, differences=rows))
    result = Result(solved["free"].skeleton, None, (found,))
    save_result(result, tmp_path / "out", csv=True)
    assert "not measurable in every variant: effort" in "\n".join(simulate_lines(result, tmp_path))


def test_single_numbers_are_told_on_page_and_terminal(solved, tmp_path, unanalysed):
    asked = SimulationOptions(
        "free", "3.5", lean="10", step_width="0.08", neck="200", quick=True, mesh=INTERVALS, cache=False
    )
    result = simulate_command(asked, tmp_path / "out", engine=Engine(Solver(solved)))
    words = "neck of 200 N·m/rad; mean trunk lean 10° forward; step width 0.08 m"
    assert f"free: {words}" in simulate_lines(result, tmp_path / "out")
    assert words.replace("; ", ", ") in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_swept_option_compares_conditions_at_the_same_value(solved, tmp_path, unanalysed):
    asked = SimulationOptions(
        "free,braced", "3.5", lean="0:4:4", step_width="0.08", quick=True, mesh=INTERVALS, cache=False
    )
    solver = Solver(solved)
    result = simulate_command(asked, tmp_path / "out", engine=Engine(solver))
    assert solver.plans[1].begin is solved["free"]
    summary = result.summary
    against = {(row.condition, row.against) for row in summary.differences}
    assert against == {("braced lean=0", "free lean=0"), ("braced lean=4", "free lean=4")}
    assert summary.plan.speeds == [3.5]
    assert [one.name for one in summary.plan.heads] == ["free", "braced"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "at the same value" in page and "step width 0.08 m" in page


def test_the_body_that_ran_is_written_as_a_model_once_it_has_run(solved, tmp_path, monkeypatch, unanalysed):
    wide = simulated_skeleton(1.9, 90.0, "male")
    tracked = replace(solved["free"], skeleton=wide)
    monkeypatch.setattr("headway.simulation.commands._tracked", lambda *_: (tracked, None))
    asked, model = (
        SimulationOptions("free", recording=tmp_path / "own.c3d", quick=True, cache=False),
        tmp_path / "body.xml",
    )

    def hopeless(plan, workers, listener):
        return Simulation(plan, {}, {"free": "the solver found none"}, ())

    for solver in (hopeless, Solver(solved, stop_after=0)):
        with pytest.raises((HeadwayError, KeyboardInterrupt)):
            simulate_command(asked, tmp_path / "out", model=model, engine=Engine(solver))
        assert not model.exists()
    simulate_command(asked, tmp_path / "out", model=model, engine=Engine(Solver(solved)))
    assert model.read_text(encoding="utf-8") == mjcf(wide, tracked.ground, replay(tracked))
    solver = Solver(solved)
    with pytest.raises(HeadwayError, match="the file exists"):
        simulate_command(asked, tmp_path / "other", model=model, engine=Engine(solver))
    assert solver.plans == [] and not (tmp_path / "other").exists()


def test_the_tracking_of_a_recording_is_told_in_numbers(solved, tmp_path):
    near = TrackingReport({"hip_right": 0.01}, 0.01, float("nan"), (0.1, 0.2, 0.3), (0.03, 0.12, 0.02),
                          1e-7, 0.002, 0.012, 0.004, ("head: no marker shows it",))  # fmt: skip
    result = Result(solved["free"].skeleton, None, (_run_of(solved),), "own.c3d", solved["free"], near)
    assert result.summary.tracking == replace(near, markers=None)
    assert "0.030, 0.120, 0.020 BW" in "\n".join(simulate_lines(result, tmp_path))


def test_each_leg_of_a_stride_is_told_apart(solved, tmp_path):
    stride = unfolded(solved["free"])
    result = Result(stride.skeleton, None, (_run_of(solved),), "own.c3d", stride)
    recorded, *others = result.summary.solved
    assert recorded.sides is not None and all(one.sides is None for one in others)
    assert recorded.sides["left"] == pytest.approx(recorded.sides["right"], rel=1e-4, abs=1e-6)
    assert recorded.outcomes == pytest.approx(recorded.sides["right"], rel=1e-4, abs=1e-6)
    assert "recorded: left and right leg do the same" in simulate_lines(result, tmp_path)
    left = {**recorded.sides["left"], "contact_time": 1.1 * recorded.sides["right"]["contact_time"]}
    limping = structs.replace(recorded, sides={**recorded.sides, "left": left})
    summary = structs.replace(result.summary, conditions=[limping, *others])
    longer, own = (written(one["contact_time"], summary.outcomes["contact_time"], "contact_time")
                   for one in (left, recorded.sides["right"]))  # fmt: skip
    assert side_lines(summary) == [
        f"recorded: contact time left\N{NO-BREAK SPACE}{longer}, right\N{NO-BREAK SPACE}{own}"
    ]
    cells = {row.title: row.cells[0].sides for _, rows in outcome_table(summary) for row in rows}
    assert cells["Contact time"].startswith("left\N{NO-BREAK SPACE}") and ", right" in cells["Contact time"]
    page = render_simulation(summary, result.motions)
    assert "Left and right" in page and cells["Contact time"] in page


@pytest.fixture
def unsaved(monkeypatch):
    """Nothing is written: what is asked of the solver is looked at."""
    monkeypatch.setattr("headway.simulation.save.save_result", lambda *_, **__: None)


def test_a_quick_run_begins_from_what_an_earlier_one_kept_unless_told_otherwise(solved, tmp_path, monkeypatch, unsaved):
    monkeypatch.setenv("HEADWAY_CACHE", str(tmp_path / "kept"))
    asked = SimulationOptions("free", "3.5", quick=True, mesh=INTERVALS, sex="male")
    begun = []
    for k, changes in enumerate(({}, {}, {"starts": 2}, {"cache": False}, {"mass": 71.0}, {"quick": False})):
        solver = Solver(solved)
        simulate_command(replace(asked, **changes), tmp_path / str(k), engine=Engine(solver))
        begun.append(solver.plans[0].begun)
    style = f"the style {styles()[0].name}"
    assert begun == [style, "a solution of an earlier run", "", style, style, style]


def test_each_speed_of_a_sweep_begins_from_the_one_before(solved, tmp_path, unsaved):
    solver = Solver(solved)
    asked = SimulationOptions("free", "3:4:0.5", quick=True, cache=False)
    simulate_command(asked, tmp_path / "out", engine=Engine(solver))
    assert [plan.begin.speed for plan in solver.plans] == [3.0, SPEED, SPEED]  # the style's, then what the solver gave
    assert [plan.speed for plan in solver.plans] == [3.0, 3.5, 4.0]


@pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) is not signal.default_int_handler, reason="Ctrl-C does not come here"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_or_a_polite_kill_within_the_solver_is_not_lost(number):
    came = []

    def end(number, _):  # as the command line has it
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)

    def pressed(progress):
        if progress.iteration == 3:
            threading.Timer(0.03, os.kill, (os.getpid(), number)).start()

    problem = StepProblem(simulated_skeleton(1.75, 70.0, "male"), COARSE)
    try:
        with pytest.raises(Interrupted):
            solve_step(problem, CONDITIONS["free"], COSTS["effort"], SPEED, listener=pressed)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler and signal.getsignal(signal.SIGTERM) is end
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == ([number] if number == signal.SIGTERM else [])


def test_interrupted_within_a_run_keeps_what_was_finished(solved, tmp_path, unanalysed):
    asked = SimulationOptions("free,braced", "3:4:0.5", quick=True, cache=False)
    solver = Solver(solved, stop_within=True)
    result = simulate_command(asked, tmp_path / "out", engine=Engine(solver))
    assert len(solver.plans) == 1
    lost = [f"{head} speed={v}" for v in ("3", "3.5", "4") for head in ("free", "braced")][1:]
    assert [one.name for one in result.summary.solved] == ["free speed=3"]
    assert [one.name for one in result.summary.unsolved] == lost
    assert "stopped: what was finished is in the folder" in simulate_lines(result, tmp_path / "out")


def test_interrupted_before_anything_was_finished_leaves_nothing(solved, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        simulate_command(
            SimulationOptions("free", "3.5", cache=False), tmp_path / "out", engine=Engine(Solver(solved, stop_after=0))
        )
    assert not list(tmp_path.iterdir())


def test_without_any_solution_nothing_is_written(tmp_path):
    def hopeless(plan, workers, listener):
        return Simulation(plan, {}, {"free": "the solver found none"}, ())

    with pytest.raises(HeadwayError, match="the solver found none"):
        simulate_command(SimulationOptions("free", "3.5", cache=False), tmp_path / "out", engine=Engine(hopeless))
    assert not list(tmp_path.iterdir())

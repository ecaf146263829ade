"""What a whole simulation keeps, follows and refuses, with solvers that give prepared answers; and a matched speed for real."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("casadi")

from headway.simulation import run as room
from headway.simulation.conditions import conditions_named
from headway.simulation.effort import COSTS
from headway.simulation.outcome import contact_times, outcomes
from headway.simulation.passive import leg_moments
from headway.simulation.plan import LEAD, SweepPlan, Variant
from headway.simulation.run import simulate
from headway.simulation.solvers import Solvers
from headway.simulation.task import Task, perform
from headway.simulation.verdict import judge


class Prepared(Solvers):
    """Answers with copies of one solution whose cost a function of the task tells; ``None`` is no solution."""

    def __init__(self, solution, cost, stop_after=None):
        super().__init__(1)
        self.pool = SimpleNamespace(run=self.answers, close=lambda: None)
        self.solution, self.cost, self.stop_after, self.asked = solution, cost, stop_after, []

    def answers(self, tasks, _listener):
        for k, task in enumerate(tasks):
            if self.stop_after is not None and len(self.asked) >= self.stop_after:
                raise KeyboardInterrupt
            self.asked.append(task)
            cost = self.cost(task)
            quality = replace(self.solution.quality, solved=cost is not None)
            found = replace(
                self.solution, condition=task.condition, cost=task.cost, objective=cost or 9.0, quality=quality
            )
            yield k, found


@pytest.fixture
def prepared(coarse, monkeypatch):
    """Run a plan with prepared answers; gives the simulation and the tasks that were asked."""
    problem, solution = coarse
    two = (LEAD, Variant(COSTS["work"]))

    def ask(cost, conditions="free,held", variants=two, stop_after=None, **more):
        workers = Prepared(solution, cost, stop_after)
        monkeypatch.setattr(room, "Solvers", lambda *_: workers)
        plan = SweepPlan(problem.skeleton, 3.5, tuple(conditions_named(conditions)), variants, **more)
        return simulate(plan), workers.asked

    return ask


def test_the_cheapest_cold_start_goes_on(prepared):
    found, asked = prepared(
        lambda task: 2.0 - 0.1 * task.seed if task.start is None else 1.9, starts=3, same_effort=False
    )
    assert found.starts == pytest.approx((2.0, 1.9, 1.8))
    started = next(task for task in asked if task.start is not None)
    assert started.start.objective == pytest.approx(1.8)


def test_a_cheaper_way_seen_from_another_condition_is_followed_by_all(prepared):
    def cost(task):
        if task.start is None:
            return 2.0
        if task.condition.name == "free":
            return 1.5 if task.start.condition.name == "held" else 2.0
        return 1.6 if task.start.objective < 1.9 else 2.1

    found, _ = prepared(cost, variants=(LEAD,), starts=1, same_effort=False)
    assert found.lead("free").objective == pytest.approx(1.5)
    assert found.lead("held").objective == pytest.approx(1.6)  # solved again from there


def test_every_variant_is_settled_on_its_own(prepared):
    def cost(task):
        cheap = task.cost.name == "work" and task.start is not None and task.start.condition.name == "held"
        return 1.0 if cheap else 2.0

    found, _ = prepared(cost, starts=1, same_effort=False)
    assert found.lead("free").objective == 2.0
    assert found.solutions[1, "free"].objective == 1.0


def test_what_was_finished_before_ctrl_c_is_kept(prepared):
    found, _ = prepared(lambda task: 2.0, conditions="free,braced,held,stacked", stop_after=3, starts=1)
    assert found.interrupted
    assert {name for _, name in found.solutions} == {"free", "braced", "held"}


def test_a_condition_without_solution_is_refused_and_nothing_is_said_of_it(prepared):
    found, _ = prepared(
        lambda task: None if task.condition.name == "held" else 2.0, conditions="free,braced,held", starts=1
    )
    assert "no solution at 3.5 m/s" in found.refused["held"]
    assert found.lead("held") is None
    assert {one.condition for one in found.differences} == {"braced"}


def test_a_speed_that_cannot_be_begun_cold_is_approached(prepared):
    def cost(task):
        return None if task.start is None and task.speed != 3.5 else 2.0

    problem_speed = 5.0
    found, asked = prepared(cost, conditions="free", variants=(LEAD,), starts=1)
    assert found.lead("free") is not None
    asked.clear()
    plan = replace(found.plan, speed=problem_speed)
    again = simulate(plan)
    assert [task.speed for task in asked] == [5.0, 3.5, 4.0, 4.5, 5.0]
    assert again.lead("free") is not None


@pytest.mark.parametrize(
    ("longest", "way"),
    [(0.3, [4.0, 3.75, 4.0, 4.25, 4.5]), (0.0, [4.0, 3.75, 3.625])],
    ids=["a short one succeeds", "none succeeds"],
)
def test_on_the_way_to_a_speed_a_step_that_fails_is_halved(prepared, longest, way):
    reached = [3.5]

    def cost(task):
        if task.speed != 3.5 and (task.start is None or task.speed - reached[-1] > longest):
            return None
        reached.append(task.speed)
        return 2.0

    found, asked = prepared(cost, conditions="free", variants=(LEAD,), starts=1)
    asked.clear()
    again = simulate(replace(found.plan, speed=4.5))
    assert [task.speed for task in asked] == [4.5, 3.5, *way]
    assert (again.lead("free") is not None) == (longest > 0)


def test_what_fails_is_tried_again_from_its_neighbour(prepared):
    def cost(task):
        hard = task.condition.name == "held" and task.start is not None and task.start.condition.name == "free"
        return None if hard else 2.0

    found, asked = prepared(cost, conditions="free,braced,held", variants=(LEAD,), starts=1, same_effort=False)
    assert found.lead("held") is not None and "held" not in found.refused
    assert any(task.condition.name == "held" and task.start.condition.name == "braced" for task in asked)


def test_another_style_starts_from_its_own_step(prepared, coarse):
    own = replace(coarse[1], objective=7.0)
    variants = (LEAD, Variant(COSTS["effort"], style="bounding"))
    found, asked = prepared(lambda task: 2.0, variants=variants, styles={"bounding": own}, starts=1, same_effort=False)
    assert [task.condition.name for task in asked if task.start is own] == ["free"]
    assert (1, "held") in found.solutions
    kinds = {one.words: one.changes for one in variants}
    assert judge(dict(zip(kinds, (2.0, -2.0), strict=True)), 100.0, kinds, 2, 2) == (False, "depends on style")


def test_a_style_that_ends_as_the_leading_one_is_no_second_opinion(prepared, coarse):
    two = (LEAD, Variant(COSTS["effort"], style="bounding"), Variant(COSTS["work"]))
    for cost, styles in ((2.0, 1), (2.1, 2)):
        found, _ = prepared(
            lambda task, cost=cost: cost if task.start is not None and task.start.objective > 2.05 else 2.0,
            variants=two,
            styles={"bounding": replace(coarse[1], objective=7.0)},
            starts=1,
            same_effort=False,
        )
        assert {len(one.differences) for one in found.differences} == {1 + styles}
        words = {1: "no difference in one style", 2: "no difference"}[styles]
        assert {one.verdict for one in found.differences} == {words}


def test_what_answers_the_question_is_not_solved_again(prepared, coarse):
    _, solution = coarse
    _, asked = prepared(
        lambda task: 2.0, conditions="free", variants=(LEAD,), intervals=solution.intervals, begin=solution
    )
    assert asked == []


def test_speeds_are_begun_side_by_side_and_again_from_each_other(prepared, coarse, monkeypatch):
    workers = Prepared(coarse[1], lambda task: None if task.speed == 4.0 and task.start is None else 2.0)
    monkeypatch.setattr(room, "Solvers", lambda *_: workers)
    plans = [SweepPlan(coarse[0].skeleton, speed, tuple(conditions_named("free"))) for speed in (3.0, 3.5, 4.0)]
    found, stopped = room.first_solutions(plans, 2, None)
    assert not stopped and all(one is not None for one in found)
    assert [task.start is None for task in workers.asked] == [True, True, True, False]


def test_equal_outcomes_make_no_difference(prepared):
    found, _ = prepared(lambda task: 2.0, starts=1)
    assert {one.verdict for one in found.differences} == {"no difference in one style"}


def test_the_speed_at_the_same_cost_has_that_cost(coarse):
    problem, free = coarse
    task = Task("free", problem.skeleton, problem.model.ground, problem.intervals, free.condition, free.cost, 3.5, free)
    dearer = perform(replace(task, match=free.objective * 1.01))
    assert dearer.quality.solved
    assert dearer.objective == pytest.approx(free.objective * 1.01, rel=2e-4)
    assert dearer.speed > 3.5


def test_contact_is_timed_between_the_samples():
    time = np.linspace(0, 0.4, 81)
    force = 1600 * np.sin(np.pi * (time - 0.0503) / 0.2311)
    force[(time < 0.0503) | (time > 0.2814)] = 0.0
    start, stop = contact_times(time, force)
    exact = np.arcsin(50 / 1600) * 0.2311 / np.pi
    assert start == pytest.approx(0.0503 + exact, abs=0.003)
    assert stop - start == pytest.approx(0.2311, abs=0.005)
    brushed = force + np.where((time > 0.32) & (time < 0.34), 70.0, 0.0)  # the sole brushes the ground after toe-off
    assert contact_times(time, brushed) == (start, stop)
    assert np.isnan(contact_times(time, 0 * force)).all()


def test_net_moments_are_those_of_inverse_dynamics(coarse):
    """Ligaments and resting muscles are part of what a recording shows."""
    from headway.simulation.effort import ROOT
    from headway.simulation.outcome import moments

    problem, free = coarse
    state = free.state(free.times)
    k = problem.skeleton.index("ankle_dorsiflexion_right")
    passive = moments(free, state)[:, k - ROOT] - moments(free, state, active=True)[:, k - ROOT]
    leg = [
        state.q[:, problem.skeleton.index(f"{name}_right")]
        for name in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    ]
    expected = [float(leg_moments(*angles)[2]) for angles in zip(*leg, strict=True)]
    assert passive == pytest.approx(expected, abs=1e-8)
    assert outcomes(free)["ankle_plantarflexion_moment"] > 1.0

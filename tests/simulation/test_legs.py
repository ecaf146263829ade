"""Legs that are not alike, as the command line asks for them."""

from dataclasses import replace

import pytest

from headway.errors import OptionError
from headway.simulation.conditions import CONDITIONS, condition_words
from headway.simulation.options import SimulationOptions
from headway.simulation.request import simulation_series

LONG = replace(CONDITIONS["free"], longer_leg=0.02)


def test_a_longer_leg_and_a_weak_ankle_are_swept_and_told_like_other_numbers():
    made = simulation_series(SimulationOptions("free", "3.5", right_leg="0:0.02:0.02", right_ankle="0.7"))
    (run,) = made.runs
    assert made.names == ["free leg=0", "free leg=0.02"]
    assert [(one.longer_leg, one.ankle_strength) for one in run.conditions] == [(0.0, 0.7), (0.02, 0.7)]
    words = "neck relaxed, 11 N·m/rad; right leg 20 mm longer; right ankle at 70 % of its strength"
    assert condition_words(run.conditions[1]) == words
    with pytest.raises(OptionError, match="--right-leg: 0\\.5 m"):
        simulation_series(SimulationOptions("free", "3.5", right_leg="0.5"))


def test_a_model_file_is_refused_where_two_steps_differ(tmp_path):
    from headway.simulation.commands import simulate_command

    with pytest.raises(OptionError, match="--mjcf"):
        simulate_command(SimulationOptions("free", "3.5", right_leg="0.02"), tmp_path / "out", model=tmp_path / "a.xml")
    assert not any(tmp_path.iterdir())


def test_where_legs_differ_both_steps_begin_on_the_legs_that_run(coarse):
    from headway.simulation.plan import LEAD
    from headway.simulation.task import Task, _on_body

    problem, free = coarse
    task = Task("", problem.skeleton, free.ground, 10, LONG, LEAD.cost, 3.5, free, steps=2)
    begun = _on_body(task)
    assert begun is not None and begun.steps == 2
    shank, right = problem.skeleton.lengths.shank, {one.name: one for one in begun.skeleton.bodies}
    assert -right["foot_right"].offset[1] == pytest.approx(shank + 0.02)
    assert -right["foot_left"].offset[1] == pytest.approx(shank)
    assert _on_body(replace(task, start=begun)) is begun  # it is on its body already
    assert _on_body(replace(task, steps=1, condition=CONDITIONS["free"], start=begun)) is None


@pytest.mark.slow
def test_a_weak_ankle_pushes_with_less_and_the_other_leg_is_told_too(coarse, tmp_path):
    from headway.report.simulation_rows import side_lines
    from headway.simulation.commands import Engine, simulate_command
    from headway.simulation.run import simulate

    asked = SimulationOptions("free", "3.5", right_ankle="1:0.7:-0.3", quick=True, mesh=10, workers=1, cache=False)
    result = simulate_command(asked, tmp_path / "out", engine=Engine(simulate))
    equal, weak = result.summary.solved
    assert weak.objective > equal.objective
    name = "ankle_plantarflexion_moment"
    assert weak.sides is not None
    assert weak.sides["right"][name] < weak.sides["left"][name]
    assert len(side_lines(result.summary)) == 2

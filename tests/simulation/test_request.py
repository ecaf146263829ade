"""What is asked of a simulation: sweeps, conditions, and what is refused before anything is computed."""

import re

import numpy as np
import pytest

from headway.errors import OptionError
from headway.simulation.conditions import condition_words
from headway.simulation.options import SimulationOptions
from headway.simulation.request import simulation_series


def test_a_sweep_of_one_condition_is_one_run_with_both_ends():
    made = simulation_series(SimulationOptions("free", "4", lean="0:12:4"))
    (run,) = made.runs
    assert made.names == [f"free lean={value}" for value in (0, 4, 8, 12)]
    assert [one.lean for one in run.conditions] == pytest.approx(np.radians([0, 4, 8, 12]))
    assert (run.speed, run.suffix) == (4.0, "")


def test_several_conditions_are_compared_at_the_same_value_of_a_sweep():
    made = simulation_series(SimulationOptions("free,held", "4", lean="0:12:4", step_width="0.1"))
    assert made.names == [f"{head} lean={value}" for value in (0, 4, 8, 12) for head in ("free", "held")]
    for run, lean in zip(made.runs, (0, 4, 8, 12), strict=True):
        assert [one.lean for one in run.conditions] == pytest.approx([np.radians(lean)] * 2)
        assert [(one.name, one.held, one.step_width) for one in run.conditions] == [
            ("free", False, 0.1),
            ("held", True, 0.1),
        ]
        assert run.speed == 4.0


def test_joined_conditions_have_one_name():
    assert simulation_series(SimulationOptions("stacked+free+braced,held", "4")).names == ["braced+stacked", "held"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (SimulationOptions("free", "4"), "neck relaxed, 11 N·m/rad"),
        (SimulationOptions("braced+held", "4"), "neck stiff, 59 N·m/rad; the head does not move sideways"),
        (SimulationOptions("free", "4", neck="200", lean="10"), "neck of 200 N·m/rad; mean trunk lean 10° forward"),
        (
            SimulationOptions("stacked+hands_on_hips", "4", neck="20", lean="-2.5", step_width="0.12"),
            "neck of 20 N·m/rad; the neck base is over the stance foot at midstance; the hands stay on the hips; "
            "mean trunk lean 2.5° backward; step width 0.12 m",
        ),
    ],
)
def test_the_words_tell_all_that_a_condition_asks(asked, words):
    (condition,) = simulation_series(asked).runs[0].conditions
    assert condition_words(condition) == words
    assert "lean" not in condition_words(condition, swept="lean")


def test_a_sweep_of_the_speed_makes_a_run_of_each():
    made = simulation_series(SimulationOptions("free,braced", "3:5:0.5"))
    assert [run.speed for run in made.runs] == [3.0, 3.5, 4.0, 4.5, 5.0]
    assert made.names[:3] == ["free speed=3", "braced speed=3", "free speed=3.5"]
    assert made.sweep is not None and made.sweep.word == "speed"


def test_single_numbers_hold_for_all_conditions_and_leave_their_names():
    (run,) = simulation_series(SimulationOptions("free,stacked", "4", lean="5", step_width="0.1", neck="20")).runs
    assert [one.name for one in run.conditions] == ["free", "stacked"]
    assert {(one.step_width, one.neck_stiffness) for one in run.conditions} == {(0.1, 20.0)}


@pytest.mark.parametrize("steps", ["0.1:0.4:0.1", "0.4:0.1:-0.1"])
def test_rounding_loses_no_end_of_a_sweep(steps):
    made = simulation_series(SimulationOptions("free", "4", step_width=steps))
    assert sorted(one.step_width or 0 for one in made.runs[0].conditions) == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (SimulationOptions(speed="0"), "--speed: 0 m/s"),
        (SimulationOptions(speed="30"), "--speed: 30 m/s"),
        (SimulationOptions(speed="nan"), "no number"),
        (SimulationOptions(speed="fast"), "no number"),
        (SimulationOptions(), "--speed: is missing"),
        (SimulationOptions(speed="4", step_width="2"), "--step-width: 2 m"),
        (SimulationOptions(speed="4", step_width="-1"), "--step-width: -1 m"),
        (SimulationOptions(speed="4", lean="90"), "--lean: 90°"),
        (SimulationOptions(speed="4", lean="0:12"), "no sweep"),
        (SimulationOptions(speed="4", lean="0:12:-2"), "leads nowhere"),
        (SimulationOptions(speed="4", lean="0:12:0"), "leads nowhere"),
        (SimulationOptions(speed="4", lean="0:12:0.1"), "121 values"),
        (SimulationOptions(speed="4", lean="0:12:20"), "one value"),
        (SimulationOptions(speed="3:5:1", lean="0:4:2"), "only one option can be a sweep"),
        (SimulationOptions("floating", "4"), "'floating' is no condition"),
        (SimulationOptions(speed="1:2:1e-300"), "countless values"),
        (SimulationOptions(speed="3:3.0000002:0.0000001"), "too near to each other"),
        (SimulationOptions("free,free", "4"), "named twice"),
        (SimulationOptions("free,free+", "4"), "'free+' is no condition"),
        (SimulationOptions("+", "4"), "'+' is no condition"),
        (SimulationOptions("free+braced,braced", "4"), "'braced' is named twice"),
        (SimulationOptions("held+stacked,stacked+held", "4"), "'stacked+held' is held+stacked, which is named twice"),
        (SimulationOptions("free,braced", "4", neck="30"), "the same neck"),
        (SimulationOptions(speed="4", mesh=2), "--mesh: 2"),
        (SimulationOptions(speed="4", starts=0), "--starts: 0"),
        (SimulationOptions(speed="4", workers=0), "--workers: 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(asked, says):
    with pytest.raises(OptionError, match=re.escape(says)) as told:
        simulation_series(asked)
    assert "\n" not in str(told.value) and "; " in str(told.value) and len(str(told.value)) < 150


@pytest.mark.parametrize("body", [{"mass": -1.0}, {"height": 175.0}])
def test_a_body_that_cannot_be_is_refused(body):
    with pytest.raises(OptionError):
        SimulationOptions(**body).skeleton()

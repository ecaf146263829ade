"""Numbers that contradict physics are told and taken off the first screen; numbers that do not are left alone."""

from types import SimpleNamespace

import pytest

from headway.metrics.sanity import contradictions, set_aside
from headway.results import Estimated, Measured, NotMeasurable

SOUND = {
    "contact_time": 0.240,
    "flight_time": 0.110,
    "step_time": 0.350,
    "duty_factor": 0.343,
    "speed": 3.0,
    "step_length": 1.05,
    "peak_vertical_grf": 2.5,
    "vertical_oscillation": 0.085,
    "ladder_closure": 0.08,
    "step_width": 0.06,
}


def value(number, half=0.0, n=20, kind=Measured, **more):
    return kind(value=number, unit="", ci95=(number - half, number + half), n=n, **more)


def summary(treadmill=True, rate=None, **changed):
    """A sound runner, changed; ``rate`` makes it a film."""
    entries = {name: value(number) for name, number in SOUND.items()}
    entries["step_width"] = value(0.06, left=0.061, right=0.059)
    entries |= {name: one if not isinstance(one, float) else value(one) for name, one in changed.items()}
    camera = None if rate is None else SimpleNamespace(rate=rate)
    return SimpleNamespace(metrics=entries, recording=SimpleNamespace(treadmill=treadmill, camera=camera))


def codes(found):
    return [one.code for one in contradictions(found)]


def test_a_sound_runner_contradicts_nothing():
    assert codes(summary()) == []


@pytest.mark.parametrize(
    ("changed", "code", "gone"),
    [
        ({"step_width": value(0.07, left=0.158, right=-0.020)}, "step_widths_differ", "step_width"),
        ({"speed": 3.2}, "belt_speeds_differ", "speed"),
        ({"duty_factor": 0.55, "contact_time": 0.24}, "flight_without_time", "flight_time"),
        ({"flight_time": 0.150}, "step_does_not_add_up", "contact_time"),
        ({"peak_vertical_grf": 1.2}, "peak_below_mean", "peak_vertical_grf"),
        ({"vertical_oscillation": 0.008}, "flight_too_low", "vertical_oscillation"),
        ({"ladder_closure": 0.25}, "ladder_open", "ladder_neck_peak_up"),
    ],
)
def test_each_rule_is_told_and_its_metrics_are_set_aside(changed, code, gone):
    found = summary(**changed)
    assert codes(found) == [code]
    assert gone in set_aside(found)
    told = contradictions(found)[0].flag
    assert told.level == "warning"
    assert len(told.message) > 30


def test_speeds_may_differ_over_ground_and_within_their_interval():
    assert codes(summary(treadmill=False, speed=3.2)) == []
    assert codes(summary(speed=value(3.2, 0.25))) == []


def test_an_interval_is_no_narrower_than_the_frames_allow():
    sure = value(-10.1, 3.8, n=32, kind=Estimated, model="film")
    honest = value(-10.1, 6.0, n=32, kind=Estimated, model="film")
    contacts = {"contact_time": value(0.24, 0.04), "flight_time": value(0.11, 0.04)}
    assert codes(summary(rate=30.0, contact_time_asymmetry=sure, **contacts)) == ["surer_than_frames"]
    assert codes(summary(rate=30.0, contact_time_asymmetry=honest, **contacts)) == []
    assert codes(summary(rate=240.0, contact_time_asymmetry=sure, **contacts)) == []
    assert codes(summary(contact_time_asymmetry=sure, **contacts)) == []


def test_what_was_not_measured_contradicts_nothing():
    absent = NotMeasurable(why="not seen", record="record it")
    assert codes(summary(**dict.fromkeys(SOUND, absent))) == []

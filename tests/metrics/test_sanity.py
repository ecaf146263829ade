"""Numbers that contradict physics are told and taken off the first screen; numbers that do not are left alone."""

import re
from types import SimpleNamespace

import pytest
from tests.metrics.sound import SOUND

from headway.metrics.sanity import (
    _RULES,
    SPEEDS_APART,
    _narrow,
    _speeds,
    contradictions,
    disagreements,
    set_aside,
    sound,
)
from headway.results import Estimated, Measured, NotMeasurable


def value(number, half=0.0, n=20, kind=Measured, **more):
    return kind(value=number, unit="", ci95=(number - half, number + half), n=n, **more)


def summary(treadmill=True, rate=None, **changed):
    """A sound runner, changed; ``rate`` makes it a film."""
    entries = {name: value(number) for name, number in SOUND.items()}
    entries["step_width"] = value(0.06, left=0.061, right=0.059)
    entries |= {name: one if not isinstance(one, float) else value(one) for name, one in changed.items()}
    camera = None if rate is None else SimpleNamespace(rate=rate)
    recording = SimpleNamespace(treadmill=treadmill, camera=camera)
    return SimpleNamespace(metrics=entries, recording=recording, recordings=None, contradictions=None)


def codes(found):
    return [one.code for one in contradictions(found)]


def test_a_sound_runner_contradicts_nothing():
    assert codes(summary()) == []


def broken(broken_rules, code):
    changed, gone = broken_rules[code]
    sided = {
        name: value(one[0], left=one[1], right=one[2]) if isinstance(one, tuple) else one
        for name, one in changed.items()
    }
    return summary(**sided), gone


def test_each_rule_is_told_and_its_metrics_are_set_aside(broken_rules):
    for code in broken_rules:
        found, gone = broken(broken_rules, code)
        told = contradictions(found)
        assert [one.code for one in told] == [code]
        assert gone in told[0].metrics
        assert told[0].flag.level == "warning"
        assert "{" not in told[0].message
        found.contradictions = told
        found.metrics[gone] = value(1.0)
        assert gone in set_aside(found)
        assert isinstance(sound(found)[gone], NotMeasurable)


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("step_does_not_add_up", [240, 150, 350]),
        ("peak_below_mean", [1.20, 1.46]),  # body weight times 350 / 240
        ("flight_too_low", [8, 110, 15]),  # 9.81 * 0.11² / 8 m
    ],
)
def test_a_contradiction_is_told_with_the_numbers_that_make_it(broken_rules, code, numbers):
    (told,) = contradictions(broken(broken_rules, code)[0])
    assert [float(one) for one in re.findall(r"\d+(?:\.\d+)?", told.message)] == numbers


def test_every_rule_has_a_number_that_breaks_it(broken_rules):
    assert len(broken_rules) + len({"surer_than_frames"}) == len(_RULES)


def test_drift_is_told_on_a_belt_and_not_over_ground_or_of_a_few_steps():
    assert codes(summary(speed_change=value(0.08))) == ["belt_drift"]
    assert codes(summary(treadmill=False, speed_change=value(0.15))) == []
    assert codes(summary(speed_change=value(0.15, n=1))) == []


def test_a_free_fall_over_the_whole_step_is_the_most_that_a_body_rises():
    most = 9.80665 * 0.350**2 / 8
    assert codes(summary(vertical_oscillation=value(0.99 * most))) == []
    assert codes(summary(vertical_oscillation=value(1.01 * most))) == ["rise_too_high"]


def test_two_films_that_disagree_are_told_and_ones_that_show_other_steps_are_not():
    one, two = summary(contact_time=value(0.24, 0.01)), summary(contact_time=value(0.29, 0.01))
    told = disagreements([one, two])
    assert [(told_one.code, told_one.metrics) for told_one in told] == [("films_disagree", ("contact_time",))]
    assert disagreements([one, summary(contact_time=value(0.25, 0.01))]) == []
    assert disagreements([one, summary(contact_time=value(0.29, 0.06))]) == []
    near = summary(contact_time=value(0.24, 0.0001)), summary(contact_time=value(0.241, 0.0001))
    assert disagreements(near) == []


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


@pytest.mark.parametrize(("speed", "told"), [(2.0, False), (5.0, False), (-5.0, False), (5.0, True)])
def test_a_belt_of_two_speeds_is_told_from_a_share_of_its_speed_on(speed, told):
    made = speed * (1 + SPEEDS_APART * (1.2 if told else 0.8))
    entries = {"speed": value(speed), "step_length": value(0.35 * made), "step_time": value(0.35)}
    found = _speeds(SimpleNamespace(metrics=entries, recording=SimpleNamespace(treadmill=True)))
    assert (found is not None) is told


@pytest.mark.parametrize(("share", "told"), [(0.97, True), (1.03, False)])
def test_a_mean_of_contacts_is_no_surer_than_frames_let_it_be(share, told):
    # Two instants, each anywhere in a frame of 1/60 s: a difference off by a frame over the root of six, and so many contacts.
    half = share * 1.96 / (60.0 * 6**0.5 * 24**0.5)
    camera = SimpleNamespace(rate=60.0)
    one = SimpleNamespace(source="", camera=camera)
    entries = {"contact_time": value(0.25, half=half, n=24, film="")}
    found = _narrow(SimpleNamespace(metrics=entries, recordings=None, recording=one))
    assert (found is not None) is told

"""Contacts, strides and steps against answers that are worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.gait import film_events
from headway.gait.axes import _axis_vector
from headway.gait.bouts import GRID, STILL, _averaged, _differ, _steps
from headway.gait.contacts import Contact, EventErrors
from headway.gait.film_event_model import HIGHEST, highest_harmonic
from headway.gait.film_events import STEP_GAIN, _contacts, _shifts
from headway.gait.film_stride import Stretch, foot_signals
from headway.gait.marker_events import AT_END, MarkerContact, _checked, _flags
from headway.gait.steps import _last_rise, build_steps
from headway.gait.trial import Trial
from headway.recording import AXES, Recording, make_points

RATE = 200.0


def marker_contact(side: str, start: float, stop: float) -> MarkerContact:
    return MarkerContact(start, stop, side, "markers", initial_contact_error=0.005, toe_off_error=0.005)


def test_a_contact_is_cut_by_the_end_only_where_the_recording_ends():
    body = SimpleNamespace(time=1.0 + np.arange(400) / RATE)
    first, last = 1.0, 1.0 + 399 / RATE
    whole = (first + AT_END + 1e-4, last - AT_END - 1e-4)
    for start, stop, cut in (
        (whole[0], whole[0] + 0.25, False),
        (whole[0] - 2e-4, whole[0] + 0.25, True),
        (whole[1] - 0.25, whole[1], False),
        (whole[1] - 0.25, whole[1] + 2e-4, True),
    ):
        contact = marker_contact("left", start, stop)
        assert bool(_checked(body, contact, start, stop).rejected) is cut
    # What is planted is whole, but its refined end lies behind the last frame.
    late = marker_contact("left", last - 0.25, last - 1e-3)
    assert not _checked(body, late, last - 0.25, whole[1]).rejected
    later = marker_contact("left", last - 0.25, last + 1e-3)
    assert _checked(body, later, last - 0.25, whole[1]).rejected


def test_a_foot_that_lands_twice_running_is_said():
    body = SimpleNamespace(source_rate=RATE)

    def codes(sides: str) -> list[str]:
        found = [
            marker_contact({"l": "left", "r": "right"}[side], 0.35 * k, 0.35 * k + 0.25) for k, side in enumerate(sides)
        ]
        return [flag.code for flag in _flags(body, found)]

    assert codes("lrlrlr") == ["events_from_markers"]
    assert codes("lrllrl") == ["events_from_markers", "sides_repeat"]


def test_a_mean_around_an_instant_is_of_what_was_recorded_there():
    own = np.array([0.0, 0.1, 0.2, 0.9, 1.0])
    values = np.array([2.0, 4.0, np.nan, 5.0, 6.0])
    found = _averaged(own, values, np.array([0.05, 0.5, 0.92]), 0.12)
    np.testing.assert_array_equal(found, [3.0, np.nan, 5.0])


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_step_of_speed_is_found_where_it_is(share):
    count = round(8.0 / GRID)
    at = round(share * count)
    velocity = np.zeros((count, 2))
    velocity[:, 0] = np.where(np.arange(count) < at, 3.0, 4.5)
    assert _steps(velocity, 10) == [10 + at]


def test_who_hardly_moves_does_not_turn():
    slow, quick = np.array([STILL - 0.1, 0.0]), np.array([-STILL - 0.1, 0.0])
    assert not _differ(slow, quick)
    assert _differ(quick, -quick)
    assert not _differ(quick, np.array([-STILL - 0.1, 0.1]))
    assert _differ(np.array([3.0, 0.0]), np.array([3.7, 0.0]))


def test_a_film_carries_harmonics_up_to_its_own_rate():
    assert highest_harmonic(30.0) == HIGHEST[30]
    assert highest_harmonic(24.0) == pytest.approx(0.8 * HIGHEST[30])
    assert highest_harmonic(70.0) == HIGHEST[60]
    assert highest_harmonic(240.0) == HIGHEST[120]


def stretch(strides: float = 8.0, frequency: float = 1.4, rate: float = 60.0) -> Stretch:
    """Strides at an even pace from 2 s on, with a foot that was always seen."""
    time = 2.0 + np.arange(round(strides / frequency * rate) + 1) / rate
    phase = 1.0 + 2 * np.pi * frequency * (time - 2.0)
    return Stretch(time, phase, frequency, {"left": np.zeros((len(time), 5))})


def test_a_stretch_is_as_many_strides_long_as_its_phase_turns():
    found = stretch(7.0)
    assert found.strides == pytest.approx(7.0, abs=0.02)
    np.testing.assert_allclose(
        found.when(1.0 + 2 * np.pi * np.array([-1.0, 0.0, 3.0])), 2.0 + np.array([-1, 0, 3]) / 1.4
    )


def test_one_hip_stands_for_the_middle_of_both():
    time = np.arange(20) / 60.0
    names = ("hip_left", "hip_right", "heel_left", "toe_left")
    values = np.zeros((20, 4, 3))
    values[:, 0], values[:, 1] = [0.06, 0.9, -0.1], [0.0, 0.94, 0.1]
    values[:, 2], values[:, 3] = [0.2, 0.1, -0.1], [0.4, 0.12, -0.1]
    whole = foot_signals(Recording(points=make_points(time, names, values, AXES)))["left"]
    np.testing.assert_allclose(whole, np.tile([0.17, -0.82, 0.37, -0.80, 0.92], (20, 1)))
    for hidden in (0, 1):
        part = values.copy()
        part[5:12, hidden] = np.nan
        found = foot_signals(Recording(points=make_points(time, names, part, AXES)))["left"]
        np.testing.assert_allclose(found, whole)


def test_every_contact_of_a_film_is_shifted_by_what_its_own_step_is_late(monkeypatch):
    own = stretch()
    foot = SimpleNamespace(stretch=own, side="left")
    late = lambda foot, phases, rate: 0.001 * np.round((phases - 1.0) / (2 * np.pi))  # noqa: E731
    monkeypatch.setattr(film_events, "_shifts", late)
    events = [SimpleNamespace(phase=1.5), SimpleNamespace(phase=3.5)]
    found = _contacts(foot, events, 60.0, EventErrors(0.01, 0.01, 0.014, 0.0), runs=True)
    turns = np.arange(len(found))
    assert len(found) == 8
    start = 2.0 + (0.5 / (2 * np.pi) + turns) / 1.4
    np.testing.assert_allclose([one.initial_contact for one in found], start + 0.001 * turns)
    np.testing.assert_allclose([one.duration for one in found], 2.0 / (2 * np.pi) / 1.4)


def test_a_step_whose_foot_comes_late_is_late_by_as_much():
    own = stretch(12.0)
    turns = np.arange(1, 11)
    phases = 2 * np.pi * turns + 2.0
    delay = 0.012 * (-1.0) ** turns
    speed = 2 * np.pi * own.frequency

    def at(phase: np.ndarray, order: int) -> np.ndarray:
        """A foot that goes to and fro; its ``order``-th derivative in time."""
        waves = [np.cos(phase - 0.5), -speed * np.sin(phase - 0.5), -(speed**2) * np.cos(phase - 0.5)]
        return np.column_stack([waves[order]] * 5)

    step = np.clip(np.round((own.phase - 2.0) / (2 * np.pi)).astype(int) - 1, 0, 9)
    rest = -at(own.phase, 1) * delay[step][:, None]
    foot = SimpleNamespace(stretch=own, mean=SimpleNamespace(at=at, rest=rest), noise=1e-4)
    np.testing.assert_allclose(_shifts(foot, phases, 60.0), STEP_GAIN * delay, rtol=0.02)


def test_the_foot_of_a_step_is_where_it_is_from_a_fifth_to_four_fifths_of_stance():
    time = np.arange(200) / RATE
    contacts = (Contact(0.2, 0.5, "right", "made"), Contact(0.6, 0.9, "left", "made"))
    steps = build_steps(contacts)
    # Forward it travels with the belt at 3 m/s; upward it leaves the ground after 85 % of stance.
    path = np.zeros((200, 3))
    path[:, 0] = -3.0 * time
    path[:, 1] = np.where((time > 0.2 + 0.85 * 0.3) & (time < 0.6), 0.5, np.where(time > 0.6 + 0.85 * 0.3, 0.5, 0.0))
    trial = SimpleNamespace(
        steps=steps,
        motion=SimpleNamespace(time=time, has=lambda _: True, position=lambda _: path),
        recording=SimpleNamespace(kind="markers"),
    )
    trial.frames = lambda start, stop: Trial.frames(trial, start, stop)
    found = Trial.foot_position.func(trial)
    np.testing.assert_allclose(found, [[-3.0 * 0.35, 0.0, 0.0], [-3.0 * 0.75, 0.0, 0.0]], atol=0.008)


def test_a_force_turns_forward_where_the_line_between_two_samples_crosses_nought():
    time = np.array([0.0, 0.04, 0.08, 0.12, 0.16])
    signal = np.array([-2.0, 1.0, -1.0, 3.0, 5.0])
    assert _last_rise(time, signal, np.ones(5, bool)) == pytest.approx(0.09)
    assert _last_rise(time, signal, np.arange(5) < 2) == pytest.approx(0.04 * 2 / 3)
    assert np.isnan(_last_rise(time, np.abs(signal), np.ones(5, bool)))


def test_an_axis_of_a_laboratory_is_a_unit_vector_of_its_sign():
    np.testing.assert_array_equal(_axis_vector("z", "--up"), [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(_axis_vector("-Y", "--up"), [0.0, -1.0, 0.0])
    np.testing.assert_array_equal(_axis_vector("+x", "--up"), [1.0, 0.0, 0.0])

"""Ground force against loads that are known by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from headway.body.channels import CHANNEL_RATE
from headway.dynamics import shape_constraints
from headway.dynamics.estimated_force import _flags, _in_flight, widened
from headway.dynamics.foot_force import _free_moment
from headway.dynamics.ground_force import _zeroed
from headway.dynamics.pressure_model import foot_on_ground
from headway.dynamics.shape_constraints import (
    _WEIGHTS,
    IMPULSE_ERROR,
    PELVIS_IMPULSE,
    PELVIS_SHARE,
    _forward_impulse,
    _steer,
    stances_of,
    with_whole_body,
)
from headway.dynamics.shape_model import NODES, Stance, _read
from headway.gait.contacts import Contact
from headway.recording import GRAVITY
from headway.texts import TEXTS


def test_the_zero_of_a_plate_is_the_mean_of_its_rests_by_their_length():
    # 1 kHz: unloaded for 0.4 s at 4 N, loaded for 0.2 s, unloaded for 0.8 s at 7 N; sideways it rests at 1 N throughout.
    force = np.zeros((1400, 3))
    force[:400, 1], force[400:600, 1], force[600:, 1] = 4.0, 900.0, 7.0
    force[:, 2] = 1.0
    corrected, restless, offset = _zeroed(force, 1000.0)
    edge = 10  # hundredth of a second at either end of a rest
    zero = (4.0 * (400 - 2 * edge) + 7.0 * (800 - 2 * edge)) / (1200 - 4 * edge)
    assert offset == pytest.approx(zero)
    np.testing.assert_allclose(corrected[500], [0.0, 900.0 - zero, 0.0])
    assert restless == 0.0


def test_the_zero_of_a_plate_follows_its_drift():
    time = np.arange(6000) / 1000.0
    drift = 3.0 + 1.0 * time  # N, a newton in every second
    loaded = np.sin(2 * np.pi * time / 0.7) > 0.4
    force = np.zeros((6000, 3))
    force[:, 1] = drift + np.where(loaded, 1200.0, 0.0)
    corrected, _, offset = _zeroed(force, 1000.0)
    inner = (time > 2.0) & (time < 4.0)
    np.testing.assert_allclose(corrected[inner & ~loaded, 1], 0.0, atol=0.5)
    np.testing.assert_allclose(corrected[inner & loaded, 1], 1200.0, atol=0.5)
    assert offset == pytest.approx(drift[-1], abs=1.6)


def test_a_runner_who_gains_speed_pushes_forward_by_as_much():
    # Speed 3 m/s, 0.1 m/s more in every second; a step takes 0.35 s: forward impulse a T / g body weights.
    time = np.arange(0.0, 5.0, 0.005)
    place = 3.0 * time + 0.05 * time**2
    body = SimpleNamespace(time=time, position={"pelvis": np.column_stack([place, 0 * place, 0 * place])})
    stances = [SimpleNamespace(start=0.2 + 0.35 * k, period=0.35) for k in range(8)]
    np.testing.assert_allclose(_forward_impulse(stances, body), 0.1 * 0.35 / GRAVITY, rtol=0.02)
    assert np.isnan(_forward_impulse(stances[:3], body)).all()


def body_of(height: np.ndarray) -> SimpleNamespace:
    """A pelvis of this height, 200 times a second."""
    time = 0.005 * np.arange(len(height))
    path = np.column_stack([0 * height, height, 0 * height])
    return SimpleNamespace(time=time, position={"pelvis": path}, velocity=lambda _: np.gradient(path, 0.005, axis=0))


def contact(side: str, begin: float, end: float) -> Contact:
    return Contact(begin, end, side, "by hand")


def test_contacts_between_two_flights_carry_the_weight_of_a_step():
    # Contacts of 0.25 s, flights of 0.11 s, a pelvis that keeps its height: impulse over weight is the time of a step.
    contacts = [contact("right" if k % 2 else "left", 0.3 + 0.36 * k, 0.55 + 0.36 * k) for k in range(5)]
    found = stances_of(body_of(np.zeros(600)), contacts)
    assert [stance.impulse for stance in found] == pytest.approx([0.36] * 5)
    assert [stance.period for stance in found] == pytest.approx([0.36] * 5)
    assert found[0].impulse_error == pytest.approx(IMPULSE_ERROR["after"] * 0.36)
    assert found[2].impulse_error == pytest.approx(IMPULSE_ERROR["both"] * 0.36)
    assert found[4].impulse_error == pytest.approx(IMPULSE_ERROR["before"] * 0.36)


def test_a_flight_that_rises_needs_a_greater_push_before_it():
    contacts = [contact("left", 0.2, 0.45), contact("right", 0.55, 0.8), contact("left", 0.9, 1.15)]
    time = 0.005 * np.arange(400)
    found = stances_of(body_of(0.4 * np.maximum(time - 0.7, 0.0)), contacts)[1]  # 0.4 m/s upward in the second flight
    assert found.impulse - found.period == pytest.approx(PELVIS_SHARE * 0.4 / GRAVITY)


def test_a_contact_without_flights_is_told_by_the_pelvis_alone():
    time = 0.005 * np.arange(400)
    alone = stances_of(body_of(0.5 * 2.0 * time**2), [contact("left", 0.5, 0.75)])[0]  # 2 m/s² upward throughout
    assert alone.impulse == pytest.approx(0.25 + PELVIS_IMPULSE * 2.0 * 0.25 / GRAVITY)
    assert np.isnan(alone.period)


def test_flight_is_told_between_contacts_and_for_a_twentieth_of_a_second_outside():
    time = 0.005 * np.arange(600)
    found = _in_flight(time, [contact("left", 0.5, 0.75), contact("right", 0.85, 1.1), contact("left", 2.0, 2.25)])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found.astype(int), [0]])))
    # 0.45-0.5 s, 0.75-0.85 s and 2.25-2.3 s; 1.1-2.0 s is too long for a flight
    np.testing.assert_allclose(0.005 * edges, [0.45, 0.5, 0.75, 0.85, 2.25, 2.3], atol=0.0051)


def test_a_curve_is_steered_to_a_sure_impulse_and_left_where_none_is_known():
    model = SimpleNamespace(covariance=lambda _: 0.04 * np.eye(len(_WEIGHTS)))
    curves = np.ones((3, len(_WEIGHTS), 3))
    duration = np.array([0.25, 0.25, 0.2])
    _steer(curves, 1, model, duration, np.array([0.36, np.nan, 0.3]), np.array([1e-6, 0.01, 1e-6]))
    np.testing.assert_allclose(duration * (curves[..., 1] @ _WEIGHTS), [0.36, 0.25 * _WEIGHTS.sum(), 0.3], rtol=1e-4)
    np.testing.assert_array_equal(curves[1], 1.0)
    np.testing.assert_array_equal(curves[..., [0, 2]], 1.0)
    # With an error as large as what the model leaves open, it is believed by half.
    open_to = 0.25 * float(np.sqrt(0.04 * (_WEIGHTS @ _WEIGHTS)))
    half = np.ones((1, len(_WEIGHTS), 3))
    _steer(half, 1, model, np.array([0.25]), np.array([0.36]), np.array([open_to]))
    assert 0.25 * float(half[0, :, 1] @ _WEIGHTS) == pytest.approx((0.36 + 0.25 * _WEIGHTS.sum()) / 2)


def test_a_runner_is_told_how_far_each_direction_of_an_estimated_force_may_be_off():
    error = np.tile([0.1, 0.2, 0.05], (4, 9, 1))
    flags = _flags("the pelvis", error, 70.0)
    assert [flag.message for flag in flags] == [TEXTS("lab.force_estimated", method="the pelvis", up=0.2, forward=0.1)]
    assert [flag.code for flag in _flags("the pelvis", error, None)] == ["force_estimated", "mass_assumed"]


@pytest.mark.parametrize(("side", "gone"), [("right", False), ("left", False), ("right", True)])
def test_a_foot_lies_as_its_ends_do_and_nowhere_where_its_landing_is_unseen(side, gone):
    # Heel at the origin, tip 0.25 m ahead and 0.05 m to the right, level in mid-stance; it lands with its tip raised by 20 degrees.
    time = 0.005 * np.arange(100)
    tip = np.tile([0.25, 0.0, 0.05], (100, 1))
    length = float(np.hypot(0.25, 0.05))
    landing = int(np.searchsorted(time, 0.1))
    tip[landing] = [np.cos(np.radians(20.0)) * length, np.sin(np.radians(20.0)) * length, 0.0]
    ends = np.stack([np.zeros((100, 3)), tip], axis=1)
    ends[landing] = np.nan if gone else ends[landing]
    segments = SimpleNamespace(names=(f"foot_{side}",), index=lambda _: 0, endpoints=ends[:, None])
    body = SimpleNamespace(motion=SimpleNamespace(time=time), segments=segments)
    found = foot_on_ground(body, contact(side, 0.1, 0.4), 0.0)
    if gone:
        assert found is None
        return
    assert found is not None
    np.testing.assert_allclose(found.line, np.array([0.25, 0.05]) / length)
    np.testing.assert_allclose(found.outward, (1.0 if side == "right" else -1.0) * np.array([-0.05, 0.25]) / length)
    assert found.length == pytest.approx(length)
    assert np.degrees(found.pitch) == pytest.approx(20.0)


def test_the_free_moment_of_two_plates_is_about_their_common_centre_of_pressure():
    # forward, up, right: 700 N down on one plate at the origin, 300 N on the other 0.4 m to the right, which is pushed 50 N forward.
    streams = np.array([[[0.0, 700.0, 0.0], [50.0, 300.0, 0.0]]])
    pressure = np.array([[[0.0, 0.0, 0.0], [0.0, 0.0, 0.4]]])
    common = np.array([[0.0, 0.0, 0.12]])
    own = xr.DataArray([[5.0, 2.0]], dims=("time", "plate"))
    recording = SimpleNamespace(ground_force=xr.Dataset({"free_moment": own}))
    force = SimpleNamespace(time=np.zeros(1), streams=streams, pressure=pressure)
    # (r x F) upward = z Fx - x Fz
    assert _free_moment(force, recording, common)[0] == pytest.approx(5.0 + 2.0 + (0.4 - 0.12) * 50.0)
    streams[0, 1] = [50.0, 1.0, 30.0]  # hardly loaded: noise
    assert _free_moment(force, recording, 0 * common)[0] == pytest.approx(5.0)
    assert np.isnan(_free_moment(force, recording, np.nan * common)[0])


def test_a_plate_whose_rests_are_too_short_to_tell_its_zero_is_left_as_it_is():
    force = np.zeros((3000, 3))
    force[:, 1] = np.where(np.arange(3000) % 100 < 35, 2.0, 800.0)  # rests of 35 ms at 1 kHz, of which 20 ms are edges
    corrected, restless, offset = _zeroed(force, 1000.0)
    np.testing.assert_array_equal(corrected, force)
    assert (restless, offset) == (0.0, 0.0)


def test_an_estimated_force_is_as_sure_as_fitted_within_what_was_fitted_and_less_beyond():
    time = 0.005 * np.arange(400)
    stances = [Stance(0.5, 0.75, "left", 0.36, 0.36, 0.01), Stance(0.86, 1.11, "right", np.nan, 0.36, 0.01)]

    def factor(speed: float, rate: float = 200.0) -> np.ndarray:
        body = SimpleNamespace(time=time, speed=np.full(400, speed), source_rate=rate)
        return widened(body, stances, np.array([0.5, 2.0]))[:, 0, 0]

    np.testing.assert_allclose(
        factor(3.5), [1.0, 2.0 * 1.5]
    )  # unlike the fitted twice as much, and its flights unknown
    np.testing.assert_allclose(factor(5.5), factor(3.5) * 1.5)  # 1 m/s above the fastest
    np.testing.assert_allclose(factor(3.5, 25.0), factor(3.5) * 4.0)  # half the slowest rate


def test_motion_is_held_for_six_hundredths_of_a_second_beyond_a_recording_and_no_longer():
    time = np.arange(round(CHANNEL_RATE) + 1) / CHANNEL_RATE
    body = SimpleNamespace(time=time)
    found = _read(body, 3.0 + 2.0 * time[:, None], np.array([[-0.07, -0.055, 0.5, 1.055, 1.07]]))
    np.testing.assert_allclose(found[0, :, 0], [np.nan, 3.0, 4.0, 5.0, np.nan], atol=1e-6)


@pytest.mark.parametrize(("expected", "weight"), [(1e-6, 0.2), (1e3, 0.9)])
def test_the_motion_of_the_whole_body_is_believed_by_a_fifth_at_least_and_nine_tenths_at_most(
    expected, weight, monkeypatch
):
    # It asks for 0.1 body weights more in every direction than the curves, all the time.
    time = np.arange(400) / CHANNEL_RATE
    stances = [Stance(0.8, 1.05, "right", 0.36, 0.36, 0.01)]
    curves = np.ones((1, len(NODES), 3))
    monkeypatch.setattr(shape_constraints, "_body_force", lambda body: np.full((400, 3), 1.1))
    monkeypatch.setattr(shape_constraints, "_on_frames", lambda *_: np.ones((400, 3)))
    out, apart = with_whole_body(curves, stances, SimpleNamespace(time=time), np.full((1, 3), expected))
    np.testing.assert_allclose(out[0, :, [0, 2]] - 1.0, 0.1 * weight, rtol=1e-3)
    np.testing.assert_allclose(out[0, :, 1] - 1.0, 0.1, rtol=1e-3)  # upward all segments move together
    np.testing.assert_allclose(apart, 0.05, rtol=1e-3)

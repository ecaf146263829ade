"""Clocks, shakes, checks and slopes against answers that are known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.recording import GRAVITY
from headway.sensors import Watch
from headway.sensors.checks import _gravity, checked
from headway.sensors.clocks import BODY_CHANGE, DRIFT_ERROR, Alignment, _by_shakes, _step_drift
from headway.sensors.developer_fields import UNITS
from headway.sensors.front import told_sign
from headway.sensors.recording import InertialSensor
from headway.sensors.rotation import SLOW_RATE, slow
from headway.sensors.shake import SPAN, Shake, _shake
from headway.sensors.watch import hills
from headway.statistics import slope


def worn(force: np.ndarray) -> InertialSensor:
    return InertialSensor("sacrum", np.arange(len(force)) / 100.0, force)


def test_a_shake_is_the_median_of_its_pieces_and_as_sure_as_their_mean():
    rows = np.array([[10.0, 0.500, 1.0], [10.5, 0.504, 2.0], [11.0, 0.496, 3.0], [11.5, 0.900, 4.0]])
    found = _shake(rows, 0.003)
    assert (found.start, found.stop, found.offset, found.pieces) == (10.0, 11.0 + SPAN, 0.500, 3)
    assert found.uncertainty == pytest.approx(np.hypot(np.std([0.500, 0.504, 0.496]) / np.sqrt(3), 0.003))


@pytest.mark.parametrize(("apart", "told"), [(25.0, 1e-6), (32.0, 1e-3)])
def test_two_shakes_tell_a_drift_where_they_are_half_a_minute_apart(apart, told):
    # The later clock gains a millisecond in every second; the steps told a drift of a millionth.
    shakes = tuple(Shake(at - 1.0, at + 1.0, 1e-3 * at, 0.002, 3) for at in (10.0, 10.0 + apart))
    assert _by_shakes("head", shakes, 50.0, (1e-6, 1e-5)).drift == pytest.approx(told)


def test_the_drift_of_the_steps_is_the_slope_of_their_delay():
    times = np.arange(0.0, 1500.0)
    delay = 40e-6 * times + np.random.default_rng(2).normal(0, 0.003, len(times))
    drift, error = _step_drift(delay, times)
    middle, low, high = slope(times, delay)[:3]
    assert drift == middle == pytest.approx(40e-6, abs=3e-6)
    assert error == pytest.approx(np.hypot((high - low) / 3.92, BODY_CHANGE / 1499.0))
    assert _step_drift(delay[:30], times[:30]) == (0.0, DRIFT_ERROR)


def test_a_clock_that_is_ahead_and_fast_is_put_on_the_references():
    true = np.array([0.0, 100.0, 200.0])
    theirs = true + 2.5 + 1e-4 * (true - 100.0)
    ahead = Alignment("head", "shake", offset=2.5, uncertainty=0.001, drift=1e-4, at=100.0)
    np.testing.assert_allclose(ahead.corrected(theirs), true, atol=3e-4)  # to first order in the drift
    np.testing.assert_allclose(replace(ahead, drift=0.0).corrected(theirs), theirs - 2.5)


@pytest.mark.parametrize("step", [0.01, 1.0 / SLOW_RATE])
def test_the_slow_part_of_a_straight_line_is_that_line_whenever_it_begins(step):
    time = 1000.0 + np.arange(0.0, 60.0, step)
    line = 3.0 + 0.2 * (time - 1000.0)
    inner = slice(int(5 / step), -int(5 / step))
    np.testing.assert_allclose(slow(time, line[:, None])[inner, 0], line[inner], atol=0.01)


def test_a_sample_without_one_of_its_axes_is_left_out_but_not_a_sensor_of_one_axis():
    force = np.tile([0.0, GRAVITY, 0.0], (1000, 1)) + np.random.default_rng(1).normal(0, 1.0, (1000, 3))
    force[500, 2] = np.nan
    clean, _ = checked(worn(force))
    assert len(clean.time) == 999
    assert 5.0 not in clean.time
    force[:, [0, 2]] = np.nan
    assert len(checked(worn(force))[0].time) == 1000


@pytest.mark.parametrize(("share", "clipped", "right"), [(1.2, False, True), (1.3, False, False), (1.3, True, True), (1.5, True, False)])  # fmt: skip
def test_gravity_is_a_quarter_off_at_most_and_two_fifths_where_peaks_are_cut(share, clipped, right):
    sensor = worn(np.tile([0.0, share * GRAVITY, 0.0], (2000, 1)))
    if right:
        _gravity(sensor, "run", clipped=clipped)
    else:
        with pytest.raises(RecordingError, match=f"{share:.2f} g instead of 1 g"):
            _gravity(sensor, "run", clipped=clipped)


def test_starts_and_stops_tell_forward_and_nothing_tells_nothing():
    east = np.array([[2.0, 0.0, 0.1], [1.5, 0.0, 0.0]])
    assert told_sign(east, 0.0) == 1.0
    assert told_sign(east, np.pi) == -1.0
    assert told_sign(np.zeros((0, 3)), 0.0) == 0.0
    assert told_sign(east * [[1.0], [-1.0]], 0.0) == 0.0


@pytest.mark.parametrize(
    ("quantity", "unit", "factor"),
    [("speed", "m/s", 1.0), ("speed", "km/h", 1000 / 3600), ("cadence", "rpm", 2.0), ("cadence", "strides/min", 2.0),
     ("cadence", "spm", 1.0), ("cadence", "steps/min", 1.0), ("leg_stiffness", "kn/m", 1e3), ("leg_stiffness", "n/m", 1.0),
     ("contact_time", "ms", 1e-3), ("vertical_oscillation", "cm", 1e-2), ("vertical_oscillation", "mm", 1e-3), ("power", "w", 1.0)],
)  # fmt: skip
def test_units_of_a_pod_are_those_of_physics(quantity, unit, factor):
    assert UNITS[quantity][unit] == pytest.approx(factor)


def test_hills_are_told_by_long_runs_with_altitude_and_by_no_others():
    second = np.arange(0.0, 400.0)
    climb = np.where(second < 200, 0.0, 0.08 * 3.0 * (second - 200))  # 8 % at 3 m/s from 200 s on
    watch = Watch(second, {"altitude": climb, "speed": np.full(400, 3.0)})
    found = hills(watch, np.array([50.0, 350.0]))
    assert found is not None
    assert found.tolist() == [False, True]
    short = Watch(second[:30], {"altitude": climb[:30], "speed": np.full(30, 3.0)})
    assert hills(short, np.array([5.0])) is None
    assert hills(replace(watch, series={**watch.series, "altitude": np.full(400, np.nan)}), np.array([5.0])) is None

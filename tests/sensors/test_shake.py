"""The common shake: where it is found, with what is lost of it, and what is none."""

import numpy as np
import pytest

from headway.sensors.likeness import likeness
from headway.sensors.shake import shakes
from headway.synthetic.handling import SHAKE
from headway.validation.worn_runs import clock_offset, made_pair


def test_likeness_is_pearsons_correlation_over_what_both_recorded():
    random = np.random.default_rng(0)
    short, long = random.normal(size=(2, 60)), random.normal(size=(2, 200)) + 5.0
    here, there = np.ones(short.shape, bool), np.ones(long.shape, bool)
    here[1, 20:30], there[1, 50:90] = False, False
    short[1, 20:30], long[1, 50:90] = 1e3, -1e3  # what stands in a gap does not count
    found = likeness(short, here, long, there, 0.3)
    assert found.shape == (2, 141)
    for row, shift in ((0, 0), (0, 77), (1, 3), (1, 60), (1, 140)):
        both = here[row] & there[row, shift : shift + 60]
        true = np.corrcoef(short[row, both], long[row, shift : shift + 60][both])[0, 1]
        assert found[row, shift] == pytest.approx(true, abs=1e-9)
    assert likeness(short, here, long, there, 0.8)[1, 40] == 0.0  # 20 of 60 in common


@pytest.mark.parametrize(("seed", "where"), [(19, 0), (22, 1), (31, 1)])
def test_a_shake_is_found_although_most_of_a_second_of_it_was_lost(seed, where):
    sensors = list(made_pair(seed, 20.0).sensors)
    whole = shakes(*sensors)
    middle = whole[0].middle + (clock_offset(seed) if where else 0.0)
    lost = np.abs(sensors[where].time - middle) < 0.4
    assert 0.7 < np.max(np.diff(sensors[where].time[~lost])) < 1.1
    sensors[where] = sensors[where].kept(~lost)
    (found,) = shakes(*sensors)
    assert found.offset == pytest.approx(clock_offset(seed), abs=0.003)
    assert abs(found.middle - middle) < SHAKE


@pytest.mark.parametrize("seed", [31, 20, 404])
def test_setting_off_and_stopping_are_no_shakes_though_force_and_turn_grow_and_fall_alike(seed):
    """Head and sacrum of a runner who sets off are alike to .97, 7 ms late: force and turn do not tell the same offset."""
    pair = made_pair(seed, 20.0)
    (found,) = shakes(*pair.sensors)
    after = [one.kept(one.time - one.time[0] > found.stop - pair.sensors[0].time[0]) for one in pair.sensors]
    assert not shakes(*after)

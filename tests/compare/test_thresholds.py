"""Contacts on both sides of a comparison begin and end at the same force."""

import pytest

from headway import Options, analyze, compare
from headway.io.write_c3d import write_c3d
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


def recorded(force_noise: float):
    return record(SyntheticRunner(), duration=6, noise=0.0003, force_noise=force_noise, rate=100, force_rate=1000)


@pytest.fixture(scope="module")
def quiet():
    return recorded(1.0)


@pytest.fixture(scope="module")
def noisy():
    """Plates whose unloaded channels reach 20 N, as under a treadmill."""
    return recorded(10.0)


def test_the_choice_is_told_and_can_be_made(quiet):
    assert analyze(quiet).summary.events.threshold == 20.0
    low, high = (analyze(quiet, options=Options(threshold=n)) for n in (20.0, 50.0))
    assert high.summary.events.threshold == 50.0
    shorter = low.summary.metrics["contact_time"].value - high.summary.metrics["contact_time"].value
    assert 0.001 < shorter < 0.02


def test_a_threshold_within_the_noise_is_told(noisy):
    found = analyze(noisy, options=Options(threshold=10.0)).summary
    assert "threshold_in_noise" in [flag.code for flag in found.quality]


def test_a_difference_between_two_analyses_is_told(quiet, noisy):
    one, two = analyze(quiet), analyze(noisy)
    assert [each.summary.events.threshold for each in (one, two)] == [20.0, 50.0]
    codes = [flag.code for flag in compare(one, two).summary.remarks]
    assert "thresholds_differ" in codes


def test_two_recordings_are_compared_at_one_threshold(quiet, noisy, tmp_path):
    for name, made in (("quiet", quiet), ("noisy", noisy)):
        write_c3d(tmp_path / f"{name}.c3d", made.points, made.ground_force)
    found = compare(tmp_path / "quiet.c3d", tmp_path / "noisy.c3d").summary
    assert found.a.threshold == found.b.threshold == 50.0
    assert "thresholds_differ" not in [flag.code for flag in found.remarks]

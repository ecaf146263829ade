"""The same recordings with and without their plates: what is estimated says so, and its interval holds the plates' value."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import headway
from headway.analysis import analyze
from headway.analysis.seen_trial import SeenTrial
from headway.gait.event_model import OTHER_LABORATORY
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.metrics import REGISTRY, CannotMeasure
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth import truth

FORCE = ("peak_vertical_grf", "braking_impulse", "propulsive_impulse", "pelvis_vertical_gain", "pelvis_forward_gain")


@pytest.fixture(scope="module")
def both(data, analysed):
    """Summaries of a recording with its plates and by its motion alone."""

    @cache
    def of(path):
        blind = replace(headway.load(data / path), ground_force=None, events=())
        return analysed(path).summary, analyze(blind).summary

    return of


@pytest.mark.parametrize("trial", ["RBDS002runT25", "RBDS012runT35", "RBDS026runT45"])
def test_treadmill_runners_without_their_plate(both, trial):
    plates, motion = both(f"rbds/{trial}.c3d")
    assert (plates.force.status, motion.force.status) == ("measured", "estimated")
    assert motion.events.source == "markers"
    assert abs(motion.steps.count - plates.steps.count) <= 2
    for name in FORCE:
        entry, true = motion.metrics[name], plates.metrics[name].value
        assert entry.status == "estimated", name
        assert "standard error of this metric" in entry.model
        low, high = entry.ci95
        assert low <= true <= high, name
    assert motion.metrics["contact_time"].value == pytest.approx(plates.metrics["contact_time"].value, abs=0.012)
    assert motion.metrics["contact_time"].status == "measured"


def test_what_an_estimated_force_cannot_tell_is_not_measurable(both):
    _, motion = both("dorn2012_ja1/JA1Gait21.c3d")
    for name in ("neck_base_grf_line_crossing_time", "vertical_loading_rate", "ladder_closure"):
        entry = motion.metrics[name]
        assert entry.status == "not_measurable", name
        assert entry.record == "record with force plates", name


@pytest.mark.parametrize("speed", ["run200", "run300", "run500"])
def test_neck_base_gain_of_a_runner_in_other_markers(both, speed):
    plates, motion = both(f"hamner2013/subject04/trials/{speed}/markers.trc")
    true, entry = plates.metrics["neck_base_vertical_gain"].value, motion.metrics["neck_base_vertical_gain"]
    assert entry.value == pytest.approx(true, abs=0.08)
    assert motion.runner.mass is None
    assert "mass_assumed" in {flag.code for flag in motion.quality}


def test_what_motion_cannot_tell_between_runners_is_not_measurable(both):
    _, motion = both("rbds/RBDS002runT25.c3d")
    entry = motion.metrics["speed_change"]
    assert (entry.status, entry.record) == ("not_measurable", "record with force plates")


def test_far_outside_of_the_fitted_speeds_errors_grow_and_contacts_are_refused(data):
    recording = headway.load(data / "rbds" / "RBDS002runT45.c3d")
    trial = prepare(replace(recording, ground_force=None, events=()), Runner(), headway.Options())[0]
    near, faster, sprint = (SeenTrial(replace(trial, speed=speed)) for speed in (4.5, 7.3, 9.6))
    contact = REGISTRY["contact_time"]
    assert faster.error(contact, 0.2) == pytest.approx(2 * near.error(contact, 0.2))
    with pytest.raises(CannotMeasure, match="far outside"):
        sprint.check(contact, None, None)


def test_head_gain_of_one_overground_stance(both):
    plates, motion = both("running_0002/Running_0002.c3d")
    assert motion.metrics["head_vertical_gain"].value == pytest.approx(
        plates.metrics["head_vertical_gain"].value, abs=0.05
    )
    forward = motion.metrics["head_forward_gain"]
    stated = OTHER_LABORATORY * REGISTRY["head_forward_gain"].left_out_error(forward.value)
    assert forward.value == pytest.approx(plates.metrics["head_forward_gain"].value, abs=1.96 * stated)


def test_a_synthetic_runner_without_plates():
    parameters = RunnerParameters()
    runner = SyntheticRunner(parameters)
    made = replace(record(runner, duration=8.0), ground_force=None, events=())
    metrics = analyze(made, Runner(height=parameters.height, sex=parameters.sex)).summary.metrics
    known = truth(runner)
    assert metrics["cadence"].value == pytest.approx(known["cadence"], rel=0.005)
    assert metrics["lateral_bounce_amplitude"].value == pytest.approx(known["lateral_bounce_amplitude"], rel=0.03)
    assert metrics["lateral_bounce_phase"].value == pytest.approx(known["lateral_bounce_phase"], abs=np.radians(8))
    assert metrics["head_vertical_gain"].value == pytest.approx(known["head_vertical_gain"], abs=0.08)

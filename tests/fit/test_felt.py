"""Accelerations that sensors felt are data of a fit: read right, modelled right, and a head without markers moves as it did."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from tests.fit.test_fit import seen

from headway.errors import RecordingError
from headway.fit.felt import FeltModel, felt_strides, with_felt
from headway.fit.fit_body import fit_body
from headway.fit.fitted import fit_stretch
from headway.fit.induced import POINTS
from headway.fit.measured import FeltStride
from headway.fit.model import FitModel, evaluate
from headway.gait.runner import Runner
from headway.options import Options
from headway.sensors.recording import SensorRecording
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, looped, worn

PLACES = ("head", "sacrum")
HEAD = POINTS.index("head")
LANDED = 0.004
"""By how much later than the synthetic runner's feet are loaded a film sees them on the ground, s."""


@pytest.fixture(scope="module")
def run():
    """A phone at the sacrum and a small sensor at the middle of the head of the synthetic runner, mounted anyhow."""
    runner = SyntheticRunner()
    turned = {"head": [100, 20, -35], "sacrum": [40, 70, -20]}
    sensors = [
        worn(
            looped(body_motion(runner, place), runner.parameters.stride_time), place, 30.0, Part(),
            mount=Rotation.from_euler("xyz", turned[place], degrees=True), seed=k,
        )
        for k, place in enumerate(PLACES)
    ]  # fmt: skip
    return SensorRecording(tuple(replace(one, clock="one") for one in sensors), source="virtual")


def test_the_mean_stride_of_sensors_is_the_runners(run):
    runner = SyntheticRunner()
    strides = felt_strides(run, Options())
    period = runner.parameters.stride_time
    since = np.linspace(0, period, 200, endpoint=False)
    for place, stride in strides.items():
        assert stride.period == pytest.approx(period, rel=0.005)
        true = body_motion(runner, place)(runner.ground.first_midstance + since)[0]
        apart = [stride.at(since + lag) - true for lag in np.arange(-0.02, 0.021, 0.002)]  # midstance is told to 10 ms
        least = min((np.sqrt((one**2).mean(0)) for one in apart), key=lambda one: float(one[1]))
        told = np.isfinite(least)
        assert told[1]
        assert (least[told] < 1.5).all(), (place, least)


def test_accelerations_of_the_places_are_those_of_the_motion(known):
    model = FitModel(known.skeleton, motion_only=True)
    felt = FeltModel(model, PLACES)
    rates, slope = evaluate(felt.function, known.q, known.v, known.a)
    step = 1e-6
    for k in (0, 8, 40):
        moved = np.hstack([known.q, known.v, known.a])
        moved[:, k] += step
        other, _ = evaluate(felt.function, *np.split(moved, 3, axis=1))
        assert (other - rates) / step == pytest.approx(slope[:, :, k], abs=2e-3)
    path = evaluate(model.points(("head_centre",)), known.q)[0]
    gap = known.time[1] - known.time[0]
    second = (path[2:] - 2 * path[1:-1] + path[:-2]) / gap**2
    assert np.sqrt(((second - rates[1:-1, :3]) ** 2).mean()) < 0.05 * np.ptp(rates[:, 1])


def test_sensors_of_another_pace_are_refused(shown):
    felt = {"head": FeltStride(np.zeros((3, 3), complex), 0.5)}
    with pytest.raises(RecordingError, match=r"strides take 0.50 s and those of the recording 0.70 s"):
        with_felt(shown, felt, 0.7)


def test_a_sensor_that_does_not_tell_left_from_right_is_refused_with_what_helps(run):
    head = replace(run, sensors=tuple(one for one in run.sensors if one.where == "head"))
    with pytest.raises(
        RecordingError, match=r"do not tell left from right.*wear a sensor with gyroscope at the sacrum"
    ):
        felt_strides(head, Options())


def test_sensors_alone_are_refused_with_what_helps(run):
    with pytest.raises(RecordingError, match=r"do not tell where the legs are.*a film from the side or markers"):
        fit_body(run, Runner(1.75))


def felt_by(known, period: float = 0.72) -> dict[str, FeltStride]:
    """What sensors without fault would have felt of a known body: harmonics that go through its accelerations."""
    rates, _ = evaluate(
        FeltModel(FitModel(known.skeleton, motion_only=True), PLACES).function, known.q, known.v, known.a
    )
    turns = np.outer(2 * np.pi * known.time / period, np.arange(1, 13))
    basis = np.hstack([np.cos(turns), np.sin(turns)])
    both = np.linalg.solve(basis.T @ basis + 1e-8 * np.eye(24), basis.T @ rates)
    phasors = (both[:12] + 1j * both[12:]).reshape(12, 2, 3)
    return {place: FeltStride(phasors[:, k], period) for k, place in enumerate(PLACES)}


@pytest.mark.slow
def test_a_sensor_tells_how_a_head_without_markers_moves(known, shown):
    whole = seen(known, shown, noise=0.001)
    bare = replace(whole, paths={name: path for name, path in whole.paths.items() if not name.startswith("head")})
    hung = fit_stretch(bare, skeleton=known.skeleton)
    felt = fit_stretch(replace(bare, felt=felt_by(known)), skeleton=known.skeleton)
    assert hung.quality.converged and felt.quality.converged
    before, after = (np.sqrt(((one.total - known.total)[:, HEAD] ** 2).mean(0)) for one in (hung, felt))
    print("head acceleration missed, m/s2:", before.round(2), after.round(2))
    assert np.linalg.norm(after) < 0.5 * np.linalg.norm(before)
    total, number = felt.quality.felt
    assert np.sqrt(total / number) < 1.5


@pytest.mark.slow
def test_a_recording_and_sensors_are_fitted_together(run):
    recording = record(SyntheticRunner(), duration=1.6, rate=200.0)
    body = fit_body([recording, run], Runner(1.75), workers=1)
    assert body.found.converged
    assert body.found.sensors == ("head", "sacrum")
    assert body.found.acceleration_rms is not None
    print("accelerations missed, m/s2:", body.found.acceleration_rms, "joints", body.found.joint_rms)
    assert body.found.acceleration_rms < 3.0


@pytest.mark.slow
def test_a_film_and_sensors_are_fitted_together_and_tell_more_of_the_head_than_the_film(run):
    runner = SyntheticRunner()
    time, places, labels = runner_points(runner, duration=6.0, rate=60.0)
    side = film(time, places, labels, PhoneCamera((0.3, 1.0, 6.0), (0.3, 1.0, 0.0)), noise=0.004)
    who, options = Runner(1.75, 68.0), Options(treadmill=True)
    missed = []
    for given in (side, [side, run]):
        body = fit_body(given, who, options)
        assert body.found.converged and body.found.films == 1
        (one,) = body.stretches
        true = body_motion(runner, "head")(one.time + LANDED)[0]
        missed.append(np.sqrt(((one.total[:, HEAD] - true) ** 2).mean(0)))
    assert body.found.sensors == PLACES
    assert body.found.acceleration_rms is not None and body.found.acceleration_rms < 1.5
    alone, both = missed
    print("head acceleration missed, m/s2:", alone.round(2), both.round(2))
    assert both[0] < 0.6 * alone[0] and both[1] < 0.8 * alone[1]

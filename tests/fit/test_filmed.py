"""A film shows a mean stride that a body can be fitted to; what no body can be fitted to is refused in a line."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.camera.filmed import filmed
from headway.dynamics.push import PUSHED, SOURCES
from headway.errors import RecordingError
from headway.fit.checks import check_films
from headway.fit.curves import body_curves
from headway.fit.filmed import SEEN, filmed_stretch
from headway.fit.fit_body import fit_body
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.sensors.recording import SensorRecording
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import body_motion, worn

SIDE = PhoneCamera((0.3, 1.0, 6.0), (0.3, 1.0, 0.0))
REAR = PhoneCamera((-6.0, 1.2, 0.0), (0.0, 1.0, 0.0))
WHO, OPTIONS = Runner(1.75, 68.0), Options(treadmill=True)


@pytest.fixture(scope="module")
def runner():
    return SyntheticRunner()


@pytest.fixture(scope="module")
def films(runner):
    """Key points from the side and from behind."""
    time, places, labels = runner_points(runner, duration=6.0, rate=60.0)
    return [film(time, places, labels, camera, noise=0.004) for camera in (SIDE, REAR)]


@pytest.fixture(scope="module")
def trials(films):
    return [prepare(filmed(one, 1.75, OPTIONS)[0], WHO, OPTIONS)[0] for one in films]


def test_the_mean_stride_is_the_runners(trials, runner):
    measured = filmed_stretch(trials, 1.75, 68.0)
    p = runner.parameters
    first, second = measured.contacts
    assert (first.side, second.side) == ("right", "left")
    assert second.initial_contact == pytest.approx(p.step_time, abs=0.01)
    assert first.toe_off == pytest.approx(p.contact_time, abs=0.012)
    hips = (measured.paths["hip_left"] + measured.paths["hip_right"])[:, 0] / 2
    assert np.polyfit(measured.time, hips, 1)[0] == pytest.approx(p.speed, rel=0.03)
    true = runner.positions(measured.time + 0.004, ["knee_right", "hip_left", "hip_right"])  # it lands at 0
    relative = true[:, 0] - true[:, 1:].mean(1)
    middle = (measured.paths["hip_left"] + measured.paths["hip_right"]) / 2
    apart = measured.paths["knee_right"] - middle - relative
    assert (apart - apart.mean(0)).std(0).max() < 0.008
    inside = (measured.force_time > 0) & (measured.force_time < measured.contacts[-1].toe_off)
    assert np.nanmax(measured.force[inside, 1]) == pytest.approx(2.5, abs=0.5)


def test_one_film_knows_nothing_of_sideways_and_says_so_by_its_errors(trials):
    measured = filmed_stretch(trials[:1], 1.75, 68.0)
    assert measured.errors is not None
    assert np.ptp(measured.paths["knee_right"][:, 2]) == 0.0
    assert all(axes[2].total > 1.5 * SEEN.total for axes in measured.errors.values())
    both = filmed_stretch(trials, 1.75, 68.0)
    assert np.ptp(both.paths["knee_right"][:, 2]) > 0.01
    assert both.errors is not None and both.errors["knee_right"][2] == SEEN


def test_a_wrist_without_its_elbow_is_left_out(trials):
    """It would turn the whole arm about: a real film of which the far elbow was hidden ended 0.3 m from the joints."""
    side = trials[0]
    names = [name for name in side.recording.names() if name != "elbow_right"]
    hidden = replace(side, recording=replace(side.recording, points=side.recording.points.sel(point=names)))
    paths = filmed_stretch([hidden], 1.75, 68.0).paths
    assert {"elbow_left", "wrist_left", "shoulder_right"} <= {*paths}
    assert not {"elbow_right", "wrist_right"} & {*paths}


def test_a_film_from_behind_alone_is_refused(trials):
    with pytest.raises(RecordingError, match=r"no body can be fitted to it alone; add a film from the side"):
        filmed_stretch(trials[1:], 1.75, 68.0)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"oblique": 0.6}, "34° off the square view"), ({"tempo": (1.0, 2.0)}, "give --slow-motion")],
)
def test_films_that_tell_no_body_are_refused(trials, change, told):
    side = trials[0]
    bent = replace(side, recording=replace(side.recording, camera=replace(side.camera, **change)))
    with pytest.raises(RecordingError, match=told):
        check_films([bent])


def test_a_foot_that_is_not_seen_in_the_run_is_named(trials):
    side = trials[0]
    places = side.recording.points.to_numpy().copy()
    places[:, side.recording.names().index("toe_left")] = np.nan
    blind = replace(side.recording, points=side.recording.points.copy(data=places))
    with pytest.raises(RecordingError, match="without key points of toe_left; film the whole runner"):
        filmed_stretch([replace(side, recording=blind)], 1.75, 68.0)


@pytest.mark.parametrize("which", [(0, 0), (0, 1, 1)])
def test_several_films_of_one_view_are_refused(trials, which):
    with pytest.raises(RecordingError, match="several films of one view; give one film from the side"):
        check_films([trials[k] for k in which])


@pytest.mark.parametrize(("who", "told"), [(Runner(None, 68.0), "--height"), (Runner(1.75), "--mass")])
def test_a_film_needs_height_and_mass(trials, who, told):
    with pytest.raises(RecordingError, match=told):
        check_films([replace(trials[0], runner=who)])


def test_sensors_alone_are_refused(runner):
    head = worn(body_motion(runner, "head"), "head", 2.0)
    with pytest.raises(RecordingError, match="no body can be fitted to them alone"):
        fit_body(SensorRecording((head,), source="virtual"), WHO)


@pytest.mark.slow
def test_two_films_find_what_markers_and_plates_find_within_their_intervals(films, runner):
    from headway.synthetic.recording import record

    known = fit_body(record(runner, duration=1.6, rate=200.0), Runner(1.75), workers=1)
    told = fit_body(films, WHO, OPTIONS)
    assert told.found.converged and told.found.films == 2
    one, other = (body.push_off(body.trial) for body in (known, told))
    apart = np.abs(np.nanmean(one.gained, axis=0) - np.nanmean(other.gained, axis=0))
    assert (apart < 1.96 * other.error).mean() > 0.9
    assert apart[PUSHED.index("head"), SOURCES.index("ankle"), 0] < 0.3
    true, found, error = (
        curves[name]
        .sel(coordinate=["hip_flexion_stance", "knee_flexion_stance", "ankle_dorsiflexion_stance", "lumbar_extension"])
        .to_numpy()
        for curves, name in (
            (body_curves(known), "body_moment"),
            (body_curves(told), "body_moment"),
            (body_curves(told), "body_moment_error"),
        )
    )
    assert (np.abs(found - true) < 1.96 * error).mean() > 0.95

"""Scenes and truth of rendered films: all that needs no drawing."""

from dataclasses import replace

import numpy as np
import pytest

from headway.synthetic.film.lens import camera_at
from headway.synthetic.film.motion import SyntheticMotion
from headway.synthetic.film.sample import FILMS_EACH, HELD_OUT, sample_film
from headway.synthetic.film.scene import RenderedCamera, RenderedScene
from headway.synthetic.film.truth import true_values
from headway.synthetic.parameters import RunnerParameters, Wave
from headway.synthetic.runner import SyntheticRunner


def told(parameters):
    """True values of a runner, with the head centre as the head."""
    motion = SyntheticMotion(SyntheticRunner(parameters))
    contacts = motion.contacts(0.0, 4.0)
    time = np.arange(contacts[0].initial_contact, contacts[-1].toe_off, 1 / 400)
    points = motion.runner.points(time, 1)
    return motion, true_values(
        time,
        {name: jet.value for name, jet in points.items()} | {"head": points["head_centre"].value},
        contacts,
        motion.speed,
    )


@pytest.mark.parametrize("limp", [0.0, 8.0])
def test_the_truth_of_a_film_is_what_the_synthetic_runner_was_asked_for(limp):
    parameters = RunnerParameters(
        contact_time_asymmetry=limp, head_lateral=Wave(0.02, 20.0), head_lag=0.01, head_nod=Wave(0.0)
    )
    _, truth = told(parameters)
    assert truth["contact_time"].value == pytest.approx(parameters.contact_time, abs=1e-9)
    assert truth["contact_time_asymmetry"].value == pytest.approx(limp, abs=1e-6)
    assert truth["cadence"].value == pytest.approx(parameters.cadence, abs=1e-6)
    assert truth["lateral_bounce_amplitude"].value == pytest.approx(0.02, abs=2e-4)
    assert np.degrees(truth["lateral_bounce_phase"].value) == pytest.approx(20.0, abs=1.0)
    assert truth["step_width"].value == pytest.approx(parameters.step_width, abs=1e-3)


def test_a_later_head_has_a_longer_lag():
    early, late = (told(RunnerParameters(head_lag=lag))[1]["head_lag_vertical"].value for lag in (0.0, 0.012))
    # the centre of mass has its own path: a head that is late makes the hips early, by the head's share of the mass
    assert 0.012 < late - early < 0.0135


def test_feet_stand_still_on_the_ground_during_contact():
    motion = SyntheticMotion(SyntheticRunner())
    for contact in motion.contacts(1.0, 2.0):
        middle = np.linspace(contact.at(0.35), contact.at(0.45), 20)
        ball = motion.at(middle).points[f"ball_{contact.side}"]
        assert np.abs(ball[:, 1]).max() < 2e-3
        assert np.ptp(ball[:, 0] + motion.speed * middle) < 2e-3


def test_the_same_number_is_the_same_film_and_another_number_another_one():
    assert sample_film(7) == sample_film(7)
    assert sample_film(7).scene != sample_film(8).scene
    assert sample_film(7).scene != sample_film(7, seed=1).scene


def test_all_films_of_a_person_are_on_one_side_of_the_split():
    last = FILMS_EACH * (HELD_OUT - 1)
    held_out = [sample_film(last + k) for k in range(FILMS_EACH)]
    assert all(film.test for film in held_out)
    assert len({film.person for film in held_out}) == 1
    assert held_out[0].scene.body == held_out[1].scene.body
    assert not sample_film(0).test


@pytest.mark.parametrize(
    ("azimuth", "view"), [(5, "rear"), (178, "front"), (-185, "front"), (95, "side"), (-80, "side"), (45, "oblique")]
)
def test_the_view_follows_from_where_the_camera_stands(azimuth, view):
    assert RenderedScene(camera=RenderedCamera(azimuth=azimuth)).view == view


def test_a_camera_behind_sees_the_right_side_on_the_right_and_one_in_front_on_the_left():
    right = np.array([[[0.0, 1.0, 0.5]]])
    for azimuth, sign in ((0.0, 1), (180.0, -1)):
        scene = RenderedScene(
            camera=RenderedCamera(azimuth=azimuth, distance=5.0, focal=1000.0, height=1.0, aim=(1.0, 0.0))
        )
        pixels, depth = camera_at(scene, 3.0, np.zeros(1)).project(right)
        assert pixels[0, 0] - np.array([360, 640]) == pytest.approx([sign * 100.0, 0.0], abs=1e-6)
        assert depth[0, 0] == pytest.approx(5.0)


def test_a_camera_that_follows_keeps_the_runner_in_place_and_a_fixed_one_does_not():
    scene = RenderedScene(camera=RenderedCamera(azimuth=90.0, carriage="following"), ground="overground", duration=3.0)
    time = np.array([0.0, 3.0])
    runner = np.array([[[-4.5, 1.0, 0.0]], [[4.5, 1.0, 0.0]]])
    followed, _ = camera_at(scene, 3.0, time).project(runner)
    assert followed[0] == pytest.approx(followed[1])
    fixed = replace(scene, camera=replace(scene.camera, carriage="fixed"))
    left, right = camera_at(fixed, 3.0, time).project(runner)[0][:, 0, 0]
    assert right - left == pytest.approx(9.0 * 1300 / 5.0, rel=0.01)

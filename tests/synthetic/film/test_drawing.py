"""Drawn runners; skipped where the body model is not installed."""

from dataclasses import replace

import numpy as np
import pytest

from headway.synthetic.film.motion import SyntheticMotion
from headway.synthetic.film.scene import RenderedBody, RenderedCamera, RenderedScene
from headway.synthetic.runner import SyntheticRunner

pytestmark = pytest.mark.slow
SMALL = RenderedScene(camera=RenderedCamera(size=(360, 640), focal=650.0, grain=0.0), duration=0.1)


@pytest.fixture(scope="module")
def renderer():
    pytest.importorskip("anny", reason='the extra "render" is not installed')
    pytest.importorskip("cv2", reason='the extra "video" is not installed')
    from headway.synthetic.film.render import Renderer

    return Renderer(SMALL, SyntheticMotion(SyntheticRunner()))


def test_drawn_joints_are_those_of_the_motion_and_the_soles_touch_the_ground(renderer):
    time = np.array([renderer.motion.contacts(0.0, 1.0)[0].at(0.4)])
    pose = renderer.motion.at(time)
    maps = renderer.skin.transforms(pose)[0]
    shown = renderer.skin.surface(maps, renderer.dressed.base, renderer.dressed.weights)
    assert abs(shown[:, 1].min()) < 0.012
    assert shown[:, 1].max() == pytest.approx(pose.points["vertex"][0, 1], abs=0.02)
    landmarks = renderer.skin.landmarks(pose)
    assert landmarks["knee_left"] == pytest.approx(pose.points["knee_left"])
    assert landmarks["ear_right"][0, 2] - landmarks["ear_left"][0, 2] == pytest.approx(0.15, abs=0.03)


def test_the_runner_is_where_the_truth_says(renderer):
    picture = next(iter(renderer.pictures()))
    empty = renderer.around.picture(renderer_state(renderer), 0, 0.0)
    changed = np.abs(picture.astype(int) - empty).max(axis=2) > 15
    truth = renderer.truth()
    for name in ("hip_right", "shoulder_right", "knee_right", "head"):
        x, y = np.round(truth.pixels[0, truth.names.index(name)]).astype(int)
        assert changed[y - 2 : y + 3, x - 2 : x + 3].mean() > 0.5, name


def renderer_state(renderer):
    from headway.synthetic.film.lens import camera_at

    return camera_at(renderer.scene, renderer.motion.speed, renderer.film_time)


def test_a_rolling_shutter_shows_the_feet_later_than_the_head(renderer):
    from headway.synthetic.film.render import Renderer

    still = replace(SMALL, camera=replace(SMALL.camera, readout=0.0))
    rolled, whole = renderer.truth(), Renderer(still, renderer.motion).truth()
    foot = rolled.names.index("toe_left")
    assert np.abs(rolled.pixels - whole.pixels)[:, foot].max() > 0.5
    assert rolled.points == pytest.approx(whole.points)


def test_a_heavier_body_is_wider():
    pytest.importorskip("anny", reason='the extra "render" is not installed')
    from headway.synthetic.film.mesh import rest_body

    light, heavy = (rest_body(RenderedBody(weight=weight)).vertices for weight in (0.2, 0.8))
    waist = [np.ptp(v[(np.abs(v[:, 1] - 0.2) < 0.02) & (np.abs(v[:, 2]) < 0.25), 0]) for v in (light, heavy)]
    assert waist[1] > 1.05 * waist[0]

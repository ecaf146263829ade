"""A fitted body becomes one body alike on both sides, on the ground that was found; too little of it is refused in a line."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.errors import RecordingError
from headway.fit.model import GROUND
from headway.fit.own_step import own_ground, own_step, symmetric
from headway.fit.run import FittedBody
from headway.simulation.mean_step import MIRROR


@pytest.fixture
def body(known, trial):
    from headway.fit.run import _found

    return FittedBody(trial, (known,), _found(trial, (known,), (known,)))


def test_left_and_right_are_mirror_images_and_as_heavy_as_before(known):
    one = symmetric([known.skeleton])
    named = {body.name: body for body in one.bodies}
    assert one.mass == pytest.approx(known.skeleton.mass)
    for stem in ("thigh", "shank", "foot", "toes", "upper_arm"):
        right, left = named[f"{stem}_right"], named[f"{stem}_left"]
        np.testing.assert_allclose(right.offset, left.offset * MIRROR, atol=1e-12)
        np.testing.assert_allclose(right.inertia, left.inertia * np.outer(MIRROR, MIRROR), atol=1e-12)
        for name, place in right.points.items():
            np.testing.assert_allclose(place, left.points[name.replace("right", "left")] * MIRROR, atol=1e-12)
    assert named["head"].com[2] == pytest.approx(0.0, abs=1e-12)
    knees = {body.name: body for body in known.skeleton.bodies}
    mean = (knees["shank_right"].offset[1] + knees["shank_left"].offset[1]) / 2
    assert named["shank_right"].offset[1] == pytest.approx(mean)


def test_the_ground_is_the_one_that_was_found(known):
    assert own_ground(np.zeros_like(known.ground)).stiffness == GROUND.stiffness
    softer = known.ground.copy()
    softer[-5:-2] = np.log(0.8)
    assert own_ground(softer).stiffness == pytest.approx(0.8 * GROUND.stiffness)


def test_one_stance_is_not_enough(body):
    with pytest.raises(RecordingError, match="no whole stride to track"):
        own_step(body)


def test_a_body_that_did_not_converge_is_told(body):
    with pytest.raises(RecordingError, match="no body could be fitted to its strides"):
        own_step(replace(body, stretches=()))

"""A fitted body becomes one mean body, left and right as they are, on the ground that was found; too little of it is refused in a line."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.errors import RecordingError
from headway.fit.model import GROUND
from headway.fit.own_stride import mean_skeleton, own_ground, own_stride
from headway.fit.run import FittedBody


@pytest.fixture
def body(known, trial):
    from headway.fit.run import _found

    return FittedBody(trial, (known,), _found(trial, (known,), (known,)))


def test_the_mean_body_keeps_legs_that_differ(known):
    longer = replace(known.skeleton, bodies=tuple(
        replace(body, offset=body.offset * 1.1, mass=body.mass * 1.1) if body.name == "shank_left" else body
        for body in known.skeleton.bodies
    ))  # fmt: skip
    one = {body.name: body for body in mean_skeleton([known.skeleton, longer]).bodies}
    before = {body.name: body for body in known.skeleton.bodies}
    np.testing.assert_allclose(one["shank_left"].offset, 1.05 * before["shank_left"].offset)
    np.testing.assert_allclose(one["shank_right"].offset, before["shank_right"].offset)
    assert one["shank_left"].mass == pytest.approx(1.05 * before["shank_left"].mass)
    assert set(one["foot_left"].points) == set(before["foot_left"].points)


def test_the_ground_is_the_one_that_was_found(known):
    assert own_ground(np.zeros_like(known.ground)).stiffness == GROUND.stiffness
    softer = known.ground.copy()
    softer[-5:-2] = np.log(0.8)
    assert own_ground(softer).stiffness == pytest.approx(0.8 * GROUND.stiffness)


def test_one_stance_is_not_enough(body):
    with pytest.raises(RecordingError, match="no whole stride to track"):
        own_stride(body)


def test_a_body_that_did_not_converge_is_told(body):
    with pytest.raises(RecordingError, match="no body could be fitted to its strides"):
        own_stride(replace(body, stretches=()))

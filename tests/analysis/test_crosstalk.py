"""A knee that bows in swing is told."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.analysis.crosstalk import crosstalk
from headway.body.joint_angles import JointAngles


def trial(bowing: float):
    time = np.arange(0, 4, 0.01)
    path = np.radians(bowing) / 2 * np.sin(2 * np.pi * time / 0.7)
    angles = JointAngles(("knee_adduction_left", "knee_adduction_right"), np.stack([0 * path, path], axis=1))
    starts = np.arange(0.0, 3.0, 0.7)
    steps = SimpleNamespace(names=["right"] * len(starts), toe_off=starts, next_same=starts + 0.7)
    frames = lambda start, stop: slice(int(np.ceil(start * 100)), int(stop * 100) + 1)  # noqa: E731
    return SimpleNamespace(camera=None, joint_angles=angles, steps=steps, frames=frames)


@pytest.mark.parametrize(("bowing", "told"), [(8.0, False), (25.0, True)])
def test_bowing_beyond_what_bones_do_is_told_with_its_side(bowing, told):
    found = crosstalk([trial(bowing)])
    assert bool(found) is told
    if told:
        assert found[0].code == "knee_crosstalk" and "right 25°" in found[0].message and "left" not in found[0].message

"""Frames on an even clock, and frames that lie on none."""

import numpy as np
import pytest

from headway.io.checks import even_clock
from headway.recording import AXES, Recording, make_points


@pytest.mark.parametrize(("shift", "uneven"), [(0.1, False), (0.2, False), (0.3, True), (0.45, True)])
def test_times_that_are_a_quarter_of_a_frame_off_lie_on_no_even_clock(shift, uneven):
    time = np.arange(60) / 100
    time[[10, 25, 40]] += shift / 100
    found = even_clock(Recording(make_points(time, ["c7"], np.zeros((60, 1, 3)), AXES)))
    assert ("uneven_frames" in {flag.code for flag in found.flags}) == uneven
    assert np.allclose(np.diff(found.time), 0.01) != uneven

"""The duty factor of steps whose stride was not recorded whole."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.gait.steps import Steps
from headway.metrics.time_and_space import duty_factor

START = np.array([0.0, 0.35])


def trial(strides: list[float]) -> SimpleNamespace:
    """Two steps of 0.35 s with 0.24 s of contact; where the next contact of the same foot is not known, NaN."""
    unknown = np.full(2, np.nan)
    return SimpleNamespace(
        steps=Steps(
            np.array([1, -1]), START, START + 0.24, START + 0.35, START + strides, ("force",) * 2, *[unknown] * 4
        )
    )


@pytest.mark.parametrize("strides", [[0.7, 0.7], [0.7, np.nan], [np.nan, np.nan]])
def test_twice_the_step_stands_for_a_stride_that_was_not_recorded(strides):
    contact, stride = duty_factor(trial(strides))
    assert contact / stride == pytest.approx([0.24 / 0.7] * 2)

"""How far apart the feet of a film land, and where a film cannot tell it."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from headway.camera.film_errors import MODEL
from headway.gait.film_line import lines_of_feet, on_one_line


def _steps(count: int = 12) -> Any:
    side = np.where(np.arange(count) % 2, 1.0, -1.0)
    return SimpleNamespace(midstance=2.0 + 0.36 * np.arange(count), side=side)


@pytest.mark.parametrize("apart", [-0.05, 0.0, 0.08])
def test_lines_and_travel_of_both_feet_are_found_apart(apart):
    steps = _steps()
    lateral = 0.3 + 0.04 * (steps.midstance - steps.midstance[0]) + apart / 2 * steps.side
    lateral[4] = np.nan
    np.testing.assert_allclose(lines_of_feet(steps, lateral), (0.04, apart), atol=1e-12)


def test_feet_of_too_few_steps_have_no_lines():
    drift, apart = lines_of_feet(_steps(3), np.zeros(3))
    assert drift == 0.0 and np.isnan(apart)


@pytest.mark.parametrize(
    ("apart", "view", "kind", "hidden"),
    [
        (0.02, "rear", MODEL, True),
        (-0.04, "front", MODEL, True),
        (0.045, "rear", MODEL, False),
        (-0.04, "side", MODEL, False),
        (-0.04, "rear", "synthetic", False),
    ],
)
def test_a_film_does_not_tell_how_nearly_feet_land_on_one_line(apart, view, kind, hidden):
    steps = _steps()
    recording = cast(Any, SimpleNamespace(view=view, kind=kind))
    assert on_one_line(recording, steps, apart / 2 * steps.side) is hidden

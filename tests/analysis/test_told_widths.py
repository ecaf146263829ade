"""A width that refuses a metric of a film is written as a person writes it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from headway.analysis.seen_trial import _check_width
from headway.metrics import REGISTRY, CannotMeasure


def test_a_wide_interval_is_told_without_powers_of_ten():
    camera = cast(Any, SimpleNamespace(view="side", rate=30.0, head_by="key_points"))
    found = cast(Any, SimpleNamespace(value=0.3, ci95=(0.113, 0.487)))
    metric = REGISTRY["overstride"]
    with pytest.raises(CannotMeasure, match="±190 mm"):
        _check_width(metric, found, camera)

"""Round numbers of the axes."""

import pytest

from headway.report.chart import tick_places, ticks
from headway.report.numbers import number


@pytest.mark.parametrize(("low", "high"), [(-0.55, 0.52), (-5.2, 5.3), (0, 9), (0, 1.1), (0, 0.0052), (0, 120)])
def test_numbers_at_an_axis_stand_where_they_say(low, high):
    marks = ticks(low, high)
    said = [float(number(float(mark), tick_places(marks)).replace("−", "-")) for mark in marks]
    assert said == pytest.approx(list(marks), abs=1e-9)

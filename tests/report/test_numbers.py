import math

import pytest

from headway.report.numbers import ABSENT, MINUS, NARROW, number, scale_of, show, span, with_unit
from headway.results import Measured, NotMeasurable


def entry(value, unit, half=None, n=9, **sides):
    return Measured(value=value, unit=unit, ci95=None if half is None else (value - half, value + half), n=n, **sides)


@pytest.mark.parametrize(
    ("name", "value", "unit", "shown"),
    [
        ("contact_time", 0.2334, "s", f"233{NARROW}ms"),
        ("stride_time", 1.42, "s", f"1.42{NARROW}s"),
        ("head_bob", 0.0082, "m", f"8{NARROW}mm"),
        ("step_length", 0.84, "m", f"0.84{NARROW}m"),
        ("trunk_lean", math.pi / 18, "rad", "10.0°"),
        ("leg_stiffness", 11200.0, "N/m", f"11.2{NARROW}kN/m"),
        ("braking_impulse", -0.0175, "BW*s", f"{MINUS}0.0175{NARROW}BW·s"),
        ("speed", 3.2, "m/s", f"3.20{NARROW}m/s"),
        ("head_forward_gain", -0.04, "1", f"{MINUS}0.04"),
        ("grf_line_crossing_time", 66.0, "% of stance", f"66.0{NARROW}% of stance"),
    ],
)
def test_units_a_person_reads(name, value, unit, shown):
    assert show(name, entry(value, unit)).full == shown


def test_value_interval_and_sides_share_unit_and_digits():
    shown = show("head_bob", entry(0.00823, "m", half=0.0004, left=0.0081, right=0.00836))
    assert (shown.value, shown.left, shown.right, shown.unit) == ("8.2", "8.1", "8.4", "mm")
    assert shown.interval == span(7.83, 8.63, 1)
    assert shown.has_interval


def test_one_unit_even_where_the_interval_reaches_a_metre():
    assert show("path", entry(0.98, "m", half=0.05)).unit == "m"


def test_a_narrow_interval_asks_for_more_digits_and_a_wide_one_does_not():
    assert show("duty_factor", entry(0.3351, "1", half=0.004)).value == "0.335"
    assert show("head_forward_gain", entry(0.31, "1", half=0.14)).value == "0.31"


def test_a_single_step_has_no_interval_and_says_so():
    shown = show("contact_time", entry(0.233, "s", n=1))
    assert shown.interval == "one step, no interval"
    assert not shown.has_interval


def test_absent_values_are_a_dash_and_never_zero():
    shown = show("contact_time", NotMeasurable(why="", record=""), "s")
    assert shown.full == ABSENT
    assert shown.left == ABSENT
    assert number(None, 2) == with_unit(ABSENT, "mm") == ABSENT


def test_nothing_is_minus_zero():
    assert number(-0.001, 2) == "0.00"


def test_an_unknown_unit_is_kept_as_it_is():
    assert scale_of("furlong").unit == "furlong"


def test_an_interval_that_rounds_to_nothing_is_told_by_the_digit_it_stays_below():
    shown = show("lateral_bounce_amplitude", entry(0.020, "m", half=1e-6))
    assert (shown.value, shown.interval.split()) == ("20", ["less", "than", "±1"])
    shown = show("grf_line_crossing_time", entry(76.52, "% of stance", half=1e-4))
    assert (shown.value, shown.interval.split()) == ("76.5", ["less", "than", "±0.1"])

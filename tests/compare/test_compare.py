"""Two synthetic runners whose differences are known."""

from dataclasses import replace
from functools import cache

import msgspec
import numpy as np
import pytest

from headway import Comparison, Runner, analyze, compare
from headway.analysis.analyze_sensors import measure_sensors
from headway.comparison.result import ComparedRow
from headway.comparison.terms import TERMS
from headway.errors import RecordingError
from headway.options import Options
from headway.results import NotMeasurable
from headway.sensors import SensorRecording
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import Wave
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import body_motion, worn

from .conftest import parameters


def by_name(found: Comparison) -> dict[str, ComparedRow]:
    return {row.name: row for row in found.summary.rows}


def verdicts(found: Comparison, word: str) -> list[str]:
    return [row.name for row in found.summary.rows if row.verdict == word]


@cache
def filmed(seed: int, place: tuple[float, float, float], duration: float = 7.0):
    time, points, labels = runner_points(SyntheticRunner(parameters(seed)), duration=duration, rate=50)
    camera = PhoneCamera(place, (0.0, 1.0, 0.0))
    return analyze(film(time, points, labels, camera, noise=0.004, dropouts=0.02, seed=seed), Runner(height=1.75))


def test_a_recording_against_itself_shows_no_difference(measure):
    one = measure(parameters(1))
    found = compare(one, one)
    rows = [row for row in found.summary.rows if row.verdict != "not compared"]
    assert len(rows) > 120
    for row in rows:
        assert row.difference == 0.0
        assert row.ci95 is None or row.ci95[0] <= 0 <= row.ci95[1]
    assert not verdicts(found, "differs") and not verdicts(found, "unsure")
    assert found.summary.lacking == []
    assert found.summary.speed.matched is True
    assert "same_steps" in [flag.code for flag in found.summary.remarks]
    np.testing.assert_array_equal(found.waveforms["path"].sel(runner="a"), found.waveforms["path"].sel(runner="b"))


def test_a_known_difference_lies_in_its_interval_and_little_else_differs(measure):
    """Head bounce 20 mm and 12 mm, feet 30 mm farther apart; everything else alike but for the steps' noise."""
    changed = parameters(2, head_lateral=Wave(0.012, -25.0), step_width=0.09)
    found = compare(measure(parameters(1)), measure(changed), same_runner=True)
    rows = by_name(found)
    for name, truth in (("lateral_bounce_amplitude", -0.008), ("step_width", 0.030), ("contact_time", 0.0)):
        low, high = rows[name].ci95
        assert low <= truth <= high, name
        assert rows[name].normalised is None
    assert rows["lateral_bounce_amplitude"].verdict == "differs"
    assert rows["lateral_bounce_amplitude"].larger_than_own_noise and rows["lateral_bounce_amplitude"].stands_out
    for name in ("contact_time", "cadence", "trunk_lean", "peak_vertical_grf", "neck_base_lateral_bounce_amplitude"):
        assert rows[name].verdict != "differs", name


def test_a_runner_scaled_by_froude_equals_the_original(measure):
    """All lengths times 1.2, times times sqrt(1.2), the same in every dimensionless measure although the two differ in m and s."""
    k, t = 1.2, 1.2**0.5
    own = parameters(1)
    wave = {name: getattr(own, name) for name in ("com_lateral", "head_lateral", "neck_base_lateral", "head_nod")}
    scaled = own.changed(
        mass=own.mass * k**3,
        height=own.height * k,
        speed=own.speed * t,
        cadence=own.cadence / t,
        contact_time=own.contact_time * t,
        step_width=own.step_width * k,
        braking_impulse=own.braking_impulse * t,
        head_lag=own.head_lag * t,
        neck_base_lag=own.neck_base_lag * t,
        head_anteversion=own.head_anteversion * k,
        step_noise=own.step_noise.__class__(0.02, 0.08, 0.01, 0.015 * k, seed=1),
        **{name: Wave(one.amplitude * k, one.phase, one.mean * k) for name, one in wave.items()},
    )
    found = compare(measure(own), measure(scaled, 10.0 * t))
    speed, rows = found.summary.speed, by_name(found)
    assert speed.b / speed.a == pytest.approx(t, rel=0.005)
    assert abs(speed.difference) < 0.003 and speed.matched is True
    assert verdicts(found, "not compared") == []
    for name in (
        "cadence",
        "contact_time",
        "step_length",
        "lateral_bounce_amplitude",
        "peak_vertical_grf",
        "speed",
        "leg_stiffness",
    ):
        one, two = rows[name].normalised, rows[name]
        a, b = (one.a, one.b) if one else (two.a.value, two.b.value)
        assert b / a == pytest.approx(1.0, abs=0.02), name
    assert rows["step_length"].difference > 0.2
    key = [name for name in found.summary.key if rows[name].verdict == "differs"]
    assert set(key) <= {"head_lag_vertical"}  # 0.3 ms, with hardly any noise to hide it
    path = found.waveforms["path"].sel(axis="right", body_point="head")
    np.testing.assert_allclose(path.sel(runner="a"), path.sel(runner="b"), atol=0.004)


def test_loads_are_refused_at_unequal_speed_and_the_rest_is_not(measure):
    found = compare(measure(parameters(1)), measure(parameters(2, speed=3.5 * 1.05)), same_runner=True)
    rows = by_name(found)
    assert found.summary.speed.difference == pytest.approx(0.049, abs=0.003)
    loads = [row for row in rows.values() if row.load]
    assert len(loads) > 20
    for row in loads:
        assert row.verdict == "not compared" and row.difference is None and row.ci95 is None
        assert "speed differs by 4.9%" in row.why
    assert rows["step_length"].verdict == "differs"


def test_swapping_flips_every_sign(measure):
    one, two = measure(parameters(1)), measure(parameters(2, height=1.65, step_width=0.10, speed=3.4))
    forth, back = compare(one, two), compare(two, one)
    assert forth.summary.speed.difference == pytest.approx(-back.summary.speed.difference)
    for row, other in zip(forth.summary.rows, back.summary.rows, strict=True):
        assert row.verdict == other.verdict and row.name == other.name
        for first, second in ((row, other), (row.normalised, other.normalised)):
            if first and first.ci95:
                assert first.difference == pytest.approx(-second.difference)
                assert first.ci95 == pytest.approx([-second.ci95[1], -second.ci95[0]])


def test_a_film_from_behind_against_markers_of_the_same_runner(measure):
    found = compare(filmed(1, (-6.0, 1.2, 0.0)), measure(parameters(2)))
    rows = by_name(found)
    assert verdicts(found, "differs") == []
    for name in ("lateral_bounce_amplitude", "step_width", "head_over_foot_error", "cadence"):
        assert rows[name].verdict == "no difference seen", name
    assert "middle of the shoulders in the first" in rows["neck_over_foot_error"].why
    lacks = {name: group.why for group in found.summary.lacking if group.who == "a" for name in group.names}
    assert lacks["body_lean"] == "a film from behind cannot show forward motion"
    assert "pelvis_lateral_bounce_amplitude" in lacks, "a few mm are below what key points of hips show"
    assert set(lacks) | set(rows) >= {"body_lean", "head_forward_gain", "step_width"}
    assert not set(lacks) & set(rows)
    assert found.summary.speed.matched is None


def test_films_of_different_views_share_times_and_heights_only(measure):
    found = compare(filmed(1, (0.0, 1.2, 6.0)), filmed(2, (-6.0, 1.2, 0.0)), same_runner=True)
    planes = {TERMS[name].plane for name in by_name(found)}
    assert planes <= {"none", "vertical"} and "cadence" in by_name(found)
    assert {group.who for group in found.summary.lacking} == {"a", "b"}


def test_sensors_against_markers_of_the_same_runner(measure):
    runner = SyntheticRunner(parameters(1))
    worn_both = tuple(
        worn(body_motion(runner, place), place, 25.0, seed=k) for k, place in enumerate(("head", "sacrum"))
    )
    options = Options(same_clock=True, speed=3.5)
    sensed = measure_sensors(SensorRecording(worn_both, source="worn"), Runner(height=1.75), options)
    found = compare(sensed, measure(parameters(2)))
    rows = by_name(found)
    assert verdicts(found, "differs") == []
    assert rows["lateral_bounce_amplitude"].verdict == "no difference seen"
    assert "another point" in rows["pelvis_lateral_bounce_amplitude"].why
    lacks = {(g.who, name): g.why for g in found.summary.lacking for name in g.names}
    assert lacks["a", "trunk_lean"] == "sensors on the body do not measure it"
    assert lacks["b", "head_acceleration_peak"] == "only body-worn sensors measure it"
    stride = found.waveforms["stride_path"].sel(body_point="head", axis="up")
    np.testing.assert_allclose(stride.sel(runner="a"), stride.sel(runner="b"), atol=0.01)  # of 0.09; 10 ms


def test_nothing_in_common_is_refused(measure):
    one = measure(parameters(1))
    gone = NotMeasurable(why="nothing", record="something")
    empty = msgspec.structs.replace(one.summary, metrics=dict.fromkeys(one.summary.metrics, gone))
    other = replace(one, summary=empty)
    with pytest.raises(RecordingError, match="no measure is carried by both"):
        compare(one, other)


def test_sizes_that_are_not_known_are_said_and_lengths_stay_in_metres(measure):
    one = measure(parameters(1))
    bare = one.waveforms.drop_vars(["figure"])
    runner = msgspec.structs.replace(one.summary.runner, height=None)
    unknown = replace(one, summary=msgspec.structs.replace(one.summary, runner=runner), waveforms=bare)
    found = compare(unknown, measure(parameters(2)))
    assert "size_unknown" in [flag.code for flag in found.summary.remarks]
    row = by_name(found)["step_width"]
    assert row.normalised is None and row.remarks == ["not normalised: size not known"]
    assert by_name(found)["contact_time"].normalised.unit == "% of stride"

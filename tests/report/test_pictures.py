from typing import TypeVar

import numpy as np
import pytest

from headway.report import ladder as ladder_of
from headway.report.curves import Missing, domain, peak_of_stance, pick, plain
from headway.report.ladder import ladder, ladder_gap, measured_levels
from headway.report.overfoot import over_foot
from headway.report.quantities import absent_points, body_points, crossing, force_line
from headway.report.scene import figure, percentages, stance_timeline
from headway.results import NotMeasurable

Drawn = TypeVar("Drawn")
MASS, GRAVITY, CONTACT = 62.9, 9.80665, 0.236


def got(drawn: Drawn | Missing) -> Drawn:
    assert not isinstance(drawn, Missing)
    return drawn


def test_push_off_impulse_is_the_area_of_the_analytic_force(analysis):
    made = analysis()
    ground = got(ladder(made.waveforms, made.summary.metrics))[-1]
    # forward force -0.27 m g sin(2 pi phase): its positive half holds 0.27 m g T / pi
    forward = 0.27 * MASS * GRAVITY * CONTACT / np.pi
    assert float(ground.impulses["forward"].split()[0]) == pytest.approx(forward, abs=0.06)
    up = MASS * GRAVITY * (0.352 + 0.25 * 0.05 * np.sqrt(np.pi) * CONTACT)
    assert float(ground.impulses["up"].split()[0]) == pytest.approx(up, rel=3e-3)


def test_the_share_of_the_ground_is_the_mass_above_for_a_rigid_body(analysis):
    made = analysis()
    waveforms = made.waveforms.copy(deep=True)
    waveforms["ladder_force"].loc[{"level": "neck"}] = 0.069 * waveforms["ground_force"]
    neck = got(ladder(waveforms, made.summary.metrics))[0]
    assert neck.level == "neck"
    assert neck.impulses["forward"].endswith("7\u202f% of ground")
    assert neck.impulses["up"].endswith("7\u202f% of ground")


def test_levels_share_one_scale_and_each_fits_its_own(analysis):
    made = analysis()
    rungs = got(ladder(made.waveforms, made.summary.metrics))
    assert [rung.level for rung in rungs] == list(ladder_of.LEVELS)
    assert len({rung.charts["up"].shared for rung in rungs}) == 1
    neck, ground = rungs[0].charts["up"], rungs[-1].charts["up"]
    assert neck.domain[1] < 0.2 * ground.domain[1]
    assert ground.shared is not None
    assert ground.shared[1] >= ground.domain[1]


def test_a_level_the_table_refuses_is_not_drawn(analysis):
    made = analysis()
    entries = made.summary.metrics
    why, record = "segments are not marked: head", "add head markers"
    entries["ladder_neck_impulse_forward"] = NotMeasurable(why=why, record=record)
    assert "neck" not in measured_levels(entries)
    rungs = got(ladder(made.waveforms, entries))
    assert "neck" not in [rung.level for rung in rungs]
    assert ladder_gap(rungs, entries) == (["neck"], Missing("segments are not marked: head", "add head markers"))
    drawn, _ = got(figure(made.waveforms, 3.2, MASS, measured_levels(entries)))
    assert drawn.ladder is not None
    assert "neck" not in drawn.ladder
    assert "hip" in drawn.ladder


def test_only_the_ground_without_a_body(analysis):
    made = analysis()
    rungs = got(ladder(made.waveforms.drop_vars(["ladder_force", "ladder_force_sd"]), {}))
    assert [rung.level for rung in rungs] == ["ground"]
    gap = ladder_gap(rungs, {})
    assert gap is not None
    assert gap[0] == ["neck", "lower back", "hip", "knee", "ankle"]


def test_crossing_is_found_exactly_and_an_early_one_is_ignored():
    stance = np.arange(101.0)
    assert crossing(-100.0 + stance * 100.0 / 66.5) == pytest.approx(66.5)
    early = np.where(stance < 10, 50.0, -100.0 + stance * 100.0 / 66.5)
    early[:4] = -20.0
    assert crossing(early) == pytest.approx(66.5)
    assert crossing(np.full(101, -5.0)) is None
    assert crossing(np.full(101, np.nan)) is None


def test_marks_lie_where_the_drawn_curve_is_zero(analysis):
    made = analysis()
    chart = got(force_line(made.waveforms, {}))[0].charts["left"]
    at, value, words = chart.marks[0]
    curve = np.array(chart.series[0].mean)
    assert value == 0.0
    assert np.interp(at, np.arange(101), curve) == pytest.approx(0.0, abs=1.0)
    assert words.startswith("head")


def test_rows_of_a_quantity_share_one_vertical_scale(analysis):
    for row in got(body_points(analysis().waveforms, {})):
        assert row.charts["left"].domain == row.charts["right"].domain


def test_points_that_were_not_marked_are_named(analysis):
    waveforms = analysis().waveforms
    waveforms = waveforms.sel(body_point=["neck_base", "pelvis", "com"])
    assert [word for word, _ in absent_points(body_points(waveforms, {}))] == ["head"]


def test_the_map_is_in_mm_from_the_foot_with_a_dot_for_every_step(analysis):
    made = analysis(17, 16)
    drawn = got(over_foot(made.waveforms, made.steps, made.summary.metrics))
    lane = drawn.feet["left"]["neck_base"]
    expected = made.waveforms["path"].sel(side="left", stance=50, body_point="neck_base", axis="right").item() * 1e3
    assert lane.lateral[50] == pytest.approx(expected, abs=0.05)
    assert len(lane.dots) == 17
    assert len(drawn.feet["right"]["head"].dots) == 16
    low, high = drawn.extent
    assert low <= min(lane.dots) and max(lane.dots) <= high


def test_the_map_without_sideways_paths_says_what_to_record(analysis):
    made = analysis()
    waveforms = made.waveforms.copy(deep=True)
    waveforms["path"].loc[{"axis": "right"}] = np.nan
    entries = {"neck_over_foot_error": NotMeasurable(why="a film from the side", record="film from behind")}
    assert over_foot(waveforms, made.steps, entries) == Missing("a film from the side", "film from behind")


def test_peak_force_is_the_active_peak_not_the_impact(analysis):
    waveforms = analysis().waveforms.copy(deep=True)
    waveforms["ground_force"].loc[{"stance": slice(5, 8), "axis": "up"}] = 5000.0
    assert peak_of_stance(waveforms, "left") == pytest.approx(50, abs=2)


def test_gaps_stay_gaps():
    assert plain(np.array([1.234, np.nan, -0.0]), 1) == [1.2, None, 0.0]
    assert plain(np.array([1.6, np.nan]), 0) == [2, None]


def test_an_absent_or_empty_curve_is_none(analysis):
    waveforms = analysis(0, 9).waveforms
    assert pick(waveforms, "nothing", side="left") is None
    assert pick(waveforms, "velocity", side="left", body_point="head", axis="up") is None
    assert pick(waveforms, "velocity", side="right", body_point="tail", axis="up") is None


def test_a_range_holds_line_spread_and_zero(analysis):
    chart = got(body_points(analysis().waveforms, {}))[0].charts["left"]
    low, high = domain(chart.series)
    for line in chart.series:
        mean, sd = np.array(line.mean, dtype=float), np.array(line.sd, dtype=float)
        assert (mean - sd).min() >= low
        assert (mean + sd).max() <= high
    assert low <= 0.0 <= high


def test_stance_runs_from_0_to_100_also_across_the_end_of_the_loop():
    contact = [True, True, False, False, True, True, True]
    assert percentages(contact, loop=True) == [75.0, 100.0, None, None, 0.0, 25.0, 50.0]
    assert percentages(contact, loop=False) == [0.0, 100.0, None, None, 0.0, 50.0, 100.0]
    assert percentages([False] * 3, loop=True) == [None] * 3


def test_figure_and_timeline_agree_with_the_motion(analysis):
    made = analysis()
    drawn, timeline = got(figure(made.waveforms, 3.2, MASS))
    assert timeline.loop
    assert len(timeline.time) == len(drawn.points) == made.waveforms.sizes["frame"]
    for side in ("left", "right"):
        contact = made.waveforms["figure_contact"].sel(side=side).to_numpy()
        assert [percent is not None for percent in timeline.percent[side]] == contact.tolist()
    names = made.waveforms["figure_point"].to_numpy().tolist()
    head = drawn.points[0][3 * names.index("head_centre") : 3 * names.index("head_centre") + 3]
    assert head == pytest.approx(made.waveforms["figure"].sel(figure_point="head_centre")[0].to_numpy() * 1e3, abs=0.5)
    assert drawn.weight == pytest.approx(MASS * GRAVITY, abs=0.1)


def test_unmarked_joints_are_spanned_not_invented(analysis):
    waveforms = analysis().waveforms
    kept = [name for name in waveforms["figure_point"].to_numpy() if not str(name).startswith(("knee", "ankle"))]
    drawn, _ = got(figure(waveforms.sel(figure_point=kept), 3.2, MASS))
    spans = [(kept[a], kept[b]) for a, b, part in drawn.bones if part == "gap"]
    assert spans == [("hip_left", "heel_left"), ("hip_right", "heel_right")]
    assert not any(str(kept[a]).startswith("knee") for a, _, _ in drawn.bones)


def test_a_long_recording_is_thinned(analysis):
    frames = analysis().waveforms.isel(frame=np.arange(1500) % 141)
    drawn, timeline = got(figure(frames, 3.2, MASS))
    assert len(drawn.points) == len(timeline.time) <= 200


def test_without_points_there_is_no_figure(analysis):
    assert isinstance(figure(analysis(figure=False).waveforms, 3.2, MASS), Missing)


def test_without_a_figure_one_stance_follows_the_other(analysis):
    made = analysis(3, 0, figure=False)
    timeline = stance_timeline(made.waveforms, made.summary.metrics)
    assert len(timeline.time) == 101
    assert timeline.percent["right"] == [None] * 101
    assert timeline.time[-1] == pytest.approx(0.238)

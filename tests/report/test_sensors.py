"""The report of a run that sensors recorded."""

import json
import re

import numpy as np
import pytest
import xarray as xr

from headway.analysis.analyze_sensors import measure_sensors
from headway.options import Options
from headway.report import sensors
from headway.report.curves import Missing
from headway.report.html import render
from headway.results import Change, Measured, NotMeasurable, RunFound, Trend
from headway.sensors import SensorRecording
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, worn


def sensed(places, duration=40.0, **options):
    runner = SyntheticRunner()
    parts = tuple(
        worn(body_motion(runner, place), place, duration, Part(rate=100.0), seed=k) for k, place in enumerate(places)
    )
    return measure_sensors(SensorRecording(parts, source="virtual"), options=Options(same_clock=True, **options))


@pytest.fixture(scope="module")
def both():
    return sensed(("sacrum", "head"), window=10.0, speed=3.5)


def embedded(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def run_of(hours=0.5, slope=0.0, speed=None):
    time = np.linspace(15.0, hours * 3600 - 15.0, 20)
    column = (0.080 + slope * time / 3600).tolist()
    change = Change(value=slope, ci95=(slope - 0.001, slope + 0.001), changes=abs(slope) > 0.001)
    beside = None if speed is None else Change(value=speed, ci95=(speed - 0.001, speed + 0.001), changes=True)
    return RunFound(
        start=0.0,
        stop=hours * 3600,
        time_by_kind={},
        stretches=[(60.0, 600.0), (700.0, 1700.0)],
        timeline={"time": time.tolist(), "head_vertical_oscillation": column},
        trends={"head_vertical_oscillation": Trend(per_hour=change, per_m_s=beside)},
        watch=None,
    )


def test_the_page_holds_the_run_and_no_picture_that_needs_feet(both):
    page = render(both)
    for panel in ("run-panel", "path-panel", "beyond-panel"):
        assert f'id="{panel}"' in page
    for other in ("figure-panel", "map-panel", "ladder-panel", "points-panel", "line-panel", "play"):
        assert f'id="{other}"' not in page
    run = embedded(page)["sensors"]["run"]
    assert [lane["title"] for lane in run["lanes"]][:2] == ["Cadence", "Up and down"]
    assert [axis["key"] for axis in run["axes"]] == ["time", "distance"]


def test_the_path_is_that_of_the_analysis(both):
    paths = embedded(render(both))["sensors"]["paths"]["paths"]
    assert [path["name"] for path in paths] == ["head", "lower back"]
    for path, point in zip(paths, ("head", "pelvis"), strict=True):
        right = both.waveforms["stride_path"].sel(body_point=point, axis="right").to_numpy()
        assert np.allclose(path["right"], 1e3 * right, atol=0.051)


def test_the_table_tells_how_a_sensor_defines_a_metric(both):
    page = render(both)
    assert "60 / mean step time" in page
    assert "as the watch told it, or as declared" in page
    assert "further metrics" not in page.lower()


def test_one_sensor_leaves_one_path_and_says_why():
    page = render(sensed(("sacrum",), window=10.0))
    data = embedded(page)["sensors"]
    assert [path["name"] for path in data["paths"]["paths"]] == ["lower back"]
    assert "Not shown: path of the head" in page
    assert [axis["key"] for axis in data["run"]["axes"]] == ["time"]
    assert 'data-along="distance"' not in page.split("<script")[0]


def test_a_short_run_has_no_timeline_and_no_trend():
    page = render(sensed(("sacrum", "head"), duration=20.0, window=60.0))
    assert embedded(page)["sensors"]["run"] is None
    assert "run is too short to show how it went" in page
    assert "Nothing is said of changes over the run" in page


def test_stretches_lie_where_they_were():
    timeline = sensors.run_timeline(run_of())
    assert not isinstance(timeline, Missing)
    assert timeline.axes[0].steady == [(1.0, 10.0), (11.667, 28.333)]
    assert timeline.axes[0].end == 30.0


def test_distance_grows_with_the_speed_and_gaps_stay_gaps():
    run = run_of()
    time = np.array(run.timeline["time"])
    run.timeline["distance"] = (3.0 * time).tolist()
    run.timeline["head_vertical_oscillation"][3] = None
    timeline = sensors.run_timeline(run)
    assert not isinstance(timeline, Missing)
    way = timeline.axes[1]
    assert way.end == pytest.approx(5.4, abs=1e-3)
    assert way.steady[1] == pytest.approx([2.1, 5.1], abs=1e-3)
    assert timeline.lanes[0].series[0].values[3] is None


@pytest.mark.parametrize(
    ("slope", "said"),
    [(0.004, "goes up by 4.0"), (-0.004, "goes down by 4.0"), (0.0002, "no change in an hour that can be seen, 0.2")],
)
def test_a_trend_is_said_with_its_interval(slope, said):
    words = sensors.trend_words(run_of(slope=slope), {})
    assert len(words) == 1
    assert said in words[0]
    assert "to" in words[0].split("(")[1]


def test_a_trend_beside_speed_is_one_at_equal_speed():
    words = sensors.trend_words(run_of(slope=0.004, speed=-0.01), {})[0]
    assert "in an hour at equal speed" in words
    assert "goes down by 10.0\N{NARROW NO-BREAK SPACE}mm for each 1 m/s of speed" in words


def test_the_watch_stands_beside_headway():
    own = {"cadence": Measured(value=168.0, unit="steps/min", ci95=None, n=9)}
    rows = sensors._watch({"source": "x.fit", "cadence": 170.0}, own)
    assert rows == [("Cadence", "170\N{NARROW NO-BREAK SPACE}steps/min", "168\N{NARROW NO-BREAK SPACE}steps/min")]


def test_a_path_without_sideways_motion_says_why():
    empty = xr.Dataset()
    entries = {"lateral_bounce_amplitude": NotMeasurable(why="no gyroscope", record="record it")}
    found, absent = sensors.stride_paths(empty, entries)
    assert isinstance(found, Missing)
    assert found.why == "no gyroscope"
    assert [name for name, _ in absent] == ["path of the head", "path of the lower back"]


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_in_a_browser(watched, both, tmp_path, width, scheme):
    path = tmp_path / "report.html"
    path.write_text(render(both), encoding="utf-8")
    page = watched(path.as_uri(), viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#run-timeline .line.worn").count() == 6
    assert page.locator("[data-path] .line.left:not(.spread)").count() == 2
    page.evaluate("document.querySelectorAll('.chapter').forEach(one => (one.open = true))")
    page.locator("#run-timeline").hover()
    assert page.locator("#run-timeline .tick.reading").text_content().endswith("min")
    page.get_by_text("Over distance").click()
    page.locator("#run-timeline").hover(position={"x": width / 3, "y": 60})
    assert page.locator("#run-timeline .tick.reading").text_content().endswith("km")

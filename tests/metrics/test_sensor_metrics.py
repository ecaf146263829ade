"""What sensors measure is declared once and can be looked up wherever a metric can."""

import pytest

from headway.analysis import analyze
from headway.analysis.analyze_sensors import measure_sensors
from headway.analysis.timeline import FOLLOWED
from headway.messages import show_analysis, show_metric
from headway.metrics import REGISTRY
from headway.report.metric_pages import metrics_markdown
from headway.report.numbers import show
from headway.results import Measured
from headway.sensors import SensorRecording
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import PERFECT, body_motion, worn

OWN = [name for name, one in REGISTRY.items() if one.family == "sensors"]


@pytest.fixture(scope="module")
def analysis():
    runner = SyntheticRunner()
    sensor = worn(body_motion(runner, "sacrum"), "sacrum", 30.0, PERFECT, seed=1)
    return measure_sensors(SensorRecording((sensor,), source="virtual"))


@pytest.fixture(scope="module")
def summary(analysis):
    return analysis.summary


def test_what_is_followed_over_a_run_comes_from_sensors():
    assert all(REGISTRY[name].sensors is not None for name in FOLLOWED)
    assert len(OWN) == 6
    assert all(REGISTRY[name].sensors is not None for name in OWN)


def test_a_marker_recording_says_that_a_sensor_is_needed():
    metrics = analyze(record(SyntheticRunner(), duration=4.0, rate=100, force_rate=500)).summary.metrics
    for name in OWN:
        assert metrics[name].status == "not_measurable"
        assert "sensors" in metrics[name].why
        assert "wear a sensor" in metrics[name].record


def test_a_sensor_recording_answers_for_every_metric(summary):
    metrics = summary.metrics
    assert list(metrics) == [name for name, one in REGISTRY.items() if not one.fitted]
    assert metrics["pelvis_yaw_range"].status == "measured"
    assert metrics["weight_shift_ratio"].record == "film from behind or in front"
    assert "head" in metrics["head_roll_range"].why


def test_g_and_decibels_are_shown():
    assert (
        show("head_acceleration_peak", Measured(value=1.534, unit="g", ci95=None, n=9)).full
        == "1.53\N{NARROW NO-BREAK SPACE}g"
    )
    shown = show("shock_attenuation_3_8", Measured(value=-1.64, unit="dB", ci95=(-1.8, -1.4), n=9))
    assert shown.full == "\N{MINUS SIGN}1.6\N{NARROW NO-BREAK SPACE}dB"


def test_the_documentation_holds_them():
    page = metrics_markdown()
    for name in OWN:
        assert f"\n`{name}`\n" in page


def test_the_command_line_shows_a_sensor_analysis(analysis, tmp_path, capsys):
    show_analysis(analysis, tmp_path, every=True)
    told = capsys.readouterr().out
    assert "sacrum sensor" in told
    assert REGISTRY["pelvis_lateral_bounce_amplitude"].title in told
    assert "None" not in told
    show_metric("pelvis_yaw_range")
    assert "sensors on the body" in capsys.readouterr().out

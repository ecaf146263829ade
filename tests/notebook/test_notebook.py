"""What objects show of themselves, their tables and plots."""

import numpy as np
import pytest

import headway
from headway import Runner, analyze
from headway.displayed import Glance
from headway.errors import OptionError
from headway.metrics import REGISTRY
from headway.results import NotMeasurable, Value
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

plots = pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def recording():
    return record(SyntheticRunner(RunnerParameters()), duration=3.0)


@pytest.fixture(scope="module")
def result(recording):
    return analyze(recording, Runner(height=1.75, sex="male"))


def test_an_object_shows_itself_in_ten_lines(recording, result):
    for one in (recording, result):
        assert len(repr(one).splitlines()) <= 10
        assert "<table>" in one._repr_html_()
    assert "cadence" in repr(result) and "steps" in repr(result)


def test_names_from_a_file_are_escaped():
    shown = Glance("<script>alert(1)</script>", [("a", "<b>", "&")]).html()
    assert "<script>" not in shown and "<b>" not in shown


def test_the_table_holds_every_metric_once_and_its_sides(result):
    table = result.to_frame()
    both = table[table["side"] == "both"].set_index("metric")
    assert list(both.index) == list(result.summary.metrics)
    for name, entry in result.summary.metrics.items():
        row = both.loc[name]
        if isinstance(entry, NotMeasurable):
            assert row["status"] == "not_measurable" and np.isnan(row["value"])
        else:
            assert row["value"] == entry.value and row["unit"] == REGISTRY[name].unit
    left = table[(table["metric"] == "contact_time") & (table["side"] == "left")]["value"].item()
    assert left == result["contact_time"].left


def test_the_catalogue_lists_the_registry():
    table = headway.metrics()
    assert list(table["metric"]) == list(REGISTRY)
    assert headway.metrics.REGISTRY is REGISTRY  # it is the module still


def test_metrics_are_completed_by_name(result):
    assert "cadence" in result._ipython_key_completions_()
    assert isinstance(result["cadence"], Value)


def test_a_citation_names_version_and_models(result):
    assert headway.__version__ in result.cite() and "numpy" in result.cite()


def test_plots_draw_what_the_numbers_say(result):
    axes = result.plot("contact_time")
    drawn = np.concatenate([line.get_ydata() for line in axes.lines])
    assert sorted(drawn) == pytest.approx(sorted(1e3 * result.steps["contact_time"]))
    axes = result.plot_curves("knee_flexion")
    mean = np.degrees(result.waveforms["joint_angle"].sel(angle="knee_flexion", side="right"))
    assert any(np.allclose(line.get_ydata(), mean, equal_nan=True) for line in axes.lines)
    assert len(result.plot_ladder().lines) == 6
    assert result.plot_curves("ankle_power").get_ylabel() == "ankle power (W)"


def test_what_cannot_be_drawn_is_told(result):
    for draw, name in ((result.plot, "bounce"), (result.plot, "cadence_"), (result.plot_curves, "wing")):
        with pytest.raises(OptionError):
            draw(name)


def test_every_step_has_its_curve(result):
    curves = result.waveforms
    assert curves.sizes["step"] == len(result.steps)
    assert list(curves["step_side"].to_numpy()) == list(result.steps["side"])
    for name in ("ground_force", "joint_angle", "joint_moment"):
        steps = curves[f"{name}_steps"].to_numpy()
        for side in ("left", "right"):
            own = np.nanmean(steps[curves["step_side"].to_numpy() == side], axis=0)
            assert np.allclose(own, curves[name].sel(side=side), atol=1e-4 * np.nanmax(np.abs(own)), equal_nan=True), (
                name
            )

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import xarray as xr

from headway import Analysis, analyze
from headway.analysis.analyze_sensors import measure_sensors
from headway.errors import HeadwayError, RecordingError
from headway.gait.runner import Runner
from headway.metrics import REGISTRY
from headway.options import Options
from headway.sensors import SensorRecording
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import PERFECT, body_motion, worn


@pytest.fixture(scope="module")
def runner():
    return SyntheticRunner(RunnerParameters())


@pytest.fixture(scope="module")
def result(runner):
    return analyze(record(runner, duration=4.0), Runner(height=1.75, sex="male"), standing=standing(runner))


def test_saved_and_loaded_is_the_same(result, tmp_path):
    result.save(tmp_path / "out", csv=True)
    again = Analysis.load(tmp_path / "out")
    assert again.summary == result.summary
    assert again.units == {name: result.units.get(name, "") for name in result.steps}
    pd.testing.assert_frame_equal(again.steps, result.steps)
    xr.testing.assert_allclose(again.waveforms, result.waveforms)
    assert pd.read_csv(tmp_path / "out" / "steps.csv")["contact_time"].to_numpy() == pytest.approx(
        result.steps["contact_time"]
    )


def test_units_stand_in_the_parquet_schema(result, tmp_path):
    result.save(tmp_path / "out", report=False)
    schema = pq.read_schema(tmp_path / "out" / "steps.parquet")
    for field in schema:
        if field.name in REGISTRY:
            assert field.metadata[b"unit"].decode() == REGISTRY[field.name].unit


def test_the_summary_keeps_its_contract(result, tmp_path):
    result.save(tmp_path / "out", report=False)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["schema"] == 1
    assert set(summary["recording"]) >= {"source", "kind", "view", "duration", "rate", "forward", "up", "speed"}
    assert set(summary["runner"]) >= {"height", "mass", "mass_source", "sex"}
    assert set(summary["events"]) >= {"source", "threshold"}
    assert summary["steps"]["count"] == summary["steps"]["left"] + summary["steps"]["right"] == len(result.steps)
    assert set(summary["metrics"]) == {name for name, one in REGISTRY.items() if not one.fitted}
    for name, entry in summary["metrics"].items():
        assert entry["status"] in ("measured", "estimated", "not_measurable")
        if entry["status"] == "not_measurable":
            assert set(entry) == {"status", "why", "record"}, name
        else:
            assert np.isfinite(entry["value"]), name
            assert entry["ci95"] is None or entry["ci95"][0] <= entry["value"] <= entry["ci95"][1], name
            assert (entry["status"] == "estimated") == ("model" in entry), name


def test_every_step_has_side_and_ends(result):
    assert list(result.steps.columns[:4]) == ["step", "side", "initial_contact", "toe_off"]
    assert (result.steps["toe_off"] > result.steps["initial_contact"]).all()
    assert set(result.steps.columns[4:]) <= set(REGISTRY)


def test_waveforms_agree_with_the_metrics(result):
    force = result.waveforms["ground_force"].sel(axis="up").mean("side")
    weight = result.summary.runner.mass * 9.80665
    assert float(force.max()) / weight == pytest.approx(result.summary.metrics["peak_vertical_grf"].value, rel=0.01)
    over = result.waveforms["path"].sel(body_point="neck_base", axis="right", stance=50).mean("side")
    assert float(over) == pytest.approx(result.summary.metrics["neck_over_foot_error"].value, abs=1e-4)
    crossing = result.waveforms["grf_line_offset_forward"].sel(body_point="head").mean("side")
    rising = crossing.where(crossing["stance"] > 40)
    at = float(crossing["stance"][int(np.nanargmin(np.abs(rising)))])
    assert at == pytest.approx(result.summary.metrics["grf_line_crossing_time"].value, abs=1.5)


def test_the_scene_stands_on_the_ground_and_keeps_its_shape(result):
    scene = result.waveforms
    assert scene.attrs["figure_kind"].startswith("mean stride of")
    heel = scene["figure"].sel(figure_point="heel_right", axis="up")
    assert -0.02 < float(heel.min()) < 0.08
    thigh = (
        scene["figure"].sel(figure_point="hip_right").to_numpy()
        - scene["figure"].sel(figure_point="knee_right").to_numpy()
    )
    assert np.ptp(np.linalg.norm(thigh, axis=1)) < 0.01
    assert float(scene["figure"].sel(figure_point="pelvis_centre", axis="forward").mean()) == pytest.approx(
        0.0, abs=1e-6
    )


def test_an_existing_folder_is_kept(result, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(HeadwayError, match="exists"):
        result.save(tmp_path / "out", report=False)
    result.save(tmp_path / "out", report=False, overwrite=True)
    assert (tmp_path / "out" / "mine.txt").is_file()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_loading_a_folder_without_results(tmp_path):
    with pytest.raises(RecordingError, match=r"summary\.json is missing"):
        Analysis.load(tmp_path)


@pytest.mark.parametrize("kind", ["markers", "sensors"])
def test_a_summary_that_was_loaded_is_saved_with_the_same_bytes(kind, result, runner, tmp_path):
    if kind == "sensors":
        sensor = worn(body_motion(runner, "sacrum"), "sacrum", 30.0, PERFECT, seed=1)
        result = measure_sensors(SensorRecording((sensor,), source="virtual"))
    first, again = tmp_path / "first", tmp_path / "again"
    result.save(first, report=False)
    Analysis.load(first).save(again, report=False)
    assert (again / "summary.json").read_bytes() == (first / "summary.json").read_bytes()


def test_a_field_of_the_wrong_type_is_named_in_one_line(result, tmp_path):
    folder = result.save(tmp_path / "out", report=False)
    told = json.loads((folder / "summary.json").read_text())
    told["metrics"]["contact_time"]["value"] = None
    (folder / "summary.json").write_text(json.dumps(told))
    with pytest.raises(RecordingError) as fault:
        Analysis.load(folder)
    assert "value" in str(fault.value) and "metrics" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_declared_speed_is_used_and_compared(runner):
    told = analyze(record(runner, duration=3.0), options=Options(speed=5.0))
    assert told.summary.recording.speed == 5.0
    assert "speed_differs" in {flag.code for flag in told.summary.quality}


def test_part_of_a_recording(runner):
    part = analyze(record(runner, duration=6.0), options=Options(start=2.0, stop=4.0))
    assert part.steps["initial_contact"].min() > 2.0
    assert part.steps["toe_off"].max() < 4.0


def test_two_front_markers_do_not_time_the_head(runner):
    made = record(runner, duration=6.0)
    keep = [name for name in made.names() if not name.startswith("head_back")]
    metrics = analyze(made.logged("drop", points=made.points.sel(point=keep))).summary.metrics
    assert metrics["lateral_bounce_amplitude"].status == "estimated"
    assert metrics["lateral_bounce_phase"].status == "not_measurable"
    assert metrics["head_lag_lateral"].status == "not_measurable"
    assert metrics["push_through_angle"].status == "not_measurable"


def test_half_of_a_recording_without_the_head_gives_the_other_half(runner, result):
    made = record(runner, duration=8.0)
    points = made.points.copy(deep=True)
    lost = [name for name in made.names() if name.startswith("head_")]
    points.loc[{"point": lost, "time": points["time"][points["time"] > 4.0]}] = np.nan
    metrics = analyze(made.logged("lose", points=points), Runner(height=1.75, sex="male")).summary.metrics
    for name in ("head_vertical_gain", "lateral_bounce_amplitude", "grf_line_crossing_time"):
        assert metrics[name].value == pytest.approx(result.summary.metrics[name].value, rel=0.02), name
        assert metrics[name].n < metrics["contact_time"].n


def test_sides_that_the_file_has_wrong_are_exchanged(runner, result):
    made = record(runner, duration=4.0)
    force = made.ground_force.assign_coords(side=("plate", ["right", "left"]))
    wrong = analyze(made.logged("swap", ground_force=force), Runner(height=1.75, sex="male"), standing=standing(runner))
    assert "sides_exchanged" in {flag.code for flag in wrong.summary.quality}
    for name in ("step_width", "weight_shift_ratio", "neck_over_foot_error", "speed"):
        assert wrong.summary.metrics[name].value == pytest.approx(result.summary.metrics[name].value, rel=1e-6)


def test_a_stuck_plate_carries_no_foot(runner):
    made = record(runner, duration=4.0)
    force = made.ground_force.copy(deep=True)
    extra = force.isel(plate=[0]).assign_coords(plate=["stuck"], side=("plate", [""]))
    extra["force"] = extra["force"] * 0 + np.array([0.0, 0.0, 500.0])
    both = xr.concat([force, extra], dim="plate")
    stuck = analyze(made.logged("stuck", ground_force=both)).summary
    assert stuck.runner.mass == pytest.approx(68.0, rel=0.005)


def test_a_declared_mass_that_the_plates_do_not_weigh_is_flagged(runner):
    codes = {flag.code for flag in analyze(record(runner, duration=3.0), Runner(mass=80.0)).summary.quality}
    assert "mass_differs" in codes


def test_a_run_is_no_standing_trial(runner):
    with pytest.raises(RecordingError, match="no standing trial"):
        analyze(record(runner, duration=3.0), standing=record(runner, duration=2.0))

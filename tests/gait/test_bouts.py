"""A recording is divided into what was done in it, and each run is measured as if it had been recorded alone."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from headway import Analysis, load
from headway.analysis.analyze import analyze
from headway.body.landmarks import to_landmarks
from headway.cli import app
from headway.errors import OptionError
from headway.gait.bouts import find_bouts
from headway.gait.passes import running
from headway.io.write_c3d import write_c3d
from headway.options import Options
from headway.recording import Recording, cut, make_points
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner


def joined(*parts):
    """Recordings of one rate, one after the other."""
    rate, names = parts[0].rate, [name for name in parts[0].names() if all(part.has(name) for part in parts)]
    values = [part.points.sel(point=names).transpose("time", "point", "axis").to_numpy() for part in parts]
    all_of_it = np.concatenate(values)
    out = Recording(make_points(np.arange(len(all_of_it)) / rate, names, all_of_it), source="joined")
    if any(part.ground_force is None for part in parts):
        return out
    forces, start = [], 0.0
    for part, points in zip(parts, values, strict=True):
        own = part.ground_force["time"].to_numpy()
        own_rate = 1 / np.median(np.diff(own))
        count = round(len(points) / rate * own_rate)
        piece = part.ground_force.isel(time=np.resize(np.arange(len(own)), count))
        forces.append(piece.assign_coords(time=start + np.arange(count) / own_rate))
        start += len(points) / rate
    return replace(out, ground_force=xr.concat(forces, dim="time", data_vars="minimal"))


def held(still, seconds):
    """A standing trial made longer."""
    frames = round(seconds * still.rate)
    points = still.points.isel(time=np.resize(np.arange(len(still.time)), frames))
    return replace(still, points=points.assign_coords(time=np.arange(frames) / still.rate))


def like(recording, values):
    return replace(recording, points=make_points(np.arange(len(values)) / recording.rate, recording.names(), values))


@pytest.fixture(scope="module")
def passed():
    """Four seconds over the floor, without plates."""
    return record(SyntheticRunner(), duration=4, treadmill=False, plates=0)


@pytest.fixture(scope="module")
def alone(passed):
    """The run over the floor, measured."""
    return analyze(passed)


@pytest.fixture(scope="module")
def back(passed):
    """The same run back to where it began."""
    values = passed.points.to_numpy().copy()
    end, start = values[-1, :, :2].mean(0), values[0, :, :2].mean(0)
    values[..., :2] = end - (values[..., :2] - start)
    return like(passed, values)


def turned(passed):
    """One second on the spot, half a turn."""
    last, angles = passed.points.to_numpy()[-1], np.linspace(0, np.pi, 200)
    centre, out = last[:, :2].mean(0), []
    for angle in angles:
        frame, c, s = last.copy(), np.cos(angle), np.sin(angle)
        frame[:, :2] = (frame[:, :2] - centre) @ np.array([[c, s], [-s, c]]) + centre
        out.append(frame)
    return like(passed, np.array(out))


def ends(bouts):
    return [end for bout in running(bouts) for end in (bout.start, bout.stop)]


def test_there_and_back_with_a_turn_is_two_runs(passed, back):
    bouts = find_bouts(joined(passed, turned(passed), back))
    assert ends(bouts) == pytest.approx([0, 4, 5, 9], abs=0.3)
    first, second = running(bouts)
    assert np.cos(first.heading - second.heading) < -0.99


def test_two_passes_with_a_hole_are_two_runs_and_each_can_be_chosen(passed, alone):
    hole = np.full((300, *passed.points.shape[1:]), np.nan)
    both = joined(passed, like(passed, hole), cut(passed, 0.0, 2.995))
    assert ends(find_bouts(both)) == pytest.approx([0, 4, 5.5, 8.5], abs=0.3)
    alone = alone.summary
    longest, second = (analyze(both, options=Options(bout=number)).summary for number in (1, 2))
    assert longest.steps.count == alone.steps.count > second.steps.count
    for name in ("contact_time", "cadence", "speed"):
        assert longest.metrics[name].value == pytest.approx(alone.metrics[name].value, rel=0.002)
        assert second.metrics[name].value == pytest.approx(alone.metrics[name].value, rel=0.02)
    told = next(flag.message for flag in longest.quality if flag.code == "bouts")
    assert "run 2" in told and "not recorded" in told
    with pytest.raises(OptionError, match="there is no run 3"):
        analyze(both, options=Options(bout=3))


def test_runs_there_and_back_are_pooled_each_along_its_own_heading(passed, alone, back):
    both = analyze(joined(passed, turned(passed), back))
    assert both.summary.steps.count == len(both.steps) == 2 * alone.summary.steps.count
    assert both.steps["initial_contact"].is_monotonic_increasing
    for name in ("contact_time", "speed", "cadence", "lateral_bounce_amplitude", "lateral_bounce_phase", "step_width"):
        one, pooled = (each.summary.metrics[name] for each in (alone, both))
        assert pooled.value == pytest.approx(one.value, rel=0.02, abs=1e-3)
        assert pooled.n > one.n
    assert int(both.waveforms["n_steps"].sum()) == both.summary.steps.count
    told = next(flag for flag in both.summary.quality if flag.code == "bouts")
    assert "together" in told.message and "turning" in told.message and told.level == "info"


def test_every_run_gets_its_own_folder(passed, back, tmp_path):
    with pytest.raises(SystemExit) as ended:
        write_c3d(tmp_path / "both.c3d", joined(passed, turned(passed), back).points, None)
        app(["analyze", str(tmp_path / "both.c3d"), "--all-bouts", "--out", str(tmp_path / "out"), "--quiet"])
    assert ended.value.code == 0
    found = [Analysis.load(tmp_path / "out" / f"run-{number}") for number in (1, 2)]
    assert len({one.summary.recording.forward for one in found}) == 2
    assert [one.summary.steps.count for one in found] == [11, 11]


def test_standing_before_a_run_is_left_out_and_calibrates_the_head(passed, alone):
    still = replace(standing(SyntheticRunner(), duration=3), ground_force=None)
    both = joined(still, passed)
    found, alone = analyze(both).summary, alone.summary
    assert ends(find_bouts(both)) == pytest.approx([3, 7], abs=0.3)
    assert found.metrics["contact_time"].value == pytest.approx(alone.metrics["contact_time"].value, rel=0.002)
    assert found.metrics["push_through_angle"].status != "not_measurable"


def test_one_steady_run_is_analysed_whole(alone):
    found = alone.summary
    assert not any(flag.code == "bouts" for flag in found.quality)
    assert not any(step.name == "cut" for step in found.processing)


def test_two_speeds_in_one_file_are_two_runs_with_the_figures_of_each_alone(data):
    parts = [cut(to_landmarks(load(data / "rbds" / f"RBDS002run{name}.c3d")), 0, 9.999) for name in ("T25", "T45")]
    for both in (joined(*parts[::-1]), joined(*parts)):
        assert ends(find_bouts(both)) == pytest.approx([0, 10, 10, 20], abs=0.3)
    for number, part in enumerate(parts, 1):
        found, alone = analyze(both, options=Options(bout=number)).summary, analyze(part).summary
        for name in ("contact_time", "cadence", "peak_vertical_grf"):
            assert found.metrics[name].value == pytest.approx(alone.metrics[name].value, rel=0.01)


def test_still_run_still_is_one_run(data):
    still = held(to_landmarks(load(data / "rbds" / "RBDS002static.c3d")), 3)
    run = replace(cut(to_landmarks(load(data / "rbds" / "RBDS002runT45.c3d")), 0, 9.999), ground_force=None)
    both = joined(replace(still, ground_force=None), run, replace(still, ground_force=None))
    bouts = find_bouts(both)
    assert [bout.activity for bout in bouts] == ["standing", "running", "standing"]
    assert ends(bouts) == pytest.approx([3, 13], abs=0.3)


@pytest.mark.parametrize(
    "name", ["running_0002/Running_0002.c3d", "dorn2012_ja1/JA1Gait21.c3d", "dorn2012_ja1/run0700cms.trc"]
)
def test_short_and_slowing_runs_stay_whole(data, name):
    assert [bout.activity for bout in find_bouts(to_landmarks(load(data / name)))] == ["running"]

"""Recordings of the synthetic runner: noise, gaps, laboratories, plates, files."""

import numpy as np
import pytest

from headway.errors import OptionError
from headway.recording import GRAVITY
from headway.synthetic.markers import MARKERS
from headway.synthetic.recording import Laboratory, record, standing, write


def test_a_belt_keeps_the_runner_in_place(runner):
    made = record(runner, duration=3.0)
    assert made.rate == pytest.approx(200.0)
    assert made.duration == pytest.approx(3.0)
    assert made.names() == list(MARKERS)
    pelvis = made.position("asis_right")
    assert np.ptp(pelvis[:, 0]) < 0.06
    assert not np.isnan(made.points).any()
    assert made.ground_force is not None
    assert made.ground_force["side"].to_numpy().tolist() == ["left", "right"]


def test_forces_are_the_runner_s(runner):
    made = record(runner, duration=2.0, start=0.4, force_rate=2000.0, laboratory=Laboratory("x", "y"))
    data = made.ground_force
    assert data is not None
    time = data["time"].to_numpy()
    assert data["force"].sum("plate").to_numpy() == pytest.approx(runner.force(time + 0.4), abs=1e-9)
    alone = (data["force"] != 0).any("axis").sum("plate")
    assert int(alone.max()) == 1, "both plates never carry the runner at once"
    pressure = data["centre_of_pressure"].to_numpy()
    loaded = data["force"].to_numpy()[..., 1] >= 20.0
    assert np.isnan(pressure[~loaded]).all()
    assert np.isfinite(pressure[loaded]).all()


def test_noise_has_the_size_asked_for(runner):
    clean = record(runner, duration=4.0)
    noisy = record(runner, duration=4.0, noise=0.002, force_noise=5.0, seed=4)
    difference = (noisy.points - clean.points).to_numpy()
    assert difference.std() == pytest.approx(0.002, rel=0.01)
    assert abs(difference.mean()) < 2e-5
    assert np.abs(difference.std((0, 2)) / 0.002 - 1).max() < 0.1
    assert clean.ground_force is not None and noisy.ground_force is not None
    assert (noisy.ground_force["force"] - clean.ground_force["force"]).to_numpy().std() == pytest.approx(5.0, rel=0.02)
    assert noisy.points.equals(record(runner, duration=4.0, noise=0.002, force_noise=5.0, seed=4).points)


def test_gaps_have_the_share_asked_for(runner):
    gone = np.isnan(record(runner, duration=10.0, gaps=0.05, seed=2).points.to_numpy())
    assert (gone.all(-1) == gone.any(-1)).all()
    assert gone.all(-1).mean(0) == pytest.approx(np.full(len(MARKERS), 0.05), abs=1e-9)
    starts = (np.diff(gone.all(-1).astype(int), axis=0) == 1).sum()
    assert 2 < gone.all(-1).sum() / starts < 12, "gaps come in short bursts"


@pytest.mark.parametrize("forward", ["x", "-x", "y", "-z"])
@pytest.mark.parametrize("up", ["x", "y", "z", "-y"])
def test_any_laboratory_sees_the_same_runner(runner, forward, up):
    lab = Laboratory(forward, up, yaw=20.0)
    if forward[-1] == up[-1]:
        with pytest.raises(OptionError):
            _ = lab.rotation
        return
    assert lab.rotation @ lab.rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(lab.rotation) == pytest.approx(1.0)
    plain = record(runner, duration=0.5, treadmill=False, laboratory=Laboratory("x", "y"))
    turned = record(runner, duration=0.5, treadmill=False, laboratory=lab)
    assert (turned.points.to_numpy() @ lab.rotation) == pytest.approx(plain.points.to_numpy(), abs=1e-12)
    assert plain.ground_force is not None and turned.ground_force is not None
    for name in ("force", "centre_of_pressure", "corners"):
        back = turned.ground_force[name].to_numpy() @ lab.rotation
        assert back == pytest.approx(plain.ground_force[name].to_numpy(), abs=1e-9, nan_ok=True)


def test_yaw_turns_to_the_left():
    heading = Laboratory("x", "z", yaw=30.0).rotation[:, 0]
    assert heading == pytest.approx([np.cos(np.pi / 6), 0.5, 0.0])


def test_overground_one_step_on_each_plate(runner):
    made = record(runner, duration=3.0, treadmill=False, plates=4, laboratory=Laboratory("x", "y"))
    data = made.ground_force
    assert data is not None
    travel = made.position("asis_left")[[0, -1], 0]
    assert np.diff(travel)[0] / (made.time[-1] - made.time[0]) == pytest.approx(runner.parameters.speed, rel=0.01)
    weight = runner.parameters.mass * GRAVITY
    corners, pressure = data["corners"].to_numpy(), data["centre_of_pressure"].to_numpy()
    for k in range(4):
        up = data["force"].to_numpy()[:, k, 1]
        assert (np.diff((up > 0).astype(int)) == 1).sum() == 1
        assert np.trapezoid(up, data["time"]) / weight == pytest.approx(runner.parameters.step_time, rel=1e-3)
        inside = pressure[np.isfinite(pressure[:, k, 0]), k]
        assert (inside[:, [0, 2]] > corners[k][:, [0, 2]].min(0)).all()
        assert (inside[:, [0, 2]] < corners[k][:, [0, 2]].max(0)).all()
        assert np.abs(inside[:, 1]).max() == 0.0
    edges = np.sort(corners[:, :, 0], axis=1)
    assert (edges[1:, 0] > edges[:-1, -1]).all(), "plates do not overlap"
    assert record(runner, duration=1.0, treadmill=False, plates=0).ground_force is None


def test_true_events_on_request(runner):
    events = record(runner, duration=3.0, events=True).events
    contacts = [event for event in events if event.name == "initial_contact"]
    assert [event.side for event in contacts[:4]] == ["right", "left", "right", "left"]
    spacing = np.diff([event.time for event in contacts])
    assert spacing == pytest.approx(np.full(len(spacing), runner.parameters.step_time))
    assert record(runner, duration=1.0).events == ()


def test_standing_still(runner):
    made = standing(runner, noise=0.0)
    assert np.ptp(made.points.to_numpy(), axis=0).max() == 0.0
    assert made.duration == pytest.approx(1.0)
    assert made.ground_force is not None
    total = made.ground_force["force"].sum("plate").to_numpy()
    assert total[:, 2] == pytest.approx(np.full(len(total), runner.parameters.mass * GRAVITY))


def test_a_file_holds_what_was_recorded(runner, tmp_path):
    pytest.importorskip("headway.io.write_c3d")
    from headway.sources import load

    path = tmp_path / "runner.c3d"
    made = record(runner, duration=2.0, gaps=0.02, events=True)
    write(path, made)
    read = load(path)
    assert set(MARKERS) <= set(read.names())
    difference = read.points.sel(point=list(MARKERS)).to_numpy() - made.points.to_numpy()
    assert np.nanmax(np.abs(difference)) < 1e-5
    assert (np.isnan(difference) == np.isnan(made.points.to_numpy())).all()
    assert made.ground_force is not None and read.ground_force is not None
    total, known = (one["force"].sum("plate").to_numpy() for one in (read.ground_force, made.ground_force))
    assert total == pytest.approx(known, abs=0.01)
    assert len(read.events) == len(made.events)

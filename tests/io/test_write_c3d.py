"""What is written is what is read: numbers, gaps, plates, events."""

import ezc3d
import numpy as np
import pytest

import headway
from headway.io.c3d.read import open_c3d
from headway.io.write_c3d import write_c3d
from headway.recording import Event, make_ground_force, make_points

NAMES = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]
RATE, FORCE_RATE = 200.0, 1000.0


@pytest.fixture
def points(walk):
    positions = walk(400, RATE)
    positions[100:130, 5] = np.nan
    return make_points(np.arange(400) / RATE, NAMES, positions)


def _forces(corners=True, up=2, rate=FORCE_RATE, sign=1.0):
    """Two streams with known forces; the second begins late."""
    time = np.arange(round(2.0 * rate)) / rate
    horizontal = [axis for axis in range(3) if axis != up]
    force, place = np.zeros((len(time), 2, 3)), np.full((len(time), 2, 3), np.nan)
    free = np.full((len(time), 2), np.nan)
    for stream, start in enumerate((0.2, 0.9)):
        on = (time > start) & (time < start + 0.3)
        share = (time[on] - start) / 0.3
        force[on, stream, up] = 30.0 + 1500.0 * np.sin(np.pi * share)
        force[on, stream, horizontal[0]] = -200.0 * np.cos(np.pi * share)
        force[on, stream, horizontal[1]] = 35.0
        place[on, stream] = 0.0
        place[on, stream, horizontal[0]] = stream + 0.2 * share
        place[on, stream, horizontal[1]] = 0.05 + 0.02 * share
        free[on, stream] = 5.0 * sign * np.sin(2 * np.pi * share)
    square = None
    if corners:
        square = np.zeros((2, 4, 3))
        square[:, :, horizontal[0]] = np.array([[0.5, -0.5, -0.5, 0.5], [1.5, 0.5, 0.5, 1.5]])
        square[:, :, horizontal[1]] = np.array([0.3, 0.3, -0.3, -0.3])
    return make_ground_force(time, ["a", "b"], force, place, free, corners=square)


def _round_trip(tmp_path, points, force, events=(), subject=None):
    path = tmp_path / "out.c3d"
    write_c3d(path, points, force, events, subject)
    return headway.load(path), path


def _same_forces(written, read, atol=0.01):
    np.testing.assert_allclose(read["force"], written["force"], atol=atol)
    loaded = np.abs(written["force"].to_numpy()).max(2) > 25
    for name, tolerance in (("centre_of_pressure", 1e-4), ("free_moment", 0.01)):
        got, wanted = read[name].to_numpy()[loaded], written[name].to_numpy()[loaded]
        np.testing.assert_allclose(got, wanted, atol=tolerance)
    assert read["centre_of_pressure"].isnull().all("axis").to_numpy()[~loaded].all()


def test_points_gaps_and_names(tmp_path, points):
    recording, path = _round_trip(tmp_path, points, None, subject="Ann")
    assert recording.names() == NAMES
    assert recording.subject == "Ann"
    np.testing.assert_allclose(recording.points.to_numpy(), points.to_numpy(), atol=1e-6)
    assert recording.ground_force is None
    raw = ezc3d.c3d(str(path))
    assert raw["header"]["points"]["first_frame"] == 0
    assert raw["data"]["meta_points"]["residuals"][0, 5, 100:130].tolist() == [-1.0] * 30
    assert raw["parameters"]["POINT"]["UNITS"]["value"] == ["mm"]


@pytest.mark.parametrize("corners", [True, False])
@pytest.mark.parametrize("up", [2, 1])
def test_forces(tmp_path, walk, corners, up):
    positions = walk(400, RATE)
    positions = positions if up == 2 else positions[:, :, [0, 2, 1]] * [1, 1, -1]
    points = make_points(np.arange(400) / RATE, NAMES, positions)
    force = _forces(corners, up)
    recording, path = _round_trip(tmp_path, points, force)
    assert recording.ground_force.sizes["time"] == 2000
    assert not recording.flags
    _same_forces(force, recording.ground_force)
    analog = ezc3d.c3d(str(path))["parameters"]["ANALOG"]
    assert analog["UNITS"]["value"][:6] == ["N", "N", "N", "Nmm", "Nmm", "Nmm"]


def test_plates_agree_with_ezc3d(tmp_path, points):
    force = _forces()
    _, path = _round_trip(tmp_path, points, force)
    file = ezc3d.c3d(str(path), extract_forceplat_data=True)
    platform = file["data"]["platform"][1]
    np.testing.assert_allclose(platform["force"].T, force["force"].to_numpy()[:, 1], atol=0.01)
    on = force["force"].to_numpy()[:, 1, 2] > 25
    expected = force["centre_of_pressure"].to_numpy()[on, 1] * 1e3
    np.testing.assert_allclose(platform["center_of_pressure"].T[on], expected, atol=0.1)
    kinds = {
        name: file["parameters"]["FORCE_PLATFORM"][name]["type"] for name in ("USED", "TYPE", "CHANNEL", "CORNERS")
    }
    assert kinds == {"USED": 2, "TYPE": 2, "CHANNEL": 2, "CORNERS": 4}


def test_corners_come_back_and_z_of_the_plate_points_down(tmp_path, points):
    force = _forces()
    recording, _ = _round_trip(tmp_path, points, force)
    corners = recording.ground_force["corners"].to_numpy()
    for got, wanted in zip(corners, force["corners"].to_numpy(), strict=True):
        assert {tuple(corner) for corner in got.round(6)} == {tuple(corner) for corner in wanted.round(6)}
        assert np.cross(got[0] - got[1], got[0] - got[3])[2] < 0


def test_force_rate_becomes_a_multiple_of_the_point_rate(tmp_path, points):
    recording, _ = _round_trip(tmp_path, points, _forces(rate=960.0))
    assert recording.ground_force.sizes["time"] == 5 * 400
    peak = recording.ground_force["force"].sel(axis="z").max()
    assert float(peak) == pytest.approx(1530.0, abs=2)


def test_recording_that_starts_late_moves_to_zero(tmp_path, points):
    late = points.assign_coords(time=points["time"] + 5.0)
    force = _forces().assign_coords(time=_forces()["time"] + 5.0)
    events = (Event("toe_off", "right", 5.5, "force 20 N"),)
    recording, _ = _round_trip(tmp_path, late, force, events)
    assert recording.time[0] == 0.0
    assert recording.events[0].time == pytest.approx(0.5, abs=1e-6)
    _same_forces(force, recording.ground_force)


def test_frames_beyond_sixteen_bits_are_counted(tmp_path):
    time = np.arange(66000) / 200
    write_c3d(tmp_path / "a.c3d", make_points(time, ["A"], np.tile(time[:, None, None] + 1.0, (1, 1, 3))), None)
    file = open_c3d(tmp_path / "a.c3d")
    assert file.layout.shape.frames == 66000 and not file.layout.flags
    np.testing.assert_allclose(file.samples.positions[:, 0, 0] / 1000, time + 1.0, rtol=1e-6)


def test_events(tmp_path, points):
    events = [
        Event("initial_contact", "left", 0.2005, "file"),
        Event("toe_off", "left", 0.5, "file"),
        Event("initial_contact", "right", 0.9, "file"),
        Event("initial_contact", None, 1.25, "file"),
    ]
    recording, _ = _round_trip(tmp_path, points, None, events)
    assert [(event.name, event.side) for event in recording.events] == [(event.name, event.side) for event in events]
    np.testing.assert_allclose([event.time for event in recording.events], [event.time for event in events], atol=1e-6)


def test_unknown_pressure_under_load_is_written_as_a_force_through_the_centre(tmp_path, points):
    force = _forces()
    force["centre_of_pressure"][:] = np.nan
    force["free_moment"][:] = np.nan
    recording, _ = _round_trip(tmp_path, points, force)
    np.testing.assert_allclose(recording.ground_force["force"], force["force"], atol=0.01)


@pytest.mark.parametrize("name", ["running_0002/Running_0002.c3d", "hamner2013/subject04/trials/run300/markers.trc"])
def test_real_recordings(data, tmp_path, name):
    before = headway.load(data / name)
    after, _ = _round_trip(tmp_path, before.points, before.ground_force, before.events, before.subject)
    np.testing.assert_allclose(after.points.to_numpy(), before.points.to_numpy(), atol=1e-6)
    start = before.time[0]
    grid = before.ground_force["time"].to_numpy()
    first = int(np.argmin(np.abs(grid - start)))
    count = min(len(grid) - first, after.ground_force.sizes["time"])
    wanted = before.ground_force["force"].to_numpy()[first : first + count]
    np.testing.assert_allclose(after.ground_force["force"].to_numpy()[:count], wanted, atol=0.01)
    pressure = before.ground_force["centre_of_pressure"].to_numpy()[first : first + count]
    got = after.ground_force["centre_of_pressure"].to_numpy()[:count]
    loaded = np.abs(wanted).max(2) > 25
    np.testing.assert_allclose(got[loaded], pressure[loaded], atol=1e-4)

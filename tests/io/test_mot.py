import shutil

import numpy as np
import pytest

import headway
from headway.errors import RecordingError
from headway.io.mot import find_forces, read_forces
from headway.recording import GRAVITY

TRIAL = "hamner2013/subject04/trials/run300"
FAMILIES = {
    "side first": ("{s}_ground_force_v{a}", "{s}_ground_force_p{a}", "{s}_ground_torque_{a}", ["R", "L"]),
    "side inside": ("ground_force_{s}_v{a}", "ground_force_{s}_p{a}", "ground_torque_{s}_{a}", ["r", "l"]),
    "number inside": ("ground_force_{s}_v{a}", "ground_force_{s}_p{a}", "ground_force_{s}_m{a}", ["1", "2"]),
    "number first": ("{s}_ground_force_v{a}", "{s}_ground_force_p{a}", "{s}_ground_torque_{a}", ["1", "2"]),
    "torque inside": ("{s}_ground_force_v{a}", "{s}_ground_force_p{a}", "{s}_ground_force_torque_{a}", ["R", "L"]),
}


def _write(path, family, rows=50, header="inDegrees=no\nendheader\n"):
    force, place, torque, streams = FAMILIES[family]
    names = ["time", *(p.format(s=s, a=a) for s in streams for p in (force, place, torque) for a in "xyz")]
    lines = []
    for k in range(rows):
        one = [10.0, 700.0 if k >= 5 else 12.0, -3.0, 0.1, 0.0, 0.2, 0.0, 4.0, 0.0]
        lines.append("\t".join(str(value) for value in [k / 100, *one, *np.multiply(one, 2.0)]))
    path.write_text("forces\n" + header + "\t".join(names) + "\n" + "\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("family", list(FAMILIES))
def test_families_of_column_names(tmp_path, family):
    streams = read_forces(_write(tmp_path / "grf.mot", family))
    order = np.argsort(streams.force[-1, :, 1])
    assert streams.force[-1, order].tolist() == [[10.0, 700.0, -3.0], [20.0, 1400.0, -6.0]]
    assert streams.pressure[-1, order].tolist() == [[0.1, 0.0, 0.2], [0.2, 0.0, 0.4]]
    assert streams.torque[-1, order, 1].tolist() == [4.0, 8.0]
    sides = [streams.sides[k] for k in order]
    assert sides == (["", ""] if "number" in family else ["right", "left"])


def test_forces_beside_the_markers(data):
    recording = headway.load(data / TRIAL / "markers.trc")
    force = recording.ground_force
    assert force["side"].to_numpy().tolist() == ["left", "right"]
    vertical = force["force"].sel(axis="y")
    assert float(vertical.max()) == pytest.approx(1853, abs=1)
    assert float(vertical.sum("plate").mean()) / GRAVITY == pytest.approx(81.6, abs=3)
    assert [flag.code for flag in recording.flags] == ["forces_from"]
    pressure = force["centre_of_pressure"]
    loaded = vertical.to_numpy() >= 20
    np.testing.assert_array_equal(pressure.notnull().all("axis").to_numpy(), loaded)
    np.testing.assert_array_equal(force["free_moment"].notnull().to_numpy(), loaded)


def test_centre_of_pressure_is_under_the_foot_it_belongs_to(data):
    recording = headway.load(data / TRIAL / "markers.trc")
    force = recording.ground_force.interp(time=recording.time)
    for side, mark in (("left", "L"), ("right", "R")):
        plate = force.isel(plate=force["side"].to_numpy().tolist().index(side))
        loaded = plate["force"].sel(axis="y").to_numpy() > 400
        foot = (recording.position(f"{mark}CAL") + recording.position(f"{mark}TOE")) / 2
        apart = plate["centre_of_pressure"].to_numpy()[loaded] - foot[loaded]
        assert np.nanmedian(np.abs(apart[:, 2])) < 0.06
        assert np.nanmedian(np.abs(apart[:, 0])) < 0.12


def test_forces_named_by_number_have_no_side(data):
    recording = headway.load(data / "hamner2013" / "subject01" / "run200.trc")
    assert recording.ground_force["side"].to_numpy().tolist() == ["", ""]
    assert recording.ground_force["plate"].to_numpy().tolist() == ["plate 1", "plate 2"]
    mean = float(recording.ground_force["force"].sel(axis="y").sum("plate").mean()) / GRAVITY
    assert mean == pytest.approx(72.8, rel=0.05)


def test_order_in_which_forces_are_looked_for(tmp_path):
    markers = tmp_path / "run.trc"
    assert find_forces(markers) is None
    other = _write(tmp_path / "other.mot", "side first")
    assert find_forces(markers) == other
    (tmp_path / "run.mot").write_text("Coordinates\nendheader\ntime\tknee_angle_r\n0\t1\n")
    assert find_forces(markers) == other
    _write(tmp_path / "third.mot", "side first")
    assert find_forces(markers) is None
    plain = _write(tmp_path / "grf.sto", "side first")
    assert find_forces(markers) == plain
    own = _write(tmp_path / "run_grf.mot", "side first")
    assert find_forces(markers) == own


def test_named_forces_win(data, tmp_path):
    shutil.copy(data / TRIAL / "markers.trc", tmp_path / "a.trc")
    recording = headway.load(tmp_path / "a.trc", forces=data / TRIAL / "grf.mot")
    assert recording.ground_force is not None
    assert recording.ground_force.sizes["plate"] == 2


def test_forces_of_another_time(tmp_path, data):
    shutil.copy(data / TRIAL / "markers.trc", tmp_path / "a.trc")
    _write(tmp_path / "a_grf.mot", "side first")
    found = headway.load(tmp_path / "a.trc")
    assert found.ground_force is None
    assert "forces_not_used" in [flag.code for flag in found.flags]
    with pytest.raises(RecordingError, match=r"a_grf\.mot: covers 0 to 0\.49 s, the points 0\.61 to 2\.85 s"):
        headway.load(tmp_path / "a.trc", forces=tmp_path / "a_grf.mot")


def test_joint_angles_are_no_forces(data):
    folder = data / "hamner2013" / "subject01"
    with pytest.raises(RecordingError, match=r"run200_ik\.mot: holds no ground forces.*not of joint angles"):
        headway.load(folder / "run200.trc", forces=folder / "run200_ik.mot")
    with pytest.raises(RecordingError, match="holds no markers"):
        headway.load(folder / "run200_ik.mot")


def test_force_file_alone_is_no_recording(data):
    with pytest.raises(RecordingError, match=r"holds ground forces but no points; load the \.trc file"):
        headway.load(data / TRIAL / "grf.mot")


def test_no_endheader(tmp_path):
    path = _write(tmp_path / "grf.mot", "side first", header="")
    with pytest.raises(RecordingError, match="has no line endheader"):
        read_forces(path)


def test_damaged_number_names_its_line(tmp_path):
    path = _write(tmp_path / "grf.mot", "side first")
    path.write_text(path.read_text().replace("0.2\t10.0", "0.2\tx10.0"))
    with pytest.raises(RecordingError, match=r"line 25: 'x10\.0' is not a number"):
        read_forces(path)


def test_forces_on_the_ground_are_turned(tmp_path, walk):
    positions = walk(60)[:, :, [0, 2, 1]] * [1, 1, -1]
    lines = ["time," + ",".join(f"m{k}_{a}" for k in range(8) for a in "xyz")]
    lines += [f"{k / 100}," + ",".join(f"{v:.5f}" for v in row.ravel()) for k, row in enumerate(positions)]
    (tmp_path / "run.csv").write_text("# units: m\n" + "\n".join(lines))
    path = _write(tmp_path / "grf.mot", "side inside", rows=60)
    path.write_text(path.read_text().replace("\t700.0", "\t-700.0").replace("\t1400.0", "\t-1400.0"))
    recording = headway.load(tmp_path / "run.csv", forces=path)
    assert "force_turned" in [flag.code for flag in recording.flags]
    assert float(recording.ground_force["force"].sel(axis="y").max()) == 1400.0
    assert float(recording.ground_force["free_moment"].max()) == -4.0

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
    "letter and number": ("f{s}_{a}", "p{s}_{a}", "m{s}_{a}", ["1", "2"]),
    "plate": ("FP{s}_F{a}", "FP{s}_COP{a}", "FP{s}_M{a}", ["1", "2"]),
    "body": ("calcn_{s}_force_v{a}", "calcn_{s}_point_p{a}", "calcn_{s}_torque_{a}", ["r", "l"]),
    "body and ground": (
        "calcn_{s}_ground_force_v{a}",
        "calcn_{s}_ground_force_p{a}",
        "calcn_{s}_ground_torque_{a}",
        ["r", "l"],
    ),
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
    assert sides == (["", ""] if "number" in family or family == "plate" else ["right", "left"])


def test_a_force_without_its_place_and_loads_of_joints(tmp_path):
    path = tmp_path / "run_grf.mot"
    names = ["time", *(f"FP1_{kind}{axis}" for kind in "FM" for axis in "xyz"), "ankle_r_on_calcn_r_in_ground_fx"]
    rows = ["\t".join(str(v) for v in (k / 100, 1.0, 700.0, 2.0, 9.0, 9.0, 9.0, 5000.0)) for k in range(40)]
    path.write_text("grf\nendheader\n" + "\t".join(names) + "\n" + "\n".join(rows))
    streams = read_forces(path)
    assert streams.force[0].tolist() == [[1.0, 700.0, 2.0]]
    assert np.isnan(streams.pressure).all()
    assert np.isnan(streams.torque).all()


def _markers(folder, walk):
    names = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]
    lines = ["# units: m", ",".join(["time", *(f"{name}_{axis}" for name in names for axis in "xyz")])]
    lines += [",".join(f"{v:.6f}" for v in (k / 200, *row)) for k, row in enumerate(walk(100).reshape(100, -1))]
    head = [
        "PathFileType\t4\t(X/Y/Z)\trun.trc",
        "DataRate\tUnits",
        "200\tm",
        "Frame#\tTime\t" + "\t\t\t".join(names),
        "",
    ]
    rows = [f"{k + 1}\t" + line.replace(",", "\t") for k, line in enumerate(lines[2:])]
    (folder / "run.trc").write_text("\n".join(head + rows))
    return folder / "run.trc"


def test_files_of_force_that_are_not_used_are_told(tmp_path, walk):
    path = _markers(tmp_path, walk)
    assert not headway.load(path).flags
    odd = tmp_path / "run_forces.sto"
    odd.write_text("x\nendheader\ntime\tvertical\tshear\n0\t1\t2\n1\t1\t2\n")
    told = headway.load(path).flags
    assert [flag.code for flag in told] == ["forces_not_used"]
    assert "run_forces.sto" in told[0].message
    assert "vertical, shear" in told[0].message
    odd.unlink()
    for name in ("other1.mot", "other2.mot"):
        _write(tmp_path / name, "plate")
    assert "other1.mot, other2.mot" in headway.load(path).flags[0].message
    _write(tmp_path / "run_forces.sto", "plate")
    assert headway.load(path).ground_force.sizes["plate"] == 2


def test_the_same_force_twice_is_used_once(tmp_path, walk):
    path = _markers(tmp_path, walk)
    written = _write(tmp_path / "run_grf.mot", "plate")
    lines = written.read_text().splitlines()
    lines[4:] = ["\t".join(line.split("\t")[:10] + line.split("\t")[1:10]) for line in lines[4:]]
    written.write_text("\n".join(lines))
    recording = headway.load(path)
    assert recording.ground_force.sizes["plate"] == 1
    assert "repeats" in next(flag.message for flag in recording.flags if flag.code == "plate_left_out")


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
    with pytest.raises(RecordingError, match=r"holds ground forces but no points; name the TRC file"):
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


def test_a_centre_of_pressure_in_millimetres_is_taken_for_what_it_is(tmp_path, walk):
    positions = walk(60)[:, :, [0, 2, 1]] * [1, 1, -1]
    lines = ["time," + ",".join(f"m{k}_{a}" for k in range(8) for a in "xyz")]
    lines += [f"{k / 100}," + ",".join(f"{v:.5f}" for v in row.ravel()) for k, row in enumerate(positions)]
    (tmp_path / "run.csv").write_text("# units: m\n" + "\n".join(lines))
    path = _write(tmp_path / "grf.mot", "side inside", rows=60)
    path.write_text(
        path.read_text()
        .replace("\t0.1\t0.0\t0.2", "\t100.0\t0.0\t200.0")
        .replace("\t0.2\t0.0\t0.4", "\t200.0\t0.0\t400.0")
    )
    recording = headway.load(tmp_path / "run.csv", forces=path)
    assert "unit_assumed" in [flag.code for flag in recording.flags]
    pressure = recording.ground_force["centre_of_pressure"]
    assert sorted(np.nanmax(pressure.sel(axis="x").to_numpy(), axis=0)) == pytest.approx([0.1, 0.2])

"""Tables of points as programs lay them out: whatever rows stand above the numbers, one recording comes out."""

import numpy as np
import pytest

import headway
from headway.errors import RecordingError
from headway.io.heading import blocks, column

NAMES = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]


def _rows(*columns, separator=",", decimal="."):
    cells = ([one if isinstance(one, str) else f"{one:.6f}".replace(".", decimal) for one in row] for row in columns)
    return "\n".join(separator.join(row) for row in cells) + "\n"


def _nexus(walk, separator=",", decimal=".", pad=""):
    labels = separator * 2 + (separator * 3).join(f"Ann:{name}" for name in NAMES)
    head = [f"Trajectories{pad}", f"200{pad}", labels, separator.join(["Frame", "Sub Frame", *"XYZ" * 8])]
    head.append(separator.join(["", "", *["mm"] * 24]))
    rows = ([str(201 + k), "0", *row] for k, row in enumerate(walk(60).reshape(60, -1) * 1000))
    return "\n".join(head) + "\n" + _rows(*rows, separator=separator, decimal=decimal)


def _visual3d(walk, kind="TARGET", time=True):
    ahead = ["TIME"] if time else []
    above = [["C:\\lab\\run.c3d"] * 24, [name for name in NAMES for _ in "xyz"], [kind] * 24, ["ORIGINAL"] * 24]
    front = (["C:\\lab\\run.c3d"], ["TIME"], ["FRAME_NUMBERS"], ["ORIGINAL"])
    lines = ["\t".join(["", *(first if time else []), *rest]) for first, rest in zip(front, above, strict=True)]
    lines.append("\t".join(["ITEM", *(["X"] if ahead else []), *"XYZ" * 8]))
    rows = ([str(k + 1), *([k / 200] if time else []), *row] for k, row in enumerate(walk(60).reshape(60, -1)))
    return "\n".join(lines) + "\n" + _rows(*rows, separator="\t")


def _emt(walk):
    head = "BTS ASCII format\n\nType:         \tPoint 3D tracks\nMeasure unit: \tm\n\nTracks:       \t8\nFrequency:    \t200 Hz\n\n"
    names = "\t".join([" Frame", "  Time", *(f"{name}.{axis}" for name in NAMES for axis in "XYZ"), ""])
    return (
        head
        + names
        + "\n"
        + _rows(*([str(k), k / 200, *row] for k, row in enumerate(walk(60).reshape(60, -1))), separator="\t")
    )


def _flat(walk, first, pattern, scale=1.0, axes="xyz"):
    names = [first, *(pattern.format(name=name, axis=axis) for name in NAMES for axis in axes)]
    return ",".join(names) + "\n" + _rows(*([k / 200, *row] for k, row in enumerate(walk(60).reshape(60, -1) * scale)))


DEVICES = "Devices\n1000\n,,Plate 1 - Force,,\nFrame,Sub Frame,Fx,Fy,Fz\n,,N,N,N\n" + "1,0,0.1,0.2,700\n" * 300 + "\n"
OUTPUTS = "Model Outputs\n200\n,,Ann:LHipAngles,,\nFrame,Sub Frame,X,Y,Z\n,,deg,deg,deg\n" + "1,0,10,20,30\n" * 60
EVENTS = "Events\n200\nSubject,Context,Name,Time (s),Description\nAnn,Left,Foot Strike,0.1,The heel strikes\n\n"
WRITTEN = {
    "nexus": lambda walk: _nexus(walk),
    "nexus from a spreadsheet": lambda walk: "\n\n" + _nexus(walk, ";", ",", pad=";" * 25),
    "nexus below plates": lambda walk: DEVICES + _nexus(walk),
    "nexus below events and results": lambda walk: EVENTS + OUTPUTS + "\n" + _nexus(walk),
    "visual3d": _visual3d,
    "bts": _emt,
    "units in brackets": lambda walk: _flat(walk, "Time (s)", "{name} {axis} (mm)", 1000.0),
    "unit at the end": lambda walk: _flat(walk, "time_s", "{name}_{axis}_m"),
    "axis first": lambda walk: _flat(walk, "t", "{axis}_{name}"),
    "axis glued": lambda walk: _flat(walk, "Time", "{name}{axis}", axes="XYZ"),
    "axis behind a colon": lambda walk: _flat(walk, "Zeit [s]", "{name}:{axis}", axes="XYZ"),
    "axis behind a point": lambda walk: _flat(walk, "timestamp", "{name}.{axis}"),
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("ending", [".csv", ".txt"])
def test_every_layout_is_one_recording(tmp_path, walk, how, ending):
    path = tmp_path / f"run{ending}"
    path.write_text(WRITTEN[how](walk))
    recording = headway.load(path)
    np.testing.assert_allclose(recording.points.to_numpy(), walk(60), atol=2e-6)
    assert recording.names() == NAMES
    assert recording.rate == pytest.approx(200.0)


def test_plates_that_are_not_read_are_told(tmp_path, walk):
    (tmp_path / "run.csv").write_text(DEVICES + _nexus(walk))
    message = next(one.message for one in headway.load(tmp_path / "run.csv").flags if one.code == "columns_not_read")
    assert "Fx, Fy, Fz" in message


def test_a_rate_is_asked_for_and_taken(tmp_path, walk):
    (tmp_path / "run.txt").write_text(_visual3d(walk, time=False))
    with pytest.raises(RecordingError, match="--rate 200"):
        headway.load(tmp_path / "run.txt")
    assert headway.load(tmp_path / "run.txt", rate=125.0).rate == pytest.approx(125.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lambda walk: _visual3d(walk, "LINK_MODEL_BASED"), "has no point"),
        (lambda _: OUTPUTS.replace("deg", "mm"), "results of a model"),
        (lambda _: "time,pelvis_tilt,pelvis_tx,pelvis_ty,pelvis_tz\n" + "0.1,1,2,3,4\n" * 20, "pelvis_tilt, pelvis_tx"),
        (lambda _: "0.1,0.2,9.8\n" * 20, "no row of names"),
    ],
)
def test_what_is_no_marker_is_refused_by_what_it_is(tmp_path, walk, text, message):
    (tmp_path / "run.csv").write_text(text(walk))
    with pytest.raises(RecordingError, match=message):
        headway.load(tmp_path / "run.csv")


@pytest.mark.parametrize(
    ("cell", "name", "axis", "unit"),
    [
        ("Acceleration y (m/s^2)", "Acceleration", "y", "m/s^2"),
        ("Shimmer_8665_Accel_LN_X_CAL", "Shimmer_8665_Accel_LN_CAL", "x", ""),
        ("accelerometerAccelerationZ(G)", "accelerometerAcceleration", "z", "G"),
        ("Trigno IM sensor 1: Acc 1.X (IM) [g]", "Trigno IM sensor 1: Acc 1", "x", "g"),
        ("ax_m/s/s", "a", "x", "m/s/s"),
        ("x-axis (g)", "axis", "x", "g"),
        ("X (m/s^2)", "", "x", "m/s^2"),
        ("x_LASI", "LASI", "x", ""),
        ("latency", "latency", "", ""),
        ("Time since start in ms ", "Time since start", "", "ms"),
        ("sensor_ns", "sensor", "", "ns"),
    ],
)
def test_what_a_name_means(cell, name, axis, unit):
    found = column(cell)
    assert (found.name, found.axis, found.unit) == (name, axis, unit)


def test_blank_lines_and_gaps_do_not_cut_a_table():
    (found,) = blocks(["a_x,a_y,a_z", "1,,3", "", "4,5,6", ",,", "7,8,9", ""])
    assert (found.first, found.last) == (1, 6)
    assert set(found.triples) == {"a"}

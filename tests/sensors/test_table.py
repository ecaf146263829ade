"""Tables of one sensor by whoever wrote them: the same force and the same turning come out."""

import zipfile

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.sources import holds, load_sensors

TIME = np.arange(600) / 100
FORCE = np.column_stack([3 * np.sin(9 * TIME), 9.80665 + 6 * np.sin(17 * TIME), np.cos(5 * TIME)])
TURN = np.column_stack([np.sin(9 * TIME), 2 * np.cos(8 * TIME), np.sin(4 * TIME)])
G, DEGREES = 9.80665, 180 / np.pi
XYZ = ("x", "y", "z")


def _text(names, columns, *, top="", separator=",", decimal="."):
    rows = [separator.join(names)]
    for row in zip(*columns, strict=True):
        rows.append(separator.join(one if isinstance(one, str) else f"{one:.9g}".replace(".", decimal) for one in row))
    return top + "\n".join(rows) + "\n"


def _dates(form):
    return [
        str(np.datetime64("2024-08-22T14:12:07.000") + np.timedelta64(10 * k, "ms")).replace("T", form)
        for k in range(600)
    ]


ACTIGRAPH = "------------ Data File Created By ActiGraph GT3X+ date format M/d/yyyy at 100 Hz  Filter Normal -----------\nSerial Number: NEO1\n----\n"
STILL = np.tile(FORCE.mean(0), (600, 1))
MS = [["ms", *(f"{t * 1000:.3f}" for t in TIME)], *(["m/(s^2)", *map(str, one)] for one in FORCE.T)]
OWN = [one for column in FORCE.T for one in (TIME, column / G)]


def _named(first, pattern, axes=XYZ):
    return [first, *(pattern.format(axis) for axis in axes)]


WRITTEN = {
    "phyphox": lambda: _text(_named("Time (s)", "Acceleration {} (m/s^2)"), [TIME, *FORCE.T]),
    "decimal commas": lambda: _text(
        _named("Zeit (s)", "Beschleunigung {} (m/s²)"), [TIME, *FORCE.T], separator=";", decimal=","
    ),
    "no units": lambda: _text(["time", "gFx", "gFy", "gFz", "wx", "wy", "wz"], [TIME, *FORCE.T / G, *TURN.T]),
    "no units, degrees": lambda: _text(
        ["millis", "ax", "ay", "az", "gx", "gy", "gz"], [TIME * 1000, *FORCE.T / G, *TURN.T * DEGREES]
    ),
    "units in a row": lambda: _text(
        _named("S_Timestamp_CAL", "S_Accel_LN_{}_CAL", "XYZ"), MS, separator="\t", top='"sep=\t"\n'
    ),
    "a rate above": lambda: _text([f"Accelerometer {a}" for a in "XYZ"], FORCE.T / G, top=ACTIGRAPH),
    "dates and words": lambda: _text(
        [*_named("timestamp", "accel_{}"), "state"], [_dates("T"), *FORCE.T, ["moving"] * 600]
    ),
    "own times": lambda: _text([one for a in "XYZ" for one in ("X[s]", f"Trigno 1: Acc 1.{a} (IM) [g]")], OWN),
    "gravity apart": lambda: _text(
        [*_named("time", "linear_acc_{}"), *_named("", "gravity_{}")[1:]], [TIME, *(FORCE - STILL).T, *STILL.T]
    ),
    "an iPhone": lambda: _text(
        ["loggingTime(txt)", *_named("accelerometerTimestamp_sinceReboot(s)", "accelerometerAcceleration{}(G)", "XYZ")],
        [_dates(" "), TIME + 62608, *-FORCE.T / G],
    ),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_one_force_whoever_wrote_it(tmp_path, how):
    path = tmp_path / "sacrum.csv"
    path.write_text(WRITTEN[how]())
    (sensor,) = load_sensors([path]).sensors
    assert sensor.where == "sacrum"
    assert sensor.rate == pytest.approx(100.0)
    np.testing.assert_allclose(sensor.specific_force, FORCE, atol=2e-3)
    if sensor.angular_velocity is not None:
        np.testing.assert_allclose(sensor.angular_velocity, TURN, atol=1e-6)
    assert (sensor.angular_velocity is not None) == how.startswith("no units")


def test_a_zip_with_a_table_for_each_kind(tmp_path):
    path = tmp_path / "run.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Accelerometer.csv", _text(["Time (s)", *(f"{a} (m/s^2)" for a in "XYZ")], [TIME, *FORCE.T]))
        archive.writestr("Gyroscope.csv", _text(["Time (s)", *(f"{a} (rad/s)" for a in "XYZ")], [TIME, *TURN.T]))
        linear = [TIME, *(FORCE - FORCE.mean(0)).T]
        archive.writestr("A Linear Accelerometer.csv", _text(["Time (s)", *(f"{a} (m/s^2)" for a in "XYZ")], linear))
    (sensor,) = load_sensors([path], phone="head").sensors
    np.testing.assert_allclose(sensor.specific_force, FORCE, atol=1e-6)
    assert sensor.angular_velocity is not None
    np.testing.assert_allclose(sensor.angular_velocity, TURN, atol=1e-6)


@pytest.mark.parametrize(
    ("names", "factor", "message"),
    [
        (["time", "linear_acc_x", "linear_acc_y", "linear_acc_z"], 1.0, "without gravity only"),
        (["time", "ax", "ay", "az"], 417.0, "states no unit of acceleration"),
        (["packet", "acc_x", "acc_y", "acc_z"], 1.0, "no times and states no rate"),
    ],
)
def test_what_is_missing_is_told(tmp_path, names, factor, message):
    (tmp_path / "head.csv").write_text(_text(names, [TIME * 100, *FORCE.T * factor]))
    with pytest.raises(RecordingError, match=message):
        load_sensors([tmp_path / "head.csv"])


def test_of_several_sensors_the_one_worn_there_is_read(tmp_path):
    names = [f"{place}_{kind}_{a}" for place in ("Thigh_R", "Pelvis") for kind in ("Acc", "Gyr") for a in XYZ]
    columns = [TIME, *7 * FORCE.T, *7 * DEGREES * TURN.T, *FORCE.T, *DEGREES * TURN.T]
    (tmp_path / "run.csv").write_text(_text(["latency", *names], columns))
    recording = load_sensors([f"sacrum={tmp_path / 'run.csv'}"])
    np.testing.assert_allclose(recording.sensors[0].specific_force, FORCE, atol=1e-6)
    np.testing.assert_allclose(recording.sensors[0].angular_velocity, TURN, atol=1e-6)
    assert "Thigh_R_Acc" in next(flag.message for flag in recording.flags if flag.code == "sensors_not_read")


def test_where_it_was_worn_is_asked(tmp_path):
    (tmp_path / "run.csv").write_text(WRITTEN["phyphox"]())
    with pytest.raises(RecordingError, match=r"where this sensor was worn; write head=run\.csv"):
        load_sensors([tmp_path / "run.csv"])


def test_markers_beside_an_accelerometer_are_markers(tmp_path):
    points = [f"p{k}_{axis}" for k in range(6) for axis in XYZ]
    names = ["time", *points, *(f"acc_{a}" for a in XYZ)]
    (tmp_path / "run.csv").write_text(_text(names, [TIME, *np.ones((18, 600)), *FORCE.T]))
    assert holds(tmp_path / "run.csv") == "recording"


def test_turning_of_mt_devices_is_in_radians(tmp_path):
    names = ["PacketCounter", "SampleTimeFine", *(f"Acc_{a}" for a in "XYZ"), *(f"Gyr_{a}" for a in "XYZ")]
    (tmp_path / "head.txt").write_text(_text(names, [TIME * 100, TIME * 1e4, *FORCE.T, *TURN.T], separator="\t"))
    (sensor,) = load_sensors([tmp_path / "head.txt"]).sensors
    assert sensor.angular_velocity is not None
    np.testing.assert_allclose(sensor.angular_velocity, TURN, atol=1e-6)

"""Every format, written as its maker documents it, gives the sensor that was put in."""

import struct
import zipfile
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from tests.fuzz.fit_file import crc, fit_file

from headway.analysis.analyze_sensors import measure_sensors
from headway.errors import RecordingError
from headway.recording import GRAVITY
from headway.sensors import fit, movella_dot
from headway.sources import load_sensors
from headway.synthetic.sensors import PERFECT, body_motion, worn

EPOCH = 1_787_923_304_000_000_000


@pytest.fixture(scope="module")
def sensors(runner):
    return {
        where: worn(body_motion(runner, where), where, 12.0, PERFECT, seed=seed)
        for seed, where in enumerate(("head", "sacrum"))
    }


def stamped(sensor, columns):
    ticks = EPOCH + np.round(sensor.time * 1e9).astype(np.int64)
    return pd.DataFrame({"time": ticks, "seconds_elapsed": sensor.time, **columns}).to_csv(index=False)


def xyz(values):
    return {"z": values[:, 2], "y": values[:, 1], "x": values[:, 0]}


def export(path, sensors, platform, standard):
    """A Sensor Logger zip: iOS writes accelerations with the opposite sign unless units and frames are standardised."""
    sign = -1.0 if platform == "ios" and not standard else 1.0
    phone, head = sensors["sacrum"], sensors["head"]
    gravity = np.tile([0.0, GRAVITY, 0.0], (len(phone.time), 1))
    ear = np.tile([0.0, 0.0, GRAVITY], (len(head.time), 1))
    scale = 1.0 if standard else GRAVITY
    spin = head.angular_velocity
    head_columns = {f"acceleration{a}": sign * (head.specific_force - ear)[:, k] / scale for k, a in enumerate("XYZ")}
    head_columns |= {f"gravity{a}": sign * ear[:, k] for k, a in enumerate("XYZ")}
    head_columns |= {f"rotationRate{a}": spin[:, k] for k, a in enumerate("XYZ")}
    files = {
        "Accelerometer.csv": stamped(phone, xyz(sign * (phone.specific_force - gravity))),
        "Gravity.csv": stamped(phone, xyz(sign * gravity)),
        "Gyroscope.csv": stamped(phone, xyz(phone.angular_velocity)),
        "Headphone.csv": stamped(head, head_columns),
        "Metadata.csv": f"version,device name,platform,standardisation\n3,phone,{platform},{str(standard).lower()}\n",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(("platform", "standard"), [("ios", False), ("ios", True), ("android", True)])
def test_sensor_logger_signs_and_units(tmp_path, sensors, platform, standard):
    recording = load_sensors([export(tmp_path / "run.zip", sensors, platform, standard)])
    for one in recording.sensors:
        given = sensors[one.where]
        if one.where == "head" and platform == "android":
            continue
        assert np.allclose(one.specific_force, given.specific_force, atol=1e-6)
        assert np.allclose(one.angular_velocity, given.angular_velocity, atol=1e-9)
        assert np.allclose(one.time, given.time - given.time[0], atol=1e-6)
    assert recording.sensor("head").mount["forward"] == "+y"


def test_sensor_logger_total_acceleration_and_folder(tmp_path, sensors):
    phone = sensors["sacrum"]
    (tmp_path / "TotalAcceleration.csv").write_text(stamped(phone, xyz(phone.specific_force)))
    (tmp_path / "Accelerometer.csv").write_text(stamped(phone, xyz(phone.specific_force * 0)))
    recording = load_sensors([tmp_path])
    assert np.allclose(recording.sensors[0].specific_force, phone.specific_force)
    assert [flag.code for flag in recording.flags] == ["platform_unknown"]


def test_sensor_logger_without_gravity_is_refused(tmp_path, sensors):
    phone = sensors["sacrum"]
    (tmp_path / "Accelerometer.csv").write_text(stamped(phone, xyz(phone.specific_force)))
    with pytest.raises(RecordingError, match="without gravity only"):
        load_sensors([tmp_path])


def dot_text(sensor, synced):
    ticks = (np.round(sensor.time * 1e6).astype(np.int64) + 2**32 - 5_000_000) % 2**32
    columns = {"PacketCounter": np.arange(len(ticks)), "SampleTimeFine": ticks}
    columns |= {f"Acc_{a}": sensor.specific_force[:, k] for k, a in enumerate("XYZ")}
    columns |= {f"Gyr_{a}": np.degrees(sensor.angular_velocity[:, k]) for k, a in enumerate("XYZ")}
    status = "Synced" if synced else "Unsynced"
    return f"sep=,\nDeviceTag:,left\nSyncStatus:,{status}\n\n" + pd.DataFrame(columns).to_csv(index=False)


def test_movella_dot_units_wrap_and_common_clock(tmp_path, sensors):
    for where, sensor in sensors.items():
        (tmp_path / f"{where}.csv").write_text(dot_text(sensor, synced=True))
    recording = load_sensors([tmp_path / "sacrum.csv", f"head={tmp_path / 'head.csv'}"])
    for one in recording.sensors:
        given = sensors[one.where]
        assert np.allclose(one.angular_velocity, given.angular_velocity, atol=1e-9)
        assert np.allclose(np.diff(one.time), np.diff(given.time), atol=2e-6)
    assert {one.clock for one in recording.sensors} == {"dot"}
    metrics = measure_sensors(recording).summary.metrics
    assert metrics["head_lag_vertical"].value == pytest.approx(0.0036, abs=0.002)


@pytest.mark.parametrize(("separator", "decimal"), [(";", "."), (";", ","), ("\t", ".")])
def test_movella_dot_through_a_spreadsheet(tmp_path, sensors, separator, decimal):
    path = tmp_path / "head.csv"
    path.write_text(dot_text(sensors["head"], synced=True))
    right = movella_dot.read(path, "head")
    path.write_text(path.read_text().replace(",", separator).replace(".", decimal), encoding="utf-16")
    found = movella_dot.read(path, "head")
    np.testing.assert_allclose(found.specific_force, right.specific_force)
    np.testing.assert_allclose(found.time, right.time)
    assert found.clock == "dot"


@pytest.mark.parametrize("spoilt", ["SampleTimeFine9", "SampleTimeFine;x"])
def test_a_dot_file_without_its_clock_is_one_line(tmp_path, sensors, spoilt):
    path = tmp_path / "head.csv"
    path.write_text(dot_text(sensors["head"], synced=True).replace("SampleTimeFine", spoilt))
    with pytest.raises(RecordingError, match="SampleTimeFine"):
        movella_dot.read(path, "head")


@pytest.mark.parametrize("digits", [30, 400])
def test_a_dot_file_with_one_wild_time_is_one_line(tmp_path, sensors, digits):
    path = tmp_path / "head.csv"
    lines = dot_text(sensors["head"], synced=True).splitlines()
    row = next(k for k, line in enumerate(lines) if "SampleTimeFine" in line)
    place = lines[row].split(",").index("SampleTimeFine")
    cells = lines[-40].split(",")
    cells[place] = "9" * digits
    lines[-40] = ",".join(cells)
    path.write_text("\n".join(lines))
    try:
        measure_sensors(load_sensors([f"head={path}"]))
    except RecordingError as fault:
        assert "\n" not in str(fault)


def test_sensor_logger_stamps_in_milliseconds_are_told(tmp_path, sensors):
    path = export(tmp_path / "run.zip", sensors, "android", standard=True)
    right = load_sensors([path])
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in set(files) - {"Metadata.csv"}:
        head, *rows = files[name].splitlines()
        files[name] = "\n".join(
            [head, *(f"{int(stamp) // 1_000_000},{rest}" for stamp, rest in (r.split(",", 1) for r in rows))]
        )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    found = load_sensors([path])
    assert found.duration == pytest.approx(right.duration, abs=0.01)
    assert "milliseconds" in next(flag.message for flag in found.flags if flag.code == "time_corrected")


@pytest.mark.parametrize("position", range(40, 4000, 397))
def test_a_spoilt_zip_is_a_recording_or_one_line(tmp_path, sensors, position):
    path = export(tmp_path / "run.zip", sensors, "android", standard=True)
    content = bytearray(path.read_bytes())
    for place in (position, len(content) - position):
        spoilt = bytearray(content)
        spoilt[place] ^= 0xFF
        path.write_bytes(spoilt)
        try:
            load_sensors([path])
        except RecordingError as fault:
            assert "\n" not in str(fault)


def test_movella_dot_unsynced_and_free_acceleration(tmp_path, sensors):
    sensor = sensors["sacrum"]
    path = tmp_path / "sacrum.csv"
    path.write_text(dot_text(sensor, synced=False))
    assert movella_dot.read(path, "sacrum").clock == ""
    ticks = np.arange(200) * 10_000
    free = pd.DataFrame({"SampleTimeFine": ticks, "Quat_W": 1.0, "Quat_X": 0.0, "Quat_Y": 0.0, "Quat_Z": 0.0})
    free = free.assign(FreeAcc_X=0.5, FreeAcc_Y=0.0, FreeAcc_Z=1.0)
    path.write_text(free.to_csv(index=False))
    assert np.allclose(movella_dot.read(path, "sacrum").specific_force, [0.5, 0.0, 1.0 + GRAVITY])


def test_a_dot_file_must_tell_its_place(tmp_path, sensors):
    path = tmp_path / "D422CD.csv"
    path.write_text(dot_text(sensors["head"], synced=False))
    with pytest.raises(RecordingError, match="where this sensor was worn"):
        load_sensors([path])
    assert load_sensors([f"head={path}"]).sensors[0].where == "head"


@pytest.mark.parametrize(("unit", "factor"), [("rad/s", 1.0), ("deg/s", 180 / np.pi), ("mdeg/s", 180_000 / np.pi)])
def test_units_of_turning(tmp_path, sensors, unit, factor):
    sensor = sensors["sacrum"]
    columns = {f"a{k}": sensor.specific_force[:, k] for k in range(3)}
    columns |= {f"g{k}": factor * sensor.angular_velocity[:, k] for k in range(3)}
    pd.DataFrame({"t": sensor.time, **columns}).to_csv(tmp_path / "all.csv", index=False)
    (tmp_path / "run.toml").write_text(
        f"""
        [[sensor]]
        file = "all.csv"
        where = "sacrum"
        time = "t"
        time_unit = "s"
        force = {{unit = "m/s2", columns = ["a0", "a1", "a2"]}}
        gyro = {{unit = "{unit}", columns = ["g0", "g1", "g2"]}}
        """
    )
    assert np.allclose(load_sensors([tmp_path / "run.toml"]).sensors[0].angular_velocity, sensor.angular_velocity)


def test_any_csv_by_description(tmp_path, sensors):
    sensor = sensors["sacrum"]
    table = pd.DataFrame({"t": sensor.time * 1e3, "which": "hip"})
    for k, axis in enumerate("abc"):
        table[f"acc_{axis}"] = sensor.specific_force[:, k] / GRAVITY
        table[f"gyr_{axis}"] = np.degrees(sensor.angular_velocity[:, k])
    pd.concat([table, table.assign(which="ankle", acc_a=99.0)]).to_csv(tmp_path / "all.csv", index=False)
    (tmp_path / "run.toml").write_text(
        """
        [[sensor]]
        file = "all.csv"
        where = "sacrum"
        time = "t"
        time_unit = "ms"
        only = {which = "hip"}
        mount = {up = "+y"}
        force = {unit = "g", columns = ["acc_a", "acc_b", "acc_c"]}
        gyro = {unit = "deg/s", columns = ["gyr_a", "gyr_b", "gyr_c"]}
        """
    )
    one = load_sensors([tmp_path / "run.toml"]).sensors[0]
    assert np.allclose(one.specific_force, sensor.specific_force)
    assert np.allclose(one.angular_velocity, sensor.angular_velocity)
    assert np.allclose(np.diff(one.time), np.diff(sensor.time))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('where = "knee"', "knee"),
        ('where = "head"\nfile = "../x.csv"', "leads out|duplicate|Cannot overwrite"),
        ('where = "head"\ncolour = 1', "colour"),
        ('where = "head"\nforce = {unit = "stone", columns = ["a", "b", "c"]}\nrate = 100', "stone"),
        ('where = "head"\nforce = {unit = "g", columns = ["a", "b", "z"]}\nrate = 100', "no column 'z'"),
        ('where = "head"\nforce = {unit = "g", columns = ["a", "b", "c"]}', "neither time nor rate"),
    ],
)
def test_faults_in_a_description_name_the_field(tmp_path, line, said):
    (tmp_path / "t.csv").write_text("a,b,c\n1,2,3\n1,2,3\n")
    (tmp_path / "run.toml").write_text(f'[[sensor]]\nfile = "t.csv"\n{line}\n')
    with pytest.raises(RecordingError, match=said):
        load_sensors([tmp_path / "run.toml"])


def test_a_watch_counts_one_leg(tmp_path):
    pytest.importorskip("fitdecode")
    rows = [(1_000_000_000 + k, 3500, 79, 64, 2350, 920, 12500) for k in range(5)]
    watch = fit.read(fit_file(tmp_path / "run.fit", rows))
    assert watch.series["cadence"] == pytest.approx(159.0)
    assert watch.series["speed"] == pytest.approx(3.5)
    assert watch.series["contact_time"] == pytest.approx(0.235)
    assert watch.series["vertical_oscillation"] == pytest.approx(0.092)
    assert watch.series["step_length"] == pytest.approx(1.25)
    assert watch.time == pytest.approx(np.arange(5.0))
    assert datetime.fromtimestamp(watch.epoch, UTC).year == 2021


def fit_with_pod(path, rows, fields):
    """A FIT file with balance and vertical ratio of the watch (% · 100) and a pod's fields: number, name, unit."""
    body = struct.pack("<BBBHB", 0x40, 0, 0, 207, 1) + struct.pack("BBB", 3, 1, 0x02) + b"\x00\x00"
    for number, name, unit in fields:
        texts = [(3, 32, name), (8, 16, unit)]
        body += struct.pack("<BBBHB", 0x41, 0, 0, 206, 5)
        body += b"".join(
            struct.pack("BBB", *one) for one in [(0, 1, 2), (1, 1, 2), (2, 1, 2), *((n, w, 7) for n, w, _ in texts)]
        )
        body += (
            b"\x01" + struct.pack("BBB", 0, number, 0x84) + b"".join(t.encode().ljust(w, b"\0") for _, w, t in texts)
        )
    native = [(253, 4, 0x86), (84, 2, 0x84), (83, 2, 0x84)]
    body += struct.pack("<BBBHB", 0x62, 0, 0, 20, len(native)) + b"".join(struct.pack("BBB", *one) for one in native)
    body += struct.pack("B", len(fields)) + b"".join(struct.pack("BBB", number, 2, 0) for number, _, _ in fields)
    for stamp, values in rows:
        body += b"\x02" + struct.pack("<IHH", stamp, 4910, 840) + struct.pack(f"<{len(fields)}H", *values)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", crc(header))
    path.write_bytes(header + body + struct.pack("<H", crc(header + body)))
    return path


def test_fields_of_foot_pods_balance_and_vertical_ratio(tmp_path):
    pytest.importorskip("fitdecode")
    fields = [
        *((0, "Ground Time", "Milliseconds"), (1, "Leg Spring Stiffness", "kN/m"), (2, "Form Power", "Watts")),
        *((3, "Vertical Oscillation", "Centimeters"), (4, "Impact GS Left", "G")),
    ]
    rows = [(1_000_000_000 + k, (240, 11, 70, 8, 6)) for k in range(5)]
    watch = fit.read(fit_with_pod(tmp_path / "run.fit", rows, fields))
    assert watch.series["contact_time"] == pytest.approx(0.240)
    assert watch.series["leg_stiffness"] == pytest.approx(11_000.0)
    assert watch.series["form_power"] == pytest.approx(70.0)
    assert watch.series["vertical_oscillation"] == pytest.approx(0.08)
    assert watch.series["contact_time_balance"] == pytest.approx(0.491)
    assert watch.series["vertical_ratio"] == pytest.approx(0.084)
    assert "Impact GS Left" in watch.flags[0].message


def test_both_feet_of_a_pods_field_are_averaged(tmp_path):
    pytest.importorskip("fitdecode")
    fields = [(0, "Contact Time Left", "ms"), (1, "Contact Time Right", "ms")]
    watch = fit.read(fit_with_pod(tmp_path / "run.fit", [(1_000_000_000 + k, (230, 250)) for k in range(3)], fields))
    assert watch.series["contact_time"] == pytest.approx(0.240)


@pytest.mark.parametrize("position", [16, 20, 23, 26, 30, 36, 60])
@pytest.mark.parametrize("value", [0x00, 0x4F, 0xFF])
def test_a_spoilt_fit_file_is_a_watch_or_one_line(tmp_path, position, value):
    pytest.importorskip("fitdecode")
    rows = [(1_000_000_000 + k, 3500, 79, 64, 2350, 920, 12500) for k in range(5)]
    path = fit_file(tmp_path / "run.fit", rows)
    content = bytearray(path.read_bytes())
    content[position] = value
    path.write_bytes(content)
    try:
        fit.read(path)
    except RecordingError as fault:
        assert "\n" not in str(fault)


def test_a_damaged_fit_file_is_one_line(tmp_path):
    pytest.importorskip("fitdecode")
    bad = tmp_path / "run.fit"
    bad.write_bytes(b"\x0e\x20rubbish that is no FIT file")
    with pytest.raises(RecordingError, match="FIT"):
        fit.read(bad)

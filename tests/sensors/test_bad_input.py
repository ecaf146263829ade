"""What a user can get wrong ends in one line that says what, where and what to do."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.analysis.analyze_sensors import measure_sensors
from headway.errors import OptionError, RecordingError
from headway.options import Options
from headway.recording import GRAVITY
from headway.sensors import SensorRecording
from headway.sensors.recording import InertialSensor
from headway.sensors.rotation import integrated
from headway.sensors.turning import gyroscope_checked
from headway.sources import load_sensors
from headway.synthetic.sensors import PERFECT, Part, body_motion, worn
from headway.validation.worn_runs import made_pair


@pytest.fixture(scope="module")
def sacrum(runner) -> InertialSensor:
    return worn(body_motion(runner, "sacrum"), "sacrum", 20.0, seed=3)


def rocking(frequency, size, swing=0.0):
    def motion(time):
        beat = 2 * np.pi * frequency * time
        acceleration = np.column_stack([0 * time, size * np.cos(beat), 0 * time])
        spin = np.column_stack([-swing * np.pi * frequency * np.sin(beat / 2), 0 * time, 0 * time])
        turn = Rotation.from_rotvec(np.outer(swing * np.cos(beat / 2), [1.0, 0, 0]))
        return acceleration, turn.as_matrix(), spin

    return motion


def refused(match, *sensors, options=None):
    with pytest.raises(RecordingError, match=match) as caught:
        measure_sensors(SensorRecording(tuple(sensors), source="run"), options=options)
    assert "\n" not in str(caught.value)


def test_numbers_in_g_declared_as_metres(sacrum):
    refused('in g, not m/s².*declare unit = "g"', replace(sacrum, specific_force=sacrum.specific_force / GRAVITY))


def test_metres_declared_as_g(sacrum):
    refused('in m/s², not g.*declare unit = "m/s2"', replace(sacrum, specific_force=sacrum.specific_force * GRAVITY))


def test_gravity_taken_out(sacrum):
    force = sacrum.specific_force - sacrum.specific_force.mean(0)
    refused("gravity has been taken out", replace(sacrum, specific_force=force))


def test_degrees_declared_as_radians(sacrum):
    assert sacrum.angular_velocity is not None
    refused("degrees per second", replace(sacrum, angular_velocity=np.degrees(sacrum.angular_velocity)))


def test_five_samples_per_second(sacrum):
    refused("samples per second", sacrum.kept(np.arange(0, len(sacrum.time), 20)))


def test_no_overlap(sacrum, runner):
    head = worn(body_motion(runner, "head"), "head", 20.0, seed=4)
    refused("do not overlap in time", replace(sacrum, epoch=1e9), replace(head, epoch=1e9 + 500))


def test_a_walk(runner):
    refused("walk", worn(rocking(1.85, 2.5, 0.05), "sacrum", 30.0))


def test_a_phone_in_the_hand():
    refused("in a hand, or loose", worn(rocking(2.8, 10.0, 0.7), "sacrum", 30.0, PERFECT))


def test_nobody_moves():
    refused("nobody moves", worn(rocking(2.8, 0.0), "sacrum", 30.0))


def test_only_a_foot(runner):
    refused("no sensor is on the sacrum or the head", replace(worn(rocking(1.4, 20.0), "foot_left", 20.0)))


def test_a_head_alone_says_what_remains(runner):
    head = worn(body_motion(runner, "head"), "head", 30.0, Part(rate=50.0))
    summary = measure_sensors(SensorRecording((head,), source="run")).summary
    assert "no_sacrum" in [flag.code for flag in summary.quality]
    assert summary.metrics["cadence"].status == "measured"
    assert summary.metrics["head_pelvis_vertical_gain"].why == "no sensor was worn on the sacrum"
    assert summary.metrics["lateral_bounce_amplitude"].status == "measured"


def test_clipping_is_said_and_refuses_displacement(sacrum):
    cut = replace(sacrum, specific_force=np.clip(sacrum.specific_force, -2 * GRAVITY, 2 * GRAVITY))
    summary = measure_sensors(SensorRecording((cut,), source="run")).summary
    assert "clipped_sacrum" in [flag.code for flag in summary.quality]
    assert "limit" in summary.metrics["pelvis_vertical_oscillation"].why
    assert summary.metrics["cadence"].value == pytest.approx(168.0, abs=0.3)


def test_times_that_cannot_be():
    with pytest.raises(OptionError, match="--stop"):
        Options(start=10.0, stop=5.0)


def test_a_window_without_samples(sacrum):
    refused("between --start and --stop", sacrum, options=Options(start=500.0))


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_path_out_of_the_archive(tmp_path):
    bad = packed(tmp_path / "run.zip", {"../../evil.csv": "time,x\n1,2\n", "Accelerometer.csv": "time\n1\n"})
    with pytest.raises(RecordingError, match="leads out of the archive"):
        load_sensors([bad])


def test_a_zip_bomb(tmp_path):
    bad = packed(tmp_path / "run.zip", {"Accelerometer.csv": "0" * 30_000_000})
    with pytest.raises(RecordingError, match="no sensor data"):
        load_sensors([bad])


def test_an_archive_that_is_none(tmp_path):
    bad = tmp_path / "run.zip"
    bad.write_bytes(b"not a zip")
    with pytest.raises(RecordingError, match="no zip file"):
        load_sensors([bad])


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("time,seconds_elapsed,z,y,x\n", "no rows")])
def test_an_empty_table(tmp_path, content, said):
    bad = packed(tmp_path / "run.zip", {"TotalAcceleration.csv": content})
    with pytest.raises(RecordingError, match=said):
        load_sensors([bad])


def test_files_that_hold_no_sensor(tmp_path):
    with pytest.raises(RecordingError, match="no such file"):
        load_sensors([tmp_path / "none.zip"])
    text = tmp_path / "notes.txt"
    text.write_text("x")
    with pytest.raises(RecordingError, match="cannot be read"):
        load_sensors([text])
    with pytest.raises(RecordingError, match="no Sensor Logger export"):
        load_sensors([packed(tmp_path / "other.zip", {"table.csv": "a,b\n1,2\n"})])


WRONG = {
    "rad/s": np.eye(3) * np.pi / 180,
    "deg/s": np.eye(3) * 180 / np.pi,
    "y, x, z": np.eye(3)[[1, 0, 2]],
}


@pytest.mark.parametrize("said", WRONG)
def test_gravity_turning_shows_a_gyroscope_in_another_unit_or_other_axes(said):
    sacrum = made_pair(1, 20.0).sensors[0]
    assert gyroscope_checked(sacrum)[1] == ()
    assert sacrum.angular_velocity is not None
    wrong = replace(sacrum, angular_velocity=sacrum.angular_velocity @ WRONG[said].T)
    try:
        right, flags = gyroscope_checked(wrong)
    except RecordingError as error:  # turned over about one axis only, others could be meant as well
        assert "unit, order and signs" in str(error)
        assert "," in said
        return
    assert np.allclose(right.angular_velocity, sacrum.angular_velocity)
    assert said in flags[0].message


def test_exchanged_axes_are_put_right_where_the_sensor_was_turned_every_way():
    time = np.arange(0.0, 60.0, 0.01)
    spin = 0.6 * np.column_stack([np.sin(0.9 * time), np.sin(1.3 * time + 1), np.cos(0.7 * time)])
    force = integrated(time, spin).inv().apply([0.0, GRAVITY, 0.0])
    right = InertialSensor("sacrum", time, force, spin)
    for said, turn in (("y, x, z", np.eye(3)[[1, 0, 2]]), ("x, -y, z", np.diag([1.0, -1.0, 1.0]))):
        found, flags = gyroscope_checked(replace(right, angular_velocity=spin @ turn.T))
        assert np.allclose(found.angular_velocity, spin)
        assert said in flags[0].message


def test_a_worn_sensor_that_hardly_turns_shows_its_unit_by_the_run(sacrum):
    assert sacrum.angular_velocity is not None
    found, flags = gyroscope_checked(replace(sacrum, angular_velocity=np.radians(sacrum.angular_velocity)))
    assert np.allclose(found.angular_velocity, sacrum.angular_velocity)
    assert "rad/s" in flags[0].message

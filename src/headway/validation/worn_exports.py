"""Made recordings as the files that apps and sensors write, to see whether the shake is found in what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from headway.recording import GRAVITY, FloatArray
from headway.sensors.recording import InertialSensor, SensorRecording
from headway.sensors.shake import shakes
from headway.sources import load_sensors
from headway.validation.worn_runs import clock_offset, made_pair

EPOCH = 1_700_000_000_000_000_000
"""Time zero of the made clocks, ns since 1970."""
NEAR = 0.006
"""A shake counts as found where its offset is this near, s."""
FORMATS = ("sensor_logger", "dot", "toml")


def shakes_found(seeds: Sequence[int], folder: Path) -> list[bool]:
    """Whether the shake of a made export is found with the right offset, one run per seed, the formats in turn.

    Parameters
    ----------
    seeds
        Of rates, mounts, noise, drop-outs, gaps, and size, pace and time of the shake.
    folder
        Where the files are put.
    """
    out = []
    for seed in seeds:
        made = _with_gaps(made_pair(seed, 30.0), seed)
        place = folder / f"run_{seed}"
        place.mkdir()
        read = load_sensors(_written(FORMATS[seed % len(FORMATS)], made, place))
        sacrum, head = (read.sensor(where) for where in ("sacrum", "head"))
        assert sacrum is not None and head is not None
        between = 0.0 if head.epoch is None or sacrum.epoch is None else head.epoch - sacrum.epoch
        head = replace(head, time=head.time + between)
        moved = [one.time[0] - was.time[0] for one, was in zip((sacrum, head), made.sensors, strict=True)]
        true = clock_offset(seed) + moved[1] - moved[0]
        found = shakes(sacrum, head)
        out.append(bool(found) and all(abs(one.offset - true) < NEAR for one in found))
    return out


def _with_gaps(recording: SensorRecording, seed: int) -> SensorRecording:
    """A second at most is lost somewhere, in either sensor."""
    random = np.random.default_rng([seed, 2])
    sensors = []
    for one in recording.sensors:
        begin = random.uniform(one.time[0], one.time[-1])
        kept = (one.time < begin) | (one.time > begin + random.uniform(0.1, 1.0))
        kept[0] = True
        sensors.append(one.kept(kept))
    return replace(recording, sensors=tuple(sensors))


def _written(kind: str, recording: SensorRecording, folder: Path) -> list[str | Path]:
    sacrum, head = recording.sensors
    if kind == "sensor_logger":
        _sensor_logger(folder, sacrum, head)
        return [folder]
    for one in (sacrum, head):
        table = _dot(one) if kind == "dot" else _plain(one)
        (folder / f"{one.where}.csv").write_text(table, encoding="utf-8")
    if kind == "dot":
        return [f"{one.where}={folder / f'{one.where}.csv'}" for one in (sacrum, head)]
    (folder / "run.toml").write_text("\n".join(_described(one) for one in (sacrum, head)), encoding="utf-8")
    return [folder / "run.toml"]


def _sensor_logger(folder: Path, phone: InertialSensor, head: InertialSensor) -> None:
    ear = np.tile([0.0, 0.0, GRAVITY], (len(head.time), 1))
    columns = _named("acceleration", "XYZ", head.specific_force - ear) | _named("gravity", "XYZ", ear)
    files = {
        "TotalAcceleration.csv": _stamped(phone, _named("", "xyz", phone.specific_force)),
        "Gyroscope.csv": _stamped(phone, _named("", "xyz", _spin(phone))),
        "Headphone.csv": _stamped(head, columns | _named("rotationRate", "XYZ", _spin(head))),
        "Metadata.csv": "version,device name,platform,standardisation\n3,phone,android,true\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _dot(sensor: InertialSensor) -> str:
    ticks = np.round((sensor.time + 100.0) * 1e6).astype(np.int64)
    columns = {"PacketCounter": np.arange(len(ticks)), "SampleTimeFine": ticks}
    columns |= _named("Acc_", "XYZ", sensor.specific_force) | _named("Gyr_", "XYZ", np.degrees(_spin(sensor)))
    return "sep=,\nDeviceTag:,dot\nSyncStatus:,Unsynced\n\n" + pd.DataFrame(columns).to_csv(index=False)


def _plain(sensor: InertialSensor) -> str:
    columns = {"t": sensor.time} | _named("a", "xyz", sensor.specific_force) | _named("g", "xyz", _spin(sensor))
    return pd.DataFrame(columns).to_csv(index=False)


def _described(sensor: InertialSensor) -> str:
    return f"""[[sensor]]
file = "{sensor.where}.csv"
where = "{sensor.where}"
time = "t"
time_unit = "s"
force = {{unit = "m/s2", columns = ["ax", "ay", "az"]}}
gyro = {{unit = "rad/s", columns = ["gx", "gy", "gz"]}}
"""


def _stamped(sensor: InertialSensor, columns: dict[str, FloatArray]) -> str:
    ticks = EPOCH + np.round(sensor.time * 1e9).astype(np.int64)
    return pd.DataFrame({"time": ticks, "seconds_elapsed": sensor.time, **columns}).to_csv(index=False)


def _named(prefix: str, axes: str, values: FloatArray) -> dict[str, FloatArray]:
    return {f"{prefix}{axis}": values[:, k] for k, axis in enumerate(axes)}


def _spin(sensor: InertialSensor) -> FloatArray:
    assert sensor.angular_velocity is not None
    return sensor.angular_velocity

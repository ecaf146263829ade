"""Exports of the Sensor Logger app: a zip or folder with one CSV per sensor of the phone and its earphones.

Columns, units and signs as documented by the app's author (github.com/tszheichoi/awesome-sensor-logger: UNITS.md, COORDINATES.md, CROSSPLATFORM.md):
``time`` in ns since 1970; ``Accelerometer`` without gravity and ``Gravity`` in m/s², ``TotalAcceleration`` (Android) with gravity;
``Gyroscope`` in rad/s; ``Headphone`` with ``acceleration*`` in g (m/s² when "Standardise Units & Frames" is on), ``gravity*`` in m/s² and
``rotationRate*`` in rad/s. On iOS acceleration and gravity have the opposite sign of Android's unless that setting is on; rotation rates agree.
``Metadata.csv`` tells ``platform`` and ``standardisation``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from headway.errors import RecordingError
from headway.recording import GRAVITY, Flag, FloatArray
from headway.sensors.recording import InertialSensor, Place, SensorRecording, Watch
from headway.sensors.source import Bundle, clock, columns, numbers, onto, open_bundle, stamp_unit
from headway.sensors.table import in_bundle
from headway.texts import TEXTS

XYZ = ("x", "y", "z")
HEADPHONE_AXES = {"right": "+x", "forward": "+y", "up": "+z"}
"""Axes of earphones on the head: pitch about x, roll about y, yaw about z (Apple, CMHeadphoneMotionManager)."""


def is_export(bundle: Bundle) -> bool:
    """Tell whether files look like the app's export."""
    return any(bundle.has(f"{name}.csv") for name in ("Accelerometer", "TotalAcceleration", "Headphone"))


def read(path: Path, phone: Place = "sacrum") -> SensorRecording:
    """Read an export.

    Parameters
    ----------
    path
        Zip or folder.
    phone
        Where the phone was worn.

    Raises
    ------
    RecordingError
        Neither accelerometer nor headphone motion is in it.
    """
    bundle = open_bundle(path)
    if (found := in_bundle(bundle, phone)) is not None:
        return found
    if not is_export(bundle):
        there = ", ".join(sorted(bundle.members)[:8]) or "no CSV file"
        raise RecordingError(
            str(path), f"is no Sensor Logger export (there is: {there})", "export the recording as zipped CSV"
        )
    sign, standard, flags = _convention(bundle)
    flags = (*flags, *_stamp_flag(bundle))
    sensors = []
    if bundle.has("Accelerometer.csv") or bundle.has("TotalAcceleration.csv"):
        sensors.append(_phone(bundle, phone, sign))
    if bundle.has("Headphone.csv"):
        sensors.append(_headphone(bundle, standard))
    recording = SensorRecording(tuple(sensors), _location(bundle), str(path), "sensor_logger", flags=flags)
    return recording.logged("sensor_logger", arguments={"phone": phone, "sign": sign, "standardised": standard})


def _convention(bundle: Bundle) -> tuple[float, bool, tuple[Flag, ...]]:
    """Sign of accelerations, and whether units are standardised."""
    platform, standard = "", False
    if bundle.has("Metadata.csv"):
        row = bundle.table("Metadata.csv").iloc[0]
        platform = str(row.get("platform", "")).strip().lower()
        standard = str(row.get("standardisation", "false")).strip().lower() == "true"
    if platform == "ios":
        return (1.0 if standard else -1.0), standard, ()
    if platform == "android":
        return 1.0, standard, ()
    text = TEXTS("flags.platform_unknown")
    return 1.0, standard, (Flag("platform_unknown", "warning", text),)


def _stamp_flag(bundle: Bundle) -> tuple[Flag, ...]:
    """Say so when the time stamps are in another unit than the app's nanoseconds."""
    name = next(f"{one}.csv" for one in ("Accelerometer", "TotalAcceleration", "Headphone") if bundle.has(f"{one}.csv"))
    table = bundle.table(name)
    stamps = numbers(table["time"]) if "time" in table else np.zeros(0)
    middle = float(np.nanmedian(stamps)) if np.isfinite(stamps).any() else 0.0
    factor = stamp_unit(middle)
    if factor == 1:
        return ()
    unit = {1_000: "microseconds", 1_000_000: "milliseconds", 1_000_000_000: "seconds"}[factor]
    message = TEXTS("flags.time_corrected", name=name, unit=unit)
    return (Flag("time_corrected", "warning", message),)


def _stamped(bundle: Bundle, name: str) -> tuple[pd.DataFrame, np.ndarray]:
    table = bundle.table(name)
    return table, clock(table, "time", f"{bundle.path}:{name}")


def _phone(bundle: Bundle, where: Place, sign: float) -> InertialSensor:
    """The phone's own sensor: specific force with gravity, angular velocity."""
    total = bundle.has("TotalAcceleration.csv")
    name = "TotalAcceleration.csv" if total else "Accelerometer.csv"
    source = f"{bundle.path}:{name}"
    table, stamps = _stamped(bundle, name)
    zero = int(stamps[0])
    time = _seconds(stamps, zero)
    force = columns(table, XYZ, source)
    if not total:
        if not bundle.has("Gravity.csv"):
            raise RecordingError(
                str(bundle.path), "has acceleration without gravity only", "switch Gravity on in the app"
            )
        gravity, ticks = _stamped(bundle, "Gravity.csv")
        force = sign * (force + onto(time, _seconds(ticks, zero), columns(gravity, XYZ, source)))
    gyro = None
    if bundle.has("Gyroscope.csv"):
        turning, ticks = _stamped(bundle, "Gyroscope.csv")
        gyro = onto(time, _seconds(ticks, zero), columns(turning, XYZ, f"{bundle.path}:Gyroscope.csv"))
    return InertialSensor(where, time, force, gyro, clock="phone", epoch=zero / 1e9, source=source)


def _headphone(bundle: Bundle, standard: bool) -> InertialSensor:
    """Earphones: their stamps come from the phone, later by an unknown time of transmission, so the clock counts as their own."""
    source = f"{bundle.path}:Headphone.csv"
    table, stamps = _stamped(bundle, "Headphone.csv")
    linear = columns(table, [f"acceleration{axis}" for axis in "XYZ"], source)
    gravity = columns(table, [f"gravity{axis}" for axis in "XYZ"], source)
    if not standard:
        linear = linear * GRAVITY
    if float(np.nanmedian(np.linalg.norm(gravity, axis=1))) < 2.0:
        gravity = gravity * GRAVITY
    sign = 1.0 if standard else -1.0
    names = [f"rotationRate{axis}" for axis in "XYZ"]
    gyro = columns(table, names, source) if all(name in table for name in names) else None
    names = [f"quaternion{axis}" for axis in "WXYZ"]
    turn = columns(table, names, source) if gyro is None and all(name in table for name in names) else None
    zero = int(stamps[0])
    force = sign * (linear + gravity)
    return InertialSensor(
        "head", _seconds(stamps, zero), force, gyro, turn, dict(HEADPHONE_AXES), "", zero / 1e9, source
    )


def _location(bundle: Bundle) -> Watch | None:
    """Speed and altitude by the phone's satellites."""
    if not bundle.has("Location.csv"):
        return None
    table, stamps = _stamped(bundle, "Location.csv")
    zero = int(stamps[0])
    series: dict[str, FloatArray] = {}
    for name, column in (("speed", "speed"), ("altitude", "altitude")):
        if column in table:
            series[name] = numbers(table[column])
    if "speed" in series:
        series["speed"] = np.where(series["speed"] < 0, np.nan, series["speed"])
    return Watch(_seconds(stamps, zero), series, zero / 1e9, f"{bundle.path}:Location.csv")


def _seconds(stamps: np.ndarray, zero: int) -> FloatArray:
    return (stamps - zero).astype(float) / 1e9

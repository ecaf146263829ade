"""FIT files of watches, by fitdecode (extra ``sensors``): speed, cadence and the watch's own running dynamics.

Fields of the ``record`` message (FIT profile; fitdecode applies its scales): ``timestamp``; ``enhanced_speed`` or ``speed`` m/s; ``cadence`` and
``fractional_cadence`` in revolutions per minute **of one leg**, so that steps per minute are twice their sum; ``stance_time`` ms;
``vertical_oscillation`` mm; ``step_length`` mm; ``stance_time_balance`` and ``vertical_ratio`` %; ``distance`` m;
``enhanced_altitude`` m; ``heart_rate`` 1/min; ``power`` W. Fields of other makers' pods: :mod:`headway.sensors.developer_fields`.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.recording import Flag, FloatArray
from headway.sensors.developer_fields import convert
from headway.sensors.recording import Watch
from headway.texts import TEXTS

LARGEST = 100_000_000
FIELDS: dict[str, tuple[tuple[str, ...], float]] = {
    "speed": (("enhanced_speed", "speed"), 1.0),
    "contact_time": (("stance_time",), 1e-3),
    "vertical_oscillation": (("vertical_oscillation",), 1e-3),
    "step_length": (("step_length",), 1e-3),
    "contact_time_balance": (("stance_time_balance",), 0.01),
    "vertical_ratio": (("vertical_ratio",), 0.01),
    "power": (("power",), 1.0),
    "distance": (("distance",), 1.0),
    "altitude": (("enhanced_altitude", "altitude"), 1.0),
    "heart_rate": (("heart_rate",), 1.0),
}
"""Headway's name to FIT fields, best first, and the factor to SI."""


def read(path: Path) -> Watch:
    """Read a watch's record of a run.

    Raises
    ------
    RecordingError
        Damaged, no FIT file, without records, or fitdecode is not installed.
    """
    try:
        import fitdecode
    except ImportError as error:
        raise RecordingError(
            str(path), "FIT files need the package fitdecode", 'pip install "headway[sensors]"'
        ) from error
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise RecordingError(str(path), "does not exist, or is larger than 100 MB", "check the path")
    rows: list[_Record] = []
    try:
        with warnings.catch_warnings(), fitdecode.FitReader(str(path)) as reader:
            warnings.simplefilter("ignore")
            for frame in reader:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                    rows.append(_record(frame))
    except (
        fitdecode.FitError,
        struct.error,
        AssertionError,
        ArithmeticError,
        LookupError,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else "its records are damaged"
        raise RecordingError(str(path), f"is no readable FIT file ({reason})", "export the activity again") from error
    return _watch(rows, str(path))


@dataclass(frozen=True)
class _Record:
    """One record: its time (s), the profile's numbers by field, developers' by series in its unit, and developers' that are not known."""

    time: float | None
    native: dict[str, float]
    added: dict[str, float]
    unknown: frozenset[str]


def _record(frame: Any) -> _Record:
    """Sort the fields of a record message; both feet of one quantity are averaged."""
    time: float | None = None
    native: dict[str, float] = {}
    added: dict[str, list[float]] = {}
    unknown: set[str] = set()
    for field in frame.fields:
        value = _number(field.value)
        if not hasattr(field.field, "dev_data_index"):
            if field.name == "timestamp" and isinstance(field.value, datetime):
                time = field.value.timestamp()
            elif value is not None:
                native[field.name] = value
            continue
        known = None if value is None else convert(str(field.name), field.units, value)
        if known is not None:
            added.setdefault(known[0], []).append(known[1])
        elif value is not None:
            unknown.add(str(field.name))
    return _Record(
        time, native, {name: sum(values) / len(values) for name, values in added.items()}, frozenset(unknown)
    )


def _watch(records: list[_Record], source: str) -> Watch:
    """Series from the records of a FIT file.

    Raises
    ------
    RecordingError
        No record has a time stamp.
    """
    records = [one for one in records if one.time is not None]
    if not records:
        raise RecordingError(source, "holds no records with a time", "export the activity as the original FIT file")
    stamps = np.array([one.time for one in records], dtype=np.float64)
    series: dict[str, FloatArray] = {}
    for name, (fields, factor) in FIELDS.items():
        found = np.array([_first(one.native, fields) for one in records])
        if np.isfinite(found).any():
            series[name] = found * factor
    one_leg = np.array([_first(one.native, ("cadence",)) for one in records])
    part = np.nan_to_num(np.array([_first(one.native, ("fractional_cadence",)) for one in records]))
    if np.isfinite(one_leg).any():
        series["cadence"] = 2.0 * (one_leg + part)
    unused = set().union(*(one.unknown for one in records))
    for name in dict.fromkeys(name for one in records for name in one.added):
        if name in series:
            unused.add(f"{name} of a pod (the watch's own was used)")
        else:
            series[name] = np.array([one.added.get(name, np.nan) for one in records])
    order = np.argsort(stamps, kind="stable")
    kept = order[np.concatenate([[True], np.diff(stamps[order]) > 0])]
    zero = float(stamps[kept[0]])
    message = TEXTS("flags.fields_not_used", names=", ".join(sorted(unused)))
    flags = (Flag("fields_not_used", "info", message),) if unused else ()
    return Watch(stamps[kept] - zero, {name: values[kept] for name, values in series.items()}, zero, source, flags)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _first(row: dict[str, float], names: tuple[str, ...]) -> float:
    return next((row[name] for name in names if name in row), float("nan"))

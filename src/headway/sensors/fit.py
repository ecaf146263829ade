"""FIT files of watches, by fitdecode (extra ``sensors``): speed, cadence and the watch's own running dynamics.

Fields of the ``record`` message (FIT profile; fitdecode applies its scales): ``timestamp``; ``enhanced_speed`` or ``speed`` m/s; ``cadence`` and
``fractional_cadence`` in revolutions per minute **of one leg**, so that steps per minute are twice their sum; ``stance_time`` ms;
``vertical_oscillation`` mm; ``step_length`` mm; ``distance`` m; ``enhanced_altitude`` m; ``heart_rate`` 1/min.
"""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.recording import FloatArray
from headway.sensors.recording import Watch

LARGEST = 100_000_000
FIELDS: dict[str, tuple[tuple[str, ...], float]] = {
    "speed": (("enhanced_speed", "speed"), 1.0),
    "contact_time": (("stance_time",), 1e-3),
    "vertical_oscillation": (("vertical_oscillation",), 1e-3),
    "step_length": (("step_length",), 1e-3),
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
    rows: list[dict[str, Any]] = []
    try:
        with warnings.catch_warnings(), fitdecode.FitReader(str(path)) as reader:
            warnings.simplefilter("ignore")
            for frame in reader:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                    rows.append({field.name: field.value for field in frame.fields})
    except (fitdecode.FitError, struct.error, AssertionError, ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "its records are damaged"
        raise RecordingError(str(path), f"is no readable FIT file ({reason})", "export the activity again") from error
    return from_rows(rows, str(path))


def from_rows(rows: list[dict[str, Any]], source: str) -> Watch:
    """Series from the records of a FIT file.

    Raises
    ------
    RecordingError
        No record has a time stamp.
    """
    rows = [row for row in rows if row.get("timestamp") is not None]
    if not rows:
        raise RecordingError(source, "holds no records with a time", "export the activity as the original FIT file")
    stamps = np.array([row["timestamp"].timestamp() for row in rows])
    series: dict[str, FloatArray] = {}
    for name, (fields, factor) in FIELDS.items():
        found = np.array([_first(row, fields) for row in rows])
        if np.isfinite(found).any():
            series[name] = found * factor
    one_leg = np.array([_first(row, ("cadence",)) for row in rows])
    part = np.nan_to_num(np.array([_first(row, ("fractional_cadence",)) for row in rows]))
    if np.isfinite(one_leg).any():
        series["cadence"] = 2.0 * (one_leg + part)
    order = np.argsort(stamps, kind="stable")
    kept = order[np.concatenate([[True], np.diff(stamps[order]) > 0])]
    zero = float(stamps[kept[0]])
    return Watch(stamps[kept] - zero, {name: values[kept] for name, values in series.items()}, zero, source)


def _first(row: dict[str, Any], names: tuple[str, ...]) -> float:
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return float("nan")

"""Reference bands by speed, built from a study."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy.optimize import linprog

from headway.errors import OptionError, RecordingError
from headway.norms.bands import REACH, Band, Norms
from headway.recording import FloatArray
from headway.results import Population
from headway.stored.seal import sealed
from headway.study.data import Study, Table
from headway.version import VERSION

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FEWEST_RUNNERS = 10
"""Runners below which no tenth can be told from another."""
RESAMPLES = 60
NO_NORM = ("ladder_closure", "speed", "speed_change")
"""Metrics of the recording rather than of the runner."""


def build_norms(study: Study, *, name: str, source: str, licence: str) -> Norms:
    """Bands by speed for every metric that enough runners carry, by linear quantile regression (Koenker and Bassett 1978).

    Every runner weighs the same. The standard errors come from drawing runners with replacement (seeded).

    Raises
    ------
    RecordingError
        No runners are named, or too few for any metric.
    OptionError
        Source or licence is empty.
    """
    for option, text in (("--name", name), ("--source", source), ("--licence", licence)):
        if not text.strip():
            raise OptionError(
                option, "is empty", "norms have to say whose recordings they come from, and on what terms"
            )
    where, people = str(study.folder), study.recordings.dropna(subset=["runner", "speed"])
    count = people["runner"].nunique()
    if count < FEWEST_RUNNERS:
        what = f"{count} runners are named, norms need {FEWEST_RUNNERS}"
        raise RecordingError(where, what, "name them in the column runner of the manifest")
    middle = round(float(people["speed"].median()), 2)
    found = {metric: band_of(study.values(metric), middle) for metric in study.measured() if metric not in NO_NORM}
    bands = {metric: band for metric, band in found.items() if band is not None}
    if not bands:
        raise RecordingError(where, f"no metric is carried by {FEWEST_RUNNERS} runners", "add recordings")
    keys = "\n".join(f"{row}" for row in sorted(people["key"]))
    digest = hashlib.blake2b(keys.encode(), digest_size=16).hexdigest()
    return Norms(name, source, licence, _population(people), QUANTILES, middle, bands, digest, VERSION)


def _population(people: Table) -> Population:
    one_each = people.drop_duplicates("runner")
    out: dict[str, Any] = {"runners": len(one_each), "recordings": len(people)}
    out["sex"] = {str(sex): int(n) for sex, n in one_each["sex"].value_counts(dropna=True).sort_index().items()}
    for column in ("height", "mass", "speed"):
        values = people[column].dropna()
        out[column] = [round(float(values.min()), 3), round(float(values.max()), 3)] if len(values) else None
    for column in ("view", "treadmill", "force"):
        out[column] = sorted({str(value) for value in people[column].dropna()})
    return msgspec.convert(out, Population)


def band_of(values: Table, middle: float) -> Band | None:
    """Bands of one metric around a speed, m/s; ``None`` where fewer than :data:`FEWEST_RUNNERS` carry it.

    Parameters
    ----------
    values
        Columns ``runner``, ``speed``, ``value``, ``unit``, ``status``.
    middle
        Speed at which the levels hold, m/s.
    """
    rows = values.dropna(subset=["runner", "speed", "value"])
    names = sorted(set(rows["runner"]))
    if len(names) < FEWEST_RUNNERS or rows["value"].nunique() < len(QUANTILES):
        return None
    value, speed = rows["value"].to_numpy(float), rows["speed"].to_numpy(float) - middle
    member = np.searchsorted(names, rows["runner"].to_numpy(str))
    times = np.bincount(member, minlength=len(names))
    lines = _lines(speed, value, 1.0 / times[member])
    draws = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), RESAMPLES)
    drawn = [_lines(speed, value, draw[member] / times[member]) for draw in draws]
    error = np.std([line[:, 0] for line in drawn], axis=0, ddof=1)
    ends = (round(float(rows["speed"].min()), 2), round(float(rows["speed"].max()), 2))
    status = "estimated" if (rows["status"] == "estimated").any() else "measured"
    level, slope = lines.T
    return Band(
        str(rows["unit"].iloc[0]), len(names), len(rows), ends, status, _short(level), _short(slope), _short(error)
    )


def _lines(speed: FloatArray, value: FloatArray, weight: FloatArray) -> FloatArray:
    """Level at 0 and slope of every quantile, shape (quantile, 2); lines that cross within the data are put in order."""
    kept = weight > 0
    x, y, w = speed[kept], value[kept], weight[kept]
    level = np.ptp(x) < 2 * REACH
    scale = float(np.ptp(y)) or 1.0
    design = np.column_stack([np.ones(len(x)), np.zeros(len(x)) if level else x])
    equal = np.hstack([design, np.eye(len(x)), -np.eye(len(x))])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * len(x))
    out = []
    for share in QUANTILES:
        cost = np.concatenate([np.zeros(2), share * w, (1 - share) * w])
        out.append(linprog(cost, A_eq=equal, b_eq=y / scale, bounds=bounds, method="highs").x[:2] * scale)
    lines = np.array(out)
    if level:
        lines[:, 1] = 0.0
        return lines
    ends = np.array([x.min(), x.max()])
    heights = np.sort(lines[:, :1] + lines[:, 1:] * ends, axis=0)
    slope = (heights[:, 1] - heights[:, 0]) / (ends[1] - ends[0])
    return np.column_stack([heights[:, 0] - slope * ends[0], slope])


def _short(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def save_norms(norms: Norms, path: Path) -> None:
    """Write the file.

    Raises
    ------
    RecordingError
        It cannot be written.
    """
    from headway.study.store import put

    data = sealed(msgspec.json.encode(norms))
    try:
        put(path, lambda stream: stream.write(data))
    except OSError as error:
        raise RecordingError(
            str(path), f"cannot be written ({error.strerror})", "name another file with --out"
        ) from error

"""How far a value repeats itself: between recordings of the same kind, and between the two halves of a recording."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from headway.metrics import REGISTRY
from headway.recording import FloatArray
from headway.statistics.repeats import Reliability, repeated
from headway.study.data import Study, Table
from headway.study.tables import step_metrics

STEPS = 8
"""Steps that each half of a recording needs."""
COLUMNS = 24
"""Metrics read at a time."""
AVERAGED = ("mean", "share")
"""Kinds whose value over a window is the mean of its steps."""


def reliability(values: Table, halves: Sequence[FloatArray] = ()) -> Reliability | None:
    """Reliability from repeated recordings where there are enough of them, else from halves of each recording; ``None`` without both.

    Parameters
    ----------
    values
        Of one metric, as :meth:`headway.study.data.Study.values` gives them.
    halves
        Means of the two halves of each recording, as :func:`half_means` gives them.
    """
    rows = values.dropna(subset=["runner", "class"])
    cell = rows.fillna({"condition": ""}).groupby(["runner", "condition", "class"]).ngroup().to_numpy()
    order = np.argsort(cell, kind="stable")
    cells = np.split(rows["value"].to_numpy(float)[order], np.flatnonzero(np.diff(cell[order])) + 1)
    again = repeated([one for one in cells if len(one) > 1], "recordings")
    return again if again is not None else repeated(halves, "halves")


def half_means(study: Study, metrics: Sequence[str]) -> dict[str, list[FloatArray]]:
    """Means of both halves of every recording, for the metrics whose value is the mean of its steps.

    A half ends with a whole stride, and counts with at least ``STEPS`` values. Columns are read a few at a time, so that memory does not grow
    with the number of metrics.
    """
    carried = set(step_metrics())
    wanted = [name for name in metrics if name in carried and REGISTRY[name].kind in AVERAGED]
    out: dict[str, list[FloatArray]] = {}
    for start in range(0, len(wanted), COLUMNS):
        names = wanted[start : start + COLUMNS]
        table = study.steps(names)
        part, known = _parts(table["recording"].to_numpy(str))
        for name in names:
            values = table[name].to_numpy(float)
            good = np.isfinite(values) & known
            count, total = (np.bincount(part[good], weights, 2 * len(part)) for weights in (None, values[good]))
            pairs = np.column_stack([count[::2], count[1::2], total[::2], total[1::2]])
            pairs = pairs[pairs[:, :2].min(axis=1) >= STEPS]
            out[name] = list(pairs[:, 2:] / pairs[:, :2])
    return out


def _parts(recording: npt.NDArray[np.str_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Number of the half that each step belongs to (2 k and 2 k + 1 in recording k), and whether it belongs to one."""
    starts = np.flatnonzero(np.r_[True, recording[1:] != recording[:-1]][: len(recording)])
    sizes = np.diff(np.r_[starts, len(recording)])
    member = np.repeat(np.arange(len(starts)), sizes)
    step = np.arange(len(recording)) - starts[member]
    middle = (sizes // 2 // 2 * 2)[member]
    return 2 * member + (step >= middle), step < 2 * middle

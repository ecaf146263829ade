"""An even clock for key points whose frames come at uneven times."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import make_interp_spline

from headway.recording import FloatArray

LOWEST_RATE = 200.0
"""Samples per second that the analysis wants at least, Hz."""
LONGEST_GAP = 0.1
"""Gaps up to this (or two frames) are bridged, s."""


def evenly(time: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Interpolate on an even clock at a whole multiple of the frame rate, at least 200 Hz.

    Cubic not-a-knot splines run through the samples of every stretch without a gap longer than 0.1 s or two frames (whichever is
    longer); longer gaps and what lies before the first and after the last sample stay NaN. Nothing is smoothed.

    Parameters
    ----------
    time
        s, strictly rising, shape (frames,).
    values
        Shape (frames, points, axes); NaN where a point was not seen.
    """
    frame = float(np.median(np.diff(time)))
    factor = int(np.ceil(LOWEST_RATE * frame - 1e-6))
    step = frame / max(factor, 1)
    even = time[0] + step * np.arange(int(np.floor((time[-1] - time[0]) / step + 1e-6)) + 1)
    longest = max(LONGEST_GAP, 2 * frame) + 1.5 * frame
    out = np.full((len(even), *values.shape[1:]), np.nan)
    for k in range(values.shape[1]):
        axes = np.flatnonzero(np.isfinite(values[:, k]).any(0))
        if not len(axes):
            continue
        seen = np.flatnonzero(np.isfinite(values[:, k][:, axes]).all(1))
        if not len(seen):
            continue
        breaks = np.flatnonzero(np.diff(time[seen]) > longest) + 1
        for stretch in np.split(seen, breaks):
            order = min(3, len(stretch) - 1)
            if order < 1:
                continue
            order = 3 if order >= 3 else 1
            slack = 1e-6 * frame
            inside = (even >= time[stretch[0]] - slack) & (even <= time[stretch[-1]] + slack)
            spline = make_interp_spline(time[stretch], values[stretch, k][:, axes], k=order)
            read = spline(even[inside])
            for column, axis in enumerate(axes):
                out[inside, k, axis] = read[:, column]
    return even, out

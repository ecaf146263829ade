"""How alike two signals with gaps are at every shift."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.fft import irfft, rfft

from headway.recording import FloatArray

ComplexArray = npt.NDArray[np.complex128]
BoolArray = npt.NDArray[np.bool_]


def likeness(short: FloatArray, here: BoolArray, long: FloatArray, there: BoolArray, least: float) -> FloatArray:
    """Pearson correlation of pieces with every place of longer signals, over the samples that both have.

    Parameters
    ----------
    short, here
        Pieces, shape (k, n), and which of their samples were recorded.
    long, there
        The longer signals, shape (k, m), m >= n, and which of their samples were recorded.
    least
        Share of a piece that both must have; where they have less, the correlation is 0.

    Returns
    -------
    FloatArray
        Shape (k, m - n + 1).

    Notes
    -----
    Sums over the common samples of every shift by Fourier transform (Padfield 2012).
    """
    whole = here.all(1) & there.all(1)
    out = np.empty((len(short), long.shape[1] - short.shape[1] + 1))
    out[whole] = _of_whole(short[whole], long[whole])
    cut = ~whole
    out[cut] = _of_gaps(short[cut], here[cut], long[cut], there[cut], least)
    return out


def _of_whole(short: FloatArray, long: FloatArray) -> FloatArray:
    """Without gaps one transform and running sums do: a quarter of the time."""
    n, length = short.shape[1], _length(long.shape[1])
    x, y = (values - values.mean(1, keepdims=True) for values in (short, long))
    joint = _shared(rfft(x, length), rfft(y, length), length, long.shape[1] - n + 1)
    sums, squares = (np.pad(np.cumsum(part, axis=1), ((0, 0), (1, 0))) for part in (y, y**2))
    sum_y, sum_yy = (part[:, n:] - part[:, :-n] for part in (sums, squares))
    return _ratio(joint, (x**2).sum(1, keepdims=True), sum_yy - sum_y**2 / n)


def _of_gaps(short: FloatArray, here: BoolArray, long: FloatArray, there: BoolArray, least: float) -> FloatArray:
    n, length = short.shape[1], _length(long.shape[1])
    x, y = (
        np.where(seen, values - values.mean(1, keepdims=True), 0.0) for values, seen in ((short, here), (long, there))
    )
    of_short = [rfft(part, length) for part in (here.astype(float), x, x**2)]
    of_long = [rfft(part, length) for part in (there.astype(float), y, y**2)]

    def shared(a: int, b: int) -> FloatArray:
        return _shared(of_short[a], of_long[b], length, long.shape[1] - n + 1)

    count = np.maximum(shared(0, 0), 1.0)
    sum_x, sum_y = shared(1, 0), shared(0, 1)
    joint = shared(1, 1) - sum_x * sum_y / count
    alike = _ratio(joint, shared(2, 0) - sum_x**2 / count, shared(0, 2) - sum_y**2 / count)
    return np.where(count >= least * n - 0.5, alike, 0.0)


def _length(samples: int) -> int:
    """Power of two for the transform."""
    return 1 << int(np.ceil(np.log2(samples)))


def _shared(of_short: ComplexArray, of_long: ComplexArray, length: int, places: int) -> FloatArray:
    return np.asarray(irfft(np.conj(of_short) * of_long, length))[:, :places]


def _ratio(joint: FloatArray, spread_x: FloatArray, spread_y: FloatArray) -> FloatArray:
    return joint / np.sqrt(np.maximum(spread_x, 1e-9) * np.maximum(spread_y, 1e-9))

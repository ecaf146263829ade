"""How far a film's background moves: a phone on a stand, in a hand, or panning with the runner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import fft
from scipy.ndimage import percentile_filter

from headway.recording import FloatArray

Box = tuple[float, float, float, float]
_Grey = npt.NDArray[np.floating[Any]]

_LONGER_SIDE = 240
_POINTS = 2000
_ROUNDS, _CLOSE = 8, 0.008
"""Steps of the search, and the change (small px) at which it ends."""
_RENEW = 0.25
"""Share of the picture by which it may move away from the reference."""
_MATCH, _POOR = 0.8, 0.5
"""Correlation below which a jump is looked for, and below which the frame is given up."""
_TURNED = 3.0
"""Small px: a camera that moved this far and fits badly also turned or zoomed; then a new reference helps."""
_LOST_FRAMES = 5
_GROUND = 150
"""Small px of ground that tell whether it slides."""
_TEXTURE, _FEWEST = 1.5, 60
"""Grey levels per px that make a point worth following, and the least number of such points."""


@dataclass(frozen=True)
class _Reference:
    """A picture to compare with: its points of strong texture, and where the path stood.

    ``rows`` and ``columns`` are places of the points, ``values`` their brightness, ``slopes`` the brightness's change per px (x, y), ``at``
    the path (small px).
    """

    grey: _Grey
    spectrum: npt.NDArray[np.complex64]
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    values: _Grey
    slopes: _Grey
    at: FloatArray


class BackgroundTracker:
    """Follow the background from frame to frame.

    Small grey pictures are compared with a reference picture, not with the one before, so that errors do not add up; the reference is renewed
    when less than three quarters of it are left in view. The step is found at points of strong texture outside the runner's box by least
    squares with weights that discount what moves on its own (Lucas & Kanade 1981; Baker & Matthews 2004, inverse compositional; weights of
    Tukey), and by phase correlation (Kuglin & Hines 1975) when the picture has jumped.

    Parameters
    ----------
    size
        Width and height of the full image, px; ``None`` takes it from the first picture.
    """

    def __init__(self, size: tuple[int, int] | None = None) -> None:
        self._size = size
        self._reference: _Reference | None = None
        self._where = np.zeros(2)
        self._step = np.zeros(2)
        self._path: list[FloatArray] = []
        self._lost = 0

    def add(self, image: npt.NDArray[np.uint8], box: Box | None = None) -> None:
        """Take the next frame.

        Parameters
        ----------
        image
            RGB of shape (height, width, 3), or grey of shape (height, width): the small one of :class:`headway.pose.film.Frame` is fastest.
        box
            Runner in full-size px: left, top, right, bottom; ``None`` when not known.
        """
        if self._size is None:
            self._size = (image.shape[1], image.shape[0])
        grey = _small(image)
        scale = grey.shape[1] / self._size[0]
        hidden = None if box is None else (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)
        if self._reference is None or self._reference.grey.shape != grey.shape:
            self._renew(grey, hidden)
            self._path.append(self._where / scale if self._reference is not None else np.full(2, np.nan))
            return
        found, fit = self._match(grey, hidden)
        if fit < _POOR:
            self._lost += 1
            if self._lost >= _LOST_FRAMES:
                # A cut, or a light switched on: go on from the last known place.
                self._renew(grey, hidden)
            self._path.append(np.full(2, np.nan))
            return
        self._lost = 0
        self._step = np.clip(found - self._where, -8, 8)
        self._where = found
        self._path.append(found / scale)
        moved = float(np.abs(found - self._reference.at).max())
        if moved > _RENEW * min(grey.shape) or (fit < _MATCH and moved > _TURNED):
            self._renew(grey, hidden)

    def path(self) -> FloatArray | None:
        """Where the background of the first frame has moved to, full-size px (x right, y down), shape (frames, 2).

        NaN where a frame could not be matched (blurred, dark, cut); ``None`` when that is more than half of them, as before a bare wall.
        """
        path = np.array(self._path).reshape(-1, 2)
        return path if len(path) and np.isfinite(path[:, 0]).mean() > 0.5 else None

    def _renew(self, grey: _Grey, hidden: Box | None) -> None:
        self._reference = _make_reference(grey, hidden, self._where)
        self._lost = 0

    def _match(self, grey: _Grey, hidden: Box | None) -> tuple[FloatArray, float]:
        """Find where the background is now, small px, and how well the pictures fit there."""
        reference = self._reference
        assert reference is not None
        shift, fit = _refine(reference, grey, self._where + self._step - reference.at, hidden)
        if fit < _MATCH:
            other, other_fit = _refine(reference, grey, _correlate(reference, grey), hidden)
            if other_fit > fit:
                shift, fit = other, other_fit
        return shift + reference.at, fit


def slides(
    before: npt.NDArray[np.uint8] | None, now: npt.NDArray[np.uint8], box: Box | None, size: tuple[int, int]
) -> float:
    """How fast the ground beside the runner changes from picture to picture, about px of small pictures; NaN where none is seen.

    The mean change over the mean slope, below the middle of the runner and beside: small for small motions, and at most about 3 for any.

    Parameters
    ----------
    before, now
        Small grey pictures.
    box
        Runner in full-size px, as for :meth:`BackgroundTracker.add`.
    size
        Width and height of the full picture, px.
    """
    if before is None or box is None or before.shape != now.shape:
        return float("nan")
    scale = now.shape[1] / size[0]
    left, right, bottom = (max(0, round(edge * scale)) for edge in (box[0], box[2], box[3]))
    middle = max(0, round((box[1] + box[3]) / 2 * scale))
    old, new = (np.asarray(picture[middle:], np.float32) for picture in (before, now))
    ground = np.ones(new.shape, bool)
    ground[: max(0, bottom - middle + 1), left : right + 1] = False
    if ground.sum() < _GROUND or min(new.shape) < 2:
        return float("nan")
    down, across = np.gradient(new)
    slope = float(np.hypot(down, across)[ground].mean())
    return float(np.abs(new - old)[ground].mean()) / (slope + 0.5)


def _small(image: npt.NDArray[np.uint8]) -> _Grey:
    """Grey picture whose longer side is at most 240 px: block means of a sparse grid of the green channel."""
    step = max(1, round(max(image.shape[:2]) / _LONGER_SIDE))
    if step == 1:
        return _blur(np.asarray(image if image.ndim == 2 else image[..., 1], np.float32))
    rows, columns = image.shape[0] // step, image.shape[1] // step
    total = np.zeros((rows, columns), np.float32)
    # Three by three pixels per block are enough against aliasing, and an eighth of the cost of all 64.
    offsets = sorted({step // 6, step // 2, step - 1 - step // 6})
    for row in offsets:
        line = image[row : rows * step : step] if image.ndim == 2 else image[row : rows * step : step, :, 1]
        for column in offsets:
            total += line[:, column : columns * step : step]
    return _blur(total / len(offsets) ** 2)


def _blur(grey: _Grey) -> _Grey:
    """Smooth a little (1 2 1), so that brightness between pixels is what bilinear interpolation says."""
    for _ in range(2):
        grey = np.pad(grey, ((1, 1), (0, 0)), mode="edge")
        grey = np.ascontiguousarray((0.25 * (grey[:-2] + grey[2:]) + 0.5 * grey[1:-1]).T)
    return grey


def _make_reference(grey: _Grey, hidden: Box | None, at: FloatArray) -> _Reference | None:
    """Choose the points of strongest texture, spread over the picture; ``None`` for a bare wall."""
    slope_y, slope_x = (np.asarray(np.gradient(grey, axis=axis)) for axis in (0, 1))
    strength = np.hypot(slope_x, slope_y)
    strength[:2], strength[-2:], strength[:, :2], strength[:, -2:] = 0, 0, 0, 0
    if hidden is not None:
        left, top, right, bottom = (max(0, round(edge)) for edge in hidden)
        strength[top : bottom + 1, left : right + 1] = 0
    # Relative to the surroundings: one object of strong contrast must not get all the points.
    around = percentile_filter(strength[::8, ::8], 75, size=5).repeat(8, 0).repeat(8, 1)
    relative = (strength / (around[: grey.shape[0], : grey.shape[1]] + 2.0)).ravel()
    order = np.argpartition(relative, -min(_POINTS, relative.size))[-_POINTS:]
    order = order[strength.ravel()[order] > _TEXTURE]
    if len(order) < _FEWEST:
        return None
    rows, columns = np.unravel_index(order, grey.shape)
    slopes = np.stack((slope_x[rows, columns], slope_y[rows, columns]), axis=1)
    return _Reference(grey, _spectrum(grey), rows, columns, grey[rows, columns], slopes, at.copy())


def _refine(reference: _Reference, grey: _Grey, guess: FloatArray, hidden: Box | None) -> tuple[FloatArray, float]:
    """Improve a shift to a hundredth of a px; also how well the pictures then fit (weighted correlation, at most 1)."""
    shift, fit = guess.astype(float), 0.0
    high, wide = grey.shape
    for _ in range(_ROUNDS):
        x, y = reference.columns + shift[0], reference.rows + shift[1]
        inside = (x >= 0) & (x < wide - 1.001) & (y >= 0) & (y < high - 1.001)
        if hidden is not None:
            inside &= (x < hidden[0]) | (x > hidden[2]) | (y < hidden[1]) | (y > hidden[3])
        if np.count_nonzero(inside) < _FEWEST:
            return shift, 0.0
        now = _sample(grey, x[inside], y[inside])
        change, fit = _solve(now, reference.values[inside], reference.slopes[inside])
        shift -= np.clip(change, -2, 2)
        if np.abs(change).max() < _CLOSE:
            break
    return shift, fit


def _solve(now: _Grey, before: _Grey, slopes: _Grey) -> tuple[FloatArray, float]:
    """Shift that is left between two sets of brightness, exposure (gain and offset) set free; and their correlation.

    Weights of Tukey: points that do not take part in the common motion (runner, leaves, a logo) lose their say.
    """
    rest = now - before
    rest = rest - np.median(rest)
    spread = 1.4826 * float(np.median(np.abs(rest))) + 0.5
    weight = np.clip(1 - (rest / (4.7 * spread)) ** 2, 0, None) ** 2
    weight /= weight.sum()
    old, new = before - weight @ before, now - weight @ now
    slope = slopes - weight @ slopes
    terms = np.column_stack((slope, old)) * weight[:, None]
    matrix = terms.T @ np.column_stack((slope, old, new))
    square = np.asarray(matrix[:, :3], float)
    try:
        found = np.linalg.solve(square + 1e-6 * np.eye(3), np.asarray(matrix[:, 3], float))
    except np.linalg.LinAlgError:
        return np.zeros(2), 0.0
    fit = float(matrix[2, 3] / np.sqrt(matrix[2, 2] * (weight @ new**2) + 1e-9))
    return np.asarray(found[:2] / max(float(found[2]), 0.2), np.float64), fit


def _sample(grey: _Grey, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> _Grey:
    """Brightness between the pixels, bilinear."""
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, down = (x - column).astype(np.float32), (y - row).astype(np.float32)
    flat, place = grey.ravel(), row * grey.shape[1] + column
    upper = flat[place] + right * (flat[place + 1] - flat[place])
    place += grey.shape[1]
    lower = flat[place] + right * (flat[place + 1] - flat[place])
    return upper + down * (lower - upper)


def _spectrum(grey: _Grey) -> npt.NDArray[np.complex64]:
    """Spectrum of a picture faded out towards its edges."""
    window = np.outer(np.hanning(grey.shape[0]), np.hanning(grey.shape[1])).astype(np.float32)
    return np.asarray(fft.rfft2((grey - grey.mean()) * window), np.complex64)


def _correlate(reference: _Reference, grey: _Grey) -> FloatArray:
    """Shift by phase correlation, whole px."""
    cross = _spectrum(grey) * np.conj(reference.spectrum)
    peak = np.asarray(fft.irfft2(cross / (np.abs(cross) + 1e-3 * np.abs(cross).mean() + 1e-9), s=grey.shape))
    row, column = np.unravel_index(int(peak.argmax()), grey.shape)
    high, wide = grey.shape
    return np.array([(column + wide // 2) % wide - wide // 2, (row + high // 2) % high - high // 2], float)

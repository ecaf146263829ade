"""Where a film was cut: shots, fades, stills and repeated pictures, told from small grey pictures before anybody is looked for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation, percentile_filter

from headway.pose.film_faults import SHORTEST
from headway.signals import runs

Image = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]

SHORTEST_STILL = 0.4
"""A picture that stands for longer parts two shots, s."""
# A picture repeats the one before when it changes less than 20 % of what its neighbours (31 pictures) do. Measured on films of runners, original,
# doubled and encoded anew: repeats change at most 9 %, new pictures at least 38 % of that. Below 6 grey levels nobody moves at all.
_STILL, _REPEATED, _AROUND = 6.0, 0.2, 31
_BLOCK = 4
"""Small pictures are looked at in blocks of so many pixels: edges there outlive noise, compression and a runner's legs."""
_BLANK = 0.4
"""Mean slope below which a picture shows nothing, grey levels per block (black, white, faded out)."""
_CUT, _OUTLIER = 0.15, 1.9
"""Part of the edges' pattern that is new in a picture: at least so much, and so many times what the liveliest neighbours show, is a cut. Hand-held
and tracking films show up to 0.18 from picture to picture, cuts within one field and runner 0.22 and more."""
_FLASH = 0.8
"""A picture unlike its neighbours, which are this much more alike, is a flash or a jolt, not a cut."""
_MIXES = 0.2
"""Pictures within this of a fade's middle show both shots and belong to neither, s."""
_FADE, _FADES_BY, _MIXED = 0.5, 0.5, 0.15
"""Half a fade's length that is looked for, s; how unlike both ends must be; and what of their difference a mixture of both may leave."""


@dataclass(frozen=True)
class Shot:
    """One shot of a film.

    Attributes
    ----------
    number
        From 1, in order of time.
    start, stop
        First and last picture, s of real time as :attr:`headway.pose.keypoints.KeyPoints.time`.
    missing
        Why nobody was followed in it; empty where a runner was.
    """

    number: int
    start: float
    stop: float
    missing: str = ""

    @property
    def duration(self) -> float:
        """Length, s."""
        return self.stop - self.start


class ShotFinder:
    """Takes the small grey pictures of a film in order and tells where it was cut.

    Compared is the pattern of edges (normalised, so that exposure does not count) of a picture and the one before. What changes suddenly against its
    neighbourhood is a cut (Boreczky & Rowe 1996 compare such measures); fades are told by pictures that are a mixture of one before and one behind.
    Of a picture only numbers are kept once a fade around it would have been seen.

    Parameters
    ----------
    rate
        Pictures per second of real time.
    """

    def __init__(self, rate: float) -> None:
        self._rate, self._reach = rate, max(3, round(_FADE * rate))
        self._before: Image | None = None
        self._edges: list[npt.NDArray[np.float32]] = []
        self._small = deque[Image](maxlen=2 * self._reach + 1)
        self._mixed: list[tuple[float, int]] = []
        self._change: list[float] = []
        self._new: list[float] = []
        self._skipped: list[float] = []
        self._blank: list[bool] = []

    def add(self, grey: Image) -> None:
        """Take the next picture, shape (height, width)."""
        if self._before is not None and self._before.shape != grey.shape:
            self._edges, self._before = [], None
        self._change.append(_change(self._before, grey))
        self._before = grey
        small = _blocks(grey)
        edges, slope = _pattern(small)
        known = [1.0 - float(edges @ other) for other in self._edges]
        self._new.append(known[-1] if known else 0.0)
        self._skipped.append(known[0] if len(known) > 1 else 0.0)
        self._blank.append(slope < _BLANK)
        self._edges = [*self._edges[-1:], edges]
        self._small.append(small.astype(np.uint8))
        middle = len(self) - 1 - self._reach
        if middle >= self._reach and middle % max(1, self._reach // 5) == self._reach % max(1, self._reach // 5):
            left = _mixture(self._small[0], self._small[self._reach], self._small[-1])
            self._mixed += [] if left is None else [(left, middle)]

    def __len__(self) -> int:
        return len(self._change)

    @property
    def repeated(self) -> BoolArray:
        """Which pictures show the same instant as the one before, shape (pictures,): converters fill up the rate so."""
        changes = np.array(self._change)
        if len(changes) < 3:
            return np.zeros(len(changes), bool)
        usual = percentile_filter(changes, 90, size=_AROUND)
        repeated = (changes < _REPEATED * usual) & (usual > _STILL)
        repeated[0] = False
        return repeated

    def cuts(self) -> list[int]:
        """Pictures that begin a shot, rising; the first and the number of pictures are not among them."""
        new, skipped, blank = np.array(self._new), np.array(self._skipped), np.array(self._blank)
        frames = len(new)
        if frames < 3:
            return []
        dark = blank | np.concatenate(([True], blank[:-1]))
        new = np.where(dark, 0.0, new)
        found = []
        half = max(5, round(0.5 * self._rate))
        for k in np.flatnonzero(new > _CUT):
            low, high = max(0, k - half), min(frames, k + half + 1)
            around = np.delete(new[low:high], [j for j in (k - low, k - low + 1) if j < high - low])
            behind = skipped[k + 1] if k + 1 < frames else 1.0  # the picture before against the one behind
            ahead = skipped[k] if k > 1 else 1.0
            lively = float(np.percentile(around, 90)) if len(around) else 0.0
            if new[k] > _OUTLIER * lively and min(behind, ahead) > _FLASH * new[k]:
                found.append(int(k))
        edges = np.flatnonzero(np.diff(blank.astype(int))) + 1
        return sorted({*found, *(int(k) for k in edges), *self._fades()})

    def shots(self) -> list[tuple[int, int]]:
        """First picture and the one behind the last of every shot that is long enough and not still."""
        blank = np.array(self._blank)
        for middle in self._fades():
            reach = round(_MIXES * self._rate)
            blank[max(0, middle - reach) : middle + reach + 1] = True
        still = self._still()
        borders = sorted({0, len(self), *self.cuts()})
        out = []
        for first, last in pairwise(borders):
            moving = ~(still | blank)[first:last]
            out += [(first + a, first + b) for a, b in runs(moving)]
        return [(a, b) for a, b in out if (b - a) / self._rate >= SHORTEST - 0.5 / self._rate]

    def first_end(self) -> int | None:
        """Picture behind the first shot that is long enough, once enough has been seen behind it; ``None`` before."""
        ends = [b for _, b in self.shots()[:1] if b <= len(self) - self._rate]
        return ends[0] if ends else None

    def forget(self, end: int) -> None:
        """Leave out the pictures from ``end`` on."""
        for kept in (self._change, self._new, self._skipped, self._blank):
            del kept[end:]
        self._mixed = [(left, middle) for left, middle in self._mixed if middle < end - self._reach]

    def _still(self) -> BoolArray:
        """Pictures in which nothing moves for longer than ``SHORTEST_STILL``: frozen, a title, an empty place."""
        change = np.array(self._change)
        change[:1] = change[1:2]
        repeats = max(3, round(0.12 * self._rate))
        out = np.zeros(len(change), bool)
        for a, b in runs(~np.asarray(binary_dilation(change > _STILL, np.ones(2 * repeats + 1)), bool)):
            a, b = max(0, a - repeats), b + repeats
            out[a:b] = (b - a) / self._rate >= SHORTEST_STILL
        return out

    def _fades(self) -> list[int]:
        """Middles of fades from one picture into another."""
        out: list[int] = []
        for _, k in sorted(self._mixed):
            if all(abs(k - other) > 2 * self._reach for other in out):
                out.append(k)
        return out


def _mixture(before: Image, here: Image, behind: Image) -> float | None:
    """What a mixture of two pictures that are unlike leaves of the one between them, as a share of their difference; ``None`` where it is none."""
    if not before.shape == here.shape == behind.shape:
        return None
    one, other = before.astype(np.float32), behind.astype(np.float32)
    if 1.0 - float(_pattern(one)[0] @ _pattern(other)[0]) < _FADES_BY:
        return None
    apart = (other - one).ravel()
    # medians: a runner who crosses in the meantime is no mixture
    telling = np.abs(apart) >= max(float(np.median(np.abs(apart))), 1.0)
    if not telling.any():
        return None
    shares = (here.astype(np.float32) - one).ravel()[telling] / apart[telling]
    share = float(np.median(shares))
    left = float(np.median(np.abs(shares - share)))
    return left if 0.25 < share < 0.75 and left < _MIXED else None


def _change(one: Image | None, other: Image) -> float:
    """How much the most moving 0.2 % of a small picture change, grey levels: a far runner's legs fill about as much."""
    if one is None:
        return 0.0
    difference = (np.maximum(one, other) - np.minimum(one, other)).ravel()
    most = max(8, len(difference) // 500)
    return float(np.partition(difference, -most)[-most:].mean())


def _blocks(grey: Image) -> npt.NDArray[np.float32]:
    """Means of blocks."""
    rows, columns = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    part = grey[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    return part.mean(axis=(1, 3), dtype=np.float32)


def _pattern(small: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], float]:
    """Strength of the edges, centred and of length 1; and their mean strength, grey levels per block."""
    down, across = np.gradient(small)
    strength = np.hypot(down, across)
    mean = float(strength.mean())
    flat = (strength - mean).ravel()
    return flat / max(float(np.linalg.norm(flat)), 1e-6), mean

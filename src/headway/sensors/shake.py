"""The common shake: two sensors in one hand feel the same sizes of force and turn, whatever their mounting, and so tell their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import find_peaks

from headway.recording import FloatArray
from headway.sensors.likeness import BoolArray, likeness
from headway.sensors.recording import InertialSensor

FINE = 200.0
"""Samples per second at which a shake is compared."""
COARSE = 4
"""Every so many of them while it is looked for."""
SPAN, HOP = 2.0, 0.5
"""Length and spacing of the pieces that are compared, s."""
FARTHEST = 2.0
"""Largest clock difference that a shake can mend where both files tell the time of day, s."""
FARTHEST_UNTOLD = 20.0
"""The same where one of them does not, s."""
ALIKE = 0.9
"""Two sensors in one hand agree at least this well in the sizes of force and turn (bodies that run: below 0.8)."""
ALIKE_AMID = 0.95
"""The same within motion that goes on longer than a shake, as running does."""
LONGEST = 9.0
"""A shake with taking up and putting on lasts at most this long, s; what goes on longer may be running."""
LEAST = 1.0
"""Standard deviation of the size of force below which nothing is shaken, m/s²."""
DISTINCT = 0.04
"""No other shift within reach matches nearly as well: a rhythm matches itself one beat later."""
NEARBY = int(0.08 * FINE)
"""Shifts this near, in samples, belong to one match."""
TOGETHER = 0.01
"""In one hand the sizes of force and of turn tell the same offset to this, s; between head and sacrum of a runner they are 15-60 ms apart."""
APART = 4.0
"""Pieces farther apart than this belong to two shakes, s."""
FASTEST_DRIFT = 2e-4
"""Two shakes whose clocks differ by more than this per second are not both shakes."""
FEWEST = 2
"""Pieces that a shake has at least; three seconds hold three."""
LOST = 0.05
"""Samples farther apart than this, and than one and a half of the sensor's intervals, have a gap between them, s."""
IN_COMMON = 0.5
"""Share of a piece that both sensors must have recorded."""
CHUNK = 2000


_Pair = Sequence[list[FloatArray]]
"""Sizes of force and turn of both sensors."""
_Seen = Sequence[BoolArray]
"""Where both sensors were recorded."""


@dataclass(frozen=True)
class Shake:
    """One common shake.

    Attributes
    ----------
    start, stop
        Of the pieces that are alike, s on the reference's clock.
    offset
        The other clock minus the reference's, s.
    uncertainty
        Standard error of the offset, s.
    pieces
        How many pieces agree.
    """

    start: float
    stop: float
    offset: float
    uncertainty: float
    pieces: int

    @property
    def middle(self) -> float:
        """Its time, s."""
        return (self.start + self.stop) / 2


def shakes(reference: InertialSensor, other: InertialSensor) -> tuple[Shake, ...]:
    """Every common shake of two sensors, in order of time.

    Notes
    -----
    Nothing is known yet of who runs when. A piece counts where the sizes of specific force and (if both have it) angular velocity of both
    sensors correlate at one shift and at no other. Within motion that lasts longer than a shake only sensors with gyroscope are believed.
    """
    gyros = reference.angular_velocity is not None and other.angular_velocity is not None
    start, stop = max(reference.time[0], other.time[0]), min(reference.time[-1], other.time[-1])
    grid = np.arange(start, stop, 1.0 / FINE)
    told = reference.epoch is not None and other.epoch is not None
    reach = int((FARTHEST if told else FARTHEST_UNTOLD) * FINE)
    width = int(SPAN * FINE)
    if len(grid) < 2 * width:
        return ()
    sizes, seen = zip(*(_sizes(one, grid, gyros) for one in (reference, other)), strict=True)
    found = []
    for begin, least in _candidates(sizes, seen, width, reach, amid=gyros):
        match = _best_match(sizes, seen, slice(begin, begin + width), reach)
        if match is not None and match[1] >= least:
            found.append((grid[begin], match[0]))
    noise = 0.03 / min(reference.rate, other.rate) + 0.0003
    groups = [_shake(rows, noise) for rows in _grouped(found)]
    return _agreeing([one for one in groups if one.pieces >= FEWEST])


def within(found: tuple[Shake, ...], time: FloatArray) -> npt.NDArray[np.bool_]:
    """Which instants (shape (m,), s on the reference's clock) belong to a shake."""
    out = np.zeros(len(time), bool)
    for one in found:
        out |= (time > one.start - SPAN / 2) & (time < one.stop + SPAN / 2)
    return out


def _candidates(sizes: _Pair, seen: _Seen, width: int, reach: int, *, amid: bool) -> list[tuple[int, float]]:
    """Pieces that may be of a shake, by their first sample, with how alike they have to be."""
    force = sizes[0][0]
    begins = np.arange(0, len(force) - width, int(HOP * FINE))
    moving = np.array([force[k : k + width].std() for k in begins]) > LEAST
    edges = np.flatnonzero(np.diff(np.concatenate([[0], moving.astype(int), [0]])))
    least = np.full(len(begins), np.inf)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        short = (last - first) * HOP + SPAN <= LONGEST + 2 * SPAN
        if short or amid:
            least[first:last] = ALIKE if short else ALIKE_AMID
    chosen = np.flatnonzero(np.isfinite(least))
    likely = _coarsely(sizes, seen, begins[chosen], width, reach) > ALIKE - 0.15
    return [(int(begins[k]), float(least[k])) for k in chosen[likely]]


def _coarsely(sizes: _Pair, seen: _Seen, begins: npt.NDArray[np.intp], width: int, reach: int) -> FloatArray:
    """Greatest correlation of each piece over all shifts, at a quarter of the rate; the least of force and turn."""
    n, r = width // COARSE, reach // COARSE
    mine, theirs = ([_thinned(size) for size in one] for one in sizes)
    here, there = (_thinned(one) > 0.99 for one in seen)
    last = len(here) - n
    here, there = sliding_window_view(here, n), sliding_window_view(np.pad(there, r), n + 2 * r)
    mine = [sliding_window_view(one, n) for one in mine]
    theirs = [sliding_window_view(np.pad(one, r), n + 2 * r) for one in theirs]
    out = np.zeros(len(begins))
    for first in range(0, len(begins), CHUNK):
        at = np.minimum(begins[first : first + CHUNK] // COARSE, last)
        joint = np.min(
            [likeness(a[at], here[at], b[at], there[at], IN_COMMON) for a, b in zip(mine, theirs, strict=True)], axis=0
        )
        out[first : first + CHUNK] = joint.max(1)
    return out


def _thinned(values: FloatArray | BoolArray) -> FloatArray:
    count = len(values) // COARSE
    return values[: count * COARSE].reshape(count, COARSE).mean(1)


def _sizes(sensor: InertialSensor, grid: FloatArray, gyro: bool) -> tuple[list[FloatArray], BoolArray]:
    """Sizes of specific force and (if both sensors have it) of angular velocity, and where they were recorded."""
    signals = [sensor.specific_force, sensor.angular_velocity] if gyro else [sensor.specific_force]
    kept = np.isfinite(sensor.specific_force).any(1)
    time = sensor.time[kept]
    values = [np.interp(grid, time, np.linalg.norm(np.nan_to_num(x[kept]), axis=1)) for x in signals if x is not None]
    after = np.searchsorted(time, grid).clip(1, len(time) - 1)
    return values, time[after] - time[after - 1] <= max(LOST, 1.5 / sensor.rate)


def _best_match(sizes: _Pair, seen: _Seen, piece: slice, reach: int) -> tuple[float, float] | None:
    """Offset, s, and the least correlation over the signals at the best shift; ``None`` where another shift is nearly as good."""
    begin, end = max(piece.start - reach, 0), min(piece.stop + reach, len(seen[0]))
    here, there = seen[0][None, piece], seen[1][None, begin:end]
    curves = [
        likeness(mine[None, piece], here, theirs[None, begin:end], there, IN_COMMON)[0]
        for mine, theirs in zip(*sizes, strict=True)
    ]
    joint = np.min(curves, axis=0)
    best = int(np.argmax(joint))
    if not 0 < best < len(joint) - 1:
        return None
    others, _ = find_peaks(joint)
    rivals = joint[others[np.abs(others - best) > NEARBY]]
    if len(rivals) and joint[best] - rivals.max() < DISTINCT:
        return None
    around = slice(max(best - NEARBY, 0), best + NEARBY + 1)
    if np.ptp([np.argmax(curve[around]) for curve in curves]) > TOGETHER * FINE:
        return None
    total = np.mean(curves, axis=0)[best - 1 : best + 2]
    bend = total[0] - 2 * total[1] + total[2]
    shift = 0.5 * (total[0] - total[2]) / bend if bend < 0 else 0.0
    return (begin + best + shift - piece.start) / FINE, float(joint[best])


def _grouped(found: list[tuple[float, float]]) -> list[FloatArray]:
    """Begin and offset of the pieces, one table per shake."""
    if not found:
        return []
    table = np.array(found)
    return np.split(table, np.flatnonzero(np.diff(table[:, 0]) > APART) + 1)


def _shake(rows: FloatArray, noise: float) -> Shake:
    offset = float(np.median(rows[:, 1]))
    near = rows[np.abs(rows[:, 1] - offset) < 0.02]
    spread = float(near[:, 1].std() / np.sqrt(len(near)))
    error = float(np.hypot(spread, noise))
    return Shake(float(near[0, 0]), float(near[-1, 0]) + SPAN, float(np.median(near[:, 1])), error, len(near))


def _agreeing(found: list[Shake]) -> tuple[Shake, ...]:
    """The shakes that lie on one clock, by the one that shows it best."""
    if not found:
        return ()
    best = max(found, key=lambda one: one.pieces)
    return tuple(
        one for one in found if abs(one.offset - best.offset) < 0.003 + FASTEST_DRIFT * abs(one.middle - best.middle)
    )

"""Implausible jumps: a point that leaves its path faster than a body can, masked and counted.

Only pieces of a path that begin or end at a jump or a gap are ever masked; a smooth path is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.recording import Flag, FloatArray
from headway.signals import runs
from headway.texts import TEXTS

SMALLEST_JUMP = 0.010
"""m; smaller ones drown in skin motion and marker noise."""
TYPICAL = 7.0
"""A jump is this many times the 95th percentile of the point's own changes of step. Set on 46 laboratory recordings of running,
where changes above ``SMALLEST_JUMP`` reach 6.0 times it in points that merely run and 9 to 125 times in points that jump."""
LARGEST_SPEED_CHANGE = 10.0
"""m/s from one frame to the next and back: a jump even where the point's own percentile is spoilt by many jumps."""
LARGEST_SPEED = 30.0
"""m/s; the swinging foot of a sprinter stays below 25."""
ISLAND = 0.1
"""s; a piece that a jump cuts off is wrong when it is not longer than this."""
COMPANIONS = 4
"""Points whose distance to a point tells whether it has strayed."""
STRAY = 0.03
"""m; slack in the distance to companions, on top of six median deviations."""

TELLING_GAP = 0.1
"""Share of frames missing above which a point is named in the flags."""
BoolArray = npt.NDArray[np.bool_]
Piece = tuple[int, int]


def mask_jumps(positions: FloatArray, rate: float) -> tuple[FloatArray, BoolArray]:
    """Mask the wrong pieces of paths that jump.

    Parameters
    ----------
    positions
        m, shape (frames, points, 3), NaN where not seen.
    rate
        Frames per second.

    Returns
    -------
    tuple
        A copy with NaN in the wrong pieces, and the mask of what was taken out, shape (frames, points).

    Notes
    -----
    A step is a jump when it differs from the step before *and* from the step after by more than a threshold and does not
    lie between the two: a landing foot changes its velocity once, a mislabelled marker jumps away from its path. Pieces
    of at most ``ISLAND`` seconds that a jump cuts off are masked unless they carry on the path of their neighbour; longer
    pieces beside a jump or a gap are masked when they lie at the wrong distance from the points that otherwise keep their
    distance; where two good pieces meet with a jump, the frames at the seam are masked.
    """
    jumps, threshold = find_jumps(positions, rate)
    seen = np.asarray(np.isfinite(positions).all(2))
    mask = np.zeros(seen.shape, dtype=bool)
    gapped = seen.any(0) & ~seen.all(0)
    for point in np.flatnonzero(jumps.any(0) | gapped):
        pieces = _pieces(seen[:, point], jumps[:, point])
        if len(pieces) > 1:
            wrong = _stray_pieces(positions, int(point), seen, pieces)
            path = _Path(positions[:, point], jumps[:, point], float(threshold[point]), max(round(ISLAND * rate), 3))
            mask[:, point] = path.wrong(pieces, wrong)
    out = positions.copy()
    out[mask] = np.nan
    return out, mask


def find_jumps(positions: FloatArray, rate: float) -> tuple[BoolArray, FloatArray]:
    """Tell which steps between successive frames are jumps; see :func:`mask_jumps`.

    Returns
    -------
    tuple
        Jumps, shape (frames − 1, points), and the threshold of each point, m, shape (points,).
    """
    step = np.diff(positions, axis=0)
    change = np.linalg.norm(np.diff(step, axis=0), axis=2)
    edge = np.full((1, change.shape[1]), np.nan)
    # Beside a gap there is only one neighbouring step to compare with.
    oddness = np.fmin(np.concatenate((edge, change)), np.concatenate((change, edge)))
    threshold = np.full(oddness.shape[1], SMALLEST_JUMP)
    measured = ~np.isnan(oddness).all(0)
    if measured.any():
        typical = np.nanpercentile(oddness[:, measured], 95, axis=0)
        ceiling = max(SMALLEST_JUMP, LARGEST_SPEED_CHANGE / rate)
        threshold[measured] = np.clip(TYPICAL * typical, SMALLEST_JUMP, ceiling)
    jumps = oddness > threshold
    frame, point = np.nonzero(jumps)
    jumps[frame, point] = _outside(step, frame, point) > SMALLEST_JUMP
    return jumps | (np.linalg.norm(step, axis=2) * rate > LARGEST_SPEED), threshold


def _outside(step: FloatArray, frame: npt.NDArray[np.intp], point: npt.NDArray[np.intp]) -> FloatArray:
    """How far steps lie outside the range between the step before and the step after, m.

    A path with a kink (a foot that lands and bounces within one frame) has its odd step between the two.
    """
    last = len(step) - 1
    before, after = step[np.maximum(frame - 1, 0), point], step[np.minimum(frame + 1, last), point]
    no_before = (frame == 0) | np.isnan(before).any(1)
    no_after = (frame == last) | np.isnan(after).any(1)
    before, after = np.where(no_before[:, None], after, before), np.where(no_after[:, None], before, after)
    span, off = after - before, step[frame, point] - before
    length = (span**2).sum(1)
    share = np.clip((off * span).sum(1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return np.linalg.norm(off - share[:, None] * span, axis=1)


def jump_flags(names: list[str], mask: BoolArray) -> tuple[Flag, ...]:
    """Say how many frames of which points were masked."""
    count = mask.sum(0)
    if not count.any():
        return ()
    listed = shortened([f"{names[k]} ({count[k]})" for k in np.argsort(-count, kind="stable") if count[k]])
    level = "warning" if count.sum() > 0.01 * mask.size else "info"
    frames, points = int(count.sum()), int((count > 0).sum())
    what = TEXTS("words.masked", n=frames, points=TEXTS("words.of_points", n=points))
    return (Flag("jumps_masked", level, TEXTS("lab.jumps_masked", what=what, listed=listed)),)


def gap_flags(names: list[str], positions: FloatArray) -> tuple[Flag, ...]:
    """Say which points are missing in much of the recording."""
    missing = np.isnan(positions).any(2).mean(0)
    order = [k for k in np.argsort(-missing, kind="stable") if missing[k] > TELLING_GAP]
    if not order:
        return ()
    listed = shortened([f"{names[k]} ({100 * missing[k]:.0f} %)" for k in order])
    return (Flag("points_missing", "info", TEXTS("lab.points_missing", listed=listed)),)


def shortened(items: list[str], most: int = 6) -> str:
    """Join the first of a list, and say how many more there are."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")


@dataclass(frozen=True)
class _Path:
    """The path of one point: position (frames, 3), jumps (frames − 1,), its threshold (m) and the longest island (frames)."""

    position: FloatArray
    jumps: BoolArray
    threshold: float
    island: int

    def wrong(self, pieces: list[Piece], stray: set[Piece]) -> BoolArray:
        """Frames to mask, walking outward from the longest piece."""
        mask = np.zeros(len(self.position), dtype=bool)
        longest = max(range(len(pieces)), key=lambda k: pieces[k][1] - pieces[k][0])
        for walk in (range(longest + 1, len(pieces)), range(longest - 1, -1, -1)):
            anchor = pieces[longest]
            for k in walk:
                start, stop = piece = pieces[k]
                if piece in stray or (self._cut(piece) and not self._goes_on(anchor, piece)):
                    mask[start:stop] = True
                else:
                    anchor = piece
        good = ~np.isnan(self.position[:, 0]) & ~mask
        seams = np.flatnonzero(self.jumps & good[:-1] & good[1:])
        mask[seams] = mask[seams + 1] = True
        return mask

    def _cut(self, piece: Piece) -> bool:
        """Tell whether a piece is short and has a jump at an end."""
        start, stop = piece
        before = start > 0 and bool(self.jumps[start - 1])
        after = stop <= len(self.jumps) and bool(self.jumps[stop - 1])
        return stop - start <= self.island and (before or after)

    def _goes_on(self, anchor: Piece, piece: Piece) -> bool:
        """Tell whether a piece lies where its good neighbour leads, at the mean velocity of both ends."""
        first, second = sorted((anchor, piece))
        apart = second[0] - first[1] + 1
        if min(first[1] - first[0], second[1] - second[0]) < 3 or apart > 6:
            return False
        x, last, start = self.position, first[1] - 1, second[0]
        velocity = (x[last] - x[last - 2] + x[start + 2] - x[start]) / 4.0
        return float(np.linalg.norm(x[start] - x[last] - velocity * apart)) <= self.threshold


def _pieces(seen: BoolArray, jumps: BoolArray) -> list[Piece]:
    """Half-open ranges seen without interruption and without a jump inside."""
    pieces: list[Piece] = []
    for start, stop in runs(seen):
        cuts = np.flatnonzero(jumps[start : stop - 1]) + start + 1
        edges = [start, *cuts.tolist(), stop]
        pieces.extend(pairwise(edges))
    return pieces


def _stray_pieces(positions: FloatArray, point: int, seen: BoolArray, pieces: list[Piece]) -> set[Piece]:
    """Pieces that lie at the wrong distance from the companions of the point."""
    distance = _stray_distance(positions, point, seen)
    if distance is None:
        return set()
    known = [(piece, distance[piece[0] : piece[1]]) for piece in pieces]
    return {piece for piece, values in known if not np.isnan(values).all() and np.nanmedian(values) > 1.0}


def _stray_distance(positions: FloatArray, point: int, seen: BoolArray) -> FloatArray | None:
    """How far the distances to companions are off, as a share of what is allowed, shape (frames,).

    Companions are the points whose distance to this one varies least over the recording (on the same segment if there
    are any); their median vote counts.
    """
    sample = np.linspace(0, len(positions) - 1, min(len(positions), 300)).astype(int)
    sample = sample[seen[sample, point]]
    if len(sample) < 10:
        return None
    distance = np.linalg.norm(positions[sample] - positions[sample, point, None], axis=2)
    usable = np.flatnonzero((seen[sample].mean(0) > 0.8) & (np.arange(seen.shape[1]) != point))
    if len(usable) < COMPANIONS:
        return None
    middle = np.nanmedian(distance[:, usable], axis=0)
    spread = np.nanmedian(np.abs(distance[:, usable] - middle), axis=0)
    chosen = np.argsort(spread, kind="stable")[:COMPANIONS]
    actual = np.linalg.norm(positions[:, usable[chosen]] - positions[:, point, None], axis=2)
    share = np.abs(actual - middle[chosen]) / (STRAY + 6.0 * spread[chosen])
    out = np.full(len(positions), np.nan)
    voted = seen[:, point] & ~np.isnan(share).all(1)
    out[voted] = np.nanmedian(share[voted], axis=1)
    return out

"""Which leg is the left one: exchanged sides found by continuity and by the phase of the stride, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.camera.alternation import along_swing, alternation, by_turns
from headway.camera.stride_model import fit_stride, stride_frequency, stride_model
from headway.recording import FloatArray
from headway.signals import runs

CAP = 16.0
"""Largest cost of one coordinate (4 standard deviations squared): one wild point must not decide."""
CHANGE = 25.0
"""Cost of a change between "as is" and "exchanged": more than any single coordinate can weigh."""
NOISE = 0.012
"""Least standard deviation of a difference between left and right, body heights (20 mm): no film is better."""
PHASE = 0.5
"""Weight of the stride model against continuity: neighbouring frames err together."""
EXPLAINED = 0.5
"""Share of the motion that the stride model must explain before it is asked."""
OPPOSED = -0.4
"""Correlation with what the strides before predict, below which a stretch is taken as exchanged."""
REACH = 2.0
"""How far the stride model looks ahead, strides: beyond, the phase is not known."""
CONTEXT = 3.0
"""Strides behind from which the next one is predicted."""
PLAIN = 0.95
"""Share from which no other beginning is tried."""
TURNS = 4
"""Most turns between the stride and the signs."""
TURNING = 0.5
"""Share of the swing that must alternate: films whose sides are right have 0.9, legs named by what they do less than 0.1."""
TIE = 0.03
"""Difference of the explained shares below which the solution that changes less is taken."""
SHORT = 0.15
"""Longest burst that is undone without a stride that confirms it, s."""
SURE = 3.0
"""Standard deviations by which hips or shoulders must contradict their limb to be left as they are."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SideCheck:
    """Result of looking at the sides of a pair of limbs.

    Attributes
    ----------
    exchanged
        Frames whose left and right have to be exchanged, shape (frames,).
    frequency
        Strides per second, ``None`` when no stride was found.
    explained
        Share of the motion that the stride model explains.
    """

    exchanged: BoolArray
    frequency: float | None
    explained: float


def find_exchanges(time: FloatArray, left: FloatArray, right: FloatArray) -> SideCheck:
    """Frames in which a pose model has taken the left limb for the right one.

    An exchange turns the sign of left − right and nothing else. So the signs are sought (Viterbi 1967) with which left − right
    goes on with the velocity it has and, in a second pass, follows the strides around it: left and right are half a stride
    apart, so that a stretch of exchanged frames is half a stride out of phase. What was not exchanged in most frames is right.
    Where the limbs named so do not take turns at being in front, signs with which they do are taken.

    Parameters
    ----------
    time
        s, shape (frames,).
    left, right
        Points of the limb, body heights, shape (frames, points, 2), NaN where unseen.
    """
    apart = (left - right).reshape(len(time), -1)
    none = np.zeros(len(time), bool)
    if len(time) < 8 or np.isfinite(apart).any(1).sum() < 8:
        return SideCheck(none, None, 0.0)
    steps = _continuity(time, apart)
    found = _by_continuity(time, apart, steps)
    turns = _by_turns(time, apart, steps, found)
    return found if turns is None else turns


def _by_continuity(time: FloatArray, apart: FloatArray, steps: FloatArray) -> SideCheck:
    """What continuity and the strides around each frame tell."""
    smooth = _best_signs(steps, np.zeros((len(time), 2)))
    known: list[SideCheck] = []
    for start, frequency in _beginnings(time, apart, smooth):
        found = _follow_strides(time, apart, steps, start, frequency)
        if found.explained >= EXPLAINED:
            known.append(found)
        if found.explained >= PLAIN:
            break
    if not known:
        # Without strides only a short burst that comes back is sure.
        return SideCheck(_short_bursts(time, smooth), None, 0.0)
    best = max(found.explained for found in known)
    return min(
        (found for found in known if found.explained >= best - TIE), key=lambda found: int(found.exchanged.sum())
    )


def _by_turns(time: FloatArray, apart: FloatArray, steps: FloatArray, given: SideCheck) -> SideCheck | None:
    """A smoother solution in which the limbs take turns at being in front; ``None`` where the given one has it or none does."""
    swing = along_swing(apart)
    own = np.where(given.exchanged, -swing, swing)
    if given.frequency is not None and alternation(time, own, given.frequency) >= TURNING:
        return None
    start = by_turns(time, swing)
    if start is None:
        return None
    found = _follow_strides(time, apart, steps, *start)
    # Limbs that truly stay on one side of each other, as some arms do, jump where they are made to take turns.
    # The same signs at another frequency are taken: a stride of two has nothing but even harmonics.
    smooth = _roughness(steps, found) <= _roughness(steps, given)
    return found if smooth and found.explained >= EXPLAINED else None


def _roughness(steps: FloatArray, check: SideCheck) -> float:
    """Cost of continuity of a whole solution."""
    sign = check.exchanged
    now, before, earlier = np.arange(2, len(sign)), sign[1:-1] ^ sign[2:], sign[:-2] ^ sign[2:]
    return float(steps[now, before.astype(int), earlier.astype(int)].sum())


def _beginnings(time: FloatArray, apart: FloatArray, smooth: FloatArray) -> Iterator[tuple[FloatArray, float]]:
    """Signs and stride frequencies to begin with: as filmed, by continuity, and a frequency that knows no signs."""
    # Legs are furthest apart twice per stride, whichever is called left.
    twice = stride_frequency(time, np.abs(apart))
    for sign in (np.ones(len(time)), smooth):
        found = {stride_frequency(time, sign[:, None] * apart), None if twice is None else twice / 2}
        for frequency in sorted((f for f in found if f is not None), reverse=True):
            yield sign, frequency


def _follow_strides(
    time: FloatArray, apart: FloatArray, steps: FloatArray, sign: FloatArray, frequency: float
) -> SideCheck:
    """Signs that agree with the stride around each frame, found in turns with the stride itself."""
    sign = sign * _gauge(time, sign[:, None] * apart, frequency)
    explained = 0.0
    for _ in range(TURNS):
        model = stride_model(time, sign[:, None] * apart, frequency)
        fresh = _best_signs(steps, _phase_costs(apart, model, sign))
        explained = _explained(fresh[:, None] * apart, model)
        if (fresh == sign).all():
            break
        sign = fresh
    return SideCheck(_fewest(sign) < 0, frequency, explained)


def _short_bursts(time: FloatArray, sign: FloatArray) -> BoolArray:
    out = _fewest(sign) < 0
    for start, stop in runs(out):
        if start == 0 or stop == len(time) or time[stop - 1] - time[start] > SHORT:
            out[start:stop] = False
    return out


def follows(time: FloatArray, apart: FloatArray, limb: SideCheck) -> BoolArray:
    """Whether hips or shoulders were exchanged with their limb: yes, unless they clearly contradict it in a short burst.

    Parameters
    ----------
    time
        s, shape (frames,).
    apart
        Left − right of the joint, body heights, shape (frames, 2).
    limb
        What was found for the limb.
    """
    out = limb.exchanged.copy()
    if limb.frequency is None or not out.any() or out.all():
        return out
    usual = stride_model(time, np.where(out[:, None], np.nan, apart), limb.frequency)
    noise = np.maximum(1.48 * _quantile(np.abs(apart - usual)[~out]), NOISE / 2)
    seen = np.isfinite(apart + usual)
    evidence = np.where(seen, apart * usual / noise**2, 0.0).sum(1)
    spread = np.where(seen, (usual / noise) ** 2, 0.0).sum(1)
    for start, stop in runs(out):
        short = time[stop - 1] - time[start] <= 2 * SHORT
        if short and evidence[start:stop].sum() > SURE * np.sqrt(spread[start:stop].sum()):
            out[start:stop] = False
    return out


def _continuity(time: FloatArray, apart: FloatArray) -> FloatArray:
    """Cost of frame t given the signs of the two frames before relative to its own, shape (frames, 2, 2): [t−1][t−2]."""
    frames = len(time)
    costs = np.zeros((frames, 2, 2))
    if frames < 3:
        return costs
    ratio = (np.diff(time)[1:] / np.diff(time)[:-1])[:, None]
    now, before, earlier = apart[2:], apart[1:-1], apart[:-2]
    plain = now - before - ratio * (before - earlier)
    # The upper quartile: a film with held pictures does not move at all in most frames.
    typical = _quantile(np.abs(plain), 0.75) / 1.15
    spread = np.maximum(np.where(np.isfinite(typical), typical, NOISE), NOISE * np.sqrt(6))
    # Without the frame before last only the step itself can be judged, and less sharply.
    step = np.abs(np.diff(apart, axis=0))
    usual = np.maximum(np.where(np.isfinite(_quantile(step)), 2.5 * _quantile(step), NOISE), NOISE * np.sqrt(2))
    for a, first in enumerate((1.0, -1.0)):
        short = np.minimum(((apart[1:] - first * apart[:-1]) / usual) ** 2, CAP)
        costs[1:, a, :] = np.where(np.isfinite(short), short, 0.0).sum(1)[:, None]
        for b, second in enumerate((1.0, -1.0)):
            error = now - first * before - ratio * (first * before - second * earlier)
            long = np.minimum((error / spread) ** 2, CAP)
            costs[2:, a, b] = np.where(np.isfinite(long), long, np.nan_to_num(short[1:])).sum(1)
    return costs


def _best_signs(steps: FloatArray, own: FloatArray) -> FloatArray:
    """Cheapest sequence of signs, shape (frames,), from the costs of continuity and of each sign (frames, 2) itself.

    The states are the signs of a frame and of the one before.
    """
    frames = len(steps)
    # change[c, p]: cost of going from sign p to sign c.
    change = CHANGE * (1 - np.eye(2))
    # At both ends of the film, too, going over to "exchanged" costs a change.
    total = (own[0] + change[0])[None, :] * np.ones((2, 1))  # [before][now]
    back = np.zeros((frames, 2, 2), np.int8)
    same = np.array([[0, 1], [1, 0]])  # index of the sign relative to one's own
    for t in range(1, frames):
        fresh = np.empty((2, 2))
        for now in (0, 1):
            for before in (0, 1):
                way = total[:, before] + steps[t, same[now, before], same[now]]
                earlier = int(way[1] < way[0])
                back[t, before, now] = earlier
                fresh[before, now] = way[earlier] + change[now, before] + own[t, now]
        total = fresh
    before, now = divmod(int(np.argmin(total + change[0][None, :])), 2)
    out = np.ones(frames)
    for t in range(frames - 1, -1, -1):
        out[t] = -1.0 if now else 1.0
        before, now = int(back[t, before, now]), before
    return out


def _gauge(time: FloatArray, apart: FloatArray, frequency: float) -> FloatArray:
    """Sign of every stretch, so that each stride goes on in phase with the ones before it, shape (frames,)."""
    sign = np.ones(len(time))
    width = CONTEXT / frequency
    starts = np.arange(time[0], max(time[-1] - width, time[0]) + 1e-9, 1 / frequency)
    fits = [fit_stride(time[w], apart[w], frequency) for w in (_window(time, s, s + width) for s in starts)]
    shares = [fit.share if fit else -1.0 for fit in fits]
    if not shares or max(shares) < EXPLAINED:
        return sign
    seed = float(starts[int(np.argmax(shares))])
    _spread(time, apart, sign, frequency, seed + width)
    # The same backwards in time.
    turned, turned_sign = -time[::-1], sign[::-1].copy()
    _spread(turned, apart[::-1], turned_sign, frequency, -seed)
    return turned_sign[::-1]


def _spread(time: FloatArray, apart: FloatArray, sign: FloatArray, frequency: float, start: float) -> None:
    """Go on from ``start`` stride by stride and turn all that follows where a stride contradicts those before."""
    period = 1 / frequency
    fit, fitted = None, start
    while start < time[-1]:
        context = _window(time, start - CONTEXT * period, start)
        fresh = fit_stride(time[context], sign[context, None] * apart[context], frequency)
        if (
            fresh is not None
            and fresh.share >= EXPLAINED
            and np.isfinite(apart[_window(time, start - period, start)]).any()
        ):
            fit, fitted = fresh, start
        here = _window(time, start, start + period)
        if fit is not None and here.any() and start + period - fitted <= REACH * period:
            values, guess = sign[here, None] * apart[here], fit.at(time[here])
            seen = np.isfinite(values)
            product = float((values[seen] * guess[seen]).sum())
            size = float(np.sqrt((values[seen] ** 2).sum() * (guess[seen] ** 2).sum()))
            if seen.any() and product < OPPOSED * size:
                sign[time >= start] *= -1
        start += period


def _window(time: FloatArray, start: float, stop: float) -> BoolArray:
    return (time >= start - 1e-9) & (time < stop - 1e-9)


def _phase_costs(apart: FloatArray, model: FloatArray, sign: FloatArray) -> FloatArray:
    """Cost of each sign of each frame by the stride model, shape (frames, 2)."""
    typical = 1.48 * _quantile(np.abs(sign[:, None] * apart - model))
    spread = np.maximum(np.where(np.isfinite(typical), typical, 1.0), 2 * NOISE)
    costs = np.zeros((len(apart), 2))
    for column, way in enumerate((1.0, -1.0)):
        cost = np.minimum(((way * apart - model) / spread) ** 2, CAP)
        costs[:, column] = PHASE * np.where(np.isfinite(cost), cost, 0.0).sum(1)
    return costs


def _explained(values: FloatArray, model: FloatArray) -> float:
    """Share of the sum of squares that the model explains; typical frames count, not the worst."""
    both = np.isfinite(values) & np.isfinite(model)
    if not both.any():
        return 0.0
    error = np.where(both, values - model, 0.0) ** 2
    size = np.where(both, values, 0.0) ** 2
    # Medians: a share of wild frames must not hide a stride that is there.
    rows = both.any(1)
    return 1.0 - float(np.median(error[rows].sum(1))) / max(float(np.median(size[rows].sum(1))), 1e-12)


def _fewest(sign: FloatArray) -> FloatArray:
    """Of the two ways to name the sides, the one that changes fewer frames."""
    return -sign if (sign < 0).mean() > 0.5 else sign


def _quantile(values: FloatArray, share: float = 0.5) -> FloatArray:
    """Quantile over frames of what was seen, NaN without a warning where nothing was."""
    out = np.full(values.shape[1], np.nan)
    some = np.isfinite(values).any(0)
    out[some] = np.nanquantile(values[:, some], share, axis=0)
    return out

"""What pose models and cameras make of feet, found minus drawn in rendered films by the phase of stance and swing, carried over to other runners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from film_event_training import (
    CARRIED,
    COMPUTED,
    OTHER,
    PLACED,
    POINTS,
    WIDE,
    WIDE_EXACT,
    Row,
    Subject,
    in_metres,
    true_phases,
)
from headway.camera.resample import evenly
from headway.gait.contacts import Contact
from headway.gait.film_event_model import highest_harmonic
from headway.gait.film_events import eye_of
from headway.gait.film_stride import SIDES, MeanStride, find_stretches, foot_signals, view_of
from headway.gait.foot_curves import Observer, foot_curves
from headway.periodic import fit_series, waveform
from headway.recording import FloatArray, Side
from render_set import KeptFilm

TIP = 0.018
"""Least height of the key point of a drawn shoe's toe: the shoe bends there, m in a body of 1.75 m."""
RATES = {30: (24.0, 25.0, 30.0), 60: (50.0, 60.0), 120: (100.0, 120.0, 240.0)}
"""Frames per second of films by computation, by models."""
DISTANCE, CAMERA_HEIGHT = (4.0, 20.0), (0.6, 1.8)
"""Where the phone is, m."""
GRID = np.arange(256) * 2 * np.pi / 256
"""Phases at which strides and slips are told, rad."""
WAVES, HELD = 14, 3e-3
"""Harmonics of a slip, and what holds them where little was seen (share of the frames)."""
FEWEST, SECTORS, UNSEEN = 60, 16, 2
"""Frames of a foot, and how many of so many parts of its stride may be unseen, for its slips to be told."""
NOISE, SCALE = (0.0, 0.001), (0.7, 1.3)
"""Noise of a mean stride's harmonics beside the slips, m, and what slips are taken times."""
HIGHEST_TRUE = 24.0
"""Highest harmonic of a measured runner's mean stride, Hz."""


@dataclass(frozen=True)
class MeanRunner:
    """A runner's mean stride.

    Attributes
    ----------
    name
        Of the runner.
    height, frequency
        Stature (m) and strides per second.
    points
        Hips, heels and toes as ``POINTS`` over ``GRID``, m, shape (256, 6, 3).
    phase
        Of initial contact and toe-off of each side, rad, the second after the first.
    """

    name: str
    height: float
    frequency: float
    points: FloatArray
    phase: dict[Side, tuple[float, float]]


@dataclass(frozen=True)
class FootSlip:
    """Of one foot in one film: who points at it, and found minus drawn signals over ``GRID`` (0 at initial contact, pi at toe-off), statures."""

    eye: Observer
    off: FloatArray


@dataclass(frozen=True)
class Slip:
    """Of one film: whose, its view (``side`` or ``rear``), whether from in front, and its feet."""

    person: str
    view: str
    front: bool
    feet: dict[Side, FootSlip]


def foot_phase(contacts: Sequence[Contact], side: Side, time: FloatArray) -> FloatArray:
    """Phase of one foot: 0 at an initial contact, pi at the toe-off, 2 pi at the next initial contact; NaN beyond the contacts known."""
    own = [one for one in contacts if one.side == side]
    at = [instant for one in own for instant in (one.initial_contact, one.toe_off)]
    if len(at) < 2:
        return np.full(len(time), np.nan)
    return np.interp(time, at, np.pi * np.arange(len(at)), left=np.nan, right=np.nan)


def warped(start: float, stop: float) -> FloatArray:
    """Phase of a foot (as of :func:`foot_phase`) at ``GRID`` of a stride in which it stands from one phase to another."""
    stance, since = stop - start, (GRID - start) % (2 * np.pi)
    return np.where(since < stance, np.pi * since / stance, np.pi + np.pi * (since - stance) / (2 * np.pi - stance))


def signals_of(points: FloatArray, *, forward: bool) -> dict[Side, FloatArray]:
    """Signals of both feet from points as ``POINTS``."""
    hips = points[:, :2].mean(1)
    out: dict[Side, FloatArray] = {}
    for k, side in enumerate(SIDES):
        heel, toe = points[:, 2 + k] - hips, points[:, 4 + k] - hips
        out[side] = np.column_stack([heel[:, :2], toe[:, :2], hips[:, 1]])
        if not forward:
            out[side][:, [0, 2]] = 0.0
    return out


def looked_at(points: FloatArray, distance: float | FloatArray, height: float, *, front: bool) -> FloatArray:
    """What a phone behind or in front makes of points when its scale is that of the hips."""
    ahead = points[..., 0] - points[:, :2, 0].mean(1, keepdims=True)
    far = np.reshape(distance, (-1, 1)) * np.ones_like(ahead)
    size = far / (far + (-1.0 if front else 1.0) * ahead)
    out = points.copy()
    out[..., 1] = height + (points[..., 1] - height) * size
    out[..., 2] *= size
    return out


def drawn_signals(film: KeptFilm, view: str) -> dict[Side, FloatArray]:
    """Signals of the drawn body at its pictures, as its camera sees them; the tip of the shoe bends where it would be in the ground."""
    points = np.stack([film.points[:, film.names.index(name)] for name in POINTS], axis=1)
    points[:, 4:, 1] = np.maximum(points[:, 4:, 1], TIP * film.entry["height"] / 1.75)
    if view != "side":
        scene, front = film.entry["scene"], film.entry["view"] == "front"
        passes = film.entry["ground"] == "overground" and scene["camera"]["carriage"] != "following"
        run = (film.time - scene["duration"] / 2) * (film.entry["speed"] if passes else 0.0)
        distance = scene["camera"]["distance"] + (-run if front else run)
        points = looked_at(points, distance, scene["camera"]["height"], front=front)
    return signals_of(points, forward=view == "side")


def slip_of(film: KeptFilm) -> Slip | None:
    """What was found of a film's feet beside what was drawn; ``None`` where it is refused."""
    entry, recording = film.entry, in_metres(film, film.keypoints)
    if recording is None:
        return None
    found, view = foot_signals(recording), view_of(recording)
    drawn, feet = drawn_signals(film, view), {}
    for side, signals in found.items():
        even, true = evenly(film.time, drawn[side][:, :, None])
        there = np.stack([np.interp(recording.time, even, column) for column in true[..., 0].T], axis=1)
        phase = foot_phase(film.contacts, side, recording.time)
        if (off := _mean(phase, (signals - there) / entry["height"])) is not None:
            feet[side] = FootSlip(eye_of(recording, side), off)
    return Slip(entry["person"], view, entry["view"] == "front", feet) if feet else None


def _mean(phase: FloatArray, off: FloatArray) -> FloatArray | None:
    """Mean over the strides, over ``GRID``; ``None`` where too little was seen."""
    seen = np.isfinite(phase) & np.isfinite(off[:, 1])
    columns = np.isfinite(off[seen]).all(0)
    parts = np.histogram(phase[seen] % (2 * np.pi), SECTORS, (0, 2 * np.pi))[0]
    if seen.sum() < FEWEST or columns.sum() < 3 or (parts == 0).sum() > UNSEEN:
        return None
    held = seen.sum() * np.repeat([1e-9, HELD], [1, 2 * WAVES])
    fit = fit_series(phase[seen], off[seen][:, columns], WAVES, penalty=held)
    out = np.zeros((len(GRID), off.shape[1]))
    out[:, columns] = waveform(fit.phasors, GRID) + fit.slow[0]
    return out


def measured_runner(who: Subject, height: float) -> MeanRunner | None:
    """Mean stride of a runner with markers and plates; ``None`` where a foot's contacts are not known."""
    for stretch in find_stretches(who.time, signals_of(who.points, forward=True), "side")[:1]:
        inside = (who.time >= stretch.time[0]) & (who.time <= stretch.time[-1])
        points = who.points[inside].reshape(int(inside.sum()), -1)
        slow = np.cos(np.pi * np.outer(np.linspace(0, 1, len(points)), np.arange(int(stretch.strides / 3) + 2)))
        known = np.asarray(np.isfinite(points).all(1))
        whole = np.where(known[:, None], points, np.nan)
        fit = fit_series(stretch.phase, whole, int(HIGHEST_TRUE / stretch.frequency), slow=slow, penalty=1e-9)
        mean = waveform(fit.phasors, GRID) + (slow @ fit.slow).mean(0)
        phase: dict[Side, tuple[float, float]] = {}
        for side in SIDES:
            found = true_phases(stretch, [one for one in who.contacts if one.side == side])
            if found is None:
                return None
            start = found["initial_contact"]
            phase[side] = start, start + (found["toe_off"] - start) % (2 * np.pi)
        return MeanRunner(who.runner, height, stretch.frequency, mean.reshape(len(GRID), len(POINTS), 3), phase)
    return None


def carried(
    who: MeanRunner, people: tuple[str, ...], view: str, klass: int, slip: Slip | None, noise: float, scale: float,
    random: np.random.Generator, weight: float, kind: str,
) -> Iterator[Row]:  # fmt: skip
    """The feet of a runner in a film with the slips of another (times ``scale``), or exact but for noise in their harmonics (m)."""
    points = who.points
    if view != "side":
        front = slip.front if slip else bool(random.random() < 0.5)
        points = looked_at(points, random.uniform(*DISTANCE), random.uniform(*CAMERA_HEIGHT), front=front)
    turned, rate = random.random() < 0.5, float(random.choice(RATES[klass]))
    count = max(int(highest_harmonic(rate) / who.frequency), 2)
    means: dict[Side, MeanStride] = {}
    eyes: dict[Side, Observer] = {}
    for side, signals in signals_of(points, forward=view == "side").items():
        mine = None if slip is None else slip.feet.get(OTHER[side] if turned else side)
        if slip is not None and mine is None:
            continue
        off = 0.0 if mine is None else _at(mine.off, warped(*who.phase[side]))
        waves = 2 * np.conj(np.fft.rfft(signals + scale * who.height * off, axis=0))[1 : count + 1] / len(GRID)
        waves = waves + noise * (random.standard_normal(waves.shape) + 1j * random.standard_normal(waves.shape))
        means[side], eyes[side] = MeanStride(waves, who.frequency, np.zeros((0, 5))), mine.eye if mine else Observer()
    for side, mean in means.items():
        phase: dict[str, float] = {"initial_contact": who.phase[side][0], "toe_off": who.phase[side][1]}
        yield Row(people, foot_curves(mean, view, eyes[side], means.get(OTHER[side])), phase, weight, kind)


def _at(off: FloatArray, phase: FloatArray) -> FloatArray:
    closed, ends = np.append(GRID, 2 * np.pi), np.vstack([off, off[:1]])
    return np.stack([np.interp(phase, closed, column) for column in ends.T], axis=1)


def carried_rows(
    measured: Sequence[MeanRunner], wide: Sequence[MeanRunner], slips: Sequence[Slip], view: str, klass: int
) -> list[Row]:
    """Rows of measured and of wide runners with slips carried over, and without."""
    random, mine = np.random.default_rng([klass, len(view)]), [one for one in slips if one.view == view]
    out: list[Row] = []

    def add(who: MeanRunner, times: int, name: tuple[str, ...], weight: float, kind: str) -> None:
        for _ in range(times):
            slip = mine[int(random.integers(len(mine)))]
            people, noise, scale = (*name, slip.person), float(random.uniform(*NOISE)), float(random.uniform(*SCALE))
            out.extend(carried(who, people, view, klass, slip, noise, scale, random, weight, kind))

    def exact(who: MeanRunner, people: tuple[str, ...], weight: float) -> None:
        noise = 2 * float(random.uniform(*NOISE))
        placed = replace(who, points=who.points + PLACED * random.standard_normal((1, *who.points.shape[1:])))
        out.extend(carried(placed, people, view, klass, None, noise, 1.0, random, weight, "seen"))

    for who in measured:
        add(who, 2, (who.name,), CARRIED, "carried")
        for _ in range(2):
            exact(who, (who.name,), COMPUTED)
    for number, who in enumerate(wide):
        add(who, 1, (), WIDE, "wide")
        if number % 2 == 0:
            exact(who, (), WIDE_EXACT)
    return out

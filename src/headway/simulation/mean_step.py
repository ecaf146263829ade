"""Averages over steps: mean paths as Fourier series of the stride, mean force by interpolation, the runner's drift taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.gait.steps import Steps
from headway.periodic import fit_series, waveform
from headway.recording import FloatArray
from headway.signals import seen_mean

HARMONICS = 12
"""Of the stride rate in a mean path: 16 Hz at 160 steps/min."""
MIRROR = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True)
class Clock:
    """Time of a recording as steps: even numbers are contacts of the right foot, odd ones of the left.

    Attributes
    ----------
    contacts
        Initial contacts that follow each other, s, and their numbers.
    numbers
        Shape (contacts,).
    phase
        Of the frames, steps; NaN outside the whole steps.
    time
        Of the frames, s.
    """

    contacts: FloatArray
    numbers: FloatArray
    phase: FloatArray
    time: FloatArray

    @classmethod
    def of(cls, steps: Steps, chosen: Sequence[int], time: FloatArray) -> Clock:
        """Clock of the longest row of whole steps among the chosen ones (their numbers, rising)."""
        rows: list[list[int]] = []
        for k in chosen:
            if rows and np.isfinite(steps.next_contact[k - 1]) and rows[-1][-1] == k - 1:
                rows[-1].append(k)
            else:
                rows.append([k])
        row = max(rows, key=len)
        contacts = steps.initial_contact[row]
        if np.isfinite(steps.next_contact[row[-1]]):
            contacts = np.append(contacts, steps.next_contact[row[-1]])
        numbers = np.arange(len(contacts), dtype=float) + (0.0 if steps.side[row[0]] > 0 else 1.0)
        phase = np.interp(time, contacts, numbers, left=np.nan, right=np.nan)
        return cls(contacts, numbers, phase, time)

    @property
    def step_time(self) -> float:
        """Mean step time, s."""
        return float((self.contacts[-1] - self.contacts[0]) / (len(self.contacts) - 1))

    def seconds(self, phase: FloatArray) -> FloatArray:
        """Times of phases, s; NaN outside the whole steps."""
        return np.interp(phase, self.numbers, self.contacts, left=np.nan, right=np.nan)


def trend(path: FloatArray, clock: Clock) -> tuple[FloatArray, float]:
    """Where a runner would be without the stride's own motion, m, shape (frames, 3), and the speed over the ground.

    Parameters
    ----------
    path
        Of the midline, m, shape (frames, 3).
    clock
        Time in steps.

    Notes
    -----
    A polygon with a corner at every second contact, fitted together with a Fourier series of the stride, so that neither the
    runner's drift nor a change of speed ends up in the mean stride.
    """
    corners = clock.numbers[::2] if len(clock.numbers) % 2 else np.append(clock.numbers[::2], clock.numbers[-1])
    hats = np.stack([np.interp(clock.phase, corners, one) for one in np.eye(len(corners))], axis=1)
    inside = np.isfinite(clock.phase) & np.isfinite(path).all(1)
    stiff = 1e-3 * np.diff(np.eye(len(corners), len(corners) + 2 * HARMONICS), 2, axis=0)
    nodes = fit_series(
        np.pi * clock.phase[inside], path[inside], HARMONICS, slow=hats[inside], penalty=stiff.T @ stiff
    ).slow
    first, last = clock.seconds(corners[[0, -1]])
    travelled = float(nodes[-1, 0] - nodes[0, 0]) / float(last - first)
    return hats @ nodes, travelled


@dataclass(frozen=True)
class Spread:
    """Root mean square distances of the frames of a point, m.

    Attributes
    ----------
    all
        From the mean path of both sides in one.
    own
        From the mean path of its own side: what differs from step to step. The rest is asymmetry.
    """

    all: float
    own: float

    @property
    def asymmetry(self) -> float:
        """Root mean square distance of a side's mean path from that of both, m."""
        return float(np.sqrt(max(self.all**2 - self.own**2, 0.0)))


def mean_path(pair: FloatArray, clock: Clock, grid: FloatArray) -> tuple[FloatArray, Spread]:
    """Mean path of a right-sided point over the stride, m, and how the frames lie about it.

    Parameters
    ----------
    pair
        The point and its mirrored left twin, m, shape (2, frames, 3).
    clock
        Time in steps.
    grid
        Phases, steps since a contact of the right foot, shape (n,).
    """
    sides = []
    for values, later in zip(pair, (0.0, 1.0), strict=True):
        seen = np.isfinite(clock.phase) & np.isfinite(values).all(1)
        sides.append((np.pi * (clock.phase[seen] + later), values[seen]))
    phases, places = (np.concatenate([side[k] for side in sides]) for k in (0, 1))
    fit = fit_series(phases, places, HARMONICS)
    own = np.concatenate([fit_series(phase, values, HARMONICS).rest for phase, values in sides])
    return fit.slow[0] + waveform(fit.phasors, np.pi * grid), Spread(_length(fit.rest), _length(own))


def _length(apart: FloatArray) -> float:
    """Root mean square length of vectors, shape (n, 3)."""
    return float(np.sqrt((apart**2).sum(1).mean()))


def mean_force(force: FloatArray, clock: Clock, grid: FloatArray) -> FloatArray:
    """Mean at phases of the stride of a force at the clock's times, shape (n, 3) each; both sides from both."""
    order = np.argsort(clock.time)
    shares, second = np.mod(grid, 1.0), np.mod(grid, 2.0) >= 1.0
    every = []
    for number in clock.numbers[:-1]:
        turned = np.where((second == (number % 2 == 0))[:, None], MIRROR, 1.0)
        seconds = clock.seconds(number + shares)
        own = [np.interp(seconds, clock.time[order], column[order]) for column in force.T]
        every.append(np.stack(own, axis=1) * turned)
    return seen_mean(np.stack(every))

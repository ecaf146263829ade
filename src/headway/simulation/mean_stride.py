"""Averages over strides: mean paths as Fourier series of the stride, mean force by interpolation, the runner's drift taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.gait.steps import Steps
from headway.periodic import fit_series, waveform
from headway.recording import FloatArray, Side
from headway.signals import seen_mean

HARMONICS = 12
"""Of the stride rate in a mean path: 16 Hz at 160 steps/min."""
MIRROR = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True)
class Clock:
    """Time of a recording in steps: a stride is two, even numbers are contacts of the right foot, odd ones and ``later`` those of the left.

    Attributes
    ----------
    contacts
        Initial contacts that follow each other, s.
    numbers
        Their phases, shape (contacts,).
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
        return cls.counting(contacts, numbers, time)

    @classmethod
    def counting(cls, contacts: FloatArray, numbers: FloatArray, time: FloatArray) -> Clock:
        """Clock of contacts that follow each other, counted even for the right foot and odd for the left."""
        numbers = numbers + np.where(numbers % 2 == 1, _later(contacts, numbers), 0.0)
        phase = np.interp(time, contacts, numbers, left=np.nan, right=np.nan)
        return cls(contacts, numbers, phase, time)

    @property
    def whole(self) -> int:
        """Number of whole steps."""
        return len(self.contacts) - 1

    @property
    def first(self) -> Side:
        """Foot of the first contact."""
        return "right" if self.numbers[0] % 2 == 0 else "left"

    @property
    def later(self) -> float:
        """How much later than half a stride after the right foot the left one touches the ground, steps."""
        return float(self.numbers[0 if self.first == "left" else 1] - 1.0)

    @property
    def step_time(self) -> float:
        """Mean step time, half that of a stride, s."""
        return float((self.contacts[-1] - self.contacts[0]) / (self.numbers[-1] - self.numbers[0]))

    def seconds(self, phase: FloatArray) -> FloatArray:
        """Times of phases, s; NaN outside the whole steps."""
        return np.interp(phase, self.numbers, self.contacts, left=np.nan, right=np.nan)


def _later(contacts: FloatArray, numbers: FloatArray) -> float:
    """Mean over the strides of how much later than their middle the left foot touches the ground, steps."""
    if len(contacts) < 3:
        return 0.0
    shares = (contacts[1:-1] - contacts[:-2]) / (contacts[2:] - contacts[:-2])
    return float(np.mean(np.where(numbers[:-2] % 2 == 0, 2 * shares - 1, 1 - 2 * shares)))


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


def mean_path(path: FloatArray, clock: Clock, grid: FloatArray) -> tuple[FloatArray, float]:
    """Mean path of a point over the stride, m, and the root mean square distance of its frames from there, m.

    Parameters
    ----------
    path
        m, shape (frames, 3).
    clock
        Time in steps.
    grid
        Phases, steps since a contact of the right foot, shape (n,).
    """
    seen = np.isfinite(clock.phase) & np.isfinite(path).all(1)
    fit = fit_series(np.pi * clock.phase[seen], path[seen], HARMONICS)
    return fit.slow[0] + waveform(fit.phasors, np.pi * grid), length(fit.rest)


def length(apart: FloatArray) -> float:
    """Root mean square length of vectors, shape (n, 3)."""
    return float(np.sqrt((apart**2).sum(1).mean()))


def mean_force(force: FloatArray, clock: Clock, grid: FloatArray) -> FloatArray:
    """Mean over the strides, at phases, of a force at the clock's times, shape (n, 3) each."""
    order = np.argsort(clock.time)
    every = []
    for stride in range(-1, clock.whole // 2 + 2):
        seconds = clock.seconds(grid % 2 + 2 * stride)
        every.append(np.stack([np.interp(seconds, clock.time[order], column[order]) for column in force.T], axis=1))
    return seen_mean(np.stack(every))

"""Steps: contacts in order, with the instants and windows of stance that the metrics use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from headway.dynamics.ground_force import PlateForce
from headway.gait.contacts import Contact
from headway.recording import GRAVITY, FloatArray, Side

LONGEST_STEP = 0.65
"""Longest time between successive initial contacts of a running step, s; more means that a contact was not recorded."""


LONGEST_FLIGHT = 0.35
"""Longest flight of a running step, s."""


@dataclass(frozen=True)
class Steps:
    """One entry per analysed contact; times in s, NaN where the instant is not in the recording.

    Attributes
    ----------
    side
        +1 right, -1 left.
    initial_contact, toe_off
        Ends of stance.
    next_contact
        Initial contact of the other foot that follows, NaN when it was not recorded.
    next_same
        Initial contact of the same foot that ends the stride.
    midstance
        Half way between initial contact and toe-off.
    peak
        Time of the greatest vertical force in 20-70 % of stance (PF).
    transition
        Last - to + zero crossing of the forward force in 20-80 % of stance (t0).
    support_start, support_stop
        The longest interval of stance with vertical force above body weight (V).
    method
        How the events were found.
    """

    side: FloatArray
    initial_contact: FloatArray
    toe_off: FloatArray
    next_contact: FloatArray
    next_same: FloatArray
    method: tuple[str, ...]
    peak: FloatArray
    transition: FloatArray
    support_start: FloatArray
    support_stop: FloatArray

    def __len__(self) -> int:
        return len(self.side)

    @property
    def midstance(self) -> FloatArray:
        """Half way between initial contact and toe-off, s."""
        return (self.initial_contact + self.toe_off) / 2

    @property
    def contact_time(self) -> FloatArray:
        """Toe-off minus initial contact, s."""
        return self.toe_off - self.initial_contact

    def at(self, share: float) -> FloatArray:
        """Instants at a share of stance, s."""
        return self.initial_contact + share * self.contact_time

    @property
    def names(self) -> list[Side]:
        """``left`` or ``right`` per step."""
        return ["right" if side > 0 else "left" for side in self.side]

    @cached_property
    def strides(self) -> list[tuple[int, int]]:
        """Index pairs of contacts that begin and end a whole recorded stride."""
        return [
            (k, k + 2)
            for k in range(len(self) - 2)
            if np.isfinite(self.next_contact[k])
            and np.isfinite(self.next_contact[k + 1])
            and self.side[k] == self.side[k + 2]
        ]


def build_steps(contacts: tuple[Contact, ...]) -> Steps:
    """Line the contacts up as steps; a following contact counts only if it is the other foot's and comes within a step's time."""
    side = np.array([1.0 if contact.side == "right" else -1.0 for contact in contacts])
    start = np.array([contact.initial_contact for contact in contacts])
    stop = np.array([contact.toe_off for contact in contacts])
    n = len(contacts)
    following, same = np.full(n, np.nan), np.full(n, np.nan)
    for k in range(n - 1):
        if (
            side[k + 1] != side[k]
            and start[k + 1] - start[k] < LONGEST_STEP
            and start[k + 1] - stop[k] < LONGEST_FLIGHT
        ):
            following[k] = start[k + 1]
    for k in range(n - 2):
        if np.isfinite(following[k]) and np.isfinite(following[k + 1]):
            same[k] = start[k + 2]
    unknown = np.full(n, np.nan)
    methods = tuple(contact.method for contact in contacts)
    return Steps(side, start, stop, following, same, methods, unknown, unknown, unknown, unknown)


def with_force_instants(steps: Steps, force: PlateForce, mass: float) -> Steps:
    """Add peak force, braking-propulsion transition and support window, found in the force low-passed at 50 Hz."""
    n = len(steps)
    peak, transition, first, last = (np.full(n, np.nan) for _ in range(4))
    for k in range(n):
        inner = (force.time >= steps.initial_contact[k]) & (force.time <= steps.toe_off[k])
        time, curve = force.time[inner], force.total[inner]
        if len(time) < 10:
            continue
        share = (time - steps.initial_contact[k]) / steps.contact_time[k]
        middle = (share >= 0.2) & (share <= 0.7)
        peak[k] = time[middle][np.argmax(curve[middle, 1])]
        transition[k] = _last_rise(time, curve[:, 0], (share >= 0.2) & (share <= 0.8))
        first[k], last[k] = _longest_above(time, curve[:, 1], mass * GRAVITY)
    return replace(steps, peak=peak, transition=transition, support_start=first, support_stop=last)


def with_motion_instants(steps: Steps, velocity: FloatArray, acceleration: FloatArray, time: FloatArray) -> Steps:
    """Add the instants from the centre of mass's motion, where no force was measured.

    Parameters
    ----------
    velocity, acceleration
        Of the centre of mass, m/s and m/s², shape (frames, 3).
    time
        s, shape (frames,).

    Notes
    -----
    Peak: greatest upward acceleration in 20-70 % of stance. Transition: least forward velocity in 20-80 %. Support window: where the
    centre of mass accelerates upward, as the force then exceeds body weight.
    """
    n = len(steps)
    peak, transition, first, last = (np.full(n, np.nan) for _ in range(4))
    for k in range(n):
        inner = (time >= steps.initial_contact[k]) & (time <= steps.toe_off[k])
        at, share = time[inner], (time[inner] - steps.initial_contact[k]) / steps.contact_time[k]
        if len(at) < 5 or not np.isfinite(acceleration[inner]).all():
            continue
        middle = (share >= 0.2) & (share <= 0.7)
        peak[k] = at[middle][np.argmax(acceleration[inner][middle, 1])]
        wide = (share >= 0.2) & (share <= 0.8)
        transition[k] = at[wide][np.argmin(velocity[inner][wide, 0])]
        first[k], last[k] = _longest_above(at, acceleration[inner][:, 1], 0.0)
    return replace(steps, peak=peak, transition=transition, support_start=first, support_stop=last)


def _last_rise(time: FloatArray, signal: FloatArray, window: np.ndarray) -> float:
    """Time of the last crossing from - to + inside ``window``; NaN if there is none."""
    rises = np.flatnonzero((signal[:-1] < 0) & (signal[1:] >= 0) & window[:-1])
    if not len(rises):
        return float("nan")
    k = rises[-1]
    return float(time[k] - signal[k] / (signal[k + 1] - signal[k]) * (time[k + 1] - time[k]))


def _longest_above(time: FloatArray, signal: FloatArray, level: float) -> tuple[float, float]:
    above = np.concatenate(([False], signal > level, [False]))
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return float("nan"), float("nan")
    k = int(np.argmax(stops - starts))
    a, b = starts[k], stops[k]

    def crossing(after: int) -> float:
        if after in (0, len(signal)):
            return float(time[min(after, len(time) - 1)])
        return float(np.interp(level, *_ordered(signal[after - 1 : after + 1], time[after - 1 : after + 1])))

    return crossing(int(a)), crossing(int(b))


def _ordered(values: FloatArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(values)
    return values[order], times[order]

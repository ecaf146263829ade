"""What the references themselves are worth: filtered forces, clocks that do not agree."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.signal import butter, sosfiltfilt

from headway.body.channels import CHANNEL_RATE, body_channels
from headway.recording import GRAVITY, FloatArray
from headway.signals import low_pass
from motion_training import Case

FILTER, ORDER, CROSSING = 15.0, 6, 20.0
"""Low-pass (Hz, order, run forward and back) of the forces of Hamner 2013 as their spectra show it, and the threshold for quiet plates, N."""
LEG_SHARES = {"thigh": 0.1416, "shank": 0.0433, "heel": 0.0137}
COMPARED = 8.0
"""Force and motion are compared below this, Hz."""
LONGEST_LAG = 8
"""Longest lag looked for, frames."""


def filter_shift(case: Case) -> FloatArray:
    """How far the ends of contacts move (s) when the force is filtered and bounded as in Hamner 2013, shape (contacts, 2)."""
    force = case.force
    smooth = sosfiltfilt(butter(ORDER, FILTER, fs=force.rate, output="sos"), force.raw[:, 1])
    shifts = []
    for contact in case.contacts:
        middle = int(np.searchsorted(force.time, contact.at(0.5)))
        below = np.flatnonzero(smooth < CROSSING)
        before, after = below[below < middle], below[below > middle]
        if len(before) and len(after):
            ends = np.array([force.time[before[-1]], force.time[after[0]]])
            shifts.append(ends - (contact.initial_contact, contact.toe_off))
    return np.reshape(shifts, (-1, 2))


def clock_lag(case: Case) -> float:
    """How much later the body's m(a - g) (pelvis for all but the legs) is than the plate's force, s."""
    body = body_channels(case.recording)
    motion = (1 - 2 * sum(LEG_SHARES.values())) * body.acceleration("pelvis")[:, 1]
    for side in ("left", "right"):
        for name, share in LEG_SHARES.items():
            motion = motion + share * body.acceleration(f"{name}_{side}")[:, 1]
    force = np.interp(body.time, case.force.time, case.force.raw[:, 1]) / (case.mass * GRAVITY)
    moving, pressing = (low_pass(curve, CHANNEL_RATE, COMPARED) for curve in (motion / GRAVITY + 1, force))
    span = (body.time > case.contacts[0].initial_contact) & (body.time < case.contacts[-1].toe_off)
    span &= (body.time > case.force.time[0]) & (body.time < case.force.time[-1])
    inside = np.flatnonzero(span)
    inside = inside[(inside >= LONGEST_LAG) & (inside < len(moving) - LONGEST_LAG)]
    lags = np.arange(-LONGEST_LAG, LONGEST_LAG + 1)
    likeness = [np.corrcoef(moving[inside + lag], pressing[inside])[0, 1] for lag in lags]
    best = int(np.clip(np.argmax(likeness), 1, len(lags) - 2))
    before, at, after = likeness[best - 1 : best + 2]
    return float(lags[best] + 0.5 * (before - after) / (before - 2 * at + after)) / CHANNEL_RATE


def notes(own: Iterable[Case], others: Iterable[Case]) -> list[str]:
    """Lines on what of the differences is the reference's."""
    own = list(own)
    shift = 1000 * np.mean(np.concatenate([filter_shift(case) for case in own]), axis=0)
    home = np.array([1000 * clock_lag(case) for case in own])
    away: dict[str, list[float]] = {}
    for case in others:
        away.setdefault(case.runner, []).append(1000 * clock_lag(case))
    listed = "; ".join(f"{name} {np.mean(lags):+.0f} ms" for name, lags in away.items())
    return [
        "Notes on these recordings.",
        "",
        f"- The forces of Hamner 2013 were published low-passed at about {FILTER:.0f} Hz, and quiet plates are bounded by {CROSSING:.0f} N. The same "
        f"filter and threshold move the ends of the contacts above by {shift[0]:+.0f} ms (landing) and {shift[1]:+.0f} ms (toe-off): that "
        "much of the differences is the reference's.",
        f"- Clocks: the body's m(a - g) is later than the plate's force by {np.median(home):+.0f} ms ({home.min():+.0f} to {home.max():+.0f}) in the "
        f"fitted recordings; {listed}. Marker and plate clocks agree within one frame at best, and what the models learned "
        "holds the fitted laboratory's lag: events and forces elsewhere carry some milliseconds more.",
        "",
    ]

"""Ground force from motion alone, with a standard error for every sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.integrate import cumulative_trapezoid

from headway.body.channels import SIDES, BodyChannels, body_channels
from headway.dynamics.ground_force import PlateForce
from headway.dynamics.shape_constraints import constrain, has_whole_body, stances_of, with_whole_body
from headway.dynamics.shape_model import (
    HELD,
    MODELS,
    NODES,
    ShapeModels,
    Stance,
    channel_names,
    held,
    load_shape_models,
    stance_features,
)
from headway.errors import RecordingError
from headway.gait.contacts import Contact, Contacts
from headway.gait.event_model import elsewhere
from headway.recording import GRAVITY, Flag, FloatArray, Recording
from headway.signals import low_pass
from headway.texts import TEXTS

FORCE_RATE = 500.0
"""Samples per second of the estimate."""
NOMINAL_MASS = 70.0
"""Mass that stands in for an unknown one, kg: forces in body weights do not depend on it."""
FLIGHT_LONGEST = 0.45
"""No force is assumed between contacts no further apart than this, s."""
BEYOND = 0.05
"""Flight before the first and after the last contact, s; what comes before or after is unknown."""
FITTED_SPEEDS = np.array([2.5, 3.5, 4.5])
"""Speeds of the fitted recordings, m/s."""
RATE_TRIED = 50.0
"""Slowest recordings that the model was tried on, frames per second."""
ALONE = 0.5
"""Further error of a stance whose flights are unknown, so that its impulse is less certain."""
NOVELTY_LARGEST = 16.0
"""Stances whose motion is further than this from the fitted recordings get no force."""


@dataclass(frozen=True)
class EstimatedForce(PlateForce):
    """Estimated ground force, to be used like a measured one.

    As :class:`~headway.dynamics.ground_force.PlateForce`, with one stream per foot and no centre of pressure (NaN). Samples of which
    nothing is known (cut contacts, gaps, the time before the first and after the last contact) are NaN.

    Attributes
    ----------
    mass
        That the forces are scaled with, kg.
    error
        Standard error of the total, BW, shape (m, 3); 0 in flight, NaN where the force is.
    method
        Name of the model.
    status
        ``estimated``.
    """

    mass: float = NOMINAL_MASS
    error: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    method: str = ""
    status: str = "estimated"

    def velocity(self, mass: float, cutoff: float) -> FloatArray:
        """Change of the centre-of-mass velocity, m/s, shape (m, 3); NaN where the force is, and differences across such gaps mean nothing."""
        acceleration = low_pass(self.raw, self.rate, cutoff) / mass - np.array([0.0, GRAVITY, 0.0])
        gap = np.asarray(np.isnan(acceleration).any(1))
        change = cumulative_trapezoid(np.where(gap[:, None], 0.0, acceleration), self.time, axis=0, initial=0.0)
        return np.where(gap[:, None], np.nan, change)


def estimated_force(
    recording: Recording, contacts: Contacts, mass: float | None = None, *, models: ShapeModels | None = None
) -> EstimatedForce:
    """Estimate the ground force of an oriented recording from the motion of whatever is marked of pelvis, legs and trunk.

    Parameters
    ----------
    recording
        Oriented, with landmarks.
    contacts
        From any source.
    mass
        kg; ``None`` takes ``NOMINAL_MASS`` and says so.
    models
        Other models than those of the parameter file (for judging them on runners left out).

    Raises
    ------
    RecordingError
        No contact, or the motion of pelvis and legs is not there or unlike all that the model knows.

    Notes
    -----
    A statistical shape model (ridge regression from accelerations around stance to the shapes of the force, Fukuchi 2017's runners) under the
    constraints of :mod:`headway.dynamics.shape_constraints`; with a trunk the slow part is averaged with the whole body's m(a - g). The errors
    are those on runners left out (``docs/evidence/without-plates.md``), widened where the motion is unlike theirs and for other marker sets.
    """
    body = body_channels(recording)
    kept = contacts.kept
    if not kept:
        raise RecordingError(
            recording.source, "no whole contact to estimate a force for", "record at least one whole stance"
        )
    stances = stances_of(body, kept)
    curves, error, method = _waveforms(recording, body, stances, models or load_shape_models())
    streams, spread = _assembled(body, contacts.found, stances, curves, error)
    time = _times(body)
    known_mass = NOMINAL_MASS if mass is None or not np.isfinite(mass) else mass
    streams *= known_mass * GRAVITY
    flags = _flags(method, error, mass)
    pressure = np.full(streams.shape, np.nan)
    return EstimatedForce(
        time, streams, SIDES, pressure, None, 0.0, flags, mass=known_mass, error=spread, method=method
    )


def _waveforms(
    recording: Recording, body: BodyChannels, stances: list[Stance], models: ShapeModels
) -> tuple[FloatArray, FloatArray, str]:
    """Force and standard error at ``NODES`` per stance, BW, shape (stances, nodes, 3), NaN where no model can tell, and the best method used."""
    curves, error = np.full((2, len(stances), len(NODES), 3), np.nan)
    used: list[str] = []
    whole = has_whole_body(body)
    for name, model in models.items():
        if not any(body.has(*channel_names(name, side)) for side in SIDES):
            continue
        features = stance_features(body, stances, name)
        guess, novelty = model.predict(features)
        open_ = np.isnan(curves[:, 0, 0]) & (novelty < NOVELTY_LARGEST)
        if not open_.any():
            continue
        chosen = [stance for stance, wanted in zip(stances, open_, strict=True) if wanted]
        width = model.error.T * widened(body, chosen, novelty[open_])
        apart = np.zeros((len(chosen), 3))
        guess = guess[open_]
        if whole:
            guess, apart = with_whole_body(guess, chosen, body, np.sqrt(np.mean(width**2, axis=1)))
        curves[open_] = constrain(guess, chosen, model, body, steady=not whole)
        error[open_] = elsewhere(recording) * np.hypot(width, apart[:, None, :])
        used.append(name)
    if not used:
        raise RecordingError(
            recording.source,
            "the motion of pelvis and legs does not tell the ground force (gaps, too few markers, or no running like the fitted one)",
            f"mark {' or '.join(MODELS)} through whole stances, or record force plates",
        )
    text = f"shape model from {used[0]}" + (" and the whole body's motion" if whole else "")
    return curves, error, text


def widened(body: BodyChannels, stances: Sequence[Stance], novelty: FloatArray) -> FloatArray:
    """Factor on the error of each stance for its speed and for how unlike the fitted recordings it is, shape (stances, 1, 1)."""
    middle = np.array([stance.start + 0.5 * stance.duration for stance in stances])
    speed = np.interp(middle, body.time, body.speed)
    beyond = np.maximum(np.maximum(FITTED_SPEEDS[0] - speed, speed - FITTED_SPEEDS[-1]), 0.0)
    missing = np.maximum(held(body, stances), 0.0)
    alone = 1 + ALONE * np.isnan([stance.period for stance in stances])
    slow = max(1.0, RATE_TRIED / body.source_rate)
    return (np.clip(novelty, 1.0, None) * (1 + 0.5 * beyond) * (1 + missing / HELD) * alone * slow**2)[:, None, None]


def _times(body: BodyChannels) -> FloatArray:
    count = round(float(body.time[-1] - body.time[0]) * FORCE_RATE) + 1
    return body.time[0] + np.arange(count) / FORCE_RATE


def _assembled(
    body: BodyChannels, found: Sequence[Contact], stances: Sequence[Stance], curves: FloatArray, error: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Streams per foot in BW, shape (m, 2, 3), and the standard error of their sum, shape (m, 3)."""
    time = _times(body)
    streams, spread = np.zeros((len(time), 2, 3)), np.zeros((len(time), 3))
    unknown = ~_in_flight(time, found)
    streams[unknown], spread[unknown] = np.nan, np.nan
    for stance, curve, width in zip(stances, curves, error, strict=True):
        first, last = np.searchsorted(time, [stance.start, stance.stop])
        share = (time[first:last] - stance.start) / stance.duration
        foot, sign = SIDES.index(stance.side), 1.0 if stance.side == "right" else -1.0
        streams[first:last] = np.where(np.isnan(streams[first:last]), 0.0, streams[first:last])
        spread[first:last] = np.where(np.isnan(spread[first:last]), 0.0, spread[first:last])
        for axis, turn in enumerate((1.0, 1.0, sign)):
            streams[first:last, foot, axis] = turn * np.interp(share, NODES, curve[:, axis])
            spread[first:last, axis] = np.hypot(spread[first:last, axis], np.interp(share, NODES, width[:, axis]))
    return streams, spread


def _in_flight(time: FloatArray, found: Sequence[Contact]) -> np.ndarray:
    """Whether no foot is on the ground, as far as contacts tell."""
    free = np.zeros(len(time), bool)
    ends = [found[0].initial_contact - BEYOND, *(contact.toe_off for contact in found)]
    starts = [*(contact.initial_contact for contact in found), found[-1].toe_off + BEYOND]
    for start, stop in zip(ends, starts, strict=True):
        if start < stop < start + FLIGHT_LONGEST:
            free[np.searchsorted(time, start) : np.searchsorted(time, stop)] = True
    return free


def _flags(method: str, error: FloatArray, mass: float | None) -> tuple[Flag, ...]:
    told = error[np.isfinite(error[:, 0, 0])]
    inner = np.median(np.sqrt(np.mean(told**2, axis=1)), axis=0)
    text = TEXTS("lab.force_estimated", method=method, up=inner[1], forward=inner[0])
    flags = [Flag("force_estimated", "warning", text)]
    if mass is None or not np.isfinite(mass):
        text = TEXTS("lab.mass_assumed", mass=NOMINAL_MASS)
        flags.append(Flag("mass_assumed", "warning", text))
    return tuple(flags)

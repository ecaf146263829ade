"""What physics says about a stance force before anything is estimated: impulses, no pull, friction, and the whole body's motion."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from headway.body.channels import CHANNEL_RATE, BodyChannels
from headway.dynamics.shape_model import NODES, ShapeModel, Stance
from headway.gait.contacts import Contact
from headway.gait.steps import LONGEST_STEP
from headway.recording import GRAVITY, FloatArray
from headway.signals import low_pass

IMPULSE_ERROR = {"both": 0.012, "after": 0.02, "before": 0.027, "none": 0.03}
"""Standard error of the expected vertical impulse by which flights around the stance are known, share of it (12 treadmill runners)."""
PELVIS_SHARE = 0.7
"""Change of the centre of mass' take-off velocity per change of the pelvis' (12 treadmill runners)."""
PELVIS_IMPULSE = 0.93
"""Change of the centre of mass' velocity over a stance per change of the pelvis' (12 treadmill runners)."""
SHORTEST_FLIGHT = 0.03
"""A flight has to last this long to tell the take-off velocity, s."""
FORWARD_IMPULSE_ERROR = 0.0036
"""Standard deviation of the forward impulse of single steps about the runner's trend, BW·s (12 treadmill runners)."""
STEADY = 4
"""Contacts in a row from which the runner's trend in speed is taken."""
FRICTION = 0.8
"""Largest horizontal force as a share of the vertical one (dry track and shoe)."""
WHOLE_BODY = {"trunk": 0.373, "pelvis": 0.305, "thigh": 0.1416, "shank": 0.0433, "heel": 0.0137}
"""Mass shares of the channels in a whole body: legs after de Leva 1996; the rest is shared by the pelvis and the top of the trunk."""
WHOLE_BODY_CUTOFF = 6.0
"""The body's motion tells the force below this, Hz (two harmonics of the step)."""
TOGETHER_CUTOFF = 3.5
"""Below this (Hz, the step's own frequency) all segments rise and fall together, so that the upward force is certain whatever their masses."""
TRUST = (0.2, 0.9)
"""Least and greatest weight of the body's motion beside the shape model."""
FLIGHT_FRAMES, FLIGHT_ERROR = 20, (0.05, 0.08, 0.06)
"""With fewer frames of flight these are taken as the errors of the body's motion, BW."""

_WEIGHTS = np.full(len(NODES), NODES[1])
_WEIGHTS[[0, -1]] /= 2


def stances_of(body: BodyChannels, contacts: Sequence[Contact]) -> list[Stance]:
    """Line contacts up as stances with the vertical impulse that free fall between them asks for.

    Parameters
    ----------
    body
        Channels with the pelvis.
    contacts
        In order of time, with sides; times in s.

    Notes
    -----
    From mid-flight to mid-flight the impulse is weight times time plus mass times the change of the take-off velocity; the latter comes from
    the pelvis' height at both ends of the flights. Where a flight is unknown the other one stands for it, else the pelvis' change of velocity.
    """
    out = []
    for k, contact in enumerate(contacts):
        before = _flight(contacts[k - 1], contact) if k else None
        after = _flight(contact, contacts[k + 1]) if k + 1 < len(contacts) else None
        duration, period = contact.duration, float("nan")
        if before is None and after is None:
            kind, impulse = "none", duration + PELVIS_IMPULSE * _pelvis_change(body, contact) / GRAVITY
        else:
            kind = "both" if before is not None and after is not None else "after" if before is None else "before"
            known = [flight for flight in (before, after) if flight is not None]
            period = duration + sum(stop - start for start, stop in known) / len(known)
            impulse = period
            if before is not None and after is not None:
                change = _take_off_velocity(body, *after) - _take_off_velocity(body, *before)
                impulse += PELVIS_SHARE * change / GRAVITY if np.isfinite(change) else 0.0
        if not 0.5 * duration < impulse < 4 * duration:
            impulse = float("nan")
        side = contact.side or "right"
        error = IMPULSE_ERROR[kind] * impulse
        out.append(Stance(contact.initial_contact, contact.toe_off, side, period, impulse, error))
    return out


def _flight(earlier: Contact, later: Contact) -> tuple[float, float] | None:
    near = later.initial_contact - earlier.initial_contact < LONGEST_STEP
    return (earlier.toe_off, later.initial_contact) if near and earlier.side != later.side else None


def _take_off_velocity(body: BodyChannels, start: float, stop: float) -> float:
    """Mean vertical velocity of the pelvis over a flight, m/s: take-off velocity less what half of the flight takes off it."""
    if stop - start < SHORTEST_FLIGHT:
        return float("nan")
    height = np.interp([start, stop], body.time, body.position["pelvis"][:, 1])
    return float(height[1] - height[0]) / (stop - start)


def _pelvis_change(body: BodyChannels, contact: Contact) -> float:
    upward = body.velocity("pelvis")[:, 1]
    return float(np.diff(np.interp([contact.initial_contact, contact.toe_off], body.time, upward))[0])


def constrain(
    curves: FloatArray, stances: Sequence[Stance], model: ShapeModel, body: BodyChannels, *, steady: bool = True
) -> FloatArray:
    """Bring estimated forces in line with physics.

    Parameters
    ----------
    curves
        BW at ``NODES``, shape (stances, nodes, 3): forward, up, toward the stance side.
    stances
        With their expected impulses.
    model
        Gives the covariance along which a curve yields most easily.
    body
        For the trend in running speed.
    steady
        Hold the forward impulse of every step to that trend: right where the trunk, and with it the speed of the centre of mass, is unknown.

    Notes
    -----
    The impulses enter as measurements with their own error (Kalman update; Gelb 1974, eq. 4.2-16). Then: no force at the ends of stance, the
    ground never pulls, horizontal force within the friction cone.
    """
    out = curves.copy()
    out[:, [0, -1]] = 0.0
    duration = np.array([stance.duration for stance in stances])
    target = np.array([stance.impulse for stance in stances])
    error = np.array([stance.impulse_error for stance in stances])
    _steer(out, 1, model, duration, target, error)
    if steady:
        trend = _forward_impulse(stances, body)
        _steer(out, 0, model, duration, trend, np.full(len(stances), FORWARD_IMPULSE_ERROR))
    out[:, [0, -1]] = 0.0
    np.clip(out[..., 1], 0.0, None, out=out[..., 1])
    across = np.linalg.norm(out[..., [0, 2]], axis=-1)
    limit = FRICTION * out[..., 1]
    shrink = np.where(across > limit, limit / np.maximum(across, 1e-9), 1.0)
    out[..., [0, 2]] *= shrink[..., None]
    return out


def _steer(
    curves: FloatArray, component: int, model: ShapeModel, duration: FloatArray, target: FloatArray, error: FloatArray
) -> None:
    """Move one component of every curve toward its expected impulse (BW·s), in place; NaN targets leave it."""
    covariance = model.covariance(component)
    along = covariance @ _WEIGHTS
    variance = float(_WEIGHTS @ along)
    known = np.isfinite(target)
    missing = np.where(known, target, 0.0) / duration - curves[..., component] @ _WEIGHTS
    gain = np.where(known, missing / (variance + (np.where(known, error, 0.0) / duration) ** 2), 0.0)
    curves[..., component] += gain[:, None] * along


def _forward_impulse(stances: Sequence[Stance], body: BodyChannels) -> FloatArray:
    """Forward impulse of each step that keeps to the runner's trend in speed, BW·s; NaN outside of runs of ``STEADY`` contacts."""
    out = np.full(len(stances), np.nan)
    starts = np.array([stance.start for stance in stances])
    if not len(starts):
        return out
    breaks = np.flatnonzero(np.diff(starts) > LONGEST_STEP) + 1
    for piece in np.split(np.arange(len(stances)), breaks):
        if len(piece) < STEADY:
            continue
        middles, speeds = _stride_speeds(starts[piece], body)
        seen = np.isfinite(speeds)
        if seen.sum() < 2:
            continue
        slope = np.polyfit(middles[seen], speeds[seen], 1)[0]
        period = np.array([stances[k].period for k in piece])
        out[piece] = slope * np.where(np.isfinite(period), period, np.nanmean(period)) / GRAVITY
    return out


def _stride_speeds(starts: FloatArray, body: BodyChannels) -> tuple[FloatArray, FloatArray]:
    """Middle (s) and mean forward speed of the pelvis (m/s) of every whole stride."""
    place = np.interp(starts, body.time, body.position["pelvis"][:, 0])
    return (starts[2:] + starts[:-2]) / 2, (place[2:] - place[:-2]) / (starts[2:] - starts[:-2])


def has_whole_body(body: BodyChannels) -> bool:
    """Tell whether trunk, pelvis and both legs are there."""
    limbs = [f"{name}_{side}" for name in ("thigh", "shank", "heel") for side in ("left", "right")]
    return body.has("trunk", "pelvis", *limbs)


def with_whole_body(
    curves: FloatArray, stances: Sequence[Stance], body: BodyChannels, expected: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mix the slow part of the force that the whole body's motion asks for into estimated curves.

    Parameters
    ----------
    curves
        BW at ``NODES``, shape (stances, nodes, 3).
    stances, body
        As lined up; channels of the whole body.
    expected
        Standard error of the curves, BW, shape (stances, 3).

    Returns
    -------
    The curves, and half of the disagreement, BW, shape (stances, 3): an error that neither estimate knows of.

    Notes
    -----
    F = sum of m (a - g) over all segments. Its fast part suffers from skin motion (Bobbert 1991 needed seven stiffly marked segments), so
    only what lies below ``WHOLE_BODY_CUTOFF`` is used. Both are weighted by their variances; that of the motion is what it asks for in flight,
    where there is no force.
    """
    signs = np.array([1.0 if stance.side == "right" else -1.0 for stance in stances])
    apart_raw = _body_force(body) - _on_frames(curves, stances, signs, body)
    difference = low_pass(apart_raw, CHANNEL_RATE, WHOLE_BODY_CUTOFF)
    together = low_pass(apart_raw[:, 1], CHANNEL_RATE, TOGETHER_CUTOFF)
    trust = expected**2 / (expected**2 + _flight_error(difference, stances, body) ** 2)
    trust = np.clip(trust, *TRUST)
    out, apart = curves.copy(), np.zeros((len(stances), 3))
    for k, (stance, sign) in enumerate(zip(stances, signs, strict=True)):
        at = stance.start + NODES * stance.duration
        change = np.column_stack([np.interp(at, body.time, difference[:, axis]) for axis in range(3)])
        change[:, 2] *= sign
        if np.isfinite(change).all():
            out[k] += trust[k] * change
            out[k, :, 1] += (1 - trust[k, 1]) * np.interp(at, body.time, together)
            apart[k] = 0.5 * np.sqrt(np.mean(change**2, axis=0))
    return out, apart


def _body_force(body: BodyChannels) -> FloatArray:
    """Force that the motion of all segments asks for, BW, shape (n, 3)."""
    motion, total = np.zeros((len(body.time), 3)), 0.0
    for name, share in WHOLE_BODY.items():
        for channel in (name,) if name in ("trunk", "pelvis") else (f"{name}_left", f"{name}_right"):
            motion += share * body.acceleration(channel)
            total += share
    return motion / total / GRAVITY + np.array([0.0, 1.0, 0.0])


def _on_frames(curves: FloatArray, stances: Sequence[Stance], signs: FloatArray, body: BodyChannels) -> FloatArray:
    """Estimated force at the channels' frames, BW, shape (n, 3)."""
    out = np.zeros((len(body.time), 3))
    for stance, curve, sign in zip(stances, curves, signs, strict=True):
        first, last = np.searchsorted(body.time, [stance.start, stance.stop])
        share = (body.time[first:last] - stance.start) / stance.duration
        for axis, turn in enumerate((1.0, 1.0, sign)):
            out[first:last, axis] = turn * np.interp(share, NODES, curve[:, axis])
    return out


def _flight_error(difference: FloatArray, stances: Sequence[Stance], body: BodyChannels) -> FloatArray:
    """Root mean square of what the motion asks for in flight, BW, shape (3,)."""
    flight = np.zeros(len(body.time), bool)
    for one, later in pairwise(stances):
        if later.start - one.start < LONGEST_STEP:
            flight[np.searchsorted(body.time, one.stop) : np.searchsorted(body.time, later.start)] = True
    flight &= np.isfinite(difference).all(1)
    if flight.sum() < FLIGHT_FRAMES:
        return np.array(FLIGHT_ERROR)
    return np.sqrt(np.mean(difference[flight] ** 2, axis=0))

"""Published methods for events and ground force from motion, reimplemented for comparison on the same frames."""

from __future__ import annotations

import numpy as np
from scipy.signal import find_peaks

from headway.body.channels import CHANNEL_RATE, BodyChannels
from headway.body.joint_centres import add_joint_centres
from headway.gait.contacts import Contact
from headway.gait.event_model import planted
from headway.recording import GRAVITY, FloatArray, Recording
from headway.signals import derivative, low_pass, second_derivative

FOOT_CUTOFF, BODY_CUTOFF = 30.0, 5.0
"""Low-pass of foot markers for events and of body accelerations for forces, Hz; the latter suits them best of 4 to 10 Hz."""
SEARCHED = 0.09
"""Events are looked for this near the ends of the planted phase, s."""
Events = dict[str, list[tuple[float, float]]]


def handsaker(recording: Recording, body: BodyChannels) -> Events:
    """Handsaker 2016: first peak of upward acceleration of heel or MT1; greatest upward jerk of the forefoot."""
    out: Events = {}
    for side in ("left", "right"):
        points = [name for name in (f"heel_{side}", f"mt1_{side}", f"mt5_{side}") if recording.has(name)]
        found: list[tuple[float, float]] = []
        if len(points) >= 2:
            smooth = [low_pass(recording.position(name)[:, 1], recording.rate, FOOT_CUTOFF) for name in points[:2]]
            upward = [second_derivative(height, recording.rate) for height in smooth]
            jerk = derivative(upward[1], recording.rate)
            for start, stop in planted(body, side):
                landing = _first_peak(recording, np.fmax(*upward), start - SEARCHED, start + 0.03)
                lift = _highest(recording, jerk, stop - SEARCHED, stop + SEARCHED)
                if landing and lift:
                    found.append((landing, lift))
        out[side] = found
    return out


def fellin(recording: Recording, body: BodyChannels) -> Events:
    """Fellin 2010: heel lowest; knee most extended in late stance (longest distance from hip to shank, which rises with extension)."""
    smooth = low_pass(recording.points.transpose("time", "point", "axis").to_numpy(), recording.rate, 20.0)
    points = add_joint_centres(recording.points.copy(data=smooth), height=None, sex=None)[0]
    names = [str(name) for name in points["point"].to_numpy()]
    out: Events = {}
    for side in ("left", "right"):
        shank = [name for name in names if name.startswith(f"shank_{side}")]
        found: list[tuple[float, float]] = []
        if f"hip_{side}" in names and f"heel_{side}" in names and shank:
            leg = points.sel(point=shank).to_numpy().mean(1) - points.sel(point=f"hip_{side}").to_numpy()
            length = np.linalg.norm(leg, axis=1)
            heel = points.sel(point=f"heel_{side}").to_numpy()[:, 1]
            for start, stop in planted(body, side):
                landing = _highest(recording, -heel, start - SEARCHED, start + 0.05)
                lift = _highest(recording, length, (start + stop) / 2, stop + SEARCHED)
                if landing and lift:
                    found.append((landing, lift))
        out[side] = found
    return out


def _first_peak(recording: Recording, signal: FloatArray, start: float, stop: float) -> float | None:
    first, last = np.searchsorted(recording.time, [start, stop])
    piece = signal[first:last]
    if len(piece) < 5 or not np.isfinite(piece).all():
        return None
    peaks = find_peaks(piece, height=0.4 * piece.max(), prominence=0.2 * np.ptp(piece))[0]
    return _vertex(recording, signal, first + int(peaks[0])) if len(peaks) else None


def _highest(recording: Recording, signal: FloatArray, start: float, stop: float) -> float | None:
    first, last = np.searchsorted(recording.time, [start, stop])
    piece = signal[first:last]
    if len(piece) < 5 or not np.isfinite(piece).all():
        return None
    return _vertex(recording, signal, first + int(np.argmax(piece)))


def _vertex(recording: Recording, signal: FloatArray, peak: int) -> float:
    if not 0 < peak < len(signal) - 1:
        return float(recording.time[peak])
    before, at, after = signal[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    return float(recording.time[peak] + (0.5 * (before - after) / bend if bend < 0 else 0.0) / recording.rate)


def pelvis_acceleration(body: BodyChannels) -> FloatArray:
    """Upward force if the pelvis moved like the centre of mass, BW, shape (n,)."""
    return 1 + low_pass(body.acceleration("pelvis")[:, 1], CHANNEL_RATE, BODY_CUTOFF) / GRAVITY


def pelvis_and_thighs(body: BodyChannels) -> FloatArray:
    """Komaris 2020: accelerations of pelvis and thighs weighted by what they stand for (legs with the thighs, the rest with the pelvis), BW."""
    leg = 0.1416 + 0.0433 + 0.0137
    upward = (1 - 2 * leg) * body.acceleration("pelvis")[:, 1]
    upward = upward + leg * (body.acceleration("thigh_left")[:, 1] + body.acceleration("thigh_right")[:, 1])
    return 1 + low_pass(upward, CHANNEL_RATE, BODY_CUTOFF) / GRAVITY


def sine(share: FloatArray, contact: Contact, flight: float) -> FloatArray:
    """Morin 2005: half a sine with the impulse of contact and flight, BW at shares of stance."""
    return np.pi / 2 * (flight / contact.duration + 1) * np.sin(np.pi * np.clip(share, 0, 1))


def two_masses(share: FloatArray, contact: Contact, flight: float, body: BodyChannels) -> FloatArray:
    """Clark 2017: raised cosines of the lower limb (8 % of the mass) stopping and of the rest of the body, BW at shares of stance."""
    heel = body.velocity(f"heel_{contact.side}")[:, 1]
    inside = np.searchsorted(body.time, [contact.initial_contact, contact.initial_contact + 0.5 * contact.duration])
    piece = heel[inside[0] : inside[1]]
    stopped = np.flatnonzero(piece >= 0)
    rest = (int(stopped[0]) if len(stopped) else len(piece)) / CHANNEL_RATE
    rest = float(np.clip(rest, 0.02, 0.5 * contact.duration))
    drop = max(-float(piece[0]), 0.0) if len(piece) else 0.0
    time = share * contact.duration
    limb = 0.08 * (drop / rest / GRAVITY + 1)
    main = (contact.duration + flight - 2 * limb * rest) / contact.duration
    peak = 0.47 * contact.duration
    width = np.where(time < peak, peak, contact.duration - peak)
    first = np.where(time < 2 * rest, limb * (1 + np.cos(np.pi * (time - rest) / rest)), 0.0)
    return first + main * (1 + np.cos(np.pi * (time - peak) / width))

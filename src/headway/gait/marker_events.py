"""Contacts from foot markers, for recordings without force plates."""

from __future__ import annotations

import numpy as np
from scipy.signal import find_peaks

from headway.errors import RecordingError
from headway.gait.axes import PELVIS_POINTS, foot_names
from headway.gait.contacts import CONTACT_LONGEST, CONTACT_SHORTEST, Contact, Contacts
from headway.recording import Flag, FloatArray, Recording, Side
from headway.signals import derivative, low_pass, second_derivative

FOOT_CUTOFF = 30.0
"""Low-pass of foot markers for events, Hz."""
STRIDE_SHORTEST = 0.4
"""Shortest stride looked for, s."""
REAR_POINTS, FRONT_POINTS = ("heel", "ankle_lateral", "ankle"), ("toe", "mt1", "mt2", "mt5")


def marker_contacts(recording: Recording) -> Contacts:
    """Find contacts from the feet's motion relative to the pelvis and from their vertical acceleration.

    Parameters
    ----------
    recording
        Oriented, with landmarks.

    Raises
    ------
    RecordingError
        Neither foot has a heel (or ankle) and a forefoot point.

    Notes
    -----
    Initial contact is the first peak of upward acceleration of heel or forefoot after the foot was furthest ahead of the pelvis; toe-off
    is the peak of upward jerk of the forefoot before the foot is furthest behind. After Handsaker et al. 2016 (their error at 250 Hz: +3 ms,
    limits -12 to +18 ms; +2 ms, -8 to +12 ms), with the search windows tied to the stride as in Zeni et al. 2008.
    """
    contacts: list[Contact] = []
    for side in ("left", "right"):
        contacts += _foot_contacts(recording, side)
    if not contacts:
        raise RecordingError(
            recording.source,
            "no running stride was found in the foot markers",
            "give a recording with heel and forefoot markers and at least one stride",
        )
    contacts.sort(key=lambda contact: contact.initial_contact)
    flag = Flag(
        "events_from_markers",
        "warning",
        "contacts come from foot markers: initial contact and toe-off carry about 10 ms of error",
    )
    return Contacts(tuple(contacts), "markers", None, (flag,))


def _foot_contacts(recording: Recording, side: Side) -> list[Contact]:
    names = foot_names(recording, side)
    rear = next((f"{name}_{side}" for name in REAR_POINTS if f"{name}_{side}" in names), None)
    front = next((f"{name}_{side}" for name in FRONT_POINTS if f"{name}_{side}" in names), None)
    pelvis = [name for name in PELVIS_POINTS if recording.has(name)]
    if rear is None or front is None or not pelvis:
        return []
    rate, time = recording.rate, recording.time
    cutoff = min(FOOT_CUTOFF, 0.2 * rate)
    heel, toe = (low_pass(recording.position(name), rate, cutoff) for name in (rear, front))
    centre = np.nanmean(recording.points.sel(point=pelvis).to_numpy(), axis=1)
    ahead = low_pass((heel + toe)[:, 0] / 2 - centre[:, 0], rate, 5.0)
    landings, lifts = _extremes(ahead, rate)
    upward = np.fmax(second_derivative(heel[:, 1], rate), second_derivative(toe[:, 1], rate))
    jerk = derivative(second_derivative(toe[:, 1], rate), rate)
    found = []
    for landing in landings:
        lift = next((k for k in lifts if k > landing), None)
        if lift is None:
            continue
        half = lift - landing
        first = _first_peak(upward, landing, landing + half // 2)
        last = _highest_peak(jerk, lift - half // 2, lift + half // 8)
        if first is None or last is None or not CONTACT_SHORTEST < (last - first) / rate < CONTACT_LONGEST:
            continue
        found.append(
            Contact(float(time[0] + first / rate), float(time[0] + last / rate), side, "markers, Handsaker 2016")
        )
    return found


def _extremes(ahead: FloatArray, rate: float) -> tuple[list[int], list[int]]:
    """Frames at which the foot is furthest ahead of and furthest behind the pelvis."""
    filled = np.where(np.isfinite(ahead), ahead, np.nanmedian(ahead))
    reach = float(np.ptp(filled))
    settings = {"distance": max(int(STRIDE_SHORTEST * rate), 1), "prominence": 0.4 * reach}
    return find_peaks(filled, **settings)[0].tolist(), find_peaks(-filled, **settings)[0].tolist()


def _first_peak(signal: FloatArray, start: int, stop: int) -> float | None:
    piece = signal[max(start, 0) : stop]
    if len(piece) < 5 or not np.isfinite(piece).all():
        return None
    peaks = find_peaks(piece, height=0.4 * piece.max(), prominence=0.2 * np.ptp(piece))[0]
    return None if not len(peaks) else max(start, 0) + _vertex(piece, int(peaks[0]))


def _highest_peak(signal: FloatArray, start: int, stop: int) -> float | None:
    piece = signal[max(start, 0) : stop]
    if len(piece) < 5 or not np.isfinite(piece).all():
        return None
    return max(start, 0) + _vertex(piece, int(np.argmax(piece)))


def _vertex(piece: FloatArray, peak: int) -> float:
    """Sub-frame place of a peak from the parabola through it and its neighbours."""
    if peak in (0, len(piece) - 1):
        return float(peak)
    before, at, after = piece[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    return float(peak + (0.5 * (before - after) / bend if bend < 0 else 0.0))

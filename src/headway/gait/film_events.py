"""Contacts of a filmed runner: where the mean stride lands and leaves, and by how much each step differs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headway.camera.film_errors import film_errors
from headway.errors import RecordingError
from headway.gait.contacts import CONTACT_LONGEST, CONTACT_SHORTEST, Contact, Contacts, EventErrors, rejection_flags
from headway.gait.film_event_model import (
    KINDS,
    FilmEventModels,
    FoundEvent,
    highest_harmonic,
    load_film_event_models,
    nearest_rate,
)
from headway.gait.film_stride import SIDES, MeanStride, Stretch, find_stretches, foot_signals, mean_stride, view_of
from headway.gait.foot_curves import FootCurves, Observer, foot_curves, planted_phases, runs_on
from headway.gait.marker_events import MarkerContact
from headway.gait.trunk_witness import hips_bounce, trunk_witness
from headway.recording import Flag, FloatArray, Recording, Side
from headway.texts import TEXTS

SLOW_RATE = 100.0
"""Below this single contact times are called estimates, frames per second."""
STEP_WINDOW = 0.1
"""A step's own shift against the mean stride is read within this of the event, s."""
EXACT = ("synthetic",)
"""Kinds of key points that are exact but for noise."""
IRRECONCILABLE = 2.5
"""Standard errors of their difference from which feet and trunk cannot both be right."""
UNKNOWN = 0.03
"""Standard error of an event where none is known, s."""
STEP_GAIN = 0.8
"""How much of the feet's shift the plate's event makes along with them (12 treadmill runners)."""
USUAL_NOISE = 0.015
"""Noise of key points where a foot is not seen in three frames running, m."""
LEAST_READ = 0.02
"""Shortest contact that is taken from a film, s."""
SEEN_LEAST = 0.3
"""Share of a contact in which its foot has to be seen."""
WANDERS = 0.08
"""A foot whose key points are this far from the mean stride while it stands (root mean square, m) was not followed there: feet of 58 rendered films
from the side have up to 0.07, the one film of them whose contacts were off by 0.2 s 0.09, and a real one whose feet the pose model took for things
in the background as they landed 0.12 and 0.15."""
STILL = 0.15
"""A foot whose path stays within this does not step, m."""


@dataclass(frozen=True)
class _Foot:
    """One foot in one stretch: its mean stride and what tells its events."""

    stretch: Stretch
    side: Side
    mean: MeanStride
    curves: FootCurves
    noise: float


def film_contacts(
    recording: Recording,
    *,
    native_rate: float | None = None,
    models: FilmEventModels | None = None,
) -> Contacts:
    """Find the contacts of a filmed runner to a fraction of a frame, each with its standard error.

    Parameters
    ----------
    recording
        A film in metres with the axes forward, up, right, of which one was not seen, on an even clock of 200 Hz or more.
    native_rate
        Frames per second of the film itself; by default what the recording says.
    models
        Other models than those of the parameter file (for judging them on runners left out).

    Returns
    -------
    Contacts in order of time, source ``film``, with the standard errors of their events. The instants stand for the 50 N crossings of a force
    plate. A walker's and a standing person's contacts are returned as long as they are.

    Raises
    ------
    RecordingError
        No feet or hips among the key points, or too few strides.

    Notes
    -----
    All strides are averaged by the phase of the stride; linear models fitted to plates (Fukuchi 2017) and to rendered runners, whose key points a
    pose model found, find the events of the mean stride; each step is then shifted by as much as its foot's path is, shrunk by the reliability of
    that. Where the cues of events disagree, the error of the contact time is larger by as much. The near and the far leg of a side view, and the
    view from in front, have their own offsets. Compare Handsaker 2016 and FootNet (Rivadulla 2021).
    """
    rate = _native_rate(recording, native_rate)
    view, feet = _feet(recording, rate)
    models = models or load_film_event_models(view, nearest_rate(rate))
    events = [[models[kind].find(foot.curves) for kind in KINDS] for foot in feet]
    error = _known_errors(recording, rate, events)
    found = [
        contact
        for foot, event in zip(feet, events, strict=True)
        for contact in _contacts(foot, event, rate, error, runs=_runs(foot.stretch, feet, events))
    ]
    if not feet:
        found = _standing(recording)
    found.sort(key=lambda contact: contact.initial_contact)
    if not found:
        what = "no foot can be followed through a whole contact"
        raise RecordingError(recording.source, what, "film the whole runner with both feet for at least three strides")
    kept = [contact.duration for contact in found if not contact.rejected]
    # The trunk's rise and fall is only told by a camera that does not rise and fall itself.
    still = recording.camera is not None and recording.camera.kind == "fixed"
    differs, doubt = _asked_trunk(feet, float(np.mean(kept)), error) if kept and feet and still else ((), "")
    lost, astray = _wandering(feet, events) if kept else ((), "")
    flags = (*_flags(found, rate, error), *differs, *lost, *rejection_flags(tuple(found)))
    return Contacts(tuple(found), "film", None, flags, error, doubt or astray)


def _native_rate(recording: Recording, stated: float | None) -> float:
    rate = stated or getattr(getattr(recording, "camera", None), "rate", None) or recording.rate
    return float(rate)


def _feet(recording: Recording, rate: float) -> tuple[str, list[_Foot]]:
    """View, and every foot of every stretch; none when the feet do not step."""
    if not recording.has("hip_left", "hip_right"):
        raise RecordingError(
            recording.source, "the hips are not among the key points", "use a pose model with hips, heels and toes"
        )
    signals = foot_signals(recording)
    if not signals:
        raise RecordingError(
            recording.source, "no foot is seen", "use a pose model with heels and toes and film the feet"
        )
    view, feet = view_of(recording), []
    for stretch in find_stretches(recording.time, signals, view):
        means: dict[Side, MeanStride | None] = {
            side: mean_stride(stretch, side, highest_harmonic(rate)) for side in SIDES if side in signals
        }
        for side, mean in means.items():
            if mean is not None:
                other = means.get("right" if side == "left" else "left")
                curves = foot_curves(mean, view, eye_of(recording, side), other)
                feet.append(_Foot(stretch, side, mean, curves, _noise(mean.rest, recording.rate, rate)))
    return view, feet


def eye_of(recording: Recording, side: Side) -> Observer:
    """Who points at a foot of this side, and whether it is near."""
    camera = recording.camera
    if camera is None or recording.kind in EXACT:
        return Observer()
    near = 0.0 if camera.view != "side" else 1.0 if (side == "right") == (camera.direction > 0) else -1.0
    return Observer(1.0, near, float(camera.view == "front"))


def _noise(rest: FloatArray, rate: float, native: float) -> float:
    """Standard deviation of the key points from frame to frame, m: differences of what the mean stride leaves."""
    step = max(round(rate / native), 1)
    rest = rest[:, [k for k in range(4) if np.isfinite(rest[:, k]).any()]]
    change = (rest[2 * step :] - 2 * rest[step:-step] + rest[: -2 * step]) / np.sqrt(6.0)
    if not np.isfinite(change).any():
        return USUAL_NOISE
    # the hips' own noise is in every foot's path
    return float(1.4826 * np.nanmedian(np.abs(change)) / np.sqrt(1.5))


def _asked_trunk(feet: list[_Foot], contact_time: float, error: EventErrors) -> tuple[tuple[Flag, ...], str]:
    """A remark where the trunk's bounce tells another contact time (s) than the feet, and the doubt where it is a wholly other one."""
    step_time = 0.5 / float(np.mean([foot.mean.frequency for foot in feet]))
    trunk = trunk_witness(hips_bounce([foot.mean for foot in feet]), step_time)
    if not trunk.contradicts(contact_time, error.contact_time):
        return (), ""
    text = TEXTS(
        "flags.witnesses_differ",
        contact_time=1000 * contact_time,
        rise=1000 * trunk.contact_time,
        error=1000 * error.contact_time,
        rise_error=1000 * trunk.error,
    )
    return (Flag("witnesses_differ", "warning", text),), text if trunk.contradicts(
        contact_time, error.contact_time, IRRECONCILABLE
    ) else ""


def _wandering(feet: Sequence[_Foot], events: Sequence[Sequence[FoundEvent]]) -> tuple[tuple[Flag, ...], str]:
    """A remark and the doubt where the key points of a foot leave it while it stands."""
    furthest = 0.0
    for foot, (first, last) in zip(feet, events, strict=True):
        rest = foot.mean.rest[:, :4]
        since = (foot.stretch.phase - first.phase) % (2 * np.pi)
        square = rest[since < (last.phase - first.phase) % (2 * np.pi)] ** 2
        if np.isfinite(square).any():
            furthest = max(furthest, float(np.sqrt(np.nanmean(square))))
    if furthest < WANDERS:
        return (), ""
    text = TEXTS("flags.feet_wander", away=100 * furthest)
    return (Flag("feet_wander", "warning", text),), text


def _known_errors(recording: Recording, rate: float, events: Sequence[Sequence[FoundEvent]]) -> EventErrors:
    """Errors of the events in films of this view and rate, and what the cues of these feet disagree by."""
    table = film_errors().errors["key_points" if recording.camera is None else recording.camera.head_by]
    found = (table.error(name, recording.view, rate) for name in ("initial_contact", "toe_off", "contact_time"))
    first, last, whole = (UNKNOWN if error is None else error for error in found)
    apart = float(np.sqrt(np.mean([sum(one.apart**2 for one in each) for each in events]))) if events else 0.0
    return EventErrors(first, last, float(np.hypot(whole, apart)), apart)


def _runs(stretch: Stretch, feet: Sequence[_Foot], events: Sequence[Sequence[FoundEvent]]) -> bool:
    """Whether the runner runs in a stretch, by both feet."""
    own = [
        (foot.mean, first, last) for foot, (first, last) in zip(feet, events, strict=True) if foot.stretch is stretch
    ]
    return runs_on([(mean, first.phase + (last.phase - first.phase) % (2 * np.pi) / 2) for mean, first, last in own])


def _contacts(
    foot: _Foot, events: Sequence[FoundEvent], rate: float, error: EventErrors, *, runs: bool
) -> list[Contact]:
    """Contacts of one foot in one stretch, of a runner or of one who walks."""
    stretch = foot.stretch
    if runs:
        start, stop = (event.phase for event in events)
        early, late = (f"±{1000 * one:.0f} ms" for one in (error.initial_contact, error.toe_off))
        method = f"film at {rate:.0f} frames/s: initial contact {early}, toe-off {late} (standard errors)"
    else:
        start, stop = planted_phases(foot.curves)
        method = f"film at {rate:.0f} frames/s: height and speed of the foot"
    phases = np.array([start, start + (stop - start) % (2 * np.pi)])
    turns = np.arange(
        np.floor((stretch.phase[0] - phases[0]) / 2 / np.pi), np.ceil((stretch.phase[-1] - phases[0]) / 2 / np.pi) + 1
    )
    times = np.stack([stretch.when(phase + 2 * np.pi * turns) for phase in phases], axis=1)
    inside = (times[:, 0] >= stretch.time[0]) & (times[:, 1] <= stretch.time[-1])
    inside &= _seen(foot, times) >= SEEN_LEAST
    times, turns = times[inside], turns[inside]
    for k in range(2):
        times[:, k] += _shifts(foot, phases[k] + 2 * np.pi * turns, rate)
    out: list[Contact] = []
    for first, last in times:
        contact = MarkerContact(
            float(first),
            float(last),
            foot.side,
            method,
            initial_contact_error=error.initial_contact,
            toe_off_error=error.toe_off,
        )
        if contact.duration > CONTACT_LONGEST:
            out.append(contact.reject(TEXTS("words.stays_long", time=CONTACT_LONGEST)))
        elif contact.duration < _shortest(error):
            out.append(contact.reject(TEXTS("words.touches_short", time=1000 * CONTACT_SHORTEST)))
        else:
            out.append(contact)
    return out


def _shortest(error: EventErrors) -> float:
    """Duration below which a contact is surely none: one of 60 ms may read shorter by its errors, and its step is still a step."""
    return max(CONTACT_SHORTEST - 1.96 * float(np.hypot(error.initial_contact, error.toe_off)), LEAST_READ)


def _seen(foot: _Foot, times: FloatArray) -> FloatArray:
    """Share of each contact in which the foot was seen."""
    seen = np.isfinite(foot.stretch.signals[foot.side][:, 1]).astype(float)
    total = np.concatenate([[0.0], np.cumsum(seen)])
    ends = np.searchsorted(foot.stretch.time, times)
    return (total[ends[:, 1]] - total[ends[:, 0]]) / np.maximum(ends[:, 1] - ends[:, 0], 1)


def _shifts(foot: _Foot, phases: FloatArray, rate: float) -> FloatArray:
    """How much later (s) than the mean stride each step's foot path is around an event, shrunk by its reliability."""
    time, rest = foot.stretch.time, foot.mean.rest[:, :4]
    sampling = 1.0 / float(np.median(np.diff(time)))
    moved, known = np.zeros(len(phases)), np.zeros(len(phases))
    for k, at in enumerate(foot.stretch.when(phases)):
        near = slice(*np.searchsorted(time, [at - STEP_WINDOW, at + STEP_WINDOW]))
        seen = np.isfinite(rest[near]).all(1) | (np.isfinite(rest[near][:, 1]) & ~np.isfinite(rest[:, 0]).any())
        if seen.sum() < 0.5 * 2 * STEP_WINDOW * sampling:
            continue
        velocity = foot.mean.at(foot.stretch.phase[near][seen], 1)[:, :4]
        velocity = velocity - velocity.mean(0)
        left = np.nan_to_num(rest[near][seen])
        size = float((velocity**2).sum())
        moved[k] = -float((velocity * (left - left.mean(0))).sum()) / size
        known[k] = size * rate / sampling
    there = known > 0
    if there.sum() < 3:
        return np.zeros(len(phases))
    noise = foot.noise**2 / known[there]
    true = max(float(np.var(moved[there]) - noise.mean()), 0.0)
    out = np.zeros(len(phases))
    out[there] = STEP_GAIN * moved[there] * true / (true + noise)
    return np.clip(out, -0.03, 0.03)


def _standing(recording: Recording) -> list[Contact]:
    """One long contact for every foot that does not move; nothing for one that does."""
    out: list[Contact] = []
    for side in SIDES:
        if not recording.has(f"heel_{side}"):
            continue
        path = recording.position(f"heel_{side}")
        seen = np.flatnonzero(np.isfinite(path[:, 1]))
        if len(seen) < 2:
            continue
        axes = np.isfinite(path[seen]).all(0)
        spread = np.ptp(np.percentile(path[seen][:, axes], [5, 95], axis=0), axis=0).max()
        first, last = recording.time[seen[[0, -1]]]
        if spread > STILL or last - first < CONTACT_LONGEST:
            continue
        contact = Contact(float(first), float(last), side, "film: the foot does not move")
        out.append(contact.reject(TEXTS("words.stays_long", time=CONTACT_LONGEST)))
    return out


def _flags(found: list[Contact], rate: float, error: EventErrors) -> list[Flag]:
    """What the reader has to know about contacts from a film."""
    kept = [contact for contact in found if not contact.rejected]
    flags: list[Flag] = []
    if not kept:
        return flags
    early, late, both = (f"{1000 * one:.0f} ms" for one in (error.initial_contact, error.toe_off, error.contact_time))
    each = 1000 * float(np.hypot(error.initial_contact, error.toe_off))
    if rate < SLOW_RATE:
        text = TEXTS("flags.slow_film", rate=rate, each=each, both=both)
    else:
        text = TEXTS("flags.events_from_film", early=early, late=late, both=both)
    flags.append(Flag("events_from_film", "warning", text))
    sides = {contact.side for contact in kept}
    if len(sides) == 1:
        other = "right" if "left" in sides else "left"
        flags.append(Flag("one_foot", "warning", TEXTS("flags.one_foot", other=other)))
    elif repeated := sum(a.side == b.side for a, b in pairwise(kept)):
        text = TEXTS("flags.sides_repeat", repeated=repeated, contacts=len(kept))
        flags.append(Flag("sides_repeat", "warning", text))
    return flags

"""Differences between motion-only results and force plates, per trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from headway.body.channels import BodyChannels, body_channels
from headway.dynamics.estimated_force import EstimatedForce, estimated_force
from headway.dynamics.ground_force import PlateForce
from headway.dynamics.shape_model import ShapeModels
from headway.gait.contacts import Contact
from headway.gait.event_model import EventModels
from headway.gait.marker_events import MarkerContact, marker_contacts
from headway.recording import GRAVITY, FloatArray, Recording
from validation_baselines import (
    Events,
    fellin,
    handsaker,
    pelvis_acceleration,
    pelvis_and_thighs,
    sine,
    two_masses,
)

NEAR = 0.1
"""A contact is found when one of the same foot begins this near, s."""
FRAMES = 300.0
"""Samples per second at which forces are compared."""
BASELINES = ("pelvis acceleration", "pelvis and thighs (Komaris 2020)", "sine (Morin 2005)", "two masses (Clark 2017)")


@dataclass
class Trial:
    """What came out of one recording.

    Attributes
    ----------
    name
        For tables.
    steps, found, wrong, extra
        Plate contacts; found with the right foot; found with the wrong one; contacts within the plates' span that no plate saw.
    events
        Errors of initial contact and toe-off, s, shape (found, 2).
    stated
        Their stated standard errors, s, shape (found, 2).
    other_events
        Errors of the published methods, s, by name.
    error
        Error of the force, BW, over all stances, shape (frames, 3).
    expected
        Its stated standard error, BW, shape (frames, 3).
    peak
        Error of the active peak per step, BW.
    baselines
        Error of the upward force of the published methods, BW, by name.
    curves
        Shares of stance (1, nodes), plate and estimate per step, BW, (steps, nodes, 3).
    """

    name: str
    steps: int = 0
    found: int = 0
    wrong: int = 0
    extra: int = 0
    events: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    stated: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    other_events: dict[str, FloatArray] = field(default_factory=dict)
    error: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    expected: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    peak: FloatArray = field(default_factory=lambda: np.empty(0))
    baselines: dict[str, FloatArray] = field(default_factory=dict)
    curves: tuple[FloatArray, FloatArray] = field(default_factory=lambda: (np.empty((0, 51, 3)), np.empty((0, 51, 3))))

    @property
    def rmse(self) -> FloatArray:
        """Root mean square error over stance, BW, shape (3,)."""
        return np.sqrt(np.nanmean(self.error**2, axis=0))


def compare(
    name: str,
    recording: Recording,
    force: PlateForce,
    contacts: Sequence[Contact],
    mass: float,
    models: tuple[EventModels | None, ShapeModels | None] = (None, None),
    published: bool = True,
) -> Trial:
    """Compare events and force from motion alone with the plates, and published methods too if wanted."""
    trial = Trial(name, steps=len(contacts))
    body = body_channels(recording)
    own = marker_contacts(recording, models=models[0])
    estimate = estimated_force(recording, own, mass, models=models[1])
    pairs = _pairs(contacts, own.kept, trial)
    _compare_events(trial, pairs)
    _compare_force(trial, contacts, force, estimate, mass)
    if not published:
        return trial
    for method, events in (("Handsaker 2016", handsaker(recording, body)), ("Fellin 2010", fellin(recording, body))):
        trial.other_events[method] = _event_errors(contacts, events)
    _compare_baselines(trial, contacts, own.kept, body, force, mass)
    return trial


def _pairs(contacts: Sequence[Contact], own: Sequence[Contact], trial: Trial) -> list[tuple[Contact, Contact]]:
    pairs = []
    for contact in contacts:
        near = [one for one in own if abs(one.initial_contact - contact.initial_contact) < NEAR]
        if not near:
            continue
        best = min(near, key=lambda one: abs(one.initial_contact - contact.initial_contact))
        trial.wrong += best.side != contact.side
        trial.found += best.side == contact.side
        pairs.append((contact, best))
    first, last = contacts[0].initial_contact - NEAR, contacts[-1].toe_off + NEAR
    trial.extra = sum(first < one.initial_contact and one.toe_off < last for one in own) - len(pairs)
    return pairs


def _compare_events(trial: Trial, pairs: list[tuple[Contact, Contact]]) -> None:
    errors = [(own.initial_contact - plate.initial_contact, own.toe_off - plate.toe_off) for plate, own in pairs]
    stated = [(own.initial_contact_error, own.toe_off_error) for _, own in pairs if isinstance(own, MarkerContact)]
    trial.events, trial.stated = np.reshape(errors, (-1, 2)), np.reshape(stated, (-1, 2))


def _event_errors(contacts: Sequence[Contact], events: Events) -> FloatArray:
    errors = []
    for contact in contacts:
        near = [event for event in events.get(contact.side or "", []) if abs(event[0] - contact.initial_contact) < NEAR]
        if near:
            event = min(near, key=lambda one: abs(one[0] - contact.initial_contact))
            errors.append((event[0] - contact.initial_contact, event[1] - contact.toe_off))
    return np.reshape(errors, (-1, 2))


def _frames(contact: Contact) -> FloatArray:
    return np.arange(contact.initial_contact, contact.toe_off, 1 / FRAMES)


def _columns(time: FloatArray, base: FloatArray, values: FloatArray) -> FloatArray:
    return np.column_stack([np.interp(time, base, values[:, axis]) for axis in range(values.shape[1])])


def _compare_force(
    trial: Trial, contacts: Sequence[Contact], force: PlateForce, estimate: EstimatedForce, mass: float
) -> None:
    weight = mass * GRAVITY
    error, expected, peak, plates, estimates = [], [], [], [], []
    grid = np.linspace(0, 1, 51)
    total = estimate.raw
    for contact in contacts:
        time = _frames(contact)
        plate, own = _columns(time, force.time, force.total) / weight, _columns(time, estimate.time, total) / weight
        error.append(own - plate)
        expected.append(_columns(time, estimate.time, estimate.error))
        share = (time - contact.initial_contact) / contact.duration
        middle = (share >= 0.2) & (share <= 0.7)
        peak.append(own[middle, 1].max() - plate[middle, 1].max())
        nodes = contact.initial_contact + grid * contact.duration
        plates.append(_columns(nodes, force.time, force.total) / weight)
        estimates.append(_columns(nodes, estimate.time, total) / weight)
    trial.error, trial.expected = np.concatenate(error), np.concatenate(expected)
    trial.peak, trial.curves = np.array(peak), (np.array(plates), np.array(estimates))


def _compare_baselines(
    trial: Trial,
    contacts: Sequence[Contact],
    own: Sequence[Contact],
    body: BodyChannels,
    force: PlateForce,
    mass: float,
) -> None:
    """Published methods for the upward force, all with Headway's own events from motion."""
    motions = {"pelvis acceleration": pelvis_acceleration(body)}
    if body.has("thigh_left", "thigh_right"):
        motions[BASELINES[1]] = pelvis_and_thighs(body)
    errors: dict[str, list[FloatArray]] = {name: [] for name in BASELINES}
    flights = [later.initial_contact - one.toe_off for one, later in pairwise(own)]
    usual = float(np.median(flights)) if flights else 0.1
    for contact in contacts:
        time = _frames(contact)
        plate = np.interp(time, force.time, force.total[:, 1]) / (mass * GRAVITY)
        near = [k for k, one in enumerate(own) if abs(one.initial_contact - contact.initial_contact) < NEAR]
        if not near:
            continue
        mine = own[near[0]]
        share = (time - mine.initial_contact) / mine.duration
        inside = (share >= 0) & (share <= 1)
        around = [flights[k] for k in (near[0] - 1, near[0]) if 0 <= k < len(flights) and flights[k] < 0.4]
        flight = float(np.mean(around)) if around else usual
        curves = {name: np.clip(np.interp(time, body.time, motion), 0, None) for name, motion in motions.items()}
        curves[BASELINES[2]] = sine(share, mine, flight)
        curves[BASELINES[3]] = two_masses(share, mine, flight, body)
        for name, curve in curves.items():
            errors[name].append(np.where(inside, curve, 0.0) - plate)
    trial.baselines = {name: np.concatenate(parts) for name, parts in errors.items() if parts}

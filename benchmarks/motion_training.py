"""What the motion-only models are fitted and judged on: recordings with plates, copies of them as poorer laboratories would make them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from headway.body.channels import SIDES, BodyChannels, body_channels
from headway.body.landmarks import to_landmarks
from headway.dynamics.ground_force import PlateForce, plate_force
from headway.gait.axes import orient
from headway.gait.contacts import Contact
from headway.gait.event_model import COARSE_SHIFT, KINDS, planted
from headway.gait.force_events import force_contacts
from headway.gait.steps import build_steps
from headway.recording import GRAVITY, FloatArray, Recording, make_points
from headway.signals import low_pass
from headway.sources import load

PLAIN = "as recorded"
MATCH = 0.05
"""A planted phase belongs to a plate contact whose middle lies no further outside than this, s."""


@dataclass(frozen=True)
class Case:
    """One recording with plates.

    Attributes
    ----------
    name, runner
        For tables and for leaving out.
    recording
        Oriented, with landmarks.
    force, contacts, mass
        From the plates; kg.
    """

    name: str
    runner: str
    recording: Recording
    force: PlateForce
    contacts: tuple[Contact, ...]
    mass: float
    treadmill: bool


@dataclass(frozen=True)
class Copy:
    """A case as one laboratory would have recorded it, with the plate contacts whose planted phase was found."""

    case: Case
    variant: str
    body: BodyChannels
    matched: tuple[Contact, ...]
    guesses: dict[str, FloatArray]

    def of_side(self, side: str) -> np.ndarray:
        """Which of the matched contacts are of one foot."""
        return np.array([contact.side == side for contact in self.matched], bool)

    def truth(self, kind: str) -> FloatArray:
        """Plate event times, s."""
        return np.array([getattr(contact, kind) for contact in self.matched])


def read_case(path: Path, runner: str, name: str) -> Case:
    """Load, orient and weigh a recording with plates."""
    recording, orientation = orient(to_landmarks(load(path)))
    force = plate_force(recording)
    if force is None:
        raise ValueError(f"{path} has no plates")
    contacts = force_contacts(recording, force).kept
    steps = build_steps(contacts)
    weights = [
        force.raw[(force.time >= steps.initial_contact[a]) & (force.time < steps.initial_contact[b]), 1].mean()
        for a, b in steps.strides
    ]
    mass = float(np.median(weights)) / GRAVITY if weights else float("nan")
    return Case(name, runner, recording, force, contacts, mass, orientation.treadmill)


def rbds_cases(folder: Path) -> Iterator[Case]:
    """All running trials of Fukuchi 2017."""
    for path in rbds_paths(folder):
        yield read_case(path, path.stem.split("run")[0], path.stem)


def rbds_paths(folder: Path) -> list[Path]:
    """Files of all running trials of Fukuchi 2017, in the folders ``rbds`` and ``rbds_more``."""
    return sorted(folder.glob("rbds*/RBDS*run*.c3d"), key=lambda path: path.name)


def copies(case: Case, seed: int) -> Iterator[Copy]:
    """The case as recorded, and as recorded with lower rates, fewer or other markers, and noise."""
    for variant, recording in _variants(case.recording, seed):
        yield make_copy(case, variant, recording)


def make_copy(case: Case, variant: str, recording: Recording) -> Copy:
    """Find the planted phases and pair them with the plates' contacts."""
    body = body_channels(recording)
    phases = {side: planted(body, side) for side in SIDES}
    matched, starts, stops = [], [], []
    for contact in case.contacts:
        middle = (contact.initial_contact + contact.toe_off) / 2
        own = [phase for phase in phases[contact.side or "left"] if phase[0] - MATCH < middle < phase[1] + MATCH]
        if len(own) == 1:
            matched.append(contact)
            starts.append(own[0][0])
            stops.append(own[0][1])
    ends = dict(zip(KINDS, (np.array(starts), np.array(stops)), strict=True))
    return Copy(case, variant, body, tuple(matched), {kind: ends[kind] + COARSE_SHIFT[kind] for kind in KINDS})


def _variants(recording: Recording, seed: int) -> Iterator[tuple[str, Recording]]:
    yield PLAIN, recording
    few = ("mt5", "asis", "thigh_left_3", "thigh_right_3", "thigh_left_4", "thigh_right_4")
    few += ("shank_left_3", "shank_right_3", "shank_left_4", "shank_right_4")
    yield "100 Hz, fewer markers", resampled(without(recording, few), 100.0)
    noisy = without(recording, ("heel_left", "heel_right")) if recording.has("heel_lateral_left") else recording
    yield "side of the heel, 0.7 mm noise", with_noise(noisy, 0.0007, seed)
    yield "50 Hz", resampled(recording, 50.0)


def without(recording: Recording, starts: tuple[str, ...]) -> Recording:
    """Drop the points whose names start so."""
    names = [name for name in recording.names() if not name.startswith(starts)]
    return replace(recording, points=recording.points.sel(point=names))


def with_noise(recording: Recording, size: float, seed: int) -> Recording:
    """Add white noise (m)."""
    noise = np.random.default_rng(seed).normal(0, size, recording.points.shape)
    return replace(recording, points=recording.points + noise)


def resampled(recording: Recording, rate: float) -> Recording:
    """Take every n-th frame where the rates allow it, else interpolate after an anti-alias filter."""
    ratio = recording.rate / rate
    if abs(ratio - round(ratio)) < 1e-6:
        return replace(recording, points=recording.points.isel(time=slice(None, None, round(ratio))))
    values = low_pass(recording.points.transpose("time", "point", "axis").to_numpy(), recording.rate, 0.42 * rate)
    time = np.arange(recording.time[0], recording.time[-1], 1 / rate)
    flat = values.reshape(len(values), -1)
    seen = np.isfinite(flat)
    out = np.full((len(time), flat.shape[1]), np.nan)
    for column in np.flatnonzero(seen.mean(0) > 0.5):
        own = seen[:, column]
        if own.all():
            out[:, column] = CubicSpline(recording.time, flat[:, column])(time)
        else:
            out[:, column] = np.interp(time, recording.time[own], flat[own, column])
    axes = [str(axis) for axis in recording.points["axis"].to_numpy()]
    return replace(recording, points=make_points(time, recording.names(), out.reshape(len(time), -1, 3), axes))

"""The mean stride that one film shows, or two from different sides: what a body is fitted to where nothing was marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from headway.body.body_plan import BodyPlan
from headway.dynamics.estimated_force import EstimatedForce, estimated_force
from headway.errors import RecordingError
from headway.fit.measured import FLAT, SIDES, FittedContact, MeasuredStretch, PointErrors
from headway.gait.contacts import Contact, Contacts
from headway.gait.trial import Trial
from headway.periodic import fit_series, waveform
from headway.recording import AXES, GRAVITY, Camera, ComplexArray, FloatArray, Recording, Side, make_points

LEGS, ARMS = ("hip", "knee", "ankle", "heel", "toe"), ("shoulder", "elbow", "wrist")
HIGHEST, FRAME_SHARE, MOST = 12.0, 0.4, 10
"""Highest harmonic of a path: Hz, share of the film's frame rate, and number of it in the stride."""
FEWEST = 6
"""Frames that have to stand behind a harmonic."""
ROBUST = 2
RATE = 200.0
"""Samples per second of the mean stride."""
AROUND = 1
"""Strides before and after it that the force is estimated from."""
ASIDE = {"hip": 1.0, "knee": 0.75, "ankle": 0.5, "heel": 0.5, "toe": 0.5, "shoulder": 1.0, "elbow": 1.25, "wrist": 0.9}
"""How far beside the middle a point is where no film shows it: shares of half the distance of hips or shoulders."""
SEEN, HIDDEN = PointErrors(0.015, 0.010), PointErrors(0.030, 0.015)
"""Errors of key points along what a film shows, and of where they are supposed to be along what none shows."""
CONTACT_ERROR = 0.017
"""Standard error of a mean contact or toe-off, s: contact times from the side (docs/evidence)."""


@dataclass(frozen=True)
class MeanPaths:
    """Points over the mean stride of one film, as harmonics of the stride's phase (0 at the middle of right stance).

    Attributes
    ----------
    period
        s.
    centre, phasors
        By point: m from the runner's drift, shape (3,), and harmonics, m, shape (count, 3); NaN along what is not seen.
    contacts
        Phases of initial contact and toe-off, rad, by side.
    steps
        One step of either side in the film.
    """

    period: float
    centre: dict[str, FloatArray]
    phasors: dict[str, ComplexArray]
    contacts: dict[Side, tuple[float, float]]
    steps: dict[Side, int]

    @classmethod
    def of(cls, trial: Trial) -> MeanPaths:
        """Those of a film.

        Raises
        ------
        RecordingError
            No two strides in a row.
        """
        found, source = trial.phase, trial.recording.source
        if found is None:
            raise RecordingError(source, "no two strides in a row to take the mean of", "film a longer run")
        time, frames, period = trial.motion.time[found.frames], found.frames, found.period
        count = int(min(MOST, min(HIGHEST, FRAME_SHARE * trial.recording.rate) * period, len(frames) / (2 * FEWEST)))
        slow = np.vander((time - time[0]) / (time[-1] - time[0]), 3)
        named = {name: trial.recording.position(name)[frames] for name in _points(trial)}
        named["head_centre"] = trial.motion.position("head_centre")[frames]
        hips = (named["hip_left"] + named["hip_right"]) / 2
        drift = slow @ fit_series(found.phase, hips, count, slow=slow).slow
        centre, phasors = {}, {}
        for name, values in named.items():
            if np.isfinite(values).any(0).sum() < len(trial.seen_axes):
                continue
            fit = fit_series(found.phase, values - drift + drift.mean(0) * [0.0, 1.0, 0.0], count, robust=ROBUST)
            unseen = ~np.isfinite(values).any(0)
            centre[name] = np.where(unseen, np.nan, fit.slow[0])
            phasors[name] = np.where(unseen, np.nan, fit.phasors)
        return cls(period, centre, phasors, *_contacts(trial, time, found.phase))

    def at(self, name: str, phase: FloatArray) -> FloatArray:
        """A point at phases (rad), m, shape (n, 3)."""
        seen = np.isfinite(self.centre[name])
        values = self.centre[name] + waveform(np.nan_to_num(self.phasors[name]), phase)
        return np.where(seen, values, np.nan)


def _points(trial: Trial) -> list[str]:
    """Names of the points of legs and arms that a film has."""
    there = {*trial.recording.names(), *(["head_centre"] if trial.motion.has("head_centre") else [])}
    _refuse_without(trial.recording.source, [name for name in _needed() if name not in there])
    return [f"{stem}_{side}" for stem in (*LEGS, *ARMS) for side in SIDES if trial.recording.has(f"{stem}_{side}")]


def _needed() -> list[str]:
    """Names of the points without which no body is fitted."""
    return [*(f"{stem}_{side}" for stem in (*LEGS, "shoulder") for side in SIDES), "head_centre"]


def _refuse_without(source: str, lacking: Sequence[str]) -> None:
    if lacking:
        what = f"no body can be fitted without key points of {', '.join(lacking)}"
        raise RecordingError(source, what, "film the whole runner")


def _contacts(
    trial: Trial, time: FloatArray, phase: FloatArray
) -> tuple[dict[Side, tuple[float, float]], dict[Side, int]]:
    """Mean phases of both ends of stance, and a step of either side that they come from."""
    steps, ends, chosen = trial.steps, {}, {}
    for side in SIDES:
        own = [k for k, name in enumerate(steps.names) if name == side]
        inside = [k for k in own if time[0] <= steps.initial_contact[k] and steps.toe_off[k] <= time[-1]]
        if not inside:
            raise RecordingError(trial.recording.source, f"no whole stance of the {side} foot", "film a longer run")
        middle = np.interp(steps.midstance[inside], time, phase)
        turn = np.angle(np.exp(1j * middle).mean())
        rate = (phase[-1] - phase[0]) / (time[-1] - time[0])
        half = float(np.median(steps.contact_time[inside])) * rate / 2
        ends[side] = (float(turn - half), float(turn + half))
        chosen[side] = inside[0]
    return ends, chosen


def filmed_stretch(trials: Sequence[Trial], height: float, mass: float) -> MeasuredStretch:
    """One stride, the mean of all, as the films show it.

    Parameters
    ----------
    trials
        One film from the side, or that and one from behind or in front; they need not be synchronised.
    height, mass
        m, kg.

    Raises
    ------
    RecordingError
        No film from the side, too short, or a point that is not there.

    Notes
    -----
    Forward and up are the side film's, right that of the other one. Along what no film shows, points are put where they usually are, with a wide
    error. The runner travels as fast as keeps the standing foot where it is.
    """
    side = next((one for one in trials if one.recording.view == "side"), None)
    if side is None:
        raise RecordingError(
            trials[0].recording.source,
            "a film from behind or in front does not show which way the joints bend: no body can be fitted to it alone",
            "add a film from the side",
        )
    main = MeanPaths.of(side)
    _refuse_without(side.recording.source, [name for name in _needed() if name not in main.centre])
    beside = next((MeanPaths.of(one) for one in trials if one is not side), None)
    period, plan = main.period, BodyPlan(height, side.runner.sex)
    first = main.contacts["right"][0]
    contacts = _stances(main, first)
    time = np.arange(-AROUND * period, (1 + AROUND) * period, 1 / RATE)
    phase = first + 2 * np.pi * time / period
    paths, errors = {}, {}
    halved = _halved_arms(main.centre)
    for name in [one for one in main.centre if one not in halved]:
        path = main.at(name, phase)
        hidden = beside is None or name not in beside.centre
        path[:, 2] = _usual(plan, name) if beside is None or hidden else beside.at(name, phase)[:, 2]
        paths[name], errors[name] = path, (SEEN, SEEN, HIDDEN if hidden else SEEN)
    _undo_perspective(paths, side.camera, None if beside is None else trials[1 - list(trials).index(side)].camera)
    speed, ground = _standing(paths, time, contacts, plan)
    for path in paths.values():
        path += np.outer(time, [speed, 0.0, 0.0]) - [0.0, ground, 0.0]
    force = _force(side.recording.source, paths, time, contacts, period, mass)
    error, weight = force.error, mass * GRAVITY
    return MeasuredStretch(
        side.recording.source, height, mass, side.runner.sex, contacts, time, paths, force.time + time[0], force.raw / weight,
        np.full(force.raw.shape, np.nan), error, errors, CONTACT_ERROR,
    )  # fmt: skip


def _halved_arms(seen: Collection[str]) -> set[str]:
    """Elbows and wrists of arms of which only one of both was seen: a wrist alone turns the whole arm about."""
    arms = [{f"elbow_{side}", f"wrist_{side}"} for side in SIDES]
    return {name for arm in arms if not arm <= {*seen} for name in arm}


def _undo_perspective(paths: dict[str, FloatArray], side: Camera | None, beside: Camera | None) -> None:
    """Take points that are nearer to the camera than the hips for as much smaller as they look larger, and farther ones for larger."""
    hips = (paths["hip_left"] + paths["hip_right"]) / 2
    middle = hips.mean(0)
    for path in paths.values():
        apart = path - middle
        if side is not None and side.distance is not None:
            nearer = side.direction * apart[:, 2] / side.distance
            path[:, :2] -= nearer[:, None] * apart[:, :2]
        if beside is not None and beside.distance is not None:
            nearer = apart[:, 0] / beside.distance * (1.0 if beside.view == "front" else -1.0)
            path[:, 2] -= nearer * apart[:, 2]


def _stances(main: MeanPaths, first: float) -> tuple[FittedContact, ...]:
    """Both stances of the mean stride, the right one from time 0; where braking turns into pushing is not known yet."""
    out = []
    for side in SIDES:
        start, stop = ((end - first) / (2 * np.pi) * main.period for end in main.contacts[side])
        later = np.floor(start / main.period) * main.period
        out.append(FittedContact(main.steps[side], side, float(start - later), float(stop - later), float("nan")))
    return tuple(sorted(out, key=lambda one: one.initial_contact))


def _usual(plan: BodyPlan, name: str) -> float:
    """Where to the right of the middle a point usually is, m."""
    stem, _, side = name.rpartition("_")
    if stem not in ASIDE:
        return 0.0
    half = plan.thorax["acromion_right"][2] if stem in ARMS else plan.pelvis["hip_right"][2]
    return float(ASIDE[stem] * half * (1.0 if side == "right" else -1.0))


def _standing(
    paths: dict[str, FloatArray], time: FloatArray, contacts: Sequence[FittedContact], plan: BodyPlan
) -> tuple[float, float]:
    """Speed of the runner past the standing foot, m/s, and the height of the ground, m, from where heels and toes are then."""
    speeds, heights = [], []
    for one in contacts:
        length = one.toe_off - one.initial_contact
        flat = (time > one.initial_contact + FLAT[0] * length) & (time < one.initial_contact + FLAT[1] * length)
        for stem in ("heel", "toe"):
            path = paths[f"{stem}_{one.side}"][flat]
            speeds.append(-np.polyfit(time[flat], path[:, 0], 1)[0])
            heights.append(path[:, 1].mean() - plan.foot[f"{stem}_right"][1])
    return float(np.mean(speeds)), float(np.mean(heights))


def _force(
    source: str,
    paths: dict[str, FloatArray],
    time: FloatArray,
    contacts: Sequence[FittedContact],
    period: float,
    mass: float,
) -> EstimatedForce:
    """The force that the motion tells; the regression knows the shoulders as acromia."""
    names = list(paths)
    called = [name.replace("shoulder", "acromion") for name in names]
    points = make_points(time - time[0], called, np.stack([paths[name] for name in names], axis=1), AXES)
    stances = sorted(
        (
            Contact(one.initial_contact + k * period - time[0], one.toe_off + k * period - time[0], one.side, "film")
            for one in contacts
            for k in range(-AROUND, AROUND + 1)
        ),
        key=lambda one: one.initial_contact,
    )
    inside = tuple(one for one in stances if one.initial_contact > 0 and one.toe_off < time[-1] - time[0])
    return estimated_force(Recording(points, source=source), Contacts(inside, "film", None), mass)

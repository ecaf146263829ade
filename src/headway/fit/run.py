"""Fit a body to the strides of a trial, side by side on the processors, and bring what they show together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from msgspec import structs

from headway.dynamics.push import DIRECTIONS, PUSHED, SOURCES, PushOff
from headway.errors import RecordingError
from headway.fit.checks import check_films, check_stretch, check_trial, height_of
from headway.fit.felt import with_felt
from headway.fit.filmed import filmed_stretch
from headway.fit.fitted import FittedStretch, fit_stretch
from headway.fit.induced import GROUNDS, LEAD, POINTS
from headway.fit.kept import KeptFits
from headway.fit.measured import FeltStride, FittedContact, MeasuredStretch, Paths, stretch
from headway.fit.solve import FitProgress
from headway.gait.trial import Trial
from headway.machine import processors
from headway.plain import rounded
from headway.recording import Flag, FloatArray
from headway.results.fitted import BodyFound, GroundShare
from headway.signals import seen_mean
from headway.texts import TEXTS
from headway.workers import Lost, Pool

MOST = 4
"""Strides that are fitted, at most."""
SAME = 0.02
"""Contacts of two readings of one recording this near to each other are one, s."""
AXES_OF = {"up": 1, "forward": 0, "lateral": 2}


@dataclass(frozen=True)
class FitReport:
    """What a listener is told: which stride of how many, where its search is, and how many are done."""

    stride: int
    strides: int
    done: int
    progress: FitProgress

    @property
    def words(self) -> str:
        """In words."""
        at = self.progress
        return f"stride {self.stride} of {self.strides}: step {at.rounds}, {at.seconds:.0f} s ({self.done} done)"


FitListener = Callable[[FitReport], None]


@dataclass(frozen=True)
class FittedBody:
    """Bodies fitted to the strides of one trial.

    Attributes
    ----------
    trial
        As the fit took it, its motion low-passed at 20 Hz.
    stretches
        Those that converged.
    found
        How good they are, typed as in ``summary.json``.
    loose
        Markers that are not fixed to their foot, and so were left out.
    left_out
        Why strides were not tried.
    """

    trial: Trial
    stretches: tuple[FittedStretch, ...]
    found: BodyFound
    loose: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def push_off(self, trial: Trial) -> PushOff:
        """Changes of velocity per step of a trial: of the same recording, or of a film that was fitted."""
        gained = np.full((len(trial.steps), len(PUSHED), len(SOURCES), len(DIRECTIONS)), np.nan)
        spread = []
        for one in self.stretches:
            for k, contact in enumerate(one.contacts):
                spread.append(_directed(one.spread[k], contact.side))
                step = self._step(trial, contact)
                if step is not None:
                    gained[step] = _directed(one.gained(LEAD, contact), contact.side)
        error = np.sqrt(seen_mean(np.square(spread))) if spread else np.full(gained.shape[1:], np.nan)
        force = "" if self.found.force == "measured" else " and a ground force estimated from motion"
        basis = {0: "markers", 1: "the mean stride of one film"}.get(self.found.films, "the mean stride of two films")
        worn = f" and sensors at {' and '.join(self.found.sensors)}" if self.found.sensors else ""
        return PushOff(gained, error, self.found.head_seen, f"one body fitted to {basis}{worn}{force}")

    def _step(self, trial: Trial, contact: FittedContact) -> int | None:
        """The step of a trial that a fitted stance is; the mean stride of films stands for the first of its side."""
        if self.found.films:
            return next((k for k, name in enumerate(trial.steps.names) if name == contact.side), None)
        apart = np.abs(trial.steps.initial_contact - self.trial.steps.initial_contact[contact.step])
        nearest = int(np.argmin(apart))
        return nearest if apart[nearest] < SAME else None

    def flags(self) -> tuple[Flag, ...]:
        """What a reader has to know of the fit."""
        text = TEXTS("lab.marker_loose", names=", ".join(self.loose))
        told = (Flag("marker_loose", "info", text),) if self.loose else ()
        if self.left_out:
            lost, tried = len(self.left_out), len(self.left_out) + self.found.tried
            text = TEXTS("lab.strides_left_out", lost=lost, tried=tried, why=self.left_out[0])
            told = (*told, Flag("strides_left_out", "info", text))
        lost = self.found.tried - self.found.strides
        if not lost:
            return told
        key = "fit_unconverged_some" if self.stretches else "fit_unconverged"
        return (
            *told,
            Flag("fit_unconverged", "warning", TEXTS(f"lab.{key}", lost=lost, tried=self.found.tried)),
        )


def _directed(values: FloatArray, side: str) -> FloatArray:
    """Shape (sources, points, 3) as (pushed, sources, directions), lateral toward the stance side."""
    chosen = values[:, [POINTS.index(name) for name in PUSHED]].transpose(1, 0, 2)
    out = chosen[..., [AXES_OF[name] for name in DIRECTIONS]]
    return out * np.array([1.0, 1.0, 1.0 if side == "right" else -1.0])


def fit_trial(
    trial: Trial,
    listener: FitListener | None = None,
    *,
    workers: int | None = None,
    felt: dict[str, FeltStride] | None = None,
) -> FittedBody:
    """Fit the body of a runner to the strides of a trial.

    Parameters
    ----------
    trial
        Prepared, with motion low-passed no lower than 20 Hz.
    listener
        Told of the progress; a ``KeyboardInterrupt`` that it raises ends the fit.
    workers
        Processes; those of the machine otherwise.
    felt
        What sensors felt in the same run, by place.

    Raises
    ------
    RecordingError
        The recording cannot carry a fit, in one line.
    """
    paths = check_trial(trial)
    measured, faults = _stretches(trial, paths)
    if felt:
        period = 2 * float(np.nanmedian(trial.steps.next_contact - trial.steps.initial_contact))
        measured = [with_felt(one, felt, period) for one in measured]
    return replace(_fit_all(trial, measured, listener, workers), loose=paths.loose, left_out=tuple(faults))


def fit_films(
    trials: Sequence[Trial], listener: FitListener | None = None, felt: dict[str, FeltStride] | None = None
) -> FittedBody:
    """Fit the body of a runner to the mean stride of one film from the side, or of that and one from behind or in front.

    Parameters
    ----------
    trials
        Prepared, one or two.
    listener, felt
        As in :func:`fit_trial`.

    Raises
    ------
    RecordingError
        The films cannot carry a fit, in one line.
    """
    height, mass = check_films(trials)
    side = next((one for one in trials if one.recording.view == "side"), trials[0])
    stride = filmed_stretch(trials, height, mass)
    if felt:
        first, second = stride.contacts
        stride = with_felt(stride, felt, 2 * (second.initial_contact - first.initial_contact))
    found = _fit_all(side, [stride], listener, 1)
    grounds = found.found.grounds
    if len(trials) == 1:
        grounds = [structs.replace(one, lateral=None) for one in grounds]
    return replace(found, found=structs.replace(found.found, films=len(trials), grounds=grounds))


def _fit_all(
    trial: Trial, measured: list[MeasuredStretch], listener: FitListener | None, workers: int | None
) -> FittedBody:
    """Fit every stretch, side by side on the processors."""
    size = min(workers or processors(), len(measured))
    done: list[FittedStretch | None] = [None] * len(measured)

    def tell(job: tuple[int, MeasuredStretch], progress: FitProgress) -> None:
        if listener is not None:
            listener(FitReport(job[0] + 1, len(measured), sum(one is not None for one in done), progress))

    with Pool(_fit_one, size if size > 1 else 0) as pool:
        for place, found in pool.run(list(enumerate(measured)), tell):
            if isinstance(found, Lost):
                raise RecordingError(trial.recording.source, f"a stride could not be fitted: {found.why}", "try again")
            done[place] = found
    every = [one for one in done if one is not None]
    kept = tuple(one for one in every if one.quality.converged)
    return FittedBody(trial, kept, _found(trial, kept, every, sorted(measured[0].felt)))


def _fit_one(job: tuple[int, MeasuredStretch], tell: Callable[[object], None]) -> FittedStretch:
    return fit_stretch(job[1], tell, kept=KeptFits())


def _stretches(trial: Trial, whole_paths: Paths) -> tuple[list[MeasuredStretch], list[str]]:
    """Whole strides, two steps that follow each other; where there are none, single stances. And why others cannot be fitted."""
    paths, height = whole_paths.present(), height_of(trial, whole_paths)
    assert trial.runner.mass is not None
    steps = trial.steps
    groups, k = [], 0
    while k < len(steps):
        whole = k + 1 < len(steps) and np.isfinite(steps.next_contact[k])
        groups.append(range(k, k + 2) if whole else range(k, k + 1))
        k += 2 if whole else 1
    whole = [group for group in groups if len(group) > 1] or groups
    out, faults = [], []
    for group in whole:
        one = stretch(trial, paths, height, trial.runner.mass, group)
        fault = check_stretch(one)
        if fault is None:
            out.append(one)
        else:
            faults.append(fault)
    if not out:
        raise faults[0]
    return out[:MOST], [fault.what for fault in faults]


def _found(
    trial: Trial, kept: Sequence[FittedStretch], tried: Sequence[FittedStretch], worn: Sequence[str] = ()
) -> BodyFound:
    quality = [one.quality for one in (kept or tried)]
    felt = np.sum([q.felt for q in quality], axis=0)
    markers, joints = (np.sum([getattr(q, name) for q in quality], axis=0) for name in ("markers", "joints"))
    force = np.sqrt(np.sum([q.force for q in quality], axis=0) / max(sum(q.loaded for q in quality), 1))
    return BodyFound(
        converged=len(kept) == len(tried),
        strides=len(kept),
        tried=len(tried),
        marker_rms=rounded(float(np.sqrt(markers[0] / max(markers[1], 1)))),
        joint_rms=rounded(float(np.sqrt(joints[0] / max(joints[1], 1)))),
        force_rms=(rounded(float(force[0])), rounded(float(force[1])), rounded(float(force[2]))),
        violation=rounded(max(q.violation for q in quality)),
        between=rounded(float(np.sqrt(np.mean([q.between**2 for q in quality])))),
        contact_law=rounded(float(np.sqrt(np.mean([q.law**2 for q in quality])))),
        sole_depth=rounded(max(q.depth for q in quality)),
        closure=rounded(max(q.closure for q in quality)),
        optimality=rounded(max(q.optimality for q in quality)),
        seconds=rounded(sum(one.quality.seconds for one in tried)),
        head_seen=trial.motion.has("head_centre"),
        force="measured" if trial.plates is not None else "estimated",
        grounds=_grounds(kept),
        sensors=tuple(worn),
        acceleration_rms=rounded(float(np.sqrt(felt[0] / felt[1]))) if felt[1] else None,
    )


def _grounds(kept: Sequence[FittedStretch]) -> list[GroundShare]:
    """What every source gives under each idea of the ground; nothing where no force turns from braking into pushing."""
    out = []
    for ground in GROUNDS:
        every = [_directed(one.gained(ground, contact), contact.side) for one in kept for contact in one.contacts]
        if not every:
            continue
        mean = seen_mean(np.stack(every))
        if not np.isfinite(mean).all():
            continue
        for i, pushed in enumerate(PUSHED):
            for j, source in enumerate(SOURCES):
                up, forward, lateral = (rounded(float(value)) for value in mean[i, j])
                out.append(
                    GroundShare(ground=ground, pushed=pushed, source=source, up=up, forward=forward, lateral=lateral)
                )
    return out

"""Pushed or pulled along: force, moment and power at the neck, and the head against the neck base (definitions D27-D35)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.dynamics import neck
from headway.gait.trial import Trial
from headway.metrics import worn
from headway.metrics.errors import OnFilm
from headway.metrics.excursion import Excursion
from headway.metrics.registry import FromSensors, metric
from headway.metrics.transmission import stance_peak
from headway.recording import GRAVITY, FloatArray

FAMILY = "pushed or pulled along"
BATTERY = "one of a battery; no published value, never read alone"


def push_off_mean(trial: Trial, signal: FloatArray) -> FloatArray:
    """Mean of a frame-wise signal over push-off weighted with the neck force, per step."""
    out = np.full(len(trial.steps), np.nan)
    for k in range(len(out)):
        window = trial.frames(trial.steps.transition[k], trial.steps.toe_off[k])
        if window.stop - window.start > 2 and np.isfinite(signal[window]).all():
            out[k] = neck.force_weighted(signal[window], trial.head_load.force[window])
    return out


def _angle(sagittal: bool) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Angle of the neck force to the head's upright, rad, force-weighted over push-off, per step."""
        assert trial.head is not None and trial.head.upright is not None
        return push_off_mean(trial, neck.push_through_angle(trial.head_load.force, trial.head.upright)[int(sagittal)])

    return compute


metric(
    "push_through_angle",
    "Push-through angle",
    "angle between the force of the trunk on the head and the head's own upright (from standing), force-weighted over push-off",
    unit="rad",
    family=FAMILY,
    needs=("instants", "head_rotation", "standing"),
    source="D30",
    claims=("A2",),
    runner="How straight the push runs through your head: 0 = along the head's own upright line.",
    contradicts=BATTERY,
)(_angle(False))
metric(
    "push_through_angle_sagittal",
    "Push-through angle, forward part",
    "sagittal part of the push-through angle; + = the force leans forward of the head's upright",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("instants", "head_rotation", "standing"),
    source="D30",
    claims=("A2",),
)(_angle(True))


def _moment_ratio(trial: Trial) -> FloatArray:
    return push_off_mean(trial, neck.moment_ratio(trial.head_load.moment, trial.head_load.mass, *trial.head_load.line))


def _arm_ratio(trial: Trial) -> FloatArray:
    return push_off_mean(
        trial, neck.moment_arm_ratio(trial.head_load.moment, trial.head_load.force, *trial.head_load.line)
    )


metric(
    "neck_moment_ratio",
    "Neck moment",
    "moment of the trunk on the head about the neck base / (head weight x distance of its centre of mass), force-weighted over push-off",
    unit="1",
    family=FAMILY,
    needs=("instants", "head_rotation", "neck_base"),
    source="D31",
    load=True,
    claims=("A2",),
    contradicts=BATTERY,
)(_moment_ratio)
metric(
    "neck_moment_arm_ratio",
    "Neck moment, lever form",
    "moment / (neck force x distance of the head's centre of mass from the neck base), force-weighted over push-off; comparable with standing",
    unit="1",
    family=FAMILY,
    needs=("instants", "head_rotation", "neck_base"),
    source="D31",
    load=True,
    claims=("A2",),
    contradicts=BATTERY,
)(_arm_ratio)


def _along_neck(axial: bool) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Greatest axial or shear neck force in stance, head weights, per step."""
        along, across = neck.axial_and_shear(trial.head_load.force, *trial.head_load.line)
        signal = along if axial else np.linalg.norm(across, axis=1)
        return stance_peak(trial, signal / (trial.head_load.mass * GRAVITY))

    return compute


for _name, _words, _axial in (("neck_axial_force_peak", "along", True), ("neck_shear_force_peak", "across", False)):
    metric(
        _name,
        f"Peak neck force {_words} the neck",
        f"greatest force on the head {_words} the line from neck base to its centre of mass in stance / head weight",
        unit="head weights",
        family=FAMILY,
        needs=("head", "neck_base", "space"),
        source="D32",
        load=True,
        contradicts="the line leans forward anatomically, so the split says more about where the mass is put than about the push",
    )(_along_neck(_axial))


@metric(
    "head_retraction",
    "Head retraction in push-off",
    "least of (head - neck base) forward distance over push-off, from its value at the braking-propulsion transition; zero or negative",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("instants", "head", "neck_base"),
    source="D34",
    claims=("A2", "A13"),
    runner="How far your head falls back behind your neck while you push off; 0 = it does not.",
    contradicts="not isolated in any study",
)
def head_retraction(trial: Trial) -> FloatArray:
    """Least forward distance of head to neck base in push-off against its start, m, per step."""
    distance = (trial.motion.position("head_centre") - trial.motion.position("neck_base"))[:, 0]
    start = trial.steps.transition
    first = trial.at(distance, start)
    out = np.full(len(first), np.nan)
    for k in range(len(out)):
        piece = distance[trial.frames(start[k], trial.steps.toe_off[k])]
        if len(piece) and np.isfinite(piece).all():
            out[k] = min(float(piece.min() - first[k]), 0.0)
    return out


@metric(
    "head_bob",
    "Head bob",
    "peak-to-peak of the forward distance from neck base to head per step, stride trend removed",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("head", "neck_base", "steps"),
    source="D34",
    claims=("A13", "A14"),
    runner="How much your head nods forward and back over your neck with each step.",
    supports="the coach counts it as wasted energy",
    contradicts="not isolated in any study",
    kind="range",
    film=OnFilm(widest=0.009),  # all of it: a film that is no surer shows nothing
)
def head_bob(trial: Trial) -> Excursion:
    """Forward distance, m."""
    distance = trial.motion.position("head_centre") - trial.motion.position("neck_base")
    return Excursion(distance[:, 0], "step", detrended=True)


@metric(
    "head_pitch_range",
    "Nod of the head",
    "peak-to-peak pitch of the head per step",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("head_pitch", "steps"),
    source="D34",
    sensors=FromSensors(
        worn.angle_range("head", worn.PITCH, per_step=True),
        "peak to peak of the head's pitch per step, slow changes of pose removed",
        "mean",
    ),
    claims=("A16",),
    kind="range",
)
def head_pitch_range(trial: Trial) -> Excursion:
    """Pitch, rad: the head's rotation, in a film the line from ears to nose."""
    if trial.head_rotation is not None:
        crown = trial.head_rotation[:, :, 1]
        return Excursion(np.arctan2(-crown[:, 0], crown[:, 1]), "step")
    line = trial.motion.position("nose") - trial.motion.position("head_centre")
    return Excursion(np.arctan2(line[:, 1], line[:, 0]), "step")


def _work(positive: bool) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Positive or negative part of the neck power integrated over push-off, J, per step."""
        power = trial.head_load.power
        part = np.clip(power, 0.0, None) if positive else np.clip(power, None, 0.0)
        windows = [trial.frames(a, b) for a, b in zip(trial.steps.transition, trial.steps.toe_off, strict=True)]
        return np.array([part[w].sum() / trial.motion.rate if w.stop > w.start else np.nan for w in windows])

    return compute


for _name, _words, _positive in (("neck_work_positive", "given to", True), ("neck_work_negative", "taken from", False)):
    metric(
        _name,
        f"Work {_words} the head in push-off",
        f"time integral over push-off of the {'positive' if _positive else 'negative'} part of F (v_NB - mean speed) + M omega",
        unit="J",
        family=FAMILY,
        needs=("instants", "head_rotation", "neck_base", "mass"),
        source="D35",
        claims=("A1",),
    )(_work(_positive))


def _joint_power(trial: Trial) -> FloatArray:
    power = trial.head_load.joint_power
    windows = [trial.frames(a, b) for a, b in zip(trial.steps.transition, trial.steps.toe_off, strict=True)]
    return np.array([power[w].mean() if w.stop > w.start else np.nan for w in windows])


metric(
    "neck_joint_power",
    "Neck joint power in push-off",
    "mean over push-off of M (omega_head - omega_thorax); > 0 the neck works, < 0 it absorbs",
    unit="W",
    family=FAMILY,
    needs=("instants", "head_rotation", "neck_base", "thorax_rotation", "mass"),
    source="D35",
    claims=("A8",),
)(_joint_power)


@metric(
    "head_energy_share",
    "Head's share of the energy gained in push-off",
    "change of the head's energy over push-off / change of the whole body's, in the frame that moves with the mean speed (ratio of sums)",
    unit="1",
    family="push-off to head",
    needs=("instants", "head_rotation", "whole_body", "mass"),
    source="D27",
    claims=("A1",),
    kind="ratio",
)
def head_energy_share(trial: Trial) -> tuple[FloatArray, FloatArray]:
    """Energy change of head and body over push-off, J, per step."""
    head, body = trial.head_load.energies
    start, stop = trial.steps.transition, trial.steps.toe_off
    return trial.change(head, start, stop), trial.change(body, start, stop)

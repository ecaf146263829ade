"""Posture: lean, line of the body, counter-rotation (definitions D60-D65)."""

from __future__ import annotations

import numpy as np

from headway.gait.trial import Trial
from headway.metrics.errors import LengthOnFilm, OnFilm
from headway.metrics.excursion import Excursion
from headway.metrics.on_markers import AngleOnMarkers, PlaceOnMarkers
from headway.metrics.registry import metric
from headway.recording import FloatArray

FAMILY = "posture"
LEAN_WIDEST = 0.175
"""Half an interval of a lean from which it says nothing, rad (10 degrees: runners lean by 2 to 16)."""
HEAD_OVER_NECK = 0.25
"""Height of the ears over the shoulders, m: what a roll of the camera moves forward or back."""


def step_mean(trial: Trial, signal: FloatArray) -> FloatArray:
    """Mean of a frame-wise signal over each stride, or over the step or the stance where no more was recorded, per step."""
    steps = trial.steps
    out = np.full(len(steps), np.nan)
    for k, start in enumerate(steps.initial_contact):
        ends = (steps.next_same[k], steps.next_contact[k], steps.toe_off[k])
        stop = next(end for end in ends if np.isfinite(end))
        piece = signal[trial.frames(float(start), float(stop))]
        if len(piece) and np.isfinite(piece).mean() > 0.9:
            out[k] = np.nanmean(piece)
    return out


def line_roll(trial: Trial, left: str, right: str) -> FloatArray:
    """Roll of the line between two points, rad, shape (frames,); + = right side down."""
    across = trial.motion.position(right) - trial.motion.position(left)
    return -np.arctan2(across[:, 1], across[:, 2])


def line_yaw(trial: Trial, left: str, right: str) -> FloatArray:
    """Yaw of the line between two points, rad, shape (frames,); + = turned to the left."""
    across = trial.motion.position(right) - trial.motion.position(left)
    return np.arctan2(across[:, 0], across[:, 2])


@metric(
    "trunk_lean",
    "Trunk lean",
    "angle of the line from pelvis centre to neck base from the vertical, stride mean; + forward",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("neck_base", "pelvis"),
    source="D60",
    markers=AngleOnMarkers(("trunk",)),
    film=OnFilm(widest=LEAN_WIDEST),
    claims=("A8", "A16", "A18"),
    runner="How far your trunk leans forward.",
    supports="part of the coach's system",
    contradicts="leaning by up to 8 degrees raised metabolic cost by 8 %, 2-4 degrees cost like upright (Carson 2024 and the authors' release); "
    "an upright trunk goes with performance (Folland 2017)",
)
def trunk_lean(trial: Trial) -> FloatArray:
    """Stride mean of the forward angle, rad, per step."""
    line = trial.motion.position("neck_base") - trial.motion.position("pelvis_centre")
    return step_mean(trial, np.arctan2(line[:, 0], line[:, 1]))


@metric(
    "body_lean",
    "Body lean",
    "angle of the line from stance foot to head at midstance from the vertical; + forward",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("head", "feet"),
    source="D61",
    film=OnFilm(like="trunk_lean", widest=LEAN_WIDEST),
    claims=("A8", "A17"),
)
def body_lean(trial: Trial) -> FloatArray:
    """Forward angle at midstance, rad, per step."""
    line = trial.at(trial.motion.position("head_centre"), trial.steps.midstance) - stance_foot_at_midstance(trial)
    return np.arctan2(line[:, 0], line[:, 1])


def stance_foot_at_midstance(trial: Trial) -> FloatArray:
    """Stance foot at midstance, m, shape (steps, 3)."""
    out = np.full((len(trial.steps), 3), np.nan)
    for sign, name in ((1.0, "foot_right"), (-1.0, "foot_left")):
        if trial.motion.has(name):
            out = np.where(
                (trial.steps.side == sign)[:, None], trial.at(trial.motion.position(name), trial.steps.midstance), out
            )
    return out


@metric(
    "body_line_deviation",
    "Distance from the body line",
    "RMS distance of pelvis centre and neck base from the line between stance foot and head at midstance; from a film, its sagittal part",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("head", "neck_base", "pelvis", "feet"),
    source="D62",
    claims=("A17",),
)
def body_line_deviation(trial: Trial) -> FloatArray:
    """RMS distance at midstance, m, per step."""
    axes = trial.seen_axes
    foot = stance_foot_at_midstance(trial)[:, axes]
    line = trial.at(trial.motion.position("head_centre"), trial.steps.midstance)[:, axes] - foot
    unit = line / np.linalg.norm(line, axis=1, keepdims=True)
    squares = []
    for name in ("pelvis_centre", "neck_base"):
        offset = trial.at(trial.motion.position(name), trial.steps.midstance)[:, axes] - foot
        squares.append((offset**2).sum(1) - (offset * unit).sum(1) ** 2)
    return np.sqrt(np.maximum(np.mean(squares, axis=0), 0.0))


@metric(
    "head_anteversion",
    "Head ahead of the neck base",
    "forward distance from neck base to head centre, stride mean; compare within one runner and marker set only",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("head", "neck_base"),
    source="D63",
    markers=PlaceOnMarkers(("head", "trunk"), ("neck_base",)),
    film=OnFilm(widest=0.06, geometry=LengthOnFilm(height=HEAD_OVER_NECK)),
    claims=("A15",),
)
def head_anteversion(trial: Trial) -> FloatArray:
    """Stride mean of the forward distance, m, per step."""
    return step_mean(trial, (trial.motion.position("head_centre") - trial.motion.position("neck_base"))[:, 0])


@metric(
    "hand_sternum_distance",
    "Hands from the sternum",
    "mean distance of both wrists from the suprasternal notch (else the neck base), stride mean",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("hands", "neck_base", "space"),
    source="D64",
    claims=("A18",),
)
def hand_sternum_distance(trial: Trial) -> FloatArray:
    """Stride mean of the two distances' mean, m, per step."""
    centre = trial.motion.position("suprasternal" if trial.motion.has("suprasternal") else "neck_base")
    distances = [np.linalg.norm(trial.motion.position(f"wrist_{side}") - centre, axis=1) for side in ("left", "right")]
    return step_mean(trial, np.mean(distances, axis=0))


@metric(
    "thorax_pelvis_yaw_range",
    "Turn of the shoulders against the pelvis",
    "peak-to-peak of shoulder yaw minus pelvis yaw per stride",
    unit="rad",
    family=FAMILY,
    plane="transverse",
    needs=("shoulders", "pelvis_rotation", "whole_stride"),
    source="D65",
    claims=("A22",),
    kind="range",
)
def thorax_pelvis_yaw_range(trial: Trial) -> Excursion:
    """Yaw of the shoulders against the pelvis, rad."""
    return Excursion(line_yaw(trial, *trial.shoulder_points) - line_yaw(trial, *trial.pelvis_points), "stride")

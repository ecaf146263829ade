"""Joint angles and places of the limbs that a runner knows: knee, hip, foot, overstride, crossover, arm swing (definitions D70-D76)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headway.dynamics.pressure_model import FLAT
from headway.gait.trial import Trial
from headway.metrics.errors import AngleOnFilm, OnFilm
from headway.metrics.excursion import Excursion
from headway.metrics.on_markers import AngleOnMarkers, PlaceOnMarkers
from headway.metrics.posture import step_mean
from headway.metrics.registry import metric
from headway.recording import FloatArray
from headway.signals import seen_mean

FAMILY = "joint angles"
FORWARD, UP, RIGHT = 0, 1, 2
ANGLE_WIDEST = 0.21
"""Half an interval from which an angle of knee, hip or foot says nothing, rad (12 degrees: runners differ by 30)."""
FOOT_WIDEST = 0.3
"""The same for the foot, whose pitch at contact differs by 50 degrees between heel and forefoot runners."""
AHEAD_WIDEST = 0.08
"""The same for a place ahead of or beside the body, m."""
SWING_IN_FILM = AngleOnFilm(tilt=0.07)
"""Error of the bend of a swinging knee, rad, where few rendered films showed less: one real film read 76 to 90 degrees as it is, mirrored,
compressed and lying on its side."""
SIDES = ((1.0, "right"), (-1.0, "left"))


def pitch(trial: Trial, first: str, last: str) -> FloatArray:
    """Angle of the line between two points from straight down, in the sagittal plane, rad, shape (frames,); + = the last ahead."""
    motion = trial.jointed.motion
    line = motion.position(last) - motion.position(first)
    return np.unwrap(np.where(np.isfinite(line[:, UP]), np.arctan2(line[:, FORWARD], -line[:, UP]), np.nan))


def by_side(trial: Trial, of: Callable[[str], FloatArray]) -> FloatArray:
    """Values per step, each from its own side's leg."""
    found = {sign: of(side) for sign, side in SIDES}
    return np.where(trial.steps.side > 0, found[1.0], found[-1.0])


def knee_flexion(trial: Trial, side: str) -> FloatArray:
    """Angle between thigh and shank in the sagittal plane, rad, shape (frames,); 0 = straight, + = bent."""
    bent = pitch(trial, f"hip_{side}", f"knee_{side}") - pitch(trial, f"knee_{side}", f"ankle_{side}")
    return (bent + np.pi) % (2 * np.pi) - np.pi


@metric(
    "knee_flexion_at_contact",
    "Knee bend at contact",
    "angle between thigh and shank in the sagittal plane at initial contact; 0 = straight leg",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "legs", "legs_followed"),
    source="D70",
    markers=AngleOnMarkers(("thigh", "shank")),
    film=OnFilm(widest=ANGLE_WIDEST, at_events=True),
    runner="How much your knee is bent when the foot lands.",
)
def knee_flexion_at_contact(trial: Trial) -> FloatArray:
    """Flexion of the landing leg's knee, rad, per step."""
    return by_side(trial, lambda side: trial.at(knee_flexion(trial, side), trial.steps.initial_contact))


@metric(
    "knee_flexion_in_stance",
    "Knee bend in stance",
    "largest angle between thigh and shank in the sagittal plane while the foot is on the ground",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "legs", "legs_followed"),
    source="D71",
    markers=AngleOnMarkers(("thigh", "shank")),
    film=OnFilm(widest=ANGLE_WIDEST, at_events=True),
    runner="How far your knee bends under load.",
)
def knee_flexion_in_stance(trial: Trial) -> FloatArray:
    """Largest flexion of the standing leg's knee, rad, per step."""
    return _largest(trial, trial.steps.initial_contact, trial.steps.toe_off)


@metric(
    "knee_flexion_in_swing",
    "Knee bend in swing",
    "largest angle between thigh and shank in the sagittal plane from toe-off to the same foot's next contact",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "legs", "legs_followed", "whole_stride"),
    source="D71",
    markers=AngleOnMarkers(("thigh", "shank")),
    film=OnFilm(widest=ANGLE_WIDEST, geometry=SWING_IN_FILM),
    runner="How far your knee bends while the leg swings forward.",
)
def knee_flexion_in_swing(trial: Trial) -> FloatArray:
    """Largest flexion of the swinging leg's knee, rad, at the step that it pushed off from."""
    return _largest(trial, trial.steps.toe_off, trial.steps.next_same)


def _largest(trial: Trial, start: FloatArray, stop: FloatArray) -> FloatArray:
    bent = {side: knee_flexion(trial, side) for _, side in SIDES}
    out = np.full(len(trial.steps), np.nan)
    for k, side in enumerate(trial.steps.names):
        piece = bent[side][trial.frames(float(start[k]), float(stop[k]))]
        if len(piece) and np.isfinite(piece).mean() > 0.9:
            out[k] = np.nanmax(piece)
    return out


@metric(
    "hip_extension_at_toe_off",
    "Hip extension at toe-off",
    "angle of the thigh behind the trunk's line (neck base to pelvis centre, continued) in the sagittal plane at toe-off; + = thigh behind",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "legs", "legs_followed", "neck_base", "pelvis"),
    source="D72",
    markers=AngleOnMarkers(("trunk", "thigh")),
    film=OnFilm(widest=ANGLE_WIDEST, at_events=True),
    runner="How far your thigh reaches behind your trunk when you push off.",
)
def hip_extension_at_toe_off(trial: Trial) -> FloatArray:
    """Angle between thigh and trunk of the leg that pushes off, rad, per step."""
    trunk = pitch(trial, "neck_base", "pelvis_centre")
    return by_side(trial, lambda s: trial.at(trunk - pitch(trial, f"hip_{s}", f"knee_{s}"), trial.steps.toe_off))


@metric(
    "foot_angle_at_contact",
    "Foot angle at contact",
    "pitch of the line from heel to toe at initial contact against its mean over 30-60 % of stance, when the sole is flat; + = toe up",
    unit="rad",
    family=FAMILY,
    plane="sagittal",
    needs=("soles", "legs_followed"),
    source="D73",
    markers=AngleOnMarkers(("foot",)),
    film=OnFilm(widest=FOOT_WIDEST, at_events=True),
    runner="How far your toe points up when the foot lands: above 5 degrees the heel lands first.",
)
def foot_angle_at_contact(trial: Trial) -> FloatArray:
    """Pitch of the landing foot over the flat foot, rad, per step."""
    return by_side(trial, lambda side: _toe_up(trial, side))


def _toe_up(trial: Trial, side: str) -> FloatArray:
    toe = next(name for name in ("toe", "mt2", "mt1", "mt5") if trial.motion.has(f"{name}_{side}"))
    line = pitch(trial, f"heel_{side}", f"{toe}_{side}")
    flat = [
        seen_mean(line[trial.frames(float(a), float(b))])
        for a, b in zip(trial.steps.at(FLAT[0]), trial.steps.at(FLAT[1]), strict=True)
    ]
    return trial.at(line, trial.steps.initial_contact) - np.array(flat)


@metric(
    "overstride",
    "Overstride",
    "forward distance of the landing foot's ankle from the middle of the hips at initial contact",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("hips", "legs", "legs_followed"),
    source="D74",
    markers=PlaceOnMarkers(("pelvis", "shank"), ("hip", "ankle")),
    film=OnFilm(widest=AHEAD_WIDEST, at_events=True),
    runner="How far ahead of your hips the foot lands.",
)
def overstride(trial: Trial) -> FloatArray:
    """Ankle ahead of the hips, m, per step."""
    motion = trial.jointed.motion
    hips = motion.mean("hip_left", "hip_right")[:, FORWARD]
    return by_side(
        trial,
        lambda side: trial.at(motion.position(f"ankle_{side}")[:, FORWARD] - hips, trial.steps.initial_contact),
    )


@metric(
    "foot_crossover",
    "Foot to the side of the midline",
    "lateral distance of the stance foot from the pelvis centre's mean place over the stride, toward its own side; negative = crosses over",
    unit="m",
    family=FAMILY,
    plane="frontal",
    needs=("feet", "feet_apart", "pelvis"),
    source="D75",
    film=OnFilm(widest=AHEAD_WIDEST / 2),
    runner="How far to the side of your midline each foot lands; negative means that it crosses over.",
)
def foot_crossover(trial: Trial) -> FloatArray:
    """Stance foot beside the midline, m, per step."""
    middle = step_mean(trial, trial.motion.position("pelvis_centre")[:, RIGHT])
    return trial.steps.side * (trial.foot_position[:, RIGHT] - middle)


@metric(
    "arm_swing",
    "Arm swing",
    "peak-to-peak per stride of half the forward distance between the wrists, each taken from its own shoulder",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("hands", "shoulders", "whole_stride"),
    source="D76",
    kind="range",
    film=OnFilm(widest=AHEAD_WIDEST),
    runner="How far your hands travel forward and back.",
)
def arm_swing(trial: Trial) -> Excursion:
    """Half of right minus left wrist, m."""
    reach = [
        trial.motion.position(f"wrist_{side}")[:, FORWARD] - trial.motion.position(shoulder)[:, FORWARD]
        for side, shoulder in zip(("left", "right"), trial.shoulder_points, strict=True)
    ]
    return Excursion((reach[1] - reach[0]) / 2, "stride")

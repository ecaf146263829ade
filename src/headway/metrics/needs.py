"""What a metric can need of a trial, why it may be missing, and what to record instead."""

from __future__ import annotations

import numpy as np

from headway.body.segments import in_words
from headway.gait.film_line import on_one_line
from headway.gait.film_pace import APART, heels_apart
from headway.gait.trial import Trial
from headway.texts import TEXTS

FINE_RATE, FINE_STRIDES = 100.0, 20
"""Frames per second and strides of a fine film: it can show changes of forward speed, and its contacts count as measured where their cues agree."""

_NAMES = (
    "force",
    "instants",
    "space",
    "still_camera",
    "pace",
    "sure_contacts",
    "steady_camera",
    "fine_film",
    "plates",
    "mass",
    "whole_body",
    "com_velocity",
    "head",
    "head_midline",
    "head_rotation",
    "head_pitch",
    "head_roll",
    "thorax_rotation",
    "neck_base",
    "neck_midline",
    "pelvis",
    "pelvis_rotation",
    "shoulders",
    "hands",
    "feet",
    "feet_apart",
    "hips",
    "legs",
    "legs_followed",
    "soles",
    "standing",
    "steps",
    "whole_stride",
    "strides",
)
NEEDS: dict[str, tuple[str, str]] = {name: (TEXTS(f"needs.{name}"), TEXTS(f"needs.{name}_record")) for name in _NAMES}
"""Need to (why it is missing, what to record instead)."""


def unmet(trial: Trial) -> dict[str, tuple[str, str]]:
    """Needs that a trial does not meet, each with why and what to record instead."""
    motion, steps = trial.motion, trial.steps
    has_shoulders = motion.has("shoulder_left", "shoulder_right") or motion.has("acromion_left", "acromion_right")
    view, camera = trial.recording.view, trial.recording.camera
    turns = trial.head_rotation is not None
    met: dict[str, bool] = {
        "space": len(trial.seen_axes) == 3,
        "still_camera": camera is None or camera.kind in ("fixed", "unknown"),
        "pace": camera is None or camera.kind in ("fixed", "unknown") or bool(np.isfinite(trial.pace)),
        "fine_film": camera is None
        or (camera.rate >= FINE_RATE and len(steps.strides) >= FINE_STRIDES and camera.kind == "fixed"),
        "sure_contacts": not trial.contacts.doubt,
        "steady_camera": camera is None or camera.kind != "shaking",
        "force": trial.force is not None and bool(np.isfinite(trial.mass)),
        "instants": bool(np.isfinite(trial.steps.transition).any()),
        "plates": trial.plates is not None and bool(np.isfinite(trial.mass)),
        "mass": trial.runner.mass is not None,
        "whole_body": trial.segments.whole_body and motion.has("com"),
        "com_velocity": trial.com_velocity is not None,
        "head": motion.has("head_centre"),
        "head_midline": motion.has("head_centre") and not trial.head_is_off_axis,
        "head_rotation": turns,
        "head_pitch": turns or (view == "side" and motion.has("nose", "head_centre")),
        "head_roll": turns or (view in ("rear", "front") and motion.has("ear_left", "ear_right")),
        "thorax_rotation": motion.has("neck_base", "pelvis_centre") and has_shoulders,
        "neck_base": motion.has("neck_base"),
        "neck_midline": motion.has("neck_base") and not trial.neck_base_is_c7,
        "pelvis": motion.has("pelvis_centre"),
        "pelvis_rotation": motion.has(*trial.pelvis_points),
        "shoulders": has_shoulders,
        "hands": motion.has("wrist_left", "wrist_right"),
        "feet": motion.has("foot_left", "foot_right"),
        "feet_apart": not on_one_line(trial.recording, steps, trial.foot_position[:, 2]),
        "hips": motion.has("hip_left", "hip_right"),
        "legs": trial.jointed.motion.has(
            *(f"{joint}_{side}" for joint in ("knee", "ankle") for side in ("left", "right"))
        ),
        "legs_followed": heels_apart(trial.recording, steps) < APART,
        "soles": all(
            motion.has(f"heel_{side}") and any(motion.has(f"{tip}_{side}") for tip in ("toe", "mt2", "mt1", "mt5"))
            for side in ("left", "right")
        ),
        "standing": trial.head is not None and trial.head.calibrated,
        "steps": bool(np.isfinite(steps.next_contact).any()),
        "strides": trial.phase is not None,
        "whole_stride": bool(steps.strides),
    }
    missing = in_words(trial.segments.missing)
    return {
        need: (why.format(missing=missing, doubt=trial.contacts.doubt), record)
        for need, (why, record) in NEEDS.items()
        if not met[need]
    }

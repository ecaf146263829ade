"""What a metric can need of a trial, why it may be missing, and what to record instead."""

from __future__ import annotations

import numpy as np

from headway.body.segments import in_words
from headway.gait.trial import Trial

FINE_RATE, FINE_STRIDES = 100.0, 20
"""Frames per second and strides from which a film can show changes of forward speed."""

NEEDS: dict[str, tuple[str, str]] = {
    "force": (
        "no ground force was recorded and none can be estimated",
        "record with force plates, or with markers on pelvis, thighs, shanks and feet",
    ),
    "instants": ("the braking-propulsion transition is not known", "record with force plates, or mark the whole body"),
    "space": ("a film shows two of the three directions", "record with markers, or with several calibrated cameras"),
    "still_camera": (
        "the camera moves, so the position in space is lost",
        "put the phone on a tripod or a wall; measures relative to the body remain",
    ),
    "pace": (
        "the camera moves, and the feet tell no speed, or one above 5.3 m/s, which nothing was compared with",
        "put the phone on a tripod or a wall, with the whole runner in the picture",
    ),
    "sure_contacts": ("{doubt}", "film at 120 frames/s or more, with the whole runner in the picture"),
    "steady_camera": (
        "the camera shakes, and so does every height in the picture",
        "put the phone on a tripod or a wall",
    ),
    "fine_film": (
        "changes of forward speed of a few cm/s are below what this film can show",
        "film 20 strides or more at 120 frames/s or more from a fixed camera, or record with markers",
    ),
    "plates": ("no force plates were used, and an estimated force cannot tell", "record with force plates"),
    "mass": ("the runner's mass is not known", "give --mass, or record with force plates"),
    "whole_body": ("some segments have no markers: {missing}", "add markers on the missing segments"),
    "com_velocity": (
        "neither ground force nor a whole body was recorded",
        "record with force plates or whole-body markers",
    ),
    "head": ("the head is not marked", "add at least three markers around the head"),
    "head_midline": (
        "only a front or a back pair is on the head, and its sideways timing is the head's yaw",
        "add a marker at the other end of the head",
    ),
    "head_rotation": (
        "the head's rotation is not known",
        "add at least three markers around the head, C7 and the suprasternal notch",
    ),
    "head_pitch": (
        "the head's pitch is not known",
        "add at least three markers around the head, or film from the side",
    ),
    "head_roll": ("the head's roll is not known", "add at least three markers around the head, or film from behind"),
    "thorax_rotation": (
        "the thorax's rotation is not known",
        "add markers at C7, the suprasternal notch and both acromia",
    ),
    "neck_base": ("the neck base is not marked", "add markers at C7 and the suprasternal notch"),
    "neck_midline": (
        "C7 alone stands for the neck base, and its sideways timing is the thorax's yaw",
        "add a marker at the suprasternal notch",
    ),
    "pelvis": ("the pelvis is not marked", "add markers at both ASIS and PSIS (or the sacrum)"),
    "pelvis_rotation": ("the pelvis's rotation is not known", "add markers at both ASIS"),
    "shoulders": ("the shoulders are not marked on both sides", "add markers at both acromia"),
    "hands": ("the wrists are not marked on both sides", "add markers at both wrists"),
    "feet": ("the feet are not marked on both sides", "add heel and forefoot markers"),
    "hips": ("the hip joint centres cannot be found", "add markers at both ASIS and PSIS"),
    "legs": (
        "knees and ankles are not marked on both sides",
        "add markers at knees and ankles, or clusters of three on thigh and shank, or film the whole leg",
    ),
    "soles": ("heel and toe are not marked on both sides", "add heel and forefoot markers"),
    "standing": ("there is no standing trial of this runner", "give a standing trial with --standing FILE"),
    "steps": (
        "no two successive steps were recorded",
        "record at least two successive steps (treadmill, or more plates)",
    ),
    "whole_stride": (
        "no whole stride was recorded",
        "record at least three successive steps (treadmill, or more plates)",
    ),
    "strides": ("fewer than two whole strides were recorded", "record ten or more strides (treadmill, or more plates)"),
}
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
        "hips": motion.has("hip_left", "hip_right"),
        "legs": trial.jointed.motion.has(
            *(f"{joint}_{side}" for joint in ("knee", "ankle") for side in ("left", "right"))
        ),
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

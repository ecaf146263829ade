"""What the reader of a film's numbers has to know: assumptions, oblique views, odd proportions."""

from __future__ import annotations

import numpy as np

from headway.camera import body_shape
from headway.camera.points import middle, stride_time
from headway.camera.roll import Roll
from headway.camera.scale import FOCAL_SHARE, ImageScale
from headway.camera.view import ViewFound
from headway.errors import RecordingError
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

OBLIQUE = 25.0
"""Angle off the camera's axis beyond which a side view is called oblique, deg."""
UNLIKELY, IMPOSSIBLE = 1.12, 1.6
"""Ratio of two scales from different parts of one body: flagged, and refused."""
SLOW_STRIDES = 1.05
"""Strides per second below which a film is suspected to be in slow motion."""


def size_known(keypoints: KeyPoints, height: float | None) -> bool:
    """Whether the size of the runner or of the image in metres was stated."""
    return height is not None or keypoints.metres_per_pixel is not None


def remarks(
    keypoints: KeyPoints, height: float | None, seen: ViewFound, scale: ImageScale, roll: Roll, phase: FloatArray | None
) -> list[Flag]:
    """Flags for an assumed height, an oblique place, a roll, odd proportions and steps that are too slow.

    Parameters
    ----------
    keypoints
        With landmark names.
    height
        Stature as stated, m.
    seen, scale, roll
        As found.
    phase
        Stride phase, rad, shape (frames,).

    Raises
    ------
    RecordingError
        The points do not have the proportions of a person.
    """
    out = _proportions(keypoints, scale)
    if not size_known(keypoints, height):
        share = round(100 * body_shape.ASSUMED_HEIGHT_SPREAD)
        out.append(
            Flag(
                "height_assumed",
                "warning",
                TEXTS("flags.height_assumed", height=body_shape.ASSUMED_HEIGHT, share=share),
            )
        )
    if seen.name == "side":
        hips = middle(keypoints, "hip")[:, 0] - keypoints.size[0] / 2
        angle = np.degrees(np.arctan(np.abs(hips) / (FOCAL_SHARE * max(keypoints.size))))
        far = float(np.mean(angle[np.isfinite(angle)] > OBLIQUE)) if np.isfinite(angle).any() else 0.0
        if far > 0.25:
            out.append(
                Flag(
                    "far_from_the_axis",
                    "info",
                    TEXTS("flags.far_from_the_axis", far=100 * far),
                )
            )
    if abs(roll.value) > 2 * max(roll.error, np.radians(0.5)):
        out.append(
            Flag(
                "roll_undone",
                "info",
                TEXTS("flags.roll_undone", angle=np.degrees(roll.value), error=np.degrees(roll.error), how=roll.how),
            )
        )
    pace = 0.0 if phase is None else 1.0 / stride_time(keypoints.time, phase)
    if 0 < pace < SLOW_STRIDES:
        message = TEXTS("flags.slow_cadence", pace=120 * pace)
        out.append(Flag("slow_cadence", "warning", message))
    return out


def _proportions(keypoints: KeyPoints, scale: ImageScale) -> list[Flag]:
    out = []
    low, high = min(scale.parts.values()), max(scale.parts.values())
    if high / low > IMPOSSIBLE:
        raise RecordingError(
            keypoints.source,
            "the points found do not have the proportions of a running person",
            "film one runner whole, from head to foot, larger in the picture, and check the view",
        )
    if high / low > UNLIKELY:
        message = TEXTS("flags.proportions_unlikely", high=100 * (high / low - 1))
        out.append(Flag("proportions_unlikely", "warning", message))
    return out


def speed_remarks(keypoints: KeyPoints, positions: FloatArray, speed: float) -> list[Flag]:
    """Compare the speed over the ground (positions in m, shape (frames, points, 3)) with the one stated, m/s."""
    hips = [k for k, name in enumerate(keypoints.names) if name.startswith("hip_")]
    path = positions[:, hips, 0].mean(1)
    fine = np.isfinite(path)
    if fine.sum() < 10:
        return []
    found = float(np.polyfit(keypoints.time[fine], path[fine], 1)[0])
    if abs(found / speed - 1) <= 0.1:
        return []
    return [
        Flag(
            "speed_disagrees",
            "warning",
            TEXTS("flags.speed_disagrees", found=found, speed=speed),
        )
    ]

"""Part of the key points that were read."""

from __future__ import annotations

import numpy as np

from headway.errors import RecordingError
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import Processing

FEWEST_FRAMES = 10


def checked_part(keypoints: KeyPoints, options: Options) -> KeyPoints:
    """Keep the part asked for of key points without their film, and refuse what is too short to be anything.

    Raises
    ------
    RecordingError
        The runner is seen in fewer than ``FEWEST_FRAMES`` frames.
    """
    slow = options.slow_motion or 1.0
    start, stop = (None if one is None else one / slow for one in (options.start, options.stop))
    kept = part(keypoints, start, stop)
    seen = int(np.isfinite(kept.pixels[..., 0]).any(1).sum()) if len(kept.time) else 0
    if seen < FEWEST_FRAMES:
        raise RecordingError(
            kept.source,
            f"the runner is seen in {seen} frames",
            f"at least {FEWEST_FRAMES} are needed: give a longer piece",
        )
    return kept


def part(keypoints: KeyPoints, start: float | None, stop: float | None) -> KeyPoints:
    """Keep the frames between two times (s on the key points' clock); ``None`` leaves an end open."""
    if start is None and stop is None:
        return keypoints
    clock = keypoints.time
    rows = (clock >= (start or 0.0)) & (clock <= (np.inf if stop is None else stop))
    step = Processing("cut", {"start": start, "stop": stop})
    return keypoints.frames(rows, log=(*keypoints.log, step))

"""Speed of a runner filmed from the side: how fast the heels pass the hips while they are on the ground, one number for both feet.

What the camera does is not in it, so that a camera that turns, goes along or shakes tells it as well, and the belt has one speed under both feet.
Key points of a planted heel go along with the hips by a share that grows with speed, and a heel lifts before the foot leaves: on rendered runners
(``benchmarks/fit_film_errors.py``) the plain slope is 14 % too slow, so that a power of it is taken.
"""

from __future__ import annotations

import numpy as np

from headway.camera.film_errors import MODEL, film_errors
from headway.gait.steps import Steps
from headway.recording import Recording

STANCE = (0.15, 0.75)
"""Shares of stance between which a heel is taken to be on the ground."""
BEYOND = 1.1
"""So far beyond the fastest runner of the fit the power is not asked: by about its standard error."""
FEWEST = 6
"""Samples of a stance from which it counts."""


def heel_speed(recording: Recording, steps: Steps) -> float:
    """Speed of the planted heels backward past the middle of the hips, m/s; NaN unless both feet were seen to stand.

    Notes
    -----
    One slope is fitted to all stances of both feet (least squares, each stance about its own mean).
    """
    if not recording.has("hip_left", "hip_right", "heel_left", "heel_right"):
        return float("nan")
    hips = (recording.position("hip_left") + recording.position("hip_right"))[:, 0] / 2
    ways = {side: recording.position(f"heel_{side}")[:, 0] - hips for side in ("left", "right")}
    along, square, seen = 0.0, 0.0, set()
    for side, start, stop in zip(steps.names, steps.at(STANCE[0]), steps.at(STANCE[1]), strict=True):
        inside = (recording.time >= start) & (recording.time <= stop) & np.isfinite(ways[side])
        if inside.sum() >= FEWEST:
            time, way = recording.time[inside], ways[side][inside]
            along -= float((time - time.mean()) @ (way - way.mean()))
            square += float(((time - time.mean()) ** 2).sum())
            seen.add(side)
    return along / square if len(seen) == 2 else float("nan")


def film_pace(recording: Recording, steps: Steps) -> float:
    """Speed over the ground, m/s; NaN where it is not told so: another view or pose model, feet not seen, faster than the fit reaches."""
    heels = heel_speed(recording, steps) if recording.view == "side" and recording.kind == MODEL else float("nan")
    table = film_errors()
    speed = table.pace_factor * heels**table.pace_exponent if heels > 0 else float("nan")
    return speed if speed < BEYOND * table.pace_fastest else float("nan")

"""Speed of a runner filmed from the side: how fast the heels pass the hips while they are on the ground, one number for both feet.

What the camera does is not in it, so that a camera that turns, goes along or shakes tells it as well, and the belt has one speed under both feet.
Key points of a planted heel go along with the hips by a share that grows with speed, and a heel lifts before the foot leaves: on rendered runners
(``benchmarks/fit_film_errors.py``) the plain slope is 14 % too slow, so that a power of it is taken.
"""

from __future__ import annotations

import numpy as np

from headway.camera.film_errors import MODEL, film_errors
from headway.gait.film_stride import SIDES
from headway.gait.steps import Steps
from headway.recording import Recording, Side

STANCE = (0.15, 0.75)
"""Shares of stance between which a heel is taken to be on the ground."""
BEYOND = 1.1
"""So far beyond the fastest runner of the fit the power is not asked: by about its standard error."""
_POINTS = ("hip_left", "hip_right", "heel_left", "heel_right")
FEWEST = 6
"""Samples of a stance from which it counts."""
APART = 0.24
"""Both feet stand on one ground, so that their heels pass the hips alike: apart by 8 % (rms) of their speed in 94 rendered films from the side
(0.23 at worst), by 14 % at most in real films whose feet the pose model follows. Three times that are beyond it: 0.25 and 0.38 in the other two
rendered films, 0.48 in a real one."""


def heel_speed(recording: Recording, steps: Steps) -> float:
    """Speed that both planted heels share, m/s: one slope fitted to all stances of both; NaN unless both feet were seen to stand."""
    if not recording.has(*_POINTS):
        return float("nan")
    sums = _sums(recording, steps)
    along, square = np.sum(list(sums.values()), axis=0) if len(sums) == 2 else (np.nan, np.nan)
    return float(along / square)


def heels_apart(recording: Recording, steps: Steps) -> float:
    """Difference of both heels' speeds while they stand, as a share of their mean; 0 but in films from the side that show both."""
    if recording.view != "side" or recording.kind != MODEL or not recording.has(*_POINTS):
        return 0.0
    speeds = [along / square for along, square in _sums(recording, steps).values()]
    return 2 * abs(speeds[0] - speeds[1]) / abs(sum(speeds)) if len(speeds) == 2 else 0.0


def _sums(recording: Recording, steps: Steps) -> dict[Side, tuple[float, float]]:
    """Way times time, and time squared, over the stances of each foot that was seen to stand."""
    hips = (recording.position("hip_left") + recording.position("hip_right"))[:, 0] / 2
    ways = {side: recording.position(f"heel_{side}")[:, 0] - hips for side in SIDES}
    sums: dict[Side, tuple[float, float]] = {}
    for side, start, stop in zip(steps.names, steps.at(STANCE[0]), steps.at(STANCE[1]), strict=True):
        inside = (recording.time >= start) & (recording.time <= stop) & np.isfinite(ways[side])
        if inside.sum() >= FEWEST:
            time, way = recording.time[inside], ways[side][inside]
            along, square = sums.get(side, (0.0, 0.0))
            along -= float((time - time.mean()) @ (way - way.mean()))
            sums[side] = along, square + float(((time - time.mean()) ** 2).sum())
    return sums


def film_pace(recording: Recording, steps: Steps) -> float:
    """Speed over the ground, m/s; NaN where it is not told so: another view or pose model, feet not seen, faster than the fit reaches."""
    heels = heel_speed(recording, steps) if recording.view == "side" and recording.kind == MODEL else float("nan")
    table = film_errors()
    speed = table.pace_factor * heels**table.pace_exponent if heels > 0 else float("nan")
    return speed if speed < BEYOND * table.pace_fastest else float("nan")

"""Whether a film plays in real time: a runner in the air falls with g, and a slowed film shows less."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from headway.camera.points import middle, stride_phase, trunk_length
from headway.errors import RecordingError
from headway.periodic import fit_series
from headway.pose.keypoints import KeyPoints
from headway.recording import GRAVITY, Flag, FloatArray

TRUNK = 0.50
"""Mid-shoulder to mid-hip of a runner, m; ±10 % between people and with the lean, which is ±5 % of tempo."""
SWING = 1.30
"""Upward acceleration at step frequency in g: half-sine stances of 50-80 % of the step give 1.04-1.57."""
REAL = (0.45, 2.2)
"""Apparent gravity, g, that passes for real time (a tempo within about 1.5)."""
COARSE = (0.2, 5.0)
"""The same where each picture was shown several times: few pictures per step tell the fall only roughly."""
FACTORS = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Slow motion that is looked for."""
SECONDS = 1.0


@dataclass(frozen=True)
class Tempo:
    """How fast a film plays.

    Attributes
    ----------
    factor
        Times slower than reality.
    gravity
        Apparent gravity once that is undone, g.
    """

    factor: float
    gravity: float


def real_time(keypoints: KeyPoints, *, stated: bool) -> KeyPoints:
    """Undo slow motion that the file does not tell of.

    Parameters
    ----------
    keypoints
        With landmark names.
    stated
        The user has told the tempo: nothing is done.

    Notes
    -----
    Where each picture is shown several times, as by a converter that slows a film down, that factor is taken if it brings the fall nearer to g. No
    other factor is taken without being asked.

    Raises
    ------
    RecordingError
        The runner falls too slowly, and nothing in the file says by how much.
    """
    if stated:
        return keypoints
    now = apparent_gravity(keypoints)
    if now is not None and REAL[0] <= now <= REAL[1]:
        return keypoints
    repeats = keypoints.shown
    if repeats >= 2:
        slowed = apparent_gravity(_faster(keypoints, repeats))
        if slowed is not None and COARSE[0] <= slowed <= COARSE[1]:
            text = (
                f"each picture is shown {repeats:.0f} times, and the runner falls too slowly for real time: taken as slow motion of that factor; "
                "give --slow-motion to say otherwise"
            )
            return _faster(keypoints, repeats).logged(
                "real_time",
                flags=(Flag("slow_motion_found", "warning", text),),
                arguments={"factor": repeats, "gravity": slowed},
            )
    found = _looked_for(keypoints)
    if found is None:
        return keypoints
    factor = found.factor * keypoints.slow_motion
    raise RecordingError(
        keypoints.source,
        f"the runner falls too slowly for real time: the film seems to play about {found.factor:.0f} times slower",
        f"give --slow-motion {factor:.0f} (or the right factor; 1 if it is no slow motion)",
    )


def apparent_gravity(keypoints: KeyPoints) -> float | None:
    """Gravity that the up and down of the trunk shows, g; ``None`` without a clear stride.

    The upward acceleration of the body at step frequency follows from weight and duty factor alone (half-sine stances; Morin 2005), whatever
    the runner's speed.
    """
    phase = stride_phase(keypoints)
    if phase is None:
        return None
    trunk = trunk_length(keypoints)
    height = (middle(keypoints, "shoulder") + middle(keypoints, "hip"))[:, 1] / 2
    scale = _smoothed(keypoints.time, trunk) / TRUNK
    seen = np.isfinite(height) & np.isfinite(scale)
    if seen.sum() < 20:
        return None
    time = keypoints.time - keypoints.time[0]
    drift = np.vander(time / max(time[-1], 1e-9), 4)
    bounce = fit_series(phase, (height / scale)[:, None], 2, slow=drift).phasors[1, 0]
    pace = 2 * float(np.polyfit(time[seen], phase[seen], 1)[0])
    return float(np.abs(bounce) * pace**2 / (SWING * GRAVITY))


def _smoothed(time: FloatArray, values: FloatArray) -> FloatArray:
    """Running median over about a second."""
    out = np.full(len(values), np.nan)
    for k, now in enumerate(time):
        near = values[np.abs(time - now) <= SECONDS / 2]
        near = near[np.isfinite(near)]
        out[k] = np.median(near) if len(near) else np.nan
    return out


def _faster(keypoints: KeyPoints, factor: float) -> KeyPoints:
    return replace(keypoints, time=keypoints.time[0] + (keypoints.time - keypoints.time[0]) / factor)


def _looked_for(keypoints: KeyPoints) -> Tempo | None:
    """The slow motion under which the runner falls most nearly with g; ``None`` where none does."""
    found = []
    for factor in FACTORS:
        gravity = apparent_gravity(_faster(keypoints, factor))
        if gravity is not None and REAL[0] <= gravity <= REAL[1]:
            found.append(Tempo(factor, gravity))
    return min(found, key=lambda tempo: abs(np.log(tempo.gravity))) if found else None

"""Whether a film plays in real time: a runner in the air falls with g, and a slowed film shows less."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from headway.camera.points import middle, stride_phase, stride_time, trunk_length
from headway.errors import RecordingError
from headway.periodic import fit_series
from headway.pose.keypoints import KeyPoints
from headway.recording import GRAVITY, Flag, FloatArray
from headway.texts import TEXTS

TRUNK = 0.50
"""Mid-shoulder to mid-hip of a runner, m; ±10 % between people and with the lean, which is ±5 % of tempo."""
SWING = 1.30
"""Upward acceleration at step frequency in g: half-sine stances of 50-80 % of the step give 1.04-1.57."""
REAL = (0.45, 2.2)
"""Apparent gravity, g, that passes for real time (a tempo within about 1.5)."""
FACTORS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0)
"""Slow motion under which a stride is looked for."""
SOURCES = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0, 240.0)
"""Pictures per second that cameras take."""
CADENCE = 172.0
"""Steps per minute of runners."""
OF_GRAVITY, OF_CADENCE = 0.2, 0.12
"""Standard errors of the logarithm of a factor told by the fall (trunk, duty factor, a camera that moves along) and by cadence (137-217)."""
SECONDS = 1.0


@dataclass(frozen=True)
class Tempo:
    """How many times slower than reality a film plays, from the fall of the trunk and from cadence.

    Attributes
    ----------
    factor, low, high
        The factor and its 95 % interval.
    cadence
        Steps per minute as the film shows them.
    """

    factor: float
    low: float
    high: float
    cadence: float


def real_time(keypoints: KeyPoints, *, stated: bool) -> KeyPoints:
    """Undo slow motion that the file does not tell of.

    Parameters
    ----------
    keypoints
        With landmark names.
    stated
        The user has told the tempo: nothing is done.

    Returns
    -------
    KeyPoints
        Where each picture is shown several times, as by a converter that slows a film down, it is slow motion of a camera that took one of
        ``SOURCES``: undone where one of them fits, and with all that fit as ``readings`` where several do.

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
    found = _told_by_the_runner(keypoints)
    if found is None or found.low <= 1.0:
        return keypoints
    fits = _readings(keypoints, found)
    if fits and keypoints.shown >= 2:
        return _undone(keypoints, found, fits)
    slow = keypoints.slow_motion
    factor = min((f for f in FACTORS if f > 1), key=lambda f: abs(np.log(f / found.factor)))
    sources = " or ".join(f"{one:.3g} if {one * keypoints.rate:.0f} pictures were taken a second" for one in fits)
    raise RecordingError(
        keypoints.source,
        f"the runner falls too slowly for real time: the film seems to play about {factor:.0f} times slower "
        f"({found.low:.1f} to {found.high:.1f}{'; ' + sources if sources else ''})",
        f"give --slow-motion {factor * slow:.0f} (or the right factor; 1 if it is no slow motion)",
    )


def _undone(keypoints: KeyPoints, found: Tempo, fits: list[float]) -> KeyPoints:
    """Times of the first reading, with a flag that tells all of them; the first is that of a camera as fast as the file, if that fits."""
    fits = sorted(fits, key=lambda one: (abs(one - keypoints.shown) > 0.05, abs(np.log(one / found.factor))))
    taken = keypoints.shown * keypoints.rate
    words = [
        TEXTS("words.slow_motion_reading", times=one, rate=one * keypoints.rate, cadence=found.cadence * one)
        for one in fits
    ]
    several = len(fits) > 1
    end = TEXTS("words.which_slow_motion" if several else "words.other_slow_motion")
    said = " or ".join(words)
    text = f"{TEXTS('flags.slow_motion', shown=keypoints.shown, taken=taken, words=said)}; {end}"
    code = "slow_motion_readings" if several else "slow_motion_found"
    played = replace(keypoints, time=keypoints.time / fits[0], slow_motion=keypoints.slow_motion * fits[0])
    return played.logged(
        "real_time",
        flags=(Flag(code, "warning", text),),
        arguments={"factor": fits[0], "readings": fits, "low": found.low, "high": found.high},
        readings=tuple(fits) if several else (),
    )


def _readings(keypoints: KeyPoints, found: Tempo) -> list[float]:
    """Factors by which cameras of the usual rates are slowed to this film's new pictures, as far as they fit the runner."""
    own = [source / keypoints.rate for source in SOURCES]
    return [factor for factor in own if found.low <= factor <= found.high]


def _told_by_the_runner(keypoints: KeyPoints) -> Tempo | None:
    """The factor that makes the runner fall with g at a runner's cadence; ``None`` without a clear stride at any tempo."""
    found: list[tuple[float, float, float]] = []
    for tried in FACTORS:
        faster = _faster(keypoints, tried)
        gravity, phase = apparent_gravity(faster), stride_phase(faster)
        if gravity is not None and phase is not None:
            found.append(
                (abs(np.log(gravity)), tried / np.sqrt(gravity), 120 / stride_time(faster.time, phase) / tried)
            )
    if not found:
        return None
    _, fall, cadence = min(found)
    told = np.log([fall, CADENCE / cadence])
    errors = np.array([OF_GRAVITY, OF_CADENCE])
    weights = errors**-2 / (errors**-2).sum()
    centre = float(weights @ told)
    apart = abs(told[1] - told[0]) / float(np.hypot(*errors))
    spread = 1.96 * max(1.0, apart) * float((errors**-2).sum()) ** -0.5
    return Tempo(float(np.exp(centre)), float(np.exp(centre - spread)), float(np.exp(centre + spread)), cadence)


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

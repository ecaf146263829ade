"""What is done with virtual sensors before and after a run: shaken in one hand, put on, worn from standing to speed, taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from headway.recording import FloatArray

Motion = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
"""Times (n,) to acceleration (n, 3), rotation (n, 3, 3) and angular velocity (n, 3), all in the axes forward, up, right."""
SHAKE = 3.0
"""Length of a shake, s."""
TONES = ((2.1, 9.0), (3.3, 7.0), (4.7, 5.0))
"""Frequencies, Hz, and sizes, m/s², of what a shake is made of."""
DIFFERENCE = 1e-4
"""Half the step by which angular velocity is told from rotation, s."""


@dataclass(frozen=True)
class Handling:
    """How a runner who follows the documents handles the sensors.

    Attributes
    ----------
    size, tempo
        Of the shake, against 9 m/s² and 2-5 Hz.
    still
        Quiet standing before a shake, after it, and between putting on and running; putting on and taking off take as long, s.
    again
        The sensors are shaken after the run too.
    before
        They are shaken before it.
    hand
        How the sensor lies in the hand, against how it is worn while standing; it is turned over while it is put on.
    start, speed
        Seconds from standing to running, and the speed then, m/s.
    seed
        Of the shake's tones: the same for sensors in one hand.
    """

    size: float = 1.0
    tempo: float = 1.0
    still: float = 2.0
    again: bool = False
    before: bool = True
    hand: Rotation = field(default_factory=Rotation.identity)
    start: float = 1.5
    speed: float = 3.0
    seed: int = 0

    @property
    def lead(self) -> float:
        """Time before the run, s."""
        return 4 * self.still + SHAKE if self.before else self.still

    @property
    def tail(self) -> float:
        """Time after the run, s."""
        return 4 * self.still + SHAKE if self.again else self.still


def handled(motion: Motion, duration: float, handling: Handling) -> Motion:
    """The motion of a sensor from before the first shake to after the last; the run begins at ``handling.lead``.

    Parameters
    ----------
    motion
        Of the run, from its time 0.
    duration
        Of the run, s.
    handling
        What is done before and after.
    """
    standing = Rotation.from_matrix(motion(np.linspace(0.0, min(duration, 4.0), 200))[1]).mean()
    stop = handling.lead + duration

    def whole(time: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        acceleration = np.zeros((len(time), 3))
        on = (time >= handling.lead) & (time < stop)
        acceleration[on] = _grown(time[on] - handling.lead, duration, handling) * motion(time[on] - handling.lead)[0]
        acceleration += _getting_going(time, duration, handling)
        for begin in _begins(handling, stop):
            during = (time >= begin) & (time < begin + SHAKE)
            acceleration[during] += _push(time[during] - begin, handling)
        before, after = (pose(time + step) for step in (-DIFFERENCE, DIFFERENCE))
        return acceleration, pose(time).as_matrix(), (after * before.inv()).as_rotvec() / (2 * DIFFERENCE)

    def pose(time: FloatArray) -> Rotation:
        turned = np.zeros((len(time), 3))
        on = (time >= handling.lead) & (time < stop)
        if on.any():
            away = Rotation.from_matrix(motion(time[on] - handling.lead)[1]) * standing.inv()
            turned[on] = _grown(time[on] - handling.lead, duration, handling) * away.as_rotvec()
        for begin in _begins(handling, stop):
            during = (time >= begin) & (time < begin + SHAKE)
            turned[during] = _twist(time[during] - begin, handling)
        return Rotation.from_rotvec(turned) * standing * _in_hand(time, stop, handling)

    return whole


def _begins(handling: Handling, stop: float) -> list[float]:
    return [handling.still] * handling.before + [stop + 3 * handling.still] * handling.again


def _grown(time: FloatArray, duration: float, handling: Handling) -> FloatArray:
    """How far the run has grown, 0 to 1, shape (n, 1)."""
    if handling.start <= 0.0:
        return np.ones((len(time), 1))
    ends = np.minimum(time, duration - time) / handling.start
    return (np.sin(np.pi / 2 * np.clip(ends, 0.0, 1.0)) ** 2)[:, None]


def _getting_going(time: FloatArray, duration: float, handling: Handling) -> FloatArray:
    """Forward acceleration from standing to speed, and back, m/s²."""
    out = np.zeros((len(time), 3))
    if handling.start <= 0.0:
        return out
    for begin, sign in ((handling.lead, 1.0), (handling.lead + duration - handling.start, -1.0)):
        share = (time - begin) / handling.start
        inside = (share >= 0.0) & (share < 1.0)
        out[inside, 0] += sign * handling.speed / handling.start * (np.pi / 2) * np.sin(np.pi * share[inside])
    return out


def _in_hand(time: FloatArray, stop: float, handling: Handling) -> Rotation:
    """Turn of the sensor against how it is worn: in the hand, and while it is put on and taken off."""
    hand, worn = handling.hand, Rotation.identity()
    lead, still = handling.lead, handling.still
    first, last = (hand if shaken else worn for shaken in (handling.before, handling.again))
    on, off = (lead - 2 * still, lead - still), (stop + still, stop + 2 * still)
    keys = np.array([-1e9, *on, *off, 1e9])
    return Slerp(keys, Rotation.concatenate([first, first, worn, worn, last, last]))(time)


def _tones(time: FloatArray, handling: Handling) -> list[tuple[float, FloatArray, FloatArray]]:
    """Size, phase over time, and phase of the twist of every tone."""
    starts = np.array([0.3, 1.9, 4.0]) + np.random.default_rng(handling.seed).uniform(0, 2 * np.pi, 3) * bool(
        handling.seed
    )
    return [
        (
            handling.size * size,
            2 * np.pi * handling.tempo * f * time + p,
            0.9 * 2 * np.pi * handling.tempo * f * time + 2 * p,
        )
        for (f, size), p in zip(TONES, starts, strict=True)
    ]


def _push(time: FloatArray, handling: Handling) -> FloatArray:
    """Acceleration of a shake, m/s²."""
    push = sum(np.outer(np.sin(phase), [a, 0.6 * a, -0.4 * a]) for a, phase, _ in _tones(time, handling))
    return np.asarray(push) * _window(time)


def _twist(time: FloatArray, handling: Handling) -> FloatArray:
    """Turn of a shake, rad: some 2 rad/s at 9 m/s²."""
    rates = 0.9 * 2 * np.pi * handling.tempo * np.array([f for f, _ in TONES])
    twist = sum(
        np.outer(np.sin(phase), [0.2 * a, -0.1 * a, 0.15 * a]) / rate
        for (a, _, phase), rate in zip(_tones(time, handling), rates, strict=True)
    )
    return np.asarray(twist) * _window(time)


def _window(time: FloatArray) -> FloatArray:
    return (np.sin(np.pi * time / SHAKE) ** 2)[:, None]

"""Values per stride of every quantity, or why a run cannot carry it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from headway.periodic import waveform
from headway.recording import GRAVITY, ComplexArray, FloatArray
from headway.sensors.contact import LEAST_RATE
from headway.sensors.definitions import QUANTITIES, NotCarried
from headway.sensors.run import Run, Track
from headway.sensors.spectrum import BANDS, attenuations, carries

PHASES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
"""Phases of the stride at which ranges are read, rad."""
FORWARD, UP, RIGHT = 0, 1, 2
ROLL, YAW, PITCH = 3, 4, 5
WORDS = {"head": "head", "sacrum": "sacrum"}


def values(run: Run, name: str) -> Any:
    """Values per stride as :func:`headway.statistics.components` takes them.

    Raises
    ------
    NotCarried
        The run cannot tell this quantity.
    """
    return _COMPUTE[name](run)


def _track(run: Run, where: str, *, size: bool = True) -> Track:
    track = run.tracks.get(where)
    if track is None:
        raise NotCarried(f"no sensor was worn on the {WORDS[where]}", f"wear a sensor on the {WORDS[where]}")
    if size and track.clipped:
        raise NotCarried(
            f"the {where} sensor is clipped: its peaks are missing", "use a sensor with a larger range (16 g)"
        )
    return track


def _sideways(run: Run, where: str) -> ComplexArray:
    """Harmonics of the sideways displacement, m, shape (strides, harmonics)."""
    track = _track(run, where)
    if not track.level.planar:
        raise NotCarried("the sideways axis was not recorded", "record all three axes")
    if not track.rotates:
        raise NotCarried(
            f"the {where} sensor has no gyroscope: one degree of roll looks like 2.4 mm of sideways motion",
            "record the gyroscope too",
        )
    return track.path(run.strides)[:, :, RIGHT]


def _amplitude(where: str) -> Callable[[Run], ComplexArray]:
    return lambda run: _sideways(run, where)[:, 0]


def _timed(where: str) -> Callable[[Run], ComplexArray]:
    def compute(run: Run) -> ComplexArray:
        """Complex amplitude; its angle needs the stance foot."""
        bounce = _sideways(run, where)[:, 0]
        if not run.sides_known and run.tracks[where].facing.how != "sideways":
            raise NotCarried("left and right could not be told apart", "wear a sensor with a gyroscope at the sacrum")
        if not run.sides_known:
            raise NotCarried(
                "neither the feet nor the front of the head sensor are known, so that the phase could be 180 degrees off",
                "wear a sensor with a gyroscope at the sacrum too, or declare which axis points forward",
            )
        return bounce

    return compute


def _asymmetry(where: str) -> Callable[[Run], FloatArray]:
    def compute(run: Run) -> FloatArray:
        """Place toward the stance side at midstance around the stride's mean, m."""
        path = _sideways(run, where)
        if not run.sides_known:
            raise NotCarried("left and right could not be told apart", "wear a sensor with a gyroscope at the sacrum")
        order = np.arange(1, path.shape[1] + 1)
        here = np.where(run.side[:, None] > 0, 1.0, (-1.0) ** order)
        return run.side * np.real(path * here).sum(1)

    return compute


def _odd_share(run: Run) -> tuple[FloatArray, FloatArray]:
    size = np.abs(_sideways(run, "head")[:, :3])
    return size[:, 0] + size[:, 2], size.sum(1)


def _oscillation(where: str) -> Callable[[Run], FloatArray]:
    def compute(run: Run) -> FloatArray:
        """Peak to peak of the height over the first step of each stride, m."""
        heights = waveform(_track(run, where).path(run.strides)[:, :, UP], PHASES, axis=1)
        return np.ptp(_first_step(heights, run), axis=1)

    return compute


def _first_step(curves: FloatArray, run: Run) -> FloatArray:
    """The half of the stride that begins with the stride's own midstance, shape (strides, m / 2)."""
    half = len(PHASES) // 2
    return np.where((run.side > 0)[:, None], curves[:, :half], curves[:, half:])


def _vertical_pair(run: Run) -> tuple[ComplexArray, FloatArray]:
    head, sacrum = (_track(run, where).path(run.strides)[:, 1, UP] for where in ("head", "sacrum"))
    return np.conj(head) * sacrum, np.abs(sacrum) ** 2


def _lag(run: Run) -> tuple[ComplexArray, FloatArray, FloatArray]:
    pair = _vertical_pair(run)
    alignment = run.tracks["head"].alignment or run.tracks["sacrum"].alignment
    if alignment is not None and not alignment.carries_lag:
        raise NotCarried(
            "the clocks were laid together by the steps themselves, which takes the lag away",
            "hold both sensors in one hand and shake them for three seconds before the run",
        )
    return *pair, 2 * run.strides.frequency


def _peak(run: Run) -> FloatArray:
    track = _track(run, "head")
    if track.rate < 45.0:
        raise NotCarried(f"{track.rate:.0f} samples per second cut the peak off", "record at 50 Hz or faster")
    upward = waveform(track.harmonics[..., UP], PHASES, axis=1)
    return _first_step(upward, run).max(1) / GRAVITY


def _attenuation(name: str) -> Callable[[Run], FloatArray]:
    def compute(run: Run) -> FloatArray:
        """Attenuation in stretches, dB."""
        for where in ("head", "sacrum"):
            track = _track(run, where)
            if not carries(track, name):
                low, high = BANDS[name]
                raise NotCarried(
                    f"the {where} sensor's {track.rate:.0f} samples per second do not carry {low:g}-{high:g} Hz",
                    f"record at {2.5 * high:.0f} Hz or faster",
                )
        return attenuations(run)[name]

    return compute


def _range(where: str, axis: int, *, per_step: bool = False) -> Callable[[Run], FloatArray]:
    def compute(run: Run) -> FloatArray:
        """Peak to peak of an angle, rad."""
        track = _track(run, where, size=False)
        if not track.rotates:
            raise NotCarried(f"the {where} sensor has neither gyroscope nor orientation", "record the gyroscope too")
        curves = waveform(track.harmonics[..., axis], PHASES, axis=1)
        return np.ptp(_first_step(curves, run) if per_step else curves, axis=1)

    return compute


def _roll_at_midstance(run: Run) -> FloatArray:
    track = _track(run, "head", size=False)
    if not track.rotates:
        raise NotCarried("the head sensor has neither gyroscope nor orientation", "record the gyroscope too")
    if not run.sides_known:
        raise NotCarried("left and right could not be told apart", "wear a sensor with a gyroscope at the sacrum")
    roll = track.harmonics[..., ROLL]
    here = np.where(run.side[:, None] > 0, 1.0, (-1.0) ** np.arange(1, roll.shape[1] + 1))
    return run.side * np.real(roll * here).sum(1)


def _speed(run: Run) -> FloatArray:
    if not np.isfinite(run.speed).any():
        raise NotCarried("body-worn sensors do not know the speed", "add the watch's FIT file, or give --speed")
    return run.speed


def _contact(run: Run) -> FloatArray:
    if np.isfinite(run.contact).any():
        return run.contact
    foot = run.recording.sensor("foot_right", "foot_left")
    if foot is not None:
        why = f"the foot sensor has no gyroscope, fewer than {LEAST_RATE:g} samples per second, or shows no stance"
        raise NotCarried(why, "record the foot's gyroscope at 100 Hz or faster")
    raise NotCarried(
        "sensors on head, trunk or shank place contact and toe-off with limits of ±90-150 ms (Kiernan 2023)",
        "wear a sensor with a gyroscope on the foot (100 Hz or more)",
    )


def _loading_rate(run: Run) -> FloatArray:
    raise NotCarried(
        "an accelerometer's loading rate has limits of agreement beyond ±65 % (Kiernan 2023)",
        "record with force plates",
    )


def step_times(run: Run) -> FloatArray:
    """Time of the first step of every stride, s."""
    return run.strides.middle - run.strides.start


_COMPUTE: dict[str, Callable[[Run], Any]] = {
    "step_time": step_times,
    "stride_time": lambda run: run.strides.stop - run.strides.start,
    "cadence": lambda run: (np.full(len(run.strides), 60.0), step_times(run)),
    "speed": _speed,
    "step_length": lambda run: _speed(run) * step_times(run),
    "contact_time": _contact,
    "pelvis_vertical_oscillation": _oscillation("sacrum"),
    "head_vertical_oscillation": _oscillation("head"),
    "head_pelvis_vertical_gain": lambda run: tuple(_vertical_pair(run)),
    "head_lag_vertical": _lag,
    "head_acceleration_peak": _peak,
    "shock_attenuation_3_8": _attenuation("shock_attenuation_3_8"),
    "shock_attenuation_9_20": _attenuation("shock_attenuation_9_20"),
    "vertical_loading_rate": _loading_rate,
    "lateral_harmonic_ratio": _odd_share,
    "head_roll_range": _range("head", ROLL),
    "head_pitch_range": _range("head", PITCH, per_step=True),
    "head_yaw_range": _range("head", YAW),
    "head_roll_at_midstance": _roll_at_midstance,
    "pelvic_list_range": _range("sacrum", ROLL),
    "pelvis_yaw_range": _range("sacrum", YAW),
}
for _prefix, _where in (("", "head"), ("pelvis_", "sacrum")):
    _COMPUTE[f"{_prefix}lateral_bounce_amplitude"] = _amplitude(_where)
    _COMPUTE[f"{_prefix}lateral_bounce_phase"] = _timed(_where)
    _COMPUTE[f"{_prefix}lateral_bounce_locking"] = _amplitude(_where)
    _COMPUTE[f"{_prefix}lateral_bounce_asymmetry"] = _asymmetry(_where)
if set(_COMPUTE) != set(QUANTITIES):
    raise AssertionError("quantities and their computation differ")

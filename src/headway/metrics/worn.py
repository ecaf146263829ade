"""Values per stride of the metrics that body-worn sensors carry, or why a run does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from headway.metrics.registry import CannotMeasure
from headway.recording import GRAVITY, ComplexArray, FloatArray
from headway.texts import TEXTS

if TYPE_CHECKING:
    from headway.sensors.run import Run, SensorTrack

PHASES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
"""Phases of the stride at which ranges are read, rad."""
FORWARD, UP, RIGHT = 0, 1, 2
ROLL, YAW, PITCH = 3, 4, 5


def _track(run: Run, where: str, *, size: bool = True) -> SensorTrack:
    track = run.tracks.get(where)
    if track is None:
        raise CannotMeasure(TEXTS("refused.not_worn", where=where), TEXTS("refused.wear_there", where=where))
    if size and track.clipped:
        raise CannotMeasure(TEXTS("refused.reached_limit", where=where), TEXTS("refused.larger_range"))
    return track


def _sideways(run: Run, where: str) -> ComplexArray:
    """Harmonics of the sideways displacement, m, shape (strides, harmonics)."""
    track = _track(run, where)
    if not track.level.planar:
        raise CannotMeasure(TEXTS("refused.no_sideways"), TEXTS("refused.record_three_directions"))
    if not track.rotates:
        raise CannotMeasure(
            TEXTS("refused.no_gyroscope", where=where),
            TEXTS("refused.record_gyroscope"),
        )
    return track.path(run.strides)[:, :, RIGHT]


def amplitude(where: str) -> Callable[[Run], ComplexArray]:
    """Sideways swing at stride frequency, m, complex per stride."""
    return lambda run: _sideways(run, where)[:, 0]


SIDES = (TEXTS("refused.sides"), TEXTS("refused.sides_record"))
FRONT = (TEXTS("refused.front"), TEXTS("refused.front_record"))


def _sided(run: Run, where: str) -> None:
    """Refuse what needs the stance foot and the sensor's left and right, where these are not known."""
    if not run.sides_known:
        raise CannotMeasure(*SIDES)
    if not run.tracks[where].facing.front_known:
        raise CannotMeasure(*FRONT)


def timed(where: str) -> Callable[[Run], ComplexArray]:
    """The same where its timing can be told."""

    def compute(run: Run) -> ComplexArray:
        """Complex amplitude; its angle needs the stance foot."""
        bounce = _sideways(run, where)[:, 0]
        _sided(run, where)
        return bounce

    return compute


def asymmetry(where: str) -> Callable[[Run], FloatArray]:
    """Sides compared at their midstances."""

    def compute(run: Run) -> FloatArray:
        """Place toward the stance side at midstance around the stride's mean, m."""
        path = _sideways(run, where)
        _sided(run, where)
        order = np.arange(1, path.shape[1] + 1)
        here = np.where(run.side[:, None] > 0, 1.0, (-1.0) ** order)
        return run.side * np.real(path * here).sum(1)

    return compute


def odd_share(run: Run) -> tuple[FloatArray, FloatArray]:
    """First and third harmonic of the sideways path, and all three, m."""
    size = np.abs(_sideways(run, "head")[:, :3])
    return size[:, 0] + size[:, 2], size.sum(1)


def oscillation(where: str) -> Callable[[Run], FloatArray]:
    """Up and down of a sensor over a step."""

    def compute(run: Run) -> FloatArray:
        """Peak to peak of the height over the first step of each stride, m."""
        heights = _curves(_track(run, where).path(run.strides)[:, :, UP])
        return np.ptp(_first_step(heights, run), axis=1)

    return compute


def _curves(harmonics: ComplexArray) -> FloatArray:
    """Waves of every stride at ``PHASES``, shape (strides, 64)."""
    from headway.periodic import waveform

    return waveform(harmonics, PHASES, axis=1)


def _first_step(curves: FloatArray, run: Run) -> FloatArray:
    """The half of the stride that begins with the stride's own midstance, shape (strides, m / 2)."""
    half = len(PHASES) // 2
    return np.where((run.side > 0)[:, None], curves[:, :half], curves[:, half:])


def vertical_pair(run: Run) -> tuple[ComplexArray, FloatArray]:
    """Cross-product of head and sacrum at step frequency, and the power of the sacrum."""
    head, sacrum = (_track(run, where).path(run.strides)[:, 1, UP] for where in ("head", "sacrum"))
    return np.conj(head) * sacrum, np.abs(sacrum) ** 2


def lag(run: Run) -> tuple[ComplexArray, FloatArray, FloatArray]:
    """The same with the angular frequency of the step, rad/s."""
    pair = vertical_pair(run)
    alignment = run.tracks["head"].alignment or run.tracks["sacrum"].alignment
    if alignment is not None and not alignment.carries_lag:
        raise CannotMeasure(
            TEXTS("refused.lag_taken_away"),
            TEXTS("refused.move_both"),
        )
    return *pair, 2 * run.strides.frequency


def peak(run: Run) -> FloatArray:
    """Greatest upward acceleration of the head in the first step of every stride, g."""
    track = _track(run, "head")
    if track.rate < 45.0:
        raise CannotMeasure(TEXTS("refused.peak_cut_off", rate=track.rate), TEXTS("refused.record_at_50"))
    upward = _curves(track.harmonics[..., UP])
    return _first_step(upward, run).max(1) / GRAVITY


def attenuation(low: float, high: float) -> Callable[[Run], FloatArray]:
    """Power of a band (Hz) at the head over that at the sacrum."""

    def compute(run: Run) -> FloatArray:
        """Attenuation in stretches, dB."""
        from headway.sensors.spectrum import attenuations, carries

        for where in ("head", "sacrum"):
            track = _track(run, where)
            if not carries(track, high):
                raise CannotMeasure(
                    TEXTS("refused.band_not_carried", where=where, rate=track.rate, low=low, high=high),
                    TEXTS("refused.record_faster", high=2.5 * high),
                )
        return attenuations(run)[low, high]

    return compute


def angle_range(where: str, axis: int, *, per_step: bool = False) -> Callable[[Run], FloatArray]:
    """Peak to peak of the roll, yaw or pitch of a sensor."""

    def compute(run: Run) -> FloatArray:
        """Peak to peak of an angle, rad."""
        track = _track(run, where, size=False)
        if not track.rotates:
            raise CannotMeasure(TEXTS("refused.turn_unknown", where=where), TEXTS("refused.record_gyroscope"))
        curves = _curves(track.harmonics[..., axis])
        return np.ptp(_first_step(curves, run) if per_step else curves, axis=1)

    return compute


def roll_at_midstance(run: Run) -> FloatArray:
    """Roll of the head toward the stance side at midstance, rad."""
    track = _track(run, "head", size=False)
    if not track.rotates:
        raise CannotMeasure(TEXTS("refused.head_turn_unknown"), TEXTS("refused.record_gyroscope"))
    _sided(run, "head")
    roll = track.harmonics[..., ROLL]
    here = np.where(run.side[:, None] > 0, 1.0, (-1.0) ** np.arange(1, roll.shape[1] + 1))
    return run.side * np.real(roll * here).sum(1)


def speed(run: Run) -> FloatArray:
    """Speed of each stride as the watch or the runner tells it, m/s."""
    if not np.isfinite(run.speed).any():
        raise CannotMeasure(TEXTS("refused.no_speed"), TEXTS("refused.give_speed"))
    return run.speed


def contact_time(run: Run) -> FloatArray:
    """Contact time of the steps that a foot sensor tells, s."""
    from headway.sensors.contact import LEAST_RATE

    if np.isfinite(run.contact).any():
        return run.contact
    foot = run.recording.sensor("foot_right", "foot_left")
    if foot is not None:
        why = TEXTS("refused.foot_sensor_unfit", rate=LEAST_RATE)
        raise CannotMeasure(why, TEXTS("refused.record_foot_gyroscope"))
    raise CannotMeasure(
        TEXTS("refused.contact_off_the_foot"),
        TEXTS("refused.wear_on_foot"),
    )


def loading_rate(run: Run) -> FloatArray:
    """What no accelerometer can tell."""
    films = TEXTS("remedy.no_film")
    raise CannotMeasure(TEXTS("refused.loading_rate_off"), TEXTS("remedy.laboratory_plates_alone", films=films))


def step_times(run: Run) -> FloatArray:
    """Time of the first step of every stride, s."""
    return run.strides.middle - run.strides.start


def stride_times(run: Run) -> FloatArray:
    """Time of two steps, s."""
    return run.strides.stop - run.strides.start


def cadence(run: Run) -> tuple[FloatArray, FloatArray]:
    """Sixty over step time, as a ratio of sums."""
    return np.full(len(run.strides), 60.0), step_times(run)


def step_length(run: Run) -> FloatArray:
    """Speed times step time, m."""
    return speed(run) * step_times(run)

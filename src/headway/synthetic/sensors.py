"""Virtual sensors with known truth: what an inertial sensor on a moving body would have written, with its faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from headway.recording import GRAVITY, FloatArray
from headway.sensors.recording import InertialSensor, Place
from headway.synthetic import jets
from headway.synthetic.handling import Handling, Motion, handled
from headway.synthetic.jets import Jet
from headway.synthetic.runner import SyntheticRunner

UPWARD = np.array([0.0, GRAVITY, 0.0])
"""What an accelerometer at rest shows, m/s²."""


@dataclass(frozen=True)
class Part:
    """A sensor as it is sold; the defaults are those of phones and earphones.

    Attributes
    ----------
    rate
        Samples per second.
    force_noise, gyro_noise
        Standard deviation of the noise of a sample, m/s², rad/s.
    force_bias, gyro_bias
        Standard deviation of the constant error per axis, m/s², rad/s.
    scale_error
        Standard deviation of the error of scale per axis.
    dropouts
        Share of the samples that is lost.
    jitter
        Standard deviation of the unevenness of sampling, share of the interval.
    full_scale
        Largest specific force that can be told, m/s².
    """

    rate: float = 100.0
    force_noise: float = 0.05
    gyro_noise: float = 0.005
    force_bias: float = 0.2
    gyro_bias: float = 0.02
    scale_error: float = 0.005
    dropouts: float = 0.02
    jitter: float = 0.02
    full_scale: float = 16 * GRAVITY


PERFECT = Part(
    force_noise=0.0, gyro_noise=0.0, force_bias=0.0, gyro_bias=0.0, scale_error=0.0, dropouts=0.0, jitter=0.0
)
"""A sensor without faults at 100 Hz."""


def worn(
    motion: Motion,
    where: Place,
    duration: float,
    part: Part | None = None,
    *,
    mount: Rotation | None = None,
    clock_offset: float = 0.0,
    clock_drift: float = 0.0,
    handling: Handling | None = None,
    seed: int = 0,
) -> InertialSensor:
    """Record a motion with a virtual sensor.

    Parameters
    ----------
    motion
        What the body part does; its time 0 is the start of the run.
    where
        Place on the body.
    duration
        Of the run, s.
    part
        Quality of the sensor.
    mount
        From sensor axes to the body part's axes (forward, up, right in the mean).
    clock_offset, clock_drift
        The sensor's clock shows the true time plus offset plus drift times the true time, s, 1.
    handling
        What is done with the sensor before and after the run; ``None``: it is worn and runs from the first sample to the last.
    seed
        Of noise, bias and dropouts.
    """
    part = part or Part()
    random = np.random.default_rng(seed)
    if handling is not None:
        motion = handled(motion, duration, handling)
        duration += handling.lead + handling.tail
    count = int(duration * part.rate)
    true = (np.arange(count) + part.jitter * random.standard_normal(count) + random.random()) / part.rate
    true = np.sort(true)[random.random(count) >= part.dropouts]
    acceleration, rotation, spin = motion(true)
    fixed = (mount or Rotation.identity()).as_matrix()
    to_sensor = np.swapaxes(rotation @ fixed, 1, 2)
    force = np.einsum("nij,nj->ni", to_sensor, acceleration + UPWARD)
    turn = np.einsum("nij,nj->ni", to_sensor, spin)
    force = _faulty(force, part.force_noise, part.force_bias, part.scale_error, random)
    turn = _faulty(turn, part.gyro_noise, part.gyro_bias, part.scale_error, random)
    force = np.clip(force, -part.full_scale, part.full_scale)
    return InertialSensor(where, true + clock_offset + clock_drift * true, force, turn, source=f"virtual {where}")


def _faulty(values: FloatArray, noise: float, bias: float, scale: float, random: np.random.Generator) -> FloatArray:
    factor = 1 + scale * random.standard_normal(3)
    return values * factor + bias * random.standard_normal(3) + noise * random.standard_normal(values.shape)


def body_motion(runner: SyntheticRunner, place: Place, lever: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Motion:
    """Motion of the head or the sacrum of the synthetic runner, exact.

    Parameters
    ----------
    runner
        Who runs.
    place
        ``head`` (head centre) or ``sacrum`` (between the posterior iliac spines).
    lever
        Sensor from that point in the body part's axes, m.
    """

    def motion(time: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        point, rotation = placed(runner, place, time, lever)
        return point.acceleration, rotation.value, jets.angular_velocity(rotation)[0]

    return motion


def placed(
    runner: SyntheticRunner, place: Place, time: FloatArray, lever: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> tuple[Jet, Jet]:
    """Point, m, and rotation of a virtual sensor's place, with derivatives."""
    if place == "head":
        pose = runner.pose(jets.moment(time, 3))
        point, rotation = pose.head_centre, pose.head
    else:
        skeleton, joints = runner.skeleton(time)
        point = (joints["psis_left"] + joints["psis_right"]) * 0.5
        rotation = skeleton.pose.pelvis
    return point + jets.turn(rotation, lever), rotation


def turned(motion: Motion, heading: Callable[[FloatArray], tuple[FloatArray, FloatArray]], speed: float) -> Motion:
    """Let a runner who goes straight on run a curved way.

    Parameters
    ----------
    motion
        Straight on.
    heading
        Times to heading, rad (+ left), and its rate, rad/s.
    speed
        m/s: the curve pulls inward with speed times rate.
    """

    def curved(time: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        acceleration, rotation, spin = motion(time)
        angle, rate = heading(time)
        turn = Rotation.from_rotvec(np.outer(angle, [0.0, 1.0, 0.0]))
        inward = acceleration + np.outer(rate * speed, [0.0, 0.0, -1.0])
        about = turn.apply(spin) + np.outer(rate, [0.0, 1.0, 0.0])
        return turn.apply(inward), turn.as_matrix() @ rotation, about

    return curved


def looped(motion: Motion, length: float) -> Motion:
    """Repeat the first ``length`` seconds of a motion (whole strides) for ever: long recordings at little cost."""
    fine = np.linspace(0.0, length, int(length * 800) + 1)
    acceleration, rotation, spin = motion(fine)
    turn = Rotation.from_matrix(rotation).as_rotvec()

    def repeated(time: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at = time % length
        read = [
            np.column_stack([np.interp(at, fine, column) for column in part.T]) for part in (acceleration, turn, spin)
        ]
        return read[0], Rotation.from_rotvec(read[1]).as_matrix(), read[2]

    return repeated

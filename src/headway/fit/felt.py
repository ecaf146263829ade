"""What sensors on head and sacrum felt over their mean stride, as data of a fit beside a film or markers of the same run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import casadi as ca
import numpy as np

from headway.errors import RecordingError
from headway.fit.measured import FeltStride, MeasuredStretch
from headway.fit.model import FitModel
from headway.options import Options
from headway.recording import FloatArray
from headway.sensors.prepare import prepare
from headway.sensors.recording import SensorRecording
from headway.signals import seen_mean

FELT = ("head", "sacrum")
"""Places whose sensors are used."""
HIGHEST = 15.0
"""Highest harmonic that is used, Hz: beyond it skin and belt swing by themselves."""
FELT_ERROR = 1.5
"""Standard error of an acceleration at an instant, m/s²: what sits up to 10 cm from the place that the body has for it, and mean strides."""
PACE = 0.05
"""Share by which the strides of sensors and recording may differ in time: more is another run."""
LATEST, STEP = 0.060, 0.002
"""Farthest that the two clocks are moved against each other, and in what steps, s: sensors tell midstance to within 10 ms."""


def felt_strides(recording: SensorRecording, options: Options) -> dict[str, FeltStride]:
    """The mean stride of the sensors on head and sacrum.

    Parameters
    ----------
    recording
        Of the same run, or another one at the same pace.
    options
        ``same_clock`` and ``swap_sides`` are the sensors'.

    Raises
    ------
    RecordingError
        No steady run, or the sensors do not tell left from right.
    """
    run = prepare(recording, Options(same_clock=options.same_clock, swap_sides=options.swap_sides))
    if not run.sides_known:
        what = "its sensors do not tell left from right, and so not which stride of the recording they belong to"
        raise RecordingError(recording.source, what, "wear a sensor with gyroscope at the sacrum")
    period = float(np.median(run.strides.stop - run.strides.start))
    count = int(HIGHEST * period)
    out = {}
    for place in FELT:
        if (track := run.tracks.get(place)) is not None:
            told = np.array([track.facing.front_known, True, track.facing.front_known])
            out[place] = FeltStride(np.where(told, seen_mean(track.harmonics[:, :count, :3]), np.nan), period)
    return out


def with_felt(one: MeasuredStretch, felt: dict[str, FeltStride], period: float) -> MeasuredStretch:
    """A stretch with what sensors felt, laid to the middle of its first stance.

    Parameters
    ----------
    one, felt
        The stretch, and what :func:`felt_strides` gives.
    period
        Stride time of the recording, s.

    Raises
    ------
    RecordingError
        The sensors belong to a run at another pace.
    """
    first = one.contacts[0]
    middle = (first.initial_contact + first.toe_off) / 2
    laid = {}
    for place, stride in felt.items():
        if abs(stride.period / period - 1) > PACE:
            what = f"the sensors' strides take {stride.period:.2f} s and those of the recording {period:.2f} s"
            raise RecordingError(one.source, what, "give sensors of the same run")
        right = middle if first.side == "right" else middle - period / 2
        laid[place] = replace(stride, period=period, right=right)
    return replace(one, felt=laid)


class FeltModel:
    """Accelerations of the sensors' places on a body.

    Parameters
    ----------
    model
        The body.
    places
        Of :data:`FELT`, at least one.
    """

    def __init__(self, model: FitModel, places: tuple[str, ...]) -> None:
        equations, self.places = model.equations, places
        q, v, a = equations.q, equations.v, equations.a
        path = ca.vertcat(*(_place(model, one) for one in places))
        speed = ca.jtimes(path, q, v)
        rate = ca.jtimes(speed, q, v) + ca.jtimes(path, q, a)
        self.function: Any = ca.Function("felt", [q, v, a], [rate, ca.jacobian(rate, ca.vertcat(q, v, a))])

    def wanted(self, measured: MeasuredStretch, nodes: FloatArray) -> FloatArray:
        """What the sensors felt at the nodes, m/s², shape (nodes, 3 * places); NaN along what they do not tell."""
        return np.hstack([measured.felt[one].at(nodes) for one in self.places])


def _place(model: FitModel, where: str) -> Any:
    points = model.equations.points
    return points["head_centre"] if where == "head" else (points["psis_left"] + points["psis_right"]) / 2


def laid_on(measured: MeasuredStretch, felt: FeltModel, found: FloatArray, nodes: FloatArray) -> MeasuredStretch:
    """The stretch with the sensors' clock moved to where their upward accelerations come nearest to those of a motion.

    Parameters
    ----------
    measured
        With sensors.
    felt
        Their places on the body.
    found
        Accelerations of these by the motion, m/s², shape (nodes, 3 * places).
    nodes
        s, shape (nodes,).
    """
    k = 3 * felt.places.index("sacrum" if "sacrum" in felt.places else felt.places[0]) + 1
    lags = np.arange(-LATEST, LATEST + STEP / 2, STEP)

    def moved(lag: float) -> MeasuredStretch:
        later = {place: replace(one, right=one.right + lag) for place, one in measured.felt.items()}
        return replace(measured, felt=later)

    apart = [float(((felt.wanted(moved(lag), nodes) - found)[:, k] ** 2).sum()) for lag in lags.tolist()]
    return moved(float(lags[int(np.argmin(apart))]))

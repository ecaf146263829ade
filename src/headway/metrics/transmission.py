"""How much of the push-off arrives at pelvis, neck base and head, and how late (definitions D20-D24, D33)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.gait.trial import Trial
from headway.metrics import worn, worn_error
from headway.metrics.errors import OnFilm, SharedError
from headway.metrics.registry import FromSensors, metric
from headway.recording import GRAVITY, ComplexArray, FloatArray

FAMILY = "push-off to head"
POINTS = (
    ("head", "head", "head_centre", "head"),
    ("neck_base", "neck base", "neck_base", "neck_base"),
    ("pelvis", "pelvis", "pelvis_centre", "pelvis"),
)
"""Prefix, words, point and need of every place that is compared with the centre of mass."""
UPWARD, AHEAD = "pelvis_vertical_gain", "pelvis_forward_gain"
GAIN, LAG = OnFilm(like="head_pelvis_vertical_gain", widest=0.3), OnFilm(widest=0.025)
OPEN = "single technique variables explain 4-12 % of economy (Van Hooren 2024); none is of the head"


def window_changes(
    trial: Trial, point: str, axis: int, start: FloatArray, stop: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Change of velocity of a point and of the centre of mass over a window, m/s, per step."""
    body = trial.com_velocity
    assert body is not None
    return trial.change(trial.motion.velocity(point)[:, axis], start, stop), trial.change(body[:, axis], start, stop)


def _vertical(point: str) -> Any:
    def compute(trial: Trial) -> tuple[FloatArray, FloatArray]:
        """Upward velocity change of point and centre of mass while the force exceeds body weight, per step."""
        return window_changes(trial, point, 1, trial.steps.support_start, trial.steps.support_stop)

    return compute


def _forward(point: str) -> Any:
    def compute(trial: Trial) -> tuple[FloatArray, FloatArray]:
        """Forward velocity change of point and centre of mass over push-off, per step."""
        return window_changes(trial, point, 0, trial.steps.transition, trial.steps.toe_off)

    return compute


for _prefix, _words, _point, _need in POINTS:
    metric(
        f"{_prefix}_vertical_gain",
        f"Upward gain to the {_words}",
        f"upward velocity change of the {_words} / that of the centre of mass while the force exceeds body weight (ratio of sums); 1 = as one body",
        unit="1",
        family=FAMILY,
        plane="vertical",
        needs=(_need, "com_velocity", "instants", "steady_camera"),
        source="D20",
        claims=("A1", "A2"),
        kind="ratio",
        film=GAIN,
        shares=None if _point == "pelvis_centre" else SharedError(UPWARD, relative=True),
        runner=f"How much of your upward push reaches the {_words}: 1 means all of it.",
        supports="about 1 in everyone measured at easy speed",
        contradicts="so near 1 in everyone that it separates nobody; falls at sprint speed",
    )(_vertical(_point))
    metric(
        f"{_prefix}_forward_gain",
        f"Forward gain to the {_words}",
        f"forward velocity change of the {_words} / that of the centre of mass, from the braking-propulsion transition to toe-off (ratio of sums)",
        unit="1",
        family=FAMILY,
        plane="sagittal",
        needs=(_need, "com_velocity", "instants", "fine_film"),
        source="D21",
        claims=("A1", "A2"),
        kind="ratio",
        film=GAIN,
        shares=None if _point == "pelvis_centre" else SharedError(AHEAD, relative=True),
        runner=f"How much of your forward push reaches the {_words} during push-off: 1 means all of it, 0 none.",
        supports="the forward push arrives damped and by how much differs between runners",
        contradicts=OPEN,
    )(_forward(_point))


@metric(
    "head_forward_gain_braking",
    "Forward gain to the head, braking",
    "forward velocity change of the head / that of the centre of mass, from initial contact to the braking-propulsion transition (ratio of sums)",
    unit="1",
    family=FAMILY,
    plane="sagittal",
    needs=("head", "com_velocity", "instants", "fine_film"),
    source="D21",
    shares=SharedError(AHEAD, relative=True),
    kind="ratio",
)
def head_forward_gain_braking(trial: Trial) -> tuple[FloatArray, FloatArray]:
    """Forward velocity change of head and centre of mass while braking, per step."""
    return window_changes(trial, "head_centre", 0, trial.steps.initial_contact, trial.steps.transition)


@metric(
    "head_pelvis_vertical_gain",
    "Upward gain from pelvis to head",
    "upward motion of the head / that of the pelvis at step frequency (size of the complex ratio)",
    unit="1",
    family=FAMILY,
    plane="vertical",
    needs=("head", "pelvis", "strides", "steady_camera"),
    source="D20",
    claims=("A1",),
    kind="gain",
    film=GAIN,
    sensors=FromSensors(
        worn.vertical_pair,
        "size of the complex ratio of the head's to the sacrum's vertical motion at step frequency",
        error=worn_error.scaled_ratio,
    ),
)
def head_pelvis_vertical_gain(trial: Trial) -> tuple[ComplexArray, FloatArray]:
    """Cross-product of head and pelvis at step frequency, and the pelvis' power, per stride."""
    return _cross(trial, "head_centre", "pelvis_centre")[:2]


def _cross(trial: Trial, late: str, early: str) -> tuple[ComplexArray, FloatArray, FloatArray]:
    """Vertical cross-spectrum of two points at step frequency, the power of the first, and the angular frequency (rad/s), per stride."""
    top, bottom = trial.locked[late][:, 1, 1], trial.locked[early][:, 1, 1]
    # Re(c exp(-i n phase)): a later signal has the larger angle, hence the conjugate for the usual sign of a transfer function
    return np.conj(top) * bottom, np.abs(bottom) ** 2, stride_frequency(trial) * 2


def stride_frequency(trial: Trial) -> FloatArray:
    """Angular frequency of the stride that each contact begins, rad/s; the mean one where it was not wholly recorded."""
    assert trial.phase is not None
    steps = trial.steps
    out = np.full(len(steps), 2 * np.pi / trial.phase.period)
    for first, last in trial.phase.strides:
        out[first] = 2 * np.pi / (steps.midstance[last] - steps.midstance[first])
    return out


def _lag(late: str, early: str) -> Any:
    def compute(trial: Trial) -> tuple[ComplexArray, FloatArray, FloatArray]:
        """Cross-spectrum, power and angular frequency, per stride."""
        return _cross(trial, late, early)

    return compute


SENSED_LAG = FromSensors(
    worn.lag,
    "minus the angle of the ratio of head to sacrum at step frequency / (2 pi step frequency); + = head later",
    error=worn_error.clock,
)
for _name, _from, _early, _need, _sensors in (
    ("head_lag_vertical", "pelvis", "pelvis_centre", "pelvis", SENSED_LAG),
    ("neck_base_head_lag_vertical", "neck base", "neck_base", "neck_base", None),
):
    metric(
        _name,
        f"Upward lag from {_from} to head",
        f"phase between the vertical motion of {_from} and head at step frequency / (2 pi f); + = head later",
        unit="s",
        family=FAMILY,
        plane="vertical",
        needs=("head", _need, "strides", "steady_camera"),
        source="D33",
        claims=("A2",),
        kind="lag",
        film=LAG,
        sensors=_sensors,
        runner=f"How much later the head bounces up than the {_from}; near zero is how 'pushed' would look.",
        contradicts="no study links it to performance",
    )(_lag("head_centre", _early))


@metric(
    "neck_force_peak",
    "Peak upward force on the head",
    "greatest upward force of the trunk on head and neck in stance / head weight",
    unit="head weights",
    family=FAMILY,
    plane="vertical",
    needs=("head", "space"),
    source="D23",
    load=True,
    claims=("A1",),
    runner="How hard the neck holds the head up at the most, in head weights (standing: 1).",
    contradicts="the head has to be held up by everyone: this cannot tell pushed from pulled",
)
def neck_force_peak(trial: Trial) -> FloatArray:
    """Peak of (a_up + g)/g of the head's centre of mass in stance, per step."""
    up = head_acceleration(trial)[:, 1] / GRAVITY + 1.0
    return stance_peak(trial, up)


def stance_peak(trial: Trial, signal: FloatArray) -> FloatArray:
    """Greatest value of a frame-wise signal in each stance; NaN with gaps."""
    out = np.full(len(trial.steps), np.nan)
    for k in range(len(out)):
        piece = signal[trial.frames(trial.steps.initial_contact[k], trial.steps.toe_off[k])]
        if len(piece) and np.isfinite(piece).all():
            out[k] = piece.max()
    return out


def head_acceleration(trial: Trial) -> FloatArray:
    """Acceleration of the head's centre of mass, else of the head centre, m/s², shape (frames, 3)."""
    return trial.motion.acceleration("head_com" if trial.motion.has("head_com") else "head_centre")


def _head_share(axis: int) -> Any:
    def compute(trial: Trial) -> tuple[FloatArray, FloatArray]:
        """Net impulse of the head's and of the whole mass over the window, in % when divided, per step."""
        steps = trial.steps
        window = (steps.transition, steps.toe_off) if axis == 0 else (steps.support_start, steps.support_stop)
        point = "head_com" if trial.motion.has("head_com") else "head_centre"
        head, body = window_changes(trial, point, axis, *window)
        return 100.0 * trial.head_mass_share * head, body

    return compute


for _name, _axis, _words, _window, _like in (
    ("neck_impulse_forward", 0, "Forward", "over push-off", AHEAD),
    ("neck_impulse_up", 1, "Upward", "while the force exceeds body weight", UPWARD),
):
    metric(
        _name,
        f"{_words} impulse that reaches the head",
        f"net {_words.lower()} impulse on head and neck {_window}, as a share of the centre of mass's; the mass share is 6.9 % (men), 6.7 % (women)",
        unit="%",
        family=FAMILY,
        plane="sagittal" if _axis == 0 else "vertical",
        needs=("head", "com_velocity", "instants", "fine_film" if _axis == 0 else "steady_camera"),
        source="D24",
        claims=("A1",),
        kind="ratio",
        shares=SharedError(_like, relative=True),
        load=True,
    )(_head_share(_axis))

"""Weight shift from leg to leg: step width, neck base and head over the stance foot, pelvis and shoulders (definitions D50-D58)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from headway.gait.film_line import lines_of_feet
from headway.gait.trial import Trial
from headway.metrics import worn, worn_error
from headway.metrics.errors import FixedOnFilm, OnFilm, SharedError
from headway.metrics.excursion import Excursion
from headway.metrics.posture import line_roll, line_yaw
from headway.metrics.registry import CannotMeasure, FromSensors, metric
from headway.metrics.transmission import stride_frequency
from headway.recording import GRAVITY, FloatArray
from headway.signals import seen_mean
from headway.texts import TEXTS

FAMILY = "weight shift"
RIGHT = 2
SIDEWAYS_WIDEST = 0.06
"""Half an interval of a place sideways from which it says nothing, m: runners differ by 0.2 m in step width."""
LIST_WIDEST = 0.035
"""Half an interval of the pelvis' list from which it says nothing, rad (2 degrees: runners differ by 8)."""
NARROW = 0.03
"""Below this mean step width a ratio to it means nothing, m."""


@metric(
    "step_width",
    "Step width",
    "lateral distance from the other foot's last place to this stance foot, toward this side; negative = the feet cross",
    unit="m",
    family=FAMILY,
    plane="frontal",
    needs=("steps", "feet", "feet_apart"),
    source="D50",
    film=OnFilm(widest=SIDEWAYS_WIDEST),
    claims=("A6", "A19", "A20"),
    runner="How far apart your feet land sideways; negative means that they cross the midline.",
    supports="narrower steps go with more strain on the iliotibial band (Meardon 2012), wider ones with less hip adduction (Brindle 2014)",
    contradicts="no study ties it to the head",
)
def step_width(trial: Trial) -> FloatArray:
    """Signed lateral distance to the previous stance foot, m, at the later of the two steps."""
    lateral = trial.foot_position[:, RIGHT]
    if trial.camera is not None:
        # a film's axis is never quite that of the run, and step width is across the latter
        lateral = lateral - lines_of_feet(trial.steps, lateral)[0] * (trial.steps.midstance - trial.steps.midstance[0])
    width = np.append(np.nan, np.diff(lateral)) * trial.steps.side
    follows = np.append(False, np.isfinite(trial.steps.next_contact[:-1]))
    return np.where(follows, width, np.nan)


def over_foot(trial: Trial, point: str, instants: FloatArray) -> FloatArray:
    """Lateral position of a point relative to the stance foot, toward the stance side, m, per step."""
    position = trial.at(trial.motion.position(point)[:, RIGHT], instants)
    return trial.steps.side * (position - trial.foot_position[:, RIGHT])


def _over_foot(point: str, at_peak: bool) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Lateral position over the stance foot at midstance or peak force, m, per step."""
        return over_foot(trial, point, trial.steps.peak if at_peak else trial.steps.midstance)

    return compute


for _name, _words, _point, _need in (
    ("neck", "neck base", "neck_base", "neck_base"),
    ("head", "head", "head_centre", "head"),
):
    for _suffix, _when, _needs in (("", "midstance", ()), ("_peak_force", "the greatest upward force", ("force",))):
        metric(
            f"{_name}_over_foot_error{_suffix}",
            f"{_words.capitalize()} over the stance foot at {_when}",
            f"lateral distance from the stance foot to the {_words} at {_when}, toward the stance side; 0 = over the foot, negative = inside it",
            unit="m",
            family=FAMILY,
            plane="frontal",
            needs=(_need, "feet", "feet_apart", *_needs),
            source="D51",
            film=OnFilm(like=f"{_name}_over_foot_error", widest=SIDEWAYS_WIDEST),
            claims=("A9", "A10"),
            runner=f"How far your {_words} is from being over the foot you stand on; negative means inside of it.",
            supports="always shifted toward the foot; over or beyond it with narrow steps",
            contradicts="16-53 mm inside the foot is common at easy speed",
        )(_over_foot(_point, bool(_needs)))


@metric(
    "neck_over_foot_time",
    "When the neck base is farthest over the foot",
    "time of the neck base's farthest point toward the stance side (stride-locked motion) minus the time of peak vertical force; + = after",
    unit="s",
    family=FAMILY,
    plane="frontal",
    needs=("neck_midline", "strides", "force"),
    source="D52",
    shares=SharedError("time_to_peak_vertical_grf"),
    claims=("A10",),
)
def neck_over_foot_time(trial: Trial) -> FloatArray:
    """Seconds from peak force to the lateral extreme of the neck base, per stride."""
    amplitude = trial.locked["neck_base"][:, :, RIGHT]
    angle = np.linspace(-np.pi / 2, np.pi / 2, 721)
    orders = np.arange(1, amplitude.shape[1] + 1)
    start = np.where(trial.steps.side > 0, 0.0, np.pi)
    turned = np.exp(-1j * orders[None, :, None] * (angle + start[:, None])[:, None, :])
    wave = np.real(amplitude[:, :, None] * turned).sum(1) * trial.steps.side[:, None]
    known = np.isfinite(wave).all(1)
    best = np.where(known, angle[np.argmax(np.where(known[:, None], wave, 0.0), axis=1)], np.nan)
    return trial.steps.midstance + best / stride_frequency(trial) - trial.steps.peak


def _shift(point: str) -> Any:
    def compute(trial: Trial) -> tuple[FloatArray, FloatArray]:
        """Lateral position at midstance from the middle between the feet, and step width, m, per step."""
        width = step_width(trial)
        if abs(float(seen_mean(width))) < NARROW:
            raise CannotMeasure(
                TEXTS("refused.step_width_too_small", width=1000 * float(seen_mean(width))),
                TEXTS("refused.read_distances"),
            )
        # from the feet outward, so that a drift over the recording (a runner who goes away from the camera) does not matter
        inward = over_foot(trial, point, trial.steps.midstance)
        return trial.steps.side * (float(seen_mean(width)) / 2 + inward), width

    return compute


for _prefix, _words, _point, _need in (
    ("", "neck base", "neck_base", "neck_base"),
    ("head_", "head", "head_centre", "head"),
    ("pelvis_", "pelvis", "pelvis_centre", "pelvis"),
    ("com_", "centre of mass", "com", "whole_body"),
):
    metric(
        f"{_prefix}weight_shift_ratio",
        f"Weight shift of the {_words}",
        f"lateral distance of the {_words} between right and left midstance / mean step width; 0 = stays on the midline, 1 = over each foot",
        unit="1",
        family=FAMILY,
        plane="frontal",
        needs=(_need, "feet", "whole_stride"),
        source="D53",
        claims=("A6",),
        kind="shift_ratio",
        film=OnFilm(like="weight_shift_ratio" if _prefix == "com_" else "", widest=0.6),
        runner=f"How much of the way from foot to foot your {_words} travels: 0 none, 1 all of it.",
        contradicts="women with past iliotibial-band trouble had less hip adduction (Foch 2020); step width is the evidenced lever",
    )(_shift(_point))


@metric(
    "lateral_com_range",
    "Sideways range of the centre of mass",
    "peak-to-peak lateral position of the centre of mass per stride",
    unit="m",
    family=FAMILY,
    plane="frontal",
    needs=("whole_body", "whole_stride"),
    source="D54",
    kind="range",
)
def lateral_com_range(trial: Trial) -> Excursion:
    """Lateral position of the centre of mass, m."""
    return Excursion(trial.motion.position("com")[:, RIGHT], "stride")


@metric(
    "mediolateral_margin",
    "Sideways room over the foot",
    "foot minus extrapolated centre of mass (position + velocity / sqrt(g / l)) at initial contact, toward the stance side; + = foot outside",
    unit="m",
    family=FAMILY,
    plane="frontal",
    needs=("whole_body", "feet"),
    source="D54",
    film=OnFilm(like="neck_over_foot_error", widest=SIDEWAYS_WIDEST),
)
def mediolateral_margin(trial: Trial) -> FloatArray:
    """Lateral margin at initial contact, m, per step."""
    instants = trial.steps.initial_contact
    com, velocity = trial.motion.position("com"), trial.motion.velocity("com")
    height = trial.at(com[:, 1], instants) - trial.ground_height
    extrapolated = trial.at(com[:, RIGHT], instants) + trial.at(velocity[:, RIGHT], instants) * np.sqrt(
        height / GRAVITY
    )
    return trial.steps.side * (trial.foot_position[:, RIGHT] - extrapolated)


def _turned(trial: Trial, signal: FloatArray) -> FloatArray:
    """Change from midstance to toe-off toward the stance side, per step."""
    return trial.steps.side * trial.change(signal, trial.steps.midstance, trial.steps.toe_off)


def _pelvis_lowers(trial: Trial) -> FloatArray:
    return _turned(trial, line_roll(trial, *trial.pelvis_points))


def _shoulder_rises(trial: Trial) -> FloatArray:
    return -_turned(trial, line_roll(trial, *trial.shoulder_points))


def _shoulder_advances(trial: Trial) -> FloatArray:
    return _turned(trial, line_yaw(trial, *trial.shoulder_points) - line_yaw(trial, *trial.pelvis_points))


def _head_moves_away(trial: Trial) -> FloatArray:
    return -_turned(trial, trial.motion.position("head_centre")[:, RIGHT])


PUSH_OFF: tuple[tuple[str, str, Callable[[Trial], FloatArray], tuple[str, ...]], ...] = (
    ("pelvis_lowers", "The stance hip lowers", _pelvis_lowers, ("pelvis_rotation",)),
    ("shoulder_rises", "The stance shoulder rises", _shoulder_rises, ("shoulders",)),
    (
        "shoulder_advances",
        "The stance shoulder advances",
        _shoulder_advances,
        ("shoulders", "pelvis_rotation", "space"),
    ),
    ("head_moves_away", "The head moves to the other side", _head_moves_away, ("head",)),
)
"""Parts of the push-off sequence: name, words, change that is positive when it goes the way it says, needs."""
SHARE_ON_FILM = OnFilm(widest=0.3, geometry=FixedOnFilm(0.2))
"""Changes of a few mm and degrees say which way a step went, and key points err by as much: the share of one real film was 0.31 as it is and 0.06
mirrored."""


def _held(change: FloatArray) -> FloatArray:
    """1 where the change goes its way, 0 where not, NaN where it is not known."""
    return np.where(np.isfinite(change), (change > 0).astype(float), np.nan)


@metric(
    "push_off_sequence_match",
    "Order of the push-off",
    "share of steps in which, from midstance to toe-off, the stance hip lowers, its shoulder rises and advances, and the head moves away",
    unit="1",
    family=FAMILY,
    plane="frontal",
    needs=("pelvis_rotation", "shoulders", "head", "space"),
    source="D55",
    film=SHARE_ON_FILM,
    claims=("A12",),
    kind="share",
    runner="Whether your body lengthens on the side that pushes off, as the coach describes it.",
    contradicts="in the one stance measured the shoulder fell until late stance",
)
def push_off_sequence_match(trial: Trial) -> FloatArray:
    """1 where all four signs hold, 0 where not, per step."""
    return np.min([_held(change(trial)) for _, _, change, _ in PUSH_OFF], axis=0)


for _sign, _words, _change, _needs in PUSH_OFF:

    def _share(trial: Trial, change: Callable[[Trial], FloatArray] = _change) -> FloatArray:
        return _held(change(trial))

    metric(
        f"push_off_{_sign}",
        f"{_words} in push-off",
        "share of steps in which it does so from midstance to toe-off",
        unit="1",
        family=FAMILY,
        plane="frontal",
        needs=_needs,
        source="D55",
        film=SHARE_ON_FILM,
        claims=("A12",),
        kind="share",
    )(_share)


@metric(
    "pelvic_drop",
    "Pelvic drop",
    "greatest drop of the swing side of the pelvis in stance; + = swing side lower",
    unit="rad",
    family=FAMILY,
    plane="frontal",
    needs=("pelvis_rotation",),
    source="D56",
    film=OnFilm(widest=LIST_WIDEST),
    claims=("A21",),
    supports="rigid trunks raise oxygen cost; more lumbar motion goes with more attenuation (Castillo 2018)",
    contradicts="each further degree: 80 % higher odds of being in the injured group, 72 against 36 runners, looking back (Bramah 2018)",
)
def pelvic_drop(trial: Trial) -> FloatArray:
    """Extreme of minus roll toward the stance side in stance, rad, per step."""
    roll = line_roll(trial, *trial.pelvis_points)
    out = np.full(len(trial.steps), np.nan)
    for k, side in enumerate(trial.steps.side):
        piece = -side * roll[trial.frames(trial.steps.initial_contact[k], trial.steps.toe_off[k])]
        if len(piece) and np.isfinite(piece).all():
            out[k] = piece.max()
    return out


@metric(
    "pelvic_list_range",
    "Sideways tilt of the pelvis",
    "peak-to-peak roll of the pelvis per stride",
    unit="rad",
    family=FAMILY,
    plane="frontal",
    needs=("pelvis_rotation", "whole_stride"),
    source="D56",
    film=OnFilm(widest=LIST_WIDEST),
    sensors=FromSensors(
        worn.angle_range("sacrum", worn.ROLL), "peak to peak of the sacral sensor's roll per stride", "mean"
    ),
    claims=("A21",),
    kind="range",
)
def pelvic_list_range(trial: Trial) -> Excursion:
    """Roll of the pelvis, rad."""
    return Excursion(line_roll(trial, *trial.pelvis_points), "stride")


@metric(
    "head_roll_at_midstance",
    "Head tilt at midstance",
    "roll of the head toward the stance side at midstance, against its reference pose; negative = crown away from the stance side",
    unit="rad",
    family=FAMILY,
    plane="frontal",
    needs=("head_roll",),
    source="D58",
    sensors=FromSensors(
        worn.roll_at_midstance,
        "roll toward the stance side at midstance about the stride's mean; below 0 = crown away from the stance side",
        models=worn_error.front_told,
    ),
    claims=("A11",),
)
def head_roll_at_midstance(trial: Trial) -> FloatArray:
    """Roll toward the stance side, rad, per step: the head's rotation, in a film the line of the ears about its mean."""
    if trial.head_rotation is not None:
        crown = trial.head_rotation[:, :, 1]
        roll = np.arctan2(crown[:, 2], crown[:, 1])
    else:
        roll = line_roll(trial, "ear_left", "ear_right")
        roll = roll - np.nanmean(roll)
    return trial.steps.side * trial.at(roll, trial.steps.midstance)

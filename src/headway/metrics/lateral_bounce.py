"""The lateral bounce of head, neck base and pelvis, locked to the stride (definitions D42-D47)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.gait.trial import Trial
from headway.metrics import worn, worn_error
from headway.metrics.errors import FixedOnFilm, OnFilm, SharedError
from headway.metrics.registry import FromSensors, metric
from headway.metrics.transmission import stride_frequency
from headway.recording import ComplexArray, FloatArray

FAMILY = "lateral bounce"
RIGHT = 2
POINTS = (
    ("", "head", "head_centre", "head"),
    ("neck_base_", "neck base", "neck_base", "neck_base"),
    ("pelvis_", "pelvis", "pelvis_centre", "pelvis"),
    ("com_", "centre of mass", "com", "whole_body"),
)
MIDLINE = {"neck_base": "neck_midline", "head": "head_midline"}
"""What the timing of a sideways path needs beyond its size."""
WORN = {"head": "head", "pelvis": "sacrum"}
"""Points that sensors are worn at, and where."""
PHASE_WIDEST = 0.79
"""Half an interval from which a phase says nothing, rad (45 degrees): the hips' key points tell none (76 % of 17 wider intervals held)."""
SUPPORTS = "neck base 12-25 mm, locked to the stride in everyone measured; frontal force lines cross above the centre of mass (Firouzi 2022)"
CONTRADICTS = "no norms; no study links it to economy or injury"
FASTER = "; the head's is largest at jogging speed and falls beyond it (Head deflections during walking and running, review) [abstract]"


def bounce(trial: Trial, point: str) -> ComplexArray:
    """Complex lateral amplitude at stride frequency, m, per step: its angle is the phase of the maximum after the stance side's midstance."""
    return trial.locked[point][:, 0, RIGHT]


def _bounce(point: str) -> Any:
    def compute(trial: Trial) -> ComplexArray:
        """Complex lateral amplitude at stride frequency, m, per step."""
        return bounce(trial, point)

    return compute


def _at_midstance(point: str) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Lateral position toward the stance side at midstance, around the mean of the stride about it, m, per step."""
        steps, path = trial.steps, trial.motion.position(point)[:, RIGHT]
        middle = np.full(len(steps), np.nan)
        for k in range(1, len(steps) - 1):
            if np.isfinite(steps.next_contact[k - 1]) and np.isfinite(steps.next_contact[k]):
                middle[k] = path[trial.frames(steps.midstance[k - 1], steps.midstance[k + 1])].mean()
        return steps.side * (trial.at(path, steps.midstance) - middle)

    return compute


def _size_worn(where: str) -> FromSensors:
    words = f"size of the sideways displacement of the sensor at the {where} at stride frequency (half of peak to peak)"
    return FromSensors(
        worn.amplitude(where),
        f"{words}: the stride-locked acceleration without gravity, divided by -(stride frequency)²",
        error=worn_error.sideways_size(where),
        alike=where == "head",
    )


def _phase_worn(where: str) -> FromSensors:
    words = f"sideways displacement of the sensor at the {where} at stride frequency; + = after midstance"
    return FromSensors(
        worn.timed(where),
        f"phase of the farthest point toward the stance side after its midstance, {words}",
        error=worn_error.sideways_phase(where),
        models=worn_error.midstance_and_front_told if where == "head" else worn_error.midstance_told,
        alike=where == "head",
    )


def _locking_worn(where: str) -> FromSensors:
    return FromSensors(worn.amplitude(where))


def _asymmetry_worn(where: str) -> FromSensors:
    return FromSensors(
        worn.asymmetry(where),
        "200 (R - L) / (|R| + |L|) of the places toward the stance side at midstance around the stride's mean; + = more to the right",
        error=worn_error.sideways_asymmetry(where),
        models=worn_error.front_told if where == "head" else worn_error.plain,
    )


for _prefix, _words, _point, _need in POINTS:
    _where = WORN.get(_need)
    _fitted = "pelvis_" if _need == "whole_body" else _prefix
    _common = {"family": FAMILY, "plane": "frontal", "needs": (_need, "strides", "still_camera")}
    _timed = _common | {"needs": (MIDLINE.get(_need, _need), "strides", "still_camera")}
    metric(
        f"{_prefix}lateral_bounce_amplitude",
        f"Sideways swing of the {_words}",
        f"size of the {_words}'s lateral motion at stride frequency (half of peak to peak), by stride phase, drift removed",
        unit="m",
        source="D42",
        claims=("A4", "A7"),
        kind="amplitude",
        film=OnFilm(like=f"{_fitted}lateral_bounce_amplitude"),
        sensors=_size_worn(_where) if _where else None,
        runner=f"How far your {_words} swings to each side with every stride.",
        supports=SUPPORTS,
        contradicts=CONTRADICTS + (FASTER if _need == "head" else ""),
        **_common,
    )(_bounce(_point))
    metric(
        f"{_prefix}lateral_bounce_phase",
        f"Timing of the sideways swing of the {_words}",
        f"phase of the {_words}'s farthest point toward the stance side after its midstance, in a stride's 360 degrees; + = after midstance",
        unit="rad",
        source="D43",
        claims=("A9", "A10"),
        kind="phase",
        film=OnFilm(like=f"{_fitted}lateral_bounce_phase", widest=PHASE_WIDEST),
        shares=None if _need == "pelvis" else SharedError("pelvis_lateral_bounce_phase"),
        sensors=_phase_worn(_where) if _where else None,
        runner=f"Whether your {_words} is farthest over the stance foot before (-) or after (+) the middle of stance.",
        **_timed,
    )(_bounce(_point))
    metric(
        f"{_prefix}lateral_bounce_locking",
        f"Locking of the sideways swing of the {_words}",
        "length of the mean unit phasor over strides: 1 = the same phase in every stride, 0 = none",
        unit="1",
        source="D44",
        claims=("A24",),
        kind="locking",
        sensors=_locking_worn(_where) if _where else None,
        **_common,
    )(_bounce(_point))
    metric(
        f"{_prefix}lateral_bounce_asymmetry",
        f"Sideways swing of the {_words}, left-right difference",
        "200 (R - L) / (|R| + |L|) of the positions toward the stance side at midstance around the stride's mean; + = more to the right",
        unit="%",
        source="D45",
        claims=("A23",),
        kind="asymmetry",
        sensors=_asymmetry_worn(_where) if _where else None,
        **_common,
    )(_at_midstance(_point))


def _harmonic_ratio(trial: Trial) -> tuple[FloatArray, FloatArray]:
    size = np.abs(trial.locked["head_centre"][:, :3, RIGHT])
    return size[:, 0] + size[:, 2], size.sum(1)


metric(
    "lateral_harmonic_ratio",
    "Share of the head's sideways motion that goes from foot to foot",
    "(a₁ + a₃) / (a₁ + a₂ + a₃), sizes of the head's lateral motion at stride frequency and its harmonics",
    unit="1",
    family=FAMILY,
    plane="frontal",
    needs=("head", "strides", "still_camera"),
    source="D46",
    sensors=FromSensors(worn.odd_share, "(a₁ + a₃) / (a₁ + a₂ + a₃) of the head's sideways displacement"),
    film=OnFilm(geometry=FixedOnFilm(0.03)),  # key points' noise adds to the even share: a film reads 0.94 for 0.98
    kind="ratio",
)(_harmonic_ratio)


def _head_on_neck(trial: Trial) -> tuple[ComplexArray, FloatArray]:
    head, neck = bounce(trial, "head_centre"), bounce(trial, "neck_base")
    return np.conj(head) * neck, np.abs(neck) ** 2


metric(
    "head_lateral_gain",
    "Sideways gain from neck base to head",
    "size of the complex ratio of head to neck base at stride frequency",
    unit="1",
    family=FAMILY,
    plane="frontal",
    needs=("head_midline", "neck_midline", "strides", "still_camera"),
    source="D47",
    claims=("A8",),
    kind="gain",
    film=OnFilm(widest=0.6),
)(_head_on_neck)


@metric(
    "head_lag_lateral",
    "Sideways lag from neck base to head",
    "minus the angle of the complex ratio of head to neck base at stride frequency / (2 pi f); + = head later",
    unit="s",
    family=FAMILY,
    plane="frontal",
    needs=("head_midline", "neck_midline", "strides", "still_camera"),
    source="D47",
    claims=("A8",),
    kind="lag",
    film=OnFilm(widest=0.06),
    runner="How much later the head swings sideways than the neck base. By itself it does not say how tight the neck is held.",
    contradicts="trunk roll and active control shift it too; only a change within one runner at one cadence can be read",
)
def head_lag_lateral(trial: Trial) -> tuple[ComplexArray, FloatArray, FloatArray]:
    """Cross-product, power and angular frequency of the stride, per stride."""
    return *_head_on_neck(trial), stride_frequency(trial)

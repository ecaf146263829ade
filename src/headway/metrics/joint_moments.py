"""Moments and work of the joints of the stance leg, from markers and the ground force, measured or estimated (definitions D80, D81)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headway.dynamics.joint_moments import JointMoments
from headway.gait.trial import Trial
from headway.metrics.on_markers import MomentOnMarkers
from headway.metrics.registry import CannotMeasure, metric
from headway.recording import FloatArray
from headway.texts import TEXTS

FAMILY = "joint moments"
EXTENDS = {"ankle": ("plantarflexion", -1.0), "knee": ("extension", -1.0), "hip": ("extension", -1.0)}
"""Joint of the leg to the way it pushes, and that way's sign along the first of its angles."""
MODEL = "inverse dynamics of rigid segments (masses of de Leva 1996)"
WORK = f"{MODEL}; a joint centre 10 mm off changes a moment by up to 0.2 N·m/kg, which the interval of its work does not hold"
BESIDE = {"ankle": ("shank", "foot"), "knee": ("thigh", "shank"), "hip": ("pelvis", "thigh")}
"""Joint to the segments that meet there."""
NO_LEGS = (TEXTS("refused.no_legs"), TEXTS("refused.no_legs_record"))


def _moments(trial: Trial) -> JointMoments:
    found = trial.joint_moments
    if found is None:
        raise CannotMeasure(*NO_LEGS)
    return found


def _of_stance_leg(trial: Trial, joint: str, of: Callable[[int], FloatArray]) -> FloatArray:
    """Values per step, each from the joint of its own side; NaN where that leg is not marked."""
    found, steps = _moments(trial), trial.steps
    out = np.full(len(steps), np.nan)
    for sign, side in ((-1.0, "left"), (1.0, "right")):
        if f"{joint}_{side}" in found.names:
            own = steps.side == sign
            out[own] = of(found.names.index(f"{joint}_{side}"))[own]
    return out / trial.mass


def _peak(joint: str) -> Callable[[Trial], FloatArray]:
    def compute(trial: Trial) -> FloatArray:
        """Greatest moment of the pushing leg's joint the way it pushes, N·m/kg, per step."""
        pushes = _moments(trial).joint[:, :, 0] * EXTENDS[joint][1]
        stances = [trial.frames(a, b) for a, b in zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)]

        def greatest(k: int) -> FloatArray:
            return np.array([pushes[one, k].max() if one.stop > one.start else np.nan for one in stances])

        return _of_stance_leg(trial, joint, greatest)

    return compute


def _work(joint: str, bounds: tuple[float | None, float | None]) -> Callable[[Trial], FloatArray]:
    def compute(trial: Trial) -> FloatArray:
        """Work of the joint over stance, J/kg, per step: the integral of the part of its power that lies within bounds."""
        power, steps = np.clip(_moments(trial).power, *bounds), trial.steps
        return _of_stance_leg(trial, joint, lambda k: trial.integral(power[:, k], steps.initial_contact, steps.toe_off))

    return compute


for _joint, (_way, _) in EXTENDS.items():
    metric(
        f"{_joint}_moment_peak",
        f"Greatest {_way} moment of the {_joint}",
        f"greatest net {_way} moment at the {_joint} joint of the stance leg in stance, about the joint's flexion axis / mass",
        unit="N·m/kg",
        family=FAMILY,
        plane="sagittal",
        needs=("force", "mass", "legs"),
        source="D80, Winter 2009",
        load=True,
        model=f"{MODEL}; the interval holds the place of the joint's centre",
        markers=MomentOnMarkers(_joint, BESIDE[_joint]),
        runner=f"How hard the muscles around your {_joint} push.",
    )(_peak(_joint))
    for _name, _words, _sign, _bounds in (
        ("given", "gives to", "positive", (0.0, None)),
        ("taken", "takes from", "negative", (None, 0.0)),
    ):
        metric(
            f"{_joint}_work_{_name}",
            f"Work that the {_joint} {_words} the body in stance",
            f"integral over stance of the {_sign} part of net moment times rate of turn at the {_joint} / mass",
            unit="J/kg",
            family=FAMILY,
            needs=("force", "mass", "legs"),
            source="D81, Winter 2009",
            load=True,
            model=WORK,
        )(_work(_joint, _bounds))

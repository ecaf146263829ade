"""True timing, oscillation and ground force of one step."""

from __future__ import annotations

import numpy as np

from headway.recording import GRAVITY
from headway.synthetic.instants import InstantWindow, Step
from headway.synthetic.runner import SyntheticRunner

LEG_SHARE = 0.53
"""Leg length as a share of stature."""


def force_and_time(
    runner: SyntheticRunner, step: Step, stance: InstantWindow, push: InstantWindow, whole: InstantWindow
) -> dict[str, float | tuple[float, float]]:
    """Measure one step.

    Parameters
    ----------
    runner, step
        Who, and which step.
    stance, push, whole
        Windows from initial contact to toe-off, from the transition to toe-off, and over the stride.
    """
    p = runner.parameters
    step_time = step.next_contact - step.initial_contact
    stride_time = step.next_same - step.initial_contact
    out: dict[str, float | tuple[float, float]] = {
        "contact_time": step.contact_time,
        "flight_time": step.next_contact - step.toe_off,
        "step_time": step_time,
        "stride_time": stride_time,
        "cadence": (60.0, step_time),
        "duty_factor": (step.contact_time, stride_time),
        "speed": p.speed,
        "step_length": p.speed * step_time,
        "stride_length": p.speed * stride_time,
    }
    single = whole.time <= step.next_contact
    for prefix, point in (
        ("", "com"),
        ("pelvis_", "pelvis_centre"),
        ("neck_base_", "neck_base"),
        ("head_", "head_centre"),
    ):
        out[f"{prefix}vertical_oscillation"] = float(np.ptp(whole.position(point)[single, 1]))
    return out | _force(runner, step, stance, push) | _sine(runner, step)


def _force(runner: SyntheticRunner, step: Step, stance: InstantWindow, push: InstantWindow) -> dict[str, float]:
    weight = runner.parameters.mass * GRAVITY
    total = stance.integral(stance.force[:, 0])
    propulsive = push.integral(push.force[:, 0])
    return {
        "peak_vertical_grf": float(runner.force([step.peak])[0, 1]) / weight,
        "time_to_peak_vertical_grf": step.peak - step.initial_contact,
        "braking_impulse": (total - propulsive) / weight,
        "propulsive_impulse": propulsive / weight,
        "speed_change": total / runner.parameters.mass,
        "braking_propulsion_transition": 100 * (step.transition - step.initial_contact) / step.contact_time,
        "mediolateral_impulse": step.sign * stance.integral(stance.force[:, 2]) / weight,
        "mediolateral_impulse_absolute": stance.integral(np.abs(stance.force[:, 2])) / weight,
    }


def _sine(runner: SyntheticRunner, step: Step) -> dict[str, float]:
    """Half-sine model (Morin et al. 2005, J Appl Biomech 21:167)."""
    p, contact = runner.parameters, step.contact_time
    peak = np.pi / 2 * ((step.next_contact - step.toe_off) / contact + 1)
    sink = GRAVITY * contact**2 * (peak / np.pi**2 - 1 / 8)
    leg, half = LEG_SHARE * p.height, p.speed * contact / 2
    newtons = peak * p.mass * GRAVITY
    return {
        "peak_vertical_grf_sine": peak,
        "vertical_displacement_sine": sink,
        "vertical_stiffness": newtons / sink,
        "leg_stiffness": newtons / (leg - np.sqrt(leg**2 - half**2) + sink),
    }

"""True lateral bounce and weight shift over whole strides."""

from __future__ import annotations

import numpy as np

from headway.recording import GRAVITY, FloatArray
from headway.synthetic.instants import InstantWindow, Step
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth_transmission import line_roll, line_yaw

AROUND = 2000.0
"""Samples per second where the mean of a stride is all that is needed."""
PLACES = (("", "head_centre"), ("neck_base_", "neck_base"), ("pelvis_", "pelvis_centre"), ("com_", "com"))


def _harmonic(signal: FloatArray, phase: FloatArray, order: int) -> complex:
    """Complex amplitude c of ``Re(c exp(-i order phase))`` by projection over whole strides; both ends of the window are one phase."""
    return complex(2 * np.mean((signal * np.exp(1j * order * phase))[:-1]))


def bounce(runner: SyntheticRunner, steps: list[Step], stride: InstantWindow) -> dict[str, float]:
    """Lateral motion locked to the stride, and the vertical lag.

    Parameters
    ----------
    runner, steps
        Who, and the steps.
    stride
        Window over whole strides.
    """
    period = runner.parameters.stride_time
    phase = 2 * np.pi * (stride.time - runner.ground.first_midstance) / period
    half = runner.parameters.step_time
    around = [InstantWindow(runner, step.midstance - half, step.midstance + half, AROUND, orders=1) for step in steps]
    out: dict[str, float] = {}
    lateral: dict[str, complex] = {}
    for prefix, name in PLACES:
        path = stride.position(name)[:, 2]
        lateral[name] = _harmonic(path, phase, 1)
        out[f"{prefix}lateral_bounce_amplitude"] = abs(lateral[name])
        out[f"{prefix}lateral_bounce_phase"] = float(np.angle(lateral[name]))
        toward = np.array([_toward(step, window, name) for step, window in zip(steps, around, strict=True)])
        right, left = (toward[[step.sign == sign for step in steps]].mean() for sign in (1, -1))
        out[f"{prefix}lateral_bounce_asymmetry"] = float(200 * (right - left) / (abs(right) + abs(left)))
    head = stride.position("head_centre")[:, 2]
    size = [abs(_harmonic(head, phase, order)) for order in (1, 2, 3)]
    out["lateral_harmonic_ratio"] = (size[0] + size[2]) / sum(size)
    ratio = lateral["head_centre"] / lateral["neck_base"]
    out["head_lateral_gain"] = abs(ratio)
    out["head_lag_lateral"] = float(np.angle(ratio)) * period / (2 * np.pi)
    up = {
        name: _harmonic(stride.position(name)[:, 1], phase, 2) for name in ("head_centre", "neck_base", "pelvis_centre")
    }
    out["head_pelvis_vertical_gain"] = abs(up["head_centre"] / up["pelvis_centre"])
    for name, other in (("head_lag_vertical", "pelvis_centre"), ("neck_base_head_lag_vertical", "neck_base")):
        out[name] = float(np.angle(up["head_centre"] / up[other])) * period / (4 * np.pi)
    out["neck_over_foot_time"] = float(np.mean([_over_foot_time(*pair) for pair in zip(steps, around, strict=True)]))
    return out


def _toward(step: Step, around: InstantWindow, name: str) -> float:
    """Place toward the stance side at midstance, about the mean of the stride around it, m."""
    path = around.position(name)[:, 2]
    return step.sign * (float(path[len(path) // 2]) - around.mean(path))


def _over_foot_time(step: Step, around: InstantWindow) -> float:
    """Time from peak force to the neck base's farthest place toward the stance side, s.

    The farthest place is that of a parabola through the three largest samples within a quarter of a stride of midstance.
    """
    path = step.sign * around.position("neck_base")[:, 2]
    quarter = len(path) // 4
    k = int(np.argmax(path[quarter:-quarter])) + quarter
    before, here, after = path[k - 1 : k + 2]
    shift = 0.5 * (before - after) / (before - 2 * here + after)
    return float(around.time[k] + shift * (around.time[1] - around.time[0])) - step.peak


def weight_shift(runner: SyntheticRunner, steps: list[Step]) -> dict[str, float]:
    """Feet, neck base, head and pelvis from side to side.

    Parameters
    ----------
    runner, steps
        Who, and the steps.
    """
    table = [_of_step(runner, step) for step in steps]
    sign = np.array([step.sign for step in steps])
    columns = {name: np.array([row[name] for row in table]) for name in table[0]}
    out = {
        name: float((values[sign > 0].mean() + values[sign < 0].mean()) / 2)
        for name, values in columns.items()
        if not name.startswith("at_")
    }
    for prefix, name in (("", "neck_base"), ("head_", "head_centre"), ("pelvis_", "pelvis_centre"), ("com_", "com")):
        place = columns[f"at_{name}"]
        out[f"{prefix}weight_shift_ratio"] = float(
            (place[sign > 0].mean() - place[sign < 0].mean()) / out["step_width"]
        )
    return out


def _of_step(runner: SyntheticRunner, step: Step) -> dict[str, float]:
    stance = InstantWindow(runner, step.initial_contact, step.toe_off, 4000.0, orders=1)
    inner = (stance.time >= step.at(0.2)) & (stance.time <= step.at(0.8))
    foot = float(stance.position(f"foot_{step.side}")[inner, 2].mean())
    before = "left" if step.side == "right" else "right"
    other = float(runner.feet[before].footprint(np.array([step.number - 1]))[0])
    points = runner.points([step.midstance, step.peak, step.toe_off], 1)
    at = {name: points[name].value for name in ("head_centre", "neck_base", "pelvis_centre")}
    at["com"] = runner.centre_of_mass([step.midstance], 1).value
    com = runner.centre_of_mass([step.initial_contact], 3)
    extrapolated = com.value[0, 2] + com.velocity[0, 2] * np.sqrt(com.value[0, 1] / GRAVITY)
    crown = (points["vertex"] - points["head_centre"]).value[0]
    signs = {
        "push_off_pelvis_lowers": step.sign * _change(line_roll(points, "asis")),
        "push_off_shoulder_rises": -step.sign * _change(line_roll(points, "shoulder")),
        "push_off_shoulder_advances": step.sign * _change(line_yaw(points, "shoulder") - line_yaw(points, "asis")),
        "push_off_head_moves_away": -step.sign * float(at["head_centre"][2, 2] - at["head_centre"][0, 2]),
    }
    return {
        "step_width": step.sign * (foot - other),
        "neck_over_foot_error": step.sign * float(at["neck_base"][0, 2] - foot),
        "neck_over_foot_error_peak_force": step.sign * float(at["neck_base"][1, 2] - foot),
        "head_over_foot_error": step.sign * float(at["head_centre"][0, 2] - foot),
        "head_over_foot_error_peak_force": step.sign * float(at["head_centre"][1, 2] - foot),
        "mediolateral_margin": step.sign * float(foot - extrapolated),
        "pelvic_drop": float((-step.sign * line_roll(stance.points, "asis")).max()),
        "head_roll_at_midstance": step.sign * float(np.arctan2(crown[2], crown[1])),
        "push_off_sequence_match": float(all(value > 0 for value in signs.values())),
        **{name: float(value > 0) for name, value in signs.items()},
        **{f"at_{name}": float(place[0, 2]) for name, place in at.items()},
    }


def _change(values: FloatArray) -> float:
    """From midstance, the first of the instants, to toe-off, the last."""
    return float(values[-1] - values[0])

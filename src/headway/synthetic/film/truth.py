"""True values of what a film measures, from the exact motion of the drawn body and the true contacts, without any code of the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headway.gait.contacts import Contact
from headway.recording import FloatArray, Side

HARMONICS = 6
"""Of the stride, in the mean stride."""
FLAT = (0.2, 0.8)
"""Shares of stance between which a foot's place is taken."""
SOLE_FLAT = (0.3, 0.6)
"""Shares of stance between which the sole is flat."""
WIDE = 0.03
"""Step width from which a weight shift is told, m."""


@dataclass(frozen=True)
class TrueValue:
    """True value of one metric, and those of the sides where it has them; SI units, angles in rad."""

    value: float
    left: float | None = None
    right: float | None = None


def true_values(
    time: FloatArray, points: Mapping[str, FloatArray], contacts: Sequence[Contact], speed: float
) -> dict[str, TrueValue]:
    """Tell the true values of the metrics of a film.

    Parameters
    ----------
    time
        s, dense and even, a few strides, shape (n,).
    points
        ``head``, shoulders, hips, heels and toes, on the spot, m, forward, up, right, shape (n, 3) each.
    contacts
        True contacts in order of time; those before and after the span as well, so that every step is whole.
    speed
        m/s.

    Notes
    -----
    The middle of the shoulders stands for the neck base, that of the hips for the pelvis, as in every film. Lateral bounce is the first
    harmonic of the stride with the right midstance at phase 0; gain and lag from pelvis to head come from the second one, an oscillation
    is the range of the second and fourth.
    """
    middle = {name: (points[f"{name}_left"] + points[f"{name}_right"]) / 2 for name in ("shoulder", "hip")}
    paths = {"head": points["head"], "neck_base": middle["shoulder"], "pelvis": middle["hip"]}
    phase = _phase(time, contacts)
    whole = np.isfinite(phase)
    waves = {name: _harmonics(phase[whole], path[whole]) for name, path in paths.items()}
    stride = 2 * np.pi / float(np.polyfit(time[whole], np.unwrap(phase[whole]), 1)[0])
    out = _times(contacts, speed)
    for name, prefix in (("head", ""), ("neck_base", "neck_base_"), ("pelvis", "pelvis_")):
        side = np.conj(waves[name][1, 2])
        out[f"{prefix}lateral_bounce_amplitude"] = TrueValue(float(abs(side)))
        out[f"{prefix}lateral_bounce_phase"] = TrueValue(float(np.angle(side)))
        out[f"{name}_vertical_oscillation"] = TrueValue(_range(waves[name][:, 1]))
    for gain, lag, early, number, axis in (
        ("head_pelvis_vertical_gain", "head_lag_vertical", "pelvis", 2, 1),
        ("", "neck_base_head_lag_vertical", "neck_base", 2, 1),
        ("head_lateral_gain", "head_lag_lateral", "neck_base", 1, 2),
    ):
        ratio = np.conj(waves["head"][number, axis] / waves[early][number, axis])
        if gain:
            out[gain] = TrueValue(float(abs(ratio)))
        out[lag] = TrueValue(float(np.angle(ratio) / (2 * np.pi * number / stride)))
    lean, ahead = paths["neck_base"] - paths["pelvis"], (paths["head"] - paths["neck_base"])[whole]
    out["trunk_lean"] = TrueValue(float(np.arctan2(lean[whole, 0], lean[whole, 1]).mean()))
    out["head_anteversion"] = TrueValue(float(ahead[:, 0].mean()))
    out["head_bob"] = TrueValue(_range(waves["head"][:, 0] - waves["neck_base"][:, 0]))
    return out | _over_feet(time, points, paths, contacts) | _limbs(time, points, paths, contacts)


def _phase(time: FloatArray, contacts: Sequence[Contact]) -> FloatArray:
    """Phase of the stride, rad, 0 at right midstances; NaN before the first and after the last."""
    at = [(one.at(0.5), 0.0 if one.side == "right" else np.pi) for one in contacts]
    turns = np.array(
        [
            2 * np.pi * round((middle - at[0][0]) / (2 * _step_time(contacts)) - (p - at[0][1]) / (2 * np.pi)) + p
            for middle, p in at
        ]
    )
    return np.interp(time, [middle for middle, _ in at], turns, left=np.nan, right=np.nan)


def _step_time(contacts: Sequence[Contact]) -> float:
    return (contacts[-1].at(0.5) - contacts[0].at(0.5)) / (len(contacts) - 1)


def _harmonics(phase: FloatArray, values: FloatArray) -> np.ndarray:
    """Complex amplitudes c of Re(c exp(i n phase)), shape (harmonics + 1, 3); a slow drift is taken off."""
    even = np.linspace(-1.0, 1.0, len(phase))
    waves = [f(n * phase) for n in range(1, HARMONICS + 1) for f in (np.cos, np.sin)]
    columns = np.stack([np.ones(len(phase)), even, even**2, *waves], axis=1)
    found = np.linalg.lstsq(columns, values, rcond=None)[0]
    return np.concatenate([found[:1].astype(complex), found[3::2] - 1j * found[4::2]])


def _range(waves: np.ndarray) -> float:
    """Peak to peak of the second and fourth harmonic."""
    phase = np.linspace(0, 2 * np.pi, 720)
    return float(np.ptp(np.real(waves[2] * np.exp(2j * phase) + waves[4] * np.exp(4j * phase))))


def _sided(left: Sequence[float], right: Sequence[float]) -> TrueValue:
    both = float(np.mean(left)), float(np.mean(right))
    return TrueValue(sum(both) / 2, *both)


def _times(contacts: Sequence[Contact], speed: float) -> dict[str, TrueValue]:
    """What follows from the contacts alone."""
    steps = list(pairwise(contacts))

    def of(side: str, what: str) -> list[float]:
        mine = [(one, other) for one, other in steps if one.side == side]
        length = [other.initial_contact - one.initial_contact for one, other in mine]
        if what == "contact":
            return [one.duration for one, _ in mine]
        return length if what == "step" else [other.initial_contact - one.toe_off for one, other in mine]

    contact, step, flight = (_sided(of("left", what), of("right", what)) for what in ("contact", "step", "flight"))
    left, right = contact.left or 0.0, contact.right or 0.0
    sides = (step.left or 0.0, step.right or 0.0)
    return {
        "contact_time": contact,
        "flight_time": flight,
        "contact_time_asymmetry": TrueValue(200 * (right - left) / (right + left)),
        "cadence": TrueValue(60 / step.value, 60 / sides[0], 60 / sides[1]),
        "duty_factor": TrueValue(contact.value / (2 * step.value), left / (2 * step.value), right / (2 * step.value)),
        "speed": TrueValue(speed),
        "step_length": TrueValue(speed * step.value, speed * sides[0], speed * sides[1]),
    }


def _over_feet(
    time: FloatArray, points: Mapping[str, FloatArray], paths: Mapping[str, FloatArray], contacts: Sequence[Contact]
) -> dict[str, TrueValue]:
    """Step width, and where head, neck base and pelvis are over the feet."""
    feet: dict[Side, list[float]] = {"left": [], "right": []}
    over: dict[str, dict[Side, list[float]]] = {name: {"left": [], "right": []} for name in paths}
    for one in contacts:
        if one.side is None or one.at(FLAT[0]) < time[0] or one.at(FLAT[1]) > time[-1]:
            continue
        flat = (time >= one.at(FLAT[0])) & (time <= one.at(FLAT[1]))
        feet[one.side].append(float((points[f"heel_{one.side}"] + points[f"toe_{one.side}"])[flat, 2].mean() / 2))
        for name, path in paths.items():
            over[name][one.side].append(float(np.interp(one.at(0.5), time, path[:, 2])))
    if not all(feet.values()):
        return {}
    foot = {side: float(np.mean(found)) for side, found in feet.items()}
    width = foot["right"] - foot["left"]
    out = {"step_width": TrueValue(width)}
    for name, prefix in (("neck_base", ""), ("head", "head_"), ("pelvis", "pelvis_")):
        place = {side: float(np.mean(found)) for side, found in over[name].items()}
        if name != "pelvis":
            outward = ((place["right"] - foot["right"]) - (place["left"] - foot["left"])) / 2
            out[f"{prefix or 'neck_'}over_foot_error"] = TrueValue(outward)
        if abs(width) > WIDE:
            out[f"{prefix}weight_shift_ratio"] = TrueValue((place["right"] - place["left"]) / width)
    return out


def _limbs(
    time: FloatArray, points: Mapping[str, FloatArray], paths: Mapping[str, FloatArray], contacts: Sequence[Contact]
) -> dict[str, TrueValue]:
    """Angles of knee, hip and foot, overstride, crossover, pelvic drop and arm swing; of the steps that lie within the motion."""
    found: dict[str, dict[Side, list[float]]] = {}

    def note(name: str, side: Side, value: float) -> None:
        found.setdefault(name, {"left": [], "right": []})[side].append(value)

    stride = 2 * _step_time(contacts)
    trunk = _down(paths["pelvis"] - paths["neck_base"])
    list_of_hips = points["hip_left"][:, 1] - points["hip_right"][:, 1]
    apart = np.abs(points["hip_right"][:, 2] - points["hip_left"][:, 2])
    for one in contacts:
        side = one.side
        if side is None or one.initial_contact < time[0] or one.toe_off > time[-1]:
            continue
        hip, knee, ankle, heel, toe = (points[f"{stem}_{side}"] for stem in ("hip", "knee", "ankle", "heel", "toe"))
        thigh, shank, sole = _down(knee - hip), _down(ankle - knee), _down(toe - heel)
        bent = thigh - shank
        stance = (time >= one.initial_contact) & (time <= one.toe_off)
        flat = (time >= one.at(SOLE_FLAT[0])) & (time <= one.at(SOLE_FLAT[1]))
        first, last = one.initial_contact, one.toe_off
        note("knee_flexion_at_contact", side, float(np.interp(first, time, bent)))
        note("knee_flexion_in_stance", side, float(bent[stance].max()))
        note("hip_extension_at_toe_off", side, float(np.interp(last, time, trunk - thigh)))
        note("foot_angle_at_contact", side, float(np.interp(first, time, sole) - sole[flat].mean()))
        middle = (points["hip_left"] + points["hip_right"])[:, 0] / 2
        note("overstride", side, float(np.interp(first, time, ankle[:, 0] - middle)))
        sign = 1.0 if side == "right" else -1.0
        lower = np.arctan2(-sign * list_of_hips, apart)[stance]
        note("pelvic_drop", side, float(lower.max()))
        whole = (time >= first) & (time <= first + stride)
        if first + stride <= time[-1]:
            note("knee_flexion_in_swing", side, float(bent[whole & (time > last)].max()))
            level = (time >= one.at(FLAT[0])) & (time <= one.at(FLAT[1]))
            foot = float((heel + toe)[level, 2].mean() / 2)
            note("foot_crossover", side, sign * (foot - float(paths["pelvis"][whole, 2].mean())))
    out = {name: _sided(each["left"], each["right"]) for name, each in found.items() if all(each.values())}
    phase = _phase(time, contacts)
    whole = np.isfinite(phase)
    reach = [points[f"wrist_{side}"] - points[f"shoulder_{side}"] for side in ("left", "right")]
    waves = _harmonics(phase[whole], ((reach[1] - reach[0]) / 2)[whole])[1:, 0]
    turns = np.exp(1j * np.outer(np.linspace(0, 2 * np.pi, 720), np.arange(1, HARMONICS + 1)))
    return out | {"arm_swing": TrueValue(float(np.ptp(np.real(turns @ waves))))}


def _down(line: FloatArray) -> FloatArray:
    """Angle of a line from straight down, + forward, rad, shape (n,)."""
    return np.unwrap(np.arctan2(line[:, 0], -line[:, 1]))

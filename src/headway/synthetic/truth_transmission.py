"""True transmission from the centre of mass to pelvis, neck base and head, and the true posture, of one step."""

from __future__ import annotations

import numpy as np

from headway.recording import FloatArray
from headway.synthetic.instants import InstantWindow, Step
from headway.synthetic.jets import Jet
from headway.synthetic.runner import SyntheticRunner

PLACES = (("head", "head_centre"), ("neck_base", "neck_base"), ("pelvis", "pelvis_centre"))


def transmission(runner: SyntheticRunner, step: Step, stance: InstantWindow) -> dict[str, float | tuple[float, float]]:
    """Velocity changes over the support window and over push-off, as numerator and denominator.

    Parameters
    ----------
    runner, step
        Who, and which step.
    stance
        Window from initial contact to toe-off.
    """
    times = np.array([*step.support, step.initial_contact, step.transition, step.toe_off])
    points = runner.points(times)
    speed = {name: points[name].velocity for _, name in (*PLACES, ("", "head_com"))}
    speed["com"] = runner.centre_of_mass(times).velocity
    up = {name: float(v[1, 1] - v[0, 1]) for name, v in speed.items()}
    braking = {name: float(v[3, 0] - v[2, 0]) for name, v in speed.items()}
    pushing = {name: float(v[4, 0] - v[3, 0]) for name, v in speed.items()}
    out: dict[str, float | tuple[float, float]] = {}
    for prefix, name in PLACES:
        out[f"{prefix}_vertical_gain"] = (up[name], up["com"])
        out[f"{prefix}_forward_gain"] = (pushing[name], pushing["com"])
    out["head_forward_gain_braking"] = (braking["head_centre"], braking["com"])
    share = 100 * runner.plan.mass_shares["head"]
    out["neck_impulse_forward"] = (share * pushing["head_com"], pushing["com"])
    out["neck_impulse_up"] = (share * up["head_com"], up["com"])
    ahead = (stance.position("head_centre") - stance.position("neck_base"))[:, 0]
    late = stance.time >= step.transition
    first = float(np.interp(step.transition, stance.time, ahead))
    out["head_retraction"] = min(float(ahead[late].min()) - first, 0.0)
    return out


def posture(runner: SyntheticRunner, step: Step, whole: InstantWindow) -> dict[str, float]:
    """Posture, and what the head does over one step.

    Parameters
    ----------
    runner, step
        Who, and which step.
    whole
        Window over the stride.
    """
    single = whole.time <= step.next_contact
    ahead = (whole.position("head_centre") - whole.position("neck_base"))[:, 0]
    lean = whole.position("neck_base") - whole.position("pelvis_centre")
    notch = whole.position("suprasternal")
    hands = [np.linalg.norm(whole.position(f"wrist_{side}") - notch, axis=1) for side in ("left", "right")]
    head, foot, neck, pelvis = runner.positions(
        [step.midstance], ("head_centre", f"foot_{step.side}", "neck_base", "pelvis_centre")
    )[0]
    line = (head - foot) / np.linalg.norm(head - foot)
    beside = [np.linalg.norm(np.cross(point - foot, line)) for point in (pelvis, neck)]
    crown = (whole.position("vertex") - whole.position("head_centre"))[single]
    twist = line_yaw(whole.points, "shoulder") - line_yaw(whole.points, "asis")
    return {
        "head_bob": float(np.ptp(ahead[single])),
        "head_pitch_range": float(np.ptp(np.arctan2(crown[:, 0], crown[:, 1]))),
        "head_anteversion": whole.mean(ahead),
        "trunk_lean": whole.mean(np.arctan2(lean[:, 0], lean[:, 1])),
        "body_lean": float(np.arctan2(line[0], line[1])),
        "body_line_deviation": float(np.sqrt(np.mean(np.square(beside)))),
        "hand_sternum_distance": whole.mean((hands[0] + hands[1]) / 2),
        "thorax_pelvis_yaw_range": float(np.ptp(twist)),
        "pelvic_list_range": float(np.ptp(line_roll(whole.points, "asis"))),
        "lateral_com_range": float(np.ptp(whole.com.value[:, 2])),
    }


def line_yaw(points: dict[str, Jet], name: str) -> FloatArray:
    """Yaw of the line from the left to the right of a pair of points, rad; + = turned to the left."""
    across = (points[f"{name}_right"] - points[f"{name}_left"]).value
    return np.arctan2(across[:, 0], across[:, 2])


def line_roll(points: dict[str, Jet], name: str) -> FloatArray:
    """Roll of the line from the left to the right of a pair of points, rad; + = right side down."""
    across = (points[f"{name}_right"] - points[f"{name}_left"]).value
    return np.arctan2(-across[:, 1], across[:, 2])

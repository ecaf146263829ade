"""True force and impulse at each level from the foot to the neck in one step."""

from __future__ import annotations

import numpy as np

from headway.recording import GRAVITY
from headway.synthetic.instants import InstantWindow, Step
from headway.synthetic.runner import SyntheticRunner

LEG = ("foot", "shank", "thigh")


def ladder(runner: SyntheticRunner, step: Step, stance: InstantWindow, push: InstantWindow) -> dict[str, float]:
    """Impulse (up and toward the stance side over stance, forward over push-off) and upward peak at each level, in BW·s and BW.

    Parameters
    ----------
    runner, step
        Who, and which step.
    stance, push
        Windows from initial contact, and from the braking-propulsion transition, to toe-off.
    """
    legs = {f"{part}_{side}" for part in LEG for side in ("left", "right")}
    below: dict[str, set[str]] = {"ground": set()}
    for count, level in enumerate(("ankle", "knee", "hip"), start=1):
        below[level] = {f"{part}_{step.side}" for part in LEG[:count]}
    below |= {"lumbar": legs, "neck": set(runner.plan.mass_shares) - {"head"}}
    out: dict[str, float] = {}
    for level, under in below.items():
        force = _carried(runner, stance, under)
        out[f"ladder_{level}_impulse_forward"] = push.integral(_carried(runner, push, under)[:, 0])
        out[f"ladder_{level}_impulse_up"] = stance.integral(force[:, 1])
        out[f"ladder_{level}_impulse_lateral"] = step.sign * stance.integral(force[:, 2])
        out[f"ladder_{level}_peak_up"] = float(force[:, 1].max())
    return out


def _carried(runner: SyntheticRunner, window: InstantWindow, under: set[str]) -> np.ndarray:
    """Force that the segments above a level need, in body weights, shape (n, 3)."""
    needed = [
        runner.plan.mass_shares[name] * (path.acceleration / GRAVITY + [0.0, 1.0, 0.0])
        for name, path in window.segments.items()
        if name not in under
    ]
    return np.sum(needed, axis=0)

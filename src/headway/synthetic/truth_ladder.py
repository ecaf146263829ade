"""True force and impulse at each level from the foot to the neck in one step."""

from __future__ import annotations

import numpy as np

from headway.recording import GRAVITY
from headway.synthetic.instants import Step, Window
from headway.synthetic.runner import SyntheticRunner

LEG = ("foot", "shank", "thigh")


def ladder(runner: SyntheticRunner, step: Step, stance: Window) -> dict[str, float]:
    """Impulse over stance (forward, up, toward the stance side) and upward peak at each level, in BW·s and BW.

    Parameters
    ----------
    runner, step
        Who, and which step.
    stance
        Window from initial contact to toe-off.
    """
    weight = runner.parameters.mass * GRAVITY
    carried = {
        name: runner.parameters.mass * runner.plan.mass_shares[name] * (path.acceleration + [0.0, GRAVITY, 0.0])
        for name, path in stance.segments.items()
    }
    legs = {f"{part}_{side}" for part in LEG for side in ("left", "right")}
    below: dict[str, set[str]] = {"ground": set()}
    for count, level in enumerate(("ankle", "knee", "hip"), start=1):
        below[level] = {f"{part}_{step.side}" for part in LEG[:count]}
    below |= {"lumbar": legs, "neck": set(carried) - {"head"}}
    out: dict[str, float] = {}
    for level, under in below.items():
        force = np.sum([part for name, part in carried.items() if name not in under], axis=0) / weight
        for axis, (word, sign) in enumerate((("forward", 1.0), ("up", 1.0), ("lateral", step.sign))):
            out[f"ladder_{level}_impulse_{word}"] = sign * stance.integral(force[:, axis])
        out[f"ladder_{level}_peak_up"] = float(force[:, 1].max())
    return out

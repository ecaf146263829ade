"""True values of the metrics, from the analytic motion by their definitions, without any code of the analysis.

Nothing is filtered or differentiated numerically. Each step is measured by itself; means are taken per side and then over the
sides, ratios are ratios of sums.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from headway.synthetic.instants import InstantWindow, Step, true_step
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth_force import force_and_time
from headway.synthetic.truth_ladder import ladder
from headway.synthetic.truth_lateral import bounce, weight_shift
from headway.synthetic.truth_line import force_line
from headway.synthetic.truth_neck import neck
from headway.synthetic.truth_transmission import posture, transmission


def truth(runner: SyntheticRunner, *, strides: int = 1, rate: float = 20_000.0) -> dict[str, float]:
    """Tell the true value of every metric that the definitions fix for this runner.

    Parameters
    ----------
    runner
        Who runs. Without step noise one stride tells all.
    strides
        Number of strides, from the right contact at time 0 on.
    rate
        Samples per second of the analytic motion; instants are found exactly.

    Returns
    -------
    dict
        Metric name to value: SI units, angles in rad, forces in BW, as the metric of that name states.
    """
    steps = [true_step(runner, number) for number in range(2 * strides)]
    tables = [_measure(runner, step, rate) for step in steps]
    out: dict[str, float] = {}
    for name in tables[0]:
        out[name] = _combined([table[name] for table in tables], steps)
    for name in ("contact_time", "peak_vertical_grf"):
        right, left = (
            np.mean([t[name] for t, s in zip(tables, steps, strict=True) if s.sign == sign]) for sign in (1, -1)
        )
        out[f"{name}_asymmetry"] = float(200 * (right - left) / (abs(right) + abs(left)))
    stride = InstantWindow(
        runner, steps[0].midstance, steps[0].midstance + strides * runner.parameters.stride_time, rate, 1
    )
    if not runner.parameters.step_noise.any:
        out |= {f"{prefix}lateral_bounce_locking": 1.0 for prefix in ("", "neck_base_", "pelvis_", "com_")}
    out["ladder_closure"] = 0.0
    return out | bounce(runner, steps, stride) | weight_shift(runner, steps)


def _measure(runner: SyntheticRunner, step: Step, rate: float) -> dict[str, float | tuple[float, float]]:
    stance = InstantWindow(runner, step.initial_contact, step.toe_off, rate)
    push = InstantWindow(runner, step.transition, step.toe_off, rate)
    whole = InstantWindow(runner, step.initial_contact, step.next_same, rate, orders=1)
    return {
        **force_and_time(runner, step, stance, push, whole),
        **transmission(runner, step, stance),
        **posture(runner, step, whole),
        **neck(runner, step, stance, push),
        **force_line(step, stance, push),
        **ladder(runner, step, stance, push),
    }


def _combined(values: Iterable[float | tuple[float, float]], steps: list[Step]) -> float:
    """Mean of the side means, or ratio of sums where steps give numerator and denominator."""
    table = np.array(list(values))
    if table.ndim == 2:
        return float(table[:, 0].sum() / table[:, 1].sum())
    right = np.array([step.sign > 0 for step in steps])
    return float((table[right].mean() + table[~right].mean()) / 2)

"""Arms, trunk lean and step width beside what was published: ``python benchmarks/simulation_yardsticks.py FOLDER [--speed 3] [--mesh 20]``.

Every condition is solved from the free runner of the leading style; solutions are kept in FOLDER. ``--quick`` takes a coarse mesh and one
condition of each kind. ``--shoulders 8`` asks the arms alone, of a body whose shoulders have springs of 8 N·m/rad.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import CONDITIONS, Condition
from headway.simulation.effort import COSTS
from headway.simulation.outcome import DENSE, outcomes
from headway.simulation.solution import Solution
from headway.simulation.styles import styles
from simulation_kept import KeptSolutions

LEG = 0.53
"""Leg length over stature: the step widths that were asked of people are shares of their legs."""
COARSE = 12
SPRUNG = ("shoulder_flexion", "shoulder_adduction")


@dataclass(frozen=True)
class Yardstick:
    """What people, or another model, were asked, and what it cost them more than running as they like (%).

    Attributes
    ----------
    name
        For the table.
    condition
        Ours.
    published
        More energy than free, %.
    source
        Whose.
    """

    name: str
    condition: Condition
    published: float | None
    source: str


ARELLANO_2011 = "net metabolic power, Arellano & Kram 2011"
ARELLANO_2014 = "net metabolic power, Arellano & Kram 2014"
KOO = "energy per distance, Koo 2025 (simulated)"
CARSON = "metabolic cost, Carson 2024"


def yardsticks(free: Solution, height: float) -> list[Yardstick]:
    """All of them; lean counts from that of the free runner."""
    upright = outcomes(free)["trunk_lean"]

    def width(share: float) -> Condition:
        return Condition(f"width {share:.2f} leg", step_width=share * LEG * height)

    def lean(degrees: float) -> Condition:
        return Condition(f"lean {degrees:+g} deg", lean=upright + float(np.radians(degrees)))

    return [
        Yardstick("hands behind the back", CONDITIONS["hands_on_back"], 3.0, ARELLANO_2014),
        Yardstick("arms across the chest", CONDITIONS["arms_crossed"], 9.0, ARELLANO_2014),
        Yardstick("hands on the head", CONDITIONS["hands_on_head"], 13.0, ARELLANO_2014),
        Yardstick("shoulders without motors", CONDITIONS["arms_passive"], 100 * (5.73 / 5.52 - 1), KOO),
        Yardstick("arms fixed", CONDITIONS["arms_fixed"], 100 * (5.82 / 5.52 - 1), KOO),
        Yardstick("hands on the hips", CONDITIONS["hands_on_hips"], None, "–"),
        Yardstick("step width 0", width(0.0), 3.0, ARELLANO_2011),
        Yardstick("step width 15 % of the leg", width(0.15), 9.0, ARELLANO_2011),
        Yardstick("step width 20 %", width(0.20), 12.0, ARELLANO_2011),
        Yardstick("step width 25 %", width(0.25), 15.0, ARELLANO_2011),
        Yardstick("leaning 3° more", lean(3.0), 0.0, CARSON),
        Yardstick("leaning 8° more", lean(8.0), 8.0, CARSON),
    ]


def with_springs(skeleton: Skeleton, stiffness: float) -> Skeleton:
    """The skeleton with springs that draw the arms down to hang, N·m/rad: flexion and adduction of both shoulders."""
    bodies = tuple(
        replace(
            body,
            coordinates=tuple(
                replace(one, stiffness=stiffness) if one.name.startswith(SPRUNG) else one for one in body.coordinates
            ),
        )
        for body in skeleton.bodies
    )
    return replace(skeleton, bodies=bodies)


def turning(solution: Solution) -> tuple[float, float]:
    """Range through which pelvis and shoulders turn about the vertical over a stride, rad."""
    state = solution.state(np.arange(2 * DENSE) / DENSE * solution.step_time)
    places = solution.places(state)
    across = [places[f"{name}_right"] - places[f"{name}_left"] for name in ("hip", "shoulder")]
    first, second = (float(np.ptp(np.arctan2(line[:, 0], line[:, 2]))) for line in across)
    return first, second


def row(one: Yardstick, free: Solution, found: Solution) -> str:
    """A line of the table."""
    if not found.quality.solved:
        return f"| {one.name} | {'–' if one.published is None else f'{one.published:+.0f} %'} ({one.source}) | no solution |"
    before, after = outcomes(free), outcomes(found)
    cost = 100 * (found.objective / free.objective - 1)
    parts = [100 * (after[name] / before[name] - 1) for name in ("effort", "work_per_metre")]
    turned = [f"{np.degrees(now - then):+.0f}°" for now, then in zip(turning(found), turning(free), strict=True)]
    published = "–" if one.published is None else f"{one.published:+.0f} % ({one.source})"
    told = " | ".join([f"{cost:+.1f} %", *(f"{part:+.1f} %" for part in parts), *turned])
    return f"| {one.name} | {published} | {told} |"


def main() -> None:
    """Solve and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=float, default=3.0)
    parser.add_argument("--mesh", type=int, default=20)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--shoulders", type=float)
    parser.add_argument("--finished", action="store_true", help="print what is in the folder, solve nothing")
    arguments = parser.parse_args()
    kept, cost = KeptSolutions(arguments.folder, finished=arguments.finished), COSTS["effort"]
    if arguments.shoulders is not None:
        kept.skeleton = with_springs(kept.skeleton, arguments.shoulders)
    mesh = COARSE if arguments.quick else arguments.mesh
    lead = styles()[0]
    begin = lead.near(kept.skeleton, kept.ground, arguments.speed)
    free = kept.solve(lead.name, CONDITIONS["free"], cost, arguments.speed, mesh, begin)
    asked = yardsticks(free, kept.skeleton.plan.height)
    if arguments.quick:
        asked = [one for one in asked if one.name in ("arms fixed", "step width 25 %", "leaning 8° more")]
    if arguments.shoulders is not None:
        asked = [one for one in asked if one.source == KOO]
    rows = []
    for one in asked:
        found = kept.solve(f"{lead.name} {one.condition.name}", one.condition, cost, arguments.speed, mesh, free)
        rows.append(row(one, free, found))
    values = outcomes(free)
    told = f"{1000 * values['step_width']:.0f} mm wide, leaning {np.degrees(values['trunk_lean']):.1f}°"
    print(f"\nfree: cost {free.objective:.3f}, work {values['work_per_metre']:.2f} J/(kg·m), {told}\n")
    print("| asked | published | cost | effort | work per metre | pelvis turns | shoulders turn |\n|" + "---|" * 7)
    print("\n".join(rows))


if __name__ == "__main__":
    main()

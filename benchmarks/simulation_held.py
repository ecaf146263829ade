"""What the head costs, in every style, cost and neck: ``python benchmarks/simulation_held.py FOLDER [--speed 3.5] [--mesh 20]``.

Solutions are kept in FOLDER, so that the script goes on where it was stopped. Free is solved from its neighbour in the table and the other
condition from free, so that both are one kind of running; where held came out cheaper, which cannot be, free is solved again from it. The
table has every cell. ``--head braced`` or ``stacked`` puts that in the place of held; ``--necks 1`` takes the usual neck alone.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS, CostFunction
from headway.simulation.outcome import outcomes
from headway.simulation.solution import Solution
from headway.simulation.styles import styles
from headway.simulation.verdict import judge
from simulation_kept import KeptSolutions

SHOWN = {
    "effort": "effort",
    "work_per_metre": "work per metre",
    "peak_vertical_grf": "peak upward force",
    "hip_abduction_moment": "hip abduction moment",
    "lumbar_bending_moment": "side-bending moment of the lower back",
    "neck_base_lateral_amplitude": "sideways swing of the neck base",
    "head_lateral_amplitude": "sideways swing of the head",
}


class Cells:
    """Solutions of the table's cells, kept in a folder."""

    def __init__(self, kept: KeptSolutions, head: str, speed: float, mesh: int) -> None:
        self.kept, self.head, self.speed, self.mesh = kept, head, speed, mesh

    def solve(self, name: str, head: str, neck: float, cost: CostFunction, start: Solution) -> Solution:
        """A condition with a neck so much as stiff."""
        one = CONDITIONS[head]
        asked = replace(one, neck_stiffness=one.neck_stiffness * neck)
        return self.kept.solve(name, asked, cost, self.speed, self.mesh, start)

    def pair(self, name: str, neck: float, cost: CostFunction, start: Solution) -> tuple[Solution, Solution]:
        """Free and the other condition in one cell."""
        first = self.solve(f"{name} free", "free", neck, cost, start)
        again = self.kept.found(f"{name} again", self.speed, self.mesh)
        first = first if again is None or again.objective > first.objective else again
        other = self.solve(f"{name} {self.head}", self.head, neck, cost, first)
        demands = self.head != "braced"  # a stiffer neck is another body: it may be cheaper
        if not (demands and other.quality.solved) or other.objective > first.objective:
            return first, other
        again = self.solve(f"{name} again", "free", neck, cost, other)
        return (again, other) if again.quality.solved else (first, other)

    def table(self, necks: list[float]) -> dict[str, tuple[Solution, Solution]]:
        """All cells that have a solution, by name."""
        every: dict[str, tuple[Solution, Solution]] = {}
        for neck in necks:
            for cost in COSTS.values():
                for style in styles():
                    lead = style.near(self.kept.skeleton, self.kept.ground, self.speed)
                    name = f"{style.name}, {cost.name}, neck × {neck:g}"
                    first = f"{style.name}, {cost.name if neck != 1.0 else 'effort'}, neck × 1"
                    free, other = self.pair(name, neck, cost, every[first][0] if first in every else lead)
                    if free.quality.solved and other.quality.solved:
                        every[name] = free, other
                    else:
                        print(f"{name}: no solution")
        return every


def main() -> None:
    """Solve and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--head", choices=("held", "braced", "stacked"), default="held")
    parser.add_argument("--speed", type=float, default=3.5)
    parser.add_argument("--mesh", type=int, default=20)
    parser.add_argument("--necks", default="1,0.6,1.8")
    parser.add_argument("--finished", action="store_true", help="print what is in the folder, solve nothing")
    arguments = parser.parse_args()
    kept = KeptSolutions(arguments.folder, finished=arguments.finished)
    cells = Cells(kept, arguments.head, arguments.speed, arguments.mesh)
    every = cells.table([float(one) for one in arguments.necks.split(",")])
    print(f"\n| style, cost, neck | cost of free | cost of {arguments.head} | " + " | ".join(SHOWN.values()) + " |")
    print("|---|---|---|" + "---|" * len(SHOWN))
    changes: dict[str, dict[str, float]] = {outcome: {} for outcome in SHOWN}
    for name, (free, other) in every.items():
        before, after = outcomes(free), outcomes(other)
        for outcome in SHOWN:
            changes[outcome][name] = 100 * (after[outcome] / before[outcome] - 1)
        told = " | ".join(f"{changes[outcome][name]:+.1f} %" for outcome in SHOWN)
        dearer = 100 * (other.objective / free.objective - 1)
        print(f"| {name} | {free.objective:.3f} | {dearer:+.2f} % | {told} |")
    kinds = dict.fromkeys(every, "style, cost or neck")
    for outcome, words in SHOWN.items():
        _, verdict = judge(changes[outcome], 100.0, kinds, len(every), len(styles()))
        print(f"{words}: {min(changes[outcome].values()):+.1f} to {max(changes[outcome].values()):+.1f} %, {verdict}")


if __name__ == "__main__":
    main()

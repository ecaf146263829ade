"""Held against free in every style, cost and neck: ``python benchmarks/simulation_held.py FOLDER [--speed 3.5] [--mesh 20]``.

Solutions are kept in FOLDER, so that the script goes on where it was stopped. Free is solved from its neighbour in the table and held
from free, so that both are one kind of running; where held came out cheaper, which cannot be, free is solved again from it. The table has
every cell.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from headway.simulation.conditions import CONDITIONS, Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS, CostFunction
from headway.simulation.outcome import outcomes
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.store import load_solution, save_solution
from headway.simulation.styles import styles
from headway.simulation.task import Task, perform
from headway.simulation.verdict import judge
from simulation_reference import RUNNER

NECKS = (1.0, 0.6, 1.8)
SHOWN = {
    "effort": "effort",
    "work_per_metre": "work per metre",
    "peak_vertical_grf": "peak upward force",
    "hip_abduction_moment": "hip abduction moment",
    "lumbar_bending_moment": "side-bending moment of the lower back",
    "neck_base_lateral_amplitude": "sideways swing of the neck base",
}


class Cells:
    """Solutions of the table's cells, kept in a folder."""

    def __init__(self, folder: Path, speed: float, mesh: int, *, finished: bool) -> None:
        self.folder, self.speed, self.mesh, self.finished = folder, speed, mesh, finished
        self.skeleton, self.ground = simulated_skeleton(**RUNNER), Ground()
        folder.mkdir(parents=True, exist_ok=True)

    def solve(self, name: str, condition: Condition, cost: CostFunction, start: Solution) -> Solution:
        """A solution from the folder, or solved and put there."""
        path = self.folder / f"{name.replace(' ', '_')}_{self.speed:g}_{self.mesh}.npz"
        if path.exists():
            return load_solution(path)
        if self.finished:
            return replace(start, quality=replace(start.quality, solved=False))
        task = Task(name, self.skeleton, self.ground, self.mesh, condition, cost, self.speed, start=start)
        found = perform(task)
        save_solution(found, path)
        print(f"{name}: {found.quality.status}, {found.quality.iterations} iterations", flush=True)
        return found

    def pair(self, name: str, cost: CostFunction, neck: float, start: Solution) -> tuple[Solution, Solution]:
        """Free and held in one cell."""
        free, held = (
            replace(CONDITIONS[one], neck_stiffness=CONDITIONS[one].neck_stiffness * neck) for one in ("free", "held")
        )
        first = self.solve(f"{name} free", free, cost, start)
        other = self.solve(f"{name} held", held, cost, first)
        if not other.quality.solved or other.objective > first.objective:
            return first, other
        again = self.solve(f"{name} again", free, cost, other)
        return (again, other) if again.quality.solved else (first, other)


def main() -> None:
    """Solve and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=float, default=3.5)
    parser.add_argument("--mesh", type=int, default=20)
    parser.add_argument("--finished", action="store_true", help="print what is in the folder, solve nothing")
    arguments = parser.parse_args()
    cells = Cells(arguments.folder, arguments.speed, arguments.mesh, finished=arguments.finished)
    every: dict[str, tuple[Solution, Solution]] = {}
    kinds: dict[str, str] = {}
    for neck in NECKS:
        for cost in COSTS.values():
            for style in styles():
                lead = style.near(cells.skeleton, cells.ground, arguments.speed)
                name = f"{style.name}, {cost.name}, neck × {neck:g}"
                first = f"{style.name}, {cost.name if neck != 1.0 else 'effort'}, neck × 1"
                free, held = cells.pair(name, cost, neck, every[first][0] if first in every else lead)
                if free.quality.solved and held.quality.solved:
                    every[name], kinds[name] = (free, held), "style, cost or neck"
                else:
                    print(f"{name}: no solution")
    print("\n| style, cost, neck | cost of free | cost of held | " + " | ".join(SHOWN.values()) + " |")
    print("|---|---|---|" + "---|" * len(SHOWN))
    changes: dict[str, dict[str, float]] = {outcome: {} for outcome in SHOWN}
    for name, (free, held) in every.items():
        before, after = outcomes(free), outcomes(held)
        for outcome in SHOWN:
            changes[outcome][name] = 100 * (after[outcome] / before[outcome] - 1)
        told = " | ".join(f"{changes[outcome][name]:+.1f} %" for outcome in SHOWN)
        dearer = 100 * (held.objective / free.objective - 1)
        print(f"| {name} | {free.objective:.3f} | {dearer:+.2f} % | {told} |")
    for outcome, words in SHOWN.items():
        _, verdict = judge(changes[outcome], 100.0, kinds, len(every), len(styles()))
        print(f"{words}: {min(changes[outcome].values()):+.1f} to {max(changes[outcome].values()):+.1f} %, {verdict}")


if __name__ == "__main__":
    main()

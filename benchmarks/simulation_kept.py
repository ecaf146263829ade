"""Solutions of a benchmark kept in a folder, so that it goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.solve import LIMIT
from headway.simulation.store import load_solution, save_solution
from headway.simulation.task import Task, perform
from simulation_reference import RUNNER


class KeptSolutions:
    """Solutions of one body in a folder.

    Parameters
    ----------
    folder
        Where they are; made if it is missing.
    finished
        Solve nothing: what is not in the folder counts as unsolved.
    """

    def __init__(self, folder: Path, *, finished: bool = False) -> None:
        self.folder, self.finished = folder, finished
        self.skeleton, self.ground = simulated_skeleton(**RUNNER), Ground()
        folder.mkdir(parents=True, exist_ok=True)

    def solve(
        self, name: str, condition: Condition, cost: CostFunction, speed: float, mesh: int, start: Solution | None,
        *, seed: int = 0, iterations: int = LIMIT,
    ) -> Solution:  # fmt: skip
        """A solution from the folder; otherwise solved and put there, whether it is one or not."""
        path = self._path(name, speed, mesh)
        if path.exists() and ((kept := load_solution(path)).quality.solved or self.finished):
            return kept
        if self.finished and start is not None:
            return replace(start, quality=replace(start.quality, solved=False))
        task = Task(name, self.skeleton, self.ground, mesh, condition, cost, speed, start=start, seed=seed)
        task = replace(task, iterations=iterations)
        found = perform(task)
        save_solution(found, path)
        print(f"{name}, {speed:g} m/s: {found.quality.status}, {found.quality.iterations} iterations", flush=True)
        return found

    def found(self, name: str, speed: float, mesh: int) -> Solution | None:
        """A solution that is in the folder."""
        path = self._path(name, speed, mesh)
        return kept if path.exists() and (kept := load_solution(path)).quality.solved else None

    def _path(self, name: str, speed: float, mesh: int) -> Path:
        return self.folder / f"{name.replace(' ', '_')}_{speed:g}_{mesh}.npz"

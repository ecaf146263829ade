"""Solve independent tasks side by side, with progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headway.simulation.solution import Solution
from headway.simulation.solve import Progress
from headway.simulation.task import Task, perform
from headway.workers import Lost, Pool


@dataclass(frozen=True)
class Report:
    """What the listener is told: which task, where its solver is, and how many of the tasks known so far are done."""

    label: str
    progress: Progress
    done: int
    total: int

    @property
    def words(self) -> str:
        """What is being solved, of how many, and where its solver is."""
        at = self.progress
        where = f"iteration {at.iteration}, infeasibility {at.infeasibility:.0e}, {at.seconds:.0f} s"
        return f"{self.label} ({self.done} of {self.total} done): {where}"


Listener = Callable[[Report], None]
Keeper = Callable[[int, Solution], None]


class SolverLost(Exception):
    """A process was killed while it solved, every time."""


class Solvers:
    """Processes that solve tasks; with one worker everything happens in this process.

    Parameters
    ----------
    workers
        Number of processes.
    listener
        Told of the progress.
    """

    def __init__(self, workers: int = 1, listener: Listener | None = None) -> None:
        self.listener, self.done, self.total = listener, 0, 0
        self.pool: Pool[Task, Solution] = Pool(perform, workers if workers > 1 else 0)

    def run(self, tasks: Sequence[Task], keep: Keeper | None = None) -> list[Solution]:
        """Solutions of the tasks, in their order.

        Parameters
        ----------
        tasks
            Independent of each other.
        keep
            Given the place of a task and its solution as soon as that is there: nothing finished is lost.

        Raises
        ------
        KeyboardInterrupt
            The user stopped it.
        SolverLost
            A process was killed.
        """
        self.total += len(tasks)
        out: dict[int, Solution] = {}
        for place, found in self.pool.run(tasks, self._tell):
            if isinstance(found, Lost):
                raise SolverLost(found.why)
            self.done += 1
            out[place] = found
            if keep is not None:
                keep(place, found)
        return [out[place] for place in range(len(tasks))]

    def close(self) -> None:
        """End the processes."""
        self.pool.close()

    def _tell(self, task: Task, progress: Progress) -> None:
        if self.listener is not None:
            self.listener(Report(task.label, progress, self.done, self.total))

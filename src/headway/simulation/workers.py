"""Solve independent tasks side by side, with progress, in processes that can be ended at any time."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from headway.simulation.solution import Solution
from headway.simulation.solve import Progress
from headway.simulation.task import Task, perform

POLL = 0.2
"""Seconds between looks at the progress."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
EVERY = 5
"""Iterations between two reports of a worker."""


@dataclass(frozen=True)
class Report:
    """What the listener is told: which task, where its solver is, and how many of the tasks known so far are done."""

    label: str
    progress: Progress
    done: int
    total: int


Listener = Callable[[Report], None]
Keeper = Callable[[int, Solution], None]


class Workers:
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
        self._pool: ProcessPoolExecutor | None = None
        if workers > 1:
            # linear algebra in threads gains nothing here and takes the other workers' cores
            self._threads = {name: os.environ.get(name) for name in THREADS}
            os.environ.update(dict.fromkeys(THREADS, "1"))
            context = multiprocessing.get_context("spawn")
            self._queue = context.SimpleQueue()
            self._pool = ProcessPoolExecutor(workers, context, _begin, (self._queue,))

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
        BrokenProcessPool
            A process was killed.
        """
        self.total += len(tasks)
        out = {}
        for k, solution in self._alone(tasks) if self._pool is None else self._together(tasks, self._pool):
            out[k] = solution
            if keep is not None:
                keep(k, solution)
        return [out[k] for k in range(len(tasks))]

    def close(self, *, now: bool = False) -> None:
        """End the processes; ``now`` does not wait for what they do."""
        if self._pool is None:
            return
        processes = list((self._pool._processes or {}).values()) if now else []
        self._pool.shutdown(wait=not now, cancel_futures=True)
        for process in processes:
            process.terminate()
        for name, value in self._threads.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def _alone(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Solution]]:
        for k, task in enumerate(tasks):
            solution = perform(task, lambda progress, task=task: self._tell(task.label, progress))
            self.done += 1
            yield k, solution

    def _together(self, tasks: Sequence[Task], pool: ProcessPoolExecutor) -> Iterator[tuple[int, Solution]]:
        waiting: dict[Future[Solution], int] = {pool.submit(_work, task): k for k, task in enumerate(tasks)}
        while waiting:
            finished, _ = wait(waiting, POLL, FIRST_COMPLETED)
            while not self._queue.empty():
                self._tell(*self._queue.get())
            for future in finished:
                self.done += 1
                yield waiting.pop(future), future.result()

    def _tell(self, label: str, progress: Progress) -> None:
        if self.listener is not None:
            self.listener(Report(label, progress, self.done, self.total))


_told: list[Any] = []


def _begin(queue: Any) -> None:
    """Prepare a worker: only the parent minds Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _told.append(queue)


def _work(task: Task) -> Solution:
    def tell(progress: Progress) -> None:
        if progress.iteration % EVERY == 0:
            _told[0].put((task.label, progress))

    return perform(task, tell)

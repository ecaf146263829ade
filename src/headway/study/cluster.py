"""Workers of a dask scheduler that runs already: each dask worker has a process of ours, so that the time limit holds there too."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from headway.errors import OptionError
from headway.machine import want_dask
from headway.study.outcome import StudyOutcome
from headway.study.task import Job, warm, work
from headway.workers import Lost, Pool

AHEAD = 4
"""Jobs that are sent ahead per thread of the cluster, so that no worker waits and no memory fills."""
PATIENCE = 10.0
"""Seconds to reach the scheduler."""

_own = threading.local()


class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    address
        Such as ``tcp://host:8786``.
    timeout
        Seconds that one recording may take.

    Raises
    ------
    OptionError
        The extra is not installed, the scheduler cannot be reached, or has no workers.
    """

    def __init__(self, address: str, timeout: float) -> None:
        self.client, self.timeout = _client(address), timeout

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, StudyOutcome | Lost]]:
        """Do all jobs; yields each one's place and result in the order in which they are done."""
        from distributed import as_completed

        client, waiting = self.client, enumerate(jobs)
        under_way = {}
        done = as_completed(loop=client.loop)

        def send(count: int) -> None:
            for _, (place, job) in zip(range(count), waiting, strict=False):
                future = client.submit(work_there, job, self.timeout, pure=False, retries=1)
                under_way[future] = place
                done.add(future)

        send(AHEAD * max(sum(client.nthreads().values()), 1))
        for future in done:
            place, error = under_way.pop(future), future.exception()
            lost = Lost("died", f"the cluster's worker was lost ({type(error).__name__}: {error})")
            found = future.result() if error is None else lost
            future.release()
            send(1)
            yield place, found

    def close(self) -> None:
        """Leave the scheduler; what it still holds of ours is dropped."""
        self.client.close()


def work_there(job: Job, timeout: float) -> StudyOutcome | Lost:
    """Do one job on a worker of the cluster, in a process that can be killed."""
    pool: Pool[Job, StudyOutcome] | None = getattr(_own, "pool", None)
    if pool is None:
        pool = _own.pool = Pool(work, 1, timeout=timeout, prepare=warm)
        atexit.register(pool.close)
    pool.timeout = timeout
    ((_, found),) = pool.run([job])
    return found


def _client(address: str) -> Any:
    want_dask()
    try:
        from distributed import Client
    except ImportError:
        raise OptionError(
            "--scheduler", "dask.distributed is not installed", "install the extra: pip install 'headway[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        why = " ".join(str(error).split())[:120] or type(error).__name__
        raise OptionError("--scheduler", f"{address} cannot be reached ({why})", "check that it runs") from error
    if not client.nthreads():
        client.close()
        raise OptionError("--scheduler", f"{address} has no workers", f"start some: dask worker {address}")
    return client

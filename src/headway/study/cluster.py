"""Workers of a dask scheduler that runs already: each dask worker has a process of ours, so that the time limit holds there too."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from headway.errors import OptionError
from headway.study.outcome import Outcome, failed, pack, unpack
from headway.study.worker import Job, pack_job, unpack_job

if TYPE_CHECKING:
    from headway.study.pool import Crew

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

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[str, Outcome]]:
        """Analyse all; yields key and outcome in the order in which they are done."""
        yield from self._run(self.client, iter(jobs))

    def close(self) -> None:
        """Leave the scheduler; what it still holds of ours is dropped."""
        self.client.close()

    def _run(self, client: Any, jobs: Iterator[Job]) -> Iterator[tuple[str, Outcome]]:
        from distributed import as_completed

        ahead = AHEAD * max(sum(client.nthreads().values()), 1)
        under_way = {}
        done = as_completed(loop=client.loop)

        def send(count: int) -> None:
            for _, job in zip(range(count), jobs, strict=False):
                future = client.submit(work_there, pack_job(job), self.timeout, pure=False, retries=1)
                under_way[future] = job
                done.add(future)

        send(ahead)
        for future in done:
            job = under_way.pop(future)
            error = future.exception()
            if error is None:
                outcome = unpack(future.result())
            else:
                outcome = failed(job.key, "died", f"the cluster's worker was lost ({type(error).__name__}: {error})")
            future.release()
            send(1)
            yield job.key, outcome


def work_there(data: bytes, timeout: float) -> bytes:
    """Run one job on a worker of the cluster, in a process that can be killed."""
    job = unpack_job(data)
    crew: Crew | None = getattr(_own, "crew", None)
    if crew is None:
        from headway.study.pool import Crew

        crew = _own.crew = Crew(1, None)
        atexit.register(crew.end)
    return pack(_only(crew.run([job], timeout)))


def _only(found: Iterable[tuple[str, Outcome]]) -> Outcome:
    ((_, outcome),) = found
    return outcome


def _client(address: str) -> Any:
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

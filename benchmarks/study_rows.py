"""The data set of a very large study: memory from the first row to the last, and how soon a stopped study goes on.

Run as ``python benchmarks/study_rows.py [COUNT [METRICS]]``: one recording of the synthetic runner is analysed.
Its rows stand for COUNT recordings (20,000 unless told; with the first METRICS of its metrics), small files that all differ.
The study is stopped after nine tenths, and goes on.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from headway.study import Study, StudyOptions, run_study
from headway.study import run as study_run
from headway.study.entry import Entry
from headway.study.outcome import StudyOutcome
from headway.study.task import Job, work
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner


@dataclass
class Hands:
    """Answer every job with the rows of one recording; ``most`` of them, as if it was stopped then."""

    one: StudyOutcome
    most: int
    begun: float = 0.0
    used: float = 0.0

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, StudyOutcome]]:
        """Answers, with the memory at every tenth."""
        self.begun, self.used = time.monotonic(), time.process_time()
        for place, job in enumerate(jobs):
            if place == self.most:
                raise KeyboardInterrupt
            if place % max(len(jobs) // 9, 1) == 0:
                sys.stdout.write(f"{place:7d} rows {psutil.Process().memory_info().rss / 2**20:6.0f} MB\n")
            assert self.one.row is not None
            row = msgspec.structs.replace(self.one.row, key=job.key, content=job.content)
            yield place, msgspec.structs.replace(self.one, key=job.key, row=row)

    def close(self) -> None:
        """Nothing is held."""


def main(count: int, metrics: int | None = None) -> None:
    """Make, run, stop, go on."""
    with tempfile.TemporaryDirectory() as scratch:
        source, out = Path(scratch) / "recordings", Path(scratch) / "study"
        source.mkdir()
        real = Path(scratch) / "real.c3d"
        write(real, record(SyntheticRunner(RunnerParameters()), duration=5.0, rate=100, force_rate=400))
        one = work(Job(Entry(recording="real", path=str(real)), "key", "content"))
        assert one.row is not None, one.failure
        one.metrics = one.metrics[:metrics]
        for number in range(count):
            (source / f"r{number:05d}.c3d").write_bytes(real.read_bytes()[:512] + str(number).encode())
        for most, resume in ((9 * count // 10, False), (count, True)):
            hands = Hands(one, most)
            study_run._hands = lambda *_, hands=hands: hands
            began, used = time.monotonic(), time.process_time()
            try:
                run_study(source, out, StudyOptions(resume=resume))
            except KeyboardInterrupt:
                sys.stdout.write("stopped\n")
            took, busy, rest = hands.begun - began, hands.used - used, time.monotonic() - hands.begun
            sys.stdout.write(
                f"{took:.1f} s ({busy:.1f} of the processor) to the first job, {rest:.1f} s for the rest\n"
            )
        study = Study.load(out)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        sys.stdout.write(f"{len(study.recordings)} rows, at most {peak:.0f} MB\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ("20000",)))

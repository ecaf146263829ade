"""A study of very many short recordings: throughput, what a recording costs beyond its analysis, memory from the first to the last.

Run as ``python benchmarks/study_many.py [COUNT] [FOLDER]``: COUNT recordings (2,000 unless told) of the synthetic runner, 3 s each, all
different, are written to FOLDER (a temporary one unless told; what is there already is used), analysed one by one in one process, and
then by studies with one and two workers.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from headway.study import Study, StudyOptions, run_study
from headway.study.commands import write_page
from headway.study.progress import StudyState
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner
from headway.workers import ONE_THREAD

COUNT, SPARE = 2000, 10
"""Recordings; every SPARE-th is timed alone."""
BARE = """
import sys, time
from pathlib import Path
from headway.door import measured
paths = [Path(line) for line in sys.stdin.read().splitlines()]
measured(paths[0])
start, used = time.perf_counter(), time.process_time()
for path in paths:
    measured(path)
print((time.perf_counter() - start) / len(paths), (time.process_time() - used) / len(paths))
"""


def make(folder: Path, count: int) -> None:
    """Write the recordings that are not there yet."""
    draw = np.random.default_rng(0)
    for number in range(count):
        speed, mass, cadence = draw.uniform(2.5, 4.5), draw.uniform(50, 90), draw.uniform(160, 180)
        runner = SyntheticRunner(RunnerParameters(mass=mass).changed(speed=speed, cadence=cadence))
        path = folder / f"r{number:04d}.c3d"
        if not path.exists():
            write(path, record(runner, duration=3.0, rate=100, force_rate=400))


def alone(paths: list[Path]) -> tuple[float, float]:
    """Seconds that ``analyze`` takes per recording, in one process on one core: by the clock, and of the processor."""
    done = subprocess.run(
        [sys.executable, "-c", BARE],
        input="\n".join(map(str, paths)),
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=True,
    )
    wall, used = map(float, done.stdout.split())
    return wall, used


def spent() -> float:
    """Processor time of this process and of its workers that have ended, s."""
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


class Memory:
    """Resident memory of the study and of its largest worker at every tenth of the way, MB."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, float]] = []

    def __call__(self, state: StudyState) -> None:
        """Look, when another tenth is done."""
        if state.done + state.failed >= len(self.seen) * state.total / 10:
            self.seen.append((_resident(psutil.Process()), max(self._workers(), default=0.0)))

    def _workers(self) -> Iterator[float]:
        for child in psutil.Process().children():
            try:
                yield _resident(child)
            except psutil.NoSuchProcess:
                continue


def _resident(process: psutil.Process) -> float:
    return process.memory_info().rss / 2**20


def main(count: int, folder: Path | None) -> None:
    """Make, time, tell."""
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as scratch:
        source = folder or Path(scratch) / "recordings"
        source.mkdir(exist_ok=True)
        make(source, count)
        paths = sorted(source.glob("*.c3d"))
        count = len(paths)
        bare = [alone(paths[::SPARE])]
        for workers in (1, 2):
            memory, out = Memory(), Path(scratch) / str(workers)
            start, used = time.perf_counter(), spent()
            run_study(source, out, StudyOptions(workers=workers), memory)
            took, used = time.perf_counter() - start, spent() - used
            bare.append(alone(paths[::SPARE]))
            wall, busy = np.mean(bare[-2:], axis=0)
            say(
                f"{workers} workers: {took:.1f} s, {count / took:.1f} recordings per second, analyze alone {1e3 * wall:.0f} ms, "
            )
            say(f"beyond it {1e3 * (took * workers / count - wall):.0f} ms of a worker each; ")
            say(f"processor: analyze {1e3 * busy:.0f} ms, beyond it {1e3 * (used / count - busy):.0f} ms\n")
            say("  study, largest worker (MB): " + ", ".join(f"{a:.0f} {b:.0f}" for a, b in memory.seen) + "\n")
        start = time.perf_counter()
        study = Study.load(out)
        page = write_page(study)
        say(
            f"{len(study.recordings)} rows; page {time.perf_counter() - start:.1f} s, {page.stat().st_size / 1e6:.1f} MB\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT, Path(sys.argv[2]) if len(sys.argv) > 2 else None)

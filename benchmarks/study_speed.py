"""How fast a study is: the running trials of a folder with 1 and with 2 workers, and the memory of a worker.

Run as ``python benchmarks/study_speed.py FOLDER``.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from headway.study import StudyOptions, run_study


def main(source: Path) -> None:
    took = {}
    with tempfile.TemporaryDirectory() as scratch:
        for workers in (1, 2):
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            out = run_study(source, Path(scratch) / str(workers), StudyOptions(workers=workers))
            took[workers] = time.perf_counter() - start
            now = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
            sys.stdout.write(
                f"{workers} workers: {took[workers]:.1f} s, processor time of workers {spent:.1f} s, "
                f"largest worker {now.ru_maxrss / 1024:.0f} MB\n"
            )
        tables = [
            [path.read_bytes() for path in sorted((Path(scratch) / str(workers)).rglob("*.parquet"))]
            for workers in (1, 2)
        ]
    sys.stdout.write(f"{took[1] / took[2]:.2f} times faster; tables the same: {tables[0] == tables[1]} ({out.name})\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How fast a study is: the running trials of a folder with 1 and with 2 workers in turns, and the memory of a worker.

Run as ``python benchmarks/study_speed.py FOLDER``. The first study is not counted: it leaves Python's compiled files, without which (as
under PYTHONDONTWRITEBYTECODE) every worker spends two seconds more on compiling what it imports.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from headway.study import StudyOptions, run_study

TURNS = 3


def timed(source: Path, out: Path, workers: int) -> float:
    """Seconds that the study takes, its workers' start included."""
    start = time.perf_counter()
    run_study(source, out, StudyOptions(workers=workers))
    return time.perf_counter() - start


def command(source: Path, out: Path, workers: int) -> float:
    """Seconds that the whole command takes, with the start of Python and the page."""
    start = time.perf_counter()
    told = ["study", str(source), "--out", str(out), "--workers", str(workers), "--quiet"]
    subprocess.run([sys.executable, "-m", "headway.cli", *told], check=True)
    return time.perf_counter() - start


def tables(folder: Path) -> list[bytes]:
    """All tables of a study."""
    return [path.read_bytes() for path in sorted(folder.rglob("*.parquet"))]


def main(source: Path) -> None:
    """Time, compare, tell."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        timed(source, folder / "first", 2)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        ratios = []
        for turn in range(TURNS):
            one, two = (timed(source, folder / f"{turn}-{workers}", workers) for workers in (1, 2))
            ratios.append(one / two)
            say(f"one worker {one:.1f} s, two {two:.1f} s: {one / two:.2f} times as fast\n")
        whole = [command(source, folder / f"command-{workers}", workers) for workers in (1, 2)]
        same = all(tables(one) == tables(folder / "first") for one in folder.iterdir())
    say(f"median {np.median(ratios):.2f}; largest worker {largest:.0f} MB; tables the same: {same}\n")
    say(f"the whole command with its page: {whole[0]:.1f} and {whole[1]:.1f} s\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

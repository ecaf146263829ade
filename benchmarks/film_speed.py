"""What a film costs beside a bare pose model on the same pictures: processor time, wall time and memory, each in a process of its own.

``python benchmarks/film_speed.py FILM...`` prints, per film, the seconds of a bare MediaPipe loop that reads and finds every picture, of the whole
command with nothing cached, of a repeat with cached key points, and of the imports alone. The bare loop is run before and after the command, as
machines are not even.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BARE = """
import sys
import av, mediapipe
pose = mediapipe.solutions.pose.Pose(model_complexity=1)
count = 0
for frame in av.open(sys.argv[1]).decode(video=0):
    pose.process(frame.to_ndarray(format="rgb24"))
    count += 1
print(count)
"""
IMPORTS = "import headway.cli, headway.analysis, headway.report, headway.pose.estimate"


@dataclass(frozen=True)
class Cost:
    """Processor and wall seconds of a process with its children, its largest memory (GB), and what it printed."""

    processor: float
    wall: float
    memory: float
    told: str


def cost(command: list[str], **environment: str) -> Cost:
    """Run a command and wait for it."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1e6, told)


def analysed(film: Path, scratch: Path, name: str) -> Cost:
    """The whole command."""
    command = [sys.executable, "-m", "headway.cli", "analyze", str(film), "--height", "1.75", "--out", str(scratch / name), "--quiet"]  # fmt: skip
    return cost(command, HEADWAY_CACHE=str(scratch / "cache"))


def main(films: list[Path]) -> None:
    """Measure every film."""
    imports = cost([sys.executable, "-c", IMPORTS])
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"imports {imports.processor:.1f} processor s; this script {limit:.2f} GB\n")
    for film in films:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            first = cost([sys.executable, "-c", BARE, str(film)])
            whole, again = (analysed(film, scratch, name) for name in ("first", "second"))
            second = cost([sys.executable, "-c", BARE, str(film)])
        bare, wall = (first.processor + second.processor) / 2, (first.wall + second.wall) / 2
        sys.stdout.write(
            f"{film.name}: {first.told.strip()} pictures; bare {bare:.1f} processor s "
            f"({first.processor:.1f}, {second.processor:.1f}), {wall:.1f} wall; "
            f"whole {whole.processor:.1f} ({whole.processor / bare:.2f} x), {whole.wall:.1f} wall "
            f"({whole.wall / wall:.2f} x), {whole.memory:.2f} GB; "
            f"again {again.processor:.1f} ({again.processor - imports.processor:+.1f} beyond imports)\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])

"""What a film costs beside bare pose inference on the same frames, measured in one run, each in a process of its own.

``python benchmarks/film_speed.py FILM`` prints the seconds of both and their ratio.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import sys, time
import av, mediapipe
frames = [frame.to_ndarray(format="rgb24") for frame in av.open(sys.argv[1]).decode(video=0)]
pose = mediapipe.solutions.pose.Pose(model_complexity=1)
pose.process(frames[0])
began = time.perf_counter()
for frame in frames:
    pose.process(frame)
print(len(frames), time.perf_counter() - began)
"""


def main(film: Path) -> None:
    """Measure bare inference before and after the whole command."""
    bare, frames = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(2):
            told = subprocess.run([sys.executable, "-c", BARE, str(film)], capture_output=True, text=True, check=True)
            count, seconds = told.stdout.split()
            frames = int(count)
            bare.append(float(seconds))
            if turn == 0:
                whole = _command(film, Path(scratch) / "first", Path(scratch) / "cache")
                again = _command(film, Path(scratch) / "second", Path(scratch) / "cache")
                plain = _command(film, Path(scratch) / "third", Path(scratch) / "other", "--no-film")
    usual = sum(bare) / len(bare)
    sys.stdout.write(
        f"{film.name}: {frames} frames, bare inference {usual:.1f} s ({frames / usual:.0f} frames/s), whole command {whole:.1f} s "
        f"({whole / usual:.2f} x), without the film in the report {plain:.1f} s ({plain / usual:.2f} x), again {again:.1f} s\n"
    )


def _command(film: Path, out: Path, cache: Path, *more: str) -> float:
    began = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "headway.cli",
        "analyze",
        str(film),
        "--height",
        "1.75",
        "--out",
        str(out),
        "--quiet",
        *more,
    ]
    subprocess.run(command, check=True, env={**os.environ, "HEADWAY_CACHE": str(cache)})
    return time.perf_counter() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Make a long recording and analyse it, and measure the memory and time that takes: ``python benchmarks/long_recordings.py --minutes 60``.

The recording is a minute of the synthetic runner on a belt again and again: 200 frames/s, its markers and others up to 60, two plates at 1 kHz.
It is written into ``--folder``, and analysed by ``headway analyze`` with the options after ``--``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from headway.io.c3d.read import open_c3d
from headway.recording import Recording, make_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner

MARKERS, RATE, FORCE_RATE = 60, 200.0, 1000.0


def minute() -> Recording:
    """A minute with 60 markers."""
    made = record(SyntheticRunner(RunnerParameters()), duration=60.0, rate=RATE, force_rate=FORCE_RATE, noise=0.0005)
    names = made.names()
    more = [f"X{k}" for k in range(MARKERS - len(names))]
    extra = made.points.to_numpy()[:, : len(more)] + 0.01
    points = make_points(made.time, [*names, *more], np.concatenate((made.points.to_numpy(), extra), axis=1))
    return made.logged("more_markers", points=points)


def write_long(path: Path, minutes: int) -> None:
    """Write the minute, and its frames again and again; the file counts them no more."""
    one = path.with_suffix(".minute.c3d")
    write(one, minute())
    content, shape = bytearray(one.read_bytes()), open_c3d(one).layout.shape
    count = shape.frames.to_bytes(2, "little")
    for at in (8, content.index(count, content.index(b"FRAMES"))):  # last frame in the header, and POINT:FRAMES
        assert content[at : at + 2] == count
        content[at : at + 2] = b"\xff\xff"
    with path.open("wb") as stream:
        stream.write(content[: shape.start])
        for _ in range(minutes):
            stream.write(content[shape.start : shape.start + shape.frames * shape.size])
    one.unlink()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "headway-long")
    parser.add_argument("options", nargs="*", help="of headway analyze, after --")
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    path = given.folder / f"{given.minutes}-minutes.c3d"
    if not path.exists():
        write_long(path, given.minutes)
    sys.stdout.write(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB\n")
    command = [
        sys.executable,
        "-m",
        "headway.cli",
        "analyze",
        str(path),
        "--out",
        str(given.folder / "out"),
        "--overwrite",
        "--quiet",
    ]
    begun = time.monotonic()
    ended = os.wait4(subprocess.Popen([*command, *given.options]).pid, 0)
    sys.stdout.write(
        f"exit code {os.waitstatus_to_exitcode(ended[1])}, {ended[2].ru_maxrss / 1e6:.2f} GB, "
        f"{ended[2].ru_utime + ended[2].ru_stime:.0f} s of the processor, {time.monotonic() - begun:.0f} s\n"
    )


if __name__ == "__main__":
    main()

"""What the analysis of a long film takes: ``python benchmarks/film_long.py FILM --minutes 10 30``.

The key points of a short film are found once (and cached), brought to ``--rate`` pictures a second, shown again and again, and analysed
with the whole report but the small film, in a process of its own. The memory that finding them takes grows by the points alone
(``film_speed.py`` measures it).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.options import Options
from headway.pose.estimate import estimate_keypoints
from headway.pose.keypoints import KeyPoints
from headway.pose.shots import Shot


def lengthened(points: KeyPoints, minutes: float, rate: float) -> KeyPoints:
    """The same again and again, each picture of the short film at its place in time."""
    span = float(points.time[-1] - points.time[0]) + 1.0 / points.rate
    moment = np.arange(round(60.0 * minutes * rate)) / rate
    place = np.interp(moment % span, points.time - points.time[0], np.arange(len(points.time)))
    before = np.floor(place).astype(int)
    behind, share = np.minimum(before + 1, len(points.time) - 1), place - before

    def between(values: np.ndarray) -> np.ndarray:
        part = share.reshape(-1, *(1,) * (values.ndim - 1))
        return (1 - part) * values[before] + part * values[behind]

    known = {name: getattr(points, name) for name in ("background", "slide") if getattr(points, name) is not None}
    whole = Shot(1, 0.0, float(moment[-1]))
    return replace(
        points, time=moment, pixels=between(points.pixels), confidence=between(points.confidence), shots=(whole,),
        **{name: between(values) for name, values in known.items()},
    )  # fmt: skip


def run(film: Path, minutes: float, rate: float) -> None:
    """Analyse one length in this process."""
    from headway.analysis.analyze import analyze
    from headway.gait.runner import Runner

    options = Options(height=1.75)
    points = lengthened(estimate_keypoints(film), minutes, rate)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = analyze(points, Runner.of(options), options)
        found.save(Path(folder) / "out")
    sys.stdout.write(f"{len(points.time)} pictures, {len(found.steps)} steps, {time.perf_counter() - begun:.0f} s")


def main() -> None:
    """Measure every length in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--minutes", type=float, nargs="+", default=[10.0, 30.0])
    parser.add_argument("--rate", type=float, default=60.0)
    parser.add_argument("--here", action="store_true", help="in this process, the first length alone")
    given = parser.parse_args()
    if given.here:
        run(given.film, given.minutes[0], given.rate)
        return
    estimate_keypoints(given.film)
    for minutes in given.minutes:
        command = [sys.executable, __file__, str(given.film), "--minutes", f"{minutes:g}", "--rate", f"{given.rate:g}", "--here"]  # fmt: skip
        used = os.wait4(subprocess.Popen(command).pid, 0)[2]
        sys.stdout.write(f"; {minutes:g} min: {used.ru_utime + used.ru_stime:.0f} processor s, {used.ru_maxrss / 1e6:.2f} GB\n")  # fmt: skip
        sys.stdout.flush()


if __name__ == "__main__":
    main()

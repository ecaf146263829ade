"""Commands that are killed, what they read, and what must be true of what they leave."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from headway.analysis.analysis import Analysis
from headway.comparison.comparison import Comparison
from headway.experiments.experiment import Experiment
from headway.study import Study
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner

FILM = (
    Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "videos"
    / "side_track_30fps_running.mp4"
)
"""A real film, where there is one: what is drawn is no runner to a pose model."""
SPEEDS = {"one": 3.0, "two": 3.3, "three": 3.6}
_PROTOCOL = """[design]
kind = "free-held-free"
primary = "contact_time"
[runner]
mass = 70.0
sex = "F"
[[block]]
recording = "one.c3d"
condition = "free"
[[block]]
recording = "two.c3d"
condition = "held"
[[block]]
recording = "three.c3d"
condition = "free"
"""


@dataclass(frozen=True)
class Killed:
    """A command that is killed.

    Attributes
    ----------
    arguments
        Of the command line; it writes into ``out``.
    read
        Reads ``out`` again as its users would, and raises if it is not whole.
    again
        Added when it is run once more into a folder that may exist.
    partial
        Whether ``out`` may be there before the command has ended (finished recordings of a study).
    """

    arguments: tuple[str, ...]
    read: Callable[[Path], object]
    again: tuple[str, ...] = ("--overwrite",)
    partial: bool = False

    def command(self) -> list[str]:
        """The program and its arguments."""
        return [sys.executable, "-m", "headway.cli", *self.arguments, "--out", "out"]


def _read_study(folder: Path) -> object:
    """Every table can be read, and a finished one as people load it; a folder without any is an empty study."""
    about = folder / "study.json"
    if about.exists() and json.loads(about.read_text(encoding="utf-8"))["state"] == "complete":
        Study.load(folder)
    return [pq.ParquetFile(path).read().num_rows for path in sorted(folder.rglob("*.parquet"))]


def _read_simulation(folder: Path) -> object:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("summary.json"))] or _none(
        folder
    )


def _none(folder: Path) -> object:
    raise FileNotFoundError(f"{folder} holds no summary")


COMMANDS = {
    "analyze": Killed(("analyze", "one.c3d"), Analysis.load),
    "compare": Killed(("compare", "one.c3d", "two.c3d"), Comparison.load),
    "experiment": Killed(("experiment", "protocol.toml"), Experiment.load),
    "study": Killed(("study", "recordings", "--workers", "1"), _read_study, ("--resume",), partial=True),
    "film": Killed(("analyze", "film.mp4", "--height", "1.75"), Analysis.load),
    "simulate": Killed(("simulate", "--speed", "3.5", "--quick"), _read_simulation),
}
SHORT = ("analyze", "compare", "experiment", "study")
"""Those that take seconds."""


def prepare(folder: Path) -> None:
    """Write the recordings and the protocol that the commands read."""
    (folder / "recordings").mkdir()
    for name, speed in SPEEDS.items():
        made = record(SyntheticRunner(RunnerParameters().changed(speed=speed)), duration=5.0, rate=100, force_rate=400)
        write(folder / f"{name}.c3d", made)
        write(folder / "recordings" / f"{name}.c3d", made)
    (folder / "protocol.toml").write_text(_PROTOCOL, encoding="utf-8")
    if FILM.is_file():
        shutil.copy(FILM, folder / "film.mp4")

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing, write
from headway.synthetic.runner import SyntheticRunner

SPEEDS = {"a_slow": 2.8, "a_fast": 3.6, "b_slow": 2.9, "b_fast": 3.8}


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four short recordings of two synthetic runners, a standing trial, a damaged file, a table."""
    folder = tmp_path_factory.mktemp("recorded")
    for name, speed in SPEEDS.items():
        runner = SyntheticRunner(RunnerParameters(mass=62.0 if name[0] == "a" else 75.0).changed(speed=speed))
        write(folder / f"{name}.c3d", record(runner, duration=3.0, rate=100, force_rate=400))
    write(folder / "a_static.c3d", standing(SyntheticRunner(RunnerParameters()), rate=100))
    (folder / "cut.c3d").write_bytes((folder / "a_slow.c3d").read_bytes()[:20000])
    (folder / "info.csv").write_text("runner,height\na,1.8\n", encoding="utf-8")
    return folder


@pytest.fixture
def folder(recorded: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(recorded, tmp_path / "recordings"))


def table(study: Path, name: str) -> list[dict]:
    """All rows of one table of a study."""
    return [row for path in sorted((study / name).glob("*.parquet")) for row in pq.ParquetFile(path).read().to_pylist()]


def failures(study: Path) -> dict[str, dict]:
    return {row["recording"]: row for row in pq.ParquetFile(study / "failures.parquet").read().to_pylist()}


def content(study: Path) -> dict[str, bytes]:
    """Every file of the data set."""
    return {path.relative_to(study).as_posix(): path.read_bytes() for path in sorted(study.rglob("*.parquet"))}

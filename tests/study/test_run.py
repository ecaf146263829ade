import ast
import errno
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.study.conftest import SPEEDS, content, failures, table

from headway.errors import HeadwayError, OptionError, RecordingError
from headway.study import Study, StudyOptions, run_study
from headway.study import run as running
from headway.study import store as storing
from headway.study.entry import Entry
from headway.study.lock import locked
from headway.study.tables import TABLES, build, outcomes

HERE = StudyOptions(workers=0)
AGAIN = StudyOptions(workers=0, resume=True)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)


@pytest.fixture(scope="module")
def whole(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study in one go, in batches of two."""
    patch = pytest.MonkeyPatch()
    patch.setattr(running, "BATCH", 2)
    out = run_study(recorded, tmp_path_factory.mktemp("whole") / "study", HERE)
    patch.undo()
    return out


def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the recordings that are analysed from here on."""
    seen: list[str] = []
    work = running.work

    def noted(job, tell):
        seen.append(job.entry.recording)
        return work(job, tell)

    monkeypatch.setattr(running, "work", noted)
    return seen


def test_every_file_is_accounted_for_once(whole: Path) -> None:
    rows = table(whole, "recordings")
    assert sorted(row["recording"] for row in rows) == sorted(f"{name}.c3d" for name in SPEEDS)
    told = failures(whole)
    assert {name: row["kind"] for name, row in told.items()} == {
        "a_static.c3d": "excluded",
        "cut.c3d": "unusable",
        "info.csv": "excluded",
    }
    assert "\n" not in told["cut.c3d"]["reason"] and "Traceback" in told["cut.c3d"]["traceback"]
    assert json.loads((whole / "study.json").read_text())["counts"] == {
        "found": 7,
        "excluded": 2,
        "failed": 1,
        "analysed": 4,
    }


def test_the_summary_comes_back_and_a_wrong_field_is_named(whole: Path, tmp_path: Path) -> None:
    study = Study.load(whole)
    assert study.summary.state == "complete" and study.summary.counts.analysed == len(study.recordings)
    text = (whole / "study.json").read_bytes()
    told = msgspec.json.decode(text)
    assert any(name.startswith("recordings/") for name in told.pop("seal")["files"])
    assert msgspec.to_builtins(study.summary) == told
    broken = Path(shutil.copytree(whole, tmp_path / "study"))
    (broken / "study.json").write_bytes(text.replace(b'"failed": 1', b'"failed": "one"'))
    with pytest.raises(RecordingError, match=r"Expected `int`, got `str` - at `\$.counts.failed`"):
        Study.load(broken)


def test_rows_of_a_batch_come_back_from_its_tables(whole: Path) -> None:
    batch = {name: pq.ParquetFile(whole / name / "part-00000.parquet").read() for name in TABLES}
    entries = [Entry(recording=name, path="") for name in batch["recordings"].column("recording").to_pylist()]
    again = list(zip(entries, outcomes(batch), strict=True))
    assert all(build(name, again).equals(table) for name, table in batch.items())


def test_tables_hold_what_was_run_and_answer_queries(whole: Path) -> None:
    import duckdb

    for row in table(whole, "recordings"):
        assert row["speed"] == pytest.approx(SPEEDS[row["recording"].removesuffix(".c3d")], rel=0.03)
    query = f"""
        select m.recording, m.value, avg(s.contact_time) from '{whole}/metrics/*.parquet' m
        join '{whole}/steps/*.parquet' s on s.recording = m.recording
        where m.metric = 'contact_time' group by all"""
    found = duckdb.sql(query).fetchall()
    assert len(found) == 4
    for _, value, mean in found:
        assert mean == pytest.approx(value, rel=0.01)


def test_the_examples_of_the_documentation_run(whole: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "guides" / "study.md").read_text(encoding="utf-8")
    (code,) = (block.split("```")[0] for block in text.split("```python") if "import duckdb" in block)
    scope: dict = {}
    shown = []
    for line in ast.parse(code.replace("DIR", str(whole))).body:
        if isinstance(line, ast.Expr):
            shown.append(eval(compile(ast.Expression(line.value), "docs", "eval"), scope))
        elif isinstance(line, ast.Import) and find_spec(line.names[0].name) is None:
            break  # polars is not among the tools of this repository
        else:
            exec(compile(ast.Module([line], []), "docs", "exec"), scope)
    assert sum(count for _, _, count in shown[0].fetchall()) == len(SPEEDS)
    assert shown[1].shape[0] == len(SPEEDS) and "contact_time" in shown[1].columns


def test_a_study_that_was_stopped_behind_a_whole_batch_loads_once_it_is_done(recorded: Path, tmp_path: Path) -> None:
    def stop(state):
        if state.done == 3:
            raise KeyboardInterrupt

    study = tmp_path / "study"
    with pytest.raises(KeyboardInterrupt):
        run_study(recorded, study, HERE, stop)
    assert (study / "recordings" / "part-00000.parquet").exists()
    run_study(recorded, study, AGAIN)
    assert len(Study.load(study).recordings) == len(SPEEDS)


def test_nothing_is_done_twice(whole: Path, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = Path(shutil.copytree(whole, tmp_path / "study"))
    seen = analysed(monkeypatch)
    run_study(recorded, study, AGAIN)
    assert seen == []
    assert content(study) == content(whole)


def test_only_the_changed_and_the_new_are_analysed(
    whole: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Path(shutil.copytree(whole, tmp_path / "study"))
    (folder / "a_fast.c3d").rename(folder / "a_new.c3d")
    shutil.copy(folder / "b_fast.c3d", folder / "cut.c3d")
    (folder / "b_fast.c3d").unlink()
    seen = analysed(monkeypatch)
    run_study(folder, study, AGAIN)
    assert sorted(seen) == ["a_new.c3d", "cut.c3d"]
    names = [row["recording"] for row in table(study, "recordings")]
    assert names == ["a_new.c3d", "a_slow.c3d", "b_slow.c3d", "cut.c3d"]
    fresh = run_study(folder, tmp_path / "fresh", HERE)
    assert [table(study, name) for name in ("steps", "metrics")] == [
        table(fresh, name) for name in ("steps", "metrics")
    ]


@pytest.mark.parametrize("after", [1, 3])
def test_an_interrupted_study_is_valid_and_continues(
    after: int, whole: Path, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "study"

    def stop(state: running.StudyState) -> None:
        if state.done + state.failed == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(recorded, study, HERE, stop)
    assert json.loads((study / "study.json").read_text())["state"] == "running"
    assert (
        len(table(study, "recordings"))
        == len({row["recording"] for row in table(study, "metrics")})
        == after - after % 2
    )
    with pytest.raises(HeadwayError, match="--resume"):
        run_study(recorded, study, HERE)
    seen = analysed(monkeypatch)
    run_study(recorded, study, AGAIN)
    assert len(seen) == 5 - after
    assert content(study) == content(whole)


def test_a_batch_cut_off_between_its_tables_is_not_counted(whole: Path, recorded: Path, tmp_path: Path) -> None:
    study = Path(shutil.copytree(whole, tmp_path / "study"))
    (study / "recordings" / "part-00001.parquet").unlink()
    (study / "steps" / ".tmp-part-00001.parquet").write_bytes(b"half")
    (study / "metrics" / "part-00000.parquet").write_bytes(b"PAR1")
    run_study(recorded, study, AGAIN)
    assert content(study) == content(whole)


def test_a_full_disk_is_told_in_one_line_and_costs_nothing(
    whole: Path, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "study"
    write_table = storing.write_table

    def full(path: Path, data) -> None:
        if "steps" in str(path) and "00001" in path.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_table(path, data)

    monkeypatch.setattr(storing, "write_table", full)
    with pytest.raises(HeadwayError, match="No space left") as told:
        run_study(recorded, study, HERE)
    assert "\n" not in str(told.value) and "--resume" in str(told.value)
    assert len(table(study, "recordings")) == 2
    monkeypatch.undo()
    monkeypatch.setattr(running, "BATCH", 2)
    run_study(recorded, study, AGAIN)
    assert content(study) == content(whole)


def test_the_same_recording_twice_counts_once(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "a_slow.c3d", folder / "copy.c3d")
    study = run_study(folder, tmp_path / "study", HERE)
    assert failures(study)["copy.c3d"]["reason"].startswith("the same recording as a_slow.c3d")
    assert len(table(study, "recordings")) == 4


def test_a_manifest_names_runners_and_its_missing_files_fail(recorded: Path, tmp_path: Path) -> None:
    manifest = recorded / "study.csv"
    manifest.write_text("path,runner,mass,condition\na_slow.c3d,Ada,62,usual\nnone.c3d,Bea,,\n", encoding="utf-8")
    try:
        study = run_study(manifest, tmp_path / "study", HERE)
    finally:
        manifest.unlink()
    (row,) = table(study, "recordings")
    assert (row["runner"], row["condition"], row["mass"], row["mass_source"]) == ("Ada", "usual", 62.0, "option")
    assert "does not exist" in failures(study)["none.c3d"]["reason"]


def test_reports_that_cannot_be_written_are_tried_again(folder: Path, tmp_path: Path) -> None:
    for name in SPEEDS:
        if name != "a_slow":
            (folder / f"{name}.c3d").unlink()
    study = tmp_path / "study"
    wanted = StudyOptions(workers=0, details=True, resume=True)
    study.mkdir()
    (study / "study.json").write_text("{}")
    (study / "details").write_text("in the way")
    run_study(folder, study, wanted)
    told = failures(study)["a_slow.c3d"]
    assert told["kind"] == "error" and "its own report" in told["reason"]
    (study / "details").unlink()
    run_study(folder, study, wanted)
    assert len(table(study, "recordings")) == 1 and (study / "details" / "a_slow.c3d" / "report.html").is_file()


HOLD = """
import sys, time
from pathlib import Path
from headway.study.lock import locked
from headway.study.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_two_studies_cannot_share_a_folder_but_a_dead_one_is_forgotten(recorded: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLD, str(study)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(HeadwayError, match="another study is writing here"):
            run_study(recorded, study, HERE)
        assert [path.name for path in study.iterdir()] == [".lock"]
        other.kill()
    with locked(study), pytest.raises(HeadwayError, match="another study"), locked(study):
        pass
    assert list(study.iterdir()) == []


def test_faulty_options_and_targets_are_told_in_one_line(recorded: Path, tmp_path: Path) -> None:
    for wrong in ({"workers": -1}, {"timeout": 0.0}, {"timeout": np.nan}, {"scheduler": "host"}):
        with pytest.raises(OptionError):
            StudyOptions(**wrong)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(HeadwayError, match="holds other files"):
        run_study(recorded, tmp_path / "other", AGAIN)
    with pytest.raises(HeadwayError, match="is a file"):
        run_study(recorded, tmp_path / "file", HERE)
    with pytest.raises(HeadwayError, match="cannot be written"):
        run_study(recorded, tmp_path / "file" / "study", HERE)

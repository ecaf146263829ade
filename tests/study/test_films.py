"""Films in a study: two of one run as one recording, and key points without times."""

import os
import pickle
from pathlib import Path

import msgspec
import pytest
from tests.study.conftest import failures, table

from headway.errors import HeadwayError
from headway.options import Options, columns
from headway.study import StudyOptions, run_study
from headway.study.entry import Entry, contents, key_of, measured_alike
from headway.study.manifest import COLUMNS, read_manifest
from headway.study.task import Job

HERE = StudyOptions(workers=0)


def manifest(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_manifest_can_say_whatever_the_command_line_can(tmp_path: Path) -> None:
    text = "path,second_film,rate,person,pose_model\na.mp4,b.mp4,30,2,own.onnx\n"
    (found,) = read_manifest(manifest(tmp_path, text))
    assert found.second_film == str(tmp_path / "b.mp4")
    assert found.take == Options(rate=30.0, person=2, pose_model=tmp_path / "own.onnx")
    assert set(columns()) <= set(COLUMNS)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a.mp4,b.mp4,side,,", "view is given for two films"),
        ("a.mp4,,,0,", "rate 0 frames per second"),
        ("a.mp4,,,,-1", "person"),
    ],
)
def test_faults_of_films_are_told_with_their_line(row: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match=f"line 2: {said}"):
        read_manifest(manifest(tmp_path, f"path,second_film,view,rate,person\n{row}\n"))


def test_a_job_comes_through_as_it_was_sent(tmp_path: Path) -> None:
    take = Options(forces=tmp_path / "f.mot", pose_model=tmp_path / "m.onnx", treadmill=True, sex="female", speed=3.5)
    job = Job(Entry(recording="a", path="/a", second_film="/b", take=take), "key", "content")
    assert pickle.loads(pickle.dumps(job)) == job


def test_a_result_belongs_to_both_films_and_to_what_is_said(tmp_path: Path) -> None:
    for name in ("side", "rear", "other"):
        (tmp_path / name).write_text(name)
    pair = Entry(recording="a", path=str(tmp_path / "side"), second_film=str(tmp_path / "rear"))
    others = [
        msgspec.structs.replace(pair, second_film=""),
        msgspec.structs.replace(pair, second_film=str(tmp_path / "other")),
        msgspec.structs.replace(pair, take=Options(rate=30.0)),
        msgspec.structs.replace(pair, take=Options(person=1)),
        msgspec.structs.replace(pair, take=Options(pose_model=tmp_path / "other")),
        msgspec.structs.replace(pair, runner="Ada"),
    ]
    keys = {key_of(one, measured_alike(one, contents(one))) for one in (pair, *others)}
    assert len(keys) == 7
    (tmp_path / "rear").write_text("again")
    assert key_of(pair, measured_alike(pair, contents(pair))) not in keys


def test_two_films_of_one_run_are_one_recording(tmp_path: Path) -> None:
    films = Path(os.environ.get("HEADWAY_TEST_DATA", "../shared/data")).absolute() / "videos"
    if not films.is_dir():
        pytest.skip("the recordings are not here")
    side, rear = films / "radluy_openpose_side", films / "radluy_openpose_back"
    text = f"path,second_film,height,rate\n{side},{rear},1.75,30\n{rear},,1.75,\n"
    study = run_study(manifest(tmp_path, text), tmp_path / "study", HERE)
    (row,) = table(study, "recordings")
    assert row["view"] == "side+rear" and row["kind"] == "openpose"
    metrics = {one["metric"]: one for one in table(study, "metrics")}
    assert metrics["cadence"]["value"] == pytest.approx(166, abs=3)
    assert metrics["contact_time"]["status"] == "estimated"
    (lost,) = failures(study).values()
    assert "carry no times" in lost["reason"] and "column rate 30" in lost["reason"]


def test_files_that_are_not_two_films_are_told(recorded: Path, tmp_path: Path) -> None:
    text = f"path,second_film\n{recorded / 'a_slow.c3d'},{recorded / 'a_fast.c3d'}\n"
    study = run_study(manifest(tmp_path, text), tmp_path / "study", HERE)
    (lost,) = failures(study).values()
    assert "one recording too many" in lost["reason"]

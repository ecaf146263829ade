from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from headway.errors import HeadwayError
from headway.study.find import find_recordings
from headway.study.manifest import is_manifest, read_manifest


def manifest(tmp_path: Path, text: str, name: str = "m.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_manifest_is_read_in_its_order_with_paths_beside_it(tmp_path: Path) -> None:
    text = "# runners of 2024\npath;runner;height;sex;treadmill\nb.c3d;B;1.8;F;yes\n\na.c3d;A;;;\n"
    found = read_manifest(manifest(tmp_path, text))
    assert [one.recording for one in found] == ["b.c3d", "a.c3d"]
    assert found[0].path == str(tmp_path / "b.c3d")
    assert (found[0].take.height, found[0].take.sex, found[0].take.treadmill) == (1.8, "female", True)
    assert (found[1].take.height, found[1].take.sex, found[1].runner) == (None, None, "A")


def test_toml_and_parquet_say_the_same_as_csv(tmp_path: Path) -> None:
    text = '[[recording]]\npath = "a.c3d"\nrunner = "A"\nspeed = 3.5\n\n[[recording]]\npath = "b.c3d"\nstart = "7:11"\n'
    one = read_manifest(manifest(tmp_path, text, "m.toml"))
    rows = [{"path": "a.c3d", "runner": "A", "speed": 3.5}, {"path": "b.c3d", "start": "7:11"}]
    pq.write_table(
        pa.Table.from_pylist(
            rows, pa.schema({"path": "string", "runner": "string", "speed": "float64", "start": "string"})
        ),
        tmp_path / "m.parquet",
    )
    other = read_manifest(tmp_path / "m.parquet")
    assert [(e.recording, e.runner, e.take) for e in one] == [(e.recording, e.runner, e.take) for e in other]
    assert one[1].recording == "b.c3d#7:11" and one[1].line == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("path,height\na.c3d,1.8\nb.c3d,178\n", "line 3: height 178 m is not a body height"),
        ("path,sex\na.c3d,x\n", "line 2: sex 'x'"),
        ("path,speed\n\na.c3d,fast\n", "line 3: speed 'fast' is no number"),
        ("path,speed\na.c3d,nan\n", "line 2: speed 'nan'"),
        ("path,speed\na.c3d,60\n", "line 2: speed 60 m/s is not a running speed"),
        ("path,start,stop\na.c3d,10,5\n", "line 2: stop 5 s is not after"),
        ("path,age\na.c3d,30\n", "line 1: column 'age' is not known"),
        ("file,speed\na.c3d,3\n", "has no column path"),
        ("path,runner\n,A\n", "line 2: path is empty"),
        ("path,speed\na.c3d,3,5\n", "line 2: 3 cells under 2 columns"),
        ("path\na.c3d\nb.c3d\na.c3d\n", "line 4: a.c3d is listed in line 2 already"),
        ("path,view\na.mp4,top\n", "line 2: view 'top'"),
        ("path\n", "lists no recording"),
    ],
)
def test_faults_of_a_manifest_are_told_with_their_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(HeadwayError) as told:
        read_manifest(manifest(tmp_path, text))
    assert said in str(told.value) and "\n" not in str(told.value)


def test_toml_faults_name_their_line(tmp_path: Path) -> None:
    text = '[[recording]]\npath = "a.c3d"\n\n[[recording]]\npath = "b.c3d"\nage = 3\n'
    with pytest.raises(HeadwayError, match="line 4: column 'age'"):
        read_manifest(manifest(tmp_path, text, "m.toml"))
    with pytest.raises(HeadwayError, match="line 2"):
        read_manifest(manifest(tmp_path, "[[recording]]\npath = \n", "n.toml"))


def test_other_files_are_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match="neither a folder nor a manifest"):
        is_manifest(manifest(tmp_path, "x", "a.c3d"))
    with pytest.raises(HeadwayError, match="does not exist"):
        is_manifest(tmp_path / "none.csv")


def test_a_folder_is_searched_and_every_exclusion_has_a_reason(tmp_path: Path) -> None:
    columns = "\t".join(f"ground_force_r_{kind}{axis}" for kind in "vp" for axis in "xyz")
    forces = f"name\nendheader\ntime\t{columns}\n0\t0\t0\t0\t0\t0\t0\n"
    (tmp_path / "s1").mkdir()
    for name in (
        "s1/run.trc",
        "S01static.c3d",
        "s1/standing_01.c3d",
        "run2.C3D",
        "film.mp4",
        ".hidden.c3d",
        "notes.txt",
    ):
        (tmp_path / name).write_text("x")
    (tmp_path / "s1/run_grf.mot").write_text(forces)
    (tmp_path / "alone.mot").write_text(forces)
    (tmp_path / "info.csv").write_text("runner,height\nA,1.8\n")
    (tmp_path / "run.csv").write_text("time,heel_left_x,heel_left_y,heel_left_z\n0,1,2,3\n")
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "summary.json").write_text("{}")
    (tmp_path / "done" / "runner.c3d").write_text("x")
    found, left = find_recordings(tmp_path)
    assert [one.recording for one in found] == ["film.mp4", "run.csv", "run2.C3D", "s1/run.trc"]
    assert {one.recording: one.reason.split(" (")[0] for one in left} == {
        "S01static.c3d": "standing trial",
        "s1/standing_01.c3d": "standing trial",
        "alone.mot": "ground forces that belong to no marker file",
        "info.csv": "a table that is no recording",
    }


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match="holds no recording"):
        find_recordings(tmp_path)

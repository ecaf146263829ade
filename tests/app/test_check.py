"""The first look: what a recording can carry, before the long work."""

from pathlib import Path

import pytest

from headway.app.check import Checked, CheckedFile, CheckRequest, check
from headway.texts import Texts


def _look(folder: Path, *names: str, said=None, height=1.75) -> Checked:
    files = [CheckedFile(number, str(folder / name)) for number, name in enumerate(names, 1)]
    told = []
    found = check(CheckRequest(1, files, height, said or {}, str(folder / "cache")), told.append)
    assert told[-1][1] == len(names)
    for one in [*found.remarks, *(remark for file in found.files for remark in file.remarks)]:
        assert Texts("de")(f"check.{one.code}", **one.values)
    return found


def _codes(found: Checked) -> set[str]:
    return {one.code for one in [*found.remarks, *(remark for file in found.files for remark in file.remarks)]}


def test_markers_tell_whether_head_and_forces_are_there(tmp_path, c3d):
    (tmp_path / "1-run.c3d").write_bytes(c3d)
    (tmp_path / "2-run_static.c3d").write_bytes(c3d)
    found = _look(tmp_path, "1-run.c3d", "2-run_static.c3d")
    assert {"carries_markers", "head_marked", "forces"} <= _codes(found)
    assert [one.standing for one in found.files] == [False, True]
    assert found.usable


def test_sensors_are_told_together(tmp_path):
    from headway.validation import worn_exports
    from headway.validation.worn_runs import made_pair

    sacrum, head = made_pair(3, 30.0).sensors
    (tmp_path / "1-sacrum.csv").write_text(worn_exports._dot(sacrum), encoding="utf-8")
    (tmp_path / "2-head.csv").write_text(worn_exports._dot(head), encoding="utf-8")
    assert _codes(_look(tmp_path, "1-sacrum.csv")) == {"no_sensor_head", "sensor_sacrum"}
    assert _codes(_look(tmp_path, "1-sacrum.csv", "2-head.csv")) == {"sensor_head", "sensor_sacrum"}


@pytest.mark.parametrize(
    ("name", "data"), [("a.mp4", b""), ("a.txt", b"hello"), ("a.c3d", b"\x02P" + bytes(600)), ("a.zip", b"PK")]
)
def test_what_cannot_be_used_is_told_without_a_folder(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = _look(tmp_path, name)
    assert found.files[0].fault
    assert found.files[0].remedy
    assert str(tmp_path) not in found.files[0].fault + found.files[0].remedy
    assert "--" not in found.files[0].fault + found.files[0].remedy


@pytest.mark.slow
def test_films_are_told_apart_by_what_is_in_them(tmp_path, data):
    for number, name in enumerate(("videos/back_park_30fps_runner.mp4", "films/treadmill_side_portrait.mp4"), 1):
        (tmp_path / f"{number}.mp4").write_bytes((data / name).read_bytes())
    found = _look(tmp_path, "1.mp4", "2.mp4", height=None)
    assert [one.view for one in found.files] == ["rear", "side"]
    assert {"carries_rear", "lacks_rear", "carries_side", "rate_low", "two_views", "no_height"} <= _codes(found)

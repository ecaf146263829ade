"""A result's folder is believed only as it was written: every change of a file is told in one line that names it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from headway.analysis import Analysis
from headway.errors import HeadwayError, RecordingError
from headway.stored.archive import NewerForm, pack, unpack

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(CORPUS / "analysis" / "made", tmp_path / "made"))


def _line(folder):
    with pytest.raises(RecordingError) as fault:
        Analysis.load(folder)
    assert "\n" not in str(fault.value) and "analyse the recording again" in str(fault.value)
    return str(fault.value)


def _told(folder, **changes):
    path = folder / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_result_comes_back_and_says_what_holds_it_together(folder):
    seal = json.loads((folder / "summary.json").read_text())["seal"]
    assert set(seal["files"]) == {path.name for path in folder.iterdir()} - {"summary.json"}
    assert len(Analysis.load(folder).steps) == 4


def test_a_summary_that_was_only_laid_out_anew_is_believed(folder):
    _told(folder)
    assert Analysis.load(folder).summary.steps.count == 8


@pytest.mark.parametrize("name", ["steps.parquet", "waveforms.nc", "curves.nc"])
def test_every_bit_of_a_table_counts(folder, name):
    path, whole = folder / name, bytearray((folder / name).read_bytes())
    for at in np.linspace(0, len(whole) - 1, 12).astype(int):
        spoilt = whole.copy()
        spoilt[at] ^= 4
        path.write_bytes(spoilt)
        assert name in _line(folder)
    path.write_bytes(whole[: len(whole) // 2])
    assert name in _line(folder)


def test_a_number_of_the_summary_that_was_changed_is_told(folder):
    text = (folder / "summary.json").read_text()
    value = json.loads(text)["steps"]["count"]
    (folder / "summary.json").write_text(text.replace(f'"count": {value}', f'"count": {value + 1}'))
    assert "summary.json" in _line(folder)


def test_tables_of_another_result_are_told(folder, tmp_path):
    other = Analysis.load(folder)
    other.steps.iloc[0, 0] = 99
    other.save(tmp_path / "other", report=False)
    shutil.copy(tmp_path / "other" / "steps.parquet", folder)
    assert "steps.parquet: is damaged or belongs to another result" in _line(folder)


def test_a_file_that_was_written_has_to_be_there(folder):
    (folder / "curves.nc").unlink()
    assert "curves.nc" in _line(folder)


@pytest.mark.parametrize("content", [b"{}", b"", b"[1]", b"null", b"{" * 100_000, b"\xff\xfe", b'{"schema": "x"}'])
def test_a_summary_that_is_none_is_one_line(folder, content):
    (folder / "summary.json").write_bytes(content)
    assert "summary.json" in _line(folder)


def test_a_later_form_is_refused_with_the_version_that_reads_it(folder):
    _told(folder, schema=99, headway="7.2.0")
    with pytest.raises(RecordingError, match=r"written by Headway 7\.2\.0 in form 99.*read it with Headway 7\.2\.0"):
        Analysis.load(folder)


def test_folders_from_before_the_seal_load_and_their_damage_is_one_line(tmp_path):
    folder = Path(shutil.copytree(CORPUS / "old_analysis" / "made", tmp_path / "made"))
    assert Analysis.load(folder).summary.steps.count == 8
    text = (folder / "summary.json").read_text()
    (folder / "summary.json").write_text(text.replace('"markers"', '"narkers"').replace('"norms"', '"morms"'))
    (folder / "steps.parquet").write_bytes(b"PAR1" + b"\0" * 40 + b"PAR1")
    assert "steps.parquet" in _line(folder)


def test_the_same_result_has_the_same_id(folder, tmp_path):
    again = Analysis.load(folder).save(tmp_path / "again", report=False)
    one, two = (json.loads((place / "summary.json").read_text())["seal"] for place in (folder, again))
    assert one["files"] == two["files"] and one["id"] == two["id"]


def test_a_part_of_a_comparison_that_is_another_analysis_is_told(folder, tmp_path):
    from headway.comparison.comparison import Comparison, compare

    one = Analysis.load(folder)
    made = compare(one, one).save(tmp_path / "both")
    assert Comparison.load(made).summary.rows
    one.steps.iloc[0, 0] = 99
    one.save(made / "b", report=False, overwrite=True)
    with pytest.raises(RecordingError, match=r"b.summary\.json.*another result"):
        Comparison.load(made)


def test_archives_of_later_forms_other_kinds_and_objects_are_refused():
    content = pack("pose", 2, {"time": np.arange(3.0)}, "rest")
    found = unpack("pose", 2, content)
    assert found.rest == "rest" and found.version == 2 and found.arrays["time"].tolist() == [0, 1, 2]
    with pytest.raises(NewerForm):
        unpack("pose", 1, content)
    with pytest.raises(ValueError, match="holds pose"):
        unpack("step", 2, content)
    with pytest.raises(ValueError, match=r"no array|Object|pickle"):
        unpack("pose", 2, pack("pose", 2, {"time": np.array(["a", None], dtype=object)}))


def test_what_damaged_a_cache_is_made_again_and_logged(tmp_path, caplog):
    from headway.options import Options
    from headway.pose.cache import load_cached

    path = tmp_path / "pose-made.npz"
    whole = (CORPUS / "pose_cache" / "pose-made.npz").read_bytes()
    path.write_bytes(whole)
    options = Options(cache=tmp_path)
    assert load_cached("made", options, Path("a.mp4")) is not None
    caplog.set_level("DEBUG")
    for at in np.linspace(0, len(whole) - 1, 60).astype(int):
        spoilt = bytearray(whole)
        spoilt[at] ^= 16
        path.write_bytes(spoilt)
        load_cached("made", options, Path("a.mp4"))
    assert "is damaged and is made again" in caplog.text


def test_a_library_of_another_program_or_a_damaged_one_is_one_line(tmp_path):
    import sqlite3

    from headway.app.library import Library

    folder = Path(shutil.copytree(CORPUS / "library" / "made", tmp_path / "made"))
    whole = (folder / "headway.db").read_bytes()
    (folder / "headway.db").write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    with pytest.raises(HeadwayError, match=r"damaged|no library"):
        Library(folder)
    (folder / "headway.db").unlink()
    with sqlite3.connect(folder / "headway.db") as other:
        other.execute("PRAGMA application_id = 77")
    other.close()
    with pytest.raises(HeadwayError, match="another program"):
        Library(folder)

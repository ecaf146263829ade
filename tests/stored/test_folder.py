"""A folder of results appears whole, replaces an earlier one whole, and never takes what Headway did not write."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.folder import claimed, whole_folder
from headway.stored.seal import seal_folder

OWN = ("summary.json", "report.html", "table.csv")


def _write(target, text, *, names=OWN, overwrite=False):
    with whole_folder(target, OWN, main="summary.json", overwrite=overwrite) as draft:
        for name in names:
            (draft / name).write_text(f'{{"text": "{text}"}}')
        seal_folder(draft, "summary.json")


def _left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_earlier_result_is_replaced_whole_and_foreign_files_stay(tmp_path):
    target = tmp_path / "out"
    _write(target, "one")
    (target / "mine").mkdir()
    (target / "mine" / "notes.txt").write_text("mine")
    (target / "empty").mkdir()
    inode = (target / "mine" / "notes.txt").stat().st_ino
    _write(target, "two", names=OWN[:2], overwrite=True)
    assert _left(target) == ["empty", "mine", "report.html", "summary.json"]
    assert (target / "mine" / "notes.txt").stat().st_ino == inode and "two" in (target / "report.html").read_text()
    assert _left(tmp_path) == ["out"]


def test_at_every_moment_the_folder_is_all_old_or_all_new(tmp_path, monkeypatch):
    """A fault at any file operation of the exchange leaves one of both, and the foreign file."""
    target = tmp_path / "out"
    _write(target, "one")
    (target / "notes.txt").write_text("mine")
    for k in range(4):
        calls = iter(range(100))

        def stop(*arguments, k=k, calls=calls, real=os.link, **options):
            if next(calls) == k:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, "link", stop)
            patch.setattr("headway.folder.exchange", stop)
            if k == 1:
                patch.setattr(os, "link", lambda *a, **o: None)
            with pytest.raises((KeyboardInterrupt, Exception)):
                _write(target, "two", overwrite=True)
                raise KeyboardInterrupt
        texts = {(target / name).read_text()[-8:] for name in ("report.html", "table.csv")}
        assert len(texts) == 1 and (target / "notes.txt").read_text() == "mine"
        assert _left(tmp_path) == ["out"]


@pytest.mark.parametrize("inside", ["mine.txt", None])
def test_a_folder_of_the_user_with_the_name_of_a_file_is_refused_before_the_work(tmp_path, inside):
    target = tmp_path / "out"
    _write(target, "one", names=("summary.json",))
    (target / "report.html").mkdir()
    if inside:
        (target / "report.html" / inside).write_text("mine")
    with (
        pytest.raises(HeadwayError, match=r"holds report\.html, which Headway did not write"),
        claimed(target, overwrite=True, files=OWN[:2]),
    ):
        pytest.fail("the work began")
    with pytest.raises(HeadwayError, match=r"holds report\.html"):
        _write(target, "two", overwrite=True)
    assert (target / "report.html").is_dir() and _left(tmp_path) == ["out"]


def test_a_file_of_the_user_in_a_folder_without_results_is_not_replaced(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "report.html").write_text("mine")
    with pytest.raises(HeadwayError, match=r"holds report\.html"):
        _write(target, "two", overwrite=True)
    assert (target / "report.html").read_text() == "mine"


def test_what_cannot_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for target in (
        tmp_path / ("x" * 300),
        tmp_path / "file" / "inside",
        tmp_path / "file",
        loop,
        Path("/proc/none/out"),
        tmp_path / os.fsdecode(b"caf\xe9"),
    ):
        with pytest.raises(HeadwayError) as fault, claimed(target, overwrite=True):
            pytest.fail("the work began")
        assert "\n" not in str(fault.value) and str(fault.value).encode()
    assert _left(tmp_path) == ["file", "loop"]


def test_new_parents_are_taken_away_when_nothing_was_written(tmp_path):
    with pytest.raises(KeyboardInterrupt), claimed(tmp_path / "a" / "b" / "out", overwrite=False):
        raise KeyboardInterrupt
    assert _left(tmp_path) == []


HELD = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from headway.folder import whole_folder
    with whole_folder(Path(sys.argv[1]), (), overwrite=False) as draft:
        (draft / "half").write_text("half")
        print("ready", flush=True)
        time.sleep(60)
""")


def test_a_second_run_ends_in_one_line_and_a_killed_one_leaves_nothing_behind(tmp_path):
    target = tmp_path / "out"
    held = subprocess.Popen([sys.executable, "-c", HELD, str(target)], stdout=subprocess.PIPE)
    assert held.stdout is not None and held.stdout.readline() == b"ready\n"
    with pytest.raises(HeadwayError, match="another run is writing there"):
        _write(target, "two")
    _write(tmp_path / "beside", "two")
    assert any("draft" in name for name in _left(tmp_path))  # that of the run that goes on
    held.send_signal(signal.SIGKILL)
    held.wait()
    _write(tmp_path / "other", "three")
    assert _left(tmp_path) == ["beside", "other"]
    _write(target, "four")
    assert _left(tmp_path) == ["beside", "other", "out"]


def test_a_result_that_came_meanwhile_is_not_replaced(tmp_path):
    target = tmp_path / "out"
    with (
        pytest.raises(HeadwayError, match="the output folder exists"),
        whole_folder(target, OWN, main="summary.json", overwrite=False) as draft,
    ):
        (draft / "summary.json").write_text("{}")
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    assert _left(tmp_path) == ["out"] and _left(target) == ["notes.txt"]


def test_a_folder_of_another_result_is_told_as_what_it_is(tmp_path):
    target = tmp_path / "out"
    _write(target, "one")
    with (
        pytest.raises(HeadwayError, match=r"is the folder of an analysis .* name another folder"),
        claimed(target, overwrite=True, files=("compare.json", "table.csv")),
    ):
        pytest.fail("the work began")

"""Inputs that once ended in a traceback, a hang or unbounded memory end in one line, or are made again."""

import shutil
import sys
from pathlib import Path

import pytest

from headway import cli
from headway.errors import RecordingError
from headway.options import Options
from headway.pose.cache import load_cached
from headway.simulation.store import load_solution


@pytest.fixture
def corpus(data) -> Path:
    """Beside the recordings."""
    folder = data.parent / "cases" / "corpus"
    if not folder.is_dir():
        pytest.skip(f"no broken inputs at {folder}")
    return folder


def _told(line: list[str], monkeypatch, capsys) -> str | None:
    """What a command tells when it refuses its input; ``None`` where it does its work."""
    monkeypatch.setattr(sys, "argv", ["headway", *line])
    try:
        cli.main()
    except SystemExit as end:
        assert end.code in (0, 3), line
        told = capsys.readouterr().err
        return told if end.code else None
    return None


@pytest.mark.slow
def test_every_broken_input_ends_in_one_line_or_is_made_again(corpus, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    cases = sorted(corpus.iterdir())
    assert len(cases) > 20
    for case in cases:
        kind = case.name.rpartition("-")[0]
        (thing,) = (path for path in case.iterdir() if path.name != "meta.json")
        if kind == "posecache":
            kept = shutil.copytree(case, tmp_path / case.name)
            assert load_cached("fz", Options(cache=kept), Path("x.mp4")) is None, case.name
        elif kind == "solution":
            with pytest.raises(RecordingError) as fault:
                load_solution(thing)
            assert "\n" not in str(fault.value), case.name
        else:
            place, rate = "sacrum=" if "dot" in kind else "", ["--rate", "50"] if "json" in kind else []
            asked = ["compare", str(thing)] if kind == "analysis" else ["analyze", "--height", "1.75", *rate]
            told = _told([*asked, f"{place}{thing}", "--out", f"out-{case.name}"], monkeypatch, capsys)
            assert told is None or len(told.splitlines()) == 1, (case.name, told)

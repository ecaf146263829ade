import os
import shutil
import signal
from pathlib import Path

import psutil
import pytest
from tests.study.conftest import content, failures

from headway.study import StudyOptions, run_study


def test_the_number_of_workers_changes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "a_fast.c3d").unlink()
    one = run_study(folder, tmp_path / "one", StudyOptions(workers=0))
    two = run_study(folder, tmp_path / "two", StudyOptions(workers=2))
    assert content(one) == content(two)


@pytest.mark.slow
def test_a_recording_killed_from_outside_is_done_again(recorded: Path, tmp_path: Path) -> None:
    struck = []

    def strike(state) -> None:
        if not struck:
            struck.extend(psutil.Process().children())
            os.kill(struck[0].pid, signal.SIGKILL)

    out = run_study(recorded, tmp_path / "study", StudyOptions(workers=1), strike)
    assert content(out) == content(run_study(recorded, tmp_path / "calm", StudyOptions(workers=0)))


def test_a_recording_beyond_its_time_is_a_failure_of_its_own(recorded: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(recorded / "a_slow.c3d", tmp_path / "in")
    out = run_study(tmp_path / "in", tmp_path / "study", StudyOptions(workers=1, timeout=1e-3))
    assert failures(out)["a_slow.c3d"]["kind"] == "timeout"

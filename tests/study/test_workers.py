import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from tests.study.conftest import content

from headway.study import StudyOptions, run_study, worker
from headway.study.entry import Entry
from headway.study.pool import Pool
from headway.study.worker import Job

FAKE = """
import os, time, headway.study.task as task
from headway.study.outcome import Outcome
def work(entry, key, content):
    if entry.path == "hangs":
        time.sleep(600)
    if entry.path == "dies":
        os._exit(7)
    if entry.path.startswith("/") and not os.path.exists(entry.path):
        open(entry.path, "w").close()
        os.kill(os.getpid(), 9)
    return Outcome(key=key, row={"pid": os.getpid()})
task.work, task.warm = work, lambda: None
from headway.study.worker import main
main()
"""


def jobs(*paths: str) -> list[Job]:
    return [Job(Entry(recording=path, path=path), f"{number} {path}", "") for number, path in enumerate(paths)]


def test_hanging_and_dying_workers_cost_only_their_own_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "START", FAKE)
    once = str(tmp_path / "once")
    given = jobs("ok", "hangs", "dies", once, "ok", "ok")
    start = time.monotonic()
    found = dict(Pool(2, 1.0).run(given))
    assert time.monotonic() - start < 60
    assert sorted(found) == sorted(job.key for job in given)
    kinds = [None if (failure := found[job.key].failure) is None else failure.kind for job in given]
    assert kinds == [None, "timeout", "died", None, None, None]
    died = found[given[2].key].failure
    assert died is not None and "exit code 7" in died.reason


def test_no_worker_outlives_its_study(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "START", FAKE)
    under_way = Pool(1, 60.0).run(jobs("ok", "hangs"))
    pid = next(under_way)[1].row["pid"]
    under_way.close()
    assert not psutil.pid_exists(pid)


def test_a_worker_ends_when_its_study_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    process = worker.start_worker(None)
    assert process.stdin is not None and process.stdout is not None
    assert worker.read_message(process.stdout) == b""
    process.stdin.close()
    assert process.wait(timeout=5) == 0
    process.stdout.close()


def test_the_number_of_workers_changes_nothing(recorded: Path, tmp_path: Path) -> None:
    one = run_study(recorded, tmp_path / "one", StudyOptions(workers=0))
    two = run_study(recorded, tmp_path / "two", StudyOptions(workers=2))
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

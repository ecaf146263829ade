import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from headway.workers import Lost, Pool, read_message, start_process

WORK = """
import os, time
def work(job, tell):
    tell(len(job))
    if job == "hangs":
        time.sleep(600)
    if job == "dies":
        os._exit(7)
    if job == "raises":
        raise ValueError("of the work")
    if job.startswith("/") and not os.path.exists(job):
        open(job, "w").close()
        os.kill(os.getpid(), 9)
    return os.getpid()
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that processes of their own can import too."""
    (tmp_path / "work_of_test.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    import work_of_test  # pyright: ignore[reportMissingImports]

    return work_of_test.work


def test_hanging_and_dying_processes_cost_only_their_own_job(work, tmp_path: Path) -> None:
    jobs = ["ok", "hangs", "dies", str(tmp_path / "once"), "ok", "ok"]
    start, heard = time.monotonic(), []
    with Pool(work, 2, timeout=1.0) as pool:
        found = dict(pool.run(jobs, lambda job, word: heard.append((job, word))))
    assert time.monotonic() - start < 60
    assert sorted(found) == list(range(6))
    lost = {jobs[place]: one for place, one in found.items() if isinstance(one, Lost)}
    assert {job: one.kind for job, one in lost.items()} == {"hangs": "timeout", "dies": "died"}
    assert "exit code 7" in lost["dies"].why
    assert ("hangs", 5) in heard and ("ok", 2) in heard


def test_processes_stay_between_runs_and_jobs_are_taken_only_when_there_is_room(work) -> None:
    taken = []

    def jobs() -> Iterator[str]:
        for number in range(50):
            taken.append(number)
            yield "ok"

    with Pool(work, 2) as pool:
        found = pool.run(jobs())
        pids = {next(found)[1] for _ in range(10)}
        assert len(taken) <= 14
        found.close()
        again = {pid for _, pid in pool.run(["ok"] * 10)}
    assert len(pids) <= 2 and again & pids


def test_a_fault_of_the_work_comes_back(work) -> None:
    with Pool(work, 1) as pool, pytest.raises(ValueError, match="of the work"):
        list(pool.run(["ok", "raises"]))


def test_no_process_outlives_its_pool(work) -> None:
    with Pool(work, 1) as pool:
        under_way = pool.run(["ok", "hangs"])
        pid = next(under_way)[1]
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_a_process_ends_when_the_program_that_started_it_is_killed() -> None:
    process = start_process(None)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    assert read_message(process.stdout) is None
    process.stdout.close()


def test_without_processes_the_work_is_done_here(work) -> None:
    assert [pid for _, pid in Pool(work, 0).run(["ok"])] == [os.getpid()]


def test_a_run_is_given_up_from_another_thread_and_the_pool_works_on(work) -> None:
    with Pool(work, 1) as pool:

        def given_up(_: str, word: object) -> None:
            threading.Timer(0.05, pool.cancel).start()

        begun = time.monotonic()
        assert list(pool.run(["hangs", "ok"], given_up)) == []
        assert time.monotonic() - begun < 60
        assert [place for place, _ in pool.run(["ok"])] == [0]

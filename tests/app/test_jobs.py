"""The one queue: in order, once for each thing, and what fails is told in a line."""

import msgspec
import pytest

from headway.app import work
from headway.app.check import CheckRequest
from headway.app.jobs import Jobs
from headway.app.library import Library
from headway.app.work import Found, Given, Kind
from headway.errors import RecordingError

REQUEST = CheckRequest(1, [], None, {}, "")


@pytest.fixture
def jobs(tmp_path):
    library = Library(tmp_path / "library")
    made = Jobs(library)
    with made.changed:  # as a lane holds it
        yield made
    library.close()


def test_work_waits_in_order_and_short_work_not_behind_long(jobs):
    first, second, short = (jobs.add(kind, n, REQUEST) for kind, n in (("analyse", 1), ("analyse", 2), ("check", 3)))
    assert jobs.add("analyse", 1, REQUEST) == first
    assert [jobs.next_job(quick=True).id, jobs.next_job(quick=False).id, jobs.next_job(quick=False).id] == [
        short,
        first,
        second,
    ]
    assert jobs.next_job(quick=False) is None


def test_what_was_running_when_the_app_ended_waits_again(jobs):
    number = jobs.add("analyse", 1, REQUEST)
    jobs.next_job(quick=False)
    jobs.progressed(number, 3, 10)
    assert (jobs.get(number).state, jobs.get(number).done) == ("running", 3)
    again = Jobs(jobs.library)
    assert (again.get(number).state, again.get(number).done) == ("waiting", 0)


def test_work_that_was_given_up_is_not_begun_and_its_result_is_not_kept(jobs):
    number = jobs.add("analyse", 1, REQUEST)
    job = jobs.next_job(quick=False)
    assert jobs.cancel(number)
    assert not jobs.cancel(number)
    jobs.settle(job, Found(fault="too late"))
    assert (jobs.get(number).state, jobs.get(number).told) == ("cancelled", "")
    waiting = jobs.add("analyse", 2, REQUEST)
    jobs.cancel(waiting)
    assert jobs.next_job(quick=False) is None


def test_a_result_about_something_that_was_deleted_is_no_fault_of_the_queue(jobs):
    number = jobs.add("check", 77, REQUEST)
    job = jobs.next_job(quick=True)
    jobs.settle(job, Found(result=b'{"recording": 77, "files": [{"id": 5}]}'))
    assert jobs.get(number).state == "done"
    other = jobs.add("check", 78, REQUEST)
    jobs.settle(jobs.next_job(quick=True), Found(result=b"no JSON"))
    assert jobs.get(other).state == "failed"


def _raise(fault):
    def does(_request, _tell):
        raise fault

    return does


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            RecordingError("/home/a/film.mp4", "nobody is in /home/a/film.mp4", "say --slow-motion 2"),
            "nobody is in film.mp4",
        ),
        (MemoryError(), "more than 6 GB of memory would be needed"),
        (ZeroDivisionError("x"), "ZeroDivisionError: x"),
    ],
)
def test_what_fails_in_a_worker_is_told_in_a_line(monkeypatch, fault, told):
    monkeypatch.setitem(work.KINDS, "test", Kind("test:does", "", "headway.app.check:CheckRequest", ""))
    real = work.named
    monkeypatch.setattr(work, "named", lambda place: _raise(fault) if place == "test:does" else real(place))
    found = work.work(Given("test", msgspec.json.encode(REQUEST).decode()), lambda _: None)
    assert found.fault == told
    assert "--" not in found.remedy


def test_a_worker_has_a_limit_of_memory():
    """In a process of its own, as workers are prepared."""
    import subprocess
    import sys

    code = (
        "from headway.app import work; work.MEMORY = 400_000_000; work.limit_memory()\n"
        "try: bytearray(600_000_000)\nexcept MemoryError: print('refused')"
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("of Linux")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n", done.stderr

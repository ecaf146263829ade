"""Readers at work in a process apart: what they read comes back as it is, and their death costs one line."""

import os
import signal
import sys
import time

import numpy as np
import pytest

from headway import apart, bounds
from headway.errors import OptionError, RecordingError
from headway.sources.format import Format
from headway.sources.load import load, load_recording
from headway.sources.registry import register, unregister

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


@pytest.fixture
def copies(monkeypatch):
    monkeypatch.setattr(apart, "_allowed", True)


@pytest.fixture
def reads(tmp_path):
    """Read a file with a function that stands for a reader."""

    def read(work):
        told = Format("t", "t", "t", (".t",), "sensors", lambda source: source.suffix == ".t", lambda *_: work())
        register(told)
        path = tmp_path / "a.t"
        path.write_bytes(b"t")
        return load(path)

    yield read
    unregister("t")


def test_arrays_come_back_whole_and_can_be_changed(copies):
    made = {"a": np.arange(7, dtype=np.int8), "b": np.full((3, 5), 2.5), "c": np.empty(0), "d": "text"}
    heard = []

    def work(tell):
        tell((1, 2))
        return made | {"who": os.getpid()}

    found = apart.apart("file", work, heard.append)
    assert heard == [(1, 2)]
    assert found.pop("who") != os.getpid()
    for name, value in made.items():
        assert np.array_equal(found[name], value)
    found["b"] += 1
    assert found["b"].sum() == 15 * 3.5


def test_a_recording_is_the_same_as_one_that_was_read_here(tmp_path, monkeypatch):
    from headway.synthetic.parameters import RunnerParameters
    from headway.synthetic.recording import record, write
    from headway.synthetic.runner import SyntheticRunner

    path = tmp_path / "run.c3d"
    write(path, record(SyntheticRunner(RunnerParameters()), duration=2.0, rate=100, force_rate=400))
    here = load_recording(path)
    monkeypatch.setattr(apart, "_allowed", True)
    there = load_recording(path)
    assert there.points.identical(here.points)
    assert there.log == here.log and there.flags == here.flags
    assert np.array_equal(there.ground_force.force, here.ground_force.force)


def test_a_reader_that_dies_costs_one_line(copies, reads, monkeypatch):
    born, fork = [], os.fork

    def noted():
        born.append(fork())
        return born[-1]

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(RecordingError, match=r"a\.t: reading it ended abnormally \(signal 9\); "):
        reads(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(ChildProcessError):
        os.waitpid(born[0], os.WNOHANG)  # it is not left behind


def test_faults_come_back_as_they_are(copies, reads):
    def refuse():
        raise OptionError("--rate", "is wrong", "leave it out")

    with pytest.raises(OptionError, match="--rate: is wrong; leave it out"):
        reads(refuse)
    with pytest.raises(RecordingError, match=r"cannot be read \(KeyError"):
        reads(lambda: {}["a"])


def test_memory_is_limited_there_and_not_here(copies, reads):
    most = 3 * bounds.GB
    with pytest.raises(RecordingError, match="asks for more memory"):
        reads(lambda: np.empty(most, np.uint8))
    assert np.empty(most, np.uint8).size == most


@pytest.mark.slow
def test_a_reader_that_never_ends_is_ended(copies, reads, monkeypatch):
    monkeypatch.setattr(sys.modules["headway.sources.load"], "_SECONDS", 1)

    def hang():
        while True:
            pass

    with pytest.raises(RecordingError, match="takes more than 1 s of the processor"):
        reads(hang)


def test_an_interrupt_leaves_no_process(copies):
    numbers = []

    def stop(number):
        numbers.append(number)
        raise KeyboardInterrupt

    def work(tell):
        tell(os.getpid())
        signal.pause()

    with pytest.raises(KeyboardInterrupt):
        apart.apart("file", work, stop)
    with pytest.raises(ProcessLookupError):
        os.kill(numbers[0], 0)


def test_without_leave_the_work_is_done_here():
    assert apart.apart("file", lambda tell: os.getpid(), print) == os.getpid()


def test_this_process_does_something_else_while_the_copy_works(copies, tmp_path):
    """Both wait for each other: neither would end if one came after the other."""
    asked, answered = tmp_path / "asked", tmp_path / "answered"

    def until(there):
        for _ in range(1000):
            if there.exists():
                return True
            time.sleep(0.01)
        return False

    def work(_tell):
        asked.touch()
        return until(answered)

    def meanwhile():
        assert until(asked)
        answered.touch()

    assert apart.apart(tmp_path, work, lambda _: None, meanwhile=meanwhile)

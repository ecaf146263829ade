"""A worker: a process of its own that analyses one recording after the other, told through its standard input and output.

A message is four bytes of length and then MessagePack. The process ends when its input ends, also in the
middle of a recording, so that no worker outlives the study that started it.
"""

from __future__ import annotations

import os
import queue
import struct
import subprocess
import sys
import threading
from typing import IO

import msgspec

from headway.study.entry import Entry
from headway.study.outcome import pack

START = "from headway.study.worker import main; main()"
LENGTH = struct.Struct(">I")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
"""Every worker computes on one core; the study is parallel over recordings."""


class Job(msgspec.Struct, frozen=True):
    """One recording to analyse, with its key and the hash of its content."""

    entry: Entry
    key: str
    content: str


def pack_job(job: Job) -> bytes:
    """Job as bytes."""
    return msgspec.msgpack.encode(job, enc_hook=str)


def unpack_job(data: bytes) -> Job:
    """Job from bytes."""
    return msgspec.msgpack.decode(data, type=Job, dec_hook=lambda kind, value: kind(value))


def write_message(stream: IO[bytes], data: bytes) -> None:
    """Write one message."""
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """Read one message; ``None`` at the end of the stream, also in the middle of a message."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def start_worker(errors: IO[bytes] | int | None) -> subprocess.Popen[bytes]:
    """Start a worker whose output of any library goes to ``errors``."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **ONE_THREAD},
        start_new_session=True,
    )


def main() -> None:
    """Serve until the input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        stream = os.fdopen(0, "rb")
        while (data := read_message(stream)) is not None:
            jobs.put(data)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    sys.modules["dask"] = None  # type: ignore[assignment]  # xarray would import it, 0.2 s, only to ask whether an array is of it
    from headway.study.task import warm, work

    warm()
    write_message(out, b"")
    while True:
        job = unpack_job(jobs.get())
        write_message(out, pack(work(job.entry, job.key, job.content)))

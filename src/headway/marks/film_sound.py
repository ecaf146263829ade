"""The sound of a film, piece by piece, on the film's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.apart import apart
from headway.bounds import LONGEST
from headway.errors import RecordingError
from headway.marks.find import RATE, HeardMark, find_marks
from headway.pose.film_decode import opened, pick_stream
from headway.pose.film_faults import check_file, import_av, unreadable

_GAP = 0.005
"""s by which the sound may be off its stamps before silence is put in or samples are left out."""
_SECONDS = 600
"""Most time of the processor for all of the sound: that of hours takes a minute."""
Piece = npt.NDArray[np.float32]


def marks_in(path: Path) -> list[HeardMark]:
    """All marks in the sound of a film, or of a sound file, in order of time: s on the film's own clock.

    Raises
    ------
    RecordingError
        The file cannot be read, or has no sound.
    """
    return apart(path, lambda _: find_marks(film_sound(path)), _nothing, seconds=_SECONDS)


def _nothing(word: object) -> None:
    """Nothing is told on the way."""


def film_sound(path: Path) -> Iterator[Piece]:
    """Mono sound at ``RATE`` samples/s from the film's first picture on (from its beginning if it has none).

    Raises
    ------
    RecordingError
        The file cannot be read, or has no sound.
    """
    av = import_av(str(path))
    check_file(path)
    try:
        with opened(path) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                what = "has no sound, so the marks of its blocks cannot be heard"
                raise RecordingError(str(path), what, "give start and stop of every block instead of mark")
            picture = pick_stream(container)
            origin = 0.0 if picture is None else float((picture.start_time or 0) * picture.time_base)
            yield from _on_clock(_pieces(av, container, stream), origin)
    except (av.FFmpegError, UnicodeDecodeError, ValueError) as error:
        raise unreadable(path) from error


def _pieces(av: Any, container: Any, stream: Any) -> Iterator[tuple[float | None, Piece]]:
    """Decoded sound at the finder's rate, each piece with its time in the file, s; what is damaged is left out."""
    resampler: Any = None
    kind = None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if now != kind:  # a resampler is for one kind of sound
                resampler, kind = av.AudioResampler(format="flt", layout="mono", rate=RATE), now
            time = None if frame.pts is None else float(frame.pts * frame.time_base)
            for one in resampler.resample(frame):
                yield time, one.to_ndarray()[0]
                time = None


def _on_clock(pieces: Iterator[tuple[float | None, Piece]], origin: float) -> Iterator[Piece]:
    """Pieces without gaps or overlaps, beginning at ``origin``."""
    count = 0
    for time, piece in pieces:
        due = count if time is None or abs(time - origin) > LONGEST else round((time - origin) * RATE)
        if count == 0 or abs(due - count) > _GAP * RATE:
            if due > count:
                yield from _silence(due - count)
            else:
                piece = piece[count - due :]
            count = max(due, count)
        count += len(piece)
        yield piece


def _silence(samples: int) -> Iterator[Piece]:
    """Silence in pieces of a second."""
    while samples > 0:
        yield np.zeros(min(samples, RATE), np.float32)
        samples -= RATE

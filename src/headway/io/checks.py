"""What is checked at the door, once: the file before it is read, the recording after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.bounds import LONGEST, check_kind
from headway.errors import RecordingError
from headway.recording import Arguments, Flag, FloatArray, Recording
from headway.texts import TEXTS

FEWEST_FRAMES = 10
JITTER = 0.25
"""Frames; times further off an even clock count as irregular."""
MOST_GAPS = 20
"""Times as many frames as an even clock may have beside those that are there."""


def check_file(path: Path) -> None:
    """Check that a file is there, is a file, may be read and is not empty.

    Raises
    ------
    RecordingError
        Otherwise.
    """
    check_kind(path)
    where = str(path)
    if path.is_dir():
        raise RecordingError(where, "is a folder", "name the recording inside it")
    if not path.exists():
        raise RecordingError(where, "there is no such file", "check the path")
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise RecordingError(where, f"cannot be opened ({reason.lower()})", "check the rights to the file") from error
    if empty:
        raise RecordingError(where, "the file is empty", "export or copy it again")


def mask_unseen(positions: FloatArray) -> FloatArray:
    """Return a copy with NaN for points that were not seen: exactly 0, 0, 0, or any coordinate that is no number.

    Parameters
    ----------
    positions
        Shape (frames, points, 3).
    """
    unseen = ~np.isfinite(positions).all(2) | (positions == 0.0).all(2)
    return np.where(unseen[:, :, None], np.nan, positions)


def finish(recording: Recording, arguments: Arguments) -> Recording:
    """Check a raw recording, put it on an even clock, ask whether it can be true, mask its jumps, and log all of it.

    Parameters
    ----------
    recording
        As a reader returns it.
    arguments
        Of :func:`headway.load`, for the log.

    Raises
    ------
    RecordingError
        With too few frames, no point seen, time that does not rise, or contents that no body can have made.
    """
    from headway.io import plausible
    from headway.io.gaps import gap_flags, jump_flags, mask_jumps  # brings SciPy: not for listing formats

    where = recording.source
    frames = recording.points.sizes["time"]
    if frames < FEWEST_FRAMES:
        remedy = f"at least {FEWEST_FRAMES} are needed: export a longer piece"
        raise RecordingError(where, f"{frames} frame{'s' if frames != 1 else ''}", remedy)
    if recording.points.sizes["point"] == 0 or not recording.points.notnull().any():
        raise RecordingError(where, "no point is seen in any frame", "export the labelled trajectories")
    if not (np.diff(recording.time) > 0).all():
        frame = int(np.argmax(np.diff(recording.time) <= 0)) + 2
        raise RecordingError(where, f"time does not rise at frame {frame}", "export the file again with rising times")
    recording = plausible.of_one_runner(even_clock(recording.logged("load", arguments=arguments)))
    positions, mask = mask_jumps(recording.points.to_numpy(), recording.rate)
    plausible.check_jumps(where, positions, mask)
    names = recording.names()
    flags = (*jump_flags(names, mask), *gap_flags(names, positions))
    count = {"masked": int(mask.sum())}
    return recording.logged("mask_jumps", flags=flags, arguments=count, points=recording.points.copy(data=positions))


def check_span(where: str, time: FloatArray) -> None:
    """Refuse times that no recording spans: one of them is damaged, or they have another unit.

    Parameters
    ----------
    time
        s, rising, shape (frames,).

    Raises
    ------
    RecordingError
        First and last are further apart than :data:`headway.bounds.LONGEST`.
    """
    span = float(time[-1] - time[0])
    if not span <= LONGEST:
        frame = int(np.argmax(np.diff(time))) + 2
        what = f"its times span {span / 3600:.3g} hours (the longest step is before frame {frame})"
        raise RecordingError(where, what, "check that time stamp, and that times are in seconds")


def check_clock(where: str, time: FloatArray) -> None:
    """Refuse times with gaps so long, or steps so short, that an even clock would have many times more frames than there are.

    Raises
    ------
    RecordingError
        It would have more than ``MOST_GAPS`` times as many.
    """
    if len(time) < 2:
        return
    check_span(where, time)
    frames = (time[-1] - time[0]) / float(np.median(np.diff(time)))
    if not frames <= MOST_GAPS * len(time) + 1000:
        what = f"{len(time)} frames lie within the time of {frames:.3g}"
        raise RecordingError(where, what, "check the time stamps; or keep the part with the runner only")


def even_clock(recording: Recording) -> Recording:
    """Put the points on an even clock: dropped frames become gaps, rounded times become exact.

    Times that fit no even clock are kept as they are, with a flag.
    """
    time = recording.time
    step = _frame_period(time)
    place = (time - time[0]) / step
    index = np.round(place)
    uneven = bool(np.abs(place - index).max() > JITTER or (np.diff(index) < 1).any())
    if uneven or index[-1] + 1 > 2 * len(time):
        message = TEXTS("lab.uneven_frames")
        return replace(recording, flags=(*recording.flags, Flag("uneven_frames", "warning", message)))
    index = index.astype(int)
    even = time[0] + np.arange(index[-1] + 1) * step
    dropped = len(even) - len(time)
    points = recording.points.assign_coords(time=even[index])
    if not dropped:
        return replace(recording, points=points)
    message = TEXTS("lab.dropped_frames", n=dropped)
    flags = (*recording.flags, Flag("dropped_frames", "info", message))
    return replace(recording, points=points.reindex(time=even), flags=flags)


def _frame_period(time: FloatArray) -> float:
    """Period of the clock: the median step, sharpened over the whole length when the file rounds its times."""
    step = float(np.median(np.diff(time)))
    for _ in range(3):
        index = np.round((time - time[0]) / step)
        step = float((time[-1] - time[0]) / index[-1]) if index[-1] > 0 else step
    return step

"""What a film file says about itself before a picture is decoded: times, rate, slow motion, damage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.options import Options
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

CAPTURE_TAG = "com.android.capture.fps"
"""Frames per second at which an Android phone took the pictures (MediaRecorder.setCaptureRate), whatever speed the file plays at."""


@dataclass(frozen=True)
class Scan:
    """Times of the pictures in the chosen part of a film.

    Attributes
    ----------
    stamps
        Presentation times, strictly rising, in units of ``time_base``, shape (frames,).
    time_base
        s.
    origin
        Presentation time of the film's first picture, units of ``time_base``.
    first, last
        Bounds of the part asked for, units of ``time_base``; ``None`` leaves an end open.
    end
        Where the file ends, s on its own clock.
    dropped
        Pictures whose time repeats or is missing.
    missing
        s that the file promises beyond its last picture.
    """

    stamps: npt.NDArray[np.int64]
    time_base: float
    origin: int
    first: int | None
    last: int | None
    end: float
    dropped: int
    missing: float

    @property
    def clock(self) -> FloatArray:
        """Times on the file's own clock, s, shape (frames,)."""
        return np.asarray((self.stamps - self.origin) * self.time_base, np.float64)

    @property
    def rate(self) -> float:
        """Pictures per second on the file's own clock."""
        steps = np.diff(self.clock)
        middle = np.median(steps)
        # Some containers round times to 1 ms: the mean of the ordinary steps is free of that, the median is not.
        return float(1.0 / np.mean(steps[np.abs(steps - middle) <= 0.5 * middle]))


def scan(container: Any, stream: Any, options: Options) -> Scan:
    """Read the times of all pictures in the chosen part, without decoding them.

    Parameters
    ----------
    container, stream
        Opened by PyAV; read to the end of the part.
    options
        ``start`` and ``stop`` are used.
    """
    base = float(stream.time_base)
    origin = int(stream.start_time or 0)
    first = None if options.start is None else origin + round(options.start / base)
    last = None if options.stop is None else origin + round(options.stop / base)
    if first is not None:
        seek(container, stream, first)
    stamps: list[int] = []
    at_end = True
    for packet in container.demux(stream):
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None or packet.is_discard or packet.is_corrupt:
            continue
        stamps.append(stamp)
        if last is not None and packet.dts is not None and packet.dts > last:
            at_end = False
            break
    seen = np.array(stamps, np.int64)
    keep = np.unique(seen)
    latest = int(keep[-1]) if len(keep) else origin
    promised = _promised(container, stream, base, origin)
    missing = max(0.0, promised - (latest - origin) * base) if at_end and promised else 0.0
    inside = keep
    if first is not None:
        inside = inside[inside >= first]
    if last is not None:
        inside = inside[inside <= last]
    return Scan(
        stamps=inside,
        time_base=base,
        origin=origin,
        first=first,
        last=last,
        end=max(promised - missing, (latest - origin) * base),
        dropped=len(seen) - len(keep),
        missing=missing,
    )


def seek(container: Any, stream: Any, stamp: int) -> None:
    """Go to the last key frame before a time; stay at the beginning where the file has no index to go by."""
    from av.error import FFmpegError

    try:
        container.seek(stamp, stream=stream, backward=True)
    except FFmpegError:
        container.seek(0)


def find_slow_motion(metadata: dict[str, str], rate: float, asked: float | None) -> tuple[float, tuple[Flag, ...]]:
    """Settle how many times slower than reality the file plays.

    Android phones that store high-speed films at 30 frames/s write the rate of capture into the file; it is used unless the user says
    otherwise. Apple's phones store 120 or 240 frames/s with real times (slow motion is left to the player), so nothing has to be undone; a
    slow-motion film *exported* from there has its changes of speed baked in and carries no tag.

    Parameters
    ----------
    metadata
        Of container and stream.
    rate
        Pictures per second on the file's own clock.
    asked
        The user's factor, or ``None``.
    """
    tagged = _tagged_factor(metadata, rate)
    if asked is not None:
        flags = ()
        if tagged is not None and abs(asked / tagged - 1) > 0.1:
            message = TEXTS("flags.slow_motion_differs", tagged=tagged, asked=asked)
            flags = (Flag("slow_motion_differs", "warning", message),)
        return asked, flags
    if tagged is None or 0.8 < tagged < 1.2:
        return 1.0, ()
    message = TEXTS("flags.slow_motion_tag", tagged=tagged * rate, rate=rate, times=tagged, tag=CAPTURE_TAG)
    return tagged, (Flag("slow_motion_tag", "info", message),)


def timing_flags(scanned: Scan, slow_motion: float) -> tuple[Flag, ...]:
    """Tell what is remarkable about the times: dropped, missing, uneven, damaged."""
    steps = np.diff(scanned.clock)
    middle = float(np.median(steps))
    flags: list[Flag] = []
    if scanned.dropped:
        message = TEXTS("flags.repeated_times", dropped=scanned.dropped)
        flags.append(Flag("repeated_times", "info", message))
    gaps = int((steps > 2.5 * middle).sum())
    if gaps:
        message = TEXTS("flags.pictures_missing", gaps=gaps, size=steps.max() / slow_motion)
        flags.append(Flag("pictures_missing", "warning", message))
    low, high = np.percentile(steps, (5, 95))
    if high > 2 * low:
        message = TEXTS("flags.uneven_times", low=1000 * low, high=1000 * high)
        flags.append(Flag("uneven_times", "warning", message))
    elif high - low > max(0.1 * middle, 0.0021):
        message = TEXTS("flags.variable_rate", high=1 / high, low=1 / low)
        flags.append(Flag("variable_rate", "info", message))
    if scanned.rate * slow_motion > 1200:
        message = TEXTS("flags.rate_implausible", size=scanned.rate * slow_motion)
        flags.append(Flag("rate_implausible", "warning", message))
    if is_cut_off(scanned):
        message = TEXTS("flags.film_cut_off", missing=scanned.missing)
        flags.append(Flag("film_cut_off", "warning", message))
    return tuple(flags)


def is_cut_off(scanned: Scan) -> bool:
    """Tell whether the file promises more than it holds (sound may outlast pictures a little)."""
    return scanned.missing > 0.75


def _tagged_factor(metadata: dict[str, str], rate: float) -> float | None:
    """How many times slower than reality the file plays by its tag."""
    try:
        captured = float(metadata[CAPTURE_TAG])
    except (KeyError, ValueError):
        return None
    return captured / rate if 1 <= captured <= 2000 else None


def _promised(container: Any, stream: Any, base: float, origin: int) -> float:
    """Length that the file states for its pictures, s; 0 when it does not."""
    if stream.duration:
        return float(stream.duration) * base
    if container.duration:
        begins = (container.start_time or 0) / 1e6
        return float(container.duration) / 1e6 + begins - origin * base
    return 0.0

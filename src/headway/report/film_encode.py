"""A small H.264 film that every browser plays."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError

CLOCK = 90_000
"""Ticks per second of the small film's timestamps."""
_QUALITY = 26
_ATTEMPTS = 4


def encode_small(
    frames: Iterable[tuple[float, np.ndarray]], size: tuple[int, int], duration: float, most_bytes: int
) -> bytes:
    """Encode pictures as an MP4 of at most so many bytes: H.264 baseline profile, yuv420p, index in front, no sound.

    Every picture keeps its own time, so that a film with uneven spacing stays as it was. The quality is fixed and
    the rate capped by what the duration allows, which one pass can do; should the file still be too large it is
    made again from itself with less.

    Parameters
    ----------
    frames
        Real time (s) and picture, uint8 RGB, shape (height, width, 3); the first time becomes zero.
    size
        Width and height to scale to, px, even.
    duration
        Seconds between the first and the last frame, for the rate.
    most_bytes
        Largest allowed size of the file.

    Raises
    ------
    RecordingError
        No frame at all, or a stretch that does not fit however poor the picture.
    """
    av = _av()
    source: Iterator[tuple[float, Any]] = (
        (time, av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")) for time, image in frames
    )
    made, share = b"", 1.0
    for attempt in range(_ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="headway-") as folder:
            if attempt:
                before = Path(folder) / "before.mp4"
                before.write_bytes(made)
                source = decoded(before)
            small = Path(folder) / "small.mp4"
            _write(source, small, size, duration, share * most_bytes, _QUALITY + 5 * attempt)
            made = small.read_bytes()
        if len(made) <= most_bytes:
            return made
        share *= 0.85 * most_bytes / len(made)
    raise RecordingError(
        "film", f"{duration:.1f} s do not fit into {most_bytes / 1e6:.1f} MB", "analyse a shorter part"
    )


def _av() -> Any:
    try:
        import av
        import av.video.reformatter
    except ImportError as error:
        raise RecordingError("film", "films cannot be read here", 'install headway with the extra "video"') from error
    return av


def jpeg(picture: Any, high: int) -> bytes:
    """A picture of a film as JPEG of at most so many px in height."""
    share = min(1.0, high / picture.height)
    wide, high = (2 * round(share * side / 2) for side in (picture.width, picture.height))
    coder = _av().CodecContext.create("mjpeg", "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base = wide, high, "yuvj420p", Fraction(1, 25)
    coder.options = {"qmin": "8", "qmax": "8"}
    frame = picture.reformat(wide, high, "yuvj420p")
    frame.pts, frame.pict_type = 0, 0
    return b"".join(bytes(packet) for packet in (*coder.encode(frame), *coder.encode(None)))


def decoded(path: Path) -> Iterator[tuple[float, Any]]:
    """Times (s) and pictures of a film."""
    with _av().open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.time, frame


def chosen_pictures(path: Path, places: Collection[int]) -> dict[int, Any]:
    """Pictures at some places of a film of :func:`encode_small`, decoded from the key frame before the first of them."""
    found: dict[int, Any] = {}
    with _av().open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.dts is not None]
        keys = [at for at, packet in enumerate(packets) if packet.is_keyframe and at <= min(places)]
        at = keys[-1] if keys else 0
        for packet in (*packets[at:], None):
            for picture in container.streams.video[0].decode(packet):
                found |= {at: picture} if at in places else {}
                at += 1
            if at > max(places):
                break
    return found


def _write(
    frames: Iterator[tuple[float, Any]],
    path: Path,
    size: tuple[int, int],
    duration: float,
    most_bytes: float,
    quality: int,
) -> None:
    first = next(frames, None)
    if first is None:
        raise RecordingError("film", "there is no picture in the part to show", "check --start and --stop")
    # One second of the rate may be saved up, so it is paid for as one second more of film.
    kilobits = max(int(8e-3 * 0.94 * most_bytes / (duration + 1.0)), 16)
    options = {
        "preset": "ultrafast",
        "profile": "baseline",
        "crf": str(quality),
        "maxrate": f"{kilobits}k",
        "bufsize": f"{kilobits}k",
        "bf": "0",
        "g": "30",
        # "ultrafast" is half of the work of "superfast"; its blocks would show without this filter
        "x264-params": "rc-lookahead=0:mbtree=0:weightp=0:deblock=0,0",
    }
    # One converter keeps its tables; a converter per picture would build them anew each time.
    convert = _av().video.reformatter.VideoReformatter().reformat
    start, last = first[0], -1
    with _av().open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
        for time, picture in chain([first], frames):
            shown = convert(picture, *size, format="yuv420p", interpolation="FAST_BILINEAR", threads=1)
            last = max(round((time - start) * CLOCK), last + 1)
            shown.pts, shown.time_base = last, Fraction(1, CLOCK)
            shown.pict_type = 0
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))

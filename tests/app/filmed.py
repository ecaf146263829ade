"""Films for the tests of the app: a shared film as a webcam plays it, and as the record of a whole session whose sound has its marks."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from headway.marks.code import LENGTH, Mark, sound

RATE = 44100


def pictures(source: Path, width: int) -> Iterator[np.ndarray]:
    """RGB pictures of a film, of this width."""
    import av

    with av.open(str(source)) as film:
        for frame in film.decode(film.streams.video[0]):
            high = round(frame.height * width / frame.width / 2) * 2
            yield frame.reformat(width, high, format="rgb24").to_ndarray()


def webcam(path: Path, source: Path, width: int = 1280, rate: int = 30) -> Path:
    """Motion JPEG that Chromium plays as a camera (--use-file-for-fake-video-capture)."""
    import av

    with av.open(str(path), "w", format="mjpeg") as out:
        stream = None
        for k, picture in enumerate(pictures(source, width)):
            if stream is None:
                stream = out.add_stream("mjpeg", rate=rate)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt, stream.options = "yuvj420p", {"q:v": "3"}
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuvj420p")
            frame.pts, frame.time_base = k, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def session_film(
    path: Path, source: Path, blocks: int, seconds: float, *, first: float = 1.0, width: int = 360
) -> Path:
    """A film that shows another one again and again, a block in each showing, with the marks of all blocks in its sound."""
    import av

    shown, rate = list(pictures(source, width)), 30
    long = len(shown) / rate
    samples = 0.02 * np.random.default_rng(1).normal(size=int(blocks * long * RATE) + RATE)
    for number in range(1, blocks + 1):
        begin = (number - 1) * long + first
        for at, mark in ((begin - LENGTH, Mark(number, "start")), (begin + seconds, Mark(number, "stop"))):
            one = sound(mark, RATE)
            samples[round(at * RATE) :][: len(one)] += one
    with av.open(str(path), "w") as out:
        video, heard = out.add_stream("libx264", rate=rate), out.add_stream("aac", rate=RATE, layout="mono")
        video.height, video.width = shown[0].shape[:2]
        video.pix_fmt, video.options = "yuv420p", {"preset": "ultrafast", "crf": "18"}
        heard.bit_rate = 64000
        for k in range(blocks * len(shown)):
            frame = av.VideoFrame.from_ndarray(shown[k % len(shown)], format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, rate)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        _encode(out, heard, samples)
    return path


def _encode(out, stream, samples: Sequence[float]) -> None:
    import av

    for at in range(0, len(samples), 1024):
        part = np.asarray(samples[at : at + 1024], np.float32)[None]
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))

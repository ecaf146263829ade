"""Decoding: pictures upright, in order of time, one thread ahead of whoever uses them."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from headway.pose.film_scan import seek

Image = npt.NDArray[np.uint8]
GREY_LENGTH = 240
"""Longer side of the small grey pictures, px."""

LARGEST_PICTURE = 40_000_000
"""Pixels: a picture of 8K has 33 million."""
_PLAIN = 2_200_000
"""Pixels: Full HD has 2.1 million, and is decoded by one thread several times faster than a pose model looks."""
_BOUNDS = {"max_pixels": str(LARGEST_PICTURE)}
_FLATTEST = 10.0
"""Most times that a pixel may be longer than high, or higher than long; beyond it the file errs, and pixels are taken for squares."""

_AHEAD = 4
"""Pictures decoded in advance: 25 MB of 1080p, enough to level out key frames."""
_Item = TypeVar("_Item")
# Where x and y of the picture go: the display matrix (a, b, c, d), ISO/IEC 14496-12; players apply it, and so do we.
_TURNS: dict[tuple[int, int, int, int], tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}

_TURNED: dict[tuple[str, str], Callable[[Image], Image]] = {
    ("hflip", ""): np.fliplr,
    ("vflip", ""): np.flipud,
    ("transpose", "clock"): lambda image: np.rot90(image, -1),
    ("transpose", "cclock"): np.rot90,
    ("transpose", "cclock_flip"): np.transpose,
    ("transpose", "clock_flip"): lambda image: np.rot90(image, 2).T,
}
"""What the turns do to a picture."""


@dataclass(frozen=True)
class Picture:
    """One decoded picture.

    Attributes
    ----------
    stamp
        Presentation time, units of the stream's time base.
    image
        RGB, upright, shape (height, width, 3).
    grey
        Small copy in grey, upright, longer side ``GREY_LENGTH`` px; empty where it was not asked for.
    """

    stamp: int
    image: Image
    grey: Image


class Upright:
    """Turn pictures the way the phone says they were held, make pixels square, and convert them.

    Parameters
    ----------
    stream
        Video stream of PyAV.
    width
        Width of the images, px; ``None`` for the film's own.
    grey
        Make the small grey copies as well.
    """

    def __init__(self, stream: Any, width: int | None = None, *, grey: bool = True) -> None:
        import av.video.reformatter as reformatter

        self._stream, self._width, self._with_grey = stream, width, grey
        self._graph: Any = None
        self._turns: tuple[tuple[str, str], ...] | None = None
        # One converter per output keeps its tables; a converter per picture would build them anew each time.
        self._less, self._colour, self._small = (reformatter.VideoReformatter() for _ in range(3))
        self._area = reformatter.Interpolation.AREA

    def __call__(self, frame: Any) -> Picture:
        """Convert one decoded frame."""
        shape, stamp = self.size(frame), frame.pts
        size = shape
        if self._width is not None and self._width < shape[0]:
            size = (self._width, max(1, round(shape[1] * self._width / shape[0])))
        if size != shape:
            # Scaled in its own colours, which are fewer, and then turned: half the work of turning and scaling RGB.
            frame = self._scaled(self._less, frame, size, "yuv420p")
        grey = self._grey(frame, shape) if self._with_grey else np.empty((0, 0), np.uint8)
        frame = self._turn(frame)
        # One thread: more of them cost half as much again in all, and the processor has a pose model to run.
        mode = None if size == (frame.width, frame.height) else self._area
        return Picture(
            stamp=stamp,
            image=_array(self._colour.reformat(frame, *size, format="rgb24", interpolation=mode, threads=1)),
            grey=grey,
        )

    def small(self, frame: Any) -> Image:
        """Small grey picture alone."""
        return self._grey(frame, self.size(frame))

    def _grey(self, frame: Any, shape: tuple[int, int]) -> Image:
        """Small grey picture, upright, of a frame that is not turned yet."""
        scale = min(1.0, GREY_LENGTH / max(shape))
        size = (max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale)))
        grey = _array(self._scaled(self._small, frame, size, "gray"))
        for turn in self._turns or ():
            grey = _TURNED[turn](grey)
        return np.ascontiguousarray(grey)

    def _scaled(self, converter: Any, frame: Any, upright: tuple[int, int], colours: str) -> Any:
        """A frame that is not turned yet in another size, given as it will be upright, and other colours."""
        size = upright[::-1] if self._lies else upright
        return converter.reformat(frame, *size, format=colours, interpolation=self._area, threads=1)

    @property
    def _lies(self) -> bool:
        return bool(self._turns) and self._turns[0][0] == "transpose"

    def size(self, frame: Any) -> tuple[int, int]:
        """Width and height of the upright picture with square pixels, px."""
        if self._turns is None:
            self._turns = _TURNS.get(_orientation(frame), ())
        aspect = float(self._stream.sample_aspect_ratio or 1) or 1.0
        aspect = aspect if 1 / _FLATTEST <= aspect <= _FLATTEST else 1.0
        wide, high = round(frame.width * aspect), frame.height
        return (high, wide) if self._lies else (wide, high)

    def _turn(self, frame: Any) -> Any:
        """Turn a frame in its own colour format: three times faster than turning RGB."""
        if not self._turns:
            return frame
        if self._graph is None:
            from av.filter import Graph

            self._graph = Graph()
            nodes = [
                self._graph.add_buffer(
                    width=frame.width, height=frame.height, format=frame.format, time_base=self._stream.time_base
                )
            ]
            nodes += [self._graph.add(*turn) if turn[1] else self._graph.add(turn[0]) for turn in self._turns]
            nodes.append(self._graph.add("buffersink"))
            for one, other in itertools.pairwise(nodes):
                one.link_to(other)
            self._graph.configure()
        self._graph.push(frame)
        return self._graph.pull()


def decode(path: Path, first: int | None, last: int | None, *, beside: bool = False) -> Iterator[tuple[Any, Any]]:
    """Decode a film in order of time.

    Damaged pictures, and pictures whose time does not rise, are left out.

    Parameters
    ----------
    path
        Film.
    first, last
        Bounds, units of the stream's time base; ``None`` leaves an end open.
    beside
        Something slower has the processor meanwhile: one thread is then enough for pictures that are not very large,
        and takes a seventh less in all.

    Yields
    ------
    tuple
        Frame and stream of PyAV.
    """
    with opened(path) as container:
        stream: Any = pick_stream(container)
        plain = stream.codec_context.width * stream.codec_context.height <= _PLAIN
        stream.thread_type = "NONE" if beside and plain else "AUTO"
        stream.codec_context.options = _BOUNDS
        if first is not None:
            seek(container, stream, first)
        latest = None
        for frame in _frames(container, stream):
            stamp = frame.pts
            if stamp is None or frame.is_corrupt or (latest is not None and stamp <= latest):
                continue
            if last is not None and stamp > last:
                return
            latest = stamp
            if first is None or stamp >= first:
                yield frame, stream


def opened(path: Path) -> Any:
    """A film as PyAV's container; FFmpeg asks for no memory for pictures that are too large."""
    import av

    return av.open(str(path), options=_BOUNDS)


def pick_stream(container: Any) -> Any:
    """Choose the stream of moving pictures; ``None`` when there is none (a cover picture is none)."""
    moving = [s for s in container.streams.video if not _is_cover(s) and s.codec_context is not None]
    return max(moving, key=lambda s: (s.codec_context.width or 0) * (s.codec_context.height or 0), default=None)


def run_ahead(make: Callable[[], Iterator[_Item]], depth: int = _AHEAD) -> Iterator[_Item]:
    """Run an iterator in a thread of its own, a few items ahead; its errors come out here, and it ends when this does.

    Parameters
    ----------
    make
        Makes the iterator, inside the thread.
    depth
        Items kept ready.
    """
    ready: queue.Queue[tuple[bool, Any]] = queue.Queue(depth)
    stop = threading.Event()

    def offer(item: tuple[bool, Any]) -> bool:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        source = None
        try:
            source = make()
            for item in source:
                if not offer((True, item)):
                    return
            offer((False, None))
        except BaseException as error:  # of a thread: raised again by who waits for the pictures
            offer((False, error))
        finally:
            if source is not None and hasattr(source, "close"):
                source.close()  # type: ignore[attr-defined]

    # A daemon: an interrupted program ends even if the generator is still referred to by a traceback.
    worker = threading.Thread(target=work, name="headway-film", daemon=True)
    worker.start()
    try:
        while True:
            going, item = ready.get()
            if going:
                yield item
            elif item is None:
                return
            else:
                raise item
    finally:
        stop.set()
        worker.join(5.0)


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """Decode packet by packet, stepping over those that cannot be decoded."""
    from av.error import FFmpegError

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return
        if packet.is_corrupt:
            continue
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _is_cover(stream: Any) -> bool:
    """Tell the cover picture of a sound file from moving pictures."""
    return "attached_pic" in str(getattr(stream, "disposition", "")).lower()


def _orientation(frame: Any) -> tuple[int, int, int, int]:
    """Signs of the display matrix (a, b, c, d), turned to the nearest right angle."""
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].astype(float)
            upright = abs(a) + abs(d) >= abs(b) + abs(c)
            signs = np.sign((a, 0, 0, d) if upright else (0, b, c, 0)).astype(int)
            return (int(signs[0]), int(signs[1]), int(signs[2]), int(signs[3]))
    return (1, 0, 0, 1)


def _array(frame: Any) -> Image:
    """Picture as a contiguous array (rows may be padded)."""
    return np.ascontiguousarray(frame.to_ndarray())

"""Films from a phone: pictures upright, with real times, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.options import Options
from headway.pose import film_faults as faults
from headway.pose.film_decode import Image, Picture, Upright, decode, opened, pick_stream, run_ahead
from headway.pose.film_scan import Scan, find_slow_motion, is_cut_off, scan, timing_flags
from headway.pose.shots import Shot, ShotFinder
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

_MANY_REPEATED = 0.05
"""Share of pictures that repeat the one before from which it is told."""
_LOOK_EVERY = 64
"""Pictures after which the end of the first shot is looked for."""
_ENOUGH_KEPT = 0.75
"""Share of the pictures asked for that makes those kept on the way enough."""


@dataclass(frozen=True)
class Frame:
    """One picture of a film.

    Attributes
    ----------
    index
        Place in the chosen part of the film, from 0.
    time
        Real time (slow motion undone) since the beginning of the file, s.
    image
        RGB, upright, shape (height, width, 3).
    grey
        Small grey copy (longer side 240 px) for :class:`headway.pose.camera_motion.BackgroundTracker`.
    """

    index: int
    time: float
    image: Image
    grey: Image


class Film:
    """A film, opened by :func:`open_film`; pictures are decoded only when asked for, and never kept.

    Attributes
    ----------
    path
        The file.
    size
        Width and height of the upright picture, px.
    rate
        Frames per second of real time.
    duration
        Length of the chosen part in real time, s.
    frames_expected
        Number of pictures in the chosen part by the file's index; damaged ones may be fewer.
    slow_motion
        How many times slower than reality the file plays.
    times
        Real times that the index states, s, shape (frames_expected,).
    shots
        Where it was cut, as :meth:`survey` finds it.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], scanned: Scan, slow_motion: float, flags: tuple[Flag, ...]
    ) -> None:
        self.path, self.size, self.slow_motion = path, size, slow_motion
        self.rate = scanned.rate * slow_motion
        self.times: FloatArray = scanned.clock / slow_motion
        self.frames_expected = len(scanned.stamps)
        self.duration = float(self.times[-1] - self.times[0]) + 1.0 / self.rate
        self._scan, self._flags = scanned, flags
        self.shots: tuple[Shot, ...] = ()
        self._seen = 0
        self._finder = ShotFinder(self.rate)
        self._kept: list[Frame] = []

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is remarkable about the film; complete once its frames have been gone through."""
        return (*self._flags, *self._repeat_flags(), *self._loss_flags())

    @property
    def repeated(self) -> npt.NDArray[np.bool_]:
        """Which pictures show the same instant as the one before, shape (frames,), as :meth:`survey` finds it."""
        return self._finder.repeated

    def survey(self, *, one_shot: bool = False, keep: int = 0) -> tuple[Shot, ...]:
        """Go through the small pictures once and find ``shots`` and ``repeated``; a tenth of the work of :meth:`frames`.

        Parameters
        ----------
        one_shot
            End at the first cut behind a shot that is long enough: what follows is then no part of the film any more.
        keep
            Whole pictures spread over the film that are kept for :meth:`sample`, until :meth:`frames` begins: to seek
            and decode each of them anew would take longer than finding somebody in it.

        Raises
        ------
        RecordingError
            Nothing moves in it, or nothing for long enough.
        """
        finder, stamps = ShotFinder(self.rate), []
        upright: Upright | None = None
        wanted = set(self._scan.stamps[_spread(len(self._scan.stamps), keep)].tolist())
        for frame, stream in decode(self.path, self._scan.first, self._scan.last):
            upright = upright or Upright(stream)
            if frame.pts in wanted:
                self._kept.append(self._frame(upright(frame)))
                finder.add(self._kept[-1].grey)
            else:
                finder.add(upright.small(frame))
            stamps.append(frame.pts)
            if one_shot and len(finder) % _LOOK_EVERY == 0 and (end := finder.first_end()) is not None:
                finder.forget(end)
                self._limit(stamps[end - 1])
                break
        self._finder, self._seen = finder, len(finder)
        times = [self._time(stamp) for stamp in stamps]
        self.shots = tuple(Shot(k, times[a], times[b - 1]) for k, (a, b) in enumerate(finder.shots(), start=1))
        self._check_rest(times[-1] - times[0] + 1.0 / self.rate if times else 0.0)
        if not self.shots:
            raise faults.nothing_moves(str(self.path))
        return self.shots

    def _limit(self, last: int) -> None:
        """Let the film end with a picture, units of the time base."""
        stamps = self._scan.stamps[self._scan.stamps <= last]
        self._scan = replace(self._scan, stamps=stamps, last=last)
        self.times, self.frames_expected = self.times[: len(stamps)], len(stamps)
        self.duration = float(self.times[-1] - self.times[0]) + 1.0 / self.rate

    def frames(self, width: int | None = None, *, grey: bool = True) -> Iterator[Frame]:
        """Go through the pictures; the next ones are decoded in the background meanwhile.

        Parameters
        ----------
        width
            Width of the images, px, when smaller ones will do; ``None`` for the film's own.
        grey
            Make the small grey copies as well; else they are empty.

        Raises
        ------
        RecordingError
            No picture, or too few of a damaged film, could be decoded.
        """
        self._seen, self._kept = 0, []
        pictures = run_ahead(lambda: self._pictures(self._scan.first, width, grey=grey))
        first = time = 0.0
        try:
            for index, picture in enumerate(pictures):
                time = self._time(picture.stamp)
                first = time if index == 0 else first
                self._seen = index + 1
                yield Frame(index, time, picture.image, picture.grey)
        finally:
            pictures.close()  # type: ignore[attr-defined]
        self._check_rest(time - first + 1.0 / self.rate)

    def sample(self, count: int, shot: Shot | None = None) -> list[Frame]:
        """Pictures spread evenly over the film or one shot; ``index`` is the place among :meth:`frames`.

        Parameters
        ----------
        count
            How many; fewer come back from a film that has fewer.
        shot
            One of :attr:`shots`.
        """
        spare = 0.25 / self.rate
        first, last = (self.times[0], self.times[-1]) if shot is None else (shot.start - spare, shot.stop + spare)
        kept = [frame for frame in self._kept if first <= frame.time <= last]
        if len(kept) >= _ENOUGH_KEPT * count:
            return [kept[place] for place in _spread(len(kept), count)]
        inside = np.flatnonzero((self.times >= first) & (self.times <= last))
        frames: list[Frame] = []
        for place in inside[_spread(len(inside), count)]:
            for picture in self._pictures(int(self._scan.stamps[place]), None):
                frames.append(self._frame(picture))
                break
        return frames

    def _frame(self, picture: Picture) -> Frame:
        """Give a picture its place and time by the index."""
        index = int(np.searchsorted(self._scan.stamps, picture.stamp))
        return Frame(index, self._time(picture.stamp), picture.image, picture.grey)

    def _pictures(self, first: int | None, width: int | None, *, grey: bool = True) -> Iterator[Picture]:
        """Decode and convert."""
        upright: Upright | None = None
        for frame, stream in decode(self.path, first, self._scan.last, beside=True):
            upright = upright or Upright(stream, width, grey=grey)
            yield upright(frame)

    def _time(self, stamp: int) -> float:
        return (stamp - self._scan.origin) * self._scan.time_base / self.slow_motion

    def _check_rest(self, seconds: float) -> None:
        """Refuse a film of which too little came out."""
        if not self._seen:
            raise faults.undecodable(str(self.path))
        if self._seen < 0.9 * self.frames_expected and seconds < faults.SHORTEST_REST:
            raise faults.damaged(str(self.path), seconds)

    def _repeat_flags(self) -> tuple[Flag, ...]:
        share = float(self.repeated.mean()) if len(self._finder) else 0.0
        if share <= _MANY_REPEATED:
            return ()
        message = TEXTS("flags.repeated_pictures", share=100 * share, fresh=self.rate * (1 - share))
        return (Flag("repeated_pictures", "warning", message),)

    def _loss_flags(self) -> tuple[Flag, ...]:
        lost = self.frames_expected - self._seen
        if not self._seen or lost <= max(2, 0.01 * self.frames_expected):
            return ()
        message = TEXTS("flags.pictures_damaged", lost=lost, frames_expected=self.frames_expected)
        return (Flag("pictures_damaged", "warning", message),)


def open_film(path: Path | str, options: Options | None = None) -> Film:
    """Open a film and check that it can be used; no more than one picture is decoded.

    Times are the file's own presentation times (never a count of frames over a rate), divided by the slow-motion factor; pictures are turned
    the way a player turns them.

    Parameters
    ----------
    path
        Any film a phone makes (H.264, HEVC, VP9, AV1 ... in MP4, MOV, AVI, MKV, WebM).
    options
        ``slow_motion``, ``start`` and ``stop`` are used.

    Raises
    ------
    RecordingError
        Missing, empty, sound only, a still picture, damaged, no film, pictures too large, under 15 frames/s, under 1 s of real time, or nothing
        between start and stop.
    """
    path, options = Path(path), options or Options()
    av = faults.import_av(str(path))
    faults.check_file(path)
    try:
        with opened(path) as container:
            stream = pick_stream(container)
            if stream is None:
                raise faults.no_picture(str(path)) if container.streams.audio else faults.unreadable(path)
            metadata = {**container.metadata, **stream.metadata}
            scanned = scan(container, stream, options)
    except (av.FFmpegError, UnicodeDecodeError, ValueError) as error:
        raise faults.unreadable(path) from error
    _check_count(path, scanned, options)
    slow_motion, flags = find_slow_motion(metadata, scanned.rate, options.slow_motion)
    film = Film(path, _size(path, scanned), scanned, slow_motion, (*flags, *timing_flags(scanned, slow_motion)))
    _check_length(film, cut_off=is_cut_off(scanned))
    return film


def _spread(length: int, count: int) -> npt.NDArray[np.intp]:
    """Places of at most ``count`` items spread evenly over ``length``, rising."""
    places = np.round((np.arange(count) + 0.5) * length / max(count, 1) - 0.5)
    return np.unique(np.clip(places, 0, max(length - 1, 0)).astype(np.intp)) if length else np.empty(0, np.intp)


def _check_count(path: Path, scanned: Scan, options: Options) -> None:
    """Refuse a film without pictures in the chosen part."""
    if len(scanned.stamps) >= 2:
        return
    if options.start is not None or options.stop is not None:
        raise faults.no_frames(str(path), options.start, options.stop, scanned.end)
    if is_cut_off(scanned):
        raise faults.damaged(str(path), 0.0)
    raise faults.still_picture(str(path)) if len(scanned.stamps) else faults.undecodable(str(path))


def _check_length(film: Film, *, cut_off: bool) -> None:
    """Refuse too few pictures per second, and too short a film."""
    where = str(film.path)
    if film.rate < faults.LOWEST_RATE - 0.1:
        raise faults.too_slow(where, film.rate, film.slow_motion)
    if cut_off and film.duration < faults.SHORTEST_REST:
        raise faults.damaged(where, film.duration)
    if film.duration < faults.SHORTEST - 0.5 / film.rate:
        raise faults.too_short(where, film.duration)


def _size(path: Path, scanned: Scan) -> tuple[int, int]:
    """Size of the first picture that can be decoded, upright."""
    frames: Any = decode(path, scanned.first, scanned.last)
    try:
        for frame, stream in frames:
            return Upright(stream).size(frame)
    finally:
        frames.close()
    raise faults.undecodable(str(path))

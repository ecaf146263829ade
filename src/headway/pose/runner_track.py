"""The runner of one shot, picture by picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from headway.pose.body_pictures import PARTS, BodyPictures
from headway.pose.camera_motion import BackgroundTracker, slides
from headway.pose.find_runner import Finding
from headway.pose.follow import Eye, Follower, Look, Seen
from headway.pose.model import Image, PoseModel
from headway.recording import FloatArray

if TYPE_CHECKING:
    from headway.pose.film import Frame

EDGE = 0.08
"""Hips closer to the picture's left or right edge (statures): the body is cut, and the model squeezes it into the picture."""


@dataclass
class RunnerTrack:
    """The runner frame by frame.

    Attributes
    ----------
    index, times
        Places among the film's frames, and s.
    seen
        ``None``: nobody.
    slide
        As :attr:`headway.pose.keypoints.KeyPoints.slide`.
    background
        Its way, px, shape (frames, 2); ``None`` when it is not known.
    pictures
        As :meth:`headway.pose.body_pictures.BodyPictures.found`.
    """

    index: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    seen: list[Seen | None] = field(default_factory=list)
    slide: list[float] = field(default_factory=list)
    background: FloatArray | None = None
    pictures: FloatArray = field(default_factory=lambda: np.empty((0, len(PARTS), 3)))

    def whole(self, width: int) -> list[bool]:
        """Tell which frames show the runner, and not cut by the left or right edge of a picture of this width, px."""
        return [seen is not None and _inside(seen, width) for seen in self.seen]

    def resized(self, factor: FloatArray) -> RunnerTrack:
        """The same in pictures of another size: old px times ``factor``, shape (2,)."""
        return replace(
            self,
            seen=[None if seen is None else seen.resized(factor) for seen in self.seen],
            background=None if self.background is None else self.background * factor,
            pictures=self.pictures * np.append(factor, 1.0),
        )


def _inside(seen: Seen, width: int) -> bool:
    across, room = seen.figure.centre[0], EDGE * seen.figure.height
    return bool(room <= across <= width - room)


def follow_runner(
    frames: Iterable[Frame],
    size: tuple[int, int],
    finding: Finding,
    models: Sequence[PoseModel],
    rate: float,
    done: Callable[[], None] | None = None,
) -> RunnerTrack:
    """See the runner in every frame of one shot.

    The models take turns, so that as many inferences run at a time; where to look is decided from the frames that are
    done by rule, not by chance of timing: the result is the same on every computer with as many models.

    Parameters
    ----------
    frames
        In order of time.
    size
        Width and height of the pictures, px; all places are in theirs.
    finding
        Who the runner is.
    models
        One per thread; they forget whom they followed before.
    rate
        Pictures per second of real time.
    done
        Called after every frame.
    """
    follower = Follower(finding.runner, size)
    eyes = [Eye(model, follower.colour) for model in models]
    track, background = RunnerTrack(), BackgroundTracker(size)
    pictures = BodyPictures(eyes[0].anatomy, rate)
    waiting: deque[tuple[Frame, Look, Future[Seen | None]]] = deque()

    before: Image | None = None

    def finish() -> None:
        nonlocal before
        frame, look, job = waiting.popleft()
        seen = job.result()
        if seen is None:
            follower.missed(frame.time, look)
        else:
            follower.seen(frame.time, seen)
        track.index.append(frame.index)
        track.times.append(frame.time)
        track.seen.append(seen)
        pictures.add(frame.image, seen)
        track.slide.append(slides(before, frame.grey, _box(look), size))
        before = frame.grey
        if done is not None:
            done()

    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _ in models]
        for pool, model in zip(pools, models, strict=True):
            pool.submit(model.restart).result()
        for count, frame in enumerate(frames):
            look = follower.look(frame.time)
            turn = count % len(models)
            waiting.append((frame, look, pools[turn].submit(eyes[turn].see, frame.image, look)))
            background.add(frame.grey, _box(look))
            if len(waiting) == len(models):
                finish()
        while waiting:
            finish()
    track.background, track.pictures = background.path(), pictures.found()
    return track


def _box(look: Look) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of the runner, px."""
    if look.window is None:
        return None
    x, y, half = *look.centre, 0.55 * look.height
    return (float(x - half), float(y - half), float(x + half), float(y + half))


def unknown_path(track: RunnerTrack) -> FloatArray:
    """Way of the background, px, shape (frames, 2); NaN where it is not known."""
    return np.full((len(track.times), 2), np.nan) if track.background is None else track.background

"""The runner of one shot, picture by picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.pose.body_pictures import BodyPictures
from headway.pose.camera_motion import BackgroundTracker, slides
from headway.pose.find_runner import Finding
from headway.pose.follow import Eye, Follower, Look, Seen
from headway.pose.model import Image, PoseModel
from headway.recording import FloatArray

if TYPE_CHECKING:
    from headway.pose.film import Frame

EDGE = 0.08
"""Hips closer to the picture's left or right edge (statures): the body is cut, and the model squeezes it into the picture."""


@dataclass(frozen=True)
class RunnerTrack:
    """The runner frame by frame; NaN where nobody was seen.

    Attributes
    ----------
    index, times
        Places among the film's frames, and s.
    points
        x, y (px) and confidence of the model's points, shape (frames, points, 3).
    centre, height
        Middle of the hips, shape (frames, 2), and stature, px.
    slide
        As :attr:`headway.pose.keypoints.KeyPoints.slide`.
    background
        Its way, px, shape (frames, 2).
    pictures
        As :meth:`headway.pose.body_pictures.BodyPictures.found`.
    """

    index: npt.NDArray[np.intp]
    times: FloatArray
    points: FloatArray
    centre: FloatArray
    height: FloatArray
    slide: FloatArray
    background: FloatArray
    pictures: FloatArray

    def whole(self, width: int) -> npt.NDArray[np.bool_]:
        """Tell which frames show the runner, and not cut by the left or right edge of a picture of this width, px."""
        room = EDGE * self.height
        return (self.centre[:, 0] >= room) & (self.centre[:, 0] <= width - room)

    def resized(self, factor: FloatArray) -> RunnerTrack:
        """The same in pictures of another size: old px times ``factor``, shape (2,)."""
        third = np.append(factor, 1.0)
        return replace(
            self,
            points=self.points * third,
            centre=self.centre * factor,
            height=self.height * float(factor[1]),
            background=self.background * factor,
            pictures=self.pictures * third,
        )


@dataclass
class _Rows:
    """What is known of the frames so far: a row of numbers each, so that a long film does not fill the memory."""

    points: int
    index: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    slide: list[float] = field(default_factory=list)
    seen: list[FloatArray] = field(default_factory=list)

    def add(self, frame: Frame, seen: Seen | None, slide: float) -> None:
        self.index.append(frame.index)
        self.times.append(frame.time)
        self.slide.append(slide)
        if seen is None:
            self.seen.append(np.full(3 * self.points + 3, np.nan))
        else:
            pose, figure = seen.pose, seen.figure
            self.seen.append(np.concatenate([pose.points.ravel(), pose.confidence, figure.centre, [figure.height]]))

    def track(self, background: FloatArray | None, pictures: FloatArray) -> RunnerTrack:
        seen = np.array(self.seen).reshape(len(self.index), -1)
        places, sure, centre, height = np.split(seen, np.cumsum([2 * self.points, self.points, 2]), axis=1)
        return RunnerTrack(
            np.array(self.index, np.intp),
            np.array(self.times),
            np.concatenate([places.reshape(len(seen), self.points, 2), sure[..., None]], axis=2),
            centre,
            height[:, 0],
            np.array(self.slide),
            np.full((len(seen), 2), np.nan) if background is None else background,
            pictures,
        )


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
    rows, background = _Rows(len(eyes[0].model.names)), BackgroundTracker(size)
    pictures = BodyPictures(eyes[0].anatomy, rate)
    waiting: deque[tuple[Frame, Look, Future[Seen | None]]] = deque()

    before: Image | None = None

    def heard() -> tuple[Frame, Look, Seen | None]:
        frame, look, job = waiting.popleft()
        seen = job.result()
        if seen is None:
            follower.missed(frame.time, look)
        else:
            follower.seen(frame.time, seen)
        return frame, look, seen

    def keep(frame: Frame, look: Look, seen: Seen | None) -> None:
        nonlocal before
        background.add(frame.grey, _box(look))
        pictures.add(frame.image, seen)
        rows.add(frame, seen, slides(before, frame.grey, _box(look), size))
        before = frame.grey
        if done is not None:
            done()

    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _ in models]
        for pool, model in zip(pools, models, strict=True):
            pool.submit(model.restart).result()
        for count, frame in enumerate(frames):
            # The model has its next picture before what it told of the last one is kept: it is what everything waits for.
            last = heard() if len(waiting) == len(models) else None
            look = follower.look(frame.time)
            turn = count % len(models)
            waiting.append((frame, look, pools[turn].submit(eyes[turn].see, frame.image, look)))
            if last is not None:
                keep(*last)
        while waiting:
            keep(*heard())
    return rows.track(background.path(), pictures.found())


def _box(look: Look) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of the runner, px."""
    if look.window is None:
        return None
    x, y, half = *look.centre, 0.55 * look.height
    return (float(x - half), float(y - half), float(x + half), float(y + half))

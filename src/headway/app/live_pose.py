"""The runner in pictures as they come: looked for, followed and lost by the same code as in films."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.app.live_model import LiveModel, LivePicture
from headway.body.landmarks import identify
from headway.pose.estimate import load_models
from headway.pose.film import Frame
from headway.pose.find_runner import Person
from headway.pose.follow import Eye, Follower, Look, Seen
from headway.pose.model import Image, PoseModel
from headway.pose.sightings import Search, moving_regions

GIVEN_UP = 1.5
"""s after which a runner who was lost is looked for anew."""
SPREAD = 0.25
"""s between the pictures by which what moves is told from what stands still."""
LARGEST_SIDE = 2000
"""px of a picture."""
LIMBS = (
    ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "toe"),
)  # fmt: skip
"""What is joined on either side of the body."""


def picture_of(data: bytes) -> Image | None:
    """A JPEG as RGB, shape (height, width, 3); ``None`` when it is none, or too large."""
    import av
    from av.error import FFmpegError

    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options = {"max_pixels": str(LARGEST_SIDE**2)}
    try:
        (frame,) = decoder.decode(av.Packet(data))
    except (FFmpegError, ValueError):
        return None
    if max(frame.width, frame.height) > LARGEST_SIDE or min(frame.width, frame.height) < 32:
        return None
    return np.ascontiguousarray(frame.to_ndarray(format="rgb24"), np.uint8)


@dataclass
class _Busy:
    """One model at work: it searches, or looks for the runner who is followed."""

    model: PoseModel
    search: Search
    pool: ThreadPoolExecutor
    eye: Eye | None = None
    follower: Follower | None = None
    job: Future[Any] | None = None


class LivePose:
    """Sees the runner picture by picture with as many models as there are threads; each picture goes to one that is free.

    Parameters
    ----------
    models
        Loaded; :func:`headway.pose.estimate.load_models` by default.
    """

    def __init__(self, models: Sequence[PoseModel] | None = None) -> None:
        self._workers = [_Busy(m, Search(m), ThreadPoolExecutor(1, "live")) for m in models or load_models()]
        self._free: deque[_Busy] = deque(self._workers)
        self._lock = threading.Lock()
        self._follower: Follower | None = None
        self._last_seen = -np.inf
        self._past: deque[tuple[float, Image]] = deque(maxlen=5)
        self._model: LiveModel | None = None
        self._size = (0, 0)

    @property
    def names(self) -> tuple[str, ...]:
        """Labels of the points."""
        return tuple(self._workers[0].model.names)

    @property
    def lines(self) -> list[tuple[int, int]]:
        """Which points are joined when they are drawn."""
        known = identify(self.names).names
        place = {landmark: self.names.index(label) for label, landmark in known.items()}
        both = [(f"{a}_{side}", f"{b}_{side}") for side in ("left", "right") for a, b in LIMBS]
        across = [(f"{part}_left", f"{part}_right") for part in ("shoulder", "hip")]
        return [(place[a], place[b]) for a, b in (*both, *across) if a in place and b in place]

    @property
    def free(self) -> int:
        """How many pictures can be taken at once now."""
        return len(self._free)

    def take(self, time: float, data: bytes) -> Future[LivePicture | None] | None:
        """Work on a picture; ``None`` when all models are busy, and a result of ``None`` when it is no picture."""
        with self._lock:
            if not self._free:
                return None
            worker = self._free.popleft()
        return worker.pool.submit(self._work, worker, time, data)

    def close(self) -> None:
        """Give back the models, when they are done."""
        for worker in self._workers:
            worker.pool.shutdown(wait=True)
            worker.model.close()

    def _work(self, worker: _Busy, time: float, data: bytes) -> LivePicture | None:
        try:
            image = picture_of(data)
            if image is None:
                return None
            self._fit(image)
            seen = self._see(worker, time, image)
            with self._lock:
                assert self._model is not None
                if seen is None:
                    return self._model.add(time, None)
                return self._model.add(time, self._inside(seen), seen.pose.confidence)
        finally:
            with self._lock:
                self._free.append(worker)

    def _fit(self, image: Image) -> None:
        """Begin anew when the pictures have another size."""
        size = (image.shape[1], image.shape[0])
        with self._lock:
            if size != self._size:
                self._size, self._follower = size, None
                self._past.clear()
                self._model = LiveModel(self._workers[0].model.names, size)

    def _inside(self, seen: Seen) -> np.ndarray:
        """Points outside the picture, which models invent, are none."""
        points = seen.pose.points
        return np.where(np.all((points >= 0) & (points <= self._size), axis=1)[:, None], points, np.nan)

    def _see(self, worker: _Busy, time: float, image: Image) -> Seen | None:
        with self._lock:
            if self._follower is not None and time - self._last_seen > GIVEN_UP:
                self._follower = None
            follower = self._follower
            look = None if follower is None else follower.look(time)
        if follower is None or look is None:
            return self._search(worker, time, image)
        if worker.follower is not follower:
            worker.follower, worker.eye = follower, Eye(worker.model, follower.colour)
            worker.model.restart()
        assert worker.eye is not None
        seen = worker.eye.see(image, look)
        self._note(follower, time, look, seen)
        return seen

    def _note(self, follower: Follower, time: float, look: Look, seen: Seen | None) -> None:
        with self._lock:
            if self._follower is not follower:
                return
            if seen is None:
                follower.missed(time, look)
            elif time > self._last_seen:
                follower.seen(time, seen)
                self._last_seen = time

    def _search(self, worker: _Busy, time: float, image: Image) -> Seen | None:
        """Look for a person in the whole picture and where something moves; the next picture follows whoever is found."""
        with self._lock:
            if not self._past or time - self._past[-1][0] >= SPREAD:
                self._past.append((time, image))
            past = [one for _, one in self._past if one is not image]
        regions = moving_regions([*past, image])[-1]
        people = worker.search.people(Frame(0, time, image, image[..., 0]), regions, False)
        if people:
            with self._lock:
                if self._follower is None:
                    self._follower, self._last_seen = Follower(Person((people[0],)), self._size), time
        return None

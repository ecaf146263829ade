"""From a film to the key points of its runner."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.errors import OptionError, RecordingError
from headway.options import Options
from headway.pose.cache import cache_key, load_cached, save_cached
from headway.pose.camera_motion import BackgroundTracker
from headway.pose.film import open_film
from headway.pose.find_runner import Finding, find_runner
from headway.pose.follow import Eye, Follower, Look, Seen
from headway.pose.keypoints import KeyPoints
from headway.pose.model import PoseModel
from headway.recording import Flag, FloatArray, Processing

if TYPE_CHECKING:
    from headway.pose.film import Film, Frame

Progress = Callable[[int, int], None]

VERSION = "1"
"""Of finding and following: part of the cache's key, raised when they give other points."""
THREADS = 2
"""Models that take the frames in turn: one inference occupies one core, and two frames back the runner stood the same in the window."""
SAMPLES = (8, 24)
"""Least and most frames looked at to find the runner."""
SAMPLE_BYTES = 250e6
"""Most memory for them."""
EDGE = 0.08
"""Hips closer to the picture's left or right edge (statures): the body is cut, and the model squeezes it into the picture."""
FEWEST = 0.2
"""Share of the frames without the runner from which the flag is a warning."""


def estimate_keypoints(path: Path | str, options: Options | None = None, progress: Progress | None = None) -> KeyPoints:
    """Find the runner in a film, follow the runner, and return the key points; a film seen before comes from the cache.

    Memory does not grow with the film's length but for the points themselves. Frames without the runner, or with a runner
    cut by the picture's edge, are NaN, and so are points outside the picture, which models invent.

    Parameters
    ----------
    path
        Film.
    options
        All of them are used.
    progress
        Called with the frames done and expected.

    Raises
    ------
    RecordingError
        The film cannot be used, nobody is in it, or two equally large runners.
    OptionError
        No pose model, or an option that cannot be.
    """
    path, options = Path(path), options or Options()
    film = open_film(path, options)
    if options.pose_model is not None and not options.pose_model.is_file():
        raise OptionError(f"--pose-model {options.pose_model}", "no such file", "give the path of an ONNX file")
    key = cache_key(path, options, _model_name(options))
    known = load_cached(key, options, path)
    if known is not None:
        if progress is not None:
            progress(len(known.time), len(known.time))
        return known
    keypoints = _estimate(film, options, progress)
    save_cached(key, options, keypoints)
    return keypoints


def _estimate(film: Film, options: Options, progress: Progress | None) -> KeyPoints:
    """Find and follow."""
    with ExitStack() as stack:
        # Loading takes a second: meanwhile the film is sampled.
        loading = stack.enter_context(ThreadPoolExecutor(1)).submit(_load, options, stack)
        frames = film.sample(_sample_count(film))
        finders, models = loading.result()
        finding = find_runner(frames, finders, person=options.person, where=str(film.path))
        del frames
        track = follow_runner(film, finding, models, progress)
    if not _whole(track, film).any():
        raise RecordingError(
            str(film.path),
            "a person was found, but could not be followed",
            "film one runner in full, head to feet, in good light",
        )
    return _keypoints(film, finding, track, models[0])


def load_models(network: Path | None = None) -> list[PoseModel]:
    """Load the pose model, once per thread: MediaPipe's, or a network of the user's own.

    Raises
    ------
    OptionError
        The package is missing, or the file is no pose network.
    """
    from headway.pose.mediapipe_model import MediaPipeModel
    from headway.pose.onnx_model import OnnxModel

    count = min(THREADS, os.cpu_count() or 1)
    models: list[PoseModel] = [MediaPipeModel() if network is None else OnnxModel(network) for _ in range(count)]
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda model: model.warm_up(), models))
    return models


def _load(options: Options, stack: ExitStack) -> tuple[list[PoseModel], list[PoseModel]]:
    """Load the models that find the runner and those that follow; MediaPipe finds better, where it is there."""
    from headway.pose.mediapipe_model import available

    models = load_models(options.pose_model)
    finders = load_models() if options.pose_model is not None and available() else models
    for model in {id(m): m for m in (*models, *finders)}.values():
        stack.callback(model.close)
    return finders, models


def _model_name(options: Options) -> str:
    """Name and version of what makes the points."""
    package = "mediapipe" if options.pose_model is None else "onnxruntime"
    try:
        return f"{package} {version(package)}, headway pose {VERSION}"
    except PackageNotFoundError:
        return f"{package}, headway pose {VERSION}"


def _sample_count(film: Film) -> int:
    """Return one frame for every two seconds, within limits."""
    room = SAMPLE_BYTES / (3 * film.size[0] * film.size[1])
    return int(min(np.clip(film.duration / 2, *SAMPLES), max(SAMPLES[0], room)))


@dataclass
class RunnerTrack:
    """The runner frame by frame: times, what was seen (``None``: nobody), and the way of the background."""

    times: list[float] = field(default_factory=list)
    seen: list[Seen | None] = field(default_factory=list)
    background: FloatArray | None = None


def follow_runner(
    film: Film, finding: Finding, models: Sequence[PoseModel], progress: Progress | None = None
) -> RunnerTrack:
    """Go through the film once and see the runner in every frame.

    The models take turns, so that as many inferences run at a time; where to look is decided from the frames that are
    done by rule, not by chance of timing: the result is the same on every computer with as many models.
    """
    follower = Follower(finding.runner, film.size)
    eyes = [Eye(model, follower.colour) for model in models]
    track, background = RunnerTrack(), BackgroundTracker(film.size)
    waiting: deque[tuple[Frame, Look, Future[Seen | None]]] = deque()

    def finish() -> None:
        frame, look, job = waiting.popleft()
        seen = job.result()
        if seen is None:
            follower.missed(frame.time, look)
        else:
            follower.seen(frame.time, seen)
        track.times.append(frame.time)
        track.seen.append(seen)
        if progress is not None:
            progress(len(track.times), max(film.frames_expected, len(track.times)))

    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _ in models]
        frames = stack.enter_context(closing(film.frames()))  # type: ignore[type-var]
        for frame in frames:
            look = follower.look(frame.time)
            turn = frame.index % len(models)
            waiting.append((frame, look, pools[turn].submit(eyes[turn].see, frame.image, look)))
            background.add(frame.grey, _box(look))
            if len(waiting) == len(models):
                finish()
        while waiting:
            finish()
    track.background = background.path()
    return track


def _box(look: Look) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of the runner, px."""
    if look.window is None:
        return None
    x, y, half = *look.centre, 0.55 * look.height
    return (float(x - half), float(y - half), float(x + half), float(y + half))


def _keypoints(film: Film, finding: Finding, track: RunnerTrack, model: PoseModel) -> KeyPoints:
    """Put the frames together."""
    pixels = np.full((len(track.times), len(model.names), 2), np.nan)
    confidence = np.zeros(pixels.shape[:2])
    whole = _whole(track, film)
    for k, seen in enumerate(track.seen):
        if seen is not None and whole[k]:
            pixels[k], confidence[k] = seen.pose.points, seen.pose.confidence
    fresh = ~film.repeated
    outside = ~((pixels >= 0) & (pixels <= film.size)).all(axis=2)
    pixels[outside], confidence[outside] = np.nan, 0.0
    arguments = {
        "model": model.kind,
        "frames": len(track.times),
        "frames_with_runner": int(whole.sum()),
        "people_of_that_size": len(finding.people),
        "frames_sampled": finding.frames,
        "frames_repeated": int((~fresh).sum()),
        "slow_motion": film.slow_motion,
    }
    # a picture shown again says nothing new, and its points would pose as a runner who halts
    return KeyPoints(
        np.array(track.times)[fresh],
        tuple(model.names),
        pixels[fresh],
        np.clip(confidence, 0.0, 1.0)[fresh],
        film.size,
        source=str(film.path),
        kind=model.kind,
        background=None if track.background is None else track.background[fresh],
        film=str(film.path),
        slow_motion=film.slow_motion,
        shown=float(round(len(fresh) / max(int(fresh.sum()), 1))),
        log=(Processing("estimate_keypoints", arguments),),
        flags=(*film.flags, *_flags(track, whole)),
    )


def _whole(track: RunnerTrack, film: Film) -> npt.NDArray[np.bool_]:
    """Tell which frames show the runner, and not cut by the left or right edge."""

    def is_whole(seen: Seen | None) -> bool:
        if seen is None:
            return False
        across, room = seen.figure.centre[0], EDGE * seen.figure.height
        return bool(room <= across <= film.size[0] - room)

    return np.array([is_whole(seen) for seen in track.seen], bool)


def _flags(track: RunnerTrack, whole: npt.NDArray[np.bool_]) -> tuple[Flag, ...]:
    """Tell how much of the film is without the runner."""
    share = float(1 - whole.mean())
    if share <= 0.02:
        return ()
    first, last = np.flatnonzero(whole)[[0, -1]]
    message = (
        f"The runner is seen in full in {100 * (1 - share):.0f} % of the frames, from {track.times[first]:.1f} to {track.times[last]:.1f} s, "
        f"with {int((~whole[first:last]).sum())} frames missing between."
    )
    return (Flag("frames_without_runner", "warning" if share > FEWEST else "info", message),)

"""From a film to the key points of its runner."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import HeadwayError, OptionError, RecordingError
from headway.options import Options
from headway.pose.best_model import heavy_model
from headway.pose.body_pictures import PARTS
from headway.pose.cache import cache_key, load_cached, save_cached
from headway.pose.film import open_film
from headway.pose.find_runner import Finding, find_runner
from headway.pose.keypoints import KeyPoints
from headway.pose.model import PoseModel
from headway.pose.runner_track import RunnerTrack, follow_runner
from headway.pose.shots import Shot
from headway.recording import Processing

if TYPE_CHECKING:
    from headway.pose.film import Film, Frame

Progress = Callable[[int, int], None]

VERSION = "5"
"""Of finding and following: part of the cache's key, raised when they give other points."""
THREADS = 2
"""Models that take the frames in turn: one inference occupies one core, and two frames back the runner stood the same in the window."""
SAMPLES = (8, 24)
"""Least and most frames looked at to find the runner."""
SAMPLE_BYTES = 250e6
"""Most memory for them."""
SAMPLES_OF_A_SHOT = 4
"""Least frames looked at in one shot of several."""
TALL_ENOUGH, WORTH_IT = 300.0, 0.7
"""Stature in px to which pictures of a larger runner are made smaller while they are decoded, half as much again as the pose model looks at and twice
what the pictures of head and trunk hold; and the largest share of the size at which that saves more than it costs."""


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
    if options.pose_quality == "best":
        if options.pose_model is not None:
            raise OptionError(
                "--pose-quality best", "is MediaPipe's heavy model, not --pose-model", "give one of the two"
            )
        heavy_model()
    key = cache_key(path, options, _model_name(options))
    known = load_cached(key, options, path)
    if known is None and options.shot is not None:
        known = load_cached(cache_key(path, replace(options, shot=None), _model_name(options)), options, path)
        known = None if known is None or not known.holds_shot(options.shot) else known
    if known is not None:
        if progress is not None:
            progress(len(known.time), len(known.time))
        return known
    keypoints = _estimate(film, options, progress)
    save_cached(key, options, keypoints)
    return keypoints


def _estimate(film: Film, options: Options, progress: Progress | None) -> KeyPoints:
    """Find and follow, in every shot or in the one asked for."""
    with ExitStack() as stack:
        # Loading takes a second: meanwhile the film is surveyed.
        loading = stack.enter_context(ThreadPoolExecutor(1)).submit(_load, options, stack)
        one_shot = options.start is not None and options.stop is None and options.shot is None
        shots = film.survey(one_shot=one_shot, keep=_sample_count(film, film.duration, several=False))
        wanted = [shot for shot in shots if options.shot in (None, shot.number)]
        if not wanted:
            what = f"there is no shot {options.shot}: the film was cut into {len(shots)}"
            raise OptionError("--shot", what, f"give 1 to {len(shots)}")
        finders, models = loading.result()
        findings, faults = _find(film, wanted, finders, options.person)
        tracks = _follow(film, findings, models, progress)
    for number, track in tracks.items():
        if not track.whole(film.size[0]).any():
            faults[number] = RecordingError(
                str(film.path),
                "a person was found, but could not be followed",
                "film one runner in full, head to feet, in good light",
            )
    if len(faults) == len(wanted):
        raise faults[max(wanted, key=lambda shot: shot.duration).number]
    told = {shot.number: shot for shot in shots}
    told |= {number: replace(told[number], missing=fault.what) for number, fault in faults.items()}
    return _keypoints(
        film, findings, [track for number, track in tracks.items() if number not in faults], models[0], told
    )


def _find(
    film: Film, shots: Sequence[Shot], finders: Sequence[PoseModel], person: int | None
) -> tuple[dict[int, Finding], dict[int, HeadwayError]]:
    """Look for the runner of every shot, by its number; and why there is none in the others."""
    found: dict[int, Finding] = {}
    faults: dict[int, HeadwayError] = {}
    for shot in shots:
        count = _sample_count(
            film, film.duration if len(film.shots) == 1 else shot.duration, several=len(film.shots) > 1
        )
        try:
            found[shot.number] = find_runner(film.sample(count, shot), finders, person=person, where=str(film.path))
        except HeadwayError as fault:
            faults[shot.number] = fault
    return found, faults


def _follow(
    film: Film, findings: dict[int, Finding], models: Sequence[PoseModel], progress: Progress | None
) -> dict[int, RunnerTrack]:
    """Go through the film once and follow the runner of every shot that has one; the tracks by number of the shot."""
    count = 0
    width = _width(film.size, findings)
    size = film.size if width is None else (width, max(1, round(film.size[1] * width / film.size[0])))
    factor = np.array(film.size) / size

    def done(_: object = None) -> None:
        nonlocal count
        count += 1
        if progress is not None:
            progress(count, max(film.frames_expected, count))

    def number(frame: Frame) -> int:
        spare = 0.25 / film.rate
        inside = (shot.number for shot in film.shots if shot.start - spare <= frame.time <= shot.stop + spare)
        return next(inside, 0)

    tracks = {}
    repeated = film.repeated
    rate = film.rate * float((~repeated).mean())

    def fresh(part: Iterable[Frame]) -> Iterator[Frame]:
        # a picture shown again says nothing new, and its points would pose as a runner who halts
        for frame in part:
            if repeated[frame.index]:
                done()
            else:
                yield frame

    with closing(film.frames(width)) as frames:  # type: ignore[type-var]
        for shot, part in groupby(frames, number):
            if shot in findings:
                known = findings[shot]
                known = replace(known, runner=known.runner.resized(1 / factor))
                tracks[shot] = follow_runner(fresh(part), size, known, models, rate, done).resized(factor)
            else:
                deque(map(done, part), maxlen=0)
    return tracks


def _width(size: tuple[int, int], findings: dict[int, Finding]) -> int | None:
    """Width of pictures in which the runner is as tall as needed throughout, px; ``None`` for the film's own."""
    least = min((s.height for finding in findings.values() for s in finding.runner.sightings), default=0.0)
    share = TALL_ENOUGH / max(least, 1.0)
    return round(size[0] * share) if share <= WORTH_IT else None


def load_models(network: Path | None = None, *, heavy: bool = False) -> list[PoseModel]:
    """Load the pose model, once per thread: MediaPipe's, full or heavy, or a network of the user's own.

    Raises
    ------
    OptionError
        The package is missing, or the file is no pose network.
    """
    from headway.pose.mediapipe_model import MediaPipeModel
    from headway.pose.onnx_model import OnnxModel

    count = min(THREADS, os.cpu_count() or 1)
    models: list[PoseModel] = [
        MediaPipeModel(heavy=heavy) if network is None else OnnxModel(network) for _ in range(count)
    ]
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda model: model.warm_up(), models))
    return models


def _load(options: Options, stack: ExitStack) -> tuple[list[PoseModel], list[PoseModel]]:
    """Load the models that find the runner and those that follow; MediaPipe finds better, where it is there."""
    from headway.pose.mediapipe_model import available

    models = load_models(options.pose_model, heavy=options.pose_quality == "best")
    finders = load_models() if options.pose_model is not None and available() else models
    for model in {id(m): m for m in (*models, *finders)}.values():
        stack.callback(model.close)
    return finders, models


def _model_name(options: Options) -> str:
    """Name and version of what makes the points."""
    package = "mediapipe" if options.pose_model is None else "onnxruntime"
    heavy = ", heavy" if options.pose_quality == "best" else ""
    try:
        return f"{package} {version(package)}{heavy}, headway pose {VERSION}"
    except PackageNotFoundError:
        return f"{package}{heavy}, headway pose {VERSION}"


def _sample_count(film: Film, duration: float, *, several: bool) -> int:
    """Return one frame for every two seconds, within limits; a short shot among several has fewer."""
    room = SAMPLE_BYTES / (3 * film.size[0] * film.size[1])
    least = min(SAMPLES[0], max(SAMPLES_OF_A_SHOT, round(2 * duration))) if several else SAMPLES[0]
    return int(min(np.clip(duration / 2, least, SAMPLES[1]), max(SAMPLES[0], room)))


def _keypoints(
    film: Film, findings: dict[int, Finding], tracks: Sequence[RunnerTrack], model: PoseModel, shots: dict[int, Shot]
) -> KeyPoints:
    """Put the frames of all shots together."""
    times = np.concatenate([track.times for track in tracks])
    whole = np.concatenate([track.whole(film.size[0]) for track in tracks])
    # the points of the model, and behind them those of the pictures
    points = np.concatenate([np.concatenate([track.points, track.pictures], axis=1) for track in tracks])
    points[~whole] = np.nan
    names = (*model.names, *(part.name for part in PARTS))
    pixels, confidence = points[..., :2].copy(), np.nan_to_num(points[..., 2])
    outside = ~((pixels >= 0) & (pixels <= film.size)).all(axis=2)
    pixels[outside], confidence[outside] = np.nan, 0.0
    repeated = film.repeated
    arguments = {
        "model": model.kind,
        "frames": len(repeated),
        "frames_with_runner": int(whole.sum()),
        "people_of_that_size": max(len(finding.people) for finding in findings.values()),
        "frames_sampled": sum(finding.frames for finding in findings.values()),
        "frames_repeated": int(repeated.sum()),
        "shots": len(shots),
        "slow_motion": film.slow_motion,
    }
    background = np.concatenate([track.background for track in tracks])
    return KeyPoints(
        times,
        names,
        pixels,
        np.clip(confidence, 0.0, 1.0),
        film.size,
        source=str(film.path),
        kind=model.kind,
        background=background if np.isfinite(background).any() else None,
        slide=np.concatenate([track.slide for track in tracks]),
        film=str(film.path),
        slow_motion=film.slow_motion,
        shown=float(round(len(repeated) / max(int((~repeated).sum()), 1))),
        shots=tuple(shots.values()),
        log=(Processing("estimate_keypoints", arguments),),
        flags=film.flags,
    )

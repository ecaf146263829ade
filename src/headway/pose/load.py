"""The door for films and key points: whatever the path holds becomes the key points of one runner."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import check_file
from headway.pose.keypoints import KeyPoints
from headway.pose.options import FilmOptions
from headway.recording import Processing

FILM_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv")
"""Lower case."""
NO_FILMS = (".jpg", ".jpeg", ".png", ".heic", ".gif", ".mp3", ".m4a", ".wav", ".aac")
"""Pictures and sound that a phone has beside its films: they go the same way, to be told what to film instead."""
READABLE = "give a film (mp4, mov, m4v, avi, mkv, webm), a folder of OpenPose JSON files, MediaPipe JSON or CSV, or a Sports2D TRC"
FEWEST_FRAMES = 10

Progress = Callable[[int, int], None]


def is_keypoint_source(path: Path) -> bool:
    """Tell whether a path holds a film or key points of one view, rather than markers or forces.

    CSV and TRC files are looked into: three moving axes, or columns x, y and z without a visibility, are a recording in space.
    """
    from headway.pose.openpose import json_folder

    suffix = path.suffix.lower()
    if path.is_dir():
        return json_folder(path) is not None
    if suffix in (*FILM_SUFFIXES, *NO_FILMS, ".json"):
        return True
    if suffix == ".trc" and path.is_file():
        from headway.pose.sports2d import is_flat_trc

        return is_flat_trc(path)
    if suffix == ".csv" and path.is_file():
        return _is_keypoint_csv(path)
    return False


def load_keypoints(path: Path, options: FilmOptions | None = None, progress: Progress | None = None) -> KeyPoints:
    """Key points of the runner in a film or a file of key points.

    Parameters
    ----------
    path
        Film, folder with one OpenPose JSON per frame (or with a folder ``json`` of them), MediaPipe JSON or CSV, AlphaPose JSON,
        two-dimensional TRC of Sports2D.
    options
        Part, person, rate and slow motion.
    progress
        Called with the frames done and expected, for films.

    Raises
    ------
    RecordingError
        Nothing that can be read, in one line.
    """
    options = options or FilmOptions()
    path = Path(path)
    suffix = path.suffix.lower()
    if path.is_dir():
        return _finish(_from_folder(path, options), options)
    check_file(path)
    if suffix in (*FILM_SUFFIXES, *NO_FILMS):
        from headway.pose.estimate import estimate_keypoints

        return estimate_keypoints(path, options, progress)
    if suffix == ".json":
        return _finish(_from_json(path, options), options)
    if suffix == ".trc":
        from headway.pose.sports2d import read_sports2d

        return _finish(read_sports2d(path, options), options)
    if suffix == ".csv" and _is_keypoint_csv(path):
        from headway.io.text import read_lines
        from headway.pose.deeplabcut import is_deeplabcut_csv, read_deeplabcut_csv
        from headway.pose.mediapipe_files import read_mediapipe_csv

        if is_deeplabcut_csv(read_lines(path)):
            return _finish(read_deeplabcut_csv(path, options), options)
        return _finish(read_mediapipe_csv(path, options), options)
    seen = f"a file {suffix} is no film and holds no key points" if suffix else "neither a film nor key points"
    raise RecordingError(str(path), seen, READABLE)


def _from_folder(path: Path, options: FilmOptions) -> KeyPoints:
    from headway.pose.openpose import json_folder, read_openpose

    if json_folder(path) is None:
        raise RecordingError(str(path), "a folder without JSON files of key points", READABLE)
    return read_openpose(path, options)


def _from_json(path: Path, options: FilmOptions) -> KeyPoints:
    from headway.pose.mediapipe_files import holds_landmarks, read_mediapipe_json
    from headway.pose.openpose import read_alphapose

    where = str(path)
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise RecordingError(where, "is no valid JSON; it may be cut off", "export the key points again") from None
    if isinstance(content, dict) and "people" in content:
        raise RecordingError(where, "holds one frame only", f"name its folder: {path.parent}")
    if isinstance(content, list) and content and isinstance(content[0], dict) and "image_id" in content[0]:
        return read_alphapose(path, content, options)
    if holds_landmarks(content):
        return read_mediapipe_json(path, content, options)
    raise RecordingError(where, "JSON without frames of key points", READABLE)


def _is_keypoint_csv(path: Path) -> bool:
    from headway.io.text import read_lines
    from headway.pose.deeplabcut import is_deeplabcut_csv
    from headway.pose.mediapipe_files import is_keypoint_header

    try:
        lines = read_lines(path)
    except (RecordingError, OSError):
        return False
    return is_deeplabcut_csv(lines) or is_keypoint_header(
        next((line for line in lines if line.strip() and not line.startswith("#")), "")
    )


def _finish(keypoints: KeyPoints, options: FilmOptions) -> KeyPoints:
    """Keep the part asked for, and refuse what is too short to be anything."""
    kept = _part(keypoints, options)
    seen = int(np.isfinite(kept.pixels[..., 0]).any(1).sum()) if len(kept.time) else 0
    if seen < FEWEST_FRAMES:
        raise RecordingError(
            kept.source,
            f"the runner is seen in {seen} frames",
            f"at least {FEWEST_FRAMES} are needed: give a longer piece",
        )
    return kept


def _part(keypoints: KeyPoints, options: FilmOptions) -> KeyPoints:
    slow = options.slow_motion or 1.0
    start, stop = (None if one is None else one / slow for one in (options.start, options.stop))
    return part(keypoints, start, stop)


def part(keypoints: KeyPoints, start: float | None, stop: float | None) -> KeyPoints:
    """Keep the frames between two times (s on the key points' clock); ``None`` leaves an end open."""
    if start is None and stop is None:
        return keypoints
    clock = keypoints.time
    rows = (clock >= (start or 0.0)) & (clock <= (np.inf if stop is None else stop))
    background = keypoints.background
    return replace(
        keypoints,
        time=clock[rows],
        pixels=keypoints.pixels[rows],
        confidence=keypoints.confidence[rows],
        background=None if background is None else background[rows],
        log=(*keypoints.log, Processing("cut", {"start": start, "stop": stop})),
    )

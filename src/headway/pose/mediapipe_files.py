"""Key points of MediaPipe (33 points) saved as JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.io.text import cells_of, read_lines, read_table, separator_of
from headway.options import Options
from headway.pose.columns import VISIBLE, column_of, long_columns
from headway.pose.keypoints import KeyPoints
from headway.pose.openpose import json_content, words
from headway.pose.people import choose, link, place_and_size
from headway.recording import Flag, FloatArray, Processing
from headway.texts import TEXTS

POINTS = words(
    "NOSE LEFT_EYE_INNER LEFT_EYE LEFT_EYE_OUTER RIGHT_EYE_INNER RIGHT_EYE RIGHT_EYE_OUTER LEFT_EAR RIGHT_EAR "
    "MOUTH_LEFT MOUTH_RIGHT LEFT_SHOULDER RIGHT_SHOULDER LEFT_ELBOW RIGHT_ELBOW LEFT_WRIST RIGHT_WRIST LEFT_PINKY "
    "RIGHT_PINKY LEFT_INDEX RIGHT_INDEX LEFT_THUMB RIGHT_THUMB LEFT_HIP RIGHT_HIP LEFT_KNEE RIGHT_KNEE LEFT_ANKLE "
    "RIGHT_ANKLE LEFT_HEEL RIGHT_HEEL LEFT_FOOT_INDEX RIGHT_FOOT_INDEX"
)
_TORSO = [POINTS.index(f"{side}_{joint}") for side in ("LEFT", "RIGHT") for joint in ("SHOULDER", "HIP")]
_LANDMARKS = ("landmarks", "pose_landmarks", "poseLandmarks", "keypoints")
_WIDTH = ("width", "image_width", "frame_width", "video_width")
_HEIGHT = ("height", "image_height", "frame_height", "video_height")
_SECONDS = ("time", "time_s", "timestamp", "timestamp_s", "t")
_MILLISECONDS = ("timestamp_ms", "time_ms", "timestampms", "timems")
_RATES = ("fps", "frame_rate", "framerate", "rate")
_FRAMES = ("frame", "frame_number", "frame_index", "frame_idx", "index", "frame_id")
_NO_SIZE = "add width and height of the image to the file, or give the film itself"
_EXPORT = "export the landmarks again"


def holds_landmarks(content: Any) -> bool:
    """Tell whether parsed JSON looks like frames with landmarks."""
    frames = content.get("frames") if isinstance(content, Mapping) else content
    if not isinstance(frames, list) or not frames:
        return False
    return any(isinstance(frame, Mapping) and _first(frame, _LANDMARKS) is not None for frame in frames)


def read_mediapipe_json(path: Path, options: Options) -> KeyPoints:
    """Read a JSON list of frames with ``landmarks`` (each x, y, z, visibility), alone or under ``frames``.

    Raises
    ------
    RecordingError
        No valid JSON, no frames, landmarks that are no 33 points, fractions of an image of unknown size, no times and no rate.
    """
    where, content = str(path), json_content(path)
    if not holds_landmarks(content):
        raise RecordingError(where, "JSON without frames of key points", _EXPORT)
    head: Mapping[str, Any] = content if isinstance(content, Mapping) else {}
    rows = [frame for frame in (head.get("frames") if head else content) or [] if isinstance(frame, Mapping)]
    people = [_frame(where, _first(row, _LANDMARKS)) for row in rows]
    values, dropped = _one_person(where, people, options)
    merged = [{**head, **row} for row in rows]
    size = next((found for row in merged if (found := _stated_size(row))), None)
    time = _times(where, [_lower(row) for row in merged], options)
    return _finish(where, time, POINTS, values, size, dropped)


def read_mediapipe_csv(path: Path, options: Options) -> KeyPoints:
    """Read a CSV file with columns ``NOSE_x, NOSE_y, NOSE_visibility ...`` and one of ``time``, ``timestamp_ms`` or ``frame``.

    Raises
    ------
    RecordingError
        As for JSON.
    """
    where = str(path)
    lines = [line for line in read_lines(path) if line.strip() and not line.startswith("#")]
    if len(lines) < 2:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    separator = separator_of(lines[0])
    if (columns := long_columns(lines[0])) is not None:
        lines = _widened(lines, separator, columns)
    header = cells_of(lines[0], separator)
    wanted = [number for number, cell in enumerate(header) if column_of(cell)]
    table, _ = read_table(where, lines[1:], 2, len(header), separator, wanted)
    places: dict[str, dict[str, int]] = {}
    other: dict[str, int] = {}
    for number, cell in enumerate(header):
        found = column_of(cell)
        if found:
            places.setdefault(found[0], {})[found[1]] = number
        else:
            other[cell.lower()] = number
    names = [name for name, columns in places.items() if {"x", "y"} <= set(columns)]
    values = np.full((len(table), len(names), 3), np.nan)
    for k, name in enumerate(names):
        columns = places[name]
        values[:, k, :2] = table[:, [columns["x"], columns["y"]]]
        seen = next((columns[kind] for kind in VISIBLE if kind in columns), None)
        values[:, k, 2] = table[:, seen] if seen is not None else 1.0
    rows = [{name: table[row, number] for name, number in other.items()} for row in range(len(table))]
    labels = tuple(POINTS[int(name)] if name.isdigit() and int(name) < len(POINTS) else name for name in names)
    return _finish(where, _times(where, rows, options), labels, values, _stated_size(rows[0]), 0)


def _widened(lines: Sequence[str], separator: str | None, columns: Mapping[str, int]) -> list[str]:
    """A table with a row for every point as one with a row for every frame."""
    rows = [cells_of(line, separator) for line in lines]
    rows = [row for row in rows if len(row) == len(rows[0])]
    keys = [number for number, cell in enumerate(rows[0]) if cell.lower() in (*_FRAMES, *_SECONDS, *_MILLISECONDS)]
    frames: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows[1:]:
        points = frames.setdefault(tuple(row[number] for number in keys), {})
        for value in ("x", "y", "visibility"):
            points[f"{row[columns['point']]}_{value}"] = row[columns[value]]
    names = list(dict.fromkeys(name for points in frames.values() for name in points))
    mark = separator or " "
    header = mark.join([*(rows[0][number] for number in keys), *names])
    return [header, *(mark.join([*key, *(points.get(name, "") for name in names)]) for key, points in frames.items())]


def _finish(
    where: str,
    time: FloatArray,
    names: Sequence[str],
    values: FloatArray,
    size: tuple[int, int] | None,
    others: int,
) -> KeyPoints:
    """Pixels from what the file holds, in order of time."""
    pixels, confidence = values[..., :2].copy(), np.nan_to_num(values[..., 2])
    unseen = ~np.isfinite(pixels).all(2) | (pixels == 0).all(2)
    pixels[unseen] = np.nan
    if not np.isfinite(pixels).any():
        raise RecordingError(
            where, "no landmark is seen in any frame", "film the runner with the whole body in the picture"
        )
    fractions = bool(np.nanpercentile(np.abs(pixels), 90) < 2.0)
    if fractions and size is None:
        raise RecordingError(where, "landmarks are fractions of an image of unknown size", _NO_SIZE)
    if fractions and size is not None:
        pixels *= np.array(size, float)
    stated = size or (int(np.ceil(np.nanmax(pixels[..., 0]))), int(np.ceil(np.nanmax(pixels[..., 1]))))
    confidence[unseen] = 0.0
    order = np.argsort(time, kind="stable")
    if (np.diff(time[order]) <= 0).any():
        raise RecordingError(where, "two frames at the same time", "keep one person and one film per file")
    rows = (~unseen).any(1)[order]
    inside = slice(int(np.argmax(rows)), len(rows) - int(np.argmax(rows[::-1])))
    arguments = {
        "normalised": fractions,
        "frames_in_file": len(time),
        "image_size": "stated in the file" if size else "from the extent of the points, rounded up",
    }
    message = TEXTS("flags.other_people_count", others=others)
    return KeyPoints(
        time=time[order][inside],
        names=tuple(names),
        pixels=pixels[order][inside],
        confidence=np.clip(confidence[order][inside], 0.0, 1.0),
        size=stated,
        source=where,
        kind="mediapipe",
        log=(Processing("read_keypoints", arguments),),
        flags=(Flag("other_people", "info", message),) if others else (),
    )


def _frame(where: str, landmarks: Any) -> list[FloatArray]:
    """People of one frame, each of shape (33, 3): x, y, visibility."""
    if not landmarks:
        return []
    if isinstance(landmarks, Mapping):
        inner = _first(landmarks, ("landmark",))
        if inner is not None:
            return _frame(where, inner)
        by_name = {str(name).upper().replace(" ", "_"): value for name, value in landmarks.items()}
        return [np.array([_point(by_name.get(name)) for name in POINTS])]
    if not isinstance(landmarks, list):
        raise RecordingError(where, "landmarks that are no list", _EXPORT)
    if len(landmarks) != len(POINTS) and all(isinstance(p, list) and len(p) == len(POINTS) for p in landmarks):
        return [person for people in landmarks for person in _frame(where, people)]
    named = all(isinstance(point, Mapping) and isinstance(point.get("name"), str) for point in landmarks)
    if named:
        return _frame(where, {point["name"]: point for point in landmarks})
    if len(landmarks) != len(POINTS):
        raise RecordingError(
            where, f"{len(landmarks)} landmarks in a frame", f"MediaPipe's {len(POINTS)} are understood"
        )
    return [np.array([_point(point) for point in landmarks])]


def _point(point: Any) -> tuple[float, float, float]:
    try:
        if isinstance(point, Mapping):
            seen = _first(point, VISIBLE)
            return float(point["x"]), float(point["y"]), 1.0 if seen is None else float(seen)
        if point is not None and len(point) >= 2:
            return float(point[0]), float(point[1]), float(point[3]) if len(point) > 3 else 1.0
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    return np.nan, np.nan, 0.0


def _one_person(where: str, people: Sequence[list[FloatArray]], options: Options) -> tuple[FloatArray, int]:
    """Values of the runner, shape (frames, 33, 3), and how many others there are."""
    values = np.full((len(people), len(POINTS), 3), np.nan)
    if max((len(frame) for frame in people), default=0) <= 1:
        for row, frame in enumerate(people):
            if frame:
                values[row] = frame[0]
        return values, 0
    stacked = [np.array(frame).reshape(-1, len(POINTS), 3) for frame in people]
    found = [place_and_size(frame[..., :2] * 1000.0, _TORSO) for frame in stacked]
    known = [np.isfinite(place[:, 0]) for place, _ in found]
    time = np.arange(len(people)) / (options.rate or 30.0)
    tracks = link(
        time,
        [place[rows] for (place, _), rows in zip(found, known, strict=True)],
        [size[rows] for (_, size), rows in zip(found, known, strict=True)],
    )
    track = choose(tracks, where=where, time=time, person=options.person)
    for row, detection in zip(track.frames, track.detections, strict=True):
        values[row] = stacked[row][known[row]][detection]
    return values, sum(len(other.frames) > 1 for other in tracks) - 1


def _times(where: str, rows: Sequence[Mapping[str, Any]], options: Options) -> FloatArray:
    """Real time of every frame, s: from its own time, or its number and the rate."""
    slow = options.slow_motion or 1.0
    for keys, unit in ((_MILLISECONDS, 1e-3), (_SECONDS, 1.0)):
        time = _column(rows, keys)
        if time is None:
            continue
        # A timestamp without a unit that steps by more than 1 counts milliseconds, as MediaPipe does.
        steps_in_ms = unit == 1.0 and len(time) > 1 and float(np.median(np.diff(np.sort(time)))) > 1.0
        return time * (1e-3 if steps_in_ms else unit) / slow
    index = _column(rows, _FRAMES)
    rates = _column(rows[:1], _RATES)
    number = np.arange(len(rows), dtype=float) if index is None else index
    if options.rate is not None:
        return number / options.rate
    if rates is not None and rates[0] > 0:
        return number / rates[0] / slow
    raise RecordingError(where, "these key points carry no times", "state the frame rate, for example --rate 30")


def _column(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> FloatArray | None:
    """Numbers under the first key that every row has."""
    for key in keys:
        try:
            values = np.array([float(row[key]) for row in rows])
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        if len(values) and np.isfinite(values).all():
            return values
    return None


def _stated_size(row: Mapping[str, Any]) -> tuple[int, int] | None:
    low = _lower(row)
    width, height = _first(low, _WIDTH), _first(low, _HEIGHT)
    try:
        return (int(width), int(height)) if width and height and width > 2 and height > 2 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _lower(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in row.items() if not isinstance(value, (list, dict))}


def _first(row: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((row[key] for key in keys if key in row), None)

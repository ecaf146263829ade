"""Key points in the manner of OpenPose: a folder with one JSON file per frame, or one JSON list (AlphaPose)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.bounds import LARGEST_JSON, json_value, read_whole
from headway.errors import RecordingError
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.people import choose, link, place_and_size
from headway.recording import Flag, FloatArray, Processing
from headway.texts import TEXTS


def words(text: str) -> tuple[str, ...]:
    """Names in a text, in order."""
    return tuple(text.split())


BODY_25 = words(
    "Nose Neck RShoulder RElbow RWrist LShoulder LElbow LWrist MidHip RHip RKnee RAnkle LHip LKnee LAnkle "
    "REye LEye REar LEar LBigToe LSmallToe LHeel RBigToe RSmallToe RHeel"
)
HALPE_26 = words(
    "Nose LEye REye LEar REar LShoulder RShoulder LElbow RElbow LWrist RWrist LHip RHip LKnee RKnee LAnkle RAnkle "
    "Head Neck Hip LBigToe RBigToe LSmallToe RSmallToe LHeel RHeel"
)
COCO_18 = (*BODY_25[:8], *BODY_25[9:19])
COCO_17 = words(
    "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist "
    "right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle"
)
COCO_FEET = (*COCO_17, *words("left_big_toe left_small_toe left_heel right_big_toe right_small_toe right_heel"))
LAYOUTS = {17: COCO_17, 18: COCO_18, 25: BODY_25, 26: HALPE_26, 133: COCO_FEET, 136: HALPE_26}
"""Points per person to the names of the first of them; the rest (face, fingers) is not used."""
_NUMBER = re.compile(r"(\d+)(?:_keypoints)?$")
_NO_FRAME = 10**15
"""No film has a frame of this number."""
_EXPORT = "export the key points again"
IntArray = npt.NDArray[np.int_]
_TRUNK = ("shoulder", "hip", "neck")


def json_folder(path: Path) -> Path | None:
    """The folder that holds the JSON files: the one given or its folder ``json``; ``None`` where there are none."""
    for folder in (path, path / "json"):
        if folder.is_dir() and any(folder.glob("*.json")):
            return folder
    return None


def _frame_files(folder: Path) -> tuple[list[Path], list[str]]:
    """Files of frames, and the names of those beside them that hold none: a ``config.json`` has no number."""
    files = sorted(folder.glob("*.json"))
    frames = [file for file in files if _NUMBER.search(file.stem)]
    return (frames, [file.name for file in files if file not in frames]) if frames else (files, [])


def json_content(path: Path) -> Any:
    """What a JSON file holds.

    Raises
    ------
    RecordingError
        It is no valid JSON.
    """
    try:
        return json_value(read_whole(path, LARGEST_JSON))
    except ValueError:
        raise RecordingError(str(path), "is no valid JSON; it may be cut off", _EXPORT) from None


def read_openpose(path: Path, options: Options) -> KeyPoints:
    """Read a folder with one JSON file per frame (OpenPose BODY_25, HALPE_26 and alike).

    The number in the file name is the frame: a missing number is a gap in time. Points at 0, 0, 0 were not seen.

    Raises
    ------
    RecordingError
        No frame rate given, a file that is no such JSON, two files of one frame, nobody to follow.
    """
    folder, where = json_folder(path), str(path)
    if path.is_file():
        raise RecordingError(where, "holds one frame only", f"name its folder: {path.parent}")
    if folder is None:
        raise RecordingError(where, "holds no JSON files", "name the folder with one JSON file per frame")
    files: dict[int, Path] = {}
    frame_files, beside = _frame_files(folder)
    for file in frame_files:
        match = _NUMBER.search(file.stem)
        if match is None:
            raise RecordingError(str(file), "no frame number in the name", "keep the names that the pose program gave")
        number = int(match[1])
        if number in files:
            twice = f"frame {number} is there twice ({min(files[number].name, file.name)})"
            raise RecordingError(where, twice, "keep one film per folder")
        files[number] = file
    numbers = sorted(files)
    frames = [_people(files[number]) for number in numbers]
    found = assemble(where, "openpose", np.array(numbers), frames, options)
    if not beside:
        return found
    message = TEXTS("flags.files_not_used", names=", ".join(beside[:5]))
    return replace(found, flags=(*found.flags, Flag("files_not_used", "info", message)))


def read_alphapose(path: Path, options: Options) -> KeyPoints:
    """Read one JSON file with the detections of all frames: AlphaPose, COCO results and annotations, MMPose."""
    where, content = str(path), json_content(path)
    frames: dict[int, list[FloatArray]] = {}
    for frame, points in _detections(where, content):
        match = re.search(r"(\d+)\D*$", frame)
        if match is None:
            raise RecordingError(where, "a detection without a frame number in image_id", _EXPORT)
        frames.setdefault(int(match[1]), []).append(_triples(where, points))
    numbers = sorted(frames)
    return assemble(where, "alphapose", np.array(numbers), [frames[number] for number in numbers], options)


def _detections(where: str, content: Any) -> Iterator[tuple[str, Any]]:
    """Frame, as text that ends in its number, and points of everybody in every frame."""
    if isinstance(content, dict) and isinstance(content.get("instance_info"), list):
        for frame in content["instance_info"]:
            held = frame if isinstance(frame, dict) else {}
            for one in held.get("instances") or []:
                if not isinstance(one, dict):
                    raise RecordingError(where, "an instance without key points", _EXPORT)
                yield str(held.get("frame_id", "")), _scored(where, one.get("keypoints"), one.get("keypoint_scores"))
        return
    for entry in content.get("annotations") or [] if isinstance(content, dict) else content:
        held = entry if isinstance(entry, dict) else {}
        yield str(held.get("image_id", "")), held.get("keypoints")


def _scored(where: str, points: Any, scores: Any) -> list[Any]:
    """Positions and scores in two lists as one list of x, y, score."""
    try:
        return [value for (x, y, *_), score in zip(points, scores, strict=True) for value in (x, y, score)]
    except (TypeError, ValueError):
        raise RecordingError(where, "key points and their scores do not fit together", _EXPORT) from None


def assemble(
    where: str, kind: str, numbers: IntArray, frames: Sequence[list[FloatArray]], options: Options
) -> KeyPoints:
    """The runner's key points from all people of all frames.

    Parameters
    ----------
    numbers
        Number of each frame, rising, shape (frames,).
    frames
        Of each frame: one array of shape (points, 3) per person: x, y (px) and confidence.

    Raises
    ------
    RecordingError
        No frame rate, several layouts or an unknown one, coordinates that are no pixels, nobody to follow.
    """
    if not all(0 <= number < _NO_FRAME for number in numbers.tolist()):
        raise RecordingError(
            where, f"frame number {str(max(numbers))[:30]}", "keep the names that the pose program gave"
        )
    if options.rate is None:
        raise RecordingError(where, "these key points carry no times", "state the frame rate, for example --rate 30")
    counts = {len(person) for people in frames for person in people}
    if not counts:
        raise RecordingError(
            where, "no person is seen in any frame", "film the runner with the whole body in the picture"
        )
    if len(counts) > 1 or counts - set(LAYOUTS):
        known = ", ".join(str(count) for count in LAYOUTS)
        listed = " and ".join(str(count) for count in sorted(counts))
        raise RecordingError(where, f"{listed} key points per person", f"one layout of {known} points is understood")
    names = LAYOUTS[counts.pop()]
    time = numbers / options.rate
    torso = [k for k, name in enumerate(names) if any(word in name.lower() for word in _TRUNK)]
    stacked = [_stack(people, len(names)) for people in frames]
    found = [place_and_size(people[..., :2], torso) for people in stacked]
    known = [np.isfinite(place[:, 0]) for place, _ in found]
    stacked = [people[rows] for people, rows in zip(stacked, known, strict=True)]
    places = [place[rows] for (place, _), rows in zip(found, known, strict=True)]
    sizes = [size[rows] for (_, size), rows in zip(found, known, strict=True)]
    tracks = link(time, places, sizes)
    track = choose(tracks, where=where, time=time, person=options.person)
    values = np.full((len(time), len(names), 3), np.nan)
    for frame, detection in zip(track.frames, track.detections, strict=True):
        values[frame] = stacked[frame][detection]
    inside = slice(int(track.frames[0]), int(track.frames[-1]) + 1)
    size = image_size(where, np.concatenate(stacked)[..., :2])
    step = Processing(
        "read_keypoints",
        {
            "layout": len(names),
            "rate": options.rate,
            "frames_in_file": len(time),
            "frames_seen": len(track.frames),
            "people": len([t for t in tracks if len(t.frames) > 1]),
            "image_size": "from the extent of the points, rounded up",
        },
    )
    return KeyPoints(
        time=time[inside],
        names=tuple(names),
        pixels=values[inside, :, :2],
        confidence=np.nan_to_num(values[inside, :, 2]),
        size=size,
        source=where,
        kind=kind,
        log=(step,),
        flags=_flags(track.frames, len(time)),
    )


def image_size(where: str, pixels: FloatArray) -> tuple[int, int]:
    """Width and height of an image that nobody stated: the extent of the points, rounded up, px.

    Raises
    ------
    RecordingError
        Coordinates between 0 and 1.
    """
    corner = np.nanmax(pixels.reshape(-1, 2), axis=0)
    if corner.max() <= 2:
        raise RecordingError(where, "coordinates between 0 and 1", "export the key points in pixels")
    return int(np.ceil(corner[0])), int(np.ceil(corner[1]))


def _people(file: Path) -> list[FloatArray]:
    where = str(file)
    try:
        content: Any = json_value(read_whole(file, LARGEST_JSON))
        people = content["people"]
        triples = [person["pose_keypoints_2d"] for person in people]
    except (ValueError, KeyError, TypeError):
        raise RecordingError(where, "is no JSON of one frame with people and pose_keypoints_2d", _EXPORT) from None
    return [_triples(where, values) for values in triples if values]


def _triples(where: str, values: Any) -> FloatArray:
    """Shape (points, 3): x, y, confidence."""
    flat: FloatArray
    try:
        flat = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        flat = np.zeros(1)
    if flat.ndim == 2 and flat.shape[1] == 3:
        return flat
    if flat.ndim != 1 or len(flat) == 0 or len(flat) % 3:
        raise RecordingError(where, "key points that are no triples of x, y and confidence", _EXPORT)
    return flat.reshape(-1, 3)


def _stack(people: list[FloatArray], points: int) -> FloatArray:
    """Shape (people, points, 3), NaN and confidence 0 where a point was not seen."""
    if not people:
        return np.zeros((0, points, 3))
    values = np.stack(people)[:, :points].astype(float)
    unseen = ~np.isfinite(values).all(2) | (values[..., :2] == 0).all(2) | (values[..., 2] <= 0)
    values[unseen] = (np.nan, np.nan, 0.0)
    # AlphaPose's scores may exceed 1.
    values[..., 2] = np.clip(values[..., 2], 0.0, 1.0)
    return values


def _flags(seen: IntArray, frames: int) -> tuple[Flag, ...]:
    missing = frames - len(seen)
    if not missing:
        return ()
    message = TEXTS("flags.runner_not_always_seen", seen=len(seen), frames=frames)
    return (Flag("runner_not_always_seen", "info", message),)

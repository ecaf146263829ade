"""Films, and key points that were made from one elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headway.options import Options
from headway.pose.columns import is_deeplabcut_csv, is_keypoint_table
from headway.sources.format import Format, Progress, Source
from headway.sources.registry import register

if TYPE_CHECKING:
    from headway.pose.keypoints import KeyPoints

FILM = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv")
MAGIC = (
    b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"0&\xb2u",  # Matroska, MPEG, ASF
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"ID3",  # pictures and sound that a phone has beside its films
)  # fmt: skip
ATOMS = (b"ftyp", b"moov", b"mdat", b"wide")
PACKET, PACKETS = 188, (188, 192)
_PEOPLE = re.compile(rb'^\s*\{.*"people"\s*:\s*\[', re.DOTALL)
_IMAGES = re.compile(rb'^\s*\[\s*\{.*"image_id"\s*:', re.DOTALL)
_LISTS = re.compile(rb'^\s*\{.*"(instance_info|annotations|images)"\s*:\s*\[', re.DOTALL)
_LANDMARKS = re.compile(rb'^\s*[\[{].*"(landmarks|pose_landmarks|poseLandmarks|keypoints)"\s*:', re.DOTALL)
STILL, ROWS = 0.002, 6
"""Motion of a third axis that carries nothing, as a share of the runner's height; first row of numbers in a TRC file."""


def _is_film(source: Source) -> bool:
    """By its container; pictures and sound go the same way, to be told what to film instead."""
    head = source.head
    if head.startswith(MAGIC) or head[4:8] in ATOMS or (head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE")):
        return True
    first = next((k for k in (0, 4) if head[k : k + 1] == b"G"), None)  # the packets of a transport stream begin with G
    return first is not None and any(
        len(head) > first + 4 * step and all(head[first + k * step] == 0x47 for k in range(5)) for step in PACKETS
    )


def _read_film(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.estimate import estimate_keypoints

    return estimate_keypoints(source.path, options, progress)


def _is_openpose(source: Source) -> bool:
    if source.names is not None:
        return any(name.endswith(".json") for name in source.names) or (
            "json" in source.names and any((source.path / "json").glob("*.json"))
        )
    return _PEOPLE.match(source.head) is not None


def _read_openpose(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.openpose import read_openpose

    return read_openpose(source.path, options)


def _is_alphapose(source: Source) -> bool:
    return _IMAGES.match(source.head) is not None or _LISTS.match(source.head) is not None


def _read_alphapose(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.openpose import read_alphapose

    return read_alphapose(source.path, options)


def _is_mediapipe(source: Source) -> bool:
    if _LANDMARKS.match(source.head) is not None:
        return not _is_alphapose(source)
    return is_keypoint_table(source.lines)


def _read_mediapipe(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.mediapipe_files import read_mediapipe_csv, read_mediapipe_json

    return (read_mediapipe_csv if is_keypoint_table(source.lines) else read_mediapipe_json)(source.path, options)


def _is_sports2d(source: Source) -> bool:
    """A TRC file whose third axis stands still in its head, and then in the whole of it."""
    if not source.lines or not source.lines[0].lower().startswith("pathfiletype"):
        return False
    try:
        rows = [[float(cell or "nan") for cell in line.split("\t")[2:]] for line in source.lines[ROWS - 1 :] if line]
    except ValueError:
        return False
    if not any(rows) or not _still(rows):
        return False
    from headway.pose.sports2d import is_flat_trc

    return is_flat_trc(source.path)


def _still(rows: list[list[float]]) -> bool:
    heights = [value for row in rows for value in row[1::3] if value == value]
    extent = max(heights, default=0.0) - min(heights, default=0.0)
    depths: dict[int, list[float]] = {}
    for row in rows:
        for point, value in enumerate(row[2::3]):
            if value == value:
                depths.setdefault(point, []).append(value)
    return bool(depths) and all(max(values) - min(values) <= 2 * STILL * extent for values in depths.values())


def _read_sports2d(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.sports2d import read_sports2d

    return read_sports2d(source.path, options)


def _is_deeplabcut(source: Source) -> bool:
    return is_deeplabcut_csv(source.lines)


def _read_deeplabcut(source: Source, options: Options, progress: Progress | None) -> KeyPoints:
    from headway.pose.deeplabcut import read_deeplabcut_csv

    return read_deeplabcut_csv(source.path, options)


register(
    Format(
        "deeplabcut",
        "file of DeepLabCut key points",
        "DeepLabCut key points as CSV; give --rate",
        (".csv",),
        "keypoints",
        _is_deeplabcut,
        _read_deeplabcut,
        options=frozenset({"rate"}),
    ),
    Format(
        "film",
        "film",
        "film of a runner, from the side, from behind or in front",
        FILM,
        "keypoints",
        _is_film,
        _read_film,
        options=frozenset({"person", "pose_model", "pose_quality", "shot"}),
        extra="video",
    ),
    Format(
        "mediapipe",
        "file of MediaPipe key points",
        "MediaPipe key points as JSON or CSV",
        (".json", ".csv"),
        "keypoints",
        _is_mediapipe,
        _read_mediapipe,
        options=frozenset({"person", "rate"}),
    ),
    Format(
        "openpose",
        "folder of OpenPose key points",
        "OpenPose key points (BODY_25, HALPE_26), a folder with one file per frame; give --rate",
        (".json",),
        "keypoints",
        _is_openpose,
        _read_openpose,
        options=frozenset({"person", "rate"}),
        general=True,
    ),
    Format(
        "alphapose",
        "file of AlphaPose key points",
        "AlphaPose, COCO or MMPose key points of all frames in one file; give --rate",
        (".json",),
        "keypoints",
        _is_alphapose,
        _read_alphapose,
        options=frozenset({"person", "rate"}),
    ),
    Format(
        "sports2d",
        "TRC file of Sports2D",
        "two-dimensional TRC of Sports2D",
        (".trc",),
        "keypoints",
        _is_sports2d,
        _read_sports2d,
    ),
)

"""Key points of one view in a TRC file, as Sports2D writes them: two axes move, the third stands still."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headway.body.landmarks import identify
from headway.errors import RecordingError
from headway.io.checks import FEWEST_FRAMES
from headway.io.trc import read_trc
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray, Processing, Recording

STANDS_STILL = 0.002
"""Motion of the third axis, as a share of the runner's height, below which it carries nothing: real bodies sway ten times more."""
TALLEST = 5.0
"""A body of more than this many units is in pixels, whatever the header says: Sports2D states metres in both of its files."""
MILLIMETRE = 1e-3
_UPPER = ("vertex", "nose", "ear_left", "ear_right", "mid_shoulder", "shoulder_left", "shoulder_right")
_LOWER = ("ankle_left", "ankle_right", "heel_left", "heel_right", "toe_left", "toe_right")


def is_flat_trc(path: Path) -> bool:
    """Tell whether a TRC file holds key points of one view; files that cannot be read are left to the ordinary reader."""
    try:
        return _is_flat(read_trc(path, None))
    except (RecordingError, OSError):
        return False


def read_sports2d(path: Path, options: Options) -> KeyPoints:
    """Read a two-dimensional TRC file in metres or pixels.

    Metres become "pixels" of one millimetre (``metres_per_pixel`` 0.001), so that the image has a size in whole pixels. The
    vertical axis is turned down where the feet have the smaller values.

    Raises
    ------
    RecordingError
        Three axes that move, or no point that tells up from down.
    """
    where, recording = str(path), read_trc(path, None)
    if not _is_flat(recording):
        raise RecordingError(where, "three axes move", "this is a 3-D recording, not the key points of one view")
    metric = _extent(recording) < TALLEST
    plane = recording.points.to_numpy()[..., :2]
    flipped = _is_upward(where, recording, plane)
    if flipped:
        plane = plane * np.array([1.0, -1.0])
    if metric:
        plane = plane / MILLIMETRE
    low, high = np.nanmin(plane, axis=(0, 1)), np.nanmax(plane, axis=(0, 1))
    # Metres have their origin at the floor: shifted into a picture that begins at 0, 0.
    shift = np.where(low < 0, np.floor(low), 0.0)
    size = np.ceil(high - shift).astype(int)
    time = recording.time / (options.slow_motion or 1.0)
    arguments = {
        "unit": "mm" if metric else "px",
        "vertical_axis": "up" if flipped else "down",
        "shift": [float(-value) for value in shift],
        "image_size": "from the extent of the points, rounded up",
        "confidence": "none in the file; 1 where a point is seen",
    }
    return KeyPoints(
        time=time,
        names=tuple(recording.names()),
        pixels=plane - shift,
        confidence=np.isfinite(plane[..., 0]).astype(float),
        size=(int(size[0]), int(size[1])),
        source=where,
        kind="sports2d",
        metres_per_pixel=MILLIMETRE if metric else None,
        log=(Processing("read_keypoints", arguments),),
        flags=recording.flags,
    )


def _extent(recording: Recording) -> float:
    """Typical height of the runner in the file's units."""
    upright = recording.points.to_numpy()[..., 1]
    rows = np.isfinite(upright).sum(1) >= 2
    return float(np.median(np.nanmax(upright[rows], 1) - np.nanmin(upright[rows], 1))) if rows.any() else 0.0


def _is_flat(recording: Recording) -> bool:
    """Third axis without motion in every point."""
    positions = recording.points.to_numpy()
    seen = np.isfinite(positions).all(2)
    extent = _extent(recording)
    if len(positions) < FEWEST_FRAMES or not seen.any() or extent <= 0:
        return False
    depth = np.where(seen, positions[..., 2], np.nan)[:, seen.any(0)]
    return bool(np.nanmax(np.nanmax(depth, 0) - np.nanmin(depth, 0)) <= STANDS_STILL * extent)


def _is_upward(where: str, recording: Recording, plane: FloatArray) -> bool:
    """Whether the second axis rises from the feet to the head."""
    match = identify(recording.names())
    column = {landmark: recording.names().index(label) for label, landmark in match.names.items()}
    upper = [column[name] for name in _UPPER if name in column]
    lower = [column[name] for name in _LOWER if name in column]
    if not upper or not lower or not (np.isfinite(plane[:, upper]).any() and np.isfinite(plane[:, lower]).any()):
        raise RecordingError(where, "neither head and shoulders nor feet among its points", "export a whole-body model")
    return float(np.nanmedian(plane[:, upper, 1])) > float(np.nanmedian(plane[:, lower, 1]))

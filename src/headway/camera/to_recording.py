"""From key points in the image to a recording in metres with body-aligned axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.camera import body_shape
from headway.camera.motion import CameraMotion, camera_motion, ground_line, ground_moves, slow_path
from headway.camera.pictures import PICTURES, head_by, head_followed, head_short, usable
from headway.camera.points import canonical, middle, only, stride_phase
from headway.camera.remarks import remarks, size_known, speed_remarks
from headway.camera.resample import evenly
from headway.camera.roll import Roll, find_roll, turned
from headway.camera.scale import FOCAL_SHARE, BodyLengths, ImageScale, body_lengths
from headway.camera.trunk import put_back, steadied
from headway.camera.view import ViewFound, find_view
from headway.errors import OptionError, RecordingError
from headway.pose.keypoints import KeyPoints
from headway.recording import AXES, Camera, Flag, FloatArray, HeadBy, Processing, Recording, make_points

FEWEST_SECONDS = 0.3
STATED_SCALE_ERROR = 0.02


def to_recording(
    keypoints: KeyPoints,
    *,
    height: float | None,
    view: str | None = None,
    treadmill: bool = False,
    speed: float | None = None,
    roll: float | None = None,
) -> Recording:
    """Put the key points of a runner into metres and body-aligned axes on an even clock.

    Parameters
    ----------
    keypoints
        Of one runner, cleaned.
    height
        Stature, m; ``None`` assumes 1.72 m and says so.
    view
        ``side``, ``rear`` or ``front``; ``None`` finds it.
    treadmill
        The runner stays in place because the ground moves.
    speed
        Speed over the ground as stated, m/s; only compared.
    roll
        Roll of the camera, rad; ``None`` finds it.

    Returns
    -------
    Recording
        Axes forward, up, right, m; the axis that the view does not show is NaN. ``up`` is 0 at the lowest foot points. Gaps of the key
        points longer than 0.1 s stay NaN.

    Raises
    ------
    RecordingError
        Too short, too little of the body seen, or an oblique view.
    OptionError
        ``height`` or ``view`` cannot be right.

    Notes
    -----
    Positions are pixels from the middle of the image over the scale of that moment: what a changing distance or a path that is not
    quite along the camera's axis leaves is a slow drift. A roll is undone; the tilt of the camera is not known and leaves a drift of
    the height, which is taken off with the line of the ground.
    """
    named = usable(_checked(canonical(keypoints), height))
    seen = find_view(named, view)
    moves = camera_motion(named)
    side_view = seen.name == "side"
    still = moves.kind in ("fixed", "unknown")
    phase = stride_phase(named)
    lengths = _lengths(named, phase, side_view=side_view, still=still)
    scale = _scale(named, lengths, height, speed)
    travels = not treadmill and _travels(named, scale, moves, side_view)
    if speed is None and travels:
        scale = _scale(named, lengths, height, _rough_speed(named, scale, moves, side_view))
    stated = None if roll is None else Roll(roll, 0.0, "stated")
    found = stated or find_roll(named, scale.pixels_per_metre, phase, side_view=side_view, still=still, travels=travels)
    flags = [*seen.flags, *moves.flags(seen.name, travels), *remarks(named, height, seen, scale, found, phase)]
    positions = _positions(named, scale, seen, moves, travels, treadmill, found, phase)
    head, short = head_by(named), head_short(named)
    named, positions = _moved_by_pictures(named, positions, phase, seen.name)
    positions = put_back(named.names, positions, height or body_shape.ASSUMED_HEIGHT, named.kind, seen.name)
    if speed is not None and travels and side_view:
        flags += speed_remarks(named, positions, speed)
    noise, belt = _noise(named, positions), ground_moves(moves, travels=travels, stated=treadmill)
    camera = _camera(named, height, seen, moves, scale, found, noise, belt, speed, head, short, travels=travels)
    return _recording(named, positions, height, camera, seen, scale, found, flags)


def _recording(
    keypoints: KeyPoints,
    positions: FloatArray,
    height: float | None,
    camera: Camera,
    seen: ViewFound,
    scale: ImageScale,
    roll: Roll,
    flags: Sequence[Flag],
) -> Recording:
    """The positions on an even clock, with what was found on the way."""
    time, even = evenly(keypoints.time, positions)
    arguments = {
        "view": seen.name, "direction": seen.direction, "view_confidence": round(seen.confidence, 2), "view_angle_deg": round(seen.angle, 1),
        "height": height, "pixels_per_metre": [round(float(q), 2) for q in scale.pixels_per_metre[[0, -1]]],
        "scale_error": round(camera.scale_error, 4), "scale_parts": {k: round(v, 3) for k, v in scale.parts.items()},
        "roll_deg": round(float(np.degrees(roll.value)), 2), "roll_from": roll.how, "camera": camera.kind, "travels": camera.travels,
        "rate": round(1.0 / float(np.median(np.diff(time))), 3),
    }  # fmt: skip
    return Recording(
        make_points(time, keypoints.names, even, AXES),
        source=keypoints.source,
        kind=keypoints.kind,
        view=seen.name,
        log=(*keypoints.log, Processing("to_recording", arguments)),
        flags=(*keypoints.flags, *flags),
        camera=camera,
    )


def _camera(
    keypoints: KeyPoints,
    height: float | None,
    seen: ViewFound,
    moves: CameraMotion,
    scale: ImageScale,
    roll: Roll,
    noise: float,
    treadmill: bool | None,
    speed: float | None,
    head: HeadBy,
    short: float,
    *,
    travels: bool,
) -> Camera:
    """How it was filmed."""
    known = size_known(keypoints, height)
    return Camera(
        view=seen.name,
        direction=seen.direction,
        kind=moves.kind,
        travels=travels,
        rate=keypoints.rate,
        scale_error=float(np.hypot(scale.error, 0.0 if known else body_shape.ASSUMED_HEIGHT_SPREAD)),
        roll=roll.value,
        roll_error=roll.error,
        noise=noise,
        height_known=known,
        treadmill=treadmill,
        carries_speed=speed is not None or (not keypoints.readings and (travels or moves.kind in ("fixed", "unknown"))),
        tempo=keypoints.readings,
        sides_known=keypoints.sides_known,
        head_by=head,
        head_short=short,
        oblique=seen.oblique,
        distance=float(FOCAL_SHARE * max(keypoints.size) / np.nanmedian(scale.pixels_per_metre)),
    )


def _checked(keypoints: KeyPoints, height: float | None) -> KeyPoints:
    if height is not None and not 0.9 <= height <= 2.5:
        raise OptionError("--height", f"{height:g} m is not a body height", "give metres between 0.9 and 2.5")
    where = keypoints.source
    if len(keypoints.time) < 10 or keypoints.duration < FEWEST_SECONDS:
        raise RecordingError(
            where,
            f"only {len(keypoints.time)} frames ({keypoints.duration:.1f} s)",
            "film at least a few strides (3 s)",
        )
    if not np.isfinite(keypoints.pixels).any():
        raise RecordingError(where, "no point of a runner is seen", "film the whole runner from head to foot")
    return keypoints


def _lengths(keypoints: KeyPoints, phase: FloatArray | None, *, side_view: bool, still: bool) -> BodyLengths | None:
    """Lengths of the body; ``None`` where the file itself states its scale."""
    if keypoints.metres_per_pixel is not None:
        return None
    found = body_lengths(keypoints, phase, side_view=side_view, still=still)
    if found is None:
        raise RecordingError(
            keypoints.source,
            "too little of the body is seen to tell its size",
            "film the whole runner from head to foot",
        )
    return found


def _scale(keypoints: KeyPoints, lengths: BodyLengths | None, height: float | None, speed: float | None) -> ImageScale:
    if lengths is not None:
        return lengths.scale(height or body_shape.ASSUMED_HEIGHT, speed)
    assert keypoints.metres_per_pixel is not None
    stated = np.full(len(keypoints.time), 1.0 / keypoints.metres_per_pixel)
    return ImageScale(stated, STATED_SCALE_ERROR, 1.0, 0.0, {"file": 1.0})


def _travels(keypoints: KeyPoints, scale: ImageScale, moves: CameraMotion, side_view: bool) -> bool:
    """Whether the runner gets somewhere in the image (or over the background)."""
    if not side_view:
        return bool(abs(np.log(scale.change)) > max(0.2, 3 * scale.change_error))
    hips = (middle(keypoints, "hip") - moves.shift)[:, 0] / scale.pixels_per_metre
    seen = np.flatnonzero(np.isfinite(hips))
    if len(seen) < 10:
        return False
    tenth = max(len(seen) // 10, 1)
    net = abs(np.median(hips[seen[-tenth:]]) - np.median(hips[seen[:tenth]]))
    elapsed = 0.9 * (keypoints.time[seen[-1]] - keypoints.time[seen[0]])
    return bool(net > 1.0 and net / elapsed > 0.5)


def _rough_speed(keypoints: KeyPoints, scale: ImageScale, moves: CameraMotion, side_view: bool) -> float | None:
    """Speed over the ground, m/s: across the image, or from the change of distance with a usual focal length (± 20 %)."""
    if side_view:
        path = (middle(keypoints, "hip") - moves.shift)[:, 0] / scale.pixels_per_metre
    else:
        path = FOCAL_SHARE * max(keypoints.size) / scale.pixels_per_metre
    seen = np.isfinite(path)
    if seen.sum() < 10:
        return None
    return abs(float(np.polyfit(keypoints.time[seen], path[seen], 1)[0]))


def _positions(
    keypoints: KeyPoints,
    scale: ImageScale,
    seen: ViewFound,
    moves: CameraMotion,
    travels: bool,
    treadmill: bool,
    roll: Roll,
    phase: FloatArray | None,
) -> FloatArray:
    """Positions in metres, shape (frames, points, 3), at the frames of the film."""
    placed = turned(keypoints.pixels - moves.shift[:, None], roll.value, keypoints.size)
    across, up = np.moveaxis(placed / scale.pixels_per_metre[:, None, None], -1, 0)
    up = -up
    hips = turned(middle(keypoints, "hip") - moves.shift, roll.value, keypoints.size)[:, 0] / scale.pixels_per_metre
    if moves.kind == "unknown" and not travels and not treadmill:
        across = across - slow_path(keypoints.time, hips, phase)[:, None]
    else:
        start = (
            np.nanmedian(hips) if not travels or seen.name != "side" else hips[np.flatnonzero(np.isfinite(hips))[:1]]
        )
        across = across - np.nan_to_num(np.mean(start)) if np.size(start) else across
    up = (
        up
        - ground_line(
            keypoints.time,
            up,
            keypoints.names,
            straight=moves.kind == "fixed" or (moves.kind == "unknown" and (travels or treadmill)),
        )[:, None]
    )
    out = np.full((*across.shape, 3), np.nan)
    out[..., 1] = up
    if seen.name == "side":
        out[..., 0] = seen.direction * across
    else:
        out[..., 2] = across if seen.name == "rear" else -across
    return out


def _moved_by_pictures(
    keypoints: KeyPoints, positions: FloatArray, phase: FloatArray | None, view: str
) -> tuple[KeyPoints, FloatArray]:
    """Let trunk and head move as their pictures do; the pictures' own points go."""
    time, names = keypoints.time, keypoints.names
    positions = steadied(time, names, positions, phase, keypoints.kind, view)
    positions = head_followed(time, names, positions, phase)
    body = [k for k, name in enumerate(names) if name not in PICTURES]
    return only(keypoints, body), positions[:, body]


def _noise(keypoints: KeyPoints, positions: FloatArray) -> float:
    """Standard deviation of a key point from frame to frame, m: fifth differences of head, shoulders and hips.

    Differences of that order of white noise have a variance of 252 times its own, while what a trunk does in running is all but gone.
    """
    stems = ("ear", "shoulder", "hip")
    at = [k for k, name in enumerate(keypoints.names) if name.rpartition("_")[0] in stems]
    at = at or list(range(len(keypoints.names)))
    values = positions[:, at][..., np.isfinite(positions).any((0, 1))].reshape(len(positions), -1)
    found = []
    for column in values.T:
        seen = np.isfinite(column)
        if seen.sum() < 20:
            continue
        # Travel over frames at uneven times would pass for noise.
        level = column - np.polyval(np.polyfit(keypoints.time[seen], column[seen], 1), keypoints.time)
        steps = np.diff(level, n=5)
        if np.isfinite(steps).sum() >= 10:
            found.append(1.48 * float(np.nanmedian(np.abs(steps))))
    return float(np.median(found) / np.sqrt(252.0)) if found else float("nan")

"""Key points that can be trusted: landmarks by name, left and right as they are, inventions gone, gaps as gaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.body.landmarks import identify
from headway.camera.naming import facing, named_by_role, near_leg
from headway.camera.outliers import body_frame, find_jumps, find_long_limbs, other_bodies
from headway.camera.sides import SideCheck, find_exchanges, follows
from headway.camera.stride_model import stride_model
from headway.errors import RecordingError
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

LEAST = {"mediapipe": 0.2, "openpose": 0.15, "alphapose": 0.2, "onnx": 0.3}
"""Confidence below which a point was guessed. The scales differ: MediaPipe states how visible a point is and still places hidden
ones well, so that only its lowest values are guesses; OpenPose's peaks fall to 0.2 on the far limbs that it does see and are
invented below; RTMPose's scores of hidden points stay below 0.3."""
LEAST_OF_OTHERS = 0.2
LEG, ARM = ("knee", "ankle", "heel", "toe"), ("elbow", "wrist", "hand")
HEAD = ("ear", "eye", "mouth")
SIDEWAYS = 0.35
"""Shoulders and hips that look narrower than this share of the trunk's length are filmed from the side."""
MERGED, APART = 0.5, 0.1
"""Legs that must be at least ``APART`` body heights from each other and show less than ``MERGED`` of it: one is invented."""
CERTAIN = 0.25
"""Share of the distance that they must have below which the invented point goes; above, its confidence is halved."""
MANY = 0.05
"""Share of frames from which a correction is worth a word to the reader."""

WHOSE = Flag(
    "sides_unknown",
    "warning",
    TEXTS("flags.sides_unknown_model"),
)

BoolArray = npt.NDArray[np.bool_]


def trustworthy(keypoints: KeyPoints) -> KeyPoints:
    """Landmarks of one runner with everything taken out that a runner cannot do.

    In this order: names become landmarks; points of low confidence go; frames on another body go; exchanged legs and arms are
    exchanged back; jumps, limbs too long and points seen for a moment go; in a side view, points of the far leg that stick to the
    near one go or lose half of their confidence. What goes is NaN with confidence 0; nothing is filled in.

    Parameters
    ----------
    keypoints
        As a pose model or a file gave them, px.

    Returns
    -------
    KeyPoints
        Every step with its counts in the log; flags where more than ``MANY`` of the frames are concerned.

    Raises
    ------
    RecordingError
        No hips or no shoulders among the points.
    """
    named = _to_landmarks(keypoints)
    pixels, counts = named.pixels.copy(), {}
    least = LEAST.get(named.kind, LEAST_OF_OTHERS)
    low = (named.confidence < least) & np.isfinite(pixels[..., 0])
    pixels[low] = np.nan
    counts["low_confidence"] = int(low.sum())
    strange = _strangers(named, pixels)
    pixels[strange] = np.nan
    counts["other_body_frames"] = int(strange.sum())
    body = body_frame(named.time, _pair(named, pixels, "shoulder"), _pair(named, pixels, "hip"))
    confidence = named.confidence.copy()
    legs, arms = _undo_exchanges(named, pixels, confidence, body.size)
    sides_known = keypoints.sides_known and (not named_by_role(legs) or _named_by_depth(named, pixels, confidence))
    counts["legs_exchanged_frames"], counts["arms_exchanged_frames"] = (
        int(legs.exchanged.sum()),
        int(arms.exchanged.sum()),
    )
    body = body_frame(named.time, _pair(named, pixels, "shoulder"), _pair(named, pixels, "hip"))
    for name, finder in (("jumps", find_jumps), ("long_limbs", None)):
        places = (pixels - body.centre[:, None]) / body.size[:, None, None]
        wrong = finder(named.time, places, named.names) if finder else find_long_limbs(places, named.names)
        pixels[wrong] = np.nan
        counts[name] = int(wrong.sum())
    merged, gone = _merged_legs(named, pixels, confidence, body.size, legs)
    counts["merged_points_doubted"], counts["merged_points_dropped"] = merged, gone
    confidence = np.where(np.isfinite(pixels[..., 0]), confidence, 0.0)
    arguments = {
        "least_confidence": least,
        **counts,
        "stride_frequency": None if legs.frequency is None else round(legs.frequency, 3),
        "stride_share": round(legs.explained, 3),
    }
    flags = [*_flags(counts, len(named.time), len(named.names)), *([] if sides_known else [WHOSE])]
    return named.logged(
        "trustworthy",
        flags=flags,
        arguments=arguments,
        pixels=pixels,
        confidence=confidence,
        sides_known=sides_known,
    )


def _to_landmarks(keypoints: KeyPoints) -> KeyPoints:
    match = identify(keypoints.names)
    found = {landmark: keypoints.names.index(label) for label, landmark in match.names.items()}
    needed = [f"{joint}_{side}" for joint in ("shoulder", "hip") for side in ("left", "right")]
    missing = [name for name in needed if name not in found or not np.isfinite(keypoints.pixels[:, found[name]]).any()]
    if missing:
        raise RecordingError(
            keypoints.source, f"{missing[0].replace('_', ' ')} is never seen", "film the whole body, head to foot"
        )
    columns = list(found.values())
    unseen = ~np.isfinite(keypoints.pixels[:, columns].sum(axis=2))
    name = match.marker_set.name if match.marker_set else "none"
    return keypoints.logged(
        "to_landmarks",
        arguments={"marker_set": name, "landmarks": len(found), "left_over": list(match.left_over)},
        names=tuple(found),
        pixels=np.where(unseen[..., None], np.nan, keypoints.pixels[:, columns]),
        confidence=np.where(unseen, 0.0, keypoints.confidence[:, columns]),
    )


def _pair(keypoints: KeyPoints, pixels: FloatArray, joint: str) -> FloatArray:
    """Left and right, shape (frames, 2, 2)."""
    return pixels[:, [keypoints.names.index(f"{joint}_{side}") for side in ("left", "right")]]


def _strangers(keypoints: KeyPoints, pixels: FloatArray) -> BoolArray:
    shoulders, hips = _pair(keypoints, pixels, "shoulder"), _pair(keypoints, pixels, "hip")
    body = body_frame(keypoints.time, shoulders, hips)
    if not np.isfinite(body.size).any():
        raise RecordingError(keypoints.source, "shoulders and hips are never seen together", "film the whole body")
    length = np.linalg.norm(shoulders.mean(1) - hips.mean(1), axis=1)
    return other_bodies(keypoints.time, body, length) if np.isfinite(length).any() else np.zeros(len(length), bool)


def _columns(keypoints: KeyPoints, joints: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Columns of the left and right points of joints that have both."""
    index = {name: k for k, name in enumerate(keypoints.names)}
    both = [joint for joint in joints if f"{joint}_left" in index and f"{joint}_right" in index]
    return [index[f"{joint}_left"] for joint in both], [index[f"{joint}_right"] for joint in both]


def _undo_exchanges(
    keypoints: KeyPoints, pixels: FloatArray, confidence: FloatArray, size: FloatArray
) -> tuple[SideCheck, SideCheck]:
    """Exchange back, in place: legs with hips, arms with shoulders, and the head where both were."""
    results = []
    for joints, root in ((LEG, "hip"), (ARM, "shoulder")):
        left, right = _columns(keypoints, joints)
        scaled = pixels / size[:, None, None]
        check = find_exchanges(keypoints.time, scaled[:, left], scaled[:, right])
        roots = _columns(keypoints, (root,))
        along = follows(keypoints.time, scaled[:, roots[0][0]] - scaled[:, roots[1][0]], check)
        _exchange(pixels, confidence, check.exchanged, left, right)
        _exchange(pixels, confidence, along, *roots)
        results.append(check)
    legs, arms = results
    _exchange(pixels, confidence, legs.exchanged & arms.exchanged, *_columns(keypoints, HEAD))
    return legs, arms


def _named_by_depth(keypoints: KeyPoints, pixels: FloatArray, confidence: FloatArray) -> bool:
    """Name the legs of a side view by which of them is near, in place; ``False`` where nothing tells that."""
    legs = _columns(keypoints, LEG)
    heels, toes = ([*left, *right] for left, right in (_columns(keypoints, (stem,)) for stem in ("heel", "toe")))
    if not heels or not toes or not _from_the_side(keypoints, pixels):
        return not _from_the_side(keypoints, pixels)
    way, near = facing(pixels, heels, toes), near_leg(pixels, confidence, *legs)
    if way == 0 or near is None:
        return False
    if (near == "right") != (way > 0):
        _exchange(pixels, confidence, np.ones(len(pixels), bool), *legs)
        _exchange(pixels, confidence, np.ones(len(pixels), bool), *_columns(keypoints, ("hip",)))
    return True


def _exchange(pixels: FloatArray, confidence: FloatArray, rows: BoolArray, left: list[int], right: list[int]) -> None:
    here = np.flatnonzero(rows)[:, None]
    pixels[here, left], pixels[here, right] = pixels[here, right], pixels[here, left]
    confidence[here, left], confidence[here, right] = confidence[here, right], confidence[here, left]


def _merged_legs(
    keypoints: KeyPoints, pixels: FloatArray, confidence: FloatArray, size: FloatArray, legs: SideCheck
) -> tuple[int, int]:
    """Doubt or drop, in place, points of a leg that sit on the other one while the stride has them apart; their counts.

    Of the two, the invented one is that further from what its own strides predict.
    """
    if legs.frequency is None or not _from_the_side(keypoints, pixels):
        return 0, 0
    left, right = _columns(keypoints, LEG)
    hips = _pair(keypoints, pixels, "hip").mean(1)
    places = (pixels[:, [*left, *right]] - hips[:, None]) / size[:, None, None]
    model = stride_model(keypoints.time, places.reshape(len(places), -1), legs.frequency).reshape(places.shape)
    half = len(left)
    must = np.linalg.norm(model[:, :half] - model[:, half:], axis=2)
    shown = np.linalg.norm(places[:, :half] - places[:, half:], axis=2)
    off = np.linalg.norm(places - model, axis=2)
    merged = (must > APART) & (shown < MERGED * must)
    gone = merged & (shown < CERTAIN * must)
    doubted = dropped = 0
    for k in range(half):
        for columns, other, mine in ((left, half + k, k), (right, k, half + k)):
            worse = off[:, mine] > off[:, other]
            drop, doubt = gone[:, k] & worse, merged[:, k] & ~gone[:, k] & worse
            pixels[drop, columns[k]] = np.nan
            confidence[doubt, columns[k]] *= 0.5
            dropped, doubted = dropped + int(drop.sum()), doubted + int(doubt.sum())
    return doubted, dropped


def _from_the_side(keypoints: KeyPoints, pixels: FloatArray) -> bool:
    shoulders, hips = _pair(keypoints, pixels, "shoulder"), _pair(keypoints, pixels, "hip")
    trunk = np.nanmedian(np.linalg.norm(shoulders.mean(1) - hips.mean(1), axis=1))
    width = np.nanmedian(np.abs(np.diff(np.concatenate([shoulders, hips])[:, :, 0], axis=1)))
    return bool(width < SIDEWAYS * trunk)


def _flags(counts: dict[str, int], frames: int, points: int) -> list[Flag]:
    flags = []
    exchanged = max(counts["legs_exchanged_frames"], counts["arms_exchanged_frames"])
    if exchanged:
        level = "warning" if exchanged > MANY * frames else "info"
        message = TEXTS("flags.sides_exchanged", exchanged=exchanged, frames=frames)
        flags.append(Flag("sides_exchanged", level, message))
    if counts["other_body_frames"]:
        level = "warning" if counts["other_body_frames"] > MANY * frames else "info"
        message = TEXTS("flags.other_body", frames_off=counts["other_body_frames"], frames=frames)
        flags.append(Flag("other_body", level, message))
    out = sum(counts[key] for key in ("low_confidence", "jumps", "long_limbs", "merged_points_dropped"))
    share = out / (frames * points)
    if share > MANY:
        message = TEXTS("flags.points_left_out", share=100 * share)
        flags.append(Flag("points_left_out", "info", message))
    return flags

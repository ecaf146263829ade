"""Joint centres and other derived points from landmarks.

A point that the recording already holds (key points are joint centres) is left as it is. Lengths that a body keeps —
pelvis width, acromion distance — are medians over the recording, so that a joint centre does not breathe with skin
motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from headway.body.joint_width import medial_offset, roughly, width_flags
from headway.body.marker_sets import HEAD_MARKERS, PELVIS_MARKERS
from headway.body.rotations import complete, cross, frame_from, kabsch, mean_configuration, unit
from headway.body.sided import sided
from headway.body.stature import Stature, find_stature
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray
from headway.results import StandIns
from headway.texts import TEXTS

SIDES = ("left", "right")
UP = np.array([0.0, 1.0, 0.0])
RIGHT = np.array([0.0, 0.0, 1.0])
SHOULDER_DROP = 0.17
"""Shoulder centre below the acromion, share of the distance of the acromia (Rab 2002)."""


def harrington_hip(pelvis_width: float, pelvis_depth: float) -> tuple[float, float, float]:
    """Right hip joint centre in the pelvis frame (origin mid-ASIS), from simple regressions.

    Parameters
    ----------
    pelvis_width
        Distance of the two ASIS, m.
    pelvis_depth
        Distance of mid-ASIS and mid-PSIS, m.

    Returns
    -------
    forward, up, lateral
        m; ``lateral`` is to the right for the right hip, to the left for the left.

    Notes
    -----
    Harrington 2007, J Biomech 40:595, simple regressions: x = −0.24 PD − 9.9, y = −0.30 PW − 10.9, z = 0.33 PW + 7.3
    mm.
    """
    return -0.24 * pelvis_depth - 0.0099, -0.30 * pelvis_width - 0.0109, 0.33 * pelvis_width + 0.0073


@dataclass(frozen=True)
class Assumed:
    """What was assumed on the way: the stand-ins, and everything in words."""

    stand_ins: StandIns
    flags: tuple[Flag, ...]


def add_joint_centres(points: xr.DataArray, *, height: float | None, sex: str | None) -> tuple[xr.DataArray, Assumed]:
    """Append joint centres and other derived points wherever their landmarks exist.

    Parameters
    ----------
    points
        Landmarks, oriented (``forward, up, right``), m.
    height
        Stature, m, or ``None``.
    sex
        ``male``, ``female`` or ``None``.

    Returns
    -------
    points, assumed
        With, as far as they can be had: ``hip_*, knee_*, ankle_*, shoulder_*, elbow_*, wrist_*, head_centre,
        neck_base, pelvis_centre, foot_*, mid_hip, mid_shoulder``. A single missing marker of the head or of the
        pelvis is put in by a rigid fit of the others. What was assumed is flagged.

    Raises
    ------
    ValueError
        Points that are not oriented.

    Notes
    -----
    Hip: Harrington 2007. Knee, ankle, elbow: midpoint of the medial and the lateral marker; from the lateral one
    alone, half a joint width medially (after Davis 1991). Shoulder: 17 % of the acromion distance below the acromion
    along the trunk (after Rab 2002, who measured it in the plane of the trunk on few people: ±2 cm). Neck base:
    midpoint of C7 and suprasternal notch.
    """
    table = PointTable(points)
    flags: list[Flag] = []
    _complete_rigid(table, flags)
    pelvis_from_hips = _pelvis(table, flags)
    stature = find_stature(table, height, sex)
    _legs(table, stature, flags)
    neck_base = _trunk(table, flags)
    _arms(table, stature, flags)
    head_off_axis = _head(table, flags)
    _feet(table, flags)
    stand_ins = StandIns(neck_base=neck_base, pelvis_from_hips=pelvis_from_hips, head_off_axis=head_off_axis)
    return table.to_points(), Assumed(stand_ins, tuple(flags))


def _complete_rigid(table: PointTable, flags: list[Flag]) -> None:
    put_in: list[str] = []
    for markers in (HEAD_MARKERS, PELVIS_MARKERS):
        names = table.present(markers)
        if len(names) < 4:
            continue
        filled, share = complete(table.stack(names))
        for k in np.flatnonzero(share > 0):
            table[names[k]] = filled[:, k]
            put_in.append(TEXTS("words.share_of_frames", name=names[k], share=share[k]))
    if put_in:
        text = TEXTS("lab.marker_completed", names=", ".join(put_in))
        flags.append(Flag("marker_completed", "info", text))


def _pelvis(table: PointTable, flags: list[Flag]) -> bool:
    """Put in hips and pelvis centre; tell whether the midpoint of the hips stands for the latter."""
    back = ("psis_left", "psis_right") if table.has("psis_left", "psis_right") else ("sacrum",)
    if table.has("asis_left", "asis_right", *back):
        _hips(table, back)
        if "pelvis_centre" not in table:
            table["pelvis_centre"] = (table.mean("asis_left", "asis_right") + table.mean(*back)) / 2
        if back == ("sacrum",):
            flags.append(Flag("sacrum_for_psis", "info", TEXTS("lab.sacrum_for_psis")))
    if "mid_hip" not in table and table.has("hip_left", "hip_right"):
        table["mid_hip"] = table.mean("hip_left", "hip_right")
    if "pelvis_centre" in table or "mid_hip" not in table:
        return False
    table["pelvis_centre"] = table["mid_hip"]
    text = TEXTS("lab.pelvis_from_hips")
    flags.append(Flag("pelvis_from_hips", "info", text))
    return True


def _hips(table: PointTable, back: tuple[str, ...]) -> None:
    """Put the hips into the mean shape of the pelvis and carry them by a rigid fit of all its markers."""
    names = table.present(PELVIS_MARKERS)
    markers = table.stack(names)
    shape = mean_configuration(markers)
    if shape is None:
        return
    place = dict(zip(names, shape, strict=True))
    left, right = place["asis_left"], place["asis_right"]
    front, rear = (left + right) / 2, np.mean([place[name] for name in back], axis=0)
    frame = frame_from(cross(right - left, front - rear), right - left)
    width, depth = float(np.linalg.norm(right - left)), float(np.linalg.norm(front - rear))
    forward, above, lateral = harrington_hip(width, depth)
    rotation, shift = kabsch(shape, markers)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        if f"hip_{side}" not in table:
            hip = front + frame @ np.array([forward, above, sign * lateral])
            table[f"hip_{side}"] = rotation @ hip + shift


def _legs(table: PointTable, stature: Stature, flags: list[Flag]) -> None:
    across = _across(table, "hip")
    assumed: set[str] = set()
    for side in SIDES:
        axis = across
        if not _between(table, "knee", side) and table.has(f"hip_{side}", f"knee_lateral_{side}"):
            hip = table[f"hip_{side}"]
            knee, ankle = (roughly(table, joint, side, across, stature) for joint in ("knee", "ankle"))
            thigh = unit(table[f"knee_lateral_{side}"] - hip)
            bend = np.zeros(3) if ankle is None or knee is None else -cross(unit(knee - hip), unit(ankle - knee))
            axis = medial_offset(table, "knee", side, thigh, bend, across, stature, assumed)
        elif table.has(f"knee_lateral_{side}", f"knee_medial_{side}"):
            axis = table[f"knee_lateral_{side}"] - table[f"knee_medial_{side}"]
            axis = unit(axis if side == "right" else -axis)
        if not _between(table, "ankle", side) and table.has(f"knee_{side}", f"ankle_lateral_{side}"):
            shank = unit(table[f"ankle_lateral_{side}"] - table[f"knee_{side}"])
            medial_offset(table, "ankle", side, shank, np.zeros(3), axis, stature, assumed)
    width_flags(assumed, stature, flags)


def _arms(table: PointTable, stature: Stature, flags: list[Flag]) -> None:
    across = _across(table, "shoulder")
    assumed: set[str] = set()
    for side in SIDES:
        wrist = table.present((f"wrist_radial_{side}", f"wrist_ulnar_{side}"))
        if f"wrist_{side}" not in table and wrist:
            table[f"wrist_{side}"] = table.mean(*wrist)
            if len(wrist) == 1:
                flags.append(Flag("wrist_from_one_marker", "info", TEXTS("lab.wrist_from_one_marker", wrist=wrist[0])))
        names = (f"shoulder_{side}", f"elbow_lateral_{side}", f"wrist_{side}")
        if not _between(table, "elbow", side) and table.has(*names):
            shoulder, lateral, wrist_centre = (table[name] for name in names)
            elbow = roughly(table, "elbow", side, across, stature)
            upper_arm = unit(lateral - shoulder)
            bend = np.zeros(3) if elbow is None else cross(unit(elbow - shoulder), unit(wrist_centre - elbow))
            medial_offset(table, "elbow", side, upper_arm, bend, across, stature, assumed)
    width_flags(assumed, stature, flags)


def _across(table: PointTable, joint: str) -> FloatArray:
    """Find the unit vector from the left to the right joint; the axis ``right`` where they are not both there."""
    if table.has(f"{joint}_left", f"{joint}_right"):
        return unit(table[f"{joint}_right"] - table[f"{joint}_left"])
    return RIGHT


def _between(table: PointTable, joint: str, side: str) -> bool:
    """Put a joint half way between its two markers; tell whether it is there now."""
    markers = (f"{joint}_lateral_{side}", f"{joint}_medial_{side}")
    if f"{joint}_{side}" not in table and table.has(*markers):
        table[f"{joint}_{side}"] = table.mean(*markers)
    return f"{joint}_{side}" in table


def _trunk(table: PointTable, flags: list[Flag]) -> Literal["", "c7", "shoulders"]:
    """Put in neck base and shoulders; what stands for the neck base."""
    stands: Literal["", "c7", "shoulders"] = ""
    if table.has("shoulder_left", "shoulder_right") and not table.present(("c7", "neck_base", "acromion_left")):
        table["neck_base"] = table.mean("shoulder_left", "shoulder_right")
        text = TEXTS("lab.neck_base_from_shoulders")
        flags.append(Flag("neck_base_from_shoulders", "info", text))
        stands = "shoulders"
    if table.has("acromion_left", "acromion_right"):
        top = table.mean("acromion_left", "acromion_right")
        low = table.first("mid_hip", "pelvis_centre")
        down = unit(table[low] - top) if low else np.broadcast_to(-UP, top.shape)
        drop = SHOULDER_DROP * table.distance("acromion_left", "acromion_right")
        for side in SIDES:
            if f"shoulder_{side}" not in table:
                table[f"shoulder_{side}"] = table[f"acromion_{side}"] + drop * down
    if "mid_shoulder" not in table and table.has("shoulder_left", "shoulder_right"):
        table["mid_shoulder"] = table.mean("shoulder_left", "shoulder_right")
    if "neck_base" in table or "c7" not in table:
        return stands
    if "suprasternal" in table:
        table["neck_base"] = table.mean("c7", "suprasternal")
    elif table.has("sternum_left", "sternum_right"):
        table["neck_base"] = (table["c7"] + table.mean("sternum_left", "sternum_right")) / 2
        text = TEXTS("lab.notch_from_sternum_pair")
        flags.append(Flag("notch_from_sternum_pair", "info", text))
    else:
        table["neck_base"] = table["c7"]
        text = TEXTS("lab.neck_base_from_c7")
        flags.append(Flag("neck_base_from_c7", "warning", text))
        stands = "c7"
    return stands


def _head(table: PointTable, flags: list[Flag]) -> bool:
    """Put in the head centre; tell whether it is off the head's axis."""
    if "head_centre" in table:
        return False
    skull = table.present(HEAD_MARKERS)
    if len(skull) >= 2:
        table["head_centre"] = table.mean(*skull)
        if len(skull) == 2 and len({sided(name).stem for name in skull}) == 1:
            text = TEXTS("lab.head_off_axis", one=skull[0], two=skull[1])
            flags.append(Flag("head_off_axis", "warning", text))
            return True
    else:
        _ears(table, flags)
    return False


def _ears(table: PointTable, flags: list[Flag]) -> None:
    """Middle of the ears; where one is hidden, the other one moved by half their usual distance, or by itself if the other is hardly seen."""
    ears = table.present(("ear_left", "ear_right"))
    if len(ears) == 2:
        left, right = (table[name] for name in ears)
        if (np.isfinite(left) & np.isfinite(right)).any(1).mean() > 0.2:
            across = np.array(
                [np.median(gap[np.isfinite(gap)]) if np.isfinite(gap).any() else 0.0 for gap in (right - left).T]
            )
            middle = (left + right) / 2
            middle = np.where(np.isfinite(middle), middle, left + across / 2)
            table["head_centre"] = np.where(np.isfinite(middle), middle, right - across / 2)
            return
    if ears:
        seen = max(ears, key=lambda name: np.isfinite(table[name]).sum())
        table["head_centre"] = table[seen]
        flags.append(Flag("head_from_one_ear", "warning", TEXTS(f"lab.head_from_{seen}")))


def _feet(table: PointTable, flags: list[Flag]) -> None:
    used: dict[str, list[str]] = {}
    for side in SIDES:
        fore = table.first(f"mt1_{side}", f"toe_{side}", f"mt2_{side}")
        names = table.present((f"heel_{side}", fore or "", f"mt5_{side}"))
        used[side] = [name.removesuffix(f"_{side}") for name in names]
    common = [name for name in used["right"] if name in used["left"]]
    if used["left"] != used["right"] and "heel" in common and len(common) >= 2:
        listed = ", ".join(sorted({*used["left"], *used["right"]} - {*common}))
        flags.append(Flag("foot_markers_differ", "info", TEXTS("lab.foot_markers_differ", listed=listed)))
        used = dict.fromkeys(SIDES, common)
    for side, names in used.items():
        if f"foot_{side}" not in table and "heel" in names and len(names) >= 2:
            table[f"foot_{side}"] = table.mean(*(f"{name}_{side}" for name in names))

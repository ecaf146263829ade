"""Body segments: where their mass is in every frame, and how they are turned where the markers tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.body.anthropometry import SEGMENTS, WHOLE_BODY, ratio
from headway.body.head import HeadModel, head_of
from headway.body.rotations import frame_from
from headway.body.sided import sided
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

FORWARD_SHARE = {"mt1": 0.73, "mt2": 0.74, "mt5": 0.64}
"""Metatarsal heads from the heel, share of the foot's length (ball and outer ball of the foot in ANSUR 1988)."""


@dataclass(frozen=True)
class Segments:
    """Segments of a body over time; only those that are there, top down.

    Attributes
    ----------
    names
        Out of ``WHOLE_BODY``.
    mass_fraction
        Share of the body mass, shape (segments,).
    com
        Centres of mass, m, shape (frames, segments, 3). Linear in the points, so a gap is a gap.
    endpoints
        Proximal and distal point, m, shape (frames, segments, 2, 3); NaN for the head.
    orientation
        Columns forward, up and right axis of each segment (up = long axis; of the foot, forward), shape
        (frames, segments, 3, 3); NaN where the markers do not tell it.
    inertia
        Principal moments about those axes through the centre of mass per kg of body mass, m², shape (segments, 3).
    missing
        Segments of ``WHOLE_BODY`` that cannot be had from these points.
    head
        The head's model, ``None`` without head markers.
    flags
        What was assumed.
    """

    names: tuple[str, ...]
    mass_fraction: FloatArray
    com: FloatArray
    endpoints: FloatArray
    orientation: FloatArray
    inertia: FloatArray
    missing: tuple[str, ...]
    head: HeadModel | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def whole_body(self) -> bool:
        """Whether no segment is missing."""
        return not self.missing

    def index(self, name: str) -> int:
        """Place of a segment in the arrays."""
        return self.names.index(name)

    def total_com(self) -> FloatArray:
        """Centre of mass of the segments that are there, m, shape (frames, 3); the body's if :attr:`whole_body`."""
        return np.einsum("s,nsi->ni", self.mass_fraction / self.mass_fraction.sum(), self.com)


def in_words(names: Iterable[str]) -> str:
    """Segments for a person: both sides of a limb in one word, ``head, upper arms, left hand``."""
    given = list(dict.fromkeys(names))
    words: list[str] = []
    for name in given:
        stem, side = sided(name)
        if side is None:
            words.append(name)
        elif {f"{stem}_left", f"{stem}_right"} <= set(given):
            plural = "feet" if stem == "foot" else stem.replace("_", " ") + "s"
            words += [plural] if plural not in words else []
        else:
            words.append(f"{side} {stem.replace('_', ' ')}")
    return ", ".join(words)


@dataclass(frozen=True)
class _Part:
    row: str
    proximal: FloatArray
    distal: FloatArray
    across: FloatArray | None


def build_segments(
    points: xr.DataArray,
    *,
    sex: str | None = None,
    height: float | None = None,
    head: HeadModel | None = None,
    standing: xr.DataArray | None = None,
) -> Segments:
    """Build the segments that the points allow; the others are named in ``missing``, none is invented.

    Parameters
    ----------
    points
        Oriented, with joint centres (:func:`headway.body.joint_centres.add_joint_centres`), m.
    sex, height
        ``sex=None`` takes the mean of the male and the female table.
    head
        A head model made before; else it is made from ``points`` and ``standing``.
    standing
        See :func:`headway.body.head.head_model`.

    Notes
    -----
    de Leva 1996. Trunk from C7 to mid-hip, without C7 from mid-shoulder to mid-hip. Foot from heel to toe tip: a toe
    marker is taken as the tip; with metatarsal markers alone the tip is put on their line from the heel (±2 cm,
    flagged). A hand without a marker continues the forearm (flagged).
    """
    table = PointTable(points)
    flags: list[Flag] = []
    model = head if head is not None else head_of(table, sex, height, standing)
    parts = _parts(table, sex, flags)
    if sex is None:
        flags.append(Flag("sex_unknown", "info", TEXTS("lab.sex_unknown")))
    names = tuple(name for name in WHOLE_BODY if name in parts or (name == "head" and model))
    shape, mass, inertia = (table.frames, len(names)), np.empty(len(names)), np.empty((len(names), 3))
    com, endpoints = np.empty((*shape, 3)), np.full((*shape, 2, 3), np.nan)
    orientation = np.full((*shape, 3, 3), np.nan)
    for k, name in enumerate(names):
        if name == "head":
            assert model is not None
            mass[k], inertia[k] = model.mass_fraction, model.inertia
            com[:, k], orientation[:, k] = model.com, model.orientation
            continue
        part = parts[name]
        along = part.distal - part.proximal
        mass[k], fraction, radii = SEGMENTS[part.row].of(sex)
        com[:, k] = part.proximal + fraction * along
        endpoints[:, k, 0], endpoints[:, k, 1] = part.proximal, part.distal
        inertia[k] = _inertia(part.row, mass[k], radii, along)
        if part.across is not None:
            orientation[:, k] = _orientation(part.row, along, part.across)
    missing = tuple(name for name in WHOLE_BODY if name not in names)
    flags += model.flags if model else ()
    return Segments(names, mass, com, endpoints, orientation, inertia, missing, model, tuple(flags))


def _parts(table: PointTable, sex: str | None, flags: list[Flag]) -> dict[str, _Part]:
    parts: dict[str, _Part] = {}
    if table.has("mid_hip") and table.first("c7", "mid_shoulder"):
        row, top = ("trunk", "c7") if "c7" in table else ("trunk_mid_shoulder", "mid_shoulder")
        across = next((p for p in ("acromion", "shoulder", "hip") if table.has(f"{p}_left", f"{p}_right")), None)
        parts["trunk"] = _Part(row, table[top], table["mid_hip"], _arrow(table, across, "left", "right"))
    for side in ("left", "right"):
        for segment, above, below in _LIMBS:
            if table.has(f"{above}_{side}", f"{below}_{side}"):
                across = _towards_right(table, below, side)
                parts[f"{segment}_{side}"] = _Part(segment, table[f"{above}_{side}"], table[f"{below}_{side}"], across)
        _hand(table, side, sex, parts, flags)
        _foot(table, side, parts, flags)
    return parts


_LIMBS = (
    ("upper_arm", "shoulder", "elbow"),
    ("forearm", "elbow", "wrist"),
    ("hand", "wrist", "hand"),
    ("thigh", "hip", "knee"),
    ("shank", "knee", "ankle"),
)


def _arrow(table: PointTable, stem: str | None, start: str, stop: str) -> FloatArray | None:
    return table[f"{stem}_{stop}"] - table[f"{stem}_{start}"] if stem else None


def _towards_right(table: PointTable, joint: str, side: str) -> FloatArray | None:
    """Axis of a joint toward the runner's right, from its markers (palms forward: the radius is lateral)."""
    pairs = ((f"{joint}_lateral_{side}", f"{joint}_medial_{side}"), (f"{joint}_lateral_{side}", f"{joint}_{side}"))
    pairs = (*pairs, (f"{joint}_axis_{side}", f"{joint}_{side}"))
    if joint == "wrist":
        pairs = ((f"wrist_radial_{side}", f"wrist_ulnar_{side}"),)
    for lateral, medial in pairs:
        if table.has(lateral, medial):
            return (table[lateral] - table[medial]) * (1.0 if side == "right" else -1.0)
    return None


def _hand(table: PointTable, side: str, sex: str | None, parts: dict[str, _Part], flags: list[Flag]) -> None:
    forearm = parts.get(f"forearm_{side}")
    if f"hand_{side}" in parts or forearm is None:
        return
    tip = forearm.distal + ratio("hand", "forearm", sex) * (forearm.distal - forearm.proximal)
    parts[f"hand_{side}"] = _Part("hand", forearm.distal, tip, None)
    flags.append(Flag("hand_extrapolated", "info", TEXTS("lab.hand_extrapolated", side=side)))


def _foot(table: PointTable, side: str, parts: dict[str, _Part], flags: list[Flag]) -> None:
    if f"heel_{side}" not in table:
        return
    heel = table[f"heel_{side}"]
    balls = table.present((f"mt1_{side}", f"mt5_{side}")) or table.present((f"mt2_{side}",))
    if f"toe_{side}" in table:
        tip = table[f"toe_{side}"]
    elif balls:
        share = float(np.mean([FORWARD_SHARE[sided(name).stem] for name in balls]))
        tip = heel + (table.mean(*balls) - heel) / share
        stems = " and ".join(sided(name).stem for name in balls)
        text = TEXTS("lab.toe_tip_extrapolated", side=side, stems=stems)
        flags.append(Flag("toe_tip_extrapolated", "info", text))
    else:
        return
    across = table[f"mt5_{side}"] - table[f"mt1_{side}"] if table.has(f"mt1_{side}", f"mt5_{side}") else None
    lateral = table.first(f"ankle_lateral_{side}", f"ankle_axis_{side}")
    if across is None and lateral and f"ankle_{side}" in table:
        across = table[lateral] - table[f"ankle_{side}"]
    if across is not None and side == "left":
        across = -across
    parts[f"foot_{side}"] = _Part("foot", heel, tip, across)


def _inertia(row: str, mass: float, radii: tuple[float, float, float], along: FloatArray) -> FloatArray:
    """Per kg of body mass about forward, up and right; the foot's long axis is its forward axis."""
    sagittal, transverse, longitudinal = radii
    length = np.sqrt((along * along).sum(-1))
    length = float(np.median(length[np.isfinite(length)])) if np.isfinite(length).any() else float("nan")
    order = (longitudinal, sagittal, transverse) if row == "foot" else (sagittal, longitudinal, transverse)
    return mass * (length * np.array(order)) ** 2


def _orientation(row: str, along: FloatArray, across: FloatArray) -> FloatArray:
    if row != "foot":
        return frame_from(-along, across)
    turned = frame_from(along, -across)  # columns: (along × −across) = up of the foot, forward, −right
    return np.stack([turned[..., 1], turned[..., 0], -turned[..., 2]], axis=-1)

"""The moving stick figure and the timeline that every picture of the page follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from headway.recording import GRAVITY
from headway.report.curves import SIDES, FloatArray, Missing, contact_time, pick, plain
from headway.report.film_sync import Timeline
from headway.results import Entries
from headway.texts import TEXTS

MOST_FRAMES = 200
_TOP = ("neck_base", "c7", "mid_shoulder")
_BOTTOM = ("pelvis_centre", "mid_hip", "sacrum")
_TOES = ("toe", "mt2", "mt5", "mt1")
_JOINTS = {
    "shoulder": ("shoulder", "acromion"),
    "elbow": ("elbow", "elbow_lateral"),
    "wrist": ("wrist", "wrist_radial", "wrist_ulnar"),
}
_LEGS = {
    "hip": ("hip",),
    "knee": ("knee", "knee_lateral"),
    "ankle": ("ankle", "ankle_lateral"),
    "heel": ("heel",),
    "toe": _TOES,
}
LADDER_LEVELS = ("ankle", "knee", "hip", "lumbar", "neck")
Frames = list[list[float | None] | None]
"""Numbers per frame; ``None`` for a frame without any."""


@dataclass(frozen=True)
class StickFigure:
    """The stick figure over its frames, mm and N.

    Attributes
    ----------
    kind
        What motion is shown, in words.
    points
        Forward, up and right of every point.
    bones, trunk
        Lines as (from, to, part), and the corners of the trunk.
    head, neck, feet, toes
        Indices of points.
    levels
        Where the force of each level is drawn, by stance side.
    bounds
        Least and greatest place along each axis.
    force
        Force and centre of pressure by side.
    ladder
        Force by level.
    ground
        Height of the ground.
    weight, speed
        N, m/s.
    """

    kind: str
    points: Frames
    bones: list[tuple[int, int, str]]
    trunk: list[int]
    head: int | None
    neck: int | None
    feet: dict[str, int | None]
    toes: dict[str, int | None]
    levels: dict[str, dict[str, int | None]]
    bounds: list[tuple[int, int] | None]
    force: dict[str, Frames | None]
    ladder: dict[str, Frames] | None
    ground: int
    weight: float | None
    speed: float | None


def _first(names: Sequence[str], candidates: Sequence[str]) -> int | None:
    return next((names.index(name) for name in candidates if name in names), None)


def _sided(names: Sequence[str], side: str) -> dict[str, int | None]:
    return {part: _first(names, [f"{word}_{side}" for word in words]) for part, words in (_JOINTS | _LEGS).items()}


def _leg(at: dict[str, int | None], side: str) -> list[tuple[int | None, int | None, str]]:
    """Lines of one leg and foot; where a joint was not marked, a line of the part ``gap`` spans it."""
    chain = ["hip", "knee", "ankle", "heel"]
    seen = [part for part in chain if at[part] is not None]
    lines = [(at[a], at[b], side if chain.index(b) - chain.index(a) == 1 else "gap") for a, b in pairwise(seen)]
    return [*lines, (at["heel"], at["toe"], side), (at["ankle"], at["toe"], side)]


def _bones(names: Sequence[str]) -> tuple[list[tuple[int, int, str]], list[int]]:
    """Lines of the figure as (from, to, part), and the corners of the trunk where all four are there."""
    top, bottom, head = _first(names, _TOP), _first(names, _BOTTOM), _first(names, ("head_centre",))
    wanted: list[tuple[int | None, int | None, str]] = [(top, bottom, "trunk"), (top, head, "trunk")]
    parts = {side: _sided(names, side) for side in SIDES}
    for side, at in parts.items():
        wanted += [(top, at["shoulder"], "trunk"), (bottom, at["hip"], "trunk")]
        wanted += [(at["shoulder"], at["elbow"], side), (at["elbow"], at["wrist"], side)]
        wanted += _leg(at, side)
    bones = [(a, b, part) for a, b, part in wanted if a is not None and b is not None]
    corners = [parts["left"]["shoulder"], parts["right"]["shoulder"], parts["right"]["hip"], parts["left"]["hip"]]
    return bones, [corner for corner in corners if corner is not None] if None not in corners else []


def _level_points(names: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """Where the force of each level is drawn, by stance side."""
    found: dict[str, dict[str, int | None]] = {}
    for side in SIDES:
        at = _sided(names, side)
        found[side] = {
            "ankle": at["ankle"],
            "knee": at["knee"],
            "hip": at["hip"],
            "lumbar": _first(names, _BOTTOM),
            "neck": _first(names, _TOP),
        }
    return found


def percentages(contact: Sequence[bool], loop: bool) -> list[float | None]:
    """Turn the contact of one foot, frame by frame, into % of stance; ``None`` off the ground.

    Parameters
    ----------
    contact
        Whether the foot is on the ground.
    loop
        Whether the last frame is followed by the first, so that a stance may run across the end.
    """
    touching = np.asarray(contact, dtype=bool)
    count = len(touching)
    result: list[float | None] = [None] * count
    if not touching.any() or touching.all():
        return result
    start = int(np.flatnonzero(~touching)[0]) if loop else 0
    order = [(start + i) % count for i in range(count)]
    run: list[int] = []
    for frame in [*order, -1]:
        if frame >= 0 and touching[frame]:
            run.append(frame)
            continue
        for place, member in enumerate(run):
            result[member] = round(100.0 * place / max(len(run) - 1, 1), 2)
        run = []
    return result


def stance_timeline(waveforms: xr.Dataset, entries: Entries) -> Timeline:
    """Build a timeline without a figure: one stance of each foot that has a curve, one after the other."""
    time: list[float] = []
    percent: dict[str, list[float | None]] = {side: [] for side in SIDES}
    clock = 0.0
    for side in SIDES:
        if not any(_has_curve(waveforms, str(name), side) for name in waveforms.data_vars):
            continue
        duration = contact_time(entries, side) or 0.25
        for place in range(101):
            time.append(round(clock + duration * place / 100.0, 5))
            for other in SIDES:
                percent[other].append(float(place) if other == side else None)
        clock = time[-1] + duration / 100.0
    return Timeline(time, True, percent)


def _has_curve(waveforms: xr.Dataset, name: str, side: str) -> bool:
    array = waveforms[name]
    return "side" in array.dims and "stance" in array.dims and pick(waveforms, name, side=side) is not None


def _vectors(values: FloatArray, decimals: int) -> Frames:
    """Flatten every frame; a frame without any number becomes ``None``."""
    flat = values.reshape(len(values), -1)
    return [plain(row, decimals) if np.isfinite(row).any() else None for row in flat]


def _bounds(points: FloatArray, axis: int) -> tuple[int, int] | None:
    """Least and greatest place along an axis, mm; ``None`` for one that was not seen (film)."""
    values = points[:, :, axis] * 1e3
    if not np.isfinite(values).any():
        return None
    return int(np.floor(np.nanmin(values))), int(np.ceil(np.nanmax(values)))


def figure(
    waveforms: xr.Dataset, speed: float | None, mass: float | None, levels: Collection[str] = LADDER_LEVELS
) -> tuple[StickFigure, Timeline] | Missing:
    """Build the stick figure and its timeline.

    Parameters
    ----------
    waveforms
        With ``figure`` (frame, figure_point, axis; m) and what goes with it.
    speed
        m/s, for the marks on the ground that pass under the runner; ``None`` leaves them out.
    mass
        kg, for the length of the arrows; ``None`` scales them by the greatest force.
    levels
        Levels of the ladder that were measured; others are not drawn.
    """
    if "figure" not in waveforms or not np.isfinite(waveforms["figure"].to_numpy()).any():
        return Missing(
            TEXTS("absent.figure"),
            TEXTS("remedy.figure"),
        )
    frames = waveforms.sizes["frame"]
    thin = waveforms.isel(frame=slice(None, None, -(-frames // MOST_FRAMES)))
    points = thin["figure"].transpose("frame", "figure_point", "axis").sel(axis=["forward", "up", "right"]).to_numpy()
    names = [str(name) for name in thin["figure_point"].to_numpy()]
    kind = str(thin.attrs.get("figure_kind", "the recorded motion"))
    loop = "stride" in kind
    bones, trunk = _bones(names)
    drawn = StickFigure(
        kind=kind,
        points=_vectors(points * 1e3, 0),
        bones=bones,
        trunk=trunk,
        head=_first(names, ("head_centre",)),
        neck=_first(names, _TOP[:2]),
        feet={side: _sided(names, side)["heel"] for side in SIDES},
        toes={side: _sided(names, side)["toe"] for side in SIDES},
        levels=_level_points(names),
        bounds=[_bounds(points, axis) for axis in range(3)],
        force={side: _force(thin, side) for side in SIDES},
        ladder=_ladder(thin, levels),
        ground=_ground(thin, points),
        weight=None if mass is None else round(mass * GRAVITY, 1),
        speed=speed,
    )
    time = [float(at) + 0.0 for at in np.round(_times(thin), 4)]
    return drawn, Timeline(time, loop, _contact(thin, loop))


def _times(waveforms: xr.Dataset) -> FloatArray:
    time = waveforms["figure_time"].to_numpy().astype(np.float64)
    return time - time[0]


def _contact(waveforms: xr.Dataset, loop: bool) -> dict[str, list[float | None]]:
    empty: list[float | None] = [None] * waveforms.sizes["frame"]
    if "figure_contact" not in waveforms:
        return {side: list(empty) for side in SIDES}
    present = waveforms["side"].to_numpy().tolist()
    contact = waveforms["figure_contact"]
    return {
        side: percentages(contact.sel(side=side).to_numpy() == 1, loop) if side in present else list(empty)
        for side in SIDES
    }


def _force(waveforms: xr.Dataset, side: str) -> Frames | None:
    """Per frame force (N) and centre of pressure (mm), where both are known."""
    if (
        "figure_force" not in waveforms
        or "figure_cop" not in waveforms
        or side not in waveforms["side"].to_numpy().tolist()
    ):
        return None
    force = waveforms["figure_force"].sel(side=side).transpose("frame", "axis").to_numpy()
    place = waveforms["figure_cop"].sel(side=side).transpose("frame", "axis").to_numpy() * 1e3
    both = np.concatenate([force, place], axis=1)
    both[~np.isfinite(both).all(axis=1)] = np.nan
    return _vectors(both, 0) if np.isfinite(both).any() else None


def _ladder(waveforms: xr.Dataset, wanted: Collection[str]) -> dict[str, Frames] | None:
    """Per level and frame the force (N), at the levels that were measured and whose place is known."""
    if "figure_ladder" not in waveforms:
        return None
    places = _level_points([str(name) for name in waveforms["figure_point"].to_numpy()])
    present = set(waveforms["level"].to_numpy().tolist()) & set(wanted)
    found = {}
    for level in LADDER_LEVELS:
        if level in present and any(places[side][level] is not None for side in SIDES):
            forces = waveforms["figure_ladder"].sel(level=level).transpose("frame", "axis").to_numpy()
            found[level] = _vectors(forces, 0)
    return {level: values for level, values in found.items() if any(values)} or None


def _ground(waveforms: xr.Dataset, points: FloatArray) -> int:
    """Height of the ground in mm: of the centre of pressure, else just below the lowest point."""
    if "figure_cop" in waveforms:
        height = waveforms["figure_cop"].sel(axis="up").to_numpy()
        if np.isfinite(height).any():
            return int(np.nanmedian(height) * 1e3)
    height = _bounds(points, 1)
    return (0 if height is None else height[0]) - 15

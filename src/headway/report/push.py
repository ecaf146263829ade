"""What pushes the head, as a picture: the runner with the head's acceleration taken apart, and areas over stance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from markupsafe import Markup

from headway.dynamics.push import DIRECTIONS, SOURCES
from headway.report.chart import Drawing, Plot
from headway.report.curves import SIDES, FloatArray
from headway.report.numbers import number, with_unit
from headway.results import Entries, Summary, Value
from headway.results.fitted import BodyFound
from headway.texts import TEXTS

AXES = {"up": "up", "forward": "forward", "lateral": "right"}
BONES = (
    ("head_centre", "neck_base"), ("neck_base", "mid_hip"),
    *((f"{one}_{leg}", f"{other}_{leg}") for leg in ("swing", "stance") for one, other in (
        ("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "toe_joint"),
        ("ankle", "toe_joint"), ("toe_joint", "sole_toe"))),
    ("shoulder_stance", "neck_base"), ("shoulder_swing", "neck_base"), ("hip_stance", "mid_hip"), ("hip_swing", "mid_hip"),
)  # fmt: skip
INSTANT = 75
"""% of stance at which the runner is drawn: the middle of push-off."""
TALLEST = 0.75
"""Length of the tallest stack of arrows, m of the picture."""
MOST = 2
"""Sources that are named in the sentence, either way."""
SMALL = 0.02
"""m/s below which a source is left out of the sentence."""
FAINT = 1.0
"""W below which a source is left out of the sentence on power."""


@dataclass(frozen=True)
class PushPicture:
    """What the template needs.

    Attributes
    ----------
    point
        In words.
    sentence, power, caveat
        What it says, what power the head gets (empty where its motion was not recorded by markers), and what it rests on.
    figure, strips
        Drawings; of the strips with their titles.
    legend
        Class and words of every source.
    rows
        Of the comparison of the ideas of the ground: words, and up and forward under each.
    grounds
        Names of these ideas.
    quality
        How well the body was fitted, as words and values.
    """

    point: str
    sentence: str
    power: str
    caveat: str
    figure: Markup
    strips: list[tuple[str, Markup]]
    legend: list[tuple[str, str]]
    rows: list[tuple[str, list[str]]]
    grounds: list[str]
    quality: list[tuple[str, str]]


def push_picture(summary: Summary, waveforms: xr.Dataset) -> PushPicture | None:
    """Lay out the picture; ``None`` where no body was fitted, none converged, or a film tells none of the numbers."""
    body = summary.body
    if body is None or "push_acceleration" not in waveforms:
        return None
    point = "head" if body.head_seen else "neck_base"
    if body.films and not any(isinstance(summary.metrics.get(f"{point}_push_{one}_up"), Value) for one in SOURCES):
        return None  # a film that shows none of it to within anything
    curves = {axis: _curves(waveforms, point, name) for axis, name in AXES.items()}
    total = {axis: _total(waveforms, point, name) for axis, name in AXES.items()}
    return PushPicture(
        TEXTS(f"push.point_{point}"),
        _sentence(summary.metrics, point),
        "" if body.films or not body.head_seen else _power(waveforms),
        _caveat(summary, body, point),
        _figure(waveforms, point, curves),
        [
            (title := TEXTS(f"push.{axis}"), _strip(title, curves[axis], total[axis]))
            for axis in DIRECTIONS
            if np.isfinite(total[axis]).any()
        ],
        [(f"by-{source}", TEXTS(f"push.by_{source}")) for source in SOURCES],
        _rows(body, point),
        [TEXTS(f"push.ground_{name}") for name in dict.fromkeys(one.ground for one in body.grounds)],
        _quality(body),
    )


def _feet(values: FloatArray) -> FloatArray:
    """Mean of the two feet, as far as they are there."""
    seen = np.isfinite(values)
    return np.where(seen.any(0), np.where(seen, values, 0.0).sum(0) / np.maximum(seen.sum(0), 1), np.nan)


def _curves(waveforms: xr.Dataset, point: str, axis: str) -> FloatArray:
    """By source over stance, m/s², shape (sources, 101)."""
    chosen = waveforms["push_acceleration"].sel(ground="rolling", pushed=point, axis=axis)
    return _feet(chosen.transpose("side", "source", "stance").to_numpy())


def _total(waveforms: xr.Dataset, point: str, axis: str) -> FloatArray:
    return _feet(waveforms["push_total"].sel(pushed=point, axis=axis).transpose("side", "stance").to_numpy())


def _sentence(entries: Entries, point: str) -> str:
    found = {source: entries.get(f"{point}_push_{source}_up") for source in SOURCES}
    values = {source: one for source, one in found.items() if isinstance(one, Value) and abs(one.value) >= SMALL}
    if not values:
        return TEXTS("push.no_step")
    total = sum(one.value for one in values.values())
    up, down = _either_way({source: one.value for source, one in values.items()}, "m/s", 2)
    return TEXTS(
        "push.gains" if total > 0 else "push.loses",
        point=TEXTS(f"push.point_{point}"),
        total=with_unit(number(abs(total), 2), "m/s"),
        up=up,
        down=down,
    )


def _power(waveforms: xr.Dataset) -> str:
    """Power that the head gets in the middle of push-off."""
    every = _feet(waveforms["push_power"].isel(stance=INSTANT).transpose("side", "source").to_numpy())
    if not np.isfinite(every).all():
        return ""
    total = float(every.sum())
    found = {source: float(one) for source, one in zip(SOURCES, every, strict=True) if abs(one) >= FAINT}
    gives, takes = _either_way(found, "W", 0)
    size = with_unit(number(abs(total), 0), "W")
    return TEXTS("push.power_gains" if total > 0 else "push.power_loses", total=size, gives=gives, takes=takes)


def _either_way(values: Mapping[str, float], unit: str, digits: int) -> tuple[str, str]:
    """Sources that give and those that take, the greatest first, in words."""

    def told(sources: Sequence[str]) -> str:
        rest = sum(abs(values[source]) for source in sources[MOST:])
        parts = [
            f"{TEXTS(f'push.by_{source}')} {with_unit(number(abs(values[source]), digits), unit)}"
            for source in sources[:MOST]
        ]
        if rest:
            parts.append(TEXTS("push.others", size=with_unit(number(rest, digits), unit)))
        listed = [one for one in (", ".join(parts[:-1]), *parts[-1:]) if one]
        return TEXTS("push.and").join(listed) or TEXTS("push.nothing")

    order = sorted(values, key=lambda source: -abs(values[source]))
    return told([one for one in order if values[one] > 0]), told([one for one in order if values[one] < 0])


def _caveat(summary: Summary, body: BodyFound, point: str) -> str:
    parts = [TEXTS("push.caveat")]
    if not body.head_seen:
        parts.append(TEXTS("push.caveat_no_head"))
    if body.films:
        entries = (summary.metrics.get(f"{point}_push_{source}_up") for source in SOURCES)
        ends = [one.ci95 for one in entries if isinstance(one, Value) and one.ci95 is not None]
        widest = max(((high - low) / 2 for low, high in ends), default=float("nan"))
        parts.append(TEXTS("push.caveat_film", error=with_unit(number(widest, 2), "m/s")))
    return " ".join(parts)


def _figure(waveforms: xr.Dataset, point: str, curves: dict[str, FloatArray]) -> Markup:
    """The runner in the middle of push-off from the side, with arrows head to tail."""
    side = next((one for one in reversed(SIDES) if np.isfinite(waveforms["body_place"].sel(side=one)).any()), SIDES[0])
    places = waveforms["body_place"].sel(side=side).isel(stance=INSTANT).transpose("place", "axis").to_numpy()
    names = [str(name) for name in waveforms["place"].to_numpy()]
    at = {name: place for name, place in zip(names, places, strict=True)}
    middle = at["mid_hip"][0]
    scale, width, height = 200.0, 420.0, 520.0

    def x(value: float) -> float:
        return width * 0.45 + scale * (value - middle)

    def y(value: float) -> float:
        return height - 30 - scale * value

    drawing = Drawing(
        width, height, TEXTS("push.figure_title"), TEXTS("push.figure_label", point=TEXTS(f"push.point_{point}"))
    )
    drawing.rule("ground", (20.0, width - 20), (y(0), y(0)))
    for one, other in BONES:
        style = "bone swing" if "swing" in one + other else "bone"
        drawing.line(style, [x(at[one][0]), x(at[other][0])], [y(at[one][1]), y(at[other][1])])
    drawing.dot("head", x(at["head_centre"][0]), y(at["head_centre"][1]), 20)
    parts = np.stack([curves["forward"][:, INSTANT], curves["up"][:, INSTANT]], axis=1)
    order = sorted(range(len(SOURCES)), key=lambda k: -parts[k, 1])
    ends = np.concatenate([[[0.0, 0.0]], np.cumsum(parts[order], axis=0)])
    factor = TALLEST / max(float(np.ptp(ends[:, 1])), float(np.ptp(ends[:, 0])), 1e-9)
    from_ = at["head_centre" if point == "head" else "neck_base"][:2].copy()
    aside = 0.0
    for k, start, end in zip(order, ends[:-1], ends[1:], strict=True):
        if parts[k, 1] < 0 and aside == 0.0:
            aside = 0.06  # what pulls down runs beside what pushes up
        a, b = from_ + factor * start + [aside, 0.0], from_ + factor * end + [aside, 0.0]
        _arrow(drawing, f"by-{SOURCES[k]}", (x(a[0]), y(a[1])), (x(b[0]), y(b[1])))
    return drawing.svg()


def _arrow(drawing: Drawing, style: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    along = np.subtract(end, start)
    length = float(np.hypot(*along))
    if length < 2:
        return
    unit = along / length
    tip, across = min(9.0, length * 0.6), np.array([-unit[1], unit[0]])
    base = np.asarray(end) - unit * tip
    drawing.line(f"shaft {style}", [start[0], base[0]], [start[1], base[1]])
    corners = np.stack([end, base + across * tip * 0.55, base - across * tip * 0.55])
    drawing.line(f"tip {style}", corners[:, 0], corners[:, 1])


def _strip(title: str, curves: FloatArray, total: FloatArray) -> Markup:
    """Areas by source over stance, those up on top of each other and those down below, and their sum as a line."""
    share = np.arange(curves.shape[1], dtype=float)
    above, below = np.clip(np.nan_to_num(curves), 0, None), np.clip(np.nan_to_num(curves), None, 0)
    highest, lowest = float(above.sum(0).max()), float(below.sum(0).min())
    room = 0.05 * (highest - lowest)
    plot = Plot(
        (520, 206), (46, 8, 34, 26), (0, 100), (lowest - room, highest + room), title, TEXTS("push.strip_label")
    )
    plot.levels(unit="m/s²")
    x = plot.across(share)
    up, down = np.zeros_like(share), np.zeros_like(share)
    for k, source in enumerate(SOURCES):
        plot.area(f"by-{source}", x, plot.up(up), plot.up(up + above[k]))
        plot.area(f"by-{source}", x, plot.up(down), plot.up(down + below[k]))
        up, down = up + above[k], down + below[k]
    plot.line("sum", x, plot.up(total))
    marks, anchors = (0, 25, 50, 75, 100), ("start", "middle", "middle", "middle", "end")
    plot.below(marks, [f"{mark} %" for mark in marks], anchors, 200)
    return plot.svg()


def _rows(body: BodyFound, point: str) -> list[tuple[str, list[str]]]:
    grounds = list(dict.fromkeys(one.ground for one in body.grounds))
    held = {(one.ground, one.source): one for one in body.grounds if one.pushed == point}
    return [
        (
            TEXTS(f"push.by_{source}"),
            [f"{number(held[ground, source].up, 2)} / {number(held[ground, source].forward, 2)}" for ground in grounds],
        )
        for source in SOURCES
        if all((ground, source) in held for ground in grounds)
    ]


def _quality(body: BodyFound) -> list[tuple[str, str]]:
    forward, up, right = (number(value, 3) for value in body.force_rms)
    told = {
        "strides": TEXTS("push.strides", n=body.strides, tried=body.tried),
        "joints": TEXTS(
            "push.joints", joints=number(1e3 * body.joint_rms, 1), markers=number(1e3 * body.marker_rms, 1)
        ),
        "force": TEXTS("push.force", forward=forward, up=up, right=right, source=TEXTS(f"table.{body.force}")),
        "equations": TEXTS("push.equations", violation=body.violation, between=number(body.between, 3)),
        "contact": TEXTS("push.contact", miss=body.contact_law),
    }
    return [(TEXTS(f"push.quality_{key}"), text) for key, text in told.items()]

"""Points and lines over speed as SVG text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 310, 270, 40, 10, 26, 62
SPEEDS = (1.7, 5.2)
OURS, THEIRS = "#c2410c", "#1d4ed8"
DASHES = {"ours": "", "theirs": ' stroke-dasharray="6 4"'}
COLOURS = {"ours": OURS, "theirs": THEIRS}


@dataclass(frozen=True)
class Cloud:
    """Points of one runner, joined by a thin line; ``look`` is ``grey`` or ``hollow``."""

    speed: FloatArray
    value: FloatArray
    look: str


@dataclass(frozen=True)
class Line:
    """A relation, ``ours`` or ``theirs``, with a band or without."""

    speed: FloatArray
    value: FloatArray
    whose: str
    band: tuple[FloatArray, ...] | None


@dataclass(frozen=True)
class Panel:
    """One picture."""

    heading: str
    ends: tuple[float, float]
    clouds: list[Cloud]
    lines: list[Line]
    source: str


def picture(panels: list[Panel]) -> str:
    """All panels side by side as one SVG file."""
    width = WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{HEIGHT}" fill="white"/>',
    ]
    for index, panel in enumerate(panels):
        parts += _panel(panel, index * WIDTH)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, left: float) -> list[str]:
    low, high = panel.ends

    def place(speed: FloatArray, value: FloatArray) -> list[tuple[float, float]]:
        x = left + LEFT + (speed - SPEEDS[0]) / (SPEEDS[1] - SPEEDS[0]) * (WIDTH - LEFT - RIGHT)
        y = TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def path(speed: FloatArray, value: FloatArray) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in place(speed, value))

    parts = [f'<text x="{left + LEFT}" y="14" font-weight="bold">{panel.heading}</text>']
    for level in np.linspace(low, high, 6 if high - low > 200 else 5):
        ends = np.array(SPEEDS), np.array([level, level])
        parts.append(f'<polyline points="{path(*ends)}" stroke="#e5e5e5" fill="none"/>')
        y = place(*ends)[0][1]
        parts.append(
            f'<text x="{left + LEFT - 5}" y="{y + 3:.1f}" text-anchor="end">{level:.{0 if high > 1 else 2}f}</text>'
        )
    floor = HEIGHT - BOTTOM
    for speed in (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0):
        x = place(np.array([speed]), np.array([low]))[0][0]
        parts.append(
            f'<text x="{x:.1f}" y="{floor + 14}" text-anchor="middle">{speed:g}{" m/s" if speed == 5 else ""}</text>'
        )
    for line in panel.lines:
        if line.band is not None:
            around = np.concatenate([line.speed, line.speed[::-1]]), np.concatenate([line.band[0], line.band[1][::-1]])
            parts.append(f'<polygon points="{path(*around)}" fill="{COLOURS[line.whose]}" opacity="0.18"/>')
    for cloud in panel.clouds:
        hollow = cloud.look == "hollow"
        parts.append(
            f'<polyline points="{path(cloud.speed, cloud.value)}" stroke="{"#777777" if hollow else "#c8c8c8"}" fill="none"/>'
        )
        fill = 'fill="white" stroke="#333333"' if hollow else 'fill="#8a8a8a"'
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 if hollow else 2.2}" {fill}/>'
            for x, y in place(cloud.speed, cloud.value)
        ]
    for line in panel.lines:
        drawn = f'stroke="{COLOURS[line.whose]}" stroke-width="2"{DASHES[line.whose]} fill="none"'
        parts.append(f'<polyline points="{path(line.speed, line.value)}" {drawn}/>')
    parts.append(
        f'<text x="{left + LEFT}" y="{floor + 32}" fill="{OURS}">within these runners, 95 % band of the slope</text>'
    )
    parts.append(f'<text x="{left + LEFT}" y="{floor + 46}" fill="{THEIRS}">{panel.source}</text>')
    return parts

"""Small line plots as SVG text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray

WIDTH, HEIGHT, MARGIN = 300, 190, 34
COLOURS = {"plate": "#444444", "estimate": "#c2410c", "measured": "#444444", "simulated": "#c2410c"}


@dataclass(frozen=True)
class Panel:
    """One picture: a heading and curves by name against the share of stance; the spread is drawn as a band."""

    heading: str
    curves: dict[str, tuple[FloatArray, FloatArray]]
    low: float
    high: float


def picture(panels: list[Panel], caption: str) -> str:
    """All panels side by side as one SVG file."""
    width = WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{HEIGHT}" fill="white"/>',
    ]
    for index, panel in enumerate(panels):
        parts += _panel(panel, index * WIDTH, caption)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, left: float, caption: str) -> list[str]:
    inner, tall = WIDTH - MARGIN - 10, HEIGHT - MARGIN - 22

    def place(share: FloatArray, value: FloatArray) -> str:
        x = left + MARGIN + share * inner
        y = 20 + (panel.high - value) / (panel.high - panel.low) * tall
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))

    parts = [f'<text x="{left + MARGIN}" y="13" font-weight="bold">{panel.heading}</text>']
    for level in np.linspace(panel.low, panel.high, 4):
        ends = place(np.array([0.0, 1.0]), np.array([level, level]))
        y = float(ends.split()[0].split(",")[1])
        parts.append(f'<polyline points="{ends}" stroke="#dddddd" fill="none"/>')
        parts.append(f'<text x="{left + MARGIN - 4}" y="{y + 3:.1f}" text-anchor="end">{level:.1f}</text>')
    for k, (name, (mean, spread)) in enumerate(panel.curves.items()):
        share = np.linspace(0, 1, len(mean))
        band = place(np.concatenate([share, share[::-1]]), np.concatenate([mean + spread, (mean - spread)[::-1]]))
        parts.append(f'<polygon points="{band}" fill="{COLOURS[name]}" opacity="0.2"/>')
        parts.append(
            f'<polyline points="{place(share, mean)}" stroke="{COLOURS[name]}" stroke-width="1.5" fill="none"/>'
        )
        parts.append(f'<text x="{left + WIDTH - 70}" y="{30 + 12 * k}" fill="{COLOURS[name]}">{name}</text>')
    parts.append(f'<text x="{left + MARGIN}" y="{HEIGHT - 4}">{caption}</text>')
    return parts

"""What is seen of an analysis at a glance: one picture and the numbers of one sentence, made when it is analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from headway.analysis.analysis import Analysis

Say = Literal["sway", "rise", "gain", "shock", "rhythm"]
FIRST: tuple[tuple[Say, str], ...] = (
    ("sway", "lateral_bounce_amplitude"),
    ("rise", "head_vertical_oscillation"),
    ("gain", "head_pelvis_vertical_gain"),
    ("shock", "head_acceleration_peak"),
    ("rhythm", "cadence"),
)
"""Which sentence is said: that of the first metric that has a value."""
EVERY = 5
"""Per cent of stance between two points of the picture."""


class Way(msgspec.Struct, frozen=True):
    """The head's way over one stance foot: mm to the side of the foot (outwards +), and its place at midstance of every step."""

    side: Literal["left", "right"]
    lateral: list[float]
    dots: list[float]


class GlanceKept(msgspec.Struct, frozen=True):
    """One picture and one sentence.

    Attributes
    ----------
    say, metric
        Which sentence (``glance`` in the catalogue), about which metric; ``None`` where nothing was measured.
    feet
        The picture; empty where the head over the feet is not seen.
    steps, speed
        How many steps, and how fast (m/s).
    lacks
        Views that would show more: ``side``, ``rear``.
    warnings
        How many remarks a reader has to know.
    """

    say: Say | None
    metric: str
    feet: list[Way]
    steps: int
    speed: float | None
    lacks: list[str]
    warnings: int


def glance(analysis: Analysis) -> GlanceKept:
    """What is seen of an analysis at a glance."""
    from headway.metrics.sanity import sound
    from headway.results import Value

    summary = analysis.summary
    told = sound(summary)
    said = next((one for one in FIRST if isinstance(told.get(one[1]), Value)), None)
    views = set(summary.recording.view.split("+"))
    complete = views & {"3d", "sensor"} or {"side"} < views
    return GlanceKept(
        say=said[0] if said else None,
        metric=said[1] if said else "",
        feet=_ways(analysis),
        steps=summary.steps.count,
        speed=summary.recording.speed,
        lacks=[] if complete else ["rear" if "side" in views else "side"],
        warnings=sum(flag.level != "info" for flag in summary.quality),
    )


def _ways(analysis: Analysis) -> list[Way]:
    from headway.report.curves import Missing
    from headway.report.overfoot import over_foot

    drawn = over_foot(analysis.waveforms, analysis.steps, analysis.summary.metrics)
    if isinstance(drawn, Missing):
        return []
    out = []
    for side in ("left", "right"):
        lane = drawn.feet.get(side, {}).get("head")
        if lane is None or any(value is None for value in lane.lateral):
            continue
        path = [value for value in lane.lateral[::EVERY] if value is not None]
        out.append(Way(side, path, [dot for dot in lane.dots if dot is not None][:200]))
    return out

"""The one thing that whoever made a recording can do next, with what they have."""

from __future__ import annotations

from dataclasses import dataclass

from headway.report.answer import Answer
from headway.results import Summary, Value

FINE_RATE, FINE_STRIDES = 100.0, 20
"""Frames per second and strides of a film that shows small differences."""


@dataclass(frozen=True)
class RecordNext:
    """What to do, and what it brings; ``command`` is a line for the terminal, where there is one."""

    do: str
    brings: str
    command: str = ""


EXPERIMENT = RecordNext(
    "Try the drill as an experiment on yourself.",
    "Short runs with and without it in an order drawn by lot show whether anything changes, and can come out negative.",
    "headway plan",
)
LAG = "head_lag_vertical"
GAIN = "head_pelvis_vertical_gain"


def record_next(summary: Summary, said: Answer) -> RecordNext:
    """Choose it by what was recorded, and by what is missing or too uncertain in the answer."""
    read = {row.metric for row in said.battery if row.reading not in ("open", "unseen")}
    if summary.sensors is not None:
        return _worn(summary, LAG in read)
    return _markers(summary) if summary.recording.camera is None else _film(summary, read >= {LAG, GAIN})


def _has(summary: Summary, *names: str) -> bool:
    return all(isinstance(summary.metrics.get(name), Value) for name in names)


def _film(summary: Summary, read: bool) -> RecordNext:
    recording, camera = summary.recording, summary.recording.camera
    assert camera is not None
    if camera.kind == "shaking":
        return RecordNext("Film again with the phone on something that stands still.", "Then heights can be measured.")
    if not read:
        few = summary.steps.count < 2 * FINE_STRIDES or camera.rate < FINE_RATE
        how = "20 strides or more at 120 frames/s" if few else "closer, the whole runner in the picture"
        return RecordNext(f"Film {how}.", "Then it shows whether the head rises together with the pelvis.")
    other = {
        "side": ("behind", "whether the head is over the foot on the ground"),
        "rear": ("the side", "how far the head nods and how the trunk leans"),
        "front": ("the side", "how far the head nods and how the trunk leans"),
    }
    if recording.view in other:
        where, brings = other[recording.view]
        return RecordNext(f"Film the same run from {where} too, and give both films.", f"It shows {brings}.")
    return EXPERIMENT


def _worn(summary: Summary, read: bool) -> RecordNext:
    worn = {one.where for one in summary.sensors or ()}
    if not _has(summary, LAG):
        for place in ("head", "sacrum"):
            if place not in worn:
                return RecordNext(
                    f"Wear a sensor on the {place} too.",
                    "Then it shows whether the head rises together with the pelvis.",
                )
    if not read:
        return RecordNext(
            "Record five minutes or more of steady running.", "More strides make small differences visible."
        )
    return EXPERIMENT


def _markers(summary: Summary) -> RecordNext:
    if not _has(summary, "neck_force_peak"):
        return RecordNext(
            "Put three or more markers around the head and record again.",
            "Without them nothing of what the head does can be measured.",
        )
    if not _has(summary, LAG):
        return RecordNext(
            "Record ten strides or more: a treadmill, or several passes.", "A single step has no interval."
        )
    if not _has(summary, "push_through_angle"):
        return RecordNext(
            "Record the runner standing still with the same markers, and give that file too.",
            "It shows which way is up for the head, and so whether the push runs along it.",
            "headway analyze RUN --standing STANDING",
        )
    if summary.force.status != "measured":
        return RecordNext("Record with force plates.", "They show where the line of the push meets the head.")
    return EXPERIMENT

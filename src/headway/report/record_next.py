"""The one thing that whoever made a recording can do next, with what they have."""

from __future__ import annotations

from dataclasses import dataclass

from headway.metrics.needs import FINE_STRIDES
from headway.recording import Camera
from headway.report.answer import Answer
from headway.results import Summary, Value
from headway.texts import TEXTS


@dataclass(frozen=True)
class RecordNext:
    """What to do, and what it brings; ``command`` is a line for the terminal, where there is one."""

    do: str
    brings: str
    command: str = ""


LAG = "head_lag_vertical"
SUREST = 0.012
"""Half of the range, s, that a film reads the lag to: what is left is the error of any film, which no longer or finer one takes away."""
OTHER_SIDE = {"side": "rear", "rear": "side", "front": "side"}
"""From where to film too."""


def record_next(summary: Summary, said: Answer) -> RecordNext:
    """Choose it by what was recorded, and by what is missing or too uncertain in the answer."""
    read = {row.metric for row in said.battery if row.reading not in ("open", "unseen")}
    if summary.sensors is not None:
        do, brings = _worn(summary, LAG in read)
    elif summary.recording.camera is None:
        do, brings = _markers(summary)
    else:
        do, brings = _film(summary, summary.recording.camera, LAG in read)
    camera = summary.recording.camera
    factors = TEXTS("step.or").join(f"{one:.3g}" for one in (camera.tempo if camera else ()))
    return RecordNext(TEXTS(f"step.{do}", factors=factors), TEXTS(f"step.{brings}"), COMMANDS.get(do, ""))


COMMANDS = {
    "tempo_do": "headway analyze FILM --slow-motion FACTOR",
    "experiment_do": "headway plan",
    "standing_do": "headway analyze RUN --standing STANDING",
}
"""Line for the terminal, by what is to be done."""
EXPERIMENT = ("experiment_do", "experiment_brings")


def _has(summary: Summary, *names: str) -> bool:
    return all(isinstance(summary.metrics.get(name), Value) for name in names)


def _film(summary: Summary, camera: Camera, read: bool) -> tuple[str, str]:
    if camera.tempo:
        return "tempo_do", "tempo_brings"
    if camera.kind == "shaking":
        return "still_do", "still_brings"
    lag = summary.metrics.get(LAG)
    if not isinstance(lag, Value):
        return "closer_do", "late_brings"
    if not read and (lag.ci95 is None or lag.ci95[1] - lag.ci95[0] > 2 * SUREST):
        return "longer_film_do" if summary.steps.count < 2 * FINE_STRIDES else "closer_do", "late_brings"
    other = OTHER_SIDE.get(summary.recording.view)
    return EXPERIMENT if other is None else (f"other_do_{other}", f"other_brings_{other}")


def _worn(summary: Summary, read: bool) -> tuple[str, str]:
    worn = {one.where for one in summary.sensors or ()}
    if not _has(summary, LAG):
        for place in ("head", "sacrum"):
            if place not in worn:
                return f"wear_do_{place}", "rise_brings"
    return EXPERIMENT if read else ("longer_do", "longer_brings")


def _markers(summary: Summary) -> tuple[str, str]:
    if not _has(summary, "neck_force_peak"):
        return "head_markers_do", "head_markers_brings"
    if not _has(summary, LAG):
        return "strides_do", "strides_brings"
    if not _has(summary, "push_through_angle"):
        return "standing_do", "standing_brings"
    if summary.force.status != "measured":
        return "plates_do", "plates_brings"
    return EXPERIMENT

"""What sensors measure: the metrics of the registry that they carry, with how a sensor defines them and how strides become one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from headway.metrics import REGISTRY

Kind = Literal["mean", "ratio", "amplitude", "phase", "locking", "gain", "lag", "asymmetry"]


@dataclass(frozen=True)
class Quantity:
    """One quantity.

    Attributes
    ----------
    name, title, definition, unit, kind
        As in the metric registry; ``kind`` is a key of :data:`headway.statistics.REDUCERS`.
    family, plane
        Section of the report, plane of motion.
    source
        Definition number and paper.
    claims
        The coach's statements it bears on.
    """

    name: str
    title: str
    definition: str
    unit: str
    kind: Kind
    family: str
    plane: str = "none"
    source: str = ""
    claims: tuple[str, ...] = ()


class NotCarried(Exception):
    """A quantity that this run cannot carry: why, and what to record instead."""

    def __init__(self, why: str, record: str) -> None:
        self.why, self.record = why, record
        super().__init__(why)


_PLACES = (("", "head"), ("pelvis_", "sacrum"))


def _of(name: str, definition: str = "", kind: Kind | None = None) -> Quantity:
    """Quantity with the words of the registry; with a definition and a kind of its own where a sensor measures it in another way."""
    one = REGISTRY[name]
    return Quantity(
        name,
        one.title,
        definition or one.definition,
        one.unit,
        kind or cast("Kind", one.kind),
        one.family,
        one.plane,
        one.source,
        one.claims,
    )


def _bounce(prefix: str, place: str) -> tuple[Quantity, ...]:
    swing = f"sideways displacement of the sensor at the {place} at stride frequency"
    return (
        _of(
            f"{prefix}lateral_bounce_amplitude",
            f"size of the {swing} (half of peak to peak): the stride-locked acceleration without gravity, divided by -(stride frequency)²",
        ),
        _of(
            f"{prefix}lateral_bounce_phase",
            f"phase of the farthest point toward the stance side after its midstance, {swing}; + = after midstance",
        ),
        _of(
            f"{prefix}lateral_bounce_locking",
            "length of the mean unit phasor over strides: 1 = the same phase in every stride, 0 = none",
        ),
        _of(
            f"{prefix}lateral_bounce_asymmetry",
            "200 (R - L) / (|R| + |L|) of the places toward the stance side at midstance around the stride's mean; + = more to the right",
        ),
    )


QUANTITIES: dict[str, Quantity] = {
    one.name: one
    for one in (
        _of("step_time", "from one step to the next at the same phase of the vertical rhythm"),
        _of("stride_time", "two steps"),
        _of("cadence", "60 / mean step time"),
        _of("speed", "as the watch told it, or as declared"),
        _of("step_length", "speed times step time"),
        _of("contact_time", "toe-off minus initial contact, by a sensor on the foot"),
        _of(
            "pelvis_vertical_oscillation",
            "peak to peak of the height of the sacral sensor per step, from the stride-locked acceleration",
            "mean",
        ),
        _of(
            "head_vertical_oscillation",
            "peak to peak of the height of the head's sensor per step, from the stride-locked acceleration",
            "mean",
        ),
        _of(
            "head_pelvis_vertical_gain",
            "size of the complex ratio of the head's to the sacrum's vertical motion at step frequency",
        ),
        _of(
            "head_lag_vertical",
            "minus the angle of the ratio of head to sacrum at step frequency / (2 pi step frequency); + = head later",
        ),
        _of("vertical_loading_rate", "slope of the vertical ground force"),
        *(quantity for place in _PLACES for quantity in _bounce(*place)),
        _of("lateral_harmonic_ratio", "(A1 + A3) / (A1 + A2 + A3) of the head's sideways displacement"),
        _of("head_pitch_range", "peak to peak of the head's pitch per step, slow changes of pose removed", "mean"),
        _of(
            "head_roll_at_midstance",
            "roll toward the stance side at midstance about the stride's mean; below 0 = crown away from the stance side",
        ),
        _of("pelvic_list_range", "peak to peak of the sacral sensor's roll per stride", "mean"),
        *(_of(name) for name, one in REGISTRY.items() if one.family == "sensors"),
    )
}
"""All quantities by name, in the order of the report."""

"""Numbers of one summary that cannot all be right: each rule of physics is told where it is broken, and names the metrics that it touches."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from headway.metrics.registry import REGISTRY
from headway.recording import GRAVITY, Flag
from headway.results import Fields, Summary, Value

USABLE_CLOSURE = 0.2
"""RMS of the ladder's closure up to which it is usable, BW."""
WIDTHS_APART = 0.05
"""Left and right step width differ by twice the sideways drift per step: so much of it is none, m."""
TIMES_APART, SPEEDS_APART = 0.05, 0.03
"""Shares by which times that have to add up, and speeds of one belt, may differ: the means are over different steps."""
LEAST_PEAK, LEAST_FALL = 0.97, 0.8
"""Shares of what physics asks at least, below which peak force and vertical oscillation are wrong."""


class Contradiction(Fields, frozen=True, kw_only=True):
    """A rule that is broken.

    Attributes
    ----------
    code, message
        As in the flag of a summary.
    metrics
        Names that are not to be shown as a finding.
    """

    code: str
    message: str
    metrics: tuple[str, ...]

    @property
    def flag(self) -> Flag:
        """What the summary says of it."""
        return Flag(self.code, "warning", self.message)


def contradictions(summary: Summary) -> list[Contradiction]:
    """Every rule that the numbers of a summary break."""
    return [found for rule in _RULES if (found := rule(summary)) is not None]


def set_aside(summary: Summary) -> frozenset[str]:
    """Metrics that break a rule, or that are made of what does."""
    return frozenset(name for found in contradictions(summary) for name in found.metrics)


def _values(summary: Summary, *names: str) -> list[float] | None:
    """Values of metrics; ``None`` unless all are there."""
    entries = [summary.metrics.get(name) for name in names]
    values = [entry.value for entry in entries if isinstance(entry, Value)]
    return values if len(values) == len(names) else None


def _half(summary: Summary, name: str) -> float:
    """Half of a metric's 95 % interval; 0 where there is none."""
    entry = summary.metrics.get(name)
    return (entry.ci95[1] - entry.ci95[0]) / 2 if isinstance(entry, Value) and entry.ci95 else 0.0


def _step_widths(summary: Summary) -> Contradiction | None:
    """Both feet walk the same line: the mean way from left to right is the mean way from right to left."""
    entry = summary.metrics.get("step_width")
    if not isinstance(entry, Value) or entry.left is None or entry.right is None:
        return None
    if abs(entry.left - entry.right) <= WIDTHS_APART:
        return None
    text = (
        f"step width is {1000 * entry.left:.0f} mm onto the left foot and {1000 * entry.right:.0f} mm onto the right: both cannot be right "
        "unless the runner drifts sideways or the camera looks askew"
    )
    touched = ("step_width", "weight_shift_ratio", "head_weight_shift_ratio", "pelvis_weight_shift_ratio")
    return Contradiction(
        code="step_widths_differ", message=text, metrics=(*touched, "com_weight_shift_ratio", "mediolateral_margin")
    )


def _speeds(summary: Summary) -> Contradiction | None:
    """A belt has one speed: that of the foot on it, and that of a step's length over its time."""
    found = _values(summary, "speed", "step_length", "step_time")
    if not summary.recording.treadmill or found is None:
        return None
    speed, made = found[0], found[1] / found[2]
    if abs(speed - made) <= max(SPEEDS_APART * abs(speed), _half(summary, "speed")):
        return None
    text = f"the belt runs at {speed:.2f} m/s by the foot on it, and at {made:.2f} m/s by length and time of a step"
    return Contradiction(
        code="belt_speeds_differ", message=text, metrics=("speed", "step_length", "stride_length", "leg_stiffness")
    )


_FROM_CONTACTS = ("contact_time", "flight_time", "duty_factor", "contact_time_asymmetry", "peak_vertical_grf_sine")


def _free_fall(summary: Summary) -> Contradiction | None:
    """Whoever is on a foot for more than half of each stride is never in the air."""
    found = _values(summary, "duty_factor", "flight_time")
    if found is None or found[0] <= 0.5 or found[1] <= 0.0:
        return None
    text = (
        f"each foot is on the ground for {100 * found[0]:.0f} % of the stride, which leaves no time in the air, "
        f"and yet the runner flies for {1000 * found[1]:.0f} ms"
    )
    return Contradiction(code="flight_without_time", message=text, metrics=_FROM_CONTACTS)


def _step_parts(summary: Summary) -> Contradiction | None:
    """Contact and flight make up the step."""
    found = _values(summary, "contact_time", "flight_time", "step_time")
    if found is None:
        return None
    contact, flight, step = found
    if abs(contact + flight - step) <= TIMES_APART * step:
        return None
    text = (
        f"contact ({1000 * contact:.0f} ms) and flight ({1000 * flight:.0f} ms) do not make up the step "
        f"({1000 * step:.0f} ms)"
    )
    return Contradiction(code="step_does_not_add_up", message=text, metrics=(*_FROM_CONTACTS, "step_time", "cadence"))


def _peak(summary: Summary) -> Contradiction | None:
    """The mean vertical force over contact is the body weight times step time over contact time; a peak is no less."""
    found = _values(summary, "peak_vertical_grf", "step_time", "contact_time")
    if found is None or found[2] <= 0 or found[0] >= LEAST_PEAK * found[1] / found[2]:
        return None
    text = f"the greatest vertical force, {found[0]:.2f} BW, is less than its own mean over contact has to be, {found[1] / found[2]:.2f} BW"
    return Contradiction(
        code="peak_below_mean", message=text, metrics=("peak_vertical_grf", "peak_vertical_grf_asymmetry")
    )


def _fall(summary: Summary) -> Contradiction | None:
    """A body that flies for t rises and falls by at least g t²/8."""
    found = _values(summary, "vertical_oscillation", "flight_time")
    if found is None or found[1] <= 0.0:
        return None
    least = GRAVITY * found[1] ** 2 / 8
    if found[0] >= LEAST_FALL * least:
        return None
    text = (
        f"the body goes up and down by {1000 * found[0]:.0f} mm, and a flight of {1000 * found[1]:.0f} ms alone takes "
        f"{1000 * least:.0f} mm"
    )
    return Contradiction(code="flight_too_low", message=text, metrics=("vertical_oscillation", "flight_time"))


def _ladder(summary: Summary) -> Contradiction | None:
    """The force summed over the segments is the plates'."""
    found = _values(summary, "ladder_closure")
    if found is None or found[0] <= USABLE_CLOSURE:
        return None
    text = (
        f"the force summed over the segments misses the plates' by {found[0]:.2f} BW (RMS over stance; {USABLE_CLOSURE:g} is usable): "
        "read the force ladder with care"
    )
    touched = tuple(name for name, one in REGISTRY.items() if one.family == "force ladder")
    return Contradiction(code="ladder_open", message=text, metrics=touched)


def _narrow(summary: Summary) -> Contradiction | None:
    """Frames of a film round each instant off: means of contacts are no surer than that; a difference of two is off by a frame over √6."""
    camera, contact = summary.recording.camera, summary.metrics.get("contact_time")
    if camera is None or not isinstance(contact, Value):
        return None
    shares = {"contact_time": 1.0, "flight_time": 1.0, "contact_time_asymmetry": 2 * 100 / contact.value}
    touched = []
    for name, share in shares.items():
        entry = summary.metrics.get(name)
        if isinstance(entry, Value) and entry.ci95 and entry.n > 0:
            least = 1.96 * share / (camera.rate * sqrt(6 * entry.n))
            touched += [name] if _half(summary, name) < least else []
    if not touched:
        return None
    text = (
        f"{' and '.join(name.replace('_', ' ') for name in touched)}: the interval is narrower than {camera.rate:.0f} frames/s can make it; "
        "take it as a hint, not as a finding"
    )
    return Contradiction(code="surer_than_frames", message=text, metrics=tuple(touched))


_RULES: tuple[Callable[[Summary], Contradiction | None], ...] = (
    _step_widths, _speeds, _free_fall, _step_parts, _peak, _fall, _ladder, _narrow,
)  # fmt: skip

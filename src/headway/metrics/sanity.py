"""Numbers of one summary that cannot all be right: each rule of physics is told where it is broken, and names the metrics that it touches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

from headway.metrics.registry import REGISTRY
from headway.recording import GRAVITY
from headway.results import Contradiction, Entry, NotMeasurable, Summary, Value
from headway.texts import TEXTS

USABLE_CLOSURE = 0.2
"""RMS of the ladder's closure up to which it is usable, BW."""
WIDTHS_APART = 0.05
"""Left and right step width differ by twice the sideways drift per step: so much of it is none, m."""
TIMES_APART, SPEEDS_APART = 0.05, 0.03
"""Shares by which times that have to add up, and speeds of one belt, may differ: the means are over different steps."""
FILMS_APART = 0.05
"""Share by which films of one run, which need not show the same steps of it, may differ in a number."""
LEAST_PEAK, LEAST_FALL = 0.97, 0.8
"""Shares of what physics asks at least, below which peak force and vertical oscillation are wrong."""


def contradictions(summary: Summary) -> list[Contradiction]:
    """Every rule that the numbers of a summary break."""
    return [found for rule in _RULES if (found := rule(summary)) is not None]


def set_aside(summary: Summary) -> frozenset[str]:
    """Metrics that break a rule, or that are made of what does."""
    return frozenset(name for found in summary.contradictions or () for name in found.metrics)


def sound(summary: Summary) -> dict[str, Entry]:
    """The metrics of a summary; those that break a rule say so in place of a value."""
    gone = NotMeasurable(why=TEXTS("sanity.left_out"), record=TEXTS("sanity.left_out_record"))
    wrong = set_aside(summary)
    return {
        name: gone if name in wrong and isinstance(entry, Value) else entry for name, entry in summary.metrics.items()
    }


def _told(code: str, metrics: Sequence[str], **filled: object) -> Contradiction:
    return Contradiction(code=code, message=TEXTS(f"sanity.{code}", **filled), metrics=tuple(metrics))


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
    ratios = [f"{point}weight_shift_ratio" for point in ("", "head_", "pelvis_", "com_")]
    touched = ("step_width", *ratios, "mediolateral_margin")
    return _told("step_widths_differ", touched, left=1000 * entry.left, right=1000 * entry.right)


def _speeds(summary: Summary) -> Contradiction | None:
    """A belt has one speed: that of the foot on it, and that of a step's length over its time."""
    found = _values(summary, "speed", "step_length", "step_time")
    if not summary.recording.treadmill or found is None:
        return None
    speed, made = found[0], found[1] / found[2]
    if abs(speed - made) <= max(SPEEDS_APART * abs(speed), _half(summary, "speed")):
        return None
    touched = ("speed", "step_length", "stride_length", "leg_stiffness")
    return _told("belt_speeds_differ", touched, speed=speed, made=made)


BELT_CHANGE, LEAST_STEPS = 0.05, 5
"""Change of speed from step to step that nobody on a belt has for so many steps, m/s; the most measured is 0.022."""
_NECK = ("neck_work_positive", "neck_work_negative", "neck_joint_power")
_GAINS = ("head_vertical_gain", "head_pelvis_vertical_gain")
_RISES: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "vertical_oscillation": ("com", 1.0, ("head_vertical_gain", "neck_base_vertical_gain", "pelvis_vertical_gain")),
    "pelvis_vertical_oscillation": ("pelvis", 1.1, ("head_pelvis_vertical_gain", "head_lag_vertical")),
    "neck_base_vertical_oscillation": ("neck_base", 1.1, ("neck_base_vertical_gain", "neck_base_head_lag_vertical")),
    "head_vertical_oscillation": ("head", 1.1, (*_GAINS, "head_lag_vertical", "neck_base_head_lag_vertical")),
}
"""What goes up and down, how far as a share of a free fall over the step at most (of all measured, .77), and what is made of it."""
_FORWARD = (
    *("speed_change", "braking_impulse", "propulsive_impulse", "braking_propulsion_transition"),
    *("head_forward_gain", "neck_base_forward_gain", "pelvis_forward_gain", "head_forward_gain_braking"),
)
_FROM_CONTACTS = ("contact_time", "flight_time", "duty_factor", "contact_time_asymmetry", "peak_vertical_grf_sine")


def _free_fall(summary: Summary) -> Contradiction | None:
    """Whoever is on a foot for more than half of each stride is never in the air."""
    found = _values(summary, "duty_factor", "flight_time")
    if found is None or found[0] <= 0.5 or found[1] <= 0.0:
        return None
    return _told("flight_without_time", _FROM_CONTACTS, share=100 * found[0], flight=1000 * found[1])


def _step_parts(summary: Summary) -> Contradiction | None:
    """Contact and flight make up the step."""
    found = _values(summary, "contact_time", "flight_time", "step_time")
    if found is None:
        return None
    contact, flight, step = (1000 * one for one in found)
    if abs(contact + flight - step) <= TIMES_APART * step:
        return None
    touched = (*_FROM_CONTACTS, "step_time", "cadence")
    return _told("step_does_not_add_up", touched, contact=contact, flight=flight, step=step)


def _peak(summary: Summary) -> Contradiction | None:
    """The mean vertical force over contact is the body weight times step time over contact time; a peak is no less."""
    found = _values(summary, "peak_vertical_grf", "step_time", "contact_time")
    if found is None or found[2] <= 0 or found[0] >= LEAST_PEAK * found[1] / found[2]:
        return None
    touched = ("peak_vertical_grf", "peak_vertical_grf_asymmetry")
    return _told("peak_below_mean", touched, peak=found[0], mean=found[1] / found[2])


def _fall(summary: Summary) -> Contradiction | None:
    """A body that flies for t rises and falls by at least g t²/8."""
    found = _values(summary, "vertical_oscillation", "flight_time")
    if found is None or found[1] <= 0.0:
        return None
    least = GRAVITY * found[1] ** 2 / 8
    if found[0] >= LEAST_FALL * least:
        return None
    touched = ("vertical_oscillation", "flight_time")
    return _told("flight_too_low", touched, rise=1000 * found[0], flight=1000 * found[1], least=1000 * least)


def _rise(summary: Summary) -> Contradiction | None:
    """Nothing falls faster than freely: over a step of T the body goes up and down by g T²/8 at most, and no part of it by much more."""
    for metric, (point, most, touched) in _RISES.items():
        found = _values(summary, metric, "step_time")
        limit = 0.0 if found is None else GRAVITY * found[1] ** 2 / 8
        if found is not None and found[0] > most * limit:
            rise, step = 1000 * found[0], 1000 * found[1]
            words = TEXTS(f"curves.point_{point}")
            return _told("rise_too_high", (metric, *touched), point=words, rise=rise, step=step, most=1000 * limit)
    return None


def _head_energy(summary: Summary) -> Contradiction | None:
    """The head is a part of the body: it does not gain more energy in push-off than the whole."""
    found = _values(summary, "head_energy_share")
    if found is None or abs(found[0]) <= 1.0:
        return None
    return _told("head_gains_too_much", ("head_energy_share", *_NECK), share=abs(found[0]))


def _belt_drift(summary: Summary) -> Contradiction | None:
    """Whoever stays on a belt neither gains nor loses speed from step to step."""
    entry = summary.metrics.get("speed_change")
    if not summary.recording.treadmill or not isinstance(entry, Value) or entry.n < LEAST_STEPS:
        return None
    if abs(entry.value) <= BELT_CHANGE:
        return None
    return _told("belt_drift", _FORWARD, change=abs(entry.value), n=entry.n)


def _ladder(summary: Summary) -> Contradiction | None:
    """The force summed over the segments is the plates'."""
    found = _values(summary, "ladder_closure")
    if found is None or found[0] <= USABLE_CLOSURE:
        return None
    touched = [name for name, one in REGISTRY.items() if one.family == "force ladder"]
    return _told("ladder_open", touched, miss=found[0], usable=USABLE_CLOSURE)


def _narrow(summary: Summary) -> Contradiction | None:
    """Frames of a film round each instant off: means of contacts are no surer than that; a difference of two is off by a frame over √6."""
    contact = summary.metrics.get("contact_time")
    if not isinstance(contact, Value):
        return None
    shares = {"contact_time": 1.0, "flight_time": 1.0, "contact_time_asymmetry": 2 * 100 / contact.value}
    touched, rates = [], []
    for name, share in shares.items():
        entry = summary.metrics.get(name)
        rate = _frames(summary, entry) if isinstance(entry, Value) else None
        if rate is None or not isinstance(entry, Value) or not entry.ci95 or entry.n <= 0:
            continue
        if _half(summary, name) < 1.96 * share / (rate * sqrt(6 * entry.n)):
            touched.append(name)
            rates.append(rate)
    return _told("surer_than_frames", touched, names=_titles(touched), rate=min(rates)) if touched else None


def _frames(summary: Summary, entry: Value) -> float | None:
    """Frames per second of the film that an entry comes from; ``None`` where it is from none."""
    parts = [one for one in summary.recordings or () if one.source == entry.film] or [summary.recording]
    camera = parts[0].camera
    return None if camera is None else camera.rate


def _titles(names: Sequence[str]) -> str:
    return ", ".join(title[:1].lower() + title[1:] for title in (REGISTRY[name].title for name in names))


def disagreements(parts: Sequence[Summary]) -> list[Contradiction]:
    """What two films of one run say differently of the same number: their 95 % intervals do not meet."""
    one, two = (part.metrics for part in parts)
    apart = []
    for name, entry in one.items():
        other = two.get(name)
        if isinstance(entry, Value) and isinstance(other, Value) and entry.ci95 and other.ci95:
            meet = entry.ci95[0] <= other.ci95[1] and other.ci95[0] <= entry.ci95[1]
            far = abs(entry.value - other.value) > FILMS_APART * max(abs(entry.value), abs(other.value))
            apart += [name] if far and not meet else []
    return [_told("films_disagree", apart, names=_titles(apart))] if apart else []


_RULES: tuple[Callable[[Summary], Contradiction | None], ...] = (
    _step_widths, _speeds, _free_fall, _step_parts, _peak, _fall, _rise, _head_energy, _belt_drift, _ladder, _narrow,
)  # fmt: skip

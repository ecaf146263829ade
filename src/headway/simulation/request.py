"""What a user asks of a simulation: a body, a speed, conditions and at most one sweep, read and checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from headway.errors import OptionError
from headway.simulation.conditions import RELAXED, Condition, conditions_named
from headway.simulation.options import SimulationOptions

MOST_VALUES = 25
"""Values of a sweep."""
MANY = 1e6
"""From how many values on they are not counted."""


@dataclass(frozen=True)
class Numeric:
    """An option that may be a number or a sweep.

    Attributes
    ----------
    option, word
        As on the command line, and in the names of the conditions.
    low, high
        Bounds, in the unit of the command line.
    unit, what
        The unit, and what a value beyond the bounds is not.
    remedy
        What to give instead.
    """

    option: str
    word: str
    low: float
    high: float
    unit: str
    what: str
    remedy: str


SPEED = Numeric("--speed", "speed", 1.5, 9.0, "m/s", "no speed at which the model runs", "give 1.5 to 9 m/s")
# degrees here only: this is the door, and _lean makes rad of them
LEAN = Numeric("--lean", "lean", -15.0, 35.0, "°", "no trunk lean to run with", "give -15 to 35 degrees, + forward")
WIDTH = Numeric("--step-width", "width", 0.0, 0.4, "m", "no step width to run with", "give 0 to 0.4 m (0.05 is usual)")
NECK = Numeric(
    "--neck", "neck", 1.0, 500.0, "N·m/rad", "no stiffness of a neck", "give 1 to 500 N·m/rad (11 relaxed, 59 braced)"
)
LEG = Numeric(
    "--right-leg",
    "leg",
    -0.05,
    0.05,
    "m",
    "no difference between legs",
    "give -0.05 to 0.05 m, + for a longer right leg",
)
ANKLE = Numeric(
    "--right-ankle", "ankle", 0.4, 1.0, "of its strength", "no ankle to run with", "give 0.4 to 1 of its strength"
)


@dataclass(frozen=True)
class Sweep:
    """The option that is swept: word in the names of conditions, unit on the command line, values."""

    word: str
    unit: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class SimulationRequest:
    """Conditions that are compared with each other, at one speed.

    Attributes
    ----------
    speed
        m/s; ``None`` takes that of the recording.
    suffix
        What the value of a sweep adds to the conditions' names, empty without one.
    conditions
        The first is the one that others are compared with.
    """

    speed: float | None
    suffix: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class SimulationSeries:
    """All that is to be run, in an order in which each run can begin from the one before; and the sweep, if there is one."""

    runs: tuple[SimulationRequest, ...]
    sweep: Sweep | None

    @property
    def names(self) -> list[str]:
        """Names of all conditions."""
        return [one.name + run.suffix for run in self.runs for one in run.conditions]


def simulation_series(options: SimulationOptions) -> SimulationSeries:
    """Read conditions and numbers.

    A sweep makes a run of each value, so that conditions are compared with the first one at the same value; with one condition alone, a run of
    all values, which are compared with the first value. Speeds are never compared.

    Raises
    ------
    OptionError
        An unknown condition, a number that cannot be, more than one sweep, or no speed.
    """
    options.check_counts()
    conditions = conditions_named(options.head)
    if options.speed is None and options.recording is None:
        raise OptionError("--speed", "is missing", "give metres per second, or a recording with --from")
    numbers = {
        numeric.word: _values(text, numeric)
        for numeric, text in (
            (SPEED, options.speed),
            (LEAN, options.lean),
            (WIDTH, options.step_width),
            (NECK, options.neck),
            (LEG, options.right_leg),
            (ANKLE, options.right_ankle),
        )
        if text is not None
    }
    swept = [word for word, values in numbers.items() if len(values) > 1]
    if len(swept) > 1:
        first, second = (_NUMERIC[word].option for word in swept[:2])
        raise OptionError(second, f"only one option can be a sweep, and {first} is one", "give a single number")
    if "neck" in numbers:
        _check_necks(conditions)
    for word, change in _CHANGES.items():
        if word in numbers and word not in swept:
            conditions = [change(one, numbers[word][0]) for one in conditions]
    speed = None if "speed" not in numbers or "speed" in swept else numbers["speed"][0]
    if not swept:
        return SimulationSeries((SimulationRequest(speed, "", tuple(conditions)),), None)
    (word,) = swept
    sweep = Sweep(word, _NUMERIC[word].unit, numbers[word])
    return SimulationSeries(_swept(conditions, sweep, speed), sweep)


def _swept(conditions: list[Condition], sweep: Sweep, speed: float | None) -> tuple[SimulationRequest, ...]:
    named = [(value, f" {sweep.word}={value:g}") for value in sweep.values]
    if sweep.word == "speed":
        return tuple(SimulationRequest(value, suffix, tuple(conditions)) for value, suffix in named)
    change = _CHANGES[sweep.word]
    if len(conditions) > 1:
        return tuple(
            SimulationRequest(speed, suffix, tuple(change(one, value) for one in conditions)) for value, suffix in named
        )
    (one,) = conditions
    return (
        SimulationRequest(
            speed, "", tuple(replace(change(one, value), name=one.name + suffix) for value, suffix in named)
        ),
    )


def _lean(one: Condition, value: float) -> Condition:
    return replace(one, lean=float(np.radians(value)))


def _width(one: Condition, value: float) -> Condition:
    return replace(one, step_width=value)


def _neck(one: Condition, value: float) -> Condition:
    return replace(one, neck_stiffness=value)


def _leg(one: Condition, value: float) -> Condition:
    return replace(one, longer_leg=value)


def _ankle(one: Condition, value: float) -> Condition:
    return replace(one, ankle_strength=value)


_NUMERIC = {one.word: one for one in (SPEED, LEAN, WIDTH, NECK, LEG, ANKLE)}
_CHANGES: dict[str, Callable[[Condition, float], Condition]] = {
    "lean": _lean,
    "width": _width,
    "neck": _neck,
    "leg": _leg,
    "ankle": _ankle,
}


def _check_necks(conditions: list[Condition]) -> None:
    """One neck for all leaves nothing of the difference between braced and relaxed."""
    if len({one.neck_stiffness == RELAXED for one in conditions}) > 1:
        names = ", ".join(one.name for one in conditions)
        raise OptionError(
            "--neck", f"gives all of {names} the same neck", "leave braced out of --head, or leave --neck out"
        )


def _values(text: str, numeric: Numeric) -> tuple[float, ...]:
    """One number, or those of a sweep ``from:to:step`` with both ends."""
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 3) or not np.isfinite(numbers).all():
        raise OptionError(numeric.option, f"{text!r} is no number and no sweep", "give a number, or from:to:step")
    values = (numbers[0],) if len(numbers) == 1 else _sweep(text, numeric, *numbers)
    for value in values:
        if not numeric.low <= value <= numeric.high:
            shown = f"{value:g}{'' if numeric.unit == '°' else ' '}{numeric.unit}"
            raise OptionError(numeric.option, f"{shown} is {numeric.what}", numeric.remedy)
    return values


def _sweep(text: str, numeric: Numeric, first: float, last: float, step: float) -> tuple[float, ...]:
    if step == 0 or (last - first) * step <= 0:
        raise OptionError(numeric.option, f"{text!r} leads nowhere", "give from:to:step with a step towards the end")
    count = float(np.floor((last - first) / step + 1e-9)) + 1
    if count > MOST_VALUES:
        many = f"{count:.0f}" if count < MANY else "countless"
        raise OptionError(
            numeric.option, f"{text!r} has {many} values", f"take a larger step: at most {MOST_VALUES} values"
        )
    if count < 2:
        raise OptionError(numeric.option, f"{text!r} has one value", "take a smaller step, or give one number")
    values = tuple(round(first + k * step, 9) for k in range(int(count)))
    if len({f"{value:g}" for value in values}) < len(values):
        raise OptionError(numeric.option, f"the values of {text!r} are too near to each other", "take a larger step")
    return values

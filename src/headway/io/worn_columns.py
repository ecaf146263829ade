"""Which columns of a table are those of an accelerometer and a gyroscope, by their names and units; light, as files are told apart by it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.io.heading import TextBlock
from headway.options import Place

GRAVITY = 9.80665
FORCE_UNITS = {"m/s2": 1.0, "m/s/s": 1.0, "ms-2": 1.0, "g": GRAVITY, "gs": GRAVITY, "mg": GRAVITY / 1000}
TURN_UNITS = {
    **dict.fromkeys(("rad/s", "rads/s"), 1.0),
    **dict.fromkeys(("deg/s", "degrees/s", "\u00b0/s", "dps"), 0.017453292519943295),
    **dict.fromkeys(("mdps", "mdeg/s"), 1.7453292519943296e-05),
}
_FORCE = re.compile(r"(?<![a-z])(acc(?![a-z])|accel)|acceleration|accelerometer|^a$|^gf$", re.IGNORECASE)
_GRAVITY = re.compile(r"gravity|(?<![a-z])grav", re.IGNORECASE)
_WITHOUT = re.compile(r"linear|user|free|(?<![a-z])lin(?![a-z])", re.IGNORECASE)
_TURN = re.compile(
    r"(?<![a-z])gyro?(?![a-z])|gyroscope|gyrorotation|rotation ?rate|angular ?vel|^w$|^g$", re.IGNORECASE
)
_APPLE = re.compile(r"^(accelerometerAcceleration|motion(UserAcceleration|Gravity))$")
"""Properties of Apple's CoreMotion, which tells gravity instead of the force that holds the phone: the sign is turned."""

_WORDS: dict[Place, str] = {
    "head": r"(?<![a-z])(?:head|ear)",
    "sacrum": "sacrum|pelvis|lumbar|lower ?back|waist|hip|belt|(?<![a-z])l5",
    "foot_left": r"(?:foot|shoe).*(?:left|[ _]lt?(?![a-z]))|(?:left|(?<![a-z])lt?[ _]).*(?:foot|shoe)",
    "foot_right": r"(?:foot|shoe).*(?:right|[ _]rt?(?![a-z]))|(?:right|(?<![a-z])rt?[ _]).*(?:foot|shoe)",
    "shank_left": r"(?:shank|tibia).*(?:left|[ _]lt?(?![a-z]))|(?:left|(?<![a-z])lt?[ _]).*(?:shank|tibia)",
    "shank_right": r"(?:shank|tibia).*(?:right|[ _]rt?(?![a-z]))|(?:right|(?<![a-z])rt?[ _]).*(?:shank|tibia)",
    "wrist": "wrist|watch",
}
"""Words by which tables name the places."""
_PLACES = {place: re.compile(words, re.IGNORECASE) for place, words in _WORDS.items()}
MARKERS = 5
"""This many points beside an accelerometer make a table one of markers."""


@dataclass(frozen=True)
class Triad:
    """Three columns along a sensor's axes, what they are multiplied by (``None`` where no unit is stated), and their name."""

    columns: tuple[int, int, int]
    factor: float | None
    name: str
    sign: float = 1.0


@dataclass(frozen=True)
class Signals:
    """What a table holds: force with gravity, or without and gravity beside it; angular velocity; accelerometers left unread."""

    force: Triad | None
    without: Triad | None
    gravity: Triad | None
    turn: Triad | None
    unread: tuple[str, ...] = ()

    @property
    def has_force(self) -> bool:
        """Whether an accelerometer is there."""
        return self.force is not None or self.without is not None


def signals_of(block: TextBlock, where: Place | None = None) -> Signals | None:
    """The accelerometer and gyroscope of a table: of several those whose name tells a place, else the first of each.

    ``None`` for a table of other things, or of markers.
    """
    found: dict[str, Triad] = {}
    unread: list[str] = []
    others = 0
    for name, places in block.triples.items():
        columns = (places["x"], places["y"], places["z"])
        unit = normal(block.columns[columns[0]].unit)
        kind = _kind(name, unit)
        others += not kind and not unit
        if kind:
            units = TURN_UNITS if kind == "turn" else FORCE_UNITS
            sign = -1.0 if _APPLE.match(name) else 1.0
            new = Triad(columns, units.get(unit), name, sign)
            old = found.setdefault(kind, new)
            if old is not new and where and _PLACES[where].search(name) and not _PLACES[where].search(old.name):
                found[kind], new = new, old
            if found[kind] is not new and kind == "force":
                unread.append(new.name)
    if not found or others >= MARKERS:
        return None
    return Signals(found.get("force"), found.get("without"), found.get("gravity"), found.get("turn"), tuple(unread))


def is_without(name: str) -> bool:
    """Whether a name is that of acceleration without gravity, or of gravity alone."""
    return _WITHOUT.search(name) is not None or _GRAVITY.search(name) is not None


def _kind(name: str, unit: str) -> str:
    """What three columns of one name are: a stated unit decides before the name."""
    if unit in TURN_UNITS or (not unit and _TURN.search(name)):
        return "turn"
    if unit and unit not in FORCE_UNITS:
        return ""
    if _GRAVITY.search(name):
        return "gravity"
    if unit or _FORCE.search(name):
        return "without" if _WITHOUT.search(name) else "force"
    return ""


def normal(unit: str) -> str:
    """A unit in one spelling: ``m/s^2``, ``m/(s^2)`` and ``m/s²`` are one."""
    text = unit.strip().lower().replace("\u00b2", "2")
    return re.sub(r"[\s^()*]|sec(?=$|2)", lambda match: "s" if match[0] == "sec" else "", text)

"""Names of points, segments and coordinates that a body has twice, as ``knee_left``: the one place that takes them apart."""

from __future__ import annotations

from typing import NamedTuple

from headway.recording import Side


class Sided(NamedTuple):
    """What is on both sides, and on which it is; ``None`` in the middle."""

    stem: str
    side: Side | None

    def of(self, stem: str) -> str:
        """Name of something else on the same side."""
        return stem if self.side is None else f"{stem}_{self.side}"


def sided(name: str) -> Sided:
    """A name as stem and side.

    Examples
    --------
    >>> sided("knee_left").stem, sided("knee_left").of("ankle"), sided("neck_base").side
    ('knee', 'ankle_left', None)
    """
    stem, _, side = name.rpartition("_")
    return Sided(stem, side) if side == "left" or side == "right" else Sided(name, None)


def twin(name: str) -> str:
    """Name of a body, point or coordinate on the other side; its own in the middle.

    Examples
    --------
    >>> twin("knee_left"), twin("neck_base")
    ('knee_right', 'neck_base')
    """
    stem, side = sided(name)
    return name if side is None else f"{stem}_{'right' if side == 'left' else 'left'}"

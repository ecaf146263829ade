"""The code of the marks, declared once: which chirp sounds in which place for the start and the stop of every block.

A mark is eight short glides. Each glide is one of eight (four bands, up or down), and the eight of them are a word of a Reed-Solomon code
(Reed and Solomon 1960) over GF(8): two words differ in at least six places, so that five may be drowned and the mark is still told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.marks import MOST_MARKS
from headway.recording import FloatArray

Edge = Literal["start", "stop"]
EDGES: tuple[Edge, Edge] = ("start", "stop")
BANDS = ((1200.0, 2200.0), (2250.0, 3250.0), (3300.0, 4300.0), (4350.0, 5350.0))
"""Hz: what telephones record and AAC keeps at 64 kbit/s."""
GLIDE, SLOT = 0.050, 0.056
"""Length of a glide and from one to the next, s."""
PLACES = 8
LENGTH = (PLACES - 1) * SLOT + GLIDE
"""Length of a mark, s."""
LOUDNESS = 0.5
_RISE = 0.25
"""Share of a glide over which it rises, and falls."""
_MASK = (3, 6, 0, 5, 1, 7, 2, 4)
"""Added to every word: without it a word moved by one place would be another word."""


@dataclass(frozen=True, order=True)
class Mark:
    """The beginning or the end of a block: its number, from 1, and which of the two."""

    number: int
    edge: Edge


def _times(a: int, b: int) -> int:
    """Product in GF(8) of x³ + x + 1."""
    product = (a if b & 1 else 0) ^ (a << 1 if b & 2 else 0) ^ (a << 2 if b & 4 else 0)
    for high in (4, 3):
        product ^= 0b1011 << (high - 3) if product >> high & 1 else 0
    return product


def word(mark: Mark) -> tuple[int, ...]:
    """Glide (0 to 7: band, and 4 more if it falls) in each place of a mark.

    Raises
    ------
    ValueError
        The number is not 1 to ``MOST_MARKS``.
    """
    if not 1 <= mark.number <= MOST_MARKS:
        raise ValueError(f"mark {mark.number} of 1 to {MOST_MARKS}")
    message = mark.number + (MOST_MARKS + 1) * (mark.edge == "stop")
    low, middle, high = message & 7, message >> 3 & 7, message >> 6
    return tuple(low ^ _times(x, middle ^ _times(x, high)) ^ _MASK[x] for x in range(PLACES))


def all_marks() -> list[Mark]:
    """Every mark there is."""
    return [Mark(number, edge) for edge in EDGES for number in range(1, MOST_MARKS + 1)]


def glide(which: int, rate: float) -> npt.NDArray[np.complex128]:
    """One glide as its analytic signal; the real part is what sounds, shape (GLIDE · rate,)."""
    low, high = BANDS[which & 3]
    first, last = (high, low) if which & 4 else (low, high)
    time = np.arange(round(GLIDE * rate)) / rate
    phase = 2 * np.pi * (first * time + (last - first) / (2 * GLIDE) * time**2)
    edge = np.minimum(time, GLIDE - time) / (_RISE * GLIDE)
    return np.sin(np.pi / 2 * np.clip(edge, 0.0, 1.0)) ** 2 * np.exp(1j * phase)


def sound(mark: Mark, rate: float = 44100.0) -> FloatArray:
    """What is played, between -1 and 1, shape (LENGTH · rate,)."""
    out = np.zeros(round(LENGTH * rate) + 1)
    for place, which in enumerate(word(mark)):
        at = round(place * SLOT * rate)
        one = LOUDNESS * glide(which, rate).real
        out[at : at + len(one)] += one
    return out

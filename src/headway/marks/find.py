"""Marks found in sound: a matched filter for every glide, and the code's word that fits best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from headway.marks.code import BANDS, LENGTH, PLACES, SLOT, Mark, all_marks, glide, word
from headway.recording import FloatArray

RATE = 16000
"""Samples/s that the finder works on."""
_BLOCK = 1 << 18
"""Samples looked at together: 16 s."""
_OVERLAP = RATE
_REDUCED = 8
"""The filters' outputs are sampled at a share of the rate: a glide is narrow."""
_EVEN = 40.0
"""Hz over which the spectrum of the surroundings is smoothed before it is made even."""
_SLACK = 0.005
"""s that a glide may be early or late: a runner who carries the sound shifts it by the Doppler effect (2 % at 6 m/s)."""
_HEARD = 4.2
"""Sum of the shares of the word's glides, of ``PLACES``, from which a mark counts."""
_FAINT = 0.1
"""Share of the mean energy that makes no glide: near silence what is left of a loud mark would look like another one."""
_APART = 0.5
"""s within which the best of several is kept: two marks cannot sound at once."""


@dataclass(frozen=True)
class HeardMark:
    """A mark in a recording: when it begins, s, and how clearly it stands out (up to ``PLACES``)."""

    mark: Mark
    time: float
    clarity: float


def find_marks(sound: Iterable[npt.NDArray[np.float32]]) -> list[HeardMark]:
    """Find all marks in a recording.

    Parameters
    ----------
    sound
        Consecutive pieces of any length, mono, ``RATE`` samples/s; only 16 s are kept at a time.

    Returns
    -------
    list of HeardMark
        In order of time, from the beginning of the first piece.
    """
    found: list[HeardMark] = []
    for first, block in _blocks(sound):
        found += [HeardMark(one.mark, first / RATE + one.time, one.clarity) for one in _in_block(block)]
    return _apart(found)


def _blocks(pieces: Iterable[npt.NDArray[np.float32]]) -> Iterator[tuple[int, FloatArray]]:
    """Blocks that overlap, each with its first sample; the last one is filled up with silence."""
    held, count, first = [np.zeros(0, np.float32)], 0, 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        while count >= _BLOCK:
            joined = np.concatenate(held)
            yield first, joined[:_BLOCK].astype(float)
            held = [joined[_BLOCK - _OVERLAP :]]
            count, first = len(held[0]), first + _BLOCK - _OVERLAP
    rest = np.concatenate(held)
    if len(rest) > (_OVERLAP if first else 0):
        yield first, np.pad(rest.astype(float), (0, _BLOCK - len(rest)))


def _templates() -> list[tuple[int, npt.NDArray[np.complex128]]]:
    """First bin and spectrum, conjugate, of every glide in its band."""
    out = []
    for which in range(2 * len(BANDS)):
        low, high = BANDS[which & 3]
        first, last = (round((edge * _BLOCK) / RATE) for edge in (low - 150.0, high + 150.0))
        spectrum = np.fft.fft(glide(which, RATE), _BLOCK)
        out.append((first, np.conj(spectrum[first:last]) / np.linalg.norm(spectrum[first:last])))
    return out


_TEMPLATES = _templates()
_MARKS = all_marks()
_WORDS = np.array([word(mark) for mark in _MARKS])


def _in_block(block: FloatArray) -> list[HeardMark]:
    shares = _shares(block)
    rate = RATE / _REDUCED
    starts = np.arange(len(shares[0]) - round(LENGTH * rate))
    slots = [round(place * SLOT * rate) for place in range(PLACES)]
    # no word can be clearer than the clearest glide of every place
    most = sum(shares.max(0)[starts + slot] for slot in slots)
    starts = starts[most >= _HEARD]
    if not len(starts):
        return []
    clarity = np.zeros((len(starts), len(_WORDS)))
    for place, slot in enumerate(slots):
        clarity += shares[_WORDS[:, place]][:, starts + slot].T
    best = clarity.argmax(1)
    height = clarity[np.arange(len(starts)), best]
    heard = [
        HeardMark(_MARKS[k], float(at) / rate, float(clear))
        for at, k, clear in zip(starts, best, height, strict=True)
        if clear >= _HEARD
    ]
    return [_middle(list(group)) for group in _groups(heard)]


def _shares(block: FloatArray) -> npt.NDArray[np.float32]:
    """Share of every glide in the energy of all of them, at every instant; shape (glides, samples / ``_REDUCED``).

    A share needs no level: noise that comes and goes, steps and drums raise all glides alike.
    """
    spectrum = np.fft.rfft(block)
    power = uniform_filter1d(np.abs(spectrum) ** 2, round(_EVEN * _BLOCK / RATE))
    even = spectrum / np.sqrt(power + 1e-12 * power.max() + 1e-30)
    count = _BLOCK // _REDUCED
    energy = np.empty((len(_TEMPLATES), count), np.float32)
    for k, (first, template) in enumerate(_TEMPLATES):
        product = np.zeros(count, complex)
        product[: len(template)] = even[first : first + len(template)] * template
        energy[k] = np.abs(np.fft.ifft(product)) ** 2
    energy = maximum_filter1d(energy, 2 * round(_SLACK * RATE / _REDUCED) + 1, axis=1)
    whole = energy.sum(0)
    return energy / (whole + _FAINT * whole.mean() + 1e-30)


def _groups(heard: list[HeardMark]) -> Iterator[Iterator[HeardMark]]:
    """Neighbouring instants of one mark."""
    places = enumerate(sorted(heard, key=lambda one: (one.mark, one.time)))
    rate = RATE / _REDUCED
    for _, group in groupby(places, key=lambda item: (item[1].mark, round(item[1].time * rate) - item[0])):
        yield (one for _, one in group)


def _middle(group: list[HeardMark]) -> HeardMark:
    """A mark in the middle of where it is clearest: the slack makes a plateau."""
    top = max(one.clarity for one in group)
    near = [one.time for one in group if one.clarity >= 0.95 * top]
    return HeardMark(group[0].mark, (near[0] + near[-1]) / 2, top)


def _apart(found: list[HeardMark]) -> list[HeardMark]:
    """The clearest of those that would sound at once, in order of time."""
    kept: list[HeardMark] = []
    for one in sorted(found, key=lambda one: -one.clarity):
        if all(abs(one.time - other.time) > _APART for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.time)

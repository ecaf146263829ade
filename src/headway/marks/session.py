"""The sound of a whole session, for use without the app: a count-in and a mark for every block, as a WAV file."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable

import numpy as np

from headway.marks.code import LENGTH, LOUDNESS, Mark, sound
from headway.recording import FloatArray

RATE = 16000
LEAD = 10.0
"""s of the session before the first block begins: time to put the telephone down."""
_COUNTED = 3
_TONE, _BEEP = 660.0, 0.12
"""Pitch, Hz, below the marks', and length, s, of the beeps that count a block in."""


def wav(samples: FloatArray, rate: int = RATE) -> bytes:
    """Samples between -1 and 1 as a WAV file of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(32767 * np.clip(samples, -1, 1)).astype("<i2").tobytes())
    return out.getvalue()


def session(blocks: Iterable[tuple[int, float, float]]) -> FloatArray:
    """Sound of a session: of every block its number, its start and its stop, s after the first block begins; shape (seconds · RATE,).

    A mark ends where its block starts, and begins where it stops; ``LEAD`` seconds go before the first block.
    """
    blocks = list(blocks)
    out = np.zeros(round((LEAD + max(stop for _, _, stop in blocks) + 2 * LENGTH) * RATE))

    def play(at: float, samples: FloatArray) -> None:
        first = round((LEAD + at) * RATE)
        out[first : first + len(samples)] += samples

    time = np.arange(round(_BEEP * RATE)) / RATE
    beep = LOUDNESS * np.sin(2 * np.pi * _TONE * time) * np.sin(np.pi * time / _BEEP) ** 2
    for number, start, stop in blocks:
        for count in range(_COUNTED):
            play(start - LENGTH - 1.0 - count, beep)
        play(start - LENGTH, sound(Mark(number, "start"), RATE))
        play(stop, sound(Mark(number, "stop"), RATE))
    return out

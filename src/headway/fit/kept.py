"""Where the search for a stretch's motion had come to, on disk: a fit that was interrupted goes on there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from headway.cache import cache_folder, find, keep
from headway.fit.measured import MeasuredStretch
from headway.recording import FloatArray
from headway.stored.archive import pack, unpack

MODEL = 1
"""Of what is solved: raised whenever equations, errors or unknowns change, so that nothing of another model is gone on with."""
FORM = "body"
LARGEST = 50_000_000
"""Bytes that they may take."""


class KeptFits:
    """Unknowns of stretches and how many stages they have behind them, found again by what was measured.

    Parameters
    ----------
    folder
        Where they are kept; ``None`` is the user's cache folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = cache_folder(folder)

    def find(self, measured: MeasuredStretch, size: int) -> tuple[FloatArray, int] | None:
        """Unknowns, shape (size,), and the stages done; ``None`` where there are none, or not so many."""
        stored = find(self._place(measured), lambda content: unpack(FORM, MODEL, content).arrays)
        if stored is None or stored.keys() != {"unknowns", "done"}:
            return None
        unknowns = np.asarray(stored["unknowns"], float)
        return (unknowns, int(stored["done"])) if unknowns.shape == (size,) and np.isfinite(unknowns).all() else None

    def put(self, measured: MeasuredStretch, unknowns: FloatArray, done: int) -> None:
        """Keep what was found after so many stages."""
        keep(self._place(measured), pack(FORM, MODEL, {"unknowns": unknowns, "done": np.array(done)}), LARGEST)

    def _place(self, measured: MeasuredStretch) -> Path:
        found = hashlib.blake2b(digest_size=20)
        for part in _parts(measured):
            found.update(part)
        return self.folder / f"body-{found.hexdigest()}.npz"


def _parts(measured: MeasuredStretch) -> Iterator[bytes]:
    one = measured
    yield repr((MODEL, one.height, one.mass, one.sex, one.contacts, sorted(one.paths), one.errors)).encode()
    for values in (
        one.time,
        one.force_time,
        one.force,
        one.pressure,
        one.force_error,
        *(one.paths[k] for k in sorted(one.paths)),
    ):
        yield b"-" if values is None else np.ascontiguousarray(values, float).tobytes()
    for place in sorted(one.felt):
        felt = one.felt[place]
        yield repr((place, felt.period, felt.right)).encode() + np.ascontiguousarray(felt.phasors, complex).tobytes()

"""The small film of a page kept beside the key points, so that the same film is not encoded again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from headway.cache import cache_folder, digest, find, keep
from headway.recording import FloatArray
from headway.report.film_window import Window
from headway.stored.archive import pack, unpack

VERSION = 5
"""Raised when the same pictures would be encoded otherwise."""


def film_place(
    film: Path, time: FloatArray, view: Window, squares: FloatArray | None, most_bytes: int, folder: Path | None
) -> Path:
    """File that a small film is kept in: the same for the same pictures, wherever the film lies.

    Parameters
    ----------
    film
        Its content counts.
    time
        Times of the pictures shown, s.
    view
        Part of each picture.
    squares
        What of each picture is made unrecognisable.
    most_bytes
        Largest size of the small film.
    folder
        Where things are kept; ``None`` for the user's cache folder.
    """
    key = hashlib.blake2b(
        f"{VERSION} {digest(film)} {view.size} {most_bytes} {squares is None}".encode(), digest_size=20
    )
    for array in (time, view.origin, view.extent, *(() if squares is None else (squares,))):
        key.update(np.ascontiguousarray(array, dtype=float).tobytes())
    return cache_folder(folder) / f"film-{key.hexdigest()}.npz"


def load_film(place: Path) -> bytes | None:
    """The small film; ``None`` when none was kept, or the file is damaged."""
    return find(place, lambda content: unpack("film", VERSION, content).arrays["film"].tobytes())


def keep_film(place: Path, film: bytes) -> bool:
    """Keep a small film; tell whether that worked."""
    return keep(place, pack("film", VERSION, {"film": np.frombuffer(film, np.uint8)}))

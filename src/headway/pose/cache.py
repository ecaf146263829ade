"""Key points kept between runs: a film that was looked at once is not looked at again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import numpy as np

from headway.cache import LARGEST, cache_folder, digest, find, keep
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.shots import Shot
from headway.recording import Arguments, Flag, FloatArray, Processing
from headway.stored.archive import pack, unpack

VERSION = 2
"""Of the file's layout: raised when what is stored changes."""
_ARRAYS = ("time", "pixels", "confidence", "background", "slide")


def cache_key(film: Path, options: Options, model: str) -> str:
    """Name of a film's key points: the same for the same content, options and model, wherever the film lies.

    Parameters
    ----------
    film
        Read as a whole.
    options
        Those that change the key points count; the content of ``pose_model`` counts, not its place.
    model
        Name and version of everything that makes key points out of pictures.
    """
    said = {name: getattr(options, name) for name in ("slow_motion", "start", "stop", "shot", "person", "rate")}
    parts = [VERSION, model, said, digest(film), None if options.pose_model is None else digest(options.pose_model)]
    return hashlib.blake2b(json.dumps(parts, default=str).encode(), digest_size=20).hexdigest()


def load_cached(key: str, options: Options, film: Path) -> KeyPoints | None:
    """Key points stored under a key, ``None`` when there are none or the file is damaged.

    Parameters
    ----------
    key
        From :func:`cache_key`.
    options
        ``cache`` is used.
    film
        Where the film lies now: becomes ``source`` and ``film``.
    """
    points = find(_place(key, options), _unpacked)
    return (
        None if points is None else replace(points, source=str(film), film=None if points.film is None else str(film))
    )


def save_cached(key: str, options: Options, points: KeyPoints, largest: int = LARGEST) -> bool:
    """Store key points; tell whether that worked (a folder that cannot be written to is no fault).

    The file appears under its name only when it is whole.

    Parameters
    ----------
    key
        From :func:`cache_key`.
    options
        ``cache`` is used.
    points
        Come back exactly, except for paths.
    largest
        Bytes that the folder may hold.
    """
    arrays = {name: value for name in _ARRAYS if (value := getattr(points, name)) is not None}
    return keep(_place(key, options), pack("pose", VERSION, arrays, _rest(points)), largest)


def _place(key: str, options: Options) -> Path:
    return cache_folder(options.cache) / f"pose-{key}.npz"


class _Rest(msgspec.Struct, frozen=True):
    """Everything but the arrays."""

    names: tuple[str, ...]
    size: tuple[int, int]
    source: str
    kind: str
    metres_per_pixel: float | None
    film: str | None
    tempo: tuple[float, float]
    shots: list[tuple[int, float, float, str]]
    log: list[tuple[str, dict[str, object]]]
    flags: list[tuple[str, Literal["info", "warning", "error"], str]]


def _rest(points: KeyPoints) -> str:
    """Everything but the arrays, as text."""
    rest = _Rest(
        names=points.names,
        size=points.size,
        source=points.source,
        kind=points.kind,
        metres_per_pixel=points.metres_per_pixel,
        film=points.film,
        tempo=(points.slow_motion, points.shown),
        shots=[(one.number, one.start, one.stop, one.missing) for one in points.shots],
        log=[(step.name, cast("dict[str, object]", _plain(step.arguments))) for step in points.log],
        flags=[(flag.code, flag.level, flag.message) for flag in points.flags],
    )
    return json.dumps(msgspec.structs.asdict(rest))


def _unpacked(content: bytes) -> KeyPoints:
    """Build key points; refuse arrays that do not belong together."""
    stored = unpack("pose", VERSION, content)
    arrays, rest = stored.arrays, msgspec.convert(json.loads(stored.rest), _Rest)
    if not set(arrays) <= set(_ARRAYS) or any(one.dtype.kind != "f" for one in arrays.values()):
        raise ValueError("unknown arrays")
    frames, points = arrays["confidence"].shape
    shapes = {
        "time": (frames,),
        "pixels": (frames, points, 2),
        "confidence": (frames, points),
        "background": (frames, 2),
        "slide": (frames,),
    }
    if len(rest.names) != points or any(array.shape != shapes[name] for name, array in arrays.items()):
        raise ValueError("shapes differ")
    slow_motion, shown = rest.tempo
    numbers: dict[str, FloatArray] = {name: array.astype(float, copy=False) for name, array in arrays.items()}
    return KeyPoints(
        time=numbers["time"],
        names=rest.names,
        pixels=numbers["pixels"],
        confidence=numbers["confidence"],
        size=rest.size,
        source=rest.source,
        kind=rest.kind,
        background=numbers.get("background"),
        slide=numbers.get("slide"),
        metres_per_pixel=rest.metres_per_pixel,
        film=rest.film,
        slow_motion=slow_motion,
        shown=shown,
        shots=tuple(Shot(*one) for one in rest.shots),
        log=tuple(Processing(name, cast("Arguments", _restored(arguments))) for name, arguments in rest.log),
        flags=tuple(Flag(*flag) for flag in rest.flags),
    )


def _plain(value: Any) -> Any:
    """Turn a value of the log into what JSON can hold; tuples are marked so that they come back as tuples."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return {"(tuple)": [_plain(item) for item in value]}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _restored(value: Any) -> Any:
    """Undo :func:`_plain`."""
    if isinstance(value, dict):
        if set(value) == {"(tuple)"}:
            return tuple(_restored(item) for item in value["(tuple)"])
        return {key: _restored(item) for key, item in value.items()}
    return [_restored(item) for item in value] if isinstance(value, list) else value

"""Key points kept between runs: a film that was looked at once is not looked at again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from headway.cache import LARGEST, cache_folder, digest, keep
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.shots import Shot
from headway.recording import Flag, Processing

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
    path = _place(key, options)
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAYS if name in stored.files}
            text = json.loads(str(stored["rest"]))
        points = _from_parts(arrays, text)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return replace(points, source=str(film), film=None if points.film is None else str(film))


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
    return keep(_place(key, options), {"rest": np.array(_rest(points)), **arrays}, largest)


def _place(key: str, options: Options) -> Path:
    return cache_folder(options.cache) / f"pose-{key}.npz"


def _rest(points: KeyPoints) -> str:
    """Everything but the arrays, as text."""
    return json.dumps(
        {
            "names": points.names,
            "size": points.size,
            "source": points.source,
            "kind": points.kind,
            "metres_per_pixel": points.metres_per_pixel,
            "film": points.film,
            "tempo": [points.slow_motion, points.shown],
            "shots": [[one.number, one.start, one.stop, one.missing] for one in points.shots],
            "log": [[step.name, _plain(step.arguments)] for step in points.log],
            "flags": [[flag.code, flag.level, flag.message] for flag in points.flags],
        }
    )


def _from_parts(arrays: dict[str, Any], rest: dict[str, Any]) -> KeyPoints:
    """Build key points; refuse arrays that do not belong together."""
    frames, points = arrays["confidence"].shape
    background = arrays.get("background")
    if arrays["time"].shape != (frames,) or arrays["pixels"].shape != (frames, points, 2):
        raise ValueError("shapes differ")
    if len(rest["names"]) != points or (background is not None and background.shape != (frames, 2)):
        raise ValueError("shapes differ")
    slow_motion, shown = rest["tempo"]
    return KeyPoints(
        time=arrays["time"],
        names=tuple(rest["names"]),
        pixels=arrays["pixels"],
        confidence=arrays["confidence"],
        size=(int(rest["size"][0]), int(rest["size"][1])),
        source=rest["source"],
        kind=rest["kind"],
        background=background,
        slide=arrays.get("slide"),
        metres_per_pixel=rest["metres_per_pixel"],
        film=rest["film"],
        slow_motion=slow_motion,
        shown=shown,
        shots=tuple(Shot(*one) for one in rest["shots"]),
        log=tuple(Processing(name, _restored(arguments)) for name, arguments in rest["log"]),
        flags=tuple(Flag(*flag) for flag in rest["flags"]),
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

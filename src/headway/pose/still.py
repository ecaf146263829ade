"""A picture in which every person carries a number."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from headway.pose.model import Image
from headway.pose.sightings import Sighting

_SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""Strokes of the digits 0 to 9."""
_STROKES = {
    "a": (0, 0, 4, 1), "b": (3, 0, 4, 4), "c": (3, 3, 4, 7), "d": (0, 6, 4, 7), "e": (0, 3, 1, 7), "f": (0, 0, 1, 4), "g": (0, 3, 4, 4),
}  # fmt: skip


def numbered_still(picture: Image, people: Sequence[Sighting]) -> Path:
    """Write a picture in which every person carries a number, into the temporary folder, and return its path."""
    image = picture.copy()
    high, wide = image.shape[:2]
    for k, seen in enumerate(people):
        unit = max(4, round(seen.height / 25))
        left = max(unit, min(int(seen.centre[0]) - 2 * unit, wide - 5 * unit))
        top = max(unit, min(int(seen.centre[1] - 0.55 * seen.height) - 8 * unit, high - 8 * unit))
        image[top - unit : top + 8 * unit, left - unit : left + 5 * unit] = 0
        for stroke in _SEGMENTS[(k + 1) % 10]:
            x0, y0, x1, y1 = (unit * v for v in _STROKES[stroke])
            image[top + y0 : top + y1, left + x0 : left + x1] = (255, 230, 0)
    with tempfile.NamedTemporaryFile(prefix="headway-people-", suffix=".png", delete=False) as file:
        file.write(to_png(image))
    return Path(file.name)


def to_png(image: Image) -> bytes:
    """Encode a picture as PNG."""
    import av

    coder = av.CodecContext.create("png", "w")
    coder.width, coder.height, coder.pix_fmt = image.shape[1], image.shape[0], "rgb24"
    packets = coder.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24"))
    return b"".join(bytes(p) for p in [*packets, *coder.encode(None)])

"""Positions and analog values of a C3D file: by ezc3d where the file is as that library expects it, else by our own reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.io.c3d.layout import Layout, Shape
from headway.io.c3d.sections import Sections, number, numbers, texts
from headway.recording import FloatArray

NOT_SEEN = 9999999.0
"""Coordinate that Motion Analysis writes for a point that was not seen."""
_HALF_RANGE = 0x8000


@dataclass(frozen=True)
class Samples:
    """Positions in file units, shape (frames, points, 3), NaN where invalid; scaled channels, shape (channels, samples)."""

    positions: FloatArray
    analogs: FloatArray


def read_samples(path: Path, content: bytes, sections: Sections, layout: Layout) -> Samples:
    """Read the samples of a file whose layout is known."""
    found = by_ezc3d(path, layout.shape) if suits_ezc3d(sections, layout) else None
    return decode(content, sections, layout.shape) if found is None else found


def suits_ezc3d(sections: Sections, layout: Layout) -> bool:
    """Tell whether ezc3d reads this file right: header and parameters agree, and everything is there that it uses."""
    analog, channels = sections.group("ANALOG"), layout.shape.channels
    whole = all(len(numbers(analog, name)) >= channels for name in ("SCALE", "OFFSET"))
    return (
        layout.agreed
        and sections.strict
        and sections.encoding.order == "<"
        and bool(texts(sections.group("POINT"), "LABELS"))
        and (channels == 0 or (whole and number(analog, "RATE") is not None and not _unsigned(sections)))
    )


def by_ezc3d(path: Path, shape: Shape) -> Samples | None:
    """Read with ezc3d; ``None`` where it fails, or finds another shape than the file has."""
    import ezc3d

    try:
        data = ezc3d.c3d(str(path))["data"]
    except (RuntimeError, ValueError, OSError, MemoryError, OverflowError, IndexError):
        return None
    stored, analogs = (np.asarray(data[name], dtype=np.float64) for name in ("points", "analogs"))
    residuals = np.asarray(data["meta_points"]["residuals"], dtype=np.float64)
    if stored.shape != (4, shape.points, shape.frames) or residuals.size != shape.points * shape.frames:
        return None
    if analogs.size != shape.channels * shape.samples * shape.frames:
        return None
    positions = stored[:3].transpose(2, 1, 0).copy()
    positions[residuals.reshape(shape.points, shape.frames).T < 0] = np.nan
    return Samples(_unmarked(positions), analogs.reshape(shape.channels, shape.samples * shape.frames))


def decode(content: bytes, sections: Sections, shape: Shape) -> Samples:
    """Read the samples from the bytes of the file.

    Notes
    -----
    A frame holds x, y, z and a word per point, then all channels once per sample. The word is negative where the point is
    invalid. Analog values are (stored − ANALOG:OFFSET) · ANALOG:SCALE · ANALOG:GEN_SCALE.
    """
    raw = content[shape.start : shape.start + shape.frames * shape.size]
    encoding, unsigned = sections.encoding, _unsigned(sections)
    flat = encoding.reals(raw) if shape.real else encoding.integers(raw).astype(np.float64)
    frames = flat.reshape(shape.frames, shape.values)
    stored = frames[:, : 4 * shape.points].reshape(shape.frames, shape.points, 4)
    positions = stored[:, :, :3] * (1.0 if shape.real else _point_scale(sections))
    positions[stored[:, :, 3] < 0] = np.nan
    analogs = frames[:, 4 * shape.points :].reshape(shape.frames * shape.samples, shape.channels).T
    if unsigned and not shape.real:
        analogs = analogs % (2.0 * _HALF_RANGE)
    scale, offset = analog_scaling(sections, shape.channels)
    return Samples(_unmarked(positions), (analogs - offset[:, None]) * scale[:, None])


def analog_scaling(sections: Sections, channels: int) -> tuple[FloatArray, FloatArray]:
    """Scale and offset of every channel, with the defaults of the format (1 and 0) where they are missing."""
    analog = sections.group("ANALOG")
    scale = _filled(numbers(analog, "SCALE"), channels, 1.0)
    stated = numbers(analog, "OFFSET")
    offset = _filled(stated if len(stated) else numbers(analog, "OFFSETS"), channels, 0.0)
    if _unsigned(sections):
        offset = np.where(offset < 0, offset + 2.0 * _HALF_RANGE, offset)
    return scale * (number(analog, "GEN_SCALE") or 1.0), offset


def _filled(values: FloatArray, size: int, default: float) -> FloatArray:
    missing = np.full(max(size - len(values), 0), default)
    return np.concatenate((values[:size], missing))


def _unsigned(sections: Sections) -> bool:
    """Whether analog values have no sign: stated, or shown by an offset of half the range of 16 bits."""
    analog = sections.group("ANALOG")
    stated = [text.strip().upper() for text in texts(analog, "FORMAT")]
    if stated and stated[0]:
        return stated[0] == "UNSIGNED"
    offsets = numbers(analog, "OFFSET")
    return len(offsets) > 0 and (number(analog, "BITS") or 0) >= 16 and bool((offsets == -_HALF_RANGE).all())


def _point_scale(sections: Sections) -> float:
    header = sections.header.scale
    return abs(header if header > 0 else number(sections.group("POINT"), "SCALE") or header or 1.0)


def _unmarked(positions: FloatArray) -> FloatArray:
    """NaN for points that a vendor marks as not seen by a coordinate far outside of any room."""
    positions[(np.abs(positions - NOT_SEEN) < 1.0).any(2)] = np.nan
    return positions

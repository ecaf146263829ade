"""Header and parameter section of a C3D file, read from its bytes without trusting them (C3D user guide, c3d.org)."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.errors import RecordingError
from headway.io.c3d.numbers import Encoding, encoding_of
from headway.recording import FloatArray

BLOCK = 512
AGAIN = "export the recording again or copy it again from its source"
_KEY = 0x50
_TEXT, _BYTE, _INTEGER, _REAL = -1, 1, 2, 4
_MOST_DIMENSIONS = 7
_EVENTS, _LONG_LABELS = 298, 12345
"""Byte of the header that holds this number where it lists events with labels of four letters."""

Values = list[str] | FloatArray
"""Values of one parameter: texts, or numbers in the shape that the file states."""
Groups = dict[str, dict[str, Values]]


@dataclass(frozen=True)
class Header:
    """What the first block states: counts per frame, frame numbers, scale, data block, rate (Hz), events (label, s)."""

    points: int
    analog_values: int
    samples: int
    first: int
    last: int
    scale: float
    data_block: int
    rate: float
    events: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Sections:
    """Header and parameters of a file.

    Attributes
    ----------
    header, groups
        What they state; parameters by group and name in capitals.
    encoding
        Of all numbers in the file.
    start, end
        Byte at which the parameters start, and behind the blocks that they say to fill; 0 where they do not say.
    strict
        Every parameter fills exactly the space that it claims: safe for other libraries.
    complete
        The chain of parameters came to its end. If not, nothing may be concluded from a parameter that is missing.
    """

    header: Header
    groups: Groups
    encoding: Encoding
    start: int
    strict: bool
    complete: bool
    end: int = 0

    def group(self, name: str) -> dict[str, Values]:
        """Parameters of a group, none if it is not there."""
        return self.groups.get(name, {})


@dataclass(frozen=True)
class _Entry:
    """One record of the parameter section; ``values`` is ``None`` for a group."""

    group: int
    name: str
    values: Values | None
    following: int
    exact: bool


def read_sections(where: str, content: bytes) -> Sections:
    """Read header and parameters.

    Raises
    ------
    RecordingError
        If it is no C3D file, or ends before its parameters.
    """
    if len(content) < 2 or content[1] != _KEY:
        raise RecordingError(where, "is not a C3D file", "check the file; other formats need their own ending")
    if len(content) < 2 * BLOCK:
        raise RecordingError(where, f"is cut off after {len(content)} bytes", AGAIN)
    start = (content[0] - 1) * BLOCK
    if content[0] < 2 or start + 4 > len(content):
        raise RecordingError(where, "is not a C3D file or its beginning is damaged", AGAIN)
    encoding = encoding_of(content[start + 3])
    if encoding is None:
        raise RecordingError(where, "has damaged parameters (unknown kind of numbers)", AGAIN)
    header = _header(content, encoding)
    data = (header.data_block - 1) * BLOCK
    groups, strict, complete = _chain(content, start, data if start < data <= len(content) else len(content), encoding)
    blocks = content[start + 2]
    return Sections(header, groups, encoding, start, strict, complete, start + blocks * BLOCK if blocks else 0)


def _header(content: bytes, encoding: Encoding) -> Header:
    points, values, first, last, _ = struct.unpack_from(f"{encoding.order}5H", content, 2)
    data, samples = struct.unpack_from(f"{encoding.order}2H", content, 16)
    scale, rate = (float(encoding.reals(content[at : at + 4])[0]) for at in (12, 20))
    return Header(points, values, samples, first, last, scale, data, rate, _header_events(content, encoding))


def _header_events(content: bytes, encoding: Encoding) -> tuple[tuple[str, float], ...]:
    key, count = struct.unpack_from(f"{encoding.order}2H", content, _EVENTS)
    if key != _LONG_LABELS or not 0 < count <= 18:
        return ()
    times = encoding.reals(content[304 : 304 + 4 * count])
    labels = [_text(content[396 + 4 * k : 400 + 4 * k]) for k in range(count)]
    return tuple((label, float(time)) for label, time in zip(labels, times, strict=True) if math.isfinite(time))


def _chain(content: bytes, start: int, stop: int, encoding: Encoding) -> tuple[Groups, bool, bool]:
    """Follow the chain of records; parameters, whether all were exact, and whether the chain came to its end."""
    names: dict[int, str] = {}
    found: list[_Entry] = []
    position, strict, complete = start + 4, True, False
    while position + 2 <= stop:
        if content[position] == 0:
            complete = True
            break
        entry = _record(content, position, stop, encoding)
        if entry is None:
            break
        strict = strict and entry.exact and -entry.group not in names
        if entry.group < 0:
            names.setdefault(-entry.group, entry.name)
        else:
            found.append(entry)
        if entry.following == position:
            complete = True
            break
        position = entry.following
    groups: Groups = {name: {} for name in names.values()}
    for entry in found:
        if entry.group in names and entry.values is not None:
            groups[names[entry.group]].setdefault(entry.name, entry.values)
    return groups, strict and complete and all(entry.group in names for entry in found), complete


def _record(content: bytes, position: int, stop: int, encoding: Encoding) -> _Entry | None:
    """One record, ``None`` where there is none that can be; the last of the chain follows itself."""
    length, group = struct.unpack_from("2b", content, position)
    link = position + 2 + abs(length)
    if group == 0 or link + 2 > stop:
        return None
    step = struct.unpack_from(f"{encoding.order}H", content, link)[0]
    raw, end, values = content[position + 2 : link], link + 2, None
    following = link + step if step else position
    if group > 0:
        read = _parameter(content, link + 2, stop, encoding)
        if read is None:
            return None
        values, end = read
    if min(raw) < 0x20 or (step and not end <= following <= stop):
        return None
    described = end < stop and (not step or end + 1 + content[end] == following)
    known = group < 0 or values is not None
    return _Entry(group, _text(raw).strip().upper(), values, following, described and known)


def _parameter(content: bytes, position: int, stop: int, encoding: Encoding) -> tuple[Values | None, int] | None:
    """Values of a parameter and the byte after them; no values for a kind that is not known."""
    if position + 2 > stop:
        return None
    kind, dimensions = struct.unpack_from("bB", content, position)
    first = position + 2 + dimensions
    if first > stop or dimensions > _MOST_DIMENSIONS:
        return None
    shape = tuple(content[position + 2 : first])
    if kind not in (_TEXT, _BYTE, _INTEGER, _REAL):
        return None, first
    end = first + math.prod(shape) * abs(kind)
    return (_values(kind, shape, content[first:end], encoding), end) if end <= stop else None


def _values(kind: int, shape: tuple[int, ...], raw: bytes, encoding: Encoding) -> Values:
    if kind == _TEXT:
        width = shape[0] if shape else 1
        # Some write descriptions of no letters; how many of them there are says nothing.
        return [_text(raw[k : k + width]) for k in range(0, len(raw), width)] if width else []
    if kind == _BYTE:
        numbers = np.frombuffer(raw, "i1").astype(np.float64)
    else:
        numbers = encoding.reals(raw) if kind == _REAL else encoding.integers(raw).astype(np.float64)
    return numbers.reshape(shape, order="F") if len(shape) > 1 else numbers


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").rstrip(" \0")
    except UnicodeDecodeError:
        return raw.decode("latin-1").rstrip(" \0")


def texts(group: Mapping[str, Values], name: str) -> list[str]:
    """All values of a text parameter; past 255 they go on in NAME2, NAME3 and so on. Numbers under that name are none."""
    return [value for part in _parts(group, name) for value in part if isinstance(value, str)]


def numbers(group: Mapping[str, Values], name: str) -> FloatArray:
    """All values of a parameter of numbers in the order of the file, shape (n,); see :func:`texts`."""
    parts = [part for part in _parts(group, name) if not any(isinstance(value, str) for value in part)]
    return np.concatenate([np.ravel(np.asarray(part, np.float64), "F") for part in parts]) if parts else np.zeros(0)


def _parts(group: Mapping[str, Values], name: str) -> list[Values]:
    parts: list[Values] = []
    while (key := f"{name}{len(parts) + 1}" if parts else name) in group:
        parts.append(group[key])
    return parts


def number(group: Mapping[str, Values], name: str) -> float | None:
    """First value of a parameter, whatever its type: some write counts as text, or as a byte called text."""
    values = group.get(name)
    if values is None or len(values) == 0:
        return None
    first = np.ravel(values)[0]
    if isinstance(first, str) and len(first) == 1 and not first.isdigit():
        return float(ord(first))
    try:
        return float(first) if math.isfinite(float(first)) else None
    except ValueError:
        return None


def count(group: Mapping[str, Values], name: str) -> int | None:
    """A count: 16 bits without sign in files that need them, a whole number stored as real in others."""
    value = number(group, name)
    if value is None:
        return None
    return round(value) + (0x10000 if value < 0 else 0)

"""Is this file a whole C3D? Answered from its bytes, because the C3D library can hang or crash on a damaged one.

Layout: C3D user guide (c3d.org), header and parameter sections.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path

from headway.errors import RecordingError

BLOCK = 512
_INTEL, _DEC, _MIPS = 84, 85, 86
_KEY = 0x50
_UNCOUNTED = 0xFFFF
"""Last frame of files whose frames do not fit the 16 bits of the header; the parameters hold the count then."""
_SIZES = {-1: 1, 1: 1, 2: 2, 4: 4}
_AGAIN = "export the recording again or copy it again from its source"


@dataclass(frozen=True)
class Header:
    """What the header of a C3D file states.

    Attributes
    ----------
    points, analog_values, channels
        Points and analog values per frame, and analog channels.
    first, last
        Frame numbers, counted as the file counts them.
    size
        Bytes per stored value: 4 for real numbers, 2 for integers.
    data_start
        Byte at which the data start.
    """

    points: int
    analog_values: int
    channels: int
    first: int
    last: int
    size: int
    data_start: int


@dataclass(frozen=True)
class _Entry:
    """One parameter: kind of value, number of values, byte of the first and byte after the last."""

    kind: int
    count: int
    position: int
    end: int


Entries = dict[tuple[str, str], _Entry]
"""Parameters by group and name."""


def check_c3d(path: Path) -> Header:
    """Check a C3D file before it is read.

    Raises
    ------
    RecordingError
        If it is no C3D file, its parameters are damaged, it is cut off, or it holds no points.
    """
    where, content = str(path), path.read_bytes()
    if len(content) < 2 or content[1] != _KEY:
        raise RecordingError(where, "is not a C3D file", "check the file; other formats need their own ending")
    if len(content) < 2 * BLOCK:
        raise RecordingError(where, f"is cut off after {len(content)} bytes", _AGAIN)
    start, order = _parameter_section(where, content)
    entries = _walk(where, content, start, order)
    header = _header(where, content, order, content[start + 3])
    if header.points == 0:
        raise RecordingError(
            where, "holds no points (only analog channels or events)", "export it with its trajectories"
        )
    _check_lists(where, header, entries)
    frames = _frames(content, order, header, entries)
    if frames is not None and frames < 1:
        raise RecordingError(where, f"states frames {header.first} to {header.last}", _AGAIN)
    whole = (len(content) - header.data_start) // (header.size * (4 * header.points + header.analog_values))
    if frames is not None and whole < frames:
        raise RecordingError(where, f"is cut off: {max(whole, 0)} of {frames} frames are there", _AGAIN)
    return header


def _parameter_section(where: str, content: bytes) -> tuple[int, str]:
    """Byte at which the parameters start and the byte order mark for ``struct``."""
    start = (content[0] - 1) * BLOCK
    if content[0] < 2 or start + 4 > len(content):
        raise RecordingError(where, "is not a C3D file or its beginning is damaged", _AGAIN)
    processor = content[start + 3]
    if processor not in (_INTEL, _DEC, _MIPS):
        raise RecordingError(where, "has damaged parameters (unknown kind of numbers)", _AGAIN)
    return start, (">" if processor == _MIPS else "<")


def _header(where: str, content: bytes, order: str, processor: int) -> Header:
    points, analog, first, last, _ = struct.unpack_from(f"{order}5H", content, 2)
    scale_words = struct.unpack_from(f"{order}2H", content, 12)
    data_block, samples = struct.unpack_from(f"{order}2H", content, 16)
    # The sign bit of the scale tells real numbers; an Intel float has it in its last word, the others in their first.
    negative = bool((scale_words[1] if processor == _INTEL else scale_words[0]) & 0x8000)
    if data_block < 2 or (data_block - 1) * BLOCK > len(content):
        raise RecordingError(where, "is cut off before its data", _AGAIN)
    if (analog > 0) != (samples > 0) or (samples and analog % samples):
        raise RecordingError(where, f"states {analog} analog values in {samples} samples per frame", _AGAIN)
    channels = analog // samples if samples else 0
    return Header(points, analog, channels, first, last, 4 if negative else 2, (data_block - 1) * BLOCK)


def _check_lists(where: str, header: Header, entries: Entries) -> None:
    """Points need labels, analog channels scale and offset; the C3D library reads past the end of shorter lists."""
    labels = entries.get(("POINT", "LABELS"))
    if labels is None or labels.kind != -1 or labels.count == 0:
        raise RecordingError(where, "holds no labelled points", "label the markers and export the file again")
    for name in ("SCALE", "OFFSET") if header.channels else ():
        count = sum(entries[key].count for key in entries if key[0] == "ANALOG" and key[1].rstrip("23456789") == name)
        if count < header.channels:
            what = f"has damaged parameters: {count} values of ANALOG:{name} for {header.channels} channels"
            raise RecordingError(where, what, _AGAIN)


def _frames(content: bytes, order: str, header: Header, entries: Entries) -> int | None:
    """Frames stated by the header or, where they are too many for it, by the parameters."""
    if header.last != _UNCOUNTED:
        return header.last - header.first + 1
    for name in ("LONG_FRAMES", "FRAMES"):
        entry = entries.get(("POINT", name))
        code = {2: "H", 4: "f"}.get(entry.kind) if entry is not None and entry.count else None
        if entry is not None and code is not None:
            value = struct.unpack_from(f"{order}{code}", content, entry.position)[0]
            if 0 < value < 1e8 and value != _UNCOUNTED:
                return int(value)
    return None


def _walk(where: str, content: bytes, start: int, order: str) -> Entries:
    """Follow the chain of parameters to its end; every record must fill exactly the space it claims."""
    damaged = RecordingError(where, "has damaged parameters", _AGAIN)
    groups: dict[int, str] = {}
    found: list[tuple[int, str, _Entry]] = []
    position = start + 4
    while position + 2 <= len(content):
        length, group = struct.unpack_from("2b", content, position)
        if length == 0:
            break
        link = position + 2 + abs(length)
        if group == 0 or link + 3 > len(content):
            raise damaged
        raw, step = content[position + 2 : link], struct.unpack_from(f"{order}H", content, link)[0]
        name = raw.decode("latin-1").strip().upper()
        entry = _entry(content, link + 2) if group > 0 else None
        last = entry.end if entry is not None else link + 2
        if min(raw) < 0x20 or last >= len(content) or (group > 0 and entry is None) or -group in groups:
            raise damaged
        if step and last + 1 + content[last] != link + step:
            raise damaged
        if entry is None:
            groups[-group] = name
        else:
            found.append((group, name, entry))
        if not step:
            break
        position = link + step
    if any(group not in groups for group, _, _ in found):
        raise damaged
    return {(groups[group], name): entry for group, name, entry in found}


def _entry(content: bytes, position: int) -> _Entry | None:
    """Read where the values of a parameter lie, or ``None`` if there are none or they do not fit in the file."""
    if position + 2 > len(content):
        return None
    kind, dimensions = struct.unpack_from("bB", content, position)
    first = position + 2 + dimensions
    if kind not in _SIZES or first >= len(content):
        return None
    count = math.prod(content[position + 2 : first])
    return _Entry(kind, count, first, first + count * _SIZES[kind])

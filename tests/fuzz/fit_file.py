"""FIT files of a watch, made byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path


def crc(data: bytes) -> int:
    """Checksum of FIT files."""
    table = (
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
    )  # fmt: skip
    value = 0
    for byte in data:
        for part in (byte & 0xF, byte >> 4):
            value = (value >> 4) & 0x0FFF ^ table[value & 0xF] ^ table[part]
    return value


def fit_file(path: Path, rows: Iterable[tuple[int, ...]]) -> Path:
    """A FIT file with record messages: timestamp, speed, cadence, fractional cadence, stance time, vertical oscillation, step length."""
    fields = [(253, 4, 0x86), (6, 2, 0x84), (4, 1, 0x02), (53, 1, 0x02), (41, 2, 0x84), (39, 2, 0x84), (85, 2, 0x84)]
    body = struct.pack("<BBBHB", 0x40, 0, 0, 20, len(fields)) + b"".join(struct.pack("BBB", *one) for one in fields)
    for row in rows:
        body += b"\x00" + struct.pack("<IHBBHHH", *row)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", crc(header))
    path.write_bytes(header + body + struct.pack("<H", crc(header + body)))
    return path

"""Write C3D files byte by byte, as vendors do: any processor, integers or reals, with or without any parameter."""

import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 512
PROCESSORS = {"intel": 84, "dec": 85, "mips": 86}


@dataclass(frozen=True)
class Made:
    """A file to write: positions (frames, points, 3) in its unit, channels (channels, samples); and what is odd in it."""

    positions: np.ndarray
    names: tuple[str, ...]
    analogs: np.ndarray | None = None
    rate: float = 200.0
    processor: str = "intel"
    scale: float = -1.0
    unit: str = "mm"
    first: int = 1
    header: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    offset: float = 0.0
    unsigned: bool = False

    def but(self, **changes: Any) -> "Made":
        return replace(self, **changes)


def write(path: Path, made: Made) -> Path:
    frames, points, _ = made.positions.shape
    analogs = np.zeros((0, frames)) if made.analogs is None else made.analogs
    samples = max(analogs.shape[1] // frames, 1)
    groups = _groups(made, analogs, samples)
    section = _section(groups, made.processor)
    start = 2 + len(section) // BLOCK
    section = section.replace(b"\xee\xee", _words(made.processor, [made.parameters.get("POINT:DATA_START", start)]))
    head = {"points": points, "values": len(analogs) * samples, "first": made.first, "last": made.first + frames - 1,
            "samples": samples if len(analogs) else 0, "start": start, **made.header}  # fmt: skip
    header = bytearray(BLOCK)
    header[:2] = bytes((2, 0x50))
    header[2:12] = _words(made.processor, [head[key] for key in ("points", "values", "first", "last")] + [0])
    header[12:16] = _reals(made.processor, [made.scale])
    header[16:20] = _words(made.processor, [head["start"], head["samples"]])
    header[20:24] = _reals(made.processor, [made.rate])
    data = _data(made, analogs, samples)
    path.write_bytes(bytes(header) + section + data + b"\0" * (-len(data) % BLOCK))
    return path


def _groups(made: Made, analogs: np.ndarray, samples: int) -> dict[str, dict[str, Any]]:
    point = {"USED": made.positions.shape[1], "SCALE": made.scale, "RATE": made.rate, "DATA_START": b"\xee\xee",
             "FRAMES": len(made.positions), "LABELS": list(made.names), "UNITS": [made.unit]}  # fmt: skip
    analog = {"USED": len(analogs), "RATE": made.rate * samples, "GEN_SCALE": 1.0}
    if len(analogs):
        analog |= {"SCALE": np.ones(len(analogs)), "OFFSET": np.full(len(analogs), int(made.offset)),
                   "LABELS": [f"A{k}" for k in range(len(analogs))]}  # fmt: skip
    groups = {"POINT": point, "ANALOG": analog}
    for key, value in made.parameters.items():
        group, name = key.split(":")
        if key != "POINT:DATA_START":
            groups.setdefault(group, {})[name] = value
    for key in made.without:
        group, name = key.split(":")
        groups[group].pop(name, None)
    return groups


def _section(groups: dict[str, dict[str, Any]], processor: str) -> bytes:
    body = b""
    for number, (group, entries) in enumerate(groups.items(), 1):
        body += struct.pack("bb", len(group), -number) + group.encode() + _words(processor, [3]) + b"\0"
        for name, value in entries.items():
            content = _content(value, processor)
            body += struct.pack("bb", len(name), number) + name.encode()
            body += _words(processor, [len(content) + 3]) + content + b"\0"
    body = bytes((1, 0x50, 0, PROCESSORS[processor])) + body + b"\0\0"
    body += b"\0" * (-len(body) % BLOCK)
    return body[:2] + bytes((len(body) // BLOCK,)) + body[3:]


def _content(value: object, processor: str) -> bytes:
    """Kind, dimensions and values of a parameter."""
    if isinstance(value, bytes):
        return struct.pack("bB", 2, 0) + value
    if isinstance(value, list):
        width = max((len(text) for text in value), default=0)
        return struct.pack("bBBB", -1, 2, width, len(value)) + b"".join(t.encode("latin-1").ljust(width) for t in value)
    if isinstance(value, str):
        return struct.pack("bBB", -1, 1, len(value)) + value.encode("latin-1")
    array = np.asarray(value)
    whole = np.issubdtype(array.dtype, np.integer)
    packed = (_words if whole else _reals)(processor, array.ravel("F").tolist())
    return struct.pack("bB", 2 if whole else 4, array.ndim) + bytes(array.shape) + packed


def _words(processor: str, values: list[int]) -> bytes:
    return (np.array(values, np.int64) & 0xFFFF).astype(">u2" if processor == "mips" else "<u2").tobytes()


def _reals(processor: str, values: list[float]) -> bytes:
    array = np.array(values, np.float64)
    if processor == "mips":
        return array.astype(">f4").tobytes()
    if processor == "dec":
        return (array * 4.0).astype("<f4").view("<u2").reshape(-1, 2)[:, ::-1].astype("<u2").tobytes()
    return array.astype("<f4").tobytes()


def _data(made: Made, analogs: np.ndarray, samples: int) -> bytes:
    frames = len(made.positions)
    unseen = ~np.isfinite(made.positions).all(2)
    stored = np.concatenate((np.nan_to_num(made.positions), np.where(unseen, -1.0, 0.0)[..., None]), axis=2)
    if made.scale > 0:
        stored[..., :3] = np.round(stored[..., :3] / made.scale)
    channels = (analogs + made.offset).T.reshape(frames, -1)
    rows = np.concatenate((stored.reshape(frames, -1), channels), axis=1).ravel()
    if made.scale > 0:
        return _words(made.processor, np.round(rows).astype(np.int64).tolist())
    return _reals(made.processor, rows.tolist())

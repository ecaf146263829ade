"""Arrays and a text in one file (npz) with its format, version and checksum: what is kept between runs, and solutions of simulations."""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from headway.version import VERSION

Arrays = Mapping[str, npt.NDArray[np.generic]]
LARGEST = 2_000_000_000
"""Bytes of all arrays of one file, unpacked."""
MOST_ARRAYS = 100
_SEAL, _REST = "seal", "rest"
_KINDS = "?biufU"
"""Kinds of values that an array may have: no objects."""


class NewerForm(ValueError):
    """A later Headway wrote this; ``headway`` and ``version`` say which, in which form."""

    def __init__(self, headway: str, version: int) -> None:
        self.headway, self.version = headway, version
        super().__init__(f"was written by Headway {headway} in form {version}")


class _ArchiveSeal(msgspec.Struct, frozen=True):
    format: str
    version: int
    headway: str
    checksum: str


@dataclass(frozen=True)
class Archive:
    """What a file holds: arrays by name, a text, and the version of its form; 0 for files from before there was a seal."""

    arrays: dict[str, npt.NDArray[np.generic]]
    rest: str
    version: int


def pack(form: str, version: int, arrays: Arrays, rest: str = "") -> bytes:
    """Bytes of a file; ``np.load`` reads its arrays too.

    Examples
    --------
    >>> unpack("times", 1, pack("times", 1, {"time": np.arange(3)})).arrays["time"]
    array([0, 1, 2])
    """
    whole = {name: np.asarray(array) for name, array in arrays.items()} | {_REST: np.array(rest)}
    seal = _ArchiveSeal(form, version, VERSION, _checksum(form, version, whole))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **whole, seal=np.array(msgspec.json.encode(seal).decode()))
    return buffer.getvalue()


def unpack(form: str, version: int, content: bytes) -> Archive:
    """Read what :func:`pack` wrote; every size is checked before memory is asked for, and every byte before it is used.

    Raises
    ------
    NewerForm
        A later Headway wrote it.
    Exception
        Whatever a damaged file makes of the zip, the arrays and their checksum: it is to be passed over or told in one line.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = file.infolist()
        if len(members) > MOST_ARRAYS or sum(one.file_size for one in members) > LARGEST:
            raise ValueError("it holds more than can be")
        arrays = {one.filename.removesuffix(".npy"): _array(file, one) for one in members}
    if len(arrays) != len(members):
        raise ValueError("it holds an array twice")
    told = arrays.pop(_SEAL, None)
    if (
        told is None
    ):  # from before there was a seal: the zip's own checksums hold, and no array may be one that is not known
        return Archive(arrays, str(arrays.pop(_REST, "")), 0)
    seal = msgspec.json.decode(str(told), type=_ArchiveSeal)
    if seal.format != form:
        raise ValueError(f"it holds {seal.format}, not {form}")
    if seal.version > version:
        raise NewerForm(seal.headway, seal.version)
    if seal.checksum != _checksum(seal.format, seal.version, arrays):
        raise ValueError("its checksum differs")
    return Archive(arrays, str(arrays.pop(_REST)), seal.version)


def _array(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> npt.NDArray[np.generic]:
    """One array; reading it to its end makes the zip's checksum count."""
    with file.open(member) as stream:
        raw = stream.read(member.file_size + 1)
    head = io.BytesIO(raw)
    version = npy.read_magic(head)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_columns, kind = read(head)
    data = memoryview(raw)[head.tell() :]
    if kind.kind not in _KINDS or kind.itemsize * math.prod(shape) != len(data) or min(shape, default=0) < 0:
        raise ValueError(f"{member.filename} is no array of its size")
    if not len(data):
        return np.zeros(shape, kind)
    return np.frombuffer(data, kind).reshape(shape, order="F" if by_columns else "C").copy()


def _checksum(form: str, version: int, arrays: Arrays) -> str:
    whole = hashlib.blake2b(f"{form} {version} ".encode(), digest_size=16)
    for name, array in sorted(arrays.items()):
        whole.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()

"""The seal of a result's folder: an id, and a checksum of every file, written last into the folder's summary."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import msgspec

ALGORITHM_BYTES = 16


class Seal(msgspec.Struct, frozen=True):
    """What holds the files of a folder together.

    Attributes
    ----------
    id
        BLAKE2b of the summary and of all checksums: it names this result, and changes with every number of it.
    files
        Path in the folder to the checksum (BLAKE2b, 16 bytes) of every file that Headway wrote beside the summary.
    """

    id: str
    files: dict[str, str]


def checksum(content: bytes) -> str:
    """BLAKE2b of some bytes, 32 hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=ALGORITHM_BYTES).hexdigest()


def seal_folder(folder: Path, main: str) -> None:
    """Write the seal into the summary of a folder in which all other files stand already.

    Parameters
    ----------
    folder
        A draft that nobody else writes to.
    main
        Name of the summary (JSON); ``seal`` becomes its last field.
    """
    path = folder / main
    files = {
        one.relative_to(folder).as_posix(): checksum_of(one)
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one != path
    }
    path.write_bytes(sealed(path.read_bytes(), files))


def sealed(document: bytes, files: dict[str, str] | None = None) -> bytes:
    """A JSON document with its seal as last field; without ``files`` it stands for itself.

    Examples
    --------
    >>> found = json.loads(sealed(b'{"schema": 1}'))
    >>> found["seal"]["id"] == id_of(json.dumps(found).encode())
    True
    """
    told = json.loads(document)
    told.pop("seal", None)
    told["seal"] = {"id": "", "files": files or {}}
    told["seal"]["id"] = id_of(json.dumps(told, ensure_ascii=False).encode())
    return (json.dumps(told, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()


def id_of(summary: bytes) -> str:
    """Id that belongs to a summary with its seal, whatever id stands there and however the text is laid out.

    Raises
    ------
    ValueError
        It is no summary with a seal.
    """
    told = msgspec.json.decode(summary)
    if not isinstance(told, dict) or not isinstance(told.get("seal"), dict):
        raise ValueError("no seal")
    told["seal"] = told["seal"] | {"id": ""}
    return checksum(msgspec.json.encode(told, order="deterministic"))


def seal_of(document: Path) -> Seal | None:
    """The seal of a JSON file; ``None`` where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(document.read_bytes(), type=_Sealed).seal
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


class _Sealed(msgspec.Struct):
    seal: Seal | None = None


def checksum_of(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=ALGORITHM_BYTES)).hexdigest()

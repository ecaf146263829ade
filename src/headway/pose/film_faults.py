"""Why a file is no usable film: one line each, what was seen and what to film instead."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from headway.errors import RecordingError

FILM_GUIDE = "film a runner with a phone at 60 frames per second or more, 5 to 20 s long"
LOWEST_RATE = 15.0
"""Frames/s of real time below which a step of 0.35 s has fewer than six pictures."""
SHORTEST = 1.0
"""s of real time: less holds fewer than three steps."""
SHORTEST_REST = 2.0
"""s of real time that must be left of a damaged film."""

_PICTURES = {".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".dng", ".avif"}
_PICTURE_BRANDS = {b"heic", b"heix", b"mif1", b"avif", b"heim", b"heis"}
_PICTURE_HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\x00", b"MM\x00*")


def import_av(where: str) -> ModuleType:
    """Import PyAV.

    Raises
    ------
    RecordingError
        It is not installed.
    """
    try:
        import av
    except ImportError as error:
        raise RecordingError(
            where, "films need the package av, which is missing", 'install headway with the extra "video"'
        ) from error
    return av


def check_file(path: Path) -> None:
    """Refuse what can be told without opening the film: missing, a folder, empty, a still picture."""
    where = str(path)
    if not path.exists():
        raise RecordingError(where, "there is no such file", "check the name and the folder")
    if path.is_dir():
        raise RecordingError(where, "this is a folder, not a film", "name the film file itself")
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise RecordingError(where, f"cannot be read ({error.strerror})", "check its permissions") from error
    if not head:
        raise RecordingError(where, "the file is empty", "copy the film from the phone again")
    if path.suffix.lower() in _PICTURES or head.startswith(_PICTURE_HEADS) or head[8:12] in _PICTURE_BRANDS:
        raise still_picture(where)


def still_picture(where: str) -> RecordingError:
    """One picture only."""
    return RecordingError(where, "this is a still picture, not a film", FILM_GUIDE)


def no_picture(where: str) -> RecordingError:
    """Sound without pictures."""
    return RecordingError(where, "this file holds sound but no pictures", FILM_GUIDE)


def unreadable(path: Path) -> RecordingError:
    """Tell a film that lost its end from a file that never was a film."""
    if _lost_its_index(path):
        return RecordingError(
            str(path),
            "the film is incomplete: its index (at the end of the file) is missing",
            "copy it from the phone again, and let the recording end before the phone is switched off",
        )
    return RecordingError(
        str(path), "this is not a film that can be read", "give an MP4, MOV, M4V, AVI, MKV or WebM file from a phone"
    )


def undecodable(where: str) -> RecordingError:
    """No picture comes out of it."""
    what = "no picture of this film can be decoded: it is damaged, or its pictures are larger than 8K"
    return RecordingError(where, what, "copy it from the phone again, or film with 4K or less")


def damaged(where: str, seconds: float) -> RecordingError:
    """A damaged film of which too little is left."""
    return RecordingError(
        where,
        f"the film is damaged: only its first {seconds:.1f} s can be used",
        f"copy it from the phone again; at least {SHORTEST_REST:g} s are needed",
    )


def too_slow(where: str, rate: float, slow_motion: float) -> RecordingError:
    """Too few pictures per second."""
    undone = "" if slow_motion == 1 else f" of real time (the file's speed times {slow_motion:g})"
    return RecordingError(
        where, f"{rate:.3g} frames per second{undone}: too few to see a step", "film with 60 or more, at least 30"
    )


def too_short(where: str, seconds: float) -> RecordingError:
    """Too short for a few steps."""
    return RecordingError(
        where, f"only {seconds:.2f} s of real time: fewer than three steps", "film 5 to 20 s of running"
    )


def nothing_moves(where: str) -> RecordingError:
    """One picture for all of the time, or a shot of a second nowhere."""
    return RecordingError(
        where, f"nothing moves in this film for {SHORTEST:g} s or longer: it shows still pictures", FILM_GUIDE
    )


def no_frames(where: str, start: float | None, stop: float | None, end: float) -> RecordingError:
    """The part asked for holds no picture."""
    part = f"--start {start:g} s" if start is not None else f"--stop {stop:g} s"
    return RecordingError(where, f"{part} leaves nothing: the film ends at {end:.1f} s", "give times within the film")


def _lost_its_index(path: Path) -> bool:
    """Walk the top-level boxes of an MP4 or MOV file: pictures (mdat) but no index (moov)."""
    seen: set[bytes] = set()
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size and len(seen) < 64:
            file.seek(at)
            head = file.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            seen.add(kind)
            if length < 8:
                break
            at += length
    return bool(seen & {b"ftyp", b"mdat", b"wide"}) and b"moov" not in seen

"""Two folders change places: in one step where the system knows it, else by two renames."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

ASIDE = "-old"
"""What the name of a folder ends in that stands aside between the two renames."""
_AT_FDCWD = -100
_SWAP = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""


def exchange(new: Path, old: Path) -> None:
    """Put ``new`` in the place of ``old``, and ``old`` in the place of ``new``.

    Raises
    ------
    OSError
        They lie on different file systems, or may not be moved.
    """
    if _at_once(os.fsencode(new), os.fsencode(old)):
        return
    aside = new.with_name(f"{new.name}{ASIDE}")
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
    aside.rename(new)


def _at_once(new: bytes, old: bytes) -> bool:
    """Whether the system exchanged them in one step."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return library.renamex_np(new, old, _SWAP) == 0
        return library.renameat2(_AT_FDCWD, new, _AT_FDCWD, old, _SWAP) == 0
    except (OSError, AttributeError, TypeError):
        return False

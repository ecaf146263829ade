"""An output folder that is written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from headway.errors import HeadwayError


def check_target(target: Path, *, overwrite: bool) -> None:
    """Refuse an output folder that exists, or that is a file."""
    if target.exists() and not target.is_dir():
        raise HeadwayError(str(target), "is a file", "name a folder with --out")
    if target.exists() and any(target.iterdir()) and not overwrite:
        raise HeadwayError(str(target), "the output folder exists", "name another one with --out, or give --overwrite")


@contextmanager
def whole_folder(folder: str | Path, own: Sequence[str], *, overwrite: bool) -> Iterator[Path]:
    """Give a draft folder beside the target; it takes the target's place at the end, so that a fault or an interruption leaves nothing behind.

    Parameters
    ----------
    folder
        The target.
    own
        Names (files and folders) that the writer makes: only these are replaced in a folder that exists.
    overwrite
        Whether it may exist.

    Raises
    ------
    HeadwayError
        The folder exists and ``overwrite`` is false, or it cannot be written.
    """
    target = Path(folder)
    check_target(target, overwrite=overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield draft
        draft.chmod(0o755)
        if target.exists():
            _replace(draft, target, own)
        else:
            draft.rename(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(draft: Path, target: Path, own: Sequence[str]) -> None:
    for name in own:
        old, new = target / name, draft / name
        if old.is_dir():
            shutil.rmtree(old)
        elif not new.exists():
            old.unlink(missing_ok=True)
        if new.exists():
            new.replace(old)


def _unwritable(target: Path, error: OSError) -> HeadwayError:
    return HeadwayError(
        str(target), f"cannot be written ({error.strerror or error})", "name a folder you may write to with --out"
    )

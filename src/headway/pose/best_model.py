"""MediaPipe's heavy pose model, which its package lacks: taken over from a file of the user's, and laid beside the other models."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from headway.errors import OptionError

NAME = "pose_landmark_heavy.tflite"
SHA256 = "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe"
"""Of that file in version 0.5.1675469404 of the npm package @mediapipe/pose (Apache-2.0)."""
LARGEST = 100_000_000
"""Bytes that a file which calls itself so may have."""
_REMEDY = f"give {NAME}, or the archive of the npm package @mediapipe/pose that holds it"
_MODULES = Path("mediapipe") / "modules"


def models_folder() -> Path:
    """Folder of models: ``HEADWAY_MODELS``, or within the user's data folder."""
    if os.environ.get("HEADWAY_MODELS"):
        return Path(os.environ["HEADWAY_MODELS"])
    from platformdirs import user_data_path

    return user_data_path("headway", appauthor=False) / "models"


def add_model(path: Path) -> Path:
    """Take over the heavy model; return where it is kept.

    Parameters
    ----------
    path
        The model itself, or an archive (tgz) that holds it.

    Raises
    ------
    OptionError
        No such file, no model in it, or another one than is known.
    """
    if not path.is_file():
        raise OptionError(str(path), "no such file", _REMEDY)
    content = _content(path)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        what = f"this is not the model that Headway knows (its SHA-256 begins with {found[:12]}, not {SHA256[:12]})"
        raise OptionError(str(path), what, _REMEDY)
    target = models_folder() / NAME
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as scratch:
            scratch.write(content)
        Path(scratch.name).replace(target)
    except OSError as error:
        raise OptionError(
            str(target.parent), f"cannot be written to ({error.strerror})", "set HEADWAY_MODELS"
        ) from error
    return target


def _content(path: Path) -> bytes:
    """The model's bytes, out of an archive if it is one."""
    if not tarfile.is_tarfile(path):
        if path.stat().st_size > LARGEST:
            raise OptionError(str(path), "the file is too large to be the model", _REMEDY)
        return path.read_bytes()
    try:
        with tarfile.open(path) as archive:
            held = [one for one in archive if Path(one.name).name == NAME and one.isfile() and one.size <= LARGEST]
            file = archive.extractfile(held[0]) if held else None
            if file is not None:
                return file.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise OptionError(str(path), "the archive is damaged", _REMEDY) from error
    raise OptionError(str(path), f"the archive holds no {NAME}", _REMEDY)


def heavy_model() -> Path:
    """Where the heavy model is.

    Raises
    ------
    OptionError
        It was not added.
    """
    path = models_folder() / NAME
    if not path.is_file():
        raise OptionError(
            "--pose-quality best", "the heavy pose model is not here", "add it: headway models add PATH (see README)"
        )
    return path


@cache
def resources(package: Path) -> tempfile.TemporaryDirectory[str]:
    """Folder with MediaPipe's models as its package has them, and the heavy one beside them; gone when the program ends.

    Parameters
    ----------
    package
        Folder that holds the package ``mediapipe``.
    """
    folder = tempfile.TemporaryDirectory(prefix="headway-models-")
    files = {
        Path(room) / one.name: one
        for room in ("pose_detection", "pose_landmark")
        for one in (package / _MODULES / room).glob("*.tflite")
    }
    for place, source in {**files, Path("pose_landmark") / NAME: heavy_model()}.items():
        target = Path(folder.name) / _MODULES / place
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.symlink_to(source)
        except OSError:  # Windows lets not everybody make links
            shutil.copyfile(source, target)
    return folder

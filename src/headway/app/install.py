"""An entry in the start menu that opens the app."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path

from headway.errors import OptionError


def install() -> Path:
    """Write the entry for this computer; returns where.

    Raises
    ------
    OptionError
        The system is not known, or the folder cannot be written.
    """
    command = [sys.executable, "-m", "headway.cli", "app"]
    try:
        if sys.platform == "win32":
            return _windows(command)
        if sys.platform == "darwin":
            return _mac(command)
        return _linux(command)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise OptionError("app install", what, "run headway app in a terminal instead") from error


def _linux(command: list[str]) -> Path:
    """A desktop entry (freedesktop.org), with its picture beside it."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    picture = home / "icons" / "hicolor" / "scalable" / "apps" / "headway.svg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text((files("headway.app") / "static" / "logo.svg").read_text(encoding="utf-8"), encoding="utf-8")
    target = home / "applications" / "headway.desktop"
    target.parent.mkdir(parents=True, exist_ok=True)
    quoted = " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in command)
    lines = ("[Desktop Entry]", "Type=Application", "Name=Headway", f"Exec={quoted}", "Icon=headway", "Terminal=true")
    target.write_text("\n".join([*lines, "Categories=Sports;Science;"]) + "\n", encoding="utf-8")
    return target


def _mac(command: list[str]) -> Path:
    """A file that opens in the terminal when it is double-clicked."""
    target = Path.home() / "Applications" / "Headway.command"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"#!/bin/sh\nexec {' '.join(map(_shell, command))}\n", encoding="utf-8")
    target.chmod(0o755)
    return target


def _windows(command: list[str]) -> Path:
    """A batch file in the start menu."""
    target = Path(os.environ["APPDATA"]) / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Headway.bat"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f'@"{command[0]}" {" ".join(command[1:])}\r\n', encoding="utf-8")
    return target


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"

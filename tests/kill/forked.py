"""Commands in a fork of a process that has loaded Headway: a kill falls into the work, not into the start of Python, and costs a third."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
import traceback
import weakref
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

LOADED = ("analysis", "report", "metrics", "sources", "io", "gait", "dynamics", "comparison", "experiments", "study")
"""Rooms that are imported before the first fork."""


def load() -> None:
    """Import what every command would wait for."""
    for room in LOADED:
        package = import_module(f"headway.{room}")
        for one in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(one.name)
    for name in ("headway.cli", "ezc3d", "scipy.signal", "scipy.optimize", "scipy.interpolate", "scipy.stats"):
        import_module(name)


def begin(arguments: list[str], folder: Path, told: Path) -> int:
    """Begin a command in a session of its own; what it says goes into a file. Returns its process number."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        weakref.finalize._registry.clear()  # what this process cleans up at its end is not the child's
        os.setsid()
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(told, os.O_WRONLY), 2)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = ["headway", *arguments]
        from headway.cli import main

        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stderr.flush()
        os._exit(code)


def wait(child: int, seconds: float) -> int | None:
    """How it ended (minus the signal that ended it), or ``None`` when it still runs after this time."""
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            return None
        time.sleep(0.01)

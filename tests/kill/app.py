"""Kill the app while it analyses, and start it again: its library is whole, its work is done, and nothing lives on."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from pathlib import Path

from tests.app.conftest import Running

from headway.analysis.analysis import Analysis

DRAWN = (0.0, 8.0)
"""Seconds after which the app is killed, from when an analysis was asked for."""


def rounds_of_app(times: int, seed: int, folder: Path, living) -> list[str]:
    """Kill the app ``times`` times; ``living`` tells the processes that work in a folder."""
    drawn, faults = random.Random(f"app {seed}"), []
    library = folder / "library"
    app = Running(library)
    recording = app.record("one.c3d", (folder / "one.c3d").read_bytes())
    app.wait(f"/recordings/{recording}")
    for number in range(times):
        app.client.post(f"/recordings/{recording}/analyse", data={"speed": f"{11 + number / 100:.2f} km/h"})
        sent, at = drawn.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)), drawn.uniform(*DRAWN)
        time.sleep(at)
        workers = living(app.process.pid)
        app.process.send_signal(sent)
        app.process.wait(60)
        where = f"app, kill {number + 1} ({sent.name} after {at:.2f} s)"
        until = time.monotonic() + 10.0
        while any(one.is_running() and one.status() != "zombie" for one in workers) and time.monotonic() < until:
            time.sleep(0.05)
        faults += [f"{where}: {one} lives on" for one in workers if one.is_running() and one.status() != "zombie"]
        app.close()
        app = Running(library)
        app.wait(f"/recordings/{recording}", 600.0)
        faults += [f"{where}: {fault}" for fault in _faults(library)]
        print(f"  {where}: {len(faults)} faults so far", flush=True)
    app.end()
    app.close()
    return faults


def _faults(library: Path) -> list[str]:
    """What is wrong with a library at rest: jobs that never end, analyses that cannot be read, folders of none."""
    with sqlite3.connect(library / "headway.db") as told:
        jobs = told.execute("SELECT id, state FROM jobs WHERE state IN ('waiting', 'running', 'failed')").fetchall()
        known = {str(number) for (number,) in told.execute("SELECT id FROM analyses")}
        sound = told.execute("PRAGMA integrity_check").fetchone()[0]
    found = [f"job {number} is {state}" for number, state in jobs]
    found += [] if sound == "ok" else [f"the library is damaged: {sound}"]
    folders = {path.name: path for path in library.glob("runners/*/analyses/*")}
    found += [f"analysis {name} has no folder" for name in known - folders.keys()]
    found += [f"left behind: {path.relative_to(library)}" for name, path in folders.items() if name not in known]
    for name in known & folders.keys():
        try:
            Analysis.load(folders[name])
        except Exception as error:  # whatever a reader says of it is what is told
            found.append(f"analysis {name} is not whole: {error}")
    return found

"""Kill commands at random instants, and look at what they leave.

``python -m tests.kill [COMMAND ...] --times N`` kills each command N times (SIGKILL, SIGTERM or SIGINT) at an instant drawn from the time
that it takes.
After every kill the result's folder is whole or not there; no process lives on; nothing told looks like a fault of the program.
After the next run that is let finish, no draft and no lock is left, and the result is whole.
It ends with code 1 if anything else was found.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.kill.commands import COMMANDS, SHORT, Killed, prepare
from tests.kill.forked import begin, load, wait

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
LONGEST = 600.0
"""Seconds after which a command counts as hanging."""
PATIENCE = 10.0
"""Seconds that a process has to end after the one that began it was killed."""


@dataclass(frozen=True)
class Ended:
    """How one run ended: exit code, seconds, and what it told."""

    code: int
    seconds: float
    told: str


def run(killed: Killed, folder: Path, *, again: bool, sent: signal.Signals | None = None, at: float = LONGEST) -> Ended:
    """Run a command in a session of its own, and send it a signal after a time if it still runs."""
    command = [*killed.command(), *(killed.again if again else ())]
    begun = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    with process:
        try:
            told = process.communicate(timeout=at)[1]
        except subprocess.TimeoutExpired:
            if sent is None:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            process.send_signal(sent)
            told = process.communicate(timeout=LONGEST)[1]
    return Ended(process.returncode, time.monotonic() - begun, told.decode(errors="replace"))


def run_forked(
    killed: Killed, folder: Path, *, again: bool, sent: signal.Signals | None = None, at: float = LONGEST
) -> Ended:
    """The same in a fork of this process, which has loaded Headway already."""
    words = folder / "told.txt"
    words.write_text("", encoding="utf-8")  # a child that is killed at once opens none
    begun = time.monotonic()
    child = begin([*killed.arguments, "--out", "out", *(killed.again if again else ())], folder, words)
    code = wait(child, at)
    if code is None and sent is not None:
        os.kill(child, sent)
        code = wait(child, LONGEST)
    if code is None:
        os.killpg(child, signal.SIGKILL)
        raise TimeoutError(f"{killed.arguments} does not end")
    return Ended(code, time.monotonic() - begun, words.read_text(encoding="utf-8", errors="replace"))


def faults_after(killed: Killed, folder: Path, ended: Ended, old: bool, loaded: float) -> list[str]:
    """What is wrong after a kill: half a folder, a result lost, a process that lives on, a traceback once Headway was loaded."""
    out, found = folder / "out", []
    if out.exists():
        found += _unreadable(killed, out)
    elif old:
        found.append("the result that was there is gone")
    if "Traceback" in ended.told and ended.seconds > loaded:
        found.append(f"a traceback: {ended.told.strip().splitlines()[-1]}")
    until = time.monotonic() + PATIENCE
    while living := _living(folder):
        if time.monotonic() > until:
            found.append(f"processes live on: {living}")
            break
        time.sleep(0.05)
    return found


def faults_at_rest(killed: Killed, folder: Path, ended: Ended) -> list[str]:
    """What is wrong after a run that was let finish: a draft, a lock, a result that is not whole."""
    found = [] if ended.code == 0 else [f"the next run ended with code {ended.code}: {ended.told.strip()[-200:]}"]
    found += [f"left behind: {path.name}" for path in sorted(folder.glob(".*"))]
    found += [f"left behind: out/{path.name}" for path in sorted((folder / "out").glob(".*"))]
    return found + (_unreadable(killed, folder / "out") if (folder / "out").exists() else ["there is no result"])


def _unreadable(killed: Killed, out: Path) -> list[str]:
    try:
        killed.read(out)
    except Exception as error:  # whatever a reader says of it is what is told
        return [f"out is not whole: {error}"]
    return []


def _living(folder: Path) -> list[str]:
    """Processes that work in the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder:
                found.append(" ".join(process.cmdline())[:120])
        except (psutil.Error, OSError):
            continue
    return found


def rounds(name: str, times: int, seed: int, folder: Path, *, forked: bool = False) -> list[str]:
    """Kill one command ``times`` times; every fifth kill is followed by a run that is let finish."""
    killed, drawn, faults = COMMANDS[name], random.Random(f"{name} {seed}"), []
    work = run_forked if forked else run
    first = work(killed, folder, again=False)
    faults += [f"{name}, first run: {fault}" for fault in faults_at_rest(killed, folder, first)]
    began = time.monotonic()
    subprocess.run([*killed.command()[:3], "--version"], stdout=subprocess.DEVNULL, check=True)
    loaded = 0.0 if forked else time.monotonic() - began
    shutil.copytree(folder / "out", folder / "whole")
    for number in range(times):
        old = number % 2 == 1 and not killed.partial
        if not old:
            shutil.rmtree(folder / "out", ignore_errors=True)
        elif not (folder / "out").exists():
            shutil.copytree(folder / "whole", folder / "out")
        sent = drawn.choice(SIGNALS)
        ended = work(killed, folder, again=old, sent=sent, at=drawn.uniform(0.0, 1.1 * first.seconds))
        where = f"{name}, kill {number + 1} ({sent.name} after {ended.seconds:.2f} s)"
        faults += [f"{where}: {fault}" for fault in faults_after(killed, folder, ended, old, loaded)]
        if number % 5 == 4 or number == times - 1:
            after = work(killed, folder, again=True)
            faults += [f"{where}, then let finish: {fault}" for fault in faults_at_rest(killed, folder, after)]
        print(f"  {where}: {len(faults)} faults so far", flush=True)
    return faults


def main() -> int:
    """Run from the command line; print every fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("commands", nargs="*", choices=[*COMMANDS, "app", []], help=f"default: {', '.join(SHORT)}")
    parser.add_argument("--times", type=int, default=20, metavar="N", help="kills of each command (default 20)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--forked", action="store_true", help="begin commands in forks of a process that has loaded Headway"
    )
    asked = parser.parse_args()
    if asked.forked:
        load()
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background work ignores it, and so would all commands
    faults: list[str] = []
    for name in asked.commands or SHORT:
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder))
            place = Path(folder).resolve()
            if name == "film" and not (place / "film.mp4").is_file():
                parser.error("film: there is no film; HEADWAY_TEST_DATA names the folder of the data")
            if name == "app":
                from tests.kill.app import rounds_of_app

                found = rounds_of_app(
                    asked.times, asked.seed, place, lambda number: psutil.Process(number).children(recursive=True)
                )
            else:
                found = rounds(name, asked.times, asked.seed, place, forked=asked.forked)
        faults += found
        print(f"{name}: {asked.times} kills, {len(found)} faults", flush=True)
        for fault in found:
            print(f"  {fault}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

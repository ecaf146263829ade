"""Change the source wrongly, one place at a time, and see whether tests notice.

``python -m tests.mutate`` tries the named changes; ``--sample N`` also N drawn ones of every room (``--room`` for one room).
Every change is tried on all tests of its room, those first that import the file;
with what ``--watch FILE`` wrote (``--watched FILE``), on the tests that run the changed line,
for ``SHORTLY`` seconds first and then, where none failed, for ``LONG``.
It ends with code 1 if a change survives that is not accepted as one that changes no result.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from tests.mutate.mutants import ROOT, SOURCE, Mutant, accepted, named, rooms, sample
from tests.mutate.watching import Watched, watch

UNEXPECTED = 9
"""Code of a process that could not run the tests."""
LONGEST = 900.0
"""Seconds after which a run of tests counts as having noticed."""
SHORTLY, LONG = 10.0, 90.0
"""Seconds that watched tests of one change took together without it."""
LOADED = (
    "scipy.signal",
    "scipy.optimize",
    "scipy.interpolate",
    "scipy.stats",
    "xarray",
    "pandas",
    "pyarrow",
    "ezc3d",
    "hypothesis",
)
"""Libraries that are loaded once for all changes."""


def notices(mutant: Mutant, tests: Sequence[str], copy: Path) -> bool:
    """Tell whether tests fail with the change in a copy of the source; the copy is put right again."""
    place = copy / "headway" / mutant.path
    was = place.read_bytes()
    place.write_bytes(mutant.source())
    try:
        code = _tested(tests, copy)
    finally:
        place.write_bytes(was)
    if code not in (0, 1, 2, None):  # failing tests, or a source that cannot be imported any more
        raise SystemExit(f"the tests of {mutant} could not be run: pytest ended with code {code}")
    return code != 0


def _tested(tests: Sequence[str], copy: Path) -> int | None:
    """How pytest ends with the copy in place of the source, in a process of its own; ``None`` after ``LONGEST`` seconds or a crash."""
    child = os.fork()
    if not child:
        try:
            os.setsid()
            for stream in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
            os.environ.update(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1")
            sys.dont_write_bytecode = True
            sys.path.insert(0, str(copy))
            os._exit(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]))
        finally:
            os._exit(UNEXPECTED)
    until = time.monotonic() + LONGEST
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.02)
    return os.WEXITSTATUS(ended[1]) if os.WIFEXITED(ended[1]) else None


def noticed_by_watched(mutant: Mutant, watched: Watched, copy: Path) -> bool:
    """Tell whether tests that run the changed line fail with it, the shorter ones first."""
    tests = watched.tests(mutant)
    short = watched.within(tests, SHORTLY)
    rest = watched.within(tests[len(short) :], LONG)
    return notices(mutant, _functions(short), copy) or (bool(rest) and notices(mutant, _functions(rest), copy))


def _functions(tests: Sequence[str]) -> list[str]:
    """Tests without their cases, which may have other names by now."""
    return list(dict.fromkeys(one.split("[")[0] for one in tests))


def noticed_by_room(mutant: Mutant, tests: Sequence[str], copy: Path) -> bool:
    """Tell whether tests of a room fail with a change; those that import the changed file are asked first."""
    files = [one for test in tests for one in (sorted((ROOT / test).rglob("test_*.py")) or [ROOT / test])]
    module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    near = [str(one) for one in files if f"headway.{module} " in one.read_text(encoding="utf-8")]
    rest = [str(one) for one in files if str(one) not in near]
    return (bool(near) and notices(mutant, near, copy)) or (bool(rest) and notices(mutant, rest, copy))


def main() -> int:
    """Run from the command line; print each change and what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="drawn changes per room (default: only the named)"
    )
    parser.add_argument("--room", choices=sorted(rooms()), help="one room only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unnamed", action="store_true", help="leave the named changes out")
    parser.add_argument("--watch", type=Path, metavar="FILE", help="write which tests run each line, and end")
    parser.add_argument("--watched", type=Path, metavar="FILE", help="what --watch wrote")
    asked = parser.parse_args()
    if asked.watch:
        watch(asked.watch, asked.room)
        return 0
    watched = None if asked.watched is None else Watched.read(asked.watched)
    for library in LOADED:
        import_module(library)
    os.chdir(ROOT)
    work = [(f"named: {one.name}", one.mutant, one.tests) for one in ([] if asked.room or asked.unnamed else named())]
    for room, tests in rooms().items():
        if asked.room in (None, room):
            work += [(room, one, tuple(tests)) for one in sample(room, asked.sample, asked.seed)]
    equal = accepted()
    survived = killed = passed_over = 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SOURCE, Path(folder) / "headway", ignore=shutil.ignore_patterns("__pycache__"))
        for where, mutant, tests in work:
            if mutant.place() in equal:
                passed_over += 1
                continue
            copy = Path(folder)
            known = watched if watched and watched.tests(mutant) else None
            noticed = noticed_by_watched(mutant, known, copy) if known else noticed_by_room(mutant, tests, copy)
            killed, survived = killed + noticed, survived + (not noticed)
            print(f"{'noticed ' if noticed else 'SURVIVED'}  {where:24s} {mutant}", flush=True)
    print(f"{killed} noticed, {survived} survived, {passed_over} change no result")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Change the source wrongly, one place at a time, and see whether tests notice.

``python -m tests.mutate`` tries the named changes; ``--sample N`` also N drawn ones of every room (``--room`` for one room).
It ends with code 1 if a change survives that is not accepted as one that changes no result.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutate.mutants import ROOT, SOURCE, Mutant, accepted, named, rooms, sample

LONGEST = 900.0
"""Seconds after which a run of tests counts as having noticed."""


def notices(mutant: Mutant, tests: tuple[str, ...], copy: Path) -> bool:
    """Tell whether tests fail with the change in a copy of the source; the copy is put right again."""
    place = copy / "headway" / mutant.path
    was = place.read_bytes()
    place.write_bytes(mutant.source())
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    surroundings = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        code = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, timeout=LONGEST).returncode
    except subprocess.TimeoutExpired:
        return True
    finally:
        place.write_bytes(was)
    if code not in (0, 1, 2):  # failing tests, or a source that cannot be imported any more
        raise SystemExit(f"the tests of {mutant} could not be run: pytest ended with code {code}")
    return code != 0


def main() -> int:
    """Run from the command line; print each change and what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="drawn changes per room (default: only the named)"
    )
    parser.add_argument("--room", choices=sorted(rooms()), help="one room only")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    work = [(f"named: {one.name}", one.mutant, one.tests) for one in ([] if asked.room else named())]
    for room, tests in rooms().items():
        if asked.room in (None, room):
            work += [(room, one, tuple(tests)) for one in sample(room, asked.sample, asked.seed)]
    equal = accepted()
    survived = killed = passed_over = 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SOURCE, Path(folder) / "headway", ignore=shutil.ignore_patterns("__pycache__"))
        for where, mutant, tests in work:
            if f"{mutant.path}: {mutant.before()} -> {mutant.text}" in equal:
                passed_over += 1
                continue
            noticed = notices(mutant, tests, Path(folder))
            killed, survived = killed + noticed, survived + (not noticed)
            print(f"{'noticed ' if noticed else 'SURVIVED'}  {where:24s} {mutant}", flush=True)
    print(f"{killed} noticed, {survived} survived, {passed_over} change no result")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())

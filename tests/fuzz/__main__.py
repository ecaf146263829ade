"""``python -m tests.fuzz READER... --seconds N``: feed readers and stores with changed inputs; ``all`` takes every one.

Ends with code 1 where an input ended in anything but a result or one line; such inputs are kept in ``--keep``.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.run import CORPUS, run
from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("reader", nargs="*", help=f"all, or {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=float, default=1e9, help="for each reader")
    parser.add_argument("--inputs", type=int, default=10**9, help="for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the inputs that failed")
    parser.add_argument("--make", action="store_true", help="make the inputs in tests/corpus anew")
    given = parser.parse_args()
    if given.make:
        from tests.fuzz.made import make

        make(CORPUS)
    names = list(TARGETS) if given.reader == ["all"] else given.reader
    if names and given.seconds == 1e9 and given.inputs == 10**9:
        parser.error("give --seconds or --inputs")
    sys.stdout.write(
        f"{'reader':17}{'inputs':>8}{'read':>8}{'refused':>9}{'faults':>8}{'slowest':>12}{'peak':>11}\n"
        if names
        else ""
    )
    bad = False
    for name in names:
        tally = run(TARGETS[name], seconds=given.seconds, inputs=given.inputs, seed=given.seed, keep=given.keep)
        sys.stdout.write(tally.line(name) + "\n")
        for fault, count in tally.faults.most_common():
            sys.stdout.write(f"    {count} x {fault}\n")
        sys.stdout.flush()
        bad = bad or bool(tally.faults)
    sys.exit(int(bad))


if __name__ == "__main__":
    main()

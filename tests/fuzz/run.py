"""Feed one reader with changed inputs, and count what must not be: tracebacks, hangs, memory, damage that is believed."""

import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from tests.fuzz.change import changed
from tests.fuzz.targets import Target

from headway.errors import HeadwayError

CORPUS = Path(__file__).parent.parent / "corpus"
HANG = 20.0
TIMERS = ((signal.SIGPROF, signal.ITIMER_PROF, HANG), (signal.SIGALRM, signal.ITIMER_REAL, 10 * HANG))
"""Time of the processor, which other programs do not take; and of the clock, for what only waits."""
MEMORY = 2_000_000_000


class Hang(BaseException):
    """One input took longer than ``HANG`` seconds of the processor."""


@dataclass
class Tally:
    """What became of the inputs; ``faults`` counts by kind and place, ``kept`` are the inputs, for the corpus."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kept: list[Path] = field(default_factory=list)
    slowest: float = 0.0

    def line(self, name: str) -> str:
        """One row of the table."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        return (
            f"{name:17}{self.inputs:8}{self.read:8}{self.refused:9}{sum(self.faults.values()):8}"
            f"{self.slowest:10.2f} s{peak:8.2f} GB"
        )


def run(target: Target, *, seconds: float = 1e9, inputs: int = 10**9, seed: int = 0, keep: Path | None = None) -> Tally:
    """Feed a reader for some seconds, or with some inputs; the same seed gives the same inputs."""
    chance, tally, end = random.Random(f"{target.name} {seed}"), Tally(), time.monotonic() + seconds
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        made = CORPUS / target.name
        good = _outcome(target, _copy(made, Path(scratch) / "good") / target.file)
        assert good.fault is None and not good.told, (
            f"{target.name}: the made input itself ends in {good.fault or good.told}"
        )
        while tally.inputs < inputs and time.monotonic() < end:
            folder = _copy(made, Path(scratch) / "changed")
            _change(folder / target.file, chance)
            start = time.process_time()
            found = _outcome(target, folder / target.file)
            tally.slowest = max(tally.slowest, time.process_time() - start)
            fault = found.fault
            if fault is None and not found.told and target.shown and found.shown not in (good.shown, None):
                fault = "damage believed"
            tally.inputs += 1
            tally.read += fault is None and not found.told
            tally.refused += bool(found.told)
            if fault is not None:
                tally.faults[fault] += 1
                if keep is not None and tally.faults[fault] == 1:
                    tally.kept.append(
                        _copy(folder, keep / f"{target.name}-{blake2b(fault.encode(), digest_size=4).hexdigest()}")
                    )
    return tally


@dataclass
class _Outcome:
    told: str = ""
    fault: str | None = None
    shown: object = None


def _outcome(target: Target, path: Path) -> _Outcome:
    try:
        with _limits(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = target.read(path)
            return _Outcome(shown=target.shown(found) if target.shown else None)
    except HeadwayError as error:
        return _Outcome(told=str(error)) if "\n" not in str(error) else _Outcome(fault=f"more than one line: {error}")
    except Hang:
        return _Outcome(fault="hang")
    except Exception as error:
        own = [one for one in traceback.extract_tb(error.__traceback__) if "headway" in one.filename]
        return _Outcome(
            fault=f"{type(error).__name__} {Path(own[-1].filename).name}:{own[-1].lineno} {str(error)[:80]}"
        )


@contextmanager
def _limits() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Hang

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    for number, timer, most in TIMERS:
        signal.signal(number, stop)
        signal.setitimer(timer, most)
    try:
        yield
    finally:
        for _, timer, _ in TIMERS:
            signal.setitimer(timer, 0)
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def _change(path: Path, chance: random.Random) -> None:
    """Change one file, or one of a folder; the name sometimes too, where names mean something."""
    if path.is_dir():
        path = chance.choice(sorted(one for one in path.rglob("*") if one.is_file()))
        if path.suffix == ".json" and path.name.startswith("film_") and chance.random() < 0.2:
            path = path.rename(
                path.with_name(f"film_{chance.choice(('9' * 25, '1' * 18, '99999999', 'x'))}_keypoints.json")
            )
    path.write_bytes(changed(path.read_bytes(), chance))


def _copy(made: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(made, to))

"""Which tests run each line of the source, and how long each takes: so that a wrong change is tried on the tests that can notice it.

``python -m tests.mutate --watch FILE`` writes it (coverage.py traces; it takes as long as all tests of the rooms, and half as long again);
``--room R`` watches the tests of one room only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import coverage
import pytest
from tests.mutate.mutants import ROOT, SOURCE, Mutant, rooms

BEGINS = "begins "
"""Marks the lines that the fixtures of a test ran: all tests of its file may see them."""


class Watching:
    """Part of pytest that notes the running test with every line."""

    def __init__(self, traced: coverage.Coverage) -> None:
        self.traced = traced
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Fixtures are the file's."""
        self.traced.switch_context(BEGINS + item.nodeid)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """The test itself."""
        self.traced.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What fails now tells nothing of a change."""
        self.seconds[report.nodeid] += report.duration if not report.failed else float("inf")

    def passed(self) -> dict[str, float]:
        """Seconds of the tests that did not fail."""
        return {name: took for name, took in self.seconds.items() if took < float("inf")}


def watch(to: Path, room: str | None = None) -> None:
    """Run the tests of all rooms (or of one) once, and write which lines each of them ran; what is known so far after every room."""
    traced, begun = coverage.Coverage(data_file=None, include=[f"{SOURCE}/*"]), set[str]()
    watching = Watching(traced)
    for listed in [tests for name, tests in rooms().items() if room in (None, name)]:
        tests = [str(ROOT / test) for test in listed if test not in begun]
        begun.update(listed)
        traced.start()
        pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *tests], plugins=[watching])
        traced.stop()
        to.write_text(json.dumps({"seconds": watching.passed(), "lines": _lines(traced.get_data())}), encoding="utf-8")


def _lines(data: coverage.CoverageData) -> dict[str, dict[str, list[str]]]:
    """Tests by file and line."""
    lines = {}
    for path in data.measured_files():
        found = {str(line): [one for one in names if one] for line, names in data.contexts_by_lineno(path).items()}
        lines[Path(path).relative_to(SOURCE).as_posix()] = found
    return lines


@cache
def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""


def _stands(name: str) -> bool:
    """Whether the function of a test is still in its file."""
    path, *_, function = name.split("::")
    return f"def {function.split('[')[0]}(" in _text(path)


@dataclass(frozen=True)
class Watched:
    """What :func:`watch` wrote: seconds of each test, and by file and line the tests that run it."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]

    @classmethod
    def read(cls, path: Path) -> Watched:
        """From the file, without tests that are gone since."""
        told = cls(**json.loads(path.read_text(encoding="utf-8")))
        return cls({name: took for name, took in told.seconds.items() if _stands(name)}, told.lines)

    def tests(self, mutant: Mutant) -> list[str]:
        """Tests that run the changed line, the shortest first; of a line that is run once for all, those that run anything of its file."""
        by_line = self.lines.get(mutant.path, {})
        names = set(by_line.get(str(mutant.line), ())) or {name for found in by_line.values() for name in found}
        files = {name.removeprefix(BEGINS).split("::")[0] for name in names if name.startswith(BEGINS)}
        found = [one for one in self.seconds if one in names or one.split("::")[0] in files]
        return sorted(found, key=self.seconds.__getitem__)

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of these tests that take no longer together."""
        left, chosen = seconds, []
        for one in tests:
            left -= self.seconds[one]
            if left < 0 and chosen:
                break
            chosen.append(one)
        return chosen

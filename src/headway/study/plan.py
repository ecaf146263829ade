"""What a study has to do: which results are there already, and which recordings are still to be analysed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from headway.study.entry import Entry, Excluded, contents, key_of, measured_alike
from headway.study.outcome import Failure
from headway.study.store import Store
from headway.study.task import Job
from headway.texts import TEXTS

READERS, TOGETHER = 4, 64
"""Threads that read files for their hashes, and how many files each takes at a time: to hand over a small one costs more than to read it."""


@dataclass
class StudyPlan:
    """Work to do.

    Attributes
    ----------
    entries
        Recordings that take part, each with its key, in order.
    jobs
        Those that are still to be analysed.
    size
        Recordings of a batch.
    batches
        Number of the batch of each key.
    failures
        Known failures by key.
    excluded
        Files that are no part of it.
    unread
        Recordings that could not even be read for their hash.
    whole
        Numbers of batches that are in place.
    """

    entries: list[tuple[Entry, str]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    size: int = 0
    batches: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    excluded: list[Excluded] = field(default_factory=list)
    unread: list[tuple[Entry, Failure]] = field(default_factory=list)
    whole: set[int] = field(default_factory=set)

    def batch(self, number: int) -> list[tuple[Entry, str]]:
        """Recordings of one batch, in order."""
        return self.entries[number * self.size : (number + 1) * self.size]


def make_plan(entries: Sequence[Entry], excluded: Sequence[Excluded], store: Store, batch: int) -> StudyPlan:
    """Compare what is asked for with what is there, and make the folder fit: batches that changed are taken apart.

    Recordings whose measurement would be the same (same content, same options) take part once.
    """
    plan = StudyPlan(excluded=list(excluded), size=batch)
    content = _take_part(entries, plan)
    plan.batches = {key: place // batch for place, (_, key) in enumerate(plan.entries)}
    keys = set(plan.batches)
    told = [(row.key, Failure(row.kind, row.reason, row.traceback or "")) for row in store.failures()]
    kept = store.kept()
    told += [(key, failure) for key, failure in kept.items() if failure is not None]
    plan.failures = {key: failure for key, failure in told if key in keys and failure.kind == "unusable"}
    parts = store.parts()
    known = set(plan.failures) | {key for key, failure in kept.items() if failure is None}
    known |= {key for part in parts.values() for key in part}
    plan.jobs = [Job(entry, key, content[key]) for entry, key in plan.entries if key not in known]
    for number, found in parts.items():
        wanted = [key for _, key in plan.batch(number) if key not in plan.failures]
        if found == wanted:
            plan.whole.add(number)
        else:
            store.take_apart(number, keys)
    for key, failure in kept.items():
        if key not in keys or (failure is not None and failure.kind != "unusable"):
            store.forget(key)
    return plan


def _take_part(entries: Sequence[Entry], plan: StudyPlan) -> dict[str, str]:
    """Hash every recording and leave out what is the same measurement again; content by key."""
    seen: dict[str, str] = {}
    content: dict[str, str] = {}
    with ThreadPoolExecutor(READERS) as readers:
        groups = (entries[at : at + TOGETHER] for at in range(0, len(entries), TOGETHER))
        hashed = chain.from_iterable(readers.map(_contents, groups))
        for entry, found in zip(entries, hashed, strict=True):
            if isinstance(found, Failure):
                plan.unread.append((entry, found))
                continue
            alike = measured_alike(entry, found)
            if alike in seen:
                reason = TEXTS("differing.left_same", name=seen[alike])
                plan.excluded.append(Excluded(entry.recording, entry.path, reason))
                continue
            seen[alike] = entry.recording
            key = key_of(entry, alike)
            content[key] = found
            plan.entries.append((entry, key))
    return content


def _contents(entries: Sequence[Entry]) -> list[str | Failure]:
    return [_content(entry) for entry in entries]


def _content(entry: Entry) -> str | Failure:
    try:
        return contents(entry)
    except FileNotFoundError as error:
        other = "" if Path(entry.path).exists() else "; check the path"
        return Failure("unusable", f"{Path(error.filename or entry.path).name} does not exist{other}")
    except OSError as error:
        return Failure("error", f"cannot be read ({error.strerror or error})")

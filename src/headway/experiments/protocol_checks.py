"""What the types of a protocol cannot tell: metrics that exist, files that are there, times that do not overlap, designs that are whole."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from headway.errors import HeadwayError
from headway.experiments.protocol import REFERENCE, Block, Place, Protocol, fault
from headway.metrics import REGISTRY

_NEAR = 0.1
"""s by which a washout may seem shorter than declared: marks are heard to a few milliseconds."""


def check(protocol: Protocol, source: Path, places: Place) -> None:
    """Refuse what cannot be run.

    Raises
    ------
    RecordingError
        The first fault found, with its place in the file.
    """
    _metrics(protocol, source, places)
    if not protocol.block:
        raise fault(source, places, "block", None, "no block", "add one [[block]] for every stretch of running")
    _orders(protocol, source, places)
    _marks(protocol, source, places)
    _overlaps(protocol, source, places)
    _washouts(protocol, source, places)
    _design(protocol, source, places)


def _metrics(protocol: Protocol, source: Path, places: Place) -> None:
    named = [("design.primary", protocol.design.primary)]
    named += [("design.secondary", name) for name in protocol.design.secondary]
    for key, name in named:
        if name not in REGISTRY:
            near = get_close_matches(name, REGISTRY, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise _design_fault(source, places, key, f"{name!r} is not a metric", f"{hint}headway metrics lists them")
    if protocol.design.primary in protocol.design.secondary:
        raise _design_fault(
            source, places, "design.secondary", "holds the primary outcome as well", "name every metric once"
        )


def _design_fault(source: Path, places: Place, key: str, what: str, remedy: str) -> HeadwayError:
    return fault(source, places, key, None, what, remedy)


def _orders(protocol: Protocol, source: Path, places: Place) -> None:
    seen: dict[int, int] = {}
    for k, block in enumerate(protocol.block):
        order = block.order or 0
        if order in seen:
            raise fault(
                source, places, "order", k, f"order {order} is taken by block {seen[order] + 1}", "number them 1, 2, 3"
            )
        seen[order] = k


def _marks(protocol: Protocol, source: Path, places: Place) -> None:
    """A block has its times or its mark, and every mark stands for one block of its recording."""
    seen: dict[tuple[str, int], int] = {}
    for k, block in enumerate(protocol.block):
        if block.mark is None:
            continue
        key = block.heard or block.recording, block.mark
        if key in seen:
            what = f"mark {block.mark} is taken by block {seen[key] + 1}"
            raise fault(source, places, "mark", k, what, "give every block its own")
        seen[key] = k


def _overlaps(protocol: Protocol, source: Path, places: Place) -> None:
    for k, block in enumerate(protocol.block):
        for j, other in enumerate(protocol.block[:k]):
            apart = other.recording != block.recording or other.options.bout != block.options.bout
            if apart or _waits(block) or _waits(other):
                continue
            begins = max(block.options.start or 0.0, other.options.start or 0.0)
            ends = [end for one in (block, other) if (end := one.options.stop) is not None]
            if not ends or begins < min(ends):
                raise fault(
                    source, places, "start", k, f"overlaps block {j + 1} in {block.recording}", "give times apart"
                )


def _waits(block: Block) -> bool:
    """Whether its times are not known yet, because its marks were not listened for."""
    return block.mark is not None and block.options.start is None


def _washouts(protocol: Protocol, source: Path, places: Place) -> None:
    """The washout that is declared lies between blocks of one recording whose times are given."""
    wanted = protocol.design.washout - protocol.design.settle
    if wanted <= 0:
        return
    ordered = sorted(enumerate(protocol.block), key=lambda one: one[1].order or 0)
    for (_, before), (k, block) in pairwise(ordered):
        stop, start = before.options.stop, block.options.start
        if before.recording != block.recording or stop is None or start is None or start - stop >= wanted - _NEAR:
            continue
        what = f"begins {start - stop:g} s after the block before: less than washout minus settle ({wanted:g} s)"
        raise fault(source, places, "start", k, what, "state the washout that was run in design.washout")


def _design(protocol: Protocol, source: Path, places: Place) -> None:
    kind, test = protocol.design.kind, protocol.tested
    counts = Counter(block.condition for block in protocol.block)
    free = sum(counts[name] for name in REFERENCE)

    def wrong(what: str, remedy: str) -> HeadwayError:
        return fault(source, places, "design.kind", None, what, remedy)

    if kind == "speed-series":
        speeds = {block.options.speed for block in protocol.block}
        if len(speeds) < 3 and None not in speeds:
            raise wrong("fewer than three speeds", "record the same runner at three or more speeds")
        return
    if not free:
        raise wrong("no free block", "add a block with condition free (or baseline)")
    if test is None or not counts[test]:
        raise wrong(
            f"no block has the tested condition{'' if test is None else f' {test}'}", "add one, or change design.test"
        )
    if kind == "free-held-free" and free < 2:
        raise wrong("only one free block", "add a second free block after the tested one")
    if kind == "pairs":
        _pairs(protocol, source, places)


def _pairs(protocol: Protocol, source: Path, places: Place) -> None:
    test = protocol.tested
    found: dict[int, list[str]] = {}
    for k, block in enumerate(protocol.block):
        if block.condition != test and block.condition != "free":
            continue
        if block.pair is None:
            raise fault(source, places, "pair", k, "no pair number", "number the pairs 1, 2, 3")
        if block.condition in found.setdefault(block.pair, []):
            raise fault(
                source, places, "pair", k, f"pair {block.pair} has two blocks {block.condition}", "number the pairs"
            )
        found[block.pair].append(block.condition)
    for number, conditions in found.items():
        if len(conditions) < 2:
            raise fault(
                source, places, "design.kind", None, f"pair {number} has one block only", f"add the free or {test} one"
            )

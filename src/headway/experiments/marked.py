"""Blocks that are cut where their marks are heard."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from headway.errors import HeadwayError
from headway.experiments.protocol import Block, Place, Protocol, fault, lines_of
from headway.experiments.protocol_checks import check
from headway.marks.code import LENGTH
from headway.marks.film_sound import marks_in
from headway.marks.find import HeardMark

BY_HAND = "give start and stop of the block instead of mark"


def cut_at_marks(protocol: Protocol, source: Path) -> Protocol:
    """Give every block that has a mark its start and stop, from the sound of its recording; others stay as they are.

    Raises
    ------
    RecordingError
        A mark is not heard, is heard twice, or comes in another order than the protocol has it; with its place in the protocol.
    """
    if all(block.mark is None for block in protocol.block):
        return protocol
    places = lines_of(source.read_text(encoding="utf-8"))
    heard: dict[str, list[HeardMark]] = {}
    for k, block in enumerate(protocol.block):
        if block.mark is None:
            continue
        name = block.heard or block.recording
        try:
            if name not in heard:
                heard[name] = marks_in(source.parent / name)
            start, stop = _times(heard[name], name, block.mark)
        except HeadwayError as error:
            what = f"{Path(error.where).name}: {error.what}"
            raise fault(source, places, "mark", k, what, error.remedy) from error
        block.options = replace(block.options, start=start + LENGTH, stop=stop)
    _in_order(protocol, source, places)
    check(protocol, source, places)
    return protocol


def _times(heard: list[HeardMark], name: str, number: int) -> tuple[float, float]:
    """When a block's two marks begin, s: the one start that its stop follows; a start that was given up does not count."""
    own = [one for one in heard if one.mark.number == number]
    runs = [
        (first.time, last.time)
        for first, last in pairwise(own)
        if first.mark.edge == "start" and last.mark.edge == "stop"
    ]
    if len(runs) == 1:
        return runs[0]
    if runs:
        told = ", ".join(f"{start:.1f}-{stop:.1f} s" for start, stop in runs)
        raise HeadwayError(name, f"block {number} is heard {len(runs)} times ({told})", BY_HAND)
    missing = {"start", "stop"} - {one.mark.edge for one in own}
    if not missing:
        raise HeadwayError(name, f"block {number} is heard to stop before it starts", BY_HAND)
    others = ", ".join(str(n) for n in sorted({one.mark.number for one in heard} - {number}))
    seen = [f"its {one.mark.edge} at {one.time:.1f} s" for one in own]
    seen += [f"marks of blocks {others}"] if others else []
    what = f"the {' and the '.join(sorted(missing))} of block {number} is not heard ({' and '.join(seen) or 'no mark at all'})"
    raise HeadwayError(name, what, BY_HAND)


def _in_order(protocol: Protocol, source: Path, places: Place) -> None:
    """The marks of one recording come in the order of the protocol."""
    latest: dict[tuple[str, str], Block] = {}
    for k, block in sorted(enumerate(protocol.block), key=lambda one: one[1].order or 0):
        if block.mark is None:
            continue
        name = block.recording, block.heard
        before = latest.get(name)
        if before is not None and (block.options.start or 0.0) < (before.options.start or 0.0):
            what = f"block {block.mark} is heard before block {before.mark}: another order than the protocol's"
            raise fault(source, places, "mark", k, what, "use the protocol that the session was led by")
        latest[name] = block

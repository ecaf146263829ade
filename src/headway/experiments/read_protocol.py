"""A protocol read from its file; every fault in one line with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from headway.bounds import read_safely, read_written, toml_table
from headway.errors import HeadwayError, OptionError
from headway.experiments.protocol import Block, Condition, Design, Place, Protocol, fault, lines_of
from headway.experiments.protocol_checks import check
from headway.options import DECLARED, INHERITED, Options, columns, from_mapping
from headway.sources.format import look
from headway.sources.registry import format_of

Table = dict[str, object]
ProtocolTables = tuple[Table, Table, list[Table]]
"""Options of the runner, of all recordings, and of each block, as they are written."""
_ERROR = re.compile(r"^(?P<what>.*?)(?: - at `\$?(?P<path>.*)`)?$", re.DOTALL)
_BLOCK = re.compile(r"^\.?block\[(?P<index>\d+|\.\.\.)\]\.?(?P<rest>.*)$")


def load_protocol(path: str | Path) -> Protocol:
    """Read and check a protocol.

    Raises
    ------
    RecordingError
        One line with the place in the file: syntax, unknown field or condition, rating out of range, two primaries, overlapping times, missing
        recording, an option that cannot be right or that the recording cannot use.
    """
    with read_safely(Path(path), "mend the protocol"):
        return _protocol(Path(path))


def _protocol(source: Path) -> Protocol:
    text = read_written(source, "give a protocol; headway new-protocol writes one")
    document: Table = toml_table(source, text)
    places = lines_of(text)
    tables = _without_options(document)
    try:
        found = msgspec.convert(document, Protocol)
    except msgspec.ValidationError as error:
        raise _told(source, str(error), document, places) from error
    _set_options(found, tables, source, places)
    found.block = _ordered(found.block)
    check(found, source, places)
    return found


def _without_options(document: Table) -> ProtocolTables:
    """Take the options out of the document: of the runner, of all recordings, and of each block."""
    runner, common, blocks = document.get("runner"), document.get("recordings"), document.get("block")
    person = _taken(runner, INHERITED) if isinstance(runner, dict) else {}
    if isinstance(common, dict):
        del document["recordings"]
    tables = blocks if isinstance(blocks, list) else []
    own = [_taken(block, columns()) if isinstance(block, dict) else {} for block in tables]
    return person, common if isinstance(common, dict) else {}, own


def _taken(table: Table, names: Iterable[str]) -> Table:
    return {name: table.pop(name) for name in names if name in table}


def _set_options(protocol: Protocol, tables: ProtocolTables, source: Path, places: Place) -> None:
    """Give every block its options: its own, and those of all recordings as far as its format can use them."""
    person, common, own = tables

    def options(given: Table, table: str = "", index: int | None = None) -> Options:
        try:
            return from_mapping(given, lambda name: table + name, folder=source.parent)
        except OptionError as error:
            raise fault(source, places, error.where, index, error.what, error.remedy) from error

    stated = options(person, "runner.")
    protocol.runner.height, protocol.runner.mass, protocol.runner.sex = stated.height, stated.mass, stated.sex
    _there(options(common, "recordings."), "recordings.", None, source, places)
    used: set[str] = set()
    for k, (block, given) in enumerate(zip(protocol.block, own, strict=True)):
        single = options(given, "", k)
        _there(single, "", k, source, places)
        if block.mark is not None and (single.start, single.stop) != (None, None):
            raise fault(source, places, "mark", k, "has start or stop as well", "leave one of them out")
        if block.heard and not (source.parent / block.heard).exists():
            remedy = "give a path relative to the protocol"
            raise fault(source, places, "heard", k, f"{block.heard} does not exist", remedy)
        takes = _takes(block, k, single, source, places)
        used |= takes
        shared = {name: value for name, value in {**person, **common}.items() if name in takes}
        block.options = options({**shared, **given}, "", k)
    for name in common:
        if own and name not in used:
            raise fault(source, places, f"recordings.{name}", None, "none of the recordings can use it", "leave it out")


def _there(options: Options, table: str, index: int | None, source: Path, places: Place) -> None:
    for name in options.given():
        path = getattr(options, name)
        if isinstance(path, Path) and not path.exists():
            remedy = "give a path relative to the protocol"
            raise fault(source, places, table + name, index, f"{path.name} does not exist", remedy)


def _takes(block: Block, k: int, own: Options, source: Path, places: Place) -> frozenset[str]:
    """The options that a block's recording can use."""
    if not (source.parent / block.recording).exists():
        remedy = "give a path relative to the protocol"
        raise fault(source, places, "recording", k, f"{block.recording} does not exist", remedy)
    try:
        found = format_of(look(source.parent / block.recording))
    except HeadwayError as error:
        raise fault(source, places, "recording", k, f"{block.recording}: {error.what}", error.remedy) from error
    for name in own.given():
        if name not in found.takes:
            raise fault(source, places, name, k, f"a {found.title} cannot use it", DECLARED[name].unused)
    return found.takes


def _ordered(blocks: list[Block]) -> list[Block]:
    given = [block.order for block in blocks]
    if any(order is None for order in given):
        for k, block in enumerate(blocks):
            block.order = k + 1 if block.order is None else block.order
    return blocks


def _told(source: Path, text: str, document: Table, places: Place) -> HeadwayError:
    """The message of msgspec as one line of ours."""
    match = _ERROR.match(" ".join(text.split()))
    what, path = (match["what"], match["path"] or "") if match else (text, "")
    inside = _BLOCK.match(path)
    index = _index(inside["index"], document) if inside else None
    key = inside["rest"] if inside else path.removeprefix(".")
    unknown = re.search(r"unknown field `(.+)`", what)
    if unknown:
        key = f"{key}.{unknown[1]}".strip(".")
        return fault(source, places, key, index, f"{unknown[1]} is not known here", "see headway new-protocol")
    wanting = re.search(r"missing required field `(.+)`", what)
    if wanting:
        return fault(source, places, key, index, f"{wanting[1]} is missing", "add it; headway new-protocol shows how")
    if key == "design.primary" and "array" in what:
        return fault(
            source, places, key, index, "two primary outcomes", "declare one; put the others under design.secondary"
        )
    return fault(source, places, key, index, what[:1].lower() + what[1:], _remedy(key))


def _index(found: str, document: Table) -> int | None:
    """Number of the block; msgspec says ``...`` for any element, and then it is found by decoding them one by one."""
    if found != "...":
        return int(found)
    blocks = document.get("block")
    for k, block in enumerate(blocks if isinstance(blocks, list) else []):
        try:
            msgspec.convert(block, Block)
        except msgspec.ValidationError:
            return k
    return None


def _remedy(key: str) -> str:
    last = key.split(".")[-1]
    return {
        "condition": f"choose from {', '.join(Condition.__args__)}",
        "kind": f"choose from {', '.join(Design.__args__)}",
        "legs_feet_stress": "rate from 0 to 10",
        "ease": "rate from 0 to 10",
        "rpe": "rate from 6 to 20 (or 0 to 10)",
        "pushed": "answer head, body or unsure",
        "speed": "give matched or free",
    }.get(last, "see headway new-protocol")

"""A protocol read from its file; every fault in one line with its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from headway.errors import HeadwayError, RecordingError
from headway.experiments.protocol import Block, Condition, Design, Place, Protocol, fault, lines_of
from headway.experiments.protocol_checks import check

_ERROR = re.compile(r"^(?P<what>.*?)(?: - at `\$?(?P<path>.*)`)?$", re.DOTALL)
_BLOCK = re.compile(r"^\.?block\[(?P<index>\d+|\.\.\.)\]\.?(?P<rest>.*)$")


def load_protocol(path: str | Path) -> Protocol:
    """Read and check a protocol.

    Raises
    ------
    RecordingError
        One line with the place in the file: syntax, unknown field or condition, rating out of range, two primaries, overlapping times, missing file.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not a text file"
        raise RecordingError(
            str(source), f"cannot be read ({why})", "give a protocol; headway new-protocol writes one"
        ) from error
    places = lines_of(text)
    try:
        found = msgspec.toml.decode(text, type=Protocol)
    except msgspec.ValidationError as error:
        raise _told(source, str(error), text, places) from error
    except msgspec.DecodeError as error:
        raise RecordingError(str(source), f"TOML syntax: {error}", "mend that line") from error
    found.block = _ordered(found.block)
    check(found, source, places)
    return found


def _ordered(blocks: list[Block]) -> list[Block]:
    given = [block.order for block in blocks]
    if any(order is None for order in given):
        for k, block in enumerate(blocks):
            block.order = k + 1 if block.order is None else block.order
    return blocks


def _told(source: Path, text: str, document: str, places: Place) -> HeadwayError:
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


def _index(found: str, document: str) -> int | None:
    """Number of the block; msgspec says ``...`` for any element, and then it is found by decoding them one by one."""
    if found != "...":
        return int(found)
    blocks: Any = tomllib.loads(document).get("block", [])
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
        "speed": "give metres per second between 0.5 and 13 in a block, matched or free in the design",
    }.get(last, "see headway new-protocol")

"""All readable formats, and which of them a path is."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args

from headway.bounds import AGAIN, read_safely
from headway.errors import RecordingError
from headway.sources.format import Format, Holds, Source, look

OWN = ("format", "load", "registry")
"""Files of this room that declare no format."""
INSTEAD = {
    **dict.fromkeys(
        (".tcx", ".gpx"), "give the original .fit file of the watch: this one leaves out how the runner moves"
    ),
    **dict.fromkeys((".mvnx", ".bvh", ".mat", ".trb", ".qtm", ".tak", ".tdf"), "export the recording as C3D"),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".h5", ".hdf5", ".gt3x", ".cwa"), "export the table as CSV"),
    **dict.fromkeys(
        (".txt", ".tsv", ".asc", ".dat"),
        "it must name points or an accelerometer above its numbers: docs/guides/csv.md",
    ),
}
"""What to do with files that are not read, or not without what they lack."""
_REGISTRY: dict[str, Format] = {}


def register(*declared: Format) -> None:
    """Add formats."""
    _REGISTRY.update({one.name: one for one in declared})


def unregister(name: str) -> None:
    """Take a format out again."""
    _REGISTRY.pop(name, None)


@cache
def _declare() -> None:
    """Import every file of this room, so that it registers its formats."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name not in OWN:
            import_module(f"headway.sources.{module.name}")


def formats() -> tuple[Format, ...]:
    """All readable formats, by what they hold."""
    _declare()
    order = get_args(Holds)
    return tuple(sorted(_REGISTRY.values(), key=lambda one: order.index(one.holds)))


def recognised(source: Source) -> Format | None:
    """The format that a path is by its content."""
    known = sorted(formats(), key=lambda one: one.general)
    with read_safely(source.path, AGAIN):
        return next((one for one in known if one.recognise(source)), None)


def format_of(source: Source) -> Format:
    """The format that a path is; a file whose content tells nothing is what its ending says, so that the reader tells what is wrong with it.

    Raises
    ------
    RecordingError
        It is of none, with the endings that can be read.
    """
    found = recognised(source)
    if found is not None:
        return found
    where = str(source.path)
    if source.names is not None:
        raise RecordingError(where, "is a folder", "name the recording inside it")
    known = formats()
    for one in known:
        if source.suffix in one.suffixes:
            return one
    if source.suffix in INSTEAD:
        raise RecordingError(where, f"files ending in {source.suffix} cannot be read like this", INSTEAD[source.suffix])
    listed = ", ".join(dict.fromkeys(suffix for one in known for suffix in one.suffixes))
    what = (
        f"files ending in {source.suffix} cannot be read"
        if source.suffix
        else "the name has no ending that tells its format"
    )
    raise RecordingError(where, what, f"give a file ending in {listed}")


def holds(path: str | Path) -> Holds | None:
    """What a path holds, ``None`` for what is no recording of any kind."""
    try:
        return format_of(look(path)).holds
    except RecordingError:
        return None

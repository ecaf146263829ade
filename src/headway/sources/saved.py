"""Folders that Headway wrote itself."""

from __future__ import annotations

from typing import NoReturn

from headway.errors import RecordingError
from headway.options import Options
from headway.sources.format import Format, Progress, Source
from headway.sources.registry import register


def _is_saved(source: Source) -> bool:
    return source.names is not None and bool(source.names & {"summary.json", "experiment.json"})


def _read_saved(source: Source, options: Options, progress: Progress | None) -> NoReturn:
    raise RecordingError(str(source.path), "was analysed already", "load it with headway.Analysis.load")


register(
    Format(
        "analysis",
        "folder that headway analyze wrote",
        "folder that headway analyze wrote, for compare and plan",
        (),
        "analysis",
        _is_saved,
        _read_saved,
    )
)

"""Studies: many recordings, one data set."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.study.data import Study
    from headway.study.norms import build_norms
    from headway.study.run import StudyOptions, run_study

_HOME = {
    "Study": "data",
    "StudyOptions": "run",
    "build_norms": "norms",
    "run_study": "run",
}
__all__ = ["Study", "StudyOptions", "build_norms", "run_study"]


def __getattr__(name: str) -> Any:
    """Import on first use: a worker of a study needs little of it."""
    if name in _HOME:
        return getattr(import_module(f"headway.study.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

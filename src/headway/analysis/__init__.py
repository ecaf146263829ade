"""One recording measured: recording -> :class:`Analysis`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.analysis.analysis import Analysis
    from headway.analysis.analyze import analyze

__all__ = ["Analysis", "analyze"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that a path is looked at before anything heavy is loaded."""
    if name == "Analysis":
        from headway.analysis.analysis import Analysis

        return Analysis
    if name == "analyze":
        from headway.analysis.analyze import analyze

        return analyze
    raise AttributeError(f"module 'headway.analysis' has no attribute {name!r}")

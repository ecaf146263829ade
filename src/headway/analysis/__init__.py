"""One recording measured: recording -> :class:`Analysis`."""

from headway.analysis.analysis import Analysis
from headway.analysis.analyze import analyze

__all__ = ["Analysis", "analyze"]

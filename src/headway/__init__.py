"""Headway measures how the push-off in running travels from the foot to the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headway.version import VERSION

if TYPE_CHECKING:
    from headway.analysis import Analysis, analyze
    from headway.gait.prepare import Options
    from headway.gait.runner import Runner
    from headway.io import load
    from headway.recording import Recording

__version__ = VERSION
__all__ = ["Analysis", "Options", "Recording", "Runner", "analyze", "load"]

_HOME = {
    "Analysis": "headway.analysis",
    "Options": "headway.gait.prepare",
    "Recording": "headway.recording",
    "Runner": "headway.gait.runner",
    "analyze": "headway.analysis",
    "load": "headway.io",
}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that ``import headway`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'headway' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)

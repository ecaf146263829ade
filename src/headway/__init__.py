"""Headway measures how the push-off in running travels from the foot to the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.analysis import Analysis, analyze
    from headway.gait.runner import Runner
    from headway.options import Options
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Recording
    from headway.sensors.recording import SensorRecording
    from headway.sources import load

__version__ = "0.1.0"
__all__ = ["Analysis", "KeyPoints", "Options", "Recording", "Runner", "SensorRecording", "analyze", "load"]

_HOME = {
    "Analysis": "headway.analysis.analysis",
    "KeyPoints": "headway.pose.keypoints",
    "Options": "headway.options",
    "Recording": "headway.recording",
    "Runner": "headway.gait.runner",
    "SensorRecording": "headway.sensors.recording",
    "analyze": "headway.analysis.analyze",
    "load": "headway.sources",
}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that ``import headway`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'headway' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """The public names, whether they were asked for or not."""
    return sorted({*globals(), *__all__})

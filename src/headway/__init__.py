"""Headway measures how the push-off in running travels from the foot to the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headway.version import VERSION

if TYPE_CHECKING:
    from headway import metrics
    from headway.analysis import Analysis, analyze
    from headway.comparison.comparison import Comparison, compare
    from headway.experiments.experiment import Experiment
    from headway.experiments.experiment import run as experiment
    from headway.exports.targets import export
    from headway.fit.fit_body import fit_body
    from headway.gait.runner import Runner
    from headway.options import Options
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Recording
    from headway.sensors.recording import SensorRecording
    from headway.sources import load
    from headway.study.data import Study

__version__ = VERSION
__all__ = [
    "Analysis",
    "Comparison",
    "Experiment",
    "KeyPoints",
    "Options",
    "Recording",
    "Runner",
    "SensorRecording",
    "Study",
    "analyze",
    "compare",
    "experiment",
    "export",
    "fit_body",
    "load",
    "metrics",
]

_HOME = {
    "Analysis": "headway.analysis.analysis:Analysis",
    "Comparison": "headway.comparison.comparison:Comparison",
    "Experiment": "headway.experiments.experiment:Experiment",
    "KeyPoints": "headway.pose.keypoints:KeyPoints",
    "Options": "headway.options:Options",
    "Recording": "headway.recording:Recording",
    "Runner": "headway.gait.runner:Runner",
    "SensorRecording": "headway.sensors.recording:SensorRecording",
    "analyze": "headway.analysis.analyze:analyze",
    "compare": "headway.comparison.comparison:compare",
    "Study": "headway.study.data:Study",
    "export": "headway.exports.targets:export",
    "experiment": "headway.experiments.experiment:run",
    "fit_body": "headway.fit.fit_body:fit_body",
    "load": "headway.sources.load:load",
    "metrics": "headway.metrics:",
}
"""Public names and where they live."""


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that ``import headway`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'headway' has no attribute {name!r}")
    from importlib import import_module

    home, _, known_as = _HOME[name].partition(":")
    module = import_module(home)
    return getattr(module, known_as) if known_as else module


def __dir__() -> list[str]:
    """The public names, whether they were asked for or not."""
    return sorted({*globals(), *__all__})

"""The runner's own experiment: several recordings under conditions, and an honest verdict."""

from headway.experiments.experiment import Experiment, run
from headway.experiments.protocol import Protocol, load_protocol

__all__ = ["Experiment", "Protocol", "load_protocol", "run"]

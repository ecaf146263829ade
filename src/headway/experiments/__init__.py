"""The runner's own experiment: several recordings under conditions, and an honest verdict."""

from headway.experiments.experiment import Experiment, run
from headway.experiments.protocol import Protocol
from headway.experiments.read_protocol import load_protocol

__all__ = ["Experiment", "Protocol", "load_protocol", "run"]

"""The runner's own experiment: several recordings under conditions, and an honest verdict."""

from headway.experiment.experiment import Experiment, run
from headway.experiment.protocol import Protocol
from headway.experiment.read_protocol import load_protocol

__all__ = ["Experiment", "Protocol", "load_protocol", "run"]

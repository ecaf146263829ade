"""Body-worn sensors: files to a recording, a recording to strides of a run."""

from headway.sensors.load import load_sensors
from headway.sensors.recording import InertialSensor, SensorOptions, SensorRecording, Watch

__all__ = ["InertialSensor", "SensorOptions", "SensorRecording", "Watch", "load_sensors"]

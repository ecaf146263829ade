"""Body-worn sensors: files to a recording, a recording to strides, strides to measures."""

from headway.sensors.analysis import measure_sensors
from headway.sensors.load import load_sensors
from headway.sensors.recording import InertialSensor, SensorOptions, SensorRecording, Watch

__all__ = ["InertialSensor", "SensorOptions", "SensorRecording", "Watch", "load_sensors", "measure_sensors"]

"""Body-worn sensors: files to a recording, a recording to strides, strides to measures."""

from headway.sensors.analysis import measure_sensors
from headway.sensors.recording import InertialSensor, SensorRecording, Watch

__all__ = ["InertialSensor", "SensorRecording", "Watch", "measure_sensors"]

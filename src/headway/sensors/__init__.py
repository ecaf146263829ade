"""Body-worn sensors: files to a recording, a recording to strides of a run."""

from headway.sensors.recording import InertialSensor, SensorRecording, Watch

__all__ = ["InertialSensor", "SensorRecording", "Watch"]

"""The door for recordings: every format that can be read, and the functions that read whatever a path holds.

A format is one file in this room that calls :func:`register`; nothing else has to know about it.
"""

from headway.sources.format import Format, Source, look
from headway.sources.load import load, load_keypoints, load_recording, load_sensors
from headway.sources.registry import format_of, formats, holds, register

__all__ = [
    "Format",
    "Source",
    "format_of",
    "formats",
    "holds",
    "load",
    "load_keypoints",
    "load_recording",
    "load_sensors",
    "look",
    "register",
]

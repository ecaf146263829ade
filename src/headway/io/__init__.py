"""Files in and out: every format ends in the same :class:`headway.recording.Recording`."""

from headway.io.registry import Format, formats, load

__all__ = ["Format", "formats", "load"]

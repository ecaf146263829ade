"""Files of laboratories: every format ends in the same :class:`headway.recording.Recording`."""

"""Marks that can be heard: short coded chirps at the start and the stop of every block of an experiment, made and found."""

MOST_MARKS = 127
"""Highest number of a block."""

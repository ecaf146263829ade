"""Marks that can be heard: short coded chirps at the start and the stop of every block of an experiment, made and found."""

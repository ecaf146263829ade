"""Dynamics: the ground force, measured or estimated, and the way it takes through the body."""

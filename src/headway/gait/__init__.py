"""Gait: which way the runner goes, when a foot is on the ground, and the steps that follow."""

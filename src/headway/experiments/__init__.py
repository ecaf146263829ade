"""The runner's own experiment: several recordings under conditions, and an honest verdict."""

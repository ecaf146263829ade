"""Every claim of the documents that can be run again, on given recordings or on simulated truth."""

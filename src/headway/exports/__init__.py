"""What was found, in the files of other programs."""

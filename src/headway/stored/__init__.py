"""The one door for what Headway itself stored: results in folders, single files, and what is kept between runs.

A result carries a :class:`headway.stored.seal.Seal` in its summary: an id, and a checksum of every file of its folder. What is kept between runs
carries format, version and checksum in its file. What is older than that is read as strictly as its form allows.
"""

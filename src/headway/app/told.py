"""Messages as the app tells them: names of files instead of paths, and words instead of options of the command line."""

from __future__ import annotations

import re
from pathlib import Path

_OPTION = re.compile(r"(?<!\S)--([a-z]+(?:-[a-z]+)*)")


def told(text: str) -> str:
    """A message for somebody who sees neither folders nor a command line.

    Examples
    --------
    >>> told("/home/a/film.mp4: say --slow-motion 8")
    'film.mp4: say “slow motion” 8'
    """
    words = (_bare(word) for word in text.split(" "))
    return _OPTION.sub(lambda found: f"“{found[1].replace('-', ' ')}”", " ".join(words))


def _bare(word: str) -> str:
    return Path(word).name if word.startswith("/") and len(word) > 1 else word

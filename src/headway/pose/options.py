"""What a user can say about a film before it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headway.errors import OptionError


@dataclass(frozen=True)
class FilmOptions:
    """Options of a film, or of key points made from one.

    Attributes
    ----------
    slow_motion
        How many times slower than reality the file plays (8 for 240 frames/s played at 30); ``None`` leaves it to the file's own tag.
    start, stop
        Part to use, s on the file's own clock as a player shows it (before slow motion is undone); ``None`` leaves an end open.
    person
        Number of the person to follow, as the numbered still shows it; ``None`` leaves the choice to the program.
    pose_model
        A pose network of the user's own (ONNX file); ``None`` is the model that comes along.
    rate
        Frames per second of real time, for key points that carry no times.
    cache
        Folder for pose results; ``None`` is the user's cache folder.

    Raises
    ------
    OptionError
        A value that cannot be right.
    """

    slow_motion: float | None = None
    start: float | None = None
    stop: float | None = None
    person: int | None = None
    pose_model: Path | None = None
    rate: float | None = None
    cache: Path | None = None

    def __post_init__(self) -> None:
        if self.slow_motion is not None and not 0.1 <= self.slow_motion <= 100:
            raise OptionError(
                "--slow-motion",
                f"a factor of {self.slow_motion:g}",
                "give how many times slower than reality the file plays, for example 8 for 240 frames/s played at 30",
            )
        if self.rate is not None and not 0 < self.rate <= 10_000:
            raise OptionError("--rate", f"{self.rate:g} frames per second", "give the real frame rate, for example 30")
        if self.person is not None and self.person < 1:
            raise OptionError("--person", f"person {self.person}", "give the number shown on the still, from 1")
        _check_window(self.start, self.stop)


def _check_window(start: float | None, stop: float | None) -> None:
    """Refuse a part of the film that cannot be."""
    for name, value in (("--start", start), ("--stop", stop)):
        if value is not None and not 0 <= value < float("inf"):
            raise OptionError(name, f"{value:g} s", "give a time from the beginning of the film, 0 or later")
    if start is not None and stop is not None and stop <= start:
        raise OptionError("--stop", f"{stop:g} s is not after --start {start:g} s", "give a later --stop")

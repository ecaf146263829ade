"""What a user can say about a recording; light, because the command line is made from it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

Sex = Literal["male", "female"]
FilmView = Literal["side", "rear", "front"]
INHERITED = ("height", "mass", "sex")
"""What the second recording takes from the first when both show the same runner."""


@dataclass(frozen=True)
class Take:
    """One recording's options, under the names of ``headway analyze``.

    Parameters
    ----------
    start
        Use the recording from here: 7:11, 431 or 431.5.
    stop
        Use the recording up to here.
    height
        Runner's height, metres; gives the leg length (0.53 of it).
    mass
        Runner's mass, kilograms.
    sex
        For the tables of segment masses.
    speed
        Belt speed, m/s; found from the stance foot otherwise.
    treadmill
        The ground moves; found from the stance foot otherwise.
    up
        Vertical lab axis, such as z.
    forward
        Lab axis the runner goes along, such as -x.
    forces
        Ground forces (MOT or STO) that belong to a TRC file.
    subject
        Which runner, where a file holds several.
    view
        From where it was filmed; found from the runner otherwise.
    slow_motion
        How many times slower than reality the film plays.
    person
        Number of the runner on the still, when several people are in the picture.
    pose_model
        A pose network of your own (ONNX).
    rate
        Frames per second of key points that hold no times.
    """

    start: str | None = None
    stop: str | None = None
    height: float | None = None
    mass: float | None = None
    sex: Sex | None = None
    speed: float | None = None
    treadmill: bool = False
    up: str | None = None
    forward: str | None = None
    forces: Path | None = None
    subject: str | None = None
    view: FilmView | None = None
    slow_motion: float | None = None
    person: int | None = None
    pose_model: Path | None = None
    rate: float | None = None

    def given(self) -> list[str]:
        """Names of the options that were given."""
        return [one.name for one in fields(self) if getattr(self, one.name) != one.default]

    def like(self, other: Take) -> Take:
        """The same with height, mass and sex of another take where they are not given."""
        return replace(self, **{name: getattr(self, name) or getattr(other, name) for name in INHERITED})


def option(name: str, *, reference: bool) -> str:
    """How an option of the first or the second recording is written on the command line."""
    return f"--{'reference-' if reference else ''}{name.replace('_', '-')}"

"""What a user can say about the second of two recordings; light, because the command line is made from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from headway.take import FilmView, Sex, Take


@dataclass(frozen=True)
class Reference:
    """The same for the second recording.

    Parameters
    ----------
    reference_start
        Use the second recording from here: 7:11, 431 or 431.5.
    reference_stop
        Use it up to here.
    reference_height
        Height of its runner, metres.
    reference_mass
        Mass of its runner, kilograms.
    reference_sex
        For the tables of segment masses.
    reference_speed
        Its belt speed, m/s.
    reference_treadmill
        Its ground moves.
    reference_up
        Its vertical lab axis.
    reference_forward
        Lab axis its runner goes along.
    reference_forces
        Ground forces that belong to it.
    reference_subject
        Which runner, where its file holds several.
    reference_view
        From where it was filmed.
    reference_slow_motion
        How many times slower than reality it plays.
    reference_person
        Number of its runner on the still.
    reference_pose_model
        A pose network of your own for it (ONNX).
    reference_rate
        Frames per second of its key points.
    """

    reference_start: str | None = None
    reference_stop: str | None = None
    reference_height: float | None = None
    reference_mass: float | None = None
    reference_sex: Sex | None = None
    reference_speed: float | None = None
    reference_treadmill: bool = False
    reference_up: str | None = None
    reference_forward: str | None = None
    reference_forces: Path | None = None
    reference_subject: str | None = None
    reference_view: FilmView | None = None
    reference_slow_motion: float | None = None
    reference_person: int | None = None
    reference_pose_model: Path | None = None
    reference_rate: float | None = None

    @property
    def take(self) -> Take:
        """As options of a recording."""
        return Take(**{one.name: getattr(self, f"reference_{one.name}") for one in fields(Take)})

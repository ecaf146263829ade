"""What a user can say about one recording: every option declared once, with its unit, its bounds and how people write it.

The command line, both sides of ``compare``, a manifest's columns and the fields of a protocol are made from this declaration, which
imports nothing heavy.
"""

# ruff: noqa: RUF009 - the fields' defaults are declarations, which are frozen

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, Self, cast, get_args

from headway import written
from headway.errors import OptionError
from headway.option import Option, said

Sex = Literal["male", "female"]
FilmView = Literal["side", "rear", "front"]
PoseQuality = Literal["full", "best"]
Place = Literal["head", "sacrum", "foot_left", "foot_right", "shank_left", "shank_right", "wrist"]
PLACES: tuple[Place, ...] = get_args(Place)
"""Where a sensor can be worn."""
MOTION_CUTOFF = 12.0
"""Low-pass of markers for transmission and ladder, Hz (trunk and head 8-12 Hz hold two harmonics of the step rate)."""
INHERITED = ("height", "mass", "sex")
"""What the second recording takes from the first when both show the same runner."""


def _option(read: Callable[[object], object], help: str, default: object = None, **declared: Any) -> Any:
    return field(default=cast("Any", default), metadata={"option": Option(help, read, **declared)})


_runner = partial(_option, group="Runner")
_film = partial(_option, group="Films")
_worn = partial(_option, group="Sensors")


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of one recording, in SI units; what was not said is ``None`` or the default, and text is read as people write it.

    Attributes
    ----------
    height, mass, sex
        The runner: m, kg, ``male`` or ``female``.
    speed
        Declared (belt) speed, m/s.
    treadmill
        The ground moves.
    up, forward
        Signed lab axes, such as ``-x``.
    start, stop
        Part of the recording to use, s; of a film on the file's own clock as a player shows it, before slow motion is undone.
    bout
        Which of several runs in one recording to use, from 1 in order of time; ``None`` is the longest.
    standing
        Standing trial of the same runner with the same markers.
    subject
        Which runner, where a file holds several, by prefix or name.
    forces
        Ground forces (MOT or STO) to use instead of those in or beside the recording.
    cutoff
        Low-pass of the markers, Hz.
    body
        Fit one body to the strides, so that joint moments and what pushes the head are told.
    threshold
        Upward force on the plates at which a contact begins and ends, N; ``None`` is 20 N, or 50 N on noisy plates.
    view
        From where a film was taken.
    slow_motion
        How many times slower than reality the file plays; ``None`` leaves it to the file's own tag and to gravity.
    shot
        Which of the shots of a film that was cut to use, from 1 in order of time; ``None`` is that at ``start``, else the longest steady one.
    person
        Number of the person to follow, as the numbered still shows it.
    pose_quality
        ``best`` uses MediaPipe's heavy model, once it was added.
    pose_model
        A pose network of the user's own (ONNX file).
    rate
        Frames per second of real time, for key points that carry no times.
    phone
        Where the phone of a Sensor Logger export was worn.
    same_clock
        The sensors' time stamps come from one clock: nothing is aligned.
    swap_sides
        Left and right were found the wrong way round.
    window
        Length of a window of the run's timeline, s.
    cache
        Folder for pose results; ``None`` is the user's cache folder. For programs only.

    Raises
    ------
    OptionError
        A value that cannot be right.
    """

    height: float | None = _runner(
        written.length, "Runner's height, in metres unless another unit is written: 1.78, 178cm or 5'10\".",
        low=0.9, high=2.5, wrong="{:g} m is not a body height", remedy="give metres between 0.9 and 2.5",
    )  # fmt: skip
    mass: float | None = _runner(
        written.mass, "Runner's mass, in kilograms unless another unit is written (154lb); found from the ground force otherwise.",
        low=20.0, high=250.0, wrong="{:g} kg is not a body mass", remedy="give kilograms between 20 and 250",
    )  # fmt: skip
    sex: Sex | None = _runner(
        written.sex, "Sex for the tables of segment masses, male or female; the mean of both otherwise."
    )
    speed: float | None = _option(
        written.speed, "Belt speed, in m/s unless another unit is written (12.6km/h, 4:30/km, 8mph); found from the stance foot otherwise.",
        low=0.5, high=13.0, wrong="{:g} m/s is not a running speed", remedy="give metres per second between 0.5 and 13",
    )  # fmt: skip
    treadmill: bool = _option(
        written.truth, "The runner is on a treadmill; found from the stance foot otherwise.", False
    )
    up: str | None = _option(
        written.text, "Lab axis that points up, such as z; found from the force and the body otherwise."
    )
    forward: str | None = _option(
        written.text,
        "Lab axis along which the runner moves, such as -x; found from travel or the stance foot otherwise.",
    )
    start: float | None = _option(
        written.seconds, "Start of the part to use: 7:11, 431 or 431.5 (seconds).",
        low=0.0, wrong="{:g} s", remedy="give a time from the beginning of the recording, 0 or later",
    )  # fmt: skip
    stop: float | None = _option(
        written.seconds, "End of the part to use, written like --start.",
        low=0.0, wrong="{:g} s", remedy="give a time from the beginning of the recording, 0 or later",
    )  # fmt: skip
    bout: int | None = _option(
        written.whole, "Number of the run to use when a recording holds several, counted from 1; the longest otherwise.",
        low=1, wrong="run {:g}", remedy="give the number of a run as the report lists them, from 1",
    )  # fmt: skip
    standing: Path | None = _option(
        written.path, "Standing trial of the same runner with the same markers, which calibrates the head."
    )
    subject: str | None = _option(
        written.text, "Runner to use when a file holds several, by the prefix of the markers."
    )
    forces: Path | None = _option(written.path, "File of ground forces (MOT or STO) that belongs to the recording.")
    cutoff: float = _option(
        written.number, "Cut-off of the low-pass filter for the markers, Hz.", MOTION_CUTOFF,
        low=3.0, high=40.0, wrong="{:g} Hz is not a usable cut-off for running", remedy="give hertz between 3 and 40",
    )  # fmt: skip
    threshold: float | None = _option(
        written.number, "Upward force at which a contact on the plates begins and ends, N; 20, or 50 on noisy plates, otherwise.",
        low=5.0, high=50.0, wrong="{:g} N is not a usable threshold", remedy="give newtons between 5 and 50",
    )  # fmt: skip
    body: bool = _option(
        written.truth,
        "Fit one body to the strides and tell what pushes the head; takes a minute and the extra lab.",
        False,
        unused="give markers or a film from the side, or leave it out",
    )
    view: FilmView | None = _film(
        written.one_of(get_args(FilmView)), "Side from which the runner was filmed; found from the runner otherwise."
    )
    slow_motion: float | None = _film(
        written.number, "How many times slower than reality the file plays: 8 for 240 frames/s played at 30.",
        low=0.1, high=100.0, wrong="a factor of {:g}",
        remedy="give how many times slower than reality the file plays, for example 8 for 240 frames/s played at 30",
    )  # fmt: skip
    shot: int | None = _film(
        written.whole, "Number of the shot to use when a film was cut, counted from 1; that at --start, else the longest steady one.",
        low=1, wrong="shot {:g}", remedy="give the number of a shot as the report lists them, from 1",
    )  # fmt: skip
    person: int | None = _film(
        written.whole, "Number of the person to follow, as shown on the still that is written when several people are in the picture.",
        low=1, wrong="person {:g}", remedy="give the number shown on the still, from 1",
    )  # fmt: skip
    pose_quality: PoseQuality | None = _film(
        written.one_of(get_args(PoseQuality)),
        "best finds key points with MediaPipe's heavy model (three times slower; headway models add); full otherwise.",
    )
    pose_model: Path | None = _film(written.path, "A pose network of your own (RTMPose or HALPE-26 as ONNX).")
    rate: float | None = _film(
        written.number, "Frames per second of key points without times, such as OpenPose folders.",
        low=0.0, high=10_000.0, open=True, wrong="{:g} frames per second", remedy="give the real frame rate, for example 30",
    )  # fmt: skip
    phone: Place | None = _worn(
        written.one_of(PLACES),
        "Where the phone of a Sensor Logger export was worn; the sacrum otherwise.",
    )
    same_clock: bool = _worn(written.truth, "All sensors share one clock, so their times are used as they are.", False)
    swap_sides: bool = _worn(written.truth, "Exchange left and right, if they were found the wrong way round.", False)
    window: float = _worn(
        written.number, "Length of each window in the timeline of the run, s.", 30.0,
        low=10.0, high=600.0, wrong="{:g} s is not a usable window", remedy="give 10 to 600 seconds",
    )  # fmt: skip
    cache: Path | None = None

    def __post_init__(self) -> None:
        for name, option in DECLARED.items():
            value = getattr(self, name)
            if isinstance(value, str):  # a path, or a quantity as people write it
                value = said(flag(name), option.read, value)
                object.__setattr__(self, name, value)
            if value is not None:
                said(flag(name), option.check, value)
        if isinstance(self.cache, str):
            object.__setattr__(self, "cache", Path(self.cache))
        check_part(self.start, self.stop, flag("stop"))

    def given(self) -> list[str]:
        """Names of the options that were given."""
        return [name for name, default in _defaults(type(self)) if getattr(self, name) != default]

    def like(self, other: Options) -> Self:
        """The same with height, mass and sex of another recording where they are not given."""
        return replace(self, **{name: getattr(self, name) or getattr(other, name) for name in INHERITED})


@cache
def _defaults(kind: type[Options]) -> tuple[tuple[str, object], ...]:
    """Names and defaults of all options; a study asks for them of every recording."""
    return tuple((one.name, one.default) for one in fields(kind))


DECLARED: Mapping[str, Option] = {one.name: one.metadata["option"] for one in fields(Options) if one.metadata}
"""Every option a user can give, by name, in the order in which they are listed."""


def flag(name: str, prefix: str = "") -> str:
    """How an option is written on the command line, such as ``--slow-motion`` or ``--b-slow-motion``."""
    return f"--{prefix}{name.replace('_', '-')}"


def columns() -> tuple[str, ...]:
    """Names of all options, as the columns of a manifest and the fields of a protocol bear them."""
    return tuple(DECLARED)


def read(name: str, given: object, where: str) -> object:
    """Value of one option from what was written.

    Raises
    ------
    OptionError
        Naming ``where`` it was written.
    """
    option = DECLARED[name]
    value = said(where, option.read, given)
    said(where, option.check, value)
    return value


def from_mapping(
    given: Mapping[str, object], where: Callable[[str], str] = flag, *, folder: Path | None = None
) -> Options:
    """Options from a row of a manifest, a table of a protocol or the arguments of a call.

    Parameters
    ----------
    given
        Name to what was written, as text or as a number; ``None`` and empty text count as not given.
    where
        Names an option in messages, such as ``lambda name: f"runs.csv line 3, {name}"``.
    folder
        Paths are relative to it.

    Raises
    ------
    OptionError
        An option that is not known or whose value cannot be right, in one line.

    Examples
    --------
    >>> from_mapping({"height": "5ft10", "speed": "4:30/km", "sex": "F"}).given()
    ['height', 'sex', 'speed']
    """
    values: dict[str, object] = {}
    for name, written_as in given.items():
        if name not in DECLARED and name != "cache":
            raise OptionError(where(name), "is not known", f"known are {', '.join(DECLARED)}")
        if written_as is None or written_as == "" or written_as != written_as:
            continue
        value = written_as if name == "cache" else read(name, written_as, where(name))
        values[name] = (folder / value).absolute() if folder is not None and isinstance(value, Path) else value
    check_part(values.get("start"), values.get("stop"), where("stop"))
    return Options(**cast("dict[str, Any]", values))


def check_part(start: object, stop: object, where: str) -> None:
    """Refuse a part that ends before it starts.

    Raises
    ------
    OptionError
        Naming ``where`` the end was written.
    """
    if isinstance(start, int | float) and isinstance(stop, int | float) and stop <= start:
        raise OptionError(where, f"{stop:g} s is not after the start ({start:g} s)", "give a later time")

"""What would tell a head that is pushed from one that is pulled along: every sign declared once, with its limits and their source.

No study shows that runners come in these two kinds. The limits are drawn from what a rigid body would do and from the few
runners that have been measured; they say how a value reads, not whether it is good.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from math import inf, radians
from typing import Literal

from headway.results import Entries, Estimated, Interval, Value

Reading = Literal["pushed", "pulled", "between", "open", "unseen"]
GRADE = "No study has shown that runners come in these two kinds."
"""What is known of the question itself."""
DRAWN = "The limits are Headway's own, drawn from what a rigid body would do and from the few runners who have been measured."
"""Where the limits come from."""


@dataclass(frozen=True)
class Limits:
    """How the values of a metric read.

    Attributes
    ----------
    metric
        Name in the registry.
    pushed, pulled
        Ranges in its unit; ``pulled`` is ``None`` where no value of it speaks for that.
    source
        Where they come from.
    """

    metric: str
    pushed: Interval
    pulled: Interval | None
    source: str

    def read(self, interval: Interval | None) -> Reading:
        """Reading of a 95 % interval: of a range only where it lies wholly there, ``open`` where it reaches over a limit or is absent."""
        if interval is None:
            return "open"
        ranges: tuple[tuple[Reading, Interval | None], ...] = (("pushed", self.pushed), ("pulled", self.pulled))
        for reading, limits in ranges:
            if limits is not None and limits[0] <= interval[0] and interval[1] <= limits[1]:
                return reading
        touched = [one for _, one in ranges if one is not None and interval[0] < one[1] and one[0] < interval[1]]
        return "open" if touched else "between"


@dataclass(frozen=True)
class Sign:
    """One thing to look at.

    Attributes
    ----------
    question
        What a person would ask.
    limits
        Metrics that answer it; the first that has a value is read.
    pushed, pulled
        What is said of the head where it reads so.
    direct
        Whether it bears on the question itself; others are shown beside it and decide nothing.
    """

    question: str
    limits: tuple[Limits, ...]
    pushed: str
    pulled: str
    direct: bool = True


@dataclass(frozen=True)
class ReadSign:
    """A sign as a recording shows it; ``metric`` and ``entry`` are ``None`` where it does not. ``weak``: it comes through a model."""

    sign: Sign
    reading: Reading
    metric: str | None = None
    entry: Value | None = None

    @property
    def weak(self) -> bool:
        """Whether the value is estimated."""
        return isinstance(self.entry, Estimated)


_ONE_BODY = "1 is what a rigid body does; from 0.85 down was seen only above 6 m/s"
_HALF_HEAD = "half of the length of a head is 90 mm: nearer, the line passes through it"
SIGNS = (
    Sign(
        "Does it rise with the pelvis, or later?",
        (Limits("head_lag_vertical", (-0.012, 0.012), (0.020, inf), "3 and 11 ms in the two runners measured in 3-D"),),
        "it rises together with the pelvis",
        "it rises later than the pelvis",
    ),
    Sign(
        "Does it fall back while the foot pushes off?",
        (Limits("head_retraction", (-0.006, inf), (-inf, -0.010), "0 and \N{MINUS SIGN}6 mm in the runners measured"),),
        "it does not fall back while the foot pushes off",
        "it falls back while the foot pushes off",
    ),
    Sign(
        "Does it get the upward push?",
        (
            Limits("head_vertical_gain", (0.9, 1.1), (-inf, 0.8), _ONE_BODY),
            Limits(
                "head_pelvis_vertical_gain",
                (0.9, 1.1),
                (-inf, 0.6),
                f"{_ONE_BODY}; the pelvis itself moves more than the body, hence the lower limit",
            ),
        ),
        "it gets almost the whole upward push",
        "it gets much less than the whole upward push",
    ),
    Sign(
        "Does it get the forward push?",
        (Limits("head_forward_gain", (0.7, 1.3), (-inf, 0.1), "1 is what a rigid body does, 0 a head left out"),),
        "it speeds up together with the body",
        "it does not speed up when the body does",
    ),
    Sign(
        "Does the push run along its own upright line?",
        (
            Limits(
                "push_through_angle_sagittal",
                (-radians(5), radians(5)),
                (radians(10), inf),
                "2 ± 2° in the runner measured",
            ),
            Limits("push_through_angle", (0.0, radians(7)), (radians(14), inf), "5° in the runner measured"),
        ),
        "the push runs along its own upright line",
        "the push leans forward of its own upright line",
        direct=False,  # a head that is left out of the forward push has no force that leans forward: small says either
    ),
    Sign(
        "Does the neck have to hold it?",
        (
            Limits(
                "neck_moment_arm_ratio",
                (0.0, 0.45),
                (0.60, inf),
                "0.41 is what holding the head up takes in standing: its weight lies 24° ahead of the neck base",
            ),
        ),
        "the neck has to hold it no more than in standing",
        "the neck has to hold it much more than in standing",
    ),
    Sign(
        "Does the neck give way?",
        (
            Limits(
                "neck_joint_power", (-5.0, 5.0), (-inf, -10.0), "0 is what a stiff neck does; nobody has measured it"
            ),
        ),
        "the neck neither gives way nor adds anything",
        "the neck gives way",
        direct=False,
    ),
    Sign(
        "Does the line of the push meet it?",
        (
            Limits("grf_line_offset_forward", (-0.09, 0.09), (0.09, inf), _HALF_HEAD),
            Limits("neck_base_grf_line_offset_forward", (-0.09, 0.09), (0.09, inf), _HALF_HEAD),
        ),
        "the line of the push passes through it",
        "the line of the push passes ahead of it",
        direct=False,
    ),
    Sign(
        "Is it over the foot on the ground?",
        (
            Limits("head_over_foot_error", (-0.02, 0.02), None, "0 is over the middle of the foot"),
            Limits("neck_over_foot_error", (-0.02, 0.02), None, "0 is over the middle of the foot"),
        ),
        "it is over the foot on the ground",
        "",
        direct=False,
    ),
)
"""The battery, what bears most on the question first."""


def read_signs(entries: Entries, set_aside: Container[str] = ()) -> list[ReadSign]:
    """Read every sign; metrics that are ``set_aside`` (numbers that contradict physics) count as unseen."""
    return [_read(sign, entries, set_aside) for sign in SIGNS]


def _read(sign: Sign, entries: Entries, set_aside: Container[str]) -> ReadSign:
    for limits in sign.limits:
        entry = entries.get(limits.metric)
        if isinstance(entry, Value) and limits.metric not in set_aside:
            return ReadSign(sign, limits.read(entry.ci95), limits.metric, entry)
    return ReadSign(sign, "unseen")

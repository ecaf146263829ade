"""What would tell a head that is pushed from one that is pulled along: every sign declared once, with its limits and their source.

No study shows that runners come in these two kinds. The limits are drawn from what a rigid body would do and from the few
runners that have been measured; they say how a value reads, not whether it is good.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, radians
from typing import Literal

from headway.results import Entries, Estimated, Interval, Value

Reading = Literal["pushed", "pulled", "between", "open", "unseen"]


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
        Where they come from: the key of its text in ``signs``.
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
    key
        Its texts in ``signs`` begin with it: the question that a person would ask, and what is said of the head where it reads as pushed or pulled.
    limits
        Metrics that answer it; the first that has a value is read.
    direct
        Whether it bears on the question itself; others are shown beside it and decide nothing.
    """

    key: str
    limits: tuple[Limits, ...]
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


SIGNS = (
    Sign("rise", (Limits("head_lag_vertical", (-0.012, 0.012), (0.020, inf), "from_lag"),)),
    Sign("fall_back", (Limits("head_retraction", (-0.006, inf), (-inf, -0.010), "from_retraction"),)),
    Sign(
        "up",
        (
            Limits("head_vertical_gain", (0.9, 1.1), (-inf, 0.8), "from_gain"),
            Limits("head_pelvis_vertical_gain", (0.9, 1.1), (-inf, 0.6), "from_pelvis_gain"),
        ),
    ),
    Sign("forward", (Limits("head_forward_gain", (0.7, 1.3), (-inf, 0.1), "from_forward_gain"),)),
    Sign(
        "through",
        (
            Limits(
                "push_through_angle_sagittal",
                (-radians(5), radians(5)),
                (radians(10), inf),
                "from_through_forward",
            ),
            Limits("push_through_angle", (0.0, radians(7)), (radians(14), inf), "from_through"),
        ),
        direct=False,  # a head that is left out of the forward push has no force that leans forward: small says either
    ),
    Sign("hold", (Limits("neck_moment_arm_ratio", (0.0, 0.45), (0.60, inf), "from_hold"),)),
    Sign("give_way", (Limits("neck_joint_power", (-5.0, 5.0), (-inf, -10.0), "from_power"),), direct=False),
    Sign(
        "line",
        (
            Limits("grf_line_offset_forward", (-0.09, 0.09), (0.09, inf), "from_half_head"),
            Limits("neck_base_grf_line_offset_forward", (-0.09, 0.09), (0.09, inf), "from_half_head"),
        ),
        direct=False,
    ),
    Sign(
        "over_foot",
        (
            Limits("head_over_foot_error", (-0.02, 0.02), None, "from_middle"),
            Limits("neck_over_foot_error", (-0.02, 0.02), None, "from_middle"),
        ),
        direct=False,
    ),
)
"""The battery, what bears most on the question first."""


def read_signs(entries: Entries) -> list[ReadSign]:
    """Read every sign."""
    return [_read(sign, entries) for sign in SIGNS]


def _read(sign: Sign, entries: Entries) -> ReadSign:
    for limits in sign.limits:
        entry = entries.get(limits.metric)
        if isinstance(entry, Value):
            return ReadSign(sign, limits.read(entry.ci95), limits.metric, entry)
    return ReadSign(sign, "unseen")

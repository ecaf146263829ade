"""What was recorded, of whom, and what was found in it."""

from __future__ import annotations

from typing import Literal

from headway.recording import Camera, Flag
from headway.results.entries import Fields


class StandIns(Fields, frozen=True, kw_only=True):
    """What stands for points that are not marked.

    Attributes
    ----------
    neck_base
        ``c7`` where it stands alone, ``shoulders`` where their middle does, as in all key points; empty where both ends of the neck base are known.
    pelvis_from_hips
        Whether the midpoint of the hips stands for the pelvis centre, as the pelvis itself is not marked.
    head_off_axis
        Whether the head centre is not on the axis that the head turns about, as only a front or a back pair is marked.
    """

    neck_base: Literal["", "c7", "shoulders"] = ""
    pelvis_from_hips: bool = False
    head_off_axis: bool = False


class RecordingFound(Fields, frozen=True, kw_only=True):
    """What was recorded.

    Attributes
    ----------
    source, kind
        Bare name of the file, and its format.
    view
        ``3d``, ``side``, ``rear``, ``front``, ``sensor``, or two films joined: ``side+rear``.
    duration, rate
        s, samples per second.
    forward, up
        Which axis of the file (or what else) they were found to be.
    speed
        m/s; ``None`` when unknown.
    subject
        Who, as the file says.
    heading_deg
        Direction of the run in the axes of the file, degrees.
    treadmill
        Whether the ground moves.
    camera
        How it was filmed.
    stand_ins
        What stands for points that are not marked; ``None`` for sensors.
    """

    source: str
    kind: str
    view: str
    duration: float
    rate: float
    forward: str
    up: str
    speed: float | None
    subject: str | None
    heading_deg: float | None = None
    treadmill: bool | None = None
    camera: Camera | None = None
    stand_ins: StandIns | None = None


class RunnerFound(Fields, frozen=True, kw_only=True):
    """The runner, as stated or found: height in m, mass in kg, where the mass comes from."""

    height: float | None
    mass: float | None
    mass_source: str | None
    sex: str | None


class ForceFound(Fields, frozen=True, kw_only=True):
    """Whether the ground force was measured, estimated (by which method) or is not there."""

    status: Literal["measured", "estimated", "none"]
    method: str | None


class EventsFound(Fields, frozen=True, kw_only=True):
    """Where initial contact and toe-off come from; the threshold in N."""

    source: str
    threshold: float | None
    method: str


class StepCount(Fields, frozen=True, kw_only=True):
    """Steps that were analysed."""

    count: int
    left: int
    right: int


class FilterCutoffs(Fields, frozen=True, kw_only=True):
    """Cut-off frequencies of the low-pass filters, Hz."""

    motion_cutoff: float | None
    force_cutoff: float | None


class MarkerQuality(Fields, frozen=True, kw_only=True):
    """One marker of a recording: how well it was seen, and how well it keeps its place in its segment.

    Attributes
    ----------
    name
        Landmark.
    label
        As in the file; ``None`` where the file has no such label.
    segment
        Rigid part of the body it is judged with; ``None`` where that has fewer than three markers.
    seen
        Share of the frames in which it was measured.
    gaps, longest_gap
        Number of gaps, and the longest, s.
    rigidity
        How much its distance from the markers of its segment varies (standard deviation, median over them), m.
    residual
        Root mean square distance from the rigid fit of its segment, m.
    mended
        What was done to it, in words; empty where nothing was.
    """

    name: str
    label: str | None
    segment: str | None
    seen: float
    gaps: int
    longest_gap: float
    rigidity: float | None
    residual: float | None
    mended: str = ""


class Contradiction(Fields, frozen=True, kw_only=True):
    """A rule of physics that numbers of one recording break together.

    Attributes
    ----------
    code, message
        As in the flag of a summary.
    metrics
        Names that are not to be shown as a finding.
    """

    code: str
    message: str
    metrics: tuple[str, ...]

    @property
    def flag(self) -> Flag:
        """What the summary says of it."""
        return Flag(self.code, "warning", self.message)

"""The body in one recording: filtered motion, segments, head."""

from __future__ import annotations

from dataclasses import dataclass, replace

import xarray as xr

from headway.body.head import HeadModel, head_model
from headway.body.joint_centres import add_joint_centres
from headway.body.motion import Motion
from headway.body.segments import Segments, build_segments
from headway.recording import Flag, FloatArray, Recording
from headway.results import MarkerQuality, StandIns
from headway.signals import low_pass


@dataclass(frozen=True)
class Body:
    """A body in motion.

    Attributes
    ----------
    motion
        Filtered landmarks and joint centres, with ``com`` (whole bodies only) and ``head_com``.
    segments, head
        Segments, and head and neck (``None`` without head markers).
    flags
        What was assumed on the way.
    stand_ins
        What stands for points that are not marked.
    markers
        How well each marker was seen and kept its place.
    head_error
        Standard error of the head's centre along each axis that comes from missing markers, m.
    """

    motion: Motion
    segments: Segments
    head: HeadModel | None
    flags: tuple[Flag, ...]
    stand_ins: StandIns
    markers: tuple[MarkerQuality, ...] = ()
    head_error: float = 0.0

    def head_moved(self, offset: FloatArray) -> Body:
        """The same body with the centre of its head elsewhere by ``offset``, m, shape (3,) or (frames, 3)."""
        motion = self.motion.moved(("head_centre", "head_com"), offset)
        head = None if self.head is None else replace(self.head, com=self.head.com + offset)
        return replace(self, motion=motion, head=head)

    @property
    def trunk_point(self) -> str | None:
        """Point that stands for the body as a whole: centre of mass, else pelvis, else neck base."""
        return next((name for name in ("com", "pelvis_centre", "neck_base") if self.motion.has(name)), None)


def build_body(
    recording: Recording, *, height: float | None, sex: str | None, cutoff: float, standing: Recording | None = None
) -> Body:
    """Filter the landmarks of an oriented recording and build the body from them.

    Parameters
    ----------
    recording
        Oriented, with canonical landmarks.
    height, sex
        As known.
    cutoff
        Low-pass, Hz.
    standing
        Standing trial of the same person, oriented, with canonical landmarks: calibrates the head.
    """
    points = recording.points.transpose("time", "point", "axis")
    smooth = points.copy(data=low_pass(points.to_numpy(), recording.rate, cutoff))
    pose: xr.DataArray | None = None
    if standing is not None:
        pose, _ = add_joint_centres(standing.points, height=height, sex=sex)
    joined, assumed = add_joint_centres(smooth, height=height, sex=sex)
    head = head_model(joined, sex=sex, height=height, standing=pose)
    segments = build_segments(joined, sex=sex, height=height, head=head)
    motion = Motion(joined, cutoff)
    if segments.whole_body:
        motion["com"] = segments.total_com()
    if head is not None:
        motion["head_com"] = head.com
    return Body(motion, segments, head, (*assumed.flags, *segments.flags), assumed.stand_ins)

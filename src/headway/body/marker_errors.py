"""How far off segments and angles may be because markers do not keep their place: from what a rigid fit leaves, and from lengths that change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.body.body import Body
from headway.body.joint_angles import GROUND, JOINTS, SIDES
from headway.recording import FloatArray

BY_CLUSTERS = 0.011
"""Standard error along one axis of knees and ankles found from clusters, m: against joints marked in standing, 12 runners (RBDS) differ by
1.9°, 3.3° and 2.9° (RMS) in the bend of the knee at contact, in stance and in swing, and by 14 mm in overstride."""
CENTRE = {"hip": 0.010, "knee": 0.007, "ankle": 0.005, "pelvis": 0.010, "neck_base": 0.010}
"""Standard error along one axis of where a point is placed in its segment, m, which no residual tells: of the hip by regression on the pelvis
(Harrington 2007; Kainz 2015), of knee and ankle between their marked sides, of pelvis and neck base by landmarks that two examiners find so far apart
(Della Croce 2005)."""
ENDS = (
    {"trunk": ("pelvis", "neck_base")}
    | {f"thigh_{side}": ("hip", "knee") for side in SIDES}
    | {f"shank_{side}": ("knee", "ankle") for side in SIDES}
)
"""Placed points at the ends of a segment's line; one that two segments share moves both lines."""
CLUSTER_OF = {"trunk": "thorax"}
"""Segment to the rigid set of markers that is called otherwise."""
FEWEST = 3
HEAD_BREADTH = 0.15
"""Between the markers of two sides of a head, m."""


@dataclass(frozen=True)
class MarkerErrors:
    """Errors of one body.

    Attributes
    ----------
    body
        With the quality of its markers.
    by_clusters
        Whether knees and ankles were found from clusters.
    """

    body: Body
    by_clusters: bool = False

    @cached_property
    def _residuals(self) -> dict[str, float]:
        """Standard error of a marker along one axis by rigid set, m, with the freedom that the fit itself takes."""
        found: dict[str, list[float]] = {}
        for marker in self.body.markers:
            if marker.segment is not None and marker.residual is not None:
                found.setdefault(marker.segment, []).append(marker.residual)
        return {
            segment: float(np.sqrt(np.mean(np.square(own)) / 3 * len(own) / (len(own) - 2)))
            for segment, own in found.items()
            if len(own) >= FEWEST
        }

    def place(self, segment: str) -> float:
        """Standard error along one axis of a point that a segment carries, m; 0 where neither a fit nor a length tells it.

        The greater one of what the rigid fit of its markers leaves and of how its length changes (with both ends off by as much), in quadrature with
        :data:`BY_CLUSTERS` for thigh and shank.
        """
        residual = self._residuals.get(CLUSTER_OF.get(segment, segment), 0.0)
        segments = self.body.segments
        changed = 0.0
        if segment in segments.names:
            length = self._lengths[:, segments.index(segment)]
            seen = length[np.isfinite(length)]
            changed = float(seen.std() / np.sqrt(2)) if len(seen) else 0.0
        known = BY_CLUSTERS if self.by_clusters and segment.startswith(("thigh", "shank")) else 0.0
        return float(np.hypot(max(residual, changed), known))

    @cached_property
    def _lengths(self) -> FloatArray:
        along = self.body.segments.endpoints
        return np.linalg.norm(along[:, :, 1] - along[:, :, 0], axis=-1)

    def tilt(self, segment: str) -> float:
        """Standard error of a long axis by straying, rad: of the line between ends that are off by :meth:`place`; of the pelvis by its width."""
        if segment == "pelvis":
            motion = self.body.motion
            width = motion.distance("asis_left", "asis_right") if motion.has("asis_left", "asis_right") else np.nan
            return float(np.sqrt(2) * self.place("pelvis") / width)
        if segment == "head":
            return float(np.sqrt(2) * self.place("head") / HEAD_BREADTH)
        segments = self.body.segments
        return float(np.sqrt(2) * self.place(segment) / self._length(segment)) if segment in segments.names else 0.0

    def _length(self, segment: str) -> float:
        """Median length, m; NaN where it was never seen."""
        length = self._lengths[:, self.body.segments.index(segment)]
        seen = length[np.isfinite(length)]
        return float(np.median(seen)) if len(seen) else float("nan")

    def angle(self, *segments: str) -> float:
        """Standard error of an angle between segments (or of one against the vertical), rad.

        How the segments stray, and where the ends of their lines are placed: a knee that is placed too far ahead bends thigh and shank both.
        """
        placed: dict[str, float] = {}
        there = [one for one in segments if one in self.body.segments.names]
        for segment in there:
            for end in ENDS.get(segment, ()):
                placed[end] = placed.get(end, 0.0) + CENTRE[end] / self._length(segment)
        return float(np.linalg.norm([*(self.tilt(segment) for segment in segments), *placed.values()]))

    def flexions(self) -> dict[str, float]:
        """Standard error of the first angle of every joint whose segments are there, rad, by the angle's name."""
        there = {*self.body.segments.names, "pelvis"}
        return {
            joint.angles[0]: self.angle(*(part for part in (joint.proximal, joint.distal) if part != GROUND))
            for joint in JOINTS
            if joint.distal in there and joint.proximal in (there | {GROUND})
        }

    def centre(self, joint: str, *segments: str) -> float:
        """Standard error of a joint centre along one axis, m: what is known of such centres, and how the segments beside it stray."""
        return float(np.linalg.norm([CENTRE[joint], max(self.place(segment) for segment in segments)]))

"""A body from height and sex: lengths, masses, and where joints and markers sit on the segments.

Local positions are in metres in forward, up, right of the segment. Markers are placed so that the published rules for joint
centres give the centres of this body: pairs about knee, ankle, elbow and wrist, the pelvis of Harrington et al. 2007, neck base
midway between C7 and suprasternal notch, head centre the mean of the head band.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.body.anthropometry import SEGMENTS, WHOLE_BODY, ratio
from headway.body.sided import sided
from headway.recording import FloatArray

SIDES = (("right", 1.0), ("left", -1.0))
REFERENCE_HEIGHT = 1.75
"""Height for which the lengths below are given, m; all scale with the runner's height."""
STANDING_FLEXION = 4.0
"""Knee flexion in quiet standing, deg."""
STANDING_NECK_FORWARD = 0.02
"""Neck base ahead of mid-hip in quiet standing, m at the reference height."""


def mirrored(points: dict[str, tuple[float, float, float]], scale: float) -> dict[str, FloatArray]:
    """Both sides of right-sided local points: ``name_right`` and ``name_left``."""
    out = {}
    for word, sign in SIDES:
        for name, (forward, up, right) in points.items():
            out[f"{name}_{word}"] = np.array([forward, up, sign * right]) * scale
    return out


@dataclass(frozen=True)
class BodyPlan:
    """Measures of one runner.

    Attributes
    ----------
    height
        m.
    sex
        ``male`` or ``female``; ``None`` takes the mean of both tables.
    """

    height: float
    sex: str | None

    @property
    def scale(self) -> float:
        """Height over the reference height."""
        return self.height / REFERENCE_HEIGHT

    def fraction(self, segment: str) -> float:
        """Centre of mass of a segment, share of the way from its proximal to its distal end."""
        return SEGMENTS[segment].of(self.sex)[1]

    @cached_property
    def mass_shares(self) -> dict[str, float]:
        """Share of the body mass per segment; they add up to 1 exactly."""
        sex = self.sex
        shares = {name: SEGMENTS[sided(name).stem].of(sex)[0] for name in WHOLE_BODY}
        total = sum(shares.values())
        return {name: share / total for name, share in shares.items()}

    @property
    def thigh(self) -> float:
        """Hip to knee, m (de Leva 1996, men; the women's thigh of that table starts at another landmark)."""
        return 0.4244 * self.scale

    @property
    def shank(self) -> float:
        """Knee to ankle, m."""
        return 0.4362 * self.scale

    @property
    def upper_arm(self) -> float:
        """Shoulder to elbow, m."""
        return 0.2832 * self.scale

    @property
    def forearm(self) -> float:
        """Elbow to wrist, m."""
        return 0.2703 * self.scale

    @property
    def hand(self) -> float:
        """Wrist to third metacarpal, m."""
        return 0.0866 * self.scale

    @property
    def standing_hips(self) -> float:
        """Height of mid-hip in quiet standing, m."""
        bend = np.radians(STANDING_FLEXION)
        return self.ankle_height + float(
            np.sqrt(self.thigh**2 + self.shank**2 + 2 * self.thigh * self.shank * np.cos(bend))
        )

    @property
    def standing_neck(self) -> FloatArray:
        """Neck base in quiet standing, forward and up from between the ankles on the ground, m."""
        above = float(self.standing_head[1] + self.head["vertex"][1])
        return np.array([STANDING_NECK_FORWARD * self.scale, self.height - above])

    @property
    def trunk(self) -> float:
        """Mid-hip to neck base, m: such that the standing runner is as tall as asked."""
        return float(np.hypot(self.standing_neck[0], self.standing_neck[1] - self.standing_hips))

    @property
    def ankle_height(self) -> float:
        """Ankle centre above the sole, m."""
        return 0.075 * self.scale

    @property
    def rocker(self) -> float:
        """Radius of the forefoot on which the foot rolls after heel-off, m."""
        return 0.10 * self.scale

    @cached_property
    def pelvis(self) -> dict[str, FloatArray]:
        """Points of the pelvis from mid-hip, in pelvic axes (through ASIS and mid-PSIS).

        Hip centres from pelvic width W and depth D: 0.24 D + 9.9 mm behind, 0.30 W + 10.9 mm below and 0.33 W + 7.3 mm beside
        mid-ASIS (Harrington et al. 2007, J Biomech 40:595).
        """
        width, depth = 0.240 * self.scale, 0.155 * self.scale
        behind, below, beside = 0.24 * depth + 0.0099, 0.30 * width + 0.0109, 0.33 * width + 0.0073
        points = mirrored(
            {"asis": (behind, below, width / 2), "psis": (behind - depth, below, 0.045 * self.scale)}, 1.0
        )
        return points | mirrored({"hip": (0.0, 0.0, beside)}, 1.0)

    @cached_property
    def thorax(self) -> dict[str, FloatArray]:
        """Points of the rib cage from the neck base, in thoracic axes."""
        points = {
            "c7": (-0.060, 0.040, 0.0),
            "suprasternal": (0.060, -0.040, 0.0),
            "xiphoid": (0.085, -0.215, 0.0),
            "t10": (-0.105, -0.250, 0.0),
        }
        fixed = {name: np.array(place) * self.scale for name, place in points.items()}
        return fixed | mirrored({"acromion": (-0.005, 0.010, 0.185)}, self.scale)

    @property
    def shoulder_drop(self) -> float:
        """Shoulder centre below the acromion, along the trunk, m: 17 % of the distance of the acromia (Rab 2002)."""
        return 0.17 * float(self.thorax["acromion_right"][2] - self.thorax["acromion_left"][2])

    @cached_property
    def head(self) -> dict[str, FloatArray]:
        """Points of the head from the head centre; ``com`` is the centre of mass of head and neck, carried by the head.

        In quiet standing it is on the line from the neck base to the head centre, at the height above C7 that de Leva's fraction
        gives; the height from C7 to the vertex is his share of stature.
        """
        band = mirrored({"head_front": (0.088, 0.0, 0.068), "head_back": (-0.088, 0.0, 0.068)}, self.scale)
        out = {f"head_{a}_{side}": band[f"head_{a}_{side}"] for a in ("front", "back") for side in ("left", "right")}
        base, seventh = -self.standing_head, self.thorax["c7"] - self.standing_head
        out["vertex"] = np.array([-0.012 * self.scale, seventh[1] + self.head_length, 0.0])
        level = seventh[1] + (1.0 - self.fraction("head")) * self.head_length
        out["head_com"] = base * level / base[1]
        return out

    @property
    def head_inertia(self) -> tuple[FloatArray, FloatArray]:
        """Principal axes of head and neck in the head (columns) and moments about them per kg of body mass, m²."""
        base = -self.standing_head
        up = -base / np.linalg.norm(base)
        axes = np.column_stack([np.cross(up, [0.0, 0.0, 1.0]), up, [0.0, 0.0, 1.0]])
        mass, _, (sagittal, transverse, longitudinal) = SEGMENTS["head"].of(self.sex)
        return axes, mass * (self.head_length * np.array([sagittal, longitudinal, transverse])) ** 2

    @property
    def head_length(self) -> float:
        """Height of the vertex above C7 in quiet standing, m."""
        return ratio("head", "stature", self.sex) * self.height

    @property
    def standing_head(self) -> FloatArray:
        """Head centre from the neck base in quiet standing, m."""
        return np.array([0.060, 0.195, 0.0]) * self.scale

    @cached_property
    def foot(self) -> dict[str, FloatArray]:
        """Points of the foot from the ball on the sole (where the rocker begins)."""
        points = {
            "ankle": (-0.135, 0.075, 0.0),
            "ankle_lateral": (-0.140, 0.072, 0.036),
            "ankle_medial": (-0.130, 0.078, -0.036),
            "heel": (-0.190, 0.040, 0.0),
            "mt1": (-0.010, 0.032, -0.045),
            "mt5": (-0.025, 0.028, 0.045),
            "toe": (0.068, 0.036, 0.0),
        }
        return mirrored(points, self.scale)

    @property
    def half_widths(self) -> dict[str, float]:
        """Half the distance between the medial and lateral marker of a joint, m."""
        return {"knee": 0.053 * self.scale, "elbow": 0.042 * self.scale, "wrist": 0.030 * self.scale}

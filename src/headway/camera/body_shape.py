"""Lengths between key points as shares of stature, in the postures of running."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """A length of the body over stature.

    Attributes
    ----------
    value
        Share.
    spread
        Relative standard deviation over people, postures and pose models.
    """

    value: float
    spread: float


TRUNK = Share(0.289, 0.05)
"""Mid-shoulder to mid-hip: 0.296 (men), 0.287 (women) in de Leva 1996 (his two centres of mass of the trunk place the shoulder on the line
C7 to mid-hip), 0.288 in Drillis & Contini 1966 (0.818 - 0.530)."""
THIGH = Share(0.245, 0.05)
"""Hip to knee centre: 0.2425 (men) in de Leva 1996, 0.245 in Drillis & Contini 1966, 0.248 ± 0.009 in the 12 runners of Fukuchi 2017 (static
knee and ankle centres carried with the shank); de Leva's women's thigh starts at another landmark."""
SHANK = Share(0.245, 0.04)
"""Knee to ankle centre: 0.2529 in de Leva 1996 (malleolus to joint centre by the two fractions of his table), 0.246 in Drillis & Contini,
0.239 ± 0.007 in Fukuchi 2017."""
LEG = Share(THIGH.value + SHANK.value, 0.035)
"""Hip-knee-ankle."""
CHAIN = Share(TRUNK.value + LEG.value, 0.025)
"""Shoulder-hip-knee-ankle along the body: where a pose model puts the hip hardly matters in it."""
EAR_HEIGHT = 0.927
"""Height of the ear canal in standing, head level: 130 mm below the crown at 1.756 m, 126 mm at 1.63 m (tragion, ANSUR II 2012)."""
ANKLE_HEIGHT = 0.039
"""Height of the ankle centre in standing (Drillis & Contini 1966)."""
SHOULDER_HEIGHT = 0.818
"""Height of the shoulder centre in standing (Drillis & Contini 1966)."""
LEG_YIELD, YIELD_PER_SPEED, YIELD_SPEED = 0.020, 0.007, 3.5
"""How much shorter than the hip-knee-ankle length the hip's height above the lower ankle is where it is largest in the stride: 0.012, 0.020
and 0.026 of stature at 2.5, 3.5 and 4.5 m/s (means over 10 to 11 of the 12 runners of Fukuchi 2017, 95th percentile); value, change per
m/s, and the speed of the value, m/s."""
USUAL_SPEED = 3.2
"""Taken where the speed is not known, m/s."""
TRUNK_YIELD = 0.004
"""Trunk leaning 9 ± 4° loses 0.289 (1 - cos 9°)."""
NECK_YIELD = 0.002
"""Neck a little more inclined than in standing."""
SHOULDER_WIDTH = 0.188
"""Distance of the shoulder centres: 0.182 to 0.192 in the runners of Hamner & Delp 2013, Dorn et al. 2012 and one more (acromia brought in)."""
ASSUMED_HEIGHT = 1.72
"""Stature where none was stated, m."""
ASSUMED_HEIGHT_SPREAD = 0.06
"""Relative standard deviation of adults' statures about it."""


def leg_yield(speed: float | None) -> float:
    """Share of stature that bent legs take off at their longest in the stride, for a speed in m/s."""
    known = USUAL_SPEED if speed is None else min(max(speed, 2.0), 6.0)
    return LEG_YIELD + YIELD_PER_SPEED * (known - YIELD_SPEED)


def ear_above_ankle(speed: float | None = None) -> Share:
    """Ear above the lower ankle where the runner is longest in the stride; spread by people 1 %, pose models 1 %, unknown speed 0.8 %."""
    value = EAR_HEIGHT - ANKLE_HEIGHT - leg_yield(speed) - TRUNK_YIELD - NECK_YIELD
    return Share(value, 0.018 if speed is None else 0.016)


def shoulder_above_ankle(speed: float | None = None) -> Share:
    """Mid-shoulder above the lower ankle where the runner is longest in the stride."""
    return Share(SHOULDER_HEIGHT - ANKLE_HEIGHT - leg_yield(speed) - TRUNK_YIELD, 0.025)

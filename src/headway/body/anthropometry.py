"""Masses, centres of mass and radii of gyration of body segments, and lengths that follow from stature.

de Leva 1996, J Biomech 29:1223, after Zatsiorsky & Seluyanov; values as in a public transcription of his table. The
sample was 100 men and 15 women, young and athletic: expect ±10 % for one person's head. Which endpoints a row belongs
to decides its fractions: they are measured from the **proximal** point named here, and the foot's run from heel to
toe tip, not from the ankle.
"""

from __future__ import annotations

from dataclasses import dataclass

from headway.errors import OptionError

SEXES = ("male", "female")


@dataclass(frozen=True)
class SegmentParameters:
    """One row of the table; every pair is (male, female).

    Attributes
    ----------
    proximal, distal
        Endpoints that the fractions belong to.
    mass
        Share of the body mass.
    com
        Centre of mass, share of the way from ``proximal`` to ``distal``.
    radii
        Radii of gyration about the centre of mass over the segment's length, about the sagittal (forward), transverse
        (right) and longitudinal axes.
    """

    proximal: str
    distal: str
    mass: tuple[float, float]
    com: tuple[float, float]
    radii: tuple[tuple[float, float, float], tuple[float, float, float]]

    def of(self, sex: str | None) -> tuple[float, float, tuple[float, float, float]]:
        """Mass share, centre of mass and radii of gyration; for ``None`` the mean of male and female."""
        man, woman = sex_weights(sex)
        mass, com = (man * pair[0] + woman * pair[1] for pair in (self.mass, self.com))
        first, second, third = (man * m + woman * f for m, f in zip(*self.radii, strict=True))
        return mass, com, (first, second, third)


_Pair = tuple[float, float]
_Radii = tuple[float, float, float]


def _row(ends: str, mass: _Pair, com: _Pair, male: _Radii, female: _Radii) -> SegmentParameters:
    proximal, distal = ends.split("–")
    return SegmentParameters(proximal, distal, mass, com, (male, female))


_HEAD, _TRUNK, _SHANK = (0.0694, 0.0668), (0.4346, 0.4257), (0.0433, 0.0481)
SEGMENTS: dict[str, SegmentParameters] = {
    "head": _row("vertex–c7", _HEAD, (0.5002, 0.4841), (0.303, 0.315, 0.261), (0.271, 0.295, 0.261)),
    "head_gonion": _row("vertex–mid_gonion", _HEAD, (0.5976, 0.5894), (0.362, 0.376, 0.312), (0.330, 0.359, 0.318)),
    "trunk": _row("c7–mid_hip", _TRUNK, (0.5138, 0.4964), (0.328, 0.306, 0.169), (0.307, 0.292, 0.147)),
    "trunk_mid_shoulder": _row(
        "mid_shoulder–mid_hip", _TRUNK, (0.4310, 0.3782), (0.384, 0.358, 0.197), (0.379, 0.361, 0.182)
    ),
    "upper_trunk": _row("c7–xiphion", (0.1596, 0.1545), (0.5066, 0.5050), (0.505, 0.320, 0.465), (0.466, 0.314, 0.449)),
    "middle_trunk": _row(
        "xiphion–omphalion", (0.1633, 0.1465), (0.4502, 0.4512), (0.482, 0.383, 0.468), (0.433, 0.354, 0.415)
    ),
    "lower_trunk": _row(
        "omphalion–mid_hip", (0.1117, 0.1247), (0.6115, 0.4920), (0.615, 0.551, 0.587), (0.433, 0.402, 0.444)
    ),
    "upper_arm": _row(
        "shoulder–elbow", (0.0271, 0.0255), (0.5772, 0.5754), (0.285, 0.269, 0.158), (0.278, 0.260, 0.148)
    ),
    "forearm": _row("elbow–wrist", (0.0162, 0.0138), (0.4574, 0.4559), (0.276, 0.265, 0.121), (0.261, 0.257, 0.094)),
    "hand": _row("wrist–hand", (0.0061, 0.0056), (0.7900, 0.7474), (0.628, 0.513, 0.401), (0.531, 0.454, 0.335)),
    "thigh": _row("hip–knee", (0.1416, 0.1478), (0.4095, 0.3612), (0.329, 0.329, 0.149), (0.369, 0.364, 0.162)),
    "shank": _row("knee–ankle", _SHANK, (0.4395, 0.4352), (0.251, 0.246, 0.102), (0.267, 0.263, 0.092)),
    "shank_malleolus": _row(
        "knee–ankle_lateral", _SHANK, (0.4459, 0.4416), (0.255, 0.249, 0.103), (0.271, 0.267, 0.093)
    ),
    "foot": _row("heel–toe_tip", (0.0137, 0.0129), (0.4415, 0.4014), (0.257, 0.245, 0.124), (0.299, 0.279, 0.139)),
}
"""The table. Rows that share a mass are the same segment between other endpoints."""

WHOLE_BODY = (
    "head", "trunk", "upper_arm_left", "upper_arm_right", "forearm_left", "forearm_right", "hand_left", "hand_right",
    "thigh_left", "thigh_right", "shank_left", "shank_right", "foot_left", "foot_right",
)  # fmt: skip
"""The segments that make a whole body, top down."""

MEAN_LENGTHS: dict[str, tuple[float, float]] = {
    "stature": (1.741, 1.735),
    "head": (0.2429, 0.2437),
    "head_gonion": (0.2033, 0.2002),
    "trunk": (0.6033, 0.6148),
    "upper_trunk": (0.2421, 0.2280),
    "middle_trunk": (0.2155, 0.2053),
    "lower_trunk": (0.1457, 0.1815),
    "upper_arm": (0.2817, 0.2751),
    "forearm": (0.2689, 0.2643),
    "hand": (0.0862, 0.0780),
    "thigh": (0.4222, 0.3685),
    "shank_malleolus": (0.4340, 0.4323),
    "foot": (0.2581, 0.2283),
}
"""Mean lengths of the sample, m, (male, female); the key is the row whose endpoints they join."""


def sex_weights(sex: str | None) -> tuple[float, float]:
    """Weights of the male and the female column; half each for ``None``.

    Raises
    ------
    OptionError
        Any other word.
    """
    if sex is None:
        return 0.5, 0.5
    if sex not in SEXES:
        raise OptionError(
            "--sex", f"{sex!r} is not in the table of segment masses", "use male or female, or leave it out"
        )
    return (1.0, 0.0) if sex == "male" else (0.0, 1.0)


def ratio(length: str, to: str, sex: str | None) -> float:
    """Ratio of two mean lengths of the sample: ``ratio("head", "stature", sex)`` is 0.1395 (men), 0.1405 (women)."""
    pairs = zip(MEAN_LENGTHS[length], MEAN_LENGTHS[to], strict=True)
    return sum(weight * a / b for weight, (a, b) in zip(sex_weights(sex), pairs, strict=True))

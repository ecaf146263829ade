"""Conditions under which the same body runs: what is done with head, arms, trunk and feet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.body.skeleton import Skeleton
from headway.errors import OptionError
from headway.recording import GRAVITY

RELAXED, BRACED = 11.0, 59.0
"""Neck stiffness, N·m/rad: natural frequencies of 1.3 and 4 Hz of a 4.5 kg head (Peng, Hain & Peterson 1996, 1999)."""
DAMPING_RATIO = 0.3
SHOULDERS = ("shoulder_flexion", "shoulder_adduction", "shoulder_rotation")
ARM_JOINTS = (*SHOULDERS, "elbow_flexion")
ARMS: dict[str, dict[str, float]] = {
    name: dict(zip(ARM_JOINTS, np.radians(degrees).tolist(), strict=True))
    for name, degrees in {
        "hands_on_hips": (-22, -38, 62, 88),
        "arms_fixed": (0, -10, 30, 95),
        "hands_on_back": (-35, -21, 72, 81),
        "arms_crossed": (34, 2, 86, 117),
        "hands_on_head": (90, 5, 21, 121),
    }.items()
}
ARMS["arms_passive"] = {"elbow_flexion": ARMS["arms_fixed"]["elbow_flexion"]}
"""Postures in which the arms may be kept: angles of joints, rad. Wrists beside the hips, elbows bent beside the trunk, hands behind the
lumbar spine, on the other shoulder, and at the head: found from the places of the hands."""


@dataclass(frozen=True)
class Condition:
    """What is asked of the runner beyond running at a speed.

    Attributes
    ----------
    name
        As on the command line.
    neck_stiffness
        N·m/rad, about the neck base.
    held
        The head does not move sideways in space.
    stacked
        The neck base is over the stance foot at midstance.
    arms
        The posture of :data:`ARMS` that the arms stay in; empty if they are free.
    lean
        Mean trunk lean, rad, + forward; ``None`` leaves it free.
    step_width
        Lateral distance of the feet, m; ``None`` leaves it free.
    longer_leg
        By how much the right leg is longer, m.
    ankle_strength
        Strength of the right ankle, share of the left one's.
    """

    name: str
    neck_stiffness: float = RELAXED
    held: bool = False
    stacked: bool = False
    arms: str = ""
    lean: float | None = None
    step_width: float | None = None
    longer_leg: float = 0.0
    ankle_strength: float = 1.0

    @property
    def unequal(self) -> bool:
        """Whether the legs differ, so that no step is the mirror image of the other."""
        return self.longer_leg != 0.0 or self.ankle_strength != 1.0


PASSIVE = frozenset({"arms_passive"})
"""Of these postures those in which the shoulders swing as they are swung."""
IDLE = 1000.0
"""Price of squared moments over strength at such shoulders: nobody pays it, they stay at rest."""

CONDITIONS = {
    "free": Condition("free"),
    "braced": Condition("braced", neck_stiffness=BRACED),
    "held": Condition("held", held=True),
    "stacked": Condition("stacked", stacked=True),
} | {name: Condition(name, arms=name) for name in ARMS}
WORDS = {
    "held": "the head does not move sideways",
    "stacked": "the neck base is over the stance foot at midstance",
}
"""What the demands of a condition say, by their names among its fields."""
ARM_WORDS = {
    "hands_on_hips": "the hands stay on the hips",
    "arms_fixed": "the arms stay bent beside the trunk",
    "arms_passive": "the elbows stay bent and nothing turns the shoulders",
    "hands_on_back": "the hands stay behind the back",
    "arms_crossed": "the arms stay crossed on the chest",
    "hands_on_head": "the hands stay on the head",
}


def conditions_named(names: str) -> list[Condition]:
    """Conditions from a list such as ``free,braced,held``; ``braced+stacked`` joins them.

    A joined name is put in order: ``stacked+free+braced`` is ``braced+stacked``.

    Raises
    ------
    OptionError
        An unknown one, one named twice (in whatever words), or none.
    """
    out: list[Condition] = []
    for text in (part.strip() for part in names.split(",")):
        parts = [part.strip() for part in text.split("+")]
        unknown = next((part for part in parts if part not in CONDITIONS), None)
        if unknown is not None:
            told = f"{unknown or text!r} is no condition"
            heads = ", ".join(one for one in CONDITIONS if one not in ARMS)
            raise OptionError("--head", told, f"choose from {heads}, or what --help has for the arms")
        joined = [one for one in CONDITIONS if one in parts and one != "free"] or ["free"]
        name = "+".join(joined)
        if any(one.name == name for one in out):
            told = f"{text!r} is named twice" if text == name else f"{text!r} is {name}, which is named twice"
            raise OptionError("--head", told, "name each condition once")
        chosen = [CONDITIONS[part] for part in joined]
        arms = [one.arms for one in chosen if one.arms]
        if len(arms) > 1:
            raise OptionError("--head", f"{text!r} wants the arms in two places", "join one of them with the others")
        out.append(
            Condition(
                name,
                max(one.neck_stiffness for one in chosen),
                any(one.held for one in chosen),
                any(one.stacked for one in chosen),
                arms[0] if arms else "",
            )
        )
    return out


def condition_words(condition: Condition, *, swept: str = "") -> str:
    """What a condition asks of the runner, in words; without the option that is ``swept`` (by its word)."""
    parts = [] if swept == "neck" else [_neck_words(condition.neck_stiffness)]
    parts += [words for name, words in WORDS.items() if getattr(condition, name)]
    parts += [ARM_WORDS[condition.arms]] if condition.arms else []
    if condition.lean is not None and swept != "lean":
        degrees = round(float(np.degrees(condition.lean)), 2)
        where = "" if degrees == 0 else " forward" if degrees > 0 else " backward"
        parts.append(f"mean trunk lean {abs(degrees):g}°{where}")
    if condition.step_width is not None and swept != "width":
        parts.append(f"step width {condition.step_width:g} m")
    if condition.longer_leg and swept != "leg":
        size = round(1000 * abs(condition.longer_leg), 1)
        parts.append(f"right leg {size:g} mm {'longer' if condition.longer_leg > 0 else 'shorter'}")
    if condition.ankle_strength != 1.0 and swept != "ankle":
        parts.append(f"right ankle at {100 * condition.ankle_strength:g} % of its strength")
    return "; ".join(parts)


def _neck_words(stiffness: float) -> str:
    known = {RELAXED: "neck relaxed, ", BRACED: "neck stiff, "}.get(stiffness, "neck of ")
    return f"{known}{stiffness:g} N·m/rad"


def neck_damping(skeleton: Skeleton, stiffness: float) -> float:
    """Damping of the neck, N·m·s/rad: ratio 0.3 of the head's inertia about the neck base with this stiffness."""
    head = next(body for body in skeleton.bodies if body.name == "head")
    inertia = head.inertia[0, 0] + head.mass * float(head.com @ head.com)
    return float(2 * DAMPING_RATIO * np.sqrt(stiffness * inertia))


def shoulder_price(condition: Condition) -> float:
    """Price of the shoulders' moments beside that of effort."""
    return IDLE if condition.arms in PASSIVE else 0.0


def neck_rest(skeleton: Skeleton, stiffness: float) -> float:
    """Pitch at which the neck's spring is slack, rad, so that it carries the head in quiet standing without a muscle."""
    head = next(body for body in skeleton.bodies if body.name == "head")
    return float(head.mass * GRAVITY * head.com[0] / stiffness)

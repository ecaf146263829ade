"""What is printed with every result: confounds, the evidence for and against, and claims that are contested."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, UnsetType, field

from headway.experiments.blocks import MeasuredBlock
from headway.experiments.protocol import Protocol
from headway.experiments.speeds import Speeds
from headway.metrics import REGISTRY
from headway.results import Fields

NOTHING = "nothing was found"
CONTESTED = {
    "lean": "That leaning helps is contested: leaning by 8 degrees raised the metabolic cost by 8 %, by 2-4 degrees not (Carson 2024); "
    "an upright trunk goes with performance (Folland 2017).",
    "width": "For the iliotibial band, step width is the lever with evidence behind it (Meardon 2012); for the head's bounce there is none.",
    "load": "Forces and impulses are surrogates, named one by one. None of them is risk: loading rate was not associated with injury "
    "in 79 athletes and 64 injuries.",
}

ABOUT = {
    "held": (
        "with the gaze turned by 90 degrees tibial acceleration rose, d 0.10 to 0.15 (Mangubat 2018); a rigid trunk orthosis raised oxygen uptake",
        "the body works to keep the head still anyway (Lim 2017, 2020; Hamill 2020); attention alone changes running (Schücker 2009, 2014); "
        "nobody has studied holding the head in running",
        "open: test it on yourself",
    ),
    "lean": (
        "part of the coach's system",
        "leaning by up to 8 degrees raised the metabolic cost by 8 %, 2-4 degrees cost like upright (Carson 2024, 16 runners); "
        "an upright trunk goes with performance (Folland 2017)",
        "contested, costs energy",
    ),
    "release_neck": (
        "smiling lowered oxygen uptake, d 0.19 to 0.23 (Brick 2018)",
        "conscious relaxation gave no advantage in the same study; neck and arm muscles damp the head actively (Yegian 2021)",
        "contested",
    ),
    "hands_on_hips": (
        "a reader's report",
        "running without arm swing costs 3 to 13 % more power (Arellano and Kram 2014)",
        "confounded by the arms",
    ),
}
"""Condition to what speaks for, what against, and how well it is known (seen as abstracts)."""


class Evidence(Fields, frozen=True, kw_only=True):
    """What is known about a condition or a metric: for, against, how well; of a comparison also the coach's cue (``None`` where there is none)."""

    about: str
    cue: str | UnsetType | None = UNSET
    supports: str = field(name="for")
    contradicts: str = field(name="against")
    grade: str


def confounds(protocol: Protocol, blocks: Sequence[MeasuredBlock], speeds: Speeds) -> list[str]:
    """What else may have made the result, most of it true of every such experiment."""
    conditions = {one.block.condition for one in blocks}
    out = []
    if speeds.free is not None and speeds.tested is not None and speeds.difference is not None:
        out.append(f"Speed: {speeds.tested:.2f} m/s tested, {speeds.free:.2f} m/s free ({speeds.difference:+.1%}).")
    else:
        out.append("Speed: not known in every block.")
    if "sham" in conditions:
        out.append("Attention: thinking of the body changes running by itself; the sham shows how much.")
    else:
        out.append("Attention: thinking of the body changes running by itself; without a sham it cannot be told apart.")
    out.append(_order(protocol))
    out.append("Expectation: the runner knew the condition, and perhaps what is claimed about it.")
    answered = sum(one.block.pushed is not None for one in blocks)
    if answered < len(blocks):
        out.append(
            f"The question what was pushed was answered for {answered} of {len(blocks)} blocks before the results."
        )
    if conditions & {"hands_on_hips", "lean", "release_neck"}:
        out.append("Arms: hands on the hips stop the arm swing, which by itself costs energy and turns the trunk more.")
    grounds = {one.analysis.summary.recording.treadmill for one in blocks} - {None}
    if len(grounds) > 1:
        out.append("Ground: some blocks are on a treadmill and some are not; do not compare them.")
    return out


def _order(protocol: Protocol) -> str:
    if protocol.design.kind == "pairs" and protocol.design.randomised:
        return "Order and fatigue: the order within the pairs was drawn by coin, so they act on both conditions alike."
    if protocol.design.kind == "free-held-free":
        return "Order and fatigue: a steady drift cancels between the free blocks; anything else does not."
    return "Order and fatigue: the blocks were not in random order, and warming up or tiring looks like an effect."


def evidence(name: str, condition: str | None) -> list[Evidence]:
    """What is known for and against what was tested, and against the primary outcome as a sign of it."""
    out = []
    if condition in ABOUT:
        reasons, doubts, grade = ABOUT[condition]
        out.append(Evidence(about=condition.replace("_", " "), supports=reasons, contradicts=doubts, grade=grade))
    known = of_metric(name, "description")
    return out if known is None else [*out, known]


def of_metric(name: str, grade: str, cue: str | UnsetType | None = UNSET) -> Evidence | None:
    """What is known about a metric; ``None`` where nothing is known and no coach speaks of it."""
    one = REGISTRY[name]
    if not (cue or one.supports or one.contradicts):
        return None
    supports, contradicts = one.supports or NOTHING, one.contradicts or NOTHING
    return Evidence(about=one.title, cue=cue, supports=supports, contradicts=contradicts, grade=grade)


def contested(protocol: Protocol) -> list[str]:
    """Claims near this experiment that are contested."""
    conditions = {block.condition for block in protocol.block}
    out = [CONTESTED["load"], CONTESTED["width"]]
    if conditions & {"lean", "keep"} or "lean" in protocol.design.primary:
        out.insert(0, CONTESTED["lean"])
    return out

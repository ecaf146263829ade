"""Words and tables of a simulation's report: what was asked, what mechanics predicts, every outcome, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.report.numbers import ABSENT, MINUS, Scale, number, scale_of, with_unit
from headway.simulation.summary import (
    RECORDED,
    ConditionDifference,
    SimulationSummary,
    SolvedCondition,
    StepOutcome,
)

KEY = (
    "effort", "peak_vertical_grf", "contact_time", "hip_adduction", "hip_abduction_moment", "lumbar_bending_moment",
    "neck_base_lateral_amplitude", "head_lateral_amplitude",
)  # fmt: skip
"""Outcomes that the sentences tell, in this order."""
SHORT = {
    "effort": "effort",
    "peak_vertical_grf": "peak upward force",
    "contact_time": "contact time",
    "hip_adduction": "hip adduction",
    "hip_abduction_moment": "hip abduction moment",
    "lumbar_bending_moment": "side-bending moment of the lower back",
    "neck_base_lateral_amplitude": "sideways swing of the neck base",
    "head_lateral_amplitude": "sideways swing of the head",
}
LEGS = {"knee_extension_moment": "knee moment", "ankle_plantarflexion_moment": "ankle moment"}
"""Outcomes that only matter between the legs."""
GROUPS = {
    "effort": "Effort",
    "step": "The step",
    "ground force": "Ground force",
    "joints": "Joints",
    "head": "Head and neck",
}
SIDE_BY_SIDE = 4
"""Conditions up to which the table has room for differences and verdicts."""
ROBUST, SAME = "robust", "no difference"
"""How verdicts begin."""
NO_GAZE = "no gaze"
"""The cost function without a price on turning the head."""
COARSE = "smaller than the mesh error"
"""How the verdict on a robust difference ends that a finer mesh changes by more than itself."""


@dataclass(frozen=True)
class ConditionFinding:
    """How a condition differs from another one, in words: robust differences in full and in brief, others by their verdict, and what is the same."""

    name: str
    against: str
    sure: list[str]
    brief: list[str]
    unsure: list[tuple[str, list[str]]]
    same: list[str]


@dataclass(frozen=True)
class OutcomeCell:
    """One outcome of one condition, in words."""

    name: str
    value: str
    change: str = ""
    percent: str = ""
    verdict: str = ""
    robust: bool = False
    sides: str = ""


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome, with a cell per condition."""

    title: str
    cells: list[OutcomeCell]


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Words as a list: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def speeds_words(summary: SimulationSummary) -> str:
    """The speed, or from which to which."""
    speeds = summary.plan.speeds
    if len(speeds) == 1:
        return with_unit(number(speeds[0], 2), "m/s")
    return f"{number(speeds[0], 2)} to {with_unit(number(speeds[-1], 2), 'm/s')}"


def request_words(summary: SimulationSummary) -> list[str]:
    """What was asked, in plain sentences."""
    runner, plan = summary.runner, summary.plan
    body = f"{with_unit(number(runner.height, 2), 'm')} tall, {with_unit(number(runner.mass, 1), 'kg')}"
    who = f"a runner {body}, segments from tables{'' if runner.sex is None else ' of ' + ('men' if runner.sex == 'male' else 'women')}"
    if runner.recording:
        who = f"the runner of {runner.recording} ({body})"
    out = [f"Asked: how {who} would run at {speeds_words(summary)} if nothing counted but mechanics and one cost."]
    if (sweep := plan.sweep) is not None:
        values = f"{sweep.values[0]:g} to {sweep.values[-1]:g}{'' if sweep.unit == '°' else ' '}{sweep.unit}"
        first, *others = (one.name for one in plan.heads)
        against = f"{joined(others)} against {first} at the same value" if others else ""
        if not against and sweep.word != "speed":
            against = "each value is compared with the first"
        out.append(
            f"{SWEPT[sweep.word]} goes from {values} in {len(sweep.values)} values{'; ' if against else ''}{against}."
        )
    told = "; ".join(f"{one.name} ({one.words.replace('; ', ', ')})" for one in plan.heads)
    out.append(f"{'Conditions' if len(plan.heads) > 1 else 'Condition'}: {told}.")
    if len(plan.variants) > 1:
        costs, necks = plan.costs, plan.necks
        tried = [f"{len(costs)} ideas of what a runner spares ({joined(costs)})"] if len(costs) > 1 else []
        tried += [f"{len(necks)} stiffnesses of the neck"] if len(necks) > 1 else []
        tried += [f"{len(plan.styles) + 1} styles of running"] if plan.styles else []
        holds = (
            "robust is what holds in all of them" if plan.styles else "one style of running: nothing is called robust"
        )
        out.append(f"Each was solved for {joined(tried)}: {holds}.")
    else:
        out.append("Only one idea of what a runner spares was tried (--quick): nothing is said about robustness.")
    return out


SWEPT = {
    "speed": "Speed", "lean": "Trunk lean", "width": "Step width", "neck": "Neck stiffness",
    "leg": "Extra length of the right leg", "ankle": "Strength of the right ankle",
}  # fmt: skip


def limits_words(summary: SimulationSummary) -> list[str]:
    """What this does not say about real runners."""
    tried = summary.plan.costs
    costs = f"the {len(tried)} costs tried are guesses" if len(tried) > 1 else "the cost is a guess"
    gaze = "every cost sets" if NO_GAZE not in tried else f"every cost but “{NO_GAZE}” sets"
    return [
        f"Nobody knows what a runner spares: {costs}, and real runners may spare something else.",
        "The joints are turned by motors whose strength falls with angle and speed: "
        "tendons at knee and ankle alone, no muscles with a history, no fatigue, no pain.",
        "There is no will, no habit, nothing to look at and no balance to keep: one perfect step is repeated on flat ground. Of the eyes there is "
        f"only a small price that {gaze} on turning the head in space.",
        "A free head is not a loose one: besides the spring of a relaxed neck its own small motor acts on it, and that price on turning it.",
        "The spring of the neck is passive and costs nothing here. People brace the neck by pulling on both sides at once, which does cost: "
        "the effort of a braced neck is a lower bound.",
        "It is one body. Another height, mass or strength may give another answer.",
        "A held head is one more demand, and the cheapest way to meet one more demand cannot be cheaper: that it costs more is arithmetic, "
        "how much is the prediction. It is held perfectly here; whether a person can do so is a question for a measurement.",
    ]


def written(value: float | None, outcome: StepOutcome, name: str, *, signed: bool = False) -> str:
    """A value of an outcome with its unit, for a person."""
    scale, decimals = _scale(outcome, name, value, figures=2 if signed else 3)
    if value is None:
        return ABSENT
    text = number(value * scale.factor, decimals)
    plus = "+" if signed and not text.startswith(MINUS) and float(text) != 0 else ""
    return with_unit(plus + text, scale.unit)


def _scale(outcome: StepOutcome, name: str, value: float | None, figures: int) -> tuple[Scale, int]:
    """Unit, and digits enough for so many figures; at most two more than the unit's habit."""
    scale = scale_of(outcome.unit, name)
    size = abs(value or 0.0) * scale.factor
    if size == 0.0:
        return scale, scale.decimals
    return scale, min(max(scale.decimals, figures - 1 - math.floor(math.log10(size))), scale.decimals + 2, 5)


def percent(difference: float | None, reference: float | None) -> str:
    """Relative difference with its sign; empty where the reference is near zero."""
    if difference is None or reference is None or abs(reference) < 1e-9:
        return ""
    share = round(100 * difference / abs(reference), 1)
    return with_unit(f"{share:+.1f}".replace("-", MINUS) if share else "0.0", "%")


def finding_rows(summary: SimulationSummary) -> list[ConditionFinding]:
    """Per condition what is robustly different, what depends on a choice, and what does not differ, in words."""
    out = []
    for condition in summary.conditions:
        rows = {one.outcome: one for one in summary.differences if one.condition == condition.name}
        told = [rows[name] for name in KEY if name in rows]
        if told:
            out.append(_finding(condition.name, told, summary.outcomes))
    return out


def _finding(name: str, rows: Sequence[ConditionDifference], outcomes: Mapping[str, StepOutcome]) -> ConditionFinding:
    found = ConditionFinding(name, rows[0].against, [], [], [], [])
    unsure: dict[str, list[str]] = {}
    for row in rows:
        outcome = outcomes[row.outcome]
        by, word = percent(row.size, row.reference), SHORT[row.outcome]
        value, reference = (written(one, outcome, row.outcome) for one in (row.value, row.reference))
        short = f"{word} {by or value}"
        if _sure(row.verdict):
            found.sure.append(f"{word} {value} instead of {reference}{f' ({by})' if by else ''}")
            found.brief.append(short)
        elif row.verdict == SAME:
            found.same.append(word)
        else:
            unsure.setdefault(row.verdict, []).append(short)
    found.unsure.extend(unsure.items())
    return found


def _sure(verdict: str) -> bool:
    """Whether a difference is robust, and larger than what a finer mesh changes."""
    return verdict.startswith(ROBUST) and not verdict.endswith(COARSE)


def finding_lines(summary: SimulationSummary) -> list[str]:
    """Per condition one line of what is robustly different, and one of what is not."""
    lines = []
    for one in finding_rows(summary):
        about = f"{one.name} against {one.against}"
        if one.sure:
            lines.append(f"{about}, robust: {', '.join(one.brief)}")
        lines += [f"{about}, {verdict}: {', '.join(outcomes)}" for verdict, outcomes in one.unsure]
    return lines


def effort_speeds(summary: SimulationSummary) -> list[str]:
    """Speed that each condition allows at the first one's cost, with the range over the variants."""
    plan, by_variant = summary.plan, summary.same_effort
    out = []
    for condition in summary.conditions:
        name, reference = condition.name, condition.reference
        found = [speeds[name] for speeds in by_variant.values() if name in speeds]
        if name == reference or not found:
            continue
        tried = len(plan.variants)
        where = "over all variants" if len(found) == tried else f"in {len(found)} of {tried} variants"
        spread = f"{number(min(found), 2)} to {number(max(found), 2)} {where}" if found[1:] else where
        lead = by_variant.get(plan.lead, {}).get(name)
        out.append(
            f"No speed at the cost of {reference} was found for {name} with {plan.lead}; others found one: "
            f"{with_unit(number(min(found), 2), 'm/s')}{f' to {number(max(found), 2)}' if found[1:] else ''} {where}."
            if lead is None
            else f"At the cost of {reference}, {name} would run {with_unit(number(lead, 2), 'm/s')} "
            f"instead of {with_unit(number(condition.speed, 2), 'm/s')}{f', {spread}' if tried > 1 else ''}."
        )
    return out


def outcome_table(summary: SimulationSummary) -> list[tuple[str, list[OutcomeRow]]]:
    """Rows of the table of outcomes by group: a cell per condition, with difference and verdict."""
    found = {(one.condition, one.outcome): one for one in summary.differences}
    groups: dict[str, list[OutcomeRow]] = {}
    for name, outcome in summary.outcomes.items():
        cells = []
        for one in summary.solved:
            value, sides = written(one.outcomes.get(name), outcome, name), _sides(one, outcome, name)
            row = found.get((one.name, name)) if one.name != one.reference else None
            if row is None:
                cells.append(OutcomeCell(one.name, value, sides=sides))
                continue
            change, by = written(row.size, outcome, name, signed=True), percent(row.size, row.reference)
            cells.append(OutcomeCell(one.name, value, change, by, row.verdict, _sure(row.verdict), sides))
        groups.setdefault(GROUPS[outcome.group], []).append(OutcomeRow(outcome.title, cells))
    return list(groups.items())


def _sides(one: SolvedCondition, outcome: StepOutcome, name: str) -> str:
    """The outcome of each leg; empty where one step stands for both, and where they say the same."""
    if one.sides is None:
        return ""
    left, right = (written(one.sides[side].get(name), outcome, name) for side in ("left", "right"))
    return "" if left == right else f"left\N{NO-BREAK SPACE}{left}, right\N{NO-BREAK SPACE}{right}"


def side_lines(summary: SimulationSummary) -> list[str]:
    """Per condition whose legs were solved apart, main outcomes in which they differ by more than counts as none; and what that says of a runner."""
    lines, predicted = [], False
    for one in summary.solved:
        if one.sides is None:
            continue
        left, right = (one.sides[side] for side in ("left", "right"))
        apart = [
            f"{word} {_sides(one, summary.outcomes[name], name)}"
            for name, word in (SHORT | LEGS).items()
            if abs((left[name] or 0.0) - (right[name] or 0.0))
            > summary.plan.smallest_difference * abs(right[name] or 0.0)
        ]
        lines.append(f"{one.name}: {'; '.join(apart) or 'left and right leg do the same'}")
        predicted |= bool(apart) and one.name != RECORDED
    if predicted and summary.tracking is not None:
        lines.append(
            "Only the recorded stride tells how this runner's legs differ; in a predicted one they differ as that solution happens to."
        )
    return lines

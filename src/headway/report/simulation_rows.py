"""Words and tables of a simulation's report: what was asked, what mechanics predicts, every outcome, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.report.numbers import ABSENT, Scale, number, scale_of, with_unit
from headway.simulation.request import Sweep
from headway.simulation.summary import (
    RECORDED,
    ConditionDifference,
    PlanTold,
    SimulationSummary,
    SolvedCondition,
    StepOutcome,
)
from headway.texts import TEXTS, figures, shown

KEY = (
    "effort", "peak_vertical_grf", "contact_time", "hip_adduction", "hip_abduction_moment", "lumbar_bending_moment",
    "neck_base_lateral_amplitude", "head_lateral_amplitude",
)  # fmt: skip
"""Outcomes that the sentences tell, in this order."""
LEGS = ("knee_extension_moment", "ankle_plantarflexion_moment")
"""Outcomes that only matter between the legs."""
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


def joined(parts: Sequence[str]) -> str:
    """Words as a list: a, b and c."""
    return TEXTS("simulated.list", first=", ".join(parts[:-1]), last=parts[-1]) if parts[1:] else "".join(parts)


def called(name: str) -> str:
    """Name of a condition in the language of the page, without or with the value of a sweep.

    Examples
    --------
    >>> called("braced+held lean=2.5")
    'braced+held lean=2.5'
    """
    heads, space, swept = name.partition(" ")
    word, equals, value = swept.partition("=")
    return "+".join(map(shown, heads.split("+"))) + space + shown(word) + equals + figures(value)


def speeds_words(summary: SimulationSummary) -> str:
    """The speed, or from which to which."""
    speeds = summary.plan.speeds
    fastest = with_unit(number(speeds[-1], 2), "m/s")
    return fastest if len(speeds) == 1 else TEXTS("simulated.to", low=number(speeds[0], 2), high=fastest)


def body_words(summary: SimulationSummary) -> tuple[str, str]:
    """Height and mass of the runner."""
    return with_unit(number(summary.runner.height, 2), "m"), with_unit(number(summary.runner.mass, 1), "kg")


def request_words(summary: SimulationSummary) -> list[str]:
    """What was asked, in plain sentences."""
    runner, plan = summary.runner, summary.plan
    height, mass = body_words(summary)
    body = TEXTS("simulated.body", height=height, mass=mass)
    who = TEXTS(f"simulated.who_{runner.sex}" if runner.sex else "simulated.who", body=body)
    if runner.recording:
        who = TEXTS("simulated.who_recorded", recording=runner.recording, body=body)
    out = [TEXTS("simulated.question", who=who, speeds=speeds_words(summary))]
    if (sweep := plan.sweep) is not None:
        out.append(_sweep_words(sweep, [called(one.name) for one in plan.heads]))
    told = "; ".join(f"{called(one.name)} ({shown(one.words).replace('; ', ', ')})" for one in plan.heads)
    return [*out, TEXTS("simulated.heads", n=len(plan.heads), what=told), _variants_words(plan)]


def _sweep_words(sweep: Sweep, heads: Sequence[str]) -> str:
    low, high = (figures(f"{sweep.values[k]:g}") for k in (0, -1))
    values = TEXTS("simulated.to", low=low, high=f"{high}{'' if sweep.unit == '°' else ' '}{sweep.unit}")
    filled = {"what": TEXTS(f"simulated.swept_{sweep.word}"), "values": values, "count": len(sweep.values)}
    if heads[1:]:
        return TEXTS("simulated.goes_against", **filled, others=joined(heads[1:]), first=heads[0])
    return TEXTS("simulated.goes" if sweep.word == "speed" else "simulated.goes_first", **filled)


def _variants_words(plan: PlanTold) -> str:
    """In how many ways each condition was solved."""
    if len(plan.variants) <= 1:
        return TEXTS("simulated.quick")
    costs, necks = plan.costs, plan.necks
    tried = (
        [TEXTS("simulated.costs", count=len(costs), names=joined([shown(one) for one in costs]))] if costs[1:] else []
    )
    tried += [TEXTS("simulated.necks", count=len(necks))] if necks[1:] else []
    tried += [TEXTS("simulated.styles", count=len(plan.styles) + 1)] if plan.styles else []
    key = "simulated.solved_for" if plan.styles else "simulated.solved_for_one_style"
    return TEXTS(key, what=joined(tried))


LIMITS = ("motors", "will", "free", "neck", "body", "held")
"""What a simulation does not say of real runners, beside what they spare."""


def limits_words(summary: SimulationSummary) -> list[str]:
    """What this does not say about real runners."""
    tried = summary.plan.costs
    named = ["will_gaze" if one == "will" and NO_GAZE in tried else one for one in LIMITS]
    return [
        TEXTS("simulated.limit_costs", n=len(tried), count=len(tried)),
        *(TEXTS(f"simulated.limit_{one}") for one in named),
    ]


def written(value: float | None, outcome: StepOutcome, name: str, *, signed: bool = False) -> str:
    """A value of an outcome with its unit, for a person."""
    scale, decimals = _scale(outcome, name, value, figures=2 if signed else 3)
    if value is None:
        return ABSENT
    text = number(value * scale.factor, decimals)
    plus = "+" if signed and value > 0 and text.strip("0.,") else ""
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
    return with_unit(("+" if share > 0 else "") + number(share, 1), "%")


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
    found = ConditionFinding(name, called(rows[0].against), [], [], [], [])
    unsure: dict[str, list[str]] = {}
    for row in rows:
        outcome = outcomes[row.outcome]
        by, word = percent(row.size, row.reference), TEXTS(f"simulated.of_{row.outcome}")
        value, reference = (written(one, outcome, row.outcome) for one in (row.value, row.reference))
        short = f"{word} {by or value}"
        if _sure(row.verdict):
            key = "simulated.instead_by" if by else "simulated.instead"
            found.sure.append(TEXTS(key, what=word, value=value, reference=reference, by=by))
            found.brief.append(short)
        elif row.verdict == SAME:
            found.same.append(word)
        else:
            unsure.setdefault(shown(row.verdict), []).append(short)
    found.unsure.extend(unsure.items())
    return found


def _sure(verdict: str) -> bool:
    """Whether a difference is robust, and larger than what a finer mesh changes."""
    return verdict.startswith(ROBUST) and not verdict.endswith(COARSE)


def finding_lines(summary: SimulationSummary) -> list[str]:
    """Per condition one line of what is robustly different, and one of what is not."""
    lines = []
    for one in finding_rows(summary):
        about = {"name": called(one.name), "reference": one.against}
        if one.sure:
            lines.append(TEXTS("simulated.line_sure", **about, what=", ".join(one.brief)))
        lines += [
            TEXTS("simulated.line_unsure", **about, verdict=verdict, what=", ".join(what))
            for verdict, what in one.unsure
        ]
    return lines


def effort_speeds(summary: SimulationSummary) -> list[str]:
    """Speed that each condition allows at the first one's cost, with the range over the variants."""
    plan, by_variant = summary.plan, summary.same_effort
    out = []
    for condition in summary.conditions:
        name, reference = condition.name, condition.reference
        found = [speeds[name] for speeds in by_variant.values() if name in speeds]
        if reference is None or name == reference or not found:
            continue
        tried, lead = len(plan.variants), by_variant.get(plan.lead, {}).get(name)
        everywhere = len(found) == tried
        where = TEXTS("simulated.over_all" if everywhere else "simulated.over_some", count=len(found), all=tried)
        filled = {"name": called(name), "reference": called(reference)}
        if lead is None:
            speeds = with_unit(number(min(found), 2), "m/s")
            speeds = TEXTS("simulated.to", low=speeds, high=number(max(found), 2)) if found[1:] else speeds
            out.append(TEXTS("simulated.effort_none", **filled, lead=shown(plan.lead), speeds=speeds, where=where))
            continue
        filled |= {"speed": with_unit(number(lead, 2), "m/s"), "before": with_unit(number(condition.speed, 2), "m/s")}
        ends = TEXTS("simulated.to", low=number(min(found), 2), high=number(max(found), 2)) if found[1:] else ""
        spread = f"{ends} {where}".strip()
        out.append(TEXTS("simulated.effort_spread" if tried > 1 else "simulated.effort_alone", **filled, spread=spread))
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
            cells.append(OutcomeCell(one.name, value, change, by, shown(row.verdict), _sure(row.verdict), sides))
        group = TEXTS(f"simulated.group_{outcome.group.replace(' ', '_')}")
        groups.setdefault(group, []).append(OutcomeRow(shown(outcome.title), cells))
    return list(groups.items())


def _sides(one: SolvedCondition, outcome: StepOutcome, name: str) -> str:
    """The outcome of each leg; empty where one step stands for both, and where they say the same."""
    if one.sides is None:
        return ""
    left, right = (written(one.sides[side].get(name), outcome, name) for side in ("left", "right"))
    return "" if left == right else TEXTS("simulated.each_leg", left=left, right=right)


def side_lines(summary: SimulationSummary) -> list[str]:
    """Per condition whose legs were solved apart, main outcomes in which they differ by more than counts as none; and what that says of a runner."""
    lines, predicted = [], False
    for one in summary.solved:
        if one.sides is None:
            continue
        left, right = (one.sides[side] for side in ("left", "right"))
        apart = [
            f"{TEXTS(f'simulated.of_{name}')} {_sides(one, summary.outcomes[name], name)}"
            for name in (*KEY, *LEGS)
            if abs((left[name] or 0.0) - (right[name] or 0.0))
            > summary.plan.smallest_difference * abs(right[name] or 0.0)
        ]
        lines.append(f"{called(one.name)}: {'; '.join(apart) or TEXTS('simulated.alike')}")
        predicted |= bool(apart) and one.name != RECORDED
    if predicted and summary.tracking is not None:
        lines.append(TEXTS("simulated.legs_recorded"))
    return lines

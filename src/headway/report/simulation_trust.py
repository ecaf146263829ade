"""How far a simulation can be trusted: how well each condition is solved and tracked, what several starts and a finer mesh gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.report.numbers import ABSENT, MINUS, number, with_unit
from headway.report.simulation_rows import KEY, called
from headway.simulation.summary import SimulationSummary, UnsolvedCondition
from headway.texts import TEXTS, shown

BALANCES = ("ground_force", "between", "momentum", "energy", "periodicity")
"""Balances of a step, in the order of the table."""


@dataclass(frozen=True)
class TrustRow:
    """How well a condition is solved, or why it is not."""

    name: str
    why: str = ""
    cells: tuple[str, ...] = ()


def trust_rows(summary: SimulationSummary) -> list[TrustRow]:
    """How well each condition is solved."""
    out = []
    for one in summary.conditions:
        if isinstance(one, UnsolvedCondition):
            out.append(TrustRow(one.name, shown(one.why)))
            continue
        quality = one.quality
        errors = (quality.constraint_error, quality.optimality_error, *(one.balances[name] for name in BALANCES))
        took = str(quality.iterations), with_unit(number(quality.seconds, 0), "s")
        out.append(TrustRow(one.name, cells=(*map(small, errors), *took)))
    return out


def tracking_words(summary: SimulationSummary) -> list[str]:
    """How near a tracked step is to its recording, and what could not be tracked, in sentences."""
    found = summary.tracking
    if found is None:
        return []
    size = with_unit(number(1000 * (found.markers or 0.0), 1), "mm")
    first = TEXTS(
        "simulated.tracked",
        joints=with_unit(number(1000 * found.joints, 1), "mm"),
        markers="" if found.markers is None else TEXTS("simulated.tracked_markers", size=size),
        force=", ".join(number(value, 3) for value in found.stance_force),
        residual=with_unit(small(found.residual), "BW"),
    )
    return [first, *(f"{note[:1].upper()}{note[1:]}." for note in map(shown, found.notes))]


def trust_words(summary: SimulationSummary) -> list[str]:
    """How near a tracked step is, and what several starts and a finer mesh gave, in sentences."""
    out = tracking_words(summary)
    for one in summary.trust:
        told = _starts_words(one.starts)
        out += [f"{called(one.condition)}: {told}."] if told else []
        mesh = {name: value for name, value in one.mesh.items() if value is not None}
        if mesh:
            worst = max(mesh, key=lambda name: abs(mesh[name]))
            key = max((abs(mesh[name]) for name in KEY if name in mesh), default=0.0)
            title = shown(summary.outcomes[worst].title) if worst in summary.outcomes else worst
            most, named = (with_unit(number(100 * size, 1), "%") for size in (abs(mesh[worst]), key))
            about = {"name": called(one.condition), "named": named}
            out.append(TEXTS("simulated.mesh", **about, title=title, worst=most))
    return out


def _starts_words(costs: Sequence[float | None]) -> str:
    """What several cold starts found, or that some found nothing."""
    found, told = [cost for cost in costs if cost is not None], []
    if len(found) < len(costs):
        told.append(TEXTS("simulated.starts_none", count=len(costs) - len(found), all=len(costs)))
    if len(found) > 1:
        spread = with_unit(number(100 * (max(found) - min(found)) / abs(min(found)), 1), "%")
        told.append(TEXTS("simulated.starts_spread", count=len(found), spread=spread))
    return "; ".join(told)


def small(value: float | None) -> str:
    """A small number with a power of ten."""
    if value is None:
        return ABSENT
    if value == 0 or 0.001 <= abs(value) < 1000:
        return number(value, 4)
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}".replace("-", MINUS)

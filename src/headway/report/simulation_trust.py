"""How far a simulation can be trusted: how well each condition is solved and tracked, what several starts and a finer mesh gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.report.numbers import ABSENT, MINUS, number, with_unit
from headway.report.simulation_rows import KEY
from headway.simulation.summary import SimulationSummary, UnsolvedCondition

BALANCES = {
    "ground_force": ("Ground force less Σ m(a − g) where solved", "BW"),
    "between": ("The same between those instants, RMS", "BW"),
    "momentum": ("Mean force less weight", "BW"),
    "energy": ("Work less change of energy", "share"),
    "periodicity": ("Step against its mirror image", "rad, m"),
}
"""Balances of a step: what they say, and their unit."""


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
            out.append(TrustRow(one.name, one.why))
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
    markers = "" if found.markers is None else f", markers within {with_unit(number(1000 * found.markers, 1), 'mm')}"
    force = ", ".join(number(value, 3) for value in found.stance_force)
    first = (
        f"Tracked: joint centres within {with_unit(number(1000 * found.joints, 1), 'mm')} (RMS) of the fitted body's mean stride{markers}; "
        f"ground force in stance within {force} BW (forward, up, right); force that no contact explains: "
        f"{with_unit(small(found.residual), 'BW')}."
    )
    return [first, *(f"{note[:1].upper()}{note[1:]}." for note in found.notes)]


def trust_words(summary: SimulationSummary) -> list[str]:
    """How near a tracked step is, and what several starts and a finer mesh gave, in sentences."""
    out = tracking_words(summary)
    for one in summary.trust:
        told = _starts_words(one.starts)
        out += [f"{one.condition}: {told}."] if told else []
        mesh = {name: value for name, value in one.mesh.items() if value is not None}
        if mesh:
            worst = max(mesh, key=lambda name: abs(mesh[name]))
            key = max((abs(mesh[name]) for name in KEY if name in mesh), default=0.0)
            title = summary.outcomes[worst].title if worst in summary.outcomes else worst
            out.append(
                f"{one.condition} on a mesh 1.5 times as fine: the outcomes named above change by at most {with_unit(number(100 * key, 1), '%')}; "
                f"most changes “{title}”, {with_unit(number(100 * abs(mesh[worst]), 1), '%')}."
            )
    return out


def _starts_words(costs: Sequence[float | None]) -> str:
    """What several cold starts found, or that some found nothing."""
    found, told = [cost for cost in costs if cost is not None], []
    if len(found) < len(costs):
        told.append(f"{len(costs) - len(found)} of {len(costs)} cold starts found nothing")
    if len(found) > 1:
        spread = with_unit(number(100 * (max(found) - min(found)) / abs(min(found)), 1), "%")
        told.append(f"{len(found)} cold starts ended at costs that differ by {spread}, and the cheapest goes on")
    return "; ".join(told)


def small(value: float | None) -> str:
    """A small number with a power of ten."""
    if value is None:
        return ABSENT
    if value == 0 or 0.001 <= abs(value) < 1000:
        return number(value, 4)
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}".replace("-", MINUS)

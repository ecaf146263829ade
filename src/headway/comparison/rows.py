"""Every measure side by side: compared, shown without being compared, or lacking on one side; each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from headway.analysis import Analysis
from headway.comparison.difference import ComparedValue, Difference, difference, own_noise, stand_out
from headway.comparison.size import Pace, Scaled, Size, has_size, scaled
from headway.comparison.terms import SENSED_ALIKE, TERMS, Term
from headway.recording import FloatArray
from headway.results import StandIns

ONE_KIND_ONLY = {
    True: ("body-worn sensors do not measure it", "record with markers, or film"),
    False: ("only body-worn sensors measure it", "wear a sensor on the head and one on the sacrum"),
}
"""Whether the recording is of sensors, to why a measure is not among its own."""
FEWEST_STEPS = 6
"""From fewer steps nobody's own noise can be told: such a difference is called unsure at most."""
FILMS = ("side", "rear", "front")
NECK_POINTS = {"": "between C7 and breastbone", "c7": "C7 alone", "shoulders": "the middle of the shoulders"}
"""What stands for the neck base, in words."""
SPEED_UNKNOWN = "the speed is not known on both sides, and loads grow with speed"


@dataclass
class ComparedMetric:
    """One measure of both.

    Attributes
    ----------
    term
        What it is.
    status
        ``compared``; ``shown`` with the reason in ``why`` when the two numbers must not be set against each other.
    entries
        Of A and B in their summaries.
    absolute
        Difference in the unit of the files.
    normal
        Scales, values and difference independent of size; ``None`` when the measure has no size, for one runner, or when the size is not known.
    noise
        Own noise of A and B in the unit that decides.
    beyond
        The difference exceeds both; ``None`` without intervals.
    stands_out
        It survives the control of false discoveries among all that was compared.
    """

    term: Term
    status: Literal["compared", "shown"]
    entries: tuple[dict[str, Any], dict[str, Any]]
    why: str = ""
    absolute: Difference | None = None
    normal: tuple[Scaled, Scaled, ComparedValue, ComparedValue, Difference] | None = None
    noise: tuple[float | None, float | None] = (None, None)
    beyond: bool | None = None
    stands_out: bool = False
    remarks: list[str] = field(default_factory=list)

    @property
    def decides(self) -> Difference | None:
        """The difference that counts: the normalised one where there is one."""
        return self.absolute if self.normal is None else self.normal[4]

    @property
    def verdict(self) -> str:
        """What is said: ``differs``, ``unsure``, ``no difference seen``, ``no interval`` or ``not compared``."""
        found = self.decides
        if self.status != "compared" or found is None:
            return "not compared"
        if found.ci95 is None:
            return "no interval"
        if self.beyond and self.stands_out and min(int(entry["n"]) for entry in self.entries) >= FEWEST_STEPS:
            return "differs"
        return "unsure" if found.excludes_zero else "no difference seen"


def carried(analysis: Analysis, name: str) -> dict[str, Any] | None:
    """The entry of a measure; ``None`` when this recording does not carry it."""
    entry = analysis.summary["metrics"].get(name)
    return None if entry is None or entry["status"] == "not_measurable" else entry


def reason(analysis: Analysis, name: str) -> tuple[str, str]:
    """Why a recording does not carry a measure, and what to record instead."""
    entry = analysis.summary["metrics"].get(name)
    if entry is None:
        return ONE_KIND_ONLY[analysis.summary["recording"]["view"] == "sensor"]
    return str(entry["why"]), str(entry["record"])


def rows(
    a: Analysis, b: Analysis, sized: tuple[Size, Size], speeds: Pace, *, same_runner: bool
) -> list[ComparedMetric]:
    """Every measure that both carry, in the order of the report."""
    out = []
    for term in TERMS.values():
        entries = carried(a, term.name), carried(b, term.name)
        if entries[0] is None or entries[1] is None:
            continue
        row = ComparedMetric(term, "compared", (entries[0], entries[1]))
        row.why = _forbidden(term, a, b, speeds)
        row.remarks = _remarks(term, a, b)
        if row.why:
            row.status = "shown"
        _set_against(row, (a, b), sized, same_runner=same_runner)
        out.append(row)
    compared = [row for row in out if row.status == "compared" and row.decides is not None]
    for row, found in zip(compared, stand_out([_decided(row) for row in compared]), strict=True):
        row.stands_out = found
    return out


def _decided(row: ComparedMetric) -> Difference:
    assert row.decides is not None
    return row.decides


def _forbidden(term: Term, a: Analysis, b: Analysis, speeds: Pace) -> str:
    """Why the two numbers must not be set against each other; empty when they may."""
    if term.load and speeds.matched is None:
        return SPEED_UNKNOWN
    if term.load and speeds.difference is not None and not speeds.matched:
        return f"speed differs by {abs(speeds.difference):.1%}, and loads grow with speed"
    views = [one.summary["recording"]["view"] for one in (a, b)]
    if "sensor" in views and views[0] != views[1] and term.name not in SENSED_ALIKE:
        return "a sensor measures it at another point or in another way"
    points = [neck_point(one) for one in (a, b)]
    if term.neck_base and points[0] != points[1]:
        return f"not the same point: the neck base is {points[0]} in the first and {points[1]} in the second"
    pelves = [pelvis_point(one) for one in (a, b)]
    if term.pelvis and pelves[0] != pelves[1]:
        return f"not the same point: the pelvis is {pelves[0]} in the first and {pelves[1]} in the second"
    off = [_stand_ins(one).head_off_axis for one in (a, b)]
    if term.head_frontal and off[0] != off[1]:
        return f"not the same point: the head of the {'first' if off[0] else 'second'} is marked at one end only"
    return ""


def neck_point(analysis: Analysis) -> str:
    """Where the neck base is in this recording, in words."""
    return NECK_POINTS[_stand_ins(analysis).neck_base]


def pelvis_point(analysis: Analysis) -> str:
    """Where the pelvis is in this recording, in words."""
    if analysis.summary["recording"]["view"] == "sensor":
        return "the sacrum"
    return "the middle of the hips" if _stand_ins(analysis).pelvis_from_hips else "the middle of its markers"


def _stand_ins(analysis: Analysis) -> StandIns:
    return analysis.summary.recording.stand_ins or StandIns()


def _remarks(term: Term, a: Analysis, b: Analysis) -> list[str]:
    views = [one.summary["recording"]["view"] for one in (a, b)]
    films = [any(view in FILMS for view in one.split("+")) for one in views]
    out = []
    if term.kind == "range" and films[0] != films[1]:
        out.append("in a film of the mean stride, otherwise the mean of single ones, which is a little larger")
    return out


def _value(entry: dict[str, Any], kind: str) -> ComparedValue:
    interval = entry["ci95"]
    low_high = None if interval is None else (float(interval[0]), float(interval[1]))
    return ComparedValue(float(entry["value"]), low_high, int(entry["n"]), kind)


def _set_against(
    row: ComparedMetric, pair: tuple[Analysis, Analysis], sized: tuple[Size, Size], *, same_runner: bool
) -> None:
    term = row.term
    values = [_value(entry, term.kind) for entry in row.entries]
    factors = [1.0, 1.0]
    if not same_runner and has_size(term):
        scales = [scaled(term, size) for size in sized]
        if scales[0] is None or scales[1] is None:
            row.remarks.append("not normalised: size not known")
        else:
            factors = [scale.factor for scale in scales if scale is not None]
            one, two = values[0].times(factors[0], scales[0].share), values[1].times(factors[1], scales[1].share)
            row.normal = scales[0], scales[1], one, two, difference(one, two)
    row.absolute = difference(values[0], values[1])
    noises = [
        own_noise(value, *_steps(one, row.entries[k], term))
        for k, (value, one) in enumerate(zip(values, pair, strict=True))
    ]
    row.noise = _times(noises[0], factors[0]), _times(noises[1], factors[1])
    if row.decides is not None and row.noise[0] is not None and row.noise[1] is not None:
        row.beyond = abs(row.decides.value) > max(row.noise[0], row.noise[1])


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _steps(analysis: Analysis, entry: dict[str, Any], term: Term) -> tuple[FloatArray, FloatArray]:
    """Values per step with their sides; empty where a step by itself has none that stands for the whole."""
    table = analysis.steps
    filmed = analysis.summary["recording"]["view"] != "3d" and term.kind == "range"
    if term.kind not in ("mean", "amplitude", "range") or filmed or term.name not in table:
        return np.empty(0), np.empty(0)
    if "film" in table and "film" in entry:
        table = table.loc[table["film"] == entry["film"]]
    return np.asarray(table[term.name], float), np.where(table["side"] == "right", 1.0, -1.0)


def lacking(a: Analysis, b: Analysis) -> list[dict[str, Any]]:
    """What only one of them carries, by the reason why the other does not; the longest list first."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name in TERMS:
        entries = carried(a, name), carried(b, name)
        if (entries[0] is None) == (entries[1] is None):
            continue
        who, other = ("a", a) if entries[0] is None else ("b", b)
        groups.setdefault((who, *reason(other, name)), []).append(name)
    out = [
        {"who": who, "why": why, "record": record, "names": names, "titles": [TERMS[name].title for name in names]}
        for (who, why, record), names in groups.items()
    ]
    return sorted(out, key=lambda group: (group["who"], -len(group["names"])))


def described(found: Sequence[ComparedMetric]) -> list[dict[str, Any]]:
    """The rows as plain types."""
    return [_described(row) for row in found]


def _described(row: ComparedMetric) -> dict[str, Any]:
    term = row.term
    one, two = ({key: entry.get(key) for key in ("status", "value", "ci95", "n", "model")} for entry in row.entries)
    compared = row.status == "compared"
    normal = None
    if row.normal is not None:
        scale, _, first, second, change = row.normal
        normal = {
            "unit": scale.unit,
            "a": first.value,
            "b": second.value,
            "difference": change.value if compared else None,
            "ci95": change.ci95 if compared else None,
        }
    return {
        "name": term.name,
        "title": term.title,
        "unit": term.unit,
        "family": term.family,
        "load": term.load,
        "verdict": row.verdict,
        "why": row.why,
        "a": one,
        "b": two,
        "difference": row.absolute.value if compared and row.absolute else None,
        "ci95": row.absolute.ci95 if compared and row.absolute else None,
        "normalised": normal,
        "noise": {"a": row.noise[0], "b": row.noise[1]},
        "larger_than_own_noise": row.beyond if compared else None,
        "stands_out": row.stands_out,
        "remarks": row.remarks,
    }

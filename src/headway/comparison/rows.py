"""Every measure side by side: compared, shown without being compared, or lacking on one side; each with the reason."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from headway.analysis import Analysis
from headway.comparison.difference import ComparedValue, Difference, difference, own_noise, stand_out
from headway.comparison.result import (
    ComparedEntry,
    ComparedRow,
    Lacking,
    OwnNoise,
    Pace,
    RowVerdict,
    SizeFree,
    Who,
)
from headway.comparison.size import Scaled, Size, has_size, scaled
from headway.comparison.terms import SENSED_ALIKE, TERMS, Term
from headway.dynamics.push import CONTRIBUTIONS
from headway.recording import FloatArray
from headway.results import Estimated, Measured, NotMeasurable, StandIns
from headway.texts import TEXTS

ONE_KIND_ONLY = {
    True: (TEXTS("differing.not_worn"), TEXTS("unseen.worn_record")),
    False: (TEXTS("refused.only_sensors"), TEXTS("refused.wear_both")),
}
"""Whether the recording is of sensors, to why a measure is not among its own."""
PUSHED_HEAD = {name for name, (pushed, _, _) in CONTRIBUTIONS.items() if pushed == "head"}
"""What pushes the head: without markers on it a head follows from a passive neck."""
FEWEST_STEPS = 6
"""From fewer steps nobody's own noise can be told: such a difference is called unsure at most."""
FILMS = ("side", "rear", "front")
NECK_POINTS = {"": "midline", "c7": "c7", "shoulders": "shoulders"}
"""What stands for the neck base, to its key in the catalogue."""


Carried = Measured | Estimated
Pair = tuple[Analysis, Analysis]


def carried(analysis: Analysis, name: str) -> Carried | None:
    """The entry of a measure; ``None`` when this recording does not carry it."""
    entry = analysis.summary.metrics.get(name)
    return entry if isinstance(entry, Carried) else None


def reason(analysis: Analysis, name: str) -> tuple[str, str]:
    """Why a recording does not carry a measure, and what to record instead."""
    entry = analysis.summary.metrics.get(name)
    if isinstance(entry, NotMeasurable):
        return entry.why, entry.record
    return ONE_KIND_ONLY[analysis.summary.recording.view == "sensor"]


def rows(pair: Pair, sized: tuple[Size, Size], speeds: Pace, *, same_runner: bool) -> list[ComparedRow]:
    """Every measure that both carry, in the order of the report."""
    made = []
    for term in TERMS.values():
        entries = carried(pair[0], term.name), carried(pair[1], term.name)
        if entries[0] is not None and entries[1] is not None:
            scales = None if same_runner or not has_size(term) else (scaled(term, sized[0]), scaled(term, sized[1]))
            made.append(_set_against(term, pair, (entries[0], entries[1]), scales, _forbidden(term, pair, speeds)))
    found = iter(stand_out([decides for row, decides in made if not row.why]))
    return [row if row.why else _decided(row, decides, next(found)) for row, decides in made]


def _decided(row: ComparedRow, decides: Difference, stands_out: bool) -> ComparedRow:
    verdict: RowVerdict = "unsure" if decides.excludes_zero else "no difference seen"
    if decides.ci95 is None:
        verdict = "no interval"
    elif row.larger_than_own_noise and stands_out and min(row.a.n, row.b.n) >= FEWEST_STEPS:
        verdict = "differs"
    return replace(row, stands_out=stands_out, verdict=verdict)


def _forbidden(term: Term, pair: Pair, speeds: Pace) -> str:
    """Why the two numbers must not be set against each other; empty when they may."""
    if term.load and speeds.matched is None:
        return TEXTS("differing.speed_unknown")
    if term.load and speeds.difference is not None and not speeds.matched:
        return TEXTS("differing.speed_differs", share=abs(speeds.difference))
    views = [one.summary.recording.view for one in pair]
    if "sensor" in views and views[0] != views[1] and term.name not in SENSED_ALIKE:
        return TEXTS("differing.sensed_otherwise")
    points = [neck_point(one) for one in pair]
    if term.neck_base and points[0] != points[1]:
        return TEXTS("differing.neck_base_differs", one=points[0], two=points[1])
    pelves = [pelvis_point(one) for one in pair]
    if term.pelvis and pelves[0] != pelves[1]:
        return TEXTS("differing.pelvis_differs", one=pelves[0], two=pelves[1])
    seen = [one.summary.body is None or one.summary.body.head_seen for one in pair]
    if term.name in PUSHED_HEAD and seen[0] != seen[1]:
        return TEXTS("differing.head_unseen", who=TEXTS("differing.second" if seen[0] else "differing.first"))
    off = [_stand_ins(one).head_off_axis for one in pair]
    if term.head_frontal and off[0] != off[1]:
        return TEXTS("differing.head_differs", who=TEXTS("differing.first" if off[0] else "differing.second"))
    return ""


def neck_point(analysis: Analysis) -> str:
    """Where the neck base is in this recording, in words."""
    return TEXTS(f"differing.neck_point_{NECK_POINTS[_stand_ins(analysis).neck_base]}")


def pelvis_point(analysis: Analysis) -> str:
    """Where the pelvis is in this recording, in words."""
    if analysis.summary.recording.view == "sensor":
        return TEXTS("differing.pelvis_point_sacrum")
    return TEXTS(f"differing.pelvis_point_{'hips' if _stand_ins(analysis).pelvis_from_hips else 'markers'}")


def _stand_ins(analysis: Analysis) -> StandIns:
    return analysis.summary.recording.stand_ins or StandIns()


def _remarks(term: Term, pair: Pair) -> list[str]:
    films = [any(view in FILMS for view in one.summary.recording.view.split("+")) for one in pair]
    if term.kind == "range" and films[0] != films[1]:
        return [TEXTS("differing.range_of_film")]
    return []


def _set_against(
    term: Term,
    pair: Pair,
    entries: tuple[Carried, Carried],
    scales: tuple[Scaled | None, Scaled | None] | None,
    why: str,
) -> tuple[ComparedRow, Difference]:
    """The row before it is decided, and the difference that decides."""
    values = [ComparedValue(entry.value, entry.ci95, entry.n, term.kind) for entry in entries]
    absolute = decides = difference(values[0], values[1])
    remarks, factors, normalised = _remarks(term, pair), [1.0, 1.0], None
    if scales is not None:
        one, two = scales
        if one is None or two is None:
            remarks.append(TEXTS("differing.not_normalised"))
        else:
            factors = [one.factor, two.factor]
            a, b = values[0].times(one.factor, one.share), values[1].times(two.factor, two.share)
            decides = difference(a, b)
            change, ci95 = _unless(why, decides)
            normalised = SizeFree(unit=one.unit, a=a.value, b=b.value, difference=change, ci95=ci95)
    noises = [
        None if (noise := own_noise(value, *_steps(analysis, entry, term))) is None else noise * factor
        for value, analysis, entry, factor in zip(values, pair, entries, factors, strict=True)
    ]
    own = OwnNoise(a=noises[0], b=noises[1])
    change, ci95 = _unless(why, absolute)
    row = ComparedRow(
        name=term.name,
        title=term.title,
        unit=term.unit,
        family=term.family,
        load=term.load,
        verdict="not compared",
        why=why,
        a=_entry(entries[0]),
        b=_entry(entries[1]),
        difference=change,
        ci95=ci95,
        normalised=normalised,
        noise=own,
        larger_than_own_noise=None if why or own.larger is None else abs(decides.value) > own.larger,
        stands_out=False,
        remarks=remarks,
    )
    return row, decides


def _unless(why: str, found: Difference) -> tuple[float | None, tuple[float, float] | None]:
    """Difference and interval, unless there is a reason not to tell them."""
    return (None, None) if why else (found.value, found.ci95)


def _entry(entry: Carried) -> ComparedEntry:
    model = entry.model if isinstance(entry, Estimated) else None
    return ComparedEntry(status=entry.status, value=entry.value, ci95=entry.ci95, n=entry.n, model=model)


def _steps(analysis: Analysis, entry: Carried, term: Term) -> tuple[FloatArray, FloatArray]:
    """Values per step with their sides; empty where a step by itself has none that stands for the whole."""
    table = analysis.steps
    filmed = analysis.summary.recording.view != "3d" and term.kind == "range"
    if term.kind not in ("mean", "amplitude", "range") or filmed or term.name not in table:
        return np.empty(0), np.empty(0)
    if "film" in table and entry.film is not None:
        table = table.loc[table["film"] == entry.film]
    return np.asarray(table[term.name], float), np.where(table["side"] == "right", 1.0, -1.0)


def lacking(a: Analysis, b: Analysis) -> list[Lacking]:
    """What only one of them carries, by the reason why the other does not; the longest list first."""
    groups: dict[tuple[Who, str, str], list[str]] = {}
    for name in TERMS:
        entries = carried(a, name), carried(b, name)
        if (entries[0] is None) == (entries[1] is None):
            continue
        who: Who = "a" if entries[0] is None else "b"
        groups.setdefault((who, *reason(a if who == "a" else b, name)), []).append(name)
    out = [
        Lacking(who=who, why=why, record=record, names=names, titles=[TERMS[name].title for name in names])
        for (who, why, record), names in groups.items()
    ]
    return sorted(out, key=lambda group: (group.who, -len(group.names)))

"""The report of a study: what became of every recording, each metric's spread and relations, repeatability, what stands apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from headway.report.experiment import signed
from headway.report.numbers import ABSENT, Scale, decimals_for, number, scale_of, span, told_interval, with_unit
from headway.report.page import page
from headway.report.study_pictures import COLOURS, metric_picture
from headway.study.overview import MetricOverview, Overview, Reason
from headway.study.relations import ConditionMean, StudySlope
from headway.study.reliability import Reliability
from headway.texts import TEXTS, figures, shown

NAMES = 12
"""Names of files that are listed for one reason."""


@dataclass(frozen=True)
class ReasonShown:
    """Why recordings are missing: how many, and some of their names."""

    kind: str
    reason: str
    count: int
    names: list[str]
    more: int


@dataclass(frozen=True)
class ClassShown:
    """A class of speed, as the table writes it."""

    speed: str
    n: int
    mean: str
    sd: str


@dataclass(frozen=True)
class SlopeShown:
    """A slope over speed; ``sure`` where its interval leaves zero out."""

    slope: str
    interval: str
    mixed: str
    runners: int
    recordings: int
    sure: bool


@dataclass(frozen=True)
class ConditionShown:
    """A condition, as the table writes it."""

    condition: str
    n: int
    speed: str
    mean: str
    sd: str
    runners: int
    change: str = ABSENT
    interval: str = ABSENT


@dataclass(frozen=True)
class ReliabilityShown:
    """How well a metric repeats, as the table writes it."""

    sem: str
    mdc95: str
    icc: str
    of: str


@dataclass(frozen=True)
class MetricShown:
    """A metric, as the page writes it."""

    title: str
    family: str
    n: int
    estimated: int
    mean: str
    sd: str
    range: str
    classes: list[ClassShown]
    slope: SlopeShown | None
    conditions: list[ConditionShown]
    reliability: ReliabilityShown | None
    picture: Markup


@dataclass(frozen=True)
class ApartShown:
    """A recording that stands apart: link to its report, metrics with its robust z."""

    recording: str
    link: str
    metrics: list[tuple[str, str]]


@dataclass(frozen=True)
class _Writer:
    """Numbers of one metric in its unit."""

    scale: Scale
    places: int

    def value(self, value: float | None) -> str:
        if value is None:
            return ABSENT
        return with_unit(number(value * self.scale.factor, self.places), self.scale.unit)

    def span(self, low: float, high: float) -> str:
        low, high = sorted((low * self.scale.factor, high * self.scale.factor))
        return with_unit(span(low, high, self.places), self.scale.unit)

    def interval(self, low: float, high: float) -> str:
        low, high = sorted((low * self.scale.factor, high * self.scale.factor))
        return with_unit(told_interval(low, high, self.places), self.scale.unit)

    def signed(self, value: float) -> str:
        return signed(value, self.scale, self.places)

    def finer(self, interval: Sequence[float]) -> _Writer:
        """With the decimals that an interval calls for."""
        return _Writer(self.scale, decimals_for(self.scale, interval))


def render_study(found: Overview, links: Mapping[str, str] | None = None) -> str:
    """Return the report as the text of one HTML page that opens offline.

    Parameters
    ----------
    found
        Contents.
    links
        Path of a recording's own report by its name.
    """
    rows = [_metric(metric) for metric in found.metrics]
    families = {row.family: [one for one in rows if one.family == row.family] for row in rows}
    conditions = list(dict.fromkeys(name for metric in found.metrics for name in metric.points["condition"].dropna()))
    return page(
        "study.html.j2",
        ["report.css", "experiment.css", "study.css"],
        t=TEXTS,
        summary=found.summary,
        flow=found.flow,
        reasons=[_reason(row) for row in found.reasons],
        families=families,
        slopes=[row for row in rows if row.slope],
        conditions=[(name, k % COLOURS) for k, name in enumerate(conditions)],
        changed=[row for row in rows if row.conditions],
        repeats=[row for row in rows if row.reliability],
        apart=_apart(found.metrics, links or {}),
        warnings=found.warnings,
    )


def _reason(row: Reason) -> ReasonShown:
    more = max(len(row.names) - NAMES, 0)
    return ReasonShown(TEXTS(f"studied.kind_{row.kind}"), row.reason, len(row.names), row.names[:NAMES], more)


def _metric(metric: MetricOverview) -> MetricShown:
    scale = scale_of(metric.unit, metric.name, float(metric.points["value"].abs().max()))
    write = _Writer(scale, decimals_for(scale, [-metric.sd, metric.sd] if metric.sd > 0 else None))
    return MetricShown(
        title=shown(metric.title),
        family=shown(metric.family),
        n=metric.n,
        estimated=metric.estimated,
        mean=write.value(metric.mean),
        sd=write.value(metric.sd),
        range=write.span(metric.quantiles[0], metric.quantiles[-1]),
        classes=[
            ClassShown(figures(f"{row.speed:g}"), row.n, write.value(row.mean), write.value(row.sd))
            for row in metric.classes
        ],
        slope=None if metric.slope is None else _slope(metric.slope, write),
        conditions=[_condition(row, write) for row in metric.conditions],
        reliability=None if metric.reliability is None else _reliability(metric.reliability, scale),
        picture=metric_picture(metric),
    )


def _slope(slope: StudySlope, write: _Writer) -> SlopeShown:
    fine, (low, high) = write.finer(slope.ci95), slope.ci95
    mixed = ABSENT if slope.mixed is None else fine.signed(slope.mixed)
    sure = low > 0 or high < 0
    return SlopeShown(fine.signed(slope.slope), fine.interval(low, high), mixed, slope.runners, slope.recordings, sure)


def _condition(row: ConditionMean, write: _Writer) -> ConditionShown:
    mean, sd = write.value(row.mean), write.value(row.sd)
    found = ConditionShown(row.condition, row.n, number(row.speed, 2), mean, sd, row.runners)
    if row.change is None or row.ci95 is None:
        return found
    fine = write.finer(row.ci95)
    return replace(found, change=fine.signed(row.change), interval=fine.interval(*row.ci95))


def _reliability(found: Reliability, scale: Scale) -> ReliabilityShown:
    write = _Writer(scale, min(decimals_for(scale, [-found.sem, found.sem]), scale.decimals + 1))
    of = TEXTS(f"studied.repeated_{'recordings' if found.of == 'recordings' else 'halves'}", groups=found.groups)
    return ReliabilityShown(write.value(found.sem), write.value(found.mdc95), figures(f"{found.icc:.2f}"), of)


def _apart(metrics: Sequence[MetricOverview], links: Mapping[str, str]) -> list[ApartShown]:
    """Recordings that stand apart, those in most metrics first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for metric in metrics:
        for recording, z in metric.apart:
            found.setdefault(recording, []).append((shown(metric.title), z))
    rows = [
        ApartShown(
            name,
            links.get(name, ""),
            [(title, figures(f"{z:+.1f}")) for title, z in sorted(told, key=lambda one: -abs(one[1]))],
        )
        for name, told in found.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.metrics), row.recording))

"""The report of an experiment: verdict first, was it done, the effect, block by block with what was felt, then the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.experiments.experiment import Experiment
from headway.experiments.result import BlockFound, ExperimentSummary, OutcomeEffect
from headway.experiments.statistics import Effect
from headway.report.experiment_pictures import block_plot, condition_name, half_width, named, rear_view
from headway.report.numbers import ABSENT, MINUS, Scale, decimals_for, number, scale_of, told_interval, with_unit
from headway.report.page import page
from headway.report.push_versus import condition_pushes, pushed_point
from headway.texts import TEXTS, figures

MARKS = {"performed": "✓", "not performed": "✕", "cannot check": "?", "nothing to check": "–"}
RATINGS = ("legs_feet_stress", "rpe", "ease")


@dataclass(frozen=True)
class ShownEffect:
    """Change, interval and share of an effect as text; dashes without one."""

    change: str = ABSENT
    interval: str = ABSENT
    share: str = ABSENT
    noise: str = ABSENT
    reference: str = ABSENT
    p: str = ABSENT


def shown_effect(of: OutcomeEffect, effect: Effect | None) -> ShownEffect:
    """An effect on a metric as text."""
    if effect is None:
        return ShownEffect()
    reference = effect.reference
    scale = scale_of(of.unit, of.name, abs(reference or effect.change))
    decimals = decimals_for(scale, effect.ci95)
    return ShownEffect(
        change=signed(effect.change, scale, decimals),
        interval=TEXTS("experiment.no_interval") if effect.ci95 is None else _span(effect.ci95, scale, decimals),
        share=_percent(effect.change / reference) if reference else ABSENT,
        noise=with_unit(number(_times(effect.mdc95, scale), decimals), scale.unit),
        reference=with_unit(number(_times(reference, scale), decimals), scale.unit),
        p=ABSENT if effect.p is None else figures(f"{effect.p:.3f}"),
    )


def signed(value: float, scale: Scale, decimals: int) -> str:
    """Number with its sign and unit."""
    text = number(value * scale.factor, decimals)
    return with_unit(text if text.startswith(MINUS) else f"+{text}", scale.unit)


def _span(interval: Sequence[float], scale: Scale, decimals: int) -> str:
    low, high = sorted(bound * scale.factor for bound in interval)
    return with_unit(told_interval(low, high, decimals), scale.unit)


def _times(value: float | None, scale: Scale) -> float | None:
    return None if value is None else value * scale.factor


def _percent(value: float) -> str:
    return figures(f"{value:+.1%}".replace("-", MINUS)).replace("%", "\N{NARROW NO-BREAK SPACE}%")


@dataclass(frozen=True)
class ShownBlock:
    """A row of the table block by block."""

    found: BlockFound
    name: str
    value: str
    mark: str
    speed: str
    ratings: list[str]
    pushed: str


def _blocks(summary: ExperimentSummary) -> list[ShownBlock]:
    return [_block(block, summary.primary) for block in summary.blocks]


def _block(block: BlockFound, primary: OutcomeEffect) -> ShownBlock:
    mean, value = block.values.get(primary.name), ABSENT
    if mean is not None:
        scale = scale_of(primary.unit, primary.name, abs(mean.value))
        half = half_width(mean)
        places = decimals_for(scale, None if half is None else [-half, half])
        value = with_unit(number(mean.value * scale.factor, places), scale.unit)
    felt = (block.felt.legs_feet_stress, block.felt.rpe, block.felt.ease)
    return ShownBlock(
        found=block,
        name=named(block.name, block.condition),
        value=value,
        mark=MARKS[block.check.status],
        speed=ABSENT if block.speed is None else figures(f"{block.speed:.2f} m/s"),
        ratings=[ABSENT if rating is None else figures(f"{rating:g}") for rating in felt],
        pushed=TEXTS(f"experiment.pushed_{block.pushed}") if block.pushed else ABSENT,
    )


def _note(row: OutcomeEffect) -> str:
    """What is said beside a secondary metric."""
    if row.found:
        return TEXTS("experiment.beyond_chance")
    if row.effect is not None and row.effect.adjusted:
        return TEXTS("experiment.adjusted")
    return TEXTS("experiment.speed_apart") if row.refused else ""


def _rows(summary: ExperimentSummary) -> list[tuple[str, ShownEffect, str, str]]:
    """Title, effect, adjusted p and note of every secondary metric."""
    return [
        (row.title, shown_effect(row, row.effect), ABSENT if row.q is None else figures(f"{row.q:.2f}"), _note(row))
        for row in summary.secondary
    ]


def _slopes(summary: ExperimentSummary) -> list[tuple[str, str, str, int]]:
    """Title, slope, interval and number of speeds."""
    out = []
    for row in summary.slopes:
        scale = scale_of(row.unit, row.name)
        places = decimals_for(scale, row.ci95)
        out.append((row.title, signed(row.slope, scale, places), _span(row.ci95, scale, places), row.speeds))
    return out


def _felt(summary: ExperimentSummary) -> list[tuple[str, str, str]]:
    """Title, change and interval of every rating."""
    out = []
    for row in summary.felt:
        interval = row.effect.ci95
        text = TEXTS("experiment.one_rating") if interval is None else told_interval(interval[0], interval[1], 1)
        out.append((row.title, figures(f"{row.effect.change:+.1f}".replace("-", MINUS)), text))
    return out


def _sham(summary: ExperimentSummary) -> str:
    sham = summary.sham
    if sham is None:
        return ""
    own = shown_effect(summary.primary, sham.effect)
    beyond = shown_effect(summary.primary, replace(sham.effect, change=sham.beyond, ci95=sham.beyond_ci95))
    return TEXTS(
        "experiment.sham_did",
        change=own.change,
        interval=own.interval,
        beyond=beyond.change,
        beyond_interval=beyond.interval,
    )


def render_experiment(experiment: Experiment) -> str:
    """Return the report as the text of one HTML page that opens offline; evidence stays in English."""
    summary = experiment.summary
    design, pushed = summary.design, pushed_point(experiment.analyses)
    return page(
        "experiment.html.j2",
        ["report.css", "experiment.css"],
        t=TEXTS,
        summary=summary,
        kind=TEXTS(f"experiment.kind_{design.kind}"),
        asked=condition_name(design.tested or "speed"),
        verdict=summary.verdict,
        strength=TEXTS(f"experiment.strength_{summary.verdict.strength}"),
        performed=summary.performed,
        mark=MARKS[summary.performed.status],
        primary=summary.primary,
        effect=summary.primary.effect,
        shown=shown_effect(summary.primary, summary.primary.effect),
        blocks=_blocks(summary),
        ratings=[TEXTS(f"experiment.rating_{name}") for name in RATINGS],
        plot=block_plot(summary, experiment.steps),
        views=rear_view(summary, experiment.analyses),
        pushed=pushed,
        pushes=condition_pushes(summary.blocks, pushed),
        rows=_rows(summary),
        slopes=_slopes(summary),
        felt=_felt(summary),
        phases=[
            (row, named(row.name, row.condition), shown_effect(summary.primary, row.effect)) for row in summary.phases
        ],
        sham=_sham(summary),
    )

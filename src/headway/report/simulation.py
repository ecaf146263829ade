"""The report of a simulation: plain sentences, the conditions side by side, every outcome, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from headway.report.numbers import with_unit
from headway.report.page import embedded, page, scripts
from headway.report.simulation_pictures import Moving, chosen, colours, overlays, scenes, sweep_charts
from headway.report.simulation_rows import (
    SIDE_BY_SIDE,
    body_words,
    called,
    effort_speeds,
    finding_rows,
    limits_words,
    outcome_table,
    request_words,
    side_lines,
    speeds_words,
)
from headway.report.simulation_trust import BALANCES, trust_rows, trust_words
from headway.simulation.summary import WHOLE, SimulationSummary
from headway.texts import TEXTS


def render_simulation(
    summary: SimulationSummary, motions: Mapping[str, Moving], links: Mapping[str, str] | None = None
) -> str:
    """Return the report as the text of one HTML page that opens offline.

    Parameters
    ----------
    summary
        The contents of ``summary.json``.
    motions
        A stride of each condition that has a solution, by name.
    links
        Path of a condition's own report by its name.
    """
    names = list(motions)
    colour = colours(names)
    shown = chosen(names)
    drawn, timeline = scenes({name: motions[name] for name in shown})
    sweep = summary.plan.sweep
    return page(
        "simulation.html.j2",
        ["report.css", "experiment.css", "compare.css", "simulation.css"],
        scripts(["simulation.js"]),
        summary=summary,
        speeds=speeds_words(summary),
        glance=_glance(summary),
        asked=request_words(summary),
        findings=finding_rows(summary),
        efforts=effort_speeds(summary),
        legs=side_lines(summary),
        limits=limits_words(summary),
        refused=summary.unsolved,
        t=TEXTS,
        called=called,
        colour=colour,
        names=names,
        shown=shown,
        overlays=overlays(motions, colour),
        swept=None if sweep is None else TEXTS(f"simulated.swept_{sweep.word}"),
        sweeps=sweep_charts(summary),
        sweep_names=colours(list(dict.fromkeys(name.partition(f" {sweep.word}=")[0] for name in names))) if sweep else {},
        table=outcome_table(summary),
        wide=len(names) > SIDE_BY_SIDE,
        robust=len(summary.plan.variants) > 1,
        smallest=with_unit(f"{100 * summary.plan.smallest_difference:g}", "%"),
        trust=trust_rows(summary),
        trust_words=trust_words(summary),
        balances=BALANCES,
        links=links or {},
        data=embedded(
            {
                **{"timeline": timeline, "figure": None, "map": None, "charts": {}, "films": [], "scenes": drawn},
                "words": TEXTS.sections(("script",))["script"],
            }
        ),
    )  # fmt: skip


class Simulated(Protocol):
    """What the page of a simulation's folder is made from."""

    @property
    def summary(self) -> SimulationSummary:
        """The contents of ``summary.json``."""
        ...

    @property
    def motions(self) -> Mapping[str, Moving]:
        """A stride of each condition that has a solution, by name."""
        ...


def draw(result: Simulated) -> str:
    """Return the report with a link to each condition's own."""
    links = {one.name: f"{one.folder}/report.html" for one in result.summary.solved if one.analysis == WHOLE}
    return render_simulation(result.summary, result.motions, links)


def _glance(summary: SimulationSummary) -> list[tuple[str, str]]:
    sex = summary.runner.sex
    count = TEXTS("simulated.solved", count=len(summary.solved), all=len(summary.conditions))
    return [
        (
            TEXTS("simulated.runner"),
            ", ".join([*body_words(summary), *([TEXTS(f"simulated.sex_{sex}")] if sex else [])]),
        ),
        (TEXTS("simulated.speed"), speeds_words(summary)),
        (TEXTS("simulated.conditions"), count),
        (TEXTS("simulated.variants"), str(len(summary.plan.variants))),
        ("Headway", summary.headway),
    ]

"""The printable card of a planned experiment."""

from __future__ import annotations

from headway.experiments.plan import QUIZ, Schedule, minutes
from headway.experiments.power import MOST_PAIRS
from headway.marks.session import LEAD
from headway.metrics import REGISTRY
from headway.report.page import page


def render_card(schedule: Schedule) -> str:
    """Return the card as one HTML page: times, cues, boxes for what was felt, and how sure the plan is."""
    noise = schedule.noise
    needs = [(steps, f"more than {MOST_PAIRS}" if need is None else str(need)) for steps, need in schedule.needs]
    return page(
        "experiment_card.html.j2",
        ["report.css", "experiment.css"],
        schedule=schedule,
        slots=[(slot, minutes(slot.start), minutes(slot.stop)) for slot in schedule.slots],
        title=REGISTRY[schedule.metric].title,
        change=f"{100 * schedule.change:g} %",
        needs=needs,
        noise=f"{noise.cv:.1%} from step to step, {noise.between:.1%} from block to block",
        source=noise.source,
        promised=None if schedule.promised is None else f"{schedule.promised:.0%}",
        quiz=QUIZ,
        lead=LEAD,
    )

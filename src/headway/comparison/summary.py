"""From two analyses to the contents of ``compare.json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from headway.analysis import Analysis
from headway.analysis.thresholds import raised
from headway.comparison.evidence import contested, evidence
from headway.comparison.result import ComparedRow, ComparedSide, ComparisonSummary
from headway.comparison.rows import lacking, neck_point, pelvis_point, rows
from headway.comparison.size import Size, pace, sizes
from headway.comparison.terms import KEY
from headway.errors import RecordingError
from headway.plain import settled
from headway.recording import Flag
from headway.texts import TEXTS
from headway.version import VERSION

Level = Literal["info", "warning"]
SCHEMA = 1
FEW_STEPS = 20
HOW = {
    "stature": TEXTS("differing.stature"),
    "hips": TEXTS("differing.hip_height"),
    "": "",
}


def summarise(a: Analysis, b: Analysis, *, same_runner: bool) -> tuple[ComparisonSummary, tuple[Size, Size]]:
    """Compare two analyses.

    Returns
    -------
    Contents of ``compare.json``, and the scales of both.

    Raises
    ------
    RecordingError
        No measure is carried by both.
    """
    one, two, how = sizes(a, b)
    speeds = pace(a, b, (one, two), same_runner=same_runner)
    found = rows((a, b), (one, two), speeds, same_runner=same_runner)
    if not found:
        about = [analysis.summary.recording for analysis in (a, b)]
        raise RecordingError(
            " ".join(each.source for each in about),
            f"no measure is carried by both ({' and '.join(each.view for each in about)})",
            "compare two of the same view",
        )
    names = {row.name for row in found}
    summary = ComparisonSummary(
        schema=SCHEMA,
        headway=VERSION,
        same_runner=same_runner,
        a=_side(a, one, TEXTS("differing.before") if same_runner else "A"),
        b=_side(b, two, TEXTS("differing.after") if same_runner else "B"),
        difference="b minus a",
        normalised=bool(how) and not same_runner,
        leg_length=HOW[how],
        speed=speeds,
        about=TEXTS("differing.no_p"),
        key=[name for name in KEY if name in names],
        rows=found,
        lacking=lacking(a, b),
        remarks=_remarks(a, b, how, found, same_runner=same_runner),
        evidence=evidence(found),
        contested=contested(found),
    )
    return settled(summary), (one, two)


def _side(analysis: Analysis, size: Size, label: str) -> ComparedSide:
    summary = analysis.summary
    recording = summary.recording
    return ComparedSide(
        label=label,
        source=recording.source,
        kind=recording.kind,
        view=recording.view,
        rate=recording.rate,
        steps=summary.steps,
        speed=recording.speed,
        height=summary.runner.height,
        leg_length=size.leg,
        mass=size.mass,
        events=summary.events.source,
        threshold=summary.events.threshold,
        force=summary.force.status,
        treadmill=recording.treadmill,
        points={"neck_base": neck_point(analysis), "pelvis": pelvis_point(analysis)},
        flags=[flag for flag in summary.quality if flag.level != "info"],
    )


def _remarks(a: Analysis, b: Analysis, how: str, found: Sequence[ComparedRow], *, same_runner: bool) -> list[Flag]:
    """What else may have made the differences."""
    out = []

    def say(key: str, level: Level = "warning", **filled: object) -> None:
        out.append(Flag(key, level, TEXTS(f"differing.{key}", **filled)))

    one, two = (analysis.summary for analysis in (a, b))
    if _shared_steps(a, b):
        say("same_steps")
    if not how and not same_runner:
        say("size_unknown")
    elif not same_runner:
        say("size_error", "info", how=HOW[how])
    out += _events_differ(a, b)
    grounds = [summary.recording.treadmill for summary in (one, two)]
    if None not in grounds and grounds[0] != grounds[1]:
        say("ground_differs", who=_which(second=not grounds[0]))
    kinds = [summary.recording.view for summary in (one, two)]
    if kinds[0] != kinds[1]:
        say("kinds_differ", one=view_words(kinds[0]), two=view_words(kinds[1]))
    for k, summary in enumerate((one, two)):
        if summary.steps.count < FEW_STEPS:
            say("few_steps", who=_which(second=k == 1), n=summary.steps.count)
    if same_runner:
        say("one_before_after", "info")
    if any("estimated" in (row.a.status, row.b.status) for row in found):
        say("estimated", "info")
    return out


def _events_differ(a: Analysis, b: Analysis) -> list[Flag]:
    """Contacts that were told in two ways, or at two thresholds of force."""
    one, two = (analysis.summary.events for analysis in (a, b))
    if one.source != two.source:
        return [Flag("events_differ", "warning", TEXTS("differing.events_differ", one=one.source, two=two.source))]
    if not raised((a, b)):
        return []
    text = TEXTS("differing.thresholds_differ", one=one.threshold, two=two.threshold)
    return [Flag("thresholds_differ", "warning", text)]


def view_words(view: str) -> str:
    """How it was recorded, in words."""
    return TEXTS("words.and").join(TEXTS(f"differing.view_{one}") for one in view.split("+"))


def _which(*, second: bool) -> str:
    return TEXTS("differing.second" if second else "differing.first")


def _shared_steps(a: Analysis, b: Analysis) -> bool:
    if a.summary.recording.source != b.summary.recording.source:
        return False
    column = "midstance" if "midstance" in a.steps and "midstance" in b.steps else "initial_contact"
    one, two = (np.round(np.asarray(analysis.steps[column], float), 3) for analysis in (a, b))
    return bool(np.isin(one, two).any())

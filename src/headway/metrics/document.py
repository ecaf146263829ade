"""The registry as a page of documentation."""

from __future__ import annotations

from textwrap import fill

from headway.metrics import NEEDS, REGISTRY, Metric

WIDTH = 118
"""Longest line of prose in the documents."""
VIEWS = {"side": "from the side", "rear": "from behind or in front"}
MARKERS_ONLY = {"space", "force", "plates", "mass", "head_rotation", "standing", "thorax_rotation"}
"""Needs that no film meets."""
FILM_NEEDS = {
    "still_camera": "camera at rest",
    "steady_camera": "camera not shaking",
    "fine_film": "120 frames/s and 20 strides",
}
"""Needs that only films can fail to meet, as conditions."""


def metrics_markdown() -> str:
    """Every metric as Markdown, in the order of declaration; ``docs/metrics.md`` is this text."""
    lines = [
        "# Metrics",
        "",
        "Made by `headway metrics --markdown`; do not edit.",
        "Units are SI, except for the usual cadence (steps/min) and ground force (BW).",
        "Lateral quantities are positive toward the stance side.",
        "*Seen in running* is for orientation and is not a norm.",
        "Definition numbers (D…) and claims (A…) are Headway's own; papers are named beside them.",
    ]
    family = ""
    for one in REGISTRY.values():
        if one.family != family:
            family = one.family
            lines += ["", f"## {family.capitalize()}"]
        needs = "; ".join(NEEDS[need][1] for need in one.needs if need not in FILM_NEEDS) or (
            "sensors on the body" if one.family == "sensors" else "contacts"
        )
        lines += ["", f"### `{one.name}`", f"{one.title}. {one.definition[0].upper()}{one.definition[1:]}.", ""]
        lines.append(f"- Unit: {one.unit}. Source: {one.cited}. How steps become one number: {one.kind}.")
        lines.append(f"- To measure it: {needs}.")
        lines.append(f"- From film: {_films(one)}.")
        if one.expected is not None:
            lines.append(
                f"- Seen in running: {one.expected[0]:g} to {one.expected[1]:g} {'' if one.unit == '1' else one.unit}".rstrip()
                + "."
            )
        lines += [f"- {label}: {text}." for label, text in _evidence(one) if text]
    return "\n".join(map(wrapped, lines)) + "\n"


def wrapped(line: str) -> str:
    """Fold a line of Markdown prose at :data:`WIDTH`; rows of tables and headings stay as they are."""
    if len(line) <= WIDTH or line.startswith(("|", "#", "!")):
        return line
    indent = "  " if line.startswith("- ") else ""
    return fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _films(one: Metric) -> str:
    """Which films can carry a metric, with their conditions."""
    if one.family == "sensors":
        return "no"
    views = [words for view, words in VIEWS.items() if one.unseen(view) is None]
    if MARKERS_ONLY & set(one.needs) or not views:
        return "no"
    conditions = [FILM_NEEDS[need] for need in one.needs if need in FILM_NEEDS]
    return f"{' or '.join(views)}{'; ' if conditions else ''}{', '.join(conditions)}"


def _evidence(one: Metric) -> list[tuple[str, str]]:
    claims = ", ".join(one.claims)
    return [
        ("Bears on", claims),
        ("Estimated through", one.model),
        ("For", one.supports),
        ("Against", one.contradicts),
    ]

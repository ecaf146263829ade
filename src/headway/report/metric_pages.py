"""The registry as pages of the documentation: one page for each family of metrics, and a list of all."""

from __future__ import annotations

from itertools import groupby

from headway.camera.film_errors import RATES, film_errors
from headway.metrics import NEEDS, REGISTRY, Metric
from headway.metrics.registry import Kind
from headway.report.numbers import ABSENT, decimals_for, number, scale_of, tidy, written

MARKERS_ONLY = {"space", "force", "plates", "mass", "head_rotation", "standing", "thorax_rotation"}
"""Needs that no film meets."""
FILM_NEEDS = {
    "still_camera": "camera at rest",
    "steady_camera": "camera not shaking",
    "fine_film": "120 frames/s and 20 strides",
}
"""Needs that only films can fail to meet, as conditions."""
VIEWS = {"side": "from the side", "rear": "from behind", "front": "from in front"}
SIGNS: dict[Kind, str] = {
    "asymmetry": "positive where the right side's is larger",
    "phase": "positive after midstance; a whole stride is 360°",
    "lag": "positive where the upper point moves later",
    "gain": "1 moves as the point below, 0 not at all",
    "locking": "from 0, no common timing, to 1, the same in every stride",
    "share": "from 0 to 1",
    "shift_ratio": "0 on the midline, 1 over each foot",
    "amplitude": "never negative",
    "range": "never negative",
}
USUAL_SIGN = "positive forward, upward and toward the stance foot, where the definition says no other"


def metric_page(family: str) -> str:
    """All metrics of a family as Markdown (MyST)."""
    of_family = [one for one in REGISTRY.values() if one.family == family]
    return "\n".join([f"# {family.capitalize()}", "", *(line for one in of_family for line in _metric(one))])


def metric_list() -> str:
    """A table of all metrics by family, each with a link to its definition."""
    lines = []
    for family, of_family in groupby(REGISTRY.values(), key=lambda one: one.family):
        lines += ["", f"## {family.capitalize()}", "", "| metric | name | unit | films |", "|---|---|---|---|"]
        lines += [
            f"| [{one.title}](#{anchor(one)}) | `{one.name}` | {_unit(one)} | {_films(one)} |" for one in of_family
        ]
    return "\n".join(lines) + "\n"


def metrics_markdown() -> str:
    """Every metric as one text, in the order of declaration."""
    return "\n".join(metric_page(family) for family in dict.fromkeys(one.family for one in REGISTRY.values())) + "\n"


def anchor(one: Metric) -> str:
    """What a link to the definition of a metric names."""
    return f"metric-{one.name.replace('_', '-')}"


def _metric(one: Metric) -> list[str]:
    needs = "; ".join(NEEDS[need][1] for need in one.needs if need not in FILM_NEEDS) or (
        "sensors on the body" if one.family == "sensors" else "contacts"
    )
    seen = None if one.expected is None else written(one.name, one.unit, None, one.expected)
    rows = [
        ("Unit", f"{_unit(one)}; in files `{one.unit}`"),
        ("Sign", SIGNS.get(one.kind, USUAL_SIGN if one.plane != "none" else "")),
        ("From steps to one number", one.kind.replace("_", " ")),
        ("To have it", needs),
        ("Films", _films(one)),
        ("Markers without plates", _without_plates(one)),
        ("Sensors", "no" if one.sensors is None else one.sensors.definition or "yes, by the same definition"),
        ("Seen in running", "" if seen is None else f"{seen.interval} {seen.unit}".strip()),
        ("Estimated through", one.model),
        ("For", one.supports),
        ("Against", one.contradicts),
        ("Bears on", ", ".join(f"[{claim}](#statement-{claim.lower()})" for claim in one.claims)),
        ("Source", one.cited),
    ]
    lines = [f"({anchor(one)})=", f"## {one.title}", "", f"`{one.name}`", ""]
    lines += [f"{one.definition[0].upper()}{one.definition[1:]}.", ""]
    lines += [one.runner, ""] if one.runner else []
    lines += [f"- **{label}**: {tidy(text) if label == 'Seen in running' else text}." for label, text in rows if text]
    return [*lines, "", *_errors(one)]


def _unit(one: Metric) -> str:
    """Unit that a person is shown."""
    return scale_of(one.unit, one.name).unit or "–"


def _films(one: Metric) -> str:
    """Which films can carry a metric, with their conditions."""
    seen = [
        words
        for words, view in (("from the side", "side"), ("from behind or in front", "rear"))
        if one.unseen(view) is None
    ]
    if one.family == "sensors" or MARKERS_ONLY & set(one.needs) or not seen:
        return "no"
    conditions = [FILM_NEEDS[need] for need in one.needs if need in FILM_NEEDS]
    return f"{' or '.join(seen)}{'; ' if conditions else ''}{', '.join(conditions)}"


def _errors(one: Metric) -> list[str]:
    """Known errors that more steps do not mend: without plates, and in films by view and rate."""
    spread = film_errors().errors["picture"].spread.get(one.film.like, {}) if _films(one) != "no" else {}
    classes = [name for name, _ in RATES]
    rows = [
        [words]
        + [
            _plus_minus(one, spread[view][name], share=one.film.relative) if name in spread[view] else ABSENT
            for name in classes
        ]
        for view, words in VIEWS.items()
        if view in spread
    ]
    if not rows:
        return []
    of_value = ", shares of the value" if one.film.relative else ""
    head = [
        f"error in films beyond scatter, scale and roll (95 %{of_value})",
        *(f"{name} frames/s" for name in classes),
    ]
    return [*(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)), ""]


def _without_plates(one: Metric) -> str:
    """Error where events or force come from motion alone."""
    error = one.left_out_error(1.0)
    if error is None or "plates" in one.needs:
        return ""
    if not one.tells_runners_apart:
        return "not measurable: it does not go with the plates between runners"
    relative = one.shares is not None and one.shares.relative
    return f"{_plus_minus(one, error, share=relative)}{' of the value' if relative else ''} in new runners (95 %)"


def _plus_minus(one: Metric, error: float, *, share: bool) -> str:
    half = 1.96 * error
    if half == 0:
        return "none found"
    if share:
        return f"± {100 * half:.2g} %"
    scale = scale_of(one.unit, one.name, half)
    text = number(half * scale.factor, decimals_for(scale, (-half, half)))
    return f"± {text if text != ABSENT else f'{half:.2g}'} {scale.unit}".rstrip()

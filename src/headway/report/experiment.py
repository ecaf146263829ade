"""The report of an experiment: verdict first, was it done, the effect, block by block with what was felt, then the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from headway.analysis import Analysis
from headway.report.experiment_pictures import block_plot, half_width, rear_view
from headway.report.html import _asset
from headway.report.numbers import ABSENT, MINUS, Scale, decimals_for, finite, number, scale_of, span, with_unit

MARKS = {"performed": "✓", "not performed": "✕", "cannot check": "?", "nothing to check": "–"}
RATINGS = (("legs_feet_stress", "Stress in legs and feet, 0–10"), ("rpe", "Effort (RPE)"), ("ease", "Ease, 0–10"))
ABOUT_STRENGTH = {
    "tested": "Tested: the order was drawn by coin, and the p-value counts what the coin could have done.",
    "described": "Described, not tested: there is no p-value, because the order was not drawn by coin.",
}


class Experimented(Protocol):
    """What the report is made from."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """The contents of ``experiment.json``."""
        ...

    @property
    def steps(self) -> pd.DataFrame:
        """One row per step with its ``block``."""
        ...

    @property
    def analyses(self) -> Sequence[Analysis]:
        """One per block."""
        ...


def shown_effect(name: str, unit: str, effect: Mapping[str, Any] | None) -> dict[str, str]:
    """Change, interval and share of an effect as text; dashes without one."""
    if effect is None:
        return {
            "change": ABSENT,
            "interval": ABSENT,
            "share": ABSENT,
            "noise": ABSENT,
            "reference": ABSENT,
            "p": ABSENT,
        }
    interval = effect["ci95"]
    reference = finite(effect["reference"])
    scale = scale_of(unit, name, abs(reference or effect["change"]))
    decimals = decimals_for(scale, interval)
    return {
        "change": signed(effect["change"], scale, decimals),
        "interval": "no interval" if interval is None else _span(interval, scale, decimals),
        "share": _percent(effect["change"] / reference) if reference else ABSENT,
        "noise": with_unit(number(_times(effect["mdc95"], scale), decimals), scale.unit),
        "reference": with_unit(number(_times(reference, scale), decimals), scale.unit),
        "p": ABSENT if effect["p"] is None else f"{effect['p']:.3f}",
    }


def signed(value: float, scale: Scale, decimals: int) -> str:
    """Number with its sign and unit."""
    text = number(value * scale.factor, decimals)
    return with_unit(text if text.startswith(MINUS) else f"+{text}", scale.unit)


def tidy(text: str) -> str:
    """A sentence with true minus signs and a space before the per cent sign."""
    return re.sub(r"(?<=\d)%", "\N{NARROW NO-BREAK SPACE}%", re.sub(r"(?<![\w.])-(?=\d)", MINUS, text))


def _span(interval: Sequence[float], scale: Scale, decimals: int) -> str:
    low, high = sorted(bound * scale.factor for bound in interval)
    return with_unit(span(low, high, decimals), scale.unit)


def _times(value: float | None, scale: Scale) -> float | None:
    return None if value is None else value * scale.factor


def _percent(value: float) -> str:
    return f"{value:+.1%}".replace("-", MINUS).replace("%", "\N{NARROW NO-BREAK SPACE}%")


def _blocks(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the table block by block."""
    primary = summary["primary"]
    out = []
    for block in summary["blocks"]:
        mean = block["values"].get(primary["name"])
        scale = scale_of(primary["unit"], primary["name"], None if mean is None else abs(mean["value"]))
        value = ABSENT
        if mean is not None:
            half = half_width(mean)
            places = decimals_for(scale, None if half is None else [-half, half])
            value = with_unit(number(mean["value"] * scale.factor, places), scale.unit)
        check = block["check"]
        out.append(
            {
                **block,
                "value": value,
                "mark": MARKS[check["status"]],
                "speed": ABSENT if block["speed"] is None else f"{block['speed']:.2f} m/s",
                "ratings": [ABSENT if block["felt"][key] is None else f"{block['felt'][key]:g}" for key, _ in RATINGS],
                "pushed": block["pushed"] or ABSENT,
            }
        )
    return out


def _rows(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for row in summary["secondary"]:
        shown = shown_effect(row["name"], row["unit"], row["effect"])
        note = "not compared: speed" if row["refused"] else ""
        if row.get("found"):
            note = "beyond chance (false discovery 5 %)"
        elif row["effect"] is not None and row["effect"]["adjusted"]:
            note = "adjusted for speed"
        q = row.get("q")
        rows.append(
            {
                "title": row["title"],
                "name": row["name"],
                **shown,
                "q": ABSENT if q is None else f"{q:.2f}",
                "note": note,
            }
        )
    return rows


def _slopes(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    out = []
    for row in summary["slopes"]:
        scale = scale_of(row["unit"], row["name"])
        places = decimals_for(scale, row["ci95"])
        words = {"title": row["title"], "slope": signed(row["slope"], scale, places), "speeds": str(row["speeds"])}
        out.append({**words, "interval": _span(row["ci95"], scale, places)})
    return out


def _felt(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    out = []
    for row in summary["felt"]:
        effect = row["effect"]
        interval = effect["ci95"]
        text = "one rating per block: no interval" if interval is None else span(interval[0], interval[1], 1)
        out.append({"title": row["title"], "change": f"{effect['change']:+.1f}".replace("-", MINUS), "interval": text})
    return out


def _phases(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    primary = summary["primary"]
    return [{**row, **shown_effect(primary["name"], primary["unit"], row["effect"])} for row in summary["phases"]]


def _sham(summary: Mapping[str, Any]) -> str:
    sham = summary["sham"]
    if sham is None:
        return ""
    primary = summary["primary"]
    shown = shown_effect(primary["name"], primary["unit"], sham["effect"])
    beyond = shown_effect(
        primary["name"], primary["unit"], {**sham["effect"], "change": sham["beyond"], "ci95": sham["beyond_ci95"]}
    )
    return (
        f"The sham changed it by {shown['change']} ({shown['interval']}); beyond the sham the change is {beyond['change']} "
        f"({beyond['interval']}). What the sham does too is attention, not the head."
    )


def render_experiment(experiment: Experimented) -> str:
    """Return the report as the text of one HTML page that opens offline.

    Parameters
    ----------
    experiment
        Summary, steps and analyses.
    """
    summary = experiment.summary
    primary = summary["primary"]
    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["tidy"] = tidy
    return environment.get_template("experiment.html.j2").render(
        summary=summary,
        verdict=summary["verdict"],
        strength=ABOUT_STRENGTH[summary["verdict"]["strength"]],
        performed={**summary["performed"], "mark": MARKS[summary["performed"]["status"]]},
        primary={
            "why": "",
            "record": "",
            **primary,
            **shown_effect(primary["name"], primary["unit"], primary["effect"]),
        },
        effect=primary["effect"],
        blocks=_blocks(summary),
        ratings=[title for _, title in RATINGS],
        plot=block_plot(summary, experiment.steps),
        views=rear_view(summary, experiment.analyses),
        rows=_rows(summary),
        slopes=_slopes(summary),
        felt=_felt(summary),
        phases=_phases(summary),
        sham=_sham(summary),
        style=Markup(_asset("report.css") + _asset("experiment.css")),
        policy="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    )

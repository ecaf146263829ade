"""The report of a study: what became of every recording, each metric's spread and relations, repeatability, what stands apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from headway.report.experiment import signed, tidy
from headway.report.html import _asset
from headway.report.numbers import ABSENT, Scale, decimals_for, number, scale_of, span, with_unit
from headway.report.study_pictures import COLOURS, metric_picture

NAMES = 12
"""Names of files that are listed for one reason."""
KINDS = {
    "excluded": "left out",
    "unusable": "not usable",
    "error": "fault while analysing",
    "timeout": "over the time limit",
    "died": "worker died",
}


class Overviewed(Protocol):
    """What the report is made from."""

    @property
    def about(self) -> Mapping[str, Any]:
        """The contents of ``study.json``."""
        ...

    @property
    def flow(self) -> Mapping[str, int]:
        """Counts of recordings."""
        ...

    @property
    def reasons(self) -> Sequence[Mapping[str, Any]]:
        """Why recordings are not among the results."""
        ...

    @property
    def metrics(self) -> Sequence[Mapping[str, Any]]:
        """Metric by metric."""
        ...

    @property
    def warnings(self) -> Sequence[tuple[str, int]]:
        """Warnings and how many recordings had them."""
        ...


def render_study(found: Overviewed, links: Mapping[str, str] | None = None) -> str:
    """Return the report as the text of one HTML page that opens offline.

    Parameters
    ----------
    found
        Contents.
    links
        Path of a recording's own report by its name.
    """
    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["tidy"] = tidy
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    rows = [_metric(metric) for metric in found.metrics]
    families = {row["family"]: [one for one in rows if one["family"] == row["family"]] for row in rows}
    conditions = list(
        dict.fromkeys(name for metric in found.metrics for name in metric["points"]["condition"].dropna())
    )
    return environment.get_template("study.html.j2").render(
        about=found.about,
        flow=found.flow,
        reasons=[
            {**row, "kind": KINDS.get(row["kind"], row["kind"]), **_listed(row["names"])} for row in found.reasons
        ],
        families=families,
        slopes=[row for row in rows if row["slope"]],
        conditions=[(name, k % COLOURS) for k, name in enumerate(conditions)],
        changed=[row for row in rows if row["conditions"]],
        repeats=[row for row in rows if row["reliability"]],
        apart=_apart(found.metrics, links or {}),
        warnings=found.warnings,
        style=Markup(_asset("report.css") + _asset("experiment.css") + _asset("study.css")),
        policy="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    )


def _listed(names: Sequence[str]) -> dict[str, Any]:
    return {"names": list(names[:NAMES]), "more": max(len(names) - NAMES, 0)}


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    scale = scale_of(metric["unit"], metric["name"], float(metric["points"]["value"].abs().max()))
    places = decimals_for(scale, [-metric["sd"], metric["sd"]] if metric["sd"] > 0 else None)

    def write(value: float | None) -> str:
        return ABSENT if value is None else with_unit(number(value * scale.factor, places), scale.unit)

    quantiles = metric["quantiles"]
    return {
        "name": metric["name"],
        "title": metric["title"],
        "family": metric["family"],
        "n": metric["n"],
        "runners": metric["runners"],
        "estimated": metric["estimated"],
        "mean": write(metric["mean"]),
        "sd": write(metric["sd"]),
        "range": _span(quantiles[0], quantiles[-1], scale, places),
        "classes": [
            {"speed": f"{row['speed']:g}", "n": row["n"], "mean": write(row["mean"]), "sd": write(row["sd"])}
            for row in metric["classes"]
        ],
        "slope": _slope(metric["slope"], scale),
        "conditions": [_condition(row, scale, write) for row in metric["conditions"]],
        "reliability": _reliability(metric["reliability"], scale),
        "picture": metric_picture(metric),
    }


def _span(low: float, high: float, scale: Scale, places: int) -> str:
    low, high = sorted((low * scale.factor, high * scale.factor))
    return with_unit(span(low, high, places), scale.unit)


def _slope(slope: Mapping[str, Any] | None, scale: Scale) -> dict[str, Any] | None:
    if slope is None:
        return None
    places = decimals_for(scale, slope["ci95"])
    low, high = slope["ci95"]
    out: dict[str, Any] = {"slope": signed(slope["slope"], scale, places), "interval": _span(low, high, scale, places)}
    out |= {"runners": slope["runners"], "recordings": slope["recordings"], "sure": low > 0 or high < 0}
    mixed = slope["mixed"]
    out["mixed"] = ABSENT if mixed is None else signed(mixed, scale, places)
    return out


def _condition(row: Mapping[str, Any], scale: Scale, write: Any) -> dict[str, Any]:
    out = {"condition": row["condition"], "n": row["n"], "mean": write(row["mean"]), "sd": write(row["sd"])}
    out |= {"speed": number(row["speed"], 2), "change": ABSENT, "interval": ABSENT, "runners": row["runners"]}
    if row["change"] is not None:
        places = decimals_for(scale, row["ci95"])
        out["change"] = signed(row["change"], scale, places)
        out["interval"] = _span(row["ci95"][0], row["ci95"][1], scale, places)
    return out


def _reliability(found: Mapping[str, Any] | None, scale: Scale) -> dict[str, Any] | None:
    if found is None:
        return None
    places = min(decimals_for(scale, [-found["sem"], found["sem"]]), scale.decimals + 1)
    sem, mdc = (with_unit(number(found[key] * scale.factor, places), scale.unit) for key in ("sem", "mdc95"))
    of = "recordings" if found["of"] == "recordings" else "halves of a recording"
    return {"sem": sem, "mdc95": mdc, "icc": f"{found['icc']:.2f}", "of": of, "groups": found["groups"]}


def _apart(metrics: Sequence[Mapping[str, Any]], links: Mapping[str, str]) -> list[dict[str, Any]]:
    """Recordings that stand apart, those in most metrics first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for metric in metrics:
        for one in metric["apart"]:
            found.setdefault(one["recording"], []).append((metric["title"], one["z"]))
    rows = [
        {
            "recording": name,
            "link": links.get(name, ""),
            "in": [(title, f"{z:+.1f}") for title, z in sorted(told, key=lambda one: -abs(one[1]))],
        }
        for name, told in found.items()
    ]
    return sorted(rows, key=lambda row: (-len(row["in"]), row["recording"]))

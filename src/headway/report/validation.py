"""The page of a validation: every claim of the documents with what is allowed and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from headway.report.page import page
from headway.validation.claim import ClaimVerdict, ValidationSummary

STATUS = {"holds": "holds", "fails": "fails", "not_run": "not run"}


class Validated(Protocol):
    """What the page is made from."""

    @property
    def summary(self) -> ValidationSummary:
        """The contents of ``validation.json``."""
        ...


@dataclass(frozen=True)
class ClaimRow:
    """A row of the page."""

    name: str
    text: str
    allowed: str
    value: str
    detail: str
    n: str
    status: str
    failed: bool


def render_validation(validation: Validated) -> str:
    """Return the page as the text of one HTML file that opens offline."""
    summary = validation.summary
    documents = {
        name: [_row(one) for one in rows] for name, rows in groupby(summary.verdicts, key=lambda v: v.document)
    }
    return page(
        "validation.html.j2",
        ["report.css", "study.css"],
        summary=summary,
        headline=headline(summary),
        documents=documents,
    )


def headline(summary: ValidationSummary) -> str:
    """How many claims hold, in words."""
    count = {status: sum(one.status == status for one in summary.verdicts) for status in STATUS}
    parts = [f"{count['holds']} of {count['holds'] + count['fails']} statements hold"]
    if count["not_run"]:
        parts.append(f"{count['not_run']} were not run")
    return "; ".join(parts)


def line(verdict: ClaimVerdict) -> str:
    """A claim in one line, for the terminal."""
    row = _row(verdict)
    told = f"{row.value} (allowed {row.allowed})" if verdict.found is not None else row.detail
    return f"{row.status:8s} {verdict.name}: {told}"


def markdown(summary: ValidationSummary) -> str:
    """All claims as Markdown (this makes docs/evidence/claims.md)."""
    with_data = " --data DATA" if summary.data else ""
    lines = [
        "# Claims",
        "",
        "What the documents state, run again.",
        f"Written by `headway validate{with_data} --markdown`; {headline(summary)}.",
        "A claim that fails stands here as it was found.",
    ]
    document = ""
    for verdict in summary.verdicts:
        if verdict.document != document:
            document = verdict.document
            lines += ["", f"## {document}", "", "| statement | allowed | found | of | |", "|---|---|---|---|---|"]
        row = _row(verdict)
        found = f"{row.value} ({row.detail})" if row.value and row.detail else row.value or row.detail
        status = f"**{row.status}**" if row.failed else row.status
        lines.append(f"| {row.text} `{row.name}` | {row.allowed} | {found} | {row.n} | {status} |")
    return "\n".join(lines) + "\n"


def _row(verdict: ClaimVerdict) -> ClaimRow:
    unit = f" {verdict.unit}" if verdict.unit else ""
    found = verdict.found
    return ClaimRow(
        name=verdict.name,
        text=verdict.text,
        allowed=_allowed(verdict.low, verdict.high) + unit,
        value="" if found is None else f"{round(found.value, 9):.3g}{unit}",
        detail=verdict.why if found is None else found.detail,
        n="" if found is None else f"{found.n:,}",
        status=STATUS[verdict.status],
        failed=verdict.status == "fails",
    )


def _allowed(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{low:.3g} to {high:.3g}"
    return f"at least {low:.3g}" if low is not None else f"at most {high:.3g}"

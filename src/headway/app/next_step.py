"""The one next step that is offered: the other view, a repetition, an experiment."""

from __future__ import annotations

from dataclasses import dataclass

from headway.app.analyses import KeptAnalysis
from headway.app.library import Library

REPEATS = 6
"""Analyses of one view from which a runner's own noise can be told."""


@dataclass(frozen=True)
class NextPage:
    """A key of the catalogue's section ``next``, and where it leads."""

    key: str
    address: str


def next_step(library: Library, newest: KeptAnalysis | None) -> NextPage:
    """What to do after the newest analysis of a runner."""
    if newest is None:
        return NextPage("add", "/add")
    address = f"/add?runner={newest.runner}"
    sql = "SELECT count(*) FROM analyses WHERE runner = ? AND view LIKE ?"
    for view in newest.shown.lacks:
        if not library.database.value(sql, newest.runner, f"%{view}%"):
            return NextPage(f"film_{view}", address)
    count = library.database.value(
        "SELECT count(*) FROM analyses WHERE runner = ? AND view = ?", newest.runner, newest.view
    )
    if isinstance(count, int) and count < REPEATS:
        return NextPage("repeat", address)
    tried = library.database.value("SELECT count(*) FROM experiments WHERE runner = ?", newest.runner)
    return (
        NextPage("weeks", f"/runners/{newest.runner}")
        if tried
        else NextPage("experiment", f"/drill?runner={newest.runner}")
    )

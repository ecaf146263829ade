"""What whoever made a recording can do to get a metric that it does not carry: another film where a film carries it, else a laboratory."""

from __future__ import annotations

from headway.metrics.registry import NOT_WORN, Metric
from headway.texts import TEXTS

VIEWS = ("side", "rear", "front")
NO_FILM_GIVES = frozenset({"plates", "force", "instants", "space", "head_rotation", "standing"})
"""Needs that no single film meets, from whichever side."""
VIEWS_OF_NEED = {"head_pitch": ("side",), "head_roll": ("rear", "front"), "fine_film": ("side",)}
"""Needs that a film meets from some sides only."""
FORCE = frozenset({"force", "instants", "com_velocity"})
"""Needs that force plates meet, or markers on the whole body in their stead."""
UNMARKED = FORCE | {"plates", "mass", "steps", "whole_stride", "strides", "steady_camera", "fine_film"}
"""Needs that take no marker beside them."""
SENSORS = "sensors"
"""Family of what only body-worn sensors measure."""
FILM_CLOSER, FILM_LONGER = TEXTS("remedy.film_closer"), TEXTS("remedy.film_longer")
ON_FILM = {
    **dict.fromkeys(("head", "head_midline", "head_pitch", "head_roll", "neck_base", "neck_midline"), FILM_CLOSER),
    **dict.fromkeys(("pelvis", "pelvis_rotation", "thorax_rotation", "shoulders", "hands", "feet"), FILM_CLOSER),
    **dict.fromkeys(("hips", "whole_body", "com_velocity"), FILM_CLOSER),
    **dict.fromkeys(("steps", "whole_stride", "strides"), FILM_LONGER),
    "mass": TEXTS("remedy.give_mass"),
}
"""What to do about a need that a film could meet and this one does not, where it is not what a laboratory does about it."""


def film_views(metric: Metric) -> tuple[str, ...]:
    """Sides from which a film carries a metric; none where no film does."""
    if metric.family == SENSORS or NO_FILM_GIVES & {*metric.needs}:
        return ()
    return tuple(
        view
        for view in VIEWS
        if metric.unseen(view) is None
        and metric.film.shows(view)
        and all(view in VIEWS_OF_NEED.get(need, VIEWS) for need in metric.needs)
    )


def laboratory(metric: Metric, films: str = TEXTS("remedy.no_film")) -> str:
    """Say that films do not help, and which laboratory does."""
    needs = {*metric.needs}
    marked = bool(needs - UNMARKED) or metric.level not in ("", "ground")
    if "plates" in needs or (FORCE & needs and not metric.told_by_motion):
        which = "laboratory_plates" if marked else "laboratory_plates_alone"
    elif FORCE & needs:
        which = "laboratory_body" if marked else "laboratory_force"
    else:
        which = "laboratory"
    return TEXTS(f"remedy.{which}", films=films)


def other_film(metric: Metric) -> str:
    """The film that carries a metric, or that none does."""
    views = film_views(metric)
    if not views:
        return laboratory(metric)
    if views[-2:] == ("rear", "front"):
        return TEXTS("remedy.film_across")
    return TEXTS("remedy.film_from", where=TEXTS(f"remedy.{views[0]}"))


def film_remedy(metric: Metric, need: str, record: str) -> str:
    """What the owner of a film can do about a need that it does not meet; ``record`` is what is said in general."""
    return ON_FILM.get(need, record) if film_views(metric) else laboratory(metric)


def not_worn(metric: Metric) -> tuple[str, str]:
    """Why sensors do not carry a metric, and what does."""
    return NOT_WORN[0], other_film(metric)

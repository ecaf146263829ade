"""What the analysis makes of the render set against its truth: errors, and how often the stated 95 % intervals hold it.

``python benchmarks/film_truth.py [--out FOLDER] [--held-out] [--drawn]`` reads the key points that
``render_set.py`` kept, analyses them, and prints tables:
metrics by view, rate and size of the runner; single contacts by view, rate and leg; asymmetry by the size of the limp; where the key points lie.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headway.analysis import Analysis, analyze
from headway.camera.points import canonical
from headway.errors import HeadwayError
from headway.gait.prepare import Options
from headway.gait.runner import Runner
from headway.results import NotMeasurable
from render_set import OUT, KeptFilm, kept_films

SMALL = 400
"""Stature in the picture below which a runner counts as small, px."""
MATCH = 0.12
"""A contact found belongs to a true one of the same foot that begins no further off than this, s."""
SCALES = {"s": (1000.0, "ms"), "m": (1000.0, "mm"), "rad": (180 / np.pi, "deg")}
POINTS = ("head", "shoulder", "hip", "knee", "ankle", "heel", "toe")


@dataclass(frozen=True)
class Outcome:
    """One value of one metric in one film, and its truth; ``found`` is NaN where it was not measurable."""

    film: KeptFilm
    metric: str
    unit: str
    side: str
    status: str
    truth: float
    found: float
    interval: tuple[float, float] | None

    @property
    def held(self) -> bool | None:
        """Whether the interval holds the truth; ``None`` without one."""
        return None if self.interval is None else self.interval[0] <= self.truth <= self.interval[1]


@dataclass(frozen=True)
class ContactError:
    """One contact found in one film: how late its events are, s; ``leg`` is near, far or either."""

    film: KeptFilm
    leg: str
    initial_contact: float
    toe_off: float


def drawn(film: KeptFilm) -> KeptFilm:
    """The film as a pose model without error would see it: the drawn body's own points."""
    points = canonical(film.keypoints)
    at = np.searchsorted(film.time, points.time - 1e-4).clip(0, len(film.time) - 1)
    pixels = points.pixels.copy()
    for k, name in enumerate(points.names):
        if name in film.names:
            pixels[:, k] = film.pixels[at, film.names.index(name)]
    return replace(film, keypoints=replace(points, pixels=pixels, kind="synthetic"))


def measured(film: KeptFilm) -> Analysis | str:
    """Analyse one film as a user would who gives the height; or why it is refused."""
    entry = film.entry
    try:
        return analyze(
            film.keypoints, Runner(height=entry["height"]), Options(treadmill=entry["ground"] == "treadmill")
        )
    except HeadwayError as error:
        return str(error)


def outcomes(film: KeptFilm, analysis: Analysis) -> Iterable[Outcome]:
    """Compare every metric, and the sides of those that have them."""
    for name, truth in film.truth.items():
        entry = analysis.summary.metrics[name]
        if isinstance(entry, NotMeasurable):
            yield Outcome(film, name, "", "", entry.status, truth.value, np.nan, None)
            continue
        interval = entry.ci95 and (entry.ci95[0], entry.ci95[1])
        yield Outcome(film, name, entry.unit, "", entry.status, truth.value, entry.value, interval)
        for side, true in (("left", truth.left), ("right", truth.right)):
            if true is not None and getattr(entry, side) is not None:
                yield Outcome(film, name, entry.unit, side, entry.status, true, getattr(entry, side), None)


def contact_errors(film: KeptFilm, analysis: Analysis) -> Iterable[ContactError]:
    """Match the steps found to the true contacts."""
    near = "right" if film.entry["scene"]["camera"]["azimuth"] > 0 else "left"
    columns = (analysis.steps[name].tolist() for name in ("side", "initial_contact", "toe_off"))
    for side, first, last in zip(*columns, strict=True):
        best = min((one for one in film.contacts if one.side == side), key=lambda one: abs(one.initial_contact - first))
        if abs(best.initial_contact - first) < MATCH:
            leg = "either" if film.entry["view"] != "side" else "near" if side == near else "far"
            yield ContactError(film, leg, first - best.initial_contact, last - best.toe_off)


def _view(film: KeptFilm) -> str:
    return film.entry["view"]


def _rate(film: KeptFilm) -> str:
    rate = film.entry["rate"]
    return "24-30/s" if rate < 45 else "60/s" if rate < 90 else "120-240/s"


def _size(film: KeptFilm) -> str:
    return "small" if film.entry["stature_px"] < SMALL else "large"


def metric_table(rows: list[Outcome], key: Callable[[KeptFilm], str]) -> str:
    """Bias, RMS error, and share of intervals that hold, by metric and a property of the film."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for row in rows:
        if not row.side:
            groups[row.metric, key(row.film)].append(row)
    lines = []
    for (name, group), mine in sorted(groups.items()):
        found = [row for row in mine if np.isfinite(row.found)]
        if not found:
            continue
        factor, unit = SCALES.get(found[0].unit, (1.0, found[0].unit))
        off = factor * np.array([row.found - row.truth for row in found])
        if found[0].unit == "rad":
            off = (off + 180) % 360 - 180
        held = [row.held for row in found if row.held is not None]
        share = f"{100 * np.mean(held):4.0f} %" if held else "   -"
        lines.append(
            f"{name:36s} {group:16s} n {len(found):3d} of {len(mine):3d}  bias {off.mean():8.2f}  rms {np.sqrt((off**2).mean()):8.2f}  "
            f"worst {np.abs(off).max():8.2f} {unit:9s} held {share}"
        )
    return "\n".join(lines)


def held_table(rows: list[Outcome], key: Callable[[KeptFilm], str]) -> str:
    """Share of intervals that hold over all metrics, and how many values were stated or withheld, by a property of the film."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for row in rows:
        if not row.side:
            groups[key(row.film)].append(row)
    lines = []
    for group, mine in sorted(groups.items()):
        held = [row.held for row in mine if row.held is not None]
        withheld = sum(row.status == "not_measurable" for row in mine)
        lines.append(f"{group:24s} held {100 * np.mean(held):5.1f} % of {len(held):4d}  withheld {withheld:4d}")
    return "\n".join(lines)


def contact_table(rows: list[ContactError]) -> str:
    """Events and contact times of single steps by view, rate and leg, ms."""
    groups: dict[tuple[str, str, str], list[ContactError]] = defaultdict(list)
    for row in rows:
        groups[_view(row.film), _rate(row.film), row.leg].append(row)
    lines = []
    for group, mine in sorted(groups.items()):
        ic, to = (1000 * np.array([getattr(row, name) for row in mine]) for name in ("initial_contact", "toe_off"))
        films: dict[int, list[float]] = defaultdict(list)
        for row in mine:
            films[row.film.entry["number"]].append(1000 * (row.toe_off - row.initial_contact))
        means = np.array([np.mean(each) for each in films.values()])
        text = "  ".join(
            f"{name} {np.mean(q):6.1f} ± {np.std(q):5.1f}"
            for name, q in (("contact", ic), ("toe-off", to), ("duration", to - ic))
        )
        lines.append(
            f"{group[0]:8s} {group[1]:10s} {group[2]:7s} {len(films):3d} films {len(mine):4d} steps  {text}  "
            f"mean of a film: bias {means.mean():6.1f} rms {np.sqrt((means**2).mean()):5.1f}"
        )
    return "\n".join(lines)


def limp_table(rows: list[Outcome]) -> str:
    """Asymmetry of contact time found, by true limp and view, %; for side views with the near leg as positive too."""
    groups: dict[tuple[str, int], list[Outcome]] = defaultdict(list)
    for row in rows:
        if row.metric == "contact_time_asymmetry" and np.isfinite(row.found):
            limp = abs(row.film.entry["limp"] if row.film.entry["limp"] is not None else row.truth)
            groups[_view(row.film), 4 * round(limp / 4)].append(row)
    lines = []
    for (view, limp), mine in sorted(groups.items()):
        sign = np.array([np.sign(row.truth) if abs(row.truth) > 1 else 1.0 for row in mine])
        off = np.array([row.found - row.truth for row in mine])
        near = np.array([np.sign(row.film.entry["scene"]["camera"]["azimuth"]) for row in mine])
        known = f"near minus far {np.mean(near * off):6.1f} ± {np.std(near * off):4.1f}" if view == "side" else ""
        held = 100 * np.mean([bool(row.held) for row in mine])
        found = np.mean(sign * np.array([row.found for row in mine]))
        rms = np.sqrt((off**2).mean())
        lines.append(
            f"{view:8s} limp {limp:3d} %  n {len(mine):3d}  found {found:6.1f}  error rms {rms:5.1f}  held {held:3.0f} %  {known}"
        )
    return "\n".join(lines)


def slope_table(rows: list[Outcome]) -> str:
    """How much of a true left-right difference of contact time is found, by view: least squares, with its standard error."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for row in rows:
        if row.metric == "contact_time_asymmetry" and np.isfinite(row.found):
            groups[_view(row.film)].append(row)
    lines = []
    for view, mine in sorted(groups.items()):
        if len(mine) > 3:
            fit, spread = np.polyfit([row.truth for row in mine], [row.found for row in mine], 1, cov=True)
            lines.append(
                f"{view:8s} 1 % of truth reads {fit[0]:5.2f} ± {np.sqrt(spread[0, 0]):4.2f} %  n {len(mine):3d}"
            )
    return "\n".join(lines)


def point_table(films: list[KeptFilm]) -> str:
    """Where key points lie from the drawn body's joints, % of stature right and down: mean, and scatter within a film."""
    groups: dict[tuple[str, str, str], list[np.ndarray]] = defaultdict(list)
    for film in films:
        named = canonical(film.keypoints)
        nearest = np.searchsorted(film.time, named.time - 1e-4).clip(0, len(film.time) - 1)
        azimuth = film.entry["scene"]["camera"]["azimuth"]
        for name in POINTS:
            for side in ("left", "right"):
                label = f"{'ear' if name == 'head' else name}_{side}"
                off = named.position(label) - film.pixels[nearest, film.names.index(label)]
                off = (
                    100
                    * off
                    / film.entry["stature_px"]
                    * (np.sign(azimuth) if film.entry["view"] == "side" else 1.0, 1.0)
                )
                leg = (
                    "either"
                    if film.entry["view"] != "side"
                    else "near"
                    if (azimuth > 0) == (side == "right")
                    else "far"
                )
                if np.isfinite(off[:, 0]).sum() > 10:
                    groups[film.entry["view"], name, leg].append(np.r_[np.nanmean(off, 0), np.nanstd(off, 0)])
    lines = []
    for (view, name, leg), each in sorted(groups.items()):
        mean, scatter = np.mean(each, 0)[:2], np.median(each, 0)[2:]
        lines.append(
            f"{view:8s} {name:9s} {leg:7s} mean {mean[0]:6.2f} {mean[1]:6.2f}  scatter {scatter[0]:5.2f} {scatter[1]:5.2f}  n {len(each)}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--held-out", action="store_true", help="only the people that no model was fitted to")
    parser.add_argument("--drawn", action="store_true", help="the drawn body's own points in place of the pose model's")
    given = parser.parse_args()
    films = [film for film in kept_films(given.out) if film.entry["test"] or not given.held_out]
    films = [drawn(film) for film in films] if given.drawn else films
    rows: list[Outcome] = []
    contacts: list[ContactError] = []
    refused: list[str] = []
    for film in films:
        found = measured(film)
        if isinstance(found, str):
            refused.append(
                f"{film.entry['number']:5d} {film.entry['view']} {film.entry['rate']:.0f}/s {film.entry['carriage']}: {found}"
            )
            continue
        rows += outcomes(film, found)
        contacts += contact_errors(film, found)
    held = [row.held for row in rows if row.held is not None]
    by = {"view": _view, "view and rate": lambda f: f"{_view(f)} {_rate(f)}", "view and size": lambda f: f"{_view(f)} {_size(f)}",
          "ground and camera": lambda f: f"{f.entry['ground']} {f.entry['carriage']}"}  # fmt: skip
    for title, key in by.items():
        sys.stdout.write(
            f"\n== by metric, {title}\n{metric_table(rows, key)}\n\n== all metrics by {title}\n{held_table(rows, key)}\n"
        )
    sys.stdout.write(f"\n== single contacts, found minus true, ms\n{contact_table(contacts)}\n")
    sys.stdout.write(
        f"\n== asymmetry of contact time\n{limp_table(rows)}\n{slope_table(rows)}\n\n== key points, % of stature\n{point_table(films)}\n"
    )
    sys.stdout.write(f"\n{len(films)} films, {len(refused)} refused\n" + "\n".join(refused) + "\n")
    sys.stdout.write(f"intervals that hold the truth: {100 * np.mean(held):.1f} % of {len(held)}\n")


if __name__ == "__main__":
    main()

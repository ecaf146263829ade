"""How far metrics of films are off, on rendered runners: the table that a film's intervals are made of.

``python benchmarks/fit_film_errors.py [--renders FOLDER]`` analyses every film of the render set whose person is not held out, by event and body
models that have not seen that person (``fit_film_events.py`` and ``fit_film_body.py`` keep them beside the set), and writes
``src/headway/data/film_errors.json``: by metric, view and class of rates the standard error that the scatter over steps and the errors of scale and
roll do not explain, biases included; once for heads that are followed by their pictures (``render_pictures.py`` puts them into the set) and once for
the same films with key points alone. It prints how many intervals of each person hold by the table made of all others.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from film_truth import ContactError, Outcome, contact_errors, measured, outcomes
from fit_film_body import LEFT_OUT as BODIES_LEFT_OUT
from fit_film_events import LEFT_OUT
from headway.camera.film_errors import RATES, TABLE, MetricErrors, RateClass, film_errors, rate_class
from headway.camera.one_body import BodyModel, fitted
from headway.camera.pictures import PICTURES, TRUNK_PICTURE
from headway.camera.points import canonical, middle, only
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.errors import HeadwayError
from headway.gait.film_event_model import highest_harmonic
from headway.gait.film_events import film_contacts
from headway.gait.film_pace import heel_speed
from headway.gait.film_stride import find_stretches, foot_signals, mean_stride, view_of
from headway.gait.steps import build_steps
from headway.gait.stride_lock import stride_turns
from headway.gait.trunk_witness import hips_bounce, sine_bounce
from headway.metrics import REGISTRY
from headway.metrics.errors import USUAL_CONTACT, OfContactTime
from headway.metrics.joint_angles import SWING_IN_FILM
from headway.periodic import fit_series
from headway.recording import FloatArray, HeadBy
from headway.results import NotMeasurable
from headway.statistics import SIZES, TWO_SIDED
from render_set import OUT, KeptFilm, kept_films

WRITE = Path(__file__).parents[1] / "src" / "headway" / "data" / TABLE
VIEWS = ("side", "rear", "front")
PRIOR = 6.0
"""Weight of all rates of a view in the error of one class, films."""
FEW = 8
"""Films of one view below which those from behind and in front are taken together."""
MANY = 20
"""Films from which the share that holds can be asked."""
ELSEWHERE: dict[str, dict[str, float]] = {
    "side": {"initial_contact": 0.012, "toe_off": 0.016, "contact_time": 0.025, "flight_time": 0.025, "duty_factor": 0.034,
             "contact_time_asymmetry": 6.0, "arm_swing": 0.027},
    "rear": {"initial_contact": 0.019, "toe_off": 0.025, "contact_time": 0.038, "flight_time": 0.038, "duty_factor": 0.053,
             "contact_time_asymmetry": 6.0},
}  # fmt: skip
"""Standard error that comes on top with other laboratories, runners and shoes than those of the fit: root mean square of what materials of a view are
off by beyond what the table states. From the side: Dorn JA1 (contact time 8-14 ms short), Hamner 04 (20-38 ms short beyond the filter of the
published forces), the synthetic runner (12 ms), and three real films read by eye (45 and 34 ms short, 7 ms long). From behind: the same
laboratories, and one real film read by eye (65 ms short); the models of that view serve in front too, where no film was read. Arm swing: nine fresh
rendered films (``render_set.py --seed 3112`` and ``2207``), of whose intervals without it four held."""
Z = 1.96
SURELY = 2.5
"""Standard errors from which a bias is no chance."""
SHARES = np.linspace(0.5, 1.0, 6)
"""Shares of what is known of a film that are tried: by less than a half an interval is not narrowed, as real runners and cameras are less even than
drawn ones (with 0.3 one real film's cadence would leave out what the eye read)."""
KEPT = ("cadence",)
"""Told by counting, and other times go with it: no bias is undone."""
SPREADS = 24
"""Standard errors beside it that are tried."""


FULL = 0.99
"""Share from which all of it counts."""
EVENTS = ("initial_contact", "toe_off")


NONE: dict[HeadBy, MetricErrors] = {"picture": MetricErrors(), "key_points": MetricErrors()}


@dataclass(frozen=True)
class Miss:
    """One value of one metric in one film.

    Attributes
    ----------
    person, rate
        Who, and class of rates.
    kind
        Of the metric.
    found, truth
        In the metric's unit.
    known
        Standard error by steps and geometry, in the unit of the table.
    unit
        What the table's unit is in the metric's.
    """

    person: str
    rate: RateClass
    kind: str
    found: float
    truth: float
    known: float
    unit: float = 1.0

    @property
    def off(self) -> float:
        """Difference, in the unit of the table."""
        off = self.found - self.truth
        return ((off + np.pi) % (2 * np.pi) - np.pi if self.kind == "phase" else off) / self.unit

    def without(self, bias: float) -> Miss:
        """The same where a bias is undone."""
        found = self.found / (1.0 + bias) if self.kind in SIZES else self.found - bias
        return replace(self, found=found, known=self.known / (1.0 + bias) if self.kind in SIZES else self.known)


Misses = dict[str, dict[str, list[Miss]]]
"""By metric and view."""


@contextmanager
def leaving_out(person: str, left_out: dict, bodies: dict[str | None, BodyModel]) -> Iterator[None]:
    """Analyse by event and body models without this person, and with nothing of the table but how the trunk's points slide."""
    bare = replace(film_errors(), errors=NONE)

    def models(view: str, rate: int) -> object:
        mine = left_out[view, rate]
        return mine.get(person, mine[None])

    with (
        patch("headway.gait.film_events.load_film_event_models", models),
        patch("headway.camera.one_body.load_body_model", lambda: bodies.get(person, bodies[None])),
        patch("headway.gait.film_events.film_errors", lambda: bare),
        patch("headway.metrics.errors.film_errors", lambda: bare),
        patch("headway.analysis.seen_trial.film_errors", lambda: bare),
    ):
        yield


def miss(row: Outcome) -> Miss | None:
    """Difference of one outcome; ``None`` without an interval."""
    if row.side or row.interval is None or not np.isfinite(row.found):
        return None
    film, kind = REGISTRY[row.metric].film, REGISTRY[row.metric].kind
    unit = abs(row.found) if film.relative else 1.0
    if film.by_contact:
        unit = USUAL_CONTACT / row.film.truth["contact_time"].value
    known = (row.interval[1] - row.interval[0]) / 2 / Z / unit
    entry = row.film.entry
    return Miss(entry["person"], rate_class(entry["rate"]), kind, row.found, row.truth, known, unit)


def believed(rows: Sequence[Miss], shares: FloatArray = SHARES) -> tuple[float, float]:
    """Share of what is known of a film that counts, and standard error beside it.

    Both are tried on a grid; every pair counts by its likelihood, so that few films give a wide error. The share is its mean, the error such that
    95 % of what is expected lies within both together; with many films also such that 95 % of them do.
    """
    off, known = (np.array([getattr(row, name) for row in rows]) for name in ("off", "known"))
    tried = np.linspace(0.0, 2.0 * max(float(np.sqrt(np.mean(off**2))), 1e-12), SPREADS)
    variance = (shares[:, None, None] * known) ** 2 + tried[:, None] ** 2 + 1e-18
    likely = -0.5 * (np.log(variance) + off**2 / variance).sum(-1)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    share = float(weight.sum(1) @ shares)

    deviation = np.sqrt(variance)

    def within(error: float) -> float:
        reach = Z * np.sqrt((share * known) ** 2 + error**2)
        return float((weight[..., None] * (2.0 * ndtr(reach / deviation) - 1.0)).sum() / len(rows))

    most = 5.0 * float(tried[-1])
    error = (
        0.0
        if within(0.0) >= 0.95
        else float(brentq(lambda one: within(one) - 0.95, 0.0, most, rtol=1e-2, xtol=1e-3 * most))
    )
    if len(rows) < MANY:
        return share, error
    needed = np.sqrt(np.maximum((off / Z) ** 2 - (share * known) ** 2, 0.0))
    return share, max(error, float(np.quantile(needed, 0.95)))


def spreads(name: str, rows: dict[str, list[Miss]]) -> tuple[dict[str, float], dict[str, dict[RateClass, float]]]:
    """Shares of one metric by view, and errors by view and class of rates, each class leaning on the others of its view."""
    share: dict[str, float] = {}
    out: dict[str, dict[RateClass, float]] = {}
    # What contact times make of an interval is fitted with them, and what real films showed of a knee counts wholly.
    geometry = None if name in EVENTS else REGISTRY[name].film.geometry
    whole_only = name in EVENTS or isinstance(geometry, OfContactTime) or geometry is SWING_IN_FILM
    for view in VIEWS:
        mine = rows.get(view, [])
        every = mine if len(mine) >= FEW or view == "side" else [*rows.get("rear", []), *rows.get("front", [])]
        if len(every) < 3:
            continue
        share[view], whole = believed(every, SHARES[-1:] if whole_only else SHARES)
        out[view] = {}
        for rate, _ in RATES:
            own = [row for row in mine if row.rate == rate]
            weight = len(own) if len(own) > 1 else 0
            square = weight * believed(own, np.array([share[view]]))[1] ** 2 if weight else 0.0
            out[view][rate] = float(np.sqrt((square + PRIOR * whole**2) / (weight + PRIOR)))
    return share, out


def event_misses(rows: Sequence[ContactError], kind: str) -> list[Miss]:
    """Differences of single events."""
    entries = [row.film.entry for row in rows]
    return [
        Miss(entry["person"], rate_class(entry["rate"]), kind, getattr(row, kind), 0.0, 0.0)
        for row, entry in zip(rows, entries, strict=True)
    ]


def slides(films: Sequence[KeptFilm]) -> dict[str, dict[str, float]]:
    """How much of the drawn trunk's rise and fall the key points show, by view."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for film in films:
        points = canonical(film.keypoints)
        at = np.searchsorted(film.time, points.time - 1e-4).clip(0, len(film.time) - 1)
        phase = true_phase(film, points.time)
        drawn = step_wave(
            phase, film.pixels[at][:, [film.names.index(f"hip_{s}") for s in ("left", "right")], 1].mean(1)
        )
        seen = [step_wave(phase, middle(points, stem)[:, 1]) for stem in ("shoulder", "hip")]
        if drawn and all(seen):
            group = "side" if film.entry["view"] == "side" else "rear"
            found[group].append((abs(seen[0] / drawn), abs(seen[1] / drawn)))
    out = {}
    for view in VIEWS:
        both = np.array(found["side" if view == "side" else "rear"])
        middle_of, scatter = (
            np.median(both, axis=0),
            1.4826 * np.median(np.abs(both / np.median(both, axis=0) - 1), axis=0),
        )
        share = scatter[0] ** -2 / (scatter**-2.0).sum()
        out[view] = {
            "shoulder": round(float(middle_of[0]), 3),
            "hip": round(float(middle_of[1]), 3),
            "share": round(float(share), 2),
        }
    return out


def picture_slides(films: Sequence[KeptFilm]) -> dict[str, tuple[float, float, int]]:
    """Rise and fall of the trunk's registered picture over that of the drawn hips, its weight beside the key points, and films.

    By view, the weight by the scatter of both; what ``PICTURE_SLIDE`` and ``PICTURE_SHARE`` of :mod:`headway.camera.trunk` hold.
    """
    found: dict[str, list[tuple[complex, complex]]] = defaultdict(list)
    for film in films:
        view, points = film.entry["view"], canonical(film.keypoints)
        if TRUNK_PICTURE not in points.names:
            continue
        at = np.searchsorted(film.time, points.time - 1e-4).clip(0, len(film.time) - 1)
        hips = film.pixels[at][:, [film.names.index(f"hip_{side}") for side in ("left", "right")], 1].mean(1)
        phase, slide = true_phase(film, points.time), film_errors().slides[view]
        drawn, picture = step_wave(phase, hips), step_wave(phase, points.position(TRUNK_PICTURE)[:, 1])
        shoulder, hip = (step_wave(phase, middle(points, stem)[:, 1]) for stem in ("shoulder", "hip"))
        if drawn and picture and shoulder and hip:
            trunk = slide.share * shoulder / slide.shoulder + (1.0 - slide.share) * hip / slide.hip
            found[view].append((picture / drawn, trunk / drawn))
    out = {}
    for view, rows in found.items():
        pictures, trunks = np.transpose(rows)
        slide_of = float(np.median(np.abs(pictures)))
        off = [float(np.median(np.abs(one - 1.0))) ** 2 for one in (pictures / slide_of, trunks)]
        out[view] = (slide_of, off[1] / (off[0] + off[1]), len(rows))
    return out


def true_phase(film: KeptFilm, time: FloatArray) -> FloatArray:
    """Phase of the stride by the true contacts, rad; NaN outside of them."""
    middles = np.array([one.at(0.5) for one in film.contacts])
    return np.interp(time, middles, np.pi * np.arange(len(middles)), left=np.nan, right=np.nan)


def step_wave(phase: FloatArray, values: FloatArray) -> complex:
    """Complex amplitude at step frequency; 0 where too little is seen."""
    whole = np.isfinite(phase) & np.isfinite(values)
    if whole.sum() < 20:
        return 0.0
    slow = np.vander(np.linspace(-1, 1, int(whole.sum())), 4)
    return complex(fit_series(phase[whole], values[whole, None], 4, slow=slow, penalty=1e-3).phasors[1, 0])


def pace(films: Sequence[KeptFilm]) -> dict[str, float]:
    """Power of the heels' speed past the hips that is the true speed."""
    both = []
    for film in films:
        if film.entry["view"] != "side":
            continue
        try:
            recording = to_recording(
                trustworthy(canonical(film.keypoints)),
                height=film.entry["height"],
                treadmill=film.entry["ground"] == "treadmill",
            )
            steps = build_steps(film_contacts(recording).kept)
            turns = stride_turns(recording.time, steps)
            heels = heel_speed(fitted(recording, turns, film.entry["height"]), steps)
        except HeadwayError:
            continue
        if heels > 0:
            both.append((np.log(heels), np.log(film.truth["speed"].value)))
    heel, true = np.transpose(both)
    exponent, factor = np.polyfit(heel, true, 1)
    fastest = float(np.exp(max(speed for _, speed in both)))
    return {
        "pace_factor": round(float(np.exp(factor)), 3),
        "pace_exponent": round(float(exponent), 3),
        "pace_fastest": round(fastest, 2),
    }


def aheads(films: Sequence[KeptFilm]) -> dict[str, float]:
    """How far ahead of the drawn joints the key points of head, shoulders and hips lie from the side, shares of stature."""
    found: dict[str, list[float]] = {"ear": [], "shoulder": [], "hip": []}
    for film in films:
        if film.entry["view"] != "side":
            continue
        points = canonical(film.keypoints)
        at = np.searchsorted(film.time, points.time - 1e-4).clip(0, len(film.time) - 1)
        facing = float(np.sign(film.entry["scene"]["camera"]["azimuth"]))
        for stem, mine in found.items():
            drawn = film.pixels[at][:, [film.names.index(f"{stem}_{side}") for side in ("left", "right")], 0].mean(1)
            mine.append(facing * float(np.nanmedian(middle(points, stem)[:, 0] - drawn)) / film.entry["stature_px"])
    return {stem: round(float(np.median(mine)), 4) for stem, mine in found.items()}


def biases(misses: Misses) -> dict[str, dict[str, float]]:
    """What values are too large by, by metric and view, where it is no chance; sizes by a share of themselves."""
    out: dict[str, dict[str, float]] = {}
    for name, views in misses.items():
        metric = REGISTRY[name]
        if name in KEPT or metric.kind in TWO_SIDED or metric.film.relative or metric.film.by_contact:
            continue
        for view, rows in views.items():
            off = np.array([row.off for row in rows])
            if len(off) >= FEW and abs(off.mean()) > SURELY * off.std(ddof=1) / np.sqrt(len(off)):
                of = float(np.mean([row.truth for row in rows])) if metric.kind in SIZES else 1.0
                out.setdefault(name, {})[view] = float(f"{off.mean() / of:.3g}")
    return out


def unbiased(misses: Misses, bias: dict[str, dict[str, float]]) -> Misses:
    """Misses without what is undone."""
    return {
        name: {view: [row.without(bias.get(name, {}).get(view, 0.0)) for row in rows] for view, rows in views.items()}
        for name, views in misses.items()
    }


def insets(films: Sequence[KeptFilm]) -> dict[str, float]:
    """How much nearer to the other foot key points of a foot are than its middle, m, from behind and in front."""
    found: dict[str, list[float]] = defaultdict(list)
    for film in films:
        analysis = measured(film)
        width = None if isinstance(analysis, str) else analysis.summary.metrics["step_width"]
        if width is not None and not isinstance(width, NotMeasurable) and "step_width" in film.truth:
            found[film.entry["view"]].append((film.truth["step_width"].value - width.value) / 2)
    return {view: round(float(np.median(found[view])), 4) for view in ("rear", "front")}


def bounces(films: Sequence[KeptFilm]) -> dict[str, float]:
    """How hard the hips bounce over what the sine model makes of the true contact time: middle and scatter of the ratio's logarithm."""
    ratios = []
    for film in films:
        try:
            seen = trustworthy(canonical(film.keypoints))
            recording = to_recording(seen, height=film.entry["height"], treadmill=film.entry["ground"] == "treadmill")
        except HeadwayError:
            continue
        view, signals = view_of(recording), foot_signals(recording)
        for stretch in find_stretches(recording.time, signals, view)[:1]:
            means = [mean_stride(stretch, side, highest_harmonic(film.entry["rate"])) for side in signals]
            share = film.truth["contact_time"].value * film.truth["cadence"].value / 60
            if known := [one for one in means if one is not None]:
                ratios.append(np.log(hips_bounce(known) / float(sine_bounce(share))))
    return {"bounce": round(float(np.exp(np.median(ratios))), 3), "bounce_spread": round(float(np.std(ratios)), 3)}


Held = list[tuple[str, str, RateClass, bool]]
"""Metric, view, class of rates, and whether the interval held."""


def coverage(misses: Misses) -> Held:
    """Whether the intervals of each person hold by the table of all others."""
    held: Held = []
    people = sorted({row.person for views in misses.values() for rows in views.values() for row in rows})
    for name, views in misses.items():
        for person in people:
            others = {name: {view: [row for row in rows if row.person != person] for view, rows in views.items()}}
            mine = {name: {view: [row for row in rows if row.person == person] for view, rows in views.items()}}
            if not any(mine[name].values()):
                continue
            bias = biases(others)
            share, table = spreads(name, unbiased(others, bias)[name])
            for view, rows in unbiased(mine, bias)[name].items():
                for row in rows:
                    if (error := table.get(view, {}).get(row.rate)) is not None:
                        reach = Z * np.hypot(share[view] * row.known, error)
                        held.append((name, view, row.rate, abs(row.off) <= reach))
    return held


def counted(held: Held, group: Callable[[str, str, RateClass], str]) -> str:
    """Share of intervals that hold by a group of metric, view and class of rates."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for *which, one in held:
        groups[group(*which)].append(one)
    return "\n".join(f"{name:40s} {100 * np.mean(q):5.1f} % of {len(q)}" for name, q in sorted(groups.items()))


def main(renders: Path, check: bool) -> None:
    """Fit, print and write."""
    films = [film for film in kept_films(renders) if not film.entry["test"] and film.entry["view"] in VIEWS]
    table = json.loads(WRITE.read_text())
    table |= {"slides": slides(films), "ahead": aheads(films), "bounce": bounces(films)}
    for view, (slide, share, count) in picture_slides(films).items():
        sys.stdout.write(f"picture of the trunk, {view}: slide {slide:.3f}, share {share:.2f} ({count} films)\n")
    table["pace"] = pace(films)
    bare = replace(film_errors(), errors=NONE, inset={})
    with (
        patch("headway.metrics.errors.film_errors", lambda: bare),
        patch("headway.gait.trial.film_errors", lambda: bare),
    ):
        table["inset"] = insets(films)
    if not check:
        WRITE.write_text(json.dumps(table, indent=1) + "\n")
        film_errors.cache_clear()
    left_out, bodies = (pickle.loads((renders / name).read_bytes()) for name in (LEFT_OUT, BODIES_LEFT_OUT))
    table["errors"] = {}
    ways: dict[HeadBy, list[KeptFilm]] = {"picture": films, "key_points": [without_pictures(film) for film in films]}
    for by, each in ways.items():
        sys.stdout.write(f"\n==== the head by {by}\n")
        table["errors"][by] = finished(gathered(each, left_out, bodies, by))
    table["films"], table["people"] = len(films), len({film.entry["person"] for film in films})
    table["source"] = "benchmarks/fit_film_errors.py: rendered runners, key points by MediaPipe 0.10.14"
    if not check:
        WRITE.write_text(json.dumps(table, indent=1) + "\n")


def without_pictures(film: KeptFilm) -> KeptFilm:
    """The film with key points alone."""
    points = film.keypoints
    return replace(film, keypoints=only(points, [k for k, name in enumerate(points.names) if name not in PICTURES]))


@dataclass
class Gathered:
    """What the films of one way are off by: values, and single events."""

    values: Misses = field(default_factory=dict)
    events: Misses = field(default_factory=dict)


def gathered(films: Sequence[KeptFilm], left_out: dict, bodies: dict[str | None, BodyModel], by: HeadBy) -> Gathered:
    """What every film whose head is told in this way is off by, by event and body models that have not seen its person."""
    out = Gathered()
    with ProcessPoolExecutor() as pool:
        for film, (events, values) in zip(
            films, pool.map(partial(judged, left_out=left_out, bodies=bodies, by=by), films), strict=True
        ):
            for kind in EVENTS:
                out.events.setdefault(kind, {}).setdefault(film.entry["view"], []).extend(event_misses(events, kind))
            for row in values:
                if (off := miss(row)) is not None:
                    out.values.setdefault(row.metric, {}).setdefault(film.entry["view"], []).append(off)
    return out


def judged(
    film: KeptFilm, left_out: dict, bodies: dict[str | None, BodyModel], by: HeadBy
) -> tuple[list[ContactError], list[Outcome]]:
    """Single contacts and values of one film; none where its head is told otherwise."""
    with leaving_out(film.entry["person"], left_out, bodies):
        found = measured(film)
    camera = None if isinstance(found, str) else found.summary.recording.camera
    if isinstance(found, str) or camera is None or camera.head_by != by:
        return [], []
    return list(contact_errors(film, found)), list(outcomes(film, found))


def finished(found: Gathered) -> dict[str, object]:
    """Print the coverage; biases and errors for the table."""
    misses = found.values
    held = coverage(misses)
    for title, group in (
        ("metric", lambda name, view, rate: name),
        ("view and rate", lambda name, view, rate: f"{view} {rate}"),
        ("all", lambda name, view, rate: "all"),
    ):
        sys.stdout.write(
            f"\n== intervals that hold, each person by the table of the others, by {title}\n{counted(held, group)}\n"
        )
    bias = biases(misses)
    rows = unbiased(misses, bias) | found.events
    fitted_rows = {name: spreads(name, each) for name, each in sorted(rows.items())}
    spread = {
        name: {
            view: {
                rate: float(f"{np.hypot(error, ELSEWHERE['side' if view == 'side' else 'rear'].get(name, 0.0)):.3g}")
                for rate, error in row.items()
            }
            for view, row in errors.items()
        }
        for name, (_, errors) in fitted_rows.items()
    }
    share = {
        name: less
        for name, (shares, _) in fitted_rows.items()
        if (less := {view: round(one, 2) for view, one in shares.items() if one < FULL})
    }
    return {"bias": bias, "share": share, "spread": spread}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--renders", type=Path, default=OUT)
    parser.add_argument("--check", action="store_true", help="print only")
    given = parser.parse_args()
    main(given.renders, given.check)

"""Fit the models that find contacts in films, and say how well they do.

``python benchmarks/fit_film_events.py ../shared/data --renders FOLDER`` reads the folders ``rbds`` and ``rbds_more`` (Fukuchi, Fukuchi and Duarte
2017, PeerJ 5:e3298, CC BY), films their runners by computation from the side and from behind at 30-240 frames per second with noisy key points, adds
the rendered runners of ``render_set.py``, leaves out in both whoever is held out there, and writes ``src/headway/data/film_event_models.npz``; the
models without each runner go to ``FOLDER/film_event_models_left_out.pkl``, for ``fit_film_errors.py``. Every error that is printed is from a model
that has not seen the runner.
``--check`` also judges them on the films by computation, on other laboratories and on the synthetic runner, and writes nothing.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from film_event_runners import wide_runners
from film_event_slips import carried_rows, measured_runner, slip_of
from film_event_training import KINDS_OF_ROWS, NOISES, Row, Subject, film, films, others, rendered_rows, subjects
from headway.gait.contacts import Contacts
from headway.gait.film_event_model import (
    CUES,
    HIGHEST,
    KINDS,
    PARAMETERS,
    WHOLE,
    WHOLE_CUE,
    WHOLE_SHARE,
    WINDOWS,
    Cue,
    FilmEventModel,
    FilmEventModels,
    WholeStride,
)
from headway.gait.film_events import film_contacts
from headway.recording import FloatArray, Recording
from render_set import OUT as RENDERS
from render_set import kept_films, lab_runs
from ridge import Normal, Scaled, standardise

OUT = Path(__file__).parents[1] / "src" / "headway" / "data" / PARAMETERS
LEFT_OUT = "film_event_models_left_out.pkl"
VIEWS = ("side", "rear")
RIDGE, JITTER, REPEATS = (0.3, 0.1), (0.02, 0.006), 3
"""Ridge penalties of the wide and the narrow search; spread (s) and number of the guesses each mean stride is shown with."""
RIDGE_WHOLE = 0.05
"""Ridge penalty of the whole stride."""
ASTRAY = np.pi / 3
"""Phase from which a foot's anchor is a false one, rad."""
Models = dict[str | None, FilmEventModels]


def wrapped(angle: float | FloatArray) -> FloatArray:
    """Angle between -pi and pi."""
    return (np.asarray(angle) + np.pi) % (2 * np.pi) - np.pi


def left_out_people(data: list[Row]) -> list[str]:
    """Everybody whom a model can be asked to leave out."""
    return sorted({person for row in data for person in row.people})


def told_apart(row: Row, features: FloatArray) -> FloatArray:
    """Features with columns that tell kinds of rows apart while fitting: what is carried over may be off by a constant."""
    return np.column_stack(
        [features, np.tile([float(row.kind == kind) for kind in KINDS_OF_ROWS[1:]], (len(features), 1))]
    )


def solved(normal: Normal, scaled: Scaled, ridge: float, without: str | None) -> tuple[FloatArray, FloatArray]:
    """Weights per unit and offset of rows as they are seen in films."""
    found = normal.solve(ridge, without)
    weights = (found[:-1].T / scaled.spread).T
    return weights[: -len(KINDS_OF_ROWS) + 1], found[-1] - scaled.centre @ weights


def fit_cue(data: list[Row], kind: str, channels: tuple[str, ...], start: float) -> dict[str | None, Cue]:
    """One cue from all runners (key ``None``) and one without each of them."""
    random, stages = np.random.default_rng(0), []
    for stage in (0, 1):
        features, missing = [], []
        for row in data:
            turn = 2 * np.pi * row.curves.frequency
            guess = row.phase[kind] + turn * random.normal(0, JITTER[stage], REPEATS)
            guess = np.append(guess, row.curves.anchor + start) if stage == 0 else guess
            features.append(told_apart(row, row.curves.read(channels, guess, WINDOWS[stage])))
            missing.append(-wrapped(guess - row.phase[kind]) / turn)
        scaled, normal = standardise(features), Normal()
        for row, one, target in zip(data, features, missing, strict=True):
            normal.add(row.people, scaled(one), target, row.weight)
        stages.append((scaled, normal))
    out = {}
    for left_out in (None, *left_out_people(data)):
        found = [solved(normal, scaled, RIDGE[k], left_out) for k, (scaled, normal) in enumerate(stages)]
        out[left_out] = Cue(
            channels, np.array([weights for weights, _ in found]), np.array([offset for _, offset in found])
        )
    return out


def fit_whole(data: list[Row], view: str, starts: Sequence[float]) -> dict[str | None, list[WholeStride]]:
    """The cues that look at the whole stride, for both events, from all runners and without each."""
    features = [told_apart(row, row.curves.whole(WHOLE[view])[None]) for row in data]
    scaled, normal = standardise(features), Normal()
    for row, one in zip(data, features, strict=True):
        turn = 2 * np.pi * row.curves.frequency
        missing = [
            wrapped(row.phase[kind] - row.curves.anchor - start) / turn
            for kind, start in zip(KINDS, starts, strict=True)
        ]
        normal.add(row.people, scaled(one), np.array([missing]), row.weight)
    out = {}
    for left_out in (None, *left_out_people(data)):
        weights, offset = solved(normal, scaled, RIDGE_WHOLE, left_out)
        out[left_out] = [
            WholeStride(WHOLE[view], weights[:, k], float(offset[k]), WHOLE_SHARE[view]) for k in range(len(KINDS))
        ]
    return out


def fit_events(data: list[Row], view: str) -> dict[str, dict[str | None, FilmEventModel]]:
    """Models of both events, from all runners and without each; cues share by their errors on those of them who are known and left out."""
    offsets = [np.array([row.phase[kind] - row.curves.anchor for row in data]) for kind in KINDS]
    starts = [float(np.angle(np.exp(1j * each).mean())) for each in offsets]
    # A foot whose anchor lies in the other half of its stride teaches nothing.
    data = [row for row, off in zip(data, offsets[0], strict=True) if abs(wrapped(off - starts[0])) < ASTRAY]
    whole, out, known = fit_whole(data, view, starts), {}, [row for row in data if row.kind == "seen" and row.people]
    for k, (kind, start) in enumerate(zip(KINDS, starts, strict=True)):
        cues = [fit_cue(data, kind, channels, start) for channels in CUES[view, kind].values()]
        shares = []
        for cue in cues:
            error = [
                wrapped(cue[row.people[0]].refine(row.curves, row.curves.anchor + start) - row.phase[kind])
                / row.curves.frequency
                for row in known
            ]
            shares.append(1.0 / np.average(np.square(error), weights=[row.weight for row in known]))
        shares = (1 - WHOLE_SHARE[view]) * np.array(shares) / np.sum(shares)
        out[kind] = {
            left_out: FilmEventModel(
                start,
                (
                    *(replace(cue[left_out], share=float(s)) for cue, s in zip(cues, shares, strict=True)),
                    whole[left_out][k],
                ),
            )
            for left_out in cues[0]
        }
    return out


@dataclass(frozen=True)
class Judged:
    """Errors of single events (s, shape (k, 2)), mean error of contact time per film (s), steps found and there, false steps."""

    events: FloatArray
    bias: FloatArray
    found: int
    there: int
    extra: int


def match(who: Subject, recording: Recording, got: Contacts) -> tuple[list[tuple[float, float]], int, int]:
    """Errors of the contacts that were found, how many there are, and how many were found that are not there."""
    inner = [
        c for c in who.contacts if c.initial_contact > recording.time[0] + 0.1 and c.toe_off < recording.time[-1] - 0.1
    ]
    pairs, used = [], set()
    for truth in inner:
        for k, contact in enumerate(got.kept):
            if contact.side == truth.side and abs(contact.at(0.5) - truth.at(0.5)) < 0.06:
                pairs.append((contact.initial_contact - truth.initial_contact, contact.toe_off - truth.toe_off))
                used.add(k)
    first, last = who.contacts[0].initial_contact - 0.1, who.contacts[-1].toe_off + 0.1
    late = {k for k, c in enumerate(got.kept) if first < c.initial_contact and c.toe_off < last}
    near = {
        k
        for k in late
        for c in who.contacts
        if c.side == got.kept[k].side and abs(c.at(0.5) - got.kept[k].at(0.5)) < 0.06
    }
    return pairs, len(inner), len(late - near)


def judge(made: list[tuple[Subject, Recording]], models: Models, rate: float) -> Judged:
    """Let the whole way from film to contacts run with models that have not seen the runner."""
    every, bias, there, extra = [], [], 0, 0
    for who, recording in made:
        got = film_contacts(recording, native_rate=rate, models=models.get(who.runner, models[None]))
        pairs, count, false = match(who, recording, got)
        there, extra = there + count, extra + false
        every += pairs
        if pairs:
            bias.append(float(np.mean([b - a for a, b in pairs])))
    return Judged(np.array(every), np.array(bias), len(every), there, extra)


def rms(values: FloatArray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def line(name: str, one: Judged) -> str:
    """Row of the table, ms."""
    both = [one.events[:, 0], one.events[:, 1], one.events[:, 1] - one.events[:, 0]]
    cells = [f"{1e3 * v.mean():+5.1f} / {1e3 * rms(v):4.1f}" for v in both]
    found = f"{one.found} of {one.there}" + (f", {one.extra} false" if one.extra else "")
    return f"{name:34s} | {' | '.join(cells)} | {1e3 * one.bias.mean():+5.1f} / {1e3 * rms(one.bias):4.1f} | {found}"


def fit(data: list[Row], view: str) -> Models:
    """Models of one view and rate from all runners (key ``None``), and without each of them."""
    events = fit_events(data, view)
    return {left_out: {kind: events[kind][left_out] for kind in KINDS} for left_out in events[KINDS[0]]}


def checked(everyone: list[Subject], elsewhere: list[Subject], models: Models, view: str, rate: int) -> Iterator[str]:
    """Rows of the table for runners filmed by computation, and for other laboratories."""
    for noise in NOISES:
        made = list(films(everyone, view, rate, noise))
        yield line(f"{view} {rate} frames/s, {1e3 * noise:.0f} mm", judge(made, models, rate))
    for who in elsewhere:
        made = [(who, film(who, view, rate, NOISES[0], seed, who.time[0], 15.0)) for seed in range(3)]
        yield "    " + line(who.name, judge(made, models, rate))


def rendered_line(name: str, seen: list[Row], models: Models) -> str:
    """Row of the table for the mean strides of rendered runners, ms."""
    if not seen:
        return name
    off = np.array(
        [
            [wrapped(models[row.people[0]][kind].find(row.curves).phase - row.phase[kind]) / 2 / np.pi / row.curves.frequency for kind in KINDS]
            for row in seen
        ]
    )  # fmt: skip
    cells = (off[:, 0], off[:, 1], off[:, 1] - off[:, 0])
    text = " | ".join(f"{1e3 * v.mean():+5.1f} / {1e3 * rms(v):4.1f}" for v in cells)
    return f"{name:34s} | {text} | {len(seen)} feet"


def stored(view: str, rate: int, models: FilmEventModels) -> dict[str, np.ndarray]:
    """Arrays of the parameter file."""
    out: dict[str, np.ndarray] = {}
    for kind, event in models.items():
        out[f"{view}/{rate}/{kind}/start"] = np.array(event.start)
        for name, cue in zip((*CUES[view, kind], WHOLE_CUE), event.cues, strict=True):
            key = f"{view}/{rate}/{kind}/{name}/"
            out |= {key + part: np.asarray(getattr(cue, part), np.float32) for part in ("weights", "offset", "share")}
    return out


def main(folder: Path, renders: Path, check: bool) -> None:
    """Fit everything; write, or print the check."""
    rendered = list(kept_films(renders))
    everyone, held_out = subjects(folder), {film.entry["person"] for film in rendered if film.entry["test"]}
    drawn = [film for film in rendered if not film.entry["test"] and film.entry["view"] != "oblique"]
    elsewhere = list(others(folder)) if check else []
    statures = {run.person: run.height for run in lab_runs(folder)}
    kept = [who for who in everyone if who.runner not in held_out]
    measured = [one for who in kept if (one := measured_runner(who, statures.get(who.runner, 1.75))) is not None]
    wide, slips = wide_runners(), [one for film in drawn if (one := slip_of(film)) is not None]
    arrays: dict[str, np.ndarray] = {}
    left_out: dict[tuple[str, int], Models] = {}
    sys.stdout.write(
        "ms, bias / RMSE: initial contact | toe-off | contact time | mean contact time of a film | steps found\n"
    )
    for view in VIEWS:
        for rate in HIGHEST:
            seen = rendered_rows(drawn, view, rate)
            models = left_out[view, rate] = fit([*seen, *carried_rows(measured, wide, slips, view, rate)], view)
            arrays |= stored(view, rate, models[None])
            table = list(checked(everyone, elsewhere, models, view, rate)) if check else []
            table.append(rendered_line(f"{view} {rate} frames/s, rendered", seen, models))
            sys.stdout.write("\n".join(table) + "\n")
            sys.stdout.flush()
    if not check:
        np.savez_compressed(OUT, **arrays)  # pyright: ignore[reportArgumentType]
        (renders / LEFT_OUT).write_bytes(pickle.dumps(left_out))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, nargs="?", default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--renders", type=Path, default=RENDERS)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    main(given.data, given.renders, given.check)

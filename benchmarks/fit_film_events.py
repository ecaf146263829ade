"""Fit the models that find contacts in films, and say how well they do.

``python benchmarks/fit_film_events.py ../shared/data`` reads the folder ``rbds`` (Fukuchi, Fukuchi and Duarte 2017, PeerJ 5:e3298, CC BY), films its
runners by computation from the side and from behind at 30-240 frames per second with noisy key points, and writes
``src/headway/data/film_event_models.npz``. Every error is from a model that has not seen the runner. ``--check`` prints the table of errors and
compares with other laboratories and the synthetic runner, and writes nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from film_event_training import Row, Subject, film, films, others, rows, subjects
from headway.gait.contacts import Contacts
from headway.gait.film_event_model import (
    CUES,
    HIGHEST,
    KINDS,
    NOISES,
    PARAMETERS,
    WINDOWS,
    Cue,
    FilmEventModel,
    FilmEventModels,
)
from headway.gait.film_events import film_contacts
from headway.recording import FloatArray, Recording
from ridge import Normal, standardise

OUT = Path(__file__).parents[1] / "src" / "headway" / "data" / PARAMETERS
VIEWS = ("side", "rear")
RIDGE, JITTER, REPEATS = (0.3, 0.1), (0.02, 0.006), 3
"""Ridge penalties of the wide and the narrow search; spread (s) and number of the guesses each mean stride is shown with."""
Models = dict[str | None, FilmEventModels]


def wrapped(angle: float | FloatArray) -> FloatArray:
    """Angle between -pi and pi."""
    return (np.asarray(angle) + np.pi) % (2 * np.pi) - np.pi


def fit_cue(data: list[Row], kind: str, channels: tuple[str, ...], start: float) -> dict[str | None, Cue]:
    """One cue from all runners (key ``None``) and one without each of them."""
    random, solved = np.random.default_rng(0), []
    for stage in (0, 1):
        features, missing, runners = [], [], []
        for row in data:
            turn = 2 * np.pi * row.curves.frequency
            guess = row.phase[kind] + turn * random.normal(0, JITTER[stage], REPEATS)
            guess = np.append(guess, row.curves.anchor + start) if stage == 0 else guess
            features.append(row.curves.read(channels, guess, WINDOWS[stage]))
            missing.append(-wrapped(guess - row.phase[kind]) / turn)
            runners.append(row.runner)
        scaled, normal = standardise(features), Normal()
        for runner, one, target in zip(runners, features, missing, strict=True):
            normal.add(runner, scaled(one), target, 1.0)
        solved.append((scaled, normal))
    out = {}
    for left_out in (None, *sorted(solved[0][1].parts)):
        weights, offset = [], []
        for stage, (scaled, normal) in enumerate(solved):
            found = normal.solve(RIDGE[stage], left_out)
            weights.append(found[:-1] / scaled.spread)
            offset.append(found[-1] - weights[-1] @ scaled.centre)
        out[left_out] = Cue(channels, np.array(weights), np.array(offset))
    return out


def fit_events(data: list[Row], view: str) -> dict[str, dict[str | None, FilmEventModel]]:
    """Models of both events, from all runners and without each; cues share by their errors on runners left out."""
    out = {}
    for kind in KINDS:
        offsets = np.array([row.phase[kind] - row.curves.anchor for row in data])
        start = float(np.angle(np.exp(1j * offsets).mean()))
        cues = [fit_cue(data, kind, channels, start) for channels in CUES[view, kind].values()]
        shares = []
        for cue in cues:
            error = [
                wrapped(cue[row.runner].refine(row.curves, row.curves.anchor + start) - row.phase[kind])
                / row.curves.frequency
                for row in data
            ]
            shares.append(1.0 / np.mean(np.square(error)))
        shares = np.array(shares) / np.sum(shares)
        out[kind] = {
            left_out: FilmEventModel(
                start, tuple(replace(cue[left_out], share=float(s)) for cue, s in zip(cues, shares, strict=True))
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


def fit(everyone: list[Subject], view: str, rate: int) -> tuple[Models, list[str]]:
    """Fit one view and rate; the table's rows on runners left out."""
    made = {noise: list(films(everyone, view, rate, noise)) for noise in NOISES}
    data = [row for noise in NOISES for row in rows(made[noise], view, rate)]
    events = fit_events(data, view)
    empty = np.zeros((2, 3))
    models: Models = {
        left_out: FilmEventModels({kind: events[kind][left_out] for kind in KINDS}, empty)
        for left_out in events[KINDS[0]]
    }
    errors, table = [], []
    for noise in NOISES:
        one = judge(made[noise], models, rate)
        errors.append([rms(one.events[:, 0]), rms(one.events[:, 1]), rms(one.bias)])
        table.append(line(f"{view} {rate} frames/s, {1e3 * noise:.0f} mm", one))
    return {key: replace(model, error=np.array(errors)) for key, model in models.items()}, table


def stored(view: str, rate: int, models: FilmEventModels) -> dict[str, np.ndarray]:
    """Arrays of the parameter file."""
    out: dict[str, np.ndarray] = {f"{view}/{rate}/error": np.asarray(models.error, np.float32)}
    for kind, event in models.events.items():
        out[f"{view}/{rate}/{kind}/start"] = np.array(event.start)
        for name, cue in zip(CUES[view, kind], event.cues, strict=True):
            key = f"{view}/{rate}/{kind}/{name}/"
            out |= {key + part: np.asarray(getattr(cue, part), np.float32) for part in ("weights", "offset", "share")}
    return out


def main(folder: Path, check: bool) -> None:
    """Fit everything; write, or print the check."""
    everyone = subjects(folder)
    elsewhere = list(others(folder)) if check else []
    arrays: dict[str, np.ndarray] = {}
    sys.stdout.write(
        "ms, bias / RMSE: initial contact | toe-off | contact time | mean contact time of a film | steps found\n"
    )
    for view in VIEWS:
        for rate in HIGHEST:
            models, table = fit(everyone, view, rate)
            arrays |= stored(view, rate, models[None])
            for who in elsewhere:
                made = [(who, film(who, view, rate, NOISES[0], seed, who.time[0], 15.0)) for seed in range(3)]
                table.append("    " + line(who.name, judge(made, models, rate)))
            sys.stdout.write("\n".join(table) + "\n")
            sys.stdout.flush()
    if not check:
        np.savez_compressed(OUT, **arrays)  # pyright: ignore[reportArgumentType]


if __name__ == "__main__":
    paths = [one for one in sys.argv[1:] if not one.startswith("--")]
    main(Path(paths[0]) if paths else Path(__file__).parents[2] / "shared" / "data", "--check" in sys.argv)

"""Fit the models that find events and ground force in motion alone, and write their parameter files.

``python benchmarks/fit_motion_models.py ../shared/data`` reads the folders ``rbds`` and ``rbds_more`` (Fukuchi, Fukuchi and Duarte 2017, PeerJ
5:e3298, CC BY) and writes ``src/headway/data/event_models.npz`` and ``force_models.npz``. Errors that go into the files are from runners left out one
at a time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headway.body.channels import SIDES
from headway.dynamics.estimated_force import widened
from headway.dynamics.shape_constraints import constrain, stances_of
from headway.dynamics.shape_model import COMPONENTS, MODELS, NODES, ShapeModel, Stance, channel_names, stance_features
from headway.dynamics.shape_model import PARAMETERS as FORCE_FILE
from headway.gait.contacts import Contact
from headway.gait.event_model import CHANNEL_SETS, KINDS, EventModel, event_signals, read_window
from headway.gait.event_model import PARAMETERS as EVENT_FILE
from headway.recording import GRAVITY, FloatArray
from motion_training import PLAIN, Copy, copies, rbds_cases
from ridge import Normal, honest_scale, standardise

VERSION = "2"
SOURCE = (
    "Fukuchi, Fukuchi and Duarte 2017, PeerJ 5:e3298 (RBDS, CC BY), 19 runners on a treadmill at 2.5, 3.5 and 4.5 m/s"
)
EVENT_RIDGE, EVENT_JITTER = (0.1, 0.05), ((0.02, 2), (0.008, 3))
"""Ridge penalties of the wide and the narrow search; spread (s) and number of the guesses each contact is shown with."""
FORCE_RIDGE, FORCE_SHAPES = (0.01, 0.01, 0.3), (12, 12, 10)
"""Ridge penalties and number of shapes per component: forward, up, side."""
WITHIN = (1.0, 10.0, 1.0)
"""Weight of what sets the steps of one foot apart beside their mean, per component: steps differ by what moves the force, runners also by habit."""
RANK = 12
"""Rank of the stored error covariance."""
EDGE = 0.02
"""The plate's force further than this outside a contact belongs to the other foot, s."""
EventModels = dict[tuple[str, str], EventModel]
ForceModels = dict[str, ShapeModel]
OUT = Path(__file__).parents[1] / "src" / "headway" / "data"


def fit_events(data: list[Copy], kind: str, channels: str) -> dict[str | None, EventModel]:
    """One model from all runners (key ``None``) and one without each of them."""
    random = np.random.default_rng(0)
    rows: list[tuple[str, int, FloatArray, FloatArray]] = []
    for copy in data:
        for side in SIDES:
            mine = copy.of_side(side)
            names = [name if name == "pelvis" else f"{name}_{side}" for name in CHANNEL_SETS[channels]]
            if not mine.any() or not copy.body.has(*names):
                continue
            signals, truth = event_signals(copy.body, side, channels, kind), copy.truth(kind)[mine]
            for stage, (spread, repeats) in enumerate(EVENT_JITTER):
                guesses = [truth + random.normal(0, spread, len(truth)) for _ in range(repeats)]
                guesses += [copy.guesses[kind][mine]] if stage == 0 else []
                features = read_window(copy.body, signals, np.concatenate(guesses))
                missing = np.tile(truth, len(guesses)) - np.concatenate(guesses)
                whole = np.isfinite(features).all(1)
                rows.append((copy.case.runner, stage, features[whole], missing[whole]))
    scaled = standardise([row[2] for row in rows if row[1] == 1])
    normals = (Normal(), Normal())
    for runner, stage, features, missing in rows:
        normals[stage].add(runner, scaled(features), missing, 1 / len(features))
    models = {}
    for left_out in (None, *sorted(normals[0].parts)):
        solved = [normals[stage].solve(EVENT_RIDGE[stage], left_out) for stage in (0, 1)]
        weights = np.array([part[:-1] / scaled.spread for part in solved])
        offset = np.array([part[-1] for part in solved]) - weights @ scaled.centre
        models[left_out] = EventModel(kind, channels, weights, offset, scaled.centre, scaled.spread, float("nan"))
    return models


def left_out_events(data: list[Copy], models: dict[str | None, EventModel]) -> list[tuple[FloatArray, FloatArray]]:
    """Per copy the events by the model that has not seen the runner, and the motion's novelty."""
    out = []
    for copy in data:
        model = models[copy.case.runner]
        time = np.full(len(copy.matched), np.nan)
        novelty = np.full(len(copy.matched), np.nan)
        for side in SIDES:
            mine = copy.of_side(side)
            names = [name if name == "pelvis" else f"{name}_{side}" for name in CHANNEL_SETS[model.channels]]
            if mine.any() and copy.body.has(*names):
                time[mine], novelty[mine] = model.refine(copy.body, side, copy.guesses[model.kind][mine])
        out.append((time, novelty))
    return out


def events(data: list[Copy]) -> tuple[dict[str | None, EventModels], dict[str, list[FloatArray]]]:
    """All event models, from all runners and without each, and the events on runners left out by the best one."""
    fitted: dict[str | None, EventModels] = {}
    best: dict[str, list[FloatArray]] = {}
    for kind in KINDS:
        for channels in CHANNEL_SETS:
            models = fit_events(data, kind, channels)
            found = left_out_events(data, models)
            residual = np.concatenate([time - copy.truth(kind) for copy, (time, _) in zip(data, found, strict=True)])
            wider = np.sqrt(np.maximum(np.concatenate([novelty for _, novelty in found]), 1.0))
            runner = np.concatenate([[copy.case.runner] * len(copy.matched) for copy in data])
            fine = np.isfinite(residual)
            error = honest_scale(residual[fine], wider[fine], runner[fine])
            spread, bias = np.sqrt(np.mean(residual[fine] ** 2)), np.mean(residual[fine])
            report(
                f"{kind:16s} {channels:22s} bias {1e3 * bias:+.1f} rmse {1e3 * spread:.1f} stated {1e3 * error:.1f} ms"
            )
            for left_out, model in models.items():
                fitted.setdefault(left_out, {})[kind, channels] = replace(model, error=error)
            before = best.get(kind, [np.full(len(time), np.nan) for time, _ in found])
            best[kind] = [np.where(np.isnan(had), time, had) for had, (time, _) in zip(before, found, strict=True)]
    return fitted, best


def stances(copy: Copy, times: dict[str, FloatArray]) -> tuple[list[Stance], FloatArray]:
    """Stances between motion events, and the plate's force at their nodes, BW, shape (stances, nodes, 3)."""
    start, stop = (times[kind] for kind in KINDS)
    fine = np.isfinite(start) & np.isfinite(stop) & (stop - start > 0.06)
    known = [contact for contact, good in zip(copy.matched, fine, strict=True) if good]
    contacts = [
        Contact(float(a), float(b), contact.side, "motion")
        for a, b, contact in zip(start[fine], stop[fine], known, strict=True)
    ]
    lined_up = stances_of(copy.body, contacts)
    return lined_up, np.array(
        [_plate_curve(copy, stance, contact) for stance, contact in zip(lined_up, known, strict=True)]
    )


def _plate_curve(copy: Copy, stance: Stance, contact: Contact) -> FloatArray:
    force = copy.case.force
    at = stance.start + NODES * stance.duration
    curve = np.column_stack([np.interp(at, force.time, force.total[:, axis]) for axis in range(3)])
    curve[(at < contact.initial_contact - EDGE) | (at > contact.toe_off + EDGE)] = 0.0
    curve[:, 2] *= 1.0 if stance.side == "right" else -1.0
    return curve / (copy.case.mass * GRAVITY)


@dataclass
class Rows:
    """Stances of one copy with what is needed to fit and judge a force model."""

    copy: Copy
    stances: list[Stance]
    features: FloatArray
    target: FloatArray


def force_rows(data: list[Copy], best: dict[str, list[FloatArray]], name: str) -> list[Rows]:
    """Rows of every copy that has the model's channels."""
    out = []
    for k, copy in enumerate(data):
        if not copy.body.has(*channel_names(name, "left"), *channel_names(name, "right")):
            continue
        lined_up, target = stances(copy, {kind: best[kind][k] for kind in KINDS})
        features = stance_features(copy.body, lined_up, name)
        whole = np.isfinite(features).all(1) & np.isfinite([stance.period for stance in lined_up])
        kept = [stance for stance, good in zip(lined_up, whole, strict=True) if good]
        if kept:
            out.append(Rows(copy, kept, features[whole], target[whole]))
    return out


def fit_force(rows: list[Rows], name: str) -> dict[str | None, ShapeModel]:
    """One model from all runners (key ``None``) and one without each of them; no errors yet."""
    scaled = standardise([row.features for row in rows])
    targets = np.concatenate([row.target for row in rows])
    shapes = []
    for component, count in enumerate(FORCE_SHAPES):
        curves = targets[..., component]
        shapes.append(np.linalg.svd(curves.T @ curves)[2][:count])
    normals = [Normal() for _ in COMPONENTS]
    for row in rows:
        design, weight = scaled(row.features), (2.0 if row.copy.variant == PLAIN else 1.0) / len(row.features)
        right = np.array([stance.side == "right" for stance in row.stances])
        for component, (normal, within) in enumerate(zip(normals, WITHIN, strict=True)):
            scores = row.target[..., component] @ shapes[component].T
            for foot in (right, ~right):
                if foot.any():
                    normal.add(row.copy.case.runner, design[foot], scores[foot], weight, within)
    empty = tuple(np.zeros((1, len(NODES))) for _ in COMPONENTS)
    models = {}
    for left_out in (None, *sorted(normals[0].parts)):
        weights = tuple(normal.solve(ridge, left_out) for normal, ridge in zip(normals, FORCE_RIDGE, strict=True))
        models[left_out] = ShapeModel(
            name, scaled.centre, scaled.spread, weights, tuple(shapes), empty, np.zeros((3, len(NODES)))
        )
    return models


def judged(rows: list[Rows], models: dict[str | None, ShapeModel]) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Error covariance factors and honest standard errors from runners left out."""
    raw = [models[row.copy.case.runner].predict(row.features)[0] - row.target for row in rows]
    pooled = np.concatenate(raw)
    factors = []
    for component in range(3):
        residual = pooled[..., component]
        values, vectors = np.linalg.eigh(residual.T @ residual / len(residual))
        factors.append((np.sqrt(np.maximum(values, 0))[:, None] * vectors.T)[::-1][:RANK])
    after, wider, runner = [], [], []
    for row in rows:
        model = models[row.copy.case.runner]
        judge = replace(model, factor=tuple(factors))
        guess, novelty = judge.predict(row.features)
        after.append(constrain(guess, row.stances, judge, row.copy.body) - row.target)
        wider.append(widened(row.copy.body, row.stances, novelty)[:, 0, 0])
        runner += [row.copy.case.runner] * len(row.stances)
    residual, width = np.concatenate(after), np.concatenate(wider)
    error = np.sqrt(np.mean((residual / width[:, None, None]) ** 2, axis=0))
    names = np.repeat(np.array(runner), len(NODES))
    for component in range(3):
        expected = width[:, None] * error[None, :, component]
        error[:, component] *= honest_scale(residual[..., component].ravel(), expected.ravel(), names)
    return tuple(factors), error.T


def forces(data: list[Copy], best: dict[str, list[FloatArray]]) -> dict[str | None, ForceModels]:
    """All force models, from all runners and without each."""
    fitted: dict[str | None, ForceModels] = {}
    for name in MODELS:
        rows = force_rows(data, best, name)
        models = fit_force(rows, name)
        factors, error = judged(rows, models)
        for left_out, model in models.items():
            fitted.setdefault(left_out, {})[name] = replace(model, factor=factors, error=error)
        size = np.sqrt((error[:, 1:-1] ** 2).mean(1))
        report(f"{name:18s} stated forward {size[0]:.3f} up {size[1]:.3f} side {size[2]:.3f} BW")
    return fitted


def fit(folder: Path) -> dict[str | None, tuple[EventModels, ForceModels]]:
    """Fit everything to the recordings of Fukuchi 2017: from all runners (key ``None``) and without each of them."""
    data = [copy for seed, case in enumerate(rbds_cases(folder)) for copy in copies(case, seed)]
    event_models, best = events(data)
    force_models = forces(data, best)
    return {left_out: (event_models[left_out], force_models[left_out]) for left_out in event_models}


def write(event_models: EventModels, force_models: ForceModels) -> None:
    """Write the parameter files."""
    about = {"version": np.array(VERSION), "source": np.array(SOURCE)}
    stored = {
        f"{kind}/{channels}/{name}": np.asarray(getattr(model, name), np.float32)
        for (kind, channels), model in event_models.items()
        for name in ("weights", "offset", "centre", "spread", "error")
    }
    OUT.mkdir(exist_ok=True)
    np.savez_compressed(OUT / EVENT_FILE, **about, **stored)  # pyright: ignore[reportArgumentType]
    stored = {
        f"{name}/{field}": np.asarray(getattr(model, field), np.float32)
        for name, model in force_models.items()
        for field in ("centre", "spread", "error")
    } | {
        f"{name}/{field}/{part}": np.asarray(getattr(model, field)[component], np.float32)
        for name, model in force_models.items()
        for field in ("weights", "shapes", "factor")
        for component, part in enumerate(COMPONENTS)
    }
    np.savez_compressed(OUT / FORCE_FILE, **about, **stored)  # pyright: ignore[reportArgumentType]


def report(line: str) -> None:
    """Say how the fit goes."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    write(*fit(Path(sys.argv[1]))[None])

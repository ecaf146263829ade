"""Fit the path of the centre of pressure under the foot, and write its parameter file.

``python benchmarks/fit_pressure.py ../shared/data`` reads every running trial of Fukuchi 2017 with its plate and writes
``src/headway/data/pressure_model.json``. Its errors are those on runners left out one at a time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fit_motion_models import OUT, SOURCE, VERSION
from headway.dynamics.ground_force import read
from headway.dynamics.pressure_model import NODES, PARAMETERS, FootOnGround, PressureModel, foot_on_ground
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.recording import FloatArray
from headway.sources import load
from motion_training import rbds_paths

OFTEN = 0.5  # share of stances that tell a node


@dataclass(frozen=True)
class Path2D:
    """One stance: the foot, and where the plate has the centre of pressure at the nodes, from the heel along the foot and aside, m."""

    runner: str
    foot: FootOnGround
    measured: FloatArray


def stances(path: Path) -> list[Path2D]:
    """All stances of a trial."""
    options = Options()
    trial, _ = prepare(load(path), Runner(), options)
    assert trial.plates is not None
    travel, out = -trial.speed if trial.treadmill else 0.0, []
    for contact in trial.contacts.kept:
        foot = foot_on_ground(trial.jointed, contact, travel)
        if foot is None:
            continue
        at = contact.initial_contact + NODES * contact.duration
        place = read(trial.plates.time, trial.plates.centre_of_pressure, at)[:, [0, 2]]
        place[:, 0] -= travel * (at - contact.at(0.5))
        away = place - foot.heel
        out.append(Path2D(path.stem.split("run")[0], foot, np.stack([away @ foot.line, away @ foot.outward])))
    return out


def fitted(found: list[Path2D]) -> PressureModel:
    """Least squares of the shares of the foot's length on its pitch at landing, node by node; every runner weighs alike.

    Nodes at the ends of stance where the plate tells no centre of pressure are those beside them.
    """
    count = {one.runner: 0 for one in found}
    for one in found:
        count[one.runner] += 1
    weight = np.sqrt([1.0 / count[one.runner] for one in found])
    design = np.stack([np.ones(len(found)), [one.foot.pitch for one in found]], axis=1)
    share = np.stack([one.measured / one.foot.length for one in found])
    along, aside = np.empty((2, len(NODES))), np.empty(len(NODES))
    known = np.flatnonzero(np.isfinite(share[:, 0]).mean(0) > OFTEN)
    for k in known:
        seen = np.isfinite(share[:, 0, k])
        w = weight[seen]
        along[:, k] = np.linalg.lstsq(w[:, None] * design[seen], w * share[seen, 0, k], rcond=None)[0]
        aside[k] = np.average(share[seen, 1, k], weights=w**2)
    nearest = known[np.abs(np.arange(len(NODES))[:, None] - known).argmin(1)]
    return PressureModel(along[:, nearest], aside[nearest], np.zeros((2, len(NODES))))


def miss(model: PressureModel, one: Path2D) -> FloatArray:
    """Model less plate along and aside, m, shape (2, nodes)."""
    away = model.place(NODES, one.foot) - one.foot.heel
    return np.stack([away @ one.foot.line, away @ one.foot.outward]) - one.measured


def fit(folder: Path) -> dict[str | None, PressureModel]:
    """From all runners (key ``None``), with the errors on runners left out, and without each of them."""
    found = [one for path in rbds_paths(folder) for one in stances(path)]
    runners = sorted({one.runner for one in found})
    models: dict[str | None, PressureModel] = {
        left_out: fitted([one for one in found if one.runner != left_out]) for left_out in (None, *runners)
    }
    off = [
        np.nanmean([miss(models[name], one) ** 2 for one in found if one.runner == name], axis=0) for name in runners
    ]
    whole, error = models[None], np.sqrt(np.nanmean(off, axis=0))
    seen = np.isfinite(error).all(0)
    error = np.stack([np.interp(NODES, NODES[seen], one[seen]) for one in error])
    models[None] = PressureModel(whole.along, whole.aside, error)
    return models


def write(model: PressureModel) -> None:
    """Write the parameter file."""
    rows = {name: np.round(getattr(model, name), 5).tolist() for name in ("along", "aside", "error")}
    (OUT / PARAMETERS).write_text(json.dumps({"version": VERSION, "source": SOURCE, **rows}, indent=1) + "\n")


if __name__ == "__main__":
    found = fit(Path(sys.argv[1]))[None]
    write(found)
    for k in range(0, len(NODES), 2):
        values = (*found.along[:, k], found.aside[k], *(1000 * found.error[:, k]))
        sys.stdout.write(
            f"{NODES[k]:.1f} of stance: along {values[0]:.2f} {values[1]:+.2f}/rad, aside {values[2]:+.2f}, "
        )
        sys.stdout.write(f"error {values[3]:.0f} and {values[4]:.0f} mm\n")

"""What a film's errors make of a fit: the same fit again from key points, contacts and a force that are off by as much as they may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from headway.fit.induced import LEAD, induced, mechanics, over_push_off
from headway.fit.measured import FittedContact, MeasuredStretch
from headway.fit.model import SOLE_POINTS, UNIT
from headway.fit.problem import FitProblem
from headway.fit.solve import LAST, Descent, Solved, laws_cost
from headway.recording import FloatArray

DRAWS = 10
"""Fits from data that are off."""
ROUNDS = 6
"""Steps of each: they begin where the fit has ended."""
WAVES = 4
"""Errors of how points move are harmonics of the stride up to this one."""
WIDER = 4.0
"""Factor on the scatter of these fits: they share the body's lengths and soles and have no centre of pressure to go by. Found with the synthetic
runner at 3.5 m/s, judged by another (``benchmarks/body_films.py``)."""
MISSED = 0.15
"""Share of a moment's range that a fit to films misses besides, as all its fits do alike: as much as the worst moment of the stance leg or of the
lower back is off by (RMS) for the runner at 3.5 m/s; the other judges it."""
PRESSURE = 0.02
"""How far from where the fit has it the centre of pressure may be, forward, m: no film shows it, and a moment at the ankle is little else."""


@dataclass(frozen=True)
class FilmSpread:
    """Standard errors by the film.

    Attributes
    ----------
    gained
        Of the changes of velocity over push-off, m/s, shape (contacts, sources, points, 3).
    moments
        Of the net forces on the coordinates, N·m, shape (nodes, coordinates).
    """

    gained: FloatArray
    moments: FloatArray


def film_spread(solved: Solved, contacts: Sequence[FittedContact]) -> FilmSpread:
    """Fit again from data that are off, and see how far what was found scatters."""
    random = np.random.default_rng(1)
    gained, moments = [], []
    for _ in range(DRAWS):
        problem = FitProblem(solved.problem.model, _shaken(solved.problem.measured, random), solved.problem.splines)
        none = np.zeros_like(problem.hardness(LAST))
        x, _ = Descent().run(partial(laws_cost, problem, none, LAST), solved.unknowns, ROUNDS, 1e-4)
        q, v, a = problem.whole.motion_of(x)
        force = problem.sole_force(x) * problem.model.weight
        at = mechanics(problem.model, q, v, problem.soles(x))
        rates = induced(problem.model.skeleton, at, a, force, LEAD).sources()
        gained.append([over_push_off(rates, problem.nodes, one) for one in contacts])
        pushed = np.einsum("nij,ni->nj", at.sole, force)
        moments.append(np.einsum("nij,nj->ni", at.mass, a) - at.gravity - at.velocity - pushed)
    scatter = WIDER * np.std(moments, axis=0, ddof=1)
    alike = MISSED * np.ptp(np.mean(moments, axis=0), axis=0)
    return FilmSpread(
        WIDER * np.std(gained, axis=0, ddof=1), np.sqrt(scatter**2 + _by_pressure(solved) ** 2 + alike**2)
    )


def _by_pressure(solved: Solved) -> FloatArray:
    """What the moments change by when the same forces act farther forward, N·m, shape (nodes, coordinates)."""
    problem, x = solved.problem, solved.unknowns
    q, v, _ = problem.whole.motion_of(x)
    soles, force = problem.soles(x), problem.sole_force(x) * problem.model.weight
    ahead = soles.copy()
    ahead[: 3 * len(SOLE_POINTS) : 3] += PRESSURE / UNIT
    here, there = (mechanics(problem.model, q, v, one).sole for one in (soles, ahead))
    return np.einsum("nij,ni->nj", there - here, force)


def _shaken(measured: MeasuredStretch, random: np.random.Generator) -> MeasuredStretch:
    """Key points moved as a whole and with the stride, contacts longer or shorter, the force a little larger or smaller."""
    assert measured.errors is not None and measured.force_error is not None
    turns = 2 * np.pi * (measured.time - measured.start) / (measured.stop - measured.start)
    series = np.stack([of(k * turns) for k in range(1, WAVES + 1) for of in (np.cos, np.sin)], axis=1)
    paths = {}
    for name, path in measured.paths.items():
        offset, moving = (
            np.array([getattr(axis, part) for axis in measured.errors[name]]) for part in ("offset", "moving")
        )
        moved = series @ random.normal(size=(series.shape[1], 3)) / np.sqrt(WAVES)
        paths[name] = path + offset * random.normal(size=3) + moving * moved
    ends = measured.contact_error * random.normal(size=(len(measured.contacts), 2))
    contacts = tuple(
        replace(one, initial_contact=one.initial_contact + early, toe_off=one.toe_off + late)
        for one, (early, late) in zip(measured.contacts, ends, strict=True)
    )
    force = measured.force + measured.force_error * random.normal(size=3)
    return replace(measured, paths=paths, contacts=contacts, force=force)

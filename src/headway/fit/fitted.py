"""One fitted stretch of running as plain arrays: motion, forces, moments, what accelerates the head, and how good all of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from headway.body.skeleton import Skeleton
from headway.fit.felt import FELT_ERROR
from headway.fit.film_spread import film_spread
from headway.fit.induced import GROUNDS, LEAD, POINTS, Induced, Mechanics, induced, mechanics, over_push_off
from headway.fit.kept import KeptFits
from headway.fit.loads import joint_loads
from headway.fit.measured import JOINT_STEMS, SIDES, FittedContact, MeasuredStretch
from headway.fit.model import GROUND, FitModel, evaluate
from headway.fit.problem import FORCES, HARDEST, LAWS
from headway.fit.solve import Listener, Solved, solve_stretch
from headway.recording import FloatArray
from headway.signals import low_pass
from headway.simulation.effort import ROOT

DRAWN = (
    "head_centre", "neck_base", "mid_hip",
    *(f"{name}_{side}" for name in (*JOINT_STEMS, "heel", "toe_joint", "sole_toe") for side in SIDES),
)  # fmt: skip
"""Points of the stick figure."""
UNSURE = {"head": 0.10, "torso": 0.05, "pelvis": 0.05, "thigh": 0.05, "shank": 0.05}
"""Standard errors of segment masses as shares (tables against scans differ by as much; de Leva 1996, Durkin & Dowling 2003)."""
FARTHEST, ROUGHEST = 0.025, 0.3
"""A motion whose joint centres are farther from the recording (RMS, m), or whose forces between the instants are this far from
equilibrium (RMS, body weights), is no solution, whatever the search says."""
SOFTER = 2.0
"""Factor within which the ground's stiffness is known."""
SMOOTHER = 12.0
"""Low-pass that might as well have been taken for the 20 Hz of the markers, Hz."""


@dataclass(frozen=True)
class FitQuality:
    """How good a fit is; see :class:`headway.results.fitted.BodyFound`. Squared distances are sums with their counts."""

    converged: bool
    markers: tuple[float, int]
    joints: tuple[float, int]
    force: FloatArray
    loaded: int
    violation: float
    between: float
    law: float
    depth: float
    closure: float
    optimality: float
    rounds: int
    seconds: float
    felt: tuple[float, int] = (0.0, 0)


@dataclass(frozen=True)
class FittedStretch:
    """What a fit found.

    Attributes
    ----------
    contacts
        Its stances.
    skeleton
        Of the runner.
    time
        Instants at which the equations of motion are solved, s, shape (n,).
    q, v, a
        Coordinates and derivatives, forward counted on the ground, shape (n, coordinates).
    force, soles
        On the places under the soles (N), and where these are (m), shape (n, places, 3).
    ground
        What was found of soles and ground (:attr:`headway.fit.model.FitModel.unknown`).
    moments
        Net joint moments, N·m, shape (n, joint coordinates).
    drives, by
        Accelerations by drive under the leading idea of the ground, m/s², shape (n, drives, points, 3).
    sources
        By source under all three, m/s², shape (grounds, n, sources, points, 3).
    total, speed
        Acceleration and velocity of the points, shape (n, points, 3).
    places
        Of :data:`DRAWN`, m, shape (n, points, 3).
    spread
        Standard error of the changes of velocity by what is not known of masses, ground and filter, m/s, shape (contacts, sources, points, 3).
    quality
        How good it is.
    loads
        Force on the segment beyond each joint (:func:`headway.fit.loads.joints_of`), N, shape (n, joints, 3).
    moment_error
        Standard error of the moments, N·m, where films told them; ``None`` elsewhere.
    """

    contacts: tuple[FittedContact, ...]
    skeleton: Skeleton
    time: FloatArray
    q: FloatArray
    v: FloatArray
    a: FloatArray
    force: FloatArray
    soles: FloatArray
    ground: FloatArray
    moments: FloatArray
    drives: tuple[str, ...]
    by: FloatArray
    sources: FloatArray
    total: FloatArray
    speed: FloatArray
    places: FloatArray
    spread: FloatArray
    quality: FitQuality
    loads: FloatArray
    moment_error: FloatArray | None = None

    def gained(self, ground: str, contact: FittedContact) -> FloatArray:
        """Changes of velocity over push-off by source, m/s, shape (sources, points, 3); NaN where push-off is not known."""
        return over_push_off(self.sources[GROUNDS.index(ground)], self.time, contact)


def fit_stretch(
    measured: MeasuredStretch,
    listener: Listener | None = None,
    *,
    skeleton: Skeleton | None = None,
    kept: KeptFits | None = None,
) -> FittedStretch:
    """Fit a stretch and take the accelerations apart; see :func:`headway.fit.solve.solve_stretch`."""
    solved = solve_stretch(measured, listener, skeleton=skeleton, kept=kept)
    problem, x = solved.problem, solved.unknowns
    model = problem.model
    q, v, a = problem.whole.motion_of(x)
    force = problem.sole_force(x) * model.weight
    at = mechanics(model, q, v, problem.soles(x))
    every = [induced(model.skeleton, at, a, force, ground) for ground in GROUNDS]
    lead = every[GROUNDS.index(LEAD)]
    moments = np.einsum("nij,nj->ni", at.mass, a) - at.gravity - at.velocity - np.einsum("nij,ni->nj", at.sole, force)
    contacts = _with_transitions(measured.contacts, problem.nodes, force.reshape(len(q), -1, 3).sum(1)[:, 0])
    seen = None if measured.errors is None else film_spread(solved, contacts)
    spread = _spread(solved, contacts, (q, v, a), force, at, every)
    return FittedStretch(
        contacts,
        model.skeleton,
        problem.nodes,
        q,
        v,
        a,
        force.reshape(len(q), -1, 3),
        evaluate(model.under(), q, problem.soles(x))[0].reshape(len(q), -1, 3),
        problem.soles(x),
        moments[:, ROOT:],
        lead.drives,
        lead.by,
        np.stack([one.sources() for one in every]),
        lead.total,
        np.einsum("npc,nc->np", at.point, v).reshape(len(q), len(POINTS), 3),
        evaluate(model.points(DRAWN), q)[0].reshape(len(q), -1, 3),
        spread if seen is None else np.hypot(spread, seen.gained),
        _quality(solved, lead),
        joint_loads(model, q, v, a, force.reshape(len(q), -1, 3)),
        None if seen is None else seen.moments[:, ROOT:],
    )


def _with_transitions(
    contacts: Sequence[FittedContact], time: FloatArray, forward: FloatArray
) -> tuple[FittedContact, ...]:
    """Stances with the instant at which the fitted force turns from braking into pushing, where the recording does not tell it."""
    out = []
    for one in contacts:
        if not np.isfinite(one.transition):
            length = one.toe_off - one.initial_contact
            inside = (time > one.initial_contact + 0.2 * length) & (time < one.initial_contact + 0.8 * length)
            at, rising = time[inside], forward[inside]
            turns = np.flatnonzero((rising[:-1] < 0) & (rising[1:] >= 0))
            if len(turns):
                k = turns[-1]
                share = rising[k] / (rising[k] - rising[k + 1])
                one = replace(one, transition=float(at[k] + share * (at[k + 1] - at[k])))
        out.append(one)
    return tuple(out)


def _spread(
    solved: Solved,
    contacts: Sequence[FittedContact],
    motion: tuple[FloatArray, FloatArray, FloatArray],
    force: FloatArray,
    at: Mechanics,
    every: Sequence[Induced],
) -> FloatArray:
    """Changes when a group of segments is heavier, the ground stiffer or softer, the curves smoother, another idea of the ground held."""
    problem, (q, v, a) = solved.problem, motion
    nodes, soles = problem.nodes, problem.soles(solved.unknowns)

    def gained(rates: FloatArray) -> FloatArray:
        return np.stack([over_push_off(rates, nodes, contact) for contact in contacts])

    ideas = np.stack([gained(one.sources()) for one in every])
    plain = ideas[GROUNDS.index(LEAD)]
    squares = np.square(np.ptp(ideas, axis=0)) / 12  # any of them, or any between them, as likely as the other
    for part, share in UNSURE.items():
        heavier = FitModel(_heavier(problem.model.skeleton, part, share), motion_only=True)
        other = mechanics(heavier, q, v, soles)
        squares = squares + (gained(induced(heavier.skeleton, other, a, force, LEAD).sources()) - plain) ** 2
    skeleton = problem.model.skeleton
    soft, stiff = (
        gained(induced(skeleton, at, a, force, "compliant", stiffness=GROUND.stiffness * factor).sources())
        for factor in (1 / SOFTER, SOFTER)
    )
    rate = 1 / float(nodes[1] - nodes[0])
    rates = every[GROUNDS.index(LEAD)].sources()
    smooth = low_pass(rates.reshape(len(nodes), -1), rate, SMOOTHER).reshape(rates.shape)
    return np.sqrt(squares + ((stiff - soft) / 2) ** 2 + (gained(smooth) - plain) ** 2)


def _heavier(skeleton: Skeleton, part: str, share: float) -> Skeleton:
    """The skeleton with some segments heavier and all others lighter, the whole as heavy as before."""
    own = sum(body.mass for body in skeleton.bodies if body.name.startswith(part))
    less = 1 - share * own / (skeleton.mass - own)
    factors = {body.name: 1 + share if body.name.startswith(part) else less for body in skeleton.bodies}
    bodies = (replace(b, mass=b.mass * factors[b.name], inertia=b.inertia * factors[b.name]) for b in skeleton.bodies)
    return replace(skeleton, bodies=tuple(bodies))


def _quality(solved: Solved, lead: Induced) -> FitQuality:
    problem, x = solved.problem, solved.unknowns
    model = problem.model
    q, v, a = problem.whole.motion_of(x)
    values, _ = evaluate(model.dynamics, q, v, a, problem.soles(x), problem.sole_force(x), HARDEST.smoothing)
    found = values[:, LAWS : LAWS + 3] + values[:, LAWS + 3 : LAWS + 6]
    wanted = problem.forces[:, :3] + problem.forces[:, 3:6]
    loaded = wanted[:, 1] > 0.02
    law = values[:, ROOT:LAWS][problem.standing]
    heights = evaluate(model.heights(), q, problem.soles(x))[0]
    standing = problem.standing[:, ::3]
    head = any(name.startswith("head") for name in problem.names)
    joints, between = _distances(solved, joints=True), _between(solved)
    return FitQuality(
        solved.converged and _sound(joints, between),
        _distances(solved, joints=False),
        joints,
        ((found - wanted)[loaded] ** 2).sum(0),
        int(loaded.sum()),
        solved.violation,
        between,
        float(np.sqrt((law**2).mean())),
        float(-heights[standing].min()),
        float(lead.closure()[POINTS.index("head" if head else "neck_base")]),
        solved.optimality,
        solved.rounds,
        solved.seconds,
        _missed(solved),
    )


def _sound(joints: tuple[float, int], between: float) -> bool:
    """Whether what was found is the runner's motion at all, and smooth between the instants."""
    return np.sqrt(joints[0] / max(joints[1], 1)) < FARTHEST and between < ROUGHEST


def _distances(solved: Solved, *, joints: bool) -> tuple[float, int]:
    problem = solved.problem
    places, _ = evaluate(problem.points, problem.whole.motion_of(solved.unknowns)[0])
    apart = ((places - problem.target).reshape(len(places), -1, 3) ** 2).sum(-1)
    seen = problem.seen.reshape(len(places), -1, 3)[..., 0] > 0
    own = np.array([is_joint_centre(name) == joints for name in problem.names])
    chosen = seen & own
    return float(apart[chosen].sum()), int(chosen.sum())


def _missed(solved: Solved) -> tuple[float, int]:
    """Squared misses of the accelerations that sensors felt, (m/s²)², and their number."""
    problem = solved.problem
    if problem.felt is None:
        return 0.0, 0
    missed = FELT_ERROR * problem.feels(solved.unknowns)[0]
    return float((missed**2).sum()), int((problem.felt_weight > 0).sum())


def is_joint_centre(name: str) -> bool:
    """Whether a point is a joint centre (or the neck base) rather than a marker."""
    return name.removesuffix("_left").removesuffix("_right") in (*JOINT_STEMS, "neck_base")


def _between(solved: Solved) -> float:
    """Force missing to equilibrium half way between the nodes when forces go straight from node to node, RMS, body weights."""
    problem, x = solved.problem, solved.unknowns
    time = (problem.nodes[1:] + problem.nodes[:-1]) / 2
    c = x[: problem.whole.motion].reshape(problem.splines.count, -1)
    q, v, a = (problem.splines.values(c, time, order) for order in range(3))
    force = problem.sole_force(x)
    middle = (force[1:] + force[:-1]) / 2
    values, _ = evaluate(
        problem.model.dynamics, q, v, a, problem.soles(x), middle.reshape(-1, FORCES), HARDEST.smoothing
    )
    return float(np.sqrt((values[:, :3] ** 2).sum(1).mean()))

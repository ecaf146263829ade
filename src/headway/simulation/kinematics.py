"""Joint angles that bring the points of a skeleton nearest to given paths: inverse kinematics on splines."""

from __future__ import annotations

from collections.abc import Callable

import casadi as ca
import numpy as np
import scipy.sparse as sp

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.equations import Equations
from headway.simulation.splines import StepSplines

SMOOTH = 2e-5
"""Weight of the second derivative of a coordinate by phase, m per rad: keeps still what no point shows."""
ROUNDS = 25
CLOSE = 1e-5
LONGEST = 0.5
"""Largest change of a coefficient in one round, rad or m."""


def posture(
    skeleton: Skeleton,
    splines: StepSplines,
    phases: FloatArray,
    paths: dict[str, FloatArray],
    weights: dict[str, float],
    start: FloatArray,
) -> FloatArray:
    """Spline coefficients of the coordinates that come nearest to measured paths.

    Parameters
    ----------
    skeleton
        Whose points.
    splines
        Its coordinates over the step.
    phases
        Instants of the step, shape (n,).
    paths
        Places of points at the instants, m, shape (n, 3), in a frame that moves with the mean speed.
    weights
        Of the points; 1 where not named.
    start
        Coefficients to start from, shape (size,).

    Notes
    -----
    Levenberg–Marquardt on all instants together, so that the motion is as smooth as the splines.
    """
    equations = Equations(skeleton)
    names = list(paths)
    places = ca.vertcat(*(equations.points[name] for name in names))
    slope = ca.jacobian(places, equations.q)
    function = ca.Function("places", [equations.q], [places, slope]).map(len(phases))
    weight = np.repeat([np.sqrt(weights.get(name, 1.0)) for name in names], 3)
    target = np.stack([paths[name] for name in names], axis=1).reshape(len(phases), -1)
    rows = sp.csr_matrix(splines.rows(phases).reshape(-1, splines.size))
    curved = sp.csr_matrix(SMOOTH * splines.rows(phases, 2).reshape(-1, splines.size))
    shape = (len(phases), target.shape[1], len(skeleton.names))

    def residual(coefficients: FloatArray) -> tuple[FloatArray, sp.csr_matrix]:
        q = (rows @ coefficients).reshape(len(phases), -1)
        found, steep = (np.asarray(one) for one in function(q.T))
        steep = steep.reshape(shape[1], shape[0], shape[2]).transpose(1, 0, 2) * weight[:, None]
        left = np.concatenate([((found.T - target) * weight).ravel(), curved @ coefficients])
        jacobian = sp.block_diag(list(steep), format="csr") @ rows
        return left, sp.csr_matrix(sp.vstack([jacobian, curved]))

    return _descend(residual, start)


def _descend(residual: Callable[[FloatArray], tuple[FloatArray, sp.csr_matrix]], start: FloatArray) -> FloatArray:
    """Levenberg–Marquardt: variables of least squared residuals."""
    x, damping = start.copy(), 1e-4
    left, slope = residual(x)
    for _ in range(ROUNDS):
        normal = (slope.T @ slope).toarray()
        step = np.linalg.solve(normal + damping * np.eye(len(x)), -(slope.T @ left))
        step = np.clip(step, -LONGEST, LONGEST)
        new_left, new_slope = residual(x + step)
        before, after = float(left @ left), float(new_left @ new_left)
        if after < before:
            x, left, slope, damping = x + step, new_left, new_slope, max(damping / 5, 1e-8)
            if 1.0 - after / before < CLOSE:
                break
        else:
            damping *= 10
    return x

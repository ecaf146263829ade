"""Normal equations of a fit: small matrices of single instants brought together through the splines, forces taken out on the way."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from headway.fit.splines import DEGREE, ORDER, FreeSplines
from headway.recording import FloatArray

LEAST = 1.0
"""What is added to a diagonal before damping multiplies it, in units of the problem: nothing is quite undamped."""


class Assembly:
    """Where the variables of single instants are among all unknowns.

    Parameters
    ----------
    splines
        Of the coordinates.
    common
        Number of unknowns that all instants share.
    own
        Number of unknowns of one instant alone.
    stiff
        Weight of the third derivative of each coordinate, shape (coordinates,).
    """

    def __init__(self, splines: FreeSplines, common: int, own: int, stiff: FloatArray) -> None:
        self.splines, self.common, self.own = splines, common, own
        self.n = splines.coordinates
        self.motion = splines.count * self.n
        self.shared = self.motion + common
        self.size = self.shared + len(splines.nodes) * own
        self.maps = [splines.weights(splines.nodes, order) for order in range(4)]
        self.first = self.maps[0][0] * self.n
        eye = np.eye(self.n)
        self.spread = np.stack(
            [np.vstack([np.kron(self.maps[d][1][k], eye) for d in range(3)]) for k in range(len(self.first))]
        )
        """From the coefficients that matter at an instant to q, v, a: shape (nodes, 3 n, 6 n)."""
        self.smooth = self._smooth(stiff)

    def _smooth(self, stiff: FloatArray) -> FloatArray:
        """Matrix of the squared weighted third derivatives."""
        first, weights = self.maps[3]
        single = np.zeros((self.splines.count, self.splines.count))
        for start, own in zip(first, weights, strict=True):
            single[start : start + ORDER, start : start + ORDER] += np.outer(own, own)
        out = np.zeros((self.motion, self.motion))
        for shift in range(-DEGREE, DEGREE + 1):
            rows = np.arange(max(0, -shift), self.splines.count - max(0, shift))
            for i, value in zip(rows, single[rows, rows + shift], strict=True):
                at = np.arange(i * self.n, (i + 1) * self.n)
                out[at, at + shift * self.n] = value * stiff**2
        return out

    def motion_of(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """q, v and a at the nodes, shape (nodes, coordinates) each."""
        c = x[: self.motion].reshape(-1, self.n)
        q, v, a = (np.einsum("nk,nkc->nc", w, c[first[:, None] + np.arange(ORDER)]) for first, w in self.maps[:3])
        return q, v, a


class Normal:
    """A quadratic model of the cost about one point.

    Parameters
    ----------
    assembly
        Where things are.
    cost
        At the point.
    slope, matrix
        Of single instants by q, v, a, the common unknowns and the instant's own, shape (nodes, m) and (nodes, m, m).
    alone
        Gradient by all unknowns of what is not in instants, shape (shared,), and the diagonal of its matrix by the common ones.
    """

    def __init__(
        self,
        assembly: Assembly,
        cost: float,
        slope: FloatArray,
        matrix: FloatArray,
        alone: tuple[FloatArray, FloatArray],
    ) -> None:
        self.assembly, self.cost, self.slope, self.matrix, self.alone = assembly, cost, slope, matrix, alone
        self.violation = float("nan")
        """Greatest miss of the equations of motion, body weights, where there are any."""

    def step(self, damping: float) -> FloatArray:
        """Levenberg–Marquardt step of all unknowns, shape (size,).

        Raises
        ------
        LinAlgError
            The damped matrix is not positive definite.
        """
        a, local = self.assembly, 3 * self.assembly.n + self.assembly.common
        matrix, slope = self.matrix[:, :local, :local], self.slope[:, :local]
        solved = None
        if a.own:
            own = self.matrix[:, local:, local:].copy()
            index = np.arange(a.own)
            own[:, index, index] += damping * (np.abs(own[:, index, index]) + LEAST) + 1e-9
            np.linalg.cholesky(own)  # raises if it is not positive definite
            cross = self.matrix[:, local:, :local]
            solved = np.linalg.solve(own, np.concatenate([cross, self.slope[:, local:, None]], axis=-1))
            matrix = matrix - np.einsum("nij,nik->njk", cross, solved[..., :-1])
            slope = slope - np.einsum("nij,ni->nj", cross, solved[..., -1])
        full, gradient = self._assembled(matrix, slope)
        diagonal = np.arange(a.shared)
        full[diagonal, diagonal] += damping * (np.abs(self._diagonal()) + LEAST)
        factor = cho_factor(full, lower=True, overwrite_a=True, check_finite=False)
        moved = -cho_solve(factor, gradient, check_finite=False)
        if solved is None:
            return moved
        common = moved[a.motion :]
        inner = np.stack([a.spread[k] @ moved[start : start + ORDER * a.n] for k, start in enumerate(a.first)])
        local_step = np.hstack([inner, np.tile(common, (len(inner), 1))])
        own_step = -solved[..., -1] - np.einsum("nij,nj->ni", solved[..., :-1], local_step)
        return np.concatenate([moved, own_step.ravel()])

    def _assembled(self, matrix: FloatArray, slope: FloatArray) -> tuple[FloatArray, FloatArray]:
        a, part = self.assembly, 3 * self.assembly.n
        full = np.zeros((a.shared, a.shared))
        full[: a.motion, : a.motion] = a.smooth
        gradient = self.alone[0].copy()
        last = slice(a.motion, a.shared)
        for k, start in enumerate(a.first):
            inside, spread = slice(start, start + ORDER * a.n), a.spread[k]
            full[inside, inside] += spread.T @ matrix[k, :part, :part] @ spread
            full[last, inside] += matrix[k, part:, :part] @ spread
            gradient[inside] += spread.T @ slope[k, :part]
        full[last, last] += matrix[:, part:, part:].sum(0) + np.diag(self.alone[1])
        gradient[last] += slope[:, part:].sum(0)
        return full, gradient

    def _diagonal(self) -> FloatArray:
        """Diagonal of the matrix before the instants' own unknowns are taken out."""
        a, part = self.assembly, 3 * self.assembly.n
        out = np.concatenate([np.diag(a.smooth), self.alone[1]])
        for k, start in enumerate(a.first):
            spread = a.spread[k]
            out[start : start + ORDER * a.n] += np.einsum("ij,ij->j", spread, self.matrix[k, :part, :part] @ spread)
        out[a.motion :] += np.diagonal(
            self.matrix[:, part : part + a.common, part : part + a.common], axis1=1, axis2=2
        ).sum(0)
        return out

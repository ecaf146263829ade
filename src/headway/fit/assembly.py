"""Normal equations of a fit: small matrices of single instants brought together through the splines, forces taken out on the way."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from scipy.linalg import cho_factor, cho_solve, cho_solve_banded, cholesky_banded

from headway.fit.splines import ORDER, FreeSplines
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
        self.width = ORDER * self.n
        self.weights = np.stack([self.maps[d][1] for d in range(3)], axis=1)
        """From the coefficients that matter at an instant to q, v, a, each coordinate alike: shape (nodes, 3, 6)."""
        self.stiff = stiff**2
        first, weights = self.maps[3]
        self.bend = np.zeros((splines.count, splines.count))
        for start, own_weights in zip(first, weights, strict=True):
            self.bend[start : start + ORDER, start : start + ORDER] += np.outer(own_weights, own_weights)

    def bent(self, x: FloatArray) -> FloatArray:
        """Gradient of half the squared weighted third derivatives by the motion's unknowns, shape (motion,)."""
        return (self.bend @ x[: self.motion].reshape(-1, self.n) * self.stiff).ravel()

    def smooth(self) -> FloatArray:
        """Matrix of the squared weighted third derivatives as its lower band, shape (width, motion)."""
        band = np.zeros((self.width, self.motion))
        for shift in range(ORDER):
            below = np.diagonal(self.bend, -shift)
            band[shift * self.n, : len(below) * self.n] = np.outer(below, self.stiff).ravel()
        return band

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
            matrix = matrix - cross.transpose(0, 2, 1) @ solved[..., :-1]
            slope = slope - (cross.transpose(0, 2, 1) @ solved[..., -1:])[..., 0]
        moved = self._solved(matrix, slope, damping)
        if solved is None:
            return moved
        coefficients = moved[: a.motion].reshape(-1, a.n)[a.maps[0][0][:, None] + np.arange(ORDER)]
        inner = (a.weights @ coefficients).reshape(len(slope), -1)
        local_step = np.hstack([inner, np.tile(moved[a.motion :], (len(inner), 1))])
        own_step = -solved[..., -1] - (solved[..., :-1] @ local_step[..., None])[..., 0]
        return np.concatenate([moved, own_step.ravel()])

    def _solved(self, matrix: FloatArray, slope: FloatArray, damping: float) -> FloatArray:
        """Step of motion and common unknowns: a band, bordered by what all instants share."""
        a, part = self.assembly, 3 * self.assembly.n
        # both triangles are added, to a band with room above for the one that is not needed
        room = np.zeros((2 * a.width - 1, a.motion))
        band, border, gradient = room[a.width - 1 :], np.zeros((a.common, a.motion)), self.alone[0].copy()
        band += a.smooth()
        down, right = room.strides
        sides = matrix[:, part:, :part].reshape(-1, a.common, 3, a.n).transpose(0, 1, 3, 2) @ a.weights[:, None]
        slopes = slope[:, :part].reshape(-1, 3, a.n).transpose(0, 2, 1) @ a.weights
        for k, (start, block) in enumerate(zip(a.first, self._spread(matrix), strict=True)):
            inside = slice(start, start + a.width)
            as_strided(band[:, start:], block.shape, (down, right - down))[...] += block
            border[:, inside] += sides[k].transpose(0, 2, 1).reshape(a.common, -1)
            gradient[inside] += slopes[k].T.ravel()
        corner = matrix[:, part:, part:].sum(0) + np.diag(self.alone[1])
        gradient[a.motion :] += slope[:, part:].sum(0)
        diagonal = damping * (np.abs(self._diagonal()) + LEAST)
        band[0] += diagonal[: a.motion]
        corner += np.diag(diagonal[a.motion :])
        factor = cholesky_banded(band, overwrite_ab=True, lower=True, check_finite=False), True
        back = cho_solve_banded(factor, np.column_stack([border.T, gradient[: a.motion]]), check_finite=False)
        rest = cho_factor(corner - border @ back[:, :-1], lower=True, check_finite=False)
        common = -cho_solve(rest, gradient[a.motion :] - border @ back[:, -1], check_finite=False)
        return np.concatenate([-back[:, -1] - back[:, :-1] @ common, common])

    def _spread(self, matrix: FloatArray) -> FloatArray:
        """Matrices of instants by the coefficients that matter there, shape (nodes, width, width)."""
        a, count = self.assembly, len(matrix)
        part = np.ascontiguousarray(matrix[:, : 3 * a.n, : 3 * a.n]).reshape(count, 3, -1)
        left = a.weights.transpose(0, 2, 1) @ part
        left = left.reshape(count, ORDER * a.n, 3, a.n).transpose(0, 1, 3, 2) @ a.weights[:, None]
        return left.transpose(0, 1, 3, 2).reshape(count, a.width, a.width)

    def _diagonal(self) -> FloatArray:
        """Diagonal of the matrix before the instants' own unknowns are taken out."""
        a, part = self.assembly, 3 * self.assembly.n
        out = np.concatenate([np.outer(np.diag(a.bend), a.stiff).ravel(), self.alone[1]])
        blocks = self.matrix[:, :part, :part].reshape(-1, 3, a.n, 3, a.n)
        own = np.diagonal(blocks, axis1=2, axis2=4)
        added = np.einsum("kdi,kdem,kei->kim", a.weights, own, a.weights, optimize=True).reshape(len(own), -1)
        for start, values in zip(a.first, added, strict=True):
            out[start : start + a.width] += values
        shared = self.matrix[:, part : part + a.common, part : part + a.common]
        out[a.motion :] += np.diagonal(shared, axis1=1, axis2=2).sum(0)
        return out

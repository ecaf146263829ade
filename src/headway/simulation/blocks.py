"""A nonlinear program made of many small blocks that see the decision variables only through constant matrices.

Each block evaluates one function of local variables p = S x, so gradient, Jacobian and Hessian of the whole are products of sparse
constants with small exact derivatives. Colouring the whole graph instead costs about ten times as much for a running step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import casadi as ca
import numpy as np
import scipy.sparse as sp

from headway.recording import FloatArray

Symbol = Any
Matrix = Any
"""A SciPy sparse matrix, whose shape the stubs leave open."""


@dataclass(frozen=True)
class BlockFamily:
    """Blocks that evaluate the same function at different places.

    Attributes
    ----------
    name
        Of the family.
    local
        Local variables, SX, shape (p,).
    cost
        SX scalar in the local variables and the parameters; the program's cost is the sum over all blocks.
    constraints
        SX, shape (g,).
    rows
        Matrix that takes the decision variables to the local variables of all blocks, shape (blocks * p, decision variables).
    lower, upper
        Bounds of the constraints, shape (g,) or (blocks, g).
    summed
        The constraints hold for the sum over the blocks, not for each.
    known, data
        Symbols (SX, shape (d,)) for numbers that differ from block to block, and their values, shape (blocks, d).
    """

    name: str
    local: Symbol
    cost: Symbol
    constraints: Symbol
    rows: Matrix
    lower: FloatArray
    upper: FloatArray
    summed: bool = False
    known: Symbol = field(default_factory=lambda: ca.SX(0, 1))
    data: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return self.rows.shape[0] // self.local.shape[0]

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Bounds of all constraint rows of this family."""
        shape = (1 if self.summed else self.blocks, self.constraints.shape[0])
        return np.broadcast_to(self.lower, shape).ravel(), np.broadcast_to(self.upper, shape).ravel()


class Program:
    """The sum of families, ready for IPOPT.

    Parameters
    ----------
    families
        All with the same decision variables.
    parameters
        SX of numbers that may change between solutions, shape (k,).
    """

    def __init__(self, families: Sequence[BlockFamily], parameters: Symbol) -> None:
        self.families = tuple(families)
        self._x = ca.MX.sym("x", families[0].rows.shape[1])
        self._p = ca.MX.sym("p", parameters.shape[0])
        self._weight = ca.MX.sym("weight")
        parts = [_Part(family, parameters, self._x, self._p, self._weight) for family in families]
        self._cost = sum((part.cost for part in parts), ca.MX(0))
        self._constraints = ca.vertcat(*(part.constraints for part in parts))
        gradient = sum((part.gradient for part in parts), ca.MX.zeros(self._x.shape[0]))
        jacobian = ca.vertcat(*(part.jacobian for part in parts))
        multipliers = ca.vertcat(*(part.multipliers for part in parts))
        hessian = sum((part.hessian for part in parts), ca.MX(*self._x.shape[:1] * 2))
        x, p = self._x, self._p
        self._functions = {
            "grad_f": ca.Function("nlp_grad_f", [x, p], [self._cost, gradient], ["x", "p"], ["f", "grad_f_x"]),
            "jac_g": ca.Function("nlp_jac_g", [x, p], [self._constraints, jacobian], ["x", "p"], ["g", "jac_g_x"]),
            "hess_lag": self._lagrangian(parts, multipliers, hessian),
        }
        self.values = ca.Function("values", [x, p], [self._cost, self._constraints])
        """Cost and constraints at given decision variables and parameters."""

    def _lagrangian(self, parts: Sequence[_Part], multipliers: Symbol, hessian: Symbol) -> Any:
        x, p, weight = self._x, self._p, self._weight
        inner = ca.Function("inner", [x, p, weight, *(part.multipliers for part in parts)], [ca.triu(hessian)])
        every = ca.MX.sym("multipliers", multipliers.shape[0])
        cuts = np.cumsum([0, *(part.multipliers.shape[0] for part in parts)]).tolist()
        out = inner(x, p, weight, *ca.vertsplit(every, cuts))
        return ca.Function(
            "nlp_hess_l", [x, p, weight, every], [out], ["x", "p", "lam_f", "lam_g"], ["triu_hess_gamma_x_x"]
        )

    def solver(self, options: dict[str, Any], callback: Any = None) -> Any:
        """IPOPT for this program (Wächter & Biegler 2006); options as CasADi's ``nlpsol`` takes them."""
        program = {"x": self._x, "p": self._p, "f": self._cost, "g": self._constraints}
        extra = {} if callback is None else {"iteration_callback": callback}
        return ca.nlpsol("step", "ipopt", program, {**self._functions, **options, **extra})


class _Part:
    """One family's share of the program as CasADi MX."""

    def __init__(self, family: BlockFamily, parameters: Symbol, x: Symbol, p: Symbol, weight: Symbol) -> None:
        local, m, g = family.local, family.blocks, family.constraints.shape[0]
        size = local.shape[0]
        rows = to_dm(family.rows)
        at = ca.reshape(rows @ x, size, m)
        data = ca.DM(family.data.T) if family.data.size else ca.DM(0, m)
        place = (at, ca.repmat(p, 1, m), data)
        arguments = [local, parameters, family.known]
        values = ca.Function("values", arguments, [family.cost, family.constraints])
        cost, constraints = values.map(m)(*place)
        self.cost = ca.sum2(cost)
        slope = ca.Function("slope", arguments, [ca.gradient(family.cost, local)]).map(m)(*place)
        self.gradient = rows.T @ ca.vec(slope)
        steepness = ca.Function("steepness", arguments, [ca.jacobian(family.constraints, local)]).map(m)(*place)
        blocks = ca.horzsplit(steepness, size) if m > 1 else [steepness]
        if family.summed:
            self.constraints, self.jacobian = ca.sum2(constraints), ca.horzcat(*blocks) @ rows
        else:
            self.constraints, self.jacobian = ca.vec(constraints), ca.diagcat(*blocks) @ rows
        self.multipliers = ca.MX.sym(f"multipliers_{family.name}", g if family.summed else g * m)
        own = ca.SX.sym("weight"), ca.SX.sym("multipliers", g)
        lagrangian = own[0] * family.cost + ca.dot(own[1], family.constraints)
        curvature = ca.Function("curvature", [*arguments, *own], [ca.hessian(lagrangian, local)[0]])
        spread = ca.repmat(self.multipliers, 1, m) if family.summed else ca.reshape(self.multipliers, g, m)
        curved = curvature.map(m)(*place, ca.repmat(weight, 1, m), spread)
        curved = ca.horzsplit(curved, size) if m > 1 else [curved]
        self.hessian = rows.T @ (ca.diagcat(*curved) @ rows)


def to_dm(matrix: Matrix) -> Any:
    """CasADi's form of a SciPy matrix."""
    columns: Matrix = sp.csc_matrix(matrix)
    columns.sort_indices()
    rows, width = (int(n) for n in columns.shape)
    pattern = ca.Sparsity(rows, width, columns.indptr.tolist(), columns.indices.tolist())
    return ca.DM(pattern, columns.data)

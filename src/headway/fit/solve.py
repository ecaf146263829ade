"""Solve a fit: Levenberg–Marquardt, and multipliers that make the laws hold (augmented Lagrangian: Nocedal & Wright 2006, ch. 17.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError

from headway.fit.assembly import Normal
from headway.fit.problem import LAWS, FitProblem, Stage
from headway.recording import FloatArray

STAGES = (
    Stage(0.1, 0.1, 0.006, 3.0, 5.0),
    Stage(0.01, 0.03, 0.006, 1.0, 3.0),
    Stage(0.003, 0.01, 0.004, 0.5),
    Stage(0.003, 0.01, 0.002, 0.2),
    Stage(0.003, 0.01, 0.001, 0.1),
)
"""From soft to stiff."""
LAST = Stage(0.001, 0.01, 0.001, 0.1, rounds=15, close=1e-3)
HARD = Stage(1e-5, 0.01, 0.001, 0.1)
ENOUGH = 1e-6
"""Body weights by which a law may be missed."""
Listener = Callable[[int, float], None]


@dataclass
class Descent:
    """Levenberg–Marquardt with a memory of its damping.

    Attributes
    ----------
    damping
        At present.
    rounds
        Steps taken or tried so far.
    """

    damping: float = 1e-4
    rounds: int = 0

    def run(
        self, function: Callable[[FloatArray], Normal], x: FloatArray, rounds: int, close: float
    ) -> tuple[FloatArray, Normal]:
        """Go down until a step gains less than a share ``close``; a function is made at most ``rounds`` times."""
        normal = function(x)
        for _ in range(rounds):
            self.rounds += 1
            try:
                step = normal.step(self.damping)
            except (LinAlgError, np.linalg.LinAlgError):
                self.damping = max(self.damping * 10, 1e-6)
                continue
            after = function(x + step)
            if not np.isfinite(after.cost) or after.cost >= normal.cost:
                self.damping = max(self.damping * 10, 1e-8)
                continue
            gain = 1 - after.cost / normal.cost
            x, normal = x + step, after
            self.damping = max(self.damping / 10, 1e-10)
            if gain < close:
                break
        return x, normal

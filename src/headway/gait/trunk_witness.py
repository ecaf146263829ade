"""What the trunk's rise and fall says about contact: a witness beside the key points of the feet.

The ground force of the sine model (Morin 2005; science D13) has at step frequency the share 2 cos(pi x) / (1 - 4 x²) of body weight, x = contact time /
step time: the shorter the contact, the harder the bounce. Hips move more than the centre of mass, by how much differs between runners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.camera.film_errors import film_errors
from headway.gait.film_stride import MeanStride
from headway.recording import GRAVITY, FloatArray

SHARES = np.linspace(0.05, 1.3, 500)
"""Contact times that are looked at, step times."""
STEP, SLOW = 1, 3
"""Column of the harmonics at step frequency, and how many more harmonics an estimate needs."""


def sine_bounce(share: FloatArray | float) -> FloatArray:
    """Vertical acceleration (g) at step frequency of a runner with a half-sine force over this share of the step."""
    x = np.asarray(share, float)
    x = np.where(np.abs(x - 0.5) < 1e-6, 0.5 + 1e-6, x)
    return 2 * np.cos(np.pi * x) / (1 - 4 * x**2)


def hips_bounce(means: Sequence[MeanStride]) -> float:
    """Vertical acceleration (g) of the hips at step frequency over the feet's mean strides."""
    return float(np.mean([abs(one.waves[STEP, 4]) * (4 * np.pi * one.frequency) ** 2 for one in means])) / GRAVITY


@dataclass(frozen=True)
class TrunkWitness:
    """Contact time that the trunk's bounce tells, s, and its standard error."""

    contact_time: float
    error: float

    def contradicts(self, contact_time: float, error: float, times: float = 1.96) -> bool:
        """Whether a contact time with this standard error differs from it by more than so many standard errors of the difference."""
        return abs(contact_time - self.contact_time) > times * float(np.hypot(error, self.error))


def trunk_witness(bounce: float, step_time: float) -> TrunkWitness:
    """Tell the contact time from the hips' vertical acceleration (g) at step frequency and the step time (s)."""
    table = film_errors()
    spread = table.bounce * np.exp(table.bounce_spread * np.array([-1.0, 0.0, 1.0]))
    shares = np.interp(-bounce / spread, -sine_bounce(SHARES), SHARES)
    return TrunkWitness(float(shares[1]) * step_time, float(shares[2] - shares[0]) / 2 * step_time)

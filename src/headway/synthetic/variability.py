"""Step-to-step variability of the synthetic runner: one number per step, and smooth passages between them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from headway.recording import FloatArray
from headway.synthetic.jets import Jet
from headway.synthetic.parameters import StepVariability

LENGTH = 8192
"""Steps before the numbers repeat (about 50 min)."""
QUANTITIES = ("contact_time", "lateral_amplitude", "head_gain", "step_width")


class Variability:
    """Deviations per step, each a first-order autoregression with the standard deviation asked for.

    Parameters
    ----------
    noise
        What varies and how much.
    """

    def __init__(self, noise: StepVariability) -> None:
        self.noise = noise

    @cached_property
    def _series(self) -> dict[str, FloatArray]:
        rho = self.noise.correlation
        out = {}
        for k, name in enumerate(QUANTITIES):
            fresh = np.random.default_rng([self.noise.seed, k]).standard_normal(LENGTH + 100)
            steady = lfilter([np.sqrt(1.0 - rho**2)], [1.0, -rho], fresh)[100:]
            out[name] = getattr(self.noise, name) * np.asarray(steady, float)
        return out

    def of_step(self, quantity: str, step: npt.ArrayLike) -> FloatArray:
        """Deviation of the given steps, in the unit of the parameter; any shape."""
        index = np.asarray(step)
        if getattr(self.noise, quantity) == 0.0:
            return np.zeros(index.shape)
        return self._series[quantity][index % LENGTH]

    def passing(self, quantity: str, steps: Jet) -> Jet:
        """Deviation that passes smoothly (to the second derivative) from one midstance to the next.

        Parameters
        ----------
        quantity
            One of ``QUANTITIES``.
        steps
            Time in steps, whole numbers at midstances, shape (n,).
        """
        index = np.floor(steps.value).astype(int)
        before, after = self.of_step(quantity, index), self.of_step(quantity, index + 1)
        return smooth_step(steps - index) * (after - before) + before


def smooth_step(u: Jet) -> Jet:
    """Quintic from 0 to 1 on 0 <= u <= 1 with flat ends (minimum jerk, Flash & Hogan 1985)."""
    return u * u * u * (u * (u * 6.0 - 15.0) + 10.0)

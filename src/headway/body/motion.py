"""Filtered motion of named points, with their derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import xarray as xr

from headway.body.table import PointTable
from headway.recording import FloatArray
from headway.signals import derivative, second_derivative


class Motion(PointTable):
    """Positions of named points at the frames of a recording, with velocities and accelerations made when asked for.

    Parameters
    ----------
    points
        Filtered, oriented positions, dims ``time, point, axis``, m; a point seen in any frame counts as there.
    cutoff
        Low-pass that was applied, Hz: part of every result.
    """

    def __init__(self, points: xr.DataArray, cutoff: float) -> None:
        super().__init__(points, seen=0.0)
        self.time: FloatArray = points["time"].to_numpy()
        self.rate = float(1.0 / np.median(np.diff(self.time)))
        self.cutoff = cutoff
        self._velocity: dict[str, FloatArray] = {}
        self._acceleration: dict[str, FloatArray] = {}

    def moved(self, names: Sequence[str], offset: FloatArray) -> Motion:
        """The same motion with some of its points moved by ``offset``, m, shape (3,) or (frames, 3)."""
        out = copy(self)
        out._velocity, out._acceleration = {}, {}
        out._arrays = {name: path + offset if name in names else path for name, path in self._arrays.items()}
        return out

    def position(self, name: str) -> FloatArray:
        """Position, m, shape (frames, 3)."""
        return self[name]

    def velocity(self, name: str) -> FloatArray:
        """Velocity, m/s, shape (frames, 3)."""
        if name not in self._velocity:
            self._velocity[name] = derivative(self[name], self.rate)
        return self._velocity[name]

    def acceleration(self, name: str) -> FloatArray:
        """Acceleration, m/s², shape (frames, 3)."""
        if name not in self._acceleration:
            self._acceleration[name] = second_derivative(self[name], self.rate)
        return self._acceleration[name]

"""Filtered motion of named points, with their derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import xarray as xr

from headway.recording import FloatArray
from headway.signals import derivative, second_derivative


class Motion:
    """Positions of named points at the frames of a recording, with velocities and accelerations made when asked for.

    Parameters
    ----------
    points
        Filtered, oriented positions, dims ``time, point, axis``, m.
    cutoff
        Low-pass that was applied, Hz: part of every result.
    """

    def __init__(self, points: xr.DataArray, cutoff: float) -> None:
        self.time: FloatArray = points["time"].to_numpy()
        self.rate = float(1.0 / np.median(np.diff(self.time)))
        self.cutoff = cutoff
        values = points.transpose("time", "point", "axis").to_numpy()
        self._position = {str(name): values[:, k] for k, name in enumerate(points["point"].to_numpy())}
        self._seen = {name for name, position in self._position.items() if np.isfinite(position).any()}
        self._velocity: dict[str, FloatArray] = {}
        self._acceleration: dict[str, FloatArray] = {}

    def names(self) -> list[str]:
        """Names of all points."""
        return list(self._position)

    def has(self, *names: str) -> bool:
        """Tell whether every named point is there in at least one frame."""
        return self._seen.issuperset(names)

    def add(self, name: str, position: FloatArray) -> None:
        """Add a derived point, m, shape (frames, 3)."""
        self._position[name] = position
        if np.isfinite(position).any():
            self._seen.add(name)

    def moved(self, names: Sequence[str], offset: FloatArray) -> Motion:
        """The same motion with some of its points moved by ``offset``, m, shape (3,)."""
        out = copy(self)
        out._position = {name: path + offset if name in names else path for name, path in self._position.items()}
        return out

    def position(self, name: str) -> FloatArray:
        """Position, m, shape (frames, 3)."""
        return self._position[name]

    def velocity(self, name: str) -> FloatArray:
        """Velocity, m/s, shape (frames, 3)."""
        if name not in self._velocity:
            self._velocity[name] = derivative(self._position[name], self.rate)
        return self._velocity[name]

    def acceleration(self, name: str) -> FloatArray:
        """Acceleration, m/s², shape (frames, 3)."""
        if name not in self._acceleration:
            self._acceleration[name] = second_derivative(self._position[name], self.rate)
        return self._acceleration[name]

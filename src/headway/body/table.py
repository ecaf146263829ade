"""Points by name as plain arrays: xarray is left once, before the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from headway.recording import AXES, FloatArray, make_points

SEEN = 0.1
"""A point seen in a smaller share of the frames counts as not there."""


class PointTable:
    """Oriented points as arrays of shape (frames, 3), m, by name; those that are hardly ever seen are left out.

    Parameters
    ----------
    points
        Dims ``time, point, axis`` with the axes ``forward, up, right``.
    oriented
        ``False`` for what is true in any axes: distances and rigid fits.
    seen
        A point seen in a smaller share of the frames, or in none, counts as not there.
    """

    def __init__(self, points: xr.DataArray, *, oriented: bool = True, seen: float = SEEN) -> None:
        self.axes = axes = tuple(str(axis) for axis in points["axis"].to_numpy())
        if oriented and axes != AXES:
            raise ValueError(f"points have the axes {axes}; orient them to {AXES} first")
        self.source = points.transpose("time", "point", "axis")
        values = self.source.to_numpy()
        names = [str(name) for name in self.source["point"].to_numpy()]
        # one axis may be missing altogether (film); a point counts as seen if any axis is
        finite = np.isfinite(values)
        share = (finite[..., 0] | finite[..., 1] | finite[..., 2]).mean(0)
        self.frames = len(values)
        self._arrays = {name: values[:, k] for k, name in enumerate(names) if share[k] >= seen and share[k] > 0}
        self._changed: dict[str, FloatArray] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> FloatArray:
        return self._arrays[name]

    def __setitem__(self, name: str, values: FloatArray) -> None:
        self._arrays[name] = values
        self._changed[name] = values

    def names(self) -> list[str]:
        """Names of the points that are there."""
        return list(self._arrays)

    def has(self, *names: str) -> bool:
        """Tell whether all are there."""
        return all(name in self._arrays for name in names)

    def present(self, names: Iterable[str]) -> list[str]:
        """Those that are there."""
        return [name for name in names if name in self._arrays]

    def first(self, *names: str) -> str | None:
        """Name the first that is there."""
        return next((name for name in names if name in self._arrays), None)

    def stack(self, names: Sequence[str]) -> FloatArray:
        """Several points, m, shape (frames, points, 3)."""
        return np.stack([self._arrays[name] for name in names], axis=1)

    def mean(self, *names: str) -> FloatArray:
        """Mean of several points, m, shape (frames, 3); NaN where one of them is missing."""
        return sum((self._arrays[name] for name in names[1:]), self._arrays[names[0]]) / len(names)

    def distance(self, one: str, other: str) -> float:
        """Median distance of two points, m; NaN when they are never seen together."""
        length = np.linalg.norm(self._arrays[one] - self._arrays[other], axis=1)
        return float(np.median(length[np.isfinite(length)])) if np.isfinite(length).any() else float("nan")

    def to_points(self) -> xr.DataArray:
        """Give the points with all changes and additions, in the order of the source, additions last."""
        names = [str(name) for name in self.source["point"].to_numpy()]
        values = self.source.to_numpy()
        added = [name for name in self._changed if name not in names]
        if any(name in self._changed for name in names):
            values = values.copy()
            for name in set(names) & set(self._changed):
                values[:, names.index(name)] = self._changed[name]
        if added:
            values = np.concatenate([values, np.stack([self._changed[name] for name in added], axis=1)], axis=1)
        return make_points(self.source["time"].to_numpy(), [*names, *added], values, self.axes).assign_attrs(
            self.source.attrs
        )

"""Where a small patch of a picture is found again, to a fraction of a pixel: it is laid over the mean of its own neighbours in time.

Gauss–Newton on the patch's place with brightness gain and offset set free (Lucas & Kanade 1981; Baker & Matthews 2004, inverse
compositional). The template is the mean of the aligned patches of the second before and after, so it renews itself slowly; because every
patch begins at the place it was cut for, the mean place within that window cannot drift away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray

Patches = npt.NDArray[np.float32]

ROUNDS, CLOSE, LONGEST = 10, 0.01, 2.0
"""Steps of the search, the step at which it ends and the longest one, px."""
PASSES = 3
"""How often templates are made and patches laid over them."""
SEGMENT, HALF = 0.5, 1.0
"""Patches of so many seconds share a template, which takes in so many seconds before and after them."""
WORST = 0.2
"""Share of patches, those that fitted worst, that have no part in a template."""
GREY_NOISE = 10.0
"""Variance of brightness (grey levels squared) at which a place of the template keeps a quarter of its weight: what changes is background."""
LEAST_GAIN = 0.3
"""Least contrast of a patch to its template in a step of the search."""


@dataclass(frozen=True)
class Registered:
    """Where every patch of a stack shows what the template shows.

    Attributes
    ----------
    shift
        x right, y down from where the patch was cut, px of the patch, shape (patches, 2).
    fit
        Weighted correlation with the template there, at most 1, shape (patches,).
    """

    shift: FloatArray
    fit: FloatArray


class Lattice:
    """The places of a patch that count, and their weights.

    Parameters
    ----------
    mask
        Weight of every place, 0 to 1, shape (side, side).
    """

    def __init__(self, mask: FloatArray) -> None:
        rows, columns = np.nonzero(mask > 1e-3)
        self.box = (slice(rows.min() - 1, rows.max() + 2), slice(columns.min() - 1, columns.max() + 2))
        y, x = np.mgrid[self.box]
        self.shape, middle = x.shape, (len(mask) - 1) / 2
        # Single precision: half the time, and a ten-thousandth of a px.
        self._x, self._y, self._middle = (
            np.float32(x.ravel() - middle),
            np.float32(y.ravel() - middle),
            np.float32(middle),
        )
        self.weights = mask[self.box].ravel()

    def sample(
        self, patches: Patches, shift: FloatArray, zoom: FloatArray, chosen: npt.NDArray[np.intp] | None = None
    ) -> Patches:
        """Brightness at the lattice's places, moved by ``shift`` and spread by ``zoom``, shape (patches, places); bilinear.

        ``chosen`` are the places in the stack that ``shift`` and ``zoom`` are of; ``None`` for all.
        """
        count, high, wide = patches.shape
        chosen = np.arange(count) if chosen is None else chosen
        spread, moved = zoom[:, None].astype(np.float32), shift.astype(np.float32)
        x = np.clip(self._middle + spread * self._x + moved[:, :1], np.float32(0), np.float32(wide - 1.001))
        y = np.clip(self._middle + spread * self._y + moved[:, 1:], np.float32(0), np.float32(high - 1.001))
        column, row = x.astype(np.int32), y.astype(np.int32)
        right, down = x - column.astype(np.float32), y - row.astype(np.float32)
        flat = patches.ravel()
        place = (chosen.astype(np.int32) * np.int32(high * wide))[:, None] + row * np.int32(wide) + column
        upper = flat[place] + right * (flat[place + 1] - flat[place])
        place += wide
        lower = flat[place] + right * (flat[place + 1] - flat[place])
        return (upper + down * (lower - upper)).astype(np.float32, copy=False)


def align(
    patches: Patches, template: FloatArray, weights: FloatArray, lattice: Lattice, shift: FloatArray, zoom: FloatArray
) -> Registered:
    """Lay patches over one template.

    Parameters
    ----------
    patches
        Smoothed grey, shape (patches, side, side).
    template, weights
        Brightness at the lattice's places and what they count, shape (places,).
    lattice
        Where the template was sampled.
    shift
        Where to begin, px, shape (patches, 2).
    zoom
        Size of the body in each patch over that in the template, shape (patches,).
    """
    weights = weights / max(float(weights.sum()), 1e-9)
    slopes = np.stack([slope.ravel() for slope in np.gradient(template.reshape(lattice.shape))[::-1]], axis=1)
    terms = np.column_stack([slopes, template])
    terms = terms - weights @ terms
    normal = terms.T @ (terms * weights[:, None])
    inverse = np.linalg.inv(normal + np.diag([1e-4, 1e-4, 1e-4]) * (1.0 + np.trace(normal)))
    solve, weight = ((terms * weights[:, None]) @ inverse).astype(np.float32), weights.astype(np.float32)
    shift, moving = shift.copy(), np.arange(len(patches))
    for _ in range(ROUNDS):
        seen = lattice.sample(patches, shift[moving], zoom[moving], moving)
        found = (seen - (seen @ weight)[:, None]) @ solve
        # Brightness seen = gain (template + slopes · way): the patch's own place lies that way back.
        step = np.clip(found[:, :2] / np.maximum(found[:, 2:], LEAST_GAIN), -LONGEST, LONGEST) * zoom[moving, None]
        shift[moving] -= step
        moving = moving[np.abs(step).max(axis=1) >= CLOSE]
        if not len(moving):
            break
    seen = lattice.sample(patches, shift, zoom)
    seen = seen - (seen @ weight)[:, None]
    contrast = np.sqrt((seen**2 @ weight) * normal[2, 2])
    return Registered(shift, np.asarray((seen * weight) @ terms[:, 2] / (contrast + 1e-6), np.float64))


def follow(
    patches: npt.NDArray[np.uint8], mask: FloatArray, rate: float, start: FloatArray, zoom: FloatArray
) -> Registered:
    """Find the place of what the mask covers in every patch of a film.

    Parameters
    ----------
    patches
        Grey, cut around the place where it is expected, in order of time, shape (patches, side, side).
    mask
        What belongs to it, 0 to 1, shape (side, side).
    rate
        Patches per second.
    start
        Its middle from the middle of each patch, as far as it is known, px, shape (patches, 2).
    zoom
        Its size in each patch over that in the mask, shape (patches,).
    """
    smooth, lattice = _smoothed(patches), Lattice(mask)
    shift, fit = np.array(start, float), np.ones(len(patches))
    segment, half = max(round(SEGMENT * rate), 4), round(HALF * rate)
    for turn in range(PASSES):
        aligned = lattice.sample(smooth, shift, zoom)
        told, trust = shift.copy(), fit.copy()
        for first in range(0, len(patches), segment):
            now, around = slice(first, first + segment), slice(max(first - half, 0), first + segment + half)
            good = fit[around] >= np.quantile(fit[around], WORST)
            near = aligned[around][good]
            # The first patches lie askew: their median is sharper than their mean.
            template = np.asarray(np.median(near, axis=0) if turn == 0 else near.mean(axis=0), float)
            weights = lattice.weights * (GREY_NOISE / (GREY_NOISE + near.var(axis=0))) ** 2
            found = align(smooth[now], template, weights, lattice, shift[now], zoom[now])
            told[now], trust[now] = found.shift, found.fit
        shift, fit = told, trust
    return Registered(shift, fit)


def ellipse(side: int, half_width: float, half_height: float, soft: float = 0.25) -> FloatArray:
    """Mask of an upright ellipse in the middle of a patch, px; its weight falls from 1 to 0 over the share ``soft`` of its radius beyond its edge."""
    place = np.arange(side) - (side - 1) / 2
    radius = np.hypot(place[None] / half_width, place[:, None] / half_height)
    return np.clip((1.0 + soft - radius) / soft, 0.0, 1.0)


def _smoothed(patches: npt.NDArray[np.uint8]) -> Patches:
    """Smooth a little (1 2 1 both ways), so that brightness between pixels is what bilinear interpolation says."""
    grey = np.pad(patches.astype(np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    grey = 0.25 * (grey[:, :-2] + grey[:, 2:]) + 0.5 * grey[:, 1:-1]
    return np.asarray(0.25 * (grey[:, :, :-2] + grey[:, :, 2:]) + 0.5 * grey[:, :, 1:-1], np.float32)

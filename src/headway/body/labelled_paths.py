"""Paths of markers under their labels, what was exchanged among them, and the axes that they span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.body.rotations import unit
from headway.recording import FloatArray
from headway.signals import runs, seen_median

SAMPLE = 300
"""Frames, evenly spread, that tell which distances a body keeps."""
ACROSS = ("asis", "psis", "iliac_crest", "acromion", "scapula", "head_front", "head_back", "hip")
"""Pairs of the trunk and head, by whose vote right is told from left."""
BoolArray = npt.NDArray[np.bool_]
Paths = dict[str, FloatArray]


@dataclass(frozen=True)
class Exchange:
    """Labels that carried another label's marker.

    Attributes
    ----------
    pairs
        Landmarks, exchanged pair by pair.
    start, stop
        First and last frame.
    throughout
        Whether the whole recording is concerned.
    """

    pairs: tuple[tuple[str, str], ...]
    start: int
    stop: int
    throughout: bool


class LabelledPaths:
    """Paths under their labels, and which label each frame of them was read under."""

    def __init__(self, paths: dict[str, FloatArray]) -> None:
        self.paths = paths
        self.names = list(paths)
        frames = len(next(iter(paths.values()))) if paths else 0
        self.everywhere = np.ones(frames, bool)
        self.origin = {name: np.full(frames, k, np.int16) for k, name in enumerate(self.names)}

    def swap(self, one: str, other: str, frames: BoolArray) -> None:
        """Exchange two labels in some frames."""
        a, b = self.paths[one], self.paths[other]
        rows = frames[:, None]
        self.paths[one], self.paths[other] = np.where(rows, b, a), np.where(rows, a, b)
        a, b = self.origin[one], self.origin[other]
        self.origin[one], self.origin[other] = np.where(frames, b, a), np.where(frames, a, b)

    def exchanges(self) -> list[Exchange]:
        """What was exchanged in the end, joined where it concerns the same frames."""
        joined: dict[bytes, list[tuple[str, str]]] = {}
        for k, name in enumerate(self.names):
            if (self.origin[name] == k).all():
                continue
            for source in np.unique(self.origin[name]):
                if source > k or (source != k and not (self.origin[self.names[source]] == k).any()):
                    frames = self.origin[name] == source
                    joined.setdefault(frames.tobytes(), []).append((name, self.names[source]))
        out: list[Exchange] = []
        for key, pairs in joined.items():
            frames = np.frombuffer(key, bool)
            spans = _near(runs(frames))
            out += [Exchange(tuple(pairs), a, b - 1, b - a >= 0.98 * len(frames)) for a, b in spans]
        return out


def _near(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges joined where only a few frames lie between them."""
    out: list[tuple[int, int]] = []
    for a, b in spans:
        if out and a - out[-1][1] <= 5:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def sided(stem: str, side: str) -> str:
    """Name of a landmark of one side: the side stands before a number (``thigh_left_1``)."""
    part, _, number = stem.rpartition("_")
    return f"{part}_{side}_{number}" if number.isdigit() else f"{stem}_{side}"


def both_sides(paths: Paths, stem: str) -> bool:
    """Whether a landmark is there on both sides."""
    return sided(stem, "left") in paths and sided(stem, "right") in paths


def trunk_axis(paths: Paths, stems: Sequence[str]) -> FloatArray | None:
    """Unit vector from left to right of pelvis and shoulders by their vote, shape (frames, 3)."""
    pairs = [unit(paths[f"{stem}_right"] - paths[f"{stem}_left"]) for stem in stems if both_sides(paths, stem)]
    return unit(seen_median(np.stack(pairs), 0)) if pairs else None


def trunk_up(paths: Paths) -> FloatArray | None:
    """Unit vector from the pelvis to the shoulders, shape (frames, 3)."""
    low = [paths[name] for name in ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum") if name in paths]
    high = [paths[name] for name in ("c7", "suprasternal", "acromion_left", "acromion_right") if name in paths]
    if not low or not high:
        return None
    return unit(seen_median(np.stack(high), 0) - seen_median(np.stack(low), 0))


def sample(frames: int) -> npt.NDArray[np.intp]:
    """Frames, evenly spread, that are enough to tell which distances are kept."""
    return np.linspace(0, frames - 1, min(frames, SAMPLE)).astype(int)


def apart(a: FloatArray, b: FloatArray) -> FloatArray:
    """Distance of two paths, m, shape (...,) from (..., 3) each."""
    between = a - b
    return np.sqrt(np.einsum("...k,...k->...", between, between))

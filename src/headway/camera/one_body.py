"""One runner, one camera, one fit: the mean stride's key points explained by a body of constant segment lengths, a roll and a scale.

What a pose model finds is the body plus what the model makes of it: hips too low and ahead, feet that go along with the leg, the far leg drawn to the
near one. Both are known from rendered runners: how key points stray, and how bodies of constant lengths run (``benchmarks/fit_film_body.py``). The
straightened body tells the scale; the stride and roll of highest probability under both spreads are one linear system.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.camera.body_shape import ANKLE_HEIGHT, ASSUMED_HEIGHT_SPREAD, EAR_HEIGHT
from headway.camera.film_errors import MODEL
from headway.periodic import fit_series, waveform
from headway.recording import FloatArray, Recording, Side

STEMS = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "toe")
LEGS = ("hip", "knee", "ankle", "heel", "toe")
"""Points that are moved to the stride found; the head follows its own picture, which the fit does not better."""
HARMONICS = 4
"""Of the stride, in every point's path."""
STRAIGHT = EAR_HEIGHT - ANKLE_HEIGHT
"""Ankle to ear along the straightened body: neck, trunk, thigh and shank, of which every stature is made; bent legs do not shorten it."""
STRAIGHT_SPREAD = 0.021
"""Relative standard error of a scale by that length (40 rendered films)."""
FEWEST = 20
"""Frames of a stride's phase; and they span a whole stride."""
DATA = "film_body.npz"
FORWARD, UP = 0, 1


@dataclass(frozen=True)
class VectorSpread:
    """A covariance as outer products and a diagonal.

    Attributes
    ----------
    mean, diagonal
        Shape (n,).
    factors
        Shape (k, n).
    """

    mean: FloatArray
    factors: FloatArray
    diagonal: FloatArray

    def covariance(self) -> FloatArray:
        """Shape (n, n)."""
        return self.factors.T @ self.factors + np.diag(self.diagonal)


@dataclass(frozen=True)
class BodyModel:
    """Strides of bodies, and how far key points lie from them (vectors as of :func:`stride_vector`).

    ``straight`` is the share of a straightened body that lies between its key points.
    """

    body: VectorSpread
    errors: VectorSpread
    straight: float


@dataclass(frozen=True)
class FilmedBody:
    """What explains the key points of a mean stride.

    Attributes
    ----------
    stride
        Vector as of :func:`stride_vector`.
    roll, roll_error
        By which the picture is still turned (+ = what is higher lies farther back in it), rad.
    """

    stride: FloatArray
    roll: float
    roll_error: float


@lru_cache(maxsize=1)
def load_body_model() -> BodyModel:
    """Read the model that comes with the package."""
    with (files("headway") / "data" / DATA).open("rb") as file, np.load(file) as stored:
        body, errors = (
            VectorSpread(*(stored[f"{part}_{name}"].astype(float) for name in ("mean", "factors", "diagonal")))
            for part in ("body", "errors")
        )
        return BodyModel(body, errors, float(stored["straight"]))


def labels(near: Side) -> list[str]:
    """Names of the points of a vector: every stem on the near side, then on the far one."""
    far = "left" if near == "right" else "right"
    return [f"{stem}_{side}" for stem in STEMS for side in (near, far)]


def stride_vector(recording: Recording, phase: FloatArray, height: float, near: Side) -> FloatArray:
    """Mean stride of a side view's points about the middle of the shoulders, in statures.

    Parameters
    ----------
    recording
        Axes forward, up, right, m.
    phase
        Of the stride, rad, 0 at midstance of the near foot, shape (frames,); NaN where it is not known.
    height
        Stature, m.
    near
        Side of the leg that is nearer to the camera.

    Returns
    -------
    FloatArray
        Shape (2 HARMONICS + 1, points, 2) flattened: mean, cosines, sines (the waves over the square root of two, so that squares add up to mean
        squares); NaN for points that were hardly seen.
    """
    middle = (recording.position("shoulder_left") + recording.position("shoulder_right"))[:, :2] / 2
    inside = np.isfinite(phase)
    paths = np.stack([_path(recording, name) - middle for name in labels(near)], axis=1)[inside]
    values = paths.reshape(len(paths), -1) / height
    even = np.linspace(-1.0, 1.0, len(values))
    slow = np.column_stack([np.ones(len(values)), even, even**2])
    fit = fit_series(phase[inside], values, HARMONICS, slow=slow, robust=2, least=1e-3)
    out = np.concatenate([fit.slow[:1], fit.phasors.real / np.sqrt(2), fit.phasors.imag / np.sqrt(2)])
    hardly = np.isfinite(values).sum(0) < len(values) / 3
    return np.where(hardly, np.nan, out).ravel()


def _path(recording: Recording, name: str) -> FloatArray:
    if not recording.has(name):
        return np.full((len(recording.time), 2), np.nan)
    return recording.position(name)[:, :2]


def straight_length(seen: FloatArray) -> float:
    """Ankle to ear along neck, trunk, thigh and shank, mean over the stride and both legs, statures; NaN where a joint was not seen."""
    paths = _paths(seen, np.linspace(0.0, 2 * np.pi, 40, endpoint=False))
    legs = {stem: paths[:, 2 * k : 2 * k + 2] for k, stem in enumerate(STEMS)}
    middle = {stem: legs[stem].mean(1, keepdims=True) for stem in ("ear", "shoulder", "hip")}
    lines = (
        (middle["ear"] - middle["shoulder"])[..., 1:],
        middle["shoulder"] - middle["hip"],
        legs["hip"] - legs["knee"],
        legs["knee"] - legs["ankle"],
    )
    return float(sum(np.linalg.norm(line, axis=-1).mean() for line in lines))


def fit_body(seen: FloatArray, model: BodyModel, roll_error: float) -> FilmedBody:
    """Find the stride and roll that explain a vector of key points best.

    Parameters
    ----------
    seen
        As of :func:`stride_vector`, with the scale corrected; unseen parts NaN.
    model
        Bodies and errors.
    roll_error
        Standard deviation of what is left of the camera's roll, rad.
    """
    whole = np.isfinite(seen)
    body, turned = model.body.covariance(), roll_error * _turned(seen, 1.0)[whole]
    total = (body + model.errors.covariance())[np.ix_(whole, whole)] + np.outer(turned, turned)
    off = (seen - model.body.mean - model.errors.mean)[whole]
    explained, by_roll = np.linalg.solve(total, np.column_stack([off, turned])).T
    stride = model.body.mean + body[:, whole] @ explained
    left = roll_error * np.sqrt(max(1.0 - float(turned @ by_roll), 0.0))
    return FilmedBody(stride, float(roll_error * turned @ explained), float(left))


def _turned(vector: FloatArray, angle: float) -> FloatArray:
    """What a small turn (rad, as of :attr:`FilmedBody.roll`) adds to a vector."""
    forward, up = vector.reshape(-1, 2).T
    return angle * np.column_stack([-up, forward]).ravel()


def fitted(recording: Recording, phase: FloatArray, height: float, model: BodyModel | None = None) -> Recording:
    """Put a filmed runner to the place, size and stride that one body explains.

    Parameters
    ----------
    recording
        A film; others than side views by the pose model of :class:`BodyModel` stay as they are.
    phase
        Of the stride at the frames, rad, 0 at right midstances; NaN where it is not known.
    height
        Stature, m.
    model
        By default the one that comes with the package.
    """
    camera = recording.camera
    known = np.isfinite(phase)
    if camera is None or camera.view != "side" or camera.oblique or recording.kind != MODEL:
        return recording
    if known.sum() < FEWEST or np.ptp(phase[known]) < 2 * np.pi or not _trunk_seen(recording, known):
        return recording
    near: Side = "right" if camera.direction > 0 else "left"
    own = phase if near == "right" else phase + np.pi
    model = model or load_body_model()
    seen = stride_vector(recording, own, height, near)
    length = straight_length(seen)
    size = length / (STRAIGHT * model.straight) if np.isfinite(length) else 1.0
    seen = seen / size
    found = fit_body(seen, model, camera.roll_error)
    positions = _placed(recording.points.to_numpy(), recording, found.roll)
    positions /= size
    moved = np.nan_to_num(found.stride - (seen - _turned(seen, found.roll))) * height
    every = np.interp(recording.time, recording.time[known], own[known]) + _beyond(recording.time, own, known)
    _moved(positions, recording.names(), moved, every, near)
    by_height = 0.0 if camera.height_known else ASSUMED_HEIGHT_SPREAD
    camera = replace(
        camera,
        roll=camera.roll + camera.direction * found.roll,
        roll_error=found.roll_error,
        scale_error=float(np.hypot(STRAIGHT_SPREAD, by_height)) if np.isfinite(length) else camera.scale_error,
        distance=None if camera.distance is None else camera.distance / size,
    )
    told = {"size": round(size, 4), "roll_deg": round(float(np.degrees(found.roll)), 2)}
    return recording.logged("one_body", arguments=told, points=recording.points.copy(data=positions), camera=camera)


def _trunk_seen(recording: Recording, known: np.ndarray) -> bool:
    """Whether both shoulders, and both hips, are seen together in enough of the frames where the phase is known."""
    for stem in ("shoulder", "hip"):
        left, right = f"{stem}_left", f"{stem}_right"
        if not recording.has(left, right):
            return False
        both = (recording.position(left) + recording.position(right))[known, :2]
        if np.isfinite(both).all(1).sum() < FEWEST:
            return False
    return True


def _beyond(time: FloatArray, phase: FloatArray, known: np.ndarray) -> FloatArray:
    """What the phase goes on by before the first and after the last frame where it is known."""
    at = np.flatnonzero(known)
    pace = (phase[at[-1]] - phase[at[0]]) / (time[at[-1]] - time[at[0]])
    return pace * (time - np.clip(time, time[at[0]], time[at[-1]]))


def _placed(positions: FloatArray, recording: Recording, roll: float) -> FloatArray:
    """Positions with the roll undone, about the ground below the hips."""
    hips = (recording.position("hip_left") + recording.position("hip_right"))[:, FORWARD] / 2
    seen = np.flatnonzero(np.isfinite(hips))
    below = np.interp(np.arange(len(hips)), seen, hips[seen])[:, None]
    out = positions.copy()
    out[..., FORWARD] += roll * positions[..., UP]
    out[..., UP] -= roll * (positions[..., FORWARD] - below)
    return out


def _paths(vector: FloatArray, phase: FloatArray) -> FloatArray:
    """Paths of the points of a vector at phases (rad, shape (n,)), shape (n, points, 2)."""
    rows = vector.reshape(2 * HARMONICS + 1, -1, 2)
    waves = rows[1:] * np.sqrt(2)
    return rows[0] + waveform(waves[:HARMONICS] + 1j * waves[HARMONICS:], phase)


def _moved(positions: FloatArray, names: list[str], moved: FloatArray, phase: FloatArray, near: Side) -> None:
    """Move the points of the legs along their strides, in place."""
    paths = _paths(moved, phase)
    for k, name in enumerate(labels(near)):
        if STEMS[k // 2] in LEGS and name in names:
            positions[:, names.index(name), :2] += paths[:, k]

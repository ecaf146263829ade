"""How bodies run and how key points stray from them, for :mod:`headway.camera.one_body`.

``python benchmarks/fit_film_body.py [--renders FOLDER]`` reads the rendered films whose people are not held out and writes
``src/headway/data/film_body.npz``: mean strides of the drawn bodies with what bodies of other lengths and other joint angles would add, and the
errors of the key points of films from the side. Models without each person are kept beside the set for ``fit_film_errors.py``.
``--check`` prints what the fit does for each person by the model of all others, and writes nothing.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from headway.camera.one_body import (
    DATA,
    HARMONICS,
    STEMS,
    STRAIGHT,
    BodyModel,
    VectorSpread,
    fit_body,
    straight_length,
    stride_vector,
)
from headway.camera.points import canonical
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.errors import HeadwayError
from headway.gait.film_events import film_contacts
from headway.gait.steps import Steps, build_steps
from headway.gait.stride_lock import stride_turns
from headway.pose.keypoints import KeyPoints
from headway.recording import AXES, FloatArray, Recording, Side, make_points
from render_set import OUT, KeptFilm, kept_films

WRITE = Path(__file__).parents[1] / "src" / "headway" / "data" / DATA
LEFT_OUT = "film_body_left_out.pkl"
CHAIN = {"hip": ("knee", "ankle", "heel", "toe"), "knee": ("ankle", "heel", "toe"), "ankle": ("heel", "toe")}
LEAN, LENGTH, FOOT, EAR = np.radians(2.5), 0.03, 0.06, 0.006
"""Standard deviations over people beyond those drawn: lean (rad), segments (relative), and where the ears are (statures)."""
SWINGS = {"hip": (2.0, 2.0, 1.0), "knee": (2.0, 2.0, 1.5), "ankle": (4.0, 4.0, 2.0)}
"""The same of joint angles: mean, first and higher harmonics, deg."""
ASYMMETRY = 0.4
"""Of the legs, over what both do."""
OWN = 0.5
"""Share of a key point's error variance taken to be its own: few films cannot tell all correlations."""
KEPT = 0.999
TURNS = np.linspace(0.0, 2 * np.pi, 120, endpoint=False)
N = 2 * HARMONICS + 1
BASIS = np.column_stack(
    [np.ones(len(TURNS))]
    + [np.sqrt(2) * f(k * TURNS) for f in (np.cos, np.sin) for k in range(1, HARMONICS + 1)]
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One film from the side: what was seen and what is true, as vectors, and the geometry that was missed."""

    person: str
    number: int
    seen: FloatArray
    true: FloatArray
    roll: float
    roll_error: float
    scale: float

    @property
    def straight(self) -> float:
        """Share of the drawn body's straightened length that lies between its key points."""
        return straight_length(self.seen) / (1.0 + self.scale) / straight_length(self.true)

    def sized(self, straight: float) -> FloatArray:
        """What was seen, with the scale by its straightened length."""
        return self.seen * STRAIGHT * straight / straight_length(self.seen)

    def error(self, straight: float) -> FloatArray:
        """What the pose model makes of the body: the key points with the true roll, less the drawn body."""
        forward, up = self.sized(straight).reshape(-1, 2).T
        return np.column_stack([forward + self.roll * up, up - self.roll * forward]).ravel() - self.true


def drawn(film: KeptFilm, time: FloatArray) -> Recording:
    """The drawn body on a clock."""
    inside = np.clip(time, film.time[0], film.time[-1])
    return Recording(
        make_points(time, film.names, CubicSpline(film.time, film.points)(inside), AXES), source="", kind="synthetic"
    )


def true_stride(film: KeptFilm, near: Side) -> FloatArray:
    """Vector of the drawn body by its true contacts."""
    time = np.arange(film.time[0], film.time[-1], 0.005)
    phase = stride_turns(time, build_steps(film.contacts))
    return stride_vector(drawn(film, time), phase + (0.0 if near == "right" else np.pi), film.entry["height"], near)


def missed_scale(film: KeptFilm, seen: KeyPoints, recording: Recording) -> float:
    """By how much lengths of a recording in metres are too large: pixels per metre as drawn over those found."""
    at = np.searchsorted(film.time, seen.time - 1e-4).clip(0, len(film.time) - 1)
    ear, ankle = ([film.names.index(f"{stem}_{side}") for side in ("left", "right")] for stem in ("ear", "ankle"))
    line = film.points[:, ear].mean(1) - film.points[:, ankle].mean(1)
    shown = film.pixels[:, ear].mean(1) - film.pixels[:, ankle].mean(1)
    true = (np.hypot(*shown.T) / np.hypot(line[:, 0], line[:, 1]))[at]
    found = []
    for side in ("left", "right"):
        frames = np.searchsorted(recording.time, seen.time - 1e-4).clip(0, len(recording.time) - 1)
        metres = (recording.position(f"ankle_{side}") - recording.position(f"knee_{side}"))[frames, :2]
        pixels = seen.position(f"ankle_{side}") - seen.position(f"knee_{side}")
        found.append(np.hypot(*pixels.T) / np.hypot(*metres.T))
    return float(np.nanmedian(true / np.array(found))) - 1.0


def example(film: KeptFilm) -> Example | None:
    """What one film shows; ``None`` where it is refused or hardly any stride is seen."""
    height, treadmill = film.entry["height"], film.entry["ground"] == "treadmill"
    try:
        seen = trustworthy(canonical(film.keypoints))
        recording = to_recording(seen, height=height, treadmill=treadmill)
        steps: Steps = build_steps(film_contacts(recording).kept)
    except HeadwayError:
        return None
    camera = recording.camera
    if camera is None or camera.view != "side" or camera.oblique:
        return None
    near: Side = "right" if camera.direction > 0 else "left"
    phase = stride_turns(recording.time, steps)
    if np.isfinite(phase).sum() < 20:
        return None
    vector = stride_vector(recording, phase + (0.0 if near == "right" else np.pi), height, near)
    if not np.isfinite(vector).all():
        return None
    roll = camera.direction * (np.radians(film.entry["scene"]["camera"]["roll"]) - camera.roll)
    scale = missed_scale(film, seen, recording)
    return Example(
        film.entry["person"],
        film.entry["number"],
        vector,
        true_stride(film, near),
        float(roll),
        camera.roll_error,
        scale,
    )


def variations(vector: FloatArray) -> Iterator[FloatArray]:
    """What a body of other constant lengths, another lean and other joint angles adds to a stride: one standard deviation each."""
    path = BASIS @ vector.reshape(N, -1)
    at = dict(
        zip([(s, k) for s in STEMS for k in (0, 1)], np.moveaxis(path.reshape(len(TURNS), -1, 2), 1, 0), strict=True)
    )
    hips, shoulders = ((at[stem, 0] + at[stem, 1]) / 2 for stem in ("hip", "shoulder"))
    upper = [(stem, k) for stem in ("ear", "shoulder") for k in (0, 1)]
    yield _vector({key: LEAN * _across(at[key] - hips) for key in upper})
    yield _vector({key: LENGTH * (shoulders - hips) for key in upper})
    for axis in (0, 1):
        yield _vector({("ear", k): np.tile(EAR * np.eye(2)[axis], (len(TURNS), 1)) for k in (0, 1)})
    for first, last in (("hip", "knee"), ("knee", "ankle")):
        below = (last, *CHAIN[last])
        yield _vector({(stem, k): LENGTH * (at[last, k] - at[first, k]) for stem in below for k in (0, 1)})
    for end in ("heel", "toe"):
        yield _vector({(end, k): FOOT * (at[end, k] - at["ankle", k]) for k in (0, 1)})
    for joint, sizes in SWINGS.items():
        for order in range(HARMONICS):
            for wave in (np.cos, np.sin)[: 2 if order else 1]:
                for other in (1.0, -1.0):
                    size = np.radians(sizes[min(order, 2)]) * (1.0 if other > 0 else ASYMMETRY)
                    turn = [size * wave(order * TURNS), size * other * wave(order * (TURNS - np.pi))]
                    yield _vector(
                        {
                            (stem, k): turn[k][:, None] * _across(at[stem, k] - at[joint, k])
                            for stem in CHAIN[joint]
                            for k in (0, 1)
                        }
                    )


def _across(line: FloatArray) -> FloatArray:
    return np.column_stack([-line[:, 1], line[:, 0]])


def _vector(moved: dict[tuple[str, int], FloatArray]) -> FloatArray:
    """Vector of what points are moved by, about the middle of the shoulders."""
    nothing = np.zeros((len(TURNS), 2))
    every = np.stack([moved.get((stem, k), nothing) for stem in STEMS for k in (0, 1)], axis=1)
    k = 2 * STEMS.index("shoulder")
    every = every - every[:, k : k + 2].mean(1, keepdims=True)
    return (np.linalg.pinv(BASIS) @ every.reshape(len(TURNS), -1)).ravel()


def spread(samples: FloatArray, own: float, more: FloatArray | None = None) -> VectorSpread:
    """Covariance of samples, a share of the variances taken as each entry's own, with further variations of one standard deviation each."""
    off = np.sqrt((1.0 - own) / (len(samples) - 1)) * (samples - samples.mean(0))
    rows = off if more is None else np.concatenate([off, more])
    _, size, axes = np.linalg.svd(rows, full_matrices=False)
    count = int(np.searchsorted(np.cumsum(size**2) / (size**2).sum(), KEPT)) + 1
    factors = size[:count, None] * axes[:count]
    lost = (rows**2).sum(0) - (factors**2).sum(0) + own * samples.var(0, ddof=1)
    return VectorSpread(samples.mean(0), factors, lost + 1e-9)


def model_of(strides: Sequence[tuple[str, FloatArray]], examples: Sequence[Example], without: str | None) -> BodyModel:
    """The model of all people but one."""
    true = np.array([one for person, one in strides if person != without])
    few = true[:: max(len(true) // 24, 1)]
    more = np.concatenate([list(variations(one)) for one in few]) / np.sqrt(len(few))
    mine = [one for one in examples if one.person != without]
    straight = float(np.mean([one.straight for one in mine]))
    return BodyModel(spread(true, 0.05, more), spread(np.array([one.error(straight) for one in mine]), OWN), straight)


def report(examples: Sequence[Example], models: dict[str | None, BodyModel]) -> str:
    """Roll and scale that are left, before and after, and the key points' distance to the drawn body."""
    rows = []
    for one in examples:
        model = models[one.person]
        sized = one.sized(model.straight)
        fit = fit_body(sized, model, one.roll_error)
        size = straight_length(one.seen) / (STRAIGHT * model.straight)
        rolls = np.degrees([one.roll, one.roll - fit.roll, fit.roll_error])
        shares = [
            one.scale,
            (1.0 + one.scale) / size - 1.0,
            np.std(one.error(model.straight)),
            np.std(fit.stride - one.true),
        ]
        rows.append([*rolls, *(100 * share for share in shares)])
    named = "roll, deg", "left", "stated", "scale, %", "left", "points, % of stature", "left"
    root, mean = np.sqrt(np.mean(np.square(rows), 0)), np.mean(rows, 0)
    return "\n".join(f"{name:22s} rms {r:6.2f} mean {m:6.2f}" for name, r, m in zip(named, root, mean, strict=True))


def main(renders: Path, check: bool) -> None:
    """Fit, print and write."""
    films = [film for film in kept_films(renders) if not film.entry["test"]]
    strides = [(film.entry["person"], true_stride(film, near)) for film in films for near in ("right", "left")]
    strides = [(person, one) for person, one in strides if np.isfinite(one).all()]
    examples = [one for film in films if film.entry["view"] == "side" and (one := example(film)) is not None]
    models = {person: model_of(strides, examples, person) for person in sorted({p for p, _ in strides})}
    whole: dict[str | None, BodyModel] = {**models, None: model_of(strides, examples, None)}
    sys.stdout.write(f"{len(strides)} strides, {len(examples)} films from the side\n{report(examples, whole)}\n")
    if check:
        return
    parts = {"body": whole[None].body, "errors": whole[None].errors}
    arrays = {
        f"{part}_{name}": getattr(one, name).astype(np.float32)
        for part, one in parts.items()
        for name in ("mean", "factors", "diagonal")
    }
    np.savez_compressed(WRITE, straight=np.float32(whole[None].straight), **arrays)
    (renders / LEFT_OUT).write_bytes(pickle.dumps(whole))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--renders", type=Path, default=OUT)
    parser.add_argument("--check", action="store_true", help="print only")
    given = parser.parse_args()
    main(given.renders, given.check)

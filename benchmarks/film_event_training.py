"""What the models of film events are fitted and judged on: runners with plates, filmed by computation, and rendered runners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from headway.body.joint_centres import add_joint_centres
from headway.camera.points import canonical
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.errors import HeadwayError
from headway.gait.contacts import Contact
from headway.gait.film_event_model import KINDS, highest_harmonic
from headway.gait.film_events import eye_of
from headway.gait.film_stride import FORE, MeanStride, Stretch, find_stretches, foot_signals, mean_stride, view_of
from headway.gait.foot_curves import FootCurves, foot_curves
from headway.pose.keypoints import KeyPoints
from headway.recording import AXES, FloatArray, Recording, Side, make_points
from headway.synthetic.camera import runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner
from motion_training import read_case
from render_set import KeptFilm

OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
POINTS = tuple(f"{point}_{side}" for point in ("hip", "heel", "toe") for side in ("left", "right"))
NOISES = (0.005, 0.015)
"""Noise of the key points of films by computation, m."""
CLIPS = (15.0, 5.0)
"""Lengths of the films that are made of every trial, s."""
PLACED = 0.01
"""Standard deviation of a pose model's constant misplacement of a point, m."""
BETWEEN = 240.0
"""Even clock of a film in metres, Hz."""
BEND = 0.5
"""How far a shoe's tip bends up under the ball of the foot, share of what would keep it on the ground: between a stiff sole and bare toes."""
DISTANCE, CAMERA_HEIGHT = (5.0, 20.0), (0.6, 1.6)
"""Where the phone is, m."""
RENDERED = 2.25
"""Weight of a rendered runner's mean stride against one filmed by computation."""
COMPUTED, CARRIED, WIDE, WIDE_EXACT = 1.0, 1.0, 0.3, 0.2
"""Weights of the mean strides of measured runners filmed by computation, exact and with slips carried over, and of wide runners with and without
slips. Of the weights and ridges tried these did best on rendered people left out of the fit (the people kept for testing took no part)."""
KINDS_OF_ROWS = ("seen", "carried", "wide")
"""As found or measured; slips carried over to measured runners; the same to wide ones."""
SYNTHETIC = ((2.5, 160, 0.28), (3.0, 164, 0.255), (3.5, 168, 0.235), (4.2, 174, 0.205), (5.0, 184, 0.18))
"""Speed, cadence and contact time of the synthetic runners of the check."""
SEEN: dict[tuple[int, int, float], Recording | None] = {}
"""Films in metres by number, pictures and first time: each serves several classes of rates."""


@dataclass(frozen=True)
class Subject:
    """A runner with known contacts, as a pose model would point at him, m, shape (frames, 6, 3)."""

    name: str
    runner: str
    time: FloatArray
    points: FloatArray
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class Row:
    """One foot's mean stride in one film, with the true phases of its events; ``people`` who is in it: the runner, and whose slips are carried over.

    ``kind`` tells rows apart that may be off by a constant: those of ``KINDS_OF_ROWS``.
    """

    people: tuple[str, ...]
    curves: FootCurves
    phase: dict[str, float]
    weight: float = 1.0
    kind: str = "seen"


def key_points(recording: Recording) -> FloatArray:
    """Hips, heels and toes of markers; where the tip of the toe is not marked it is put beyond the metatarsal heads."""
    points, _ = add_joint_centres(recording.points, height=None, sex=None)
    at = {str(name): points.sel(point=name).transpose("time", "axis").to_numpy() for name in points["point"].to_numpy()}
    for side in ("left", "right"):
        at.setdefault(f"heel_{side}", at.get(f"heel_lateral_{side}", np.zeros(0)))
        heads = [at[f"{head}_{side}"] for head in ("mt1", "mt5") if f"{head}_{side}" in at]
        if f"toe_{side}" not in at:
            at[f"toe_{side}"] = toe_tip(at[f"heel_{side}"], np.mean(heads, axis=0))
    return np.stack([at[name] for name in POINTS], axis=1)


def toe_tip(heel: FloatArray, ball: FloatArray) -> FloatArray:
    """Tip of the shoe beyond the metatarsal heads: in line with the foot, but bent up where that would be below the ground."""
    beyond = (ball - heel) * (1 / FORE - 1)
    length = np.linalg.norm(beyond, axis=1)
    flat = (heel[:, 1] < np.nanpercentile(heel[:, 1], 5) + 0.02) & (
        ball[:, 1] < np.nanpercentile(ball[:, 1], 10) + 0.03
    )
    ground = np.nanmedian((ball + beyond)[flat, 1])
    rise = beyond[:, 1] + BEND * np.maximum(ground - ball[:, 1] - beyond[:, 1], 0.0)
    across = np.hypot(beyond[:, 0], beyond[:, 2])
    level = np.sqrt(np.maximum(length**2 - rise**2, 0.0)) / across
    return ball + np.column_stack([beyond[:, 0] * level, rise, beyond[:, 2] * level])


def subject(path: Path, runner: str, name: str) -> Subject:
    """Read a recording with plates."""
    case = read_case(path, runner, name)
    return Subject(name, runner, case.recording.time, key_points(case.recording), case.contacts)


def subjects(folder: Path) -> list[Subject]:
    """All running trials of Fukuchi 2017."""
    files = [path for part in ("rbds", "rbds_more") for path in sorted((folder / part).glob("*run*.c3d"))]
    return [subject(path, path.stem.split("run")[0], path.stem) for path in files]


def film(who: Subject, view: str, rate: float, noise: float, seed: int, start: float, length: float) -> Recording:
    """Sample at the film's rate, misplace the points, drop the axis that is not seen, and interpolate on an even clock."""
    random = np.random.default_rng(seed)
    stop = min(start + length, who.time[-1])
    time = np.arange(start + random.random() / rate, stop, 1 / rate)
    fine = np.isfinite(who.points).all((1, 2))
    values = CubicSpline(who.time[fine], who.points[fine])(time)
    if view != "side":
        values = in_perspective(values, random)
    values += noise * random.standard_normal(values.shape) + PLACED * random.standard_normal((1, *values.shape[1:]))
    values[..., 2 if view == "side" else 0] = np.nan
    if rate < 200:
        even = np.arange(time[0], time[-1], 1 / BETWEEN)
        axes = [0, 1] if view == "side" else [1, 2]
        out = np.full((len(even), *values.shape[1:]), np.nan)
        out[..., axes] = CubicSpline(time, values[..., axes])(even)
        time, values = even, out
    return Recording(
        make_points(time, POINTS, values, AXES), source=who.name, kind="film", view="side" if view == "side" else "rear"
    )


def in_perspective(points: FloatArray, random: np.random.Generator) -> FloatArray:
    """What a phone at some distance and height, behind or in front, makes of points when its scale is that of the hips."""
    distance, height, sign = random.uniform(*DISTANCE), random.uniform(*CAMERA_HEIGHT), random.choice([-1.0, 1.0])
    ahead = points[..., 0] - points[:, :2, 0].mean(1, keepdims=True)
    size = distance / (distance + sign * ahead)
    out = points.copy()
    out[..., 1] = height + (points[..., 1] - height) * size
    out[..., 2] *= size
    return out


def films(everyone: list[Subject], view: str, rate: int, noise: float) -> Iterator[tuple[Subject, Recording]]:
    """Films of different lengths of every trial."""
    for k, who in enumerate(everyone):
        for j, length in enumerate(CLIPS):
            yield who, film(who, view, rate, noise, 100 * k + 10 * j + int(1e3 * noise), who.time[0] + 12.0 * j, length)


def rendered_rows(films: Sequence[KeptFilm], view: str, rate: int) -> list[Row]:
    """Mean strides of rendered runners in films of about this rate, those of faster films that leave pictures out among them.

    The models for fast films also learn from films at 60/s: there are few others.
    """
    low, high = (23.0, 45.0) if rate == 30 else (45.0, 90.0) if rate == 60 else (45.0, 500.0)
    out = []
    for film in films:
        own = film.entry["rate"]
        if (film.entry["view"] == "side") != (view == "side"):
            continue
        for every in (1, 2, 4, 8):
            if not low <= own / every < high:
                continue
            for first in range(min(every, 2)):
                weight = RENDERED / min(every, 2) * (1.0 if rate < 100 or own / every > 90 else 0.3)
                out += _rendered(film, view, thinned(film.keypoints, every, first), weight)
    return out


def thinned(points: KeyPoints, every: int, first: int = 0) -> KeyPoints:
    """Leave pictures out: every so many, from the first."""
    kept = slice(first, None, every)
    background = None if points.background is None else points.background[kept]
    return replace(points, time=points.time[kept], pixels=points.pixels[kept], confidence=points.confidence[kept],
                   background=background)  # fmt: skip


def _rendered(film: KeptFilm, view: str, points: KeyPoints, weight: float) -> list[Row]:
    """One film's feet, as the analysis sees them."""
    recording, out = in_metres(film, points), []
    signals = foot_signals(recording) if recording is not None and view_of(recording) == view else {}
    if recording is None or not signals:
        return []
    for stretch in find_stretches(recording.time, signals, view)[:1]:
        means: dict[Side, MeanStride | None] = {
            side: mean_stride(stretch, side, highest_harmonic(points.rate)) for side in signals
        }
        for side, mean in means.items():
            phase = true_phases(stretch, [one for one in film.contacts if one.side == side])
            if mean is not None and phase is not None:
                curves = foot_curves(mean, view, eye_of(recording, side), means.get(OTHER[side]))
                out.append(Row((film.entry["person"],), curves, phase, weight))
    return out


def in_metres(film: KeptFilm, points: KeyPoints) -> Recording | None:
    """The film in metres, as ``SEEN`` keeps it; ``None`` where it is refused."""
    key = film.entry["number"], len(points.time), float(points.time[0])
    if key not in SEEN:
        entry = film.entry
        try:
            named = trustworthy(canonical(points))
            SEEN[key] = to_recording(named, height=entry["height"], treadmill=entry["ground"] == "treadmill")
        except HeadwayError:
            SEEN[key] = None
    return SEEN[key]


def true_phases(stretch: Stretch, contacts: Sequence[Contact]) -> dict[str, float] | None:
    """Mean phases (rad) of the events of one foot's contacts inside a stretch; ``None`` with fewer than two."""
    own = [one for one in contacts if one.initial_contact > stretch.time[0] and one.toe_off < stretch.time[-1]]
    if len(own) < 2:
        return None
    found = {}
    for kind in KINDS:
        at = np.interp([getattr(one, kind) for one in own], stretch.time, stretch.phase)
        found[kind] = float(np.angle(np.exp(1j * at).mean()))
    return found


def synthetic_subjects() -> Iterator[Subject]:
    """Synthetic runners at the speeds of the check."""
    for speed, cadence, contact in SYNTHETIC:
        parameters = RunnerParameters(speed=speed, cadence=cadence, contact_time=contact)
        time, points, labels = runner_points(SyntheticRunner(parameters), duration=12.0, rate=240.0)
        wanted = [f"{side}_{label}" for label in ("HIP", "HEEL", "FOOT_INDEX") for side in ("LEFT", "RIGHT")]
        first = (parameters.step_time - contact) / 2 + parameters.step_time * np.arange(
            int(12.0 / parameters.step_time) - 1
        )
        contacts = tuple(
            Contact(t, t + contact, "left" if k % 2 else "right", "truth") for k, t in enumerate(first.tolist())
        )
        yield Subject(
            f"synthetic {speed} m/s", "synthetic", time, points[:, [labels.index(one) for one in wanted]], contacts
        )


def others(folder: Path) -> Iterator[Subject]:
    """Runners of other laboratories and the synthetic runner."""
    yield subject(folder / "dorn2012_ja1" / "JA1Gait21.c3d", "dorn", "Dorn JA1 (250 Hz plates)")
    for path in sorted((folder / "hamner2013" / "subject04" / "trials").glob("*/markers.trc")):
        yield subject(path, "hamner", f"Hamner 04 {path.parent.name} (15 Hz force)")
    yield from synthetic_subjects()

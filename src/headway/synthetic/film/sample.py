"""Random scenes and runners, the same for the same number: what a render set is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headway.errors import OptionError
from headway.synthetic.film.lab_motion import LabMotion
from headway.synthetic.film.motion import SyntheticMotion
from headway.synthetic.film.scene import (
    Backdrop,
    Carriage,
    Colour,
    Garment,
    Ground,
    Outfit,
    Pattern,
    RenderedBody,
    RenderedCamera,
    RenderedLight,
    RenderedScene,
)
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.runner import SyntheticRunner

RATES = ((24.0, 0.08), (30.0, 0.40), (60.0, 0.36), (120.0, 0.10), (240.0, 0.06))
"""Pictures per second, and how often."""
VIEWS = ((0.0, 0.30), (180.0, 0.16), (90.0, 0.25), (-90.0, 0.25), (50.0, 0.01), (-140.0, 0.03))
"""Azimuth of the camera, and how often."""
LIMPS = (0.0, 0.0, 0.0, 4.0, -4.0, 8.0, -8.0, 12.0, -12.0)
"""Asymmetries of contact time, %."""
HELD_OUT = 4
"""One person in so many is kept for testing, with all of his or her films."""
FILMS_EACH = 3
"""Films of one person."""
SKINS: tuple[Colour, ...] = ((224, 190, 170), (205, 165, 140), (170, 125, 95), (120, 85, 65), (80, 55, 45))
HAIRS: tuple[Colour, ...] = ((30, 25, 22), (70, 50, 35), (140, 110, 70), (190, 190, 185), (90, 40, 25))
PATTERNS: tuple[Pattern, ...] = ("plain", "plain", "stripes", "blocks", "speckles")


@dataclass(frozen=True)
class SampledFilm:
    """One film of a render set.

    Attributes
    ----------
    number
        Of the film.
    person
        Number of the one who is seen: body and motion.
    test
        Whether the person is held out for testing.
    scene, parameters
        What is seen, and how the runner runs.
    """

    number: int
    person: int
    test: bool
    scene: RenderedScene
    parameters: RunnerParameters

    @property
    def sex(self) -> str:
        """Of the runner."""
        return self.parameters.sex

    @property
    def limp(self) -> float:
        """Asymmetry of contact time, %."""
        return self.parameters.contact_time_asymmetry

    def motion(self) -> SyntheticMotion:
        """Make the run that is drawn."""
        return SyntheticMotion(SyntheticRunner(self.parameters), f"person {self.person}")


@dataclass(frozen=True)
class LabRun:
    """A run measured on plates: its file, whose it is, and that one's stature (m) and speed (m/s)."""

    path: Path
    person: str
    height: float
    speed: float


@dataclass(frozen=True)
class SampledLabFilm:
    """One film of a measured run; attributes as in :class:`SampledFilm`."""

    number: int
    run: LabRun
    test: bool
    scene: RenderedScene

    @property
    def sex(self) -> str | None:
        """Not told."""
        return None

    @property
    def limp(self) -> float | None:
        """Not asked for: as measured."""
        return None

    def motion(self) -> LabMotion:
        """Read the run that is drawn."""
        return LabMotion(self.run.path, self.run.person, self.run.height, self.run.speed)


def sample_film(number: int, seed: int = 0) -> SampledFilm:
    """Draw a film at random.

    Parameters
    ----------
    number
        Same number, same film.
    seed
        Of the whole set.
    """
    person = number // FILMS_EACH
    mine = np.random.default_rng([seed, 1, person])
    body, parameters = _body(mine), _parameters(mine)
    random = np.random.default_rng([seed, 2, number])
    parameters = _paced(parameters, random)
    scene = _scene(random, body, parameters.speed, float(random.uniform(0.0, 5.0)))
    return SampledFilm(number, person, person % HELD_OUT == HELD_OUT - 1, scene, parameters)


def sample_lab_film(number: int, runs: Sequence[LabRun], seed: int = 0) -> SampledLabFilm:
    """Draw a film of a measured run at random: every run of the list in turn, the bodies and cameras ever new.

    Parameters
    ----------
    number
        Same number (and list), same film.
    runs
        Runs to choose from.
    seed
        Of the whole set.
    """
    random = np.random.default_rng([seed, 3, number])
    run = runs[int(np.random.default_rng([seed, 4, number // len(runs)]).permutation(len(runs))[number % len(runs)])]
    people = sorted({one.person for one in runs})
    test = people.index(run.person) % HELD_OUT == HELD_OUT - 1
    scene = _scene(random, _body(random), run.speed, float(random.uniform(2.0, 20.0)))
    return SampledLabFilm(number, run, test, scene)


def _scene(random: np.random.Generator, body: RenderedBody, speed: float, start: float) -> RenderedScene:
    """Everything about a film but the runner."""
    camera, ground = _camera(random)
    duration = 3.0 if camera.rate > 100 else float(random.uniform(3.2, 4.2))
    way = speed * duration
    outfit, light = _outfit(random), _light(random)
    backdrop, placed = _backdrop(random, camera, ground, way), _placed(random, camera, ground, way)
    return RenderedScene(body, outfit, light, backdrop, placed, ground, duration, start)


def _chosen(random: np.random.Generator, table: tuple[tuple[float, float], ...]) -> float:
    shares = np.array([share for _, share in table])
    return table[int(random.choice(len(table), p=shares / shares.sum()))][0]


def _body(random: np.random.Generator) -> RenderedBody:
    woman = random.random() < 0.45
    hair = random.choice(["long", "short", "cap"] if woman else ["short", "short", "cap", "bald"])
    return RenderedBody(
        gender=float(random.uniform(0.0, 0.15) if woman else random.uniform(0.85, 1.0)),
        muscle=float(random.uniform(0.35, 0.8)),
        weight=float(random.uniform(0.25, 0.65)),
        age=float(random.uniform(0.55, 0.8)),
        skin=SKINS[int(random.integers(len(SKINS)))],
        hair=str(hair),  # type: ignore[arg-type]
        hair_colour=HAIRS[int(random.integers(len(HAIRS)))],
    )


def _parameters(random: np.random.Generator) -> RunnerParameters:
    """A person's way of running; tries until the legs reach."""
    while True:
        speed, woman = float(random.uniform(2.4, 5.0)), random.random() < 0.45
        height = float(random.normal(1.66 if woman else 1.78, 0.06))
        cadence = float(np.clip(random.normal(163 + 6 * (speed - 2.5) - 60 * (height - 1.72), 6.0), 150, 200))
        contact = float((0.372 - 0.0375 * speed) * np.clip(random.normal(1.0, 0.05), 0.9, 1.1))
        parameters = {
            "height": height, "mass": 22.5 * height**2, "sex": "female" if woman else "male", "speed": speed, "cadence": cadence,
            "contact_time": contact, "contact_time_asymmetry": float(random.choice(LIMPS)),
            "step_width": float(random.normal(0.06, 0.035)), "com_lateral": Wave(float(random.uniform(0.004, 0.012)), -18.0),
            "head_vertical_gain": float(random.uniform(0.82, 1.08)), "head_lag": float(random.uniform(-0.006, 0.022)),
            "head_forward_gain": float(random.uniform(0.1, 0.8)),
            "head_lateral": Wave(float(random.uniform(0.004, 0.035)), float(random.normal(-20, 25))),
            "neck_base_lateral": Wave(float(random.uniform(0.006, 0.024)), float(random.normal(-20, 12))),
            "head_nod": Wave(float(random.uniform(0.0, 0.008)), float(random.uniform(-180, 180))),
            "head_pitch": Wave(float(random.uniform(0.3, 3.5)), float(random.uniform(0, 90))),
            "head_roll": Wave(float(random.uniform(-3.0, 2.0)), -10.0), "head_yaw": Wave(float(random.uniform(0.0, 5.0)), 90.0),
            "head_anteversion": float(random.uniform(0.05, 0.13)), "trunk_lean": float(random.uniform(2.0, 13.0)),
            "pelvis_list": Wave(float(random.uniform(-6.0, -1.5)), -20.0), "pelvis_yaw": Wave(float(random.uniform(3.0, 9.0)), -80.0),
            "thorax_yaw": Wave(float(random.uniform(4.0, 13.0)), 95.0), "arm_swing": Wave(float(random.uniform(16.0, 38.0)), 85.0, -14.0),
            "elbow_flexion": Wave(9.0, 85.0, float(random.uniform(75.0, 110.0))), "knee_flexion": float(random.uniform(15.0, 26.0)),
            "heel_rise": (float(random.uniform(0.42, 0.58)), float(random.uniform(38.0, 52.0))),
            "step_noise": StepVariability(0.0, 0.08, 0.02, 0.008, seed=int(random.integers(1 << 30))),
        }  # fmt: skip
        if _can_run(parameters := RunnerParameters(**parameters)):
            return parameters


def _can_run(parameters: RunnerParameters) -> bool:
    try:
        return SyntheticRunner(parameters).offsets is not None
    except OptionError:
        return False


def _paced(parameters: RunnerParameters, random: np.random.Generator) -> RunnerParameters:
    """The same person at a slightly other pace in every film."""
    factor = float(random.uniform(0.9, 1.1))
    try:
        other = parameters.changed(
            speed=parameters.speed * factor,
            cadence=parameters.cadence * factor**0.25,
            contact_time=parameters.contact_time * factor**-0.6,
        )
    except OptionError:
        return parameters
    return other if _can_run(other) else parameters


def _outfit(random: np.random.Generator) -> Outfit:
    def colour() -> Colour:
        red, green, blue = (int(c) for c in random.integers(15, 245, 3))
        return red, green, blue

    def garment(reaches: list[float], most: float) -> Garment:
        pattern = PATTERNS[int(random.integers(len(PATTERNS)))]
        return Garment(
            colour(),
            colour(),
            pattern,
            float(random.choice(reaches)),
            float(random.uniform(0.003, most)),
            float(random.uniform(0, 0.4)),
        )

    shorts = garment([0.25, 0.5, 0.75], 0.035) if random.random() < 0.65 else garment([1.5, 1.85], 0.006)
    shirt = garment([0.0, 0.5, 0.6, 1.9], 0.02)
    sock = (colour(), float(random.choice([0.0, 0.05, 0.1, 0.25])))
    return Outfit(shirt, shorts, colour(), (240, 240, 240) if random.random() < 0.6 else colour(), sock)


def _light(random: np.random.Generator) -> RenderedLight:
    return RenderedLight(
        azimuth=float(random.uniform(-180, 180)),
        elevation=float(random.uniform(25, 75)),
        ambient=float(random.uniform(0.35, 0.9)),
        shadow=(float(random.uniform(0.0, 0.6)), float(random.uniform(0.01, 0.1))),
        gain=float(random.uniform(0.7, 1.2)),
        warmth=float(random.uniform(0.85, 1.2)),
    )


def _camera(random: np.random.Generator) -> tuple[RenderedCamera, Ground]:
    """Kind of film: rate, view, and how the camera is carried."""
    rate, azimuth = _chosen(random, RATES), _chosen(random, VIEWS) + float(random.normal(0.0, 3.0))
    ground: Ground = "treadmill" if random.random() < 0.5 else "overground"
    side = abs(abs(azimuth) - 90) < 30
    carriage: Carriage = "fixed"
    if ground == "overground":
        shares = [0.2, 0.35, 0.45] if side else [0.4, 0.1, 0.5]
        carriage = ("fixed", "panning", "following")[int(random.choice(3, p=shares))]
    hand = random.random() < (0.75 if carriage != "fixed" else 0.35)
    exposure = min(float(np.exp(random.uniform(np.log(1 / 1000), np.log(1 / 80)))), 0.9 / rate)
    return RenderedCamera(
        azimuth=azimuth,
        height=float(np.clip(random.normal(1.2, 0.3), 0.4, 2.2)),
        roll=float(random.normal(0.0, 1.5)),
        rate=rate,
        exposure=exposure,
        readout=float(random.uniform(0.0, min(0.02, 0.9 / rate))),
        carriage=carriage,
        zoom=float(random.uniform(0.9, 1.12)) if random.random() < 0.12 else 1.0,
        shake=float(random.uniform(0.05, 0.5)) if hand else 0.0,
        grain=float(random.uniform(0.5, 7.0)),
        quality=int(random.integers(20, 31)),
    ), ground


def _placed(random: np.random.Generator, camera: RenderedCamera, ground: Ground, way: float) -> RenderedCamera:
    """Distance and focal length such that the runner fills a sensible part of the picture."""
    side = abs(abs(camera.azimuth) - 90) < 30
    crossing = ground == "overground" and camera.carriage == "fixed"
    near = float(random.uniform(3.5, 8.0))
    if camera.carriage == "panning":
        near = float(random.uniform(6.0, 12.0)) if side else way / 2 + near
    if crossing and not side:
        near = way / 2 + float(random.uniform(3.0, 5.0))
    if crossing and side:
        size, near = (1280, 720), float(random.uniform(12.0, 18.0))
        focal = size[0] * near / (way + 3.0)
        return replace(camera, distance=near, size=size, focal=float(focal), aim=(1.0, 0.0))
    upright = random.random() < 0.6
    size = (720, 1280) if upright else (1280, 720)
    share = float(random.uniform(0.42, 0.72) if upright else random.uniform(0.55, 0.85))
    focal = share * size[1] * near / 1.8
    if crossing or (camera.carriage == "panning" and not side):
        focal = 0.8 * size[1] * (near - way / 2) / 1.8
    return replace(
        camera,
        distance=near,
        size=size,
        focal=float(focal),
        aim=(float(random.uniform(0.85, 1.05)), float(random.normal(0, 0.08))),
    )


def _backdrop(random: np.random.Generator, camera: RenderedCamera, ground: Ground, way: float) -> Backdrop:
    side = abs(abs(camera.azimuth) - 90) < 30
    room = 0.0 if side or ground == "treadmill" else way / 2
    grey = random.uniform(60, 200)
    wall, floor = (
        np.clip(level + random.normal(0, 14, 3), 10, 245).astype(int).tolist()
        for level in (grey, random.uniform(60, 180))
    )
    return Backdrop(
        seed=int(random.integers(1 << 30)),
        distance=float(random.uniform(2.0, 15.0) + room),
        wall=(wall[0], wall[1], wall[2]),
        floor=(floor[0], floor[1], floor[2]),
        clutter=int(random.integers(0, 30)),
        contrast=float(random.uniform(0.1, 0.9)),
    )

"""Runners who differ more than people do, filmed by computation with the errors of real pose models: what film events learn not to shrink from.

Nothing is drawn. Contact times, limps, cadences, foot strikes, roll-offs and swings of synthetic runners are spread widely and
apart from one another; what a pose model and a camera made of the feet of rendered runners (``film_event_slips.py``) is carried over to them.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np
from scipy.interpolate import CubicSpline

from film_event_slips import GRID, MeanRunner
from headway.errors import OptionError
from headway.gait.film_stride import SIDES
from headway.recording import FloatArray, Side
from headway.synthetic.film.skin import HEEL, TOE
from headway.synthetic.jets import Jet
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.runner import SyntheticRunner

RUNNERS, STYLES = 130, 3
"""How many ways of running there are, and pairs of feet for each."""
CONTACT = (0.72, 1.28)
"""Contact time over that of the line of usual runners."""
LIMP = 15.0
"""Largest difference of the sides, %."""
SPEED, STATURE, CADENCE = (2.0, 6.0), (1.55, 1.92), (145.0, 205.0)
TIP, BACK = 0.03, 0.04
"""Heights of the key points of toe and heel over the sole, m in a body of 1.75 m."""
LANDED = 0.25
"""Part of the swing in which the foot of a heel striker turns up, share."""
CLEAR = 0.03
"""How much higher feet swing than the synthetic runner's, m in a body of 1.75 m."""
SETTLED = 1e-3
"""Change of the posture at which it counts as found, m: nothing here hangs on a millimetre."""


@dataclass(frozen=True)
class FootStyle:
    """How one foot lands, rolls off and swings.

    Attributes
    ----------
    strike
        Turn of the foot at initial contact against the synthetic runner's, deg, toe up +.
    flat
        Share of stance at which the foot lies flat.
    sink
        Speed of the heel downward as it lands, m/s.
    bend
        How far the shoe's tip stays on the ground under the pitching foot: 0 a stiff sole, 1 bare toes.
    swing
        Random turns and shifts of the foot in swing: rad, m, m for three shapes, shape (3, 3).
    """

    strike: float
    flat: float
    sink: float
    bend: float
    swing: FloatArray


def wide_parameters(random: np.random.Generator) -> RunnerParameters:
    """Draw a way of running: speed, cadence, contact time and stature nearly independent of one another."""
    speed, height = float(random.uniform(*SPEED)), float(random.uniform(*STATURE))
    cadence = float(np.clip(random.normal(165 + 8 * (speed - 3.5) - 50 * (height - 1.72), 10.0), *CADENCE))
    usual = 0.372 - 0.0375 * speed if speed < 4.5 else 0.2033 - 0.022 * (speed - 4.5)
    return RunnerParameters(
        height=height, mass=22.5 * height**2, sex="female" if random.random() < 0.45 else "male", speed=speed, cadence=cadence,
        contact_time=float(usual * random.uniform(*CONTACT)),
        contact_time_asymmetry=float(random.uniform(-LIMP, LIMP)) if random.random() < 0.8 else 0.0,
        force_skew=float(random.uniform(0.0, 0.22)), force_peakedness=float(random.uniform(-0.05, 0.1)),
        braking_impulse=0.0212 * float(random.uniform(0.7, 1.3)), step_width=float(random.normal(0.06, 0.035)),
        com_lateral=Wave(float(random.uniform(0.004, 0.012)), -18.0), trunk_lean=float(random.uniform(2.0, 13.0)),
        pelvis_list=Wave(float(random.uniform(-6.0, -1.5)), -20.0), pelvis_yaw=Wave(float(random.uniform(3.0, 9.0)), -80.0),
        pelvis_tilt=Wave(float(random.uniform(0.0, 4.0)), float(random.uniform(0, 120)), -14.0), knee_flexion=float(random.uniform(15.0, 27.0)),
        heel_rise=(float(random.uniform(0.38, 0.66)), float(random.uniform(30.0, 58.0))), step_noise=StepVariability(),
    )  # fmt: skip


def foot_style(random: np.random.Generator) -> FootStyle:
    """Draw a foot."""
    strike = float(random.uniform(0.0, 28.0)) if random.random() < 0.75 else 0.0
    return FootStyle(strike, float(random.uniform(0.15, 0.35)), float(random.uniform(0.4, 1.6)), float(random.uniform(0.2, 1.0)),
                     random.normal(0.0, 1.0, (3, 3)) * np.array([0.12, 0.02, 0.02]))  # fmt: skip


def alike(style: FootStyle, random: np.random.Generator) -> FootStyle:
    """The other foot of the same runner."""
    near = replace(style, sink=style.sink * float(random.uniform(0.85, 1.15)))
    return replace(
        near,
        strike=max(style.strike + float(random.normal(0, 2.0)), 0.0) if style.strike else 0.0,
        swing=style.swing + 0.3 * random.normal(0.0, 1.0, (3, 3)) * np.array([0.12, 0.02, 0.02]),
    )


def wide_runner(number: int) -> list[MeanRunner]:
    """Make a runner with ``STYLES`` pairs of feet; none where the legs do not reach. Same number, same runners."""
    random = np.random.default_rng([14, number])
    try:
        parameters = wide_parameters(random)
        runner = SyntheticRunner(parameters)
        with patch("headway.synthetic.posture.SETTLED", SETTLED):
            _ = runner.offsets
        time = GRID * parameters.stride_time / (2 * np.pi)
        skeleton, joints = runner.skeleton(time, 1)
    except OptionError:
        return []
    stances = runner.ground.stances(np.arange(2))
    contacts: list[tuple[Side, float, float]] = sorted(
        ("right" if sign > 0 else "left", float(first), float(last))
        for sign, first, last in zip(stances.side, stances.initial_contact, stances.toe_off, strict=True)
    )
    turn = 2 * np.pi / parameters.stride_time
    phase: dict[Side, tuple[float, float]] = {side: (turn * first, turn * last) for side, first, last in contacts}
    hips = np.stack([joints[f"hip_{side}"].value for side in SIDES], axis=1)
    out = []
    for k in range(STYLES):
        style = foot_style(random)
        styles = {"left": style, "right": alike(style, random)}
        feet = [
            styled(time - begin, *skeleton.pose.feet[side], styles[side], end - begin, parameters, runner.plan.scale)
            for side, begin, end in contacts
        ]
        heels, toes = (np.stack(each, axis=1) for each in zip(*feet, strict=True))
        points = np.concatenate([hips, heels, toes], axis=1)
        out.append(
            MeanRunner(f"wide {STYLES * number + k}", parameters.height, 1 / parameters.stride_time, points, phase)
        )
    return out


def styled(
    since: FloatArray,
    rotation: Jet,
    place: Jet,
    style: FootStyle,
    contact: float,
    parameters: RunnerParameters,
    scale: float,
) -> tuple[FloatArray, FloatArray]:
    """Key points of heel and toe (m, shape (n, 3)) of a foot of some style, from that of the synthetic runner; ``since`` an initial contact, s."""
    ball, pitch = place.value, -np.arctan2(rotation.value[:, 1, 0], rotation.value[:, 0, 0])
    stride = parameters.stride_time
    since = since % stride
    swing = np.clip((since - contact) / (stride - contact), 0.0, 1.0)
    landing = np.clip(1.0 - since / (style.flat * contact), 0.0, 1.0) ** 2
    late = np.clip((swing - (1 - LANDED)) / LANDED, 0.0, 1.0)
    lifted = np.where(since < contact, landing, late**2 * (3 - 2 * late))
    shapes = np.stack([np.sin(np.pi * swing) ** 3 * np.cos(k * np.pi * swing) for k in range(3)])
    turn, ahead, up = style.swing.T @ shapes
    up = up + CLEAR * shapes[0]
    # The synthetic foot lands with its heel up by 10 degrees; a heel striker's is turned toe up beyond that.
    pitch = pitch - np.radians(style.strike) * lifted + turn
    ball = ball + np.column_stack([ahead, up, np.zeros_like(up)]) * scale
    c, s = np.cos(pitch), np.sin(pitch)

    def on(forward: float, high: float) -> FloatArray:
        return ball + scale * np.column_stack([c * forward + s * high, c * high - s * forward, np.zeros_like(c)])

    heel, toe, sole = on(HEEL, BACK), on(TOE, TIP), on(HEEL, 0.0)[:, 1]
    raised = _raised(since, sole, style, contact, stride)
    heel[:, 1] += raised
    toe[:, 1] += raised
    level = 0.6 * TIP * scale
    toe[:, 1] += style.bend * np.maximum(level - toe[:, 1], 0.0)
    return heel, toe


def _raised(since: FloatArray, sole: FloatArray, style: FootStyle, contact: float, stride: float) -> FloatArray:
    """How far the foot has to be raised for its heel not to be in the ground, and to land at some speed, m."""
    raised = np.maximum(-sole, 0.0) * (since < 0.6 * contact)
    known, order = np.unique(since, return_index=True)
    height = CubicSpline(np.append(known, stride + known[0]), np.append(sole[order], sole[order[0]]))
    if float(np.interp(0.0, known, sole[order], period=stride)) >= 0:
        return raised
    # Before it lands the heel comes down on a cubic from where it was unraised.
    span = 0.1
    start = stride - span
    first, slope = float(height(start)), float(height(start, 1))
    u = np.clip((since - start) / span, 0.0, 1.0)
    cubic = (
        (2 * u**3 - 3 * u**2 + 1) * first + (u**3 - 2 * u**2 + u) * span * slope + (u**3 - u**2) * span * -style.sink
    )
    return np.where(since > start, np.maximum(cubic, 0.0) - sole, raised)


def wide_runners() -> list[MeanRunner]:
    """All who can run."""
    with ProcessPoolExecutor() as pool:
        return [one for each in pool.map(wide_runner, range(RUNNERS), chunksize=5) for one in each]

"""An analysis made of analytic curves: a runner of 62.9 kg at 3.2 m/s whose every line is known."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from headway.metrics.registry import REGISTRY, Metric
from headway.recording import Flag, Processing
from headway.results import (
    SCHEMA,
    Entry,
    Estimated,
    EventsFound,
    FilterCutoffs,
    ForceFound,
    Measured,
    NotMeasurable,
    RecordingFound,
    RunnerFound,
    StepCount,
    Summary,
)

MASS, GRAVITY, SPEED = 62.9, 9.80665, 3.2
CONTACT, STEP = 0.236, 0.352
AXES, SIDES = ["forward", "up", "right"], ["left", "right"]
LEVELS = ["ground", "ankle", "knee", "hip", "lumbar", "neck"]
POINTS = ["head", "neck_base", "pelvis", "com"]
ABOVE = {"ground": 1.0, "ankle": 0.986, "knee": 0.94, "hip": 0.80, "lumbar": 0.60, "neck": 0.069}

# name: family, title, unit, value, half interval, left - right, expected
# fmt: off
MEASURED: dict[str, tuple[str, str, str, float, float, float, tuple[float, float] | None]] = {
    "contact_time": ("time and space", "Contact time", "s", 0.236, 0.0042, 0.004, (0.17, 0.32)),
    "flight_time": ("time and space", "Flight time", "s", 0.116, 0.006, -0.003, (0.0, 0.17)),
    "cadence": ("time and space", "Cadence", "steps/min", 170.4, 1.9, 0.0, (143.0, 206.0)),
    "duty_factor": ("time and space", "Duty factor", "1", 0.335, 0.006, 0.004, (0.26, 0.41)),
    "speed": ("time and space", "Speed", "m/s", SPEED, 0.03, 0.0, None),
    "step_length": ("time and space", "Step length", "m", 1.126, 0.012, 0.01, (0.8, 1.6)),
    "vertical_oscillation": ("time and space", "Vertical oscillation of the body", "m", 0.087, 0.003, 0.002, (0.058, 0.114)),
    "peak_vertical_grf": ("ground force", "Greatest vertical force", "BW", 2.49, 0.05, -0.06, (2.15, 3.05)),
    "braking_impulse": ("ground force", "Braking impulse", "BW·s", -0.0198, 0.0011, 0.0004, (-0.03, -0.015)),
    "propulsive_impulse": ("ground force", "Propulsive impulse", "BW·s", 0.0206, 0.0009, 0.0006, (0.0154, 0.032)),
    "leg_stiffness": ("ground force", "Leg stiffness", "N/m", 11200.0, 350.0, -240.0, (8000.0, 15000.0)),
    "ladder_closure": ("force ladder", "How well the ladder closes", "BW", 0.083, 0.012, 0.01, (0.0, 0.2)),
    "ladder_neck_impulse_forward": ("force ladder", "Forward impulse at the neck", "BW·s", 0.00062, 0.0002, 0.0001, None),
    "head_vertical_gain": ("push-off to head", "Upward push that arrives at the head", "1", 0.985, 0.012, 0.01, (0.5, 1.2)),
    "head_forward_gain": ("push-off to head", "Forward push that arrives at the head", "1", 0.31, 0.14, 0.07, (-0.6, 1.2)),
    "neck_base_forward_gain": ("push-off to head", "Forward push that arrives at the neck base", "1", 0.44, 0.09, 0.05, (-0.6, 1.2)),
    "neck_force_peak": ("push-off to head", "Greatest force in the neck", "1", 2.46, 0.06, -0.05, (2.1, 3.0)),
    "head_lag_vertical": ("pushed or pulled along", "Delay of the head, upward", "s", 0.0042, 0.0021, 0.001, (-0.001, 0.011)),
    "head_retraction": ("pushed or pulled along", "Head drawn back in push-off", "m", -0.0043, 0.0012, 0.0008, (-0.01, 0.0)),
    "head_bob": ("pushed or pulled along", "Head to and fro over the neck", "m", 0.0082, 0.0009, 0.0, (0.005, 0.012)),
    "grf_line_crossing_time": ("force line and head", "When the force line crosses the head", "% of stance", 66.0, 2.1, 1.5, (52.0, 73.0)),
    "grf_line_offset_forward": ("force line and head", "Force line ahead of the head, push-off", "m", -0.038, 0.011, 0.006, (-0.05, 0.05)),
    "lateral_bounce_amplitude": ("lateral bounce", "Head from side to side", "m", 0.0212, 0.0011, 0.0, (0.012, 0.025)),
    "lateral_bounce_phase": ("lateral bounce", "When the head is furthest over", "rad", -0.43, 0.05, 0.04, (-0.96, -0.1)),
    "neck_base_lateral_bounce_amplitude": ("lateral bounce", "Neck base from side to side", "m", 0.0178, 0.001, 0.0, (0.012, 0.025)),
    "step_width": ("weight shift", "Step width", "m", 0.071, 0.012, 0.0, (-0.031, 0.171)),
    "neck_over_foot_error": ("weight shift", "Neck base over the stance foot", "m", -0.0195, 0.0042, 0.009, (-0.053, 0.055)),
    "head_over_foot_error": ("weight shift", "Head over the stance foot", "m", -0.0165, 0.0045, 0.008, None),
    "trunk_lean": ("posture", "Lean of the trunk", "rad", 0.187, 0.008, 0.0, (0.1, 0.3)),
    "head_pitch_range": ("posture", "Nod of the head", "rad", 0.061, 0.006, 0.0, (0.05, 0.07)),
}
STANDING = ("no standing trial of this runner", "give a standing trial with --standing FILE")
NOT_MEASURABLE: dict[str, tuple[str, str, str, str]] = {
    "push_through_angle": ("pushed or pulled along", "Push along the axis of the head", *STANDING),
    "neck_moment_ratio": ("pushed or pulled along", "Moment at the neck", *STANDING),
    "tibial_peak_acceleration": ("ground force", "Peak acceleration of the shin", "no sensor on the shin", "put a sensor on the shin (400 Hz)"),
    "virtual_pivot_height": ("force line and head", "Height at which the force lines meet", "fewer than ten strides", "record at least ten strides"),
}
# fmt: on


def declared(name: str, family: str, title: str, unit: str, expected: tuple[float, float] | None = None) -> Metric:
    return Metric(
        name=name,
        title=title,
        definition=f"Δv of the point over its window, divided by that of the whole body ({name}).",
        unit=unit,
        family=family,  # pyright: ignore[reportArgumentType]
        compute=lambda trial: None,
        plane="sagittal",
        level="neck" if family == "force ladder" and "neck" in title else "",
        source="Folland 2017",
        expected=expected,
        runner="How much of the push arrives.",
        supports="Vertically true of everyone measured.",
        contradicts="The forward part arrives with a gain of 0 to 0.8, and differs between runners.",
    )


@pytest.fixture
def registry() -> Iterator[Mapping[str, Metric]]:
    """The registry with the metrics of the made-up analysis in place of the real ones, which come back in their order."""
    made = {name: declared(name, row[0], row[1], row[2], row[6]) for name, row in MEASURED.items()}
    made |= {name: declared(name, family, title, "1") for name, (family, title, _, _) in NOT_MEASURABLE.items()}
    real = dict(REGISTRY)
    REGISTRY.clear()
    REGISTRY.update(made)
    yield REGISTRY
    REGISTRY.clear()
    REGISTRY.update(real)


def made_summary(left: int, right: int) -> Summary:
    single = left + right == 1
    metrics: dict[str, Entry] = {
        name: Measured(
            value=value,
            unit=unit,
            ci95=None if single else (value - half, value + half),
            n=left + right,
            left=value + tilt / 2 if left else None,
            right=value - tilt / 2 if right else None,
        )
        for name, (_, _, unit, value, half, tilt, _) in MEASURED.items()
    }
    metrics["leg_stiffness"] = estimated(metrics["leg_stiffness"], "sine model (Morin 2005), 4.6 % low against plates")
    metrics |= {name: NotMeasurable(why=why, record=record) for name, (_, _, why, record) in NOT_MEASURABLE.items()}
    return Summary(
        schema=SCHEMA,
        headway="0.1.0",
        versions={},
        recording=RecordingFound(
            source="/home/runner/recordings/easy run 02.c3d",
            kind="c3d",
            view="3d",
            duration=12.4,
            rate=200.0,
            forward="-x",
            up="z",
            speed=SPEED,
            subject=None,
        ),
        runner=RunnerFound(height=1.71, mass=MASS, mass_source="impulse", sex=None),
        force=ForceFound(status="measured", method=None),
        events=EventsFound(source="force", threshold=20.0, method="force 20 N"),
        steps=StepCount(count=left + right, left=left, right=right),
        quality=[
            Flag("sternum_as_notch", "info", "The sternum pair stands in for the suprasternal notch."),
            Flag("few_steps", "warning", "Fewer than ten strides: read phases and lags with care."),
        ],
        filters=FilterCutoffs(motion_cutoff=12.0, force_cutoff=50.0),
        processing=[
            Processing("orient", {"forward": "-x", "up": "z"}),
            Processing("low_pass", {"cut_off": 12.0, "order": 2, "passes": 2}),
        ],
        metrics=metrics,
    )


def estimated(entry: Entry, model: str) -> Estimated:
    """The same value as one that comes through a model."""
    assert isinstance(entry, Measured)
    return Estimated(**msgspec.structs.asdict(entry), model=model)


def made_steps(left: int, right: int) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    side = [SIDES[i % 2] for i in range(2 * max(left, right))]
    kept = [s for i, s in enumerate(side) if i // 2 < {"left": left, "right": right}[s]]
    landing = np.arange(len(kept)) * STEP
    offset = np.where(np.array(kept) == "left", -0.015, -0.024)
    errors = {
        name: offset + shift + rng.normal(0, 0.007, len(kept))
        for name, shift in (("neck_over_foot_error", 0.0), ("head_over_foot_error", 0.003))
    }
    return pd.DataFrame(
        {"step": range(len(kept)), "side": kept, "initial_contact": landing, "toe_off": landing + CONTACT, **errors}
    )


def ground_force(phase: np.ndarray, sign: float) -> np.ndarray:
    """N, shape (n, 3), at a phase of stance 0 to 1; the impulse carries the weight through flight."""
    up = (
        MASS
        * GRAVITY
        * (np.pi / 2 * STEP / CONTACT * np.sin(np.pi * phase) + 0.25 * np.exp(-(((phase - 0.12) / 0.05) ** 2)))
    )
    return np.stack(
        [-0.27 * MASS * GRAVITY * np.sin(2 * np.pi * phase), up, -sign * 30.0 * np.sin(np.pi * phase)], axis=-1
    )


def level_force(level: str, phase: np.ndarray, sign: float) -> np.ndarray:
    force = ground_force(phase - 0.01 * LEVELS.index(level), sign) * ABOVE[level]
    force[:, 0] *= 1.0 - (0.12 + 0.015 * sign) * LEVELS.index(level)
    return force


def made_waveforms(left: int, right: int) -> xr.Dataset:
    stance = np.arange(101.0)
    phase = stance / 100.0
    shape = (2, 101, 4, 3)
    path, velocity = np.full(shape, np.nan), np.full(shape, np.nan)
    ladder, force = np.full((2, 101, 6, 3), np.nan), np.full((2, 101, 3), np.nan)
    offset = np.full((2, 2, 101, 4), np.nan)
    for s, count in enumerate((left, right)):
        if not count:
            continue
        sign = 1.0 if s else -1.0
        force[s] = ground_force(phase, sign)
        for i, level in enumerate(LEVELS):
            ladder[s, :, i] = level_force(level, phase, sign)
        for p, (gain, late) in enumerate([(0.35, 0.03), (0.5, 0.02), (1.3, 0.0), (1.0, 0.0)]):
            velocity[s, :, p] = np.stack(
                [-0.2 * gain * np.sin(np.pi * phase), -0.75 * np.cos(np.pi * (phase - late)), 0 * phase], axis=-1
            )
            sway = (0.021, 0.018, 0.010, 0.008)[p] * np.cos(np.pi * CONTACT / STEP * (phase - 0.42)) - (
                0.036 if s else 0.031
            )
            path[s, :, p] = np.stack(
                [0.01 * gain * np.cos(np.pi * phase), -0.048 * np.sin(np.pi * phase) + 0.02, sway], axis=-1
            )
            offset[0, s, :, p] = (0.9 + 0.1 * p) * (-0.40 + 0.55 * phase + 0.1 * np.sin(3 * phase))
            offset[1, s, :, p] = 0.004 + 0.03 * np.sin(2 * np.pi * phase) + 0.01 * p
    dims = ("side", "stance", "body_point", "axis")
    variables: dict[str, Any] = {
        "path": (dims, path),
        "velocity": (dims, velocity),
        "ladder_force": (("side", "stance", "level", "axis"), ladder),
        "ground_force": (("side", "stance", "axis"), force),
        "grf_line_offset_forward": (dims[:3], offset[0]),
        "grf_line_offset_lateral": (dims[:3], offset[1]),
        "n_steps": ("side", [left, right]),
    }
    spread = {
        "path": 0.004,
        "velocity": 0.03,
        "ladder_force": 0.06,
        "ground_force": 0.04,
        "grf_line_offset_forward": 0.015,
    }
    single = left + right == 1
    for name, size in (spread | {"grf_line_offset_lateral": 0.008}).items():
        kept, values = variables[name]
        spread_of = size * np.abs(values) if name.endswith("force") else size
        variables[f"{name}_sd"] = (kept, np.where(np.isfinite(values) & (not single), spread_of, np.nan))
    coords = {"side": SIDES, "stance": stance, "body_point": POINTS, "axis": AXES, "level": LEVELS}
    return xr.Dataset(variables, coords=coords)


def leg(hip: np.ndarray, ankle: np.ndarray, thigh: float, shank: float) -> np.ndarray:
    """Knee of a two-link leg in the sagittal plane, bent forward."""
    reach = ankle - hip
    far = np.minimum(np.linalg.norm(reach, axis=1), 0.999 * (thigh + shank))
    turn = np.arccos((thigh**2 + far**2 - shank**2) / (2 * thigh * far)) + np.arctan2(reach[:, 0], -reach[:, 1])
    return hip + thigh * np.stack([np.sin(turn), -np.cos(turn), 0 * turn], axis=1)


def made_figure(frames: int = 141) -> xr.Dataset:
    """One stride of a running figure that stays in place, left stance first."""
    time = np.arange(frames) / frames * 2 * STEP
    cycle = np.pi * time / STEP
    up = 0.045 * np.cos(2 * cycle - 2 * np.pi * (CONTACT / 2) / STEP + np.pi)
    sway = -np.cos(cycle - np.pi * CONTACT / 2 / STEP)
    points: dict[str, np.ndarray] = {}

    def put(name: str, forward: Any, height: Any, right: Any) -> None:
        points[name] = np.stack([forward + 0 * time, height + 0 * time, right + 0 * time], axis=1)

    put("pelvis_centre", 0.0, 0.96 + up, 0.010 * sway)
    put("neck_base", 0.09, 1.43 + up, 0.018 * sway)
    put("head_centre", 0.16, 1.61 + 0.98 * up, 0.021 * sway)
    contact, force = np.zeros((frames, 2), bool), np.full((frames, 2, 3), np.nan)
    cop, ladder = np.full((frames, 2, 3), np.nan), np.full((frames, 6, 3), np.nan)
    for s, (side, sign) in enumerate((("left", -1.0), ("right", 1.0))):
        own = (time + s * STEP) % (2 * STEP)
        ground = own < CONTACT
        swing = (own - CONTACT) / (2 * STEP - CONTACT)
        start, travel = 0.30, SPEED * CONTACT
        forward = np.where(
            ground, start - SPEED * own, start - travel + travel * (swing - np.sin(2 * np.pi * swing) / 4)
        )
        height = np.where(
            ground, 0.08 + 0.12 * np.clip(own / CONTACT - 0.6, 0, 1) ** 2, 0.11 + 0.34 * np.sin(np.pi * swing) ** 2
        )
        swung = 0.3 * np.cos(cycle + s * np.pi)
        put(f"hip_{side}", 0.03 * -swung, 0.92 + up, sign * 0.085 + 0.010 * sway)
        put(f"ankle_{side}", forward, height, sign * 0.042)
        points[f"knee_{side}"] = leg(points[f"hip_{side}"], points[f"ankle_{side}"], 0.44, 0.45)
        pitch = np.where(ground, 0.9 * np.clip(own / CONTACT - 0.5, 0, 1), 0.7 * np.sin(np.pi * swing))
        put(f"heel_{side}", forward - 0.05 * np.cos(pitch), height - 0.05 + 0.05 * np.sin(pitch), sign * 0.042)
        put(f"toe_{side}", forward + 0.16 * np.cos(pitch), height - 0.07 - 0.10 * np.sin(pitch), sign * 0.05)
        put(f"shoulder_{side}", 0.08 + 0.06 * swung, 1.39 + up, sign * 0.18 + 0.018 * sway)
        put(f"elbow_{side}", 0.03 + 0.5 * swung, 1.13 + up + 0.1 * swung**2, sign * 0.23)
        put(f"wrist_{side}", 0.25 + 0.6 * swung, 1.14 + up + 0.15 * swung, sign * 0.14)
        contact[:, s] = ground
        phase = own[ground] / CONTACT
        force[ground, s] = ground_force(phase, sign)
        cop[ground, s] = np.stack([forward[ground] - 0.03 + 0.16 * phase, 0 * phase, sign * 0.045 + 0 * phase], axis=1)
        for i, level in enumerate(LEVELS):
            ladder[ground, i] = level_force(level, phase, sign)
    return xr.Dataset(
        {
            "figure": (("frame", "figure_point", "axis"), np.stack(list(points.values()), axis=1)),
            "figure_time": ("frame", time),
            "figure_contact": (("frame", "side"), contact),
            "figure_force": (("frame", "side", "axis"), force),
            "figure_cop": (("frame", "side", "axis"), cop),
            "figure_ladder": (("frame", "level", "axis"), ladder),
        },
        coords={"figure_point": list(points), "axis": AXES, "side": SIDES, "level": LEVELS},
    )


@pytest.fixture
def analysis(registry: Mapping[str, Metric]) -> Callable[..., Any]:
    """Make an analysis: numbers of steps per foot, with or without the moving figure."""

    def make(left: int = 17, right: int = 16, *, figure: bool = True) -> Any:
        waveforms = made_waveforms(left, right)
        if figure:
            waveforms = waveforms.merge(made_figure())
            waveforms.attrs |= {"figure_kind": f"mean stride of {min(left, right)}", "mass": MASS}
        return SimpleNamespace(
            summary=made_summary(left, right), steps=made_steps(left, right), waveforms=waveforms, curves=xr.Dataset()
        )

    return make

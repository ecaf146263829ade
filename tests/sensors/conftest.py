from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.analysis.analysis import Analysis
from headway.analysis.analyze_sensors import measure_sensors
from headway.sensors.recording import SensorRecording
from headway.synthetic.handling import Handling, Motion
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, looped, placed, worn

HEAD_MOUNT = Rotation.from_euler("xyz", [100, 20, -35], degrees=True)
SACRUM_MOUNT = Rotation.from_euler("xyz", [40, 70, -20], degrees=True)
LEVER = (0.0, 0.10, 0.03)
"""The head's sensor sits 10 cm above the head's centre."""


@pytest.fixture(scope="session")
def runner() -> SyntheticRunner:
    return SyntheticRunner()


@pytest.fixture(scope="session")
def pair(runner: SyntheticRunner) -> Callable[..., SensorRecording]:
    """A head and a sacral sensor of phone quality on the same run."""
    stride = runner.parameters.stride_time
    head_motion, sacrum_motion = (
        looped(body_motion(runner, "head", LEVER), stride),
        looped(body_motion(runner, "sacrum"), stride),
    )

    def make(
        rate: float = 100.0,
        duration: float = 40.0,
        *,
        offset: float = 0.05,
        handling: Handling | None = Handling(),  # noqa: B008
        wrap: Callable[[Motion], Motion] = lambda motion: motion,
    ) -> SensorRecording:
        head = worn(
            wrap(head_motion),
            "head",
            duration,
            Part(rate=rate),
            mount=HEAD_MOUNT,
            clock_offset=offset,
            handling=handling,
            seed=1,
        )
        sacrum = worn(
            wrap(sacrum_motion), "sacrum", duration, Part(rate=max(rate, 50.0)), mount=SACRUM_MOUNT,
            handling=handling, seed=2,
        )  # fmt: skip
        return SensorRecording((sacrum, head), source="virtual")

    return make


@pytest.fixture(scope="session")
def measured(pair: Callable[..., SensorRecording]) -> Analysis:
    """The pair as it comes, measured."""
    return measure_sensors(pair())


@pytest.fixture(scope="session")
def truth(runner: SyntheticRunner) -> dict[str, float]:
    """What the two virtual sensors truly do, from the analytic motion."""
    stride = runner.parameters.stride_time
    time = runner.ground.first_midstance + np.linspace(0, stride, 2000, endpoint=False)
    phase = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    head, rotation = placed(runner, "head", time, LEVER)
    sacrum, pelvis = placed(runner, "sacrum", time)

    def part(values: np.ndarray, order: int) -> complex:
        return complex(2 * np.mean(values * np.exp(1j * order * phase)))

    ratio = part(head.value[:, 1], 2) / part(sacrum.value[:, 1], 2)
    swing, other = part(head.value[:, 2], 1), part(sacrum.value[:, 2], 1)
    return {
        "cadence": runner.parameters.cadence,
        "lateral_bounce_amplitude": abs(swing),
        "lateral_bounce_phase": float(np.angle(swing)),
        "pelvis_lateral_bounce_amplitude": abs(other),
        "pelvis_lateral_bounce_phase": float(np.angle(other)),
        "head_pelvis_vertical_gain": abs(ratio),
        "head_lag_vertical": float(np.angle(ratio)) * stride / (4 * np.pi),
        "head_vertical_oscillation": float(np.ptp(head.value[:, 1])),
        "pelvis_vertical_oscillation": float(np.ptp(sacrum.value[:, 1])),
        "head_roll_range": float(np.ptp(rotation.value[:, 2, 1])),
        "pelvic_list_range": float(np.ptp(np.arcsin(pelvis.value[:, 1, 2]))),
    }

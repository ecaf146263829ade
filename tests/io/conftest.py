from collections.abc import Callable, Sequence
from pathlib import Path

import ezc3d
import numpy as np
import pytest

NAMES = ("C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE")
"""Eight markers: enough for companions."""


@pytest.fixture
def walk() -> Callable[..., np.ndarray]:
    """Smooth paths of eight markers, m, shape (frames, 8, 3): a body that moves along x and swings its parts, z up."""

    def build(frames: int = 400, rate: float = 200.0, speed: float = 3.0) -> np.ndarray:
        t = np.arange(frames) / rate
        phase = 2 * np.pi * 1.4 * t
        height = np.array([1.45, 1.0, 1.0, 1.02, 0.7, 0.7, 0.1, 0.1])
        side = np.array([0.0, 0.13, -0.13, 0.0, 0.2, -0.2, 0.1, -0.1])
        swing = np.array([0.02, 0.02, 0.02, 0.02, 0.15, -0.15, 0.35, -0.35])
        x = speed * t[:, None] + swing * np.sin(phase)[:, None] + 0.3
        y = side + 0.01 * np.cos(phase)[:, None]
        z = height + 0.04 * np.cos(2 * phase)[:, None]
        return np.stack((x, y, z), axis=2)

    return build


@pytest.fixture
def make_c3d(tmp_path: Path) -> Callable[..., Path]:
    """Write a C3D file with ezc3d alone, as another program would."""

    def build(
        positions: np.ndarray,
        names: Sequence[str] = NAMES,
        *,
        rate: float = 200.0,
        unit: str = "mm",
        scale: float = 1000.0,
        first: int = 0,
        analogs: np.ndarray | None = None,
        parameters: dict[str, dict[str, object]] | None = None,
        name: str = "made.c3d",
    ) -> Path:
        file = ezc3d.c3d()
        data = np.ones((4, positions.shape[1], positions.shape[0]))
        data[:3] = (positions * scale).transpose(2, 1, 0)
        file["data"]["points"] = data
        file["header"]["points"]["first_frame"] = first
        file["parameters"]["POINT"]["RATE"]["value"] = [rate]
        file["parameters"]["POINT"]["UNITS"]["value"] = [unit]
        file["parameters"]["POINT"]["LABELS"]["value"] = list(names)
        if analogs is not None:
            file["data"]["analogs"] = analogs[None]
            analog = file["parameters"]["ANALOG"]
            analog["RATE"]["value"] = [rate * analogs.shape[1] / positions.shape[0]]
            analog["LABELS"]["value"] = [f"channel{k}" for k in range(len(analogs))]
        for group, entries in (parameters or {}).items():
            for key, value in entries.items():
                file.add_parameter(group, key, value)
        path = tmp_path / name
        file.write(str(path))
        return path

    return build

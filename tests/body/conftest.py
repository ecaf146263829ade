"""Real recordings as points, read directly: these tests do not depend on the readers."""

from pathlib import Path

import ezc3d
import numpy as np
import pytest

from headway.body.joint_centres import add_joint_centres
from headway.body.landmarks import to_landmarks
from headway.recording import AXES, Recording, make_points


def read_c3d(path: Path, rotation: np.ndarray) -> Recording:
    """Points in oriented axes; rows of ``rotation`` are forward, up, right in lab axes; 0,0,0 is a gap."""
    file = ezc3d.c3d(str(path))
    labels = file["parameters"]["POINT"]["LABELS"]["value"]
    rate = file["parameters"]["POINT"]["RATE"]["value"][0]
    values = np.transpose(file["data"]["points"][:3], (2, 1, 0)) / 1000
    values[(values == 0).all(-1)] = np.nan
    time = np.arange(len(values)) / rate
    return Recording(make_points(time, labels, values @ rotation.T, AXES), source=str(path))


def read_trc(path: Path) -> Recording:
    """Points of a TRC file that is forward, up, right already."""
    lines = path.read_text().splitlines()
    scale = 0.001 if lines[2].split("\t")[4] == "mm" else 1.0
    names = [name for name in lines[3].split("\t")[2:] if name]
    rows = []
    for line in lines[5:]:
        cells = line.split("\t")
        if line.strip():
            rows.append(
                [float(c) if c.strip() else np.nan for c in (cells + [""] * (2 + 3 * len(names)))[: 2 + 3 * len(names)]]
            )
    table = np.array(rows)
    return Recording(
        make_points(table[:, 1], names, table[:, 2:].reshape(len(table), -1, 3) * scale, AXES), source=str(path)
    )


R1_AXES = np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
JA1_AXES = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])


@pytest.fixture(scope="session")
def r1(data):
    """Landmarks of running_0002, oriented."""
    return to_landmarks(read_c3d(data / "running_0002" / "Running_0002.c3d", R1_AXES))


@pytest.fixture(scope="session")
def r1_points(r1):
    return add_joint_centres(r1.points, height=None, sex="male")[0]


@pytest.fixture(scope="session")
def ja1(data):
    return to_landmarks(read_c3d(data / "dorn2012_ja1" / "JA1Gait21.c3d", JA1_AXES))


@pytest.fixture(scope="session")
def r3(data):
    return to_landmarks(read_trc(data / "hamner2013" / "subject04" / "trials" / "run300" / "markers.trc"))


@pytest.fixture(scope="session")
def rbds(data):
    return to_landmarks(read_c3d(data / "rbds" / "RBDS002runT35.c3d", np.eye(3)))

"""The raw force and the foot from above: contacts are where the force is, and the path lies where the plate has it under the foot."""

import re

import numpy as np
import pytest

from headway import Options, Runner, analyze
from headway.report.laboratory_pictures import SCALE, laboratory_pictures
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture(scope="module")
def result():
    made = record(SyntheticRunner(RunnerParameters()), duration=3.0, rate=100.0)
    return analyze(made, Runner(height=1.75, sex="male"), Options())


def numbers(points: str) -> np.ndarray:
    return np.array([[float(x) for x in pair.split(",")] for pair in points.split()])


def test_every_contact_is_a_bar_under_its_force(result):
    found = laboratory_pictures(result.curves, result.steps)
    assert found is not None
    bars = re.findall(r'class="contact" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', found.force)
    assert len(bars) == len(result.steps)
    lines = [numbers(points) for points in re.findall(r'class="curve" points="([^"]+)"', found.force)]
    floor = max(line[:, 1].max() for line in lines)
    for x, width in ((float(a), float(b)) for a, b in bars):
        middle = x + width / 2
        highest = min(line[np.abs(line[:, 0] - middle).argmin(), 1] for line in lines)
        assert highest < floor - 100, "the force is up in the middle of a contact"


def test_the_path_lies_where_the_plate_has_it_under_the_foot(result):
    found = laboratory_pictures(result.curves, result.steps)
    assert found is not None and [side for side, _ in found.feet] == ["left", "right"]
    curves, steps = result.curves, result.steps
    step = steps[steps["side"] == "right"].iloc[0]
    middle = (step["initial_contact"] + step["toe_off"]) / 2
    heel = curves["position"].sel(point="heel_right").sel(time=middle, method="nearest").to_numpy()
    place = curves["centre_of_pressure"].sel(side="right").sel(force_time=middle, method="nearest").to_numpy()
    drawn = dict(found.feet)["right"]
    path = numbers(re.findall(r'class="curve" points="([^"]+)"', drawn)[-1])
    dot = re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="4"><title>heel', drawn)
    assert dot is not None
    ahead = (float(dot.group(2)) - path[len(path) // 2, 1]) / SCALE
    assert ahead == pytest.approx(np.hypot(*(place - heel)[[0, 2]]), abs=0.02)


def test_nothing_is_drawn_without_plates(result):
    bare = result.curves.drop_vars(["ground_force", "centre_of_pressure"])
    assert laboratory_pictures(bare, result.steps) is None

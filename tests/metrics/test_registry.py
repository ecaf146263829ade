import numpy as np
import pytest

from headway.metrics import FAMILIES, NEEDS, REGISTRY
from headway.metrics.seen import SEEN
from headway.recording import GRAVITY
from headway.report.numbers import scale_of
from headway.statistics import REDUCERS


def test_every_metric_is_declared_whole():
    for name, one in REGISTRY.items():
        assert name == name.lower()
        assert one.title, name
        assert one.definition, name
        assert one.source.startswith("D"), name
        assert one.kind in REDUCERS, name
        assert set(one.needs) <= set(NEEDS), name
        if one.expected is not None:
            assert one.expected[0] < one.expected[1], name
        if "grf" in name or "impulse" in name:
            forces = ("BW", "BW*s", "%", "s", "m", "rad", "% of stance")
            assert one.unit in forces, name
        assert scale_of(one.unit, name).unit or one.unit == "1", name


def test_ranges_seen_belong_to_metrics():
    assert set(SEEN) <= set(REGISTRY)


def test_the_families_declare_all_metrics():
    assert {one.compute.__module__ for one in REGISTRY.values()} <= {module.__name__ for module in FAMILIES}


@pytest.mark.parametrize(("contact", "flight"), [(0.22, 0.13), (0.26, 0.10), (0.31, 0.06)])
def test_sine_model_identities_by_integration(contact, flight):
    """A half-sine with the model's peak has the impulse of weight over contact and flight, and the model's displacement."""
    peak = np.pi / 2 * (flight / contact + 1)
    displacement = peak * GRAVITY * contact**2 / np.pi**2 - GRAVITY * contact**2 / 8
    time = np.linspace(0, contact, 200_001)
    acceleration = GRAVITY * (peak * np.sin(np.pi * time / contact) - 1)
    step = time[1] - time[0]
    velocity = np.concatenate(([0], np.cumsum((acceleration[1:] + acceleration[:-1]) / 2 * step)))
    assert velocity[-1] == pytest.approx(flight * GRAVITY, rel=1e-9)
    velocity -= velocity[-1] / 2  # symmetric: down at contact as fast as up at toe-off
    height = np.concatenate(([0], np.cumsum((velocity[1:] + velocity[:-1]) / 2 * step)))
    assert -height.min() == pytest.approx(displacement, rel=1e-6)


def test_weight_shift_ratio_identity():
    rng = np.random.default_rng(0)
    for _ in range(20):
        width, right, left = rng.uniform(0.04, 0.15), *rng.uniform(-0.05, 0.05, 2)
        distance = (width / 2 + right) - (-width / 2 - left)
        assert distance / width == pytest.approx(1 + (right + left) / width, abs=1e-12)

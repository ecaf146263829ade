import numpy as np
import pytest

from headway.errors import OptionError, RecordingError
from headway.gait.axes import orient
from headway.recording import Recording, make_ground_force, make_points

RATE = 200.0


def _runner(belt=0.0, speed=3.5, wander=0.0, seconds=6.0, seed=0):
    """A pelvis and two feet of a runner along x with y up: the feet stand still on the ground or move with the belt."""
    rng = np.random.default_rng(seed)
    time = np.arange(0, seconds, 1 / RATE)
    step = 0.36
    travel = (speed - belt) * time
    sway = wander * np.interp(time, np.linspace(0, seconds, 8), rng.normal(size=(8,)))
    pelvis = np.column_stack(
        [travel + sway, 1.0 + 0.04 * np.cos(2 * np.pi * time / step), 0.01 * np.sin(np.pi * time / step) + sway]
    )
    feet = []
    for side in (0, 1):
        phase = (time / step + side) % 2
        stance = phase < 0.65
        ground = -belt * phase * step
        length = 2 * step * speed
        start = (np.floor((time / step + side) / 2) * 2 - side) * step * (speed - belt) + 0.3
        swing_share = np.clip((phase - 0.65) / 1.35, 0, 1)
        along = np.where(
            stance,
            ground,
            -belt * 0.65 * step + (length - belt * step * 1.35 * 1.0 - 0.0) * (3 * swing_share**2 - 2 * swing_share**3),
        )
        height = 0.05 + np.where(stance, 0, 0.25 * np.sin(np.pi * swing_share) ** 2)
        feet.append(np.column_stack([start + along, height, np.full(len(time), 0.05 if side else -0.05)]))
    names = ["asis_left", "asis_right", "heel_left", "mt5_left", "heel_right", "mt5_right"]
    offset = np.array([0.0, 0.0, 0.12])
    points = [pelvis - offset, pelvis + offset, feet[0], feet[0] + [0.15, 0, 0], feet[1], feet[1] + [0.15, 0, 0]]
    return make_points(time, names, np.stack(points, axis=1))


def _turned(points, matrix):
    return points.copy(data=points.to_numpy() @ matrix.T)


@pytest.mark.parametrize(
    ("matrix", "up", "forward"),
    [
        (np.eye(3), "y", "x"),
        (np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]]), "z", "y"),
        (np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]]), "z", "-x"),
    ],
)
def test_axes_are_found_in_any_lab(matrix, up, forward):
    turned = Recording(_turned(_runner(), matrix))
    oriented, found = orient(turned)
    assert (found.up, found.forward, found.treadmill) == (up, forward, False)
    assert np.linalg.det(found.rotation) == pytest.approx(1.0)
    plain, _ = orient(Recording(_runner()))
    assert oriented.points.to_numpy() == pytest.approx(plain.points.to_numpy(), abs=1e-9)


def test_treadmill_heading_with_wandering_runner_is_within_a_third_of_a_degree():
    for seed in range(5):
        _, found = orient(Recording(_runner(belt=3.5, wander=0.05, seconds=20.0, seed=seed)))
        assert found.treadmill
        assert abs(np.degrees(found.heading)) < 0.3


def test_overground_is_not_taken_for_a_treadmill():
    _, found = orient(Recording(_runner(belt=0.0)))
    assert not found.treadmill


def test_forces_recorded_on_the_plate_are_reversed():
    time = np.arange(0, 6, 1 / RATE)
    force = np.zeros((len(time), 1, 3))
    force[:, 0, 1] = -800.0
    data = make_ground_force(time, ["1"], force, np.zeros((len(time), 1, 3)), np.zeros((len(time), 1)))
    oriented, found = orient(Recording(_runner(), ground_force=data))
    assert found.up == "y"
    assert oriented.ground_force is not None
    assert (oriented.ground_force["force"].to_numpy()[:, 0, 1] > 0).all()
    assert "force_reversed" in {flag.code for flag in oriented.flags}


def test_a_standing_runner_is_refused():
    points = _runner()
    still = points.copy(data=np.broadcast_to(points.to_numpy()[:1], points.shape).copy())
    with pytest.raises(RecordingError, match="nobody runs"):
        orient(Recording(still, source="static.c3d"))


def test_no_feet_is_refused():
    with pytest.raises(RecordingError, match="no foot is marked"):
        orient(Recording(_runner().sel(point=["asis_left", "asis_right"]), source="x.c3d"))


def test_declared_axes_are_taken_and_checked():
    _, found = orient(Recording(_runner()), up="y", forward="x")
    assert abs(found.heading) < 1e-3  # the heading itself comes from the data
    with pytest.raises(OptionError, match="goes along x"):
        orient(Recording(_runner()), up="y", forward="-x")
    with pytest.raises(OptionError):
        orient(Recording(_runner()), forward="y")
    with pytest.raises(OptionError):
        orient(Recording(_runner()), up="w")

"""Force plates with a load that is known: a force at a place, as each type of plate would have measured it."""

import numpy as np
import pytest

from headway.io.forces import centre_of_pressure, pulls, toward_runner
from headway.io.plates import read_plates

FORCE = np.array([40.0, -25.0, 900.0])
"""N, on the runner, lab axes, z up."""
PLACE = np.array([0.43, 1.12, 0.0])
FREE = 6.5
"""N·m about z through the place."""
CORNERS = np.array([[0.6, 1.4, 0.0], [0.2, 1.4, 0.0], [0.2, 0.8, 0.0], [0.6, 0.8, 0.0]])[[0, 3, 2, 1]]
"""m; in an order that makes z of the plate point down."""
RUNNER = np.full((5, 2, 3), 1.0)


def _frame():
    x, y = CORNERS[0] - CORNERS[1], CORNERS[0] - CORNERS[3]
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    return np.stack((x, y, np.cross(x, y)), axis=1)


def _local():
    """Force, place and moment about the centre of the surface in plate axes, m."""
    frame = _frame()
    place = (PLACE - CORNERS.mean(0)) @ frame
    force = FORCE @ frame
    moment = np.cross(place, force) + np.array([0.0, 0.0, FREE]) @ frame
    return force, place, moment


def _channels(kind, origin):
    force, place, moment = _local()
    if kind == 1:
        return np.array([*force, *(place[:2] * 1e3), (np.array([0, 0, FREE]) @ _frame())[2] * 1e3])
    if kind in (2, 4, 5):
        at_sensors = moment + np.cross(origin, force)
        return np.array([*force, *(at_sensors * 1e3)])
    a, b, surface = np.abs(origin[0]), np.abs(origin[1]), -np.abs(origin[2])
    mx, my, mz = moment + np.cross(np.array([0.0, 0.0, surface]), force)
    corner = np.array([1, 1, -1, -1]) * mx / (4 * b) + np.array([-1, 1, 1, -1]) * my / (4 * a) + force[2] / 4
    return np.array([force[0] / 2 - mz / (2 * b), force[0] / 2 + mz / (2 * b), force[1] / 2, force[1] / 2, *corner])


def _platform(kind, origin, unit=1e3, **more):
    count = 8 if kind in (3, 5, 7) else 6
    return {
        "USED": [1],
        "TYPE": [kind],
        "CORNERS": CORNERS.T[:, :, None] * unit,
        "ORIGIN": np.array(origin)[:, None] * unit,
        "CHANNEL": np.arange(1, count + 1)[:, None],
        **more,
    }


def _check(plate, atol=1e-9):
    np.testing.assert_allclose(plate.force, np.tile(FORCE, (3, 1)), atol=1e-9)
    np.testing.assert_allclose(plate.centre_of_pressure, np.tile(PLACE, (3, 1)), atol=atol)
    np.testing.assert_allclose(plate.free_moment, FREE, atol=1e-7)


ORIGINS = {
    1: (0, 0, -0.04),
    2: (0.01, -0.02, -0.05),
    3: (0.15, 0.25, -0.03),
    4: (-0.2, 0.3, -0.015),
    7: (0.15, 0.25, -0.03),
}


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 7])
def test_known_load_comes_back(kind):
    origin = np.array(ORIGINS[kind], dtype=float)
    raw = _channels(kind, origin)
    more = {}
    if kind in (4, 7):
        matrix = np.eye(len(raw)) * 50.0 + np.random.default_rng(kind).normal(0, 1, (len(raw), len(raw)))
        more["CAL_MATRIX"] = matrix[:, :, None]
        raw = np.linalg.solve(matrix, raw)
    groups = {"FORCE_PLATFORM": _platform(kind, origin, **more), "ANALOG": {"UNITS": ["V"] * len(raw)}}
    plates, flags = read_plates(groups, np.tile(raw[:, None], 3), 1e-3, RUNNER)
    assert not flags
    _check(plates[0])


def test_type_five_takes_eight_channels_through_a_six_by_eight_matrix():
    origin = np.array([0.0, 0.0, -0.05])
    wrench = _channels(5, origin)
    matrix = np.random.default_rng(5).normal(0, 10, (6, 8))
    raw = np.linalg.lstsq(matrix, wrench, rcond=None)[0]
    groups = {"FORCE_PLATFORM": _platform(5, origin, CAL_MATRIX=matrix[:, :, None])}
    plates, flags = read_plates(groups, np.tile(raw[:, None], 3), 1e-3, RUNNER)
    assert not flags
    _check(plates[0])


def test_origin_stored_the_other_way_round():
    origin = np.array([0.01, -0.02, -0.05])
    raw = _channels(2, origin)
    plates, _ = read_plates({"FORCE_PLATFORM": _platform(2, -origin)}, np.tile(raw[:, None], 3), 1e-3, RUNNER)
    _check(plates[0])


def test_moments_in_newton_metres_beside_millimetres():
    raw = _channels(2, np.zeros(3))
    raw[3:] /= 1e3
    groups = {"FORCE_PLATFORM": _platform(2, (0, 0, 0)), "ANALOG": {"UNITS": ["N", "N", "N", "N.m", "Nm", "Nm"]}}
    plates, _ = read_plates(groups, np.tile(raw[:, None], 3), 1e-3, RUNNER)
    _check(plates[0])


def test_everything_in_metres():
    raw = _channels(2, np.zeros(3))
    raw[3:] /= 1e3
    plates, _ = read_plates(
        {"FORCE_PLATFORM": _platform(2, (0, 0, 0), unit=1.0)}, np.tile(raw[:, None], 3), 1.0, RUNNER
    )
    _check(plates[0])


def test_force_on_the_plate_is_turned_with_a_flag():
    raw = -_channels(2, np.zeros(3))
    plates, flags = read_plates({"FORCE_PLATFORM": _platform(2, (0, 0, 0))}, np.tile(raw[:, None], 9), 1e-3, RUNNER)
    assert [flag.code for flag in flags] == ["force_turned"]
    np.testing.assert_allclose(plates[0].force[0], FORCE, atol=1e-9)
    np.testing.assert_allclose(plates[0].free_moment, FREE, atol=1e-7)


def test_unknown_plate_is_left_out_and_the_other_kept():
    raw = _channels(2, np.zeros(3))
    one = _platform(2, (0, 0, 0))
    both = {
        "USED": [2],
        "TYPE": [21, 2],
        "CORNERS": np.repeat(one["CORNERS"], 2, axis=2),
        "ORIGIN": np.repeat(one["ORIGIN"], 2, axis=1),
        "CHANNEL": np.repeat(one["CHANNEL"], 2, axis=1),
    }
    plates, flags = read_plates({"FORCE_PLATFORM": both}, np.tile(raw[:, None], 3), 1e-3, RUNNER)
    assert [plate.name for plate in plates] == ["plate 2"]
    assert flags[0].code == "plate_left_out"
    assert "type 21" in flags[0].message
    _check(plates[0])


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("CORNERS", np.zeros((3, 4, 1)), "span no surface"),
        ("CORNERS", np.zeros((3, 2, 1)), "CORNERS is missing"),
        ("CHANNEL", np.arange(5)[:, None], "channels are not stated"),
        ("CHANNEL", np.arange(10, 16)[:, None], "it names channel 15, the file has 6"),
        ("TYPE", [], "type is not stated"),
    ],
)
def test_half_described_plate_is_left_out_with_the_reason(name, value, why):
    platform = _platform(2, (0, 0, 0)) | {name: value}
    plates, flags = read_plates({"FORCE_PLATFORM": platform}, np.ones((6, 4)), 1e-3, RUNNER)
    assert not plates
    assert why in flags[0].message


def test_pressure_beside_the_plate_is_remarked():
    raw = _channels(2, np.zeros(3))
    raw[3:] *= 50
    _, flags = read_plates({"FORCE_PLATFORM": _platform(2, (0, 0, 0))}, np.tile(raw[:, None], 9), 1e-3, RUNNER)
    assert [flag.code for flag in flags] == ["pressure_off_plate"]


def test_centre_of_pressure_is_unknown_without_load():
    force = np.array([[0.0, 0.0, 19.9], [0.0, 0.0, 20.1]])
    pressure, free = centre_of_pressure(force, np.ones((2, 3)), np.zeros(3), np.array([0.0, 0.0, 1.0]))
    assert np.isnan(pressure[0]).all()
    assert np.isnan(free[0])
    assert np.isfinite(pressure[1]).all()
    assert pressure[1, 2] == 0.0


def test_moment_about_the_centre_of_pressure_is_along_the_normal():
    random = np.random.default_rng(2)
    normal = np.array([0.1, 0.9, -0.2])
    normal /= np.linalg.norm(normal)
    centre = random.normal(size=3)
    force, moment = random.normal(0, 300, (50, 3)) + 800 * normal, random.normal(0, 100, (50, 3))
    pressure, free = centre_of_pressure(force, moment, centre, normal)
    left = moment - np.cross(pressure - centre, force)
    np.testing.assert_allclose(left, free[:, None] * normal, atol=1e-9)
    np.testing.assert_allclose((pressure - centre) @ normal, 0.0, atol=1e-12)


def test_side_of_the_runner_and_sign():
    down = np.array([0.0, 0.0, -1.0])
    assert toward_runner(np.zeros(3), down, RUNNER)[2] == 1.0
    assert pulls(np.tile([0.0, 0.0, -500.0], (10, 1)), -down)
    assert not pulls(np.tile([0.0, 0.0, -50.0], (10, 1)), -down)

"""Facts known about published recordings."""

import csv

import ezc3d
import numpy as np
import pytest

import headway
from headway.recording import GRAVITY


@pytest.fixture(scope="module")
def overground(data):
    return headway.load(data / "running_0002" / "Running_0002.c3d")


@pytest.fixture(scope="module")
def dorn(data):
    return headway.load(data / "dorn2012_ja1" / "JA1Gait21.c3d")


def test_overground_points_and_plates(overground):
    assert overground.points.shape == (80, 64, 3)
    assert overground.rate == pytest.approx(200.0)
    force = overground.ground_force["force"]
    assert force.shape == (800, 2, 3)
    assert float(force.max()) == pytest.approx(1393, abs=1)
    assert [flag.code for flag in overground.flags] == ["channels_not_used"]  # muscles and their accelerometers


def test_overground_force_brakes_a_runner_who_moves_along_minus_x(overground):
    force = overground.ground_force["force"].sel(plate="plate 1").to_numpy()
    stance = np.flatnonzero(force[:, 2] > 50)
    half = len(stance) // 2
    assert len(stance) / 2000 == pytest.approx(0.288, abs=0.02)
    assert force[stance[: half // 2], 0].mean() > 50
    assert force[stance[half:], 0].mean() < -50


def test_centre_of_pressure_lies_under_the_stance_foot(overground):
    force = overground.ground_force.sel(plate="plate 1")
    loaded = force["force"].sel(axis="z").to_numpy() > 400
    pressure = force["centre_of_pressure"].to_numpy()[loaded]
    markers = [overground.position(name)[30:50] for name in ("RHeel", "RCalcExt", "RCalcInt", "RMT1", "RMT5", "RPHAL1")]
    sole = np.concatenate(markers)[:, :2]
    assert (pressure[:, :2] > sole.min(0) - 0.02).all()
    assert (pressure[:, :2] < sole.max(0) + 0.15).all()
    assert np.abs(pressure[:, 2]).max() < 0.005


def test_dorn_events_and_forces(dorn):
    assert dorn.points.shape == (837, 51, 3)
    assert dorn.subject == "JA1"
    assert len(dorn.events) == 12
    assert dorn.events[0].time == pytest.approx(0.400, abs=1e-4)
    assert [event.time for event in dorn.events] == sorted(event.time for event in dorn.events)
    vertical = dorn.ground_force["force"].sel(axis="z").sum("plate")
    assert float(vertical.max()) == pytest.approx(2067, abs=2)
    strides = vertical.sel(time=slice(dorn.events[1].time, dorn.events[9].time))
    assert float(strides.mean()) / GRAVITY == pytest.approx(75.7, abs=0.5)


def test_dorn_contacts_in_the_file_are_where_force_begins(dorn):
    vertical = dorn.ground_force["force"].sel(axis="z").sum("plate")
    for event in dorn.events[1:-1]:
        around = vertical.sel(time=slice(event.time - 0.02, event.time + 0.02)).to_numpy() > 20
        assert around.any()
        assert not around.all()


@pytest.mark.parametrize(
    "name", ["running_0002/Running_0002.c3d", "dorn2012_ja1/JA1Gait21.c3d", "rbds/RBDS019runT45.c3d"]
)
def test_plates_agree_with_ezc3d(data, name):
    recording = headway.load(data / name)
    platforms = ezc3d.c3d(str(data / name), extract_forceplat_data=True)["data"]["platform"]
    assert len(platforms) == recording.ground_force.sizes["plate"]
    for index, platform in enumerate(platforms):
        plate = recording.ground_force.isel(plate=index)
        np.testing.assert_allclose(plate["force"], platform["force"].T, atol=1e-9)
        pressed = plate["centre_of_pressure"].notnull().all("axis").to_numpy()
        expected = platform["center_of_pressure"].T[pressed] / 1000
        np.testing.assert_allclose(plate["centre_of_pressure"].to_numpy()[pressed], expected, atol=1e-9)


@pytest.mark.parametrize("runner", ["002", "020", "026"])
def test_treadmill_carries_the_weight_of_the_runner_along_y(data, runner):
    with (data / "rbds" / "participantInfo.csv").open() as stream:
        mass = next(float(row["Mass"]) for row in csv.DictReader(stream) if int(row["Subject"]) == int(runner))
    recording = headway.load(data / "rbds" / f"RBDS{runner}runT35.c3d")
    assert recording.points.sizes["time"] == 4500
    mean = recording.ground_force["force"].mean("time").to_numpy()[0]
    assert mean[1] / GRAVITY == pytest.approx(mass, rel=0.04)
    assert np.abs(mean[[0, 2]]).max() < 0.01 * mean[1]
    corners = recording.ground_force["corners"].to_numpy()[0]
    pressure = recording.ground_force["centre_of_pressure"].to_numpy()[:, 0]
    inside = (pressure > corners.min(0) - 0.01) & (pressure < corners.max(0) + 0.01)
    assert inside[~np.isnan(pressure[:, 0])][:, [0, 2]].mean() > 0.99


def test_standing_trial_without_forces_says_so(data):
    recording = headway.load(data / "rbds" / "RBDS002static.c3d")
    assert [flag.code for flag in recording.flags] == ["no_contact"]
    assert recording.ground_force["centre_of_pressure"].isnull().all()


@pytest.mark.benchmark
def test_time_to_read_half_a_minute_of_treadmill(data, benchmark):
    path = data / "rbds" / "RBDS019runT45.c3d"
    headway.load(path)
    benchmark.pedantic(headway.io.load, args=(path,), rounds=5)
    assert benchmark.stats.stats.median < 0.4

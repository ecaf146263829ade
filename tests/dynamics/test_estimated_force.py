"""Ground force from motion: physics, accuracy on real recordings, and use in place of plates."""

from dataclasses import replace

import numpy as np
import pytest

from headway.body.channels import body_channels
from headway.body.landmarks import to_landmarks
from headway.dynamics.estimated_force import NOMINAL_MASS, EstimatedForce, estimated_force
from headway.dynamics.ground_force import PlateForce, plate_force
from headway.dynamics.shape_constraints import FRICTION, constrain, stances_of
from headway.dynamics.shape_model import NODES, Stance, load_shape_models
from headway.errors import RecordingError
from headway.gait.axes import orient
from headway.gait.force_events import force_contacts
from headway.gait.marker_events import marker_contacts
from headway.recording import AXES, GRAVITY, make_points
from headway.sources import load


def read(path, stop=None):
    recording, _ = orient(to_landmarks(load(path)))
    force = plate_force(recording)
    contacts = force_contacts(recording, force).kept
    if stop is not None:
        recording = replace(recording, points=recording.points.sel(time=slice(None, stop)))
    return recording, force, contacts


@pytest.fixture(scope="module")
def treadmill(data):
    recording, plate, contacts = read(data / "rbds" / "RBDS012runT35.c3d", 8.0)
    mass = plate.raw[:, 1].mean() / GRAVITY
    return recording, plate, [contact for contact in contacts if contact.toe_off < 7.7], mass


@pytest.fixture(scope="module")
def estimate(treadmill):
    recording, _, _, mass = treadmill
    found = marker_contacts(recording)
    return estimated_force(recording, found, mass), found


def errors(force, plate, contacts, mass):
    """Root mean square difference over stance, BW, shape (3,)."""
    out = []
    for contact in contacts:
        time = np.arange(contact.initial_contact, contact.toe_off, 1 / 300)
        for_axis = [
            np.interp(time, force.time, force.raw[:, axis]) - np.interp(time, plate.time, plate.total[:, axis])
            for axis in range(3)
        ]
        out.append(np.column_stack(for_axis))
    return np.sqrt(np.mean(np.concatenate(out) ** 2, axis=0)) / (mass * GRAVITY)


def test_it_is_near_the_plate(treadmill, estimate):
    _, plate, contacts, mass = treadmill
    forward, up, side = errors(estimate[0], plate, contacts, mass)
    assert up < 0.07
    assert forward < 0.045
    assert side < 0.05


def test_other_laboratories(data):
    """Overground with a trunk, and a filtered treadmill recording at 100 Hz; neither was used for fitting."""
    for path, limit in (
        (data / "dorn2012_ja1" / "JA1Gait21.c3d", 0.20),
        (data / "hamner2013" / "subject04" / "trials" / "run300" / "markers.trc", 0.15),
        (data / "running_0002" / "Running_0002.c3d", 0.20),
    ):
        recording, plate, contacts = read(path)
        mass = {"J": 75.9, "m": 81.6, "R": 62.7}[path.name[0]]
        force = estimated_force(recording, marker_contacts(recording), mass)
        assert errors(force, plate, contacts, mass)[1] < limit, path
        assert "whole body" in force.method


def test_impulses_are_those_of_a_steady_runner(estimate):
    force, found = estimate
    starts = [contact.initial_contact for contact in found.kept]
    inside = (force.time >= starts[2]) & (force.time < starts[2 + 2 * ((len(starts) - 3) // 2)])
    mean = force.raw[inside].mean(0) / (force.mass * GRAVITY)
    assert mean[1] == pytest.approx(1.0, abs=0.005)
    assert mean[0] == pytest.approx(0.0, abs=0.004)


def test_the_ground_never_pulls_and_flight_is_free(estimate):
    force, found = estimate
    known = np.isfinite(force.raw).all(1)
    assert (force.raw[known, 1] >= 0).all()
    across = np.linalg.norm(force.raw[known][:, [0, 2]], axis=1)
    assert (across <= FRICTION * force.raw[known, 1] + 1e-9).all()
    for one, later in zip(found.kept, found.kept[1:], strict=False):
        flight = (force.time > one.toe_off) & (force.time < later.initial_contact)
        assert (force.raw[flight] == 0).all()
        assert (force.error[flight] == 0).all()


def test_it_is_continuous(estimate):
    force, _ = estimate
    jump = np.abs(np.diff(force.raw[:, 1]))
    assert np.nanmax(jump) / (force.mass * GRAVITY) < 0.3  # 2 ms at 500 Hz: under 150 BW/s


def test_it_stands_in_for_a_plate(estimate, treadmill):
    force, found = estimate
    _, plate, _, mass = treadmill
    assert isinstance(force, PlateForce)
    assert isinstance(force, EstimatedForce)
    assert force.status == "estimated"
    assert force.total.shape == force.raw.shape == force.centre_of_pressure.shape == (len(force.time), 3)
    contact = found.kept[10]
    frames = np.linspace(contact.initial_contact, contact.toe_off, 20)
    assert np.isfinite(force.filtered(12.0, frames)).all()
    own, measured = (
        np.interp(contact.toe_off, one.time, one.velocity(mass, 12.0)[:, 1])
        - np.interp(contact.initial_contact, one.time, one.velocity(mass, 12.0)[:, 1])
        for one in (force, plate)
    )
    assert own == pytest.approx(measured, abs=0.08)


def test_streams_belong_to_the_feet(estimate):
    force, found = estimate
    assert force.sides == ("left", "right")
    for contact in found.kept[1:5]:
        middle = np.searchsorted(force.time, contact.at(0.5))
        loaded = int(np.argmax(force.streams[middle, :, 1]))
        assert force.sides[loaded] == contact.side


def test_mass_only_scales(treadmill, estimate):
    recording, _, _, mass = treadmill
    unknown = estimated_force(recording, estimate[1], None)
    np.testing.assert_allclose(unknown.raw / NOMINAL_MASS, estimate[0].raw / mass, rtol=1e-9)
    assert "mass_assumed" in {flag.code for flag in unknown.flags}
    assert "mass_assumed" not in {flag.code for flag in estimate[0].flags}


def test_a_mirrored_runner_has_mirrored_forces(treadmill, estimate):
    recording, _, _, mass = treadmill
    values = recording.points.transpose("time", "point", "axis").to_numpy() * [1, 1, -1]
    names = [name.replace("left", "!").replace("right", "left").replace("!", "right") for name in recording.names()]
    mirrored = replace(recording, points=make_points(recording.time, names, values, AXES))
    other = estimated_force(mirrored, marker_contacts(mirrored), mass)
    np.testing.assert_allclose(other.raw, estimate[0].raw * [1, 1, -1], atol=1e-6)


def test_what_is_not_known_is_nan(treadmill, estimate):
    recording, _, _, mass = treadmill
    _, found = estimate
    broken = list(found.found)
    broken[6] = broken[6].reject("for the test")
    force = estimated_force(recording, replace(found, found=tuple(broken)), mass)
    inside = (force.time > broken[6].initial_contact) & (force.time < broken[6].toe_off)
    assert np.isnan(force.raw[inside]).all()
    assert np.isnan(force.velocity(mass, 12.0)[inside]).all()
    later = (force.time > broken[8].initial_contact) & (force.time < broken[8].toe_off)
    assert np.isfinite(force.velocity(mass, 12.0)[later]).all()


def test_fewer_markers_widen_the_error(treadmill, estimate):
    recording, plate, contacts, mass = treadmill
    names = [name for name in recording.names() if name.startswith(("asis", "psis", "heel", "mt"))]
    force = estimated_force(replace(recording, points=recording.points.sel(point=names)), estimate[1], mass)
    assert force.method == "shape model from pelvis"
    assert errors(force, plate, contacts, mass)[1] < 0.20
    assert np.nanmean(force.error[:, 1]) > 1.2 * np.nanmean(estimate[0].error[:, 1])


def test_no_pelvis_is_refused(treadmill, estimate):
    recording, _, _, mass = treadmill
    names = [name for name in recording.names() if not name.startswith(("asis", "psis"))]
    with pytest.raises(RecordingError, match="pelvis"):
        estimated_force(replace(recording, points=recording.points.sel(point=names)), estimate[1], mass)


def test_known_impulse_is_met():
    """With an impulse that is certain, the curve's integral is that impulse; with an unknown one, the curve stays."""
    model = load_shape_models()["pelvis and legs"]
    curve = np.zeros((1, len(NODES), 3))
    curve[0, :, 1] = 2.4 * np.sin(np.pi * NODES)
    body = _still_body()
    for impulse in (0.33, 0.40):
        stance = Stance(1.0, 1.24, "right", 0.36, impulse, 1e-9)
        met = constrain(curve, [stance], model, body)[0, :, 1]
        assert np.trapezoid(met, NODES) * stance.duration == pytest.approx(impulse, rel=2e-3)
    free = constrain(curve, [Stance(1.0, 1.24, "right", 0.36, float("nan"), float("nan"))], model, body)
    np.testing.assert_allclose(free[0, 1:-1, 1], curve[0, 1:-1, 1])


def _still_body():
    from headway.recording import Recording

    time = np.arange(600) / 200
    names = ["asis_left", "asis_right", "psis_left", "psis_right", "heel_left", "mt1_left"]
    values = np.zeros((len(time), len(names), 3)) + np.array([0.0, 1.0, 0.0])
    return body_channels(Recording(make_points(time, names, values, AXES)))


def test_free_fall_gives_the_impulse(treadmill, estimate):
    """Impulse from flight to flight: within 2 % (RMS) of what the plate measured."""
    recording, plate, _, mass = treadmill
    lined_up = stances_of(body_channels(recording), estimate[1].kept)
    off = []
    for stance, before, after in zip(lined_up[1:-1], lined_up[:-2], lined_up[2:], strict=True):
        start, stop = (before.stop + stance.start) / 2, (stance.stop + after.start) / 2
        inside = (plate.time >= start) & (plate.time < stop)
        off.append(plate.raw[inside, 1].sum() / plate.rate / (mass * GRAVITY) / stance.impulse - 1)
    assert np.sqrt(np.mean(np.square(off))) < 0.02

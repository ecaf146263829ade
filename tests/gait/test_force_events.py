import numpy as np
import pytest

from headway.dynamics.ground_force import plate_force
from headway.gait.force_events import force_contacts
from headway.gait.steps import build_steps, with_force_instants
from headway.recording import AXES, GRAVITY, Recording, make_ground_force, make_points

RATE, FORCE_RATE, MASS = 200.0, 1000.0, 70.0
STEP, CONTACT = 0.36, 0.24


def _made(offset=0.0, drift=0.0, noise=0.0, corners=None, steps=8, shift=0.0, peak=None):
    """Half-sine contacts under feet that alternate, on one plate; axes are oriented already."""
    time = np.arange(0, 0.3 + steps * STEP, 1 / FORCE_RATE)
    rng = np.random.default_rng(0)
    top = peak or np.pi / 2 * STEP / CONTACT * MASS * GRAVITY
    force = np.zeros((len(time), 1, 3))
    pressure = np.full((len(time), 1, 3), np.nan)
    starts = 0.1 + STEP * np.arange(steps)
    for k, start in enumerate(starts):
        inside = (time >= start) & (time <= start + CONTACT)
        u = (time[inside] - start) / CONTACT
        force[inside, 0, 1] = top * np.sin(np.pi * u)
        force[inside, 0, 0] = -0.3 * MASS * GRAVITY * np.sin(2 * np.pi * u)
        pressure[inside, 0] = [0.1, 0.0, 0.05 if k % 2 else -0.05]
    force[:, 0, 1] += offset + drift * time + rng.normal(0, noise, len(time))
    frames = np.arange(0, time[-1], 1 / RATE)
    names, points = [], []
    for side, lateral, parity in (("left", -0.05, 0), ("right", 0.05, 1)):
        lifted = np.array([not any(0 <= t - start <= CONTACT for start in starts[parity::2]) for t in frames])
        for name, ahead in (("heel", 0.0), ("mt5", 0.15)):
            names.append(f"{name}_{side}")
            points.append(
                np.column_stack(
                    [np.full(len(frames), ahead + shift), np.where(lifted, 0.3, 0.03), np.full(len(frames), lateral)]
                )
            )
    data = make_ground_force(
        time,
        ["1"],
        force,
        pressure,
        np.zeros((len(time), 1)),
        axes=AXES,
        corners=None if corners is None else np.array([corners], float),
    )
    return Recording(
        make_points(frames, names, np.stack(points, axis=1), AXES), ground_force=data, source="made"
    ), starts


@pytest.mark.parametrize(("offset", "drift", "noise"), [(0, 0, 0), (15, 0, 0), (-12, 3, 2), (0, 0, 8)])
def test_contacts_are_found_through_offset_drift_and_noise(offset, drift, noise):
    recording, starts = _made(offset, drift, noise)
    force = plate_force(recording)
    contacts = force_contacts(recording, force).kept
    assert [contact.side for contact in contacts] == ["left", "right"] * 4
    # a half-sine passes the threshold late by asin(threshold / peak) of its length
    tolerance = 0.003 if noise > 4 else 0.0015
    assert np.array([c.initial_contact for c in contacts]) == pytest.approx(starts, abs=tolerance)
    assert np.array([c.toe_off for c in contacts]) == pytest.approx(starts + CONTACT, abs=tolerance)


def test_noisy_plates_get_the_higher_threshold_and_say_so():
    quiet, noisy = (force_contacts(r, plate_force(r)) for r in (_made()[0], _made(noise=8)[0]))
    assert (quiet.threshold, noisy.threshold) == (20.0, 50.0)
    assert noisy.kept[0].method == "force 50 N"


def test_a_foot_beside_the_plate_is_rejected():
    corners = [[-0.2, 0, -0.4], [0.4, 0, -0.4], [0.4, 0, 0.4], [-0.2, 0, 0.4]]
    recording, _ = _made(corners=corners)
    assert len(force_contacts(recording, plate_force(recording)).kept) == 8
    beside, _ = _made(corners=corners, shift=0.3)
    found = force_contacts(beside, plate_force(beside))
    assert not found.kept
    assert "partly off" in found.flags[0].message


def test_contacts_cut_by_the_file_are_rejected():
    recording, _ = _made()
    data = recording.ground_force.sel(time=slice(0.2, 2.4))
    cut = Recording(recording.points, ground_force=data, source="made")
    found = force_contacts(cut, plate_force(cut))
    assert sum("start or end" in contact.rejected for contact in found.found) == 2


def test_instants_of_a_half_sine():
    recording, starts = _made()
    force = plate_force(recording)
    steps = with_force_instants(build_steps(force_contacts(recording, force).kept), force, MASS)
    assert steps.peak == pytest.approx(starts + CONTACT / 2, abs=0.002)
    assert steps.transition == pytest.approx(starts + CONTACT / 2, abs=0.002)
    half = np.arcsin(1 / (np.pi / 2 * STEP / CONTACT)) / np.pi * CONTACT
    assert steps.support_start == pytest.approx(starts + half, abs=0.003)
    assert steps.support_stop == pytest.approx(starts + CONTACT - half, abs=0.003)


def test_an_unloaded_plate_gives_no_force():
    recording, _ = _made(peak=10.0)
    assert plate_force(recording) is None


def test_a_missing_contact_breaks_the_chain():
    recording, starts = _made()
    data = recording.ground_force.copy(deep=True)
    lost = (data["time"] > starts[3] - 0.01) & (data["time"] < starts[3] + CONTACT + 0.01)
    data["force"] = data["force"].where(~lost, 0.0)
    broken = Recording(recording.points, ground_force=data, source="made")
    steps = build_steps(force_contacts(broken, plate_force(broken)).kept)
    assert len(steps) == 7
    assert np.isnan(steps.next_contact[2])
    assert np.isfinite(steps.next_contact[[0, 1, 3, 4, 5]]).all()

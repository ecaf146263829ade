"""Contacts from foot markers against force plates, symmetries and bad input."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from headway.body.channels import body_channels, mean_point
from headway.body.landmarks import to_landmarks
from headway.dynamics.ground_force import plate_force
from headway.errors import RecordingError
from headway.gait.axes import orient
from headway.gait.event_model import KINDS, load_event_models, planted
from headway.gait.force_events import force_contacts
from headway.gait.marker_events import MarkerContact, marker_contacts
from headway.recording import AXES, make_points
from headway.sources import load


def read(path):
    """Oriented recording and its plate contacts."""
    recording, _ = orient(to_landmarks(load(path)))
    force = plate_force(recording)
    return recording, None if force is None else force_contacts(recording, force).kept


@pytest.fixture(scope="module")
def treadmill(data):
    recording, contacts = read(data / "rbds" / "RBDS012runT35.c3d")
    return cut_to(recording, 8.0), [contact for contact in contacts if contact.toe_off < 7.9]


def cut_to(recording, stop, start=None):
    return replace(recording, points=recording.points.sel(time=slice(start, stop)))


def changed(recording, values=None, time=None, names=None):
    old = recording.points.transpose("time", "point", "axis").to_numpy()
    return replace(
        recording,
        points=make_points(
            recording.time if time is None else time,
            recording.names() if names is None else names,
            old if values is None else values,
            AXES,
        ),
    )


def values_of(recording):
    return recording.points.transpose("time", "point", "axis").to_numpy().copy()


def differences(own, plates):
    """Own minus plate times, s, shape (contacts, 2); every plate contact must have one of the same foot."""
    out = []
    for plate in plates:
        near = [one for one in own if abs(one.initial_contact - plate.initial_contact) < 0.08]
        assert len(near) == 1, plate
        assert near[0].side == plate.side
        out.append((near[0].initial_contact - plate.initial_contact, near[0].toe_off - plate.toe_off))
    return np.array(out)


def times(contacts):
    return np.array([(contact.initial_contact, contact.toe_off) for contact in contacts])


def test_every_step_of_a_treadmill_run_is_found(treadmill):
    recording, plates = treadmill
    found = marker_contacts(recording)
    error = differences(found.kept, plates)
    assert np.abs(error.mean(0)).max() < 0.003
    assert np.sqrt((error**2).mean(0)).max() < 0.005
    assert found.source == "markers"
    assert len(found.kept) - len(plates) <= 1


def test_another_laboratory_overground(data):
    recording, plates = read(data / "dorn2012_ja1" / "JA1Gait21.c3d")
    found = marker_contacts(recording).kept
    error = differences(found, plates)
    assert np.sqrt((error**2).mean(0)).max() < 0.010
    stated = np.array([(one.initial_contact_error, one.toe_off_error) for one in found])
    assert (np.abs(error) < 1.96 * np.median(stated, axis=0)).mean() > 0.8


def test_single_stance_at_the_edge_of_a_file(data):
    recording, plates = read(data / "running_0002" / "Running_0002.c3d")
    found = marker_contacts(recording).kept
    assert len(found) == 1
    contact = found[0]
    error = differences(found, plates)[0]
    assert isinstance(contact, MarkerContact)
    assert abs(error[0]) < 2 * contact.initial_contact_error
    assert abs(error[1]) < 2 * contact.toe_off_error
    assert contact.initial_contact_error > contact.toe_off_error  # the landing is 40 ms into the file


@pytest.mark.parametrize("every", [2, 3])
def test_lower_rates_move_events_little(treadmill, every):
    recording, _ = treadmill
    full = times(marker_contacts(recording).kept)
    coarse = times(
        marker_contacts(replace(recording, points=recording.points.isel(time=slice(None, None, every)))).kept
    )
    assert len(full) - len(coarse) <= 1
    paired = np.array([coarse[np.argmin(np.abs(coarse[:, 0] - start))] - (start, stop) for start, stop in full[1:-1]])
    assert np.sqrt((paired**2).mean()) < 0.003


def test_a_mirrored_runner_lands_at_the_same_times_on_the_other_foot(treadmill):
    recording, _ = treadmill
    swapped = [name.replace("left", "!").replace("right", "left").replace("!", "right") for name in recording.names()]
    mirrored = changed(recording, values_of(recording) * [1, 1, -1], names=swapped)
    before, after = marker_contacts(recording).kept, marker_contacts(mirrored).kept
    np.testing.assert_allclose(times(before), times(after), atol=1e-9)
    assert all(one.side != other.side for one, other in zip(before, after, strict=True))


def test_belt_or_ground_make_no_difference(treadmill):
    recording, _ = treadmill
    values = values_of(recording)
    values[..., 0] += 3.5 * recording.time[:, None]
    before, after = times(marker_contacts(recording).kept), times(marker_contacts(changed(recording, values)).kept)
    assert len(before) == len(after)
    assert np.abs(before - after).max() < 0.003  # the belt's speed is estimated, and is not exactly 3.5 m/s


def test_a_shifted_clock_shifts_the_events(treadmill):
    recording, _ = treadmill
    later = changed(recording, time=recording.time + 100.0)
    np.testing.assert_allclose(
        times(marker_contacts(later).kept), times(marker_contacts(recording).kept) + 100, atol=1e-6
    )


def test_one_foot_unmarked_is_said(treadmill):
    recording, plates = treadmill
    names = [
        name
        for name in recording.names()
        if not (name.endswith("left") and name.startswith(("heel", "mt"))) and not name.startswith("foot_left")
    ]
    found = marker_contacts(replace(recording, points=recording.points.sel(point=names)))
    assert {contact.side for contact in found.kept} == {"right"}
    assert "one_foot" in {flag.code for flag in found.flags}
    differences(found.kept, [plate for plate in plates if plate.side == "right"])


def test_heel_only_is_found_with_a_wider_error(treadmill):
    recording, plates = treadmill
    names = [name for name in recording.names() if name.startswith(("asis", "psis", "heel_left", "heel_right"))]
    found = marker_contacts(replace(recording, points=recording.points.sel(point=names)))
    error = differences(found.kept, plates)
    full = marker_contacts(recording).kept
    assert np.sqrt((error**2).mean()) < 0.012
    assert np.median([one.toe_off_error for one in found.kept]) > np.median([one.toe_off_error for one in full])


def test_a_gap_in_the_forefoot_is_got_over(treadmill):
    recording, plates = treadmill
    values = values_of(recording)
    names = recording.names()
    gap = slice(*np.searchsorted(recording.time, [plates[6].initial_contact - 0.2, plates[6].initial_contact + 0.05]))
    for name in ("mt1", "mt5"):
        values[gap, names.index(f"{name}_{plates[6].side}")] = np.nan
    found = marker_contacts(changed(recording, values)).kept
    error = differences(found, [plates[6]])
    assert np.abs(error).max() < 0.03
    hit = min(found, key=lambda one: abs(one.initial_contact - plates[6].initial_contact))
    assert hit.method != found[0].method


def test_standing_still_in_the_middle_is_no_contact(treadmill):
    recording, _ = treadmill
    values = values_of(recording)
    values[..., 0] -= body_channels(recording).ground * recording.time[:, None]
    values = np.concatenate([values[:500], np.repeat(values[500:501], 400, axis=0), values[500:]])
    stopped = changed(recording, values, recording.time[0] + np.arange(len(values)) / recording.rate)
    assert max(contact.duration for contact in marker_contacts(stopped).kept) < 0.6


def test_slow_motion_is_called_standing_or_walking(treadmill):
    recording, _ = treadmill
    found = marker_contacts(changed(recording, time=recording.time * 2.8))
    assert not found.kept
    assert all("standing or walking" in contact.rejected or "cut" in contact.rejected for contact in found.found)


def test_a_contact_cut_by_the_file_is_set_aside(treadmill):
    recording, plates = treadmill
    middle = (plates[4].initial_contact + plates[4].toe_off) / 2
    found = marker_contacts(cut_to(recording, None, middle))
    assert found.found[0].rejected.startswith("cut")
    assert found.found[0].side == plates[4].side


def test_too_few_frames_keep_coarse_events_with_a_wide_error(treadmill):
    recording, plates = treadmill
    slow = replace(recording, points=recording.points.isel(time=slice(None, None, 5)))
    found = marker_contacts(slow)
    assert min(one.toe_off_error for one in found.kept) > 0.02
    assert "slow_frames" in {flag.code for flag in found.flags}
    assert np.abs(differences(found.kept, plates[1:-1])).max() < 0.06


def test_no_pelvis_or_no_foot_is_refused(treadmill):
    recording, _ = treadmill
    for start, words in ((("asis", "psis"), "pelvis"), (("heel", "mt"), "foot")):
        names = [name for name in recording.names() if not name.startswith(start)]
        with pytest.raises(RecordingError, match=words):
            marker_contacts(replace(recording, points=recording.points.sel(point=names)))


def test_models_state_their_error():
    models = load_event_models()
    for (kind, _), model in models.items():
        assert kind in KINDS
        assert 0.001 < model.error < 0.02
        assert model.weights.shape == (2, len(model.centre))


def test_mean_of_markers_does_not_jump_when_one_drops_out():
    random = np.random.default_rng(0)
    path = np.cumsum(random.normal(0, 0.01, (200, 1, 3)), axis=0)
    values = path + np.array([[0.0, 0, 0], [0.3, 0.1, 0], [0, 0, 0.4]])
    whole = values.mean(1)
    values[50:90, 2] = np.nan
    from headway.recording import Recording

    recording = Recording(make_points(np.arange(200) / 100, ["a", "b", "c"], values, AXES))
    np.testing.assert_allclose(mean_point(recording, ["a", "b", "c"]), whole, atol=1e-12)


def test_planted_phases_alternate(treadmill):
    recording, _ = treadmill
    body = body_channels(recording)
    phases = sorted((start, side) for side in ("left", "right") for start, _ in planted(body, side))
    assert all(one[1] != other[1] for one, other in pairwise(phases))

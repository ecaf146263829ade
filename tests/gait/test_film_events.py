from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from headway.body.joint_centres import add_joint_centres
from headway.camera.film_errors import film_errors
from headway.errors import RecordingError
from headway.gait.axes import orient
from headway.gait.film_event_model import load_film_event_models
from headway.gait.film_events import film_contacts
from headway.recording import AXES, Recording, make_points
from headway.synthetic.camera import runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner

NAMES = tuple(f"{point}_{side}" for point in ("hip", "heel", "toe") for side in ("left", "right"))
LABELS = tuple(f"{side}_{point}" for point in ("HIP", "HEEL", "FOOT_INDEX") for side in ("LEFT", "RIGHT"))


def _in_metres(time, values, view, native):
    """What a film becomes: one axis missing, cubic splines on an even clock of at least 200 Hz."""
    from headway.camera.resample import evenly

    values = values.copy()
    values[..., 2 if view == "side" else 0] = np.nan
    return Recording(make_points(*_swap(evenly(time, values)), AXES), view=view, source="film"), native


def _swap(pair):
    return pair[0], NAMES, pair[1]


@cache
def _runner(view="side", rate=60.0, noise=0.005, duration=10.0, travel=0.0, seed=0, **parameters):
    chosen = RunnerParameters(**parameters)
    time, points, labels = runner_points(SyntheticRunner(chosen), duration=duration, rate=rate, travel=travel)
    values = points[:, [labels.index(label) for label in LABELS]]
    values = values + noise * np.random.default_rng(seed).standard_normal(values.shape)
    first = (chosen.step_time - chosen.contact_time) / 2 + chosen.step_time * np.arange(
        int(duration / chosen.step_time)
    )
    return *_in_metres(time, values, view, rate), first[first + chosen.contact_time < time[-1]], chosen


@pytest.mark.parametrize("view", ["side", "rear"])
@pytest.mark.parametrize(("rate", "noise"), [(30.0, 0.015), (240.0, 0.005)])
def test_synthetic_contacts(view, rate, noise):
    recording, native, truth, runner = _runner(view, rate, noise)
    found = film_contacts(recording, native_rate=native)
    assert found.source == "film"
    assert len(found.kept) >= 0.95 * len(truth)
    nearest = [int(np.argmin(np.abs(truth - contact.initial_contact))) for contact in found.kept]
    assert [contact.side for contact in found.kept] == ["left" if k % 2 else "right" for k in nearest]
    assert all(b - a == 1 for a, b in pairwise(nearest))
    early = np.array([c.initial_contact for c in found.kept]) - truth[nearest]
    bias = np.mean([c.duration for c in found.kept]) - runner.contact_time
    error = found.error
    assert error is not None
    assert abs(bias) < 0.010
    assert np.abs(early).max() < 3 * error.initial_contact


@pytest.mark.parametrize(("speed", "cadence", "contact"), [(2.5, 160, 0.28), (4.2, 174, 0.205), (5.0, 184, 0.18)])
def test_contact_time_at_other_speeds_from_the_side(speed, cadence, contact):
    recording, native, _, _ = _runner(speed=speed, cadence=cadence, contact_time=contact, travel=0.6 * speed)
    found = film_contacts(recording, native_rate=native)
    assert np.mean([c.duration for c in found.kept]) == pytest.approx(contact, abs=0.015)


def test_contacts_long_and_short_for_the_pace_are_not_drawn_to_the_usual_one():
    told = []
    for contact in (0.19, 0.285):
        recording, native, _, _ = _runner(speed=3.5, cadence=168, contact_time=contact)
        told.append(np.mean([c.duration for c in film_contacts(recording, native_rate=native).kept]))
    assert 0.75 < (told[1] - told[0]) / (0.285 - 0.19) < 1.1


def test_asymmetry_is_seen():
    recording, native, _, runner = _runner(contact_time_asymmetry=10.0)
    kept = film_contacts(recording, native_rate=native).kept
    right, left = (np.mean([c.duration for c in kept if c.side == side]) for side in ("right", "left"))
    assert right - left == pytest.approx(0.1 * runner.contact_time, abs=0.010)


def test_cues_that_disagree_widen_the_error_of_the_contact_time():
    recording, native, _, _ = _runner()
    models = load_film_event_models("side", 60)
    late, *others = models["toe_off"].cues
    pulled = replace(late, offset=late.offset + 0.02)
    apart = {**models, "toe_off": replace(models["toe_off"], cues=(pulled, *others))}
    agreed, doubted = (film_contacts(recording, native_rate=native, models=one).error for one in (models, apart))
    assert agreed is not None and doubted is not None
    assert doubted.apart > agreed.apart + 0.005
    assert doubted.contact_time**2 - doubted.apart**2 == pytest.approx(agreed.contact_time**2 - agreed.apart**2)


def test_left_and_right_exchanged_exchanges_the_contacts():
    recording, native, _, _ = _runner("rear")
    other = {"left": "right", "right": "left"}
    names = [f"{name.rsplit('_', 1)[0]}_{other[name.rsplit('_', 1)[1]]}" for name in recording.names()]
    mirrored = replace(recording, points=recording.points.assign_coords(point=names))
    a, b = (film_contacts(one, native_rate=native).found for one in (recording, mirrored))
    assert [(c.initial_contact, other[c.side or ""]) for c in a] == [
        (pytest.approx(c.initial_contact), c.side) for c in b
    ]


def test_nothing_is_found_where_the_runner_is_absent():
    recording, native, _, _ = _runner(duration=14.0)
    values = recording.points.to_numpy().copy()
    away = (recording.time > 6.0) & (recording.time < 8.0)
    values[away] = np.nan
    found = film_contacts(replace(recording, points=recording.points.copy(data=values)), native_rate=native)
    assert not [c for c in found.found if c.toe_off > 6.06 and c.initial_contact < 7.94]
    assert len([c for c in found.kept if c.toe_off < 6.0]) >= 14
    assert len([c for c in found.kept if c.initial_contact > 8.0]) >= 14


def test_one_foot_only():
    recording, native, _, _ = _runner()
    values = recording.points.to_numpy().copy()
    values[:, [NAMES.index("heel_left"), NAMES.index("toe_left")]] = np.nan
    found = film_contacts(replace(recording, points=recording.points.copy(data=values)), native_rate=native)
    assert {c.side for c in found.found} == {"right"}
    assert "one_foot" in {flag.code for flag in found.flags}


def test_error_is_that_of_rendered_runners_and_is_stated():
    recording, native, _, _ = _runner(rate=30.0)
    found = film_contacts(recording, native_rate=native)
    known = {
        name: film_errors().errors["key_points"].error(name, "side", 30.0)
        for name in ("initial_contact", "toe_off", "contact_time")
    }
    assert found.error is not None
    assert (found.error.initial_contact, found.error.toe_off) == (known["initial_contact"], known["toe_off"])
    assert found.error.contact_time == pytest.approx(np.hypot(known["contact_time"], found.error.apart))
    flags = {flag.code: flag.message for flag in found.flags}
    assert "30 frames per second are estimates: standard error" in flags["events_from_film"]


def _points(time, feet, hips, view="side"):
    """Recording of hips and feet given as heel paths (n, 3) per side."""
    toe = np.array([0.25, 0.0, 0.0])
    values = np.stack([hips, hips, feet[0], feet[1], feet[0] + toe, feet[1] + toe], axis=1)
    values = values + 0.003 * np.random.default_rng(0).standard_normal(values.shape)
    return _in_metres(time, values, view, 60.0)[0]


@pytest.mark.parametrize("view", ["side", "rear"])
def test_walking_has_long_contacts(view):
    time = np.arange(0, 10, 1 / 60)
    stride, duty, speed, feet = 1.1, 0.62, 1.4, []
    for shift in (0.0, 0.5):
        share = (time / stride + shift) % 1.0
        swing = np.clip((share - duty) / (1 - duty), 0, 1)
        length = speed * stride * duty
        forward = np.where(share < duty, length * (0.5 - share / duty), length * (3 * swing**2 - 2 * swing**3 - 0.5))
        feet.append(np.column_stack([forward, 0.05 + 0.12 * np.sin(np.pi * swing) ** 2, 0 * time]))
    # highest at midstance, at duty/2
    bounce = 0.02 * np.cos(4 * np.pi * (time / stride - duty / 2))
    hips = np.column_stack([0 * time, 0.95 + bounce, 0 * time])
    found = film_contacts(_points(time, feet, hips, view), native_rate=60.0)
    assert len(found.found) >= 14
    assert np.median([c.duration for c in found.found]) > 0.5 * stride


def test_standing_is_one_long_contact():
    time = np.arange(0, 3, 1 / 60)
    still = np.zeros((len(time), 3))
    found = film_contacts(_points(time, [still, still], still + np.array([0, 0.9, 0])), native_rate=60.0)
    assert not found.kept
    assert all(c.duration > 2.5 and "standing" in c.rejected for c in found.found)


def test_bad_input_is_told_in_one_line():
    recording, native, _, _ = _runner()
    without = replace(
        recording, points=recording.points.sel(point=[n for n in NAMES if not n.startswith(("heel", "toe"))])
    )
    for bad, word in (
        (without, "no foot"),
        (replace(recording, points=recording.points.sel(point=list(NAMES[2:]))), "hips"),
        (replace(recording, points=recording.points * np.nan), "no foot"),
        (replace(recording, points=recording.points.isel(time=slice(0, 100))), "whole contact"),
    ):
        with pytest.raises(RecordingError, match=word) as caught:
            film_contacts(bad, native_rate=native)
        assert "\n" not in str(caught.value)


def test_real_runner_against_plates(data):
    from headway.body.landmarks import to_landmarks
    from headway.dynamics.ground_force import plate_force
    from headway.gait.force_events import force_contacts
    from headway.sources import load

    recording, _ = orient(to_landmarks(load(data / "dorn2012_ja1" / "JA1Gait21.c3d")))
    force = plate_force(recording)
    assert force is not None
    truth = force_contacts(recording, force).kept
    points, _ = add_joint_centres(recording.points, height=None, sex=None)
    values = points.sel(point=list(NAMES)).transpose("time", "point", "axis").to_numpy()
    seen = np.isfinite(values).all((1, 2))
    time = recording.time[seen][::4]
    for view in ("side", "rear"):
        filmed, _ = _in_metres(time, values[seen][::4], view, 62.5)
        kept = film_contacts(filmed, native_rate=62.5).kept
        for contact in truth:
            near = min(kept, key=lambda one: abs(one.at(0.5) - contact.at(0.5)))
            assert near.side == contact.side
            assert abs(near.initial_contact - contact.initial_contact) < 0.02
            assert abs(near.toe_off - contact.toe_off) < 0.03


@pytest.mark.parametrize("lifted", [0.0, 0.06, 0.12])
def test_feet_alternate_from_behind_even_where_one_is_put_too_low_in_its_swing(lifted):
    recording, native, truth, runner = _runner("rear", 60.0, 0.003)
    low = recording.points.copy(deep=True)
    steps = 2 * np.pi * (recording.time - truth[0] - runner.contact_time / 2) / (2 * runner.step_time)
    for name in ("heel_left", "toe_left"):
        low.loc[{"point": name, "axis": "up"}] += lifted * np.minimum(-np.cos(steps), 0.0)
    found = film_contacts(replace(recording, points=low), native_rate=native).kept
    assert all(a.side != b.side for a, b in pairwise(found))
    assert np.diff([one.initial_contact for one in found]).min() > 0.7 * runner.step_time


def test_a_foot_alone_does_not_walk():
    """A camera that goes up and down with the runner hides most of the bounce, and one foot seems to be low too late: it runs like the other."""
    recording, native, truth, runner = _runner("side", 120.0, 0.002, contact_time=0.25)
    points = recording.points.copy()
    up = points.sel(axis="up").to_numpy()
    hips = up[:, [NAMES.index("hip_left"), NAMES.index("hip_right")]].mean(1)
    up = up - 0.6 * (hips - hips.mean())[:, None]
    late = 2 * np.pi * (recording.time - truth[0] - 0.2) * runner.cadence / 120
    for name in ("heel_right", "toe_right"):
        up[:, NAMES.index(name)] -= 0.08 * np.cos(late)
    points.loc[{"axis": "up"}] = up
    found = film_contacts(replace(recording, points=points), native_rate=native)
    length = {side: np.mean([c.duration for c in found.kept if c.side == side]) for side in ("left", "right")}
    assert length["left"] == pytest.approx(0.25, abs=0.03)
    assert length["right"] == pytest.approx(0.25, abs=0.03)


def test_contacts_are_in_doubt_where_the_pose_model_takes_something_else_for_a_standing_foot():
    recording, native, truth, _ = _runner("side", 60.0, 0.005)
    assert not film_contacts(recording, native_rate=native).doubt
    values, random = recording.points.to_numpy().copy(), np.random.default_rng(3)
    for k, first in enumerate(truth):
        foot = [NAMES.index(f"{point}_{'left' if k % 2 else 'right'}") for point in ("heel", "toe")]
        rows = np.flatnonzero((recording.time >= first) & (recording.time < first + 0.12))
        values[np.ix_(rows, foot, [0, 1])] += random.normal(0.0, 0.3, 2)
    astray = replace(recording, points=make_points(recording.time, NAMES, values, AXES))
    found = film_contacts(astray, native_rate=native)
    assert found.doubt
    assert "feet_wander" in {flag.code for flag in found.flags}

"""A body is found again from what perfect and noisy markers and plates show of it; and what no body fits is refused in a line."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.dynamics.ground_force import read
from headway.dynamics.push import CONTRIBUTIONS, PUSHED, SOURCES
from headway.errors import RecordingError
from headway.fit.checks import check_stretch, check_trial
from headway.fit.curves import _Seen
from headway.fit.fitted import fit_stretch
from headway.fit.induced import LEAD, POINTS
from headway.fit.loads import joints_of
from headway.fit.measured import SIDES, MeasuredStretch
from headway.fit.model import SOLE_POINTS, FitModel, evaluate
from headway.recording import GRAVITY
from headway.signals import low_pass


def seen(known, shown, noise: float = 0.0) -> MeasuredStretch:
    """What markers (with noise, m) and plates show of a known body."""
    random = np.random.default_rng(1)
    model = FitModel(known.skeleton, motion_only=True)
    names = tuple(name for name in shown.paths if name in model.equations.points)
    places = evaluate(model.points(names), known.q)[0].reshape(len(known.time), -1, 3)
    rate = 1 / float(np.median(np.diff(shown.time)))
    shaken = low_pass(random.normal(size=(len(shown.time), len(names), 3)), rate, 20.0)  # as a recording is
    places = places + noise * read(shown.time, shaken.reshape(len(shaken), -1), known.time).reshape(places.shape)
    paths = {name: places[:, k] for k, name in enumerate(names)}
    weight = known.skeleton.mass * GRAVITY
    feet = known.force.reshape(len(known.time), len(SIDES), -1, 3)
    total = feet.sum((1, 2)) / weight
    return replace(shown, time=known.time, paths=paths, force_time=known.time, force=total, pressure=pressure_of(known))


def pressure_of(known):
    up = known.force[..., 1:2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (up * known.soles).sum(1) / up.sum(1)


def apart(one, other):
    """RMS difference of the stance leg's moments and of the lumbar ones over their range, and of the head's accelerations."""
    names = one.skeleton.names[6:]
    side = one.contacts[0].side
    loaded = one.force[..., 1].sum(1) > 100.0
    own = [k for k, name in enumerate(names) if name.endswith(side) and name.startswith(("hip", "knee", "ankle"))]
    moments = np.sqrt(((one.moments - other.moments)[loaded][:, own] ** 2).mean(0)) / np.ptp(
        one.moments[loaded][:, own], axis=0
    )
    drives = (other.sources[1] - one.sources[1])[loaded][:, :, 1]
    size = np.ptp(one.sources[1][loaded][:, :, 1, 1], axis=0).max()
    return moments, np.sqrt((drives**2).mean(0)) / size


def test_a_fit_obeys_the_laws(known):
    quality = known.quality
    assert quality.converged
    assert quality.violation < 1e-6
    assert quality.closure < 1e-6
    assert quality.depth < 0.015
    total = known.force.sum(1)
    model = FitModel(known.skeleton, motion_only=True)
    gained = known.skeleton.mass * (known.total[:, 3] + [0.0, GRAVITY, 0.0])
    assert np.abs(total - gained).max() < 1e-5 * model.weight  # the ground alone accelerates the whole


def test_the_parts_are_the_head_s_change_of_velocity(known):
    contact = known.contacts[0]
    gained = known.gained(LEAD, contact)[:, 0].sum(0)
    start, stop = contact.transition, contact.toe_off
    change = [
        np.interp(stop, known.time, column) - np.interp(start, known.time, column) for column in known.speed[:, 0].T
    ]
    assert gained == pytest.approx(change, abs=0.02)


def test_the_powers_are_the_rate_of_the_head_s_energy_of_motion(known):
    mass = next(one.mass for one in known.skeleton.bodies if one.name == "head")
    powers = _Seen(known, "right").powers_to_head()
    assert powers.shape == (len(known.time), len(SOURCES))
    rate = mass * (known.speed[:, 0] * known.total[:, 0]).sum(1)  # of half the mass times the square of the speed
    assert np.ptp(rate) > 50.0  # W
    assert powers.sum(1) == pytest.approx(rate, abs=1e-6)


def test_what_one_segment_exerts_on_the_next_is_what_mechanics_asks(known):
    names = joints_of(known.skeleton)
    side = known.contacts[0].side
    ankle, toes, other = (known.loads[:, names.index(name)] for name in (f"ankle_{side}", f"toes_{side}", "neck"))
    foot = {one.name: one.mass for one in known.skeleton.bodies}[f"foot_{side}"]
    ground = known.force[:, [key == (side, "heel") or key == (side, "ball") for key in SOLE_POINTS]].sum(1)
    # ankle and toe joint carry between them what the ground does not: the rest is the foot's own mass times a few g
    rest = ankle - toes + ground
    assert np.abs(rest).max() < 20 * GRAVITY * foot
    head = next(one.mass for one in known.skeleton.bodies if one.name == "head")
    rates = known.total[:, POINTS.index("head")]
    assert other == pytest.approx(head * (rates + np.array([0.0, GRAVITY, 0.0])), abs=1e-6)
    assert ankle[:, 1].min() < -1.8 * known.skeleton.mass * GRAVITY  # the shank stands on the foot


def test_the_work_of_the_joints_is_the_time_integral_of_their_power(known):
    seen = _Seen(known, known.contacts[0].side)
    ((given, taken),) = (work.T for work in seen.works())
    assert (given >= 0).all() and (taken <= 0).all()
    contact = known.contacts[0]
    inside = contact.during(known.time)
    whole = np.trapezoid(seen.powers()[inside], known.time[inside], axis=0)
    assert given + taken == pytest.approx(whole, abs=1.5)
    assert given[known.skeleton.names.index("ankle_dorsiflexion_right") - 6] > 20.0  # J: it pushes off


@pytest.mark.slow
def test_moments_and_contributions_are_found_again_from_perfect_markers_and_plates(known, shown):
    moments, drives = apart(known, fit_stretch(seen(known, shown), skeleton=known.skeleton))
    assert moments.max() < 0.01
    assert drives.max() < 0.02


@pytest.mark.slow
def test_lengths_that_have_to_be_found_too_cost_the_trunk_most(known, shown):
    moments, drives = apart(known, fit_stretch(seen(known, shown)))
    assert moments.max() < 0.02
    for sources, most in (
        (("ankle", "knee", "gravity", "velocity"), 0.02),
        (("hip", "neck", "arms"), 0.03),
        (("lumbar",), 0.03),
    ):
        assert max(drives[SOURCES.index(name)].max() for name in sources) < most, sources


@pytest.mark.slow
def test_a_millimetre_of_noise_costs_the_legs_five_per_cent_and_the_trunk_eight(known, shown):
    again = fit_stretch(seen(known, shown, noise=0.001))
    moments, drives = apart(known, again)
    assert moments.max() < 0.05
    for sources, most in ((("ankle", "knee"), 0.02), (("hip", "neck", "arms"), 0.05), (("lumbar",), 0.08)):
        assert max(drives[SOURCES.index(name)].max() for name in sources) < most, sources
    contact = known.contacts[0]
    missed = np.abs(again.gained(LEAD, contact) - known.gained(LEAD, contact))
    held = float((missed < 1.96 * again.spread[0]).mean())
    assert held > 0.9, f"{held:.0%} of the intervals hold"


def test_plates_that_carry_half_of_every_step_are_told_by_the_mass_they_weigh(trial):
    light = replace(trial, runner=replace(trial.runner, mass=34.0, mass_source="weight"))
    with pytest.raises(RecordingError, match=r"weigh a runner of 1.75 m at 34 kg; use steps that hit the plates whole"):
        check_trial(light)


def test_a_hole_is_told(shown):
    path = shown.paths["knee_left"].copy()
    middle = len(path) // 2 + int(np.searchsorted(shown.time, shown.start)) - len(path) // 2
    path[middle : middle + 40] = np.nan
    fault = check_stretch(replace(shown, paths=shown.paths | {"knee_left": path}))
    assert fault is not None and "knee_left is missing for" in str(fault)


def test_a_plate_hit_half_and_a_mass_twice_too_large_are_told(shown):
    assert check_stretch(shown) is None
    for factor in (0.3, 0.5 * 0.6):
        fault = check_stretch(replace(shown, force=shown.force * factor))
        assert fault is not None and "hardly on the plates" in str(fault)


def test_a_whole_stride_that_weighs_too_little_is_told(trial):
    from headway.fit.measured import Paths, stretch

    stride = stretch(trial, Paths.of(trial).present(), 1.75, trial.runner.mass, range(1, 3))
    assert check_stretch(stride) is None
    fault = check_stretch(replace(stride, force=stride.force / 2))
    assert fault is not None and "times the runner's weight" in str(fault)


def test_one_plate_hit_half_is_told_whatever_the_mass(trial):
    from headway.fit.measured import Paths, stretch

    stride = stretch(trial, Paths.of(trial).present(), 1.75, trial.runner.mass, range(1, 3))
    second = stride.force_time[:, None] > (stride.contacts[0].toe_off + stride.contacts[1].initial_contact) / 2
    half = np.where(second, 0.4, 1.0) * stride.force
    fault = check_stretch(replace(stride, force=half / half[:, 1].mean() * stride.force[:, 1].mean()))
    assert fault is not None and "of what the other does" in str(fault)


def test_running_off_the_heading_is_told(trial):
    from headway.fit.measured import Paths, stretch

    stride = stretch(trial, Paths.of(trial).present(), 1.75, trial.runner.mass, range(1, 3))
    aside = (stride.time - stride.start)[:, None] * [0.0, 0.0, 1.2]
    fault = check_stretch(replace(stride, paths={name: path + aside for name, path in stride.paths.items()}))
    assert fault is not None and "off its way" in str(fault)


def test_strides_that_cannot_be_fitted_are_left_out_and_told(trial, known):
    from headway.fit.measured import Paths
    from headway.fit.run import FittedBody, _found, _stretches

    paths = Paths.of(trial)
    whole, none = _stretches(trial, paths)
    assert len(whole) > 1 and not none
    knee = paths.table["knee_left"].copy()
    knee[(trial.motion.time > whole[0].start) & (trial.motion.time < whole[0].stop)] = np.nan
    paths.table["knee_left"] = knee
    fewer, told = _stretches(trial, paths)
    assert len(fewer) == len(whole) - 1 and "knee_left is missing for" in told[0]
    body = FittedBody(trial, (known,), _found(trial, (known,), (known,)), left_out=tuple(told))
    assert any(flag.code == "strides_left_out" for flag in body.flags())


def test_a_change_of_direction_is_told(trial):
    from headway.fit.measured import Paths, stretch

    stride = stretch(trial, Paths.of(trial).present(), 1.75, trial.runner.mass, range(1, 3))
    late = np.clip(stride.time - (stride.start + stride.stop) / 2, 0, None)[:, None] * [0.0, 0.0, 2.0]
    fault = check_stretch(replace(stride, paths={name: path + late for name, path in stride.paths.items()}))
    assert fault is not None and "turns by" in str(fault)


@pytest.mark.parametrize(
    ("sides", "told"), [(("left",), "heel_left, forefoot_left"), (SIDES, "heel_left, heel_right, forefoot_left")]
)
def test_feet_that_are_not_marked_are_told(trial, sides, told):
    from headway.body.motion import Motion
    from headway.recording import AXES, make_points

    motion = trial.motion
    bare = tuple(f"{stem}_{side}" for stem in ("heel", "toe", "mt1", "mt5") for side in sides)
    kept = [name for name in motion.names() if not name.startswith(bare)]
    less = Motion(make_points(motion.time, kept, motion.stack(kept), AXES), motion.cutoff)
    with pytest.raises(RecordingError, match=told):
        check_trial(replace(trial, body=replace(trial.body, motion=less)))


def test_a_mass_twice_too_large_is_told(trial):
    from headway.fit.measured import Paths, stretch

    stride = stretch(trial, Paths.of(trial).present(), 1.75, 2 * trial.runner.mass, range(1, 3))
    fault = check_stretch(stride)
    assert fault is not None and "times the runner's weight" in str(fault) and "--mass" in str(fault)


def test_there_is_a_metric_for_everything_that_is_pushed_and_pushes():
    from headway.metrics import REGISTRY

    assert len(CONTRIBUTIONS) == len(PUSHED) * len(SOURCES) * 3
    assert all(REGISTRY[name].fitted for name in CONTRIBUTIONS)

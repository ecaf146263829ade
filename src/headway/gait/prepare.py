"""From a recording as read to a trial ready to be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headway.body.body import build_body
from headway.body.calibration import carried_from
from headway.body.landmarks import labels_of, to_landmarks
from headway.body.markers import CheckedMarkers, check_markers
from headway.body.motion import Motion
from headway.camera.body_shape import ASSUMED_HEIGHT
from headway.camera.one_body import fitted
from headway.dynamics.estimated_force import EstimatedForce, estimated_force
from headway.dynamics.ground_force import PlateForce, plate_force
from headway.errors import RecordingError
from headway.gait.axes import Orientation, orient, orient_standing, refine_heading
from headway.gait.bouts import MotionBout, find_bouts
from headway.gait.contacts import Contacts
from headway.gait.find_contacts import find_contacts
from headway.gait.passes import bout_flag, choose, running
from headway.gait.runner import Runner, weigh
from headway.gait.running import check_running
from headway.gait.steps import Steps, build_steps, with_force_instants, with_motion_instants
from headway.gait.stride_lock import stride_turns
from headway.gait.trial import Trial
from headway.options import Options
from headway.recording import Flag, Recording, cut
from headway.texts import TEXTS

FILM_CUTOFF = 0.23
"""Low-pass of key points as a share of the film's frame rate, where that is lower: 7 Hz at 30 frames/s."""
FEW_STEPS = 10
STANDING_MARGIN = 0.3
"""Standing within a recording is read without this much at its ends, s."""
MASS_TOLERANCE = 0.05
"""Plates and scales differ by 2 ± 1 % in the treadmill trials of Fukuchi 2017."""


def prepare(
    recording: Recording, runner: Runner, options: Options, standing: Recording | None = None
) -> tuple[Trial, Orientation]:
    """Orient, filter, find contacts and weigh the runner, in one run of a recording; see :func:`prepare_passes`."""
    return prepare_passes(recording, runner, options, standing, together=False)[0]


def prepare_passes(
    recording: Recording,
    runner: Runner,
    options: Options,
    standing: Recording | None = None,
    *,
    together: bool = True,
) -> list[tuple[Trial, Orientation]]:
    """Orient, filter, find contacts and weigh the runner in every run that is analysed together, each along its own heading.

    Parameters
    ----------
    recording
        As read, in lab axes.
    runner
        What is known of the person.
    options
        What the user declared.
    standing
        Standing trial of the same runner with the same markers, as read.
    together
        Whether runs that are alike are analysed together; else the longest alone.

    Raises
    ------
    RecordingError
        No feet, no running, no whole stance.
    """
    still = None if standing is None else to_landmarks(standing, recording.names())
    if recording.camera is not None:
        return [_prepared(*_filmed(recording), runner, options, still, None)]
    checked, bouts, still = _marked(recording, options, standing, still)
    chosen = choose(bouts, options.bout)
    if not chosen:
        return [_run(checked.recording, runner, options, still, checked)]
    if not together:
        chosen = (max(chosen, key=lambda bout: bout.duration),)
    found, faults = _runs(checked, chosen, runner, options, still)
    if not found:
        raise faults[0][1]
    flag = bout_flag(bouts, [bout for bout, _, _ in found], [bout for bout, _ in faults])
    return [(trial.flagged(flag), orientation) for _, trial, orientation in found]


def count_runs(recording: Recording, options: Options, standing: Recording | None = None) -> int:
    """Number of steady runs in a recording of markers as read."""
    still = None if standing is None else to_landmarks(standing, recording.names())
    return len(running(_marked(recording, options, standing, still)[1]))


def _runs(
    checked: CheckedMarkers, chosen: Sequence[MotionBout], runner: Runner, options: Options, still: Recording | None
) -> tuple[list[tuple[MotionBout, Trial, Orientation]], list[tuple[MotionBout, RecordingError]]]:
    """Every run that can be analysed, and those that cannot with the reason."""
    found: list[tuple[MotionBout, Trial, Orientation]] = []
    faults: list[tuple[MotionBout, RecordingError]] = []
    for bout in chosen:
        try:
            piece = cut(checked.recording, bout.start, bout.stop)
            found.append((bout, *_run(piece, runner, options, still, checked)))
        except RecordingError as fault:
            faults.append((bout, fault))
    return found, faults


def _run(
    recording: Recording, runner: Runner, options: Options, still: Recording | None, checked: CheckedMarkers
) -> tuple[Trial, Orientation]:
    """One run of markers in lab axes."""
    turned = orient(_checked(recording), up=options.up, forward=options.forward, treadmill=options.treadmill)
    return _prepared(*turned, runner, options, still, checked)


def _prepared(
    oriented: Recording,
    orientation: Orientation,
    runner: Runner,
    options: Options,
    still: Recording | None,
    checked: CheckedMarkers | None,
) -> tuple[Trial, Orientation]:
    """From an oriented recording to a trial."""
    camera = oriented.camera
    force = plate_force(oriented)
    contacts = find_contacts(oriented, force, options.threshold)
    steps = build_steps(contacts.kept)
    if camera is None and not orientation.treadmill and steps.strides:
        oriented, orientation = _along_strides(oriented, orientation, steps)
        force = plate_force(oriented)
    if camera is not None:
        oriented = fitted(oriented, stride_turns(oriented.time, steps), runner.height or ASSUMED_HEIGHT)
        camera = oriented.camera
    pose = None if still is None else orient_standing(still, up=options.up)
    cutoff = options.cutoff if camera is None else min(options.cutoff, FILM_CUTOFF * camera.rate)
    body = build_body(oriented, height=runner.height, sex=runner.sex, cutoff=cutoff, standing=pose)
    if checked is not None:
        body = replace(body, markers=checked.quality, head_error=checked.head_error)
    unclocked = camera is not None and bool(camera.tempo)  # then no contact time is told, and none is off by so much
    flags = (
        *(flag for flag in contacts.flags if not (unclocked and flag.code == "events_from_film")),
        *body.flags,
        *check_running(oriented.source, contacts, steps, body.motion, body.trunk_point),
    )
    weighed = weigh(
        replace(runner, mass=None, mass_source=None),
        force if contacts.source == "force" else None,
        steps,
        body.motion,
        body.trunk_point,
    )
    flags = (*flags, *_mass_differs(runner, weighed))
    runner = weighed if runner.mass is None else runner
    force, told = _force(oriented, contacts, force, runner)
    steps = _with_instants(steps, force, runner, body.motion)
    oriented = replace(oriented, flags=(*oriented.flags, *flags, *told, *_few(steps), *_ends(steps, body.motion)))
    trial = Trial(oriented, body, runner, contacts, steps, force, orientation.treadmill, options.speed or float("nan"))
    return _with_speed(trial, options), orientation


def _marked(
    recording: Recording, options: Options, standing: Recording | None, still: Recording | None
) -> tuple[CheckedMarkers, tuple[MotionBout, ...], Recording | None]:
    """Markers that can be trusted, with canonical names, what the recording holds, and standing, given or in the recording."""
    named = to_landmarks(recording, () if standing is None else standing.names())
    named = _checked(cut(named, options.start, options.stop))
    checked = check_markers(named, labels_of(recording), still)
    bouts = find_bouts(checked.recording)
    if still is not None:
        return checked, bouts, still
    stretch = _standing_stretch(checked.recording, bouts)
    carried = None if stretch is None else carried_from(checked.recording, stretch)
    if carried is None:
        return checked, bouts, stretch
    return replace(checked, recording=carried), find_bouts(carried), stretch


def _standing_stretch(recording: Recording, bouts: tuple[MotionBout, ...]) -> Recording | None:
    """The longest quiet standing of a recording, without its ends."""
    rests = [bout for bout in bouts if bout.activity == "standing" and bout.duration > 4 * STANDING_MARGIN]
    if not rests:
        return None
    rest = max(rests, key=lambda bout: bout.duration)
    stretch = cut(recording, rest.start + STANDING_MARGIN, rest.stop - STANDING_MARGIN)
    try:
        orient_standing(stretch)
    except RecordingError:
        return None
    return stretch


def _filmed(recording: Recording) -> tuple[Recording, Orientation]:
    """A film as it is: the camera's geometry has turned it already."""
    camera = recording.camera
    assert camera is not None
    ahead = {1: "image right", -1: "image left"}.get(camera.direction)
    towards = "away from the camera" if camera.view == "rear" else "to the camera"
    return _checked(recording), Orientation("image up", ahead or towards, 0.0, not camera.travels, np.eye(3))


def _mass_differs(declared: Runner, weighed: Runner) -> tuple[Flag, ...]:
    if declared.mass is None or weighed.mass is None or abs(declared.mass / weighed.mass - 1) < MASS_TOLERANCE:
        return ()
    text = TEXTS("flags.mass_differs", mass=weighed.mass, declared=declared.mass)
    return (Flag("mass_differs", "warning", text),)


def _force(
    recording: Recording, contacts: Contacts, plates: PlateForce | None, runner: Runner
) -> tuple[PlateForce | None, tuple[Flag, ...]]:
    """The plates' force where the contacts come from it, else the force estimated from motion, else none."""
    if contacts.source == "force":
        return plates, ()
    if recording.camera is not None:
        return None, ()
    try:
        estimate = estimated_force(recording, contacts, runner.mass)
    except RecordingError as reason:
        return None, (Flag("no_force", "info", TEXTS("flags.no_force", what=reason.what)),)
    return estimate, estimate.flags


def _with_instants(steps: Steps, force: PlateForce | None, runner: Runner, motion: Motion) -> Steps:
    if isinstance(force, EstimatedForce):
        return with_force_instants(steps, force, force.mass)
    if force is not None and runner.mass is not None:
        return with_force_instants(steps, force, runner.mass)
    if motion.has("com"):
        return with_motion_instants(steps, motion.velocity("com"), motion.acceleration("com"), motion.time)
    return steps


def _along_strides(recording: Recording, orientation: Orientation, steps: Steps) -> tuple[Recording, Orientation]:
    """Align the heading with the travel over the longest whole number of strides."""
    first = steps.strides[0][0]
    last = max(b for _, b in steps.strides if (b - first) % 2 == 0)
    turned, angle = refine_heading(recording, steps.midstance[first], steps.midstance[last])
    return turned, replace(orientation, heading=orientation.heading + angle)


def _checked(recording: Recording) -> Recording:
    frames = len(recording.points["time"])
    if frames < 10:
        raise RecordingError(
            recording.source,
            f"only {frames} frames are left to analyse",
            "give at least one whole stance; check --start and --stop",
        )
    return recording


def _with_speed(trial: Trial, options: Options) -> Trial:
    measured = trial.stance_speeds
    speed = float(np.nanmedian(measured)) if np.isfinite(measured).any() else float("nan")
    recording = trial.recording
    if options.speed is not None:
        if np.isfinite(speed) and abs(speed - options.speed) > 0.1 * options.speed:
            text = TEXTS("flags.speed_differs", speed=speed, declared=options.speed)
            recording = replace(recording, flags=(*recording.flags, Flag("speed_differs", "warning", text)))
        speed = options.speed
    return replace(trial, speed=speed, recording=recording)


def _few(steps: Steps) -> tuple[Flag, ...]:
    if len(steps) >= FEW_STEPS:
        return ()
    return (Flag("few_steps", "warning", TEXTS("flags.few_steps_held", n=len(steps))),)


def _ends(steps: Steps, motion: Motion) -> tuple[Flag, ...]:
    """Flag contacts within the reach of the filter's ends (0.5 / cut-off)."""
    reach = 0.5 / motion.cutoff
    touched = (steps.initial_contact < motion.time[0] + reach) | (steps.toe_off > motion.time[-1] - reach)
    if not touched.any():
        return ()
    return (
        Flag(
            "filter_ends",
            "info",
            TEXTS("flags.filter_ends", n=int(touched.sum()), reach=1000 * reach),
        ),
    )

"""What a recording has to have for a body to be fitted to it, told in one line where it has not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.body.stature import find_stature
from headway.errors import RecordingError
from headway.fit.measured import SIDES, MeasuredStretch, Paths
from headway.gait.trial import Trial
from headway.recording import FloatArray

LEGS = ("hip", "knee", "ankle", "heel")
FORE = ("toe", "mt1", "mt5")
TRUNK = ("neck_base", "shoulder_left", "shoulder_right")
CLUSTER = 3
"""Markers on thigh and on shank that stand in for knee and ankle."""
LEAST_PEAK = 0.8
"""Body weights that a whole stance on the plates exceeds."""
WEIGHS = 0.15
"""Share by which the mass stated may differ from what the plates weigh over a stride."""
LIGHTEST = 11.5
"""Mass over squared height that nobody who runs is below, kg/m²: the plates carried a part of every step."""
HOLE = 0.10
"""Longest gap in the path of a joint centre, s."""
TURNED = np.radians(12.0)
"""Greatest change of the heading within a stride, and from the heading of the recording."""
UNLIKE = 0.6
"""Least share of the upward impulse of one stance of the other's in a stride: no limp on whole plates is worse."""


def check_trial(trial: Trial) -> Paths:
    """The paths of a trial that a body can be fitted to.

    Raises
    ------
    RecordingError
        What is missing, and what to record.
    """
    source = trial.recording.source
    if trial.force is None:
        raise RecordingError(
            source, "no ground force to fit a body to", "record with force plates, or leave out --body"
        )
    paths = Paths.of(trial)
    names = paths.present()
    lacking = [f"{stem}_{side}" for stem in LEGS for side in SIDES if f"{stem}_{side}" not in names]
    for side in SIDES:
        own = [sum(name.startswith(f"{part}_{side}_") for name in names) for part in ("thigh", "shank")]
        if min(own) >= CLUSTER:
            lacking = [name for name in lacking if name not in (f"knee_{side}", f"ankle_{side}")]
    lacking += [f"forefoot_{side}" for side in SIDES if not any(f"{stem}_{side}" in names for stem in FORE)]
    lacking += [name for name in TRUNK if name not in names]
    if lacking:
        raise RecordingError(
            source,
            f"no body can be fitted without {', '.join(lacking)}",
            "mark both legs and feet, and the upper trunk",
        )
    if trial.runner.mass is None:
        raise RecordingError(source, "the runner's mass is not known", "give --mass")
    mass, height = trial.runner.mass, height_of(trial, paths)
    if trial.runner.mass_source != "option" and mass < LIGHTEST * height**2:
        what = f"the plates weigh a runner of {height:.2f} m at {mass:.0f} kg"
        raise RecordingError(source, what, "use steps that hit the plates whole, or give --mass")
    return paths


def check_films(trials: Sequence[Trial]) -> tuple[float, float]:
    """Height (m) and mass (kg) of the runner in films that a body can be fitted to.

    Raises
    ------
    RecordingError
        What is missing, and what to film or to give.
    """
    for trial in trials:
        camera, source = trial.camera, trial.recording.source
        if camera is None:
            raise RecordingError(source, "is no film", "give two films of one run, or one recording of markers")
        if camera.oblique:
            what = f"the runner is seen {np.degrees(camera.oblique):.0f}° off the square view, which tells no body"
            raise RecordingError(source, what, "film from the side")
        if camera.tempo:
            raise RecordingError(source, "how slow the film plays is not known", "give --slow-motion")
        if trial.contacts.doubt:
            raise RecordingError(
                source, f"its contacts cannot be relied on ({trial.contacts.doubt})", "film at 60 frames/s or more"
            )
    runner, source = trials[0].runner, trials[0].recording.source
    if len(trials) > 2 or [trial.recording.view for trial in trials].count("side") > 1:
        where = " ".join(trial.recording.source for trial in trials)
        remedy = "give one film from the side, and no more than one from behind or in front"
        raise RecordingError(where, "no body can be fitted to several films of one view", remedy)
    if runner.height is None:
        raise RecordingError(source, "the runner's height is not known", "give --height")
    if runner.mass is None:
        raise RecordingError(source, "the runner's mass is not known", "give --mass")
    return runner.height, runner.mass


def height_of(trial: Trial, paths: Paths) -> float:
    """Stature, stated or from the legs' lengths, m.

    Raises
    ------
    RecordingError
        Nothing tells it.
    """
    height = trial.runner.height or find_stature(paths.table, None, trial.runner.sex).value
    if not np.isfinite(height):
        raise RecordingError(trial.recording.source, "its markers do not tell the runner's height", "give --height")
    return float(height)


def check_stretch(one: MeasuredStretch) -> RecordingError | None:
    """Why a stretch cannot be fitted; ``None`` if it can."""
    fault = _hole(one) or _turn(one)
    if fault is None and one.force_error is None:
        fault = _plates(one)
    if fault is None:
        return None
    return RecordingError(one.source, *fault)


def _hole(one: MeasuredStretch) -> tuple[str, str] | None:
    inside = (one.time >= one.start) & (one.time <= one.stop)
    rate = 1 / float(np.median(np.diff(one.time)))
    for stem in (*LEGS, "neck_base"):
        for name in (stem, f"{stem}_left", f"{stem}_right"):
            if name in one.paths:
                gap = _longest(~np.isfinite(one.paths[name][inside]).all(1)) / rate
                if gap > HOLE:
                    what = f"{name} is missing for {gap:.2f} s at {one.start:.2f}–{one.stop:.2f} s"
                    return what, "fill the gap, or record it again"
    return None


def _longest(missing: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], missing.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _turn(one: MeasuredStretch) -> tuple[str, str] | None:
    inside = (one.time >= one.start) & (one.time <= one.stop)
    hips = ((one.paths["hip_left"] + one.paths["hip_right"]) / 2)[inside][:, [0, 2]]
    hips = hips[np.isfinite(hips).all(1)]
    half = len(hips) // 2
    if half < 5 or len(one.contacts) < 2:
        return None
    first, last = hips[half] - hips[0], hips[-1] - hips[half]
    turned = abs(_angle(first, last))
    aside = abs(_angle(hips[-1] - hips[0], np.array([1.0, 0.0])))
    if max(turned, aside) > TURNED:
        how = (
            f"by {np.degrees(turned):.0f}° within a stride"
            if turned > TURNED
            else f"{np.degrees(aside):.0f}° off its way"
        )
        return f"the runner turns {how} at {one.start:.2f}–{one.stop:.2f} s", "fit a straight part (--start, --stop)"
    return None


def _angle(one: FloatArray, other: FloatArray) -> float:
    return float(np.arctan2(one[0] * other[1] - one[1] * other[0], one @ other))


def _plates(one: MeasuredStretch) -> tuple[str, str] | None:
    time = np.arange(one.start, one.stop, 0.002)
    total = sum((one.foot_force(side, time) for side in SIDES), np.zeros((len(time), 3)))
    if not np.isfinite(total).all():
        return "its ground force has gaps", "record whole steps on the plates"
    for contact in one.contacts:
        peak = float(total[contact.during(time), 1].max(initial=0.0))
        if peak < LEAST_PEAK:
            what = f"the {contact.side} foot at {contact.initial_contact:.2f} s is hardly on the plates ({peak:.1f} BW at most)"
            return what, "use steps that hit the plates whole, or check --mass"
    if len(one.contacts) < 2:
        return None
    impulses = [float(total[contact.during(time), 1].sum()) for contact in one.contacts]
    if min(impulses) < UNLIKE * max(impulses):
        less = one.contacts[int(np.argmin(impulses))]
        what = f"the {less.side} foot at {less.initial_contact:.2f} s carries {min(impulses) / max(impulses):.0%} of what the other does"
        return what, "use steps that hit the plates whole"
    start, stop = one.contacts[0].initial_contact, one.contacts[-1].toe_off
    flight = max(one.contacts[1].initial_contact - one.contacts[0].toe_off, 0.0)
    inside = (time >= start) & (time <= stop)
    weighed = float(total[inside, 1].sum()) * 0.002 / (stop - start + flight)
    if abs(weighed - 1) > WEIGHS:
        what = f"the plates carry {weighed:.2f} times the runner's weight over a stride"
        return what, "check --mass, and that the feet hit the plates whole"
    return None

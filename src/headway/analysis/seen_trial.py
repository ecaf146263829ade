"""What markers and films show of a metric: its values per step, how far off they may be, what they rest on, and when they say nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from headway.analysis.measure import measure_one
from headway.camera.film_errors import MODEL, film_errors
from headway.dynamics.estimated_force import EstimatedForce
from headway.gait.contacts import EventErrors
from headway.gait.event_model import elsewhere
from headway.gait.trial import Trial
from headway.metrics import REGISTRY, CannotMeasure, Excursion, Metric, unmet
from headway.metrics.errors import ROOM, OfContactTime
from headway.metrics.needs import FINE_RATE
from headway.metrics.remedies import (
    FILM_LONGER,
    NO_FILM_GIVES,
    SENSORS,
    film_remedy,
    film_views,
    laboratory,
    other_film,
)
from headway.recording import Camera, FloatArray
from headway.statistics import TWO_SIDED, Estimate, Prior, components, estimate, prior_of, without
from headway.texts import TEXTS

FORCE_NEEDS = {"force", "instants"}
ACROSS = ("sagittal", "frontal", "transverse")
"""Planes that an oblique film does not show: their distances lie along the image's width."""
HEAD_NEEDS = {"head", "head_midline", "head_rotation", "head_pitch", "head_roll"}
CONTACT_ELSEWHERE = 5.0
"""Factor on what is made of contact times in other laboratories' marker sets: eight recordings of four runners were 20 ms off (rms), after the
19 ms by which the published forces of six of them, low-passed at 15 Hz and bounded at 20 N, are longer."""
TRIED_SPEEDS = (2.3, 4.8)
"""Running speeds at which events and forces from motion were compared with plates, m/s."""
TRIED_CONTACT = 0.15
"""Shortest contact time at which they were, s."""
SPEED_UNIT, CONTACT_UNIT = 2.5, 0.03
"""So far outside (m/s, s) the errors are twice as large."""
FURTHEST = 1.5
"""So many of these units outside, motion alone tells neither contact times nor forces."""
CONTACT_TIME = REGISTRY["contact_time"]
C7_ALONE = "C7 alone stands for the neck base: it lies behind it, and its sideways path also holds the thorax' yaw (12 mm read 21 mm in one runner)"
ONE_END = (
    "the middle of two head markers of one end stands for the head centre: its sideways path also holds the head's yaw"
)
BY_CLUSTERS = "knees and ankles carry no marker: they are the axes that the clusters beside them turn about (Ehrig 2007), ±10–20 mm"
FILM_SIDES, FILM_AGAIN = TEXTS("refused.film_sides"), TEXTS("refused.film_again")


class SeenTrial:
    """A trial of markers or a film, as the measuring loop asks it."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.side: FloatArray = trial.steps.side
        self.fitted = trial.push is not None
        self._lacking = unmet(trial)

    def sides_of(self, metric: Metric) -> bool:
        """Whether the sides' own values of a metric can be told: always with markers, in a film where they are known."""
        camera = self.trial.camera
        return camera is None or (metric.film.sided and camera.sides_known)

    def values(self, metric: Metric) -> tuple[str, Any]:
        """How steps become one number, and the values per step."""
        camera = self.trial.camera
        self._check_needs(metric)
        if camera is not None and camera.tempo and metric.timed:
            factors = " or ".join(f"{one:.3g}" for one in camera.tempo)
            why = TEXTS("refused.which_slow_motion", factors=factors)
            raise CannotMeasure(why, TEXTS("refused.give_slow_motion"))
        if camera is not None and not camera.sides_known and metric.kind == "asymmetry":
            raise CannotMeasure(TEXTS("refused.which_leg"), FILM_SIDES)
        if camera is not None and camera.oblique and (metric.plane in ACROSS or metric.kind == "asymmetry"):
            where = TEXTS(f"remedy.{camera.view}")
            why = TEXTS("refused.seen_off_the_view", angle=float(np.degrees(camera.oblique)), where=where)
            raise CannotMeasure(why, TEXTS("refused.film_squarely"))
        made = _of_contact_time(metric) and metric is not CONTACT_TIME
        # An unknown tempo leaves the instants where they are.
        if camera is not None and (made or (metric.film.at_events and not camera.tempo)) and self._no_contact_time:
            raise self._no_contact_time
        values, kind = self._computed(metric), metric.kind
        if isinstance(values, Excursion):
            kind = "mean" if camera is None else "range"
            values = values.per_step(self.trial) if camera is None else values.locked(self.trial)
        return kind, self._unbiased(metric, kind, values)

    def _computed(self, metric: Metric) -> Any:
        """Values of a metric; what it finds lacking on its way is told as what the owner of a film can do about it."""
        try:
            return metric.compute(self.trial)
        except CannotMeasure as reason:
            if self.trial.camera is None or not reason.need:
                raise
            raise CannotMeasure(reason.why, film_remedy(metric, reason.need, reason.record)) from None

    @cached_property
    def _no_contact_time(self) -> CannotMeasure | None:
        """Why the contact time is not told: then nothing that is made of contacts is, nor what is read at their ends."""
        try:
            measure_one(self, CONTACT_TIME)
        except CannotMeasure as reason:
            return reason
        return None

    def _unbiased(self, metric: Metric, kind: str, values: Any) -> Any:
        """Values without what the key points of films are known to be off by."""
        trial = self.trial
        if trial.recording.kind != MODEL or trial.camera is None:
            return values
        bias = film_errors().errors[trial.camera.head_by].bias.get(metric.name, {}).get(trial.camera.view, 0.0)
        return without(kind, values, bias) if bias else values

    def share(self, metric: Metric) -> float:
        """All of it with markers; in a film what rendered runners leave of it."""
        return 1.0 if self.trial.camera is None else metric.film.share(self.trial.camera)

    def _check_needs(self, metric: Metric) -> None:
        """Refuse a metric whose needs the trial does not meet; with a film say what its owner can do."""
        lacking = [need for need in metric.needs if need in self._lacking]
        hidden, filmed = metric.unseen(self.trial.recording.view), self.trial.camera is not None
        never = next((need for need in lacking if need in NO_FILM_GIVES), None)
        if filmed and never is not None:  # another view would not help
            raise CannotMeasure(self._lacking[never][0], laboratory(metric))
        if hidden is not None and metric.family != SENSORS:  # those say themselves that only sensors measure them
            raise CannotMeasure(hidden[0], other_film(metric))
        if filmed and lacking == ["mass"] and _of_contact_time(metric) and self._no_contact_time:
            raise self._no_contact_time  # the weight alone would not help
        for need in lacking:
            why, record = self._lacking[need]
            raise CannotMeasure(why, film_remedy(metric, need, record) if filmed else record)

    def prior(self, metric: Metric, kind: str) -> Prior | None:
        """Of treadmill runners with markers; a film's noise is that of its key points."""
        return prior_of(metric.name, kind, metric.unit) if self.trial.camera is None else None

    def empty(self, metric: Metric) -> CannotMeasure:
        """Why no number came out although every need is met."""
        if metric.kind in TWO_SIDED and len(set(self.trial.steps.names)) < 2:
            return CannotMeasure(TEXTS("refused.one_side_only"), TEXTS("refused.record_more_whole_steps"))
        why = TEXTS("refused.no_step_carries_it")
        return CannotMeasure(why, TEXTS("refused.record_more_whole_steps"))

    def error(self, metric: Metric, value: float) -> float | None:
        """Standard error that more steps do not mend: of the method, of markers that stray, and of where the head is if a marker of it is missing."""
        strays = None if metric.markers is None or self.trial.camera is not None else metric.markers(value, self.trial)
        parts = (self._method_error(metric, value), self._head_error(metric, value), strays)
        known = [one for one in parts if one is not None]
        return float(np.linalg.norm(known)) if known else None

    def _head_error(self, metric: Metric, value: float) -> float | None:
        """What a metric changes by when the head's centre is moved by its standard error along each axis, or from a collar to the head."""
        if not self._heads_moved or not HEAD_NEEDS & {*metric.needs}:
            return None
        changes = [0.0]
        for moved in self._heads_moved:
            kind, values = moved.values(metric)
            found = estimate(kind, components(kind, values, self.side), self.side, None)
            change = 0.0 if found is None else found.value - value
            changes.append((change + np.pi) % (2 * np.pi) - np.pi if kind == "phase" else change)
        return float(np.linalg.norm(changes))

    @cached_property
    def _heads_moved(self) -> list[SeenTrial]:
        trial, body = self.trial, self.trial.body
        offsets: list[FloatArray] = [*(body.head_error * np.eye(3))] if body.head_error else []
        if trial.camera is not None and trial.camera.head_short and body.motion.has("neck_base"):
            # Points at a collar move with the neck in part; the head may move by as much more as it is further away.
            way = body.motion.position("head_centre") - body.motion.position("neck_base")
            offsets.append(trial.camera.head_short * way)
        return [SeenTrial(replace(trial, body=body.head_moved(offset))) for offset in offsets]

    def _method_error(self, metric: Metric, value: float) -> float | None:
        """Standard error of a film, or of events and forces told by motion alone.

        Notes
        -----
        For a runner that the fit has not seen (``benchmarks/fit_metric_errors.py``), wider for all marker sets but
        the fitted one and outside of the speeds and contact times that were compared with plates.
        """
        trial = self.trial
        if metric.fitted and trial.push is not None:
            return trial.push.error_of(metric.name)
        if trial.camera is not None:
            return metric.film(value, trial, trial.camera)
        if not self._rests_on_motion_alone(metric):
            return None
        error = metric.left_out_error(value)
        if error is None:
            return None
        factor = elsewhere(trial.recording)
        if factor > 1 and _of_contact_time(metric):
            factor = CONTACT_ELSEWHERE
        return factor * (1 + self._beyond) * error

    def _rests_on_motion_alone(self, metric: Metric) -> bool:
        """Whether events or forces that it needs come from motion alone."""
        if self.trial.contacts.source != "markers" and not self._rests_on_estimated_force(metric):
            return False
        return not (metric.ground_up and self.trial.segments.whole_body)

    @cached_property
    def _beyond(self) -> float:
        """How far speed and contact time lie outside of what was compared with plates, in their units, no less than 0."""
        slowest, fastest = TRIED_SPEEDS
        speed = abs(self.trial.speed)
        contact = float(np.nanmedian(self.trial.steps.contact_time))
        parts = np.array(
            [(slowest - speed) / SPEED_UNIT, (speed - fastest) / SPEED_UNIT, (TRIED_CONTACT - contact) / CONTACT_UNIT]
        )
        return float(np.sum(np.maximum(parts[np.isfinite(parts)], 0.0)))

    def check(self, metric: Metric, found: Estimate, error: float | None) -> None:
        """Refuse a value that motion alone cannot tell, that drowns in the error of an estimated force or in the noise of a film."""
        if self.trial.camera is None and self._rests_on_motion_alone(metric):
            self._check_motion(metric)
        if self._rests_on_estimated_force(metric) and metric.too_unsure(error):
            why = TEXTS("refused.force_too_unsure", error=1.96 * (error or 0), unit=_unit(metric))
            raise CannotMeasure(why, TEXTS("refused.record_with_force_plates"))
        if self.trial.camera is not None:
            if found.ci95 is None:
                # What one noisy step shows may be anything: nothing says how much steps scatter.
                raise CannotMeasure(TEXTS("refused.one_step_of_film"), FILM_LONGER)
            _check_noise(metric, found)
            _check_width(metric, found, self.trial.camera)

    def _check_motion(self, metric: Metric) -> None:
        """Refuse what motion alone does not tell: of any runner, or of one so far from those compared with plates."""
        if metric.left_out_error(0.0) is None:
            return
        if not metric.tells_runners_apart:
            why = TEXTS("refused.motion_does_not_tell")
            raise CannotMeasure(why, TEXTS("refused.record_with_force_plates"))
        if self._beyond > FURTHEST and (_of_contact_time(metric) or self._rests_on_estimated_force(metric)):
            why = TEXTS("refused.motion_far_outside")
            raise CannotMeasure(why, TEXTS("refused.record_with_force_plates"))

    def models(self, metric: Metric, error: float | None) -> list[str]:
        """What the value rests on beyond the recording itself, in words; empty when it counts as measured."""
        trial = self.trial
        models = [metric.model, *self._film_models(metric)]
        if metric.fitted and trial.push is not None:
            models.append(trial.push.basis_of(metric.name))
        if trial.neck_base_is_c7 and "neck_base" in metric.needs:
            models.append(C7_ALONE)
        if trial.head_is_off_axis and "head" in metric.needs and metric.plane == "frontal":
            models.append(ONE_END)
        if "legs" in metric.needs and trial.legs_by_clusters:
            models.append(BY_CLUSTERS)
        if self._rests_on_estimated_force(metric):
            known = "" if error is None else f"; standard error of this metric {error:.2g} {_unit(metric)}".rstrip()
            models.append(f"ground force estimated from motion, {trial.force_method}{known}")
        return [text for text in models if text]

    def _film_models(self, metric: Metric) -> list[str]:
        trial, needs, models = self.trial, {*metric.needs}, []
        camera = trial.camera
        if camera is None:
            return models
        if trial.neck_base_is_shoulders and {"neck_base", "neck_midline"} & needs:
            models.append("the middle of the shoulder key points stands for the neck base")
        if trial.pelvis_is_hips and "pelvis_rotation" in needs:
            models.append("the line of the hip key points stands for the pelvis")
        if {"head_roll", "head_pitch"} & needs:
            models.append("key points of the face stand for the head's rotation")
        if HEAD_NEEDS & needs and camera.head_by == "key_points" and trial.recording.kind == MODEL:
            models.append("how the head moves rests on key points, which slide on it")
        error = trial.contacts.error
        if _of_contact_time(metric) and error is not None and (camera.rate < FINE_RATE or self._cues_differ(error)):
            spread = 1000 * error.contact_time
            models.append(
                f"contacts estimated from {camera.rate:.0f} frames/s, standard error of the mean contact time {spread:.0f} ms"
            )
        if metric.unit in ("m", "m/s") and not camera.height_known:
            models.append(f"the runner's height was not given: lengths are right to ±{200 * camera.scale_error:.0f} %")
        return models

    def _cues_differ(self, error: EventErrors) -> bool:
        """Whether a fine film's contacts are in doubt: the feet's cues are a frame of such a film apart, or the trunk tells another contact time."""
        differs = any(flag.code == "witnesses_differ" for flag in self.trial.contacts.flags)
        return differs or error.apart > 1 / FINE_RATE

    def _rests_on_estimated_force(self, metric: Metric) -> bool:
        """Whether the metric comes through an estimated force in this trial."""
        if not isinstance(self.trial.force, EstimatedForce):
            return False
        if not self.trial.segments.whole_body and (metric.ground_up or "com_velocity" in metric.needs):
            return True
        return bool(FORCE_NEEDS & set(metric.needs))


def _of_contact_time(metric: Metric) -> bool:
    """Whether its error is that of contact times."""
    return isinstance(metric.film.geometry, OfContactTime)


def _check_noise(metric: Metric, found: Estimate) -> None:
    """Refuse a size whose own 95 % interval reaches down to nothing, and a phase whose interval spans more than a third of a turn."""
    assert found.ci95 is not None
    kind, (low, high) = found.kind, found.ci95
    if kind in ("amplitude", "range") and low <= 0.0:
        key = "refused.below_film_size" if kind == "amplitude" else "refused.below_film"
        again = FILM_AGAIN if film_views(metric) else laboratory(metric, TEXTS("remedy.no_film_well"))
        raise CannotMeasure(TEXTS(key, size=1000 * high), again)
    if kind == "phase" and high - low > 2 * np.pi / 3:
        raise CannotMeasure(TEXTS("refused.motion_too_small"), FILM_AGAIN)


def _check_width(metric: Metric, found: Estimate, camera: Camera) -> None:
    """Refuse a value whose interval is so wide that it says nothing."""
    assert found.ci95 is not None
    half = (found.ci95[1] - found.ci95[0]) / 2
    if half <= metric.film.widest:
        return
    scale, unit = {"s": (1000.0, "ms"), "m": (1000.0, "mm"), "rad": (180 / np.pi, "degrees")}.get(
        metric.unit, (1.0, _unit(metric))
    )
    size = f"{float(f'{scale * half:.2g}'):g} {unit}".rstrip()  # two digits, never a power of ten
    why = TEXTS("refused.shown_only_to", where=TEXTS(f"remedy.{camera.view}"), rate=camera.rate, size=size)
    fitted = metric.film.fitted(found.value, camera.view, camera.rate, camera.head_by)
    if fitted is not None and 1.96 * fitted <= ROOM * metric.film.widest:
        raise CannotMeasure(why, FILM_AGAIN)
    remedy = metric.film.remedy(camera.view, camera.rate, camera.head_by)
    raise CannotMeasure(why, remedy or laboratory(metric, TEXTS("remedy.no_film_well")))


def _unit(metric: Metric) -> str:
    """Unit as words go on."""
    return "" if metric.unit == "1" else metric.unit

"""What a metric's interval has to hold besides its scatter over steps: the known error of events and forces told by motion alone."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from headway.analysis.film_error import film_error
from headway.dynamics.estimated_force import EstimatedForce
from headway.gait.trial import Trial
from headway.metrics import Metric

PARAMETERS = "metric_errors.json"
FORCE_NEEDS = {"force", "instants"}
LIKE = {
    "head_vertical_gain": "pelvis_vertical_gain",
    "neck_base_vertical_gain": "pelvis_vertical_gain",
    "head_forward_gain": "pelvis_forward_gain",
    "neck_base_forward_gain": "pelvis_forward_gain",
    "head_forward_gain_braking": "pelvis_forward_gain",
    "neck_impulse_up": "pelvis_vertical_gain",
    "neck_impulse_forward": "pelvis_forward_gain",
    "neck_over_foot_time": "time_to_peak_vertical_grf",
}
"""Metrics of points that the fitted recordings do not have, and the metric whose error they share: relative for gains, absolute for times."""
LIKE |= {f"{point}lateral_bounce_phase": "pelvis_lateral_bounce_phase" for point in ("", "neck_base_", "com_")}
FITTED_SET = "RBDS (Fukuchi 2017)"
OTHER_LABORATORY = 2.5
"""Factor on errors of events, forces and vertical gains in other laboratories' marker sets: from eight recordings of four other runners with plates
(vertical gains off by 3.6 % where the fitted laboratory's are by 1.5 %); forward gains scatter more than that."""
SMALL_GAIN = 0.5
"""Below this a gain's error no longer shrinks with it."""
LADDER_LIKE = {
    "_impulse_forward": "propulsive_impulse",
    "_impulse_lateral": "mediolateral_impulse",
    "_peak_up": "peak_vertical_grf",
}
"""A ladder built from the ground has the error of the ground force at every level."""


def uses_estimated_force(definition: Metric, trial: Trial) -> bool:
    """Tell whether the metric comes through an estimated force in this trial."""
    if not isinstance(trial.force, EstimatedForce):
        return False
    if not trial.segments.whole_body and (definition.name.startswith("ladder_") or "com_velocity" in definition.needs):
        return True
    return bool(FORCE_NEEDS & set(definition.needs))


def method_error(definition: Metric, value: float, trial: Trial) -> float | None:
    """Standard error of a metric that comes from estimated events or forces, in its unit; ``None`` where none is known.

    Notes
    -----
    Root mean square difference from the plates on 12 runners left out of the fit (``benchmarks/fit_metric_errors.py``), times
    ``OTHER_LABORATORY`` for all marker sets but theirs.
    """
    if trial.camera is not None:
        return film_error(definition, value, trial)
    if trial.contacts.source != "markers" and not uses_estimated_force(definition, trial):
        return None
    error = _left_out_error(definition, value, trial)
    if error is None:
        return None
    fitted = any(step.arguments.get("marker_set") == FITTED_SET for step in trial.recording.log)
    return error if fitted else OTHER_LABORATORY * error


def _left_out_error(definition: Metric, value: float, trial: Trial) -> float | None:
    known, name = _errors(), definition.name
    if name.startswith("ladder_"):
        if trial.segments.whole_body:
            return None
        name = next((like for end, like in LADDER_LIKE.items() if name.endswith(end)), name)
    if name in known:
        return known[name]["error"]
    if name not in LIKE or LIKE[name] not in known:
        return None
    like = known[LIKE[name]]
    if definition.unit in ("s", "rad"):
        return like["error"]
    return None if like["relative"] is None else max(abs(value), SMALL_GAIN) * like["relative"]


@lru_cache(maxsize=1)
def _errors() -> dict[str, dict[str, float]]:
    text = (files("headway") / "data" / PARAMETERS).read_text(encoding="utf-8")
    return json.loads(text)["metrics"]

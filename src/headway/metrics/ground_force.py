"""Ground force: peaks, impulses and stiffness (definitions D8-D16)."""

from __future__ import annotations

import numpy as np
from scipy.integrate import cumulative_trapezoid

from headway.gait.trial import Trial
from headway.metrics import worn
from headway.metrics.errors import OfContactTime, OnFilm
from headway.metrics.registry import CannotMeasure, FromSensors, metric
from headway.metrics.time_and_space import flight_time
from headway.recording import GRAVITY, FloatArray
from headway.texts import TEXTS

FAMILY = "ground force"
SINE = "half-sine force (Morin 2005); its peak reads 0.12 ± 0.07 BW low against plates in 36 treadmill trials"
IMPACT_WINDOW = 0.3
"""An impact peak is looked for in this first share of stance."""


def _twice(error: float, value: float, contact: float, step: float) -> float:
    """Error of what goes with the square of contact time."""
    return abs(value) * 2 * error / contact


def _of_peak(error: float, value: float, contact: float, step: float) -> float:
    """Error of the half-sine's peak."""
    return float(np.pi / 2 * step / contact**2 * error)


def force_impulse(trial: Trial, signal: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
    """Time integral of a force-rate signal (m,) between instants (s), divided by body weight, BW·s, per step."""
    assert trial.force is not None
    time = trial.force.time
    gaps = np.cumsum(~np.isfinite(signal))
    running = cumulative_trapezoid(np.nan_to_num(signal, nan=0.0), time, initial=0.0)
    whole = np.interp(stop, time, gaps) == np.interp(start, time, gaps)
    impulse = (np.interp(stop, time, running) - np.interp(start, time, running)) / (trial.mass * GRAVITY)
    return np.where(whole, impulse, np.nan)


def _peak(trial: Trial) -> FloatArray:
    assert trial.force is not None
    return np.interp(trial.steps.peak, trial.force.time, trial.force.total[:, 1]) / (trial.mass * GRAVITY)


metric(
    "peak_vertical_grf",
    "Greatest upward ground force",
    "greatest vertical force in 20-70 % of stance, low-passed at 50 Hz",
    unit="BW",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("force",),
    source="D8",
    runner="How hard the ground pushes you up at the most, in body weights.",
)(_peak)
metric(
    "peak_vertical_grf_asymmetry",
    "Greatest upward force, left-right difference",
    "200 (R - L) / (|R| + |L|) of the side means; + = right larger",
    unit="%",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("force",),
    source="D16",
    kind="asymmetry",
)(_peak)


@metric(
    "time_to_peak_vertical_grf",
    "Time to the greatest upward force",
    "initial contact to the greatest vertical force in 20-70 % of stance",
    unit="s",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("force",),
    source="D8",
)
def time_to_peak(trial: Trial) -> FloatArray:
    """Seconds from initial contact to the active peak, per step."""
    return trial.steps.peak - trial.steps.initial_contact


@metric(
    "braking_impulse",
    "Braking impulse",
    "integral of the forward force from initial contact to the braking-propulsion transition / body weight; negative",
    unit="BW*s",
    family=FAMILY,
    load=True,
    plane="sagittal",
    needs=("force",),
    source="D9",
    runner="How much each landing slows you down; 0.02 BW·s is 0.2 m/s.",
)
def braking_impulse(trial: Trial) -> FloatArray:
    """Forward impulse before the transition, per step."""
    assert trial.force is not None
    return force_impulse(trial, trial.force.total[:, 0], trial.steps.initial_contact, trial.steps.transition)


@metric(
    "propulsive_impulse",
    "Propulsive impulse",
    "integral of the forward force from the braking-propulsion transition to toe-off / body weight",
    unit="BW*s",
    family=FAMILY,
    load=True,
    plane="sagittal",
    needs=("force",),
    source="D9",
    runner="How much each push-off speeds you up; 0.02 BW·s is 0.2 m/s.",
)
def propulsive_impulse(trial: Trial) -> FloatArray:
    """Forward impulse after the transition, per step."""
    assert trial.force is not None
    return force_impulse(trial, trial.force.total[:, 0], trial.steps.transition, trial.steps.toe_off)


@metric(
    "braking_propulsion_transition",
    "Braking-propulsion transition",
    "last zero crossing of the forward force from braking to propulsion in 20-80 % of stance",
    unit="% of stance",
    family=FAMILY,
    load=True,
    plane="sagittal",
    needs=("force",),
    source="D10",
)
def braking_propulsion_transition(trial: Trial) -> FloatArray:
    """Share of stance at which braking turns into propulsion, %."""
    return 100 * (trial.steps.transition - trial.steps.initial_contact) / trial.steps.contact_time


@metric(
    "mediolateral_impulse",
    "Sideways impulse",
    "integral of the lateral force toward the stance side over stance / body weight; + = the ground pushes toward the stance side",
    unit="BW*s",
    family=FAMILY,
    load=True,
    plane="frontal",
    needs=("force",),
    source="D11",
)
def mediolateral_impulse(trial: Trial) -> FloatArray:
    """Lateral impulse toward the stance side, per step."""
    assert trial.force is not None
    return trial.steps.side * force_impulse(
        trial, trial.force.total[:, 2], trial.steps.initial_contact, trial.steps.toe_off
    )


@metric(
    "mediolateral_impulse_absolute",
    "Sideways impulse, whichever way",
    "integral of the absolute lateral force over stance / body weight",
    unit="BW*s",
    family=FAMILY,
    load=True,
    plane="frontal",
    needs=("force",),
    source="D11",
)
def mediolateral_impulse_absolute(trial: Trial) -> FloatArray:
    """Absolute lateral impulse, per step."""
    assert trial.force is not None
    return force_impulse(trial, np.abs(trial.force.total[:, 2]), trial.steps.initial_contact, trial.steps.toe_off)


@metric(
    "vertical_loading_rate",
    "Vertical loading rate",
    "mean slope of the unfiltered vertical force between 20 and 80 % of the impact peak (force plates at 1000 Hz or more)",
    unit="BW/s",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("plates",),
    source="D12",
    sensors=FromSensors(worn.loading_rate, "slope of the vertical ground force"),
    contradicts="loading rate was not associated with injury by any of four methods in 79 athletes (Schmida 2022)",
)
def vertical_loading_rate(trial: Trial) -> FloatArray:
    """Slope up to the impact peak, per step; NaN for steps without one."""
    force = trial.force
    assert force is not None
    if force.rate < 995.0:
        raise CannotMeasure(TEXTS("refused.force_too_slow", rate=force.rate), TEXTS("refused.record_force_faster"))
    out = np.array([_loading_rate(trial, k) for k in range(len(trial.steps))])
    if np.isnan(out).all():
        raise CannotMeasure(TEXTS("refused.no_impact_peak"), TEXTS("refused.forefoot_landing"))
    return out


def _loading_rate(trial: Trial, k: int) -> float:
    force = trial.force
    assert force is not None
    start, length = trial.steps.initial_contact[k], trial.steps.contact_time[k]
    early = (force.time >= start) & (force.time <= start + IMPACT_WINDOW * length)
    curve, time = force.total[early, 1], force.time[early]
    peaks = np.flatnonzero((curve[1:-1] > curve[:-2]) & (curve[1:-1] >= curve[2:])) + 1
    if not len(peaks):
        return float("nan")
    rise, raw = time[: peaks[0] + 1], force.raw[early, 1][: peaks[0] + 1]
    ends = [np.flatnonzero(raw >= share * raw[-1])[0] for share in (0.2, 0.8)]
    if ends[1] <= ends[0]:
        return float("nan")
    return float((raw[ends[1]] - raw[ends[0]]) / (rise[ends[1]] - rise[ends[0]]) / (trial.mass * GRAVITY))


@metric(
    "peak_vertical_grf_sine",
    "Greatest upward force, sine model",
    "(pi/2)(flight time / contact time + 1)",
    unit="BW",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("steps", "sure_contacts"),
    source="D13, Morin 2005",
    film=OnFilm(geometry=OfContactTime(_of_peak)),
    model=SINE,
)
def peak_vertical_grf_sine(trial: Trial) -> FloatArray:
    """Peak force that a half-sine with this contact and flight time would have, per step."""
    return np.pi / 2 * (flight_time(trial) / trial.steps.contact_time + 1)


@metric(
    "vertical_displacement_sine",
    "Way down in contact, sine model",
    "F g t_c^2 / pi^2 - g t_c^2 / 8, F from the sine model; downward positive",
    unit="m",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("steps", "sure_contacts"),
    source="D14, Morin 2005",
    film=OnFilm(geometry=OfContactTime(_twice)),
    model=SINE,
)
def vertical_displacement_sine(trial: Trial) -> FloatArray:
    """Downward travel of the centre of mass in contact under the sine model, per step."""
    squared = trial.steps.contact_time**2
    return peak_vertical_grf_sine(trial) * GRAVITY * squared / np.pi**2 - GRAVITY * squared / 8


@metric(
    "vertical_stiffness",
    "Vertical stiffness",
    "sine-model peak force / sine-model vertical displacement",
    unit="N/m",
    family=FAMILY,
    load=True,
    plane="vertical",
    needs=("steps", "sure_contacts", "mass"),
    source="D15, Morin 2005",
    film=OnFilm(geometry=OfContactTime(_twice)),
    model=SINE,
    contradicts="not valid on slopes (Meyer 2023)",
)
def vertical_stiffness(trial: Trial) -> FloatArray:
    """Vertical stiffness by the sine model, per step."""
    return peak_vertical_grf_sine(trial) * trial.mass * GRAVITY / vertical_displacement_sine(trial)


@metric(
    "leg_stiffness",
    "Leg stiffness",
    "sine-model peak force / (L0 - sqrt(L0^2 - (v t_c / 2)^2) + vertical displacement), L0 = 0.53 stature or the pelvis' height",
    unit="N/m",
    family=FAMILY,
    load=True,
    plane="sagittal",
    needs=("steps", "sure_contacts", "mass"),
    source="D15, Morin 2005",
    film=OnFilm(geometry=OfContactTime(_twice)),
    model=SINE,
    contradicts="not valid on slopes (Meyer 2023)",
)
def leg_stiffness(trial: Trial) -> FloatArray:
    """Leg stiffness by the sine model, per step."""
    length = trial.leg_length
    half = trial.speed * trial.steps.contact_time / 2
    if not np.isfinite(length) or not (half < length).all():
        raise CannotMeasure(TEXTS("refused.leg_or_speed_unknown"), TEXTS("refused.give_height_and_markers"))
    shortening = length - np.sqrt(length**2 - half**2) + vertical_displacement_sine(trial)
    return peak_vertical_grf_sine(trial) * trial.mass * GRAVITY / shortening

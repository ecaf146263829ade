"""A simulated step as a recording: markers and two force plates of a run made of it, as a laboratory's treadmill would give them."""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from scipy.interpolate import make_interp_spline

from headway.body.body_plan import SIDES
from headway.recording import Event, FloatArray, Processing, Recording, Side, make_ground_force, make_points
from headway.simulation.outcome import contact_times
from headway.simulation.solution import Solution, State
from headway.synthetic.markers import MARKERS
from headway.synthetic.recording import BELT, Laboratory

STRIDES = 12
PRESSED = 20.0
"""N; a plate tells the centre of pressure above it."""
RATE, FORCE_RATE = 200.0, 1000.0
"""Frames and force samples per second."""
SIMULATED = (*MARKERS, "vertex")
"""Markers of a simulated runner."""
PAIRS = (
    ("knee", "knee_lateral", "knee_medial", "thigh"),
    ("elbow", "elbow_lateral", "elbow_medial", "upper_arm"),
    ("wrist", "wrist_radial", "wrist_ulnar", "forearm"),
)
"""Joint, markers beside it, and the segment whose axis to the right they stand on."""
_FINE = 2000
"""Instants in a stride among which the contacts are looked for."""


def to_recording(solution: Solution, strides: int = STRIDES) -> Recording:
    """Record a simulated runner on an instrumented treadmill.

    Parameters
    ----------
    solution
        The step, which is repeated with its mirror image, or the stride.
    strides
        How many strides.

    Returns
    -------
    Recording
        Lab axes x forward, y left, z up; begins in the flight before a right contact. Markers 200 Hz, forces 1000 Hz on a left
        and a right plate, contacts of both feet as the file's own events.
    """
    stride = 2 * solution.step_time
    gait = _Stride(solution)
    feet: tuple[Side, Side] = ("right", "left")
    stances: dict[Side, tuple[float, float]] = {side: gait.stance(side) for side in feet}
    first = (stances["right"][0] + stances["left"][1] - stride) / 2
    time = np.arange(round(strides * stride * RATE)) / RATE
    force_time = np.arange(round(strides * stride * FORCE_RATE)) / FORCE_RATE
    lab = Laboratory().rotation.T
    found = marker_places(solution, gait.state(time + first))
    positions = np.stack([found[name] for name in SIMULATED], axis=1)
    ground = _plates(solution, gait.state(force_time + first), force_time, lab)
    return Recording(
        make_points(time, SIMULATED, positions @ lab),
        ground,
        _events(stances, stride, first, strides * stride),
        source=f"simulated runner, {solution.condition.name}",
        kind="simulated",
        log=(
            Processing(
                "simulated",
                {"condition": solution.condition.name, "cost": solution.cost.name, "speed": solution.speed, "strides": strides},
            ),
        ),
    )  # fmt: skip


class _Stride:
    """The motion on the belt at any times, from one stride of it.

    A stride is a periodic quintic spline with known knots; interpolating at the knots gives it back exactly.
    """

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self._length = 2 * solution.step_time
        knots = np.arange(2 * solution.intervals + 1) / (2 * solution.intervals) * self._length
        state = solution.state(knots)
        q = state.q.copy()
        q[:, 0] -= solution.speed * knots
        q[-1] = q[0]
        self._curve = make_interp_spline(knots, q, k=5, bc_type="periodic")

    def state(self, time: FloatArray) -> State:
        """Motion and forces at any times; forward is on the belt."""
        within = np.mod(time, self._length)
        q, v, a = (np.asarray(self._curve(within, order)) for order in range(3))
        v[:, 0] += (
            self.solution.speed
        )  # the belt's motion against the foot, and not against the lab, gives the friction
        return State(time, q, v, a, self.solution.contact_forces(q, v))

    def stance(self, side: Side) -> tuple[float, float]:
        """Initial contact and toe-off of a foot, s from the beginning of the right foot's step."""
        time = np.arange(_FINE) / _FINE * self._length
        up = _foot_force(self.state(time), side)[:, 1]
        early = _FINE // 2 - int(np.argmax(up))  # moves the peak to the middle
        begin, end = contact_times(time, np.roll(up, early))
        shift = early * self._length / _FINE
        return begin - shift, end - shift


def marker_places(solution: Solution, state: State) -> dict[str, FloatArray]:
    """Every point of the skeleton and the markers beside knee, elbow and wrist, m, shape (n, 3) each; forward, up, right."""
    places = solution.places(state)
    half, equations = solution.skeleton.plan.half_widths, solution.model.equations
    for side, sign in SIDES:
        for joint, lateral, medial, segment in PAIRS:
            body = f"{segment}_{side}"
            axis = solution.evaluate(f"right of {body}", equations.rotation(body)[:, 2], [equations.q], [state.q])
            outward = axis * (sign * half[joint])
            places[f"{lateral}_{side}"] = places[f"{joint}_{side}"] + outward
            places[f"{medial}_{side}"] = places[f"{joint}_{side}"] - outward
    return places


def _foot_force(state: State, side: Side) -> FloatArray:
    return sum((one for name, one in state.forces.items() if name.endswith(side)), np.zeros((len(state.time), 3)))


def _plates(solution: Solution, state: State, time: FloatArray, lab: FloatArray) -> xr.Dataset:
    """Forces of each foot with the centre of pressure and free moment that they have on the plane of the belt."""
    places = solution.places(state)
    sides: tuple[Side, Side] = ("left", "right")
    forces, pressures, frees = [], [], []
    for side in sides:
        force = _foot_force(state, side)
        moment = sum(
            (np.cross(places[name], one) for name, one in state.forces.items() if name.endswith(side)),
            np.zeros_like(force),
        )
        loaded = force[:, 1] >= PRESSED
        up = np.where(loaded, force[:, 1], np.nan)
        pressure = np.stack([moment[:, 2] / up, 0.0 * up, -moment[:, 0] / up], axis=1)
        forces.append(np.where(force[:, 1:2] > 0, force, 0.0))
        pressures.append(pressure)
        turned = moment[:, 1] - (pressure[:, 2] * force[:, 0] - pressure[:, 0] * force[:, 2])
        frees.append(np.where(loaded, turned, 0.0))
    length, width = BELT
    corner = np.array([[length, 0, -width], [length, 0, width], [-length, 0, width], [-length, 0, -width]])
    stack = partial(np.stack, axis=1)
    return make_ground_force(
        time, sides, stack(forces) @ lab, stack(pressures) @ lab, stack(frees), sides=sides,
        corners=np.tile(corner, (2, 1, 1)).astype(float) @ lab,
    )  # fmt: skip


def _events(
    stances: dict[Side, tuple[float, float]], stride: float, first: float, duration: float
) -> tuple[Event, ...]:
    """Contacts of both feet within the recording."""
    found = []
    for side, stance in stances.items():
        for name, place in zip(("initial_contact", "toe_off"), stance, strict=True):
            times = place - first + stride * np.arange(-2, duration / stride + 2)
            found += [Event(name, side, float(time), "simulation") for time in times if 0 <= time < duration]
    return tuple(sorted(found, key=lambda event: event.time))

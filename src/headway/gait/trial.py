"""One running trial ready to be measured: motion, forces, steps and runner side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Literal

import numpy as np
from scipy.integrate import cumulative_trapezoid

from headway.body.anthropometry import SEGMENTS
from headway.body.body import Body
from headway.body.head import HeadModel
from headway.body.joint_angles import Frames, JointAngles, joint_angles, with_whole_legs
from headway.body.marker_errors import MarkerErrors
from headway.body.motion import Motion
from headway.body.segments import Segments
from headway.camera.film_errors import MODEL, film_errors
from headway.dynamics.estimated_force import EstimatedForce
from headway.dynamics.foot_force import foot_force
from headway.dynamics.ground_force import PlateForce, read
from headway.dynamics.head_load import HeadLoad
from headway.dynamics.joint_moments import JointMoments, joint_moments
from headway.dynamics.ladder import LEVELS, force_ladder, ladder_from_ground
from headway.dynamics.pressure_model import estimated_pressure
from headway.dynamics.push import PushOff
from headway.gait.contacts import Contacts
from headway.gait.film_pace import film_pace
from headway.gait.runner import LEG_SHARE, Runner
from headway.gait.steps import Steps
from headway.gait.stride_lock import StridePhase, stride_locked, stride_phase
from headway.recording import Camera, ComplexArray, Flag, FloatArray, Recording
from headway.signals import second_derivative, seen_mean

SOLE = 0.02
"""Foot markers are taken to be this far above the ground where no plate tells its height, m."""
ANKLE = 0.08
"""Ankle markers are taken to be this far above the ground under a flat foot where nothing lower is marked, m."""
SIDES = ("left", "right")
LOCKED_POINTS = ("head_centre", "neck_base", "pelvis_centre", "com")


@dataclass(frozen=True)
class Trial:
    """What every metric is computed from.

    Attributes
    ----------
    recording
        Oriented, with canonical names, unfiltered.
    body
        Filtered motion, segments, head.
    runner
        With the mass that was found.
    contacts, steps
        Events.
    force
        Ground force, or ``None``.
    treadmill
        Whether the ground moves.
    speed
        m/s of the runner relative to the ground.
    push
        What pushes the head, where a body was fitted.
    """

    recording: Recording
    body: Body
    runner: Runner
    contacts: Contacts
    steps: Steps
    force: PlateForce | None
    treadmill: bool
    speed: float
    push: PushOff | None = None

    @property
    def camera(self) -> Camera | None:
        """How it was filmed; ``None`` for anything that is no film."""
        return self.recording.camera

    def flagged(self, flag: Flag) -> Trial:
        """The same with something more that the reader has to know."""
        return replace(self, recording=replace(self.recording, flags=(*self.recording.flags, flag)))

    @property
    def motion(self) -> Motion:
        """Filtered positions of markers, joint centres, ``com`` and ``head_com``."""
        return self.body.motion

    @property
    def segments(self) -> Segments:
        """Body segments that are there."""
        return self.body.segments

    @property
    def head(self) -> HeadModel | None:
        """Head and neck, ``None`` without head markers."""
        return self.body.head

    @property
    def head_rotation(self) -> FloatArray | None:
        """Rotation of the head, shape (frames, 3, 3); ``None`` where no frame carries it, as in films."""
        known = self.head is not None and bool(np.isfinite(self.head.rotation).any())
        return self.head.rotation if known and self.head is not None else None

    @property
    def mass(self) -> float:
        """Mass that forces are scaled with, kg: the runner's, with an estimated force the one it was made for; NaN when it is unknown."""
        if self.runner.mass is None and isinstance(self.force, EstimatedForce):
            return self.force.mass
        return self.runner.mass if self.runner.mass is not None else float("nan")

    @property
    def plates(self) -> PlateForce | None:
        """The ground force, if it was measured."""
        return None if isinstance(self.force, EstimatedForce) else self.force

    @property
    def force_status(self) -> Literal["measured", "estimated", "none"]:
        """``measured`` by plates, ``estimated`` from motion, or ``none``."""
        if self.force is None:
            return "none"
        return "measured" if self.plates is not None else "estimated"

    @property
    def force_method(self) -> str:
        """How the ground force was estimated; empty when it was measured or is not there."""
        return self.force.method if isinstance(self.force, EstimatedForce) else ""

    @property
    def leg_length(self) -> float:
        """Leg length, m: a share of stature, else the pelvis' height at midstance; NaN without both."""
        if self.runner.height is not None:
            return LEG_SHARE * self.runner.height
        if not self.motion.has("pelvis_centre"):
            return float("nan")
        height = self.at(self.motion.position("pelvis_centre")[:, 1], self.steps.midstance) - self.ground_height
        return float(np.nanmedian(height))

    @cached_property
    def ground_height(self) -> float:
        """Height of the ground in the recording's axes, m: the centre of pressure's, else the lowest foot point's."""
        if self.plates is not None:
            pressure = self.plates.centre_of_pressure[:, 1]
            if np.isfinite(pressure).any():
                return float(np.nanmedian(pressure))
        for stems, above in ((("heel", "mt5", "toe"), SOLE), (("ankle_lateral", "ankle_medial", "ankle"), ANKLE)):
            names = [f"{stem}_{side}" for side in SIDES for stem in stems if self.recording.has(f"{stem}_{side}")]
            if names:
                return float(np.nanpercentile(self.recording.points.sel(point=names).to_numpy()[..., 1], 1)) - above
        return float("nan")

    def at(self, values: FloatArray, instants: FloatArray) -> FloatArray:
        """Frame-wise values (frames, ...) read at instants (s); NaN outside the recording."""
        return read(self.motion.time, values, instants)

    def change(self, values: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
        """Value at ``stop`` minus value at ``start`` (s)."""
        return self.at(values, stop) - self.at(values, start)

    def integral(self, values: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
        """Time integral of frame-wise values (frames,) between instants (s); NaN with gaps in between."""
        gaps = np.cumsum(~np.isfinite(values))
        running = cumulative_trapezoid(np.nan_to_num(values, nan=0.0), self.motion.time, initial=0.0)
        inside = [self.frames(a, b) for a, b in zip(start, stop, strict=True)]
        whole = [
            w.stop - w.start > 3 and gaps[w.stop - 1] == gaps[w.start] and np.isfinite(values[w.start]) for w in inside
        ]
        return np.where(whole, self.change(running, start, stop), np.nan)

    def frames(self, start: float, stop: float) -> slice:
        """Frames inside an interval (s); empty when an end is NaN."""
        if not (isfinite(start) and isfinite(stop)):
            return slice(0, 0)
        time = self.motion.time
        return slice(int(time.searchsorted(start - 1e-9)), int(time.searchsorted(stop + 1e-9)))

    @property
    def head_is_off_axis(self) -> bool:
        """Whether the head centre is not on the axis that the head turns about, as only a front or a back pair is marked."""
        return self.body.stand_ins.head_off_axis

    @property
    def neck_base_is_c7(self) -> bool:
        """Whether C7 stands for the neck base because the suprasternal notch is not marked."""
        return self.body.stand_ins.neck_base == "c7"

    @property
    def neck_base_is_shoulders(self) -> bool:
        """Whether the middle of the shoulders stands for the neck base, as in all key points."""
        return self.body.stand_ins.neck_base == "shoulders"

    @cached_property
    def frame_force(self) -> FloatArray:
        """Ground force filtered like the motion, at the frames, N, shape (frames, 3)."""
        if self.force is None:
            raise ValueError("this trial has no ground force")
        return self.force.filtered(self.motion.cutoff, self.motion.time)

    @cached_property
    def line_force(self) -> FloatArray:
        """Ground force low-passed at 50 Hz, at the frames, N, shape (frames, 3): its direction is not a linear signal and suffers from more."""
        if self.force is None:
            raise ValueError("this trial has no ground force")
        return read(self.force.time, self.force.total, self.motion.time)

    @cached_property
    def pressure(self) -> FloatArray:
        """Centre of pressure at the frames, m, shape (frames, 3); NaN where the vertical force is below 100 N."""
        if self.force is None:
            raise ValueError("this trial has no ground force")
        return read(self.force.time, self.force.centre_of_pressure, self.motion.time)

    @cached_property
    def com_velocity(self) -> FloatArray | None:
        """Velocity of the centre of mass at the frames up to a constant, m/s: from plates, else from a whole body, else from an estimated force."""
        if self.plates is None and self.motion.has("com"):
            return self.motion.velocity("com")
        if self.force is not None and np.isfinite(self.mass):
            return read(self.force.time, self.force.velocity(self.mass, self.motion.cutoff), self.motion.time)
        return self.motion.velocity("com") if self.motion.has("com") else None

    @cached_property
    def segment_acceleration(self) -> FloatArray:
        """Acceleration of every segment's centre of mass, m/s², shape (frames, segments, 3)."""
        return second_derivative(self.segments.com, self.motion.rate)

    @cached_property
    def ladder(self) -> FloatArray:
        """Force carried at each level of the stance leg and trunk, N, shape (frames, levels, 3); NaN outside stance and out of reach.

        With a whole body from above, F_L = sum of m (a - g) over the segments above L; otherwise from the ground up, as far as the leg is marked.
        """
        out = np.full((len(self.motion.time), len(LEVELS), 3), np.nan)
        if not np.isfinite(self.mass):
            return out
        names, mass = self.segments.names, self.segments.mass_fraction * self.mass
        for k, side in enumerate(self.steps.names):
            inner = self.frames(self.steps.initial_contact[k], self.steps.toe_off[k])
            stance = slice(
                max(inner.start - 1, 0), inner.stop + 1
            )  # one frame more, so that the ends can be read between frames
            acceleration = self.segment_acceleration[stance]
            if self.segments.whole_body:
                out[stance] = force_ladder(mass, acceleration, names, side)
            elif self.force is not None:
                out[stance] = ladder_from_ground(self.frame_force[stance], mass, acceleration, names, side)
                out[stance, LEVELS.index("neck")] = np.nan  # what is left after all others is mostly their error
        return out

    @property
    def seen_axes(self) -> list[int]:
        """Axes that the recording shows: all three with markers, two in a film."""
        unseen = {"side": 2, "rear": 0, "front": 0}.get(self.recording.view)
        return [axis for axis in range(3) if axis != unseen]

    @property
    def pelvis_is_hips(self) -> bool:
        """Whether the line of the hip joint centres stands for the pelvis, as the ASIS are not marked."""
        return not self.motion.has("asis_left", "asis_right")

    @property
    def pelvis_points(self) -> tuple[str, str]:
        """Left and right point whose line stands for the pelvis: ASIS, else hip joint centres."""
        name = "hip" if self.pelvis_is_hips else "asis"
        return f"{name}_left", f"{name}_right"

    @property
    def shoulder_points(self) -> tuple[str, str]:
        """Left and right point whose line stands for the shoulders: joint centres, else acromia."""
        name = "shoulder" if self.motion.has("shoulder_left", "shoulder_right") else "acromion"
        return f"{name}_left", f"{name}_right"

    @property
    def head_mass_share(self) -> float:
        """Head and neck as a share of the body's mass (de Leva 1996)."""
        return SEGMENTS["head"].of(self.runner.sex)[0]

    @property
    def travel(self) -> FloatArray:
        """Mean velocity of the runner in the recording's axes, m/s, shape (3,): none on a treadmill."""
        return np.array([0.0 if self.treadmill else self.speed, 0.0, 0.0])

    @cached_property
    def jointed(self) -> Body:
        """The body with the knees and ankles that no marker shows, found as the axes that the clusters beside them turn about."""
        return with_whole_legs(self.body, sex=self.runner.sex, height=self.runner.height)

    @property
    def legs_by_clusters(self) -> bool:
        """Whether knees and ankles carry no marker and were found from the clusters beside them."""
        return self.jointed is not self.body

    @cached_property
    def marker_errors(self) -> MarkerErrors:
        """How far off segments and joints may be because markers stray."""
        return MarkerErrors(self.jointed, self.legs_by_clusters)

    @cached_property
    def joint_angles(self) -> JointAngles:
        """Angles of the joints that markers show."""
        return joint_angles(self.jointed, self._frames)

    @cached_property
    def joint_moments(self) -> JointMoments | None:
        """Moments and powers of the legs' joints; ``None`` without a ground force, mass or whole legs."""
        if self.force is None or self.camera is not None or self.runner.mass is None:
            return None
        force = foot_force(self.force, self.contacts, self.recording)
        if self.plates is None:
            travel = -self.speed if self.treadmill else 0.0
            pressure = estimated_pressure(self.jointed, self.contacts, force.time, self.ground_height, travel)
            force = replace(force, pressure=pressure)
        return joint_moments(self.jointed, self.mass, force, self._frames)

    @cached_property
    def _frames(self) -> Frames:
        return Frames(self.jointed)

    @cached_property
    def head_load(self) -> HeadLoad:
        """What the trunk does to head and neck; metrics that need ``head_rotation`` may ask for it."""
        if self.head is None:
            raise ValueError("this trial has no head")
        return HeadLoad(self.motion, self.head, self.mass, self.travel, self.shoulder_points, self.segments)

    @cached_property
    def phase(self) -> StridePhase | None:
        """Stride phase over the longest unbroken run of steps."""
        return stride_phase(self.motion.time, self.steps)

    @cached_property
    def locked(self) -> dict[str, ComplexArray]:
        """Stride-locked complex amplitudes per point, m, shape (steps, harmonics, 3)."""
        names = [name for name in LOCKED_POINTS if self.motion.has(name)]
        if self.phase is None or not names:
            return {}
        signals = np.concatenate([self.motion.position(name) for name in names], axis=1)
        amplitudes = stride_locked(signals, self.motion.time, self.steps, self.phase)
        return {name: amplitudes[:, :, 3 * k : 3 * k + 3] for k, name in enumerate(names)}

    @cached_property
    def foot_position(self) -> FloatArray:
        """Stance foot of each step: mean of its heel and forefoot points over 20-80 % of stance, m, shape (steps, 3).

        On a treadmill the forward coordinate is that of midstance, as the foot travels with the belt. In a film from behind or in front the
        key points of a foot lie nearer to the other one than its middle; that is undone.
        """
        out = np.full((len(self.steps), 3), np.nan)
        for k, side in enumerate(self.steps.names):
            name = f"foot_{side}"
            if self.motion.has(name):
                inside = self.frames(self.steps.at(0.2)[k], self.steps.at(0.8)[k])
                if inside.stop > inside.start:
                    out[k] = seen_mean(self.motion.position(name)[inside])
        if self.recording.kind == MODEL:
            out[:, 2] += self.steps.side * film_errors().inset.get(self.recording.view or "", 0.0)
        return out

    @cached_property
    def pace(self) -> float:
        """Speed that a film from the side tells whatever its camera does, m/s; NaN where the runner crosses a picture that stands still."""
        camera = self.camera
        if camera is None or (camera.travels and camera.kind in ("fixed", "unknown")):
            return float("nan")
        return film_pace(self.recording, self.steps)

    @cached_property
    def stance_speeds(self) -> FloatArray:
        """Speed of the runner relative to the ground in each step, m/s.

        In a film from the side that of both heels together past the hips (:mod:`headway.gait.film_pace`), the same for all steps.
        Treadmill: minus the median forward velocity of the forefoot (else of the foot) in 30-70 % of stance. Overground: mean pelvis velocity
        from initial contact to the next one, or over the stance alone when that was not recorded.
        """
        steps, motion = self.steps, self.motion
        out = np.full(len(steps), self.pace)
        if 0 not in self.seen_axes or np.isfinite(self.pace):
            return out
        for k, side in enumerate(steps.names):
            if self.treadmill:
                inside = self.frames(steps.at(0.3)[k], steps.at(0.7)[k])
                names = [
                    f"{name}_{side}" for name in ("mt1", "mt5", "toe", "mt2", "foot") if motion.has(f"{name}_{side}")
                ][:2]
                if names and inside.stop - inside.start >= 2:
                    seen = np.concatenate([motion.velocity(name)[inside, 0] for name in names])
                    seen = seen[np.isfinite(seen)]
                    out[k] = -float(np.median(seen)) if len(seen) else np.nan
            elif motion.has("pelvis_centre"):
                start, following = steps.initial_contact[k], steps.next_contact[k]
                stop = following if np.isfinite(following) else steps.toe_off[k]
                path = self.at(motion.position("pelvis_centre")[:, 0], np.array([start, stop]))
                out[k] = float(path[1] - path[0]) / (stop - start)
        return out

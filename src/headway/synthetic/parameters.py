"""What can be asked of the synthetic runner."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from headway.errors import OptionError


@dataclass(frozen=True)
class Wave:
    """A sinusoid of the stride (or of the step, where said).

    Attributes
    ----------
    amplitude
        Half of peak to peak; deg for angles, m for paths.
    phase
        deg of its own cycle; the maximum comes this much after right midstance.
    mean
        Added constant, same unit as the amplitude.
    """

    amplitude: float
    phase: float = 0.0
    mean: float = 0.0


@dataclass(frozen=True)
class StepVariability:
    """Step-to-step variability: first-order autoregressive, normal, none by default.

    Attributes
    ----------
    contact_time, lateral_amplitude, head_gain
        Coefficients of variation of contact time per step, of the lateral paths of head and neck base, and of the head's vertical gain.
    step_width
        Standard deviation of the lateral foot placement, m.
    correlation
        Coefficient of the autoregression from one step to the next.
    seed
        Seed of the random numbers.
    """

    contact_time: float = 0.0
    lateral_amplitude: float = 0.0
    head_gain: float = 0.0
    step_width: float = 0.0
    correlation: float = 0.3
    seed: int = 0

    @property
    def any(self) -> bool:
        """Whether steps differ at all."""
        return any((self.contact_time, self.lateral_amplitude, self.head_gain, self.step_width))


@dataclass(frozen=True)
class RunnerParameters:
    """A runner at steady speed. SI units, angles in degrees; lateral phases in degrees of the stride after that side's midstance.

    Attributes
    ----------
    mass, height, sex
        kg, m, ``male`` or ``female`` (de Leva's table).
    speed, cadence, contact_time
        m/s, steps/min, s.
    step_width
        Lateral distance of the two feet, m; negative when they cross.
    contact_time_asymmetry
        200 (right - left)/(right + left), %.
    force_skew, force_peakedness
        Second and (minus) third sine harmonic of the vertical force as shares of the first: how early the peak is, how sharp.
    braking_impulse
        Size of the braking impulse, BW·s.
    braking_share
        Share of stance at which braking turns into push-off.
    com_lateral
        Path of the centre of mass at stride frequency.
    head_vertical_gain, head_forward_gain, head_lag
        The head's path is the centre of mass's times the gain, this many seconds later.
    neck_base_forward_gain, neck_base_lag
        The same for the neck base, forward only: its height follows from the rigid trunk.
    head_lateral, neck_base_lateral
        Lateral paths at stride frequency; ``mean`` moves them off the midline of the feet.
    lateral_asymmetry
        Second harmonic in both lateral paths, m; positive makes the right excursion longer.
    head_nod
        Forward and backward path of the head at step frequency, on top of what the gain gives; by default it goes backward in
        push-off and takes nothing from the gain there.
    head_pitch, head_roll, head_yaw
        Pitch at step frequency (nose up +), roll (crown right +) and yaw (left +) at stride frequency.
    head_anteversion
        Mean of head centre ahead of neck base, m.
    trunk_lean
        Mean angle from the pelvis centre to the neck base, + forward.
    pelvis_list, pelvis_yaw, pelvis_tilt
        Roll, yaw and pitch of the pelvis.
    thorax_roll, thorax_yaw
        The same for the rib cage.
    arm_swing, elbow_flexion
        Right upper arm against the thorax (forward +), right elbow; the left arm half a stride later.
    knee_flexion
        Least knee flexion of the whole stride; it sets how high the runner runs.
    heel_rise
        Heel-off as a share of stance, and foot pitch at toe-off.
    step_noise
        Step-to-step variability.
    """

    mass: float = 68.0
    height: float = 1.75
    sex: Literal["male", "female"] = "male"
    speed: float = 3.5
    cadence: float = 168.0
    contact_time: float = 0.235
    step_width: float = 0.06
    contact_time_asymmetry: float = 0.0
    force_skew: float = 0.12
    force_peakedness: float = 0.05
    braking_impulse: float = 0.0212
    braking_share: float = 0.485
    com_lateral: Wave = Wave(0.008, -18.0)
    head_vertical_gain: float = 0.97
    head_forward_gain: float = 0.4
    head_lag: float = 0.008
    neck_base_forward_gain: float = 0.55
    neck_base_lag: float = 0.004
    head_lateral: Wave = Wave(0.020, -25.0)
    neck_base_lateral: Wave = Wave(0.016, -20.0)
    lateral_asymmetry: float = 0.0
    head_nod: Wave = Wave(0.003, -32.0)
    head_pitch: Wave = Wave(1.5, 30.0)
    head_roll: Wave = Wave(-1.0, -10.0)
    head_yaw: Wave = Wave(2.0, 90.0)
    head_anteversion: float = 0.09
    trunk_lean: float = 8.0
    pelvis_list: Wave = Wave(-4.0, -20.0)
    pelvis_yaw: Wave = Wave(6.0, -80.0)
    pelvis_tilt: Wave = Wave(2.0, 60.0, -14.0)
    thorax_roll: Wave = Wave(2.0, -15.0)
    thorax_yaw: Wave = Wave(8.0, 95.0)
    arm_swing: Wave = Wave(27.0, 85.0, -14.0)
    elbow_flexion: Wave = Wave(9.0, 85.0, 96.0)
    knee_flexion: float = 20.0
    heel_rise: tuple[float, float] = (0.50, 45.4)
    step_noise: StepVariability = field(default_factory=StepVariability)

    def __post_init__(self) -> None:
        for name in ("mass", "height", "speed", "cadence", "contact_time"):
            if not getattr(self, name) > 0:
                raise OptionError(name, f"{getattr(self, name)} is not positive", "give a positive number")
        if self.sex not in ("male", "female"):
            raise OptionError("sex", f"{self.sex!r} is not known", "give male or female")
        longest = self.contact_time * (1 + abs(self.contact_time_asymmetry) / 200)
        if longest > 0.95 * self.step_time:
            raise OptionError(
                "contact_time",
                f"{longest:.3f} s leaves no flight in a step of {self.step_time:.3f} s",
                "give a shorter contact or a lower cadence",
            )
        if 2 * self.force_skew + 3 * self.force_peakedness > 0.8:
            raise OptionError(
                "force_skew", "the vertical force would turn negative", "give smaller force_skew and force_peakedness"
            )

    @property
    def step_time(self) -> float:
        """From one initial contact to the next, s."""
        return 60.0 / self.cadence

    @property
    def stride_time(self) -> float:
        """Two steps, s."""
        return 2.0 * self.step_time

    def contact(self, side: int) -> float:
        """Nominal contact time of a side (+1 right, -1 left), s."""
        return self.contact_time * (1 + side * self.contact_time_asymmetry / 200)

    def changed(self, **changes: Any) -> RunnerParameters:
        """Copy with some parameters changed; names are checked."""
        known = {one.name for one in fields(self)}
        for name in changes:
            if name not in known:
                raise OptionError(
                    name, "is no parameter of the synthetic runner", f"choose from {', '.join(sorted(known))}"
                )
        return replace(self, **changes)

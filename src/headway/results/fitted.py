"""How well one body was fitted to a recording, and what the ground's model makes of the outcome."""

from __future__ import annotations

from headway.results.entries import Fields


class GroundShare(Fields, frozen=True, kw_only=True):
    """What one source gives under one idea of the ground: change of velocity over push-off, mean of the steps, m/s.

    Attributes
    ----------
    ground
        ``pinned``, ``rolling`` or ``compliant``.
    pushed, source
        Of what, and by what.
    up, forward, lateral
        m/s; lateral toward the stance side, and not told by one film from the side.
    """

    ground: str
    pushed: str
    source: str
    up: float
    forward: float
    lateral: float | None


class BodyFound(Fields, frozen=True, kw_only=True):
    """A body fitted to strides of a recording.

    Attributes
    ----------
    converged
        Whether every stride that was tried has a solution.
    strides, tried
        Strides (or single stances) with a solution, and those that were tried.
    marker_rms, joint_rms
        Distance of markers and joint centres from the recording, RMS, m.
    force_rms
        Difference from the measured (or estimated) ground force in stance, RMS: forward, up, right, body weights.
    violation
        Greatest miss of the equations of motion at the instants at which they are solved, body weights.
    between
        Force that is missing to equilibrium half way between them, RMS, body weights.
    contact_law
        By how much forces under the sole and their motion miss the contact law, RMS in stance, body weights.
    sole_depth
        Deepest that the sole sinks, m.
    closure
        What the sum of the contributions misses, over the RMS acceleration of the head (the neck base where the head has no markers).
    optimality
        Share of the cost by which the last step of the search lowered it.
    seconds
        Of processors.
    head_seen, force
        Whether the head carried markers, and whether the ground force was ``measured`` or ``estimated``.
    films
        Films whose mean stride was fitted; 0 for markers.
    sensors, acceleration_rms
        Places whose sensors were fitted too, and how far the body's accelerations there are from theirs, RMS, m/s².
    grounds
        The contributions under three ideas of the ground, side by side.
    """

    converged: bool
    strides: int
    tried: int
    marker_rms: float
    joint_rms: float
    force_rms: tuple[float, float, float]
    violation: float
    between: float
    contact_law: float
    sole_depth: float
    closure: float
    optimality: float
    seconds: float
    head_seen: bool
    force: str
    films: int = 0
    sensors: tuple[str, ...] = ()
    acceleration_rms: float | None = None
    grounds: list[GroundShare]

"""Ranges that have been seen in running: orientation, not norms, and only where somebody measured.

From open recordings of a few runners each: R1 ``Running_0002`` (one stance, 3 m/s), R2 Dorn 2012 (one
runner, 3.5 m/s), R3 Hamner and Delp 2013 (one runner, 2-5 m/s), R4 Fukuchi 2017 (12 runners, 2.5-4.5 m/s), R5 three further trials (3-10 m/s).
A metric that fewer than two runners carry has no range.
"""

from __future__ import annotations

SEEN: dict[str, tuple[float, float]] = {
    # R4, smallest and largest runner over the three speeds
    "contact_time": (0.173, 0.316),
    "cadence": (143.0, 206.0),
    "step_time": (0.291, 0.420),
    "stride_time": (0.583, 0.839),
    "duty_factor": (0.265, 0.404),
    "vertical_oscillation": (0.058, 0.114),
    "peak_vertical_grf": (2.15, 3.05),
    "propulsive_impulse": (0.0154, 0.0320),
    "braking_impulse": (-0.0320, -0.0154),  # as the propulsive one, which it has to equal at steady speed
    # R1, R2, R4
    "braking_propulsion_transition": (45.0, 55.0),
    # R2, R3, R4, medians
    "flight_time": (0.06, 0.145),
    # R1, R5
    "head_vertical_oscillation": (0.092, 0.116),
    "head_vertical_gain": (0.5, 1.0),
    "head_lag_vertical": (0.003, 0.011),
    "neck_force_peak": (2.1, 3.0),
    "head_retraction": (-0.006, 0.0),
    "head_bob": (0.007, 0.009),
    "head_pitch_range": (0.052, 0.070),
    "trunk_lean": (0.19, 0.28),
    "head_anteversion": (0.0, 0.096),
    # R1, R2, R3
    "neck_base_vertical_gain": (1.0, 1.21),
    "neck_base_forward_gain": (-0.1, 0.76),
    "pelvis_forward_gain": (0.9, 2.2),
    "neck_base_grf_line_offset_forward": (-0.029, 0.026),
    "neck_base_grf_line_offset_forward_20": (-0.231, -0.118),
    "neck_base_grf_line_offset_forward_50": (-0.137, -0.070),
    "neck_base_grf_line_offset_forward_80": (0.074, 0.218),
    "neck_base_grf_line_offset_lateral": (0.005, 0.057),
    "neck_base_grf_line_offset_lateral_max": (0.039, 0.147),
    "neck_base_grf_line_crossing_time": (60.0, 73.0),
    "neck_over_foot_error": (-0.053, 0.055),
    # R2, R3, R5
    "neck_base_lateral_bounce_amplitude": (0.012, 0.025),
    "neck_base_lateral_bounce_phase": (-0.96, -0.10),
    "weight_shift_ratio": (0.30, 1.3),
    "neck_over_foot_time": (-0.04, 0.0),
    # R2, R3, R4
    "step_width": (-0.031, 0.171),
}
"""Smallest and largest value seen, in the metric's unit."""

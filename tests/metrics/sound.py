"""Values of a runner that contradict nothing, in SI units."""

SOUND = {
    "contact_time": 0.240,
    "flight_time": 0.110,
    "step_time": 0.350,
    "duty_factor": 0.343,
    "speed": 3.0,
    "step_length": 1.05,
    "peak_vertical_grf": 2.5,
    "vertical_oscillation": 0.085,
    "ladder_closure": 0.08,
    "step_width": 0.06,
}

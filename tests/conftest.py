import os
from pathlib import Path

import pytest

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(
        _threads, "1"
    )  # before numpy is imported: two workers share the cores, and small matrices gain nothing

DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real recordings; tests that need it are skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"no real recordings at {DATA}; set HEADWAY_TEST_DATA")
    return DATA


@pytest.fixture(scope="session")
def broken_rules():
    """Per rule of physics: metrics that break it beside those of a sound runner, and one that has to go; left and right where they matter."""
    return {
        "step_widths_differ": ({"step_width": (0.07, 0.158, -0.020)}, "step_width"),
        "belt_speeds_differ": ({"speed": 3.2}, "speed"),
        "flight_without_time": ({"duty_factor": 0.55}, "flight_time"),
        "step_does_not_add_up": ({"flight_time": 0.150}, "contact_time"),
        "peak_below_mean": ({"peak_vertical_grf": 1.2}, "peak_vertical_grf"),
        "flight_too_low": ({"vertical_oscillation": 0.008}, "vertical_oscillation"),
        "rise_too_high": ({"head_vertical_oscillation": 0.190}, "head_lag_vertical"),
        "head_gains_too_much": ({"head_energy_share": 1.7}, "neck_joint_power"),
        "belt_drift": ({"speed_change": -0.09}, "head_forward_gain"),
        "ladder_open": ({"ladder_closure": 0.25}, "ladder_neck_peak_up"),
    }

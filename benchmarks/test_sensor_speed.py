"""An hour of running from two sensors: at most ten seconds and bounded memory."""

from __future__ import annotations

import resource
import time

import pytest

from headway.analysis.analyze_sensors import measure_sensors
from headway.sensors import SensorRecording
from headway.synthetic.handling import Handling
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import body_motion, looped, worn

pytestmark = pytest.mark.benchmark
HOUR = 3600.0


def test_an_hour_of_two_sensors_takes_at_most_ten_seconds() -> None:
    runner = SyntheticRunner()
    length = 4 * runner.parameters.stride_time
    head, sacrum = (
        worn(looped(body_motion(runner, where), length), where, HOUR, clock_drift=drift, handling=Handling(), seed=seed)
        for seed, (where, drift) in enumerate((("head", 2e-5), ("sacrum", 0.0)))
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    wall = time.perf_counter()
    analysis = measure_sensors(SensorRecording((sacrum, head)))
    spent, wall = time.process_time() - start, time.perf_counter() - wall
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert spent < 10.0, f"{spent:.1f} s of computing, {wall:.1f} s on the clock"
    assert grown < 1500.0, f"{grown:.0f} MB"
    assert analysis.summary.steps.count > 9900
    assert analysis.summary.sensors[1].clock.drift == pytest.approx(2e-5, abs=5e-7)

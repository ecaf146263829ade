from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from headway import Analysis, Runner, analyze
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

NOISE = StepVariability(contact_time=0.02, lateral_amplitude=0.08, head_gain=0.01, step_width=0.015)


def parameters(seed: int, **changes: Any) -> RunnerParameters:
    return RunnerParameters(step_noise=replace(NOISE, seed=seed)).changed(**changes)


@pytest.fixture(scope="session")
def measure() -> Callable[..., Analysis]:
    """Analysis of a synthetic runner on an instrumented treadmill."""
    known: dict[str, Analysis] = {}

    def make(asked: RunnerParameters, duration: float = 10.0) -> Analysis:
        key = f"{asked} {duration}"
        if key not in known:
            made = record(SyntheticRunner(asked), duration=duration, rate=100, force_rate=500)
            known[key] = analyze(made, Runner(height=asked.height))
        return known[key]

    return make

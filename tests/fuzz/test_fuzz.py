"""A short run of the harness over every reader and store; ``-m slow`` runs longer, ``python -m tests.fuzz all --seconds 600`` as long as asked."""

import pytest

pytest.importorskip("resource", reason="limits of memory and time are those of Unix")
pytest.importorskip("fitdecode", reason="extra sensors")
pytest.importorskip("casadi", reason="extra lab")

from tests.fuzz.run import run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_a_result_or_one_line(name):
    assert not run(TARGETS[name], inputs=4, seed=7).faults


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_many_changed_inputs_are_a_result_or_one_line(name):
    assert not run(TARGETS[name], inputs=400, seed=8).faults

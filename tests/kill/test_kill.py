"""A command that is killed leaves a whole result or none, and nothing that hinders the next."""

import pytest
from tests.kill.__main__ import rounds
from tests.kill.commands import SHORT, prepare


def test_an_analysis_that_is_killed_leaves_nothing_half(tmp_path):
    prepare(tmp_path)
    assert rounds("analyze", 1, 1, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
def test_killed_commands_leave_nothing_half(name, tmp_path):
    prepare(tmp_path)
    assert rounds(name, 20, 2, tmp_path) == []

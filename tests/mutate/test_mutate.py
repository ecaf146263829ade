"""The harness of wrong changes: its list still fits the source, and a change that matters is noticed."""

import ast
import json

import pytest
from tests.mutate.__main__ import notices
from tests.mutate.mutants import SOURCE, accepted, mutants_of, named, rooms, sample
from tests.mutate.watching import Watched


def test_every_named_change_still_stands_in_the_source_once():
    assert len(named()) >= 12


def test_every_accepted_change_still_stands_in_the_source():
    known = {one.place() for path in {path for path, _, _ in accepted()} for one in mutants_of(path)}
    assert set(accepted()) <= known


@pytest.mark.parametrize("room", rooms())
def test_drawn_changes_are_other_programs_of_the_same_language(room):
    drawn = sample(room, 12, seed=3)
    assert len(drawn) == 12
    assert drawn == sample(room, 12, seed=3)
    for one in drawn:
        assert ast.dump(ast.parse(one.source())) != ast.dump(ast.parse((SOURCE / one.path).read_bytes())), one


def test_words_and_types_are_not_changed():
    lines = (SOURCE / "gait/steps.py").read_text(encoding="utf-8").splitlines()
    assert not [
        one for one in mutants_of("gait/steps.py") if lines[one.line - 1].lstrip().startswith(('"', "#", "from "))
    ]


def test_tests_that_are_gone_since_they_were_watched_are_left_out(tmp_path):
    here = "tests/mutate/test_mutate.py::"
    told = {
        here + "test_words_and_types_are_not_changed": 1.0,
        here + "test_gone[a]": 1.0,
        "tests/gone.py::test_a": 1.0,
    }
    (tmp_path / "watched.json").write_text(json.dumps({"seconds": told, "lines": {}}), encoding="utf-8")
    assert list(Watched.read(tmp_path / "watched.json").seconds) == [here + "test_words_and_types_are_not_changed"]


@pytest.mark.slow
@pytest.mark.parametrize("one", named(), ids=lambda one: one.name)
def test_named_changes_are_noticed(one, tmp_path):
    import shutil

    shutil.copytree(SOURCE, tmp_path / "headway", ignore=shutil.ignore_patterns("__pycache__"))
    assert notices(one.mutant, one.tests, tmp_path)

"""Solved steps on the disk: they come back exactly, are found by what was asked, and damaged ones are passed over."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi", reason="casadi is not installed (extra lab)")

from headway.errors import RecordingError
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.store import MODEL, SolutionCache, load_solution, save_solution

SPEED, INTERVALS = 3.5, 10


def test_solutions_come_back_exactly(free, tmp_path):
    save_solution(free, tmp_path / "a.npz")
    back = load_solution(tmp_path / "a.npz")
    assert np.array_equal(back.variables, free.variables)
    for name in ("condition", "cost", "ground", "intervals", "objective", "speed_price", "quality"):
        assert getattr(back, name) == getattr(free, name), name
    assert back.skeleton.coordinates[9].lower == free.skeleton.coordinates[9].lower
    assert outcomes(back) == outcomes(free)


def test_kept_solutions_are_found_by_what_was_asked_and_by_nothing_else(free, tmp_path, monkeypatch):
    kept = SolutionCache(tmp_path)
    asked = (free.skeleton, free.condition, free.cost, SPEED, INTERVALS)
    assert kept.find(*asked) is None
    assert kept.put(free)
    found = kept.find(free.skeleton, replace(free.condition, name="other"), *asked[2:])
    assert found is not None and np.array_equal(found.variables, free.variables)
    assert kept.find(simulated_skeleton(1.75, 71.0, "male"), *asked[1:]) is None
    assert kept.find(*asked[:3], 3.6, INTERVALS) is None
    assert kept.find(*asked[:2], COSTS["work"], *asked[3:]) is None
    assert kept.find(asked[0], replace(free.condition, lean=0.1), *asked[2:]) is None
    monkeypatch.setattr("headway.simulation.store.MODEL", MODEL + 1)
    assert kept.find(*asked) is None
    assert not kept.put(replace(free, quality=replace(free.quality, solved=False)))


def test_damaged_and_older_files_are_passed_over_in_silence(free, tmp_path):
    kept = SolutionCache(tmp_path)
    kept.put(free)
    (path,) = tmp_path.iterdir()
    whole, asked = path.read_bytes(), (free.skeleton, free.condition, free.cost, SPEED, INTERVALS)
    with np.load(path) as stored:
        unknowns, rest = stored["unknowns"], json.loads(str(stored["rest"]))

    def written(numbers, **changes):
        np.savez(path, unknowns=numbers, rest=np.array(json.dumps(rest | changes)))

    path.write_bytes(whole[: len(whole) // 2])
    assert kept.find(*asked) is None
    path.write_text("nothing")
    assert kept.find(*asked) is None
    for numbers, changes in (
        (unknowns, {"version": 0}),
        (unknowns[:-3], {}),
        (unknowns * np.nan, {}),
        (unknowns, {"condition": 3}),
    ):
        written(numbers, **changes)
        assert kept.find(*asked) is None
        with pytest.raises(RecordingError, match="no simulated step"):
            load_solution(path)
    written(unknowns)
    assert kept.find(*asked) is not None

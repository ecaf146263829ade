"""A fit that is interrupted goes on where it was, and only with the same recording."""

from dataclasses import replace

import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.fit import run, solve
from headway.fit.kept import KeptFits
from headway.fit.run import fit_trial


@pytest.fixture
def short(monkeypatch):
    """Two stages of few steps, and no end."""
    first, second, *_ = solve.STAGES
    monkeypatch.setattr(solve, "STAGES", (replace(first, rounds=4, close=1e-9),))
    monkeypatch.setattr(solve, "LAST", replace(second, rounds=1))
    monkeypatch.setattr(solve, "MENDINGS", 1)
    monkeypatch.setattr(solve, "SETTLINGS", 1)
    monkeypatch.setattr(solve, "LOOKS", 3)


def test_an_interrupted_fit_goes_on_where_it_was(short, shown, tmp_path):
    kept = KeptFits(tmp_path)
    told = []

    def interrupt(report):
        told.append(report)
        if len(told) == whole.rounds - 1:
            raise KeyboardInterrupt

    whole = solve.solve_stretch(shown)
    with pytest.raises(KeyboardInterrupt):
        solve.solve_stretch(shown, interrupt, kept=kept)
    again = solve.solve_stretch(shown, kept=kept)
    assert again.rounds <= whole.rounds - 4
    assert again.unknowns == pytest.approx(whole.unknowns, abs=1e-9)


def test_another_recording_is_not_taken_for_it(shown, tmp_path):
    import numpy as np

    kept = KeptFits(tmp_path)
    kept.put(shown, np.ones(7), 3)
    assert kept.find(shown, 7) is not None
    assert kept.find(shown, 8) is None
    assert kept.find(replace(shown, mass=shown.mass + 1), 7) is None
    (tmp_path / next(tmp_path.iterdir()).name).write_bytes(b"broken")
    assert kept.find(shown, 7) is None


def test_ctrl_c_ends_a_fit(trial, shown, monkeypatch):
    def stop(report):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_stretches", lambda trial, paths: ([shown], []))
    with pytest.raises(KeyboardInterrupt):
        fit_trial(trial, stop, workers=1)

"""Real runners: nothing was changed, so hardly anything may be found; and a speed series."""

from pathlib import Path

import pytest

from headway.experiments.experiment import run

pytestmark = pytest.mark.slow


def protocol(folder: Path, kind: str, primary: str, blocks: list[str]) -> Path:
    path = folder / "protocol.toml"
    path.write_text(
        f'[design]\nkind = "{kind}"\nprimary = "{primary}"\n' + "".join(f"[[block]]\n{b}\n" for b in blocks)
    )
    return path


def test_three_parts_of_a_treadmill_trial_do_not_differ(data: Path, tmp_path: Path):
    """Free, sham and free made of the thirds of 36 trials in which the runner just ran (Fukuchi 2017)."""
    changed = []
    paths = sorted((data / "rbds").glob("RBDS*run*.c3d"))
    for path in paths:
        cuts = [("free", 0.0, 9.9), ("sham", 10.0, 19.9), ("free", 20.0, 29.9)]
        blocks = [f"recording = '{path}'\ncondition = '{c}'\nstart = {a}\nstop = {b}" for c, a, b in cuts]
        found = run(protocol(tmp_path, "free-held-free", "contact_time", blocks))
        changed.append(found.verdict == "changed")
    assert len(changed) == 36
    assert sum(changed) == 0


def test_speed_series_of_one_runner(data: Path, tmp_path: Path):
    """Hamner and Delp 2013, subject 04: contact time falls with speed; the neck base's bounce does not clearly change (16 to 20 mm)."""
    trials = data / "hamner2013" / "subject04" / "trials"
    blocks = [
        f"recording = '{trials / f'run{speed}' / 'markers.trc'}'\nforces = '{trials / f'run{speed}' / 'grf.mot'}'\ncondition = 'speed'"
        for speed in (200, 300, 400, 500)
    ]
    found = run(protocol(tmp_path, "speed-series", "contact_time", blocks))
    slopes = {row.name: row for row in found.summary.slopes}
    assert slopes["contact_time"].ci95[1] < 0
    low, high = slopes["neck_base_lateral_bounce_amplitude"].ci95
    assert low < 0 < high

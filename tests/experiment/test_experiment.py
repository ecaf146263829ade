"""Experiments of the synthetic runner, from files to the verdict."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from headway.errors import HeadwayError, RecordingError
from headway.experiments.commands import experiment_command, experiment_lines
from headway.experiments.experiment import Experiment, run
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner

BOUNCE = 0.020


def recorded(path: Path, seed: int, *, bounce: float = BOUNCE, duration: float = 12.0, **changes: float) -> None:
    noise = StepVariability(contact_time=0.02, lateral_amplitude=0.08, head_gain=0.01, step_width=0.015, seed=seed)
    runner = SyntheticRunner(RunnerParameters(head_lateral=Wave(bounce, -25.0), step_noise=noise, **changes))
    write(path, record(runner, duration=duration, rate=100, force_rate=500))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for seed, name in enumerate(("free1", "free2"), 1):
        recorded(folder / f"{name}.c3d", seed)
    recorded(folder / "half.c3d", 3, bounce=0.5 * BOUNCE)
    recorded(folder / "tenth.c3d", 4, bounce=0.9 * BOUNCE)
    recorded(folder / "faster.c3d", 5, bounce=0.5 * BOUNCE, speed=3.5 * 1.03)
    return folder


def protocol(folder: Path, blocks: list[tuple[str, str]], *, design: str = "", primary: str = "contact_time") -> Path:
    text = f'[design]\nkind = "free-held-free"\nprimary = "{primary}"\n{design}\n'
    for recording, rest in blocks:
        text += f'[[block]]\nrecording = "{recording}.c3d"\n{rest}\n'
    path = folder / "protocol.toml"
    path.write_text(text)
    return path


@cache
def aba(folder: Path, held: str, **options: str) -> Experiment:
    felt = "felt = {{ legs_feet_stress = {} }}"
    blocks = [
        ("free1", f'condition = "free"\n{felt.format(3)}'),
        (held, f'condition = "held"\n{felt.format(6)}'),
        ("free2", f'condition = "free"\n{felt.format(4)}'),
    ]
    return run(protocol(folder, blocks, **options))


def test_half_the_bounce_is_performed_and_nothing_else_changed(recordings: Path, tmp_path: Path):
    found = aba(recordings, "half")
    performed = found.summary.performed
    assert performed.status == "performed"
    assert performed.value == pytest.approx(0.5, abs=0.06)
    assert found.verdict == "no change larger than your own noise"
    effect = found.summary.primary.effect
    assert effect.p is None and effect.ci95[0] < 0 < effect.ci95[1]
    assert found.summary.felt[0].effect.change == 2.5
    assert any("answered for 0 of 3 blocks" in text for text in found.summary.confounds)
    assert any("a steady drift cancels" in text for text in found.summary.confounds)
    for block, own in zip(found.summary.blocks, found.analyses, strict=True):
        assert block.flags == [flag for flag in own.summary.quality if flag.level != "info"]
        assert any(flag.level == "info" for flag in own.summary.quality)
    page = found.save(tmp_path / "out")
    assert (page / "blocks" / "02-held" / "summary.json").is_file()
    assert experiment_lines(found, page)[0] == f"Contact time: {found.verdict}"
    text = (page / "report.html").read_text()
    assert "No change larger than your own noise" in text and "http" not in text.replace("http-equiv", "")
    again = Experiment.load(page)
    assert again.summary == found.summary
    assert len(again.analyses) == 3 and len(again.steps) == len(found.steps)
    with pytest.raises(HeadwayError, match="exists"):
        found.save(page)
    assert (again.save(tmp_path / "again") / "experiment.json").read_bytes() == (page / "experiment.json").read_bytes()


def test_a_file_whose_field_is_of_another_type_is_refused_by_its_name(recordings: Path, tmp_path: Path):
    folder = aba(recordings, "half").save(tmp_path / "out")
    summary = json.loads((folder / "experiment.json").read_text())
    summary["verdict"]["word"] = "perhaps"
    (folder / "experiment.json").write_text(json.dumps(summary))
    with pytest.raises(RecordingError, match=r"is damaged .*'perhaps'.*verdict\.word.*run the experiment again"):
        Experiment.load(folder)


def test_a_tenth_less_bounce_is_not_performed(recordings: Path):
    found = aba(recordings, "tenth")
    assert found.verdict == "not performed"
    assert found.summary.performed.value == pytest.approx(0.1, abs=0.06)


def test_the_bounce_itself_as_outcome_is_described_and_flagged(recordings: Path):
    """A curve through the session explains any three blocks, so that one held block never changes anything."""
    found = aba(recordings, "half", primary="lateral_bounce_amplitude")
    assert found.verdict == "cannot tell"
    assert "curve" in found.summary.verdict.why and "pairs" in found.summary.verdict.would
    assert found.summary.verdict.strength == "described"
    low, high = found.summary.primary.effect.ci95
    assert low < -0.5 * BOUNCE < high
    assert "primary_is_the_task" in [flag.code for flag in found.summary.quality]


def test_three_per_cent_of_speed_forbid_loads_but_not_the_rest(recordings: Path):
    found = aba(recordings, "faster", primary="peak_vertical_grf")
    assert found.verdict == "cannot tell"
    assert "+3.0%" in found.summary.verdict.why
    assert found.summary.primary.refused and found.summary.primary.effect is None
    rows = {row.name: row for row in found.summary.secondary}
    assert rows["braking_impulse"].refused and not rows["step_width"].refused
    assert rows["step_width"].effect is not None


def test_one_recording_cut_by_time_is_a_null_experiment(recordings: Path):
    recorded(recordings / "long.c3d", 9, duration=31.0)
    blocks = [
        ("long", 'condition = "free"\nstart = "0:00"\nstop = "0:10"'),
        ("long", 'condition = "sham"\nstart = "0:10.5"\nstop = 20.5'),
        ("long", 'condition = "free"\nstart = 21\nstop = "0:31"'),
    ]
    found = run(protocol(recordings, blocks, design="settle = 1"))
    assert found.verdict != "changed"
    assert {b.steps for b in found.summary.blocks} <= {24, 25, 26}
    assert found.summary.performed.status == "cannot check"
    np.testing.assert_array_less(found.steps.groupby("block")["initial_contact"].min().diff().dropna() * -1, -9)


def test_too_few_steps_name_the_block(recordings: Path):
    blocks = [
        ("free1", 'condition = "free"'),
        ("half", 'condition = "held"\nstop = 2'),
        ("free2", 'condition = "free"'),
    ]
    with pytest.raises(RecordingError, match=r"protocol.toml line 8, block 2 \(held\), half.c3d: \d steps are left"):
        run(protocol(recordings, blocks))


def test_nothing_is_written_for_a_bad_block(recordings: Path, tmp_path: Path):
    (recordings / "broken.c3d").write_bytes(b"no C3D at all")
    blocks = [("free1", 'condition = "free"'), ("broken", 'condition = "held"'), ("free2", 'condition = "free"')]
    with pytest.raises(RecordingError, match=r"block 2 \(held\), broken.c3d"):
        experiment_command(protocol(recordings, blocks), tmp_path / "out")
    assert not (tmp_path / "out").exists()

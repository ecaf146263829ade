"""What ``--body`` adds to an analysis, and that it changes nothing where it was not asked for."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

import headway
from headway.comparison.comparison import compare
from headway.dynamics.push import CONTRIBUTIONS
from headway.errors import HeadwayError, RecordingError
from headway.experiments.result import BlockValue
from headway.fit import fit_body as door
from headway.gait.runner import Runner
from headway.options import Options
from headway.report.compare import render_compare
from headway.report.html import render
from headway.report.push_versus import condition_pushes
from headway.results import NotMeasurable
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

BODY = Options(body=True)


@pytest.fixture(scope="module")
def recording():
    return record(SyntheticRunner(), duration=1.6, rate=200.0)


@pytest.fixture(scope="module")
def analysed(recording, known, shown):
    """An analysis with a body; the fit itself is that of the fixture."""
    from headway.fit import run

    patch = pytest.MonkeyPatch()
    patch.setattr(run, "_stretches", lambda trial, paths: ([shown], []))
    patch.setattr(run, "fit_stretch", lambda measured, listener=None, kept=None: known)
    yield headway.analyze(recording, Runner(1.75), BODY)
    patch.undo()


def test_an_analysis_without_it_has_no_word_of_it(recording):
    plain = headway.analyze(recording, Runner(1.75))
    assert plain.summary.body is None
    assert not set(CONTRIBUTIONS) & set(plain.summary.metrics)
    assert not set(CONTRIBUTIONS) & set(plain.steps.columns)
    assert "push_total" not in plain.waveforms
    assert 'id="push-panel"' not in render(plain)


def test_an_analysis_with_it_tells_what_pushes_the_head(analysed, known, tmp_path):
    body = analysed.summary.body
    assert body is not None
    assert (body.converged, body.strides, body.head_seen, body.force) == (True, 1, True, "measured")
    assert {one.ground for one in body.grounds} == {"pinned", "rolling", "compliant"}
    entry = analysed.summary.metrics["com_push_ankle_up"]
    assert not isinstance(entry, NotMeasurable)
    assert entry.status == "estimated"
    assert entry.left == pytest.approx(entry.value)  # the one step that was fitted is a left one
    assert entry.right is None
    assert np.isfinite(analysed.steps["head_push_knee_forward"]).sum() == 1
    again = headway.Analysis.load(analysed.save(tmp_path / "out"))
    assert again.summary.body == body
    parts = again.waveforms["push_acceleration"].sel(side="left", ground="rolling", pushed="head")
    whole = again.waveforms["push_total"].sel(side="left", pushed="head")
    assert parts.sum("source").to_numpy() == pytest.approx(whole.transpose("stance", "axis").to_numpy(), abs=1e-6)
    page = render(again)
    assert "What pushes the head" in page
    assert "ankles and toes" in page
    assert "energy of motion" in page


def test_the_moments_of_the_stance_leg_stand_under_its_name(analysed, known):
    found = analysed.waveforms["body_moment"].sel(side="left", coordinate="ankle_dorsiflexion_stance").to_numpy()
    own = known.moments[:, known.skeleton.names.index("ankle_dorsiflexion_left") - 6]
    assert found.min() == pytest.approx(own.min(), rel=0.05)


def test_what_did_not_converge_is_told_and_not_shown(recording, known, shown, monkeypatch):

    from headway.fit import run

    failed = replace(known, quality=replace(known.quality, converged=False))
    monkeypatch.setattr(run, "_stretches", lambda trial, paths: ([shown], []))
    monkeypatch.setattr(run, "fit_stretch", lambda measured, listener=None, kept=None: failed)
    told = headway.analyze(recording, Runner(1.75), BODY)
    assert told.summary.body is not None
    assert not told.summary.body.converged
    assert told.summary.body.grounds == []
    assert any(flag.code == "fit_unconverged" for flag in told.summary.quality)
    assert isinstance(told.summary.metrics["head_push_ankle_up"], NotMeasurable)
    assert 'id="push-panel"' not in render(told)


def test_without_casadi_one_line_names_the_extra(recording, monkeypatch):
    monkeypatch.setattr(door, "find_spec", lambda name: None if name == "casadi" else importlib.util.find_spec(name))
    with pytest.raises(HeadwayError, match=r"CasADi is not installed.*--extra lab"):
        headway.analyze(recording, Runner(1.75), BODY)


def test_a_comparison_shows_what_pushes_the_head_in_both(analysed):
    page = render_compare(compare(analysed, analysed))
    assert 'id="pushes"' in page
    assert page.count(": What pushes the head") == 3
    assert page.count('<g class="a">') == page.count('<g class="b">') >= 24


def test_a_comparison_with_a_head_that_was_not_seen_shows_the_neck_base_and_compares_no_push_on_the_head(analysed):
    body = structs.replace(analysed.summary.body, head_seen=False)
    unseen = replace(analysed, summary=structs.replace(analysed.summary, body=body))
    found = compare(analysed, unseen)
    told = {row.name: row for row in found.summary.rows}
    assert "passive neck" in told["head_push_ankle_up"].why
    assert "second" in told["head_push_ankle_up"].why
    assert told["neck_base_push_ankle_up"].why == ""
    page = render_compare(found)
    assert page.count(": What pushes the neck base") == 3
    assert ">What pushes the head</h2>" not in page


def test_a_comparison_without_a_body_has_no_word_of_it(recording):
    plain = headway.analyze(recording, Runner(1.75))
    assert 'id="pushes"' not in render_compare(compare(plain, plain))


def test_an_experiment_shows_what_pushes_the_head_in_usual_and_tested_blocks():
    class Block:
        def __init__(self, condition, up):
            self.condition = condition
            self.values = {"head_push_ankle_up": BlockValue(value=up, error=0.01, freedom=5.0, n=6)}

    blocks = [Block("free", 1.2), Block("held", 1.3), Block("free", 1.1), Block("held", 1.4)]
    shown = condition_pushes(blocks, "head")
    assert [title for title, _ in shown] == ["Up"]
    assert "ankles and toes 1.15 and 1.35 m/s" in shown[0][1]
    assert "knees" not in shown[0][1].split(">")[0]
    assert condition_pushes([Block("free", 1.2)], "head") == []
    assert condition_pushes(blocks, "neck_base") == []


def test_a_recording_and_sensors_reach_the_fit_together(recording, known, trial, tmp_path, monkeypatch):
    from headway.door import measured
    from headway.fit.run import FittedBody, _found
    from headway.io.write_c3d import write_c3d

    runner = tmp_path / "runner.c3d"
    write_c3d(runner, recording.points, recording.ground_force)
    rows = ["t,x,y,z", *(f"{k / 50:.2f},0.1,0.2,9.8" for k in range(200))]
    (tmp_path / "head.csv").write_text("\n".join(rows))
    (tmp_path / "run.toml").write_text(
        '[[sensor]]\nfile = "head.csv"\nwhere = "head"\ntime = "t"\nforce = {unit = "m/s2", columns = ["x", "y", "z"]}\n'
    )
    paths = [runner, tmp_path / "run.toml"]
    with pytest.raises(RecordingError, match=r"only used by the fit of a body.*--body"):
        measured(paths, Options(height=1.75))
    asked = []

    def fit(given, *_, **__):
        asked.extend(given)
        return FittedBody(trial, (known,), _found(trial, (known,), (known,), ("head",)))

    monkeypatch.setattr(door, "fit_body", fit)
    analysed = measured(paths, Options(height=1.75, body=True))
    assert [type(one).__name__ for one in asked] == ["Recording", "SensorRecording"]
    assert asked[1].sensors[0].where == "head"
    assert analysed.summary.body is not None and analysed.summary.body.sensors == ("head",)

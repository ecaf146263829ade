"""Everything a user can get wrong ends in one line that says what and what to do, with exit code 3 and no output folder."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from headway import cli, folder
from headway.analysis.analysis import Analysis
from headway.io.write_c3d import write_c3d
from headway.recording import make_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture(scope="module")
def runner():
    return SyntheticRunner(RunnerParameters())


@pytest.fixture(scope="module")
def good(runner, tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "run.c3d"
    made = record(runner, duration=2.0, rate=200.0)
    write_c3d(path, made.points, made.ground_force)
    return path


def _run(monkeypatch, capsys, tmp_path, *arguments):
    """Exit code and the lines on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["headway", *map(str, arguments)])
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, capsys.readouterr().err.strip().splitlines()


def _refused(monkeypatch, capsys, tmp_path, *arguments, says):
    before = sorted(tmp_path.iterdir())
    code, lines = _run(monkeypatch, capsys, tmp_path, "analyze", *arguments)
    assert code == 3, lines
    assert len(lines) == 1
    assert lines[0].startswith("headway: ")
    assert says in lines[0]
    assert ";" in lines[0]  # what is wrong; what to do
    assert sorted(tmp_path.iterdir()) == before


@pytest.fixture
def refused(monkeypatch, capsys, tmp_path):
    return lambda *arguments, says: _refused(monkeypatch, capsys, tmp_path, *arguments, says=says)


def test_missing_file(refused):
    refused("nobody.c3d", says="nobody.c3d: there is no such file")


def test_empty_file(refused, tmp_path):
    (tmp_path / "empty.c3d").write_bytes(b"")
    refused("empty.c3d", says="empty.c3d: the file is empty")


def test_text_called_c3d(refused, tmp_path):
    (tmp_path / "notes.c3d").write_text("this is not a recording\n" * 100)
    refused("notes.c3d", says="not a C3D file")


def test_half_a_c3d(refused, tmp_path, good):
    whole = good.read_bytes()
    (tmp_path / "half.c3d").write_bytes(whole[: len(whole) // 2])
    refused("half.c3d", says="cut off")


def test_a_folder(refused, tmp_path):
    (tmp_path / "trial.c3d").mkdir()
    refused("trial.c3d", says="trial.c3d")


def test_an_unknown_kind_of_file(refused, tmp_path):
    (tmp_path / "run.xyz").write_text("1 2 3")
    refused("run.xyz", says="run.xyz")


def _written(tmp_path, recording, name="made.c3d", **changes):
    points = changes.get("points", recording.points)
    write_c3d(tmp_path / name, points, changes.get("force", recording.ground_force))
    return name


def test_c3d_without_points(refused, tmp_path, runner):
    made = record(runner, duration=1.0)
    name = _written(tmp_path, made, points=made.points.isel(point=slice(0, 0)))
    refused(name, says="no points")


def test_c3d_without_feet(refused, tmp_path, runner):
    made = record(runner, duration=1.0)
    feet = ("heel", "toe", "mt", "ankle", "foot")
    keep = [name for name in made.names() if not name.startswith(feet)]
    refused(_written(tmp_path, made, points=made.points.sel(point=keep)), says="no foot is marked")


def test_c3d_with_all_markers_gone(refused, tmp_path, runner):
    made = record(runner, duration=1.0)
    refused(_written(tmp_path, made, points=made.points * np.nan), says="seen")


def test_three_frames(refused, tmp_path, runner):
    made = record(runner, duration=1.0)
    points = made.points.isel(time=slice(0, 3))
    force = made.ground_force.isel(time=slice(0, 15))
    refused(_written(tmp_path, made, points=points, force=force), says="3 frames")


def test_a_standing_trial(refused, tmp_path, runner):
    refused(_written(tmp_path, standing(runner)), says="nobody runs here")


def test_a_real_standing_trial(refused, data):
    refused(data / "dorn2012_ja1" / "JA1Static05.c3d", "--out", "x", says="--standing")


def _walker():
    """Walking on a belt at 1.4 m/s: duty factor 0.62, and the pelvis highest at midstance."""
    rate, step, speed = 100.0, 0.55, 1.4
    time = np.arange(0, 8, 1 / rate)
    names, positions = [], []
    height = 0.95 - 0.02 * np.cos(2 * np.pi * time / step)
    for name, ahead, across in (
        ("asis_left", 0.1, -0.12),
        ("asis_right", 0.1, 0.12),
        ("psis_left", -0.1, -0.05),
        ("psis_right", -0.1, 0.05),
    ):
        names.append(name)
        positions.append(np.column_stack([np.full(len(time), ahead), height, np.full(len(time), across)]))
    for k, side in enumerate(("left", "right")):
        phase = ((time / step + k) % 2) / 2
        swing = np.clip((phase - 0.62) / 0.38, 0, 1)
        reach = speed * 0.62 * 2 * step
        ease = swing**3 * (10 - 15 * swing + 6 * swing**2)
        along = np.where(phase < 0.62, reach / 2 - speed * phase * 2 * step, -reach / 2 + reach * ease)
        lift = 0.12 * np.sin(np.pi * swing) ** 2
        for name, ahead in (("heel", -0.05), ("toe", 0.18), ("mt5", 0.12)):
            names.append(f"{name}_{side}")
            positions.append(np.column_stack([along + ahead, 0.04 + lift, np.full(len(time), 0.08 if k else -0.08)]))
    return make_points(time, names, np.stack(positions, axis=1))


def test_walking(refused, tmp_path):
    write_c3d(tmp_path / "walk.c3d", _walker(), None)
    refused("walk.c3d", says="walking")


def test_two_runners_in_one_file(refused, tmp_path, runner, monkeypatch, capsys):
    made = record(runner, duration=2.0)
    both = [made.points.assign_coords(point=[f"{who}:{name}" for name in made.names()]) for who in ("Ann", "Bea")]
    joined = np.concatenate([one.to_numpy() for one in both], axis=1)
    names = [str(name) for one in both for name in one["point"].to_numpy()]
    write_c3d(tmp_path / "two.c3d", make_points(made.time, names, joined), made.ground_force)
    refused("two.c3d", says="--subject")
    code, _ = _run(monkeypatch, capsys, tmp_path, "analyze", "two.c3d", "--subject", "Bea", "--out", "bea", "--quiet")
    assert code == 0
    assert (tmp_path / "bea" / "summary.json").is_file()


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--mass", "-3"), "--mass: -3 kg"),
        (("--height", "178"), "did you mean 1.78"),
        (("--speed", "40"), "--speed: 40 m/s"),
        (("--up", "w"), "not an axis"),
        (("--start", "soon"), "is no time"),
        (("--start", "1", "--stop", "0.5"), "not after the start"),
        (("--start", "1.99"), "frames are left"),
    ],
)
def test_options_that_cannot_be_right(refused, good, option, says):
    refused(good, *option, says=says)


def test_an_existing_output_folder(monkeypatch, capsys, tmp_path, good):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    code, lines = _run(monkeypatch, capsys, tmp_path, "analyze", good, "--out", "out")
    assert (code, len(lines)) == (3, 1)
    assert "--overwrite" in lines[0]
    code, _ = _run(monkeypatch, capsys, tmp_path, "analyze", good, "--out", "out", "--overwrite", "--quiet")
    assert code == 0
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"  # only Headway's own files are replaced


def test_an_output_folder_that_cannot_be_made(refused, tmp_path, good):
    (tmp_path / "file").write_text("")
    refused(good, "--out", "file/inside", says="cannot be written")


def test_a_file_named_as_output(refused, tmp_path, good):
    (tmp_path / "file").write_text("")
    refused(good, "--out", "file", says="is a file")


@pytest.mark.parametrize(
    "arguments", [("frobnicate",), ("analyze",), ("analyze", "x.c3d", "--sex", "robot"), ("analyze", "x.c3d", "--nope")]
)
def test_wrong_usage_is_two(monkeypatch, capsys, tmp_path, arguments):
    code, lines = _run(monkeypatch, capsys, tmp_path, *arguments)
    assert code == 2
    assert len(lines) == 1


def test_debug_shows_the_traceback(monkeypatch, tmp_path):
    from headway.errors import HeadwayError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["headway", "analyze", "nobody.c3d", "--debug"])
    with pytest.raises(HeadwayError):
        cli.main()


def test_interrupting_leaves_nothing(tmp_path, good):
    """Ctrl-C while an analysis runs: exit code 130 and no folder, not even a hidden one; or the whole one, and that is said."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    seen = 0
    for delay in (0.4, 0.9, 1.4, 3.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "headway.cli", "analyze", str(good), "--out", "out"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1].decode().splitlines()
        left = [path.name for path in tmp_path.iterdir()]
        if process.returncode == 0:  # it was done before the signal came
            assert left == ["out"]
            break
        if left == ["out"]:  # it came between the last rename and the end
            assert process.returncode == cli.INTERRUPTED
            assert said == ["headway: interrupted; out had been written and is whole"]
            assert Analysis.load(tmp_path / "out").summary.metrics
            break
        assert left == []
        if process.returncode == cli.INTERRUPTED:  # else it came before Headway was loaded
            assert said == ["headway: interrupted; nothing was written"]
            seen += 1
    assert seen or left == ["out"]


@pytest.mark.parametrize("moment", ["rename", "exchange"])
@pytest.mark.parametrize("after", [False, True])
def test_an_interruption_tells_what_stands(moment, after, monkeypatch, tmp_path, capsys):
    """A signal right before or right after the draft takes its place: what is said is what is there."""
    target = tmp_path / "out"
    if moment == "exchange":
        target.mkdir()
        (target / "old.txt").write_text("old")
    owner = Path if moment == "rename" else folder
    real = getattr(owner, moment)

    def interrupted(*arguments):
        if after:
            real(*arguments)
        raise KeyboardInterrupt

    def work(*_, **__):
        with folder.whole_folder(target, ["new.txt"], overwrite=True) as draft:
            (draft / "new.txt").write_text("new")
            monkeypatch.setattr(owner, moment, interrupted)

    monkeypatch.setattr(cli, "app", work)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    monkeypatch.undo()
    assert stopped.value.code == cli.INTERRUPTED
    assert (target / "new.txt").exists() == after
    assert ("out had been written and is whole" in capsys.readouterr().err) == after
    assert [one.name for one in tmp_path.iterdir()] == (["out"] if after or moment == "exchange" else [])


def test_two_films_are_looked_at_before_the_first_is_analysed(refused, tmp_path):
    """None of these needs a picture: the files are empty, and that is not what is said."""
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.mp4").touch()
    refused("a.mp4", "no.mov", says="no.mov: there is no such file")
    refused("a.mp4", "a.mp4", says="the same film twice")
    refused("a.mp4", "other/a.mp4", says="two films of one name")
    refused("a.mp4", "b.mp4", "other/a.mp4", says="3 films")
    refused("a.mp4", "b.mp4", "--view", "side", says="--view: two films")


def test_no_bar_where_nobody_looks(capfd):
    from headway.progress import film_bar

    with film_bar("a.mp4", quiet=False) as progress:
        assert progress is None
    assert capfd.readouterr().err == ""


def test_a_good_file_writes_all_and_only_its_results(monkeypatch, capsys, tmp_path, good):
    code, lines = _run(monkeypatch, capsys, tmp_path, "analyze", good, "--out", "out", "--csv")
    assert (code, lines) == (0, [])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "card.png",
        "card.svg",
        "curves.nc",
        "report.html",
        "steps.csv",
        "steps.parquet",
        "summary.json",
        "waveforms.nc",
    ]


def test_json_goes_to_standard_output(monkeypatch, capsys, tmp_path, good):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["headway", "analyze", str(good), "--json"])
    with contextlib.suppress(SystemExit):
        cli.main()
    assert json.loads(capsys.readouterr().out)["schema"] == 1
    assert (tmp_path / "run-headway" / "report.html").is_file()

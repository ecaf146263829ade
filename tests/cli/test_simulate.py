"""``headway simulate``: bad input is one line, and the body's model needs nothing but the body."""

import sys

import pytest

from headway import cli
from headway.io.write_c3d import write_c3d
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def called(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["headway", "simulate", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err.strip().splitlines()

    return called


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--speed", "0"), "--speed: 0 m/s"),
        (("--speed", "30"), "--speed: 30 m/s"),
        (("--speed", "4", "--mass", "-1"), "--mass: -1 kg"),
        (("--speed", "4", "--step-width", "2"), "--step-width: 2 m"),
        (("--speed", "4", "--step-width", "-1"), "--step-width: -1 m"),
        (("--speed", "4", "--head", "free,floating"), "--head: 'floating' is no condition"),
        (("--speed", "1:2:1e-300"), "countless values"),
        (("--speed", "30", "--mjcf", "body.xml"), "--speed: 30 m/s"),
        (("--from", "nobody.c3d", "--mjcf", "body.xml"), "nobody.c3d: there is no such file"),
        (("--speed", "4", "--mjcf", "nowhere/body.xml"), "its folder does not exist"),
        (("--speed", "3:5:1", "--lean", "0:4:2"), "only one option can be a sweep"),
        ((), "--speed: is missing"),
        (("--from", "nobody.c3d"), "nobody.c3d: there is no such file"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(run, tmp_path, arguments, says):
    pytest.importorskip("casadi", reason="casadi is not installed (extra lab)")
    code, _, lines = run(*arguments, "--out", "out")
    assert code == 3, lines
    assert len(lines) == 1 and lines[0].startswith("headway: ") and says in lines[0] and ";" in lines[0]
    assert not list(tmp_path.iterdir())


def test_a_recording_without_legs_is_refused(run, tmp_path):
    pytest.importorskip("headway.simulation.measured_stride", reason="casadi is not installed (extra lab)")
    made = record(SyntheticRunner(RunnerParameters()), duration=2.0)
    legs = ("hip", "knee", "ankle", "heel", "toe", "mt", "foot")
    keep = [name for name in made.names() if not name.startswith(legs)]
    write_c3d(tmp_path / "top.c3d", made.points.sel(point=keep), made.ground_force)
    code, _, lines = run("--from", "top.c3d", "--out", "out")
    assert code == 3 and len(lines) == 1 and lines[0].startswith("headway: ")
    assert [path.name for path in tmp_path.iterdir()] == ["top.c3d"]


def test_an_output_folder_that_is_not_empty_is_refused_before_anything_is_solved(run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep me")
    code, _, lines = run("--speed", "4", "--out", "out")
    assert code == 3 and "the output folder exists" in lines[0]
    assert (tmp_path / "out" / "mine.txt").read_text() == "keep me"


def test_overwriting_spares_what_no_simulation_wrote_before_anything_is_solved(run, tmp_path):
    pytest.importorskip("casadi", reason="casadi is not installed (extra lab)")
    (tmp_path / "out" / "free").mkdir(parents=True)
    (tmp_path / "out" / "free" / "mine.txt").write_text("keep me")
    code, _, lines = run("--speed", "4", "--overwrite", "--out", "out")
    assert code == 3 and len(lines) == 1 and "no simulation of Headway wrote it" in lines[0]
    assert (tmp_path / "out" / "free" / "mine.txt").read_text() == "keep me"


def test_without_casadi_one_line_tells_the_extra(run, monkeypatch, tmp_path):
    monkeypatch.setattr("headway.simulation.commands.find_spec", lambda name: None)
    code, _, lines = run("--speed", "4", "--out", "out")
    assert code == 3 and len(lines) == 1 and "--extra lab" in lines[0]
    assert not list(tmp_path.iterdir())


def test_the_model_alone_needs_no_casadi_and_opens_in_mujoco(run, monkeypatch, tmp_path):
    mujoco = pytest.importorskip("mujoco", reason="mujoco is not installed")
    monkeypatch.setitem(sys.modules, "casadi", None)
    code, out, lines = run("--mjcf", "body.xml", "--mass", "62")
    assert (code, lines) == (0, []) and "body.xml" in out
    model = mujoco.MjModel.from_xml_path(str(tmp_path / "body.xml"))
    assert model.body_mass.sum() == pytest.approx(62.0)
    code, _, lines = run("--mjcf", "body.xml")
    assert code == 3 and "the file exists" in lines[0]
    code, _, lines = run("--mjcf", "other.xml", "--mass", "-1")
    assert code == 3 and not (tmp_path / "other.xml").exists()


def test_help_explains_the_sweep(run):
    code, out, _ = run("--help")
    assert code == 0 and "FROM:TO:STEP" in out

"""Files for other programs, read back by others and by ourselves."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat

import headway
from headway import Options, Runner, analyze
from headway.analysis import Analysis
from headway.cli import app
from headway.errors import HeadwayError, OptionError
from headway.exports.bids import bids_label
from headway.exports.opensim import coordinate
from headway.exports.targets import TARGETS, export
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

ALIKE = ("cadence", "contact_time", "peak_vertical_grf", "head_vertical_gain", "step_width")


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    return export(result, list(TARGETS), tmp_path_factory.mktemp("export") / "out")


def found(folder: Path, ending: str) -> Path:
    return next(path for path in sorted(folder.rglob("*")) if path.name.endswith(ending))


def storage(path: Path) -> tuple[list[str], np.ndarray]:
    lines = path.read_text().splitlines()
    start = lines.index("endheader")
    return lines[start + 1].split("\t"), np.array([line.split("\t") for line in lines[start + 2 :]], float)


@pytest.mark.parametrize("door", ["c3d", "trc"])
def test_an_exported_recording_is_measured_alike(result, written, door):
    options = Options(forces=found(written, "_forces.mot")) if door == "trc" else Options()
    path = (
        found(written, ".c3d") if door == "c3d" else next(p for p in written.glob("*.trc") if "filtered" not in p.name)
    )
    again = analyze(path, Runner(height=1.75, sex="male"), options)
    for name in ALIKE:
        assert again[name].value == pytest.approx(result[name].value, rel=2e-3), name


def test_forces_and_angles_carry_opensims_names(result, written):
    names, table = storage(found(written, "_forces.mot"))
    total = table[:, [names.index(f"ground_force_{side}_vy") for side in "rl"]].sum(1)
    assert total == pytest.approx(result.curves["ground_force"].sel(axis="up").sum("side").to_numpy(), abs=1e-3)
    assert np.isfinite(table).all()
    names, table = storage(found(written, "_angles.mot"))
    knee = np.degrees(result.curves["joint_angle"].sel(angle="knee_flexion_right").to_numpy())
    assert table[:, names.index("knee_angle_r")] == pytest.approx(knee, abs=1e-4, nan_ok=True)
    assert {"pelvis_tilt", "pelvis_tx", "hip_flexion_l", "ankle_angle_r"} <= set(names)


def test_moments_of_the_ankle_are_written_as_generalised_forces(result, written):
    names, table = storage(found(written, "_moments.sto"))
    own = result.curves["joint_moment"].sel(joint="ankle_left", turn="flexion").to_numpy()
    assert table[:, names.index("ankle_angle_l_moment")] == pytest.approx(own, rel=1e-6, abs=1e-6, nan_ok=True)


def test_matlab_reads_metrics_and_curves(result, written):
    held = loadmat(found(written, ".mat"), simplify_cells=True)["headway"]
    k = list(held["metrics"]["metric"]).index("cadence")
    assert held["metrics"]["value"][k] == pytest.approx(result["cadence"].value)
    assert np.allclose(held["curves"]["joint_angle"], result.curves["joint_angle"], equal_nan=True)
    assert list(held["curves"]["dims"]["joint_angle"]) == ["time", "angle"]


def test_bids_names_every_channel_once(result, written):
    table = found(written, "_motion.tsv")
    rows = [line.split("\t") for line in table.read_text().splitlines()]
    with found(written, "_channels.tsv").open() as file:
        channels = list(csv.DictReader(file, delimiter="\t"))
    about = json.loads(table.with_suffix(".json").read_text())
    assert len(rows[0]) == len(channels) == about["MotionChannelCount"] == len({one["name"] for one in channels})
    assert len(rows) == result.curves.sizes["time"]
    assert {one["type"] for one in channels} == {"POS"}
    assert {one["component"] for one in channels} == {"x", "y", "z"}
    root = found(written, "dataset_description.json").parent
    assert json.loads((root / "dataset_description.json").read_text())["BIDSVersion"]
    assert (root / "participants.tsv").read_text().startswith("participant_id")
    runner = table.parents[1].name
    assert table.name.startswith(f"{runner}_task-running_tracksys-markers_")


def test_a_label_of_bids_has_letters_and_digits_only():
    assert bids_label("José, trial 3") == "Jostrial3"
    assert bids_label("…") == "runner"


def test_the_names_of_opensim_are_told_by_side():
    assert coordinate("hip_internal_rotation_left") == "hip_rotation_l"
    assert coordinate("pelvis_tilt") == "pelvis_tilt"


def test_a_gap_stays_a_gap(result, tmp_path):
    curves = result.curves.copy(deep=True)
    curves["marker_position"][5, 0] = np.nan
    from dataclasses import replace

    folder = export(replace(result, curves=curves), ["trc", "bids"], tmp_path / "out")
    row = next(p for p in folder.glob("*.trc") if "filtered" not in p.name).read_text().splitlines()[6 + 5].split("\t")
    assert row[2:5] == ["", "", ""] and row[5]
    assert found(folder, "_motion.tsv").read_text().splitlines()[5].split("\t")[:3] == ["n/a"] * 3


def test_what_cannot_be_is_one_line_and_nothing_is_written(result, tmp_path):
    from dataclasses import replace

    out = tmp_path / "out"
    with pytest.raises(OptionError, match="'xls' is no target"):
        export(result, "xls", out)
    with pytest.raises(OptionError, match="no joint moments"):
        export(replace(result, curves=result.curves.drop_vars("joint_moment")), "sto", out)
    with pytest.raises(HeadwayError, match="sensors have none"):
        export(replace(result, curves=type(result.curves)()), "c3d", out)
    assert not out.exists()
    export(result, "csv", out)
    with pytest.raises(HeadwayError, match="exists"):
        export(result, "csv", out)


def test_the_command_writes_a_saved_analysis(result, tmp_path, capsys):
    result.save(tmp_path / "saved", report=False)
    command = ["export", str(tmp_path / "saved"), "--to", "trc", "--to", "csv", "--out", str(tmp_path / "out")]
    app(command, result_action="return_value")
    assert ".trc" in capsys.readouterr().out
    again = Analysis.load(tmp_path / "saved")
    assert np.allclose(again.curves["position"], result.curves["position"], atol=1e-5, equal_nan=True)


def test_the_function_is_a_public_name():
    assert headway.export is export


def test_the_script_of_the_documents_runs(tmp_path, monkeypatch, capsys):
    import runpy
    import sys

    import matplotlib

    from headway.synthetic.recording import write

    matplotlib.use("Agg")

    write(tmp_path / "runner.c3d", record(SyntheticRunner(RunnerParameters()), duration=2.0))
    script = Path(__file__).parents[2] / "docs" / "tutorials" / "laboratory.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path / "runner.c3d"), str(tmp_path / "out")])
    runpy.run_path(str(script), run_name="__main__")
    assert "the head gains" in capsys.readouterr().out
    assert {"knee_moment.png", "knee_and_head.png", "metrics.csv", "opensim"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    assert len([line for line in script.read_text().splitlines() if line.strip()]) <= 25


def test_the_notebook_of_the_documents_runs(tmp_path, monkeypatch):
    import matplotlib

    from headway.synthetic.recording import write

    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headway-demo").mkdir()
    write(tmp_path / "headway-demo" / "runner.c3d", record(SyntheticRunner(RunnerParameters()), duration=2.0))
    notebook = json.loads((Path(__file__).parents[2] / "docs" / "tutorials" / "laboratory.ipynb").read_text())
    names: dict[str, object] = {}
    pictures = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # what a kernel does
            pictures += any("image/png" in output.get("data", {}) for output in cell["outputs"])
    assert pictures >= 3, "its pictures are stored"
    assert (tmp_path / "opensim").is_dir()

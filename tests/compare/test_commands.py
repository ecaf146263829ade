"""From files to a folder, and faults in one line."""

import json
from pathlib import Path

import pytest

from headway import Analysis, Comparison, Runner, analyze, cli, compare
from headway.comparison.commands import compare_command, compare_lines
from headway.errors import HeadwayError, OptionError, RecordingError
from headway.options import Options
from headway.sources import load
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner

from .conftest import parameters


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    for seed, name in ((1, "mine"), (2, "theirs")):
        made = record(
            SyntheticRunner(parameters(seed, speed=3.5 if seed == 1 else 4.0)), duration=8, rate=100, force_rate=500
        )
        write(folder / f"{name}.c3d", made)
    own = analyze(load(folder / "mine.c3d"), Runner(height=1.75))
    return {
        "mine": folder / "mine.c3d",
        "theirs": folder / "theirs.c3d",
        "analysed": own.save(folder / "analysed", report=False),
    }


def test_from_two_files_to_a_folder(files, tmp_path):
    own, reference = (
        Options(height=1.75),
        Options(start=2.0, stop=7.5, height=1.75),
    )
    found, folder = compare_command(files["mine"], files["theirs"], tmp_path / "out", own=own, reference=reference)
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b", "compare.html", "compare.json", "waveforms.nc"]
    assert found.analyses[1].steps["initial_contact"].min() >= 2 and found.analyses[1].steps["toe_off"].max() <= 7.5
    again = Comparison.load(folder)
    assert again.summary == found.summary
    assert len(again.analyses[1].steps) == again.summary.b.steps.count
    assert again.waveforms.equals(found.waveforms)
    lines = compare_lines(found, folder)
    assert lines[0] == "Different speeds" and "B is 13\u202f% faster for its size" in lines[1]
    page = (folder / "compare.html").read_text()
    assert "Different speeds" in page and "there are no p-values" in page and "speed differs by 13." in page
    assert "http" not in page.replace("http-equiv", "") and "<script" not in page
    assert page.count("<svg") == 1 + 2 + 18
    with pytest.raises(HeadwayError, match="exists"):
        compare_command(files["mine"], files["theirs"], tmp_path / "out")
    compare_command(files["theirs"], files["mine"], tmp_path / "out", overwrite=True)
    assert json.loads((folder / "compare.json").read_text())["a"]["source"] == "theirs.c3d"


def test_a_comparison_saved_again_is_the_same_and_a_wrong_type_is_named(files, tmp_path):
    found = compare(*(Analysis.load(files["analysed"]) for _ in "ab"))
    folder = found.save(tmp_path / "out")
    again = Comparison.load(folder).save(tmp_path / "again")
    assert (again / "compare.json").read_bytes() == (folder / "compare.json").read_bytes()
    summary = json.loads((folder / "compare.json").read_text())
    assert {row["difference"] for row in summary["rows"] if not row["why"]} == {0.0}
    summary["rows"][0]["stands_out"] = "much"
    (folder / "compare.json").write_text(json.dumps(summary))
    with pytest.raises(RecordingError, match=r"is damaged .*bool.*rows\[0\]\.stands_out.*compare the recordings again"):
        Comparison.load(folder)


def test_a_folder_of_headway_analyze_is_the_same_as_its_recording(files, tmp_path):
    again, _ = compare_command(files["analysed"], files["mine"], tmp_path / "out", reference=Options(height=1.75))
    rows = [row for row in again.summary.rows if row.ci95]
    assert rows and all(abs(row.difference) < 1e-9 for row in rows)


def test_one_runner_has_one_height_and_is_not_normalised(files, tmp_path):
    found, _ = compare_command(
        files["mine"], files["theirs"], tmp_path / "out", own=Options(height=1.75), same_runner=True
    )
    assert found.summary.b.height == 1.75 and found.summary.b.label == "After"
    assert all(row.normalised is None for row in found.summary.rows)


def test_films_of_key_points_are_read(data, tmp_path):
    """Side and rear films that are no runner of note; only what both show is compared."""
    a, b = (data / "videos" / f"radluy_openpose_{view}" for view in ("side", "back"))
    found, _ = compare_command(a, b, tmp_path / "out", own=Options(rate=30.0), reference=Options(rate=30.0))
    assert {"cadence", "stride_time"} <= {row.name for row in found.summary.rows}
    assert (found.summary.a.view, found.summary.b.view) == ("side", "rear")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"b": "no.c3d"}, r"no\.c3d: there is no such file; check the path"),
        (
            {"a": "analysed", "own": Options(slow_motion=8.0)},
            r"--slow-motion: .*analysed was analysed already; leave it out",
        ),
        (
            {"b": "analysed", "reference": Options(stop=439.0)},
            r"--b-stop: .* was analysed already",
        ),
        ({"reference": Options(view="side")}, "--b-view: a C3D file cannot use it; leave it out"),
    ],
)
def test_faults_end_in_one_line_and_write_nothing(files, tmp_path, change, message):
    a, b = (files.get(change.pop(key, given), tmp_path / "no.c3d") for key, given in (("a", "mine"), ("b", "theirs")))
    with pytest.raises((OptionError, RecordingError), match=message) as caught:
        compare_command(a, b, tmp_path / "out", **change)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_experiment_and_an_output_that_is_an_input_are_refused(files, tmp_path):
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "experiment.json").write_text("{}")
    with pytest.raises(RecordingError, match="holds a whole experiment"):
        compare_command(tmp_path / "trial", files["mine"], tmp_path / "out")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "summary.json").symlink_to("/dev/zero")
    with pytest.raises(RecordingError, match=r"summary\.json is missing"):
        compare_command(tmp_path / "broken", files["mine"], tmp_path / "out")
    with pytest.raises(OptionError, match="--out"):
        compare_command(files["analysed"], files["mine"], files["analysed"], overwrite=True)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (("--reference-start", "soon"), "--reference-start: 'soon' is no time"),
        (("--b-start", "soon"), "--b-start: 'soon' is no time"),
        (("--reference-height", "175"), "--reference-height: 175 m is not a body height"),
        (("--b-start", "7:19", "--reference-stop", "7:11"), "--b-stop: 431 s is not after the start"),
        (("--a-mass", "3"), "--a-mass: 3 kg"),
    ],
)
def test_both_sides_take_every_option_under_their_own_name(files, said, message):
    with pytest.raises(OptionError, match=message):
        cli.app(["compare", str(files["mine"]), str(files["theirs"]), *said], exit_on_error=False, print_error=False)


def test_each_side_has_its_own_options():
    said = ["compare", "a.c3d", "b.mp4", "--a-standing", "s.c3d", "--b-slow-motion", "4", "--b-height", "5ft10"]
    _, bound, *_ = cli.app.parse_args(said, exit_on_error=False, print_error=False)
    assert bound.arguments["own"].options == Options(standing=Path("s.c3d"))
    assert bound.arguments["reference"].options == Options(slow_motion=4.0, height=1.778)

"""One door: what a path holds is told by its content, and a format is added in one place."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import headway
from headway import cli
from headway.door import measured
from headway.errors import OptionError, RecordingError
from headway.options import Options, from_mapping
from headway.recording import Recording, make_points
from headway.sources import Format, Source, format_of, formats, load_recording, look, register
from headway.sources.load import refuse_useless
from headway.sources.registry import unregister
from headway.study.find import find_recordings
from headway.synthetic.recording import record, standing, write
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run") / "run.c3d"
    write(path, record(SyntheticRunner(), duration=3.0, rate=200.0))
    return path


@pytest.fixture
def toy() -> Iterator[str]:
    """A format of our own: all that has to be written for it."""

    def read(source: Source, options: Options, progress: object) -> Recording:
        with np.load(source.path) as stored:
            points = make_points(stored["time"], [str(name) for name in stored["names"]], stored["positions"])
        return Recording(points=points, source=str(source.path), kind="toy", subject=options.subject)

    register(
        Format(
            name="toy",
            title="toy file",
            description="points as NumPy keeps them",
            suffixes=(".toy",),
            holds="recording",
            recognise=lambda source: source.head.startswith(b"PK") and b"positions.npy" in source.head,
            read=read,
        )
    )
    yield "toy"
    unregister("toy")


def test_a_format_is_added_in_one_place(
    toy: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = load_recording(run)
    path = tmp_path / "run.toy"
    with path.open("wb") as stream:
        np.savez(stream, time=given.time, names=given.names(), positions=given.points.to_numpy())
    found = headway.load(path)
    assert isinstance(found, Recording) and found.kind == "toy"
    assert [step.name for step in found.log] == ["load", "mask_jumps"]  # it is checked as every recording is
    assert headway.analyze(path, headway.Runner(mass=70.0)).summary.steps.count >= 5
    assert [one.recording for one in find_recordings(tmp_path)[0]] == ["run.toy"]
    cli.app(["formats"], exit_on_error=False, print_error=False, result_action="return_value")
    assert "points as NumPy keeps them" in capsys.readouterr().out
    unregister(toy)
    with pytest.raises(RecordingError, match=r"run\.toy"):
        headway.load(path)
    with pytest.raises(RecordingError, match="holds no recording"):
        find_recordings(tmp_path)


def test_the_public_names_are_listed_and_are_functions_and_types() -> None:
    assert set(headway.__all__) <= set(dir(headway))
    assert all(callable(getattr(headway, name)) for name in headway.__all__)


def test_content_tells_more_than_the_ending(run: Path, tmp_path: Path) -> None:
    for name in ("run", "run.csv", "run.mp4"):
        (tmp_path / name).write_bytes(run.read_bytes())
        found = headway.load(tmp_path / name)
        assert isinstance(found, Recording) and found.kind == "c3d"


HEADS = {
    "c3d": ("a.c3d", b""),
    "film": ("a.bin", b"\x00\x00\x00\x18ftypmp42" + bytes(50)),
    "trc": ("a.txt", b"PathFileType\t4\t(X/Y/Z)\ta.trc\nDataRate\n"),
    "mot": ("a.txt", b"grf\nversion=1\nendheader\ntime\tground_force_vx\n"),
    "csv": ("a.txt", b"# units: mm\ntime,C7_x,C7_y,C7_z\n0,1,2,3\n"),
    "mediapipe": ("a.txt", b"frame,NOSE_x,NOSE_y,NOSE_z,NOSE_visibility\n"),
    "openpose": ("a.txt", b'{"version": 1.3, "people": []}'),
    "alphapose": ("a.txt", b'[{"image_id": "1.jpg", "keypoints": [1, 2, 3]}]'),
    "sensor_logger": ("a.bin", b"PK\x03\x04" + bytes(30)),
    "movella_dot": ("a.txt", b"sep=,\nDeviceTag:,left\n\nPacketCounter,SampleTimeFine,Acc_X\n"),
    "described": ("a.txt", b'[[sensor]]\nfile = "a.csv"\n'),
    "fit": ("a.bin", b"\x0e\x10\x64\x00\x00\x00\x00\x00.FIT\x00\x00"),
}


@pytest.mark.parametrize("name", HEADS)
def test_every_format_is_told_by_its_head(name: str, tmp_path: Path) -> None:
    file, head = HEADS[name]
    (tmp_path / file).write_bytes(head)
    assert format_of(look(tmp_path / file)).name == name


def test_folders_are_told_by_the_names_in_them(tmp_path: Path) -> None:
    for folder, name in (
        ("saved", "summary.json"),
        ("phone", "Accelerometer.csv"),
        ("film", "a_000000000001_keypoints.json"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("{}")
    found = [format_of(look(tmp_path / folder)).name for folder in ("saved", "phone", "film")]
    assert found == ["analysis", "sensor_logger", "openpose"]


def test_an_option_of_no_use_is_refused_in_one_line(run: Path) -> None:
    with pytest.raises(OptionError, match="--slow-motion: a C3D file cannot use it; leave it out"):
        headway.load(run, slow_motion=4)
    with pytest.raises(OptionError, match=r"--body: a .* cannot use it; give markers or a film from the side"):
        refuse_useless(Options(body=True), [found for found in formats() if found.holds == "sensors"])
    with pytest.raises(OptionError, match="age: is not known; known are height"):
        headway.load(run, age=30)
    with pytest.raises(OptionError, match="height: 178 m is not a body height"):
        headway.load(run, height="178")


def test_every_format_says_what_it_is_and_takes_options_that_exist() -> None:
    from headway.options import columns

    for one in formats():
        assert one.title and one.description and "\n" not in one.description
        assert one.takes <= {*columns(), "cache"}


def test_a_standing_trial_is_an_option_like_any_other(run: Path, tmp_path: Path) -> None:
    write(tmp_path / "still.c3d", standing(SyntheticRunner(), rate=100.0))
    said = from_mapping({"standing": "still.c3d", "mass": 70}, folder=tmp_path)
    without, with_it = (measured(run, one).summary.metrics["push_through_angle"] for one in (Options(mass=70.0), said))
    assert without.status == "not_measurable" != with_it.status

"""What a file may ask for is bounded by what it is: devices, pipes, lies about sizes, nesting and long numbers end in one line."""

import os
import struct
import sys
import zipfile

import numpy as np
import pytest
from tests.fuzz.run import CORPUS

from headway import cli
from headway.errors import HeadwayError, RecordingError
from headway.experiments.read_protocol import load_protocol
from headway.io.checks import check_clock
from headway.options import Options
from headway.sources import load
from headway.study.manifest import read_manifest


def _line(read, *arguments):
    with pytest.raises(HeadwayError) as fault:
        read(*arguments)
    assert "\n" not in str(fault.value) and str(fault.value).encode()
    return str(fault.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are told by the system")
@pytest.mark.parametrize("name", ["a.c3d", "a.csv", "a.toml", "a.json", "a.mp4", "a.fit", "a.zip"])
def test_devices_and_pipes_are_refused_by_kind(tmp_path, name):
    os.mkfifo(tmp_path / name)
    (tmp_path / f"link-{name}").symlink_to("/dev/zero")
    for read in (load, load_protocol) if name == "a.toml" else (load,):
        assert "is a pipe" in _line(read, tmp_path / name)
        assert "is a device" in _line(read, tmp_path / f"link-{name}")


def test_a_pipe_named_by_an_option_is_refused(tmp_path):
    os.mkfifo(tmp_path / "grf.mot")
    assert "is a pipe" in _line(load, CORPUS / "trc" / "made.trc", Options(forces=tmp_path / "grf.mot"))


def test_links_without_end_and_names_that_are_no_text(tmp_path):
    (tmp_path / "a.c3d").symlink_to(tmp_path / "b.c3d")
    (tmp_path / "b.c3d").symlink_to(tmp_path / "a.c3d")
    assert "a.c3d" in _line(load, tmp_path / "a.c3d")
    strange = os.fsencode(tmp_path) + b"/caf\xe9.c3d"
    with open(strange, "wb") as file:  # noqa: PTH123
        file.write((CORPUS / "c3d" / "made.c3d").read_bytes())
    assert "rename it" in _line(load, os.fsdecode(strange))


def test_one_wrong_time_stamp_asks_for_no_memory(tmp_path):
    lines = (CORPUS / "trc" / "made.trc").read_text().splitlines()
    last = lines[-1].split("\t")
    for stamp in ("1000000000", "1e300", "172000"):
        spoilt = "\t".join([last[0], stamp, *last[2:]])
        (tmp_path / "a.trc").write_text("\n".join([*lines[:-1], spoilt]))
        if stamp == "172000":  # two days: uneven, and no clock of that length is made
            found = load(tmp_path / "a.trc")
            assert len(found.time) == 60 and "uneven_frames" in {flag.code for flag in found.flags}
        else:
            assert "hours" in _line(load, tmp_path / "a.trc")


def test_key_points_whose_clock_would_be_endless_are_refused():
    check_clock("a.json", np.arange(50) / 30)
    with pytest.raises(RecordingError, match="50 frames lie within the time of"):
        check_clock("a.json", np.append(np.arange(49) / 30, 100_000.0))


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Accelerometer.csv", b"0" * 3_000_000)
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 20, 4_000_000)  # compressed size, as the archive says itself
    struct.pack_into("<I", raw, at + 24, 700_000_000)
    path.write_bytes(raw)
    assert "no sensor data" in _line(load, path)


@pytest.mark.parametrize("value", ["9" * 400, "9" * 5000, "[" * 5000, "{a=" * 3000, "1e999", "-inf"])
def test_long_numbers_and_deep_nesting_of_what_is_written_by_hand(tmp_path, value):
    (tmp_path / "p.toml").write_text(f"[runner]\nheight = {value}\n")
    (tmp_path / "m.toml").write_text(f'[[recording]]\npath = "a.c3d"\nheight = {value}\n')
    (tmp_path / "s.toml").write_text(f'[[sensor]]\nfile = "t.csv"\nwhere = "head"\nrate = {value}\n')
    for read, name in ((load_protocol, "p.toml"), (read_manifest, "m.toml"), (load, "s.toml")):
        assert len(_line(read, tmp_path / name)) < 500


@pytest.mark.parametrize("value", ["9" * 400, "[" * 100_000, "1e25", "NaN", "9" * 5000])
def test_long_numbers_and_deep_nesting_of_key_points(tmp_path, value):
    text = (CORPUS / "mediapipe" / "made.json").read_text().replace('"x": 0.3', f'"x": {value}', 1)
    (tmp_path / "a.json").write_text(text)
    _line_or_result(tmp_path / "a.json")
    folder = tmp_path / "frames"
    folder.mkdir()
    for path in (CORPUS / "openpose" / "made").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    first = min(folder.iterdir())
    first.rename(folder / f"film_{'9' * 25}_keypoints.json")
    _line_or_result(folder, Options(rate=30.0))


def _line_or_result(path, options=None):
    try:
        assert np.isfinite(load(path, options or Options()).time).all()
    except RecordingError as fault:
        assert "\n" not in str(fault)


@pytest.mark.parametrize(("shift", "both"), [(1, False), (-1, False), (-1, True)])
def test_c3d_data_that_are_off_by_a_block_are_told(tmp_path, shift, both):
    raw = bytearray((CORPUS / "c3d" / "made.c3d").read_bytes())
    places = [16, raw.find(b"DATA_START") + 14] if both else [16]
    for at in places:
        struct.pack_into("<H", raw, at, struct.unpack_from("<H", raw, at)[0] + shift)
    (tmp_path / "a.c3d").write_bytes(raw)
    found, good = load(tmp_path / "a.c3d"), load(CORPUS / "c3d" / "made.c3d")
    assert any("the data are read from byte" in flag.message for flag in found.flags)
    if not both:  # two of three agree
        np.testing.assert_array_equal(found.points, good.points)


@pytest.mark.parametrize(
    "fault", [RecursionError("deep"), MemoryError(), KeyError("x"), AssertionError(), ValueError("a\nb")]
)
def test_what_nobody_foresaw_is_one_line_with_what_to_report(monkeypatch, capsys, fault):
    def broken(*_, **__):
        raise fault

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "argv", ["headway", "formats"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert end.value.code == cli.UNEXPECTED and line.startswith("headway: ")
    assert isinstance(fault, MemoryError) or ("please report this line" in line and type(fault).__name__ in line)
    monkeypatch.setattr(sys, "argv", ["headway", "formats", "--debug"])
    with pytest.raises(type(fault)):
        cli.main()


def test_a_name_without_end_does_not_make_a_message_without_end():
    error = RecordingError("runs.csv", f"has no column {'x' * 100_000}_z", "name it")
    assert len(str(error)) < 1000 and "has no column x" in error.what and error.what.endswith("_z")
    assert RecordingError("a/" * 2000, "is missing", "name it").where == "a/" * 2000

import subprocess
import sys
from pathlib import Path

import pytest

import headway
from headway.errors import RecordingError
from headway.sources import formats


def test_formats_name_their_suffixes_in_one_line_each():
    found = {entry.name: entry for entry in formats()}
    assert list(found)[:6] == ["c3d", "trc", "csv", "motive", "qualisys", "mot"]
    assert found["mot"].suffixes == (".mot", ".sto")
    assert all(entry.description and "\n" not in entry.description for entry in found.values())


def test_unknown_suffix_lists_what_can_be_read(tmp_path):
    path = tmp_path / "run.fbx"
    path.write_text("x")
    with pytest.raises(RecordingError, match=r"run\.fbx: files ending in \.fbx cannot be read; .*\.c3d, \.trc, \.csv"):
        headway.load(path)


def test_name_without_suffix(tmp_path):
    path = tmp_path / "run"
    path.write_text("x")
    with pytest.raises(RecordingError, match="no ending that tells its format"):
        headway.load(path)


@pytest.mark.parametrize("suffix", [".c3d", ".trc", ".csv", ".C3D"])
def test_missing_and_empty_files(tmp_path, suffix):
    path = tmp_path / f"run{suffix}"
    with pytest.raises(RecordingError, match="there is no such file"):
        headway.load(path)
    path.write_bytes(b"")
    with pytest.raises(RecordingError, match="the file is empty"):
        headway.load(path)


def test_folder(tmp_path):
    with pytest.raises(RecordingError, match="is a folder; name the recording inside it"):
        headway.load(tmp_path)


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "run.c3d"
    path.write_bytes(b"x")

    def refuse(self, *arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RecordingError, match=r"cannot be opened \(permission denied\); check the rights"):
        headway.load(path)


def test_import_is_light():
    code = (
        "import sys, headway.cli; from headway.sources import formats, holds; formats(); holds('nobody.c3d');"
        "sys.exit(' '.join({'numpy', 'pandas', 'scipy', 'xarray', 'ezc3d'} & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr

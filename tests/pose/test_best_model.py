"""The heavy model is taken over from a file or an archive, and nothing else is."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from headway.errors import OptionError
from headway.pose import best_model

CONTENT = b"stands for 28 megabytes"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADWAY_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(best_model, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    return tmp_path / "models"


def archive(path: Path, name: str) -> Path:
    with tarfile.open(path, "w:gz") as made:
        entry = tarfile.TarInfo(f"package/{name}")
        entry.size = len(CONTENT)
        made.addfile(entry, io.BytesIO(CONTENT))
    return path


def test_the_model_is_kept_from_a_file_and_from_an_archive(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(OptionError, match="models add"):
        best_model.heavy_model()
    plain = tmp_path / "any-name.tflite"
    plain.write_bytes(CONTENT)
    for path in (plain, archive(tmp_path / "package.tgz", best_model.NAME)):
        assert best_model.add_model(path) == folder / best_model.NAME
        assert best_model.heavy_model().read_bytes() == CONTENT
        (folder / best_model.NAME).unlink()
    assert not list(folder.iterdir())


def test_anything_else_is_refused_in_one_line(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "other.tflite"
    other.write_bytes(b"another model")
    wrong = {other: "not the model", archive(tmp_path / "a.tgz", "full.tflite"): "holds no", tmp_path / "no": "no such"}
    for path, words in wrong.items():
        with pytest.raises(OptionError, match=words) as caught:
            best_model.add_model(path)
        assert "\n" not in str(caught.value)
    assert not folder.exists()

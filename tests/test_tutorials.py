"""The commands of the tutorials run as they stand, in an empty folder; and the documents build without a warning."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
EXAMPLES = ["python", "example_recordings.py", "examples"]
NEEDS = {"laboratory": "matplotlib", "simulate": "casadi", "body": "casadi"}


def commands(page: Path) -> list[list[str]]:
    """Lines of the fenced blocks without a language, which are those to run."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line.split() for block in blocks for line in block.splitlines() if line.strip()]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program, *rest = words
    if program == "headway":
        start = [sys.executable, "-m", "headway.cli"]
    else:
        assert program == "python"
        start, rest = [sys.executable, str(DOCS / "tutorials" / rest[0])], rest[1:]
    return subprocess.run([*start, *rest], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recordings that several tutorials begin with, made once."""
    folder = tmp_path_factory.mktemp("made")
    assert run(EXAMPLES, folder).returncode == 0
    return folder / EXAMPLES[-1]


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_command_of_a_tutorial_runs(page: Path, tmp_path: Path, examples: Path) -> None:
    if page.stem in NEEDS and find_spec(NEEDS[page.stem]) is None:
        pytest.skip(f"{NEEDS[page.stem]} is not installed")
    found = commands(page)
    assert found
    for words in found:
        if words == EXAMPLES:
            shutil.copytree(examples, tmp_path / words[-1])
            continue
        done = run(words, tmp_path)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-500:]}"
        if "--out" in words:
            assert any((tmp_path / words[words.index("--out") + 1]).iterdir())


@pytest.mark.slow
def test_the_documents_build_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("furo")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", str(DOCS), str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-1000:]
    pages = {str(path.relative_to(tmp_path).with_suffix("")) for path in tmp_path.rglob("*.html")}
    assert {"index", "generated/metrics/index", "generated/commands", "generated/schemas/summary"} <= pages
    for path in tmp_path.rglob("*.html"):
        fetched = re.findall(
            r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"', path.read_text(encoding="utf-8")
        )
        assert fetched == [], path

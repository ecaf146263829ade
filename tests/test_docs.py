"""The documents keep to their form, and the commands that they name exist."""

import re
from pathlib import Path

import pytest

import headway
from headway.cli import app
from headway.metrics import REGISTRY
from headway.report.metric_pages import anchor, metric_list, metrics_markdown

HOME = Path(__file__).parents[1]
DOCS = [path for path in sorted((HOME / "docs").rglob("*.md")) if "generated" not in path.parts]
NAMING = [HOME / "README.md", HOME / "CONTRIBUTING.md", *DOCS]
LIMIT = 120
NAME = "{0.parent.name}/{0.name}".format
_FENCE = re.compile(r"^\s*```.*?^\s*```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\([^)]*\)|https?://\S+")


def _prose(text: str) -> list[str]:
    lines = _FENCE.sub("", text).splitlines()
    return [_LINK.sub("]", line) for line in lines if not line.startswith("|")]


def _code(text: str) -> list[str]:
    """Commands in fenced blocks and in inline code, without their comments."""
    spans = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    spans += re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))
    starts = ("headway ", "uv run ", "pip install uv && uv run ")
    return [span.split("  #")[0] for span in spans if span.strip().startswith(starts) and "headway " in span]


def _parameters(words: list[str]) -> tuple[str, set[str]]:
    """The command that the words begin with, and the options it takes."""
    command, name = app, ""
    for word in words:
        if word.startswith("-") or word not in command:
            break
        command, name = command[word], f"{name} {word}".strip()
    if command.default_command is None:
        return name, set()
    found = command.assemble_argument_collection()
    return name, {each for one in found for each in (*one.names, *one.negatives)}


@pytest.mark.parametrize("path", DOCS, ids=NAME)
def test_no_line_of_prose_is_longer_than_120_characters(path: Path) -> None:
    assert [line for line in _prose(path.read_text(encoding="utf-8")) if len(line) > LIMIT] == []


@pytest.mark.parametrize("path", DOCS, ids=NAME)
def test_a_line_holds_one_sentence(path: Path) -> None:
    if path.name == "without-plates.md" and path.parent.name == "evidence":  # made by a program, which folds its lines
        return
    ends = re.compile(r"[a-z)]{3}\. [A-Z][a-z]+ [a-z]")
    prose = [re.sub(r"`[^`]*`", "", line) for line in _prose(path.read_text(encoding="utf-8"))]
    assert [line for line in prose if ends.search(line)] == []


@pytest.mark.parametrize("path", NAMING, ids=NAME)
def test_every_command_and_option_that_is_named_exists(path: Path) -> None:
    wrong = []
    for code in _code(path.read_text(encoding="utf-8")):
        words = code[code.index("headway ") + len("headway ") :].split()
        name, options = _parameters(words)
        if not name and not words[0].startswith("--"):
            wrong.append(code)
        said = {word.strip("[]").split("=")[0] for word in words if word.lstrip("[").startswith("--")}
        wrong += [f"{name}: {one}" for one in said - options - {"--help", "--version", "--debug"}]
    assert wrong == []


def test_every_metric_has_its_place_in_the_pages_and_in_the_list() -> None:
    text, listed = metrics_markdown(), metric_list()
    for one in REGISTRY.values():
        assert text.count(f"({anchor(one)})=") == 1
        assert listed.count(f"(#{anchor(one)})") == 1


def test_every_statement_that_a_metric_bears_on_is_there() -> None:
    text = (HOME / "docs" / "reference" / "statements.md").read_text(encoding="utf-8")
    for claim in {claim for one in REGISTRY.values() for claim in one.claims}:
        assert f"(statement-{claim.lower()})=" in text


def test_every_public_name_is_in_the_reference() -> None:
    text = (HOME / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    said = set(re.findall(r"auto\w+:: (\w+)$", text, re.MULTILINE)) | {"metrics"}
    assert set(headway.__all__) <= said
    assert "headway.metrics()" in text


@pytest.mark.parametrize("path", [HOME / "README.md", HOME / "CONTRIBUTING.md", *DOCS], ids=NAME)
def test_every_file_that_a_document_links_to_is_there(path: Path) -> None:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    links += re.findall(r"\{download\}`[^<`]*<([^>`]+)>`", text)
    near = [link for link in links if link and "://" not in link and "generated" not in link]
    assert [link for link in near if not (path.parent / link).exists()] == []


def test_every_document_is_in_the_contents() -> None:
    home = HOME / "docs"
    listed = {
        str((path.parent / entry).relative_to(home))
        for path in DOCS
        for block in re.findall(r"```\{toctree\}(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for entry in block.split()
        if (not entry.startswith(":") and "/" in entry) or entry in ("how-it-works", "changes")
    }
    assert {str(path.relative_to(home).with_suffix("")) for path in DOCS} - listed == {"index"}

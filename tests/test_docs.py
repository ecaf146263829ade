"""The documents keep to their form, and the commands that they name exist."""

import re
from pathlib import Path

import pytest

from headway.cli import app
from headway.metrics.document import metrics_markdown

HOME = Path(__file__).parents[1]
DOCS = sorted((HOME / "docs").glob("*.md"))
NAMING = [HOME / "README.md", HOME / "CONTRIBUTING.md", *DOCS]
LIMIT = 120
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


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_no_line_of_prose_is_longer_than_120_characters(path: Path) -> None:
    assert [line for line in _prose(path.read_text(encoding="utf-8")) if len(line) > LIMIT] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_a_line_holds_one_sentence(path: Path) -> None:
    if path.name in ("metrics.md", "validation.md"):  # made by a program, which folds its lines
        return
    ends = re.compile(r"[a-z)]{3}\. [A-Z][a-z]+ [a-z]")
    prose = [re.sub(r"`[^`]*`", "", line) for line in _prose(path.read_text(encoding="utf-8"))]
    assert [line for line in prose if ends.search(line)] == []


@pytest.mark.parametrize("path", NAMING, ids=lambda path: path.name)
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


def test_the_page_of_metrics_is_the_one_that_is_made_from_their_declarations() -> None:
    assert (HOME / "docs" / "metrics.md").read_text(encoding="utf-8") == metrics_markdown()

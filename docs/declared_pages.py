"""Pages made from what the code declares: metrics, commands and the schemas of files."""

from __future__ import annotations

import json
import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any
from unittest.mock import patch

from drawings import DRAWINGS
from numpydoc.docscrape import NumpyDocString

from headway.cli import app
from headway.metrics import REGISTRY
from headway.report.metric_pages import metric_list, metric_page
from headway.schemas import STRUCTS, json_schema

PICTURES = {
    "force ladder": "ladder",
    "force line and head": "force-line",
    "lateral bounce": "over-foot",
    "weight shift": "over-foot",
    "pushed or pulled along": "neck",
    "posture": "posture",
}
"""Family of metrics to its drawing; others have none."""


def write_declared_pages(folder: Path) -> None:
    """Write all pages; a file whose text is the same is left alone, so that Sphinx does not read it again."""
    families = {family: family.replace(" ", "-") for family in dict.fromkeys(one.family for one in REGISTRY.values())}
    for family, file in families.items():
        _write(folder / "metrics" / f"{file}.md", _pictured(family))
    _write(folder / "metrics" / "index.md", _metrics_index(list(families.values())))
    for name, drawing in DRAWINGS.items():
        _write(folder / "pictures" / f"{name}.md", drawing)
    _write(folder / "commands.md", _commands())
    for name in STRUCTS:
        _write(folder / "schemas" / f"{name}.md", _schema(name))
    _write(folder / "schemas" / "index.md", _schemas_index())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _toctree(*pages: str) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *pages, "```", ""])


def _pictured(family: str) -> str:
    title, rest = metric_page(family).split("\n", 1)
    name = PICTURES.get(family)
    picture = "" if name is None else f"\n```{{include}} ../pictures/{name}.md\n```\n"
    return f"{title}\n{picture}{rest}\n"


def _metrics_index(files: list[str]) -> str:
    head = f"""# Metrics

Everything that Headway measures: {len(REGISTRY)} metrics, each declared once in the code that computes it.
`headway metrics` lists them in the terminal, `headway metrics cadence` explains one.
*Seen in running* is for orientation and is not a norm.
What is measured where, and toward which side a number counts, is in [axes and signs](../../reference/axes.md).

"""
    return head + _toctree(*files) + metric_list()


def _commands() -> str:
    """Every command with its options, as the command line itself tells them."""
    with patch.object(sys, "argv", ["headway"]):  # whose name stands in the usage
        text = app.generate_docs(output_format="markdown", recursive=True, heading_level=1)
    commands = text.partition("\n## headway ")[2]
    head = "# Commands\n\n`headway --help` and `headway COMMAND --help` print the same.\n\n## headway "
    return head + commands.replace("```console", "```text")


def _schemas_index() -> str:
    rows = [f"| [`{name}`]({name}.md) | `headway schema {name}` |" for name in STRUCTS]
    text = "# Files that Headway writes\n\nEach JSON file is a typed struct; its JSON Schema (draft 2020-12) is printed by a command.\n"
    return "\n".join([text, _toctree(*STRUCTS), "| file | its schema |", "|---|---|", *rows, ""])


def _schema(name: str) -> str:
    """Fields of a file and of everything in it, as tables."""
    schema = json.loads(json_schema(name))
    lines = [f"# `{name}.json`", "", f"`headway schema {name}` prints the JSON Schema of this page.", ""]
    for title, one in sorted(schema["$defs"].items(), key=lambda pair: pair[1] is not _root(schema)):
        lines += [f"({_anchor(name, title)})=", f"## {title}", "", *_struct(name, one)]
    return "\n".join(lines)


def _root(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"][schema["$ref"].rpartition("/")[2]]


def _anchor(name: str, title: str) -> str:
    return f"schema-{name}-{title.lower()}"


def _struct(name: str, one: dict[str, Any]) -> list[str]:
    parsed = NumpyDocString(cleandoc(one.get("description", "")))
    said = {key.strip(): " ".join(row.desc) for row in parsed["Attributes"] for key in row.name.split(",")}
    lines = [*parsed["Summary"], ""]
    if "properties" not in one:
        return [*lines, f"{_kind(name, one)}.", ""]
    needed = one.get("required", [])
    lines += ["| field | holds | what it is |", "|---|---|---|"]
    for key, kind in one["properties"].items():
        always = "" if key in needed else " (may be left out)"
        lines.append(f"| `{key}` | {_kind(name, kind)}{always} | {_plain(said.get(key, ''))} |")
    return [*lines, ""]


def _kind(name: str, kind: dict[str, Any]) -> str:
    """A type in words, with links to the structs."""
    if "$ref" in kind:
        title = kind["$ref"].rpartition("/")[2]
        return f"[{title}](#{_anchor(name, title)})"
    if "anyOf" in kind:
        return " or ".join(_kind(name, each) for each in kind["anyOf"])
    if "enum" in kind:
        return ", ".join(f"`{json.dumps(each)}`" for each in kind["enum"])
    if kind.get("type") == "array":
        inner = kind.get("items") or next(iter(kind.get("prefixItems", [])), {})
        return f"list of {_kind(name, inner)}" if inner else "list"
    if kind.get("type") == "object" and isinstance(kind.get("additionalProperties"), dict):
        return f"names to {_kind(name, kind['additionalProperties'])}"
    return str(kind.get("type", "any value"))


def _plain(text: str) -> str:
    """Docstring text in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("``", "`").replace(":data:", "").replace(":class:", "").replace(":mod:", "")

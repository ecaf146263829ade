"""What goes out with a version agrees with itself: numbers, pinned packages, the bill of materials."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

import headway

HOME = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = {"requirements.txt": (), "requirements-all.txt": ("app", "video", "sensors", "cluster", "lab", "plot")}


def names(texts: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~;! ]", text)[0] for text in texts} - {"headway"}


def test_the_version_stands_in_one_place_and_the_others_agree() -> None:
    assert PROJECT["dynamic"] == ["version"] and "version" not in PROJECT
    assert f"version: {headway.__version__}\n" in (HOME / "CITATION.cff").read_text(encoding="utf-8")
    changes = (HOME / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == headway.__version__


@pytest.mark.parametrize(("file", "extras"), PINNED.items())
def test_every_package_is_pinned_with_its_hashes_and_no_host_is_named(file: str, extras: tuple[str, ...]) -> None:
    text = (HOME / file).read_text(encoding="utf-8")
    assert "://" not in text and "index" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all(re.match(r"\S+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    wanted = names(
        PROJECT["dependencies"] + [one for extra in extras for one in PROJECT["optional-dependencies"][extra]]
    )
    assert wanted <= {entry.partition("==")[0] for entry in entries}


def test_all_is_every_extra_of_a_user() -> None:
    (text,) = PROJECT["optional-dependencies"]["all"]
    named = set(re.findall(r"\w+", text)) - {"headway"}
    brought = {"video", "sensors"}  # by the app
    developers = {"render", "opensim", "all"}
    assert named | brought | developers == set(PROJECT["optional-dependencies"])


def test_the_recipe_needs_what_the_project_needs() -> None:
    recipe = (HOME / "distribution" / "recipe" / "meta.yaml").read_text(encoding="utf-8")
    run = recipe.partition("  run:\n")[2].partition("  run_constrained:")[0]
    said = {tuple(line.split()) for line in re.findall(r"- (\S+ >=\S+)", run)} - {("python", ">=3.11")}
    assert said == {tuple(re.split(r"(?=>=)", text)) for text in PROJECT["dependencies"]}


def test_the_bill_of_materials_names_all_that_is_installed_for_headway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HOME / "distribution"))
    from dependencies import bill_of_materials, licence_list, packages

    found = packages({"", "sensors"})
    bill = bill_of_materials(found)
    listed = {one["name"] for one in bill["components"]}
    assert names(PROJECT["dependencies"]) <= listed and "fitdecode" in listed
    known = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    for one in bill["dependencies"]:
        assert one["ref"] in known and set(one["dependsOn"]) <= known
    assert bill == bill_of_materials(packages({"", "sensors"})) and "://" not in json.dumps(bill)
    assert "| numpy | " in licence_list(found)
    sys.modules.pop("dependencies")

"""What Headway rests on: ``python distribution/dependencies.py [--extra all] [--sbom sbom.json] [--licences licences.md]``.

Read from the metadata of what is installed beside it, so that it says what really runs.
The bill of materials is CycloneDX 1.6 JSON; the list of licences is a table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = "headway"
LONG = 60
"""A licence field that is longer holds the text of the licence, not its name."""
CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Package:
    """An installed package: its name, version, licence (a name, or empty), and the names of what it needs."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def packages(extras: set[str]) -> list[Package]:
    """Headway and all that it needs with these extras, by name; what is asked for and not installed is left out."""
    found: dict[str, Package] = {}
    asked = [(ROOT, frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while asked:
        name, wanted = asked.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            one = distribution(name)
        except PackageNotFoundError:
            continue
        needs = list(_needs(one, wanted))
        asked += [(canonical(need.name), frozenset(need.extras)) for need in needs]
        before = found[name].needs if name in found else ()
        names = sorted({*before, *(canonical(need.name) for need in needs)} - {name})
        found[name] = Package(name, one.version, licence(one), tuple(names))
    return [found[name] for name in sorted(found)]


def canonical(name: str) -> str:
    """A name as the registry writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(one: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for text in one.requires or ():
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield need


def licence(one: Distribution) -> str:
    """Name of a package's licence, as its metadata tells it."""
    told = one.metadata.json
    said, field = str(told.get("license_expression", "")), str(told.get("license", "")).strip()
    if not said and field and len(field) <= LONG and "\n" not in field:
        said = field
    if not said:
        approved = [
            text.removeprefix(CLASSIFIER) for text in one.metadata.get_all("Classifier") or () if CLASSIFIER in text
        ]
        said = " and ".join(approved)
    return said or field.partition("\n")[0][:LONG]


def bill_of_materials(found: list[Package]) -> dict[str, Any]:
    """CycloneDX 1.6, the same for the same packages."""
    listed = {one.name: one for one in found}
    parts = [_component(one) for one in found if one.name != ROOT]
    number = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(one.reference for one in found))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {"component": _component(listed[ROOT]) | {"type": "application"}},
        "components": parts,
        "dependencies": [
            {"ref": one.reference, "dependsOn": [listed[name].reference for name in one.needs if name in listed]}
            for one in found
        ],
    }


def _component(one: Package) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "library", "bom-ref": one.reference, "name": one.name, "version": one.version}
    part["purl"] = one.reference
    return part | ({"licenses": [{"license": {"name": one.licence}}]} if one.licence else {})


def licence_list(found: list[Package]) -> str:
    """Table of packages and licences."""
    rows = [f"| {one.name} | {one.version} | {one.licence or 'not stated'} |" for one in found if one.name != ROOT]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows, ""])


def main() -> None:
    """Write what is asked for; the list of licences to the terminal where nothing is."""
    parser = argparse.ArgumentParser(description="What Headway rests on.")
    parser.add_argument("--extra", action="append", default=[])
    parser.add_argument("--sbom", type=Path)
    parser.add_argument("--licences", type=Path)
    asked = parser.parse_args()
    found = packages({"", *asked.extra})
    if asked.sbom:
        asked.sbom.write_text(json.dumps(bill_of_materials(found), indent=2) + "\n", encoding="utf-8")
    if asked.licences or not asked.sbom:
        (asked.licences.write_text if asked.licences else sys.stdout.write)(licence_list(found))


if __name__ == "__main__":
    main()

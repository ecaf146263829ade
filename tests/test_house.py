"""Rules of the house that a reader of one file cannot see: what imports what, names given once, results with a type."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
UNTYPED = ("dict[str, Any]", "Mapping[str, Any]")
UNTYPED_LINES, FUNCTION_LINES = 40, 70
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}


@cache
def _trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def _imports() -> dict[str, set[str]]:
    """Which module imports which, anywhere in its text."""
    found: dict[str, set[str]] = {name: set() for name in MODULES}
    for name, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                found[name] |= {one if one in MODULES else node.module for one in inner}
    return {name: (others & MODULES.keys()) - {name} for name, others in found.items()}


def test_no_module_imports_itself_through_others():
    left = _imports()
    while ends := [name for name, others in left.items() if not others & left.keys()]:
        for name in ends:
            del left[name]
    # what remains imports something that remains: a circle, or a way that leads into one
    assert sorted(left) == []


def _unready(first: str, steps: dict[str, list[tuple[str, tuple[str, ...]]]]) -> list[str]:
    """What is asked of a module that has only begun, when this one is imported before all others; a package begins before what is in it."""
    begun: dict[str, set[str] | None] = {}
    faults: list[str] = []

    def run(name: str) -> None:
        for one in (".".join(name.split(".")[:k]) for k in range(1, name.count(".") + 2)):
            if one in begun or one not in MODULES:
                continue
            known = begun[one] = set()
            for source, names in steps[one]:
                run(source)
                for wanted in names:
                    run(f"{source}.{wanted}")
                    there = begun.get(source)
                    if there is not None and wanted not in there and f"{source}.{wanted}" not in MODULES:
                        faults.append(f"{first}: {one} wants {wanted} of {source}")
                known.update(names)
            begun[one] = None

    run(first)
    return faults


def test_every_module_can_be_the_first_that_is_imported():
    steps = {
        name: [
            (node.module, tuple(alias.name for alias in node.names))
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("headway")
        ]
        for name, tree in _trees().items()
    }
    assert [fault for name in MODULES for fault in _unready(name, steps)] == []


def test_a_class_name_is_given_once():
    places = defaultdict(list)
    for name, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_results_are_typed():
    lines = [
        f"{name}: {line.strip()}"
        for name, path in MODULES.items()
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(form in line for form in UNTYPED)
    ]
    assert len(lines) <= UNTYPED_LINES, "\n".join(lines)


def test_no_function_is_longer_than_a_page():
    long = {
        f"{name}.{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}

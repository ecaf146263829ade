"""Small wrong changes of the source, one at a time, that tests must notice."""

from __future__ import annotations

import ast
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "headway"
_COMPARED = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<", ast.Eq: "!=", ast.NotEq: "=="}
_ARITHMETIC = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
_SWAPPED = {
    "min": "max",
    "max": "min",
    "nanmin": "nanmax",
    "nanmax": "nanmin",
    "argmin": "argmax",
    "argmax": "argmin",
    "maximum": "minimum",
    "minimum": "maximum",
    "nanmean": "nansum",
    "cos": "sin",
    "sin": "cos",
    "sqrt": "abs",
    "hypot": "maximum",
    "floor": "ceil",
    "ceil": "floor",
    "all": "any",
    "any": "all",
}


@dataclass(frozen=True)
class Mutant:
    """One wrong change of one file.

    Attributes
    ----------
    path
        The file, below ``src/headway``.
    start, stop
        Bytes of the file that are replaced.
    text
        What stands there instead.
    line
        Where, counted from 1.
    """

    path: str
    start: int
    stop: int
    text: str
    line: int

    def before(self) -> str:
        """What stands in the source."""
        return (SOURCE / self.path).read_bytes()[self.start : self.stop].decode()

    def place(self) -> tuple[str, str, str]:
        """Path, change, and the text of the line: it stays the same where the file grows above it."""
        text = (SOURCE / self.path).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()
        return self.path, f"{self.before()} -> {self.text}", text

    def source(self) -> bytes:
        """The whole file with the change in it."""
        whole = (SOURCE / self.path).read_bytes()
        return whole[: self.start] + self.text.encode() + whole[self.stop :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before()} -> {self.text}"


@dataclass(frozen=True)
class Named:
    """A change that tests once let through, and the tests that must notice it."""

    name: str
    mutant: Mutant
    tests: tuple[str, ...]


def mutants_of(path: str) -> list[Mutant]:
    """Every single change of one file below ``src/headway``: comparisons, signs, numbers, first and last, swapped functions."""
    whole = (SOURCE / path).read_bytes()
    starts = [0]
    for line in whole.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    changes = [_change(node, whole, starts) for node in _decisive(ast.parse(whole))]
    return [Mutant(path, *change) for change in changes if change is not None]


Change = tuple[int, int, str, int]
"""First and last byte, new text, line."""


def _change(node: ast.AST, whole: bytes, starts: list[int]) -> Change | None:
    """The wrong change of one node, if its kind has one."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        new = _COMPARED[type(node.ops[0])]
        return _between(node.left, node.comparators[0], _sign(node.ops[0]), new, whole, starts)
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _between(node.left, node.right, _sign(node.op), _ARITHMETIC[type(node.op)], whole, starts)
    if isinstance(node, ast.BoolOp):
        was, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        return _between(node.values[0], node.values[1], was, new, whole, starts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        first = _place(node, starts)[0]
        return first, first + len("not" if isinstance(node.op, ast.Not) else "-"), "", node.lineno
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return *_place(node, starts), _other_number(node.value), node.lineno
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        last = _place(node.func, starts)[1]
        if name in _SWAPPED:
            return last - len(name), last, _SWAPPED[name], node.func.end_lineno or node.lineno
    return None


def _place(node: ast.expr, starts: list[int]) -> tuple[int, int]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def _between(left: ast.expr, right: ast.expr, sign: str, new: str, whole: bytes, starts: list[int]) -> Change | None:
    """Replace the operator that stands between two operands."""
    first, last = _place(left, starts)[1], _place(right, starts)[0]
    at = whole[first:last].find(sign.encode())
    if at < 0 or b"#" in whole[first:last]:
        return None
    return first + at, first + at + len(sign), new, left.end_lineno or left.lineno


def _sign(operator: ast.operator | ast.cmpop) -> str:
    signs = {
        ast.Lt: "<",
        ast.LtE: "<=",
        ast.Gt: ">",
        ast.GtE: ">=",
        ast.Eq: "==",
        ast.NotEq: "!=",
        ast.Add: "+",
        ast.Sub: "-",
        ast.Mult: "*",
        ast.Div: "/",
    }
    return signs[type(operator)]


def _other_number(value: int | float) -> str:
    """Another number of the same kind: indices and counts move by one, measures by half."""
    if isinstance(value, int):
        return str(value + 1 if value < 2 else value - 1)
    return repr(1.5 * value) if value else "1.0"


def _decisive(tree: ast.Module) -> list[ast.AST]:
    """Nodes whose change can change a number: not annotations, raised messages, texts or what the metrics declare in words."""
    found: list[ast.AST] = []

    def walk(node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "msg") or isinstance(
                node, (ast.Raise, ast.JoinedStr)
            ):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    found.append(child)
                    walk(child)

    walk(tree)
    return found


def rooms() -> dict[str, list[str]]:
    """Rooms of the source where science stands, and the tests that watch each."""
    return tomllib.loads((Path(__file__).parent / "rooms.toml").read_text(encoding="utf-8"))["rooms"]


def sample(room: str, count: int, seed: int) -> list[Mutant]:
    """Draw mutants of a room, each with equal chance; the same seed draws the same."""
    files = sorted(path.relative_to(SOURCE).as_posix() for path in (SOURCE / room).rglob("*.py"))
    pool = [one for path in files for one in mutants_of(path)]
    return random.Random(f"{room} {seed}").sample(pool, min(count, len(pool)))


def named() -> list[Named]:
    """The changes that tests once let through.

    Raises
    ------
    ValueError
        If the source no longer holds the text of one exactly once.
    """
    listed = tomllib.loads((Path(__file__).parent / "named.toml").read_text(encoding="utf-8"))["mutant"]
    return [_named(one) for one in listed]


def _named(row: dict[str, str | list[str]]) -> Named:
    path, before = str(row["path"]), str(row["before"])
    whole = (SOURCE / path).read_text(encoding="utf-8")
    if whole.count(before) != 1:
        raise ValueError(f"named.toml, {row['name']}: {path} holds '{before}' {whole.count(before)} times, not once")
    start = len(whole[: whole.index(before)].encode())
    mutant = Mutant(
        path, start, start + len(before.encode()), str(row["after"]), whole[: whole.index(before)].count("\n") + 1
    )
    return Named(str(row["name"]), mutant, tuple(row["tests"]))


def accepted() -> dict[tuple[str, str, str], str]:
    """Changes that change no result, by their place, and why."""
    listed = tomllib.loads((Path(__file__).parent / "accepted.toml").read_text(encoding="utf-8")).get("mutant", [])
    return {(one["path"], one["change"], one["line"]): str(one["why"]) for one in listed}

"""Solutions on disk: saved and loaded exactly, and kept between runs as places to start from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np

from headway.body.body_plan import BodyPlan
from headway.body.skeleton import BodyTree, Coordinate, Lengths, Skeleton
from headway.bounds import GB, read_whole
from headway.cache import LARGEST, cache_folder, find, keep
from headway.errors import RecordingError
from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.solution import Solution
from headway.simulation.step import HALVES
from headway.simulation.summary import Quality
from headway.stored.archive import NewerForm, pack, unpack
from headway.stored.result import refused_newer

VERSION = 2
"""Of what is stored: raised when its layout or the decision variables of a step change."""
MODEL = 2
"""Of what is solved: raised whenever equations, limits or costs change, so that no solution of another model is found."""
REMEDY = "give a solution.npz that headway simulate wrote"
MOST_INTERVALS = 10_000
"""Finest mesh of a step that a file may state."""
Axes = tuple[float, float, float]


def save_solution(solution: Solution, path: str | Path) -> None:
    """Write a solution as one NumPy archive (``unknowns``, and everything else as JSON text in ``rest``).

    Parameters
    ----------
    solution
        Comes back exactly, body and all.
    path
        File (npz); its folder must exist.
    """
    Path(path).write_bytes(packed(solution))


def load_solution(path: str | Path) -> Solution:
    """Read what :func:`save_solution` wrote.

    Raises
    ------
    RecordingError
        There is no such file, or it holds no solution of this version.
    """
    source = Path(path)
    if not source.is_file():
        raise RecordingError(str(path), "there is no such file", REMEDY)
    content = read_whole(source, GB, REMEDY)
    try:
        return unpacked(content)
    except NewerForm as error:
        raise refused_newer(str(path), error.version, VERSION, error.headway) from error
    except Exception as error:  # damaged bytes raise anything in zip, NumPy, msgspec and the body that is built of them
        told = " ".join(str(error).split())[:100]
        raise RecordingError(str(path), f"holds no simulated step ({told})", REMEDY) from error


class SolutionCache:
    """Solutions of earlier runs, found again by what was asked.

    Parameters
    ----------
    folder
        Where they are kept; ``None`` is the user's cache folder.
    largest
        Bytes that they may take.
    """

    def __init__(self, folder: Path | None = None, largest: int = LARGEST) -> None:
        self.folder, self.largest = cache_folder(folder), largest

    def find(
        self,
        skeleton: Skeleton,
        condition: Condition,
        cost: CostFunction,
        speed: float,
        intervals: int,
        ground: Ground | None = None,
    ) -> Solution | None:
        """A solution that was found for the same body, condition, cost function, speed, mesh and ground; ``None`` without one.

        It is a place to start from, not an answer: a damaged or older file counts as none.
        """
        return find(self._place(_key(skeleton, condition, cost, speed, intervals, ground or Ground())), unpacked)

    def put(self, solution: Solution) -> bool:
        """Keep a solution; tell whether that worked."""
        one = solution
        key = _key(one.skeleton, one.condition, one.cost, one.speed, one.intervals, one.ground, one.steps)
        return one.quality.solved and keep(self._place(key), packed(one), self.largest)

    def _place(self, key: str) -> Path:
        return self.folder / f"step-{key}.npz"


def _key(
    skeleton: Skeleton,
    condition: Condition,
    cost: CostFunction,
    speed: float,
    intervals: int,
    ground: Ground,
    steps: int = 1,
) -> str:
    asked = {name: value for name, value in asdict(condition).items() if name != "name"}
    parts = [VERSION, MODEL, _body(skeleton), asked, cost.values(), round(speed, 9), intervals, asdict(ground)]
    return hashlib.blake2b(json.dumps(parts if steps == 1 else [*parts, steps]).encode(), digest_size=20).hexdigest()


class _Joint(msgspec.Struct, frozen=True):
    """A coordinate of a body."""

    name: str
    kind: Literal["slide", "hinge"]
    axis: Axes
    lower: float
    upper: float
    strength: tuple[float, float]
    fastest: float
    stiffness: float


class _Body(msgspec.Struct, frozen=True):
    """A segment of a skeleton."""

    name: str
    parent: str | None
    mass: float
    offset: Axes
    com: Axes
    inertia: tuple[Axes, Axes, Axes]
    points: dict[str, Axes]
    coordinates: tuple[_Joint, ...]


class _Skeleton(msgspec.Struct, frozen=True):
    """All of a skeleton in types that JSON knows; numbers keep every digit."""

    height: float
    sex: str | None
    lengths: Lengths
    bodies: tuple[_Body, ...]


class _Rest(msgspec.Struct, frozen=True):
    """A solution without its decision variables."""

    version: int
    skeleton: _Skeleton
    condition: Condition
    cost: CostFunction
    ground: Ground
    quality: Quality
    intervals: Annotated[int, msgspec.Meta(ge=1, le=MOST_INTERVALS)]
    objective: float
    speed_price: float
    steps: Literal[1, 2] = 1
    parts: tuple[float, float] = HALVES


def packed(solution: Solution) -> bytes:
    """A solution as the bytes of a file."""
    rest = {
        "version": VERSION,
        "skeleton": _body(solution.skeleton),
        **{name: asdict(getattr(solution, name)) for name in ("condition", "cost", "ground", "quality")},
        "intervals": solution.intervals,
        "objective": solution.objective,
        "speed_price": solution.speed_price,
        "steps": solution.steps,
        "parts": solution.parts,
    }
    return pack("step", VERSION, {"unknowns": solution.variables}, json.dumps(rest))


def unpacked(content: bytes) -> Solution:
    """A solution from :func:`packed`; raises anything where the bytes are damaged."""
    stored = unpack("step", VERSION, content)
    rest, variables = msgspec.convert(json.loads(stored.rest), _Rest), stored.arrays["unknowns"]
    if rest.version != VERSION:
        raise ValueError(f"version {rest.version}")
    if not 0 < rest.parts[1] - rest.parts[0] < 2:
        raise ValueError("no two parts of a stride")
    if set(stored.arrays) != {"unknowns"} or variables.ndim != 1 or variables.dtype.kind != "f":
        raise ValueError("unknown arrays")
    found = Solution(
        skeleton=_skeleton(rest.skeleton),
        intervals=rest.intervals,
        variables=variables.astype(float),
        objective=rest.objective,
        speed_price=rest.speed_price,
        condition=rest.condition,
        cost=rest.cost,
        ground=rest.ground,
        quality=rest.quality,
        steps=rest.steps,
        parts=rest.parts,
    )
    if found.layout.size != len(variables) or not np.isfinite(variables).all():
        raise ValueError("the decision variables do not fit the body")
    return found


def _body(skeleton: Skeleton) -> dict[str, object]:
    return {
        "height": skeleton.plan.height,
        "sex": skeleton.plan.sex,
        "lengths": asdict(skeleton.lengths),
        "bodies": [
            {
                "name": body.name,
                "parent": body.parent,
                "mass": float(body.mass),
                "offset": _list(body.offset),
                "com": _list(body.com),
                "inertia": _list(body.inertia),
                "points": {name: _list(place) for name, place in body.points.items()},
                "coordinates": [
                    {**vars(one), "axis": _list(one.axis), "lower": float(one.lower), "upper": float(one.upper),
                     "strength": [float(side) for side in one.strength], "fastest": float(one.fastest)}
                    for one in body.coordinates
                ],
            }
            for body in skeleton.bodies
        ],
    }  # fmt: skip


def _skeleton(stored: _Skeleton) -> Skeleton:
    bodies = tuple(
        BodyTree(
            body.name, body.parent, np.array(body.offset),
            tuple(Coordinate(**{**msgspec.structs.asdict(one), "axis": np.array(one.axis)}) for one in body.coordinates),
            body.mass, np.array(body.com), np.array(body.inertia),
            {name: np.array(place) for name, place in body.points.items()},
        )
        for body in stored.bodies
    )  # fmt: skip
    return Skeleton(bodies, BodyPlan(stored.height, stored.sex), stored.lengths)


def _list(values: object) -> object:
    return np.asarray(values, dtype=float).tolist()

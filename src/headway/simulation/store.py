"""Solutions on disk: saved and loaded exactly, and kept between runs as places to start from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from headway.body.body_plan import BodyPlan
from headway.body.skeleton import BodyTree, Coordinate, Lengths, Skeleton
from headway.cache import LARGEST, cache_folder, keep
from headway.errors import RecordingError
from headway.recording import FloatArray
from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.solution import Solution
from headway.simulation.summary import Quality

VERSION = 2
"""Of what is stored: raised when its layout or the decision variables of a step change."""
MODEL = 2
"""Of what is solved: raised whenever equations, limits or costs change, so that no solution of another model is found."""
_PLAIN = {"condition": Condition, "cost": CostFunction, "ground": Ground, "quality": Quality}
_FAULTS = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, msgspec.MsgspecError)


def save_solution(solution: Solution, path: str | Path) -> None:
    """Write a solution as one NumPy archive (``unknowns``, and everything else as JSON text in ``rest``).

    Parameters
    ----------
    solution
        Comes back exactly, body and all.
    path
        File (npz); its folder must exist.
    """
    with Path(path).open("wb") as file:
        np.savez_compressed(file, **_arrays(solution))


def load_solution(path: str | Path) -> Solution:
    """Read what :func:`save_solution` wrote.

    Raises
    ------
    RecordingError
        There is no such file, or it holds no solution of this version.
    """
    try:
        return _read(Path(path))
    except _FAULTS as error:
        what = "there is no such file" if not Path(path).exists() else f"holds no simulated step ({error})"
        raise RecordingError(str(path), what, "give a solution.npz that headway simulate wrote") from error


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
        path = self._place(_key(skeleton, condition, cost, speed, intervals, ground or Ground()))
        try:
            found = _read(path)
        except _FAULTS:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return found

    def put(self, solution: Solution) -> bool:
        """Keep a solution; tell whether that worked."""
        one = solution
        key = _key(one.skeleton, one.condition, one.cost, one.speed, one.intervals, one.ground)
        return one.quality.solved and keep(self._place(key), _arrays(one), self.largest)

    def _place(self, key: str) -> Path:
        return self.folder / f"step-{key}.npz"


def _key(
    skeleton: Skeleton, condition: Condition, cost: CostFunction, speed: float, intervals: int, ground: Ground
) -> str:
    asked = {name: value for name, value in asdict(condition).items() if name != "name"}
    parts = [VERSION, MODEL, _body(skeleton), asked, cost.values(), round(speed, 9), intervals, asdict(ground)]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=20).hexdigest()


def _arrays(solution: Solution) -> dict[str, Any]:
    rest = {
        "version": VERSION,
        "skeleton": _body(solution.skeleton),
        **{name: asdict(getattr(solution, name)) for name in _PLAIN},
        "intervals": solution.intervals,
        "objective": solution.objective,
        "speed_price": solution.speed_price,
    }
    return {"unknowns": solution.variables, "rest": np.array(json.dumps(rest))}


def _read(path: Path) -> Solution:
    with np.load(path, allow_pickle=False) as stored:
        variables, rest = np.asarray(stored["unknowns"], dtype=float), json.loads(str(stored["rest"]))
    if rest["version"] != VERSION:
        raise ValueError(f"version {rest['version']}")
    parts: dict[str, Any] = {name: msgspec.convert(rest[name], kind) for name, kind in _PLAIN.items()}
    found = Solution(
        skeleton=_skeleton(rest["skeleton"]),
        intervals=int(rest["intervals"]),
        variables=variables,
        objective=float(rest["objective"]),
        speed_price=float(rest["speed_price"]),
        **parts,
    )
    if found.layout.size != len(variables) or not np.isfinite(variables).all():
        raise ValueError("the decision variables do not fit the body")
    return found


def _body(skeleton: Skeleton) -> dict[str, Any]:
    """All of a skeleton in types that JSON knows; numbers keep every digit."""
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


def _skeleton(stored: dict[str, Any]) -> Skeleton:
    bodies = tuple(
        BodyTree(
            body["name"], body["parent"], _array(body["offset"]),
            tuple(
                Coordinate(**{**one, "axis": _array(one["axis"]), "strength": (one["strength"][0], one["strength"][1])})
                for one in body["coordinates"]
            ),
            body["mass"], _array(body["com"]), _array(body["inertia"]),
            {name: _array(place) for name, place in body["points"].items()},
        )
        for body in stored["bodies"]
    )  # fmt: skip
    return Skeleton(bodies, BodyPlan(stored["height"], stored["sex"]), msgspec.convert(stored["lengths"], Lengths))


def _list(values: object) -> Any:
    return np.asarray(values, dtype=float).tolist()


def _array(values: object) -> FloatArray:
    return np.asarray(values, dtype=float)

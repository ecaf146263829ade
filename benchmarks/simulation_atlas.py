"""Atlas of local solutions: ``python benchmarks/simulation_atlas.py FOLDER [--starts level,bounding,0,1,run300] [--from DATA] [--held]``.

A start is a style of Headway, the number of a cold start at 3.5 m/s, or ``run300``: a measured runner of ``hamner2013`` in DATA, from whom
the price on other joint angles is taken away bit by bit at 3 m/s. Each is continued to 1.5 and to 6 m/s in steps of a quarter of a metre
per second; a step that fails is halved. Solutions are kept in FOLDER, so that the script goes on where it was stopped, or prints what is
there (``--finished``). The first table has every start at every half metre per second; solutions of one speed that cost the same are one
basin. ``--held`` asks the held head of every basin. ``--again`` takes the styles alone on the mesh they ship with: after a change of the
weights, or with ``--write`` to make what was found the styles that ship. ``--quick`` stays at 3 to 4 m/s.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from headway.simulation.balance import balances
from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.run import ALIKE
from headway.simulation.solution import Solution
from headway.simulation.styles import STYLES, save_styles, styles
from headway.simulation.verdict import judge
from simulation_held import SHOWN as ASKED
from simulation_held import Cells
from simulation_kept import KeptSolutions
from simulation_measured import measured_start

COLD, COARSE = 3.5, 10
SLOWEST, FASTEST, QUICK = 1.5, 6.0, (3.0, 4.0)
STEP, LEAST, ITERATIONS = 0.25, 0.06, 200
"""Steps of speed, the shortest that is tried, m/s, and the iterations after which one has failed."""
TOLD = 0.5
"""Speeds of the table are multiples of this, m/s."""
CREDIBLE = 0.1
"""Share by which a basin may cost more than the cheapest at its speed and still be running that a runner would choose."""
SHOWN = {"cadence": 1, "contact_time": 1000, "vertical_oscillation": 1000, "peak_vertical_grf": 1, "step_width": 1000,
         "work_per_metre": 1, "head_lateral_amplitude": 1000}  # fmt: skip
BALANCES = ("ground_force", "momentum", "energy")
DATA = Path(__file__).parents[1] / "src" / "headway" / "data"
Found = dict[float, Solution]


class Atlas:
    """Solutions by start and speed, kept in a folder; the free runner with the leading cost."""

    def __init__(self, kept: KeptSolutions, mesh: int, goals: tuple[float, float]) -> None:
        self.kept, self.mesh, self.goals = kept, mesh, goals

    def solve(self, name: str, speed: float, start: Solution | None, seed: int = 0) -> Solution:
        """One speed of one start."""
        free, cost = CONDITIONS["free"], COSTS["effort"]
        return self.kept.solve(name, free, cost, speed, self.mesh, start, seed=seed, iterations=ITERATIONS)

    def begun(self, name: str, data: Path | None) -> Found:
        """Where a start begins: of a style what is known of it, otherwise one speed."""
        for style in styles():
            if style.name == name:
                near = {s: style.near(self.kept.skeleton, self.kept.ground, s) for s in style.speeds.tolist()}
                every = [self.solve(name, speed, start) for speed, start in near.items() if self._within(speed)]
                return {one.speed: one for one in every if one.quality.solved}
        if not name.isdigit():
            one = self.kept.found(name, 3.0, self.mesh)
            if one is None and data is not None:
                one = measured_start(self.kept, name, data, self.mesh)
            return {} if one is None else {one.speed: one}
        one = self.solve(name, COLD, None, seed=int(name))
        return {COLD: one} if one.quality.solved else {}

    def continued(self, name: str, data: Path | None) -> Found:
        """A start at all speeds that it reaches."""
        found = self.begun(name, data)
        for goal in self.goals if found else ():
            self._walk(name, found, goal)
        return found

    def _within(self, speed: float) -> bool:
        return self.goals[0] <= speed <= self.goals[1]

    def _walk(self, name: str, found: Found, goal: float) -> None:
        """Continue to a speed; a step that fails is halved until it is too short."""
        way = 1.0 if goal > min(found) else -1.0
        at, step = (max(found) if way > 0 else min(found)), STEP
        while way * (goal - at) > 0 and step >= LEAST:
            speed = at + way * min(step, abs(goal - at))
            one = self.solve(name, speed, predicted(found, speed))
            if one.quality.solved:
                found[speed], at = one, speed
            else:
                step /= 2


def predicted(found: Found, speed: float) -> Solution:
    """Where the line through the two nearest speeds leads: the predictor of a continuation."""
    near, *others = sorted(found, key=lambda other: abs(other - speed))
    if not others or abs(others[0] - near) > 1.0:
        return found[near]
    slope = (found[near].variables - found[others[0]].variables) / (near - others[0])
    return replace(found[near], variables=found[near].variables + (speed - near) * slope)


@dataclass(frozen=True)
class Basin:
    """Solutions of one speed that cost the same.

    Attributes
    ----------
    letter
        In the order of the costs at this speed.
    starts
        That end here.
    solution
        One of them.
    dearer
        Share by which it costs more than the cheapest at this speed.
    """

    letter: str
    starts: tuple[str, ...]
    solution: Solution
    dearer: float


def basins(every: dict[str, Found]) -> dict[float, list[Basin]]:
    """Basins by speed, the cheapest first."""
    out: dict[float, list[Basin]] = {}
    for speed in sorted({s for found in every.values() for s in found if s % TOLD == 0}):
        ranked = sorted(((found[speed], name) for name, found in every.items() if speed in found), key=_cost)
        groups: list[list[tuple[Solution, str]]] = []
        for one in ranked:
            if groups and _cost(one) < _cost(groups[-1][0]) * (1 + ALIKE):
                groups[-1].append(one)
            else:
                groups.append([one])
        out[speed] = [
            Basin(chr(65 + k), tuple(name for _, name in group), group[0][0], _cost(group[0]) / _cost(ranked[0]) - 1)
            for k, group in enumerate(groups)
        ]
    return out


def _cost(one: tuple[Solution, str]) -> float:
    return one[0].objective


def print_atlas(every: dict[float, list[Basin]]) -> None:
    """Every cell: what all starts ended as."""
    print("| m/s | basin | starts | cost | " + " | ".join((*SHOWN, *BALANCES)) + " |")
    print("|---|---|---|---|" + "---|" * len((*SHOWN, *BALANCES)))
    for speed, found in every.items():
        for one in found:
            values = outcomes(one.solution)
            cells = [f"{values[key] * scale:.3g}" for key, scale in SHOWN.items()]
            balance = balances(one.solution)
            cells += [f"{balance[name]:.0e}" for name in BALANCES]
            names = ", ".join(one.starts)
            print(f"| {speed:g} | {one.letter} | {names} | {one.solution.objective:.3f} | " + " | ".join(cells) + " |")


def print_held(kept: KeptSolutions, mesh: int, every: dict[float, list[Basin]]) -> None:
    """Held against free in every basin, and what agrees over them."""
    changes: dict[str, dict[str, float]] = {outcome: {} for outcome in ASKED}
    credible: list[str] = []
    rows, count = [], sum(len(found) for found in every.values())
    for speed, found in every.items():
        for one in found:
            name = f"{speed:g} {one.letter}"
            cells = Cells(kept, "held", speed, mesh)
            free, held = cells.pair(one.starts[0], 1.0, COSTS["effort"], one.solution)
            if not (free.quality.solved and held.quality.solved):
                print(f"{name}: no solution")
                continue
            before, after = outcomes(free), outcomes(held)
            for outcome in ASKED:
                changes[outcome][name] = 100 * (after[outcome] / before[outcome] - 1)
            told = " | ".join(f"{changes[outcome][name]:+.1f} %" for outcome in ASKED)
            dearer = 100 * (held.objective / free.objective - 1)
            rows.append(f"| {speed:g} | {one.letter} | {free.objective:.3f} | {dearer:+.2f} % | {told} |")
            credible += [name] if one.dearer <= CREDIBLE else []
    print("\n| m/s | basin | cost of free | cost of held | " + " | ".join(ASKED.values()) + " |")
    print("|---|---|---|---|" + "---|" * len(ASKED), *rows, sep="\n")
    for outcome, words in ASKED.items():
        print(f"{words}: all basins: {_verdict(changes[outcome], count)}")
        few = {name: changes[outcome][name] for name in credible}
        print(f"{words}: at most {100 * CREDIBLE:.0f} % dearer than the cheapest: {_verdict(few, len(few))}")


def _verdict(changes: dict[str, float], needed: int) -> str:
    """From least to most, in how many cells which way, and the verdict of the reports."""
    _, verdict = judge(changes, 100.0, dict.fromkeys(changes, "style or speed"), needed, 2)
    ways = [sum(value > 0.2 for value in changes.values()), sum(value < -0.2 for value in changes.values())]
    least, most = min(changes.values()), max(changes.values())
    return f"{least:+.1f} to {most:+.1f} %, higher in {ways[0]} and lower in {ways[1]} of {len(changes)}, {verdict}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Solve, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--starts", default="level,bounding,0,1")
    parser.add_argument("--from", dest="data", type=Path, help="folder of the data sets, for the start run300")
    parser.add_argument("--mesh", type=int, default=COARSE)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--finished", action="store_true", help="print what is in the folder, solve nothing")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true", help="make what was found the styles that ship")
    given = parser.parse_args(arguments)
    mesh = styles()[0].intervals if given.again else given.mesh
    names = [style.name for style in styles()] if given.again else given.starts.split(",")
    kept = KeptSolutions(given.folder, finished=given.finished)
    atlas = Atlas(kept, mesh, QUICK if given.quick else (SLOWEST, FASTEST))
    every = {name: atlas.continued(name, given.data) for name in names}
    found = basins(every)
    print_atlas(found)
    if given.held:
        print_held(kept, mesh, found)
    if given.write:
        save_styles(DATA / STYLES, {name: [one for _, one in sorted(every[name].items())] for name in names})
        print(f"written: {DATA / STYLES}, {(DATA / STYLES).stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()

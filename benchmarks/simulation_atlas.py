"""Atlas of local solutions: ``python benchmarks/simulation_atlas.py FOLDER [--seeds 0,1,2] [--again] [--write NAME=SEED ...]``.

Every seed is a cold start at 3.5 m/s on a coarse mesh, brought to the usual one and continued to 2 and to 6 m/s in steps of half a metre
per second; what fails is tried again from its other neighbour. Solutions are kept in FOLDER, so that the script goes on where it was
stopped. ``--again`` starts from the styles that Headway has instead: after a change of the weights. The table has every solution;
``--write`` makes seeds the styles that ship with Headway, the first one leading.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.store import load_solution, save_solution
from headway.simulation.styles import STYLES, save_styles, styles
from headway.simulation.task import Task, perform
from simulation_reference import RUNNER

FIRST, COARSE, INTERVALS = 3.5, 10, 20
WAYS = ((3.0, 2.5, 2.0), (4.0, 4.5, 5.0, 5.5, 6.0))
SHOWN = {"cadence": 1, "contact_time": 1000, "vertical_oscillation": 1000, "peak_vertical_grf": 1, "step_width": 1000,
         "work_per_metre": 1, "head_lateral_amplitude": 1000}  # fmt: skip
DATA = Path(__file__).parents[1] / "src" / "headway" / "data"


class Atlas:
    """Solutions by seed and speed, kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.skeleton, self.ground = simulated_skeleton(**RUNNER), Ground()
        folder.mkdir(parents=True, exist_ok=True)

    def solve(self, name: str, speed: float, start: Solution | None, seed: int = 0, mesh: int = INTERVALS) -> Solution:
        """A solution from the folder, or solved and put there whether it is one or not."""
        path = self.folder / f"{name}_{speed:.2f}_{mesh}.npz"
        if path.exists() and (kept := load_solution(path)).quality.solved:
            return kept
        parts = self.skeleton, self.ground, mesh, CONDITIONS["free"], COSTS["effort"]
        found = perform(Task(name, *parts, speed, start=start, seed=seed))
        save_solution(found, path)
        print(f"{name} {speed} m/s: {found.quality.status}, {found.quality.iterations} iterations", flush=True)
        return found

    def continued(self, name: str, seed: int) -> list[Solution]:
        """A seed at all speeds."""
        coarse = self.solve(name, FIRST, None, seed, COARSE)
        first = self.solve(name, FIRST, coarse)
        return self.filled(name, {FIRST: first} if first.quality.solved else {})

    def filled(self, name: str, found: dict[float, Solution]) -> list[Solution]:
        """Solutions at all speeds, from those at some: along both ways, then what failed again from the nearest there is."""
        for speed in (*(speed for way in WAYS for speed in way), *(speed for way in WAYS for speed in way)):
            if found and speed not in found:
                one = self.solve(name, speed, predicted(found, speed))
                if one.quality.solved:
                    found[speed] = one
        return [found[speed] for speed in sorted(found)]

    def again(self) -> dict[str, list[Solution]]:
        """The styles that Headway has, solved again, and speeds that they lack."""
        out: dict[str, list[Solution]] = {}
        for style in styles():
            every = [
                self.solve(style.name, s, style.near(self.skeleton, self.ground, s)) for s in style.speeds.tolist()
            ]
            out[style.name] = self.filled(style.name, {one.speed: one for one in every if one.quality.solved})
        return out


def predicted(found: dict[float, Solution], speed: float) -> Solution:
    """Where the line through the two nearest speeds leads: the predictor of a continuation."""
    near, *others = sorted(found, key=lambda other: abs(other - speed))
    if not others or abs(others[0] - near) > 1.0:
        return found[near]
    slope = (found[near].variables - found[others[0]].variables) / (near - others[0])
    return replace(found[near], variables=found[near].variables + (speed - near) * slope)


def main() -> None:
    """Solve, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--write", nargs="*", default=[], metavar="NAME=SEED")
    arguments = parser.parse_args()
    atlas = Atlas(arguments.folder)
    seeds = [] if arguments.again else arguments.seeds.split(",")
    found = atlas.again() if arguments.again else {seed: atlas.continued(seed, int(seed)) for seed in seeds}
    print("| start | m/s | cost | " + " | ".join(SHOWN) + " |\n|---|---|---|" + "---|" * len(SHOWN))
    for name, every in found.items():
        for one in every:
            values = outcomes(one)
            cells = [f"{values[key] * scale:.4g}" for key, scale in SHOWN.items()]
            print(f"| {name} | {one.speed:g} | {one.objective:.3f} | " + " | ".join(cells) + " |")
    if arguments.write:
        named = dict(one.split("=") for one in arguments.write)
        save_styles(DATA / STYLES, {name: found[seed] for name, seed in named.items()})
        print(f"written: {DATA / STYLES}, {np.round((DATA / STYLES).stat().st_size / 1e3)} kB")


if __name__ == "__main__":
    main()

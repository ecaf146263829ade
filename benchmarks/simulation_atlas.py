"""Atlas of local solutions: ``python benchmarks/simulation_atlas.py FOLDER [--seeds 0,1,2] [--again] [--write NAME=SEED ...]``.

Every seed is a cold start at 3.5 m/s on a coarse mesh, brought to the usual one and continued to 2 and to 6 m/s in steps of half a metre
per second; what fails is tried again from its other neighbour. Solutions are kept in FOLDER, so that the script goes on where it was
stopped. ``--again`` starts from the styles that Headway has instead: after a change of the weights. The table has every solution;
``--write`` makes seeds the styles that ship with Headway, the first one leading. ``--quick`` stays on the coarse mesh, at 3 to 4 m/s.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.simulation.conditions import CONDITIONS
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.solution import Solution
from headway.simulation.styles import STYLES, save_styles, styles
from simulation_kept import KeptSolutions

FIRST, COARSE, INTERVALS = 3.5, 10, 20
WAYS = ((3.0, 2.5, 2.0), (4.0, 4.5, 5.0, 5.5, 6.0))
SHORT = ((3.0,), (4.0,))
SHOWN = {"cadence": 1, "contact_time": 1000, "vertical_oscillation": 1000, "peak_vertical_grf": 1, "step_width": 1000,
         "work_per_metre": 1, "head_lateral_amplitude": 1000}  # fmt: skip
DATA = Path(__file__).parents[1] / "src" / "headway" / "data"


class Atlas:
    """Solutions by seed and speed, kept in a folder."""

    def __init__(self, kept: KeptSolutions, *, quick: bool) -> None:
        self.kept, self.mesh, self.ways = kept, COARSE if quick else INTERVALS, SHORT if quick else WAYS

    def solve(
        self, name: str, speed: float, start: Solution | None, *, seed: int = 0, coarse: bool = False
    ) -> Solution:
        """The free runner with the leading cost."""
        mesh = COARSE if coarse else self.mesh
        return self.kept.solve(name, CONDITIONS["free"], COSTS["effort"], speed, mesh, start, seed=seed)

    def continued(self, name: str, seed: int) -> list[Solution]:
        """A seed at all speeds."""
        coarse = self.solve(name, FIRST, None, seed=seed, coarse=True)
        first = self.solve(name, FIRST, coarse)
        return self.filled(name, {FIRST: first} if first.quality.solved else {})

    def filled(self, name: str, found: dict[float, Solution]) -> list[Solution]:
        """Solutions at all speeds, from those at some: along both ways, then what failed again from the nearest there is."""
        for speed in 2 * [speed for way in self.ways for speed in way]:
            if found and speed not in found:
                one = self.solve(name, speed, predicted(found, speed))
                if one.quality.solved:
                    found[speed] = one
        return [found[speed] for speed in sorted(found)]

    def again(self) -> dict[str, list[Solution]]:
        """The styles that Headway has, solved again, and speeds that they lack."""
        out: dict[str, list[Solution]] = {}
        for style in styles():
            begun = {s: style.near(self.kept.skeleton, self.kept.ground, s) for s in style.speeds.tolist()}
            every = [self.solve(style.name, speed, start) for speed, start in begun.items()]
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
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", nargs="*", default=[], metavar="NAME=SEED")
    arguments = parser.parse_args()
    atlas = Atlas(KeptSolutions(arguments.folder), quick=arguments.quick)
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

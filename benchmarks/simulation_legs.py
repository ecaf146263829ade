"""What if the legs are not alike? ``python benchmarks/simulation_legs.py [--speed 3.5] [--mesh 10] [--longer 0.02] [--ankle 0.7]``.

Two steps that need not mirror each other: with a longer left leg and with a weaker left ankle, both begun from the mirrored step, and with
equal legs, begun from the solution of the longer leg: equal legs may be used differently too.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from headway.simulation.balance import balances
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.solve import solve_step
from headway.simulation.step import StepProblem
from headway.simulation.stride import StrideProblem, fitted, longer_leg, side_outcomes, weaker_ankle
from headway.simulation.styles import styles
from simulation_reference import RUNNER

SHOWN = {
    "contact_time": ("contact time, ms", 1000.0),
    "flight_time": ("flight time, ms", 1000.0),
    "peak_vertical_grf": ("peak upward force, BW", 1.0),
    "work_per_metre": ("work per metre in its step, J/(kg·m)", 1.0),
    "hip_adduction": ("hip adduction, deg", float(np.degrees(1.0))),
    "knee_extension_moment": ("knee moment, N·m/kg", 1.0),
    "ankle_plantarflexion_moment": ("ankle moment, N·m/kg", 1.0),
}


def told(name: str, one: Solution, alone: Solution, seconds: float) -> str:
    """A line of the table: right / left."""
    legs = side_outcomes(one)
    cells = [f"{size * legs['right'][key]:.3g} / {size * legs['left'][key]:.3g}" for key, (_, size) in SHOWN.items()]
    cost = f"{one.objective:.3f} ({100 * (one.objective / alone.objective - 1):+.1f} %)"
    return f"| {name} | {cost} | {60 / one.step_time:.0f} | {' | '.join(cells)} | {one.quality.iterations}, {seconds:.0f} s |"


def main() -> None:
    """Solve and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=3.5)
    parser.add_argument("--mesh", type=int, default=10)
    parser.add_argument("--longer", type=float, default=0.02)
    parser.add_argument("--ankle", type=float, default=0.7)
    arguments = parser.parse_args()
    body, ground, free, cost = simulated_skeleton(**RUNNER), Ground(), CONDITIONS["free"], COSTS["effort"]
    begun = styles()[0].near(body, ground, arguments.speed)
    alone = solve_step(StepProblem(body, arguments.mesh, ground), free, cost, arguments.speed, start=begun)
    print(f"one step, mirrored: cost {alone.objective:.3f}, {alone.quality.status}\n")
    print(f"| legs | cost | steps/min | {' | '.join(words for words, _ in SHOWN.values())} | iterations, processor |")
    print("|" + "---|" * (len(SHOWN) + 4))
    long, weak = longer_leg(body, "left", arguments.longer), weaker_ankle(body, "left", arguments.ankle)
    found = alone
    for name, other in ((f"left ankle {100 * arguments.ankle:.0f} %", weak),
                        (f"left {1000 * arguments.longer:.0f} mm longer", long), ("equal", body)):  # fmt: skip
        spent = time.process_time()
        start = fitted(found if other is body else alone, other)
        found = solve_step(StrideProblem(other, arguments.mesh, ground), free, cost, arguments.speed, start=start)
        if not found.quality.solved:
            print(f"| {name} | {found.quality.status} |")
            return
        print(told(name, found, alone, time.process_time() - spent), flush=True)
        laws = {key: value for key, value in balances(found).items() if key != "between"}
        print("  laws: " + ", ".join(f"{key} {value:.0e}" for key, value in laws.items()))


if __name__ == "__main__":
    main()

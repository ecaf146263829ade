"""How much faster a sweep of the speed is with two processes: ``python benchmarks/simulation_sweep.py [--values 6] [--mesh 12]``.

The sweep's first condition at every speed, as ``headway simulate --quick`` solves it, with one process and with two. Tells time that passed
and processor time, of the processes too.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np

from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.plan import LEAD, SweepPlan
from headway.simulation.run import first_solutions
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.styles import styles
from simulation_reference import RUNNER

SLOWEST, FASTEST = 2.6, 4.4


def processor_seconds() -> float:
    """Of this process and of those that it has ended."""
    found = os.times()
    return found.user + found.system + found.children_user + found.children_system


def main() -> None:
    """Solve twice and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=6)
    parser.add_argument("--mesh", type=int, default=12)
    arguments = parser.parse_args()
    skeleton, ground, style = simulated_skeleton(**RUNNER), Ground(), styles()[0]
    free = (CONDITIONS["free"],)
    plans = [
        SweepPlan(skeleton, speed, free, (LEAD,), arguments.mesh, begin=style.near(skeleton, ground, speed))
        for speed in np.linspace(SLOWEST, FASTEST, arguments.values).round(3).tolist()
    ]
    passed = {}
    for workers in (1, 2):
        began, spent = time.monotonic(), processor_seconds()
        found, _ = first_solutions(plans, workers, None)
        passed[workers] = time.monotonic() - began
        solved = sum(one is not None for one in found)
        spent = processor_seconds() - spent
        print(
            f"{workers} processes: {passed[workers]:.0f} s, {spent:.0f} s of processor, {solved} of {len(plans)} solved"
        )
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{passed[1] / passed[2]:.2f} times as fast ({cores} cores, load {load:.1f})")


if __name__ == "__main__":
    main()

"""How much faster a sweep of the speed is with two processes: ``python benchmarks/simulation_sweep.py [--values 6] [--mesh 12]``.

The sweep's first condition at every speed, as ``headway simulate --quick`` solves it, with one process and with two. Tells time that passed
and processor time. On a machine that is busy with other things the time that passed says nothing: the processor time of one process over
that of the busier of the two is how much faster two are where two cores are free.
"""

from __future__ import annotations

import argparse
import os
import threading
import time

import numpy as np
import psutil

from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.plan import LEAD, SweepPlan
from headway.simulation.run import first_solutions
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.styles import styles
from simulation_reference import RUNNER

SLOWEST, FASTEST = 2.6, 4.4


class Watched:
    """Processor seconds of this process and of each that it started, while the block runs."""

    def __enter__(self) -> Watched:
        self.own, self.others, self._over = 0.0, {}, threading.Event()
        self._began = time.process_time()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.own = time.process_time() - self._began

    @property
    def busiest(self) -> float:
        """Of the process that did most."""
        return max(self.others.values(), default=self.own)

    def _look(self) -> None:
        while not self._over.wait(0.2):
            for one in psutil.Process().children():
                try:
                    spent = one.cpu_times()
                except psutil.Error:  # it has ended
                    continue
                self.others[one.pid] = spent.user + spent.system


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
    passed, busiest = {}, {}
    for workers in (2, 1):
        began = time.monotonic()
        with Watched() as spent:
            found, _ = first_solutions(plans, workers, None)
        passed[workers], busiest[workers] = time.monotonic() - began, spent.busiest
        solved = sum(one is not None for one in found)
        each = ", ".join(f"{one:.0f} s" for one in spent.others.values()) or f"{spent.own:.0f} s"
        print(
            f"{workers} processes: {passed[workers]:.0f} s, processor {each}, {solved} of {len(plans)} solved",
            flush=True,
        )
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{passed[1] / passed[2]:.2f} times as fast ({cores} cores, load {load:.1f})")
    print(f"{busiest[1] / busiest[2]:.2f} times by processor time")


if __name__ == "__main__":
    main()

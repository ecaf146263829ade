"""Weights of the simulation's cost from people: ``python benchmarks/simulation_weights.py DATA [--rounds 1] [--mesh 12] [--write]``.

Inverse optimisation over a few directions: the logarithms of the weights move so that cadence, contact time, oscillation, peak and course
of the force at 2.5, 3.5 and 4.5 m/s come nearer to those of every second runner of RBDS. The other runners judge. A round is a
Gauss-Newton step over solutions that start from the one before, with a trust region; the standard errors are those of the step when
runners are left out one at a time (jackknife). Nothing of the head is among the aims.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.publish import write_json
from headway.recording import FloatArray
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS, WEIGHTS, CostFunction, FittedWeights, fitted_weights
from headway.simulation.outcome import outcomes
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.solve import solve_step
from headway.simulation.step import StepProblem
from headway.simulation.styles import styles
from simulation_reference import RUNNER, SPEEDS, MeasuredRunning, rbds_runners, stance

FITTED = ("work", "force_rate", "moment_rate")
TARGETS = {"cadence": 0.05, "contact_time": 0.08, "vertical_oscillation": 0.15, "peak_vertical_grf": 0.08}
"""Misses that count as one, shares."""
FORCE = 0.2
"""And of the force over stance, body weights."""
CHANGE, LARGEST, PRIOR = np.log(1.5), np.log(2.0), 0.3
"""Change of a logarithm for its slope; the largest step; weight of staying where it was, against one miss."""
FOLDER = Path(__file__).parents[1] / "src" / "headway" / "data"


def misses(solution: Solution, measured: MeasuredRunning) -> FloatArray:
    """By how much a solution misses people, in units of what is asked, shape (4 + 21,)."""
    found, force = outcomes(solution), stance(solution)[0]
    own = [(found[name] / getattr(measured, name) - 1) / size for name, size in TARGETS.items()]
    return np.concatenate([own, (force - measured.force)[::5] / FORCE / np.sqrt(21)])


class Runs:
    """Solutions at all speeds for any weights, each from the one before."""

    def __init__(self, mesh: int) -> None:
        skeleton, ground = simulated_skeleton(**RUNNER), Ground()
        self.problem = StepProblem(skeleton, mesh, ground)
        self.starts = {speed: styles()[0].near(skeleton, ground, speed) for speed in SPEEDS}

    def solve(self, cost: CostFunction, starts: dict[float, Solution] | None = None) -> dict[float, Solution]:
        """By speed; those that fail are missing."""
        out = {}
        for speed, start in (starts or self.starts).items():
            found = solve_step(self.problem, CONDITIONS["free"], cost, speed, start=start, iterations=150)
            print(f"  {speed} m/s: {found.quality.status}, {found.quality.iterations} iterations", flush=True)
            if found.quality.solved:
                out[speed] = found
        return out


def all_misses(found: dict[float, Solution], measured: dict[float, MeasuredRunning]) -> FloatArray:
    """Of all speeds that are solved, one after the other."""
    return np.concatenate([misses(one, measured[speed]) for speed, one in found.items()])


def step(slope: FloatArray, missed: FloatArray) -> FloatArray:
    """Gauss-Newton step of the logarithms."""
    normal = slope.T @ slope + PRIOR**2 * np.eye(slope.shape[1])
    return np.clip(np.linalg.solve(normal, -slope.T @ missed), -LARGEST, LARGEST)


def moved(cost: CostFunction, change: Sequence[float]) -> CostFunction:
    """The cost with its fitted weights changed by logarithms."""
    return replace(
        cost, **{name: getattr(cost, name) * float(np.exp(c)) for name, c in zip(FITTED, change, strict=True)}
    )


def tell(
    words: str, found: dict[float, Solution], own: dict[float, MeasuredRunning], left: dict[float, MeasuredRunning]
) -> None:
    """How near a set of weights comes to the runners it was fitted to, and to those left out."""
    for which, runners in (("fitted to", own), ("left out", left)):
        print(
            f"{words}, runners {which}: RMS {np.sqrt((all_misses(found, runners) ** 2).sum() / len(found)):.2f} per speed"
        )


def main() -> None:
    """Fit, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--mesh", type=int, default=12)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    runners = {speed: rbds_runners(arguments.data, speed) for speed in SPEEDS}
    own = {speed: MeasuredRunning.mean(every[::2]) for speed, every in runners.items()}
    left = {speed: MeasuredRunning.mean(every[1::2]) for speed, every in runners.items()}
    runs, cost, errors = Runs(arguments.mesh), COSTS["effort"], np.zeros(len(FITTED))
    found = runs.solve(cost)
    tell("before", found, own, left)
    for _ in range(arguments.rounds):
        ahead = [runs.solve(moved(cost, CHANGE * row), found) for row in np.eye(len(FITTED))]
        found = {speed: one for speed, one in found.items() if all(speed in other for other in ahead)}
        missed = all_misses(found, own)
        columns = [all_misses({speed: other[speed] for speed in found}, own) - missed for other in ahead]
        slope = np.stack(columns, axis=1) / CHANGE
        change = step(slope, missed)
        errors = jackknife(slope, found, {speed: every[::2] for speed, every in runners.items()})
        print("slopes of the sum of squares", np.round(slope.T @ missed, 2), "change", np.round(np.exp(change), 3))
        tried, shorter = runs.solve(moved(cost, change), found), change
        if len(tried) < len(found) or (all_misses(tried, own) ** 2).sum() > (missed**2).sum():
            shorter = change / 3
            tried = runs.solve(moved(cost, shorter), found)
        if len(tried) < len(found) or (all_misses(tried, own) ** 2).sum() > (missed**2).sum():
            print("no better")
            break
        cost, found = moved(cost, shorter), tried
        tell(f"weights {cost.values()}", found, own, left)
    if arguments.write:
        before = fitted_weights()
        weights = before.weights | {name: float(f"{getattr(cost, name):.3g}") for name in FITTED}
        factors = {name: round(float(np.exp(e)), 2) for name, e in zip(FITTED, errors, strict=True)}
        on = "every second of 12 runners of RBDS (Fukuchi 2017) at 2.5, 3.5 and 4.5 m/s"
        write_json(FOLDER / WEIGHTS, FittedWeights("benchmarks/simulation_weights.py", on, weights, factors))


def jackknife(
    slope: FloatArray, found: dict[float, Solution], runners: dict[float, list[MeasuredRunning]]
) -> FloatArray:
    """Standard errors of the logarithms by which runners they are fitted to."""
    count = min(len(every) for every in runners.values())
    steps = []
    for out in range(count):
        rest = {speed: MeasuredRunning.mean([*every[:out], *every[out + 1 :]]) for speed, every in runners.items()}
        steps.append(step(slope, all_misses(found, rest)))
    return np.sqrt((count - 1) / count * ((steps - np.mean(steps, axis=0)) ** 2).sum(0))


if __name__ == "__main__":
    main()

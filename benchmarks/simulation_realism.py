"""A runner predicted from physics alone beside measured ones: ``python benchmarks/simulation_realism.py DATA [--figures docs]``.

Nothing of the data enters the prediction; it is read only for the comparison.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from headway.body.skeleton import make_skeleton
from headway.recording import GRAVITY
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.outcome import contact_times, outcomes, total_force
from headway.simulation.solution import Solution
from headway.simulation.solvers import Solvers
from headway.simulation.task import Task
from simulation_reference import RUNNER, SHARES, SPEEDS, joint_angles, oscillation, rbds
from validation_plot import Panel, picture

ANGLES = {"hip": "hip_flexion_right", "knee": "knee_flexion_right", "ankle": "ankle_dorsiflexion_right"}
ANGLE_SPEED = 3.0
INTERVALS, STARTS = 20, 2
TARGETS = {"cadence": 10, "contact_time": 15, "vertical_oscillation": 25, "peak_vertical_grf": 15}
"""Largest differences asked for, %."""


def stance(solution: Solution) -> tuple[np.ndarray, float]:
    """Upward force over stance, BW, at :data:`SHARES`, and the time of initial contact, s."""
    count = 800
    time = np.arange(count) * solution.step_time / count
    force = total_force(solution.state(time))[:, 1]
    start, stop = contact_times(time, force)
    return np.interp(start + SHARES * (stop - start), time, force) / (solution.skeleton.mass * GRAVITY), start


Pair = tuple[np.ndarray, np.ndarray]


def draw(folder: Path, curves: dict[float, Pair], angles: dict[str, Pair]) -> None:
    """Write the two figures: measured and simulated."""

    def both(pair: Pair) -> dict[str, Pair]:
        return {
            name: (curve, np.zeros_like(curve)) for name, curve in zip(("measured", "simulated"), pair, strict=True)
        }

    forces = [Panel(f"upward force, {speed} m/s", both(pair), 0.0, 3.0) for speed, pair in curves.items()]
    (folder / "simulation_force.svg").write_text(picture(forces, "stance 0 to 100 %, force in BW"), encoding="utf-8")
    joints = [Panel(f"{joint} flexion, {ANGLE_SPEED} m/s", both(pair), -40.0, 110.0) for joint, pair in angles.items()]
    (folder / "simulation_angles.svg").write_text(picture(joints, "stride 0 to 100 %, deg"), encoding="utf-8")


def main() -> None:
    """Print the tables, and draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--figures", type=Path)
    arguments = parser.parse_args()
    skeleton, found = make_skeleton(**RUNNER), {}
    workers = Solvers(2)
    for speed in (*SPEEDS, ANGLE_SPEED):
        asked = (skeleton, Ground(), INTERVALS, CONDITIONS["free"], COSTS["effort"], speed)
        starts = workers.run([Task(f"start {seed}", *asked, seed=seed) for seed in range(STARTS)])
        solved = [one for one in starts if one.quality.solved]
        found[speed] = min(solved, key=lambda one: one.objective)
        told = ", ".join(
            f"{one.objective:.3f} ({one.quality.iterations} it, {one.quality.seconds:.0f} s)" for one in starts
        )
        print(f"{speed} m/s: cost of each cold start {told}")
    for speed, best in dict(found).items():
        asked = (skeleton, Ground(), INTERVALS, CONDITIONS["free"], COSTS["effort"], speed)
        others = [
            Task(f"{speed} from {other}", *asked, start=start) for other, start in found.items() if other != speed
        ]
        near = [one for one in workers.run(others) if one.quality.solved]
        found[speed] = min([best, *near], key=lambda one: one.objective)
        print(f"{speed} m/s: cost {found[speed].objective:.3f} after starts from the other speeds")
    workers.close()
    curves = {}
    print(
        "\n| m/s | "
        + " | ".join(f"{name} (asked ±{TARGETS[name]} %)" for name in TARGETS)
        + " | upward force RMSE, BW |"
    )
    print("|---|" + "---|" * (len(TARGETS) + 1))
    for speed in SPEEDS:
        measured, predicted = rbds(arguments.data, speed), outcomes(found[speed])
        measured["vertical_oscillation"] = oscillation(
            measured["force"], measured["contact_time"], 60 / measured["cadence"]
        )
        force, _ = stance(found[speed])
        curves[speed] = (measured["force"], force)
        cells = [
            f"{predicted[name]:.4g} for {measured[name]:.4g} ({100 * (predicted[name] / measured[name] - 1):+.0f} %)"
            for name in TARGETS
        ]
        print(f"| {speed} | " + " | ".join(cells) + f" | {np.sqrt(np.mean((force - measured['force']) ** 2)):.2f} |")
    published = joint_angles(arguments.data)
    solution = found[ANGLE_SPEED]
    _, contact = stance(solution)
    q = solution.state(contact + SHARES * 2 * solution.step_time).q
    angles = {}
    print(f"\n| {ANGLE_SPEED} m/s | RMSE, deg | without the mean difference |\n|---|---|---|")
    for joint, name in ANGLES.items():
        ours = np.degrees(q[:, skeleton.index(name)])
        angles[joint] = (published[joint], ours)
        apart = ours - published[joint]
        print(f"| {joint} | {np.sqrt(np.mean(apart**2)):.1f} | {np.std(apart):.1f} |")
    if arguments.figures:
        draw(arguments.figures, curves, angles)


if __name__ == "__main__":
    main()

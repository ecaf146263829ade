"""Runners predicted from physics alone beside measured ones: ``python benchmarks/simulation_realism.py DATA [--figures docs/pictures]``.

Nothing of the data enters the prediction but the three weights that ``simulation_weights.py`` fitted to every second runner of RBDS; the
force and step of the others, who were left out, and the joint angles of one man are what it is held against.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from headway.recording import FloatArray
from headway.simulation.balance import balances
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.simulated_body import simulated_skeleton
from headway.simulation.solution import Solution
from headway.simulation.solvers import Solvers
from headway.simulation.styles import Style, styles
from headway.simulation.task import Task
from simulation_reference import RUNNER, SHARES, SPEEDS, MeasuredRunning, joint_angles, rbds_runners, stance
from validation_plot import Panel, picture

ANGLES = {"hip": ("hip_flexion_right", 8), "knee": ("knee_flexion_right", 10), "ankle": ("ankle_dorsiflexion_right", 8)}
ANGLE_SPEED, BEYOND = 3.0, (2.0, 5.0, 6.0)
INTERVALS, MIDSWING = 20, 0.66
TARGETS = {"cadence": 5, "contact_time": 8, "vertical_oscillation": 15, "peak_vertical_grf": 8}
"""Largest differences asked for, %."""

EVERY, FEW = 2, 4
"""Of the runners from the second on: those left out of the fit; with ``--quick`` half of them."""
Pair = tuple[FloatArray, FloatArray]


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


def solve(style: Style) -> dict[float, Solution]:
    """A style at those speeds of its own that something is measured at, and beyond."""
    skeleton, ground, workers = simulated_skeleton(**RUNNER), Ground(), Solvers(1)
    asked = [one for one in (*SPEEDS, ANGLE_SPEED, *BEYOND) if style.speeds[0] <= one <= style.speeds[-1]]
    parts = skeleton, ground, INTERVALS, CONDITIONS["free"], COSTS["effort"]
    tasks = [Task(f"{s} m/s", *parts, s, start=style.near(skeleton, ground, s)) for s in asked]
    found = dict(zip(asked, workers.run(tasks), strict=True))
    return {speed: one for speed, one in found.items() if one.quality.solved}


def steps(style: str, found: dict[float, Solution], people: dict[float, MeasuredRunning]) -> dict[float, Pair]:
    """Print a style beside the runners left out; gives the courses of the force."""
    curves = {}
    for speed, measured in people.items():
        if speed not in found:
            continue
        predicted, (force, _) = outcomes(found[speed]), stance(found[speed])
        curves[speed] = (measured.force, force)
        cells = [
            f"{predicted[name]:.4g} for {getattr(measured, name):.4g} ({100 * (predicted[name] / getattr(measured, name) - 1):+.0f} %)"
            for name in TARGETS
        ]
        print(f"| {style} | {speed} | {' | '.join(cells)} | {np.sqrt(np.mean((force - measured.force) ** 2)):.2f} |")
        parts = zip(
            contact_parts(force, predicted["contact_time"]),
            contact_parts(measured.force, measured.contact_time),
            strict=True,
        )
        print(
            f"  ms below, above and again below 1 BW: {', '.join(f'{ours:.0f} for {theirs:.0f}' for ours, theirs in parts)}"
        )
    for speed in (one for one in BEYOND if one in found):
        predicted = outcomes(found[speed])
        cells = [f"{predicted[name]:.4g} for {extended(people, name, speed):.4g}" for name in TARGETS]
        print(f"| {style} | {speed} | {' | '.join(cells)} | people extrapolated |")
    return curves


def contact_parts(force: FloatArray, contact_time: float) -> list[float]:
    """Times of a stance below one body weight, above, and below again, ms."""
    above = np.flatnonzero(force >= 1.0)
    first, last = int(above[0]), int(above[-1])
    rise = np.interp(1.0, force[first - 1 : first + 1], SHARES[first - 1 : first + 1])
    fall = np.interp(-1.0, -force[last : last + 2], SHARES[last : last + 2])
    return [1000 * contact_time * part for part in (rise, fall - rise, 1.0 - fall)]


def extended(people: dict[float, MeasuredRunning], name: str, speed: float) -> float:
    """What the power of speed that comes nearest to the measured speeds makes of another one."""
    values = [getattr(one, name) for one in people.values()]
    return float(np.exp(np.polyval(np.polyfit(np.log(list(people)), np.log(values), 1), np.log(speed))))


def joints(style: str, solution: Solution, published: dict[str, FloatArray]) -> dict[str, Pair]:
    """Print the joint angles of a style beside the published ones, and give both."""
    _, contact = stance(solution)
    q = solution.state(contact + SHARES * 2 * solution.step_time).q
    loaded = outcomes(solution)["contact_time"] / 2 / solution.step_time
    phase = np.digitize(SHARES, [loaded, MIDSWING])
    out = {}
    for joint, (name, asked) in ANGLES.items():
        ours = np.degrees(q[:, solution.skeleton.index(name)])
        out[joint] = (published[joint], ours)
        apart = ours - published[joint]
        each = " | ".join(f"{np.sqrt(np.mean(apart[phase == part] ** 2)):.1f}°" for part in range(3))
        print(
            f"| {style} | {joint} (asked {asked}°) | {np.sqrt(np.mean(apart**2)):.1f}° | {np.std(apart):.1f}° | {each} |"
        )
    return out


def laws(found: dict[float, Solution]) -> None:
    """Print how well the laws are obeyed, the sole's depth and the step width."""
    for speed, one in found.items():
        state = one.state(np.arange(400) / 400 * one.step_time)
        places = one.places(state)
        deep = -min(places[f"sole_{sole}_right"][:, 1].min() for sole in one.model.soles)
        told = ", ".join(f"{name} {value:.0e}" for name, value in balances(one).items())
        print(f"{speed} m/s: sole {1000 * deep:.0f} mm, width {1000 * outcomes(one)['step_width']:.0f} mm, {told}")


def main() -> None:
    """Print the tables, and draw the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--quick", action="store_true", help="the leading style, and half of the runners")
    arguments = parser.parse_args()
    which = slice(1, None, FEW if arguments.quick else EVERY)
    people = {speed: MeasuredRunning.mean(rbds_runners(arguments.data, speed, which)) for speed in SPEEDS}
    published = joint_angles(arguments.data)
    every = {style.name: solve(style) for style in (styles()[:1] if arguments.quick else styles())}
    told = " | ".join(f"{name} (asked ±{TARGETS[name]} %)" for name in TARGETS)
    print(f"\n| style | m/s | {told} | upward force RMSE, BW (asked 0.20) |\n|---|---|" + "---|" * (len(TARGETS) + 1))
    curves = [steps(name, found, people) for name, found in every.items()]
    print(f"\n| style | {ANGLE_SPEED} m/s | RMSE | without the mean difference | stance | early swing | late swing |")
    print("|---" * 7 + "|")
    angles = [joints(name, found[ANGLE_SPEED], published) for name, found in every.items() if ANGLE_SPEED in found]
    for name, found in every.items():
        print(f"\n{name}")
        laws(found)
    if arguments.figures:
        draw(arguments.figures, curves[0], angles[0])


if __name__ == "__main__":
    main()

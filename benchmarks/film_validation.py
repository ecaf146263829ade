"""Films of runners whose truth is known, through a virtual phone: how far the analysis is off, and how often its intervals hold the truth.

``python benchmarks/film_validation.py [--seeds N]`` prints the tables of ``docs/evidence/film.md``.
"""

from __future__ import annotations

import argparse
import sys
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from headway.analysis import analyze
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.recording import FloatArray
from headway.sources import load
from headway.synthetic.camera import PhoneCamera, body_points, film, runner_points
from headway.synthetic.parameters import RunnerParameters, Wave
from headway.synthetic.runner import SyntheticRunner

ROLL = np.radians(3.0)
DROPOUTS, SWAPS = 0.05, 0.02
RUNNERS = (
    RunnerParameters(),
    RunnerParameters(
        height=1.62,
        mass=54.0,
        sex="female",
        speed=2.6,
        cadence=160.0,
        contact_time=0.270,
        head_lateral=Wave(0.024, -15.0),
    ),
    RunnerParameters(
        height=1.86,
        mass=80.0,
        speed=4.4,
        cadence=178.0,
        contact_time=0.205,
        head_lateral=Wave(0.015, -35.0),
        step_width=0.03,
    ),
)
"""Three runners at three speeds."""
WATCHED = {
    "rear": ("cadence", "contact_time", "lateral_bounce_amplitude", "lateral_bounce_phase", "neck_base_lateral_bounce_amplitude",
             "neck_base_lateral_bounce_phase", "pelvis_lateral_bounce_amplitude", "head_pelvis_vertical_gain", "head_lag_vertical",
             "neck_over_foot_error", "step_width", "weight_shift_ratio", "head_vertical_oscillation"),
    "side": ("cadence", "contact_time", "head_pelvis_vertical_gain", "head_lag_vertical", "head_vertical_oscillation", "trunk_lean",
             "head_bob", "head_anteversion", "body_lean"),
}  # fmt: skip


MARKERS_WATCHED = {
    "rear": ("cadence", "contact_time", "neck_base_lateral_bounce_amplitude", "neck_base_lateral_bounce_phase", "pelvis_lateral_bounce_amplitude",
             "neck_over_foot_error", "step_width", "pelvis_vertical_oscillation"),
    "side": ("cadence", "contact_time", "pelvis_vertical_oscillation", "neck_base_vertical_oscillation", "trunk_lean"),
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Where the phone stands and whether the runner goes anywhere."""

    name: str
    view: str
    camera: PhoneCamera
    travels: bool
    duration: float


SCENES = (
    Scene("rear, treadmill", "rear", PhoneCamera((-4.0, 1.0, 0.0), (0.0, 1.0, 0.0), ROLL), False, 15.0),
    Scene("rear, receding", "rear", PhoneCamera((-5.0, 1.2, 0.6), (20.0, 1.0, 0.0), ROLL), True, 10.0),
    Scene("side, treadmill", "side", PhoneCamera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0), ROLL), False, 15.0),
    Scene("side, crossing", "side", PhoneCamera((20.0, 1.2, 30.0), (20.0, 1.0, 0.0), ROLL), True, 11.0),
)


def true_values(runner: SyntheticRunner) -> dict[str, float]:
    """Truth of what a film shows, with key points standing for head, neck base (shoulders) and pelvis (hips), from the dense motion."""
    p = runner.parameters
    time = np.arange(4000) / 4000 * p.stride_time
    middle = p.contact_time / 2
    names = ["head_centre", "shoulder_left", "shoulder_right", "hip_left", "hip_right"]
    points = runner.positions(time + middle, names)
    paths = {"": points[:, 0], "neck_base_": points[:, 1:3].mean(1), "pelvis_": points[:, 3:5].mean(1)}
    waves = {name: np.fft.fft(path, axis=0) / len(time) * 2 for name, path in paths.items()}
    out = {"cadence": p.cadence, "contact_time": p.contact_time}
    for name, wave in waves.items():
        side = np.conj(wave[1, 2])
        out[f"{name}lateral_bounce_amplitude"] = float(abs(side))
        out[f"{name}lateral_bounce_phase"] = float(np.angle(side))
    ratio = np.conj(waves[""][2, 1] / waves["pelvis_"][2, 1])
    out["head_pelvis_vertical_gain"] = float(abs(ratio))
    out["head_lag_vertical"] = float(np.angle(ratio) / (4 * np.pi / p.stride_time))
    even = np.zeros_like(waves[""][:, 1])
    even[[2, 4]] = waves[""][[2, 4], 1]
    out["head_vertical_oscillation"] = float(np.ptp(np.real(np.fft.ifft(even) * len(time))))
    lean = paths["neck_base_"] - paths["pelvis_"]
    out["trunk_lean"] = float(np.arctan2(lean[:, 0], lean[:, 1]).mean())
    ahead = (paths[""] - paths["neck_base_"])[:, 0]
    out["head_anteversion"] = float(ahead.mean())
    bob = np.fft.fft(ahead) / len(time)
    bob[[k for k in range(len(bob)) if min(k, len(bob) - k) not in (2, 4)]] = 0
    out["head_bob"] = float(np.ptp(np.real(np.fft.ifft(bob) * len(time))))
    return out | _over_feet(runner)


def _over_feet(runner: SyntheticRunner) -> dict[str, float]:
    p = runner.parameters
    place, feet, lean = {}, {}, []
    for sign, side, start in ((1, "right", 0.0), (-1, "left", p.step_time)):
        contact = p.contact(sign)
        stance = start + np.linspace(0.2, 0.8, 200) * contact
        heel_toe = runner.positions(stance, [f"heel_{side}", f"toe_{side}"])
        feet[side] = heel_toe.mean((0, 1))[2]
        middle = np.array([start + contact / 2])
        shoulders = runner.positions(
            middle, ["shoulder_left", "shoulder_right", "head_centre", f"heel_{side}", f"toe_{side}"]
        )[0]
        place[side] = shoulders[:2].mean(0)[2]
        line = shoulders[2] - shoulders[3:].mean(0)
        lean.append(np.arctan2(line[0], line[1]))
    width = feet["right"] - feet["left"]
    error = ((place["right"] - feet["right"]) - (place["left"] - feet["left"])) / 2
    out = {"step_width": float(width), "neck_over_foot_error": float(error), "body_lean": float(np.mean(lean))}
    if abs(width) > 0.03:
        out["weight_shift_ratio"] = float((place["right"] - place["left"]) / width)
    return out


def measure(runner: SyntheticRunner, scene: Scene, rate: float, noise: float, seed: int) -> dict[str, Any]:
    """Film once and analyse; the metrics of the summary."""
    p = runner.parameters
    time, points, labels = runner_points(
        runner, duration=scene.duration, rate=rate, travel=p.speed if scene.travels else 0.0, jitter=0.02, seed=seed
    )
    seen = film(time, points, labels, scene.camera, noise=noise, dropouts=DROPOUTS, swaps=SWAPS, seed=seed)
    options = Options(treadmill=not scene.travels)
    return analyze(seen, Runner(height=p.height, sex=p.sex), options).summary


def runs(seeds: int, rates: tuple[float, ...], noises: tuple[float, ...]) -> Iterator[tuple[Any, ...]]:
    """Every film of the validation: scene, rate, noise, runner's number, seed, truth, summary."""
    for number, parameters in enumerate(RUNNERS):
        runner = SyntheticRunner(parameters)
        truth = true_values(runner)
        for scene in SCENES:
            for rate in rates:
                for noise in noises:
                    for seed in range(seeds):
                        yield scene, rate, noise, number, seed, truth, measure(runner, scene, rate, noise, seed)


def marker_films(data: Path) -> list[tuple[str, str, float, float]]:
    """Real markers (Dorn 2012; Hamner and Delp 2013) through the virtual phone: name, metric, value from the film, value of their own 3-D analysis.

    Shoulder points stand for the neck base on both sides, as a film has no other.
    """
    files = [data / "dorn2012_ja1" / "JA1Gait21.c3d"]
    files += sorted((data / "hamner2013" / "subject04" / "trials").glob("*/markers.trc"))
    out = []
    for path in files:
        recording = load(path)
        height = 1.82 if path.suffix == ".c3d" else 1.772
        trial, _ = prepare(recording, Runner(height=height), Options())
        own = analyze(recording, Runner(height=height)).summary.metrics
        time, points, labels = body_points(trial.recording.points, height=height)
        middle = points[:, labels.index("LEFT_HIP")].mean(0)
        for view, place in (("rear", (-6.0, 1.0, 0.0)), ("side", (0.0, 1.0, 8.0))):
            forward = float(middle[0] if trial.treadmill or view == "side" else points[0, 0, 0])
            ahead = float(middle[0]) + (10.0 if view == "rear" else 0.0)
            at = PhoneCamera(
                (forward + place[0], place[1], float(middle[2]) + place[2]), (ahead, 1.0, float(middle[2]))
            )
            every = max(round(recording.rate / 60), 1)
            seen = film(time[::every], points[::every], labels, at, noise=0.005, seed=1)
            if (
                "LEFT_KNEE" not in labels
            ):  # without knees and head nothing tells the size: the scale at the hips is given
                seen = replace(seen, metres_per_pixel=float(np.hypot(place[0], place[2])) / at.focal)
            got = analyze(seen, Runner(height=height), Options(treadmill=trial.treadmill, view=view)).summary.metrics
            for name in MARKERS_WATCHED[view]:
                if got[name].status != "not_measurable" and own[name].status != "not_measurable":
                    out.append(
                        (
                            f"{path.parent.name if path.suffix == '.trc' else 'Dorn JA1'}, {view}",
                            name,
                            got[name].value,
                            own[name].value,
                        )
                    )
    return out


def _scale(name: str) -> tuple[float, str]:
    if name.endswith("phase") or name.endswith("lean"):
        return 180 / np.pi, "deg"
    if name.endswith(("time", "vertical")):
        return 1000.0, "ms"
    if name == "cadence":
        return 1.0, "/min"
    return (1.0, "") if name.endswith(("gain", "ratio")) else (1000.0, "mm")


def main() -> None:
    """Print bias, RMS error and coverage per scene, rate, noise and metric."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--rates", type=float, nargs="*", default=[30.0, 60.0, 240.0])
    parser.add_argument("--noises", type=float, nargs="*", default=[0.005, 0.015])
    parser.add_argument("--markers", type=Path, help="folder of the real recordings: film these instead")
    given = parser.parse_args()
    if given.markers:
        for film_name, name, got, own in marker_films(given.markers):
            factor, unit = _scale(name)
            sys.stdout.write(
                f"{film_name:22s} {name:36s} film {factor * got:7.1f}  markers {factor * own:7.1f} {unit}\n"
            )
        return
    began, table = clock.time(), {}
    for scene, rate, noise, _, _, truth, summary in runs(given.seeds, tuple(given.rates), tuple(given.noises)):
        for name in WATCHED[scene.view]:
            entry = summary.metrics[name]
            if name not in truth:
                continue
            key = (scene.name, rate, noise, name)
            row = table.setdefault(key, {"off": [], "held": [], "lost": 0})
            if entry.status == "not_measurable":
                row["lost"] += 1
                continue
            row["off"].append(entry.value - truth[name])
            if entry.ci95 is not None:
                row["held"].append(entry.ci95[0] <= truth[name] <= entry.ci95[1])
    sys.stdout.write(_printed(table))
    held = [value for row in table.values() for value in row["held"]]
    sys.stdout.write(
        f"\nintervals that hold the truth: {100 * np.mean(held):.1f} % of {len(held)}; {clock.time() - began:.0f} s\n"
    )


def _printed(table: dict[Any, Any]) -> str:
    lines = []
    for (scene, rate, noise, name), row in table.items():
        factor, unit = _scale(name)
        off: FloatArray = np.array(row["off"]) * factor
        text = (
            f"bias {off.mean():7.2f} rms {np.sqrt((off**2).mean()):6.2f} worst {np.abs(off).max():6.2f} {unit:5s}"
            if len(off)
            else "-"
        )
        hold = f"held {100 * np.mean(row['held']):3.0f} %" if row["held"] else ""
        lines.append(f"{scene:16s} {rate:4.0f}/s {1000 * noise:3.0f} mm  {name:36s} {text} {hold} lost {row['lost']}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

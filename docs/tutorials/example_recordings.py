"""Makes the recordings of the tutorials from the synthetic runner: python example_recordings.py FOLDER."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.handling import Handling
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, looped, worn

CAMERAS = {
    "side": PhoneCamera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0)),
    "rear": PhoneCamera((-5.0, 1.0, 0.0), (0.0, 1.0, 0.0)),
}
"""A phone on a tripod at hip height, 5 m beside and 5 m behind a treadmill."""
SPEEDS = (2.5, 3.0, 3.5)
PAIRS = 6
SEED = 7


def runner(seed: int, swing: float = 0.018, contact_time: float = 0.235, speed: float = 3.0) -> SyntheticRunner:
    """The runner on one occasion: how far the head swings (m), how long the feet stand (s), and steps that differ."""
    random = np.random.default_rng([SEED, seed])
    steps = StepVariability(contact_time=0.004, lateral_amplitude=0.002, head_gain=0.02, step_width=0.008, seed=seed)
    contact = contact_time + 0.0015 * float(random.standard_normal())
    own = RunnerParameters(step_noise=steps, contact_time=contact, speed=speed)
    return SyntheticRunner(replace(own, head_lateral=Wave(swing, own.head_lateral.phase)))


def markers(path: Path, who: SyntheticRunner, seconds: float, seed: int) -> None:
    """A treadmill with force plates: a C3D."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, record(who, duration=seconds, rate=100.0, noise=0.001, seed=seed))


def key_points(folder: Path) -> None:
    """What a pose model would see in two films of one run: tables as MediaPipe's users write them."""
    time, points, labels = runner_points(runner(1), duration=20.0, rate=60.0, seed=1)
    for view, camera in CAMERAS.items():
        seen = film(time, points, labels, camera, noise=0.002, seed=2)
        columns = {"time": time, "width": seen.size[0], "height": seen.size[1]}
        for k, name in enumerate(seen.names):
            columns |= {f"{name}_x": seen.pixels[:, k, 0], f"{name}_y": seen.pixels[:, k, 1]}
            columns[f"{name}_visibility"] = seen.confidence[:, k]
        pd.DataFrame(columns).to_csv(folder / f"{view}.csv", index=False, float_format="%.4f")


def sensors(folder: Path) -> None:
    """A phone at the sacrum and an IMU on the head, shaken together before the run; tables with a TOML beside them."""
    who = SyntheticRunner()
    folder.mkdir(parents=True)
    described = []
    for seed, where in enumerate(("sacrum", "head")):
        motion = looped(body_motion(who, where), who.parameters.stride_time)
        one = worn(motion, where, 60.0, Part(rate=100.0, force_noise=0.05), handling=Handling(seed=3), seed=seed)
        values = np.column_stack([one.time, one.specific_force, one.angular_velocity])
        table = pd.DataFrame(values, columns=["t", "ax", "ay", "az", "gx", "gy", "gz"])
        table.to_csv(folder / f"{where}.csv", index=False, float_format="%.5f")
        described.append(
            f'[[sensor]]\nfile = "{where}.csv"\nwhere = "{where}"\ntime = "t"\n'
            'force = {unit = "m/s2", columns = ["ax", "ay", "az"]}\n'
            'gyro = {unit = "rad/s", columns = ["gx", "gy", "gz"]}\n'
        )
    (folder / "run.toml").write_text("\n".join(described), encoding="utf-8")


def experiment(folder: Path) -> None:
    """Six pairs of blocks in an order by coin: the head free, and held, which shortens this runner's contacts."""
    lines = ['title = "Holding the head still"', "[runner]", "height = 1.75", 'sex = "male"', "[design]"]
    lines += ['kind = "pairs"', 'primary = "contact_time"', "randomised = true", "washout = 60", "smallest = 2"]
    heads = np.random.default_rng(SEED).random(PAIRS) < 0.5
    for number in range(2 * PAIRS):
        held = bool(heads[number // 2]) == (number % 2 == 0)
        who = runner(10 + number, *((0.004, 0.228) if held else (0.018, 0.235)))
        markers(folder / f"block-{number + 1:02d}.c3d", who, 12.0, number)
        condition = "held" if held else "free"
        lines += ["[[block]]", f'recording = "block-{number + 1:02d}.c3d"', f'condition = "{condition}"']
        lines += [f"pair = {number // 2 + 1}", f"felt = {{ legs_feet_stress = {3 + held} }}"]
    (folder / "protocol.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def squad(folder: Path) -> None:
    """Two runners at three speeds, with a manifest."""
    rows = []
    for k, speed in enumerate(SPEEDS):
        for name, swing, contact in (("anna", 0.016, 0.25), ("ben", 0.022, 0.24)):
            who = runner(40 + k, swing, contact - 0.02 * k, speed)
            markers(folder / f"{name}-{speed:g}.c3d", who, 8.0, k)
            rows.append({"path": f"{name}-{speed:g}.c3d", "runner": name, "height": 1.75, "speed": speed})
    pd.DataFrame(rows).to_csv(folder / "manifest.csv", index=False)


def main(folder: Path) -> None:
    """Make everything."""
    folder.mkdir(parents=True, exist_ok=True)
    key_points(folder)
    sensors(folder / "sensors")
    markers(folder / "before.c3d", runner(2, swing=0.010), 12.0, 2)
    markers(folder / "after.c3d", runner(3, swing=0.022), 12.0, 3)
    experiment(folder / "experiment")
    squad(folder / "squad")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

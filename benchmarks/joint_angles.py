"""Joint angles beside OpenSim's inverse kinematics of the same recordings: python benchmarks/joint_angles.py DATA.

Prints, for each angle and side, the root mean square difference as it is, and after a constant offset is removed, in degrees: of the free Cardan
angles, and of the skeleton that holds together.
"""

import sys
from pathlib import Path

import numpy as np

from headway import Options, Runner, load
from headway.body.constrained_angles import constrained_angles
from headway.gait.prepare import prepare

ANGLES = {
    "hip_flexion": ("hip_flexion", 1.0),
    "hip_adduction": ("hip_adduction", 1.0),
    "hip_internal_rotation": ("hip_rotation", 1.0),
    "knee_flexion": ("knee_angle", -1.0),
    "ankle_dorsiflexion": ("ankle_angle", 1.0),
}
TURNS = {"pelvis": ("tilt", "list", "rotation"), "lumbar": ("extension", "bending", "rotation")}


def main(data: Path) -> None:
    print(
        "| angle | side | 2 m/s raw | offset free | skeleton raw | offset free | 3 m/s raw | offset free | skeleton raw | offset free |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    runs = [both for run in ("run200", "run300") for both in differences(data / "hamner2013" / "subject01", run)]
    for key in runs[0]:
        cells = " | ".join(f"{np.sqrt(np.nanmean(run[key] ** 2)):.1f} | {np.nanstd(run[key]):.1f}" for run in runs)
        print(f"| {key[0]} | {key[1]} | {cells} |")


def differences(folder: Path, run: str) -> list[dict[tuple[str, str], np.ndarray]]:
    """Of the free angles, and of the skeleton's."""
    options = Options(forces=folder / f"{run}_grf.mot")
    trial, _ = prepare(load(folder / f"{run}.trc", options), Runner.of(options), options)
    skeleton = constrained_angles(trial.jointed)
    assert skeleton is not None
    lines = (folder / f"{run}_ik.mot").read_text().splitlines()
    start = lines.index("endheader")
    names, rows = lines[start + 1].split(), [line.split() for line in lines[start + 2 :] if line.strip()]
    table = np.array(rows, float)
    pairs = {
        (ours, side): (f"{ours}_{side}", f"{theirs}_{side[0]}", sign)
        for ours, (theirs, sign) in ANGLES.items()
        for side in ("left", "right")
    }
    middle = [f"{part}_{turn}" for part, turns in TURNS.items() for turn in turns]
    pairs |= {(name, ""): (name, name, 1.0) for name in middle}
    return [
        {
            key: np.degrees(
                np.interp(table[:, 0], trial.motion.time, found.of(ours), left=np.nan, right=np.nan)
                - sign * table[:, names.index(theirs)]
            )
            for key, (ours, theirs, sign) in pairs.items()
        }
        for found in (trial.joint_angles, skeleton.angles)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))

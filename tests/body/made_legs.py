"""A pelvis with two legs whose joint angles are known, as markers."""

import numpy as np
from scipy.spatial.transform import Rotation

from headway.body.body import Body, build_body
from headway.recording import AXES, Recording, make_points

THIGH, SHANK, HIPS, RATE = 0.44, 0.42, 0.09, 200.0
SIGNS = {"right": 1.0, "left": -1.0}


def angles(time: np.ndarray) -> dict[str, np.ndarray]:
    """Joint angles of both legs, rad, each (frames, 3): flexion, adduction, internal rotation."""
    out = {}
    for side, shift in (("right", 0.0), ("left", np.pi)):
        phase = 2 * np.pi * 1.3 * time + shift
        out[f"hip_{side}"] = np.stack([0.2 + 0.5 * np.sin(phase), 0.1 * np.cos(phase), 0.12 * np.sin(phase + 1)], 1)
        knee = 0.6 - 0.5 * np.cos(phase + 0.6)
        out[f"knee_{side}"] = np.stack([knee, 0.04 * np.sin(phase), 0.08 * np.cos(phase)], 1)
        out[f"ankle_{side}"] = np.stack([0.3 * np.sin(phase + 2), 0.1 * np.sin(phase), 0.06 * np.cos(phase)], 1)
    return out


def _turn(angle: np.ndarray, signs: tuple[float, float, float]) -> np.ndarray:
    return Rotation.from_euler("ZXY", angle * np.array(signs)).as_matrix()


def markers(time: np.ndarray) -> dict[str, np.ndarray]:
    """Marker positions, m, each (frames, 3), with the joint centres; the pelvis sways."""
    known, out = angles(time), {}
    phase = 2 * np.pi * 1.3 * time
    sway = Rotation.from_euler(
        "ZXY", np.stack([0.1 + 0.03 * np.sin(2 * phase), 0.05 * np.sin(phase), 0.1 * np.cos(phase)], 1)
    )
    pelvis = sway.as_matrix()
    centre = np.stack([0.03 * np.sin(2 * phase), 0.95 + 0.04 * np.cos(2 * phase), 0.02 * np.sin(phase)], 1)
    for side, sign in SIGNS.items():
        mirror = (1.0, sign, sign)
        hip = centre + pelvis @ np.array([0.0, 0.0, sign * HIPS])
        thigh = pelvis @ _turn(known[f"hip_{side}"], mirror)
        shank = thigh @ _turn(known[f"knee_{side}"], (-1.0, sign, sign))
        foot = shank @ _turn(known[f"ankle_{side}"], mirror)
        knee = hip + thigh @ [0.0, -THIGH, 0.0]
        ankle = knee + shank @ [0.0, -SHANK, 0.0]
        out |= {f"asis_{side}": centre + pelvis @ np.array([0.08, 0.07, sign * 0.12])}
        out |= {f"psis_{side}": centre + pelvis @ np.array([-0.08, 0.07, sign * 0.05])}
        out |= {f"hip_{side}": hip}
        for joint, place, turned in (("knee", knee, thigh), ("ankle", ankle, shank)):
            out[f"{joint}_lateral_{side}"] = place + turned @ np.array([0.0, 0.0, sign * 0.05])
            out[f"{joint}_medial_{side}"] = place - turned @ np.array([0.0, 0.0, sign * 0.05])
        for name, ahead, outward in (
            ("heel", -0.06, 0.0),
            ("toe", 0.19, 0.0),
            ("mt1", 0.12, -0.04),
            ("mt5", 0.12, 0.04),
        ):
            out[f"{name}_{side}"] = ankle + foot @ np.array([ahead, -0.07, sign * outward])
    return out


def made_body(duration: float = 2.0, cutoff: float = 60.0, without: tuple[str, ...] = ()) -> tuple[np.ndarray, Body]:
    """Times, and the body that is built from the markers; the shank's and the knee's axes are those of their joints."""
    time = np.arange(int(duration * RATE)) / RATE
    found = {name: path for name, path in markers(time).items() if not name.startswith(without or ("-",))}
    points = make_points(time, list(found), np.stack(list(found.values()), axis=1), AXES)
    return time, build_body(Recording(points), height=1.75, sex="male", cutoff=cutoff)

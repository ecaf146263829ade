"""The skeleton of the runner in a recording: lengths between joint centres, and where marked points sit on the segments."""

from __future__ import annotations

from dataclasses import replace

import casadi as ca
import numpy as np

from headway.body.rotations import frame_from, unit
from headway.body.skeleton import LUMBAR, SOLE, BodyTree, Lengths, Skeleton, make_skeleton
from headway.recording import FloatArray
from headway.simulation.equations import Equations
from headway.simulation.mean_step import MIRROR
from headway.simulation.measured_step import FORE, MeasuredStep

FLAT = (0.3, 0.5)
"""Share of stance in which the sole is flat on the ground."""
PRESSED = 0.010
"""How far sole and ground give under the standing foot, m: the sole points are this much below the marked foot's level."""


def runner_skeleton(measured: MeasuredStep) -> Skeleton:
    """Make the skeleton with the runner's lengths, pelvis and feet.

    Parameters
    ----------
    measured
        What the recording shows; what it does not show comes from the table of this height.

    Notes
    -----
    The trunk is as long as from the lumbar joint, carried by the pelvis' markers, to the neck base. A foot is level when it
    is in the middle of stance.
    """
    runner = measured.runner
    assert runner.height is not None and runner.mass is not None
    table = make_skeleton(runner.height, runner.mass, runner.sex)
    plan, usual, seen = table.plan, table.lengths, measured.lengths
    pelvis = _pelvis(measured)
    trunk = usual.trunk
    if pelvis is not None and "neck_base" in measured.paths:
        hips, turn, _ = pelvis
        lumbar = np.array(LUMBAR) * plan.scale
        high = float(np.median(np.linalg.norm(measured.paths["neck_base"] - hips - turn @ lumbar, axis=1)))
        ahead = plan.standing_neck[0]
        trunk = float(np.hypot(ahead, lumbar[1] + np.sqrt(high**2 - (ahead - lumbar[0]) ** 2)))
    lengths = Lengths(
        seen.get(("hip", "knee"), usual.thigh),
        seen.get(("knee", "ankle"), usual.shank),
        trunk,
        seen.get(("hip", "hip"), 2 * usual.hips) / 2,
        seen.get(("shoulder", "shoulder"), 2 * usual.shoulders) / 2,
        seen.get(("shoulder", "elbow"), usual.upper_arm),
        seen.get(("elbow", "wrist"), usual.forearm),
        usual.foot,
    )
    skeleton = make_skeleton(runner.height, runner.mass, runner.sex, lengths)
    feet = _level_foot(measured)
    points = {f"foot_{side}": _sided(feet, side) for side in ("right", "left")}
    if pelvis is not None:
        points["pelvis"] = pelvis[2]
    return with_points(skeleton, points)


def with_points(skeleton: Skeleton, points: dict[str, dict[str, FloatArray]]) -> Skeleton:
    """The skeleton with points put elsewhere, or added, by the body that carries them; m from its joint."""
    bodies = (replace(body, points=body.points | points.get(body.name, {})) for body in skeleton.bodies)
    return replace(skeleton, bodies=tuple(bodies))


def settled(skeleton: Skeleton, q: FloatArray, paths: dict[str, FloatArray]) -> Skeleton:
    """The skeleton with shoulders and foot points where the recording shows them on average, alike on both sides.

    Parameters
    ----------
    skeleton
        As it is.
    q
        Its coordinates at some instants, shape (n, coordinates).
    paths
        Measured places at these instants, m, shape (n, 3).
    """
    places = _places(skeleton, q)
    feet = [name for name in ("heel", *FORE) if f"{name}_right" in paths]
    local = {name: _mean_local(places, "foot", "ankle", name, paths) for name in feet}
    out = with_points(skeleton, {f"foot_{side}": _sided(local, side) for side in ("right", "left")})
    if "shoulder_right" not in paths or "neck_base" not in paths:
        return out
    torso, base = places["torso"], places["neck_base"]
    neck = next(body for body in skeleton.bodies if body.name == "torso").points["neck_base"]
    beside = [
        neck * mirror + np.einsum("nji,nj->ni", torso, paths[f"shoulder_{side}"] - base).mean(0) * mirror
        for side, mirror in (("right", np.ones(3)), ("left", MIRROR))
    ]
    place = (beside[0] + beside[1]) / 2
    moved = {"upper_arm_right": place, "upper_arm_left": place * MIRROR}
    bodies = (replace(body, offset=moved.get(body.name, body.offset)) for body in out.bodies)
    return replace(out, bodies=tuple(bodies))


def _mean_local(
    places: dict[str, FloatArray], body: str, joint: str, name: str, paths: dict[str, FloatArray]
) -> FloatArray:
    """Mean place of a sided point on its body from the joint, of the right side."""
    both = [
        np.einsum("nji,nj->ni", places[f"{body}_{side}"], paths[f"{name}_{side}"] - places[f"{joint}_{side}"]).mean(0)
        * mirror
        for side, mirror in (("right", np.ones(3)), ("left", MIRROR))
    ]
    return (both[0] + both[1]) / 2


def _places(skeleton: Skeleton, q: FloatArray) -> dict[str, FloatArray]:
    """Rotations of torso and feet, shape (n, 3, 3), and places of neck base and ankles, (n, 3)."""
    equations = Equations(skeleton)
    turned = ("torso", "foot_right", "foot_left")
    fixed = ("neck_base", "ankle_right", "ankle_left")
    every = [ca.vec(equations.rotation(name).T) for name in turned] + [equations.points[name] for name in fixed]
    found = np.asarray(ca.Function("places", [equations.q], [ca.vertcat(*every)]).map(len(q))(q.T)).T
    out = {name: found[:, 9 * k : 9 * k + 9].reshape(-1, 3, 3) for k, name in enumerate(turned)}
    return out | {name: found[:, 27 + 3 * k : 30 + 3 * k] for k, name in enumerate(fixed)}


def _pelvis(measured: MeasuredStep) -> tuple[FloatArray, FloatArray, dict[str, FloatArray]] | None:
    """Middle of the hips (n, 3), the pelvis' rotation (n, 3, 3) and its points from there; ``None`` if it has no markers."""
    paths = measured.paths
    if "asis_right" not in paths or not ("psis_right" in paths or "sacrum" in paths):
        return None
    back = paths["sacrum"] if "sacrum" in paths else (paths["psis_right"] + paths["psis_left"]) / 2
    across = paths["asis_right"] - paths["asis_left"]
    ahead = unit((paths["asis_right"] + paths["asis_left"]) / 2 - back)
    turn = frame_from(np.cross(across, ahead), across)
    hips = (paths["hip_right"] + paths["hip_left"]) / 2
    points: dict[str, FloatArray] = {}
    for name in ("asis", "psis"):
        if f"{name}_right" in paths:
            local = np.einsum("nji,nj->ni", turn, paths[f"{name}_right"] - hips).mean(0)
            other = np.einsum("nji,nj->ni", turn, paths[f"{name}_left"] - hips).mean(0) * MIRROR
            points |= _sided({name: (local + other) / 2}, "right") | _sided({name: (local + other) / 2}, "left")
    if "sacrum" in paths:
        points["sacrum"] = np.einsum("nji,nj->ni", turn, back - hips).mean(0) * [1.0, 1.0, 0.0]
    return hips, turn, points


def _level_foot(measured: MeasuredStep) -> dict[str, FloatArray]:
    """Points of the right foot from the ankle, forward along the foot, and where its sole may touch the ground."""
    start, stop = measured.stance
    since = start + np.linspace(*FLAT, 9) * (stop - start)
    ankle = measured.at("ankle_right", since)
    fore = next(name for name in FORE if f"{name}_right" in measured.paths)
    ahead = (measured.at(f"{fore}_right", since) - measured.at("heel_right", since)) * [1.0, 0.0, 1.0]
    turn = frame_from(np.broadcast_to([0.0, 1.0, 0.0], ahead.shape), np.cross(ahead, [0.0, 1.0, 0.0]))
    out = {}
    for name in ("heel", *FORE):
        if f"{name}_right" in measured.paths:
            out[name] = np.einsum("nji,nj->ni", turn, measured.at(f"{name}_right", since) - ankle).mean(0)
    level = -float(ankle[:, 1].mean()) - PRESSED
    long = float(out[fore][0] - out["heel"][0]) / 0.24
    for name, place in SOLE.items():
        out[f"sole_{name}"] = np.array([place[0] * long, level, 0.0])
    return out


def _sided(points: dict[str, FloatArray], side: str) -> dict[str, FloatArray]:
    mirror = np.ones(3) if side == "right" else MIRROR
    return {f"{name}_{side}": place * mirror for name, place in points.items()}


def body_named(skeleton: Skeleton, name: str) -> BodyTree:
    """A body of the tree."""
    return next(body for body in skeleton.bodies if body.name == name)

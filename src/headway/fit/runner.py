"""The skeleton of the runner in a stretch of a recording: lengths, pelvis and feet, left and right as they are."""

from __future__ import annotations

from dataclasses import replace

import casadi as ca
import numpy as np

from headway.body.body_plan import BodyPlan
from headway.body.make_skeleton import LUMBAR, make_skeleton
from headway.body.rotations import frame_from, unit
from headway.body.skeleton import BodyTree, Lengths, Skeleton
from headway.body.toes import BEHIND_TIP, with_toes
from headway.fit.measured import FLAT, SIDES, MeasuredStretch
from headway.recording import FloatArray, Side
from headway.signals import seen_mean
from headway.simulation.equations import Equations

PRESSED = 0.006
"""How far sole and ground give under the standing foot, m."""
ENDS = (("thigh", "knee", "shank"), ("shank", "ankle", "foot"))
"""Segments of the leg, the joint at their end, and what it carries."""
FOOT_STEMS = ("heel", "toe", "mt1", "mt5")
TOE_AHEAD = 0.035
"""A toe marker farther than this ahead of those on the metatarsals moves with the toes, m."""
FORE_HEEL = 0.165
"""Heel marker to the heads of the metatarsals at the reference height, m, where no marker shows these."""


def stretch_skeleton(measured: MeasuredStretch) -> Skeleton:
    """Make the skeleton with the runner's lengths and the recording's markers on pelvis and feet."""
    table = make_skeleton(measured.height, measured.mass, measured.sex)
    usual, plan = table.lengths, table.plan
    pelvis = _pelvis(measured)
    trunk = usual.trunk
    if pelvis is not None and "neck_base" in measured.paths:
        hips, turn, _ = pelvis
        lumbar = np.array(LUMBAR) * plan.scale
        apart = np.linalg.norm(measured.paths["neck_base"] - hips - turn @ lumbar, axis=1)
        high, ahead = float(np.nanmedian(apart)), plan.standing_neck[0]
        trunk = float(np.hypot(ahead, lumbar[1] + np.sqrt(high**2 - (ahead - lumbar[0]) ** 2)))
    lengths = Lengths(
        _length(measured, "hip", "knee", usual.thigh),
        _length(measured, "knee", "ankle", usual.shank),
        trunk,
        _width(measured, "hip", 2 * usual.hips) / 2,
        _width(measured, "shoulder", 2 * usual.shoulders) / 2,
        _length(measured, "shoulder", "elbow", usual.upper_arm),
        _length(measured, "elbow", "wrist", usual.forearm),
        usual.foot,
    )
    skeleton = _own_legs(make_skeleton(measured.height, measured.mass, measured.sex, lengths), measured)
    points = {} if pelvis is None else {"pelvis": pelvis[2]}
    hinges, ahead = {}, frozenset[str]()
    for side in SIDES:
        foot, hinge, toes = _foot(measured, side, plan.scale)
        points[f"foot_{side}"], hinges[side] = foot, hinge
        ahead |= toes
    return with_toes(with_points(skeleton, points), hinges, ahead)


def with_points(skeleton: Skeleton, points: dict[str, dict[str, FloatArray]]) -> Skeleton:
    """The skeleton with points put elsewhere, or added, by the body that carries them; m from its joint."""
    bodies = (replace(body, points=body.points | points.get(body.name, {})) for body in skeleton.bodies)
    return replace(skeleton, bodies=tuple(bodies))


def _own_legs(skeleton: Skeleton, measured: MeasuredStretch) -> Skeleton:
    """The skeleton with each leg as long as it is."""
    moved: dict[str, FloatArray] = {}
    for side in SIDES:
        for one, other, body in (("hip", "knee", "shank"), ("knee", "ankle", "foot")):
            length = _distance(measured, f"{one}_{side}", f"{other}_{side}")
            if np.isfinite(length):
                moved[f"{body}_{side}"] = np.array([0.0, -length, 0.0])
    ends = {f"{upper}_{side}": (f"{joint}_{side}", f"{lower}_{side}") for side in SIDES for upper, joint, lower in ENDS}

    def own(body: BodyTree) -> BodyTree:
        joint, lower = ends.get(body.name, ("", ""))
        points = body.points | ({joint: moved[lower]} if lower in moved else {})
        return replace(body, offset=moved.get(body.name, body.offset), points=points)

    return replace(skeleton, bodies=tuple(own(body) for body in skeleton.bodies))


def _distance(measured: MeasuredStretch, one: str, other: str) -> float:
    if one not in measured.paths or other not in measured.paths:
        return float("nan")
    return float(np.nanmedian(np.linalg.norm(measured.paths[one] - measured.paths[other], axis=1)))


def _length(measured: MeasuredStretch, one: str, other: str, usual: float) -> float:
    """Mean over the sides of the median distance of two joint centres."""
    found = [_distance(measured, f"{one}_{side}", f"{other}_{side}") for side in SIDES]
    return float(np.nanmean(found)) if np.isfinite(found).any() else usual


def _width(measured: MeasuredStretch, name: str, usual: float) -> float:
    found = _distance(measured, f"{name}_left", f"{name}_right")
    return found if np.isfinite(found) else usual


def _pelvis(measured: MeasuredStretch) -> tuple[FloatArray, FloatArray, dict[str, FloatArray]] | None:
    """Middle of the hips (n, 3), the pelvis' rotation (n, 3, 3) and its points from there; ``None`` if it has no markers."""
    paths = measured.paths
    if "asis_right" not in paths or not ("psis_right" in paths or "sacrum" in paths):
        return None
    back = paths["sacrum"] if "psis_right" not in paths else (paths["psis_right"] + paths["psis_left"]) / 2
    across = paths["asis_right"] - paths["asis_left"]
    ahead = unit((paths["asis_right"] + paths["asis_left"]) / 2 - back)
    turn = frame_from(np.cross(across, ahead), across)
    hips = (paths["hip_right"] + paths["hip_left"]) / 2
    names = [name for name in paths if name.startswith(("asis", "psis", "sacrum"))]
    return hips, turn, {name: seen_mean(_local(turn, paths[name] - hips)) for name in names}


def _local(turn: FloatArray, arm: FloatArray) -> FloatArray:
    return np.einsum("nji,nj->ni", turn, arm)


def _foot(
    measured: MeasuredStretch, side: Side, scale: float
) -> tuple[dict[str, FloatArray], FloatArray, frozenset[str]]:
    """Points of a level foot from the ankle, the middle of its toe joint, and the points that move with the toes."""
    flat = [
        one.initial_contact + np.linspace(*FLAT, 7) * (one.toe_off - one.initial_contact)
        for one in measured.contacts
        if one.side == side
    ]
    time = np.concatenate(flat) if flat else _lowest(measured, side)
    names = [f"{stem}_{side}" for stem in FOOT_STEMS if f"{stem}_{side}" in measured.paths]
    fore = next(name for name in names if not name.startswith("heel"))
    ahead = (measured.at(fore, time) - measured.at(f"heel_{side}", time)) * [1.0, 0.0, 1.0]
    turn = frame_from(np.broadcast_to([0.0, 1.0, 0.0], ahead.shape), np.cross(ahead, [0.0, 1.0, 0.0]))
    if f"ankle_{side}" in measured.paths:
        ankle = measured.at(f"ankle_{side}", time)
    else:
        plan = BodyPlan(measured.height, measured.sex).foot
        ankle = measured.at(f"heel_{side}", time) + turn @ (plan["ankle_right"] - plan["heel_right"])
    points = {name: seen_mean(_local(turn, measured.at(name, time) - ankle)) for name in names}
    heads = [points[f"{stem}_{side}"] for stem in ("mt1", "mt5") if f"{stem}_{side}" in points]
    middle = np.mean(heads, axis=0) if heads else points[f"heel_{side}"] + [FORE_HEEL * scale, 0.0, 0.0]
    toe = points.get(f"toe_{side}")
    moving = (
        frozenset([f"toe_{side}"]) if toe is not None and toe[0] - middle[0] > TOE_AHEAD * scale else frozenset[str]()
    )
    if moving and toe is not None:  # the tip tells where the toes begin, whatever the other markers' names are
        middle = np.array([min(middle[0] + 0.01 * scale, toe[0] - 0.7 * BEHIND_TIP * scale), middle[1], toe[2]])
    level = -float(np.nanmean(ankle[:, 1])) - PRESSED
    points |= {f"sole_{name}_{side}": np.array([0.0, level, 0.0]) for name in ("heel", "ball")}
    return points, middle * [1.0, 1.0, 0.0], moving


def _lowest(measured: MeasuredStretch, side: Side) -> FloatArray:
    """Times at which the foot is lowest, where none of its contacts is in the stretch."""
    order = np.argsort(measured.paths[f"heel_{side}"][:, 1])
    return measured.time[order[: max(len(order) // 20, 3)]]


def settled_on(skeleton: Skeleton, equations: Equations, q: FloatArray, paths: dict[str, FloatArray]) -> Skeleton:
    """The skeleton with shoulders and markers where the recording shows them on average.

    Parameters
    ----------
    skeleton, equations
        As they are.
    q
        Coordinates at some instants, shape (n, coordinates).
    paths
        Measured places at these instants, m, shape (n, 3).
    """
    carried = {
        body.name: [
            name for name in paths if not _is_joint(name) and (name in body.points or name.startswith(f"{body.name}_"))
        ]
        for body in skeleton.bodies
    }
    names = [name for name, own in carried.items() if own or name == "torso"]
    frames = [ca.vertcat(ca.vec(equations.rotation(name).T), equations.place(name, ca.DM.zeros(3))) for name in names]
    found = np.asarray(ca.Function("frames", [equations.q], [ca.vertcat(*frames)]).map(len(q))(q.T)).T
    turns, places = {}, {}
    for k, name in enumerate(names):
        turns[name] = found[:, 12 * k : 12 * k + 9].reshape(-1, 3, 3)
        places[name] = found[:, 12 * k + 9 : 12 * k + 12]

    def seen(body: str, point: str) -> FloatArray:
        return seen_mean(_local(turns[body], paths[point] - places[body]))

    moved = {body: {name: seen(body, name) for name in own} for body, own in carried.items() if own}
    out = with_points(skeleton, moved)
    shoulders = {
        f"upper_arm_{side}": seen("torso", f"shoulder_{side}") for side in SIDES if f"shoulder_{side}" in paths
    }
    bodies = (replace(body, offset=shoulders.get(body.name, body.offset)) for body in out.bodies)
    return replace(out, bodies=tuple(bodies))


def _is_joint(name: str) -> bool:
    stem = name.removesuffix("_left").removesuffix("_right")
    return stem in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "neck_base")

"""Moments of a fitted body beside OpenSim's inverse dynamics of the same motion, forces and segments: a table of docs/evidence/body.md.

python benchmarks/body_opensim.py DATA

The fitted skeleton is built again as an OpenSim model (custom joints with the same axes in the same order), put into every posture with its speeds
and accelerations, with the fitted forces at the places under the soles; OpenSim's solver tells the generalised forces that this takes.
Needs the extra ``opensim``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import opensim

from headway.body.skeleton import BodyTree, Skeleton
from headway.fit.fit_body import fit_body
from headway.fit.fitted import FittedStretch
from headway.fit.model import SOLE_BODIES, SOLE_POINTS
from headway.gait.runner import Runner
from headway.recording import GRAVITY, FloatArray
from headway.simulation.effort import ROOT

RECORDINGS = {
    "hamner 04 run300": ("hamner2013/subject04/trials/run300/markers.trc", 1.772),
    "dorn JA1": ("dorn2012_ja1/JA1Gait21.c3d", 1.8),
}
SHOWN = ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion", "lumbar_extension")


def model_of(skeleton: Skeleton) -> opensim.Model:
    """The skeleton as an OpenSim model."""
    model = opensim.Model()
    model.setGravity(opensim.Vec3(0, -GRAVITY, 0))
    parents = {None: model.getGround()}
    for body in skeleton.bodies:
        i = body.inertia
        inertia = opensim.Inertia(i[0, 0], i[1, 1], i[2, 2], i[0, 1], i[0, 2], i[1, 2])
        made = opensim.Body(body.name, body.mass, opensim.Vec3(*body.com), inertia)
        model.addBody(made)
        model.addJoint(_joint(body, parents[body.parent], made))
        parents[body.name] = made
    model.finalizeConnections()
    return model


def _joint(body: BodyTree, parent: opensim.PhysicalFrame, child: opensim.Body) -> opensim.CustomJoint:
    transform, names = opensim.SpatialTransform(), opensim.ArrayStr()
    hinges = [one for one in body.coordinates if one.kind == "hinge"]
    slides = [one for one in body.coordinates if one.kind == "slide"]
    axes = [one.axis for one in hinges]
    for extra in np.eye(3):  # the axes that do not turn only have to be independent
        if len(axes) < 3 and np.linalg.matrix_rank([*axes, extra]) == len(axes) + 1:
            axes.append(extra)
    turns = zip(axes, [*hinges, None, None, None], strict=False)
    kinds = [*turns, *zip(np.eye(3), slides or [None] * 3, strict=True)]
    for place, (axis, coordinate) in enumerate(kinds):
        one = transform.updTransformAxis(place)
        one.setAxis(opensim.Vec3(*axis))
        if coordinate is None:
            one.setFunction(opensim.Constant(0.0))
            continue
        name = opensim.ArrayStr()
        name.append(coordinate.name)
        names.append(coordinate.name)
        one.setCoordinateNames(name)
        one.setFunction(opensim.LinearFunction(1.0, 0.0))
    zero = opensim.Vec3(0)
    return opensim.CustomJoint(
        f"to_{body.name}", parent, opensim.Vec3(*body.offset), zero, child, zero, zero, transform
    )


def opensims(one: FittedStretch) -> FloatArray:
    """Generalised forces that the fitted motion takes beside gravity and the ground, by OpenSim, shape (n, coordinates)."""
    model = model_of(one.skeleton)
    state = model.initSystem()
    solver, bodies = opensim.InverseDynamicsSolver(model), model.getBodySet()
    ordered = model.getCoordinatesInMultibodyTreeOrder()
    coordinates = [ordered[k] for k in range(len(one.skeleton.names))]
    places = [one.skeleton.index(coordinate.getName()) for coordinate in coordinates]
    out = np.zeros_like(one.q)
    for k in range(len(one.time)):
        for coordinate, place in zip(coordinates, places, strict=True):
            coordinate.setValue(state, float(one.q[k, place]), False)
            coordinate.setSpeedValue(state, float(one.v[k, place]))
        model.realizeDynamics(state)
        matter = model.getMatterSubsystem()
        applied = opensim.VectorOfSpatialVec(
            matter.getNumBodies(), opensim.SpatialVec(opensim.Vec3(0), opensim.Vec3(0))
        )
        total: dict[int, np.ndarray] = {}
        for sole, (side, name) in enumerate(SOLE_POINTS):
            body = bodies.get(f"{SOLE_BODIES[name]}_{side}")
            origin = body.getPositionInGround(state)
            arm = one.soles[k, sole] - [origin.get(axis) for axis in range(3)]
            push = np.concatenate([np.cross(arm, one.force[k, sole]), one.force[k, sole]])
            total[body.getMobilizedBodyIndex()] = total.get(body.getMobilizedBodyIndex(), np.zeros(6)) + push
        for number, push in total.items():
            applied.set(number, opensim.SpatialVec(opensim.Vec3(*push[:3]), opensim.Vec3(*push[3:])))
        # gravity acts in the model; the forces of the ground are given
        speeding = opensim.Vector(one.a.shape[1], 0.0)
        for row, place in enumerate(places):
            speeding.set(row, float(one.a[k, place]))
        found = solver.solve(state, speeding, opensim.Vector(one.a.shape[1], 0.0), applied)
        out[k, places] = [found.get(row) for row in range(len(places))]
    return out


def main(data: Path) -> None:
    """Print by recording how far the moments are apart, RMS over their range, and what is left at the pelvis."""
    for name, (path, height) in RECORDINGS.items():
        body = fit_body(data / path, Runner(height), workers=1)
        one = body.stretches[0]
        theirs = opensims(one)
        apart = np.abs(theirs[:, ROOT:] - one.moments) / np.ptp(one.moments, axis=0)
        names = one.skeleton.names[ROOT:]
        cells = [
            f"{100 * max(np.sqrt((apart[:, k] ** 2).mean()) for k, own in enumerate(names) if own.startswith(joint)):.4f}"
            for joint in SHOWN
        ]
        left = np.abs(theirs[:, :3]).max() / (one.skeleton.mass * GRAVITY)
        print(
            f"| {name} | {' | '.join(cells)} | {100 * np.sqrt((apart**2).mean(0)).max():.4f} | {left:.0e} |", flush=True
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

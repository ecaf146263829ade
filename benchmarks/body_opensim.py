"""Moments of a fitted body beside OpenSim's inverse dynamics of the same motion, forces and segments: a table of docs/evidence/body.md.

python benchmarks/body_opensim.py DATA

The fitted skeleton is built again as an OpenSim model (custom joints with the same axes in the same order), put into every posture with its speeds
and accelerations, with the fitted forces at the places under the soles; OpenSim's solver tells the generalised forces that this takes.
Needs the extra ``opensim``, which runs in a process of its own: it brings another CasADi along.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.body.skeleton import BodyTree, Skeleton
from headway.recording import GRAVITY, FloatArray

RECORDINGS = {
    "hamner 04 run300": ("hamner2013/subject04/trials/run300/markers.trc", 1.772),
    "dorn JA1": ("dorn2012_ja1/JA1Gait21.c3d", 1.8),
}
SHOWN = ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion", "lumbar_extension")


@dataclass(frozen=True)
class Moved:
    """A fitted stretch without anything of CasADi: fields as :class:`headway.fit.fitted.FittedStretch` has them."""

    skeleton: Skeleton
    q: FloatArray
    v: FloatArray
    a: FloatArray
    force: FloatArray
    soles: FloatArray
    carriers: tuple[str, ...]


def model_of(skeleton: Skeleton):
    """The skeleton as an OpenSim model."""
    import opensim

    model = opensim.Model()
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


def _joint(body: BodyTree, parent, child):
    import opensim

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
        one.set_axis(opensim.Vec3(*axis))
        if coordinate is None:
            one.set_function(opensim.Constant(0.0))
            continue
        name = opensim.ArrayStr()
        name.append(coordinate.name)
        names.append(coordinate.name)
        one.setCoordinateNames(name)
        one.set_function(opensim.LinearFunction(1.0, 0.0))
    zero = opensim.Vec3(0)
    return opensim.CustomJoint(
        f"to_{body.name}", parent, opensim.Vec3(*body.offset), zero, child, zero, zero, transform
    )


def opensims(one: Moved) -> FloatArray:
    """Generalised forces that the fitted motion takes beside gravity and the ground, by OpenSim, shape (n, coordinates)."""
    import opensim

    model = model_of(one.skeleton)
    state = model.initSystem()
    solver, bodies = opensim.InverseDynamicsSolver(model), model.getBodySet()
    coordinates = [model.getCoordinateSet().get(name) for name in one.skeleton.names]
    for number, coordinate in enumerate(coordinates):
        coordinate.setSpeedValue(state, float(number))
    speeds = state.getU()  # tells which coordinate stands where
    places = [round(speeds.get(row)) for row in range(len(coordinates))]
    out = np.zeros_like(one.q)
    for k in range(len(one.q)):
        for place, coordinate in enumerate(coordinates):
            coordinate.setValue(state, float(one.q[k, place]), False)
            coordinate.setSpeedValue(state, float(one.v[k, place]))
        model.realizeDynamics(state)
        applied = opensim.VectorOfSpatialVec(
            model.getNumBodies() + 1, opensim.SpatialVec(opensim.Vec3(0), opensim.Vec3(0))
        )
        total: dict[int, np.ndarray] = {}
        for sole, carrier in enumerate(one.carriers):
            body = bodies.get(carrier)
            origin = body.getPositionInGround(state)
            arm = one.soles[k, sole] - [origin.get(axis) for axis in range(3)]
            push = np.concatenate([np.cross(arm, one.force[k, sole]), one.force[k, sole]])
            total[body.getMobilizedBodyIndex()] = total.get(body.getMobilizedBodyIndex(), np.zeros(6)) + push
        for body in one.skeleton.bodies:
            made = bodies.get(body.name)
            arm = np.array([made.expressVectorInGround(state, opensim.Vec3(*body.com)).get(axis) for axis in range(3)])
            down = np.array([0.0, -body.mass * GRAVITY, 0.0])
            number = made.getMobilizedBodyIndex()
            total[number] = total.get(number, np.zeros(6)) + np.concatenate([np.cross(arm, down), down])
        for number, push in total.items():
            applied.set(number, opensim.SpatialVec(opensim.Vec3(*push[:3]), opensim.Vec3(*push[3:])))
        speeding = opensim.Vector(one.a.shape[1], 0.0)
        for row, place in enumerate(places):
            speeding.set(row, float(one.a[k, place]))
        found = solver.solve(state, speeding, opensim.Vector(one.a.shape[1], 0.0), applied)
        out[k, places] = [found.get(row) for row in range(len(places))]
    return out


def apart(one: Moved) -> FloatArray:
    """:func:`opensims` in a process without CasADi."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.pickle", Path(folder) / "found.npy"
        given.write_bytes(pickle.dumps({name: getattr(one, name) for name in one.__dataclass_fields__}))
        subprocess.run([sys.executable, __file__, str(given), str(found)], check=True, stdout=subprocess.DEVNULL)
        return np.load(found)


def main(data: Path) -> None:
    """Print by recording how far the moments are apart, RMS over their range in %, and what is left at the pelvis, body weights."""
    from headway.fit.fit_body import fit_body
    from headway.fit.model import SOLE_BODIES, SOLE_POINTS
    from headway.gait.runner import Runner

    carriers = tuple(f"{SOLE_BODIES[name]}_{side}" for side, name in SOLE_POINTS)
    for name, (path, height) in RECORDINGS.items():
        one = fit_body(data / path, Runner(height), workers=1).stretches[0]
        theirs = apart(Moved(one.skeleton, one.q, one.v, one.a, one.force, one.soles, carriers))
        root = theirs.shape[1] - one.moments.shape[1]
        off = np.sqrt(((theirs[:, root:] - one.moments) ** 2).mean(0)) / np.ptp(one.moments, axis=0)
        names = one.skeleton.names[root:]
        cells = [f"{100 * max(off[k] for k, own in enumerate(names) if own.startswith(joint)):.1e}" for joint in SHOWN]
        left = np.abs(theirs[:, :3]).max() / (one.skeleton.mass * GRAVITY)
        print(f"| {name} | {' | '.join(cells)} | {100 * off.max():.1e} | {left:.0e} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        np.save(sys.argv[2], opensims(Moved(**pickle.loads(Path(sys.argv[1]).read_bytes()))))

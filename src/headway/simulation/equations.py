"""Equations of motion of a skeleton as CasADi expressions, by recursive Newton–Euler (Featherstone 2008, ch. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import BodyTree, Skeleton
from headway.recording import GRAVITY, FloatArray

Symbol = Any
"""A CasADi SX."""


@dataclass
class _Frame:
    """Where a body's frame is after all its coordinates: rotation to and place in space, and motion in its own axes."""

    rotation: Symbol
    place: Symbol
    omega: Symbol
    alpha: Symbol
    acceleration: Symbol
    """Of the frame's origin less gravity."""
    turns: list[tuple[int, Symbol, Symbol]]
    """Coordinate, its axis (constant) and the rotation from the frame after it to the body's frame, for hinges."""
    step: Symbol
    """Rotation from the body's frame to the parent's."""
    offset: Symbol


class Equations:
    """Symbolic kinematics and dynamics of one skeleton.

    Attributes
    ----------
    q, v, a
        Coordinates, velocities, accelerations; SI.
    points
        Place in space of every point of the skeleton, m.
    moments
        Generalised forces that the motion needs without contact, gravity counted; N and N·m.
    """

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        n = len(skeleton.names)
        self.q, self.v, self.a = (ca.SX.sym(name, n) for name in "qva")
        self._frames: dict[str, _Frame] = {}
        for body in skeleton.bodies:
            self._frames[body.name] = self._forward(body)
        self.points = {
            name: frame.place + frame.rotation @ ca.DM(local)
            for body in skeleton.bodies
            for frame in (self._frames[body.name],)
            for name, local in body.points.items()
        }
        self.moments = self._backward()

    def rotation(self, body: str) -> Symbol:
        """Rotation from a body's axes to space, shape (3, 3)."""
        return self._frames[body].rotation

    def place(self, body: str, local: Symbol) -> Symbol:
        """Place in space of a point given from a body's joint in its own axes, m."""
        frame = self._frames[body]
        return frame.place + frame.rotation @ local

    def spin(self, body: str) -> Symbol:
        """Angular velocity of a body in its own axes, rad/s."""
        return self._frames[body].omega

    def velocity(self, expression: Symbol) -> Symbol:
        """Time derivative of an expression of q."""
        return ca.jtimes(expression, self.q, self.v)

    def pushed_by(self, point: str, force: Symbol) -> Symbol:
        """Generalised forces of a force (N, in space) at a point."""
        return ca.jtimes(self.points[point], self.q, force, True)

    def carried_inertia(self) -> FloatArray:
        """Diagonal of the mass matrix in upright standing, kg and kg·m², shape (coordinates,)."""
        matrix = ca.Function("matrix", [self.q], [ca.jacobian(self.moments, self.a)])
        # the jacobian depends on q alone: the moments are linear in the accelerations
        return np.asarray(ca.diag(matrix(np.zeros(len(self.skeleton.names))))).ravel()

    def centre_of_mass(self) -> Symbol:
        """Centre of mass, m."""
        places = [
            self._frames[b.name].place + self._frames[b.name].rotation @ ca.DM(b.com) for b in self.skeleton.bodies
        ]
        total = sum((b.mass * p for b, p in zip(self.skeleton.bodies, places, strict=True)), ca.SX.zeros(3))
        return total / self.skeleton.mass

    def energy(self) -> Symbol:
        """Kinetic and potential energy, J."""
        total = ca.SX(0)
        for body in self.skeleton.bodies:
            frame = self._frames[body.name]
            centre = frame.place + frame.rotation @ ca.DM(body.com)
            speed = self.velocity(centre)
            spin = frame.omega
            total += body.mass * (ca.dot(speed, speed) / 2 + GRAVITY * centre[1])
            total += ca.dot(spin, ca.DM(body.inertia) @ spin) / 2
        return total

    def _forward(self, body: BodyTree) -> _Frame:
        index = {one.name: self.skeleton.index(one.name) for one in body.coordinates}
        if body.parent is None:
            rotation, place = ca.SX.eye(3), ca.SX.zeros(3)
            omega, alpha = ca.SX.zeros(3), ca.SX.zeros(3)
            acceleration = ca.SX([0.0, GRAVITY, 0.0])
        else:
            parent = self._frames[body.parent]
            rotation, offset = parent.rotation, ca.DM(body.offset)
            place = parent.place + rotation @ offset
            omega, alpha = parent.omega, parent.alpha
            acceleration = parent.acceleration + ca.cross(alpha, offset) + ca.cross(omega, ca.cross(omega, offset))
        hinges: list[tuple[int, Any, Any]] = []
        for one in body.coordinates:
            k, axis = index[one.name], ca.DM(one.axis)
            if one.kind == "slide":
                place = place + axis * self.q[k]
                acceleration = acceleration + axis * self.a[k]
                continue
            turn = _turn(one.axis, self.q[k])
            back = turn.T
            rotation = rotation @ turn
            spun = back @ omega
            omega = spun + axis * self.v[k]
            alpha = back @ alpha + ca.cross(spun, axis) * self.v[k] + axis * self.a[k]
            acceleration = back @ acceleration
            hinges.append((k, axis, turn))
        step = ca.SX.eye(3)
        turns = []
        for k, axis, turn in reversed(hinges):
            turns.append((k, axis, step))
            step = turn @ step
        return _Frame(rotation, place, omega, alpha, acceleration, turns, step, ca.DM(body.offset))

    def _backward(self) -> Symbol:
        moments = [ca.SX(0)] * len(self.skeleton.names)
        force: dict[str, Symbol] = {}
        torque: dict[str, Symbol] = {}
        for body in reversed(self.skeleton.bodies):
            frame, com = self._frames[body.name], ca.DM(body.com)
            spin, inertia = frame.omega, ca.DM(body.inertia)
            push = body.mass * (frame.acceleration + ca.cross(frame.alpha, com) + ca.cross(spin, ca.cross(spin, com)))
            turn = inertia @ frame.alpha + ca.cross(spin, inertia @ spin) + ca.cross(com, push)
            push, turn = push + force.get(body.name, 0), turn + torque.get(body.name, 0)
            for k, axis, step in frame.turns:
                moments[k] = ca.dot(axis, step @ turn)
            up, around = frame.step @ push, frame.step @ turn
            if body.parent is None:
                for one in body.coordinates:
                    if one.kind == "slide":
                        moments[self.skeleton.index(one.name)] = ca.dot(ca.DM(one.axis), up)
            else:
                force[body.parent] = force.get(body.parent, 0) + up
                torque[body.parent] = torque.get(body.parent, 0) + around + ca.cross(frame.offset, up)
        return ca.vertcat(*moments)


def _turn(axis: FloatArray, angle: Symbol) -> Symbol:
    """Rotation about one of the named axes."""
    k = int(np.argmax(np.abs(axis)))
    cos, sin = ca.cos(angle), float(axis[k]) * ca.sin(angle)
    i, j = (k + 1) % 3, (k + 2) % 3
    out = ca.SX.eye(3)
    out[i, i], out[j, j], out[i, j], out[j, i] = cos, cos, -sin, sin
    return out

"""Signals that carry their exact time derivatives.

A :class:`Jet` holds a signal with its first and second time derivative (or the value alone) and passes them on through
products, quotients, roots and sines by the rules of calculus, so that nothing is ever differentiated numerically. This is
Taylor arithmetic (Griewank & Walther 2008, Evaluating Derivatives, ch. 13), cut off after the second order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray

Number = float | np.floating[Any]


class Jet:
    """A signal and its time derivatives.

    Parameters
    ----------
    derivatives
        Shape (orders, n, ...): value, first derivative, second derivative; one to three orders.
    """

    __array_priority__ = 100.0
    __slots__ = ("d",)

    def __init__(self, derivatives: FloatArray) -> None:
        self.d = derivatives

    @property
    def orders(self) -> int:
        """Number of orders held: 1 value only, 3 with both derivatives."""
        return len(self.d)

    @property
    def value(self) -> FloatArray:
        """The signal, shape (n, ...)."""
        return self.d[0]

    @property
    def velocity(self) -> FloatArray:
        """First time derivative, shape (n, ...)."""
        return self.d[1]

    @property
    def acceleration(self) -> FloatArray:
        """Second time derivative, shape (n, ...)."""
        return self.d[2]

    def __getitem__(self, index: Any) -> Jet:
        """Index the dimensions after the order."""
        whole = index if isinstance(index, tuple) else (index,)
        return Jet(self.d[(slice(None), *whole)])

    def __add__(self, other: Jet | FloatArray | Number) -> Jet:
        if isinstance(other, Jet):
            return Jet(self.d + other.d)
        out = np.array(np.broadcast_to(self.d, (self.orders, *np.broadcast_shapes(self.d.shape[1:], np.shape(other)))))
        out[0] += other
        return Jet(out)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.d)

    def __sub__(self, other: Jet | FloatArray | Number) -> Jet:
        return self + (-other)

    def __rsub__(self, other: FloatArray | Number) -> Jet:
        return -self + other

    def __mul__(self, other: Jet | FloatArray | Number) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.d * np.asarray(other))
        return _leibniz(self, other, np.multiply)

    __rmul__ = __mul__

    def __truediv__(self, other: Jet | FloatArray | Number) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.d / np.asarray(other))
        return self * reciprocal(other)

    def __rtruediv__(self, other: FloatArray | Number) -> Jet:
        return reciprocal(self) * other


def _leibniz(a: Jet, b: Jet, product: Any) -> Jet:
    """Derivatives of a bilinear product."""
    out = [product(a.d[0], b.d[0])]
    if a.orders > 1:
        out.append(product(a.d[1], b.d[0]) + product(a.d[0], b.d[1]))
    if a.orders > 2:
        out.append(product(a.d[2], b.d[0]) + 2.0 * product(a.d[1], b.d[1]) + product(a.d[0], b.d[2]))
    return Jet(np.stack(out))


def _chain(a: Jet, f0: FloatArray, f1: FloatArray, f2: FloatArray) -> Jet:
    """Derivatives of f(a), given f and its derivatives with respect to ``a``."""
    out = [f0]
    if a.orders > 1:
        out.append(f1 * a.d[1])
    if a.orders > 2:
        out.append(f2 * a.d[1] ** 2 + f1 * a.d[2])
    return Jet(np.stack(out))


def moment(time: npt.ArrayLike, orders: int) -> Jet:
    """Time itself as a jet (its first derivative is 1)."""
    out = np.zeros((orders, *np.shape(time)))
    out[0] = time
    if orders > 1:
        out[1] = 1.0
    return Jet(out)


def constant(value: npt.ArrayLike, like: Jet) -> Jet:
    """A constant of shape (...) for every instant of the scalar jet ``like``."""
    fixed = np.asarray(value, float)
    out = np.zeros((like.orders, like.d.shape[1], *fixed.shape))
    out[0] = fixed
    return Jet(out)


def sin(a: Jet) -> Jet:
    """Sine."""
    s, c = np.sin(a.value), np.cos(a.value)
    return _chain(a, s, c, -s)


def cos(a: Jet) -> Jet:
    """Cosine."""
    s, c = np.sin(a.value), np.cos(a.value)
    return _chain(a, c, -s, -c)


def sqrt(a: Jet) -> Jet:
    """Square root."""
    root = np.sqrt(a.value)
    return _chain(a, root, 0.5 / root, -0.25 / root**3)


def reciprocal(a: Jet) -> Jet:
    """1 / a."""
    inverse = 1.0 / a.value
    return _chain(a, inverse, -(inverse**2), 2.0 * inverse**3)


def stack(*components: Jet) -> Jet:
    """Join scalar jets, shape (n,), to a vector jet, shape (n, k)."""
    return Jet(np.stack([component.d for component in components], axis=-1))


def dot(a: Jet, b: Jet) -> Jet:
    """Scalar product over the last dimension."""
    return Jet((a * b).d.sum(-1))


def cross(a: Jet, b: Jet) -> Jet:
    """Vector product over the last dimension."""
    return _leibniz(a, b, np.cross)


def norm(a: Jet) -> Jet:
    """Length over the last dimension."""
    return sqrt(dot(a, a))


def unit(a: Jet) -> Jet:
    """Direction over the last dimension."""
    return a / norm(a)[..., None]


def chain(first: Jet, second: Jet) -> Jet:
    """Product of two rotations, shape (n, 3, 3)."""
    return _leibniz(first, second, np.matmul)


def turn(rotation: Jet, vector: Jet | Sequence[float] | FloatArray) -> Jet:
    """Rotate a vector jet (n, 3) or a fixed vector (3,)."""
    if isinstance(vector, Jet):
        return _leibniz(rotation, vector, lambda r, v: (r @ v[..., None])[..., 0])
    return Jet(rotation.d @ np.asarray(vector, float))


def about(axis: int, angle: Jet) -> Jet:
    """Rotation by ``angle`` (n,) about axis 0 (forward: roll), 1 (up: yaw) or 2 (right: pitch), shape (n, 3, 3)."""
    out = np.zeros((*angle.d.shape, 3, 3))
    out[0, :, axis, axis] = 1.0
    i, j = (axis + 1) % 3, (axis + 2) % 3
    c, s = cos(angle).d, sin(angle).d
    out[..., i, i] = out[..., j, j] = c
    out[..., i, j], out[..., j, i] = -s, s
    return Jet(out)


def yaw_roll_pitch(yaw: Jet, roll: Jet, pitch: Jet) -> Jet:
    """Rotation yaw, then roll, then pitch about the moving axes, so that the right axis shows yaw and roll free of pitch.

    Baker 2001, Hum Mov Sci 20:381 (pelvic rotation, obliquity, tilt).
    """
    return chain(chain(about(1, yaw), about(0, roll)), about(2, pitch))


def frame(forward: Jet, up: Jet, right: Jet) -> Jet:
    """Rotation with the given unit vectors as columns."""
    return Jet(np.stack([forward.d, up.d, right.d], axis=-1))


def angular_velocity(rotation: Jet) -> tuple[FloatArray, FloatArray]:
    """Angular velocity and acceleration in the outer axes, rad/s and rad/s², shape (n, 3) each."""
    r, first, second = rotation.d
    transposed = np.swapaxes(r, -1, -2)
    spin = first @ transposed
    change = second @ transposed + first @ np.swapaxes(first, -1, -2)
    return _axial(spin), _axial(change)


def _axial(skew: FloatArray) -> FloatArray:
    return 0.5 * np.stack(
        [
            skew[..., 2, 1] - skew[..., 1, 2],
            skew[..., 0, 2] - skew[..., 2, 0],
            skew[..., 1, 0] - skew[..., 0, 1],
        ],
        axis=-1,
    )

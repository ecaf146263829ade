"""Contact of the sole with the ground: a stiff damped spring that only pushes, and friction that creeps a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headway.body.skeleton import Skeleton

Symbol = Any
PLACES = ("heel", "ball", "toe")
"""Where a sole may touch the ground."""


def soles_of(skeleton: Skeleton) -> tuple[str, ...]:
    """Places under each foot of this skeleton; only feet with toes have one under them."""
    points = {name for body in skeleton.bodies for name in body.points}
    return tuple(name for name in PLACES if f"sole_{name}_right" in points)


@dataclass(frozen=True)
class Ground:
    """Sole and ground.

    Attributes
    ----------
    stiffness
        Of one sole point, body weights per m: heel pad and shoe give 6 mm per body weight.
    damping
        Share by which a rate of compression of 1 m/s raises the force, s/m; limited to a doubling either way.
    friction
        Greatest share of the upward force that holds the foot.
    creep
        Sliding speed at which friction has reached 71 % of that, m/s.
    skin
        Depth over which contact begins, m.
    """

    stiffness: float = 180.0
    damping: float = 0.5
    friction: float = 0.8
    creep: float = 0.05
    skin: float = 0.001

    def force(self, place: Symbol, velocity: Symbol) -> Symbol:
        """Force of the ground on a sole point, body weights, shape (3,).

        Parameters
        ----------
        place, velocity
            Of the point, m and m/s, SX of shape (3,).

        Notes
        -----
        Normal force of Hunt & Crossley 1975 with a linear spring and a smooth beginning; regularised Coulomb friction.
        """
        import casadi as ca  # here: the parameters need none

        depth, rate = -place[1], -self.damping * velocity[1]
        pressed = ca.fmax(depth, 0) + self.skin * ca.log(1 + ca.exp(-ca.fabs(depth) / self.skin))
        up = self.stiffness * pressed * (1 + rate / ca.sqrt(1 + rate**2))
        slide = ca.sqrt(velocity[0] ** 2 + velocity[2] ** 2 + self.creep**2)
        drag = -self.friction * up / slide
        return ca.vertcat(drag * velocity[0], up, drag * velocity[2])

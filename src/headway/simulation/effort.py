"""What running costs: effort from moments against strength, mechanical work, and how fast the ground force changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import casadi as ca
import msgspec
import numpy as np

from headway.body.skeleton import Skeleton

Symbol = Any
ROOT = 6
"""Coordinates of the pelvis in space, which no muscle moves."""
STRETCHED, STEEPNESS = 2.2, 4.0
"""Strength in fast lengthening over isometric, and how steeply it falls with shortening."""
WEIGHTS = "simulation_weights.json"
SMALL = 0.03
"""Share of strength below which a moment has no clear direction."""


@dataclass(frozen=True)
class CostFunction:
    """Weights of one idea of what a runner spares.

    Attributes
    ----------
    name
        As the command line and the tables say it.
    exponent
        Of moment over strength, summed over the joints and averaged over time: the effort.
    work
        Weight of the joints' positive mechanical power, per W/kg.
    force_rate
        Weight of the squared rate of change of the ground force, per (BW/s)².
    posture
        Weight of squared turns of pelvis and lumbar spine out of upright, per rad²: joints and ligaments that the model has not.
    gaze
        Weight of the squared angular velocity of the head in space, per (rad/s)²: the reflexes that steady the eyes.
    moment_rate
        Weight of the squared rate of change of moment over strength, per (1/s)²: force costs more the faster it cycles (Doke & Kuo 2007,
        J Exp Biol 210:2390). At knee and ankle the rate of the tendon's moment, elsewhere that for the inertia that the joint carries.
    """

    name: str
    exponent: float
    work: float
    force_rate: float
    posture: float
    gaze: float
    moment_rate: float

    def values(self) -> list[float]:
        """In the order of :func:`symbols`."""
        return [self.exponent, self.work, self.force_rate, self.posture, self.gaze, self.moment_rate]


@dataclass(frozen=True)
class Weights:
    """A cost function as symbols, so that one program serves all of them."""

    vector: Symbol

    exponent = property(lambda self: self.vector[0])
    work = property(lambda self: self.vector[1])
    force_rate = property(lambda self: self.vector[2])
    posture = property(lambda self: self.vector[3])
    gaze = property(lambda self: self.vector[4])
    moment_rate = property(lambda self: self.vector[5])


@dataclass(frozen=True)
class FittedWeights:
    """What ``benchmarks/simulation_weights.py`` wrote.

    Attributes
    ----------
    made_by, on
        The script, and on what.
    weights
        Of the leading cost function, by name.
    factors
        Standard error of a weight as a factor, 1.5 being 50 % either way, for those that were fitted; the others were set by hand.
    """

    made_by: str
    on: str
    weights: dict[str, float]
    factors: dict[str, float]


def fitted_weights() -> FittedWeights:
    """The weights of the leading cost function, and how well people's running tells them."""
    return msgspec.json.decode((files("headway.data") / WEIGHTS).read_bytes(), type=FittedWeights)


def _costs() -> dict[str, CostFunction]:
    lead = CostFunction("effort", **fitted_weights().weights)
    return {
        one.name: one
        for one in (
            lead,
            replace(lead, name="work", work=3 * lead.work),
            replace(lead, name="fatigue", exponent=3.0),
            replace(lead, name="no gaze", gaze=0.0),
        )
    }


COSTS = _costs()
"""The first is the one that reports lead with; a conclusion is robust if all of them agree."""


def relative_moments(skeleton: Skeleton, moments: Symbol, q: Symbol, v: Symbol) -> Symbol:
    """Moment over the strength at this angle and speed, per joint coordinate, with the moment's sign.

    Parameters
    ----------
    moments
        Active moments, N·m, SX of shape (joints,).
    q, v
        All coordinates and velocities.

    Notes
    -----
    Strength falls with the speed of shortening (to a quarter at half the greatest speed) and rises up to 2.2 times in lengthening, one smooth
    curve of the shape of Hill's, and falls to 60 % from the middle to the ends of the range of motion.
    """
    joints = skeleton.coordinates[ROOT:]
    strong = np.array([one.strength for one in joints])
    sign = moments / ca.sqrt(moments**2 + (SMALL * ca.DM(strong.mean(1))) ** 2)
    isometric = ca.DM(strong[:, 0]) * (1 + sign) / 2 + ca.DM(strong[:, 1]) * (1 - sign) / 2
    middle = ca.DM([(one.lower + one.upper) / 2 for one in joints])
    half = ca.DM([(one.upper - one.lower) / 2 for one in joints])
    at_angle = 1 / (1 + 0.67 * ((q[ROOT:] - middle) / half) ** 2)
    shortening = sign * v[ROOT:] / ca.DM([one.fastest for one in joints])
    at_speed = STRETCHED / (1 + (STRETCHED - 1) * ca.exp(STEEPNESS * shortening))
    return moments / (isometric * at_angle * at_speed)


def effort(relative: Symbol, exponent: Symbol) -> Symbol:
    """Sum over the joints of |moment/strength| to a power; smooth at zero."""
    return ca.sum1((relative**2 + 1e-4) ** (exponent / 2) - 1e-4 ** (exponent / 2))


def positive_power(moments: Symbol, v: Symbol, mass: float) -> Symbol:
    """Positive mechanical power of all joints, W/kg; smooth at zero."""
    power = moments * v[ROOT:] / mass
    return ca.sum1((power + ca.sqrt(power**2 + 0.01)) / 2 - 0.05)

"""The window that moves with the runner, so that the runner stands still in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.pose.find_runner import Person
from headway.pose.model import Anatomy, Figure, Image, PictureWindow, Pose, PoseModel, torso_colour
from headway.pose.sightings import ROOM, SIZE
from headway.recording import FloatArray

LAG = 0.08
"""Time constant of the window's smoothing, s."""
MEMORY = 0.4
"""Longest time for which the runner's place is predicted from how the runner moved, s."""
JUMP = 0.30
"""Largest distance from the expected place that is still the same person, statures."""
GROWTH = 1.45
"""Largest ratio of the stature to the expected one that is still the same person."""
RETRY = 0.06
"""Time between attempts to find a lost runner again, s."""
COLOUR = 90.0
"""Largest difference of the shirt's colour (0 to 255) at which a runner who was lost counts as found again."""


@dataclass(frozen=True)
class Look:
    """Where to look in one frame.

    Attributes
    ----------
    window
        Part of the image; ``None`` when there is nothing to look at.
    centre, height
        Where the middle of the hips and how large the runner should be, px.
    lost
        The runner has to be found anew.
    tolerance
        Largest distance from ``centre`` that is accepted, px.
    """

    window: PictureWindow | None
    centre: FloatArray
    height: float
    lost: bool
    tolerance: float


@dataclass(frozen=True)
class Seen:
    """The runner in one frame: the pose in the image's pixels and its measures."""

    pose: Pose
    figure: Figure


class Follower:
    """Says where to look next, from the sightings of the film and from the frames already done.

    Parameters
    ----------
    runner
        Sightings spread over the film: they say who the runner is and roughly where at any time.
    size
        Width and height of the image, px.
    """

    def __init__(self, runner: Person, size: tuple[int, int]) -> None:
        self._times = np.array([s.time for s in runner.sightings])
        self._centres = np.stack([s.centre for s in runner.sightings])
        self._heights = np.log([s.height for s in runner.sightings])
        colours = np.stack([s.colour for s in runner.sightings])
        self.colour = np.nan_to_num(np.nanmedian(colours, axis=0)) if np.isfinite(colours).any() else np.zeros(3)
        self._size = np.array(size, float)
        self._state: tuple[float, FloatArray, FloatArray] | None = None
        self._tried = -np.inf

    def look(self, time: float) -> Look:
        """Return where to look in the frame at this time, s."""
        if self._state is not None and time - self._state[0] <= MEMORY:
            since, place, speed = self._state
            ahead = place + speed * (time - since)
            slack = 1.0 + 1.5 * max(0.0, time - since - 0.1)
            return self._at(ahead[:2], float(np.exp(ahead[2])), slack, lost=False)
        if time - self._tried < RETRY:
            return Look(None, self._centres[0], 0.0, True, 0.0)
        centre, height, slack = self._expected(time)
        return self._at(centre, height, slack, lost=True)

    def missed(self, time: float, look: Look) -> None:
        """Take note that nobody was seen."""
        if look.lost and look.window is not None and time - self._tried >= RETRY:
            self._tried = time

    def seen(self, time: float, seen: Seen) -> None:
        """Take note of where the runner was."""
        now = np.array([*seen.figure.centre, np.log(seen.figure.height)])
        if self._state is None or time - self._state[0] > MEMORY:
            self._state = (time, now, np.array([*self._slope(time), 0.0]))
            return
        since, place, speed = self._state
        step = max(time - since, 1e-4)
        keep = np.exp(-step / LAG)
        keeps = np.array([keep, keep, np.exp(-step / (3 * LAG))])
        ahead = place + speed * step
        miss = now - ahead
        self._state = (time, ahead + (1 - keeps**2) * miss, speed + (1 - keeps) ** 2 / step * miss)

    def _at(self, centre: FloatArray, height: float, slack: float, *, lost: bool) -> Look:
        """Look around a place; nothing when it lies outside the image."""
        outside = np.max(np.maximum(-centre, centre - self._size)) > 0.2 * height * slack
        window = None if outside else PictureWindow.around(centre, ROOM * height * slack)
        return Look(window, centre, height, lost, JUMP * height * (1.0 + 2.0 * (slack - 1.0)))

    def _expected(self, time: float) -> tuple[FloatArray, float, float]:
        """Place and stature between the sightings (or beyond them), and how much wider than usual to look."""
        height = float(np.exp(np.interp(time, self._times, self._heights)))
        centre = np.array([np.interp(time, self._times, self._centres[:, k]) for k in (0, 1)])
        beyond = max(self._times[0] - time, time - self._times[-1], 0.0)
        if beyond > 0:
            centre = centre + np.sign(time - self._times[0]) * beyond * self._slope(time)
        far = float(np.abs(self._times - time).min())
        if self._state is not None and time - self._state[0] < far:
            far = time - self._state[0]
        return centre, height, 1.0 + min(0.8, 0.5 * far)

    def _slope(self, time: float) -> FloatArray:
        """Speed of the centre as the nearest two sightings give it, px/s."""
        if len(self._times) < 2:
            return np.zeros(2)
        k = int(np.clip(np.searchsorted(self._times, time) - 1, 0, len(self._times) - 2))
        return (self._centres[k + 1] - self._centres[k]) / max(self._times[k + 1] - self._times[k], 1e-3)


class Eye:
    """One pose model at work on the windows of a follower; each thread has its own."""

    def __init__(self, model: PoseModel, colour: FloatArray) -> None:
        self.model = model
        self.anatomy = Anatomy(model.names, model.trust)
        self._colour = colour

    def see(self, image: Image, look: Look) -> Seen | None:
        """Return the runner, or ``None`` when nobody is there, or somebody else."""
        if look.window is None:
            return None
        part = look.window.cut(image, SIZE)
        if not look.lost:
            seen = self._check(image, look, self.model.follow(part))
            if seen is not None:
                return seen
        seen = self._check(image, look, self.model.find(part))
        if not look.lost:
            self.model.restart()
        return seen

    def _check(self, image: Image, look: Look, pose: Pose | None) -> Seen | None:
        """Accept a pose that is in the expected place, of the expected size and, after a loss, of the runner's colour."""
        if pose is None or look.window is None:
            return None
        pose = look.window.to_image(pose, SIZE)
        figure = self.anatomy.figure(pose)
        if not figure.likely or np.hypot(*(figure.centre - look.centre)) > look.tolerance:
            return None
        if abs(np.log(figure.height / look.height)) > np.log(GROWTH):
            return None
        if look.lost:
            colour = torso_colour(image, figure.torso)
            if np.isfinite(colour).all() and np.abs(colour - self._colour).mean() > COLOUR:
                return None
        return Seen(pose, figure)

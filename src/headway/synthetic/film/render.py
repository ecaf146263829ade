"""Pictures of a scene, one after the other, and what is true in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray
from headway.synthetic.film.backdrop import Picture, Surroundings
from headway.synthetic.film.dress import dress
from headway.synthetic.film.lens import camera_at, travelled
from headway.synthetic.film.mesh import rest_body
from headway.synthetic.film.motion import FilmMotion
from headway.synthetic.film.raster import Stamp, compose, draw, put, shaded
from headway.synthetic.film.scene import RenderedScene
from headway.synthetic.film.skin import Skin

MOST_PARTS = 3
"""Drawings of which a blurred picture is made, at most."""
PART = 7.0
"""Pixels that the quickest point may go between two of them."""


@dataclass(frozen=True)
class DrawnTruth:
    """What is true of every picture.

    Attributes
    ----------
    time
        Middle of the exposure of the picture's middle row, s of the motion, shape (pictures,).
    names
        Points of the body.
    points
        m, forward, up, right, on the spot (the motion over the ground taken off), shape (pictures, points, 3).
    pixels
        Where they were drawn (their own row's time), px, shape (pictures, points, 2).
    """

    time: FloatArray
    names: tuple[str, ...]
    points: FloatArray
    pixels: FloatArray


class Renderer:
    """Draws one scene.

    Parameters
    ----------
    scene
        What is seen.
    motion
        How the runner moves.

    Raises
    ------
    OptionError
        The extra ``render`` is not installed.
    """

    def __init__(self, scene: RenderedScene, motion: FilmMotion) -> None:
        self.scene, self.motion = scene, motion
        rest = rest_body(scene.body)
        self.skin = Skin(rest, motion.height, motion.foot_scale)
        self.dressed = dress(rest, scene.body, scene.outfit)
        self.around = Surroundings(scene, motion.speed)
        self.film_time = np.arange(round(scene.duration * scene.camera.rate)) / scene.camera.rate
        self._random = np.random.default_rng([scene.backdrop.seed, 3])

    def truth(self) -> DrawnTruth:
        """Tell what is true of every picture; no picture is drawn."""
        time = self.film_time
        middle = self._landmarks(time)
        points = np.stack(list(middle.values()), axis=1)
        pixels = np.empty((*points.shape[:2], 2))
        for k, (name, place) in enumerate(middle.items()):
            row = np.clip(self._seen(time, place)[:, 1], 0, self.scene.camera.size[1])
            own = time + (row / self.scene.camera.size[1] - 0.5) * self.scene.camera.readout
            pixels[:, k] = self._seen(own, self._landmarks(own)[name])
        points[..., 0] -= travelled(self.scene, self.motion.speed, time)[:, None]
        return DrawnTruth(time + self.scene.start, tuple(middle), points, pixels)

    def _landmarks(self, time: FloatArray) -> dict[str, FloatArray]:
        found = self.skin.landmarks(self.motion.at(time + self.scene.start))
        run = travelled(self.scene, self.motion.speed, time)
        return {name: value + run[:, None] * np.array([1.0, 0, 0]) for name, value in found.items()}

    def _seen(self, time: FloatArray, points: FloatArray) -> FloatArray:
        return camera_at(self.scene, self.motion.speed, time).project(points[:, None])[0][:, 0]

    def pictures(self) -> Iterator[Picture]:
        """Draw picture after picture, uint8 red, green, blue, shape (height, width, 3)."""
        parts, camera = self._parts(), self.scene.camera
        offsets = ((np.arange(parts) + 0.5) / parts - 0.5) * camera.exposure
        ends = offsets[:, None] + np.array([-0.5, 0.5]) * camera.readout
        times = np.concatenate([ends.ravel(), [0.0]]) + self.film_time[:, None]
        maps = self.skin.transforms(self.motion.at(times.ravel() + self.scene.start))
        maps = maps.reshape(*times.shape, *maps.shape[1:])
        state = camera_at(self.scene, self.motion.speed, self.film_time)
        for k, time in enumerate(self.film_time):
            world = [self._world(maps[k, j], float(at)) for j, at in enumerate(times[k])]
            stamps = [self._body(times[k, 2 * q : 2 * q + 2], world[2 * q : 2 * q + 2]) for q in range(parts)]
            image = self.around.picture(state, k, float(time))
            self.around.shadow(image, state, k, world[-1], self.dressed.weights)
            stamp = compose([one for one in stamps if one is not None])
            if stamp is not None:
                put(image, stamp)
            yield self._exposed(image)

    def _parts(self) -> int:
        """How many drawings a picture is made of: enough for its quickest point."""
        camera = self.scene.camera
        seen = self.skin.landmarks(self.motion.at(np.arange(0, 0.8, 0.01) + self.scene.start))
        ways = [np.linalg.norm(np.diff(seen[f"toe_{side}"], axis=0), axis=1).max() for side in ("left", "right")]
        blur = max(ways) / 0.01 * camera.exposure * camera.focal / camera.distance
        return int(np.clip(np.ceil(blur / PART), 1, MOST_PARTS))

    def _world(self, maps: FloatArray, time: float) -> FloatArray:
        """Vertices in the world, m; shoes bend where they would be in the ground."""
        out = self.skin.surface(maps, self.dressed.rest(time), self.dressed.weights)
        out[self.dressed.shoe, 1] = np.maximum(out[self.dressed.shoe, 1], 0.0)
        out[:, 0] += travelled(self.scene, self.motion.speed, np.array([time]))[0]
        return out

    def _body(self, ends: FloatArray, world: list[FloatArray]) -> Stamp | None:
        """Draw the body as the rows of a rolling shutter see it, from its places at both ends of the readout."""
        size, dressed = self.scene.camera.size, self.dressed
        pixels, depth = camera_at(self.scene, self.motion.speed, ends).project(np.stack(world))
        share = np.clip(pixels.mean(0)[:, 1:] / size[1], 0, 1)
        seen = pixels[0] + share * (pixels[1] - pixels[0])
        colours = shaded((world[0] + world[1]) / 2, dressed.faces, dressed.colours, self.scene.light)
        return draw(seen, depth.mean(0), dressed.faces, colours, dressed.layer, size)

    def _exposed(self, image: Picture) -> Picture:
        """Add the sensor's grain."""
        import cv2

        if self.scene.camera.grain <= 0:
            return image
        across, down = self._random.integers(0, 64, 2)
        wide, tall = self.scene.camera.size
        out = cv2.add(image, self._grain[down : down + tall, across : across + wide], dtype=cv2.CV_8U)
        return np.asarray(out, np.uint8)

    @cached_property
    def _grain(self) -> npt.NDArray[np.int16]:
        wide, tall = self.scene.camera.size
        noise = self.scene.camera.grain * self._random.standard_normal((tall + 64, wide + 64, 1))
        return np.repeat(np.rint(noise).astype(np.int16), 3, axis=2)

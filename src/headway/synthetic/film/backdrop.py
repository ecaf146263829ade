"""What is around the runner: a textured ground, a wall with things before it, a belt that moves, and shadows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.errors import OptionError
from headway.recording import FloatArray
from headway.synthetic.film.lens import CameraState
from headway.synthetic.film.mesh import GROUPS
from headway.synthetic.film.raster import gains, sun
from headway.synthetic.film.scene import RenderedScene

Picture = npt.NDArray[np.uint8]
TILE, TILE_PIXELS = 12.0, 768
"""Side of the ground's texture that repeats, m and px."""
WALL, WALL_PIXELS = (70.0, 16.0), 40
"""Width and height of the wall with its sky, m, and px per m."""
BELT, DECK = (1.8, 0.5), (2.1, 0.85)
"""Length and width of a treadmill's belt and of its frame, m."""
BELT_PIXELS = 160
"""Per m."""


class Surroundings:
    """The world of a scene without its runner.

    Parameters
    ----------
    scene
        What is to be seen.
    speed
        Of the belt or the runner, m/s.
    """

    def __init__(self, scene: RenderedScene, speed: float) -> None:
        self.scene, self.speed = scene, speed
        self.random = np.random.default_rng([scene.backdrop.seed, 1])
        self._still: Picture | None = None

    @cached_property
    def _floor(self) -> Picture:
        back = self.scene.backdrop
        noise = _noise(self.random, (TILE_PIXELS, TILE_PIXELS), (8, 32, 96))
        texture = np.array(back.floor) * (1 + 0.35 * back.contrast * noise[..., None])
        if self.scene.ground == "overground" and self.random.random() < 0.6:
            texture[:: TILE_PIXELS // 8] *= 0.8
            texture[:, :: TILE_PIXELS // 8] *= 0.8
        return self._exposed(texture)

    def _exposed(self, texture: npt.ArrayLike) -> Picture:
        """What the phone makes of a texture's colours."""
        return np.clip(np.asarray(texture) * gains(self.scene.light), 0, 255).astype(np.uint8)

    @cached_property
    def _wall(self) -> Picture:
        import cv2

        back, random = self.scene.backdrop, self.random
        wide, tall = (int(q * WALL_PIXELS) for q in WALL)
        if back.photo is not None:
            photo = cv2.imread(back.photo)
            if photo is None:
                raise OptionError("photo", f"{back.photo} is no picture", "give a JPEG or PNG file")
            return self._exposed(cv2.resize(photo[..., ::-1], (wide, tall)))
        texture = np.array(back.wall) * (
            1 + 0.3 * back.contrast * _noise(random, (tall, wide), (6, 40, 200))[..., None]
        )
        top = int(tall - WALL_PIXELS * random.uniform(3.0, 12.0))
        texture[:top] = np.linspace(0.85, 1.1, top)[:, None, None] * random.uniform([150, 170, 190], [220, 230, 250])
        texture = np.ascontiguousarray(np.clip(texture, 0, 255).astype(np.uint8))
        for _ in range(back.clutter * 4):
            colour = tuple(
                int(c)
                for c in np.clip(
                    np.array(back.wall) * random.uniform(0.3, 1.5) + random.uniform(-60, 60, 3) * back.contrast, 0, 255
                )
            )
            x, width, height = (
                int(random.uniform(0, wide)),
                int(WALL_PIXELS * random.uniform(0.2, 2.5)),
                int(WALL_PIXELS * random.uniform(0.5, 4.0)),
            )
            foot = tall - int(WALL_PIXELS * random.choice([0.0, random.uniform(0.0, 3.0)]))
            if random.random() < 0.6:
                cv2.rectangle(texture, (x, foot - height), (x + width, foot), colour, -1)
            else:
                cv2.ellipse(texture, (x, foot - height), (width, height // 2 + 1), 0, 0, 360, colour, -1)
        return self._exposed(cv2.GaussianBlur(texture, (0, 0), 1.0))

    @cached_property
    def _belt(self) -> Picture:
        shape = (int(BELT[0] * BELT_PIXELS), int(BELT[1] * BELT_PIXELS))
        grey = 45 + 25 * self.random.random() + 14 * _noise(self.random, shape, (40, 200))
        texture = np.repeat(grey[..., None], 3, axis=2)
        texture[: BELT_PIXELS // 40] += 60 * (self.random.random() < 0.5)
        return self._exposed(texture)

    def picture(self, state: CameraState, k: int, time: float) -> Picture:
        """Draw ground, wall and belt as the camera sees them at its k-th time."""
        if self.still and self._still is not None:
            image = self._still.copy()
        else:
            image = self._world(state, k)
            if self.still:
                self._still = image.copy()
        if self.scene.ground == "treadmill":
            self._draw_belt(image, state, k, time)
        return image

    @property
    def still(self) -> bool:
        """Whether the camera never moves."""
        camera = self.scene.camera
        moves = camera.carriage != "fixed" and self.scene.ground == "overground"
        return not moves and camera.shake == 0 and camera.zoom == 1

    def _world(self, state: CameraState, k: int) -> Picture:
        import cv2

        size = state.size
        per = TILE_PIXELS / TILE
        ground = state.plane(k, np.zeros(3), np.array([1 / per, 0, 0]), np.array([0, 0, 1 / per]))
        image = cv2.warpPerspective(self._floor, ground, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        turn = np.radians(self.scene.camera.azimuth)
        view, side = np.array([np.cos(turn), 0.0, -np.sin(turn)]), np.array([np.sin(turn), 0.0, np.cos(turn)])
        corner = view * self.scene.backdrop.distance - side * WALL[0] / 2 + np.array([0.0, WALL[1], 0.0])
        wall = state.plane(k, corner, side / WALL_PIXELS, np.array([0, -1 / WALL_PIXELS, 0.0]))
        cv2.warpPerspective(
            self._wall, wall, size, dst=image, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
        return np.asarray(image, np.uint8)

    def _draw_belt(self, image: Picture, state: CameraState, k: int, time: float) -> None:
        import cv2

        for (length, width), shade in ((DECK, (70, 72, 75)), (BELT, (50, 50, 50))):
            corners = np.array([[x, 0.0, z] for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))]) * [
                length / 2,
                0,
                width / 2,
            ]
            cv2.fillConvexPoly(image, np.round(_seen(state, k, corners)).astype(np.int32), shade)
        outline = _seen(state, k, corners)
        low = np.maximum(np.floor(outline.min(0)).astype(int), 0)
        high = np.minimum(np.ceil(outline.max(0)).astype(int), state.size)
        if (high - low).min() < 2:
            return
        shift = int(self.speed * time * BELT_PIXELS) % len(self._belt)
        texture = np.ascontiguousarray(np.roll(self._belt, -shift, axis=0))
        origin = np.array([-BELT[0] / 2, 0.0, -BELT[1] / 2])
        plane = state.plane(k, origin, np.array([0, 0, 1 / BELT_PIXELS]), np.array([1 / BELT_PIXELS, 0, 0]))
        moved = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]]) @ plane
        part = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
        cv2.warpPerspective(
            texture,
            moved,
            (int(high[0] - low[0]), int(high[1] - low[1])),
            dst=part,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        image[low[1] : high[1], low[0] : high[0]] = part

    def shadow(self, image: Picture, state: CameraState, k: int, vertices: FloatArray, weights: FloatArray) -> None:
        """Darken the ground where the body keeps the sun from it, in place."""
        import cv2

        darkness, softness = self.scene.light.shadow
        to_sun = sun(self.scene.light)
        flat = vertices - to_sun * (vertices[:, 1] / to_sun[1])[:, None]
        pixels = _seen(state, k, flat)
        low = np.maximum(np.floor(pixels.min(0)).astype(int) - 20, 0)
        high = np.minimum(np.ceil(pixels.max(0)).astype(int) + 20, state.size)
        if darkness <= 0 or (high - low).min() < 4:
            return
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        main = np.argmax(weights, axis=1)
        for group in range(len(GROUPS)):
            hull = cv2.convexHull(np.round(pixels[main == group] - low).astype(np.int32))
            cv2.fillConvexPoly(mask, hull, 255)
        blur = max(softness * float(state.focal[k]) / float(np.linalg.norm(state.place[k])), 0.8)
        soft = cv2.GaussianBlur(mask, (0, 0), blur).astype(np.float32) * (darkness / 255)
        part = image[low[1] : high[1], low[0] : high[0]]
        part[:] = (part * (1 - soft[..., None])).astype(np.uint8)


def _seen(state: CameraState, k: int, points: FloatArray) -> FloatArray:
    one = CameraState(state.place[k : k + 1], state.axes[k : k + 1], state.focal[k : k + 1], state.size)
    return one.project(points[None])[0][0]


def _noise(random: np.random.Generator, shape: tuple[int, int], cells: tuple[int, ...]) -> FloatArray:
    """Smooth random texture of several sizes, about -1 to 1."""
    import cv2

    out: Any = np.zeros(shape, np.float32)
    for k, count in enumerate(cells):
        grid = random.standard_normal((count, max(count * shape[1] // shape[0], 2))).astype(np.float32)
        out = out + cv2.resize(grid, shape[::-1], interpolation=cv2.INTER_CUBIC) * 0.6 / (1 + k)
    return out

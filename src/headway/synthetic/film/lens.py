"""Where the camera is at any time, and where points fall in its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray
from headway.synthetic.film.scene import RenderedScene

TREMOR = (0.6, 1.1, 1.9, 3.1, 5.3, 7.9)
"""Frequencies of a hand, Hz; their sizes fall with frequency."""


@dataclass(frozen=True)
class CameraState:
    """A camera at some times.

    Attributes
    ----------
    place
        m, shape (n, 3).
    axes
        Unit vectors to the picture's right, its bottom and into it, rows, shape (n, 3, 3).
    focal
        px, shape (n,).
    size
        Width and height, px.
    """

    place: FloatArray
    axes: FloatArray
    focal: FloatArray
    size: tuple[int, int]

    def project(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pixels (n, points, 2) and depths (n, points), m, of points (n, points, 3)."""
        local = np.einsum("tij,tpj->tpi", self.axes, points - self.place[:, None])
        depth = np.maximum(local[..., 2], 0.05)
        return self.focal[:, None, None] * local[..., :2] / depth[..., None] + np.array(self.size) / 2, depth

    def plane(self, k: int, origin: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
        """Homography (3, 3) from a plane's coordinates to the picture, at the k-th time."""
        columns = np.stack([first, second, origin - self.place[k]], axis=1)
        local = self.axes[k] @ columns
        width, height = self.size
        inner = np.array([[self.focal[k], 0, width / 2], [0, self.focal[k], height / 2], [0, 0, 1]])
        return inner @ local


def travelled(scene: RenderedScene, speed: float, time: FloatArray) -> FloatArray:
    """How far the runner is over the ground at a time of the film, m from halfway, shape (n,)."""
    return (time - scene.duration / 2) * (speed if scene.ground == "overground" else 0.0)


def camera_at(scene: RenderedScene, speed: float, time: FloatArray) -> CameraState:
    """Tell where the camera is at times of the film (s), in the world's forward, up, right."""
    camera = scene.camera
    run = travelled(scene, speed, time)
    turn = np.radians(camera.azimuth)
    base = np.array([-camera.distance * np.cos(turn), camera.height, camera.distance * np.sin(turn)])
    sideways = np.array([np.sin(turn), 0.0, np.cos(turn)])
    place, target = np.tile(base, (len(time), 1)), np.tile([0.0, camera.aim[0], 0.0], (len(time), 1))
    target = target + camera.aim[1] * sideways
    if camera.carriage != "fixed":
        target[:, 0] += run
    if camera.carriage == "following":
        place[:, 0] += run
    tremor = _tremor(scene, time)
    view = _unit(target - place)
    right = _unit(np.cross(view, [0.0, 1.0, 0.0]))
    view = _unit(view + tremor[:, :1] * right + tremor[:, 1:2] * np.array([0.0, 1.0, 0.0]))
    right = _unit(np.cross(view, [0.0, 1.0, 0.0]))
    down = np.cross(view, right)
    roll = np.radians(camera.roll) + tremor[:, 2]
    c, s = np.cos(roll)[:, None], np.sin(roll)[:, None]
    axes = np.stack([c * right + s * down, -s * right + c * down, view], axis=1)
    focal = camera.focal * camera.zoom ** (time / scene.duration)
    return CameraState(place, axes, focal, camera.size)


def _tremor(scene: RenderedScene, time: FloatArray) -> FloatArray:
    """Turns of a hand about three axes, rad, shape (n, 3)."""
    random = np.random.default_rng([scene.backdrop.seed, 7])
    phases, sizes = (
        random.uniform(0, 2 * np.pi, (3, len(TREMOR))),
        random.uniform(0.5, 1.5, (3, len(TREMOR))) / np.array(TREMOR),
    )
    waves = np.sin(2 * np.pi * np.array(TREMOR) * time[:, None, None] + phases) * sizes
    size = np.sqrt((sizes**2).sum(1) / 2)
    return np.radians(scene.camera.shake) * waves.sum(2) / size


def _unit(vectors: FloatArray) -> FloatArray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

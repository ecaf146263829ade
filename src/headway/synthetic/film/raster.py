"""Drawing faces back to front, finer than the picture, in the part of it where the body is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray
from headway.synthetic.film.dress import BARE
from headway.synthetic.film.scene import RenderedLight

FINER = 2
"""Pixels drawn per pixel of the picture, each way."""
BITS = 3
OVER = 0.02
"""How much nearer to the camera a garment counts than the skin under it, m."""


@dataclass(frozen=True)
class Stamp:
    """A drawn body: colours times coverage and coverage (0 to 255), shape (height, width, 4), and where its upper left corner lies, px."""

    picture: npt.NDArray[np.float32]
    corner: tuple[int, int]


def shaded(vertices: FloatArray, faces: npt.NDArray[np.intp], colours: FloatArray, light: RenderedLight) -> FloatArray:
    """Colours of the faces in this light, shape (faces, 3), 0 to 255."""
    corner = vertices[faces]
    normal = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    sky = 0.75 + 0.25 * normal[:, 1]
    lit = light.ambient * sky + (1 - light.ambient) * 1.25 * np.maximum(normal @ sun(light), 0.0)
    return np.clip(colours * lit[:, None] * gains(light), 0, 255)


def gains(light: RenderedLight) -> FloatArray:
    """What the phone makes of red, green and blue."""
    return light.gain * np.array([np.sqrt(light.warmth), 1.0, 1 / np.sqrt(light.warmth)])


def sun(light: RenderedLight) -> FloatArray:
    """Unit vector to the sun."""
    turn, rise = np.radians(light.azimuth), np.radians(light.elevation)
    return np.array([np.cos(turn) * np.cos(rise), np.sin(rise), np.sin(turn) * np.cos(rise)])


def draw(
    pixels: FloatArray,
    depth: FloatArray,
    faces: npt.NDArray[np.intp],
    colours: FloatArray,
    layer: npt.NDArray[np.intp],
    size: tuple[int, int],
) -> Stamp | None:
    """Draw a body; ``None`` when it is outside the picture.

    Parameters
    ----------
    pixels, depth
        Of the vertices, shape (vertices, 2) and (vertices,).
    faces, colours, layer
        Corners, colours (0 to 255) and layers of the faces.
    size
        Width and height of the picture, px.
    """
    import cv2

    low = np.maximum(np.floor(pixels.min(0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil(pixels.max(0)).astype(int) + 3, size)
    if (high - low).min() < 2:
        return None
    corner = pixels[faces]
    across, along = corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1]
    facing = across[:, 0] * along[:, 1] - across[:, 1] * along[:, 0] < 0
    near = depth[faces].mean(1) - OVER * (layer > BARE)
    order = np.flatnonzero(facing)
    order = order[np.argsort(-near[order])]
    points = np.round((corner[order] - low) * (FINER << BITS)).astype(np.int32)
    paint = np.c_[colours[order], np.full(len(order), 255.0)].tolist()
    wide, tall = (high - low) * FINER
    canvas = np.zeros((tall, wide, 4), np.uint8)
    fill = cv2.fillConvexPoly
    for polygon, colour in zip(points, paint, strict=True):
        fill(canvas, polygon, colour, cv2.LINE_8, BITS)
    small = cv2.resize(canvas, (int(wide) // FINER, int(tall) // FINER), interpolation=cv2.INTER_AREA)
    return Stamp(np.asarray(small, np.float32), (int(low[0]), int(low[1])))


def compose(stamps: list[Stamp]) -> Stamp | None:
    """Mean of several drawings of one body: what an exposure adds up."""
    if len(stamps) < 2:
        return stamps[0] if stamps else None
    low = np.min([stamp.corner for stamp in stamps], axis=0)
    high = np.max([np.array(stamp.corner) + stamp.picture.shape[1::-1] for stamp in stamps], axis=0)
    total = np.zeros((high[1] - low[1], high[0] - low[0], 4), np.float32)
    for stamp in stamps:
        x, y = stamp.corner[0] - low[0], stamp.corner[1] - low[1]
        tall, wide = stamp.picture.shape[:2]
        total[y : y + tall, x : x + wide] += stamp.picture
    return Stamp(np.asarray(total / len(stamps), np.float32), (int(low[0]), int(low[1])))


def put(image: npt.NDArray[np.uint8], stamp: Stamp) -> None:
    """Lay a drawn body over a picture, in place."""
    x, y = stamp.corner
    tall, wide = stamp.picture.shape[:2]
    part = image[y : y + tall, x : x + wide]
    drawn = stamp.picture
    part[:] = part * (1 - drawn[..., 3:] * np.float32(1 / 255)) + drawn[..., :3]

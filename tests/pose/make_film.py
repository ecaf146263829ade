"""Small films for tests: a textured wall, a block that moves before it, no people."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

Image = npt.NDArray[np.uint8]
Shift = Callable[[float], tuple[float, float]]


def still(_: float) -> tuple[float, float]:
    """Keep the camera where it is."""
    return (0.0, 0.0)


def wall(size: tuple[int, int], margin: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Smooth random texture larger than the picture, shape (height + 2 margin, width + 2 margin)."""
    noise = np.random.default_rng(seed).normal(size=(size[1] + 2 * margin, size[0] + 2 * margin))
    texture = gaussian_filter(noise, 3) + 2 * gaussian_filter(noise, 9)
    return np.asarray(120 + 45 * texture / texture.std(), np.float32)


def picture(
    time: float,
    size: tuple[int, int] = (320, 180),
    camera: Shift = still,
    texture: npt.NDArray[np.float32] | None = None,
    margin: int = 8,
) -> Image:
    """One picture: the wall moved by the camera (px), a bright block that crosses in 4 s, and a red corner top left."""
    texture = wall(size, margin) if texture is None else texture
    x, y = camera(time)
    whole = (int(np.floor(x)), int(np.floor(y)))
    right, down = x - whole[0], y - whole[1]
    rows, columns = margin - whole[1], margin - whole[0]
    part = texture[rows - 1 : rows + size[1], columns - 1 : columns + size[0]]
    # Bilinear is exact enough: the texture is smooth over 3 px.
    part = (1 - down) * part[1:] + down * part[:-1]
    grey = (1 - right) * part[:, 1:] + right * part[:, :-1]
    image = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    at = int((0.1 + 0.2 * time) * size[0]) % size[0]
    image[size[1] // 3 : size[1] // 3 * 2, at : at + size[0] // 8] = 240
    image[: size[1] // 4, : size[0] // 8] = (220, 20, 20)
    return image


def make_film(
    path: Path,
    times: Sequence[float] | npt.NDArray[np.float64] = tuple(i / 30 for i in range(60)),
    *,
    size: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    images: Callable[[float], Image] | None = None,
    metadata: dict[str, str] | None = None,
    time_base: Fraction = Fraction(1, 90000),
    **options: str,
) -> Path:
    """Encode a film whose pictures have the given presentation times (s).

    Parameters
    ----------
    path
        The ending chooses the container.
    times
        s, rising.
    size
        Width and height, px.
    codec
        Encoder of FFmpeg.
    images
        Picture at a time; by default :func:`picture`.
    metadata
        Tags of the file.
    time_base
        s, of the stream.
    options
        Of the encoder.
    """
    import av

    texture = wall(size, 8)
    draw = images or (lambda time: picture(time, size, texture=texture))
    container_options = {"movflags": "use_metadata_tags"} if metadata else {}
    with av.open(str(path), "w", options=container_options) as container:
        container.metadata.update(metadata or {})
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.time_base = stream.codec_context.time_base = time_base
        stream.options = {**({"preset": "ultrafast", "g": "15"} if codec == "libx264" else {}), **options}
        for time in times:
            frame = av.VideoFrame.from_ndarray(draw(float(time)), format="rgb24")
            frame.time_base, frame.pts = time_base, round(float(time) / float(time_base))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def make_sound(path: Path) -> Path:
    """A second of silence as WAV."""
    body = bytes(16000)
    head = (
        b"RIFF"
        + struct.pack("<I", 36 + len(body))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    )
    path.write_bytes(head + b"data" + struct.pack("<I", len(body)) + body)
    return path


def set_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Write a display matrix into the track header of an MP4, as phones do when they are held upright."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    content[at : at + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path

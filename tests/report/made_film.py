"""Films of a stiff figure with one bright point, and the layer that the report shows of them."""

import av
import numpy as np

from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.report.film import FilmLayer

RATE, STEP, CONTACT = 30.0, 0.35, 0.24
HEIGHTS = {
    "nose": 0.93,
    "ear": 0.94,
    "shoulder": 0.82,
    "hip": 0.53,
    "knee": 0.28,
    "ankle": 0.05,
    "heel": 0.02,
    "toe": 0.01,
}


def runner(frames=75, size=(320, 240), tall=150.0, start=(90.0, 210.0), velocity=(0.0, 0.0)):
    """Key points of a stiff figure that travels over the picture (px/s) and sways."""
    time = np.arange(frames) / RATE
    names, pixels = [], []
    for part, height in HEIGHTS.items():
        for side, sign in (("", 0.0),) if part == "nose" else (("_left", -1.0), ("_right", 1.0)):
            names.append(part + side)
            across = start[0] + velocity[0] * time + sign * 0.06 * tall + 4.0 * np.sin(np.pi * time / STEP)
            pixels.append(np.stack([across, start[1] + velocity[1] * time - height * tall], axis=1))
    points = np.stack(pixels, axis=1)
    return KeyPoints(time, tuple(names), points, np.ones(points.shape[:2]), size)


def stances(keypoints):
    starts = np.arange(0.1, keypoints.time[-1] - CONTACT, STEP)
    return tuple((("left", "right")[i % 2], float(t), float(t + CONTACT)) for i, t in enumerate(starts))


def picture(keypoints, i, mark):
    """Grey stripes, a checkered head, and one bright square at a point."""
    wide, high = keypoints.size
    image = np.empty((high, wide, 3), np.uint8)
    image[:] = (60 + 30 * (np.arange(wide) // 16 % 2))[None, :, None]
    x, y = keypoints.pixels[i, keypoints.names.index(mark)].round().astype(int)
    image[y - 4 : y + 5, x - 4 : x + 5] = (0, 255, 0)
    return image


def write_film(path, keypoints, pictures):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=int(RATE), options={"crf": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *keypoints.size, "yuv420p"
        for image in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def made(tmp_path, keypoints, mark="hip_left", **changes):
    path = write_film(
        tmp_path / "run.mp4", keypoints, (picture(keypoints, i, mark) for i in range(len(keypoints.time)))
    )
    return FilmLayer(path, Options(cache=tmp_path / "cache"), keypoints, stances(keypoints), **changes)

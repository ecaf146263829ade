"""Films as people hand them in: each must be right, or refused in one line.

``python benchmarks/film_awkward.py DATA [NAME ...]`` makes them of ``DATA/films/treadmill_side_slow10.mp4`` (300 pictures a second of true time,
174.5 steps/min and 265 ms of contact by eye) and of drawn pictures, runs ``headway analyze`` on each, and prints what it ended with: the exit code
and its one line, or cadence, contact time and warnings.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 300.0
SIZE = (480, 360)
Pictures = Iterator[tuple[float, np.ndarray]]


def write(path: Path, pictures: Pictures, codec: str = "libx264", squeeze: int = 23) -> Path:
    """Encode pictures at their times, s; a larger ``squeeze`` is a smaller and worse file."""
    with av.open(str(path), "w") as container:
        options = (
            {"x265-params": "log-level=none"} if codec == "libx265" else {"preset": "ultrafast", "crf": str(squeeze)}
        )
        stream: Any = container.add_stream(codec, options=options)
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 90_000)
        stream.codec_context.time_base = stream.time_base
        first = True
        for time, picture in pictures:
            if first:
                stream.width, stream.height, first = picture.shape[1], picture.shape[0], False
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = round(90_000 * time), stream.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def runner(folder: Path) -> list[np.ndarray]:
    """The true pictures, 300 a second."""
    with av.open(str(folder / "films" / "treadmill_side_slow10.mp4")) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def at_rate(true: list[np.ndarray], rate: float, slow: float = 1.0, shown: int = 1) -> Pictures:
    """As a camera of this rate takes it, played slower or every picture shown several times."""
    taken = np.arange(0, len(true) / RATE - 1e-9, 1 / rate)
    for k, time in enumerate(taken):
        for again in range(shown):
            yield slow * (k + again / shown) / rate, true[min(round(time * RATE), len(true) - 1)]


def uneven(true: list[np.ndarray]) -> Pictures:
    """20 to 60 pictures a second at random, with their real times."""
    steps = np.random.default_rng(0).choice([5, 6, 8, 10, 15], 600).cumsum()
    return ((k / RATE, true[k]) for k in steps[steps < len(true)])


def crowd(true: list[np.ndarray]) -> Pictures:
    """Four runners abreast, each somewhere else in the stride."""
    for k in range(0, len(true) - 200, 10):
        yield k / RATE, np.hstack([true[k + shift][:, 120:360] for shift in (0, 50, 100, 150)])


def frozen_start(true: list[np.ndarray]) -> Pictures:
    """A recording of a screen: two seconds of one picture, then the runner."""
    yield from ((k / 30, true[0]) for k in range(60))
    yield from ((2 + time, picture) for time, picture in at_rate(true, 30))


def wall() -> Pictures:
    """A hand-held look at a wall."""
    noise = np.random.default_rng(1).normal(size=(420, 540, 1))
    texture = np.clip(130 + 20 * noise, 0, 255).astype(np.uint8).repeat(3, axis=2)
    for k in range(120):
        x, y = round(20 + 10 * np.sin(k / 9)), round(20 + 8 * np.sin(k / 13))
        yield k / 30, texture[y : y + SIZE[1], x : x + SIZE[0]]


def dog() -> Pictures:
    """A drawn dog that trots on the spot."""
    down, across = np.mgrid[: SIZE[1], : SIZE[0]].astype(float)
    for k in range(120):
        image = np.full((SIZE[1], SIZE[0], 3), (150, 190, 150), np.uint8)
        image[270:] = (120, 110, 90)
        swing, rise = 25 * np.sin(2 * np.pi * k / 15), 4 * np.cos(4 * np.pi * k / 15)
        body = ((across - 240) / 95) ** 2 + ((down - 190 - rise) / 32) ** 2 < 1
        head = ((across - 350) / 30) ** 2 + ((down - 150 - rise) / 24) ** 2 < 1
        snout = ((across - 382) / 24) ** 2 + ((down - 158 - rise) / 11) ** 2 < 1
        for part in (body, head, snout):
            image[part] = (110, 70, 35)
        for hip, phase in ((165, 1), (185, -1), (295, -1), (315, 1)):
            foot = hip + phase * swing * (down - 200) / 70
            image[(np.abs(across - foot) < 9) & (down > 200) & (down < 280)] = (95, 60, 30)
        tail = (np.abs(across - (150 - 0.5 * (190 - down))) < 6) & (down > 130) & (down < 190)
        image[tail] = (110, 70, 35)
        yield k / 30, image


def sound(path: Path) -> Path:
    """Three seconds of a tone."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        tone = (0.2 * np.sin(2 * np.pi * 440 * np.arange(3 * 44_100) / 44_100)).astype(np.float32)[None]
        for start in range(0, tone.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(tone[:, start : start + 1024], format="fltp", layout="mono")
            frame.rate, frame.pts = 44_100, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def laid_on_its_side(path: Path, pictures: Pictures, codec: str = "libx264") -> Path:
    """Lying on its side, with the matrix of a phone held upright in its track header."""
    write(path, ((time, np.rot90(picture)) for time, picture in pictures), codec)
    data, one = path.read_bytes(), (65536).to_bytes(4, "big")
    nothing, less = bytes(4), (-65536).to_bytes(4, "big", signed=True)
    plain = one + nothing * 3 + one + nothing * 3 + (1 << 30).to_bytes(4, "big")
    quarter = nothing + one + nothing + less + nothing * 4 + (1 << 30).to_bytes(4, "big")
    header = data.index(b"tkhd")
    place = data.index(plain, header)
    path.write_bytes(data[:place] + quarter + data[place + len(plain) :])
    return path


def films(data: Path) -> dict[str, Callable[[Path], Path]]:
    """How every film is made, by name."""
    true = runner(data)
    one: dict[str, Callable[[Path], Path]] = {
        f"{rate:g}_per_second.mp4": lambda path, rate=rate: write(path, at_rate(true, rate))
        for rate in (24, 25, 30, 50, 60, 120, 240)
    }
    return one | {
        "thirty_in_sixty.mp4": lambda path: write(path, at_rate(true, 30, shown=2)),
        "slowed_4_times.mp4": lambda path: write(path, at_rate(true, 120, slow=4)),
        "slowed_2_times.mp4": lambda path: write(path, at_rate(true, 60, slow=2)),
        "variable_rate.mp4": lambda path: write(path, uneven(true)),
        "hevc_turned.mov": lambda path: laid_on_its_side(path, at_rate(true, 60), "libx265"),
        "frozen_start.mp4": lambda path: write(path, frozen_start(true)),
        "one_picture.mp4": lambda path: write(path, ((k / 30, true[0]) for k in range(120))),
        "wall.mp4": lambda path: write(path, wall()),
        "dog.mp4": lambda path: write(path, dog()),
        "crowd.mp4": lambda path: write(path, crowd(true)),
        "sound.m4a": sound,
    }


def told(film: Path, out: Path) -> str:
    """What the command ended with."""
    command = [sys.executable, "-m", "headway.cli", "analyze", str(film), "--height", "1.75", "--out", str(out), "--quiet"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return f"code {done.returncode}, {len(lines)} line(s): {' / '.join(lines)[:300]}" + (
            ", FOLDER LEFT" if out.exists() else ""
        )
    summary = json.loads(next(out.rglob("summary.json")).read_text())
    metrics = summary["metrics"]
    values = [
        f"{name} {each['value']:.4g} ({each['ci95'][0]:.4g} to {each['ci95'][1]:.4g})"
        if each.get("ci95")
        else f"{name} {each['status']}"
        for name, each in ((name, metrics[name]) for name in ("cadence", "contact_time"))
    ]
    warnings = [flag["code"] for flag in summary["quality"] if flag["level"] == "warning"]
    return f"code 0; {'; '.join(values)}; {' '.join(warnings)}"


def main(data: Path, names: list[str]) -> None:
    """Make, run and print."""
    with tempfile.TemporaryDirectory() as folder:
        for name, make in films(data).items():
            if not names or any(each in name for each in names):
                film = make(Path(folder) / name)
                sys.stdout.write(f"{name:22s} {told(film, Path(folder) / 'out' / name)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

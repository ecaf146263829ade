"""One film as phones, apps and messengers change it: every value must stay within the intervals of the film as it was, or be withheld.

``python benchmarks/film_changed.py DATA [NAME ...]`` changes the real films of ``DATA`` (mirrored, half as large, cut to 20 and 5 s, squeezed,
darkened, brightened, with bars, converted to other rates, turned by its header), runs ``headway analyze`` on each, and prints the values that left
each other's intervals; mirrored films exchange left and right.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from film_awkward import Pictures, laid_on_its_side, write
from headway.analysis import Analysis, analyze
from headway.errors import HeadwayError
from headway.gait.runner import Runner
from headway.options import Options
from headway.results import NotMeasurable
from headway.results.entries import Value as Stated

FILMS = (
    "films/treadmill_side_portrait.mp4",
    "videos/back_park_30fps_runner.mp4",
    "films/front_on_the_spot.mp4",
    "films/grass_five_shots.mp4",
)
MIRRORED = ("asymmetry", "head_roll", "_phase")
"""Parts of the names of metrics whose sign or angle changes with the sides; they are left to the other changes."""


def pictures(film: Path) -> Pictures:
    """Times and pictures of a film."""
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            yield float(frame.time or 0.0), frame.to_ndarray(format="rgb24")


def each(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path, Path], Path]:
    """A change of every picture."""
    return lambda film, path: write(path, ((time, change(picture)) for time, picture in pictures(film)))


def light(gain: float, offset: float) -> Callable[[Path, Path], Path]:
    """Darker or brighter."""
    return each(lambda picture: np.clip(gain * picture.astype(np.float32) + offset, 0, 255).astype(np.uint8))


def barred(picture: np.ndarray) -> np.ndarray:
    """Black bars left and right, as an upright film gets in a level frame, and above and below."""
    high, wide = picture.shape[:2]
    return np.pad(picture, ((high // 10 * 2, high // 10 * 2), (wide // 4 * 2, wide // 4 * 2), (0, 0)))


def half(picture: np.ndarray) -> np.ndarray:
    """Half as large."""
    high, wide = (size // 4 * 4 for size in picture.shape[:2])
    return picture[:high, :wide].reshape(high // 2, 2, wide // 2, 2, 3).mean((1, 3)).astype(np.uint8)


def converted(rate: float) -> Callable[[Path, Path], Path]:
    """To another rate by leaving out and repeating pictures, as converters do."""

    def make(film: Path, path: Path) -> Path:
        def shown() -> Pictures:
            count, last = 0, None
            for time, picture in pictures(film):
                while last is not None and count / rate < time:
                    yield count / rate, last
                    count += 1
                last = picture

        return write(path, shown())

    return make


def cut(seconds: float) -> Callable[[Path, Path], Path]:
    """The first seconds."""
    return lambda film, path: write(path, ((time, one) for time, one in pictures(film) if time < seconds))


CHANGES: dict[str, Callable[[Path, Path], Path]] = {
    "again": each(lambda picture: picture),
    "mirrored": each(lambda picture: picture[:, ::-1]),
    "half": each(half),
    "five_seconds": cut(5.0),
    "squeezed": lambda film, path: write(path, pictures(film), squeeze=40),
    "turned": lambda film, path: laid_on_its_side(path, pictures(film)),
    "barred": each(barred),
    "dark": light(0.35, 0.0),
    "bright": light(1.3, 50.0),
    "24": converted(24.0),
    "25": converted(25.0),
    "50": converted(50.0),
}


@dataclass(frozen=True)
class Value:
    """A number, its interval and its word."""

    value: float
    low: float
    high: float
    status: str


def values(analysis: Analysis) -> dict[str, Value]:
    """Every stated value, and those of the sides."""
    out: dict[str, Value] = {}
    for name, entry in analysis.summary.metrics.items():
        if isinstance(entry, NotMeasurable) or entry.ci95 is None or entry.value is None:
            continue
        out[name] = Value(entry.value, *entry.ci95, entry.status)
        out |= {f"{name} {side}": Value(value, *entry.ci95, entry.status) for side, value in _sides(entry).items()}
    return out


def _sides(entry: Stated) -> dict[str, float]:
    return {side: value for side in ("left", "right") if (value := getattr(entry, side)) is not None}


def exchanged(name: str) -> str:
    """The same of the other leg."""
    stem, _, side = name.partition(" ")
    return f"{stem} {dict(left='right', right='left')[side]}" if side else name


def differences(whole: dict[str, Value], changed: dict[str, Value], *, mirrored: bool) -> list[str]:
    """Values that lie outside of each other's intervals, and what is newly stated as measured."""
    out = []
    for name, value in changed.items():
        known = whole.get(exchanged(name) if mirrored else name)
        if known is None or (mirrored and any(part in name for part in MIRRORED)):
            continue
        if not (known.low <= value.value <= known.high or value.low <= known.value <= value.high):
            told = f"{value.value:.4g} ({value.low:.4g} to {value.high:.4g}) {value.status}"
            out.append(f"  {name} {told}, was {known.value:.4g} ({known.low:.4g} to {known.high:.4g})")
    return out


def main(data: Path, names: list[str]) -> None:
    """Change, run and print."""
    for film in (data / each for each in FILMS):
        wanted = {name: make for name, make in CHANGES.items() if not names or {film.stem, name} & {*names}}
        if not wanted:
            continue
        runner, options = Runner(height=1.75), Options()
        whole = values(analyze(film, runner, options))
        for name, make in wanted.items():
            with tempfile.TemporaryDirectory() as folder:
                path = make(film, Path(folder) / f"{name}.mp4")
                try:
                    changed = values(analyze(path, runner, options))
                except HeadwayError as error:
                    sys.stdout.write(f"{film.stem} {name}: refused: {error}\n")
                    continue
            apart = differences(whole, changed, mirrored=name == "mirrored")
            told = f"{len(changed)} values for {len(whole)}, {len(apart)} of {len({*changed} & {*whole})} apart"
            sys.stdout.write("\n".join((f"{film.stem} {name}: {told}", *apart)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""Marks in made sound: wind, music and steps as loud as the mark, coded as a telephone does; how many are found, and how well.

    PYTHONPATH=src python benchmarks/marks_heard.py --hours 1 --seed 1

Prints the share found, the worst error of time, and false marks; also of hours in which no mark sounds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from headway.marks.code import LENGTH, MOST_MARKS, Mark, sound
from headway.marks.film_sound import marks_in
from headway.recording import FloatArray

RATE = 44100
PART = 300.0
"""Length of one file, s."""
NOISES = ("wind", "music", "steps", "all")
TOLERANCE = 0.020


def wind(count: int, random: np.random.Generator) -> FloatArray:
    """Rumble that comes in gusts, with the hiss of the capsule."""
    b, a = butter(1, 150, fs=RATE)
    gusts = np.interp(np.arange(count) / RATE, np.arange(count // RATE + 2), random.gamma(1.5, 1.0, count // RATE + 2))
    return gusts * (lfilter(b, a, random.normal(size=count)) + 0.05 * random.normal(size=count))


def music(count: int, random: np.random.Generator) -> FloatArray:
    """Chords with overtones, a melody that slides and sings, and drums with cymbals."""
    out = np.zeros(count)
    beat = RATE * 60 / random.uniform(90, 180)
    notes = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24]) / 12)
    hat = butter(2, (3000, 9000), "bandpass", fs=RATE, output="sos")
    for k in range(int(count / beat)):
        at, long = int(k * beat), int(beat * random.choice([1, 1, 2]))
        time = np.arange(min(long, count - at)) / RATE
        decay = np.exp(-3 * time)
        for note in random.choice(notes, 3):
            for overtone in range(1, 7):
                out[at : at + len(time)] += decay * np.sin(2 * np.pi * overtone * note * time) / overtone
        slide = random.choice(notes) * 2 * 2 ** (random.normal(0, 0.3) * time + 0.02 * np.sin(2 * np.pi * 6 * time))
        phase = 2 * np.pi * np.cumsum(slide) / RATE
        out[at : at + len(time)] += sum(np.sin(overtone * phase) / overtone for overtone in range(1, 5))
        for half in (0, int(beat / 2)):
            part = out[at + half : at + half + RATE // 10]
            part += 3 * np.exp(-np.arange(len(part)) / (0.02 * RATE)) * sosfilt(hat, random.normal(size=len(part)))
    return out


def steps(count: int, random: np.random.Generator) -> FloatArray:
    """Thumps of running with their scrape."""
    out = np.zeros(count)
    at = 0.0
    while at < count:
        part = out[int(at) : int(at) + RATE // 5]
        time = np.arange(len(part)) / RATE
        part += random.uniform(0.5, 1.5) * np.exp(-time / 0.03) * np.sin(2 * np.pi * random.uniform(60, 120) * time)
        part += 0.5 * np.exp(-time / 0.015) * random.normal(size=len(part))
        at += RATE * 60 / random.normal(165, 4)
    return out


def surroundings(kind: str, count: int, random: np.random.Generator) -> FloatArray:
    """Sound of unit power; ``all`` is the three together."""
    makers = {"wind": wind, "music": music, "steps": steps}
    names = makers if kind == "all" else (kind,)
    one = [makers[name](count, random) for name in names]
    mixed = np.sum([part / part.std() for part in one], axis=0)
    return mixed / mixed.std()


@dataclass(frozen=True)
class Mixture:
    """Sound of ``RATE`` samples/s and the marks that are in it, with their times, s."""

    sound: FloatArray
    marks: list[tuple[float, Mark]]


def mixture(
    kind: str, seconds: float, seed: int, *, level: float = 0.0, every: float = 5.0, ppm: float = 50.0
) -> Mixture:
    """Marks at any offset, ``level`` dB above their surroundings, by a clock that is off; none if ``every`` is infinite."""
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    out = surroundings(kind, count, random)
    marks = []
    drift = 1 + ppm * 1e-6
    for k in range(int((seconds - 1) / every) if np.isfinite(every) else 0):
        at = every * k + random.uniform(0, every - LENGTH - 0.6)
        mark = Mark(int(random.integers(1, MOST_MARKS + 1)), "start" if random.integers(2) else "stop")
        played = sound(mark, RATE * drift)
        begins = int(np.ceil(at * RATE))
        grid = np.arange(int(LENGTH * RATE))
        played = np.interp(begins + grid - at * RATE, np.arange(len(played)), played)
        out[begins : begins + len(grid)] += 10 ** (level / 20) * played / played.std()
        marks.append((at, mark))
    return Mixture(out, marks)


def encode(path: Path, sound_: FloatArray, bit_rate: int = 64000) -> Path:
    """Write AAC, as a telephone does."""
    import av

    whole = np.clip(0.9 * sound_ / np.abs(sound_).max(), -1, 1).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = bit_rate
        for at in range(0, len(whole), 1024):
            frame = av.AudioFrame.from_ndarray(whole[None, at : at + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@dataclass(frozen=True)
class Hearing:
    """How many marks there were and were found within ``TOLERANCE``, the worst error of time, s, and how many were false."""

    marks: int
    found: int
    worst: float
    false: int


def hear(made: Mixture, folder: Path) -> Hearing:
    """Code a mixture, find the marks in it and compare."""
    heard = marks_in(encode(folder / "sound.m4a", made.sound))
    errors = [min((abs(one.time - at) for one in heard if one.mark == mark), default=np.inf) for at, mark in made.marks]
    found = [error for error in errors if error <= TOLERANCE]
    return Hearing(len(errors), len(found), max(found, default=0.0), len(heard) - len(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", type=float, default=0.0, help="dB")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for k, kind in enumerate(NOISES):
            for every in (5.0, np.inf):
                parts = [
                    hear(
                        mixture(kind, PART, 1000 * asked.seed + 100 * k + part, level=asked.level, every=every),
                        Path(folder),
                    )
                    for part in range(round(3600 * asked.hours / PART))
                ]
                marks, found, false = (sum(getattr(one, name) for one in parts) for name in ("marks", "found", "false"))
                worst = max(one.worst for one in parts)
                said = f"{found} of {marks}, worst {1000 * worst:.1f} ms, {false} false in {asked.hours:g} h"
                sys.stdout.write(f"{kind:6} {said}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()

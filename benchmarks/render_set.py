"""A set of rendered films: key points found by the program's own pose chain, and the truth; the films themselves are thrown away.

``python benchmarks/render_set.py [--out FOLDER] [--films N]`` goes on where it stopped; ``--seed`` takes other people, ``--views`` some views only,
``--numbers`` some films only (from 10000 on those of measured runs), ``--seconds`` longer ones.
Needs the extras ``render`` and ``video``. Every film is one ``NNNNN.npz`` (key points, truth per picture) and one line of ``index.jsonl`` (scene,
truth per metric, held out or not). Same number, same film.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time as clock
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.interpolate import CubicSpline

from headway.errors import HeadwayError
from headway.gait.contacts import Contact
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.synthetic.film.motion import FilmMotion
from headway.synthetic.film.sample import LabRun, SampledFilm, SampledLabFilm, sample_film, sample_lab_film
from headway.synthetic.film.skin import Skin
from headway.synthetic.film.truth import TrueValue, true_values

OUT = Path("renderset")
LAB = 10_000
"""Number of the first film of a measured run."""
MISLABELLED = ("RBDS03", 2.5)
"""Run whose foot markers are mixed up."""
DENSE = 500.0
"""Samples per second of the exact motion that the truth is told from."""


@dataclass(frozen=True)
class KeptFilm:
    """One film of the set as it was kept.

    Attributes
    ----------
    entry
        Its line of the index.
    keypoints
        What the pose chain found.
    truth
        Metric to true value.
    contacts
        True contacts, s on the film's clock.
    names, points, pixels, time
        Points of the drawn body: m on the spot and px, shape (pictures, points, 3 or 2), s of the film.
    """

    entry: dict[str, Any]
    keypoints: KeyPoints
    truth: dict[str, TrueValue]
    contacts: tuple[Contact, ...]
    names: tuple[str, ...]
    points: FloatArray
    pixels: FloatArray
    time: FloatArray


def kept_films(folder: Path = OUT) -> Iterator[KeptFilm]:
    """Read the films of a set."""
    for line in (folder / "index.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if "failed" in entry:
            continue
        with np.load(folder / f"{entry['number']:05d}.npz") as stored:
            s = {name: stored[name] for name in stored.files}
        keypoints = KeyPoints(
            s["time"], tuple(s["names"].tolist()), s["pixels"].astype(float), s["confidence"].astype(float), tuple(entry["size"]),
            source=f"film {entry['number']}", kind="mediapipe", background=s["background"].astype(float) if "background" in s else None,
        )  # fmt: skip
        contacts = tuple(Contact(first, last, side, "truth") for side, first, last in entry["contacts"])
        truth = {name: TrueValue(*value) for name, value in entry["truth"].items()}
        names = tuple(s["body_names"].tolist())
        body = (s["body_points"].astype(float), s["body_pixels"].astype(float), s["body_time"])
        # What the index was made without is told from the points that were kept.
        truth = seen_truth(names, body[0], body[2], contacts, entry["speed"]) | truth
        yield KeptFilm(entry, keypoints, truth, contacts, names, *body)


def seen_truth(
    names: tuple[str, ...], points: FloatArray, time: FloatArray, contacts: tuple[Contact, ...], speed: float
) -> dict[str, TrueValue]:
    """True values from the drawn body's points at the pictures."""
    path = CubicSpline(time, points)
    dense = np.arange(time[0], time[-1], 1 / DENSE)
    at = dict(zip(names, np.moveaxis(path(dense), 1, 0), strict=True))
    return true_values(dense, at | {"head": (at["ear_left"] + at["ear_right"]) / 2}, contacts, speed)


def metric_truth(skin: Skin, motion: FilmMotion, start: float, duration: float) -> dict[str, TrueValue]:
    """True values over the steps that touch the film."""
    contacts = motion.contacts(start, start + duration)
    time = np.arange(contacts[0].initial_contact, contacts[-1].toe_off, 1 / DENSE)
    return true_values(time, skin.landmarks(motion.at(time)), contacts, motion.speed)


def lab_runs(data: Path) -> list[LabRun]:
    """Runs of Fukuchi 2017 in a folder of recordings."""
    files = sorted((data / "rbds").glob("*run*.c3d")) + sorted((data / "rbds_more").glob("*run*.c3d"))
    if not files:
        return []
    table = pd.read_csv(data / "rbds" / "participantInfo.csv", encoding="latin-1")
    people = dict(zip(table["Subject"].tolist(), table["Height"].tolist(), strict=True))
    runs = []
    for path in files:
        person, speed = path.stem.split("runT")
        runs.append(LabRun(path, person, float(people[int(person.removeprefix("RBDS"))]) / 100, float(speed) / 10))
    return [run for run in runs if (run.person, run.speed) != MISLABELLED]


def make_film(sampled: SampledFilm | SampledLabFilm, out: Path, films: Path | None) -> dict[str, Any]:
    """Render one film, find its key points, and keep both them and the truth."""
    from headway.pose.estimate import estimate_keypoints
    from headway.synthetic.film.mesh import rest_body
    from headway.synthetic.film.write import write_film

    scene, motion = sampled.scene, sampled.motion()
    camera = scene.camera
    with tempfile.TemporaryDirectory() as folder:
        path = (films or Path(folder)) / f"{sampled.number:05d}.mp4"
        began = clock.time()
        drawn = write_film(path, [(scene, motion)])[0]
        rendered = clock.time()
        entry: dict[str, Any] = {
            "number": sampled.number, "person": motion.name, "test": sampled.test, "view": scene.view, "rate": camera.rate, "ground": scene.ground,
            "carriage": camera.carriage, "shaken": camera.shake > 0, "zoomed": camera.zoom != 1, "size": list(camera.size), "height": motion.height,
            "sex": sampled.sex, "stature_px": round(camera.focal * motion.height / camera.distance), "speed": motion.speed, "limp": sampled.limp,
            "scene": asdict(scene), "seconds": [round(rendered - began, 1), 0.0],
        }  # fmt: skip
        try:
            found = estimate_keypoints(path, Options(cache=Path(folder)))
        except HeadwayError as error:
            return entry | {"failed": str(error)}
    entry["seconds"][1] = round(clock.time() - rendered, 1)
    arrays = {
        "time": found.time, "names": np.array(found.names), "pixels": found.pixels.astype(np.float32),
        "confidence": found.confidence.astype(np.float16),
        "body_time": drawn.time - scene.start, "body_names": np.array(drawn.names), "body_points": drawn.points.astype(np.float32),
        "body_pixels": drawn.pixels.astype(np.float32),
    }  # fmt: skip
    if found.background is not None:
        arrays["background"] = found.background.astype(np.float32)
    np.savez_compressed(out / f"{sampled.number:05d}.npz", **arrays)
    truth = metric_truth(
        Skin(rest_body(scene.body), motion.height, motion.foot_scale), motion, scene.start, scene.duration
    )
    entry["truth"] = {name: [value.value, value.left, value.right] for name, value in truth.items()}
    contacts = motion.contacts(scene.start, scene.start + scene.duration)
    entry["contacts"] = [[one.side, one.initial_contact - scene.start, one.toe_off - scene.start] for one in contacts]
    return entry


def main() -> None:
    """Make what is missing of the set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--films", type=int, default=300)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data"),
        help="folder of the real recordings: every second film is of a measured run",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the whole set: another one is of other people")
    parser.add_argument("--views", nargs="*", help="only films of these views")
    parser.add_argument("--numbers", type=int, nargs="*", help="only films of these numbers, in this order")
    parser.add_argument("--seconds", type=float, help="length of every film in place of three to four seconds")
    parser.add_argument(
        "--step-widths",
        type=float,
        nargs=2,
        help="narrowest and widest step of the synthetic runners, m, in place of 0.06 ± 0.035; below 0 they cross over",
    )
    parser.add_argument("--keep-films", action="store_true", help="keep the MP4 files in OUT/films as well")
    given = parser.parse_args()
    import cv2

    cv2.setNumThreads(1)
    gc.disable()
    given.out.mkdir(parents=True, exist_ok=True)
    films = given.out / "films" if given.keep_films else None
    if films is not None:
        films.mkdir(exist_ok=True)
    index = given.out / "index.jsonl"
    done = {json.loads(line)["number"] for line in index.read_text().splitlines()} if index.is_file() else set()
    runs = lab_runs(given.data)
    numbers = given.numbers or [n for k in range(given.films) for n in ((k, LAB + k) if runs else (k,))]
    for number in numbers:
        if number in done:
            continue
        seed = given.seed
        sampled = sample_lab_film(number - LAB, runs, seed) if number >= LAB else sample_film(number, seed)
        if given.seconds is not None:
            sampled = replace(sampled, scene=replace(sampled.scene, duration=given.seconds))
        if given.step_widths and number < LAB:
            width = float(np.random.default_rng([seed, 3, number]).uniform(*given.step_widths))
            sampled = replace(sampled, parameters=replace(sampled.parameters, step_width=width))
        if given.views and sampled.scene.view not in given.views:
            continue
        try:
            entry = make_film(replace(sampled, number=number), given.out, films)
        except Exception as error:  # one film that cannot be made must not end a night's work
            entry = {"number": number, "failed": f"{type(error).__name__}: {error}"}
        with index.open("a") as file:
            file.write(json.dumps(entry) + "\n")
        if "view" not in entry:
            sys.stdout.write(f"{number:5d} {entry['failed']}\n")
            continue
        what = entry.get("failed", f"{entry['truth']['contact_time'][0]:.3f} s contact" if "truth" in entry else "")
        sys.stdout.write(
            f"{number:4d} {entry['view']:7s} {entry['rate']:4.0f}/s {entry['ground']:10s} {entry['carriage']:9s} {entry['seconds']} s  {what}\n"
        )
        sys.stdout.flush()
        gc.collect()


if __name__ == "__main__":
    main()

"""Follow the pictures of head and trunk in the kept films of a render set, with the key points that it holds: no pose model is run.

``python benchmarks/render_pictures.py --set FOLDER --out OTHER`` copies the set; films made with ``--keep-films`` lie in FOLDER/films.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time as clock
from pathlib import Path

import numpy as np

from fit_film_events import LEFT_OUT
from headway.options import Options
from headway.pose.body_pictures import PARTS, BodyPictures
from headway.pose.film import open_film
from headway.pose.follow import Seen
from headway.pose.model import Anatomy, Pose
from headway.recording import FloatArray


def pictures(
    path: Path, time: FloatArray, names: tuple[str, ...], pixels: FloatArray, confidence: FloatArray
) -> FloatArray:
    """Registered parts at the times of the key points, shape (frames, parts, 3)."""
    film = open_film(path, Options())
    anatomy = Anatomy(names, 0.5)
    parts = BodyPictures(anatomy, film.rate)
    rows: list[int] = []
    for frame in film.frames():
        row = int(np.abs(time - frame.time).argmin())
        if abs(time[row] - frame.time) > 0.3 / film.rate or row in rows:
            continue
        rows.append(row)
        pose = Pose(pixels[row], confidence[row])
        whole = np.isfinite(pixels[row]).all()
        parts.add(frame.image, Seen(pose, anatomy.figure(pose)) if whole else None)
    out = np.full((len(time), len(PARTS), 3), np.nan)
    out[rows] = parts.found()
    return out


def main() -> None:
    """Write the set with the pictures among its points."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name in ("index.jsonl", LEFT_OUT):
        if (given.set / name).exists():
            shutil.copy(given.set / name, given.out)
    for path in sorted(given.set.glob("*.npz")):
        if (given.out / path.name).exists():
            continue
        with np.load(path) as stored:
            kept = {name: stored[name] for name in stored.files}
        known = {part.name for part in PARTS}
        own = [k for k, name in enumerate(kept["names"].tolist()) if name not in known]
        names = tuple(kept["names"][own].tolist())
        points, sure = kept["pixels"][:, own].astype(float), kept["confidence"][:, own].astype(float)
        began = clock.process_time()
        found = pictures(given.set / "films" / f"{path.stem}.mp4", kept["time"], names, points, sure)
        kept["names"] = np.array([*names, *(part.name for part in PARTS)])
        kept["pixels"] = np.concatenate([kept["pixels"][:, own], found[..., :2].astype(np.float32)], axis=1)
        kept["confidence"] = np.concatenate([kept["confidence"][:, own], np.nan_to_num(found[..., 2]).astype(np.float16)], axis=1)  # fmt: skip
        np.savez_compressed(given.out / path.name, **kept)
        share = np.isfinite(found[..., 0]).mean(axis=0)
        sys.stdout.write(
            f"{path.stem} {len(found)} pictures, {clock.process_time() - began:.1f} s, found {share.round(2)}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()

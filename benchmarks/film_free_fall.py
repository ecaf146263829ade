"""Whether the fall in flight could tell metres per pixel: what drawn bodies fall by, over g, with their own points and true contacts.

``python benchmarks/film_free_fall.py [--out FOLDER]`` prints mean and scatter over the side films of a render set at 50 pictures a second and more.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from headway.recording import FloatArray
from render_set import OUT, KeptFilm, kept_films

GRAVITY = 9.81
FEWEST = 4
"""Pictures of a flight that a parabola is laid through."""
# Shares of the body's mass by the places of its segments' centres (de Leva 1996, men).
MASS = {
    "head": (0.081, (("head", 1.0),)),
    "trunk": (0.497, (("shoulder", 0.55), ("hip", 0.45))),
    "upper arms": (0.056, (("shoulder", 0.5), ("elbow", 0.5))),
    "forearms": (0.044, (("elbow", 0.5), ("wrist", 0.5))),
    "thighs": (0.2, (("hip", 0.567), ("knee", 0.433))),
    "shanks": (0.093, (("knee", 0.567), ("ankle", 0.433))),
    "feet": (0.029, (("ankle", 0.5), ("toe", 0.5))),
}


def down(film: KeptFilm, stem: str) -> FloatArray:
    """Height of a pair's middle, px down; ears stand for a head, shoulders and hips for arms that were not kept."""
    for name in (stem, {"head": "ear", "elbow": "shoulder", "wrist": "hip"}.get(stem, stem)):
        columns = [film.names.index(each) for each in (name, f"{name}_left", f"{name}_right") if each in film.names]
        if columns:
            return film.pixels[:, columns, 1].mean(1)
    raise KeyError(stem)


def fall(film: KeptFilm, path: FloatArray) -> float:
    """Mean acceleration over the film's flights, over g; NaN where no flight has pictures enough."""
    found = []
    for one, other in pairwise(film.contacts):
        inside = (film.time >= one.toe_off) & (film.time <= other.initial_contact)
        if inside.sum() >= FEWEST:
            time = film.time[inside]
            found.append(2 * np.polyfit(time - time.mean(), path[inside], 2)[0])
    metres = film.entry["height"] / film.entry["stature_px"]
    return float(np.mean(found)) * metres / GRAVITY if found else float("nan")


def main(renders: Path) -> None:
    """Print the table."""
    films = [film for film in kept_films(renders) if film.entry["view"] == "side" and film.entry["rate"] > 45]
    for name in ("centre of mass", "hip", "head"):
        falls = []
        for film in films:
            parts = MASS.values() if name == "centre of mass" else [(1.0, ((name, 1.0),))]
            path = np.sum([mass * share * down(film, stem) for mass, shares in parts for stem, share in shares], axis=0)
            falls.append(fall(film, path))
        kept = np.array(falls)[np.isfinite(falls)]
        sys.stdout.write(f"{name:16s} {kept.mean():.2f} ± {kept.std():.2f} g in {len(kept)} films\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=OUT)
    main(parser.parse_args().out)

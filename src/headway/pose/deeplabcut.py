"""Key points of DeepLabCut: CSV with rows of scorer, (individuals,) bodyparts and coords above the numbers; pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.text import cells_of, read_lines, read_table, separator_of
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.openpose import image_size
from headway.recording import Flag, Processing
from headway.texts import TEXTS

_ROWS = ("scorer", "individuals", "bodyparts", "coords")
_EXPORT = "export the tracked points as CSV again"


def read_deeplabcut_csv(path: Path, options: Options) -> KeyPoints:
    """Read the points of one individual; the one with most points where there are several.

    Raises
    ------
    RecordingError
        No frame rate given, header rows missing, or no point seen.
    """
    where, lines = str(path), read_lines(path)
    separator = separator_of(lines[0])
    rows: dict[str, list[str]] = {}
    while lines and (cells := cells_of(lines[0], separator)) and cells[0].lower() in _ROWS:
        rows[cells[0].lower()], lines = cells, lines[1:]
    if not {"bodyparts", "coords"} <= set(rows):
        raise RecordingError(where, "has no rows bodyparts and coords", _EXPORT)
    if options.rate is None:
        raise RecordingError(where, "these key points carry no times", "state the frame rate, for example --rate 30")
    width = len(rows["coords"])
    table, _ = read_table(where, lines, len(rows) + 1, width, separator)
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    places: dict[str, dict[str, dict[str, int]]] = {}
    owners = rows.get("individuals", ["one"] * width)
    for column in range(1, width):
        person = places.setdefault(owners[column], {})
        person.setdefault(rows["bodyparts"][column], {})[rows["coords"][column].lower()] = column
    whole = {
        owner: {name: found for name, found in parts.items() if {"x", "y"} <= set(found)}
        for owner, parts in places.items()
    }
    owner = max(
        whole, key=lambda one: (sum(bool(np.isfinite(table[:, at["x"]]).any()) for at in whole[one].values()), one)
    )
    names = tuple(whole[owner])
    if not names:
        raise RecordingError(where, "has no point with columns x and y", _EXPORT)
    pixels = np.stack([table[:, [at["x"], at["y"]]] for at in whole[owner].values()], axis=1)
    likely = [table[:, at["likelihood"]] if "likelihood" in at else np.ones(len(table)) for at in whole[owner].values()]
    unseen = ~np.isfinite(pixels).all(2)
    pixels[unseen] = np.nan
    if unseen.all():
        raise RecordingError(
            where, "no point is seen in any frame", "film the runner with the whole body in the picture"
        )
    others = [one for one in whole if one != owner]
    message = TEXTS("flags.other_people", names=", ".join(others))
    return KeyPoints(
        time=table[:, 0] / options.rate,
        names=names,
        pixels=pixels,
        confidence=np.where(unseen, 0.0, np.clip(np.nan_to_num(np.stack(likely, axis=1)), 0.0, 1.0)),
        size=image_size(where, pixels),
        source=where,
        kind="deeplabcut",
        log=(Processing("read_keypoints", {"rate": options.rate, "individual": owner}),),
        flags=(Flag("other_people", "info", message),) if others else (),
    )

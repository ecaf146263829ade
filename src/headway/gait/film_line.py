"""Feet of a film from behind or in front: how far apart they land, and how the line they run along lies in the picture."""

from __future__ import annotations

import numpy as np

from headway.camera.film_errors import MODEL
from headway.gait.steps import Steps
from headway.recording import FloatArray, Recording

ONE_LINE = 0.03
"""Mean step width, m, below which a film cannot tell it: the pose model sees feet that cross side by side. 17 rendered runners whose feet cross,
by up to 58 mm, read 25 mm too wide on the mean and 59 at most, none of them above 26;
the 45 of the fit (29 to 156 mm) are read to 14 mm (rms)."""


def lines_of_feet(steps: Steps, lateral: FloatArray) -> tuple[float, float]:
    """Sideways travel of both feet, m/s, and distance of the right feet's line from the left ones', m.

    Parameters
    ----------
    steps
        Of the film.
    lateral
        Place of each step's foot to the right, m, shape (steps,); NaN where it was not seen.

    Returns
    -------
    tuple
        By least squares over all steps; 0 and NaN where there are too few.
    """
    time, seen = steps.midstance - steps.midstance[0], np.isfinite(lateral)
    columns = np.column_stack([np.ones(len(time)), time, steps.side / 2])
    if seen.sum() < 4 or np.linalg.matrix_rank(columns[seen]) < 3:
        return 0.0, float("nan")
    _, drift, apart = np.linalg.lstsq(columns[seen], lateral[seen], rcond=None)[0]
    return float(drift), float(apart)


def on_one_line(recording: Recording, steps: Steps, lateral: FloatArray) -> bool:
    """Whether the feet land so nearly on one line that a pose model does not tell how nearly, or whether they cross."""
    if recording.view not in ("rear", "front") or recording.kind != MODEL:
        return False
    return lines_of_feet(steps, lateral)[1] < ONE_LINE

"""Height of the trunk over the stride: key points of the hips slide on the body, the shoulders of a stiff trunk tell better.

On rendered films (``benchmarks/fit_film_errors.py``) MediaPipe's hips rise and fall by three quarters of what the drawn hips do from the side, and
by 1.1 ± 0.15 of it from behind or in front; its shoulders by 0.91 and 0.98 ± 0.05. A running trunk hardly pitches with the step: the drawn hips' rise
and fall is 0.98 ± 0.02 of the shoulders'.
"""

from __future__ import annotations

import numpy as np

from headway.camera.film_errors import MODEL, film_errors
from headway.camera.pictures import TRUNK_PICTURE
from headway.camera.pictures import swing as swing_of
from headway.recording import FloatArray

UP = 1
PICTURE_SHARE = {"rear": 0.7, "front": 0.7}
"""Weight of the trunk's registered picture in its rise and fall by the scatter of both on rendered runners; from the side arms hide it."""


def steadied(
    time: FloatArray, names: tuple[str, ...], positions: FloatArray, phase: FloatArray | None, kind: str, view: str
) -> FloatArray:
    """Let shoulders and hips rise and fall as the trunk does.

    Parameters
    ----------
    time
        s, shape (frames,).
    names
        Landmarks, shape (points,).
    positions
        m; forward, up, right; shape (frames, points, 3).
    phase
        Stride phase, rad, shape (frames,), if there is one.
    kind
        Pose model.
    view
        ``side``, ``rear`` or ``front``.

    Returns
    -------
    Positions with the height of shoulders and hips moved, each pair as one; unchanged for other pose models.
    """
    slide = film_errors().slides.get(view) if kind == MODEL else None
    pairs = {stem: [names.index(f"{stem}_{side}") for side in ("left", "right")] for stem in ("shoulder", "hip")
             if {f"{stem}_left", f"{stem}_right"} <= {*names}}  # fmt: skip
    if slide is None or len(pairs) < 2:
        return positions
    swing = {}
    for stem, at in pairs.items():
        swing[stem] = swing_of(time, positions[:, at, UP].mean(1), phase)
    shoulder, hip = swing["shoulder"] / slide.shoulder, swing["hip"] / slide.hip
    trunk = np.where(np.isfinite(shoulder), slide.share * shoulder + (1.0 - slide.share) * hip, hip)
    if TRUNK_PICTURE in names and view in PICTURE_SHARE:
        picture = swing_of(time, positions[:, names.index(TRUNK_PICTURE), UP], phase)
        shoulder, trunk = (
            np.where(np.isfinite(picture), one + PICTURE_SHARE[view] * (picture - one), one)
            for one in (shoulder, trunk)
        )
    out = positions.copy()
    for stem, moved in (("shoulder", shoulder), ("hip", trunk)):
        out[:, pairs[stem], UP] += np.nan_to_num(moved - swing[stem])[:, None]
    return out

"""Where the trunk is: key points lie ahead of the joints and slide on the body, the shoulders of a stiff trunk tell its rise and fall better.

On rendered films (``benchmarks/fit_film_errors.py``) MediaPipe's hips rise and fall by three quarters of what the drawn hips do from the side, and
by 1.1 ± 0.15 of it from behind or in front; its shoulders by 0.91 and 0.98 ± 0.05. A running trunk hardly pitches with the step: the drawn hips' rise
and fall is 0.98 ± 0.02 of the shoulders'. From the side its hips lie about 2 % of stature ahead of the drawn joints and its shoulders 0.5 %: a trunk
3 degrees too upright.
"""

from __future__ import annotations

import numpy as np

from headway.camera.film_errors import MODEL, film_errors
from headway.camera.pictures import TRUNK_PICTURE
from headway.camera.pictures import swing as swing_of
from headway.recording import FloatArray

FORWARD, UP = 0, 1
FACE = ("ear", "eye", "nose")
"""Points that lie ahead as the ears do."""
PICTURE_SHARE = {"side": 0.64, "rear": 0.66, "front": 0.88}
"""Weight of the trunk's registered picture in its rise and fall beside the key points', by the scatter of both on 86 rendered runners."""
PICTURE_SLIDE = {"side": 1.026, "rear": 0.979, "front": 1.047}
"""Rise and fall of that picture over that of the drawn hips: both are what ``picture_slides`` of ``benchmarks/fit_film_errors.py`` prints."""


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
    if TRUNK_PICTURE in names:
        picture = swing_of(time, positions[:, names.index(TRUNK_PICTURE), UP], phase) / PICTURE_SLIDE[view]
        shoulder, trunk = (
            np.where(np.isfinite(picture), one + PICTURE_SHARE[view] * (picture - one), one)
            for one in (shoulder, trunk)
        )
    out = positions.copy()
    for stem, moved in (("shoulder", shoulder), ("hip", trunk)):
        out[:, pairs[stem], UP] += np.nan_to_num(moved - swing[stem])[:, None]
    return out


def put_back(names: tuple[str, ...], positions: FloatArray, height: float, kind: str, view: str) -> FloatArray:
    """Move hips, shoulders and head of a side view from where the pose model points to the joints.

    Parameters
    ----------
    names
        Landmarks, shape (points,).
    positions
        m; forward, up, right; shape (frames, points, 3).
    height
        Stature, m.
    kind
        Pose model.
    view
        ``side``, ``rear`` or ``front``.
    """
    if kind != MODEL or view != "side":
        return positions
    out, ahead = positions.copy(), film_errors().ahead
    known = ahead | dict.fromkeys(FACE, ahead["ear"]) if "ear" in ahead else ahead
    for k, name in enumerate(names):
        out[:, k, FORWARD] -= height * known.get(name.removesuffix("_left").removesuffix("_right"), 0.0)
    return out

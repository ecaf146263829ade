"""The body of an analysis made again from its saved points, and its joint angles in two ways side by side."""

from __future__ import annotations

import numpy as np
import xarray as xr

from headway.analysis.analysis import Analysis
from headway.body.body import Body
from headway.body.constrained_angles import constrained_angles
from headway.body.joint_angles import joint_angles
from headway.body.motion import Motion
from headway.body.segments import build_segments
from headway.errors import RecordingError
from headway.results import StandIns


def saved_body(analysis: Analysis) -> Body:
    """The body that the saved points make, as its joint angles and moments were told from.

    Parameters
    ----------
    analysis
        Of markers.
    """
    runner = analysis.summary.runner
    points = analysis.curves["position"].transpose("time", "point", "axis").astype(float)
    segments = build_segments(points, sex=runner.sex, height=runner.height)
    cutoff = analysis.summary.filters.motion_cutoff
    return Body(Motion(points, np.inf if cutoff is None else cutoff), segments, segments.head, (), StandIns())


def angles_side_by_side(analysis: Analysis) -> xr.Dataset:
    """Joint angles free and constrained; see :mod:`headway.body.joint_angles` and :mod:`headway.body.constrained_angles`.

    Returns
    -------
    Dims ``time``, ``angle``: ``free`` and ``constrained`` (rad; NaN where the skeleton has no such turn), and ``residual`` (time; m).

    Raises
    ------
    RecordingError
        No leg is marked from pelvis to foot.
    """
    source = analysis.summary.recording.source
    if "joint_angle" not in analysis.curves:
        raise RecordingError(source, "has no joint angles", "record with markers")
    body = saved_body(analysis)
    free, found = joint_angles(body), constrained_angles(body)
    if found is None:
        raise RecordingError(source, "no leg is marked from pelvis to foot", "mark knees, ankles and feet")
    held = found.angles.names
    same = [found.angles.of(name) if name in held else np.full(len(found.residual), np.nan) for name in free.names]
    both = {"free": free.values, "constrained": np.stack(same, axis=1)}
    data = {name: (("time", "angle"), values, {"units": "rad"}) for name, values in both.items()}
    out = xr.Dataset(data, coords={"time": body.motion.time, "angle": list(free.names)})
    return out.assign(residual=("time", found.residual, {"units": "m"}))

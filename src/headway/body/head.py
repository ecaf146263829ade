"""The head and neck as one rigid body: where it points, where its mass is.

The centre of mass is placed once, in a reference pose, and carried by the skull from there.

de Leva's fraction is a *level*: it holds along the body's long axis only. His two rows for the head put the centre of
mass 121.5 mm below the vertex (men; 118.0 mm women) whether measured to C7 or to the jaw; read as points *on* the
lines vertex–C7 and vertex–jaw they would lie about 5 cm apart fore and aft. Cadaver heads have it level with the ear
hole or up to 4 cm above, close to its fore-aft place (Beier 1980), the neck's mass lies below and behind. So here the
level is de Leva's, measured upward from C7, and the place at that level is on the line from the neck base to the
centre of the head. Uncertainty: ``COM_ERROR``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from headway.body.anthropometry import MEAN_LENGTHS, SEGMENTS, ratio, sex_weights
from headway.body.joint_centres import UP, add_joint_centres
from headway.body.marker_sets import HEAD_MARKERS
from headway.body.rotations import frame_from, kabsch, mean_configuration, perpendicular, seen_markers
from headway.body.stature import find_stature
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

COM_ERROR = (0.020, 0.010, 0.005)
"""Standard error of the placed centre of mass forward, up and right, m: judged from the spread of constructions."""
KEYPOINT_HEAD = ("ear_left", "ear_right", "vertex")
SIDEWAYS = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class HeadModel:
    """Head and neck as one rigid body.

    Attributes
    ----------
    rotation
        Turn from the reference pose to each frame, shape (frames, 3, 3); NaN where fewer than three markers are seen.
    com
        Centre of mass of head and neck, m, shape (frames, 3).
    axes
        Columns: forward, long and right axis of the body in the reference pose, shape (3, 3).
    mass_fraction, inertia
        Share of the body mass; moments of inertia about ``axes`` through the centre of mass per kg of body mass, m²,
        shape (3,).
    length, length_source
        Length vertex–C7 used, m, and where it comes from.
    calibrated
        Whether the reference pose is a standing trial.
    markers
        Points whose rigid fit gives the rotation.
    residual
        Root mean square distance of the markers from the fit, m, shape (frames,).
    flags
        What was assumed.
    """

    rotation: FloatArray
    com: FloatArray
    axes: FloatArray
    mass_fraction: float
    inertia: FloatArray
    length: float
    length_source: str
    calibrated: bool
    markers: tuple[str, ...]
    residual: FloatArray
    flags: tuple[Flag, ...] = field(default=())

    @property
    def orientation(self) -> FloatArray:
        """Axes of inertia (columns forward, long, right) in every frame, shape (frames, 3, 3)."""
        return self.rotation @ self.axes

    @property
    def upright(self) -> FloatArray | None:
        """Direction in the head that was vertical in standing, shape (frames, 3); ``None`` without a standing trial."""
        return self.rotation @ UP if self.calibrated else None


def head_model(
    points: xr.DataArray, *, sex: str | None = None, height: float | None = None, standing: xr.DataArray | None = None
) -> HeadModel | None:
    """Model the head and neck from head markers (or from ears and vertex of key points).

    Parameters
    ----------
    points
        Oriented, with joint centres (:func:`headway.body.joint_centres.add_joint_centres`), m.
    sex, height
        As known; the length of the head comes from a vertex point, else from stature, stated or found.
    standing
        Quiet standing of the same person with the same head markers, oriented (only ``up`` matters).

    Returns
    -------
    HeadModel or None
        ``None`` without a head centre: the head is never invented.
    """
    return head_of(PointTable(points), sex, height, standing)


def head_of(
    table: PointTable, sex: str | None, height: float | None, standing: xr.DataArray | None
) -> HeadModel | None:
    """Do what :func:`head_model` does with points that were unpacked before."""
    if "head_centre" not in table:
        return None
    flags: list[Flag] = []
    names = _rigid_names(table)
    reference = table
    if standing is not None:
        given = PointTable(standing)
        shared = given.present(names)
        if len(shared) >= 3:
            names = shared
            reference = PointTable(add_joint_centres(standing, height=height, sex=sex)[0])
        else:
            text = TEXTS("lab.standing_without_head")
            flags.append(Flag("standing_without_head", "warning", text))
    rotation, residual = _fit(table, reference, names)
    length, source = _length(table, reference, height, sex)
    offset, long_axis = _com_offset(reference, length, sex, flags)
    turned = rotation @ offset if np.isfinite(rotation).any() else offset
    row = SEGMENTS["head"]
    mass, _, (sagittal, transverse, longitudinal) = row.of(sex)
    return HeadModel(
        rotation=rotation,
        com=table["head_centre"] + turned,
        axes=frame_from(long_axis, SIDEWAYS),
        mass_fraction=mass,
        inertia=mass * (length * np.array([sagittal, longitudinal, transverse])) ** 2,
        length=length,
        length_source=source,
        calibrated=reference is not table and bool(np.isfinite(rotation).any()),
        markers=tuple(names),
        residual=residual,
        flags=tuple(flags),
    )


def _rigid_names(table: PointTable) -> list[str]:
    skull = table.present(HEAD_MARKERS)
    return skull if len(skull) >= 3 else [*skull, *table.present(KEYPOINT_HEAD)]


def _fit(table: PointTable, reference: PointTable, names: list[str]) -> tuple[FloatArray, FloatArray]:
    nothing = np.full((table.frames, 3, 3), np.nan), np.full(table.frames, np.nan)
    shape = mean_configuration(reference.stack(names)) if len(names) >= 3 else None
    if shape is None:
        return nothing
    markers = table.stack(names)
    rotation, shift = kabsch(shape, markers)
    miss = markers - shape @ np.swapaxes(rotation, 1, 2) - shift[:, None]
    seen = seen_markers(miss)
    square = np.where(seen, np.einsum("nmi,nmi->nm", miss, miss), 0.0)
    count = seen.sum(1)
    return rotation, np.sqrt(square.sum(1) / np.where(count > 0, count, np.nan))


def _length(table: PointTable, reference: PointTable, height: float | None, sex: str | None) -> tuple[float, str]:
    for place in (reference, table):
        if place.has("vertex", "c7"):
            return float(np.nanmean(place["vertex"][:, 1]) - np.nanmean(place["c7"][:, 1])), "vertex and C7 markers"
    stature = find_stature(table, height, sex)
    if np.isfinite(stature.value):
        return ratio("head", "stature", sex) * stature.value, stature.how
    return sum(w * x for w, x in zip(sex_weights(sex), MEAN_LENGTHS["head"], strict=True)), "mean of young adults"


def _com_offset(
    reference: PointTable, length: float, sex: str | None, flags: list[Flag]
) -> tuple[FloatArray, FloatArray]:
    """Centre of mass from the head centre in the reference pose, and the long axis of head and neck there."""
    has_skull = bool(reference.present(HEAD_MARKERS))
    if not has_skull or not reference.has("c7", "neck_base"):
        text = TEXTS("lab.head_com_without_c7" if has_skull else "lab.head_com_at_head_centre")
        flags.append(Flag("head_com_at_head_centre", "warning", text))
        return np.zeros(3), UP
    head = reference["head_centre"]
    arrows = np.stack([reference["c7"] - head, reference["neck_base"] - head])
    c7, base = np.nanmean(arrows[:, np.isfinite(arrows).all((0, 2))], axis=1)
    _, from_vertex, _ = SEGMENTS["head"].of(sex)
    level = c7[1] + (1.0 - from_vertex) * length
    return base * (level / base[1]), _long_axis(base)


def _long_axis(base: FloatArray) -> FloatArray:
    """From the neck base to the head centre, in the plane of symmetry."""
    return -perpendicular(base, SIDEWAYS)

"""Markers, forces, joint angles and moments as OpenSim reads them: TRC, MOT and STO (axes x forward, y up, z right)."""

from __future__ import annotations

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import xarray as xr

from headway.body.sided import sided
from headway.recording import FloatArray

SIDES = {"right": "r", "left": "l"}
COORDINATES = {
    "hip_internal_rotation": "hip_rotation",
    "knee_flexion": "knee_angle",
    "knee_internal_rotation": "knee_rotation",
    "ankle_dorsiflexion": "ankle_angle",
    "ankle_inversion": "subtalar_angle",
    "ankle_internal_rotation": "ankle_rotation",
    "toe_extension": "mtp_angle",
    "shoulder_flexion": "arm_flex",
    "shoulder_adduction": "arm_add",
    "shoulder_internal_rotation": "arm_rot",
    "elbow_flexion": "elbow_flex",
    "elbow_adduction": "elbow_add",
    "elbow_pronation": "pro_sup",
}
"""Our angles that are called otherwise in the full-body running models (Hamner 2010, Rajagopal 2016), without their side. Signs are the same, except
that the older models bend the knee to the negative side."""
TURNS = (
    ("hip", ("hip_flexion", "hip_adduction", "hip_rotation")),
    ("knee", ("knee_angle", "knee_adduction", "knee_rotation")),
    ("ankle", ("ankle_angle", "subtalar_angle", "ankle_rotation")),
)
"""Joint to the coordinates whose generalised forces its three moments are."""
TRANSLATIONS = ("pelvis_tx", "pelvis_ty", "pelvis_tz")


def coordinate(angle: str) -> str:
    """OpenSim's name of an angle.

    Examples
    --------
    >>> coordinate("knee_flexion_left")
    'knee_angle_l'
    """
    stem, side = sided(angle)
    return angle if side is None else f"{COORDINATES.get(stem, stem)}_{SIDES[side]}"


def component(text: str) -> str:
    """A name that OpenSim allows for a part of a model.

    Examples
    --------
    >>> component("synthetic runner, 3.5")
    'synthetic_runner__3_5'
    """
    return re.sub(r"[^\w-]", "_", text)


def write_trc(path: Path, positions: xr.DataArray) -> None:
    """Markers in mm; a gap is an empty field.

    Parameters
    ----------
    path
        File to write.
    positions
        Dims ``time``, a name and ``axis``; m.
    """
    time, values = positions["time"].to_numpy(), positions.to_numpy() * 1e3
    names = [str(name) for name in positions[positions.dims[1]].to_numpy()]
    rate = (len(time) - 1) / (time[-1] - time[0])
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate:.6g}\t{rate:.6g}\t{len(time)}\t{len(names)}\tmm\t{rate:.6g}\t1\t{len(time)}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{k}" for k in range(1, len(names) + 1) for axis in "XYZ"),
        "",
    ]
    rows = [
        "\t".join([str(k + 1), f"{t:.6f}", *("" if np.isnan(x) else f"{x:.5f}" for x in row)])
        for k, (t, row) in enumerate(zip(time, values.reshape(len(time), -1), strict=True))
    ]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def write_storage(path: Path, time: FloatArray, columns: dict[str, FloatArray], *, degrees: bool = False) -> None:
    """A table over time (MOT or STO); what is not known is ``nan``.

    Parameters
    ----------
    path
        File to write; its bare name is the table's.
    time
        s, shape (frames,).
    columns
        Each of shape (frames,).
    degrees
        Whether angles are in degrees.
    """
    head = [path.stem, "version=1", f"nRows={len(time)}", f"nColumns={len(columns) + 1}"]
    head += [f"inDegrees={'yes' if degrees else 'no'}", "endheader", "\t".join(["time", *columns])]
    table = np.column_stack([time, *columns.values()])
    rows = ["\t".join(f"{value:.8g}" for value in row) for row in table]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def forces(curves: xr.Dataset) -> dict[str, FloatArray]:
    """Columns of a MOT of ground forces: per foot force (N), point of application (m) and free moment (N·m).

    Where no foot is on the ground the point is held and force and moment are zero, as OpenSim interpolates them.
    """
    out: dict[str, FloatArray] = {}
    for side, letter in SIDES.items():
        foot = curves.sel(side=side)
        force = np.nan_to_num(foot["ground_force"].to_numpy())
        place = foot["centre_of_pressure"].to_numpy()
        place = _held(place)
        turning = np.nan_to_num(foot["free_moment"].to_numpy())
        out |= {f"ground_force_{letter}_v{axis}": force[:, k] for k, axis in enumerate("xyz")}
        out |= {f"ground_force_{letter}_p{axis}": place[:, k] for k, axis in enumerate("xyz")}
        zero = np.zeros_like(turning)
        out |= {f"ground_torque_{letter}_{axis}": turning if axis == "y" else zero for axis in "xyz"}
    return out


def _held(values: FloatArray) -> FloatArray:
    """Each row that is not known as the last one before it, else the first one after it; zero where none is known."""
    known = np.flatnonzero(np.isfinite(values).all(1))
    if not len(known):
        return np.zeros_like(values)
    place = np.clip(np.searchsorted(known, np.arange(len(values)), side="right") - 1, 0, None)
    return values[known[place]]


def write_loads(path: Path, data: str) -> None:
    """The external loads of a MOT of ground forces, for OpenSim's inverse dynamics.

    Parameters
    ----------
    path
        File to write (XML).
    data
        Name of the MOT.
    """
    entries = "".join(
        f"""
      <ExternalForce name="foot_{letter}">
        <isDisabled>false</isDisabled>
        <applied_to_body>calcn_{letter}</applied_to_body>
        <force_expressed_in_body>ground</force_expressed_in_body>
        <point_expressed_in_body>ground</point_expressed_in_body>
        <force_identifier>ground_force_{letter}_v</force_identifier>
        <point_identifier>ground_force_{letter}_p</point_identifier>
        <torque_identifier>ground_torque_{letter}_</torque_identifier>
      </ExternalForce>"""
        for letter in SIDES.values()
    )
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
  <ExternalLoads name={quoteattr(component(path.stem))}>
    <objects>{entries}
    </objects>
    <datafile>{data}</datafile>
  </ExternalLoads>
</OpenSimDocument>
""",
        encoding="utf-8",
    )


def angles(curves: xr.Dataset) -> dict[str, FloatArray]:
    """Columns of a MOT of joint angles: degrees, with OpenSim's names, and the place of the pelvis, m."""
    found = curves["joint_angle"]
    names = [str(name) for name in found["angle"].to_numpy()]
    out = {coordinate(name): np.rad2deg(found.sel(angle=name).to_numpy()) for name in names}
    if "pelvis_centre" in curves["point"].to_numpy().tolist():
        place = curves["position"].sel(point="pelvis_centre").to_numpy()
        out |= {name: place[:, k] for k, name in enumerate(TRANSLATIONS)}
    return out


def moments(curves: xr.Dataset) -> dict[str, FloatArray]:
    """Columns of a STO of joint moments (N·m) and powers (W), with OpenSim's names of generalised forces."""
    found, power = curves["joint_moment"], curves["joint_power"]
    held = found["joint"].to_numpy().tolist()
    out: dict[str, FloatArray] = {}
    for side, letter in SIDES.items():
        for joint, turns in TURNS:
            name = f"{joint}_{side}"
            if name in held:
                values = found.sel(joint=name).to_numpy()
                out |= {f"{turn}_{letter}_moment": values[:, k] for k, turn in enumerate(turns)}
                out[f"{joint}_{letter}_power"] = power.sel(joint=name).to_numpy()
    return out

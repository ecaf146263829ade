"""The files that an analysis can be exported to, each declared once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.analysis import Analysis
from headway.errors import OptionError, RecordingError
from headway.exports import opensim
from headway.exports.bids import write_bids
from headway.exports.opensim_model import write_model
from headway.exports.tables import write_csv, write_mat
from headway.folder import whole_folder
from headway.io.write_c3d import write_c3d
from headway.recording import Event, make_ground_force

SIDES = ("left", "right")


@dataclass(frozen=True)
class Target:
    """A kind of file.

    Attributes
    ----------
    name
        As given with ``--to``.
    title
        What it holds, for help.
    write
        Writes it: the analysis, the bare name of its files, and the folder.
    needs
        Variables of the curves, one of which has to be there.
    """

    name: str
    title: str
    write: Callable[[Analysis, str, Path], None]
    needs: tuple[str, ...] = ("marker_position",)


def _trc(analysis: Analysis, stem: str, folder: Path) -> None:
    opensim.write_trc(folder / f"{stem}.trc", analysis.curves["marker_position"])
    opensim.write_trc(folder / f"{stem}_filtered.trc", analysis.curves["position"])


def _mot(analysis: Analysis, stem: str, folder: Path) -> None:
    curves = analysis.curves
    if "ground_force" in curves:
        opensim.write_storage(folder / f"{stem}_forces.mot", curves["force_time"].to_numpy(), opensim.forces(curves))
        opensim.write_loads(folder / f"{stem}_loads.xml", f"{stem}_forces.mot")
    if "joint_angle" in curves:
        time, columns = curves["time"].to_numpy(), opensim.angles(curves)
        opensim.write_storage(folder / f"{stem}_angles.mot", time, columns, degrees=True)


def _sto(analysis: Analysis, stem: str, folder: Path) -> None:
    time, columns = analysis.curves["time"].to_numpy(), opensim.moments(analysis.curves)
    opensim.write_storage(folder / f"{stem}_moments.sto", time, columns)


def _c3d(analysis: Analysis, stem: str, folder: Path) -> None:
    curves, steps = analysis.curves, analysis.steps
    points = curves["marker_position"].rename(marker="point")
    force = None
    if "ground_force" in curves and bool(np.isfinite(curves["centre_of_pressure"]).any()):
        parts = [curves[name].to_numpy() for name in ("ground_force", "centre_of_pressure", "free_moment")]
        axes = [str(axis) for axis in curves["axis"].to_numpy()]
        force = make_ground_force(
            curves["force_time"].to_numpy(), SIDES, parts[0], parts[1], parts[2], sides=SIDES, axes=axes
        )
    method = analysis.summary.events.method
    events = [
        Event(name, side, float(time), method)
        for name in ("initial_contact", "toe_off")
        for side, time in zip(steps["side"], steps[name], strict=True)
        if np.isfinite(time)
    ]
    write_c3d(folder / f"{stem}.c3d", points, force, events, analysis.summary.recording.subject)


TARGETS = {
    target.name: target
    for target in (
        Target("trc", "markers as recorded and filtered points, for OpenSim", _trc),
        Target(
            "mot", "forces with their loads file, and joint angles, for OpenSim", _mot, ("joint_angle", "ground_force")
        ),
        Target("sto", "joint moments and powers, for OpenSim", _sto, ("joint_moment",)),
        Target("osim", "a model of the runner with its motion and loads, for OpenSim", write_model, ("joint_angle",)),
        Target("c3d", "markers, forces and events", _c3d),
        Target("mat", "everything, for MATLAB", write_mat, ()),
        Target("csv", "everything, as tables", write_csv, ()),
        Target("bids", "markers and events as a BIDS-Motion data set", write_bids),
    )
}
"""By name."""


def export(analysis: Analysis, to: str | Sequence[str], folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write an analysis to files of other programs; returns the folder.

    Parameters
    ----------
    analysis
        Of a recording; what it does not know stays unknown (NaN, an empty field).
    to
        One or more of :data:`TARGETS`.
    folder
        Where to; files are named after the recording.
    overwrite
        Replace such files in a folder that exists.

    Raises
    ------
    OptionError
        There is no such target, or the analysis has nothing for it.
    HeadwayError
        The folder exists and ``overwrite`` is false, or it cannot be written.
    """
    chosen = [target_of(name) for name in ([to] if isinstance(to, str) else to)]
    source = analysis.summary.recording.source
    for target in chosen:
        _check(analysis, target, source)
    stem = Path(source.split(" + ")[0]).stem or "recording"
    place = Path(folder)
    with whole_folder(place, (), overwrite=overwrite) as draft:
        for target in chosen:
            inner = draft / "bids" if target.name == "bids" and len(chosen) > 1 else draft
            inner.mkdir(exist_ok=True)
            target.write(analysis, stem, inner)
    return place


def target_of(name: str) -> Target:
    """A target by its name.

    Raises
    ------
    OptionError
        There is no such target.
    """
    if name not in TARGETS:
        raise OptionError("--to", f"{name!r} is no target", f"choose from {', '.join(TARGETS)}")
    return TARGETS[name]


def _check(analysis: Analysis, target: Target, source: str) -> None:
    if not target.needs or any(name in analysis.curves for name in target.needs):
        return
    if not analysis.curves:
        raise RecordingError(source, "was analysed without its curves (sensors have none)", "use --to csv or --to mat")
    lacking = {
        "joint_moment": "no joint moments (they need a ground force, the mass and whole legs)",
        "joint_angle": "no joint angles (they need markers)",
    }
    what = lacking.get(target.needs[0], "nothing that goes into such a file")
    raise OptionError("--to", f"{target.name}: {source} has {what}", "choose another target")

"""Headway's dynamics and OpenSim's inverse dynamics on the same trial, in one process, on one thread.

Run by hand: ``uv run --extra opensim python benchmarks/opensim_side_by_side.py [DATA]``. The trial is the straight run
in ``DATA/biomac_p02`` with its scaled model (BioMAC-Sim-Toolbox). It has no head markers, so the neck is timed on as
many frames of the synthetic runner. Inverse kinematics and reading are off the clock.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from timeit import timeit
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # NumPy reads them when it is imported

import numpy as np
import opensim
import pandas as pd
import xarray as xr

import headway
from headway.body.joint_centres import add_joint_centres
from headway.body.landmarks import to_landmarks
from headway.body.rotations import angular_acceleration, angular_velocity
from headway.body.segments import build_segments
from headway.dynamics.ladder import force_ladder, ladder_from_ground
from headway.dynamics.neck import neck_force, neck_moment, world_inertia
from headway.gait.axes import orient
from headway.recording import AXES, GRAVITY, FloatArray, Recording, make_points
from headway.signals import derivative, low_pass, second_derivative
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
RATE, CUTOFF, MASS = 175.0, 12.0, 67.11  # frames per second; low-pass of motion and force, Hz; runner, kg
ROUNDS, REPEATS = 2, 9  # how often the trial is played to and fro; timed repeats after one to warm up
Job = Callable[[], Any]


def lengthen(values: FloatArray) -> FloatArray:
    """Play to and fro: positions stay continuous, and accelerations and forces are those of the run."""
    return np.concatenate([values, values[-2:0:-1]] * ROUNDS)


def model_of(source: Path) -> Any:
    """Load the trial's scaled model without its muscles, which inverse dynamics leaves out and still pays for."""
    model = opensim.Model(str(source / "Participant_02.osim"))
    model.updForceSet().clearAndDestroy()
    return model


def write(path: Path, columns: list[str], values: FloatArray) -> str:
    """Write a table over time (s) that OpenSim reads."""
    head = f"inDegrees=no\nnRows={len(values)}\nnColumns={len(columns) + 1}\nendheader\n"
    frame = pd.DataFrame(values, pd.Index(np.arange(len(values)) / RATE, name="time"), columns)
    path.write_text(head + frame.to_csv(sep="\t", float_format="%.9f", na_rep="NaN"))
    return str(path)


def ground_force(file: Path, folder: Path) -> FloatArray:
    """Write the forces as OpenSim's external loads; return both feet's sum, low-passed, N."""
    found = pd.read_csv(file).filter(regex="^(GRF|CoP)")
    found.columns = [f"{name[:3]}_{name[-1]}_{name[4]}" for name in found]
    found.loc[:, found.columns.str.startswith("GRF")] *= 0.01 * MASS * GRAVITY  # published in % of body weight
    loads = opensim.ExternalLoads()
    loads.setDataFileName(write(folder / "force.sto", list(found), lengthen(found.to_numpy())))
    for side in "rl":
        load = opensim.ExternalForce()
        load.set_applied_to_body(f"calcn_{side}")
        load.set_force_identifier(f"GRF_{side}_")
        load.set_point_identifier(f"CoP_{side}_")
        loads.cloneAndAppend(load)
    loads.printToXML(str(folder / "loads.xml"))
    both = found.filter(like="GRF").to_numpy().reshape(-1, 2, 3).sum(1)
    return low_pass(lengthen(both), RATE, CUTOFF)


def inverse_kinematics(model: Any, recording: Recording, folder: Path) -> tuple[pd.DataFrame, float]:
    """Coordinates of the model (rad, m), lengthened and low-passed, and the rms distance of its markers (m)."""
    names = recording.names()
    columns = [f"{name}_{axis}" for name in names for axis in "123"]
    file = write(folder / "markers.sto", columns, recording.points.to_numpy().reshape(len(recording.time), -1))
    markers = opensim.TimeSeriesTable(file)
    reference = opensim.MarkersReference(markers.packVec3(), opensim.SetMarkerWeights())
    solver = opensim.InverseKinematicsSolver(model, reference, opensim.SimTKArrayCoordinateReference(), float("inf"))
    state, values, distances = model.initSystem(), [], []
    coordinates = [model.getCoordinateSet().get(k) for k in range(model.getCoordinateSet().getSize())]
    solver.assemble(state)
    for instant in markers.getIndependentColumn():
        state.setTime(instant)
        solver.track(state)
        values.append([coordinate.getValue(state) for coordinate in coordinates])
        distances.append([solver.computeCurrentMarkerError(name) for name in names])
    found = pd.DataFrame(lengthen(np.array(values)), columns=[coordinate.getName() for coordinate in coordinates])
    found[:] = low_pass(found.to_numpy(), RATE, CUTOFF)
    return found, float(np.sqrt(np.nanmean(np.square(distances))))


def run_tool(model: Any, folder: Path, frames: int, cutoff: float = -1.0) -> None:
    """OpenSim's InverseDynamicsTool: from files of coordinates and loads to a file of generalised forces."""
    tool = opensim.InverseDynamicsTool()
    tool.setModel(model)
    tool.setCoordinatesFileName(str(folder / "coordinates.sto"))
    tool.setExternalLoadsFileName(str(folder / "loads.xml"))
    tool.setLowpassCutoffFrequency(cutoff)
    tool.setStartTime(0.0)
    tool.setEndTime((frames - 0.5) / RATE)
    tool.setResultsDir(str(folder))
    tool.run()


def solver_job(model: Any, values: FloatArray) -> Job:
    """Call OpenSim's InverseDynamicsSolver per frame, without loads; vectors and derivatives are made off the clock."""
    motion = (values, derivative(values, RATE), second_derivative(values, RATE))
    frames = list(zip(*([opensim.Vector.createFromMat(row) for row in part] for part in motion), strict=True))
    state = model.initSystem()

    def run() -> list[Any]:
        solver, forces = opensim.InverseDynamicsSolver(model), []
        for position, velocity, acceleration in frames:
            state.setQ(position)
            state.setU(velocity)
            forces.append(solver.solve(state, acceleration))
        return forces

    return run


def dynamics(points: xr.DataArray, ground: FloatArray) -> tuple[FloatArray, ...]:
    """Segments and force ladder; with a head also the neck's force and moment, without one the ladder from the ground."""
    segments = build_segments(points, sex="male")
    acceleration, mass = second_derivative(segments.com, RATE), MASS * segments.mass_fraction
    if (head := segments.head) is None:
        return (ladder_from_ground(ground, mass, acceleration, segments.names, "right")[:, 1:],)
    k = segments.index("head")
    force = neck_force(mass[k], acceleration[:, k])
    inertia = world_inertia(head.orientation, MASS * head.inertia)
    omega, alpha = angular_velocity(head.rotation, RATE), angular_acceleration(head.rotation, RATE)
    moment = neck_moment(force, inertia, omega, alpha, head.com, points.sel(point="neck_base").to_numpy())
    return force_ladder(mass, acceleration, segments.names, "right"), force, moment


def headway_jobs(name: str, markers: xr.DataArray, ground: FloatArray) -> dict[str, Job]:
    """Headway's dynamics from filtered points with joint centres, and from the markers with filter and joint centres."""

    def joints() -> xr.DataArray:
        smooth = markers.copy(data=low_pass(markers.to_numpy(), RATE, CUTOFF))
        return add_joint_centres(smooth, height=None, sex="male")[0]

    ready, name = joints(), f"Headway, {name}"
    return {name: lambda: dynamics(ready, ground), f"{name}; low-pass too": lambda: dynamics(joints(), ground)}


def measure(jobs: dict[str, Job], frames: int) -> pd.DataFrame:
    """Best and median time, µs per frame; the jobs take turns, so that what else the machine does meets them all."""
    spent = np.array([[timeit(job, number=1) for job in jobs.values()] for _ in range(1 + REPEATS)])[1:]
    return 1e6 / frames * pd.DataFrame({"best": spent.min(0), "median": np.median(spent, axis=0)}, list(jobs))


def run(source: Path, folder: Path) -> str:
    """Measure all; what is timed must be finite, OpenSim's mean force the runner's weight."""
    file = source / "DERIVED_straightrunning_trial0025.csv"
    recording, ground = headway.load(file), ground_force(file, folder)
    coordinates, error = inverse_kinematics(model_of(source), recording, folder)
    write(folder / "coordinates.sto", list(coordinates), coordinates.to_numpy())
    tool_model, frames = model_of(source), len(coordinates)
    trial, _ = orient(to_landmarks(recording), up="y", forward="x")
    longer = make_points(np.arange(frames) / RATE, trial.names(), lengthen(trial.points.to_numpy()), AXES)
    synthetic, _ = orient(to_landmarks(record(SyntheticRunner(), duration=frames / RATE, rate=RATE)))
    own = headway_jobs("trial, no head", longer, ground) | headway_jobs("synthetic, neck", synthetic.points, ground)
    assert all(len(array) == frames and np.isfinite(array).all() for job in own.values() for array in job())
    run_tool(tool_model, folder, frames)
    result = opensim.TimeSeriesTable(str(folder / "inverse_dynamics.sto"))
    order = [label.rsplit("_", 1)[0] for label in result.getColumnLabels()]  # that of the solver's vectors
    solver = solver_job(model_of(source), coordinates[order].to_numpy())
    weight = np.mean([each[order.index("pelvis_ty")] for each in solver()])
    assert result.getNumRows() == frames and abs(weight / (MASS * GRAVITY) - 1.0) < 0.05
    peers: dict[str, Job] = {
        "OpenSim solver, no loads": solver,
        "OpenSim tool": lambda: run_tool(tool_model, folder, frames),
        "OpenSim tool; low-pass too": lambda: run_tool(tool_model, folder, frames, CUTOFF),
    }
    found = measure(peers | own, frames)
    best, mark = found["best"], "low-pass"  # like with like: with the filter or without
    ratio = {p: {o: best[p] / best[o] for o in own if (mark in o) == (mark in p)} for p in peers}
    head = f"{frames} frames, OpenSim {opensim.GetVersion()}, NumPy {np.__version__}, marker rms {1e3 * error:.1f} mm"
    tables = found.to_string(float_format="%.1f"), pd.DataFrame(ratio).to_string(float_format="%.1f", na_rep="")
    return f"{head}\n\nµs per frame\n{tables[0]}\n\nOpenSim / Headway, best times\n{tables[1]}"


if __name__ == "__main__":
    opensim.Logger.setLevelString("Off")
    opensim.Logger.removeFileSink()
    source = (Path(sys.argv[1]) if len(sys.argv) > 1 else DATA) / "biomac_p02"
    with os.fdopen(os.dup(1), "w") as screen, tempfile.TemporaryDirectory() as name:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the tool prints its model at every run
        print(run(source, Path(name)), file=screen)

"""Headway's dynamics and OpenSim's inverse dynamics on the same trial, in the same process, on one thread.

Run by hand: ``uv run --extra opensim python benchmarks/opensim_side_by_side.py [DATA]``. The trial is a straight run from
BioMAC-Sim-Toolbox with its scaled model (``biomac_p02``). Inverse kinematics is solved once, off the clock.
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import numpy as np
import opensim
import pandas as pd
import xarray as xr

import headway
from headway.body.body import build_body
from headway.body.joint_centres import add_joint_centres
from headway.body.landmarks import to_landmarks
from headway.body.motion import Motion
from headway.body.segments import Segments, build_segments
from headway.dynamics.head_load import HeadLoad
from headway.dynamics.ladder import force_ladder, ladder_from_ground
from headway.gait.axes import orient
from headway.recording import GRAVITY, FloatArray, Recording
from headway.signals import derivative, low_pass, second_derivative
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

CUTOFF, MASS, RATE, ROUNDS, REPEATS = 12.0, 67.11, 175.0, 2, 9
"""Low-pass of the motion, Hz; runner's mass, kg; frames per second; times to and fro; timed repeats after one warm-up."""
LAB = ("x", "y", "z")
FEET = {"r": "calcn_r", "l": "calcn_l"}
DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@dataclass(frozen=True)
class Trial:
    """One run, lengthened: markers as read, force (N) and centre of pressure (m) per foot, the model and its coordinates."""

    recording: Recording
    ground: dict[str, tuple[FloatArray, FloatArray]]
    model_file: str
    coordinates: pd.DataFrame
    marker_error: float

    @property
    def frames(self) -> int:
        return len(self.coordinates)


def lengthen(values: FloatArray) -> FloatArray:
    """Play forward, then backward, ROUNDS times: positions stay continuous and accelerations are those of the run."""
    return np.concatenate([values, values[-2:0:-1]] * ROUNDS)


def read_trial(folder: Path) -> Trial:
    """Read the trial with Headway, solve its inverse kinematics with OpenSim, lengthen everything alike."""
    file = folder / "DERIVED_straightrunning_trial0025.csv"
    recording = headway.load(file)
    table = pd.read_csv(file)
    to_newton = 0.01 * MASS * GRAVITY
    ground = {
        side: (
            lengthen(table[[f"GRF_{axis}_{side}" for axis in LAB]].to_numpy() * to_newton),
            lengthen(table[[f"CoP_{axis}_{side}" for axis in LAB]].to_numpy()),
        )
        for side in FEET
    }
    model_file = str(folder / "Participant_02.osim")
    coordinates, error = inverse_kinematics(model_file, recording)
    longer = pd.DataFrame(low_pass(lengthen(coordinates.to_numpy()), RATE, CUTOFF), columns=coordinates.columns)
    points = recording.points.isel(time=lengthen(np.arange(len(table))))
    points = points.assign_coords(time=np.arange(len(longer)) / RATE)
    return Trial(recording.logged("lengthen", points=points), ground, model_file, longer, error)


def inverse_kinematics(model_file: str, recording: Recording) -> tuple[pd.DataFrame, float]:
    """Coordinates of the model in every frame (rad, m), and the root mean square distance of its markers, m."""
    model, names = opensim.Model(model_file), recording.names()
    state = model.initSystem()
    markers, weights = opensim.TimeSeriesTableVec3(), opensim.SetMarkerWeights()
    markers.setColumnLabels(names)
    for instant, frame in zip(recording.time.tolist(), recording.points.to_numpy(), strict=True):
        markers.appendRow(instant, opensim.RowVectorVec3([opensim.Vec3(*point) for point in frame.tolist()]))
    for name in names:
        weights.cloneAndAppend(opensim.MarkerWeight(name, 1.0))
    reference = opensim.MarkersReference(markers, weights)
    solver = opensim.InverseKinematicsSolver(model, reference, opensim.SimTKArrayCoordinateReference(), float("inf"))
    state.setTime(float(recording.time[0]))
    solver.assemble(state)
    coordinates = [model.getCoordinateSet().get(k) for k in range(model.getCoordinateSet().getSize())]
    rows, distances = [], []
    for instant in recording.time.tolist():
        state.setTime(instant)
        solver.track(state)
        rows.append([coordinate.getValue(state) for coordinate in coordinates])
        distances.append([solver.computeCurrentMarkerError(name) for name in names])
    error = float(np.sqrt(np.nanmean(np.square(distances))))
    return pd.DataFrame(rows, columns=[coordinate.getName() for coordinate in coordinates]), error


def write_table(path: Path, columns: Sequence[str], values: FloatArray) -> None:
    """Write a file that OpenSim reads."""
    head = f"table\nversion=1\nnRows={len(values)}\nnColumns={len(columns) + 1}\ninDegrees=no\nendheader\n"
    rows = np.column_stack([np.arange(len(values)) / RATE, values])
    np.savetxt(path, rows, "%.9f", "\t", header=head + "\t".join(["time", *columns]), comments="")


def write_loads(path: Path, ground: dict[str, tuple[FloatArray, FloatArray]]) -> None:
    """Write the ground forces and how they act on the feet."""
    columns = [f"{what}_{side}_{axis}" for side in ground for what in ("force", "point", "torque") for axis in LAB]
    forces = [np.hstack([force, pressure, np.zeros_like(force)]) for force, pressure in ground.values()]
    write_table(path.with_suffix(".mot"), columns, np.hstack(forces))
    loads = opensim.ExternalLoads()
    loads.setDataFileName(str(path.with_suffix(".mot")))
    for side, body in FEET.items():
        load = opensim.ExternalForce()
        load.setName(body)
        load.set_applied_to_body(body)
        load.set_force_identifier(f"force_{side}_")
        load.set_point_identifier(f"point_{side}_")
        load.set_torque_identifier(f"torque_{side}_")
        loads.cloneAndAppend(load)
    loads.printToXML(str(path))


def inverse_dynamics_tool(trial: Trial, folder: Path, *, filters: bool, muscles: bool) -> Callable[[], None]:
    """Make a run of the InverseDynamicsTool on a loaded model, from a file of coordinates to a file of forces."""
    model = opensim.Model(trial.model_file)
    excluded = opensim.ArrayStr()
    excluded.append("Muscles")
    if not muscles:
        model.updForceSet().clearAndDestroy()
    write_table(folder / "coordinates.mot", list(trial.coordinates), trial.coordinates.to_numpy())
    write_loads(folder / "loads.xml", trial.ground)

    def run() -> None:
        tool = opensim.InverseDynamicsTool()
        tool.setModel(model)
        tool.setExcludedForces(excluded)
        tool.setCoordinatesFileName(str(folder / "coordinates.mot"))
        tool.setExternalLoadsFileName(str(folder / "loads.xml"))
        tool.setLowpassCutoffFrequency(CUTOFF if filters else -1.0)
        tool.setStartTime(0.0)
        tool.setEndTime((trial.frames - 1) / RATE)
        tool.setResultsDir(str(folder))
        tool.run()

    return run


def tree_order(folder: Path) -> list[str]:
    """Coordinates in the order of the solver's vectors: that of the tool's result."""
    labels = opensim.TimeSeriesTable(str(folder / "inverse_dynamics.sto")).getColumnLabels()
    return [label.rsplit("_", 1)[0] for label in labels]


def inverse_dynamics_solver(trial: Trial, order: list[str]) -> Callable[[], list[opensim.Vector]]:
    """Make a loop of InverseDynamicsSolver.solve without muscles and loads; its vectors are made here, off the clock."""
    model = opensim.Model(trial.model_file)
    model.updForceSet().clearAndDestroy()
    state, values = model.initSystem(), trial.coordinates[order].to_numpy()
    solver = opensim.InverseDynamicsSolver(model)
    motion = [values, derivative(values, RATE), second_derivative(values, RATE)]
    frames = list(zip(*([opensim.Vector.createFromMat(row) for row in part] for part in motion), strict=True))

    def run() -> list[opensim.Vector]:
        forces = []
        for position, velocity, acceleration in frames:
            state.setQ(position)
            state.setU(velocity)
            forces.append(solver.solve(state, acceleration))
        return forces

    return run

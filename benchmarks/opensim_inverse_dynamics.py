"""Joint moments beside OpenSim's inverse dynamics of the exported files, and the time that both take for a frame.

Run by hand: ``uv run --extra opensim python benchmarks/opensim_inverse_dynamics.py [DATA]``. Every recording is analysed and exported with
``--to osim``, and OpenSim's own tool is run on the set-up file that lies there. Then OpenSim's inverse kinematics (the joints' freedoms of the
running models, markers of the exported TRC) and inverse dynamics are timed against filter, joint centres, segments, angles and moments, in
processor time on one thread, in one run.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from time import process_time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # NumPy reads them when it is imported

import numpy as np
import opensim

from headway import Analysis, Options, Runner, analyze, load
from headway.body.body import build_body
from headway.body.joint_angles import Frames, joint_angles, with_whole_legs
from headway.dynamics.foot_force import foot_force
from headway.dynamics.joint_moments import joint_moments
from headway.exports.opensim import moments
from headway.gait.prepare import prepare

DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
LOCKED = re.compile(
    r"((?<!pelvis)_t[xyz]|knee_adduction|knee_rotation|ankle_rotation|elbow_add|pro_sup)(_[rl])?$"
)  # as in the running models
EDGE = 8  # frames at either end, where a derivative has only one side
REPEATS, TIMED = 5, 1.0  # repeats of ours; seconds of motion for OpenSim's kinematics


def recordings(data: Path) -> dict[str, tuple[Path, Options, Path | None]]:
    hamner, rbds = data / "hamner2013", data / "rbds"
    run = hamner / "subject04" / "trials" / "run300"
    return {
        "hamner2013 subject01, 3 m/s": (hamner / "subject01" / "run300.trc", Options(forces=hamner / "subject01" / "run300_grf.mot"), None),
        "hamner2013 subject04, 3 m/s": (run / "markers.trc", Options(forces=run / "grf.mot", sex="male"), None),
        "running_0002": (data / "running_0002" / "Running_0002.c3d", Options(height=1.75, sex="female"), None),
        "RBDS002, 3.5 m/s, with standing": (rbds / "RBDS002runT35.c3d", Options(stop=6.0), rbds / "RBDS002static.c3d"),
    }  # fmt: skip


def opensims(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Generalised forces by coordinate, with their times, as OpenSim's tool finds them from the files in a folder."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        assert opensim.InverseDynamicsTool(next(str(path) for path in folder.glob("*_inverse_dynamics.xml"))).run()
    finally:
        os.chdir(here)
    table = opensim.TimeSeriesTable(next(str(path) for path in folder.glob("*_inverse_dynamics.sto")))
    time, values = np.array(table.getIndependentColumn()), table.getMatrix().to_numpy()
    return {name: (time, values[:, k]) for k, name in enumerate(table.getColumnLabels())}


def differences(analysis: Analysis, folder: Path) -> dict[str, tuple[float, float]]:
    """Root mean square and greatest difference as shares of the range of each moment."""
    theirs, own_time = opensims(folder), analysis.curves["time"].to_numpy()
    out = {}
    for name, values in moments(analysis.curves).items():
        if name.endswith("_moment"):
            time, other = (one[EDGE:-EDGE] for one in theirs[name])
            own = np.interp(time, own_time, values)
            off = np.abs(own - other) / np.ptp(own)
            out[name.removesuffix("_moment")] = float(np.sqrt(np.mean(off**2))), float(off.max())
    return out


def ours(path: Path, options: Options, standing: Path | None) -> float:
    """Microseconds per frame from markers and plates to angles and moments."""
    trial, _ = prepare(load(path, options), Runner.of(options), options, None if standing is None else load(standing))
    assert trial.plates is not None
    spent = []
    for _ in range(REPEATS):
        start = process_time()
        body = build_body(trial.recording, height=trial.runner.height, sex=trial.runner.sex, cutoff=trial.motion.cutoff)
        body = with_whole_legs(body, sex=trial.runner.sex, height=trial.runner.height)
        frames = Frames(body)
        joint_angles(body, frames)
        joint_moments(body, trial.mass, foot_force(trial.plates, trial.contacts, trial.recording), frames)
        spent.append(process_time() - start)
    return 1e6 * min(spent) / trial.motion.frames


def opensim_time(folder: Path, rate: float) -> tuple[float, float]:
    """Microseconds per frame of OpenSim's inverse kinematics and inverse dynamics."""
    model = opensim.Model(next(str(path) for path in folder.glob("*_model.osim")))
    coordinates = model.updCoordinateSet()
    for k in range(coordinates.getSize()):
        one = coordinates.get(k)
        if LOCKED.search(one.getName()):
            one.set_locked(True)
    model.initSystem()
    tool = opensim.InverseKinematicsTool()
    tool.setModel(model)
    tool.setMarkerDataFileName(next(str(path) for path in folder.glob("*.trc") if "filtered" in path.name))
    motion = opensim.TimeSeriesTable(next(str(path) for path in folder.glob("*_model_motion.mot")))
    first = motion.getIndependentColumn()[0]
    tool.setStartTime(first)
    tool.setEndTime(first + TIMED)
    tool.setOutputMotionFileName(str(folder / "ik.mot"))
    start = process_time()
    assert tool.run()
    kinematics = 1e6 * (process_time() - start) / (TIMED * rate)
    start = process_time()
    opensims(folder)
    return kinematics, 1e6 * (process_time() - start) / motion.getNumRows()


def main(data: Path) -> None:
    """Print the largest differences by joint axis, and the times."""
    for title, (path, options, standing) in recordings(data).items():
        found = analyze(load(path, options), options=options, standing=None if standing is None else load(standing))
        rate = found.summary.recording.rate
        with tempfile.TemporaryDirectory() as name:
            folder = found.export(["osim", "trc"], Path(name) / "out")
            apart = differences(found, folder)
            kinematics, dynamics = opensim_time(folder, rate)
        own = ours(path, options, standing)
        worst = max(apart, key=lambda key: apart[key][0])
        flexion = max(
            value[0] for key, value in apart.items() if key.startswith(("hip_flexion", "knee_angle", "ankle_angle"))
        )
        ratio = (kinematics + dynamics) / own
        print(f"{title}", file=SCREEN)
        print(
            f"  % of range, rms: hip, knee and ankle flexion at most {100 * flexion:.3f}, all others at most {100 * apart[worst][0]:.3f} ({worst}; "
            f"largest single difference {100 * max(value[1] for value in apart.values()):.2f})",
            file=SCREEN,
        )
        print(
            f"  µs per frame: OpenSim IK {kinematics:.0f} + ID {dynamics:.0f}, Headway {own:.1f}: {ratio:.0f} ×",
            file=SCREEN,
        )


if __name__ == "__main__":
    opensim.Logger.setLevelString("Off")
    opensim.Logger.removeFileSink()
    with os.fdopen(os.dup(1), "w") as SCREEN:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the tools print their models at every run
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)

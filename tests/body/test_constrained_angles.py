"""A skeleton that holds together, brought to legs of hinges whose angles are known, and beside OpenSim's inverse kinematics."""

import numpy as np
import pytest

from headway import Options, Runner, analyze
from headway.body.constrained_angles import constrained_angles
from headway.errors import RecordingError
from headway.sources import load
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

from . import made_legs

INNER = slice(20, -20)
FREE = {"knee": (1.0, 0.0, 0.0), "ankle": (1.0, 0.0, 0.0), "hip": (1.0, 1.0, 1.0)}
TURNS = {
    "hip": ("hip_flexion", "hip_adduction", "hip_internal_rotation"),
    "knee": ("knee_flexion",),
    "ankle": ("ankle_dorsiflexion",),
}
THEIRS = (
    ("hip_flexion", "hip_flexion", 1),
    ("knee_flexion", "knee_angle", -1),
    ("ankle_dorsiflexion", "ankle_angle", 1),
)


@pytest.fixture
def hinged(monkeypatch):
    original = made_legs.angles

    def hinges(time):
        return {joint: values * FREE[joint.split("_")[0]] for joint, values in original(time).items()}

    monkeypatch.setattr(made_legs, "angles", hinges)
    return made_legs.made_body(1.0)[1], hinges


@pytest.mark.parametrize("side", ["left", "right"])
def test_hinges_are_found_as_they_moved(hinged, side):
    body, known = hinged
    found = constrained_angles(body)
    assert found is not None and np.nanmax(found.residual[INNER]) < 1e-3
    truth = known(body.motion.time)
    for joint, names in TURNS.items():
        for k, name in enumerate(names):
            off = found.angles.of(f"{name}_{side}") - truth[f"{joint}_{side}"][:, k]
            assert np.abs(off)[INNER].max() < np.radians(0.5), name


def test_a_gap_in_a_marker_is_a_gap_in_its_frames_only(hinged):
    body, _ = hinged
    body.motion["heel_left"][50:60] = np.nan
    found = constrained_angles(body)
    assert found is not None
    assert (
        np.isnan(found.residual[50:60]).all() and np.isfinite(found.residual[INNER]).sum() == len(found.residual) - 50
    )


def test_flexion_agrees_with_opensims_inverse_kinematics(data):
    folder = data / "hamner2013" / "subject01"
    options = Options(forces=folder / "run200_grf.mot")
    both = analyze(load(folder / "run200.trc", options), options=options).angles_side_by_side()
    lines = (folder / "run200_ik.mot").read_text().splitlines()
    start = lines.index("endheader")
    table = np.array([line.split() for line in lines[start + 2 :] if line.strip()], float)
    for ours, theirs, sign in THEIRS:
        for side in ("left", "right"):
            own = both["constrained"].sel(angle=f"{ours}_{side}")
            other = sign * table[:, lines[start + 1].split().index(f"{theirs}_{side[0]}")]
            off = np.degrees(np.interp(table[:, 0], both["time"], own) - other)
            assert np.nanstd(off) < 3.0, f"{ours} {side}"


def test_both_ways_stand_side_by_side_on_an_analysis():
    made = record(SyntheticRunner(RunnerParameters()), duration=2.0, rate=100.0, force_rate=500.0)
    result = analyze(made, Runner(height=1.75, sex="male"))
    both = result.angles_side_by_side()
    assert both["free"].dims == both["constrained"].dims == ("time", "angle")
    apart = both["free"] - both["constrained"]
    assert (
        float(np.abs(apart.sel(angle="knee_flexion_right") - apart.sel(angle="knee_flexion_right").mean()).max()) < 0.05
    )
    with pytest.raises(RecordingError, match="no joint angles"):
        type(result)(result.summary, result.steps, result.waveforms, result.units).angles_side_by_side()

"""A protocol says of its recordings whatever the command line can: made key points and markers."""

import json
from pathlib import Path

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.experiments.experiment import Experiment, run
from headway.experiments.read_protocol import load_protocol
from headway.options import Options, columns
from headway.pose.keypoints import KeyPoints
from headway.pose.openpose import BODY_25
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.recording import record, standing, write
from headway.synthetic.runner import SyntheticRunner

CAMERA = PhoneCamera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0))
RATE, SLOW = 120.0, 4.0
WORDS = {"LEFT_": "L", "RIGHT_": "R"}
PARTS = {"FOOT_INDEX": "BigToe"}
MIDDLES = {"Neck": ("LShoulder", "RShoulder"), "MidHip": ("LHip", "RHip"), "Nose": ("LEar", "REar")}


def written(folder: Path, seen: KeyPoints) -> None:
    """Key points as the folder of one JSON file per picture that OpenPose writes."""
    named = {}
    for k, label in enumerate(seen.names):
        side, part = label.split("_", 1)
        named[side[0] + PARTS.get(part, part.capitalize())] = seen.pixels[:, k]
    for name, (left, right) in MIDDLES.items():
        named[name] = (named[left] + named[right]) / 2
    folder.mkdir()
    for k in range(len(seen.time)):
        rows = [[*named[name][k], 0.9] if name in named else [0.0, 0.0, 0.0] for name in BODY_25]
        content = {"version": 1.3, "people": [{"pose_keypoints_2d": np.ravel(rows).tolist()}]}
        (folder / f"run_{k:012d}_keypoints.json").write_text(json.dumps(content))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blocks on a treadmill, seen from the side at 120 pictures per second."""
    folder = tmp_path_factory.mktemp("folders")
    for seed, name in enumerate(("before", "held", "after"), 1):
        noise = StepVariability(contact_time=0.02, seed=seed)
        time, points, labels = runner_points(
            SyntheticRunner(RunnerParameters(step_noise=noise)), duration=9.0, rate=RATE, seed=seed
        )
        written(folder / name, film(time, points, labels, CAMERA, noise=0.002, seed=seed))
    return folder


def protocol(folder: Path, recordings: str, first: str = "") -> Path:
    path = folder / "protocol.toml"
    text = f'[design]\nkind = "free-held-free"\nprimary = "contact_time"\n[runner]\nheight = "5ft10"\nsex = "F"\n{recordings}\n'
    for name, condition in (("before", "free"), ("held", "held"), ("after", "free")):
        text += f'[[block]]\nrecording = "{name}"\ncondition = "{condition}"\n{first if name == "before" else ""}\n'
    path.write_text(text)
    return path


def test_blocks_may_be_folders_of_key_points_with_their_rate_and_slow_motion(folders: Path, tmp_path: Path):
    said = f'[recordings]\nrate = {RATE:g}\nslow_motion = "4,0"\ntreadmill = "yes"\nspeed = "12,6 km/h"'
    found = run(protocol(folders, said, first='start = "0:04"\nstop = 34'))
    whole, cadence = found.analyses[1].summary, SyntheticRunner().parameters.step_time
    assert whole.recording.rate == pytest.approx(RATE) and whole.recording.speed == pytest.approx(3.5)
    assert whole.runner.height == pytest.approx(1.778) and whole.runner.sex == "female"
    assert whole.metrics["cadence"].value == pytest.approx(60.0 / cadence, rel=0.01)
    part = found.analyses[0].steps["initial_contact"]
    assert part.min() >= 4 / SLOW and part.max() <= 34 / SLOW, "start and stop are on the clock of the slow file"
    again = Experiment.load(found.save(tmp_path / "out"))
    assert [one.summary.recording.kind for one in again.analyses] == ["openpose"] * 3


def test_every_option_of_a_recording_is_an_option_of_a_block(folders: Path):
    assert set(columns()) > {"rate", "slow_motion", "view", "person", "pose_model", "subject", "standing", "forces"}
    found = load_protocol(protocol(folders, f"[recordings]\nrate = {RATE:g}", first='view = "rear"\nmass = "154 lb"'))
    first, second = (block.options for block in found.block[:2])
    assert (first.view, second.view, first.rate, second.rate) == ("rear", None, RATE, RATE)
    assert first.mass == pytest.approx(69.853, abs=1e-3) and second.mass is None


def test_a_standing_trial_makes_push_through_angle_measured(tmp_path: Path):
    for seed, name in enumerate(("before", "held", "after"), 1):
        runner = SyntheticRunner(RunnerParameters(step_noise=StepVariability(contact_time=0.02, seed=seed)))
        write(tmp_path / f"{name}.c3d", record(runner, duration=8.0, rate=100, force_rate=500))
    write(tmp_path / "still.c3d", standing(SyntheticRunner(), rate=100.0))
    path = protocol(tmp_path, '[recordings]\nstanding = "still.c3d"')
    text = path.read_text()
    for name in ("before", "held", "after"):
        text = text.replace(f'recording = "{name}"', f'recording = "{name}.c3d"')
    path.write_text(text)
    found = run(path)
    assert {one.summary.metrics["push_through_angle"].status for one in found.analyses} == {"measured"}


@pytest.mark.parametrize(
    ("recordings", "first", "told"),
    [
        ("[recordings]\nrate = 0", "", "line 8, recordings.rate: 0 frames per second"),
        ("[recordings]\nrtae = 30", "", "line 8, recordings.rtae: is not known"),
        ("[recordings]\nup = 'z'", "", "line 8, recordings.up: none of the recordings can use it; leave it out"),
        ("", "phone = 'head'", "line 11, block 1, phone: a .* cannot use it; leave it out"),
        ("", "standing = 'no.c3d'", "line 11, block 1, standing: no.c3d does not exist"),
        ("recordings = 3", "", "recordings"),
    ],
)
def test_faults_have_their_line(folders: Path, recordings: str, first: str, told: str):
    with pytest.raises(RecordingError, match=told) as caught:
        load_protocol(protocol(folders, recordings, first))
    assert "\n" not in str(caught.value)


def test_what_a_block_says_goes_before_what_is_said_of_all(folders: Path):
    found = load_protocol(protocol(folders, "[recordings]\nrate = 30\ntreadmill = true", first="treadmill = false"))
    assert [block.options.treadmill for block in found.block] == [False, True, True]
    assert found.block[0].options == Options(height=1.778, sex="female", rate=30.0)

"""Exchanged labels: found, put right, and nothing else touched."""

import numpy as np
import pytest

from headway import load
from headway.body.exchange import put_right
from headway.body.landmarks import to_landmarks
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

LOWER_LEG = ("ankle_lateral", "ankle_medial", "heel", "mt1", "mt5", "toe")
LEG = ("knee_lateral", "knee_medial", *LOWER_LEG)


@pytest.fixture(scope="module")
def run():
    return record(SyntheticRunner(), duration=5, noise=0.0005)


def sides(stems):
    return [(f"{stem}_left", f"{stem}_right") for stem in stems]


def paths_of(recording):
    values = recording.points.transpose("time", "point", "axis").to_numpy()
    return {name: values[:, k] for k, name in enumerate(recording.names())}


def exchanged(paths, pairs, span):
    out = {name: path.copy() for name, path in paths.items()}
    for one, other in pairs:
        out[one][span], out[other][span] = paths[other][span], paths[one][span]
    return out


@pytest.mark.parametrize("span", [slice(None), slice(400, 500)], ids=["throughout", "half a second"])
@pytest.mark.parametrize(
    "pairs",
    [
        sides(LOWER_LEG),
        sides(LEG),
        sides(LOWER_LEG[2:]),
        [("head_front_left", "wrist_radial_left")],
        [("head_front_left", "head_front_right")],
        [("head_front_left", "head_back_left")],
        [("asis_left", "asis_right")],
        [("heel_left", "heel_right")],
        [("c7", "suprasternal")],
    ],
    ids=[
        "lower legs",
        "legs",
        "feet",
        "head and wrist",
        "head left right",
        "head front back",
        "asis",
        "heels",
        "c7 and notch",
    ],
)
def test_exchanged_labels_are_put_right_to_the_frame(run, pairs, span):
    truth = paths_of(run)
    mended = exchanged(truth, pairs, span)
    found = put_right(mended)
    wrong = sum(int((np.abs(mended[name] - truth[name]).max(1) > 0.05).sum()) for name in truth)
    assert wrong <= 4 * len(pairs)  # frames at the ends of a stretch, where both readings are as good
    assert {name for exchange in found for pair in exchange.pairs for name in pair} >= {
        n for pair in pairs for n in pair
    }
    assert all(exchange.throughout == (span.start is None) for exchange in found)


def test_nothing_is_exchanged_in_a_recording_that_is_right(run):
    paths = paths_of(run)
    assert put_right(paths) == []
    assert all(paths[name] is path or np.array_equal(paths[name], path) for name, path in paths_of(run).items())


@pytest.mark.parametrize(
    "name",
    [
        "running_0002/Running_0002.c3d", "dorn2012_ja1/JA1Gait21.c3d", "dorn2012_ja1/JA1Static05.c3d",
        "rbds/RBDS002runT25.c3d", "rbds/RBDS002static.c3d",
    ],
)  # fmt: skip
def test_nothing_is_exchanged_in_real_recordings(data, name):
    assert put_right(paths_of(to_landmarks(load(data / name)))) == []


def test_a_real_lower_leg_exchanged_for_half_a_second_is_put_right(data):
    truth = paths_of(to_landmarks(load(data / "rbds" / "RBDS010runT25.c3d")))
    low = [name for name in truth if "_left" in name and name.startswith(("shank", "heel", "mt", "foot"))]
    mended = exchanged(truth, [(name, name.replace("_left", "_right")) for name in low], slice(1500, 1575))
    put_right(mended)
    wrong = max(int((np.nan_to_num(np.abs(mended[name] - truth[name])).max(1) > 0.05).sum()) for name in low)
    assert wrong <= 5

"""Exports against the rules that others check them by: the schema of BIDS-Motion, and events as C3D readers know them."""

import csv
import json
import re

import ezc3d
import numpy as np
import pytest
from scipy.io import loadmat

from headway.exports.targets import export

NAMES = {
    "motion": r"sub-[A-Za-z0-9]+(_ses-[A-Za-z0-9]+)?_task-[A-Za-z0-9]+_tracksys-[A-Za-z0-9]+(_acq-\w+)?(_run-\d+)?_motion\.(tsv|json)",
    "channels": r"sub-[A-Za-z0-9]+(_ses-[A-Za-z0-9]+)?_task-[A-Za-z0-9]+_tracksys-[A-Za-z0-9]+(_acq-\w+)?(_run-\d+)?_channels\.(tsv|json)",
    "events": r"sub-[A-Za-z0-9]+(_ses-[A-Za-z0-9]+)?_task-[A-Za-z0-9]+(_acq-\w+)?(_run-\d+)?_events\.(tsv|json)",
}
"""rules/files/raw/motion.yaml, channels.yaml and events.yaml of the BIDS schema."""
REQUIRED = {"TaskName", "SamplingFrequency", "TrackingSystemName"}
COUNTS = {"MotionChannelCount", "POSChannelCount", "TrackedPointsCount"}
"""rules/sidecars/motion.yaml."""
COLUMNS = ["name", "component", "type", "tracked_point", "units"]
OPTIONAL = {"placement", "description", "sampling_frequency", "status", "status_description", "reference_frame"}
"""rules/tabular_data/motion.yaml; the first five in this order."""
TYPES = {"ACCEL", "ANGACC", "GYRO", "JNTANG", "LATENCY", "MAGN", "MISC", "ORNT", "POS", "VEL"}
COMPONENTS = {"x", "y", "z", "quat_x", "quat_y", "quat_z", "quat_w", "n/a"}


@pytest.fixture(scope="module")
def bids(result, tmp_path_factory):
    return export(result, "bids", tmp_path_factory.mktemp("bids") / "out")


def table(path):
    with path.open(newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def one(folder, ending):
    return next(path for path in folder.rglob("*") if path.name.endswith(ending))


def test_files_are_named_as_the_schema_asks(bids):
    inside = [path for path in bids.glob("sub-*/motion/*")]
    assert {path.name.rpartition("_")[2] for path in inside} >= {
        "motion.tsv",
        "motion.json",
        "channels.tsv",
        "events.tsv",
    }
    for path in inside:
        kind = path.name.rpartition("_")[2].split(".")[0]
        assert re.fullmatch(NAMES[kind], path.name), path.name
        assert path.name.startswith(path.parent.parent.name + "_")
    top = {"dataset_description.json", "participants.tsv", "participants.json", "README"}
    assert {path.name for path in bids.iterdir() if path.is_file()} == top


def test_the_sidecar_has_what_is_required_and_counts_right(bids):
    about = json.loads(one(bids, "_motion.json").read_text())
    assert set(about) >= REQUIRED | COUNTS
    assert about["SamplingFrequency"] > 0 and re.fullmatch("[APSILR]{3}", about["SpatialAxes"])
    rows = table(one(bids, "_channels.tsv"))[1:]
    assert about["MotionChannelCount"] == len(rows) == sum(row[2] == "POS" for row in rows) == about["POSChannelCount"]
    assert about["TrackedPointsCount"] == len({row[3] for row in rows})
    tracksys = re.search(r"_tracksys-([A-Za-z0-9]+)_", one(bids, "_motion.tsv").name)
    assert tracksys and tracksys.group(1) == about["TrackingSystemName"]


def test_the_table_of_channels_has_the_columns_of_the_schema(bids):
    head, *rows = table(one(bids, "_channels.tsv"))
    assert head[:5] == COLUMNS and set(head[5:]) <= OPTIONAL
    assert {row[1] for row in rows} <= COMPONENTS and {row[2] for row in rows} <= TYPES
    assert {row[4] for row in rows} == {"m"}
    assert len({row[0] for row in rows}) == len(rows), "names are unique"
    levels = json.loads(one(bids, "_channels.json").read_text())["reference_frame"]["Levels"]
    assert {row[head.index("reference_frame")] for row in rows} == set(levels)


def test_tables_are_whole_and_the_motion_has_no_header(bids, result):
    rows = table(one(bids, "_motion.tsv"))
    assert {len(row) for row in rows} == {len(table(one(bids, "_channels.tsv"))) - 1}
    assert all(cell == "n/a" or np.isfinite(float(cell)) for cell in rows[0])
    for path in bids.rglob("*.tsv"):
        assert all(cell for row in table(path) for cell in row), f"{path.name} has empty cells"
    head, *events = table(one(bids, "_events.tsv"))
    assert head[:2] == ["onset", "duration"]
    onsets = [float(row[0]) for row in events]
    assert onsets == sorted(onsets) and len(onsets) == len(result.steps)
    told = json.loads(one(bids, "_events.json").read_text())["trial_type"]["Levels"]
    assert {row[2] for row in events} <= set(told)


def test_the_data_set_describes_itself(bids):
    about = json.loads((bids / "dataset_description.json").read_text())
    assert {"Name", "BIDSVersion"} <= set(about) and about["DatasetType"] == "raw"
    head, *rows = table(bids / "participants.tsv")
    assert head[0] == "participant_id" and {path.name for path in bids.glob("sub-*")} == {row[0] for row in rows}
    assert set(json.loads((bids / "participants.json").read_text())) <= set(head)


def test_events_have_contexts_that_a_c3d_reader_knows(result, tmp_path):
    file = ezc3d.c3d(str(one(export(result, "c3d", tmp_path / "out"), ".c3d")))
    group = file["parameters"]["EVENT"]
    labels, contexts = group["LABELS"]["value"], group["CONTEXTS"]["value"]
    minutes, seconds = group["TIMES"]["value"]
    times = 60 * minutes + seconds + result.curves["time"].to_numpy()[0]
    for name, label in (("initial_contact", "Foot Strike"), ("toe_off", "Foot Off")):
        for side in ("left", "right"):
            own = [k for k, pair in enumerate(zip(labels, contexts, strict=True)) if pair == (label, side.title())]
            steps = result.steps
            assert np.allclose(sorted(times[own]), steps.loc[steps["side"] == side, name].dropna(), atol=1e-3)
    assert group["USED"]["value"][0] == len(labels)


def test_matlab_has_every_metric_and_curve(result, tmp_path):
    held = loadmat(one(export(result, "mat", tmp_path / "out"), ".mat"), simplify_cells=True)["headway"]
    assert set(held) >= {"metrics", "steps", "curves", "waveforms"}
    assert len(held["metrics"]["metric"]) == len(result.to_frame())
    assert np.allclose(held["curves"]["joint_moment"], result.curves["joint_moment"], equal_nan=True)
    assert list(held["curves"]["joint"]) == list(result.curves["joint"].to_numpy())

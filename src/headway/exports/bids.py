"""Markers as BIDS-Motion (BIDS 1.9): the table of channels, what they are, and the events, for one runner."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from headway.analysis import Analysis
from headway.version import VERSION

BIDS = "1.9.0"
SYSTEM = "markers"
COMPONENTS = {"forward": "x", "up": "y", "right": "z"}
TASK = "running"


def bids_label(text: str) -> str:
    """A label of letters and digits, as BIDS asks.

    Examples
    --------
    >>> bids_label("RBDS 01, T35")
    'RBDS01T35'
    """
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum()) or "runner"


def write_bids(analysis: Analysis, stem: str, folder: Path) -> None:
    """Write a data set of one runner and one run.

    Parameters
    ----------
    analysis
        Of markers or a film.
    stem
        Where no subject is named, the label of the runner.
    folder
        Is the root of the data set.
    """
    curves = analysis.curves
    runner = bids_label(analysis.summary.recording.subject or stem)
    base = f"sub-{runner}_task-{TASK}"
    motion = folder / f"sub-{runner}" / "motion"
    motion.mkdir(parents=True)
    positions = curves["marker_position"]
    time = curves["time"].to_numpy()
    names = [str(name) for name in positions["marker"].to_numpy()]
    values = positions.to_numpy().reshape(len(time), -1)
    channels = [(f"{name}_{COMPONENTS[axis]}", COMPONENTS[axis], name) for name in names for axis in COMPONENTS]
    table = motion / f"{base}_tracksys-{SYSTEM}_motion.tsv"
    _table(table, None, (["n/a" if np.isnan(x) else f"{x:.6f}" for x in row] for row in values))
    rate = (len(time) - 1) / (time[-1] - time[0])
    about = {
        "TaskName": TASK,
        "SamplingFrequency": round(float(rate), 6),
        "TrackingSystemName": SYSTEM,
        "MotionChannelCount": len(channels),
        "POSChannelCount": len(channels),
        "TrackedPointsCount": len(names),
        "RecordingDuration": round(float(time[-1] - time[0]), 6),
        "SpatialAxes": "ASR",
        "MissingValues": "n/a",
        "SoftwareVersions": f"Headway {VERSION}",
    }
    _json(table.with_suffix(".json"), about)
    rows = [[name, component, "POS", marker, "m", f"{rate:.6f}", "global"] for name, component, marker in channels]
    head = ["name", "component", "type", "tracked_point", "units", "sampling_frequency", "reference_frame"]
    _table(motion / f"{base}_tracksys-{SYSTEM}_channels.tsv", head, rows)
    levels = {"global": {"SpatialAxes": "ASR", "RotationRule": "right-hand", "Description": "x forward, y up, z right"}}
    reference = {"reference_frame": {"Description": "axes of the positions", "Levels": levels}}
    _json(motion / f"{base}_tracksys-{SYSTEM}_channels.json", reference)
    _table(motion / f"{base}_events.tsv", ["onset", "duration", "trial_type"], _events(analysis, float(time[0])))
    contacts = {f"{side}_contact": f"the {side} foot on the ground" for side in ("left", "right")}
    _json(
        motion / f"{base}_events.json", {"trial_type": {"Description": "what lasts from the onset", "Levels": contacts}}
    )
    _root(analysis, runner, folder)


def _events(analysis: Analysis, start: float) -> list[list[str]]:
    steps = analysis.steps
    rows = []
    for side, first, last in zip(steps["side"], steps["initial_contact"], steps["toe_off"], strict=True):
        if np.isfinite(first) and np.isfinite(last):
            rows.append([f"{first - start:.6f}", f"{last - first:.6f}", f"{side}_contact"])
    return sorted(rows, key=lambda row: float(row[0]))


def _root(analysis: Analysis, runner: str, folder: Path) -> None:
    known = analysis.summary.runner
    made = {"Name": "Headway", "Version": VERSION}
    name = f"Running of {runner}"
    _json(
        folder / "dataset_description.json",
        {"Name": name, "BIDSVersion": BIDS, "DatasetType": "raw", "GeneratedBy": [made]},
    )
    given = [known.sex or "n/a", *("n/a" if x is None else f"{x:.4g}" for x in (known.height, known.mass))]
    _table(folder / "participants.tsv", ["participant_id", "sex", "height", "mass"], [[f"sub-{runner}", *given]])
    units = {"height": {"Units": "m"}, "mass": {"Units": "kg"}}
    _json(folder / "participants.json", units)
    text = "One run of one runner; axes x forward, y up, z right. Written by Headway.\n"
    (folder / "README").write_text(text, encoding="utf-8")


def _json(path: Path, data: Mapping[str, object]) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _table(path: Path, head: Sequence[str] | None, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        if head is not None:
            writer.writerow(head)
        writer.writerows(rows)

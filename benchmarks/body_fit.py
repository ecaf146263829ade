"""How well one body fits the recordings that carry one, and what pushes the head in them: the tables of docs/evidence/body.md.

python benchmarks/body_fit.py DATA
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.dynamics.ground_force import read
from headway.errors import HeadwayError
from headway.fit import problem
from headway.fit.fit_body import CUTOFF, fit_body
from headway.fit.run import FittedBody
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.recording import GRAVITY
from headway.sources.load import load_recording

HAMNER = "hamner2013/subject04/trials/{}/markers.trc"
RECORDINGS = {
    **{f"hamner 04 {run}": (HAMNER.format(run), 1.772) for run in ("run200", "run300", "run400", "run500")},
    "dorn JA1": ("dorn2012_ja1/JA1Gait21.c3d", 1.8),
    "running_0002": ("running_0002/Running_0002.c3d", None),
}
"""Path in the data and the runner's height, m."""
BARE = "hamner 04 run300"
"""The recording that is fitted without its plates too."""
SHARES = (0.05, 0.5, 1.0)
"""Shares of the stated error of an estimated force that are tried beside :data:`headway.fit.problem.ESTIMATE_SHARE`."""
BESIDE = {
    "hip_flexion": ("hip_flexion", 1.0),
    "knee_flexion": ("knee_angle", -1.0),
    "ankle_dorsiflexion": ("ankle_angle", 1.0),
}
"""Angle to its name and sign in OpenSim's inverse kinematics."""


def row(name: str, body: FittedBody) -> str:
    """One line of the table of fits."""
    f = body.found
    force = " / ".join(f"{value:.3f}" for value in f.force_rms)
    cells = (
        name, f"{f.strides} of {f.tried}", f"{1e3 * f.joint_rms:.1f}", f"{1e3 * f.marker_rms:.1f}", force, f"{f.violation:.0e}",
        f"{f.between:.3f}", f"{f.contact_law:.4f}", f"{1e3 * f.sole_depth:.0f}", f"{f.closure:.0e}", f"{f.seconds / f.tried:.0f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def pushes(name: str, body: FittedBody) -> list[str]:
    """Lines of the table of contributions: means under each idea of the ground."""
    point = "head" if body.found.head_seen else "neck_base"
    out = []
    for ground in ("pinned", "rolling", "compliant"):
        own = [one for one in body.found.grounds if one.ground == ground and one.pushed == point]
        cells = [f"{one.up:+.2f} / {one.forward:+.2f}" for one in own]
        out.append(f"| {name}, {point.replace('_', ' ')} | {ground} | {' | '.join(cells)} |")
    return out


def bare(data: Path) -> list[str]:
    """Force of a fit without plates against the plates, RMS in stance, with the weight of the estimated force and with other weights."""
    path, height = RECORDINGS[BARE]
    recording = load_recording(data / path)
    trial = prepare(recording, Runner(height), replace(Options(), cutoff=CUTOFF))[0]
    plates, mass = trial.plates, trial.runner.mass
    assert plates is not None and mass is not None
    out, set_to = [], problem.ESTIMATE_SHARE
    for share in dict.fromkeys((set_to, *SHARES)):
        problem.ESTIMATE_SHARE = share
        _forget()
        body = fit_body(replace(recording, ground_force=None), Runner(height, mass), workers=1)
        squares, count = np.zeros(3), 0
        for one in body.stretches:
            true = read(plates.time, plates.total, one.time) / (mass * GRAVITY)
            found = one.force.sum(1) / (mass * GRAVITY)
            loaded = true[:, 1] > 0.05
            squares, count = squares + ((found - true)[loaded] ** 2).sum(0), count + int(loaded.sum())
        error = " / ".join(f"{value:.3f}" for value in np.sqrt(squares / count))
        out.append(row(f"{BARE} without plates, share {share:g}", body) + f" {error} |")
    problem.ESTIMATE_SHARE = set_to
    return out


def angles(data: Path) -> list[str]:
    """Angles of the stance legs beside OpenSim's inverse kinematics of the same recording, degrees: RMS as it is, and free of an offset."""
    folder = data / "hamner2013" / "subject01"
    body = fit_body(folder / "run300.trc", options=Options(forces=folder / "run300_grf.mot"))
    lines = (folder / "run300_ik.mot").read_text().splitlines()
    start = lines.index("endheader")
    names, rows = lines[start + 1].split(), [line.split() for line in lines[start + 2 :] if line.strip()]
    table = np.array(rows, float)
    out = [row("hamner 01 run300", body)]
    for own, (theirs, sign) in BESIDE.items():
        for side in ("left", "right"):
            apart = []
            for one in body.stretches:
                angle = one.q[:, one.skeleton.names.index(f"{own}_{side}")]
                other = np.interp(one.time, table[:, 0], table[:, names.index(f"{theirs}_{side[0]}")])
                apart.append(np.degrees(angle - sign * other))
            every = np.concatenate(apart)
            out.append(f"| {own} | {side} | {np.sqrt((every**2).mean()):.1f} | {every.std():.1f} |")
    return out


def _forget() -> None:
    """Let no fit go on where an earlier one ended."""
    os.environ["HEADWAY_CACHE"] = tempfile.mkdtemp()


def main(data: Path) -> None:
    """Print all tables; nothing that was fitted on another day is gone on with."""
    _forget()
    lines = []
    for name, (path, height) in RECORDINGS.items():
        try:
            body = fit_body(data / path, Runner(height))
        except HeadwayError as fault:
            print(f"| {name} | {fault} |")
            continue
        print(row(name, body), flush=True)
        if body.stretches:
            lines += pushes(name, body)
    print("\n".join(["", "| ... | force against the plates, forward / up / right, BW |", *bare(data)]), flush=True)
    print("\n".join(["", *lines, "", *angles(data)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

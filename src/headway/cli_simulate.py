"""The command line for a runner simulated from physics."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


def simulate(
    *,
    speed: str | None = None,
    head: str = "free,braced,held",
    out: Path = Path("simulation-headway"),
    height: float | None = None,
    mass: float | None = None,
    sex: Literal["male", "female"] | None = None,
    lean: str | None = None,
    step_width: str | None = None,
    neck: str | None = None,
    recording: Annotated[Path | None, Parameter(name="--from")] = None,
    quick: Annotated[bool, Parameter(negative="")] = False,
    starts: int | None = None,
    mesh: int | None = None,
    workers: int | None = None,
    cache: bool = True,
    mjcf: Path | None = None,
    csv: bool = False,
    json: bool = False,
    quiet: bool = False,
    overwrite: bool = False,
) -> None:
    """Simulate a runner from physics: what mechanics alone predicts when the head is let go, braced or held (extra lab).

    Any one of --speed, --lean, --step-width and --neck may be a sweep, FROM:TO:STEP. Several conditions are compared at each of its values;
    a single condition is compared with itself at the first value.

    Parameters
    ----------
    speed
        Running speed, m/s, or a sweep such as 3:5:0.5.
    head
        Conditions of the head; the others are compared with the first: free, braced, held, stacked, hands_on_hips; braced+stacked combines two.
    out
        Folder for report.html, summary.json and one analysis folder per condition.
    height
        Runner's height, metres [default: 1.75].
    mass
        Runner's mass, kilograms [default: 70].
    sex
        Sex for the tables of segment masses; the mean of both otherwise.
    lean
        Mean trunk lean, degrees, positive forward; chosen by the simulation otherwise.
    step_width
        Lateral distance between the feet, metres; chosen by the simulation otherwise.
    neck
        Neck stiffness, N·m/rad (11 is relaxed, 59 braced).
    recording
        A runner's own recording; the simulation starts from it, with that body and speed.
    quick
        Use one cost function and one neck stiffness: seconds instead of minutes, but without a test of robustness.
    starts
        Number of cold starts of the first condition.
    mesh
        Number of spline intervals in a step.
    workers
        Number of processes; one per core otherwise.
    cache
        Keep solutions; with --quick, start from those of earlier runs.
    mjcf
        Write the simulated body (with --from, the recorded runner's) to this file as a MuJoCo model; on its own, nothing is simulated.
    csv
        Also write the tables as CSV.
    json
        Print summary.json and nothing else.
    quiet
        Print nothing.
    overwrite
        Replace an earlier simulation in the folder, and nothing else.
    """
    from headway.progress import live_line
    from headway.simulation.commands import simulate_command, simulate_lines, write_mjcf
    from headway.simulation.request import SimulationOptions

    asked = SimulationOptions(
        head, speed, lean, step_width, neck, height, mass, sex, recording, quick, starts, mesh, workers, cache
    )  # fmt: skip
    if mjcf is not None and speed is None and recording is None:
        write_mjcf(asked, mjcf, overwrite=overwrite)
        if not quiet:
            sys.stdout.write(f"Model: {mjcf}\n")
        return
    with live_line(quiet=quiet or json) as show:
        listener = None if show is None else lambda report: show(report.words)
        result = simulate_command(asked, out, csv=csv, overwrite=overwrite, model=mjcf, listener=listener)
    if json:
        sys.stdout.write((out / "summary.json").read_text(encoding="utf-8"))
    elif not quiet:
        sys.stdout.write("\n".join(simulate_lines(result, out)) + "\n")

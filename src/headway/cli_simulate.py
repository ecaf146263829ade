"""The command line for a runner simulated from physics."""

from __future__ import annotations

import sys
from dataclasses import field, fields, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_type_hints

from cyclopts import Parameter

from headway.simulation.options import SimulationOptions

NAMES = {"recording": "--from"}
"""Options that are called otherwise than their fields."""


def _parameters() -> type[SimulationOptions]:
    """The options with what the command line says of them."""
    hints = get_type_hints(SimulationOptions)
    columns = []
    for one in fields(SimulationOptions):
        negative = "" if one.name == "quick" else None
        parameter = Parameter(name=NAMES.get(one.name), help=one.metadata["help"], negative=negative)
        columns.append((one.name, Annotated[hints[one.name], parameter], field(default=one.default)))
    made = make_dataclass("SimulationOptions", columns, bases=(SimulationOptions,), frozen=True)
    made.__module__ = __name__  # else it passes for a type of the language, whose fields are not looked at
    return made


if TYPE_CHECKING:
    Declared = SimulationOptions
else:
    Declared = _parameters()
NOTHING = Declared()


def simulate(
    *,
    options: Annotated[Declared, Parameter(name="*")] = NOTHING,
    out: Path = Path("simulation-headway"),
    mjcf: Path | None = None,
    language: Literal["en", "de"] = "en",
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
    options
        What is to be simulated.
    out
        Folder for report.html, summary.json and one analysis folder per condition.
    mjcf
        Write the simulated body (with --from, the recorded runner's) to this file as a MuJoCo model; on its own, nothing is simulated.
    language
        Of the pages.
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

    if mjcf is not None and options.speed is None and options.recording is None:
        write_mjcf(options, mjcf, overwrite=overwrite)
        if not quiet:
            sys.stdout.write(f"Model: {mjcf}\n")
        return
    with live_line(quiet=quiet or json) as show:
        listener = None if show is None else lambda report: show(report.words)
        result = simulate_command(
            options, out, csv=csv, overwrite=overwrite, language=language, model=mjcf, listener=listener
        )
    if json:
        sys.stdout.write((out / "summary.json").read_text(encoding="utf-8"))
    elif not quiet:
        sys.stdout.write("\n".join(simulate_lines(result, out)) + "\n")

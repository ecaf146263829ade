"""The command line for several recordings: plan, run an experiment, compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from headway.cli_options import GivenOptions, parameters
from headway.experiments.plan_options import PlanOptions

if TYPE_CHECKING:
    OfA = OfB = GivenOptions
else:
    OfA = parameters("", "a-", group="The first recording (A)")
    OfB = parameters("b-", "reference-", group="The second recording (B)")
NOTHING_OF_A, NOTHING_OF_B, NO_WISHES = OfA(), OfB(), PlanOptions()


def experiment(
    protocol: Path,
    *,
    out: Path | None = None,
    language: Literal["en", "de"] = "en",
    overwrite: bool = False,
    quiet: bool = False,
) -> None:
    """Analyse an experiment from its protocol: whether it was carried out, what changed and how certain that is.

    Parameters
    ----------
    protocol
        The protocol (TOML); headway plan or headway new-protocol writes one.
    out
        Folder for report.html and the results [default: PROTOCOL-headway].
    language
        Of the report; evidence stays in English.
    overwrite
        Replace earlier results in the folder.
    quiet
        Print nothing.
    """
    from headway.experiments.commands import experiment_command, experiment_lines

    found, folder = experiment_command(protocol, out, language=language, overwrite=overwrite)
    if not quiet:
        sys.stdout.write("\n".join(experiment_lines(found, folder)) + "\n")


def plan(
    *,
    out: Path = Path("headway-plan"),
    asked: Annotated[PlanOptions, Parameter(name="*")] = NO_WISHES,
    overwrite: bool = False,
) -> None:
    """Plan an experiment: random order, printable card, cues, protocol, and the number of pairs it needs.

    Parameters
    ----------
    out
        Folder for the card and the protocol.
    overwrite
        Replace an earlier plan in the folder.
    """
    from headway.experiments.commands import plan_lines
    from headway.experiments.plan import make_plan

    schedule = make_plan(asked)
    sys.stdout.write("\n".join(plan_lines(schedule, schedule.save(out, overwrite=overwrite))) + "\n")


def new_protocol(path: Path = Path("protocol.toml"), *, overwrite: bool = False) -> None:
    """Write a commented protocol to fill in.

    Parameters
    ----------
    path
        File to write.
    overwrite
        Replace the file if it exists.
    """
    from headway.experiments.commands import new_protocol_command

    sys.stdout.write(f"{new_protocol_command(path, overwrite=overwrite)}\n")


def compare(
    a: Path,
    b: Path,
    *,
    out: Path | None = None,
    same_runner: Annotated[bool, Parameter(negative="")] = False,
    language: Literal["en", "de"] = "en",
    own: Annotated[OfA, Parameter(name="*")] = NOTHING_OF_A,
    reference: Annotated[OfB, Parameter(name="*")] = NOTHING_OF_B,
    quiet: bool = False,
    overwrite: bool = False,
) -> None:
    """Compare two recordings: two runners, or one runner before and after.

    Parameters
    ----------
    a
        A recording of any kind, or a folder written by headway analyze.
    b
        The other one, such as a reference runner's film.
    out
        Folder for compare.html and compare.json [default: A-and-B-headway].
    same_runner
        Both recordings are of the same runner, so nothing is normalised for size.
    language
        Of the page; evidence stays in English.
    quiet
        Print nothing.
    overwrite
        Replace an earlier comparison in the folder.
    """
    from headway.comparison.commands import compare_command, compare_lines
    from headway.progress import film_bar

    found, folder = compare_command(
        a,
        b,
        out,
        own=own.options,
        reference=reference.options,
        same_runner=same_runner,
        language=language,
        overwrite=overwrite,
        progress=lambda name: film_bar(name, quiet=quiet),
    )
    if not quiet:
        sys.stdout.write("\n".join(compare_lines(found, folder)) + "\n")

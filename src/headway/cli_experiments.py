"""The command line for several recordings: plan, run an experiment, compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from headway.cli_options import Said, parameters

if TYPE_CHECKING:
    OfA = OfB = Said
else:
    OfA = parameters("", "a-", group="The first recording (A)")
    OfB = parameters("b-", "reference-", group="The second recording (B)")
NOTHING_OF_A, NOTHING_OF_B = OfA(), OfB()


def experiment(protocol: Path, *, out: Path | None = None, overwrite: bool = False, quiet: bool = False) -> None:
    """Run an experiment from its protocol: was it done, what changed, and how sure that is.

    Parameters
    ----------
    protocol
        The protocol (TOML); headway plan or headway new-protocol writes one.
    out
        Folder for report.html and the results [default: PROTOCOL-headway].
    overwrite
        Replace earlier results in the folder.
    quiet
        Print nothing.
    """
    from headway.experiments.commands import experiment_command, experiment_lines

    found, folder = experiment_command(protocol, out, overwrite=overwrite)
    if not quiet:
        sys.stdout.write("\n".join(experiment_lines(found, folder)) + "\n")


def plan(
    *,
    out: Path = Path("headway-plan"),
    design: Literal["pairs", "free-held-free", "drill"] = "pairs",
    metric: str = "contact_time",
    change: float = 3.0,
    pairs: int | None = None,
    test: str = "held",
    sham: bool = False,
    seconds: float = 40.0,
    rest: float = 20.0,
    settle: float = 10.0,
    washout: float = 60.0,
    seed: int | None = None,
    free: list[Path] | None = None,
    overwrite: bool = False,
) -> None:
    """Plan an experiment: order drawn by coin, printable card, cues, protocol, and how many pairs it needs.

    Parameters
    ----------
    out
        Folder for the card and the protocol.
    design
        Randomised pairs, free-held-free, or the drill.
    metric
        The one primary outcome, declared beforehand.
    change
        Smallest change that matters, per cent.
    pairs
        How many; as many as the change needs otherwise.
    test
        Condition to be tested against free.
    sham
        Add a sham condition (hold the elbow angle).
    seconds
        Length of a block.
    rest
        Pause between blocks, s.
    settle
        Beginning of each block that is not analysed, s.
    seed
    washout
        Seconds of usual running before each block that are not analysed, settle among them: what the block before left behind wears off.
        Of the coin.
    free
        Folders that headway analyze wrote of your own free running.
    overwrite
        Replace an earlier plan in the folder.
    """
    from headway.experiments.commands import plan_command, plan_lines

    schedule, folder = plan_command(
        out,
        design=design,
        metric=metric,
        change=change,
        pairs=pairs,
        test=test,
        sham=sham,
        seconds=seconds,
        rest=rest,
        settle=settle,
        washout=washout,
        seed=seed,
        free=free,
        overwrite=overwrite,
    )
    sys.stdout.write("\n".join(plan_lines(schedule, folder)) + "\n")


def new_protocol(path: Path = Path("protocol.toml"), *, overwrite: bool = False) -> None:
    """Write a commented protocol to fill in.

    Parameters
    ----------
    path
        Where to.
    overwrite
        Replace the file.
    """
    from headway.experiments.commands import new_protocol_command

    sys.stdout.write(f"{new_protocol_command(path, overwrite=overwrite)}\n")


def compare(
    a: Path,
    b: Path,
    *,
    out: Path | None = None,
    same_runner: Annotated[bool, Parameter(negative="")] = False,
    own: Annotated[OfA, Parameter(name="*")] = NOTHING_OF_A,
    reference: Annotated[OfB, Parameter(name="*")] = NOTHING_OF_B,
    quiet: bool = False,
    overwrite: bool = False,
) -> None:
    """Compare two recordings: two runners, or one runner before and after.

    Parameters
    ----------
    a
        A recording of any kind, or a folder that headway analyze wrote.
    b
        The other one, such as a reference runner's film.
    out
        Folder for compare.html and compare.json [default: A-and-B-headway].
    same_runner
        Both show one runner: nothing is normalised by size.
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
        overwrite=overwrite,
        progress=lambda name: film_bar(name, quiet=quiet),
    )
    if not quiet:
        sys.stdout.write("\n".join(compare_lines(found, folder)) + "\n")

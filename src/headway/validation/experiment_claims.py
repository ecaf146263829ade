"""Claims about experiments and comparisons in which nothing changes."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from headway.analysis import analyze
from headway.comparison.comparison import compare
from headway.experiments.experiment import run
from headway.options import Options
from headway.sources import load_recording
from headway.validation.claim import Claim, ClaimFinding
from headway.validation.null_experiments import AFTER, WORLDS, allowed, alternating_changed, changed

EXPERIMENTS = 5000
DOCUMENT = "evidence/experiment.md"
THIRDS = (("free", 0.0, 9.9), ("sham", 10.0, 19.9), ("free", 20.0, 29.9))


def pairs_of_nothing(pairs: int, _: Path) -> ClaimFinding:
    """Greatest share of "changed" over drifts, curves, noises and after-effects, %."""
    shares = {world: changed(pairs, EXPERIMENTS, how) for world, how in {**WORLDS, **AFTER}.items()}
    shares |= {
        f"{world}, washed out": changed(pairs, EXPERIMENTS, how, washed_out=True) for world, how in WORLDS.items()
    }
    world = max(shares, key=shares.__getitem__)
    return ClaimFinding(value=100 * shares[world], n=EXPERIMENTS * len(shares), detail=f"most: {world}")


def alternations_of_nothing(_: Path) -> ClaimFinding:
    """Greatest share of "changed" among alternations of two to four held blocks, %."""
    shares = {
        (count, world): alternating_changed(count, EXPERIMENTS, how)
        for count in (2, 3, 4)
        for world, how in WORLDS.items()
    }
    count, world = max(shares, key=shares.__getitem__)
    return ClaimFinding(
        value=100 * shares[count, world], n=EXPERIMENTS * len(shares), detail=f"most: {count} held blocks, {world}"
    )


def power(_: Path) -> ClaimFinding:
    """Share of true changes of 3 % that six pairs find with washing out, %."""
    return ClaimFinding(value=100 * changed(6, EXPERIMENTS, washed_out=True, effect=0.03), n=EXPERIMENTS)


def _trials(data: Path) -> list[Path]:
    return sorted((data / "rbds").glob("RBDS*run*.c3d"))


def thirds(data: Path) -> ClaimFinding:
    """Number of trials of steady running whose thirds are called changed."""
    verdicts: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        protocol = Path(folder) / "protocol.toml"
        for path in _trials(data):
            blocks = [
                f"[[block]]\nrecording = '{path.resolve()}'\ncondition = '{name}'\nstart = {start}\nstop = {stop}\n"
                for name, start, stop in THIRDS
            ]
            protocol.write_text(
                '[design]\nkind = "free-held-free"\nprimary = "contact_time"\n' + "".join(blocks), encoding="utf-8"
            )
            verdicts.append(run(protocol).verdict)
    return ClaimFinding(value=float(sum(verdict == "changed" for verdict in verdicts)), n=len(verdicts))


def halves(data: Path) -> ClaimFinding:
    """Share of the intervals of differences between the halves of a trial that hold zero, %."""
    count = held = 0
    called: list[str] = []
    for path in _trials(data):
        recording = load_recording(path)
        one, two = (analyze(recording, None, options) for options in (Options(stop=14.9), Options(start=15.0)))
        rows = compare(one, two, same_runner=True).summary.rows
        intervals = [row.ci95 for row in rows if row.ci95 is not None]
        count += len(intervals)
        held += sum(low <= 0 <= high for low, high in intervals)
        called += [f"{row.name} of {path.stem}" for row in rows if row.verdict == "differs"]
    detail = f"called different: {', '.join(called) if called else 'none'}"
    return ClaimFinding(value=100 * held / count, n=count, detail=detail)


CLAIMS = (
    *(
        Claim(
            f"null_{pairs}_pairs",
            f"Of experiments of {pairs} pairs in which nothing changes at most 5 % are called changed.",
            DOCUMENT,
            "%",
            (None, 100 * allowed(EXPERIMENTS)),
            partial(pairs_of_nothing, pairs),
        )
        for pairs in (6, 12, 18)
    ),
    Claim(
        "null_alternations",
        "Of alternations of two to four held blocks in which nothing changes at most 5 % are called changed.",
        DOCUMENT,
        "%",
        (None, 5.0),
        alternations_of_nothing,
    ),
    Claim(
        "power_6_pairs",
        "Six pairs with washing out find a true change of three times a block's noise.",
        DOCUMENT,
        "%",
        (85.0, None),
        power,
    ),
    Claim(
        "null_thirds",
        "Of the thirds of treadmill trials in which nothing was changed none is called changed.",
        DOCUMENT,
        "",
        (None, 0.0),
        thirds,
        folders=("rbds",),
    ),
    Claim(
        "null_halves",
        "Differences between the halves of one trial have intervals that hold zero.",
        "methods/compare.md, What was checked",
        "%",
        (90.0, None),
        halves,
        folders=("rbds",),
    ),
)

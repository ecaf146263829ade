"""The command line for one run: markers, films or sensors in, one analysis out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from headway.cli_options import GivenOptions, parameters
from headway.errors import HeadwayError, OptionError

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.door import ShowProgress
    from headway.norms import Norms
    from headway.options import Options

    Given = GivenOptions
else:
    Given = parameters("")
NOTHING = Given()


def analyze(
    recordings: Annotated[
        list[Path],
        Parameter(
            help="A recording of any kind listed by headway formats (a TRC may be followed by its ground forces as MOT or STO); "
            "one film, or two (from the side and from behind); or the files of the sensors worn on one run (head=FILE says where a sensor was worn)."
        ),
    ],
    *,
    out: Path | None = None,
    given: Annotated[Given, Parameter(name="*")] = NOTHING,
    all_bouts: Annotated[bool, Parameter(negative="")] = False,
    norms: str | None = None,
    language: Annotated[Literal["en", "de"], Parameter(group="Recording")] = "en",
    no_film: Annotated[bool, Parameter(negative="", group="Films")] = False,
    blur_face: Annotated[bool, Parameter(negative="", group="Films")] = False,
    all_shots: Annotated[bool, Parameter(negative="", group="Films")] = False,
    csv: bool = False,
    json: bool = False,
    every: Annotated[bool, Parameter(name="--all", negative="")] = False,
    quiet: bool = False,
    overwrite: bool = False,
) -> None:
    """Analyse one recording of a runner, or two films of one run.

    Parameters
    ----------
    out
        Folder for report.html, summary.json, steps.parquet and waveforms.nc [default: RECORDING-headway].
    all_bouts
        Analyse every steady run of the recording by itself, each into a folder run-1, run-2, ... of the output folder.
    norms
        File of norms among which to place the runner; rbds comes with Headway.
    language
        Of report and card; definitions and evidence stay in English.
    no_film
        Leave the film out of the report.
    blur_face
        Blur the runner's head in the report's film.
    all_shots
        Analyse every shot of a film that was cut by itself, each into a folder shot-1, shot-2, ... of the output folder.
    csv
        Also write steps.csv.
    json
        Print summary.json and nothing else.
    every
        Print the main numbers too.
    quiet
        Print nothing.
    overwrite
        Replace an earlier analysis in the folder.
    """
    from headway.progress import film_bar

    target = out if out is not None else Path(f"{recordings[0].stem}-headway")
    show = partial(film_bar, quiet=quiet or json)
    kept = {"csv": csv, "every": every, "quiet": quiet, "overwrite": overwrite}
    shown = {"no_film": no_film, "blur_face": blur_face, "language": language, "json": json}
    one = partial(_analyze_one, recordings, show=show, norms=norms, **shown, **kept)
    if all_shots:
        _each("shot", _shots(recordings, given.options, show, one), target)
    elif all_bouts:
        if norms is not None or json:
            raise OptionError("--all-bouts", "goes without --norms and --json", "leave it out")
        _each("run", _runs(recordings, given.options, **kept), target)
    else:
        one(target, given.options)


def _each(word: str, parts: dict[int, Callable[[Path], None]], target: Path) -> None:
    """Analyse every part of a recording into a folder of its own; one that cannot be used is told in a line."""
    faults: list[HeadwayError] = []
    for number, into in parts.items():
        try:
            into(target / f"{word}-{number}")
        except HeadwayError as fault:
            faults.append(fault)
            sys.stderr.write(f"headway: {word} {number}: {fault}\n")
    if faults and len(faults) == len(parts):
        raise faults[0]


def _shots(
    recordings: list[Path], options: Options, show: ShowProgress, one: Callable[[Path, Options], None]
) -> dict[int, Callable[[Path], None]]:
    """What analyses each shot of a film."""
    from headway.door import shots_of

    if len(recordings) > 1 or options.shot is not None:
        raise OptionError("--all-shots", "is for one film and all of its shots", "leave out the other film or --shot")
    chosen = {number: replace(options, shot=number) for number in shots_of(recordings[0], options, show)}
    return {number: partial(_to, one, shot) for number, shot in chosen.items()}


def _to(one: Callable[[Path, Options], None], options: Options, folder: Path) -> None:
    one(folder, options)


def _runs(
    recordings: list[Path], options: Options, *, csv: bool, every: bool, quiet: bool, overwrite: bool
) -> dict[int, Callable[[Path], None]]:
    """What keeps the analysis of each steady run."""
    from headway.door import each_run
    from headway.messages import show_analysis

    if len(recordings) > 1:
        raise OptionError("--all-bouts", "goes with one recording", "leave it out")

    def keep(found: Analysis | HeadwayError, folder: Path) -> None:
        if isinstance(found, HeadwayError):
            raise found
        kept = found.save(folder, csv=csv, overwrite=overwrite)
        if not quiet:
            show_analysis(found, kept, every=every)

    return {number: partial(keep, found) for number, found in each_run(recordings[0], options).items()}


def _analyze_one(
    recordings: list[Path],
    target: Path,
    options: Options,
    *,
    show: ShowProgress,
    norms: str | None,
    no_film: bool,
    blur_face: bool,
    language: str,
    csv: bool,
    json: bool,
    every: bool,
    quiet: bool,
    overwrite: bool,
) -> None:
    """Analyse into one folder."""
    from headway.door import measured
    from headway.folder import claimed
    from headway.messages import show_analysis
    from headway.progress import live_line

    with claimed(target, overwrite=overwrite, files=("summary.json", "report.html")):
        known = None if norms is None else _norms(norms)
        with live_line(quiet=quiet or json or not options.body) as told:
            result = measured(recordings, options, progress=show, fitting=told)
        if known is not None:
            from headway.norms import against

            result = against(result, known)
        from headway.report.film_layers import film_layers

        layers = () if no_film else film_layers(result, options, blur_face=blur_face)
        result.save(target, csv=csv, overwrite=overwrite, film=layers, language=language)
    if json:
        sys.stdout.write((target / "summary.json").read_text(encoding="utf-8"))
    elif not quiet:
        show_analysis(result, target, every=every)


def _norms(which: str) -> Norms:
    from headway.norms import load_norms

    return load_norms(which)

"""The command line for one run: markers, films or sensors in, one analysis out."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from headway.cli_options import Said, parameters

if TYPE_CHECKING:
    Given = Said
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
    no_film: Annotated[bool, Parameter(negative="", group="Films")] = False,
    blur_face: Annotated[bool, Parameter(negative="", group="Films")] = False,
    csv: bool = False,
    json: bool = False,
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
    no_film
        Leave the film out of the report.
    blur_face
        Blur the runner's head in the report's film.
    csv
        Also write steps.csv.
    json
        Print summary.json and nothing else.
    quiet
        Print nothing.
    overwrite
        Replace an earlier analysis in the folder.
    """
    from headway.door import each_run, measured
    from headway.errors import HeadwayError, OptionError
    from headway.folder import check_target
    from headway.messages import show_analysis
    from headway.progress import film_bar

    target = out if out is not None else Path(f"{recordings[0].stem}-headway")
    check_target(target, overwrite=overwrite)
    options = given.options
    if all_bouts:
        if len(recordings) > 1 or norms is not None or json:
            raise OptionError("--all-bouts", "goes with one recording, without --norms or --json", "leave it out")
        for number, one in each_run(recordings[0], options).items():
            if isinstance(one, HeadwayError):
                sys.stderr.write(f"headway: run {number}: {one}\n")
                continue
            folder = one.save(target / f"run-{number}", csv=csv, overwrite=overwrite)
            if not quiet:
                show_analysis(one, folder)
        return
    result = measured(recordings, options, progress=partial(film_bar, quiet=quiet or json))
    if norms is not None:
        from headway.norms import against, load_norms

        result = against(result, load_norms(norms))
    from headway.report.film_layers import film_layers

    layers = () if no_film else film_layers(result, options, blur_face=blur_face)
    result.save(target, csv=csv, overwrite=overwrite, film=layers)
    if json:
        sys.stdout.write((target / "summary.json").read_text(encoding="utf-8"))
    elif not quiet:
        show_analysis(result, target)

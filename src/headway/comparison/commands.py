"""What the command line calls: thin functions that return what is to be said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import OptionError
from headway.options import Options
from headway.texts import ENGLISH

if TYPE_CHECKING:
    from headway.comparison.comparison import Comparison
    from headway.door import ShowProgress

MOST = 6


def compare_command(
    a: Path,
    b: Path,
    out: Path | None = None,
    *,
    own: Options | None = None,
    reference: Options | None = None,
    same_runner: bool = False,
    language: str = ENGLISH,
    overwrite: bool = False,
    progress: ShowProgress | None = None,
) -> tuple[Comparison, Path]:
    """Compare two recordings, or folders that ``headway analyze`` wrote, and save result and page; returns it with its folder."""
    from headway.analysis.thresholds import raised
    from headway.comparison.comparison import compare
    from headway.door import measured, silent
    from headway.folder import claimed

    target = out if out is not None else Path(f"{a.stem}-and-{b.stem}-headway")
    one, two = own or Options(), reference or Options()
    for path, source in ((a, "the first recording"), (b, "the second recording")):
        if target.resolve() == path.resolve():
            raise OptionError("--out", f"{target} is {source}", "name another folder")
    with claimed(target, overwrite=overwrite, files=("compare.json", "compare.html", "waveforms.nc")):
        show = progress or silent
        first = measured(a, one, progress=show)
        if same_runner and not (b / "summary.json").is_file():
            two = two.like(one)
        second = measured(b, two, prefix="b-", progress=show)
        for k, threshold in raised((first, second)).items():
            path, options = ((a, one), (b, two))[k]
            if options.threshold is None and not (path / "summary.json").is_file():
                again = measured(path, replace(options, threshold=threshold), progress=show)
                first, second = (again, second) if k == 0 else (first, again)
        found = compare(first, second, same_runner=same_runner)
        found.save(target, overwrite=overwrite, language=language)
    return found, target


def compare_lines(found: Comparison, folder: Path) -> list[str]:
    """Speeds first, then what differs, what one lacks, warnings, and where the page is."""
    from headway.report.compare import findings, nothing_words, speed_words

    summary = found.summary
    lines = list(speed_words(summary))
    differing = [f"{one.title}: {one.text}" for one in findings(summary)]
    lines += differing[:MOST] or [f"{nothing_words(summary)}."]
    if len(differing) > MOST:
        lines.append(f"and {len(differing) - MOST} more")
    for who, label in (("a", summary.a.label), ("b", summary.b.label)):
        count = sum(len(group.names) for group in summary.lacking if group.who == who)
        if count:
            lines.append(f"{label} does not carry {count} measures that the other does (reasons in the page)")
    lines += [f"warning: {flag.message}" for flag in summary.remarks if flag.level == "warning"]
    return [*lines, f"Page: {folder / 'compare.html'}"]

"""Compare Headway without force plates with the plates, on every recording that has both, and write ``docs/evidence/without-plates.md``.

``python benchmarks/validation.py ../shared/data`` needs the folders ``rbds``, ``rbds_more`` (Fukuchi 2017),
``hamner2013``, ``dorn2012_ja1`` and ``running_0002``.
Every runner of Fukuchi 2017 is judged by models fitted without that runner; the other laboratories' recordings were never used for fitting.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import fill
from time import perf_counter

import numpy as np

from fit_motion_models import OUT, SOURCE, VERSION, EventModels, ForceModels, fit
from headway.body.channels import body_channels
from headway.dynamics.estimated_force import estimated_force
from headway.gait.event_model import LOWEST
from headway.gait.marker_events import marker_contacts
from headway.metrics import REGISTRY
from headway.metrics.registry import LEAST_CORRELATION
from headway.recording import FloatArray, Recording
from motion_training import Case, rbds_cases, read_case, resampled, without
from validation_measures import BASELINES, Trial, compare
from validation_notes import notes
from validation_plot import Panel, picture

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = 118
"""Longest line of prose in the documents."""
SPEEDS = {"T25": "2.5 m/s", "T35": "3.5 m/s", "T45": "4.5 m/s"}
Models = dict[str | None, tuple[EventModels, ForceModels]]
FOOT_ONLY = ("thigh", "shank", "foot", "heel_lateral")
SUBSETS: dict[str, Callable[[Recording], Recording]] = {
    "as recorded (150 or 300 Hz, heel, MT1, MT5, clusters)": lambda recording: recording,
    "100 Hz": lambda recording: resampled(recording, 100.0),
    "50 Hz": lambda recording: resampled(recording, 50.0),
    "heel, MT1 and pelvis only": lambda recording: without(recording, (*FOOT_ONLY, "mt5")),
    "heel and pelvis only": lambda recording: without(recording, (*FOOT_ONLY, "mt")),
    "ASIS and clusters, MT5, no heel": lambda recording: without(recording, ("psis", "mt1", "heel")),
}


def others(folder: Path) -> Iterator[Case]:
    """Recordings of other laboratories."""
    hamner = folder / "hamner2013"
    for path in sorted((hamner / "subject04" / "trials").glob("*/markers.trc")):
        yield read_case(path, "hamner 04", f"Hamner 04, {path.parent.name[3]} m/s")
    for path in sorted((hamner / "subject01").glob("*.trc")):
        yield read_case(path, "hamner 01", f"Hamner 01, {path.stem[3]} m/s")
    yield read_case(folder / "dorn2012_ja1" / "JA1Gait21.c3d", "dorn", "Dorn JA1, 3.5 m/s overground")


def judge(case: Case, models: tuple[EventModels, ForceModels], recording: Recording, published: bool = False) -> Trial:
    """Compare one case, as recorded or changed, by given models."""
    return compare(case.name, recording, case.force, case.contacts, case.mass, models, published)


def spread(values: FloatArray, digits: int = 3) -> str:
    """Median, 90th percentile and worst."""
    return " | ".join(f"{value:.{digits}f}" for value in (np.median(values), np.percentile(values, 90), np.max(values)))


def rms(values: FloatArray) -> float:
    """Root mean square of what is there."""
    return float(np.sqrt(np.nanmean(values**2)))


def event_row(name: str, errors: FloatArray) -> str:
    """Bias and RMSE of initial contact, toe-off and contact time, ms."""
    errors = 1000 * errors
    duration = errors[:, 1] - errors[:, 0]
    cells = [f"{np.nanmean(column):+.1f} / {rms(column):.1f}" for column in (errors[:, 0], errors[:, 1], duration)]
    return f"| {name} | {' | '.join(cells)} |"


def events_section(trials: dict[str, Trial]) -> list[str]:
    """Events against the plates and against published methods."""
    head = ["| | initial contact | toe-off | contact time |", "|---|---|---|---|"]
    lines = ["## Events", "", "Bias / RMSE in ms over all steps; plate threshold 50 N.", "", *head]
    for code, speed in SPEEDS.items():
        lines.append(event_row(speed, np.concatenate([one.events for name, one in trials.items() if code in name])))
    every = list(trials.values())
    lines.append(event_row("**all speeds**", np.concatenate([one.events for one in every])))
    for method in every[0].other_events:
        lines.append(event_row(f"{method}, same steps", np.concatenate([one.other_events[method] for one in every])))
    worst = max(every, key=lambda one: max(rms(one.events[:, 0]), rms(one.events[:, 1])))
    lines += [event_row(f"worst trial ({worst.name})", worst.events), ""]
    steps, found = sum(one.steps for one in every), sum(one.found for one in every)
    wrong, extra = sum(one.wrong for one in every), sum(one.extra for one in every)
    text = f"{found} of {steps} plate contacts found with the right foot ({100 * found / steps:.2f} %), {wrong} with the wrong one; "
    return [*lines, text + f"{extra} contacts that the plate did not see.", ""]


def force_section(trials: dict[str, Trial]) -> list[str]:
    """Force against the plates and against published methods."""
    lines = [
        "## Ground force",
        "",
        "RMSE over stance in body weights, per trial: median | 90th percentile | worst.",
        "",
    ]
    lines += ["| upward force | median | 90 % | worst |", "|---|---|---|---|"]
    for code, speed in SPEEDS.items():
        chosen = [one for name, one in trials.items() if code in name]
        lines.append(f"| **Headway**, {speed} | {spread(np.array([one.rmse[1] for one in chosen]))} |")
        for method in BASELINES:
            lines.append(f"| {method}, {speed} | {spread(np.array([rms(one.baselines[method]) for one in chosen]))} |")
    lines += ["", "| Headway | median | 90 % | worst |", "|---|---|---|---|"]
    for component, name in ((0, "forward"), (2, "sideways")):
        for code, speed in SPEEDS.items():
            values = np.array([one.rmse[component] for key, one in trials.items() if code in key])
            lines.append(f"| {name}, {speed} | {spread(values)} |")
        lines.append(f"| {name}, all | {spread(np.array([one.rmse[component] for one in trials.values()]))} |")
    peaks = np.array([np.nanmedian(np.abs(one.peak)) for one in trials.values()])
    lines.append(f"| active peak, absolute, per trial's median step | {spread(peaks)} |")
    return [*lines, ""]


def interval_section(cases: dict[str, Case], trials: dict[str, Trial]) -> list[str]:
    """Share of plate values inside the stated 95 % intervals, by runner."""
    runners = sorted({case.runner for case in cases.values()})
    lines = ["## Stated intervals", "", "Share of the plate's values inside the stated 95 % intervals.", ""]
    lines += ["| runner | initial contact | toe-off | forward | up | sideways |", "|---|---|---|---|---|---|"]
    rows = []
    for runner in runners:
        mine = [trials[name] for name, case in cases.items() if case.runner == runner]
        event = np.mean(np.concatenate([np.abs(one.events) < 1.96 * one.stated for one in mine]), axis=0)
        ratio = np.concatenate([np.abs(one.error) / one.expected for one in mine if one.expected.size])
        inside = np.mean(ratio[np.isfinite(ratio).all(1)] < 1.96, axis=0)
        rows.append([*event, *inside])
        lines.append(f"| {runner} | {' | '.join(f'{100 * value:.0f} %' for value in rows[-1])} |")
    lines.append(f"| **all** | {' | '.join(f'{100 * value:.0f} %' for value in np.mean(rows, axis=0))} |")
    return [*lines, ""]


def heel_over_toes(case: Case) -> float:
    """Height of the heel over its lowest less that of the forefoot over its, at the contacts that motion finds, m: negative in a rearfoot strike."""
    body = body_channels(case.recording)
    landed = []
    for contact in marker_contacts(case.recording).kept:
        heights = [body.position[f"{point}_{contact.side}"][:, 1] for point in ("heel", "fore")]
        raised = [np.interp(contact.initial_contact, body.time, one - np.nanpercentile(one, LOWEST)) for one in heights]
        landed.append(raised[0] - raised[1])
    return float(np.nanmean(landed))


def strikes(folder: Path) -> dict[str, str]:
    """Foot strike of every trial as its authors saw it: that of both feet, or ``mixed``."""
    with (folder / "rbds" / "participantInfo.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["FileName"]: row for row in csv.DictReader(file)}
    out = {}
    for code in SPEEDS:
        for file_name, row in rows.items():
            if file_name.endswith("static.c3d"):
                seen = {row[f"{side}FSI{code[1:]}"] for side in "RL"}
                name = file_name.replace("static.c3d", f"run{code}")
                out[name] = seen.pop().lower() if len(seen) == 1 else "mixed"
    return out


def strike_section(cases: dict[str, Case], trials: dict[str, Trial], folder: Path) -> list[str]:
    """Rearfoot, midfoot and forefoot runners apart."""
    seen = strikes(folder)
    lines = [
        "## Foot strikes",
        "",
        "Foot strike as the authors of the recordings saw it (mixed: another one left than right).",
        "From motion it is told by how much higher heel than forefoot are over their lowest at landing; "
        "these heights are read by the model of initial contact.",
        "Events: bias / RMSE in ms; upward force: median and worst RMSE over stance in body weights.",
        "",
        "| strike | trials | heel over forefoot, mm | initial contact | toe-off | contact time | up, median | worst |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for strike in ("rearfoot", "midfoot", "forefoot", "mixed"):
        mine = [one for name, one in trials.items() if seen[name] == strike]
        if not mine:
            continue
        high = 1000 * np.array([heel_over_toes(cases[one.name]) for one in mine])
        size = np.array([one.rmse[1] for one in mine])
        row = event_row(
            f"{strike} | {len(mine)} | {high.mean():+.0f} ± {high.std():.0f}",
            np.concatenate([one.events for one in mine]),
        )
        lines.append(f"{row} {np.median(size):.3f} | {size.max():.3f} |")
    return [*lines, ""]


def other_section(folder: Path) -> list[str]:
    """Other laboratories, other marker sets."""
    lines = [
        "## Other laboratories",
        "",
        "Never used for fitting. Events: bias ± SD in ms; forces: RMSE over stance in body weights.",
        "",
    ]
    lines += [
        "| | steps found | initial contact | toe-off | up | forward | sideways | up, inside the interval |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in others(folder):
        trial = compare(case.name, case.recording, case.force, case.contacts, case.mass, published=False)
        cells = [f"{1000 * np.mean(column):+.1f} ± {1000 * np.std(column):.1f}" for column in trial.events.T]
        size, ratio = trial.rmse, np.abs(trial.error[:, 1]) / trial.expected[:, 1]
        inside = np.mean(ratio[np.isfinite(ratio)] < 1.96)
        forces = f"{size[1]:.3f} | {size[0]:.3f} | {size[2]:.3f} | {100 * inside:.0f} %"
        lines.append(f"| {case.name} | {trial.found} of {trial.steps} | {' | '.join(cells)} | {forces} |")
    return [*lines, ""]


def subset_section(cases: dict[str, Case], models: Models) -> list[str]:
    """Fewer markers and lower rates, runners left out."""
    lines = [
        "## Fewer markers and lower rates",
        "",
        "Runners left out, all speeds; events: bias / RMSE in ms, up: median RMSE in body weights.",
        "",
    ]
    lines += ["| | initial contact | toe-off | contact time | up | steps found |", "|---|---|---|---|---|---|"]
    for name, change in SUBSETS.items():
        trials = [judge(case, models[case.runner], change(case.recording)) for case in cases.values()]
        row = event_row(name, np.concatenate([one.events for one in trials]))
        found = sum(one.found for one in trials) / sum(one.steps for one in trials)
        lines.append(f"{row} {np.median([one.rmse[1] for one in trials]):.3f} | {100 * found:.1f} % |")
    return [*lines, ""]


def metric_section() -> list[str]:
    """Every metric: error for a new runner, and whether motion tells runners apart."""
    rows = json.loads((OUT / "metric_errors.json").read_text(encoding="utf-8"))["metrics"]
    lines = [
        "## Metrics",
        "",
        "Each trial of a runner left out, with the plate and without it.",
        "Error: 1.96 of it hold 95 % of new runners (Student's t for as many runners as there are).",
        "Held: share of trials within it when it comes from the other runners.",
        f"Correlation: of both values between runners at equal speed; below {LEAST_CORRELATION} a metric is not measurable without plates.",
        "",
        "| metric | unit | error | correlation | held |",
        "|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        cells = f"{row['error']:.2g} | {row['correlation']:.2f} | {100 * row['held']:.0f} %"
        lines.append(f"| `{name}` | {REGISTRY[name].unit} | {cells} |")
    return [*lines, ""]


def pictures(trials: dict[str, Trial]) -> list[str]:
    """Best, median and worst trial as SVG files."""
    ranked = sorted(trials.values(), key=lambda one: one.rmse[1])
    chosen = {"best": ranked[0], "median": ranked[len(ranked) // 2], "worst": ranked[-1]}
    lines = [
        "## Best, median and worst trial",
        "",
        "Mean and standard deviation over steps; ranked by the upward force.",
        "",
    ]
    for axis, name, low, high in ((1, "up", 0.0, 3.0), (0, "forward", -0.6, 0.6)):
        panels = [
            Panel(
                f"{rank}: {one.name}, RMSE {one.rmse[axis]:.3f} BW",
                {
                    label: (curves[..., axis].mean(0), curves[..., axis].std(0))
                    for label, curves in zip(("plate", "estimate"), one.curves, strict=True)
                },
                low,
                high,
            )
            for rank, one in chosen.items()
        ]
        file = DOCS / "pictures" / f"validation_{name}.svg"
        file.write_text(picture(panels, "stance 0 to 100 %, force in body weights"), encoding="utf-8")
        lines += [f"![{name}, best, median and worst trial](../pictures/{file.name})", ""]
    return lines


def time_section(case: Case) -> list[str]:
    """How long it takes."""
    started = perf_counter()
    contacts = marker_contacts(case.recording)
    between = perf_counter()
    estimated_force(case.recording, contacts, case.mass)
    ended = perf_counter()
    length = case.recording.duration
    text = f"{length:.0f} s of {case.recording.rate:.0f} Hz: events {between - started:.2f} s, force {ended - between:.2f} s on one core."
    return ["## Time", "", text, ""]


def main(folder: Path) -> None:
    """Fit without each runner, compare, write."""
    models = fit(folder)
    cases = {case.name: case for case in rbds_cases(folder)}
    trials = {name: judge(case, models[case.runner], case.recording, published=True) for name, case in cases.items()}
    steps = sum(one.steps for one in trials.values())
    intro = [
        "# Events and ground force without force plates: validation",
        "",
        f"Written by `python benchmarks/validation.py DATA`. Models version {VERSION}, fitted to {SOURCE}.",
        "Here every runner is judged by models that were fitted without that runner, from markers alone, against the plate "
        f"(low-passed at 50 Hz, stance only): {len(trials)} trials, {steps} steps, pelvis and legs marked.",
        "Published methods run on the same frames; those for the force get Headway's events and the low-pass that suits them best (5 Hz). "
        "Komaris 2020 report 0.10, 0.13 and 0.18 BW for their weights on 28 runners of the same data.",
        "",
    ]
    sections = [
        *intro,
        *events_section(trials),
        *force_section(trials),
        *interval_section(cases, trials),
        *strike_section(cases, trials, folder),
        *metric_section(),
        *pictures(trials),
        *other_section(folder),
        *notes(cases.values(), others(folder)),
        *subset_section(cases, models),
        *time_section(next(iter(cases.values()))),
    ]
    (DOCS / "evidence" / "without-plates.md").write_text(
        "\n".join(map(wrapped, "\n".join(sections).rstrip().split("\n"))) + "\n", encoding="utf-8"
    )


def wrapped(line: str) -> str:
    """Fold a line of Markdown prose at :data:`WIDTH`; rows of tables and headings stay as they are."""
    if len(line) <= WIDTH or line.startswith(("|", "#", "!")):
        return line
    indent = "  " if line.startswith("- ") else ""
    return fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

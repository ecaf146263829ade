"""Contact time, cadence and duty factor over speed in a study of real runners, beside what was published: a table and a picture.

Run as ``python benchmarks/study_relations.py DATA docs/pictures/study_relations.svg`` with the folder that holds ``rbds`` and ``hamner2013``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.recording import FloatArray
from headway.study import Study, StudyOptions, run_study
from headway.study.relations import StudySlope, within_slope
from relations_plot import Cloud, Line, Panel, picture

SPEEDS = np.linspace(2.5, 4.5, 21)
MIDDLE = 3.5


def van_oeveren(speed: FloatArray) -> FloatArray:
    """Cadence, steps/min: twice the strides of 256 runners' watches, 1.64 to 4.68 m/s (van Oeveren et al. 2019)."""
    return 2 * (75.01 + 3.006 * speed)


def weyand_davis(speed: FloatArray) -> FloatArray:
    """Duty factor from the mean vertical force over contact, 1.27 + 0.105 v body weights in 9 men (Weyand and Davis 2005, fig. 1).

    Over a step the ground carries body weight, so mean force times contact time is body weight times step time, and contact time over stride
    time is 1 / (2 mean force).
    """
    return 1 / (2 * (1.27 + 0.105 * speed))


def both(speed: FloatArray) -> FloatArray:
    """Contact time, s, that follows from the two: duty factor times stride time."""
    return weyand_davis(speed) * 120 / van_oeveren(speed)


@dataclass(frozen=True)
class Relation:
    """One metric: how it is shown, and the published relation."""

    metric: str
    title: str
    factor: float
    decimals: int
    ends: tuple[float, float]
    published: Callable[[FloatArray], FloatArray]
    source: str


RELATIONS = (
    Relation("contact_time", "Contact time, ms", 1e3, 0, (150, 400), both, "follows from the two others"),
    Relation("cadence", "Cadence, steps/min", 1.0, 1, (140, 220), van_oeveren, "van Oeveren et al. 2019"),
    Relation("duty_factor", "Duty factor", 1.0, 3, (0.25, 0.45), weyand_davis, "from force, Weyand and Davis 2005"),
)


def studied(data: Path, scratch: Path) -> Study:
    """The study of both laboratories."""
    rows = [
        f"{path.absolute()},{path.name.split('run')[0]},rbds,{float(path.stem[-2:]) / 10:g}"
        for path in sorted((data / "rbds").glob("*run*.c3d"))
    ]
    other = (data / "hamner2013" / "subject04").rglob("run*/markers.trc")
    rows += [f"{path.absolute()},hamner04,hamner," for path in sorted(other)]
    manifest = scratch / "runners.csv"
    manifest.write_text("path,runner,condition,speed\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return Study.load(run_study(manifest, scratch / "study", StudyOptions(workers=2)))


def slope_of(relation: Relation, line: Callable[[FloatArray], FloatArray]) -> float:
    """Slope of a published relation over the speeds, as a straight line through it has it."""
    return float(np.polyfit(SPEEDS, line(SPEEDS) * relation.factor, 1)[0])


def panel(
    relation: Relation, values: dict[str, FloatArray], runners: list[str], found: StudySlope, other: FloatArray
) -> Panel:
    """Points joined within runners, our line with its 95 % band, the published line, the other laboratory's runner."""
    level = float(np.mean(values["value"]) - found.slope * np.mean(values["speed"])) * relation.factor
    ours = level + found.slope * relation.factor * SPEEDS
    lean = (SPEEDS - float(np.mean(values["speed"]))) * relation.factor
    band = tuple(ours + (end - found.slope) * lean for end in found.ci95)
    theirs = relation.published(SPEEDS) * relation.factor
    own = [
        Cloud(values["speed"][mask], values["value"][mask] * relation.factor, "grey")
        for name in sorted(set(runners))
        if (mask := np.array(runners) == name).any()
    ]
    own.append(Cloud(other[0], other[1] * relation.factor, "hollow"))
    lines = [Line(SPEEDS, ours, "ours", band), Line(SPEEDS, theirs, "theirs", None)]
    return Panel(relation.title, relation.ends, own, lines, f"published: {relation.source}")


def main(data: Path, target: Path) -> None:
    """Run the study, tell the slopes, draw."""
    with tempfile.TemporaryDirectory() as scratch:
        study = studied(data, Path(scratch))
    panels = []
    for relation in RELATIONS:
        table = study.values(relation.metric)
        ours, other = (table[table["condition"] == name].sort_values("speed") for name in ("rbds", "hamner"))
        found = within_slope(ours)
        assert found is not None
        low, high = (end * relation.factor for end in found.ci95)
        at = ours.groupby("class")["value"].mean() * relation.factor
        places = relation.decimals
        sys.stdout.write(
            f"{relation.title}: {found.slope * relation.factor:.{places}f} ({low:.{places}f} to {high:.{places}f}) per m/s in "
            f"{found.runners} runners, published {slope_of(relation, relation.published):.{places}f}; means at "
            + ", ".join(
                f"{speed:g} m/s {value:.{places}f} (published {float(relation.published(np.array(speed))) * relation.factor:.{places}f})"
                for speed, value in at.items()
            )
            + f"; hamner04 {np.polyfit(other['speed'], other['value'] * relation.factor, 1)[0]:.{places}f} per m/s\n"
        )
        values = {name: ours[name].to_numpy(float) for name in ("speed", "value")}
        panels.append(panel(relation, values, list(ours["runner"]), found, other[["speed", "value"]].to_numpy(float).T))
    target.write_text(picture(panels), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

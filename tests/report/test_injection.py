"""No text of a recording, a protocol, a manifest or a saved result becomes an element, an attribute or a script of a page."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.hostile import EVIL, FILE, faults_of, poisoned, shown
from tests.kill.commands import prepare
from tests.report import test_simulation as simulated

from headway.analysis import analyze
from headway.comparison.comparison import compare
from headway.experiments.experiment import run
from headway.experiments.plan import make_plan
from headway.experiments.plan_options import PlanOptions
from headway.recording import make_points
from headway.report.card import card
from headway.report.compare import render_compare
from headway.report.experiment import render_experiment
from headway.report.experiment_card import render_card
from headway.report.html import render
from headway.report.simulation import render_simulation
from headway.report.study import render_study
from headway.report.validation import render_validation
from headway.sources import load
from headway.study import Study, StudyOptions, run_study
from headway.study.overview import overview
from headway.validation.claim import ClaimVerdict, ValidationSummary


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    prepare(folder)
    return folder


@pytest.fixture(scope="module")
def measured(folder):
    """An analysis of a recording whose name, subject and further markers are hostile."""
    made = load(folder / "one.c3d")
    names = [*made.names(), EVIL, FILE]
    points = make_points(made.time, names, made.points.to_numpy()[:, [*range(len(made.names())), 0, 1]])
    return analyze(replace(made, points=points, source=EVIL, subject=EVIL))


@pytest.fixture(scope="module")
def carried_out(folder):
    """An experiment whose protocol is hostile."""
    protocol = (folder / "protocol.toml").read_text().replace("one.c3d", FILE.replace('"', '\\"') + ".c3d")
    (folder / f"{FILE}.c3d").write_bytes((folder / "one.c3d").read_bytes())
    text = EVIL.replace("\\", "\\\\").replace('"', '\\"')
    (folder / "hostile.toml").write_text(
        f'title = "{text}"\n' + protocol.replace("[runner]", f'[runner]\nname = "{text}"')
    )
    return run(folder / "hostile.toml")


@pytest.fixture(scope="module")
def studied(folder):
    """A study of a manifest with hostile cells."""
    cell, named = EVIL.replace('"', '""'), FILE.replace('"', '""')
    (folder / f"{FILE}.c3d").write_bytes((folder / "one.c3d").read_bytes())
    rows = [
        f'"{path}","{cell}{path[0]}","{cell}"'
        for path in (f"{named}.c3d", "two.c3d", "three.c3d", f"{named}not-there.c3d")
    ]
    (folder / "manifest.csv").write_text("\n".join(["path,runner,condition", *rows]) + "\n")
    return Study.load(run_study(folder / "manifest.csv", folder / "study", StudyOptions(workers=0)))


def _report(measured):
    report = replace(measured, summary=poisoned(measured.summary, *SPARED))
    return {"report": render(report), "card": card(report)}


def _compared(measured):
    found = compare(replace(measured, summary=poisoned(measured.summary, *SPARED)), measured)
    return {"compare": render_compare(replace(found, summary=poisoned(found.summary, *SPARED)))}


def _experiment(found):
    return {"experiment": render_experiment(replace(found, summary=poisoned(found.summary, *SPARED)))}


def _plan():
    made = make_plan(PlanOptions())
    slots = tuple(replace(slot, condition=Cued(slot.condition + EVIL)) for slot in made.slots)
    return {"plan": render_card(replace(made, slots=slots))}


class Cued(str):
    """A hostile condition that has a cue all the same."""

    def __hash__(self):
        return hash(self.removesuffix(EVIL))

    def __eq__(self, other):
        return other in (str(self), self.removesuffix(EVIL))


def _simulation():
    made = simulated._summary([simulated._condition(name, values) for name, values in simulated.VALUES.items()])
    motions = {name: simulated._motion() for name in simulated.VALUES}
    return {
        "simulation": render_simulation(
            poisoned(made, *SPARED, "name", "condition", "reference", "lead", "variants"), motions
        )
    }


def _study(found):
    told = overview(found)
    return {"study": render_study(replace(told, summary=poisoned(told.summary, "started", "finished")))}


def _validation():
    verdict = ClaimVerdict(
        name="a",
        text="a",
        document="a",
        unit="s",
        low=0.0,
        high=1.0,
        status="not_run",
        why="a",
        found=None,
        seconds=1.0,
    )
    summary = ValidationSummary(schema=1, headway="1", versions={"a": "1"}, data="a", verdicts=[verdict])
    return {"validation": render_validation(SimpleNamespace(summary=poisoned(summary)))}


SPARED = ("unit", "units", "family", "metric")
"""Fields that hold names of the registry, of which texts are looked up."""


@pytest.fixture(scope="module")
def pages(measured, carried_out, studied):
    return (
        _report(measured)
        | _compared(measured)
        | _experiment(carried_out)
        | _plan()
        | _simulation()
        | _study(studied)
        | _validation()
    )


@pytest.mark.parametrize(
    "name", ["report", "card", "compare", "experiment", "plan", "simulation", "study", "validation"]
)
def test_nothing_of_a_page_comes_from_a_text(pages, name):
    assert faults_of(pages[name]) == []
    assert name == "card" or shown(pages[name]) > 0, "the test would see nothing"


@pytest.mark.slow
def test_nothing_of_a_text_runs_in_a_browser(pages, chromium, tmp_path):
    for name, text in pages.items():
        path = tmp_path / f"{name}.{'svg' if name == 'card' else 'html'}"
        path.write_text(text, encoding="utf-8")
        page = chromium.new_page()
        page.goto(path.as_uri())
        for place in page.locator("summary, button, [data-chart], td, th").all()[:60]:
            if place.is_visible():
                place.dispatch_event("click")
                place.dispatch_event("pointermove")
        page.wait_for_timeout(200)
        assert page.evaluate("window.evil") is None, name
        assert page.evaluate("document.querySelectorAll('zz-evil, [onzz], [onerror]').length") == 0, name
        page.close()

"""A report in another language: no English on its first screen and in its three chapters."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from string import Formatter
from types import SimpleNamespace

import pandas as pd
import pytest
import xarray as xr
from msgspec import structs
from tests.compare.conftest import parameters
from tests.compare.test_compare import filmed
from tests.experiment.test_decisions import made, protocol

from headway.analysis import analyze
from headway.analysis.analyze_sensors import measure_sensors
from headway.comparison.comparison import compare
from headway.experiments.summary import summarise
from headway.gait.runner import Runner
from headway.options import Options
from headway.recording import Flag
from headway.report.compare import render_compare
from headway.report.experiment import render_experiment
from headway.report.html import render
from headway.results import NotMeasurable
from headway.sensors import SensorRecording
from headway.synthetic import sensors
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner
from headway.texts import TOLD, catalogue, shown, spoken

ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|from|which|that|this|for|has|have|to|be|by|it|not measured|left|right)\b", re.IGNORECASE
)
"""Words that every English sentence has one of, and no German one."""
VOID = {"meta", "link", "br", "input", "img", "hr"}
END = ("numbers", "known")
"""Headings where the scientist's part begins: the table of numbers, and the evidence of an experiment."""


class Read(HTMLParser):
    """What a person reads or hears of a page, up to the table of numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.done = False

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.done = self.done or names.get("id") in END
        if tag not in VOID:
            self.open.append(tag)
        self._keep(names.get("aria-label") or "")

    def handle_endtag(self, tag):
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data):
        if not {"style", "script", "code"} & {*self.open}:
            self._keep(data)

    def _keep(self, text):
        if text.strip() and not self.done:
            self.texts.append(" ".join(text.split()))


def read(page):
    """Texts of a page, without the names of files."""
    reader = Read()
    reader.feed(page)
    return reader.texts


def english(texts):
    return [text for text in texts if ENGLISH.search(re.sub(r"--[\w-]+|\S+\.\w{2,4}\b|headway \w+", "", text))]


def german(draw, *found):
    """A page in German."""
    with spoken("de"):
        return draw(*found)


def filled(text):
    """A text as a result would hold it."""
    fields = {
        name: 7.0 if spec and spec[-1:] in "fge%" else "XY" for _, name, spec, _ in Formatter().parse(text) if name
    }
    return text.format_map(fields)


def flat(text):
    """Without what a number may be written as."""
    return re.sub(r"\d+([.,]\d+)?", "7", text)


@pytest.mark.parametrize("section", TOLD)
def test_what_a_result_says_is_found_again_and_told_in_german(section):
    english, german = catalogue("en")[section], catalogue("de")[section]
    with spoken("de"):
        for name, text in english.items():
            if re.sub(r"\{[^}]*\}", "", text).strip(" :"):
                same = [one for one in english if english[one] == text]
                assert flat(shown(filled(text))) in [flat(filled(german[one])) for one in same], f"{section}.{name}"


def test_what_is_not_in_the_catalogue_stays_whole():
    with spoken("de"):
        assert shown("nobody has ever said this, and nobody will") == "nobody has ever said this, and nobody will"
        assert shown("LFHD, RFHD and C7") == "LFHD, RFHD und C7"
    assert shown("record with force plates") == "record with force plates"


@pytest.fixture(scope="module")
def run():
    """A synthetic runner in a laboratory, with every remark that there is."""
    parameters = RunnerParameters()
    made = record(SyntheticRunner(parameters), duration=4.0, noise=0.001, seed=1)
    found = analyze(made, Runner(height=parameters.height, sex=parameters.sex))
    flags = [Flag(name, "warning", filled(text)) for name, text in catalogue("en")["flags"].items()]
    return replace(found, summary=structs.replace(found.summary, quality=[*found.summary.quality, *flags]))


@pytest.fixture
def nothing(run):
    """The same, if nothing could have been measured."""
    names = [name for name in catalogue("en")["needs"] if f"{name}_record" in catalogue("en")["needs"]]
    reasons = cycle([(needs(name), needs(f"{name}_record")) for name in names])
    metrics = {
        name: NotMeasurable(why=why, record=record)
        for name, (why, record) in zip(run.summary.metrics, reasons, strict=False)
    }
    return replace(
        run, summary=structs.replace(run.summary, metrics=metrics), waveforms=run.waveforms.isel(body_point=slice(0))
    )


def needs(name):
    return filled(catalogue("en")["needs"][name])


@pytest.fixture
def worn():
    """A run by sensors on head and lower back."""
    runner = SyntheticRunner()
    parts = tuple(
        sensors.worn(sensors.body_motion(runner, place), place, 40.0, sensors.Part(rate=100.0), seed=k)
        for k, place in enumerate(("sacrum", "head"))
    )
    return measure_sensors(SensorRecording(parts, source="virtual"), options=Options(window=10.0, speed=3.5))


@pytest.mark.parametrize("what", ["run", "nothing", "worn"])
def test_a_german_report_has_no_english_on_its_first_screen_and_in_its_chapters(what, request):
    found = request.getfixturevalue(what)
    page = german(render, found)
    texts = read(page)
    assert english(texts) == []
    assert len(page.encode()) < 525_000, "a page without film weighs half a megabyte at most"
    assert len(english(read(render(found)))) > len(texts) / 5


def tried(kind, conditions, *, bounce=0.009, change=0.03, **design):
    """An experiment of made blocks: its conditions in order, those that are tested with a changed contact and head."""
    blocks = []
    for k, condition in enumerate(conditions):
        usual = condition in ("free", "baseline", "speed")
        contact = 0.2 + 0.0004 * (k * 7 % 5) - (0.01 * k if condition == "speed" else 0.0) + (not usual) * change
        values = {"contact_time": contact, "step_width": 0.05, "body_lean": 0.1 if usual else 0.14}
        values["lateral_bounce_amplitude"] = 0.02 if usual else bounce
        blocks.append(made(k, condition, 3.5 + 0.3 * k * (condition == "speed"), k // 2 + 1, **values))
    found = summarise(protocol(blocks, kind, **design), blocks)
    steps = pd.DataFrame({"block": [block.order for block in found.blocks], "contact_time": 0.2})
    plain = SimpleNamespace(waveforms=xr.Dataset(), summary=SimpleNamespace(body=None))
    return SimpleNamespace(summary=found, steps=steps, analyses=[plain] * len(blocks))


COIN = ["free", "held", "held", "free", "held", "free", "free", "held", "held", "free", "free", "held"]


@pytest.mark.parametrize(
    "found",
    [
        tried("pairs", COIN, randomised=True, seed=3, washout=60),
        tried("pairs", COIN, change=0.0, randomised=True),
        tried("pairs", COIN, randomised=False),
        tried("free-held-free", ["free", "held", "free"]),
        tried("free-held-free", ["free", "held", "free"], change=0.0),
        tried("free-held-free", ["free", "held", "free", "sham", "free", "held", "free"]),
        tried("free-held-free", ["free", "held", "free"], bounce=0.019),
        tried("free-held-free", ["free", "hands_on_hips", "free"]),
        tried("drill", ["baseline", "lean", "release_neck", "keep"]),
        tried("speed-series", ["speed"] * 5),
    ],
    ids=lambda found: f"{found.summary.design.kind}: {found.summary.verdict.word}",
)
def test_a_german_page_of_an_experiment_has_no_english_before_the_evidence(found):
    texts = read(german(render_experiment, found))
    assert english(texts) == []
    assert len(english(read(render_experiment(found)))) > len(texts) / 10


@pytest.fixture(scope="module")
def second():
    """Another synthetic runner, who swings less and has the feet farther apart."""
    own = parameters(2, step_width=0.12, height=1.6)
    return analyze(record(SyntheticRunner(own), duration=4.0, rate=100, force_rate=500), Runner(height=own.height))


def pair(what, run, second, worn):
    """A comparison with every remark that there is, and the fields in which its page may be in two forms."""
    if what == "behind":
        return compare(filmed(1, (-6.0, 1.2, 0.0)), second)
    if what == "worn":
        return compare(worn, second, same_runner=True)
    return compare(run, second, same_runner=what == "one runner")


@pytest.mark.parametrize("what", ["two runners", "one runner", "behind", "worn"])
def test_a_german_page_of_a_comparison_has_no_english_before_the_evidence(what, run, second, worn):
    found = pair(what, run, second, worn)
    said = [Flag(name, "warning", filled(text)) for name, text in catalogue("en")["differing"].items() if " " in text]
    found = replace(found, summary=structs.replace(found.summary, remarks=[*found.summary.remarks, *said]))
    texts = read(german(render_compare, found))
    assert english(texts) == []
    assert len(english(read(render_compare(found)))) > len(texts) / 10
    assert left_english(texts, "compared") == []


def left_english(texts, *sections):
    """English texts of sections that a German page still holds."""
    pairs = [(catalogue("en")[one], catalogue("de")[one]) for one in sections]
    words = {english[name] for english, own in pairs for name in english if english[name] != own[name]}
    return [text for text in texts if text in words]

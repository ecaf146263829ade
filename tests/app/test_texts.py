"""Every word stands in every language, and every word that is used stands in the catalogue."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from headway.app.units import Units
from headway.app.weeks import FOLLOWED
from headway.app.work import KINDS
from headway.metrics import REGISTRY
from headway.texts import LANGUAGES, PARTS, TEXTS, Texts, catalogue, shown, spoken

HOME = Path(__file__).parents[2] / "src" / "headway" / "app"
REPORTS = HOME.parent / "report" / "assets"
TEXTS_FOLDER = HOME.parent / "texts"
USED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_translation_has_the_same_texts_with_the_same_fields(language):
    english, other = catalogue("en"), catalogue(language)
    assert set(english) == set(other)
    for section, words in other.items():
        assert set(english[section]) == set(words), section
        for name, text in words.items():
            assert _fields(text) == _fields(english[section][name]), f"{section}.{name}"


def test_every_text_that_a_page_or_a_script_names_is_there():
    texts = Texts("en")
    for path in [*HOME.glob("templates/*.j2"), *HOME.glob("static/*.js"), *REPORTS.glob("*.j2")]:
        missing = [key for key in USED.findall(path.read_text(encoding="utf-8")) if not texts.has(key)]
        assert missing == [], path.name


def test_every_text_that_a_module_names_is_there():
    named = re.compile(r"""\b(?:TEXTS|texts|found\.texts)\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""")
    for path in HOME.parent.rglob("*.py"):
        missing = [key for key in named.findall(path.read_text(encoding="utf-8")) if not TEXTS.has(key)]
        assert missing == [] or path.parent.name == "texts", path.name


def test_a_metric_has_one_english_name():
    named = {name: title for name, title in catalogue("en")["titles"].items() if name in REGISTRY} | catalogue("en")[
        "metrics"
    ]
    assert named == {name: REGISTRY[name].title for name in named}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_metric_has_a_name_and_plain_words_in_every_language(language):
    with spoken(language):
        for metric in REGISTRY.values():
            for text in (metric.title, metric.runner, metric.family):
                assert not text or shown(text) != text, text


def test_no_two_files_of_a_language_have_a_section_of_one_name():
    for language in LANGUAGES:
        parts = [json.loads((TEXTS_FOLDER / language / f"{part}.json").read_text(encoding="utf-8")) for part in PARTS]
        assert sum(map(len, parts)) == len(set().union(*parts))


def test_what_is_followed_and_what_works_has_a_name():
    texts = Texts("en")
    assert [name for name in FOLLOWED if not texts.has(f"metrics.{name}")] == []
    assert [name for name in KINDS if not texts.has(f"jobs.{name}")] == []


def test_the_language_is_the_users_choice_else_the_browsers(inside):
    _, client = inside
    assert '<html lang="de">' in client.get("/", headers={"accept-language": "de-AT,en;q=0.5"}).text
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "fr"}).text
    answer = client.post("/settings", data={"language": "de", "back": "//evil.example"})
    assert answer.headers["location"] == "/"
    assert '<html lang="de">' in client.get("/", headers={"accept-language": "en"}).text


def test_lengths_and_masses_read_as_they_are_written():
    from headway import written

    for units in (Units("metric"), Units("imperial"), Units("metric", comma=True)):
        assert written.length(units.height(1.78)) == pytest.approx(1.78, abs=0.013)
        assert written.mass(units.mass(70.5)) == pytest.approx(70.5, abs=0.25)
    assert Units("imperial").show("m", 0.0254) == "1.0\u202fin"
    assert Units("metric", comma=True).show("m", 0.0461, (0.0455, 0.0467)) == "46,1\u202fmm"

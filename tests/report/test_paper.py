"""The first page on paper and the card: complete in themselves."""

import re
import xml.etree.ElementTree as tree

import numpy as np
import pytest

from headway.report.answer import answer
from headway.report.card import card, pixels
from headway.report.film_drawn import DrawnFilm
from headway.report.film_still import film_stills
from headway.report.html import render
from headway.texts import TEXTS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn():
    """Thirty pictures of a point that walks, with two steps whose whole stride is in the film."""
    time = [i / 30 for i in range(30)]
    points = [[10.0 + i, 5.0, 10.0 + i, 50.0] for i in range(30)]
    stances = [("left", 0.1, 0.3), ("right", 0.5, 0.7), ("left", 0.9, 1.1)]
    foot = [[10.0 + i, 60.0] if i % 2 else None for i in range(30)]
    bones = [(0, 1, "trunk")]
    return DrawnFilm((64, 64), time, points, bones, 0, foot, None, stances, [], None, 0.0)


def test_four_pictures_show_landing_midstance_toe_off_and_flight_of_one_step(drawn):
    pytest.importorskip("av")
    from headway.report.film_encode import encode_small

    random = np.random.default_rng(1)
    frames = [(i / 30, random.integers(0, 255, (64, 64, 3), dtype=np.uint8)) for i in range(30)]
    stills = film_stills(encode_small(iter(frames), (64, 64), 1.0, 100_000), drawn)
    assert [one.title for one in stills] == [
        TEXTS(f"film.at_{name}") for name in ("landing", "midstance", "toe_off", "flight")
    ]
    assert all(one.picture.startswith(b"\xff\xd8") for one in stills)
    heads = [float(re.findall(r"skullmark\" d=\"M([\d.]+)", one.lines)[0]) for one in stills]
    assert heads == [25.0, 28.0, 31.0, 34.0]


def test_a_film_without_a_whole_step_has_no_such_pictures(drawn):
    from dataclasses import replace

    assert film_stills(b"", replace(drawn, stances=drawn.stances[:1])) == []


def test_the_page_for_paper_holds_the_signs_and_the_remarks(analysis):
    made = analysis()
    page = render(made)
    paper = page.split('<div class="paper print-only">')[1].split("</section>")[0]
    for row in answer(made.summary.metrics).battery:
        assert row.question in paper
        assert row.word in paper
    for flag in made.summary.quality:
        assert flag.message in paper


def test_the_card_says_what_the_first_screen_says(analysis):
    made = analysis()
    root = tree.fromstring(card(made))
    assert root.get("viewBox") == "0 0 1200 630"
    written = [one.text or "" for one in root.iter(f"{SVG}text")]
    said = answer(made.summary.metrics)
    assert " ".join(written).count(said.text) == 1
    assert [row.word for row in said.battery if row.direct] == [
        one for one in written if one in {r.word for r in said.battery}
    ]
    assert root.find(f".//{SVG}circle") is not None
    assert not re.search(r"https?://(?!www\.w3\.org)", card(made))


def test_the_card_is_a_png_too(analysis):
    pytest.importorskip("resvg_py", reason="resvg-py is not installed")
    made = pixels(card(analysis()))
    assert made is not None
    assert made.startswith(b"\x89PNG")
    assert [int.from_bytes(made[at : at + 4], "big") for at in (16, 20)] == [1200, 630]

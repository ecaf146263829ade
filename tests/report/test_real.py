"""The report of real recordings: what each of them can show, and what it says it cannot."""

import re

import pytest

from headway.report.html import render
from headway.texts import TEXTS


@pytest.fixture(scope="module")
def told(analysed):
    """Words of the report of a recording, and the page itself."""

    def report(name):
        page = render(analysed(name))
        body = page.split("<body>")[1].split('<script type="application/json"')[0]
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").replace("\xa0", " ")
        return words, page

    return report


def test_one_recorded_step_with_a_head(told):
    words, page = told("running_0002/Running_0002.c3d")
    assert "1 step (0 left, 1 right)" in words
    assert "one step, no interval" in words
    assert "reaches the head" in words
    assert "No left step of which this could be measured." in words
    assert 'id="map"' in page
    assert len(page) < 3_000_000


def test_a_body_without_a_head(told):
    words, page = told("dorn2012_ja1/JA1Gait21.c3d")
    assert "5 steps (3 left, 2 right)" in words
    assert "reaches the neck base" in words
    assert "Not shown: head" in words
    assert 'data-chart="ladder-hip-up"' in page
    assert 'data-chart="ladder-neck-up"' not in page


def test_legs_and_pelvis_only(told):
    words, page = told("rbds/RBDS002runT25.c3d")
    assert "How much of the push reaches the head was not measured" in words
    assert 'id="map"' not in page
    assert 'data-chart="ladder-ground-up"' in page
    assert 'data-chart="ladder-hip-up"' not in page
    assert TEXTS("pictures.gaps") in words

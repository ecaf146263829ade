"""The film of a report in a browser: pictures, figure, plots and words move together."""

import re
from dataclasses import replace

import pytest

pytest.importorskip("av", reason="av is not installed (extra video)")

from .made_film import made, runner

OPEN = "document.querySelectorAll('.chapter').forEach(one => (one.open = true))"
STATE = """() => ({
  film: document.querySelector('.film-now').textContent,
  now: document.querySelector('#now').textContent,
  bones: [...document.querySelectorAll('.film .bone.left')].map(n => n.getAttribute('d')).join(),
  plumb: document.querySelector('.film .upright:not(.halo)').getAttribute('d'),
  way: document.querySelector('.film .way:not(.halo)').getAttribute('d'),
  figure: [...document.querySelectorAll('#figure .limb')].map(n => n.getAttribute('d')).join(),
  charts: [...document.querySelectorAll('[data-chart] .cursor')].map(n => n.getAttribute('x1')),
  slider: Number(document.querySelector('.film-slider').value),
  time: document.querySelector('video').currentTime,
})"""
SETTLED = "i => { const v = document.querySelector('video'); return v.readyState >= 2 && !v.seeking && Math.floor(v.currentTime * 30) === i }"


@pytest.fixture
def look(watched, tmp_path, analysis):
    """Open a report with a film, and wait until its pictures are there."""
    from headway.report.html import render

    def opened(*layers, width=1100, figure=True, **context):
        path = tmp_path / "report.html"
        path.write_text(render(analysis(figure=figure), layers), encoding="utf-8")
        context = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"} | context
        page = watched(path.as_uri(), ours=("blob:null/", "blob:file://"), **context)
        page.wait_for_function(
            "() => [...document.querySelectorAll('video')].every(v => v.readyState >= 2 && !v.seeking)"
        )
        return page

    return opened


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A film that most tests look at; it is encoded once."""
    return made(tmp_path_factory.mktemp("film"), runner())


def go(page, frame):
    page.locator(".film-slider").fill(str(frame))
    page.wait_for_function(SETTLED, arg=frame)
    return page.evaluate(STATE)


def test_the_film_is_really_shown(look, tmp_path):
    page = look(made(tmp_path, runner(), "knee_left"))
    assert page.evaluate("document.querySelector('video').videoWidth") > 100
    go(page, 30)
    greenest = """() => { const v = document.querySelector('video'), c = document.createElement('canvas');
      c.width = v.videoWidth; c.height = v.videoHeight; const x = c.getContext('2d'); x.drawImage(v, 0, 0);
      const d = x.getImageData(0, 0, c.width, c.height).data; let sx = 0, n = 0;
      for (let i = 0; i < d.length; i += 4) if (d[i + 1] - d[i] > 90) { sx += (i / 4) % c.width; n++; }
      return [n, sx / n]; }"""
    count, across = page.evaluate(greenest)
    assert count > 20
    drawn = page.evaluate(
        "(() => { const s = JSON.parse(document.getElementById('data').textContent).films[0]; return s.points[30] })()"
    )
    assert min(abs(across + 0.5 - x) for x in drawn[::2]) < 2.0


def test_pictures_one_by_one_move_everything(look, shown):
    page = look(shown)
    before = go(page, 16)
    page.locator("body").press("ArrowRight")
    page.wait_for_function(SETTLED, arg=17)
    after = page.evaluate(STATE)
    assert after["slider"] == 17
    for part in ("film", "now", "bones", "figure", "time"):
        assert before[part] != after[part], part
    assert any(a != b for a, b in zip(before["charts"], after["charts"], strict=True))
    page.locator('[data-step="-1"]').click()
    page.wait_for_function(SETTLED, arg=16)
    assert page.evaluate(STATE)["bones"] == before["bones"]


def test_the_words_of_film_and_page_agree(look, shown):
    page = look(shown)
    seen = set()
    for frame in range(2, 70, 4):
        state = go(page, frame)
        assert state["film"].endswith(state["now"])
        seen.add(re.sub(r"[\d %]+$", "", state["now"]))
        time = shown.keypoints.time[frame]
        inside = [side for side, start, stop in shown.stances if start <= time <= stop]
        assert bool(state["plumb"]) == bool(inside)
        assert state["way"].startswith("M")
    assert {"left stance", "right stance", "in the air"} <= seen


def test_pointing_at_a_plot_moves_the_film(look, shown):
    page = look(shown)
    page.evaluate(OPEN)
    chart = page.locator('[data-chart="points-up-right"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    x = page.evaluate(
        "() => { const s = document.querySelector('[data-chart=\"points-up-right\"] svg'); return 40 + (s.clientWidth - 152) * 0.5 }"
    )
    page.mouse.move(box["x"] + x, box["y"] + 80)
    page.wait_for_function("() => !document.querySelector('video').seeking")
    state = page.evaluate(STATE)
    assert state["now"] == "right stance 50 %"
    assert state["film"].split(" · ")[1].startswith("right stance")
    assert abs(int(state["film"].split()[-2]) - 50) <= 8


def test_it_plays_at_the_speed_chosen(look, shown):
    page = look(shown)
    assert page.evaluate("document.querySelector('.film [data-rate][aria-pressed=true]').dataset.rate") == "0.25"
    page.locator('[data-rate="0.5"]').click()
    assert page.locator("#speed").input_value() == "0.5"
    go(page, 5)
    before = page.evaluate(STATE)
    page.locator(".film-play").click()
    assert page.locator(".film-play").get_attribute("aria-label") == "Stop"
    assert page.locator("#play").get_attribute("aria-label") == "Stop"
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert page.evaluate("document.querySelector('video').playbackRate") == 0.5
    page.locator("body").press("Space")
    after = page.evaluate(STATE)
    assert after["slider"] > 10
    assert before["figure"] != after["figure"]
    page.wait_for_timeout(150)
    assert page.evaluate(STATE) == page.evaluate(STATE)
    assert page.evaluate("document.querySelector('video').paused")
    page.locator("#speed").select_option("0.125")
    assert page.locator('[data-rate="0.125"]').get_attribute("aria-pressed") == "true"


def test_what_is_drawn_can_be_switched_off(look, shown):
    page = look(shown)
    go(page, 12)
    for name in ("skeleton", "plumb", "path"):
        layer, button = page.locator(f".over-{name}"), page.locator(f'[data-over="{name}"]')
        assert layer.evaluate("g => getComputedStyle(g).display") == "inline"
        button.click()
        assert layer.evaluate("g => getComputedStyle(g).display") == "none"
        assert button.get_attribute("aria-pressed") == "false"


def test_two_films_follow_each_other(look, tmp_path):
    one = made(tmp_path, runner(), view="side")
    two = replace(one, view="rear", stances=one.stances[1:])
    page = look(one, two, figure=False)
    page.evaluate(OPEN)
    assert page.locator("video").count() == 2
    page.locator(".film-slider").first.fill("8")
    page.wait_for_function("() => [...document.querySelectorAll('video')].every(v => !v.seeking)")
    first, second = (text.split(" · ")[1] for text in page.locator(".film-now").all_inner_texts())
    assert first.split()[0] == second.split()[0] == "left"


@pytest.mark.parametrize("width", [320, 375, 768])
def test_it_fits_a_phone(look, tmp_path, width):
    page = look(made(tmp_path, runner(), blur_face=True), width=width, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".film-stage").bounding_box()["width"] <= width


@pytest.mark.parametrize("width", [375, 1280])
def test_the_longest_words_beside_the_film_stay_in_its_row(look, shown, width):
    page = look(shown, width=width)
    now = page.locator(".film-now")
    now.evaluate("n => (n.textContent = '119,99 s · Stand rechts 100 %')")
    assert now.evaluate("n => n.scrollWidth <= n.clientWidth")
    row, words = page.locator(".film-row").bounding_box(), now.bounding_box()
    assert words["x"] + words["width"] <= row["x"] + row["width"] + 1
    assert page.locator(".film-slider").bounding_box()["width"] >= 140

"""The report in a browser: what a person sees and can move."""

import pytest
from msgspec.structs import replace

from headway.results import NotMeasurable

OPEN = "document.querySelectorAll('.chapter').forEach(one => (one.open = true))"
STATE = """() => ({
  figure: [...document.querySelectorAll('#figure .limb')].map(n => n.getAttribute('d')).join(),
  force: document.querySelector('#figure .force')?.getAttribute('d'),
  map: [...document.querySelectorAll('#map .dot')].map(n => n.getAttribute('cx') + n.getAttribute('cy')).join(),
  charts: [...document.querySelectorAll('[data-chart] .cursor')].map(n => n.getAttribute('x1')),
  now: document.querySelector('#now').textContent,
  scrub: document.querySelector('#scrub').value,
})"""


PAGES: dict[bool, str] = {}
"""Reports that many tests look at, with and without the moving figure."""


@pytest.fixture
def look(watched, tmp_path, analysis):
    """Open a report; by default that of the runner whose every line is known."""
    from headway.report.html import render

    def opened(made=None, width=1280, *, figure=True, **context):
        if made is None and figure not in PAGES:
            PAGES[figure] = render(analysis(figure=figure))
        path = tmp_path / "report.html"
        path.write_text(render(made) if made is not None else PAGES[figure], encoding="utf-8")
        viewport = {"width": width, "height": 800}
        return watched(path.as_uri(), **({"viewport": viewport, "reduced_motion": "reduce"} | context))

    return opened


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_the_page_never_scrolls_sideways(look, width):
    page = look(width=width, color_scheme="dark")
    page.evaluate("document.querySelectorAll('.metric [aria-controls],[data-more]').forEach(b => b.click())")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    outside = page.evaluate(
        "w => [...document.querySelectorAll('main svg')].filter(s => s.getBoundingClientRect().right > w).length", width
    )
    assert outside == 0


def test_one_cursor_moves_every_picture(look):
    page = look()
    before = page.evaluate(STATE)
    assert before["now"] == "left stance 70 %"
    page.keyboard.press("ArrowRight")
    after = page.evaluate(STATE)
    for part in ("figure", "force", "map", "now", "scrub"):
        assert before[part] != after[part], part
    assert all(a != b for a, b in zip(before["charts"], after["charts"], strict=True))


def test_pointing_at_a_plot_moves_the_figure_and_the_slider(look):
    page = look()
    page.evaluate(OPEN)
    chart = page.locator('[data-chart="points-up-right"]')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    places = {}
    for percent in (20, 80):
        x = page.evaluate(
            "p => { const s = document.querySelector('[data-chart=\"points-up-right\"] svg'); return 40 + (s.clientWidth - 152) * p / 100 }",
            percent,
        )
        page.mouse.move(box["x"] + x, box["y"] + 80)
        places[percent] = page.evaluate(STATE)
        assert places[percent]["now"] == f"right stance {percent} %"
    assert places[20]["figure"] != places[80]["figure"]
    assert float(places[80]["scrub"]) - float(places[20]["scrub"]) == pytest.approx(0.6 * 0.236 / 0.704 * 141, abs=1.5)


def test_slider_play_and_pause(look):
    page = look()
    page.locator("#scrub").fill("90")
    at = page.evaluate(STATE)
    assert at["now"].startswith("right stance")
    page.locator("body").press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Stop"
    page.wait_for_function("v => Number(document.querySelector('#scrub').value) > v + 3", arg=90)
    page.locator("body").press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    stopped = page.evaluate(STATE)
    page.wait_for_timeout(120)
    assert page.evaluate(STATE) == stopped


def test_the_loop_goes_round_and_says_when_nobody_is_on_the_ground(look):
    page = look()
    seen = set()
    for frame in range(0, 141, 4):
        page.locator("#scrub").fill(str(frame))
        seen.add(page.evaluate("document.querySelector('#now').textContent").rstrip("0123456789 %"))
    assert seen == {"left stance", "right stance", "in the air"}
    page.locator("#scrub").fill("140")
    page.locator("#now").click()
    page.keyboard.press("ArrowRight")
    assert page.locator("#scrub").input_value() == "0"


def test_switches_change_the_pictures(look):
    page = look()
    page.evaluate(OPEN)
    page.locator("#figure-panel summary").click()
    arrows = page.locator("#figure .level").first.get_attribute("d")
    page.get_by_role("group", name="Length of the arrows").get_by_text("All in one scale").click()
    assert page.locator("#figure .level").first.get_attribute("d") != arrows
    page.get_by_text("Ground only").click()
    assert page.locator("#figure .level").first.get_attribute("d") == ""
    path = page.locator("#map .line").first.get_attribute("d")
    page.get_by_text("From above").click()
    assert page.locator("#map .line").first.get_attribute("d") != path
    curve = page.locator('[data-chart="ladder-neck-up"] .line').first.get_attribute("d")
    page.get_by_role("group", name="Scale of the ladder").get_by_text("All in one scale").click()
    assert page.locator('[data-chart="ladder-neck-up"] .line').first.get_attribute("d") != curve


def test_rows_open_with_the_keyboard(look):
    page = look()
    button = page.locator('[aria-controls="detail-head_vertical_gain"]')
    detail = page.locator("#detail-head_vertical_gain")
    assert not detail.is_visible()
    button.focus()
    page.keyboard.press("Space")
    assert detail.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    assert "Evidence against" in detail.inner_text()


def test_the_theme_follows_the_system_and_the_button(look):
    page = look(color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.locator("#theme").click()
    light = page.evaluate(colour)
    assert dark != light
    page.reload()
    assert page.evaluate(colour) == light


def test_on_paper_everything_is_open_and_nothing_needs_a_pointer(look):
    page = look(color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#detail-head_vertical_gain").is_visible()
    assert page.locator(".stills svg").count() == 20
    assert page.locator(".stills svg").first.is_visible()
    assert not page.locator(".transport").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_hostile_name_runs_nothing(look, analysis):
    made = analysis()
    hostile = '"><img src=x onerror=window.pwned=1><script>window.pwned=1<'
    made.summary = replace(made.summary, recording=replace(made.summary.recording, source=hostile))
    made.summary.metrics["push_through_angle"] = NotMeasurable(why=hostile, record="")
    made.waveforms.attrs["figure_kind"] = hostile
    page = look(made)
    assert page.evaluate("window.pwned === undefined")
    assert hostile in page.locator(".glance").inner_text()


def test_without_a_figure_the_plots_still_move_together(look):
    page = look(width=375, figure=False, has_touch=True, is_mobile=True)
    before = page.evaluate(STATE)
    page.locator("#scrub").fill("20")
    after = page.evaluate(STATE)
    assert after["now"] == "left stance 20 %"
    assert all(a != b for a, b in zip(before["charts"], after["charts"], strict=True))


def test_the_first_picture_moves_by_itself_unless_the_reader_asked_for_rest(look):
    moves = look(reduced_motion="no-preference")
    moves.wait_for_function("document.querySelector('#play').classList.contains('playing')")
    before = moves.evaluate(STATE)["figure"]
    moves.wait_for_function(
        "before => [...document.querySelectorAll('#figure .limb')].map(n => n.getAttribute('d')).join() !== before",
        arg=before,
    )
    moves.locator("#play").click()
    assert moves.locator("#play").get_attribute("aria-label") == "Play"
    rests = look(reduced_motion="reduce")
    rests.wait_for_timeout(200)
    assert rests.locator("#play").get_attribute("aria-label") == "Play"


def test_at_twice_the_size_the_chapters_open_by_keyboard(look):
    page = look(width=640)
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#chapter-head > summary') !== null"):
            break
    page.keyboard.press("Enter")
    assert page.locator("#chapter-head").evaluate("one => one.open")


@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_with_everything_open(look, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = look(width=width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []

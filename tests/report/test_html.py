import base64
import hashlib
import json
import re
import time

import numpy as np
import xarray as xr
from msgspec.structs import replace

from headway.recording import Flag, Processing
from headway.report.html import render
from headway.results import Estimated, NotMeasurable, RunnerFound, Value
from headway.texts import TEXTS

HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">\u2028'


def embedded(page):
    return json.loads(re.findall(r'id="data">(.*?)</script>', page, re.DOTALL)[0])


def words(page):
    body = page.split("<body>")[1].split('<script type="application/json"')[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").replace("\xa0", " ")


def luminance(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def test_it_is_small_and_quickly_written(analysis, tmp_path):
    made = analysis()
    start = time.process_time()
    (tmp_path / "report.html").write_text(render(made), encoding="utf-8")
    assert time.process_time() - start < 2.0
    assert (tmp_path / "report.html").stat().st_size < 500_000


def test_nothing_is_loaded_from_anywhere(analysis):
    page = render(analysis())
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|iframe|img|object|embed)\b|\bsrc=|@import|url\((?!#)", page)


def test_the_policy_allows_our_script_and_no_other(analysis):
    page = render(analysis())
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"script-src 'sha256-{digest}'" in page


def test_hostile_words_from_a_file_stay_words(analysis):
    made = analysis()
    made.summary = replace(
        made.summary,
        recording=replace(made.summary.recording, source=HOSTILE, subject=HOSTILE),
        quality=[*made.summary.quality, Flag(HOSTILE, "error", HOSTILE)],
        processing=[*made.summary.processing, Processing(HOSTILE, {HOSTILE: [HOSTILE]})],
        events=replace(made.summary.events, source=HOSTILE, method=HOSTILE),
    )
    made.summary.metrics["push_through_angle"] = NotMeasurable(why=HOSTILE, record=HOSTILE)
    made.summary.metrics[HOSTILE] = Estimated(value=1.0, unit=HOSTILE, ci95=None, n=2, note=HOSTILE, model=HOSTILE)
    made.waveforms.attrs["figure_kind"] = f"mean stride {HOSTILE}"
    page = render(made)
    assert "<script>window" not in page
    assert "<img" not in page
    assert page.count("<script") == 2
    assert embedded(page)["figure"]["kind"].endswith(HOSTILE)


def test_every_metric_stands_in_the_page_with_its_evidence(analysis):
    made = analysis()
    page = render(made)
    for name in made.summary.metrics:
        assert f'id="detail-{name}"' in page
    for heading in ("Evidence for", "Evidence against", "Definition", "Seen in running", "Source"):
        assert heading in words(page)


def test_the_order_of_the_page(analysis):
    told = words(render(analysis()))
    keys = (
        *("first.question", "first.next_step", "pictures.runner", "first.chapter_head", "signs.from_lag"),
        *("findings.reaches", "pictures.map", "pictures.points", "first.chapter_push", "pictures.ladder"),
        *(
            "pictures.line_reading",
            "first.chapter_sure",
            "pictures.quality",
            "table.title",
            "table.not_shown",
            "table.provenance",
        ),
    )
    places = [told.index(TEXTS(key)) for key in keys]
    assert places == sorted(places)


def test_nothing_measured_is_a_page_that_says_what_to_record(analysis):
    made = analysis(figure=False)
    made.waveforms = xr.Dataset()
    made.steps = made.steps.iloc[:0]
    entries = made.summary.metrics
    for name in entries:
        entries[name] = NotMeasurable(why="no ground force was recorded", record="record with force plates")
    page = render(made)
    assert page.count('class="absent"') == 5
    assert "record with force plates" in words(page).lower()
    assert 'class="transport"' not in page
    assert TEXTS("table.count", n=len(entries)) in words(page)


def test_a_summary_without_metrics_is_still_a_page(analysis):
    made = analysis(figure=False)
    unknown = RunnerFound(height=None, mass=None, mass_source=None, sex=None)
    bare = replace(made.summary, metrics={}, quality=[], processing=[], runner=unknown)
    made.summary, made.waveforms = bare, xr.Dataset()
    assert "Where the numbers come from" in words(render(made))


def test_a_single_step_has_no_interval_anywhere(analysis):
    made = analysis(0, 1)
    page = render(made)
    assert TEXTS("pictures.single") in words(page)
    measured = sum(isinstance(entry, Value) for entry in made.summary.metrics.values())
    assert page.count("one step, no interval</td>") == measured
    assert "No left step of which this could be measured." in words(page)
    for chart in embedded(page)["charts"].values():
        assert all(line["sd"] is None for line in chart["series"])


def test_each_side_tells_its_own_number_of_steps(analysis):
    told = words(render(analysis(17, 1)))
    assert "Left stance 17 steps" in told
    assert "Right stance 1 step " in told


def test_missing_pictures_give_the_reason_of_their_metrics(analysis):
    made = analysis()
    lines = [name for name in made.waveforms.data_vars if str(name).startswith("grf_line")]
    made.waveforms = made.waveforms.drop_vars(lines)
    made.summary.metrics["grf_line_crossing_time"] = NotMeasurable(why="plates too slow", record="sample at 1000 Hz")
    told = words(render(made))
    assert "Not shown for this recording. Plates too slow. What helps: sample at 1000 Hz." in told


def test_every_plot_is_told_in_words(analysis):
    page = render(analysis())
    for label in re.findall(r'data-chart="[^"]+" role="img" aria-label="([^"]*)"', page):
        assert re.search(r"stance, from .* at \d+ %", label)


def test_colours_can_be_read_in_both_themes(analysis):
    style = render(analysis()).split("<style>")[1].split("</style>")[0]
    light, dark = (
        re.search(r":root \{(.*?)\}", style, re.DOTALL),
        re.search(r':root\[data-theme="dark"\] \{(.*?)\}', style, re.DOTALL),
    )
    for block in (light, dark):
        assert block is not None
        colour = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block.group(1)))
        for ink in ("ink", "soft", "left", "right", "force"):
            for ground in ("paper", "sheet", "faint"):
                light_one, dark_one = sorted((luminance(colour[ink]), luminance(colour[ground])), reverse=True)
                assert (light_one + 0.05) / (dark_one + 0.05) >= 4.5, (ink, ground)


def test_the_three_chapters_are_folded_and_a_link_opens_them(analysis):
    page = render(analysis())
    chapters = re.findall(r'<details class="chapter" id="([^"]+)"( open)?>', page)
    assert chapters == [("chapter-head", ""), ("chapter-push", ""), ("chapter-sure", "")]
    opened = set(re.findall(r'data-opens="([^"]+)"', page))
    assert opened
    assert opened <= {name for name, _ in chapters}


def test_a_runners_text_has_no_internal_codes(analysis):
    told = words(render(analysis())).split("The numbers")[0]
    assert not re.search(r"\b[AD]\d{1,2}\b", told)

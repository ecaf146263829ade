"""Live in a real browser: a film plays as the webcam, the camera is denied or absent, and an experiment is led to its verdict."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from headway.pose.film import open_film
from headway.sources import load_keypoints

from .filmed import pictures, session_film, webcam

FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PER_SECOND = 12
SERVER_SHARE = 0.12
"""s of a processor that the app may spend on a picture."""
FILM = "videos/back_park_30fps_runner.mp4"
SIDE = "films/treadmill_side_portrait.mp4"


@pytest.fixture
def page_of(chromium) -> Iterator[Callable]:
    """Open a page of the running app in a browser of its own with these flags; errors of its scripts fail the test."""
    browsers, faults = [], []

    def opened(app, path: str, *flags: str):
        args = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", *flags]
        browsers.append(chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=args))
        page = browsers[-1].new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(app.address)
        page.goto(f"{app.base}{path}")
        return page

    yield opened
    for browser in browsers:
        browser.close()
    assert faults == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [((), "No camera was found"), ((FAKE[0], "--deny-permission-prompts"), "The browser may not use the camera")],
    ids=["none", "denied"],
)
def test_without_a_camera_the_page_says_what_to_do(page_of, app, flags: tuple[str, ...], told: str):
    page = page_of(app, "/live", *flags)
    page.click("#start")
    page.wait_for_selector("#fault:not([hidden])")
    assert told in page.inner_text("#fault")
    assert page.is_enabled("#start")


class Wire:
    """What went over the socket: pictures by their time, and what came back."""

    def __init__(self, page) -> None:
        self.sent: dict[float, bytes] = {}
        self.found: list[dict] = []
        page.on("websocket", self._open)

    def _open(self, socket) -> None:
        socket.on("framesent", lambda data: self.sent.update({float(np.frombuffer(data[:8], "<f8")[0]): data[8:]}))
        socket.on("framereceived", self._take)

    def _take(self, text: str) -> None:
        data = json.loads(text)
        if "stride" in data:
            self.found.append(data)


def processor_seconds(*processes: int) -> float:
    """Of these processes and all below them."""
    import psutil

    own = [psutil.Process(number) for number in processes]
    family = {one.pid: one for process in own for one in (process, *process.children(recursive=True))}
    total = 0.0
    for one in family.values():
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def head_errors(wire: Wire, film: Path) -> list[float]:
    """Distance of the head's dot from the film analysis, px of the film; each picture's frame is told by its look."""
    from headway.app.live_pose import picture_of

    points = load_keypoints(film)
    small = np.stack([one[::4, ::4, 1].astype(np.int16) for one in pictures(film, 640)])
    times = open_film(film).times
    ears = points.pixels[:, [points.names.index("LEFT_EAR"), points.names.index("RIGHT_EAR")]].mean(1)
    out = []
    for found in [one for one in wire.found if one["head"]][::5][:40]:
        picture = picture_of(wire.sent[found["time"]])
        assert picture is not None
        frame = int(np.abs(small - picture[::4, ::4, 1].astype(np.int16)).mean((1, 2)).argmin())
        at = int(np.abs(points.time - times[frame]).argmin())
        scale = points.size[0] / picture.shape[1]
        if abs(points.time[at] - times[frame]) < 0.01 and np.isfinite(ears[at]).all():
            out.append(float(np.hypot(*(np.array(found["head"]) * scale - ears[at]))))
    return out


def test_the_page_draws_what_it_is_told(page_of, app):
    """The server's side is played here: a picture comes back at once with a head left of the middle and both feet."""
    app.client.post("/runners", data={"name": "Ann", "height": "200 cm"})
    said = {
        "points": [[100.0, 50.0, 0.9]], "head": [100.0, 50.0], "foot": [120.0, 300.0], "stance": "right", "dot": -0.1,
        "prints": [-0.05, 0.05], "over": -0.15,
        "stride": {
            "cadence": {"value": 171.6, "half": 1.2}, "bounce": {"value": 0.02, "half": 0.003},
            "view": "rear", "direction": 0, "why": None,
        },
    }  # fmt: skip

    def play(socket) -> None:
        socket.send(json.dumps({"together": 1, "names": ["NOSE"], "lines": []}))
        socket.on_message(
            lambda data: socket.send(json.dumps({**said, "time": float(np.frombuffer(data[:8], "<f8")[0])}))
        )

    page = page_of(app, "/live", *FAKE)
    page.route_web_socket("**/live/stream", play)
    page.select_option("#runner", index=1)
    page.click("#start")
    page.locator("#cadence").filter(has_text="±").wait_for(timeout=60_000)
    assert page.inner_text("#cadence") == "172 ± 1 /min"
    assert page.inner_text("#bounce") == "4.0 ± 0.6 cm" or "in" in page.inner_text("#bounce")
    assert float(page.get_attribute("#dot", "cx")) == pytest.approx(-60.0)
    feet = page.locator("#prints use")
    assert feet.count() == 2 and "stands" in feet.nth(1).get_attribute("class")
    page.locator("#speed").filter(has_text="pictures per second").wait_for()
    page.click("#stop")
    assert page.is_visible("#start") and not page.is_visible("#record")


@pytest.mark.slow
def test_a_film_as_the_webcam_shows_what_its_analysis_finds(page_of, start, data: Path, tmp_path: Path):
    made = webcam(tmp_path / "film.mjpeg", data / FILM)
    app = start()
    idle = os.getloadavg()[0] < 1.0
    page = page_of(app, "/live", *FAKE, f"--use-file-for-fake-video-capture={made}")
    wire = Wire(page)
    page.click("#start")
    while sum(one["head"] is not None for one in wire.found) < 30:
        page.wait_for_timeout(500)
    before, drawn, begun = processor_seconds(app.process.pid), len(wire.found), time.monotonic()
    page.wait_for_timeout(15_000)
    spent = processor_seconds(app.process.pid) - before
    count, seconds = len(wire.found) - drawn, time.monotonic() - begun
    late = float(page.get_attribute("#canvas", "data-late"))
    cadences = [one["stride"]["cadence"]["value"] for one in wire.found if one["stride"]["cadence"]]
    if idle:  # a busy computer sees too few pictures to tell, and says so
        assert count / seconds >= PER_SECOND and late <= 200
        assert np.median(cadences) == pytest.approx(164.1, rel=0.02)
    assert spent / count <= SERVER_SHARE, "twelve pictures a second leave the browser a part of two cores"
    page.click("#record")
    page.wait_for_timeout(5000)
    page.click("#record")
    page.wait_for_url("**/add", timeout=60_000)
    assert "live-" in page.inner_text("#uploads")
    errors = head_errors(wire, data / FILM)
    assert len(errors) >= 10 and np.percentile(errors, 90) <= 10
    print(
        f"{count / seconds:.1f} pictures/s, {late:.0f} ms, {spent / count:.3f} s of a processor each, head {np.median(errors):.1f} px"
    )
    (kept,) = (app.folder / "uploads").iterdir()
    if idle:
        assert open_film(kept).duration == pytest.approx(5.0, abs=2.0)
    assert len(list(pictures(kept, 320))) > 5, "a film that can be read"


@pytest.mark.slow
def test_an_experiment_is_led_from_the_quiz_to_the_verdict(page_of, start, data: Path, tmp_path: Path):
    film = session_film(tmp_path / "session.mp4", data / SIDE, blocks=6, seconds=9.0)
    app = start()
    app.client.post("/runners", data={"name": "Ann", "height": "172 cm"})
    page = page_of(app, "/drill")
    page.check("input[value=hands_on_hips]")
    page.click("summary:has-text('Lengths')")
    for name, value in {"pairs": 3, "seconds": 6, "settle": 0, "washout": 0, "rest": 10}.items():
        page.fill(f"#f-{name}", str(value))
    page.click("text=Draw the order")
    assert not page.is_visible("#begin"), "the quiz comes before anything else"
    page.click("[data-quiz=body]")
    page.fill("#beat", "170")
    page.click("#begin")
    said, rated = set(), 0
    end = time.monotonic() + 300
    while not page.is_visible("#part-end") and time.monotonic() < end:
        said.add(page.inner_text("#cue"))
        if page.is_visible("[data-scale=effort]"):
            page.click("[data-scale=effort] [data-value='4']", timeout=2000)
            page.click("[data-scale=stress] [data-value='2']", timeout=2000)
            rated += 1
            assert not page.is_visible("#rating"), "hidden once it is tapped"
        page.wait_for_timeout(200)
    assert {"Run as you always do.", "Put your hands on the sides of your hips."} <= said
    assert rated >= 5
    page.set_input_files("#file", film)
    page.wait_for_url("**/experiments/1", timeout=60_000)
    text = app.wait("/experiments/1", seconds=900)
    assert "Not performed" in text or "No change" in text or "Cannot tell" in text
    blocks = json.loads((app.folder / "runners/1/experiments/1/result/experiment.json").read_text())["blocks"]
    assert [one["start"] for one in blocks] == pytest.approx([1.0 + 12.0 * k for k in range(6)], abs=0.05)
    assert all(one["steps"] >= 20 for one in blocks)
    assert blocks[0]["pushed"] == "body"

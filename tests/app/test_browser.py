"""The app in a browser: what a person drops, sees and comes back to."""

import base64
import json
import re

import pytest

DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const zone = document.getElementById('drop');
  for (const kind of ['dragenter', 'dragover', 'drop']) zone.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true }));
}"""


def _unasked(told) -> bool:
    """Whether an error stands in the console that no test made."""
    return told.type == "error" and "503" not in told.text


@pytest.fixture
def window(watched):
    """Open windows of the app."""

    def opened(app, width=1280, **more):
        viewport = {"width": width, "height": 900}
        ours = (app.base, "blob:", "data:")
        return watched(app.address, ours=ours, told=_unasked, viewport=viewport, locale="en-GB", **more)

    return opened


def violations(page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe
    return [f"{page.url} {one['id']} {one['nodes'][0]['target']}" for one in axe().run(page).response["violations"]]


@pytest.mark.slow
def test_a_dropped_file_becomes_an_analysis_though_the_page_was_closed(start, window, c3d):
    app = start()
    page = window(app)
    assert page.url == f"{app.base}/"
    page.get_by_role("link", name="Add a recording").last.click()
    page.wait_for_url("**/add")
    page.wait_for_load_state()
    page.evaluate(DROP, ["<img src=x>.c3d", base64.b64encode(c3d).decode()])
    page.get_by_role("checkbox", name="<img src=x>.c3d").wait_for()
    page.get_by_label("Name", exact=True).fill("<script>alert(1)</script>")
    page.get_by_label("Height").fill("1,75")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("The head is marked.").wait_for(timeout=90_000)
    page.get_by_role("button", name="Analyse").click()
    page.locator("progress").wait_for()
    second = page.context.new_page()
    second.goto(page.url)
    address = page.url
    page.close()  # in the middle
    second.get_by_role("link", name=re.compile("Analysis of")).click(timeout=120_000)
    assert "your head swings" in second.locator(".said").inner_text()
    report = second.frame_locator("iframe")
    report.get_by_role("heading", name="How the push gets there").wait_for()
    before = report.locator("#figure").inner_html()
    report.locator("#play").click()  # its scripts run in their own sandbox
    second.wait_for_timeout(400)
    assert report.locator("#figure").inner_html() != before
    assert (
        second.evaluate(
            "() => { try { return document.querySelector('iframe').contentDocument } catch { return null } }"
        )
        is None
    )
    assert app.client.get(address.removeprefix(app.base)).status_code == 200
    _every_page_is_for_everybody(app, second)


def _every_page_is_for_everybody(app, page):
    """No violation of axe and no sideways scroll on any page, in two widths, light, dark and in German."""
    paths = ("/", "/add", "/runners", "/runners/1", "/recordings/1", "/analyses/1", "/compare?a=1", "/phone")
    found = []
    for width, scheme in ((375, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for path in paths:
            page.goto(app.base + path)
            found += violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} is wider than {width}")
        page.get_by_role("button", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
    assert found == []


def test_the_keyboard_alone_reaches_everything_on_the_first_page(app, window):
    page = window(app)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Go to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/add"
    page.keyboard.press("Enter")
    page.wait_for_url("**/add")


@pytest.fixture
def phone_address(start):
    """An app with an open door, and the address that its code holds."""
    app = start("--lan", "--lan-address", "127.0.0.1")
    psutil = pytest.importorskip("psutil")
    ports = {one.laddr.port for one in psutil.Process(app.process.pid).net_connections() if one.status == "LISTEN"}
    port = next(iter(ports - {int(app.base.rpartition(":")[2])}))
    return app, f"http://127.0.0.1:{port}"


def test_a_phone_without_the_code_is_turned_away_and_the_door_can_be_closed(phone_address):
    import httpx

    app, address = phone_address
    assert httpx.get(address).status_code == 401
    assert httpx.get(f"{address}/?token=wrong").status_code == 403
    app.client.post("/phone/close")
    for _ in range(50):
        try:
            httpx.get(address)
        except httpx.TransportError:
            break
    else:
        pytest.fail("the door is still open")
    assert "closed" in app.client.get("/phone").text


def test_an_upload_goes_on_by_itself_when_the_network_comes_back(app, window, tmp_path):
    page = window(app)
    page.goto(f"{app.base}/add")
    film = tmp_path / "long.mp4"
    film.write_bytes(b"0123456789abcdef" * (9 * 65536))  # 9.4 MB: three pieces
    broken = []

    def route(handling):
        broken.append(handling.request.url)
        handling.fulfill(status=503)

    page.route("**/uploads/*offset=4194304", route, times=1)
    page.set_input_files("#files", str(film))
    page.get_by_role("checkbox", name="long.mp4").wait_for(timeout=30_000)
    assert len(broken) == 1
    (upload,) = (app.folder / "uploads").glob("*.part")
    assert upload.stat().st_size == 9 * 1024 * 1024
    page.reload()
    assert page.get_by_role("checkbox", name="long.mp4").is_checked()
    page.get_by_role("button", name="Leave out long.mp4").click()
    page.get_by_role("checkbox", name="long.mp4").wait_for(state="detached")
    assert not upload.exists()


@pytest.mark.slow
def test_two_films_run_in_step(start, window, data):
    """The landings of one foot meet, and both bodies are as tall."""
    app = start()
    for name, given in (
        ("films/treadmill_side_portrait.mp4", {}),
        ("videos/side_track_30fps_running.mp4", {"runner": "1", "reference": "yes"}),
    ):
        film = data / name
        number = app.record(film.name, film.read_bytes(), **given)
        app.wait(f"/recordings/{number}", 300)
        app.client.post(f"/recordings/{number}/analyse", data={})
        app.wait(f"/recordings/{number}", 600)
    page = window(app)
    page.goto(f"{app.base}/beside?a=1&b=2")
    films = json.loads(page.locator("#films").text_content())
    page.get_by_role("button", name="Next landing").click()
    page.wait_for_timeout(1500)
    times = page.evaluate("[...document.querySelectorAll('video')].map((one) => one.currentTime)")
    landings = [[at for _, at in one["film"]["contacts"]] for one in films]
    for time, own in zip(times, landings, strict=True):
        assert min(abs(time - at) for at in own) < 0.02
    sides = [
        next(side for side, at in one["film"]["contacts"] if abs(at - time) < 0.02)
        for time, one in zip(times, films, strict=True)
    ]
    assert sides[0] == sides[1]
    heights = page.evaluate("[...document.querySelectorAll('video')].map((one) => one.getBoundingClientRect().height)")
    tall = []
    for height, time, one in zip(heights, times, films, strict=True):
        now = min(one["film"]["track"], key=lambda row: abs(row[0] - time))
        tall.append(height * now[3] / one["film"]["size"][1])
    assert tall[0] == pytest.approx(tall[1], rel=0.03)
    assert violations(page) == []


@pytest.mark.slow
def test_a_phone_scans_the_code_breaks_off_and_goes_on(phone_address, window, tmp_path):
    """The code is read from the screen, the network is lost in the middle, and the file is whole in the end."""
    cv2 = pytest.importorskip("cv2")
    app, address = phone_address
    page = window(app)
    page.goto(f"{app.base}/phone")
    page.locator("img.code").screenshot(path=str(tmp_path / "code.png"))
    scanned, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(tmp_path / "code.png")))
    assert scanned.startswith(f"{address}/?token=")
    film = tmp_path / "IMG_0001.MOV"
    film.write_bytes(bytes(range(256)) * 40_000)  # 10.2 MB: three pieces
    phone = page.context.browser.new_context(viewport={"width": 375, "height": 800}, locale="de-DE")
    try:
        first = phone.new_page()
        first.goto(scanned)
        assert "token" not in first.url
        assert violations(first) == []
        first.route("**/uploads/*offset=8388608", lambda handling: handling.abort())
        first.set_input_files("#files", str(film))
        page.get_by_text(re.compile("IMG_0001.MOV: 8")).wait_for(timeout=30_000)  # the computer sees it come
        first.close()  # in the middle
        second = phone.new_page()
        second.goto(address)
        second.set_input_files("#files", str(film))
        second.get_by_text("ist da").wait_for(timeout=30_000)
        assert (app.folder / "uploads" / "1.part").read_bytes() == film.read_bytes()
        stranger = page.context.browser.new_context()
        assert stranger.new_page().goto(scanned).status == 403
        stranger.close()
    finally:
        phone.close()
    page.goto(f"{app.base}/add")
    assert page.get_by_role("checkbox", name="IMG_0001.MOV").is_checked()

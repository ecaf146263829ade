"""The app as it is started: from a file to its analysis, killed and started again."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ONE_LINE = re.compile(r"Headway app: http://127\.0\.0\.1:\d+/\?token=[\w-]{20,}\n")


def _job(folder, kind):
    with sqlite3.connect(folder / "headway.db") as database:
        return database.execute("SELECT state, told FROM jobs WHERE kind = ? ORDER BY id DESC", (kind,)).fetchone()


def test_a_file_is_looked_at_analysed_and_deleted_again(start, c3d, at_once):
    app = start()
    number = app.record("my <run>.c3d", c3d)
    text = app.wait(f"/recordings/{number}")
    assert "The head is marked." in text
    assert "Ground forces are there." in text
    app.client.post(f"/recordings/{number}/analyse", data={"speed": "12.6 km/h"})
    text = app.wait(f"/recordings/{number}")
    assert 'href="/analyses/1"' in text
    assert "With every step your head swings" in app.client.get("/").text
    report = app.client.get("/analyses/1/report")
    assert "How the push gets there" in report.text
    assert (app.folder / "runners/1/analyses/1/summary.json").is_file()

    zipped = app.client.get("/runners/1/export").content
    read = app.client.post("/runners/read", data={"upload": app.upload("ida.zip", zipped)})
    assert read.headers["location"] == "/runners/2"
    assert app.client.get("/analyses/2/report").text == report.text
    assert "Ida" in app.client.get("/runners/2").text

    app.client.post("/recordings/1/delete")
    assert not (app.folder / "runners/1/recordings/1").exists()
    app.client.post("/runners/1/delete")
    assert not (app.folder / "runners/1").exists()
    assert app.client.get("/analyses/1").status_code == 404
    assert app.client.get("/analyses/2").status_code == 200
    code, seconds = app.end()
    assert (code, seconds < at_once) == (0, True)
    assert ONE_LINE.fullmatch(app.line)
    assert (app.process.stdout.read(), app.process.stderr.read()) == ("", "")


def _at_work(app, number):
    """Begin the analysis and wait until a process works on it."""
    app.client.post(f"/recordings/{number}/analyse", data={})
    end = time.monotonic() + 60
    while _job(app.folder, "analyse")[0] == "waiting" and time.monotonic() < end:
        time.sleep(0.02)
    assert _job(app.folder, "analyse")[0] == "running"


def test_work_is_cancelled_ended_killed_and_goes_on(start, c3d, at_once):
    app = start()
    number = app.record("run.c3d", c3d)
    app.wait(f"/recordings/{number}")

    _at_work(app, number)
    job = re.search(r'data-job="(\d+)"', app.client.get(f"/recordings/{number}").text)[1]
    begun = time.monotonic()
    assert app.client.post(f"/jobs/{job}/cancel").status_code == 204
    assert "The analysis was stopped." in app.wait(f"/recordings/{number}", at_once)
    assert time.monotonic() - begun < at_once
    assert app.client.post(f"/jobs/{job}/cancel").status_code == 409

    _at_work(app, number)
    with app.client.stream("GET", "/events") as stream:  # an open page does not hold it
        next(stream.iter_lines())
        code, seconds = app.end()
    assert (code, seconds < at_once) == (0, True)
    assert _job(app.folder, "analyse")[0] == "waiting"

    second = start()
    end = time.monotonic() + 60
    while _job(app.folder, "analyse")[0] == "waiting" and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(second.process.pid, signal.SIGKILL)
    second.process.wait()
    assert _job(app.folder, "analyse")[0] == "running"

    third = start()
    third.wait(f"/recordings/{number}")
    assert _job(third.folder, "analyse") == ("done", "")
    assert third.client.get("/analyses/1").status_code == 200
    assert third.client.get("/analyses/2").status_code == 404
    assert not list(third.folder.glob("runners/*/*/.*"))


def test_what_is_no_recording_is_told_and_cannot_be_analysed(app):
    number = app.record("holiday.jpg", b"\xff\xd8\xff" + b"0" * 500)
    text = app.wait(f"/recordings/{number}")
    assert "still picture" in text
    app.client.post(f"/recordings/{number}/analyse", data={})
    assert "still picture" in app.wait(f"/recordings/{number}")
    number = app.record("notes.txt", b"hello")
    text = app.wait(f"/recordings/{number}")
    assert "cannot be read" in text
    assert "disabled" in text
    assert str(app.folder) not in text


def test_a_library_has_one_app_at_a_time_and_a_port_one_program(app, tmp_path):
    command = [sys.executable, "-m", "headway.cli", "app", "--no-browser", "--library"]
    second = subprocess.run([*command, str(app.folder)], capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout) == (3, "")
    assert "is open in another Headway app" in second.stderr
    port = app.base.rpartition(":")[2]
    third = subprocess.run([*command, str(tmp_path / "b"), "--port", port], capture_output=True, text=True, check=False)
    assert third.returncode == 3
    assert "--port" in third.stderr


@pytest.mark.slow
def test_the_demo_shows_a_trend_and_a_verdict(start):
    app = start("--demo")
    app.wait("/", 300.0)
    text = app.client.get("/runners/1").text
    assert "The grey band is your own noise" in text
    assert text.count('class="dot"') == 12
    assert "Changed" in app.client.get("/experiments/1").text


@pytest.mark.slow
def test_a_film_is_looked_at_before_it_is_analysed(start, data):
    app = start()
    film = data / "videos" / "back_park_30fps_runner.mp4"
    number = app.record(film.name, film.read_bytes())
    text = app.wait(f"/recordings/{number}", 300.0)
    assert "Seen from behind" in text
    assert "30 pictures a second" in text
    app.client.post(f"/recordings/{number}/analyse", data={})
    app.wait(f"/recordings/{number}", 600.0)
    film = app.client.get("/analyses/1/films/film-1.mp4", headers={"range": "bytes=0-99"})
    assert (film.status_code, len(film.content)) == (206, 100)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("unshare"), reason="no unshare")
def test_nothing_is_asked_of_the_outside(tmp_path, c3d):
    """In a network namespace with nothing but loopback."""

    inner = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "from conftest import Running; app = Running(Path(sys.argv[1]));"
        "n = app.record('a.c3d', Path(sys.argv[3]).read_bytes()); app.wait(f'/recordings/{n}');"
        "app.client.post(f'/recordings/{n}/analyse', data={}); app.wait(f'/recordings/{n}');"
        "print(app.client.get('/analyses/1').status_code); app.end(); app.close()"
    )
    (tmp_path / "run.c3d").write_bytes(c3d)
    up = "ip link set lo up 2>/dev/null || ifconfig lo up"
    paths = f"{tmp_path / 'library'} {Path(__file__).parent} {tmp_path / 'run.c3d'}"
    script = f'{up}; exec {sys.executable} -c "{inner}" {paths}'
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    if "unshare" in done.stderr or "Network is unreachable" in done.stderr:
        pytest.skip(f"no network namespace here: {done.stderr[:100]}")
    assert done.stdout.strip() == "200", done.stderr


def test_the_start_menu_gets_an_entry_that_opens_the_app(tmp_path, monkeypatch):
    if sys.platform != "linux":
        pytest.skip("of Linux")
    from headway.app.install import install

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    entry = install()
    assert entry == tmp_path / "applications" / "headway.desktop"
    assert f'Exec="{sys.executable}" "-m" "headway.cli" "app"' in entry.read_text()
    assert (tmp_path / "icons/hicolor/scalable/apps/headway.svg").is_file()

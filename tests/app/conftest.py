import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

httpx = pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("starlette", reason="the extra app is not installed")

PIECE = 1_000_000


@pytest.fixture
def at_once() -> float:
    """Seconds that an app has to end: 5, and more on a computer with more to do than it has processors."""
    return 5.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Running:
    """The app as a user starts it, and a client that has come in."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "headway.cli", "app", "--no-browser", "--library", str(folder), *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.line = self.process.stdout.readline()
        self.address = self.line.split()[-1]
        self.base = self.address.partition("/?")[0]
        self.client = httpx.Client(base_url=self.base, headers={"origin": self.base}, timeout=60)
        self.client.get(self.address)

    def upload(self, name: str, data: bytes) -> int:
        told = self.client.post("/uploads", content=json.dumps({"name": name, "size": len(data)})).json()
        at = told["received"]
        while at < len(data):
            piece = data[at : at + PIECE]
            at = self.client.patch(f"/uploads/{told['id']}?offset={at}", content=piece).json()["received"]
        return told["id"]

    def record(self, name: str, data: bytes, /, **given: str) -> int:
        """Upload a file as a recording of a new runner; the number of the recording."""
        form = {"uploads": str(self.upload(name, data)), "runner": "new", "name": "Ida", "height": "1,75"} | given
        answer = self.client.post("/recordings", data=form)
        assert answer.status_code == 303, answer.text
        return int(answer.headers["location"].rpartition("/")[2])

    def wait(self, path: str, seconds: float = 120.0) -> str:
        """The page when no work is shown on it any more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.client.get(path).text
            if "data-job" not in text:
                return text
            time.sleep(0.2)
        raise TimeoutError(path)

    def end(self) -> tuple[int, float]:
        """Ask it to end; exit code and seconds."""
        begun = time.monotonic()
        self.process.terminate()
        return self.process.wait(20), time.monotonic() - begun

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        self.client.close()


@pytest.fixture
def start(tmp_path):
    """Start the app on a library, as often as wanted."""
    made = []

    def started(*more: str, folder: Path | None = None) -> Running:
        made.append(Running(folder or tmp_path / "library", *more))
        return made[-1]

    yield started
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The app, started once for all tests that neither end it nor count what is in its library."""
    running = Running(tmp_path_factory.mktemp("app") / "library")
    yield running
    running.close()


@pytest.fixture(scope="session")
def c3d(tmp_path_factory) -> bytes:
    """A short recording of the synthetic runner."""
    from headway.synthetic.parameters import RunnerParameters
    from headway.synthetic.recording import record, write
    from headway.synthetic.runner import SyntheticRunner

    path = tmp_path_factory.mktemp("c3d") / "run.c3d"
    write(path, record(SyntheticRunner(RunnerParameters()), duration=5.0, rate=100.0))
    return path.read_bytes()


@pytest.fixture
def inside(tmp_path):
    """The app within this process: state, a client that has come in, and the bare transport."""
    from starlette.testclient import TestClient

    from headway.app.guard import Pass
    from headway.app.server import make_app, open_state

    state = open_state(tmp_path / "library")
    entry = Pass("secret", ("testserver", "localhost"))
    client = TestClient(make_app(state, entry), headers={"origin": "http://testserver"}, follow_redirects=False)
    client.get("/?token=secret")
    yield state, client
    state.jobs.stop()
    state.library.close()

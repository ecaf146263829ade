import os
import pickle
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every process that a test starts would compile all it imports anew
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(
        _threads, "1"
    )  # before numpy is imported: two workers share the cores, and small matrices gain nothing

DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real recordings; tests that need it are skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"no real recordings at {DATA}; set HEADWAY_TEST_DATA")
    return DATA


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[], Any]], Any]:
    """Make what has this name once for all processes of this run of the tests; each gets a copy of its own."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder

    def made(name: str, make: Callable[[], Any]) -> Any:
        kept = folder / f"{name.replace('/', '_')}.pickle"
        with FileLock(f"{kept}.lock"):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make()))
        return pickle.loads(kept.read_bytes())

    return made


@pytest.fixture(scope="session")
def analysed(data, once) -> Callable[[str], Any]:
    """The analysis of a real recording as it is, by its path in the folder of real recordings; nobody may change it."""
    import headway

    return cache(lambda path: once(path, lambda: headway.analyze(headway.load(data / path))))


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of this process, which can hold only one driver at a time; or a skip."""
    path = Path("/usr/bin/chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not path.exists() or os.environ.get("HEADWAY_NO_BROWSER"):
        pytest.skip("no /usr/bin/chromium, or HEADWAY_NO_BROWSER is set")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def watched(chromium):
    """Open a new page of a file or address; errors in its console or scripts and requests beyond what it starts with fail the test."""
    faults, contexts = [], []

    def opened(
        address: str,
        *,
        ours: tuple[str, ...] = (),
        told=lambda message: message.type in ("error", "warning"),
        **context,
    ):
        contexts.append(chromium.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: faults.append(message.text) if told(message) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((address, *ours)) else faults.append(asked.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def broken_rules():
    """Per rule of physics: metrics that break it beside those of a sound runner, and one that has to go; left and right where they matter."""
    return {
        "step_widths_differ": ({"step_width": (0.07, 0.158, -0.020)}, "step_width"),
        "belt_speeds_differ": ({"speed": 3.2}, "speed"),
        "flight_without_time": ({"duty_factor": 0.55}, "flight_time"),
        "step_does_not_add_up": ({"flight_time": 0.150}, "contact_time"),
        "peak_below_mean": ({"peak_vertical_grf": 1.2}, "peak_vertical_grf"),
        "flight_too_low": ({"vertical_oscillation": 0.008}, "vertical_oscillation"),
        "rise_too_high": ({"head_vertical_oscillation": 0.190}, "head_lag_vertical"),
        "head_gains_too_much": ({"head_energy_share": 1.7}, "neck_joint_power"),
        "belt_drift": ({"speed_change": -0.09}, "head_forward_gain"),
        "ladder_open": ({"ladder_closure": 0.25}, "ladder_neck_peak_up"),
    }

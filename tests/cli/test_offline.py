"""No command reaches for the network: each is run without one (Linux: ``unshare``), and every socket that Python opens is noted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fuzz.run import CORPUS
from tests.kill.commands import prepare

from headway.cli import app

COMMANDS = [
    "demo --out demo --quiet",
    "analyze one.c3d --out one --quiet",
    f"analyze {CORPUS / 'zip' / 'made.zip'} --out worn --quiet",
    "analyze nobody.mp4 --out film --quiet",
    "metrics",
    "experiment protocol.toml --quiet",
    "compare one.c3d two.c3d --quiet",
    "plan --out plan",
    "new-protocol new.toml",
    "study recordings --out study --workers 1 --quiet",
    "norms build study --out norms.json --source none --licence none",
    "simulate --speed 3.5 --quick --out simulated --quiet",
    "export one --to trc --to osim --out files --quiet",
    "models add nothing.tgz",
    "validate --only power_6_pairs --out validation --quiet",
    "app install",
    "film-guide",
    "formats",
    "schema",
    "info",
]
REFUSED = {
    "analyze nobody.mp4 --out film --quiet": 3,
    "models add nothing.tgz": 3,
    "norms build study --out norms.json --source none --licence none": 3,
}
"""Exit codes of those that have nothing to do here; what they load is loaded."""
WATCH = """
import json, os, sys
def hook(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"):
        where = args[0] if event == "socket.getaddrinfo" else args[1]
        with open(os.environ["SOCKETS"], "a") as stream:
            stream.write(json.dumps([event, str(where)]) + "\\n")
sys.addaudithook(hook)
"""
LOOPBACK = ("('127.0.0.1'", "('::1'", "('localhost'", "127.0.0.1", "localhost", "::1", "None", "/", "b'", "\x00")
"""How addresses on this computer begin: of its own network, and of files."""


def _apart() -> list[str]:
    """What takes the network away, if this system lets us."""
    able = shutil.which("unshare") and subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    return ["unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"] if able else []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the commands read."""
    av = pytest.importorskip("av")
    folder = tmp_path_factory.mktemp("offline")
    prepare(folder)
    with av.open(str(folder / "nobody.mp4"), "w") as film:
        stream = film.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(60):
            picture = av.VideoFrame(64, 64, "rgb24")
            picture.planes[0].update(os.urandom(picture.planes[0].buffer_size))
            picture.pts = number
            film.mux(stream.encode(picture))
        film.mux(stream.encode(None))
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(WATCH)
    return folder


def _surroundings(folder: Path) -> dict[str, str]:
    paths = [str(folder / "hook"), *filter(None, [os.environ.get("PYTHONPATH")])]
    home = {name: str(folder / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    return {**os.environ, **home, "PYTHONPATH": os.pathsep.join(paths), "SOCKETS": str(folder / "sockets")}


def _abroad(folder: Path) -> list[str]:
    """Sockets that were opened to anything but this computer."""
    noted = folder / "sockets"
    rows = [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []
    noted.unlink(missing_ok=True)
    return [f"{event} {where}" for event, where in rows if not where.startswith(LOOPBACK)]


def test_every_declared_command_is_listed():
    declared = {name for name in app if not name.startswith("-")}
    assert declared == {line.split()[0] for line in COMMANDS}


@pytest.mark.slow
def test_the_note_of_sockets_works(folder):
    call = "import socket; socket.getaddrinfo('localhost', 1); socket.socket(2, 2).connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", call], env=_surroundings(folder), capture_output=True)
    assert _abroad(folder) == ["socket.connect ('192.0.2.1', 9)"]


@pytest.mark.slow
def test_no_command_reaches_for_the_network(folder):
    faults = []
    for line in COMMANDS:
        command = [*_apart(), sys.executable, "-m", "headway.cli", *line.split()]
        done = subprocess.run(command, cwd=folder, env=_surroundings(folder), capture_output=True, text=True)
        if done.returncode != REFUSED.get(line, 0):
            faults.append(f"{line}: code {done.returncode}: {done.stderr.strip()[-300:]}")
        faults += [f"{line}: {socket}" for socket in _abroad(folder)]
    assert not faults, "\n".join(faults)


@pytest.mark.slow
def test_the_app_talks_with_this_computer_alone(folder):
    pytest.importorskip("uvicorn")
    ask = [sys.executable, str(Path(__file__).with_name("ask_the_app.py"))]
    done = subprocess.run([*_apart(), *ask], cwd=folder, env=_surroundings(folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    assert "<html" in done.stdout
    assert not _abroad(folder)

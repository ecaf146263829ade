"""Build Headway and try it in bare environments: ``python distribution/bare_environments.py [--python 3.12 | PATH] [--extra video]``.

Builds wheel and source archive twice and compares their hashes, then makes an empty environment for every Python and extra,
installs the wheel there, and runs what the extra is for. Prints one row for each, and ends with code 1 if one fails.
Needs ``uv`` and the package registry that ``uv`` is set up for; a Python that is not on this machine is named and left out.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EPOCH = "1735689600"
"""Time that stands in the archives (2025-01-01), so that two builds are the same."""


@dataclass(frozen=True)
class Trial:
    """What is run in an environment: a command, its exit code, and words that its output has to hold."""

    command: tuple[str, ...]
    says: str = ""
    code: int = 0


def snippet(code: str, says: str = "") -> Trial:
    """A trial of some lines of Python."""
    return Trial(("python", "-c", code), says)


FILM = """
import av, numpy as np
with av.open("film.mp4", "w") as out:
    stream = out.add_stream("mpeg4", rate=30); stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
    for k in range(30):
        picture = av.VideoFrame.from_ndarray(np.full((240, 320, 3), k, np.uint8), format="rgb24")
        out.mux(stream.encode(picture))
    out.mux(stream.encode())
"""
SERVED = """
import re, subprocess, sys
from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, build_opener
page = subprocess.Popen([sys.executable, "-m", "headway.cli", "app", "--no-browser", "--library", "library"], stdout=subprocess.PIPE, text=True)
try:
    address = re.search(r"http://127.0.0.1:\\S+", page.stdout.readline())[0]
    print(build_opener(HTTPCookieProcessor(CookieJar())).open(address).status, "from the loopback")
finally:
    page.terminate()
"""
SOLVED = """
import casadi
x = casadi.SX.sym("x")
found = casadi.nlpsol("s", "ipopt", {"x": x, "f": (x - 3) ** 2}, {"print_time": False, "ipopt.print_level": 0})()
print("solved", round(float(found["x"]), 3))
"""
PLOTTED = (
    'import headway; headway.Analysis.load("demo").plot("contact_time").figure.savefig("plot.png"); print("drawn")'
)
DEMO = Trial(("headway", "demo", "--out", "demo"), "Report: ")
MISSING = (
    Trial(("headway", "app", "--no-browser"), 'extra "app"', 3),
    Trial(("headway", "analyze", "film.mp4"), 'extra "video"', 3),
    Trial(("headway", "simulate", "--speed", "3"), "--extra lab", 3),
    Trial(("headway", "analyze", "watch.fit"), "headway[sensors]", 3),
    Trial(("headway", "study", "demo", "--out", "study", "--scheduler", "tcp://127.0.0.1:9"), "headway[cluster]", 3),
    snippet(
        "import headway\ntry: headway.Analysis.load('demo').plot('contact_time')\nexcept headway.errors.OptionError as e: print(e)",
        "headway[plot]",
    ),
)
"""What every extra says at first use where it is missing."""
NO_RUNNER = Trial(("headway", "analyze", "film.mp4"), "film.mp4", 3)
NO_MODEL = Trial(("headway", "analyze", "film.mp4"), "MediaPipe is not made for Python", 3)


def trials(extra: str, minor: int) -> tuple[Trial, ...]:
    """What is run where an extra is installed, by the minor version of Python."""
    film = (snippet(FILM), NO_MODEL if minor >= 13 else NO_RUNNER)
    of_extra = {
        "": (DEMO, *MISSING),
        "video": film,
        "sensors": (snippet("import fitdecode; print('reads FIT')", "reads FIT"),),
        "cluster": (snippet("import distributed; print('has dask')", "has dask"),),
        "plot": (DEMO, snippet(PLOTTED, "drawn")),
        "lab": (snippet(SOLVED, "solved 3.0"),),
        "app": (snippet(SERVED, "200 from the loopback"),),
        "opensim": (snippet("import opensim; print(opensim.GetVersion())", "4."),),
    }
    return (
        (DEMO, *(one for name in ("lab", "app") for one in of_extra[name]), *film)
        if extra == "all"
        else of_extra[extra]
    )


EXTRAS = ("", "video", "sensors", "cluster", "plot", "lab", "app", "all")


def built(folder: Path) -> Path:
    """Build twice, compare, and give the wheel; the two are the same or the program ends."""
    hashes = []
    for name in ("once", "again"):
        subprocess.run(
            ["uv", "build", "--quiet", "--out-dir", str(folder / name)],
            cwd=HOME, env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH}, check=True,
        )  # fmt: skip
        files = sorted(path for path in (folder / name).iterdir() if path.suffix in (".whl", ".gz"))
        hashes.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    if hashes[0] != hashes[1]:
        sys.exit(f"two builds differ: {hashes}")
    for name, digest in hashes[0].items():
        print(f"{name}  sha256 {digest}  the same twice")
    return next((folder / "once").glob("*.whl"))


def tried(python: str, extra: str, wheel: Path, folder: Path) -> list[str]:
    """Faults of one environment, one line each; none where all went well."""
    folder.mkdir(parents=True)
    subprocess.run(["uv", "venv", "--quiet", "--python", python, str(folder / "venv")], check=True)
    bin_folder = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    wanted = f"headway[{extra}] @ {wheel.as_uri()}" if extra else str(wheel)
    done = subprocess.run(
        ["uv", "pip", "install", "--quiet", "--python", str(bin_folder / "python"), wanted],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return [f"does not install: {' '.join(done.stderr.split())[:300]}"]
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(64))
    (folder / "watch.fit").write_bytes(b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT\x00\x00")
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    faults = []
    shown = subprocess.run([bin_folder / "python", "-c", "import sys; print(sys.version_info[1])"], capture_output=True)
    for trial in trials(extra, int(shown.stdout)):
        ran = subprocess.run(
            [str(bin_folder / trial.command[0]), *trial.command[1:]],
            cwd=folder,
            env=clean,
            capture_output=True,
            text=True,
        )
        told = ran.stdout + ran.stderr
        if ran.returncode != trial.code or trial.says not in told or "Traceback" in told:
            faults.append(
                f"{' '.join(trial.command)[:60]!r} ended with {ran.returncode}: {' '.join(told.split())[-300:]}"
            )
    return faults


def main() -> None:
    """Try all that is asked for."""
    parser = argparse.ArgumentParser(description="Build Headway and try it in bare environments.")
    parser.add_argument("--python", action="append")
    parser.add_argument("--extra", action="append")
    asked = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        wheel = built(Path(scratch))
        for number, python in enumerate(asked.python or PYTHONS):
            if subprocess.run(["uv", "python", "find", "--offline", python], capture_output=True).returncode:
                print(f"{python}  not on this machine, left out")
                continue
            for extra in asked.extra or EXTRAS:
                faults = tried(python, extra, wheel, Path(scratch) / f"{number}-{extra or 'base'}")
                print(f"{python}  {extra or '(none)':10}  {'works' if not faults else '; '.join(faults)}", flush=True)
                failed = failed or bool(faults)
    sys.exit(int(failed))


if __name__ == "__main__":
    main()

"""What one and two films tell of moments and of what pushes the head, against markers and plates of the same runner.

python benchmarks/body_films.py

The synthetic runner is filmed by virtual phones (4 mm of noise a picture) from the side, and from behind too, and fitted once more with markers
and plates. Nothing of another day is gone on with. The first runner is the one that the width of the intervals was found with; the other judges it.
"""

from __future__ import annotations

import os
import tempfile

import numpy as np

from headway.dynamics.push import DIRECTIONS, PUSHED, SOURCES
from headway.fit.curves import body_curves
from headway.fit.fit_body import fit_body
from headway.fit.run import FittedBody
from headway.gait.runner import Runner
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

HEIGHT, NOISE = 1.75, 0.004
RUNNERS = {
    "3.5 m/s, 60 pictures/s": (RunnerParameters(), 60.0),
    "3.0 m/s, 30 pictures/s": (RunnerParameters(speed=3.0, contact_time=0.25), 30.0),
}
SIDE = PhoneCamera((0.3, 1.0, 6.0), (0.3, 1.0, 0.0))
REAR = PhoneCamera((-6.0, 1.2, 0.0), (0.0, 1.0, 0.0))
JOINTS = ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion")


def filmed(runner: SyntheticRunner, camera: PhoneCamera, rate: float) -> KeyPoints:
    """What a pose model would tell of eight seconds on a treadmill."""
    time, places, labels = runner_points(runner, duration=8.0, rate=rate)
    return film(time, places, labels, camera, noise=NOISE)


def moments(known: FittedBody, told: FittedBody) -> list[str]:
    """Error of each moment over its range, and the share of stance in which its interval holds; means of both legs."""
    one, other = body_curves(known), body_curves(told)
    cells = []
    for name in (*(f"{joint}_stance" for joint in JOINTS), "lumbar_extension"):
        true, found, error = (
            data.sel(coordinate=name).to_numpy()
            for data in (one["body_moment"], other["body_moment"], other["body_moment_error"])
        )
        size = np.sqrt(((found - true) ** 2).mean(1)) / np.ptp(true, axis=1)
        cells.append(f"{100 * size.mean():.0f} % / {(np.abs(found - true) < 1.96 * error).mean():.0%}")
    return cells


def pushes(known: FittedBody, told: FittedBody) -> list[str]:
    """RMS error of the changes of velocity up and forward, m/s, and the share of intervals that hold them; without one film's sideways ones."""
    one, other = (body.push_off(body.trial) for body in (known, told))
    true, found = (np.nanmean(push.gained, axis=0) for push in (one, other))
    axes = [DIRECTIONS.index(name) for name in (("up", "forward") if told.found.films == 1 else DIRECTIONS)]
    held = (np.abs(found - true) < 1.96 * other.error)[..., axes]
    head = (found - true)[PUSHED.index("head")][:, [0, 1]]
    worst = SOURCES[int(np.abs(head).max(1).argmax())]
    return [f"{np.sqrt((head**2).mean()):.2f}", f"{worst} {np.abs(head).max():.2f}", f"{held.mean():.0%}"]


def main() -> None:
    """Print the table."""
    os.environ["HEADWAY_CACHE"] = tempfile.mkdtemp()
    for name, (parameters, rate) in RUNNERS.items():
        runner = SyntheticRunner(parameters)
        known = fit_body(record(runner, duration=2.0, rate=200.0), Runner(HEIGHT), workers=1)
        side, rear = (filmed(runner, camera, rate) for camera in (SIDE, REAR))
        who, options = Runner(HEIGHT, parameters.mass), Options(treadmill=True)
        for films in ([side], [side, rear]):
            told = fit_body(films, who, options)
            seconds = f"{told.found.seconds:.0f}"
            cells = (name, len(films), told.found.converged, *moments(known, told), *pushes(known, told), seconds)
            print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main()

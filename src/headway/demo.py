"""The demonstration: a synthetic runner, recorded to a C3D, read back and analysed like anyone else, beside its truth."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from headway.analysis import Analysis, analyze
from headway.folder import claimed
from headway.gait.runner import Runner
from headway.results import Entry
from headway.sources import load_recording
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing, write
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth import truth

DURATION, RATE, FORCE_RATE = 12.0, 200.0, 2000.0


@dataclass(frozen=True)
class Demo:
    """Measured beside true.

    Attributes
    ----------
    analysis
        What the ordinary analysis found.
    rows
        Metric, true value, entry of the summary.
    description
        The runner in words.
    """

    analysis: Analysis
    rows: tuple[tuple[str, float, Entry], ...]
    description: str


def run_demo(out: Path, *, noise: float = 0.0, seed: int = 0, overwrite: bool = False) -> Demo:
    """Analyse a synthetic runner on a treadmill and save the results with the recording itself.

    Parameters
    ----------
    out
        Folder for the results.
    noise
        Standard deviation of the marker noise, m.
    seed
        Of the noise.
    overwrite
        Replace an earlier analysis in the folder.
    """
    parameters = RunnerParameters()
    runner = SyntheticRunner(parameters)
    claim = claimed(out, overwrite=overwrite, files=("summary.json", "report.html"))
    with claim, tempfile.TemporaryDirectory() as scratch:
        run, pose = Path(scratch) / "runner.c3d", Path(scratch) / "standing.c3d"
        write(run, record(runner, duration=DURATION, rate=RATE, force_rate=FORCE_RATE, noise=noise, seed=seed))
        write(pose, standing(runner, rate=RATE))
        result = analyze(
            load_recording(run), Runner(height=parameters.height, sex=parameters.sex), standing=load_recording(pose)
        )
        result.save(out, overwrite=overwrite, attachments=(run, pose))
    known = truth(runner)
    metrics = result.summary.metrics
    rows = tuple((name, known[name], metrics[name]) for name in metrics if name in known)
    description = (
        f"{parameters.mass:g} kg, {parameters.height:g} m, {parameters.speed:g} m/s, {parameters.cadence:g} steps/min, "
        f"marker noise {1000 * noise:g} mm, {RATE:g} Hz"
    )
    return Demo(result, rows, description)

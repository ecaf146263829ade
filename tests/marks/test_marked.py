"""Blocks are cut where a film's sound has their marks."""

from pathlib import Path

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.experiments.experiment import run
from headway.experiments.marked import cut_at_marks
from headway.experiments.plan import make_plan
from headway.experiments.plan_options import PlanOptions
from headway.experiments.read_protocol import load_protocol
from headway.marks.code import LENGTH, Mark, sound
from headway.synthetic.camera import film, runner_points
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.runner import SyntheticRunner

from ..experiment.test_recordings import CAMERA, written
from ..pose.make_film import make_film

RATE, SECONDS = 44100, 30.0
BLOCKS = ((1, 1.3, 9.4), (2, 11.2, 19.1), (3, 20.9, 29.2))
"""Number, start and stop, s."""


def sounding(path: Path, marks: list[tuple[float, Mark]], seconds: float = SECONDS, later: float = 0.0) -> Path:
    """A film of one picture per 1/15 s whose sound has marks that begin at given times; its sound may begin ``later``."""
    import av

    random = np.random.default_rng(3)
    samples = 0.05 * random.normal(size=int(seconds * RATE))
    for at, mark in marks:
        samples[round(at * RATE) :][: len(sound(mark))] += sound(mark)
    picture = make_film(path.with_name("mute.mp4"), np.arange(0, seconds, 1 / 15), size=(64, 48))
    with av.open(str(picture)) as source, av.open(str(path), "w") as container:
        shown = container.add_stream_from_template(source.streams.video[0])
        heard = container.add_stream("aac", rate=RATE, layout="mono")
        heard.bit_rate = 64000
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = shown
                container.mux(packet)
        skipped = int(later * RATE)
        for at in range(skipped, len(samples), 1024):
            part = samples[None, at : at + 1024].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(heard.encode(frame))
        container.mux(heard.encode(None))
    return path


def edges(blocks: tuple[tuple[int, float, float], ...] = BLOCKS) -> list[tuple[float, Mark]]:
    return [one for n, a, b in blocks for one in ((a - LENGTH, Mark(n, "start")), (b, Mark(n, "stop")))]


def protocol(folder: Path, *, recording: str = "film.mp4", more: str = "") -> Path:
    text = '[design]\nkind = "free-held-free"\nprimary = "contact_time"\n'
    for number, condition in enumerate(("free", "held", "free"), 1):
        text += f'[[block]]\nrecording = "{recording}"\ncondition = "{condition}"\nmark = {number}\n{more}\n'
    path = folder / "protocol.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("more", "later"), [([], 0.0), ([], 0.7), ([(10.1, Mark(2, "start"))], 0.0)])
def test_every_block_lies_between_its_marks(tmp_path: Path, more: list, later: float):
    """Where the sound begins after the pictures, too, and where a block was begun and given up."""
    sounding(tmp_path / "film.mp4", [*edges(), *more], later=later)
    path = protocol(tmp_path)
    cut = cut_at_marks(load_protocol(path), path)
    for (_, start, stop), block in zip(BLOCKS, cut.block, strict=True):
        assert (block.options.start, block.options.stop) == (
            pytest.approx(start, abs=0.02),
            pytest.approx(stop, abs=0.02),
        )


def test_an_experiment_is_run_from_marks(tmp_path: Path):
    runner = SyntheticRunner(RunnerParameters(step_noise=StepVariability(contact_time=0.02, seed=1)))
    time, points, labels = runner_points(runner, duration=SECONDS, rate=60.0, seed=1)
    written(tmp_path / "run", film(time, points, labels, CAMERA, noise=0.002, seed=1))
    sounding(tmp_path / "film.mp4", edges())
    found = run(
        protocol(tmp_path, recording="run", more='heard = "film.mp4"\nrate = 60\ntreadmill = true\nspeed = 3.5')
    )
    for (_, start, stop), block, analysis in zip(BLOCKS, found.summary.blocks, found.analyses, strict=True):
        assert (block.start, block.stop) == (pytest.approx(start, abs=0.02), pytest.approx(stop, abs=0.02))
        contacts = analysis.steps["initial_contact"]
        assert start <= contacts.min() and contacts.max() <= stop
        assert len(contacts) == pytest.approx((stop - start) / runner.parameters.step_time, abs=3)
    assert found.verdict != "changed", "nothing was changed"


def _without(k: int) -> list[tuple[float, Mark]]:
    return [one for j, one in enumerate(edges()) if j != k]


TWICE = [*edges(), (30.2, Mark(2, "start")), (32.0, Mark(2, "stop"))]
SWAPPED = edges(((2, *BLOCKS[0][1:]), (1, *BLOCKS[1][1:]), BLOCKS[2]))


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (
            _without(3),
            r"line 12, block 2, mark: film.mp4: the stop of block 2 is not heard \(its start at 10.8 s and marks",
        ),
        (
            [],
            r"block 1, mark: film.mp4: the start and the stop of block 1 is not heard \(no mark at all\); give start and stop",
        ),
        (TWICE, r"block 2, mark: film.mp4: block 2 is heard 2 times \(10.8-19.1 s, 30.2-32.0 s\)"),
        (SWAPPED, r"block 2, mark: block 2 is heard before block 1: another order than the protocol's"),
    ],
)
def test_what_is_missing_or_contradicts_the_protocol_is_one_line(tmp_path: Path, marks, told: str):
    sounding(tmp_path / "film.mp4", marks, seconds=34.0)
    path = protocol(tmp_path)
    with pytest.raises(RecordingError, match=told) as caught:
        run(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("start = 3", "block 1, mark: has start or stop as well; leave one of them out"),
        ('heard = "no.mp4"', "block 1, heard: no.mp4 does not exist"),
    ],
)
def test_a_protocol_with_marks_is_checked(tmp_path: Path, more: str, told: str):
    sounding(tmp_path / "film.mp4", [])
    with pytest.raises(RecordingError, match=told):
        load_protocol(protocol(tmp_path, more=more))
    path = protocol(tmp_path)
    path.write_text(path.read_text().replace("mark = 3", "mark = 2"))
    with pytest.raises(RecordingError, match="block 3, mark: mark 2 is taken by block 2"):
        load_protocol(path)


def test_a_plan_with_marks_has_their_sound_and_a_protocol_of_their_order(tmp_path: Path):
    folder = make_plan(PlanOptions(seed=7, marks=True, pairs=6, seconds=15, rest=5, washout=10)).save(tmp_path / "plan")
    sounding(folder / "run.mp4", [], seconds=2.0).rename(folder / "run.c3d")  # told by its content, not by its name
    blocks = load_protocol(folder / "protocol.toml").block
    assert [block.mark for block in blocks] == list(range(1, 13))
    assert "start =" not in (folder / "protocol.toml").read_text()
    assert "marks.wav" in (folder / "card.html").read_text()
    from headway.marks.film_sound import marks_in

    heard = marks_in(folder / "marks.wav")
    assert [one.mark for one in heard] == [Mark(n, edge) for n in range(1, 13) for edge in ("start", "stop")]

"""A led experiment: what was asked for, what was answered, when each block ran; and the protocol that comes of it."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, structs

from headway.app.experiments import KeptExperiment
from headway.app.library import Library
from headway.app.runners import KeptRunner
from headway.experiments.plan import Schedule, Slot, make_plan, protocol_text
from headway.experiments.plan_options import PlanOptions

Pushed = Literal["head", "body", "unsure"]
Recorded = Literal["camera", "film", "sensors"]
"""How the session is recorded: by this computer's camera, by a phone that films elsewhere and hears the marks, by what the runner wears."""
Rating = Annotated[int, Meta(ge=0, le=10)]


class LedBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One block as it was run.

    Attributes
    ----------
    started, stopped
        s since 1970 by this computer's clock.
    start, stop
        s from the beginning of the camera's recording.
    effort, stress
        0 to 10, tapped right after the block.
    """

    started: float | None = None
    stopped: float | None = None
    start: float | None = None
    stop: float | None = None
    effort: Rating | None = None
    stress: Rating | None = None


class LedExperiment(msgspec.Struct, frozen=True):
    """What the library keeps of a led experiment as its plan.

    Attributes
    ----------
    asked
        From which the schedule follows, its seed among them.
    quiz
        What the runner thinks is pushed, answered before anything else.
    recorded
        How.
    beat
        Beats per minute of the metronome; 0 without.
    blocks
        By number.
    """

    asked: PlanOptions
    quiz: Pushed | None = None
    recorded: Recorded | None = None
    beat: Annotated[int, Meta(ge=0, le=240)] = 0
    blocks: dict[int, LedBlock] = {}

    @property
    def schedule(self) -> Schedule:
        """Blocks in the order that the coin drew."""
        return _schedule(msgspec.json.encode(self.asked))


class SaidInDrill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer from the page: the quiz, how it is recorded, or something of a block; what is absent stays."""

    quiz: Pushed | None = None
    recorded: Recorded | None = None
    beat: Annotated[int, Meta(ge=0, le=240)] | None = None
    block: Annotated[int, Meta(ge=1)] | None = None
    about: LedBlock = LedBlock()
    again: bool = False


@cache
def _schedule(asked: bytes) -> Schedule:
    return make_plan(msgspec.json.decode(asked, type=PlanOptions))


def plan_of(experiment: KeptExperiment) -> LedExperiment | None:
    """What was planned; ``None`` when the app did not lead it."""
    try:
        return msgspec.json.decode(experiment.plan, type=LedExperiment)
    except msgspec.DecodeError:
        return None


def keep_plan(library: Library, experiment: int, plan: LedExperiment) -> None:
    """Keep what is known by now."""
    library.database.run("UPDATE experiments SET plan = ? WHERE id = ?", msgspec.json.encode(plan).decode(), experiment)


def with_answer(plan: LedExperiment, said: SaidInDrill) -> LedExperiment:
    """Add an answer; the quiz and a rating are answered once."""
    blocks = {} if said.again else dict(plan.blocks)
    if said.block is not None and said.block <= len(plan.schedule.slots):
        before = blocks.get(said.block, LedBlock())
        new = {name: value for name, value in structs.asdict(said.about).items() if value is not None}
        rated = [name for name in ("effort", "stress") if getattr(before, name) is not None]
        blocks[said.block] = structs.replace(before, **{k: v for k, v in new.items() if k not in rated})
    return structs.replace(
        plan,
        quiz=plan.quiz or said.quiz,
        recorded=said.recorded or plan.recorded,
        beat=plan.beat if said.beat is None else said.beat,
        blocks=blocks,
    )


def led_protocol(
    plan: LedExperiment, runner: KeptRunner, title: str, recording: str, epoch: float | None = None
) -> str:
    """Protocol of a led session.

    Parameters
    ----------
    plan, runner, title
        What was run, by whom, under which name.
    recording
        Its file, beside the protocol.
    epoch
        Where the recording's clock begins, s since 1970, of what was worn.
    """
    about = {"height": runner.height, "mass": runner.mass, "sex": runner.sex}
    said = [f"{name} = {_toml(value)}" for name, value in about.items() if value is not None]
    return protocol_text(
        plan.schedule,
        recording,
        top=[f"title = {_toml(title)}", "[runner]", f"name = {_toml(runner.name)}", *said],
        block=lambda slot: _block(plan, slot, epoch),
    )


def _block(plan: LedExperiment, slot: Slot, epoch: float | None) -> list[str]:
    led = plan.blocks.get(slot.number, LedBlock())
    if plan.recorded == "film":
        lines = [f"mark = {slot.number}"]
    else:
        ends = (led.start, led.stop) if epoch is None else (led.started, led.stopped)
        lines = [
            f"{name} = {at - (epoch or 0.0):.3f}"
            for name, at in zip(("start", "stop"), ends, strict=True)
            if at is not None
        ]
    felt = {"legs_feet_stress": led.stress, "rpe": led.effort}
    lines.append(f"felt = {{ {', '.join(f'{name} = {value}' for name, value in felt.items() if value is not None)} }}")
    return [*lines, f'pushed = "{plan.quiz}"'] if plan.quiz and slot.number == 1 else lines


def _toml(value: str | float) -> str:
    """A value as TOML writes it; strings as JSON, whose escapes TOML shares."""
    return msgspec.json.encode(value).decode()

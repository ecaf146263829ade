"""The led experiment: its plan, its answers, its protocol, its sounds."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

pytest.importorskip("starlette", reason="the extra app is not installed")

from headway.app.drill_state import LedBlock, LedExperiment, SaidInDrill, led_protocol, with_answer
from headway.app.experiments import experiment_of, experiments_of
from headway.app.runners import KeptRunner
from headway.experiments.plan import CUES
from headway.experiments.plan_options import PlanOptions
from headway.experiments.read_protocol import load_protocol
from headway.marks.code import Mark
from headway.marks.find import RATE, find_marks
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner
from headway.texts import Texts

ANN = KeptRunner(1, 'Ann "the\nfast" \\ Ü', 1.72, 64.0, "female", "")
SHORT = PlanOptions(pairs=3, seconds=6.0, settle=0.0, washout=4.0, rest=2.0, seed=5, marks=True)
FORM = {
    "test": "held",
    "metric": "contact_time",
    "pairs": "3",
    "seconds": "6",
    "settle": "0",
    "washout": "4",
    "rest": "2",
}


def led(recorded: str = "film", asked: PlanOptions = SHORT) -> LedExperiment:
    """A session that was run, each block with its times and ratings."""
    plan = with_answer(LedExperiment(asked), SaidInDrill(quiz="body", recorded=recorded))
    for slot in plan.schedule.slots:
        at = LedBlock(1e9 + slot.start, 1e9 + slot.stop, 5 + slot.start, 5 + slot.stop)
        plan = with_answer(plan, SaidInDrill(block=slot.number, about=at))
        plan = with_answer(plan, SaidInDrill(block=slot.number, about=LedBlock(effort=slot.number, stress=3)))
    return plan


def test_the_quiz_and_the_ratings_are_answered_once():
    plan = with_answer(led(), SaidInDrill(quiz="head", block=2, about=LedBlock(effort=9, stress=9)))
    assert plan.quiz == "body" and plan.blocks[2].effort == 2 and plan.blocks[2].stress == 3
    assert plan.blocks[2].started == 1e9 + plan.schedule.slots[1].start
    assert with_answer(plan, SaidInDrill(recorded="camera", again=True)).blocks == {}
    assert with_answer(plan, SaidInDrill(block=99, about=LedBlock(effort=1))) == plan
    assert msgspec.json.decode(msgspec.json.encode(plan), type=LedExperiment) == plan


@pytest.mark.parametrize(("recorded", "epoch"), [("film", None), ("camera", None), ("sensors", 1e9 - 30.0)])
def test_its_protocol_holds_order_times_and_what_was_felt(tmp_path: Path, recorded: str, epoch: float | None):
    (tmp_path / "run.c3d").write_text("")
    plan = led(recorded)
    path = tmp_path / "protocol.toml"
    path.write_text(led_protocol(plan, ANN, 'A "title"', "run.c3d", epoch), encoding="utf-8")
    found = load_protocol(path)
    assert found.runner.name == ANN.name and found.runner.height == 1.72 and found.title == 'A "title"'
    assert found.design.seed == 5 and found.design.randomised
    slots = plan.schedule.slots
    assert [one.condition for one in found.block] == [slot.condition for slot in slots]
    assert [one.felt.rpe for one in found.block] == [slot.number for slot in slots]
    assert [one.pushed for one in found.block] == ["body", *[None] * 5]
    if recorded == "film":
        assert [one.mark for one in found.block] == [1, 2, 3, 4, 5, 6]
    else:
        offset = 5.0 if recorded == "camera" else 30.0
        assert [one.options.start for one in found.block] == [slot.start + offset for slot in slots]


def test_the_english_cues_are_those_of_the_plan():
    texts = Texts("en")
    assert {name: texts(f"drill.cue_{name}") for name in CUES} == CUES


def add_runner(client) -> None:
    assert client.post("/runners", data={"name": "Ann", "height": "172 cm"}).status_code == 303


def test_a_plan_is_drawn_kept_and_begins_with_the_quiz(inside):
    state, client = inside
    assert "/runners" in client.get("/drill").text, "without a runner the page leads to them"
    add_runner(client)
    assert client.get("/drill").text.count('class="evidence"') == 4
    answer = client.post("/drill", data={**FORM, "runner": "1"})
    assert answer.headers["location"] == "/drill/1"
    page = client.get("/drill/1").text
    session = json.loads(page.partition('id="session">')[2].partition("</script>")[0])
    assert session["quiz"] is None and len(session["slots"]) == 6
    assert "Hold the head still" in client.get("/runners/1").text
    card = client.get("/drill/1/card")
    assert "marks.wav" in card.text and "default-src 'none'" in card.headers["content-security-policy"]
    assert client.post("/drill/1/answers", content='{"quiz": "head"}').status_code == 204
    assert client.post("/drill/1/answers", content='{"block": 1, "about": {"effort": 11}}').status_code == 400
    assert client.post("/drill/7/answers", content="{}").status_code == 404
    assert msgspec.json.decode(experiment_of(state.library, 1).plan, type=LedExperiment).quiz == "head"
    assert experiments_of(state.library, 1)[0].state == "planned"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pairs": "many"}, "pairs"),
        ({"pairs": "0"}, "pairs"),
        ({"seconds": "3"}, "seconds"),
        ({"test": "free"}, "test"),
        ({"test": "<script>"}, "test"),
        ({"metric": "nonsense"}, "metric"),
        ({"runner": "99"}, "nobody is chosen"),
        ({"runner": "x"}, "nobody is chosen"),
        ({"washout": "nan"}, "washout"),
    ],
)
def test_what_cannot_be_planned_is_said_on_the_page(inside, given: dict[str, str], told: str):
    state, client = inside
    add_runner(client)
    answer = client.post("/drill", data={**FORM, "runner": "1", **given})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert told in answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert experiments_of(state.library, 1) == []


def test_the_page_is_given_the_very_sound_that_is_looked_for(inside):
    _, client = inside
    answer = client.get("/drill/sounds/stop-12.wav")
    samples = np.frombuffer(answer.content[44:], "<i2") / 32768
    slower = np.interp(np.arange(0, len(samples), 44100 / RATE), np.arange(len(samples)), samples)
    (one,) = find_marks([np.concatenate([np.zeros(RATE), slower, np.zeros(RATE)]).astype(np.float32)])
    assert one.mark == Mark(12, "stop") and one.time == pytest.approx(1.0, abs=0.005)
    assert client.get("/drill/sounds/stop-200.wav").status_code == 404
    assert client.get("/drill/sounds/middle-1.wav").status_code == 404


def test_a_session_is_measured_to_its_verdict(start, tmp_path: Path):
    app = start()
    app.client.post("/runners", data={"name": "Ann", "height": "172 cm"})
    number = (
        app.client.post("/drill", data={**FORM, "runner": "1", "pairs": "1"}).headers["location"].rpartition("/")[2]
    )
    runner = SyntheticRunner(RunnerParameters(step_noise=StepVariability(contact_time=0.02, seed=1)))
    write(tmp_path / "run.c3d", record(runner, duration=20.0, rate=100.0))
    text = app.client.get(f"/drill/{number}").text
    slots = json.loads(text.partition('id="session">')[2].partition("</script>")[0])["slots"]
    answers = [{"quiz": "unsure"}, {"recorded": "camera", "beat": 170}]
    for slot in slots:
        about = {"start": 1 + slot["start"], "stop": 1 + slot["stop"], "effort": 4, "stress": 2}
        answers.append({"block": slot["number"], "about": about})
    for one in answers:
        assert app.client.post(f"/drill/{number}/answers", content=json.dumps(one)).status_code == 204
    upload = app.upload("run.c3d", (tmp_path / "run.c3d").read_bytes())
    assert app.client.post(f"/drill/{number}/finish", data={"uploads": "77"}).status_code == 422
    assert app.client.post(f"/drill/{number}/finish", data={"uploads": str(upload)}).status_code == 204
    page = app.wait(f"/experiments/{number}")
    assert "Not performed" in page, "nobody held the head"
    assert app.client.get(f"/drill/{number}").headers["location"] == f"/experiments/{number}"
    assert "Stress" in app.client.get(f"/experiments/{number}/report").text

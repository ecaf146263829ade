import re

from msgspec.structs import asdict, replace

from headway.report.sentences import sentences
from headway.results import Entry, Estimated, Measured, NotMeasurable

JUDGING = (
    "good",
    "bad",
    "great",
    "poor",
    "should",
    "better than",
    "efficient",
    "score",
    "ideal",
    "optimal",
    "wrong",
    "correct",
    "improve",
    "risk",
)


def words(entries):
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", str(sentence.text))).replace("\u202f", " ").replace("\xa0", " ")
        for sentence in sentences(entries)
    ]


def test_three_sentences_carry_the_measured_numbers(analysis):
    push, foot, line = words(analysis().summary.metrics)
    assert "0.98 m/s (0.97 to 1.00) reaches the head, 4 ms (2 to 6) after the pelvis" in push
    assert "forward speed from the push-off, 0.31 m/s (0.17 to 0.45) reaches the head." in push
    assert (
        "the head swings 21 mm (20 to 22) to each side once per stride, furthest toward the foot on the ground 7 % of a stride before midstance"
        in foot
    )
    assert (
        "the neck base is 20 mm (15 to 24) inside the middle of the foot on the ground: left 15 mm inside, right 24 mm inside"
        in foot
    )
    assert "behind the head after landing and swings ahead of it at 66.0 % (63.9 to 68.1) of stance" in line
    assert "it passes 38 mm (27 to 49) behind it" in line


def test_nothing_is_praised_or_blamed(analysis):
    metrics = analysis().summary.metrics
    for sentence in sentences(metrics):
        told = f"{sentence.text} {sentence.gloss}".lower()
        assert not [word for word in JUDGING if re.search(rf"\b{word}\b", told)]


def test_signs_are_told_in_words(analysis):
    metrics = analysis().summary.metrics
    for name, changes in (
        ("neck_over_foot_error", {"value": 0.012, "ci95": (-0.002, 0.026), "left": -0.003, "right": 0.027}),
        ("head_lag_vertical", {"value": -0.003, "ci95": (-0.005, -0.001)}),
        ("grf_line_offset_forward", {"value": 0.02, "ci95": (0.01, 0.03)}),
    ):
        metrics[name] = replace(metrics[name], **changes)
    push, foot, line = words(metrics)
    assert "3 ms (1 to 5) ahead of the pelvis" in push
    assert (
        "12 mm (−2 to 26) outside the middle of the foot on the ground: left 3 mm inside, right 27 mm outside" in foot
    )
    assert "20 mm (10 to 30) ahead of it" in line


def test_without_head_the_neck_base_speaks_for_itself(analysis):
    metrics = analysis().summary.metrics
    absent = NotMeasurable(why="the head is not marked", record="add at least three markers around the head")
    for name in (
        "head_vertical_gain",
        "head_forward_gain",
        "head_lag_vertical",
        "lateral_bounce_amplitude",
        "lateral_bounce_phase",
    ):
        metrics[name] = absent
    push, foot, _ = words(metrics)
    assert "reaches the neck base" in push
    assert "the neck base swings 18 mm" in foot


def test_what_was_not_measured_is_said_with_its_remedy(analysis):
    metrics: dict[str, Entry] = {
        name: NotMeasurable(why="no ground force was recorded", record="record with force plates")
        for name in ("head_forward_gain", "grf_line_crossing_time")
    }
    metrics["head_bob"] = Measured(value=0.0082, unit="m", ci95=(0.007, 0.009), n=20)
    push, foot, line = words(metrics)
    assert (
        push
        == "How much of the push reaches the head was not measured: no ground force was recorded. What helps: record with force plates."
    )
    assert "swing from side to side was not measured" in foot
    assert "What helps: record with force plates. What can be said: the head moves 8.2 mm (7.0 to 9.0)" in line


def test_an_estimate_is_called_one(analysis):
    metrics = analysis().summary.metrics
    metrics["head_forward_gain"] = Estimated(**asdict(metrics["head_forward_gain"]), model="a model")
    assert "0.31 m/s (0.17 to 0.45, estimated)" in words(metrics)[0]


def test_one_step_claims_no_interval(analysis):
    for sentence in words(analysis(0, 1).summary.metrics):
        assert "one step" in sentence
        assert " to 0." not in sentence

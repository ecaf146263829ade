"""The answer on the first screen against the numbers behind it."""

import math
from functools import cache
from types import SimpleNamespace

import numpy as np
from tests.metrics.sound import SOUND

from headway.analysis import analyze
from headway.gait.runner import Runner
from headway.metrics import REGISTRY
from headway.metrics.sanity import contradictions, sound
from headway.report.answer import answer
from headway.report.evidence import SIGNS, Limits
from headway.results import Contradiction, Estimated, Measured, NotMeasurable
from headway.synthetic.parameters import RunnerParameters, Wave
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner
from headway.texts import TEXTS

PUSHED = {
    "head_lag": 0.003,
    "neck_base_lag": 0.002,
    "head_forward_gain": 0.85,
    "neck_base_forward_gain": 0.85,
    "head_nod": Wave(0.0),
}
PULLED = {
    "head_lag": 0.030,
    "neck_base_lag": 0.004,
    "head_forward_gain": 0.0,
    "neck_base_forward_gain": 0.6,
    "head_nod": Wave(0.010, -32.0),
}
ABSENT = NotMeasurable(why="it was not seen", record="record it")
LAG, BACK, GAIN = "head_lag_vertical", "head_retraction", "head_vertical_gain"


def summary_of(entries, found=None):
    recording = SimpleNamespace(treadmill=True, camera=None)
    return SimpleNamespace(metrics=entries, recording=recording, recordings=None, contradictions=found)


def measured(value, half, n=20, kind=Measured, **more):
    interval = None if half is None else (value - half, value + half)
    return kind(value=value, unit="1", ci95=interval, n=n, **more)


def estimated(value, half):
    return measured(value, half, kind=Estimated, model="a model")


def test_every_sign_reads_a_metric_that_exists_and_its_ranges_do_not_overlap():
    for sign in SIGNS:
        for limits in sign.limits:
            assert limits.metric in REGISTRY
            assert limits.pushed[0] < limits.pushed[1]
            if limits.pulled is not None:
                assert limits.pulled[1] <= limits.pushed[0] or limits.pushed[1] <= limits.pulled[0]
                assert TEXTS.has(f"signs.{sign.key}_pulled")
            assert TEXTS.has(f"signs.{limits.source}")


def test_a_reading_needs_the_whole_interval():
    limits = Limits("x", (-0.01, 0.01), (0.02, math.inf), "")
    assert limits.read((-0.002, 0.006)) == "pushed"
    assert limits.read((0.021, 0.4)) == "pulled"
    assert limits.read((0.012, 0.018)) == "between"
    assert limits.read((-0.03, -0.02)) == "between"
    assert limits.read((0.005, 0.015)) == "open"
    assert limits.read((-1.0, 1.0)) == "open"
    assert limits.read(None) == "open"


def test_two_measured_signs_that_agree_are_an_answer_and_one_is_not():
    both = {LAG: measured(0.004, 0.003), BACK: measured(-0.002, 0.001)}
    assert answer(both).text.startswith("The head looks pushed, not pulled along: it rises together with the pelvis,")
    one = answer({LAG: both[LAG], BACK: ABSENT})
    assert one.text.startswith("The head may be pushed")
    assert "too little to be sure" in one.text
    assert answer({LAG: estimated(0.004, 0.003)}).text.endswith("An estimate alone is too little to be sure.")


def test_estimates_alone_never_settle_it():
    entries = {LAG: estimated(0.030, 0.002), BACK: estimated(-0.02, 0.002), GAIN: estimated(0.5, 0.05)}
    found = answer(entries)
    assert found.verdict == "pulled"
    assert not found.sure
    assert "may be pulled along" in found.text


def test_signs_that_disagree_are_said_to():
    found = answer({LAG: measured(0.004, 0.003), BACK: measured(-0.02, 0.002)})
    assert found.verdict == "contradictory"
    assert (
        found.text
        == "The signs do not agree: it rises together with the pelvis, as if pushed, but it falls back while the foot pushes off, as if pulled along."
    )


def test_what_contradicts_physics_is_no_sign():
    entries = {LAG: measured(0.004, 0.003), BACK: measured(-0.002, 0.001)}
    gone = Contradiction(code="x", message="x", metrics=(BACK,))
    assert not answer(sound(summary_of(entries, [gone]))).sure
    gone = Contradiction(code="x", message="x", metrics=(BACK, LAG))
    assert answer(sound(summary_of(entries, [gone]))).verdict == "unseen"


def test_one_step_says_so():
    found = answer({BACK: measured(-0.002, None, n=1)})
    assert found.text.startswith("One step is too little")


def made_up(random):
    """Entries of every metric that a sign reads: absent, estimated or measured, sure or not, with or without interval."""
    entries = {}
    for sign in SIGNS:
        for limits in sign.limits:
            bounds = [b for b in (*limits.pushed, *(limits.pulled or ())) if math.isfinite(b)]
            low, high = min(bounds), max(bounds)
            room = high - low
            kind = random.choice(["absent", "missing", "measured", "estimated", "single"])
            if kind == "absent":
                entries[limits.metric] = ABSENT
            elif kind != "missing":
                value = random.uniform(low - room, high + room)
                half = None if kind == "single" else room * 10 ** random.uniform(-3, 1.5)
                make = estimated if kind == "estimated" else measured
                entries[limits.metric] = make(value, half)
    return entries


def expected(entries):
    """Readings by hand: of each direct sign the first metric with a value."""
    found = []
    for sign in SIGNS:
        limits = next((one for one in sign.limits if isinstance(entries.get(one.metric), Measured | Estimated)), None)
        if limits is None or not sign.direct:
            continue
        entry = entries[limits.metric]
        if entry.ci95 is None:
            found.append((sign, "open", entry))
            continue
        low, high = entry.ci95
        inside = {"pushed": limits.pushed[0] <= low and high <= limits.pushed[1]}
        inside["pulled"] = limits.pulled is not None and limits.pulled[0] <= low and high <= limits.pulled[1]
        found.append((sign, next((word for word, true in inside.items() if true), "other"), entry))
    return found


def contradicting(random, rules):
    """Entries as above beside those of a sound runner who breaks one or no rule of physics, and what is left of them."""
    code = random.choice([*rules, ""])
    changed, gone = rules.get(code, ({}, ""))
    base = {name: measured(one, 0.0) for name, one in SOUND.items()}
    for name, one in changed.items():
        base[name] = measured(one[0], 0.0, left=one[1], right=one[2]) if isinstance(one, tuple) else measured(one, 0.0)
    summary = summary_of(base | made_up(random))
    summary.contradictions = contradictions(summary)
    assert [one.code for one in summary.contradictions] == ([code] if code else [])
    told = sound(summary)
    assert not isinstance(told.get(gone), Measured | Estimated)
    return told


def test_the_sentence_is_true_to_the_numbers_of_500_runners(broken_rules):
    for seed in range(500):
        is_true(contradicting(np.random.default_rng(seed), broken_rules))


def is_true(entries):
    found, read = answer(entries), expected(entries)
    sides = {side: [(sign, entry) for sign, reading, entry in read if reading == side] for side in ("pushed", "pulled")}
    for sign in SIGNS:
        for side in ("pushed", "pulled"):
            phrase = TEXTS(f"signs.{sign.key}_{side}")
            if phrase in found.text:
                assert sign in [one for one, _ in sides[side]], (side, phrase)
    if sides["pushed"] and sides["pulled"]:
        assert found.text.startswith("The signs do not agree")
    elif not sides["pushed"] and not sides["pulled"]:
        assert "looks" not in found.text
        assert "may be" not in found.text
        assert ("does not show" in found.text) == (not read)
    else:
        side, other = ("pushed", "pulled along") if sides["pushed"] else ("pulled along", "pushed")
        firm = [one for one in sides[side.split()[0]] if isinstance(one[1], Measured)]
        assert found.text.startswith((f"The head looks {side}, not {other}: ", f"The head may be {side}: "))
        if "looks" in found.text:
            assert len(firm) >= 2
    assert len(found.battery) == len(SIGNS)


@cache
def said_of(noise=0.001, seed=1, **changed):
    """What is said of a synthetic runner in a laboratory."""
    parameters = RunnerParameters(**changed)
    runner = SyntheticRunner(parameters)
    run = record(runner, duration=8.0, rate=200.0, force_rate=1000.0, noise=noise, seed=seed)
    found = analyze(run, Runner(height=parameters.height, sex=parameters.sex), standing=standing(runner, rate=200.0))
    return answer(sound(found.summary))


def test_two_runners_who_differ_only_in_pushed_against_pulled_are_told_apart_by_the_first_sentence():
    pushed, pulled = said_of(**PUSHED), said_of(**PULLED)
    assert pushed.text.startswith("The head looks pushed, not pulled along")
    assert pulled.text.startswith("The head looks pulled along, not pushed")


def test_two_runners_who_differ_in_anything_else_are_not():
    one, two = said_of(**PUSHED), said_of(seed=2, mass=60.0, step_width=0.09, speed=3.2, **PUSHED)
    assert one.text == two.text

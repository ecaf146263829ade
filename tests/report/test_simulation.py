"""The page of a simulation: words that follow from the numbers, and pictures that move together in a browser."""

import re
from dataclasses import replace
from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec import structs
from tests.report.test_language import english, german, left_english, read

from headway.recording import GRAVITY
from headway.report.simulation import render_simulation
from headway.report.simulation_pictures import chosen, colours
from headway.report.simulation_rows import effort_speeds, finding_rows
from headway.report.simulation_trust import small, trust_words
from headway.simulation.conditions import CONDITIONS, Condition, condition_words
from headway.simulation.outcome import OUTCOMES
from headway.simulation.request import Sweep
from headway.simulation.summary import (
    ConditionDifference,
    ConditionWords,
    PlanTold,
    Quality,
    SimulatedRunner,
    SimulationSummary,
    SolvedCondition,
    SolverTrust,
    StepOutcome,
    TrackingReport,
    UnsolvedCondition,
)
from headway.simulation.verdict import judge
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner

SIDED = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
NAMES = ("head_centre", "neck_base", "mid_hip", *(f"{name}_{side}" for name in SIDED for side in ("left", "right")))
UNITS = {"effort": ("1", "effort"), "peak_vertical_grf": ("BW", "ground force"), "contact_time": ("s", "step"),
         "head_lateral_amplitude": ("m", "head")}  # fmt: skip
VALUES = {"free": (0.8, 2.5, 0.2, 0.02), "braced": (0.9, 2.4, 0.21, 0.03), "held": (1.0, 2.6, 0.19, 0.0)}


def _motion(speed=3.5, frames=60):
    """A stride of the synthetic runner, as a simulation gives one."""
    p = RunnerParameters().changed(speed=speed)
    runner = SyntheticRunner(p)
    stride = 2 * p.step_time
    time = np.arange(frames) / frames * stride
    right = (runner.ground.stances(runner.ground.step_at(time)).side > 0)[:, None]
    force, pressure = runner.force(time), runner.pressure(time)
    pressure = np.where(force[:, 1:2] > 20, pressure, np.nan)
    return SimpleNamespace(
        names=NAMES, time=time, stride_time=stride, speed=speed, weight=p.mass * GRAVITY,
        points=runner.positions(time, NAMES),
        force=np.stack([np.where(right, 0.0, force), np.where(right, force, 0.0)], axis=1),
        pressure=np.stack([np.where(right, np.nan, pressure), np.where(right, pressure, np.nan)], axis=1),
    )  # fmt: skip


def _condition(name, values, reference="free", speed=3.5):
    return SolvedCondition(
        name=name, words="in words", reference=reference, speed=speed, objective=1.0,
        quality=Quality("Solve_Succeeded", True, 40, 6.0, 3e-9, 2e-7), outcomes=dict(zip(UNITS, values, strict=True)),
        balances={"ground_force": 1e-9, "between": 0.02, "momentum": 0.001, "energy": 0.003, "periodicity": 1e-15},
    )  # fmt: skip


def _differences(conditions):
    first = conditions[0].outcomes
    return [
        ConditionDifference(
            one.name, name, one.outcomes[name], first[name], {"cost effort": one.outcomes[name] - first[name]},
            name == "effort", "robust: higher" if name == "effort" else "depends on the cost function", "free",
        )
        for one in conditions[1:] for name in UNITS
    ]  # fmt: skip


def _summary(conditions, sweep=None):
    heads = dict.fromkeys(one.name.partition(" lean=")[0] for one in conditions)
    return SimulationSummary(
        schema=1, headway="0.1.0", kind="simulation",
        runner=SimulatedRunner(height=1.75, mass=70.0, sex="female", recording=None),
        plan=PlanTold(
            speeds=[3.5], sweep=sweep, variants=["cost effort", "cost work"], costs=["effort", "work"], necks=[1.0], styles=[],
            lead="cost effort", intervals=18, starts=2, same_effort=True, begun_from="cold", smallest_difference=0.002,
            heads=[ConditionWords(name=name, words="in words") for name in heads],
        ),
        outcomes={name: StepOutcome(name.replace("_", " ").capitalize(), *known) for name, known in UNITS.items()},
        conditions=conditions, differences=_differences(conditions),
        same_effort={"cost effort": {"free": 3.5, "held": 3.4}, "cost work": {"free": 3.5, "held": 3.3}},
        trust=[SolverTrust(condition="free", starts=[1.0, 1.02], mesh={"effort": 0.01, "contact_time": -0.03})],
        tracking=None, stopped=False,
    )  # fmt: skip


@pytest.fixture
def summary():
    return _summary([_condition(name, values) for name, values in VALUES.items()])


@pytest.fixture(scope="module")
def motions():
    return {name: _motion(speed) for name, speed in zip(VALUES, (3.5, 3.5, 3.0), strict=True)}


@pytest.fixture(scope="module")
def sweep(motions):
    values = tuple(float(v) for v in range(0, 14, 2))
    conditions = [_condition(f"free lean={v:g}", (0.8 + 0.01 * v, 2.5, 0.2, 0.02), "free lean=0") for v in values]
    made = _summary(conditions, Sweep("lean", "°", values))
    return made, {one.name: motions["free"] for one in conditions}


def test_robust_and_doubtful_differences_are_told_apart(summary):
    braced, held = finding_rows(summary)
    assert braced.sure == ["effort 0.900 instead of 0.800 (+12.5\u202f%)"]
    assert held.brief == ["effort +25.0\u202f%"]
    ((verdict, doubtful),) = held.unsure
    assert verdict == "depends on the cost function" and len(doubtful) == 3


def test_the_same_effort_is_told_with_its_range(summary):
    assert effort_speeds(summary) == [
        "At the cost of free, held would run 3.40\u202fm/s instead of 3.50\u202fm/s, 3.30 to 3.40 over all variants."
    ]


def test_a_speed_is_only_told_as_the_result_where_the_leading_variant_found_it(summary):
    summary.plan.variants.append("neck stiffness × 0.6")
    summary.same_effort["cost effort"]["braced"] = 3.45
    summary.same_effort["cost effort"].pop("held")
    assert effort_speeds(summary) == [
        "At the cost of free, braced would run 3.45\u202fm/s instead of 3.50\u202fm/s, in 1 of 3 variants.",
        "No speed at the cost of free was found for held with cost effort; others found one: 3.30\u202fm/s in 1 of 3 variants.",
    ]


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        (
            [1.0, 1.02],
            "free: 2 starts from nothing ended at costs that differ by 2.0\u202f%, and the cheapest goes on.",
        ),
        ([1.0, None], "free: 1 of 2 starts from nothing found nothing."),
        ([None, None], "free: 2 of 2 starts from nothing found nothing."),
        ([1.0], None),
        ([], None),
    ],
)
def test_cold_starts_are_told_with_those_that_found_nothing(summary, starts, told):
    summary.trust[0] = SolverTrust(condition="free", starts=starts, mesh={})
    assert trust_words(summary) == ([told] if told else [])


def test_a_robust_difference_below_the_mesh_error_is_no_sure_one(summary, motions):
    rows = summary.differences
    (k,) = (k for k, row in enumerate(rows) if (row.condition, row.outcome) == ("held", "effort"))
    rows[k] = replace(rows[k], verdict="robust: higher, but smaller than the mesh error")
    braced, held = finding_rows(summary)
    assert braced.sure and not held.sure
    assert held.unsure[0] == (rows[k].verdict, ["effort +25.0\u202f%"])
    assert render_simulation(summary, motions).count('class="robust"') == 1
    assert "more than 0.2\u202f% of the value compared with" in render_simulation(summary, motions)


def test_the_page_tells_what_the_head_is_subject_to(summary, motions):
    page = render_simulation(summary, motions)
    assert "no eyes" not in page and "as it likes" not in page
    for words in ("small price that every cost sets on turning the head", "own small motor", "is a lower bound"):
        assert words in page
    summary.plan.costs.append("no gaze")
    assert "every cost but “no gaze” sets on turning the head" in render_simulation(summary, motions)


def test_the_page_says_first_what_it_is_not(summary, motions):
    page = render_simulation(summary, motions, {"held": "held/report.html"})
    assert (
        page.index("Not a measurement") < page.index("What it predicts") < page.index("does not say about real runners")
    )
    assert page.index("does not say about real runners") < page.index("Side by side")
    assert 'href="held/report.html"' in page and 'href="free/' not in page
    assert "http:" not in re.sub(r"http://www\.w3\.org/2000/svg", "", page)


def test_a_condition_without_a_solution_says_so(summary, motions):
    why = "the solver gave up after 400 iterations"
    summary.conditions[2] = UnsolvedCondition(name="held", words="in words", reference="free", speed=3.5, why=why)
    page = render_simulation(summary, {name: motions[name] for name in ("free", "braced")})
    assert page.count(why) == 2


def test_one_condition_alone_and_a_quick_run_are_pages_too(summary, motions):
    plan = structs.replace(summary.plan, variants=["cost effort"], costs=["effort"])
    one = {"conditions": summary.conditions[:1], "differences": [], "same_effort": {}, "trust": []}
    alone = structs.replace(summary, plan=plan, **one)
    page = render_simulation(alone, {"free": motions["free"]})
    assert "nothing to compare it with" in page and "--quick" in page


def test_many_conditions_keep_their_order_in_colour_and_the_ends_in_motion(sweep):
    made, moving = sweep
    names = list(moving)
    assert len(set(colours(names).values())) == 7
    assert chosen(names)[0] == names[0] and chosen(names)[-1] == names[-1] and len(chosen(names)) == 6
    page = render_simulation(made, moving)
    assert "Trunk lean against the main outcomes" in page and "6 of 7 conditions are drawn" in page
    (effort,) = re.findall(r'<polyline class="line" points="([^"]*)"', page.split("Effort</b>")[1])[:1]
    heights = [float(pair.split(",")[1]) for pair in effort.split()]
    assert len(heights) == 7 and heights == sorted(heights, reverse=True)  # more effort is higher up


@pytest.mark.parametrize(
    ("value", "text"), [(3e-9, "3·10⁻⁹"), (-0.0123, "−0.0123"), (0.0, "0.0000"), (None, "–"), (2e4, "2·10⁴")]
)
def test_small_numbers_can_be_read(value, text):
    assert small(value) == text


VERDICTS = [
    judge(differences, 1.0, dict.fromkeys("abc", "the mesh") | {"b": "the cost function"}, needed, styles)[1]
    for differences, needed, styles in (
        ({"a": 0.1}, 1, 1),
        ({"a": float("nan"), "b": 0.1}, 2, 1),
        ({"a": 0.1, "b": -0.1, "c": -0.1}, 3, 1),
        ({"a": 0.1, "b": 0.1}, 3, 2),
        *(({"a": size, "b": size}, 2, styles) for size in (0.1, -0.1, 0.0) for styles in (1, 2)),
    )
]


def told(summary, what):
    """The summary with everything that a simulation may say: every verdict, condition and variant, legs apart, a tracked stride."""
    verdicts = cycle([*VERDICTS, "robust: lower, but smaller than the mesh error"])
    asked = [*CONDITIONS.values(), Condition("free", neck_stiffness=20.0, lean=0.07, step_width=0.1)]
    asked += [
        Condition("free", lean=-0.07, longer_leg=0.01, ankle_strength=0.7),
        Condition("held", held=True, longer_leg=-0.01),
    ]
    heads = [ConditionWords(name=one.name, words=condition_words(one)) for one in asked]
    styles = ["high knees"] if what == "legs" else []
    variants = ["cost effort", "cost no gaze", "neck stiffness × 0.6", "mesh × 1.5", "style high knees"]
    own = {"costs": ["effort", "no gaze"], "necks": [1.0, 0.6], "begun_from": "a solution of an earlier run"}
    plan = structs.replace(summary.plan, heads=heads, variants=variants, styles=styles, **own)
    found = structs.replace(
        summary, plan=plan, differences=[replace(one, verdict=next(verdicts)) for one in summary.differences * 4],
        outcomes=OUTCOMES,
    )  # fmt: skip
    free, braced, _ = found.conditions
    if what == "quick":
        return structs.replace(
            found, plan=structs.replace(plan, variants=["cost effort"], costs=["effort"]), stopped=True
        )
    if what == "legs":
        sides = {"left": dict.fromkeys(OUTCOMES, 0.2), "right": dict.fromkeys(OUTCOMES, 0.3)}
        lost = {"why": "no solution at 3.5 m/s (maximum iterations exceeded, 400 iterations)", "speed": 3.5}
        unsolved = UnsolvedCondition(name="held", words="in words", reference="free", **lost)
        found = structs.replace(found, conditions=[structs.replace(free, sides=sides), braced, unsolved])
    axes = (0.1, 0.2, 0.05)
    notes = (
        "the mean stride is of 5 left and 4 right steps: the frames lie 8 mm about it; left and right each lie 9 mm from their mean, "
        "and both are tracked as they are",
        "no markers for arms, head: they move as mechanics and a little effort have it",
        "the body was fitted to 2 strides: joint centres 10 mm, force in stance 0.02 BW (up) from plates",
    )
    tracking = TrackingReport({}, 0.01, 0.012, axes, axes, 0.0, 0.02, 0.008, 0.009, notes)
    runner = structs.replace(found.runner, recording="run.c3d")
    return structs.replace(found, runner=runner, tracking=tracking)


@pytest.mark.parametrize("what", ["tracked", "legs", "quick", "sweep", "swept speed"])
def test_a_german_page_has_no_english(summary, motions, sweep, what):
    found, moving = (
        (structs.replace(sweep[0], outcomes=OUTCOMES), sweep[1]) if what == "sweep" else (told(summary, what), motions)
    )
    if what == "swept speed":
        found = structs.replace(found, plan=structs.replace(found.plan, sweep=Sweep("speed", "m/s", (2.5, 3.5))))
    page = german(render_simulation, found, moving)
    words = [text for text in read(page) if "in words" not in text]
    assert english(words) == []
    assert left_english(words, "simulated", "modelled") == []
    assert re.search(r"\d,\d", page) and "Kontaktzeit" in page


def test_a_hostile_name_stays_text(summary, motions):
    hostile = "</script><img src=x onerror=alert(1)>"
    summary.plan.heads[1] = ConditionWords(name="braced", words=hostile)
    named = structs.replace(summary, runner=structs.replace(summary.runner, recording=hostile))
    assert hostile not in render_simulation(named, motions)


@pytest.fixture
def look(watched, tmp_path):
    """Open the page of a simulation."""

    def opened(summary, motions, width=1280, **context):
        path = tmp_path / "report.html"
        path.write_text(render_simulation(summary, motions), encoding="utf-8")
        return watched(path.as_uri(), viewport={"width": width, "height": 800}, color_scheme="dark", **context)

    return opened


STATE = """() => ({
  limbs: [...document.querySelectorAll('[data-scene]')].map(n => [...n.querySelectorAll('.limb')].map(l => l.getAttribute('d')).join()),
  force: [...document.querySelectorAll('[data-scene] .force:not(.level)')].map(n => n.getAttribute('d')),
  lines: [...document.querySelectorAll('[data-overlay] .cursor')].map(n => Number(n.getAttribute('x1'))),
})"""


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_scrolls_sideways(look, summary, motions, sweep, width):
    for made, moving in ((summary, motions), sweep):
        page = look(made, moving, width)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_finds_nothing_and_at_twice_the_size_nothing_scrolls_sideways(look, summary, motions):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe
    page = look(summary, motions, 640)
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    assert [one["id"] for one in axe().run(page).response["violations"]] == []
    page.evaluate("document.body.style.zoom = 2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_runners_stand_still_for_who_asked_for_rest(look, summary, motions):
    page = look(summary, motions, reduced_motion="reduce")
    before = page.evaluate(STATE)
    page.wait_for_timeout(200)
    assert page.evaluate(STATE) == before


def test_one_cursor_moves_all_runners_and_all_curves(look, summary, motions):
    page = look(summary, motions)
    before = page.evaluate(STATE)
    assert len(before["limbs"]) == 6 and len(set(before["lines"])) == 1
    assert all(before["force"])
    page.keyboard.press("ArrowRight")
    after = page.evaluate(STATE)
    for part in before:
        assert all(a != b for a, b in zip(before[part], after[part], strict=True)), part
    curve = page.locator("[data-overlay]").first
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    pointed = page.evaluate(STATE)
    assert pointed["lines"][0] == pytest.approx(210, abs=2)
    page.locator("body").press("Space")
    page.wait_for_function(
        "x => Number(document.querySelector('[data-overlay] .cursor').getAttribute('x1')) > x + 1", arg=210
    )

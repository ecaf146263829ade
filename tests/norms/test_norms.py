import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from headway.analysis import Analysis, analyze
from headway.cli import app
from headway.errors import HeadwayError
from headway.gait.runner import Runner
from headway.norms import against, load_norms, place
from headway.report.norms import share_words
from headway.results import Summary
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, write
from headway.synthetic.runner import SyntheticRunner
from headway.validation.study_claims import places_held


@pytest.fixture(scope="module")
def run() -> Analysis:
    """A synthetic man of 70 kg at 3.3 m/s over ground."""
    runner = SyntheticRunner(RunnerParameters(mass=70.0).changed(speed=3.3))
    return analyze(record(runner, duration=4.0, rate=150, force_rate=600), Runner(height=1.75, sex="male"))


def told(run: Analysis, **changed: Any) -> dict[str, Any]:
    """What the norms say when parts of the summary are different: recording, runner, speed."""
    summary = msgspec.to_builtins(run.summary)
    speed = changed.pop("speed", summary["metrics"]["speed"]["value"])
    summary["recording"]["speed"] = speed
    summary["metrics"]["speed"] |= {"value": speed}
    if speed is None:
        summary["metrics"]["speed"] = {"status": "not_measurable", "why": "", "record": ""}
    for part, values in changed.items():
        summary[part] |= values
    found = against(replace(run, summary=msgspec.convert(summary, Summary)), load_norms("rbds")).summary.norms
    return msgspec.to_builtins(found)


def test_shipped_norms_agree_with_the_literature_and_name_their_source() -> None:
    norms = load_norms("rbds")
    assert "Fukuchi" in norms.source and "CC BY" in norms.licence and norms.population.runners == 12
    contact, cadence, duty = (norms.metrics[name] for name in ("contact_time", "cadence", "duty_factor"))
    middle = norms.quantiles.index(0.5)
    assert contact.slope[middle] < 0 < cadence.slope[middle] and duty.slope[middle] < 0
    assert 0.2 < contact.at_middle[middle] < 0.26 and 155 < cadence.at_middle[middle] < 185
    for band in norms.metrics.values():
        assert list(band.at_middle) == sorted(band.at_middle)
    assert not {"speed", "ladder_closure"} & set(norms.metrics)


def test_a_value_has_a_place_only_where_the_norms_reach() -> None:
    norms = load_norms("rbds")
    band = norms.metrics["contact_time"]
    found = place(norms, "contact_time", band.at_middle[2] + 1e-4, norms.middle)
    assert found is not None and (found.low, found.high, found.norms) == (0.5, 0.75, "rbds")
    assert place(norms, "contact_time", 0.1, 4.0).high == 0.1  # type: ignore[union-attr]
    assert place(norms, "contact_time", 0.2, 6.0) is None
    assert place(norms, "contact_time", 0.2, None) is None
    assert place(norms, "no_such", 0.2, 3.0) is None


def test_uncertainty_widens_a_place_and_never_narrows_it() -> None:
    norms = load_norms("rbds")
    band = norms.metrics["contact_time"]
    exact = msgspec.structs.replace(band, error=(0.0,) * 5)
    sure = msgspec.structs.replace(norms, metrics={"contact_time": exact})
    value, between = sum(band.at_middle[1:3]) / 2, (band.at_middle[2] - band.at_middle[1]) / 2
    bare = place(sure, "contact_time", value, norms.middle)
    assert bare is not None and bare.surely == (bare.low, bare.high) == (0.25, 0.5)
    narrow, wide = (
        place(sure, "contact_time", value, norms.middle, (value - half, value + half))
        for half in (0.99 * between, 1.01 * between)
    )
    assert narrow is not None and narrow.surely == (0.25, 0.5)
    assert wide is not None and wide.surely == (0.1, 0.75)
    with_runners = place(norms, "contact_time", value, norms.middle)
    assert with_runners is not None and with_runners.surely[0] < 0.25 and with_runners.surely[1] > 0.5


def test_a_runner_drawn_from_the_bands_is_placed_truly() -> None:
    """Of runners whose true share is known, the range of shares holds it nearly always."""
    norms, draw = load_norms("rbds"), np.random.default_rng(0)
    band = norms.metrics["cadence"]
    held = []
    for share in draw.uniform(0.1, 0.9, 200):
        lines = np.array(band.at_middle) + draw.normal(0, band.error)
        seen = msgspec.structs.replace(
            norms, metrics={"cadence": msgspec.structs.replace(band, at_middle=tuple(lines))}
        )
        found = place(seen, "cadence", float(np.interp(share, norms.quantiles, band.at_middle)), norms.middle)
        assert found is not None
        held.append(found.surely[0] <= share <= found.surely[1])
    assert np.mean(held) > 0.93


def test_among_twelve_simulated_runners_a_thirteenth_is_placed_truly() -> None:
    """Coarse; in full: headway validate --only place_among_12."""
    assert places_held(12, 2, seed=1) >= 0.85


def test_an_analysis_says_where_it_stands_and_whose_runners_these_are(run: Analysis) -> None:
    found = told(run)
    assert (found["name"], found["population"]["runners"]) == ("rbds", 12) and "PeerJ" in found["source"]
    contact = found["metrics"]["contact_time"]
    line = np.array(contact["band"])
    value = run.summary.metrics["contact_time"].value
    assert sum(line < value) == [0.0, *found["quantiles"]].index(contact["lower"][0])
    assert not set(found["metrics"]) - set(run.summary.metrics)
    assert run.summary.norms is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"runner": {"sex": "female"}}, "11 men and 1 woman, this is a woman"),
        ({"runner": {"sex": None}}, "the bands do not tell the sexes apart"),
        ({"runner": {"height": 1.55}}, "their height was 1.66 to 1.87 m, this runner's is 1.55 m"),
        ({"runner": {"mass": 95.0}}, "their mass was 57 to 82 kg, this runner's is 95 kg"),
        ({"recording": {"treadmill": False}}, "they ran on a treadmill, this recording is overground"),
        ({"speed": 4.6}, "a little beyond their 2.5 to 4.5 m/s"),
        ({"force": {"status": "estimated"}}, "this runner's is estimated from motion"),
        ({"recording": {"view": "side"}}, "they were recorded with markers"),
    ],
)
def test_what_the_norms_do_not_carry_is_told(changed: dict[str, Any], said: str, run: Analysis) -> None:
    assert any(said in remark for remark in told(run, **changed)["remarks"])


def test_nothing_to_tell_of_a_man_on_a_treadmill(run: Analysis) -> None:
    assert told(run, recording={"treadmill": True})["remarks"] == []


def test_beyond_their_speeds_nothing_is_placed(run: Analysis) -> None:
    for speed, why in ((5.2, "5.20 m/s is beyond the 2.5 to 4.5 m/s"), (None, "the speed is not known")):
        found = told(run, speed=speed)
        assert found["metrics"] == {} and all(why in text for text in found["unplaced"].values())
        assert len(found["unplaced"]) > 30


def test_ranges_of_films_are_not_placed_among_ranges_of_steps(run: Analysis) -> None:
    found = told(run, recording={"view": "side"})
    assert "mean stride" in found["unplaced"]["pelvis_vertical_oscillation"]
    assert "contact_time" in found["metrics"]


def test_shares_are_told_in_words() -> None:
    assert [share_words(*ends) for ends in ((0.0, 0.1), (0.9, 1.0), (0.25, 0.75), (0.0, 1.0))] == [
        "fewer than 10 %",
        "more than 90 %",
        "25 to 75 %",
        "cannot be told",
    ]


def test_faulty_norms_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "n.json").write_text('{"name": ')
    whole = load_norms("rbds")
    cut = msgspec.structs.replace(whole, quantiles=whole.quantiles[:3])
    (tmp_path / "cut.json").write_bytes(msgspec.json.encode(cut))
    (tmp_path / "later.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(whole, schema=2)))
    for which in (tmp_path / "n.json", tmp_path / "none.json", tmp_path / "cut.json", tmp_path / "later.json", "other"):
        with pytest.raises(HeadwayError) as fault:
            load_norms(which)
        assert "\n" not in str(fault.value)


def test_the_report_names_the_norms_only_when_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "run.c3d"
    write(path, record(SyntheticRunner(RunnerParameters()), duration=3.0, rate=100, force_rate=400))
    for name, extra in (("with", ["--norms", "rbds"]), ("without", [])):
        app(["analyze", str(path), "--out", str(tmp_path / name), "--quiet", *extra], result_action="return_value")
    page, plain = ((tmp_path / name / "report.html").read_text(encoding="utf-8") for name in ("with", "without"))
    assert "Among the runners of" in page and "CC BY 4.0" in page and "PeerJ" in page
    assert "Among the runners of" not in plain
    assert "norms" not in json.loads((tmp_path / "without" / "summary.json").read_text())
    with pytest.raises(HeadwayError, match="no readable norms"):
        app(
            ["analyze", str(path), "--norms", "nope", "--out", str(tmp_path / "x")],
            result_action="return_value",
            exit_on_error=False,
        )
    assert not (tmp_path / "x").exists()

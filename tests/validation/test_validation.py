"""Claims are run again: one that fails is told and ends in code 1, one that lacks its recordings is not run."""

import json
from pathlib import Path

import pytest

from headway.cli_validate import validate as command
from headway.errors import HeadwayError
from headway.report.validation import headline
from headway.validation import validation
from headway.validation.claim import Claim, ClaimFinding
from headway.validation.interval_claims import simulated
from headway.validation.validation import CLAIMS, Validation, validate


def _claim(name: str, value: float, folders: tuple[str, ...] = ()) -> Claim:
    return Claim(name, f"It is {value:g}.", "a.md", "mm", (1.0, 2.0), lambda _: ClaimFinding(value=value, n=3), folders)


def _broken(_: Path) -> ClaimFinding:
    raise ZeroDivisionError("by nothing")


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [_claim("good", 1.5), _claim("poor", 2.5), _claim("far", 1.5, ("nowhere",)), _claim("gap", float("nan"))]
    made.append(Claim("broken", "It runs.", "b.md", "", (None, 1.0), _broken))
    monkeypatch.setattr(validation, "CLAIMS", {one.name: one for one in made})


def test_every_claim_ends_in_one_of_three_ways(claims):
    found = {one.name: one for one in validate(workers=0).summary.verdicts}
    ways = {name: one.status for name, one in found.items()}
    assert ways == {"good": "holds", "poor": "fails", "far": "not_run", "gap": "fails", "broken": "fails"}
    assert "by nothing" in found["broken"].why and "--data" in found["far"].why


def test_a_claim_whose_extra_is_not_installed_is_not_run(monkeypatch, tmp_path):
    claim = Claim("seen", "It is seen.", "a.md", "", (None, 1.0), _broken, extra=("video", "no_such_module"))
    monkeypatch.setattr(validation, "CLAIMS", {"seen": claim})
    (found,) = validate(tmp_path, workers=0).summary.verdicts
    assert found.status == "not_run" and found.why == "needs headway[video]"


def test_a_claim_that_fails_ends_in_code_1_and_stands_on_the_page(claims, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        command(out=tmp_path / "out", only=["good", "poor"], workers=0)
    assert end.value.code == 1
    assert "fails    poor: 2.5 mm (allowed 1 to 2 mm)" in capsys.readouterr().out
    page = (tmp_path / "out" / "validation.html").read_text()
    assert "It is 2.5." in page and "1 of 2 statements hold" in page
    told = json.loads((tmp_path / "out" / "validation.json").read_text())
    assert [one["status"] for one in told["verdicts"]] == ["holds", "fails"]


def test_the_page_of_the_documents_is_made_by_the_command(claims, tmp_path, capsys):
    command(out=tmp_path / "out", only=["good"], workers=0, markdown=True)
    assert "| It is 1.5. `good` | 1 to 2 mm | 1.5 mm | 3 | holds |" in capsys.readouterr().out


def test_nothing_is_run_for_a_folder_that_is_there(claims, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(HeadwayError, match="exists"):
        command(out=tmp_path, only=["good"], workers=0)
    with pytest.raises(HeadwayError, match="--data"):
        validate(tmp_path / "nowhere", workers=0)
    with pytest.raises(HeadwayError, match="--only"):
        validate(only=["other"], workers=0)


def test_claims_on_simulated_truth_hold():
    names = ["synthetic_cadence", "synthetic_head_vertical_gain", "synthetic_lateral_bounce_amplitude", "power_6_pairs"]
    found = validate(only=names, workers=0)
    assert isinstance(found, Validation) and not found.failed
    assert headline(found.summary) == "4 of 4 statements hold"


def test_every_claim_names_a_document_that_is_there():
    docs = Path(__file__).parents[2]
    for claim in CLAIMS.values():
        name = claim.document.split(",")[0]
        assert (docs / name).is_file() or (docs / "docs" / name).is_file(), claim.name
        _, _, heading = claim.document.partition(", ")
        text = (docs / name if (docs / name).is_file() else docs / "docs" / name).read_text()
        assert not heading or f"## {heading}" in text, claim.name


def test_an_interval_that_is_too_narrow_is_found(monkeypatch):
    from headway.validation import interval_claims

    monkeypatch.setattr(interval_claims, "covered", lambda *_, **__: 0.7)
    assert simulated("mean", Path()).value == pytest.approx(70.0)
    assert not CLAIMS["interval_of_mean"].holds(70.0)

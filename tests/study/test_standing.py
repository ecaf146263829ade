"""A standing trial named in a manifest: it is used, and its content belongs to the result."""

from pathlib import Path

from tests.study.conftest import failures, table

from headway.options import Options
from headway.study import StudyOptions, run_study
from headway.study.entry import Entry, contents, key_of, measured_alike
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import standing, write
from headway.synthetic.runner import SyntheticRunner


def test_a_standing_column_makes_push_through_angle_measured(folder: Path, tmp_path: Path) -> None:
    path = folder / "m.csv"
    path.write_text("path,standing\na_slow.c3d,a_static.c3d\nb_slow.c3d,\n", encoding="utf-8")
    study = tmp_path / "study"
    run_study(path, study, StudyOptions(workers=0))
    assert not failures(study)
    status = {
        row["recording"]: row["status"] for row in table(study, "metrics") if row["metric"] == "push_through_angle"
    }
    assert status == {"a_slow.c3d": "measured", "b_slow.c3d": "not_measurable"}


def test_another_standing_trial_is_another_result_and_its_name_is_not(folder: Path) -> None:
    still = folder / "a_static.c3d"

    def key(path: Path) -> str:
        entry = Entry(recording="a", path=str(folder / "a_slow.c3d"), take=Options(standing=path))
        return key_of(entry, measured_alike(entry, contents(entry)))

    before, renamed = key(still), key(Path(still.rename(folder / "other.c3d")))
    write(still, standing(SyntheticRunner(RunnerParameters().changed(height=1.7)), rate=100))
    assert before == renamed
    assert key(still) != before

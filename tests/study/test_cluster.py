from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.study.conftest import content

from headway.errors import OptionError
from headway.study import StudyOptions, run_study

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")


def test_no_scheduler_is_told_before_anything_is_written(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.study.cluster.PATIENCE", 0.5)
    with pytest.raises(OptionError, match="--scheduler"):
        run_study(recorded, tmp_path / "study", StudyOptions(scheduler="tcp://127.0.0.1:9"))
    assert not (tmp_path / "study").exists()


@pytest.mark.slow
def test_a_scheduler_gives_the_same_tables(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    monkeypatch.setattr("headway.study.cluster.AHEAD", 1)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = run_study(recorded, tmp_path / "there", StudyOptions(scheduler=cluster.scheduler_address))
    here = run_study(recorded, tmp_path / "here", StudyOptions(workers=0))
    assert content(there) == content(here)

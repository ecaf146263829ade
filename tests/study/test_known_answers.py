"""Numbers of a study against those that are worked out by hand."""

import shutil

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from headway.study.data import WINDOW, Study
from headway.study.find import find_recordings
from headway.study.norms import QUANTILES, band_of
from headway.study.relations import SPREAD, _rest, conditions, random_intercept
from headway.study.reliability import _parts, reliability
from headway.study.run import StudyOptions, run_study
from headway.study.store import Store
from headway.study.tables import TABLES


def rows(runners, values, speeds, condition=None):
    frame = pd.DataFrame({"runner": runners, "value": values, "speed": speeds, "condition": condition})
    return frame.assign(**{"class": (frame["speed"] / 0.5).round() * 0.5, "unit": "s", "status": "measured"})


def test_the_change_of_a_condition_is_that_within_runners_with_students_interval():
    gains = np.array([1.0, 2.0, 3.0, 6.0])
    free = rows(list("abcd"), [10.0, 20.0, 30.0, 40.0], [3.0] * 4, "free")
    held = rows(list("abcd"), 10.0 * np.arange(1, 5) + gains, [3.2] * 4, "held")
    first, second = conditions(pd.concat([free, held], ignore_index=True))
    half = student.ppf(0.975, 3) * gains.std(ddof=1) / 2.0
    assert (first.change, first.n, first.mean, first.sd) == (
        None,
        4,
        25.0,
        pytest.approx(np.std([10, 20, 30, 40], ddof=1)),
    )
    assert second.change == pytest.approx(3.0)
    assert second.ci95 == pytest.approx((3.0 - half, 3.0 + half))
    assert second.speed == pytest.approx(3.2)


def test_recordings_of_one_runner_at_one_speed_are_repeats_and_no_others():
    again = {
        "a": [1.0, 1.2, 1.1, 0.9, 1.0, 1.3],
        "b": [2.0, 2.1, 1.8, 2.2, 2.0, 1.9],
        "c": [3.0, 3.3, 2.9, 3.1, 3.2, 3.0],
    }
    frames = [rows([who] * 6, values, [3.0] * 6) for who, values in again.items()]
    found = reliability(pd.concat([*frames, rows(["a"], [99.0], [4.5])], ignore_index=True))
    assert found is not None
    assert found.sem == pytest.approx(np.sqrt(np.mean([np.var(values, ddof=1) for values in again.values()])))


def test_a_band_tells_the_speeds_it_holds_for_to_the_centimetre():
    draw = np.random.default_rng(1)
    names = [f"r{k}" for k in range(60) for _ in range(2)]
    speeds = np.linspace(2.537, 4.463, 120)
    found = band_of(rows(names, 0.25 + draw.normal(0, 0.01, 120), speeds), 3.5)
    assert found is not None
    assert tuple(found.speed) == (2.54, 4.46)
    assert np.all(np.diff(found.at_middle) > 0)
    assert len(found.at_middle) == len(QUANTILES)


def test_a_recording_is_in_the_nearest_class_of_speed(recorded, tmp_path):
    run_study(recorded, tmp_path / "study", StudyOptions(workers=0))
    table = Study.load(tmp_path / "study").recordings
    assert (np.abs(table["class"] - table["speed"]) <= WINDOW / 2).all()
    assert (table["class"] % WINDOW == 0).all()


def test_a_few_key_points_are_no_recording(recorded, tmp_path):
    shutil.copytree(recorded, tmp_path / "recordings")
    (tmp_path / "recordings" / "pose").mkdir()
    frame = '{"version": 1.3, "people": [{"pose_keypoints_2d": [' + ",".join(["0.5"] * 75) + "]}]}"
    for number in range(3):
        (tmp_path / "recordings" / "pose" / f"run_{number:012d}_keypoints.json").write_text(frame)
    assert "pose" not in {one.recording for one in find_recordings(tmp_path / "recordings")[0]}
    for number in range(3, 12):
        (tmp_path / "recordings" / "pose" / f"run_{number:012d}_keypoints.json").write_text(frame)
    assert "pose" in {one.recording for one in find_recordings(tmp_path / "recordings")[0]}


def test_the_slope_of_a_mixed_model_is_that_of_its_restricted_likelihood():
    """Patterson and Thompson 1971, with the whole covariance of the rows written out."""
    draw = np.random.default_rng(5)
    member = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
    x = np.array([2.5, 3.0, 3.6, 3.1, 4.4, 2.8, 3.9, 4.2, 4.6])
    y = 1.0 + 0.4 * x + np.array([0.5, -0.6, 0.2])[member] + draw.normal(0.0, 0.3, len(x))
    design = np.column_stack([np.ones(len(x)), x])

    def fit(log_ratio: float) -> tuple[float, np.ndarray]:
        whole = np.eye(len(x)) + np.exp(log_ratio) * (member[:, None] == member)
        weighed = np.linalg.solve(whole, design)
        beta = np.linalg.solve(design.T @ weighed, weighed.T @ y)
        rest = (y - design @ beta) @ np.linalg.solve(whole, y - design @ beta)
        lost = (len(x) - 2) * np.log(rest) + np.linalg.slogdet(whole)[1] + np.linalg.slogdet(design.T @ weighed)[1]
        return lost, beta

    best = minimize_scalar(lambda one: fit(one)[0], bounds=(-8.0, 8.0), method="bounded", options={"xatol": 1e-7})
    assert random_intercept(x, y, member) == pytest.approx(fit(best.x)[1][1], abs=1e-5)


def test_a_recording_of_unknown_speed_keeps_its_value_where_others_lose_their_relation_to_speed():
    speed = np.r_[np.linspace(3.0 - SPREAD, 3.0 + SPREAD, 21), np.nan]
    value = np.r_[5.0 + 2.0 * speed[:-1], 7.5]
    np.testing.assert_allclose(_rest(speed, value), [11.0] * 21 + [7.5])


def test_halves_of_a_recording_are_of_whole_strides_and_alike():
    # Ten steps have halves of four; two are left over. Seven have halves of two.
    part, known = _parts(np.repeat(["a", "b"], [10, 7]))
    np.testing.assert_array_equal(part[known], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3])
    np.testing.assert_array_equal(np.flatnonzero(known), [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13])


def test_a_batch_that_is_removed_loses_first_the_table_that_makes_it_count(tmp_path, monkeypatch):
    store = Store(tmp_path)
    gone = []
    monkeypatch.setattr("pathlib.Path.unlink", lambda path, missing_ok=False: gone.append(path.parent.name))
    store.drop(0)
    assert gone[0] == "recordings"
    assert sorted(gone) == sorted(TABLES)

import numpy as np
import pytest

import headway
from headway.errors import RecordingError


def _table(positions, axes="xyz", extra=None, scale=1000.0, top="# units: mm\n", separator=","):
    names = ["time", *(f"p{k}_{axis}" for k in range(positions.shape[1]) for axis in axes), *(extra or {})]
    rows = []
    for k, frame in enumerate(positions):
        values = [k / 200, *(frame.ravel() * scale), *(column[k] for column in (extra or {}).values())]
        rows.append(separator.join("" if np.isnan(value) else f"{value:.6f}" for value in values))
    return top + separator.join(names) + "\n" + "\n".join(rows) + "\n"


@pytest.fixture
def load(tmp_path):
    def build(text):
        path = tmp_path / "run.csv"
        path.write_text(text)
        return headway.load(path)

    return build


def _forces(frames, axes):
    force = {
        f"force_left_{axis}": np.full(frames, value) for axis, value in zip(axes, (30.0, 800.0, -10.0), strict=True)
    }
    force[f"force_left_{axes[1]}"][:20] = 5.0
    place = {f"cop_left_{axis}": np.full(frames, value) for axis, value in zip(axes, (900.0, 0.0, 100.0), strict=True)}
    return {**force, **place, "free_moment_left": np.full(frames, 2.5)}


@pytest.mark.parametrize("axes", [("x", "y", "z"), ("forward", "up", "right")])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_points_and_forces(load, walk, axes, separator):
    positions = walk(80)[:, :, [0, 2, 1]] * [1, 1, -1]
    recording = load(_table(positions, axes, _forces(80, axes), separator=separator))
    assert recording.points["axis"].to_numpy().tolist() == list(axes)
    np.testing.assert_allclose(recording.points.to_numpy(), positions, atol=1e-8)
    force = recording.ground_force
    assert force["side"].to_numpy().tolist() == ["left"]
    assert force["force"].to_numpy()[-1, 0].tolist() == [30.0, 800.0, -10.0]
    np.testing.assert_allclose(force["centre_of_pressure"].to_numpy()[-1, 0], [0.9, 0.0, 0.1])
    assert force["centre_of_pressure"].isnull().all("axis").to_numpy()[:, 0].sum() == 20
    assert force["free_moment"].to_numpy()[-1, 0] == 2.5


@pytest.mark.parametrize(("scale", "word"), [(1000.0, " mm "), (1.0, " m ")])
def test_unit_by_size(load, walk, scale, word):
    recording = load(_table(walk(80), scale=scale, top=""))
    np.testing.assert_allclose(recording.points.to_numpy(), walk(80), atol=2e-6)
    assert word in recording.flags[0].message


def test_gaps_and_other_columns(load, walk):
    positions = walk(80)
    positions[10:20, 1] = np.nan
    recording = load(_table(positions, extra={"emg": np.zeros(80)}))
    assert np.isnan(recording.position("p1")).all(1).sum() == 10
    assert [flag.code for flag in recording.flags] == ["columns_not_read", "points_missing"]


def test_body_weights_are_left_out(load, walk):
    recording = load(_table(walk(80), extra=_forces(80, "xyz"), top="# units: mm\n# forces: BW\n"))
    assert recording.ground_force is None
    assert recording.flags[0].code == "forces_not_used"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("time", "clock"), "has no column named time"),
        (("p3_y", "q3_y"), "has no column p3_y"),
        (("p3_y", "p3_up"), "mixes columns"),
        (("mm", "ell"), "unit of length ell"),
        (("0.025000", "0.015000"), "time does not rise in line 8"),
        (("0.025000,", "0.025000,a"), r"line 8: 'a.*' is not a number"),
        (("0.025000,", ","), "line 8 has no time"),
    ],
)
def test_faults_are_named(load, walk, change, message):
    with pytest.raises(RecordingError, match=message) as caught:
        load(_table(walk(80)).replace(*change))
    assert "run.csv" in str(caught.value)


def test_table_without_points(load):
    with pytest.raises(RecordingError, match="has no point with columns"):
        load("time,a,b\n0,1,2\n1,2,3\n")
    with pytest.raises(RecordingError, match="holds no table"):
        load("# units: mm\n")


def test_published_tables_of_biomac(data):
    recording = headway.load(data / "biomac_p02" / "DERIVED_straightrunning_trial0025.csv")
    assert recording.points.shape == (378, 42, 3)
    assert recording.rate == pytest.approx(175.0, abs=0.1)
    assert {"unit_assumed", "forces_not_used"} <= {flag.code for flag in recording.flags}
    sacrum = recording.position("Sacr")
    assert 0.8 < np.nanmean(sacrum[:, 1]) < 1.1
    speed = (sacrum[-1, 0] - sacrum[0, 0]) / (recording.time[-1] - recording.time[0])
    assert speed == pytest.approx(2.2, abs=0.2)


def test_other_csv_of_the_field(data):
    with pytest.raises(RecordingError, match="has no point with columns"):
        headway.load(data / "rbds" / "participantInfo.csv")

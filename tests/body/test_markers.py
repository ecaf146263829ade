"""From labels to markers that can be trusted: the head without one of its markers, cluster sets, gaps, quality."""

from dataclasses import replace

import numpy as np
import pytest

from headway import load
from headway.analysis.analyze import analyze
from headway.body.landmarks import labels_of, to_landmarks
from headway.body.markers import check_markers
from headway.gait.runner import Runner
from headway.recording import make_points
from headway.results import NotMeasurable
from headway.synthetic.recording import Laboratory, record, standing
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.standing import standing_skeleton

HEAD = ("LHeadTamp", "RHeadTamp", "LHeadBack", "RHeadBack")
WHO = Runner(height=1.75, sex="female")


@pytest.fixture(scope="module")
def real(data):
    return load(data / "running_0002" / "Running_0002.c3d")


@pytest.fixture(scope="module")
def whole(real):
    return analyze(real, WHO).summary


@pytest.mark.parametrize("label", HEAD)
def test_a_head_label_that_is_missing_moves_the_head_by_less_than_5_mm_and_is_named(real, whole, label):
    less = analyze(replace(real, points=real.points.drop_sel(point=[label])), WHO).summary
    name = "head_over_foot_error"
    assert abs(less.metrics[name].value - whole.metrics[name].value) < 0.005
    assert any(label in flag.message for flag in less.quality if flag.code == "head_marker_missing")


def test_a_missing_head_marker_widens_the_intervals_of_the_head_only():
    run = record(SyntheticRunner(), duration=4, noise=0.0005)
    whole = analyze(run).summary.metrics
    less = analyze(replace(run, points=run.points.drop_sel(point=["head_back_left"]))).summary.metrics

    def wider(name):
        old, new = (entry[name].ci95 for entry in (whole, less))
        return (new[1] - new[0]) - (old[1] - old[0])

    # a head that lies elsewhere by a constant moves a mean over both sides by nothing, and the place of the head by all of it
    head = [
        name
        for name, entry in less.items()
        if name.startswith("head") and getattr(entry, "unit", "") == "m" and entry.ci95
    ]
    assert max(wider(name) for name in head) > 0.004
    assert wider("contact_time") == pytest.approx(0.0)


def test_gaps_in_head_markers_do_not_add_force_at_the_neck():
    run = record(SyntheticRunner(), duration=4, noise=0.0005)
    gapped = record(SyntheticRunner(), duration=4, noise=0.0005, gaps=0.1)
    values = run.points.to_numpy().copy()
    head = [k for k, name in enumerate(run.names()) if name.startswith("head")]
    values[:, head] = gapped.points.to_numpy()[:, head]
    broken = analyze(replace(run, points=run.points.copy(data=values))).summary
    whole = analyze(run).summary
    assert broken.metrics["neck_force_peak"].value == pytest.approx(whole.metrics["neck_force_peak"].value, rel=0.02)
    quality = {marker.name: marker for marker in broken.markers}
    assert quality["head_front_left"].seen == pytest.approx(0.9, abs=0.005)
    assert "markers around it" in quality["head_front_left"].mended and quality["c7"].mended == ""
    assert quality["head_front_left"].residual < 0.002
    assert quality["c7"].longest_gap == 0.0


def test_quality_is_judged_on_what_was_measured(real):
    checked = check_markers(to_landmarks(real), labels_of(real))
    quality = {marker.name: marker for marker in checked.quality}
    assert quality["head_front_left"].label == "LHeadTamp"
    assert quality["head_front_left"].segment == "head"
    assert 0.0 < quality["head_front_left"].rigidity < 0.005
    assert checked.head_error == 0.0


# --- a set of clusters, its anatomical points in the standing trial only ---------------------------------------------

_ALWAYS = {
    "head_front": "FHD", "head_back": "BHD", "acromion": "SHO", "elbow_lateral": "ELB", "wrist_radial": "WRA",
    "wrist_ulnar": "WRB", "hand": "FIN",
}  # fmt: skip
_STANDING = {
    "knee_lateral": "KNL", "knee_medial": "KNM", "ankle_lateral": "ANL", "ankle_medial": "ANM", "asis": "ASI",
    "psis": "PSI", "heel": "HEE", "mt1": "FMH", "mt5": "VMH",
}  # fmt: skip
_PLACES = np.array([[0.12, 0.06, 0.03], [0.18, 0.05, -0.05], [0.25, 0.07, 0.04], [0.2, -0.05, 0.05]])


def _carried(origin, along, aside, places):
    """Points fixed in the axes spanned by two directions from an origin, m, shape (frames, points, 3)."""
    y = (along - origin) / np.linalg.norm(along - origin, axis=1, keepdims=True)
    z = aside - origin
    z = z - (z * y).sum(1, keepdims=True) * y
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    return origin[:, None] + np.einsum("mk,nki->nmi", places, np.stack([y, z, np.cross(y, z)], axis=1))


def clustered(recording, hips, *, anatomical):
    """The recording as a laboratory with Vicon clusters makes it."""
    at = {name: recording.points.sel(point=name).to_numpy() for name in recording.names()}
    out = {
        label: at[name] for name, label in (("c7", "C7"), ("t10", "T10"), ("suprasternal", "CLAV"), ("xiphoid", "STRN"))
    }

    def cluster(stem, *frame, places=_PLACES):
        for letter, path in zip("ABCD", np.swapaxes(_carried(*frame, places), 0, 1), strict=True):
            out[stem + letter] = path

    cluster("PEL", (at["asis_left"] + at["asis_right"]) / 2, at["psis_left"], at["psis_right"], places=_PLACES * 0.6)
    for side, letter in (("left", "L"), ("right", "R")):
        out |= {letter + label: at[f"{name}_{side}"] for name, label in _ALWAYS.items()}
        knee, ankle = ((at[f"{j}_lateral_{side}"] + at[f"{j}_medial_{side}"]) / 2 for j in ("knee", "ankle"))
        cluster(f"{letter}FM", knee, hips[side], at[f"knee_lateral_{side}"])
        cluster(f"{letter}TB", ankle, knee, at[f"ankle_lateral_{side}"], places=_PLACES * 0.9)
        cluster(f"{letter}FT", *(at[f"{name}_{side}"] for name in ("heel", "mt1", "mt5")), places=_PLACES * 0.5)
        if anatomical:
            out |= {letter + label: at[f"{name}_{side}"] for name, label in _STANDING.items()}
    points = make_points(recording.time, list(out), np.stack(list(out.values()), axis=1))
    return replace(recording, points=points)


@pytest.fixture(scope="module")
def cluster_runner():
    runner, lab = SyntheticRunner(), Laboratory().rotation
    run, still = record(runner, duration=5), standing(runner)
    path = runner.positions(run.time + run.log[0].arguments["start"], ("hip_left", "hip_right")) @ lab.T
    joints = standing_skeleton(runner.plan)[1]
    rest = {side: np.tile(lab @ joints[f"hip_{side}"].value[0], (len(still.time), 1)) for side in ("left", "right")}
    hips = {"left": path[:, 0], "right": path[:, 1]}
    return run, still, clustered(run, hips, anatomical=False), clustered(still, rest, anatomical=True)


@pytest.fixture(scope="module")
def anatomical(cluster_runner):
    """Metrics of the run by its anatomical markers."""
    run, still, _, _ = cluster_runner
    return analyze(run, Runner(height=1.75), standing=still).summary.metrics


def test_a_cluster_set_with_its_standing_trial_measures_what_anatomical_markers_do(cluster_runner, anatomical):
    _, _, clusters, calibration = cluster_runner
    found = analyze(clusters, Runner(height=1.75), standing=calibration).summary.metrics
    for name, entry in anatomical.items():
        if isinstance(entry, NotMeasurable) or not name.startswith(
            ("head", "neck", "ladder", "lateral", "contact", "pelvis")
        ):
            continue
        assert found[name].value == pytest.approx(entry.value, rel=0.02, abs=0.002), name


def test_a_marker_that_was_put_on_again_carries_nothing(cluster_runner, anatomical):
    _, _, clusters, calibration = cluster_runner
    values = clusters.points.copy()
    values.loc[{"point": "RTBB"}] = values.sel(point="RTBB") + 0.5 * (
        values.sel(point="RTBC") - values.sel(point="RTBB")
    )
    found = analyze(replace(clusters, points=values), Runner(height=1.75), standing=calibration).summary
    assert any(flag.code == "markers_moved" and "shank_right_2" in flag.message for flag in found.quality)
    assert found.metrics["contact_time"].value == pytest.approx(anatomical["contact_time"].value, rel=0.02)


def test_anatomical_markers_that_were_taken_off_after_standing_are_carried_through_the_run_of_the_same_file(
    cluster_runner,
):
    run, still, clusters, calibration = cluster_runner
    names = calibration.names()
    rest = np.resize(np.arange(len(calibration.time)), 600)
    moving = clusters.points.reindex(point=names).to_numpy()
    values = np.concatenate([calibration.points.to_numpy()[rest], moving])
    both = replace(
        clusters, points=make_points(np.arange(len(values)) / run.rate, names, values), ground_force=None, events=()
    )
    found = analyze(both, Runner(height=1.75)).summary
    plain = analyze(replace(run, ground_force=None, events=()), Runner(height=1.75), standing=still).summary
    assert any(flag.code == "landmarks_from_standing" for flag in found.quality)
    for name in ("step_width", "head_vertical_oscillation", "lateral_bounce_amplitude"):
        assert found.metrics[name].value == pytest.approx(plain.metrics[name].value, rel=0.02, abs=0.002), name
    # contacts by motion alone read the heights of heel and forefoot, of which clusters know more than single markers
    low, high = found.metrics["contact_time"].ci95
    assert low <= plain.metrics["contact_time"].value <= high


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_head_that_is_marked_on_one_side_only_is_brought_to_its_midline_and_told(real, whole, side):
    gone = [label for label in HEAD if label.startswith(side[0].upper())]
    less = analyze(replace(real, points=real.points.drop_sel(point=gone)), WHO).summary
    name = "head_over_foot_error"
    assert abs(less.metrics[name].value - whole.metrics[name].value) < 0.008
    assert isinstance(less.metrics["push_through_angle"], NotMeasurable)
    assert any("one side" in flag.message or "side of the head" in flag.message for flag in less.quality)

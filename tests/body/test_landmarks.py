import numpy as np
import pytest

from headway.body.landmarks import groups, identify, to_landmarks
from headway.body.marker_sets import OTHER_NAMES, SETS, canonical_names, mirror
from headway.errors import RecordingError
from headway.recording import AXES, Recording, make_points


def recording(labels, **fields):
    values = np.zeros((5, len(labels), 3))
    return Recording(make_points(np.arange(5) / 100, labels, values, AXES), source="run.c3d", **fields)


@pytest.mark.parametrize("marker_set", [*SETS, OTHER_NAMES], ids=lambda marker_set: marker_set.name)
def test_every_row_means_a_landmark_and_both_sides_are_there(marker_set):
    landmarks = {landmark for landmark, _ in marker_set.labels.values()}
    assert landmarks <= set(canonical_names())
    for landmark in landmarks:
        assert landmark.replace("_left", "_right") in landmarks


@pytest.mark.parametrize("marker_set", SETS, ids=lambda marker_set: marker_set.name)
def test_a_set_is_found_by_its_own_labels(marker_set):
    found = identify(list(marker_set.labels))
    assert found.marker_set is marker_set
    assert all(found.names[label] == marker_set.labels[label][0] for label in found.names)
    taken = {landmark for landmark, _ in marker_set.labels.values()}
    assert set(found.names.values()) == taken  # left over are alternatives only


@pytest.mark.parametrize(
    ("right", "left"),
    [
        ("RASI", "LASI"),
        ("r_5meta", "L_5meta"),
        ("r.ASIS", "L.ASIS"),
        ("right_hip", "left_hip"),
        ("RIGHT_HIP", "LEFT_HIP"),
    ],
)
def test_left_labels_follow_from_right_ones(right, left):
    assert mirror(right) == left


def test_the_same_name_means_different_places_in_different_sets():
    pig = identify(
        ["LASI", "RASI", "LPSI", "RPSI", "RKNE", "LKNE", "RANK", "LANK", "RHEE", "LHEE", "RTOE", "LTOE", "CLAV"]
    )
    assert pig.names["RTOE"] == "mt2_right"
    hamner = identify(
        ["LASI", "RASI", "LPSI", "RPSI", "RTH1", "RTB1", "RCAL", "LCAL", "RTOE", "LTOE", "RACR", "LACR", "CLAV"]
    )
    assert hamner.names["RTOE"] == "toe_right"
    rbds = identify(
        ["R.Knee", "L.Knee", "R.ASIS", "L.ASIS", "R.MT1", "L.MT1", "R.Heel.Bottom", "R.Heel.Top", "R.Ankle"]
    )
    assert rbds.names["R.Knee"] == "knee_lateral_right"
    assert rbds.names["R.Heel.Bottom"] == "heel_right"
    halpe = identify(
        ["Nose", "LEye", "REye", "LShoulder", "RShoulder", "LKnee", "RKnee", "LHip", "RHip", "RHeel", "RBigToe"]
    )
    assert halpe.names["RKnee"] == "knee_right"
    assert halpe.marker_set is not None
    assert halpe.marker_set.keypoints
    dorn = identify(["C7", "RSH", "LSH", "MAN", "T7", "RWR", "LWR", "SACR", "RASI", "LASI", "RLEPI", "RP1MT", "RTOE"])
    assert (dorn.names["RSH"], dorn.names["RWR"], dorn.names["RTOE"]) == ("acromion_right", "wrist_right", "toe_right")


def test_alternatives_are_used_best_first_in_any_order():
    labels = ["RTOE", "LASI", "RASI", "LPSI", "RPSI", "RKNE", "RANK", "RHEE", "RSMH"]
    found = identify(labels)
    assert found.names["RSMH"] == "mt2_right"
    assert found.left_over == ("RTOE",)


def test_spelling_is_forgiven_after_exact_names():
    found = identify(["lasi", "R ASI", "L_PSI", "rpsi", "c7", "Clav", "rkne", "RANK", "RHEE"])
    assert found.names["R ASI"] == "asis_right"
    assert found.names["Clav"] == "suprasternal"
    assert not found.left_over


def test_common_extra_names_are_understood_where_free():
    found = identify(["LASI", "RASI", "LPSI", "RPSI", "RKNE", "RANK", "RHEE", "RTOE", "RMT5", "RKNI", "RHJC", "*52"])
    assert found.names["RMT5"] == "mt5_right"
    assert found.names["RKNI"] == "knee_medial_right"
    assert found.left_over == ("RHJC", "*52")  # an output of the gait model, not a marker


@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_mediapipe_in_either_case_has_its_feet(spelling):
    points = [
        "nose",
        "left_shoulder",
        "right_shoulder",
        "left_hip",
        "right_hip",
        "left_knee",
        "right_knee",
        "left_ankle",
    ]
    points += ["right_ankle", "left_heel", "right_heel", "left_foot_index", "right_foot_index", "left_ear", "right_ear"]
    found = identify([spelling(name) for name in points])
    assert found.names[spelling("left_foot_index")] == "toe_left"
    assert not found.left_over


def test_prefix_is_stripped_and_two_people_need_a_choice():
    labels = ["Ann:LASI", "Ann:RASI", "Ann:C7", "Ann:CLAV"]
    assert set(to_landmarks(recording(labels)).names()) == {"asis_left", "asis_right", "c7", "suprasternal"}
    two = [*labels, "Bob:LASI", "Bob:RASI", "Bob:C7", "Bob:RKNE"]
    with pytest.raises(
        RecordingError, match=r"run\.c3d: several people in one file \(Ann, Bob\); choose one with --subject"
    ) as caught:
        to_landmarks(recording(two))
    assert "\n" not in str(caught.value)
    assert to_landmarks(recording(two, subject="Bob")).has("knee_lateral_right")


def test_nothing_known_is_no_set_and_no_points():
    found = identify(["A1", "A2", "*7"])
    assert found.marker_set is None
    assert not found.names
    renamed = to_landmarks(recording(["A1", "A2"]))
    assert renamed.names() == []
    assert [flag.code for flag in renamed.flags] == ["labels_not_understood"]
    assert not any(groups(renamed.names()).values())


def test_canonical_names_are_a_set():
    labels = ["c7", "suprasternal", "head_front_left", "asis_left", "thigh_right_1", "nonsense"]
    found = identify(labels)
    assert found.marker_set is SETS[0]
    assert found.left_over == ("nonsense",)
    assert all(found.names[name] == name for name in labels[:-1])


def test_log_and_flag_name_the_set_and_the_rest():
    renamed = to_landmarks(recording(["LASI", "RASI", "SACR", "RKNE", "RANK", "odd"]))
    assert renamed.log[-1].arguments["marker_set"] == "Plug-in Gait (CGM1, CGM2)"
    assert renamed.log[-1].arguments["left_over"] == ["odd"]
    assert "odd" in renamed.flags[0].message


REAL = [
    (
        "r1",
        "pyorerun running",
        64,
        0,
        {"head", "head_rotation", "neck_base", "pelvis", "knees", "ankles", "feet", "shoulders", "hands"},
    ),
    ("ja1", "Dorn 2012 (AIS-MU)", 51, 2, {"neck_base", "pelvis", "knees", "ankles", "feet", "shoulders", "hands"}),
    ("r3", "Hamner & Delp 2013", 42, 0, {"neck_base", "pelvis", "feet", "shoulders", "hands"}),
    ("rbds", "RBDS (Fukuchi 2017)", 32, 1, {"pelvis", "feet"}),
]


@pytest.mark.parametrize(("name", "marker_set", "known", "left_over", "there"), REAL, ids=[row[0] for row in REAL])
def test_real_recordings(name, marker_set, known, left_over, there, request):
    found = request.getfixturevalue(name)
    arguments = found.log[-1].arguments
    assert (arguments["marker_set"], arguments["landmarks"], len(arguments["left_over"])) == (
        marker_set,
        known,
        left_over,
    )
    assert {group for group, is_there in groups(found.names()).items() if is_there} == there | {"hips"}


def test_biomac_columns(data):
    header = (data / "biomac_p02" / "DERIVED_straightrunning_trial0025.csv").read_text().split("\n", 1)[0].split(",")
    labels = [column.removesuffix("_x") for column in header if column.endswith("_x") and "GRF" not in column]
    found = identify(labels)
    assert found.marker_set is not None
    assert found.marker_set.name == "BioMAC-Sim"
    assert len(found.names) == 42
    assert found.names["RUSP"] == "wrist_ulnar_right"

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.io.labels import select


def _select(labels, **options):
    return select("run.trc", labels, np.ones((4, len(labels), 3)), **options)


def test_declared_prefix_is_stripped():
    found = _select(["Ann_C7", "Ann_LASI"], prefixes=["Ann_"], subjects=["Ann"])
    assert found.names == ["C7", "LASI"]
    assert found.subject == "Ann"


def test_name_of_the_only_subject_counts_without_prefix():
    assert _select(["C7"], subjects=["JA1"]).subject == "JA1"
    assert _select(["C7"], subjects=["JA1"], subject="ja1").subject == "JA1"


def test_asking_for_a_runner_in_a_file_without_names():
    with pytest.raises(RecordingError, match=r"its markers carry no names.*leave --subject away"):
        _select(["C7"], subject="Ann")


def test_nameless_markers_do_not_count_as_a_second_runner():
    found = _select(["Ann:C7", "*1", "uname*3", "unlabeled_point_4", "", "Other:*7"])
    assert found.names == ["C7"]


def test_a_complete_set_of_bone_points_is_an_output_a_cluster_is_not():
    assert _select(["HEDO", "HEDA", "HEDL", "HEDP", "C7"]).names == ["C7"]
    assert _select(["PELA", "PELB", "PELC", "PELD"]).names == ["PELA", "PELB", "PELC", "PELD"]


def test_joint_centres_are_kept_for_the_marker_sets_to_judge():
    assert _select(["LHJC", "RKneeForce", "RKNE"]).names == ["LHJC", "RKNE"]

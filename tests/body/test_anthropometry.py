import numpy as np
import pytest

from headway.body.anthropometry import MEAN_LENGTHS, SEGMENTS, WHOLE_BODY, ratio
from headway.errors import OptionError

SEXES = ("male", "female", None)


def row(name):
    return "_".join(name.split("_")[:-1]) if name.endswith(("left", "right")) else name


@pytest.mark.parametrize("sex", SEXES)
def test_masses_make_a_whole_body(sex):
    assert sum(SEGMENTS[row(name)].of(sex)[0] for name in WHOLE_BODY) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("sex", [0, 1])
def test_trunk_parts_make_the_trunk(sex):
    parts = sum(SEGMENTS[name].mass[sex] for name in ("upper_trunk", "middle_trunk", "lower_trunk"))
    assert parts == pytest.approx(SEGMENTS["trunk"].mass[sex], abs=2e-4)


@pytest.mark.parametrize("sex", [0, 1])
def test_standing_centre_of_mass_is_at_55_to_57_percent(sex):
    length = {name: pair[sex] for name, pair in MEAN_LENGTHS.items()}
    com = {name: segment.com[sex] for name, segment in SEGMENTS.items()}
    mass = {name: segment.mass[sex] for name, segment in SEGMENTS.items()}
    c7 = length["stature"] - length["head"]
    hip = c7 - length["trunk"]
    knee = hip - length["thigh"]
    malleolus = knee - length["shank_malleolus"]
    trunk_com = c7 - com["trunk"] * length["trunk"]
    shoulder = (trunk_com - com["trunk_mid_shoulder"] * hip) / (1 - com["trunk_mid_shoulder"])
    elbow = shoulder - length["upper_arm"]
    wrist = elbow - length["forearm"]
    height = {
        "head": length["stature"] - com["head"] * length["head"],
        "trunk": trunk_com,
        "upper_arm": shoulder - com["upper_arm"] * length["upper_arm"],
        "forearm": elbow - com["forearm"] * length["forearm"],
        "hand": wrist - com["hand"] * length["hand"],
        "thigh": hip - com["thigh"] * length["thigh"],
        "shank": knee - com["shank_malleolus"] * length["shank_malleolus"],
        "foot": malleolus / 2,
    }
    total = sum(mass[row(name)] * height[row(name)] for name in WHOLE_BODY) / sum(
        mass[row(name)] for name in WHOLE_BODY
    )
    assert 0.55 < total / length["stature"] < 0.57
    assert 0.45 < (shoulder - hip) / length["trunk"] < 0.95


@pytest.mark.parametrize("sex", [0, 1])
def test_rows_of_one_segment_put_its_mass_at_one_level(sex):
    """The endpoint traps: C7 or jaw, ankle or malleolus; the level from the proximal end must be the same."""
    below_vertex = [SEGMENTS[name].com[sex] * MEAN_LENGTHS[name][sex] for name in ("head", "head_gonion")]
    assert below_vertex[0] == pytest.approx(below_vertex[1], abs=2e-4)
    gyration = [SEGMENTS[name].radii[sex][0] * MEAN_LENGTHS[name][sex] for name in ("head", "head_gonion")]
    assert gyration[0] == pytest.approx(gyration[1], abs=2e-4)
    to_ankle = SEGMENTS["shank"].com[sex] / SEGMENTS["shank_malleolus"].com[sex]
    assert to_ankle == pytest.approx(
        SEGMENTS["shank"].radii[sex][0] / SEGMENTS["shank_malleolus"].radii[sex][0], abs=5e-3
    )


def test_fractions_run_from_the_proximal_end():
    for name in (
        "upper_arm",
        "forearm",
        "thigh",
        "shank",
    ):  # a limb is thick at its top, but an upper arm's mass is low
        assert SEGMENTS[name].proximal in ("shoulder", "elbow", "hip", "knee")
    assert SEGMENTS["upper_arm"].com == (0.5772, 0.5754)
    assert SEGMENTS["hand"].com[0] > 0.7
    assert (SEGMENTS["foot"].proximal, SEGMENTS["foot"].distal) == ("heel", "toe_tip")
    assert (SEGMENTS["thigh"].com[1], MEAN_LENGTHS["thigh"][1]) == (0.3612, 0.3685)  # odd, and the table
    assert SEGMENTS["head"].mass == (0.0694, 0.0668)


def test_head_of_a_73_kg_man():
    mass, com, radii = SEGMENTS["head"].of("male")
    length = MEAN_LENGTHS["head"][0]
    assert 73 * mass == pytest.approx(5.07, abs=0.01)
    assert (1 - com) * length == pytest.approx(0.121, abs=5e-4)
    assert np.allclose(73 * mass * (np.array(radii) * length) ** 2, [0.0274, 0.0297, 0.0204], atol=1e-4)


def test_head_length_from_stature_and_unknown_sex_is_the_mean():
    assert ratio("head", "stature", "male") == pytest.approx(0.1395, abs=5e-5)
    assert ratio("head", "stature", "female") == pytest.approx(0.1405, abs=5e-5)
    assert SEGMENTS["thigh"].of(None)[1] == pytest.approx((0.4095 + 0.3612) / 2)
    with pytest.raises(OptionError, match="use male or female"):
        SEGMENTS["thigh"].of("m")

import numpy as np
import pytest

from headway.body.anthropometry import SEGMENTS, WHOLE_BODY
from headway.dynamics.ladder import BODY, LEVELS, G, above, below, closure, force_ladder, ladder_from_ground
from headway.recording import GRAVITY

MASS = np.array([70.0 * SEGMENTS[name.removesuffix("_left").removesuffix("_right")].mass[0] for name in WHOLE_BODY])
NECK, LUMBAR, HIP, ANKLE, GROUND = (LEVELS.index(name) for name in ("neck", "lumbar", "hip", "ankle", "ground"))


@pytest.fixture
def acceleration():
    return np.random.default_rng(3).normal(0, 8, (50, len(WHOLE_BODY), 3))


def test_segments_are_those_of_the_body():
    assert set(BODY) == set(WHOLE_BODY)
    for level in LEVELS:
        assert set(above(level, "left")) | set(below(level, "left")) == set(BODY)
    assert below("knee", "left") == ("foot_left", "shank_left")
    assert "thigh_right" in above("hip", "left")  # the swing leg hangs on the pelvis


@pytest.mark.parametrize("side", ["left", "right"])
def test_standing_still_every_level_carries_the_weight_above_it(side):
    ladder = force_ladder(MASS, np.zeros((4, len(WHOLE_BODY), 3)), WHOLE_BODY, side)
    share = ladder[:, :, 1] / (70 * GRAVITY)
    assert np.allclose(ladder[:, :, [0, 2]], 0)
    leg = np.array([0.0137, 0.0433, 0.1416])
    assert np.allclose(share, [1, 1 - leg[0], 1 - leg[:2].sum(), 1 - leg.sum(), 1 - 2 * leg.sum(), 0.0694], atol=1e-4)


def test_in_free_fall_nothing_passes(acceleration):
    falling = np.broadcast_to(G, acceleration.shape)
    assert np.allclose(force_ladder(MASS, falling, WHOLE_BODY, "left"), 0)


def test_ground_level_is_newton_for_the_whole_and_top_down_meets_bottom_up(acceleration):
    ground = (MASS[:, None] * (acceleration - G)).sum(1)
    top_down = force_ladder(MASS, acceleration, WHOLE_BODY, "right")
    bottom_up = ladder_from_ground(ground, MASS, acceleration, WHOLE_BODY, "right")
    assert np.allclose(top_down[:, GROUND], ground, rtol=1e-12)
    assert np.allclose(top_down, bottom_up, atol=1e-9)
    total, by_axis = closure(top_down, ground, 70.0)
    assert total < 1e-12
    assert by_axis.shape == (3,)


def test_doubling_the_mass_doubles_the_force(acceleration):
    once, twice = (force_ladder(k * MASS, acceleration, WHOLE_BODY, "left") for k in (1, 2))
    assert np.allclose(twice, 2 * once)


def test_mirror(acceleration):
    swap = [WHOLE_BODY.index(n.replace("left", "x").replace("right", "left").replace("x", "right")) for n in WHOLE_BODY]
    flip = np.array([1.0, 1.0, -1.0])
    right = force_ladder(MASS, acceleration, WHOLE_BODY, "right")
    left = force_ladder(MASS[swap], acceleration[:, swap] * flip, WHOLE_BODY, "left")
    assert np.allclose(right * flip, left, atol=1e-12)


def test_legs_alone_reach_the_lumbar_level_from_the_ground_and_nothing_from_the_top(acceleration):
    names = [name for name in WHOLE_BODY if name.startswith(("thigh", "shank", "foot"))]
    keep = [WHOLE_BODY.index(name) for name in names]
    ground = (MASS[:, None] * (acceleration - G)).sum(1)
    assert np.isnan(force_ladder(MASS[keep], acceleration[:, keep], names, "left")).all()
    bottom_up = ladder_from_ground(ground, MASS[keep], acceleration[:, keep], names, "left")
    full = force_ladder(MASS, acceleration, WHOLE_BODY, "left")
    assert np.allclose(bottom_up[:, :NECK], full[:, :NECK], atol=1e-9)
    assert np.isnan(bottom_up[:, NECK]).all()
    one_leg = [name for name in names if name.endswith("left")]
    keep = [WHOLE_BODY.index(name) for name in one_leg]
    bottom_up = ladder_from_ground(ground, MASS[keep], acceleration[:, keep], one_leg, "left")
    assert np.isfinite(bottom_up[:, : HIP + 1]).all()
    assert np.isnan(bottom_up[:, LUMBAR]).all()


def test_a_missing_head_leaves_no_level_from_the_top_but_all_but_the_neck_from_the_ground(acceleration):
    names = WHOLE_BODY[1:]
    assert np.isnan(force_ladder(MASS[1:], acceleration[:, 1:], names, "left")).all()
    ground = np.zeros((len(acceleration), 3))
    assert np.isfinite(ladder_from_ground(ground, MASS[1:], acceleration[:, 1:], names, "left")).all()


def test_missing_foot_does_not_hide_the_levels_above_it(acceleration):
    names = [name for name in WHOLE_BODY if name != "foot_left"]
    keep = [WHOLE_BODY.index(name) for name in names]
    ladder = force_ladder(MASS[keep], acceleration[:, keep], names, "left")
    assert np.isnan(ladder[:, GROUND]).all()
    assert np.allclose(ladder[:, ANKLE:], force_ladder(MASS, acceleration, WHOLE_BODY, "left")[:, ANKLE:])
    assert np.isnan(force_ladder(MASS[keep], acceleration[:, keep], names, "right")[:, ANKLE]).all()


def test_a_gap_is_a_gap_in_its_frames_and_levels_only(acceleration):
    acceleration[10:15, WHOLE_BODY.index("shank_left")] = np.nan
    ladder = force_ladder(MASS, acceleration, WHOLE_BODY, "left")
    assert np.isnan(ladder[10:15, : ANKLE + 1]).all()
    assert np.isfinite(ladder[10:15, ANKLE + 1 :]).all()
    assert np.isfinite(ladder[15:]).all()


def test_closure_counts_stance_only_and_says_when_it_cannot_tell(acceleration):
    ladder = force_ladder(MASS, acceleration, WHOLE_BODY, "left")
    measured = ladder[:, 0] + np.array([0.0, 0.1 * 70 * GRAVITY, 0.0])
    measured[20:] += 1e4
    stance = np.arange(len(ladder)) < 20
    total, by_axis = closure(ladder, measured, 70.0, stance)
    assert total == pytest.approx(0.1)
    assert by_axis == pytest.approx([0, 0.1, 0], abs=1e-12)
    assert np.isnan(closure(ladder * np.nan, measured, 70.0)[0])


def test_unknown_segments_are_refused(acceleration):
    with pytest.raises(ValueError, match="tail"):
        force_ladder(MASS, acceleration, ("tail", *WHOLE_BODY[1:]), "left")
    with pytest.raises(ValueError, match="do not fit"):
        force_ladder(MASS, acceleration, WHOLE_BODY[1:], "left")

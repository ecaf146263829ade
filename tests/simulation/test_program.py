"""Splines, blocks, contact and strength: known answers."""

import numpy as np
import pytest
import scipy.sparse as sp

ca = pytest.importorskip("casadi")

from headway.body.make_skeleton import make_skeleton  # noqa: E402
from headway.simulation.blocks import BlockFamily, Program  # noqa: E402
from headway.simulation.contact import Ground  # noqa: E402
from headway.simulation.effort import ROOT, effort, relative_moments  # noqa: E402
from headway.simulation.splines import StepSplines  # noqa: E402
from headway.simulation.verdict import judge  # noqa: E402


class TestSplines:
    splines = StepSplines(make_skeleton(), 12)
    coefficients = np.random.default_rng(0).normal(size=splines.size)

    @pytest.mark.parametrize("order", [0, 1, 2, 3])
    def test_the_next_step_is_the_mirror_image(self, order):
        places, signs = self.splines.skeleton.mirror
        now, later = (self.splines.rows(np.array([0.1, 0.77]) + k, order) @ self.coefficients for k in (0, 1))
        assert np.allclose(now[:, places.astype(int)] * signs, later, atol=1e-9)

    def test_derivatives_are_those_of_the_values(self):
        step = 1e-5
        for order in range(3):
            near = self.splines.rows(np.array([0.4 + step, 0.4 - step]), order) @ self.coefficients
            slope = self.splines.rows(np.array([0.4]), order + 1) @ self.coefficients
            assert np.allclose((near[0] - near[1]) / (2 * step), slope[0], rtol=1e-5, atol=1e-3)

    def test_fit_returns_what_was_given(self):
        phases = np.arange(48) / 48
        values = self.splines.rows(phases) @ self.coefficients
        assert np.allclose(self.splines.fit(phases, values, smooth=1e-9), self.coefficients, atol=1e-6)


def test_blocks_solve_a_problem_with_a_known_answer():
    """Least squares under a summed and a single constraint: min Σ (x_k − k)² with Σ x = 0 and x_0 = 1, and weight as parameter."""
    local, weight, known = ca.SX.sym("local"), ca.SX.sym("weight"), ca.SX.sym("known")
    n = 5
    rows = sp.csc_matrix(np.eye(n))
    squares = BlockFamily("squares", local, weight * (local - known) ** 2, ca.SX(0, 1), rows, np.zeros(0), np.zeros(0),
                     known=known, data=np.arange(n, dtype=float)[:, None])  # fmt: skip
    total = BlockFamily("total", local, ca.SX(0), local, rows, np.zeros(1), np.zeros(1), summed=True)
    first = BlockFamily("first", local, ca.SX(0), local**2, rows[:1], np.ones(1), np.ones(1))
    program = Program([squares, total, first], weight)
    low, high = (np.concatenate(bounds) for bounds in zip(*(one.bounds() for one in program.families), strict=True))
    solver = program.solver({"ipopt": {"print_level": 0, "sb": "yes"}, "print_time": False})
    found = np.asarray(solver(x0=np.ones(n), p=[3.0], lbg=low, ubg=high)["x"]).ravel()
    expected = np.r_[1.0, np.arange(1, n) - (1 + 10) / 4]
    assert np.allclose(found, expected, atol=1e-6)


class TestContact:
    def force(self, height, velocity):
        place, speed = ca.SX.sym("place", 3), ca.SX.sym("speed", 3)
        law = ca.Function("law", [place, speed], [Ground().force(place, speed)])
        return np.asarray(law([0.0, height, 0.0], velocity)).ravel()

    def test_nothing_pulls_and_nothing_pushes_in_the_air(self):
        assert np.abs(self.force(0.03, [3.0, -2.0, 1.0])).max() < 1e-9
        assert self.force(-0.02, [0.0, 5.0, 0.0])[1] > 0

    def test_pressed_in_it_is_a_spring(self):
        assert self.force(-0.02, [0.0, 0.0, 0.0])[1] == pytest.approx(Ground().stiffness * 0.02, rel=1e-6)

    def test_friction_opposes_sliding_and_stays_in_its_cone(self):
        for speed in (0.01, 0.3, 5.0):
            pushed = self.force(-0.01, [speed, 0.0, -speed])
            assert pushed[0] < 0 < pushed[2]
            assert np.hypot(pushed[0], pushed[2]) < Ground().friction * pushed[1]

    def test_pressing_costs_energy_and_never_gives_more_back(self):
        assert self.force(-0.01, [0, -1.0, 0])[1] > self.force(-0.01, [0, 0, 0])[1] > self.force(-0.01, [0, 1.0, 0])[1]


class TestStrength:
    skeleton = make_skeleton(1.75, 70.0, "male")

    def relative(self, name, moment, angle, speed):
        n = len(self.skeleton.names)
        moments, q, v = ca.SX.sym("m", n - ROOT), ca.SX.sym("q", n), ca.SX.sym("v", n)
        found = ca.Function("relative", [moments, q, v], [relative_moments(self.skeleton, moments, q, v)])
        k = self.skeleton.index(name)
        m, angles, speeds = np.zeros(n - ROOT), np.zeros(n), np.zeros(n)
        m[k - ROOT], angles[k], speeds[k] = moment, angle, speed
        return float(found(m, angles, speeds)[k - ROOT])

    def test_shortening_muscles_are_weak_and_lengthening_ones_strong(self):
        push, middle = -150.0, np.radians(1.5)
        still, short, long = (self.relative("ankle_dorsiflexion_right", push, middle, speed) for speed in (0, -8, 8))
        assert abs(short) > abs(still) > abs(long)
        assert abs(still) == pytest.approx(150.0 / (1.7 * 70 * 1.75), rel=1e-2)

    def test_each_direction_has_its_own_strength(self):
        angle = np.radians(68.5)
        extension, flexion = (abs(self.relative("knee_flexion_right", moment, angle, 0.0)) for moment in (-100, 100))
        assert flexion == pytest.approx(2 * extension, rel=1e-2)

    def test_effort_is_symmetric_and_zero_at_rest(self):
        share = ca.SX.sym("share", 3)
        found = ca.Function("effort", [share], [effort(share, ca.DM(3.0))])
        assert float(found([0, 0, 0])) == pytest.approx(0.0, abs=1e-12)
        assert float(found([0.4, -0.2, 0.1])) == pytest.approx(float(found([-0.4, 0.2, -0.1])))
        assert float(found([0.5, 0, 0])) == pytest.approx(0.125, rel=2e-3)


KINDS = {"lead": "", "cost": "the cost function", "neck": "the neck stiffness", "mesh": "the mesh"}


class TestVerdict:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ((2.0, 1.0, 3.0, 2.0), (True, "robust: higher")),
            ((-2.0, -1.0, -3.0, -2.0), (True, "robust: lower")),
            ((0.1, -0.1, 0.0, 0.05), (True, "no difference")),
            ((2.0, -1.0, 3.0, 2.0), (False, "depends on the cost function")),
            ((2.0, 1.0, 0.0, -2.0), (False, "depends on the neck stiffness and the mesh")),
        ],
    )
    def test_it_names_what_a_difference_depends_on(self, values, words):
        assert judge(dict(zip(KINDS, values, strict=True)), 100.0, KINDS, 4, 2) == words

    def test_nothing_is_robust_that_was_not_tested(self):
        assert judge({"lead": 5.0}, 100.0, KINDS, 1, 1) == (False, "not tested")
        assert not judge({"lead": 5.0, "cost": 5.0}, 100.0, KINDS, 4, 2)[0]

    def test_nothing_is_robust_in_one_style(self):
        for value, words in ((2.0, "higher"), (-2.0, "lower"), (0.1, "no difference")):
            assert judge(dict.fromkeys(KINDS, value), 100.0, KINDS, 4, 1) == (False, f"{words} in one style")

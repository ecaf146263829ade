"""The table of errors of films: complete, in physical bounds, and used where metrics say so."""

import numpy as np
import pytest

from headway.camera.film_errors import RATES, film_errors, rate_class
from headway.camera.trunk import steadied
from headway.gait.trunk_witness import sine_bounce, trunk_witness
from headway.metrics import REGISTRY
from headway.metrics.errors import OnFilm
from headway.recording import HeadBy

VIEWS = ("side", "rear", "front")
WAYS: tuple[HeadBy, ...] = ("picture", "key_points")
TIME = np.arange(0.0, 4.0, 1 / 60)
NAMES = ("shoulder_left", "shoulder_right", "hip_left", "hip_right", "ear_left")


@pytest.mark.parametrize("by", WAYS)
def test_every_row_of_the_table_is_a_metric_or_an_event(by: HeadBy):
    table = film_errors().errors[by]
    assert set(table.spread) - set(REGISTRY) == {"initial_contact", "toe_off"}
    for name, views in table.spread.items():
        for view, rates in views.items():
            assert set(rates) == {known for known, _ in RATES}, (name, view)
            assert all(np.isfinite(error) and error >= 0 for error in rates.values()), (name, view)


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("rate", [24.0, 30.0, 60.0, 120.0, 240.0])
def test_contact_times_have_an_error_in_every_view_and_rate(view, rate, by: HeadBy):
    error = film_errors().errors[by].error("contact_time", view, rate)
    assert error is not None and 0.005 < error < 0.06
    assert rate_class(rate) == ("24-30" if rate < 45 else "50-60" if rate < 90 else "100-240")


def test_metrics_whose_error_is_that_of_another_name_one_that_has_a_row():
    named = {one.film.like for name, one in REGISTRY.items() if one.film.like != name}
    assert all(named <= set(film_errors().errors[by].spread) for by in WAYS)


@pytest.mark.parametrize("name", ["head_vertical_oscillation", "head_pelvis_vertical_gain", "head_lag_vertical"])
def test_a_head_that_its_picture_tells_is_known_better_than_one_by_key_points(name):
    def error(by: HeadBy, view: str) -> float:
        known = [film_errors().errors[by].error(name, view, rate) for rate in (30.0, 60.0, 120.0)]
        assert None not in known
        return sum(one for one in known if one is not None)

    assert error("picture", "side") < error("key_points", "side")
    assert error("picture", "rear") < error("key_points", "rear")


def test_a_remedy_is_a_film_that_tells_it():
    film = OnFilm(like="contact_time", widest=0.06)
    for view in VIEWS:
        advice = film.remedy(view, 30.0, "picture")
        if advice is None:
            continue
        rate = 120.0 if "120" in advice else 60.0 if "60" in advice else 30.0
        seen = next(
            (v for v, words in (("side", "side"), ("rear", "behind"), ("front", "in front")) if words in advice), view
        )
        error = film_errors().errors["picture"].error("contact_time", seen, rate)
        assert error is not None and 1.96 * error < 0.06
    assert OnFilm(like="contact_time", widest=0.001).remedy("side", 30.0, "picture") is None


def _body(shoulder: float, hip: float):
    wave = 0.04 * np.cos(2 * np.pi * 2.8 * TIME)
    up = np.column_stack([1.4 + shoulder * wave, 1.4 + shoulder * wave, 0.9 + hip * wave, 0.9 + hip * wave, 1.6 + wave])
    places = np.full((len(TIME), len(NAMES), 3), np.nan)
    places[..., 0], places[..., 1] = 0.0, up
    return places, 2 * np.pi * 1.4 * TIME


def test_shoulders_and_hips_that_slide_as_known_rise_and_fall_as_the_trunk():
    slide = film_errors().slides["side"]
    places, phase = _body(slide.shoulder, slide.hip)
    out = steadied(TIME, NAMES, places, phase, "mediapipe", "side")
    wave = 0.04 * np.cos(2 * np.pi * 2.8 * TIME)
    inner = slice(30, -30)
    for k, level in ((0, 1.4), (2, 0.9)):
        assert np.allclose((out[:, k, 1] - level)[inner], wave[inner], atol=0.002)
    assert np.array_equal(out[:, 4], places[:, 4], equal_nan=True)


def test_points_of_other_models_stay():
    places, phase = _body(0.9, 0.7)
    assert steadied(TIME, NAMES, places, phase, "synthetic", "side") is places


def test_a_half_sine_bounces_as_integrated_and_its_contact_time_is_told_back():
    step, contact = 0.36, 0.24
    time = np.linspace(-step / 2, step / 2, 200_001)
    force = np.where(np.abs(time) < contact / 2, np.pi / 2 * step / contact * np.cos(np.pi * time / contact), 0.0)
    bounce = 2 * float(np.mean(force * np.cos(2 * np.pi * time / step)))
    assert float(sine_bounce(contact / step)) == pytest.approx(bounce, abs=1e-4)
    found = trunk_witness(bounce * film_errors().bounce, step)
    assert found.contact_time == pytest.approx(contact, abs=0.002)
    assert found.contradicts(contact + 3 * found.error, 0.0) and not found.contradicts(contact, 0.0)

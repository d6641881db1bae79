"""The lognormal model of response times."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from bedside.measure import TooFewResponsesError, fast_right, fit_times, log_seconds, shift_z, time_residuals
from bedside.measure.integrity.times import FAST_SHARE, speed_given_ability


def made(seed, n_persons, n_items, missing=0.0):
    chance = np.random.default_rng(seed)
    demand, noise, speed = chance.normal(4, 0.4, n_items), chance.uniform(0.3, 0.6, n_items), chance.normal(0, 0.3, n_persons)
    log_time = demand - speed[:, None] + noise * chance.standard_normal((n_persons, n_items))
    log_time[chance.random(log_time.shape) < missing] = np.nan
    return log_time, demand, noise, speed


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_what_was_planted_is_recovered(missing):
    log_time, demand, noise, speed = made(1, 1000, 60, missing)
    model = fit_times(log_time)
    assert model.converged
    off = demand - model.demand
    np.testing.assert_allclose(off - off.mean(), 0, atol=0.06)
    np.testing.assert_allclose(model.noise, noise, rtol=0.1)
    assert model.speed_sd == pytest.approx(speed.std(), rel=0.05)
    assert np.corrcoef(model.speed, speed)[0, 1] > 0.95


def test_no_other_parameters_nearby_are_likelier():
    log_time, *_ = made(2, 60, 4)
    model = fit_times(log_time)

    def likelihood(demand, noise, sd):
        cov = np.diag(noise**2) + sd**2
        return multivariate_normal(demand, cov).logpdf(log_time).sum()

    best = likelihood(model.demand, model.noise, model.speed_sd)
    for k in range(4):
        for step in (-0.02, 0.02):
            assert likelihood(model.demand + step * np.eye(4)[k], model.noise, model.speed_sd) < best
            assert likelihood(model.demand, model.noise + step * np.eye(4)[k], model.speed_sd) < best
            assert likelihood(model.demand, model.noise, model.speed_sd + step) < best


def test_a_residual_is_from_the_person_s_other_times_alone():
    log_time, *_ = made(3, 50, 5, 0.1)
    model = fit_times(log_time)
    residuals = time_residuals(log_time, model)
    person = int(np.flatnonzero(~np.isnan(log_time).any(axis=1))[0])
    others = np.arange(5) != 2
    weight = model.noise[others] ** -2
    precision = model.speed_sd**-2 + weight.sum()
    speed = np.sum(weight * (model.demand - log_time[person])[others]) / precision
    expected = (log_time[person, 2] - model.demand[2] + speed) / np.sqrt(model.noise[2] ** 2 + 1 / precision)
    assert residuals[person, 2] == pytest.approx(expected)
    known = residuals[~np.isnan(residuals)]
    assert len(known) == np.sum(~np.isnan(log_time))
    assert abs(known.mean()) < 0.1
    assert 0.9 < known.std() < 1.1


def test_the_test_of_a_shift_is_standard_normal_without_one_and_sees_one():
    log_time, *_ = made(4, 3000, 50)
    some = np.zeros(50)
    some[:12] = 1
    z = shift_z(log_time, np.broadcast_to(some, log_time.shape), fit_times(log_time))
    assert abs(z.mean()) < 0.06
    assert 0.96 < z.std() < 1.04
    log_time[:100, :12] -= 0.5
    z = shift_z(log_time, np.broadcast_to(some, log_time.shape), fit_times(log_time))
    assert z[:100].mean() < -2.5


def test_a_set_that_is_empty_or_everything_has_no_shift():
    log_time, *_ = made(5, 20, 6)
    model = fit_times(log_time)
    assert np.isnan(shift_z(log_time, np.zeros_like(log_time), model)).all()
    assert np.isnan(shift_z(log_time, np.ones_like(log_time), model)).all()


def test_fast_right_answers_are_five_in_a_hundred_of_each_item_and_honest_persons_are_rarely_flagged():
    log_time, *_ = made(6, 1000, 80)
    right = np.random.default_rng(7).random(log_time.shape) < 0.7
    found = fast_right(log_time, right)
    assert not found.is_fast[~right].any()
    share = found.is_fast.sum(axis=0) / right.sum(axis=0)
    assert share.max() <= FAST_SHARE
    assert share.min() > FAST_SHARE - 0.005
    assert np.mean(found.p < 0.01) < 0.015


def test_many_right_answers_in_a_quarter_of_the_time_stand_out():
    log_time, *_ = made(8, 500, 80)
    right = np.random.default_rng(9).random(log_time.shape) < 0.7
    log_time[:20, :20] -= 1.4
    right[:20, :20] = True
    found = fast_right(log_time, right)
    assert np.mean(found.p[:20] < 0.01) > 0.6
    assert np.mean(found.p[20:] < 0.01) < 0.01


def test_speed_is_compared_with_others_as_able():
    log_time, _, _, speed = made(10, 800, 40)
    theta = 2 * speed + np.random.default_rng(11).normal(0, 0.1, 800)  # all of it but a little goes with ability
    assert abs(np.corrcoef(speed_given_ability(fit_times(log_time), theta), theta)[0, 1]) < 1e-8


def test_times_of_zero_or_less_are_no_times():
    found = log_seconds(np.array([1000, 0, -1]))
    assert found[0] == pytest.approx(0)
    assert np.isnan(found[1:]).all()


def test_too_few_times_are_refused():
    with pytest.raises(TooFewResponsesError, match="two items"):
        fit_times(np.full((5, 3), np.nan))

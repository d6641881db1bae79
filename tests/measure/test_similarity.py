"""Answers alike: the nominal response model, and omega, GBT and M4 of all pairs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from bedside.measure import MeasureError, TooFewResponsesError, fit_nominal, made_exam, similar_pairs, turned
from bedside.measure.fairness.irt import fit_groups
from bedside.measure.integrity.similarity_kernels import binomial_tail, trinomial_tail

CHANCES = st.lists(st.tuples(st.floats(0.01, 0.98), st.floats(0, 1)), min_size=1, max_size=6)


@given(CHANCES, st.integers(0, 6))
def test_the_tail_of_gbt_is_that_of_all_outcomes_counted_out(chances, m):
    p = np.array([one for one, _ in chances])
    n = len(p)
    m = min(m, n)
    expected = sum(np.prod(np.where(outcome, p, 1 - p)) for outcome in product((0, 1), repeat=n) if sum(outcome) >= m)
    assert binomial_tail(p, n, m, np.empty(n + 1)) == pytest.approx(expected)


@settings(max_examples=60)
@given(CHANCES, st.integers(0, 6), st.integers(0, 6))
def test_the_tail_of_m4_is_that_of_all_outcomes_counted_out(chances, r, w):
    right = np.array([one * part for one, part in chances])
    wrong = np.array([one * (1 - part) for one, part in chances])
    n = len(right)
    r, w = min(r, n), min(w, n - min(r, n))
    point = np.zeros((n + 1, n + 1))
    for outcome in product((0, 1, 2), repeat=n):
        kinds = np.array(outcome)
        p = np.prod(np.select([kinds == 1, kinds == 2], [right, wrong], default=1 - right - wrong))
        point[np.sum(kinds == 1), np.sum(kinds == 2)] += p
    upper = np.array([[point[j:, k:].sum() for k in range(n + 1)] for j in range(n + 1)])
    reachable = np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n
    expected = point[reachable & (upper <= upper[r, w] * (1 + 1e-9))].sum()
    found = trinomial_tail(right, wrong, n, r, w, np.empty((n + 1, n + 1)), np.empty((n + 1, n + 1)))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.fixture(scope="module")
def honest():
    """250 honest persons, 50 items with four options, and the model fitted to them."""
    exam = made_exam(np.random.default_rng(1), 250, 50)
    return exam.options, exam.key, turned(fit_nominal(exam.options, 4), exam.key)


def test_every_pair_is_as_in_plain_numpy(honest):
    options, key, fit = honest
    options, theta = options[:12].copy(), fit.theta[:12]
    options[np.random.default_rng(2).random(options.shape) < 0.1] = -1
    p = fit.probabilities(theta)
    found = similar_pairs(options, key, p, keep=1.0, m4_keep=1.0)
    assert found.n_pairs == len(found.a) == 66
    for n, (a, b) in enumerate(zip(found.a, found.b, strict=True)):
        both = np.flatnonzero((options[a] >= 0) & (options[b] >= 0))
        alike = options[a, both] == options[b, both]
        chance = (p[a, both] * p[b, both]).sum(axis=1)
        assert (found.common[n], found.matches[n]) == (len(both), alike.sum())
        assert found.expected[n] == pytest.approx(chance.sum(), rel=1e-5)
        assert found.same_wrong[n] == np.sum(alike & (options[a, both] != key[both]))
        given_b = p[a, both, options[b, both]]
        omega = (alike.sum() - given_b.sum()) / np.sqrt(np.sum(given_b * (1 - given_b)))
        assert found.omega_ab[n] == pytest.approx(omega, abs=1e-4)
        assert found.p_omega[n] == pytest.approx(min(2 * norm.sf(max(found.omega_ab[n], found.omega_ba[n])), 1))
        assert found.p_gbt[n] == pytest.approx(binomial_tail(chance, len(both), alike.sum(), np.empty(len(both) + 1)), rel=1e-4)
        assert found.p[n] == pytest.approx(min(3 * min(found.p_omega[n], found.p_gbt[n], found.p_m4[n]), 1))


def test_leaving_out_large_p_values_changes_none_that_is_kept(honest):
    options, key, fit = honest
    p = fit.probabilities(fit.theta)
    whole = similar_pairs(options[:80], key, p[:80], keep=1.0, m4_keep=1.0)
    part = similar_pairs(options[:80], key, p[:80])
    place = {(a, b): n for n, (a, b) in enumerate(zip(whole.a, whole.b, strict=True))}
    at = [place[pair] for pair in zip(part.a, part.b, strict=True)]
    assert part.n_pairs == whole.n_pairs == 80 * 79 // 2
    small = np.minimum(whole.p_omega, whole.p_gbt) <= part.keep
    assert set(np.flatnonzero(small)) <= set(at)
    for name in ("p_gbt", "p_m4"):
        kept, full = getattr(part, name), getattr(whole, name)[at]
        np.testing.assert_allclose(kept[~np.isnan(kept)], full[~np.isnan(kept)])
        assert full[np.isnan(kept)].min(initial=1) > (part.keep if name == "p_gbt" else part.m4_keep)


def test_honest_pairs_are_flagged_no_more_often_than_said(honest):
    options, key, fit = honest
    found = similar_pairs(options, key, fit.probabilities(fit.theta), keep=1.0)
    for name in ("p_omega", "p_gbt"):
        p = getattr(found, name)
        assert np.mean(p < 0.05) < 0.05
        assert np.mean(p < 0.01) < 0.01
        assert np.mean(p < 0.05) > 0.005  # nor is it so cautious as to be of no use
    assert np.sum(found.p_m4 < 0.0005) / found.n_pairs < 0.0005 + 4 * np.sqrt(0.0005 / found.n_pairs)
    assert not np.any(found.p_adjusted < 0.05)
    assert abs(found.omega_mean) < 0.1
    assert 0.8 < found.omega_sd < 1.05


def test_copying_is_found_in_the_right_direction():
    exam = made_exam(np.random.default_rng(3), 300, 120, n_copiers=12, share_copied=0.5)
    fit = turned(fit_nominal(exam.options, 4), exam.key)
    found = similar_pairs(exam.options, exam.key, fit.probabilities(fit.theta))
    flagged = {
        tuple(sorted(pair)) for pair in zip(found.a[found.p_adjusted < 0.01], found.b[found.p_adjusted < 0.01], strict=True)
    }
    planted = {tuple(sorted((n, source))) for n, source in enumerate(exam.copied_from) if source >= 0}
    assert len(flagged & planted) >= 10
    assert len(flagged - planted) <= 1


def test_the_nominal_model_recovers_what_was_planted():
    chance = np.random.default_rng(4)
    theta = chance.standard_normal(2500)
    slope, intercept = chance.normal(0, 0.6, (30, 3)), chance.normal(0, 0.6, (30, 3))
    slope[:, 0] += 1
    logit = theta[:, None, None] * slope + intercept
    options = np.argmax(logit + chance.gumbel(size=logit.shape), axis=2)
    fit = turned(fit_nominal(options, 3), np.zeros(30, dtype=int))
    assert fit.converged
    at = np.linspace(-1.5, 1.5, 7)
    true = np.exp(at[:, None, None] * slope + intercept)
    true /= true.sum(axis=2, keepdims=True)
    assert np.sqrt(np.mean((fit.probabilities(at) - true) ** 2)) < 0.03
    assert np.corrcoef(fit.theta, theta)[0, 1] > 0.9


@pytest.mark.slow
def test_with_right_and_wrong_it_is_the_two_parameter_model():
    chance = np.random.default_rng(5)
    theta = chance.standard_normal(3000)
    a, d = chance.uniform(0.8, 1.8, 12), chance.normal(0, 0.8, 12)
    table = (chance.random((3000, 12)) < 1 / (1 + np.exp(-(theta[:, None] * a + d)))).astype(np.int16)
    fit = turned(fit_nominal(table, 2), np.ones(12, dtype=int))
    plain = fit_groups(table.astype(np.float32), np.zeros(3000, dtype=bool), "2pl")
    np.testing.assert_allclose(fit.slope[:, 1] - fit.slope[:, 0], plain.slope, atol=0.03)
    np.testing.assert_allclose(fit.intercept[:, 1] - fit.intercept[:, 0], plain.intercept, atol=0.03)


def test_probabilities_sum_to_one_and_options_that_nobody_took_have_none():
    options = np.array([[0, 1], [1, 1], [0, 3], [1, 3], [0, -1]])
    fit = fit_nominal(options, 4)
    p = fit.probabilities(np.array([-2.0, 0.0, 2.0]))
    np.testing.assert_allclose(p.sum(axis=2), 1)
    assert np.all(p[:, 0, 2:] == 0)
    assert np.all(p[:, 1, [0, 2]] == 0)
    assert np.all(fit_nominal(options, 4, unseen=True).probabilities(np.zeros(1)) > 0)


def test_what_does_not_fit_together_is_refused(honest):
    options, key, fit = honest
    p = fit.probabilities(fit.theta)
    with pytest.raises(MeasureError, match="same persons"):
        similar_pairs(options[:5], key, p)
    with pytest.raises(MeasureError, match="no probability"):
        similar_pairs(options, key, p[:, :, :2])
    with pytest.raises(TooFewResponsesError, match="two persons"):
        fit_nominal(np.full((4, 3), -1), 2)

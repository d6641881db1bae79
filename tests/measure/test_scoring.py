"""Abilities from answers: against integration by hand, published scores, and abilities that were planted."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from bedside.measure import Link, MeasureError, Responses, ScoreMethod, score, sum_scores
from tests.measure.made_items import answers, items_of, right, some_items

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
METHODS: tuple[ScoreMethod, ...] = ("eap", "map", "ml", "wle")
PRECISIONS: tuple[tuple[ScoreMethod, float], ...] = (("ml", 0.0), ("wle", 0.0), ("map", 1 / 1.5**2))
FINITE: tuple[ScoreMethod, ...] = ("eap", "map")
POINTS: tuple[ScoreMethod, ...] = ("ml", "wle")


def log_likelihoods(items, responses, theta):
    """Of each person's answers (row) at each theta (column), from the formula; stable in the tails."""
    a, b, c = (column[:, None] for column in (items.discrimination, items.difficulty, items.guessing))
    wrong = np.log1p(-c) - np.logaddexp(0, a * (theta - b))
    right_ = np.logaddexp(np.log(np.maximum(c, 1e-300)), np.log1p(-c) - np.logaddexp(0, -a * (theta - b)))
    table = responses.matrix().astype(float)
    return (table == 1).astype(float) @ right_ + (table == 0).astype(float) @ wrong


def by_hand(items, responses, *, cut, mean=0.0, sd=1.0):
    """Mean, standard deviation and share above the cut of each posterior, by a fine sum with the cut between two points."""
    step = sd / 500
    theta = cut + step * (np.arange(-5_000, 5_000) + 0.5)
    log_posterior = log_likelihoods(items, responses, theta) - 0.5 * ((theta - mean) / sd) ** 2
    density = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    density /= density.sum(axis=1, keepdims=True)
    average = density @ theta
    return average, np.sqrt(np.maximum(density @ theta**2 - average**2, 0)), density[:, theta > cut].sum(axis=1)


@pytest.mark.parametrize(("n_items", "guessing", "share"), [(5, 0.0, 1.0), (30, 0.12, 0.6), (200, 0.0, 1.0), (400, 0.1, 0.5)])
@pytest.mark.parametrize("population", [(0.0, 1.0, -0.31), (0.7, 1.6, 0.3), (0.0, 1.0, 1.0)])
def test_eap_is_the_posterior_mean_that_a_fine_integration_gives(n_items, guessing, share, population):
    mean, sd, cut = population
    rng = np.random.default_rng(n_items)
    items = some_items(n_items, rng, guessing=guessing)
    responses = answers(items, rng.normal(mean, sd, 12), rng, given=share)

    found = score(responses, items, mean=mean, sd=sd)
    with_cut = score(responses, items, cut=cut, mean=mean, sd=sd)

    theta, se, above = by_hand(items, responses, cut=cut, mean=mean, sd=sd)
    np.testing.assert_allclose(found.theta, theta, atol=2e-5)
    np.testing.assert_allclose(found.se, se, atol=2e-5)
    np.testing.assert_allclose(with_cut.theta, theta, atol=2e-5)
    np.testing.assert_allclose(with_cut.p_pass, above, atol=2e-5)  # wherever the cut lies between the nodes


@pytest.mark.parametrize("guessing", [0.0, 0.15])
def test_ml_is_where_the_likelihood_is_highest_and_map_where_the_posterior_is(guessing):
    rng = np.random.default_rng(11)
    items = some_items(25, rng, guessing=guessing)
    responses = answers(items, rng.normal(size=40), rng, given=0.8)
    theta = np.linspace(-6, 6, 12_001)
    likelihood = log_likelihoods(items, responses, theta)

    by_ml, by_map = score(responses, items, method="ml"), score(responses, items, method="map")

    np.testing.assert_allclose(by_ml.theta, theta[likelihood.argmax(axis=1)], atol=6e-4)
    np.testing.assert_allclose(by_map.theta, theta[(likelihood - 0.5 * theta**2).argmax(axis=1)], atol=6e-4)


def test_wle_solves_warms_equation():
    rng = np.random.default_rng(5)
    items = some_items(20, rng, guessing=0.1)
    responses = answers(items, rng.normal(size=20), rng, given=0.9)
    a, b, c = items.discrimination, items.difficulty, items.guessing

    def equation(theta, row):
        given_ = ~np.isnan(row)
        star = 1 / (1 + np.exp(-a * (theta - b)))
        p = c + (1 - c) * star
        first, second = a * (1 - c) * star * (1 - star), a**2 * (1 - c) * star * (1 - star) * (1 - 2 * star)
        variance = p * (1 - p)
        information, skew = (first**2 / variance)[given_].sum(), (first * second / variance)[given_].sum()
        return (first * (row - p) / variance)[given_].sum() + skew / (2 * information)

    found = score(responses, items, method="wle")

    for n, row in enumerate(responses.matrix().astype(float)):
        root = brentq(equation, found.theta[n] - 0.05, found.theta[n] + 0.05, args=(row,), xtol=1e-12)
        assert found.theta[n] == pytest.approx(root, abs=1e-9)


def test_without_guessing_wle_maximises_the_likelihood_times_the_root_of_information():
    rng = np.random.default_rng(6)
    items = some_items(15, rng)
    responses = answers(items, np.array([-20.0, 0.0, 20.0]), rng)  # all wrong, some, all right
    theta = np.linspace(-8, 8, 16_001)
    p = right(items, theta)
    information = (items.discrimination**2 * p * (1 - p)).sum(axis=1)

    found = score(responses, items, method="wle", bounds=(-8, 8))

    best = (log_likelihoods(items, responses, theta) + 0.5 * np.log(information)).argmax(axis=1)
    np.testing.assert_allclose(found.theta, theta[best], atol=6e-4)
    assert (found.side == 0).all()


def test_all_right_and_all_wrong_have_no_ml_and_are_put_at_the_bounds_and_flagged():
    items = items_of([1.0, 1.2, 0.8], [-1.0, 0.0, 1.0])
    responses = Responses.of_matrix(np.array([[1.0, 1, 1], [0, 0, 0], [1, 1, 0]]), items=items.ids)

    found = score(responses, items, method="ml", cut=0.0, bounds=(-5.0, 4.0))

    assert found.side.tolist() == [1, -1, 0]
    assert found.theta[:2].tolist() == [4.0, -5.0]
    assert np.isnan(found.se[:2]).all()
    assert np.isnan(found.p_pass[:2]).all()
    assert np.isfinite([found.theta[2], found.se[2], found.p_pass[2]]).all()


def test_standard_errors_are_those_of_the_information_at_the_estimate():
    rng = np.random.default_rng(8)
    items = some_items(30, rng, guessing=0.1)
    responses = answers(items, rng.normal(size=10), rng)

    for method, precision in PRECISIONS:
        found = score(responses, items, method=method, sd=1.5)
        p = right(items, found.theta)
        star = (p - items.guessing) / (1 - items.guessing)
        slope = items.discrimination * (1 - items.guessing) * star * (1 - star)
        information = (slope**2 / (p * (1 - p))).sum(axis=1)
        np.testing.assert_allclose(found.se, 1 / np.sqrt(information + precision), rtol=1e-9)


def test_who_answered_nothing_is_the_prior_or_has_no_estimate():
    items = items_of([1.0, 1.0], [0.0, 0.0])
    responses = Responses.of_matrix(np.array([[np.nan, np.nan], [1.0, 0.0]]), items=items.ids)

    for method in FINITE:
        found = score(responses, items, method=method, mean=0.4, sd=1.3, cut=0.4)
        assert found.theta[0] == pytest.approx(0.4, abs=1e-6)
        assert found.se[0] == pytest.approx(1.3, abs=1e-5)
        assert found.p_pass[0] == pytest.approx(0.5, abs=1e-6)
    for method in POINTS:
        found = score(responses, items, method=method)
        assert np.isnan(found.theta[0])
        assert np.isnan(found.se[0])
        assert found.side.tolist() == [0, 0]
    assert found.n_answers.tolist() == [0, 2]


@pytest.mark.parametrize("method", METHODS)
def test_answers_to_items_without_parameters_are_left_out_and_counted(method):
    rng = np.random.default_rng(2)
    items = some_items(12, rng)
    responses = answers(items, rng.normal(size=30), rng, given=0.7)
    known = replace(items, **{name: getattr(items, name)[:9] for name in items.__slots__})
    table = responses.matrix().astype(float)

    found = score(responses, known, method=method)

    only = score(Responses.of_matrix(table[:, :9], items=items.ids[:9]), known, method=method)
    np.testing.assert_allclose(found.theta, only.theta, atol=1e-6)
    np.testing.assert_allclose(found.se, only.se, atol=1e-6)
    assert found.unknown_items == items.ids[9:]
    assert found.n_answers.tolist() == (~np.isnan(table[:, :9])).sum(axis=1).tolist()
    assert found.n_left_out == (~np.isnan(table[:, 9:])).sum()


@pytest.mark.parametrize("method", METHODS)
def test_complete_answers_score_as_the_same_answers_beside_somebody_elses_gaps(method):
    rng = np.random.default_rng(4)
    items = some_items(37, rng, guessing=0.1)
    complete = answers(items, rng.normal(size=1_203), rng)  # three pieces
    table = complete.matrix().astype(float)
    gap = np.full((1, items.count), np.nan)
    gap[0, :5] = 1

    alone = score(complete, items, method=method, cut=0.5)
    beside = score(Responses.of_matrix(np.vstack([gap, table]), items=items.ids), items, method=method, cut=0.5)

    np.testing.assert_allclose(beside.theta[1:], alone.theta, atol=1e-6)
    np.testing.assert_allclose(beside.p_pass[1:], alone.p_pass, atol=1e-6)


@given(st.integers(0, 2**32 - 1), st.sampled_from(METHODS), st.floats(0.3, 3.0), st.floats(-2.0, 2.0))
@settings(max_examples=40)
def test_on_a_linked_scale_everybody_gets_the_linked_score(seed, method, slope, intercept):
    rng = np.random.default_rng(seed)
    items, link = some_items(18, rng, guessing=0.1), Link(slope, intercept)
    responses = answers(items, rng.normal(size=6), rng, given=0.8)

    here = score(responses, items, method=method)
    there = score(responses, link.items(items), method=method, mean=intercept, sd=slope)

    np.testing.assert_allclose(there.theta, link.theta(here.theta), atol=1e-5 * slope)
    np.testing.assert_allclose(there.se, link.se(here.se), rtol=1e-5, atol=1e-5 * slope)


@given(st.integers(0, 2**32 - 1), st.sampled_from(METHODS))
@settings(max_examples=40)
def test_one_more_right_answer_never_lowers_a_score_of_a_model_without_guessing(seed, method):
    rng = np.random.default_rng(seed)
    items = some_items(10, rng)
    table = (rng.random((1, 10)) < 0.5).astype(float)
    better = np.repeat(table, 10, axis=0)
    np.fill_diagonal(better, 1.0)

    before = score(Responses.of_matrix(table, items=items.ids), items, method=method).theta[0]
    after = score(Responses.of_matrix(better, items=items.ids), items, method=method).theta

    assert (after >= before - 1e-9).all()


def test_planted_abilities_are_recovered_with_the_error_that_is_stated():
    rng = np.random.default_rng(2026)
    items = some_items(80, rng, guessing=0.08)
    theta = rng.normal(size=4_000)
    responses = answers(items, theta, rng, given=0.75)

    eap, ml, wle = score(responses, items), score(responses, items, method="ml"), score(responses, items, method="wle")

    # the posterior is right on the average: its variance is that of the error
    assert np.mean((eap.theta - theta) ** 2) == pytest.approx(np.mean(eap.se**2), rel=0.06)
    for found in (ml, wle):
        use = found.side == 0
        inside = np.abs(found.theta - theta)[use] < 1.96 * found.se[use]
        assert inside.mean() == pytest.approx(0.95, abs=0.015)  # four standard errors of the share are 0.014
    middle = np.abs(theta) < 2
    assert abs(np.mean((wle.theta - theta)[middle])) < 0.02


def test_of_those_told_seventy_per_cent_seventy_per_cent_are_above_the_cut():
    rng = np.random.default_rng(7)
    items = some_items(40, rng)
    theta = rng.normal(size=6_000)

    told = score(answers(items, theta, rng), items, cut=0.2).p_pass

    passed = theta >= 0.2
    for low in np.arange(0.05, 0.95, 0.1):
        among = (told >= low) & (told < low + 0.1)
        share, n = passed[among].mean(), among.sum()
        assert share == pytest.approx(told[among].mean(), abs=4 * np.sqrt(0.25 / n))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"method": "mle"}, "mle"),
        ({"sd": 0.0}, "standard deviation"),
        ({"mean": float("nan")}, "mean"),
        ({"cut": float("inf")}, "cut"),
        ({"bounds": (1.0, 1.0)}, "bounds"),
        ({"nodes": 2}, "nodes"),
    ],
)
def test_arguments_out_of_range_are_refused_by_name(arguments, text):
    items = items_of([1.0], [0.0])
    with pytest.raises(MeasureError, match=text):
        score(Responses.of_matrix(np.ones((1, 1)), items=items.ids), items, **arguments)


def test_answers_to_none_of_the_items_are_refused():
    with pytest.raises(MeasureError, match="other"):
        score(Responses.of_matrix(np.ones((1, 1)), items=("other",)), items_of([1.0], [0.0]))


# LSAT section 7: slopes and intercepts as published, and what the R package mirt's own tests expect of its scores
# (github.com/philchalmers/mirt, tests/testthat/test-01-mirtOne.R); the answer patterns 00000, 00001, ... 00101
LSAT7 = items_of(
    [0.9876, 1.0808, 1.7075, 0.765, 0.7357],
    -np.array([1.8559, 0.808, 1.8052, 0.486, 1.8545]) / np.array([0.9876, 1.0808, 1.7075, 0.765, 0.7357]),
)
PATTERNS = Responses.of_matrix(np.array([[int(bit) for bit in f"{n:05b}"] for n in range(6)], dtype=float), items=LSAT7.ids)


def test_map_scores_of_lsat_section_7_are_the_published_ones():
    published = [-1.8165552, -1.4946906, -1.4822982, -1.1789899, -1.0958928, -0.7951026]
    assert score(PATTERNS, LSAT7, method="map").theta == pytest.approx(published, abs=7e-4)  # slopes have four digits


def test_eap_scores_of_lsat_section_7_are_the_published_ones():
    # mirt asks for them to 0.01; its score for nobody's answer right is nearer in its table by number correct, below
    published = [-1.8665957, -1.5266920, -1.5134024, -1.1852276, -1.0946830, -0.7666992]
    assert score(PATTERNS, LSAT7).theta == pytest.approx(published, abs=0.004)


def test_ml_scores_of_lsat_section_7_with_equal_slopes_are_the_published_ones():
    items = items_of([1.011] * 5, -np.array([1.868, 0.791, 1.461, 0.521, 1.993]) / 1.011)
    found = score(PATTERNS, items, method="ml")
    assert found.theta[[1, 3]] == pytest.approx([-2.783489, -1.750890], abs=2e-3)  # intercepts have three digits
    assert found.side[0] == -1


def test_scores_by_number_correct_of_lsat_section_7_are_the_published_ones():
    found = sum_scores(LSAT7)

    assert found.theta == pytest.approx([-1.86979, -1.431861, -0.9488463, -0.4131963, 0.1517289, 0.7271877], abs=2e-5)
    assert found.se == pytest.approx([0.6927032, 0.6838697, 0.6942298, 0.7210951, 0.758772, 0.8009335], abs=2e-5)
    assert 1000 * found.share == pytest.approx([10.08994, 44.65882, 109.773, 207.7391, 319.1854, 308.5536], abs=6e-3)
    # mirt's reliability is taken over the persons there were: 12, 40, 114, 205, 321, 308 with each score
    persons = np.repeat(np.arange(6), [12, 40, 114, 205, 321, 308])
    variance = found.theta[persons].var(ddof=1)
    assert variance / (variance + (found.se[persons] ** 2).mean()) == pytest.approx(0.4319948, abs=1e-5)
    assert found.reliability == pytest.approx(0.43165, abs=1e-4)


def test_scores_by_number_correct_are_those_of_the_model_in_which_only_the_number_counts():
    items = items_of([1.1] * 6, np.linspace(-1, 1, 6))
    by_pattern = score(Responses.of_matrix(np.tril(np.ones((7, 6)), -1), items=items.ids), items)

    assert sum_scores(items).theta == pytest.approx(by_pattern.theta, abs=1e-6)
    assert sum_scores(items).se == pytest.approx(by_pattern.se, abs=1e-6)


@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_eap_scores_of_lsat_section_6_are_the_published_ones():
    reference = json.loads((Path(SAMPLES or ".") / "data/published/psychometrics_srs_reference.json").read_text())
    section = next(value for name, value in reference.items() if name.startswith("LSAT6"))
    items = items_of(section["2PL"]["a"], section["2PL"]["b"])
    published = section["2PL, mirt"]["EAP of first three response patterns"]

    found = score(replace(PATTERNS, items=np.array(items.ids, dtype=object)), items).theta[:3]

    # they come from quasi-random nodes, which are thin where the first pattern (nothing right) lies
    assert found == pytest.approx(published, abs=0.01)
    assert found[1:] == pytest.approx(published[1:], abs=1e-3)


def test_a_few_persons_with_far_longer_tests_than_the_rest_are_scored_as_exactly():
    rng = np.random.default_rng(9)
    items = some_items(1_500, rng)
    table = answers(items, rng.normal(size=900), rng, given=0.01).matrix().astype(float)
    table[453] = answers(items, np.array([0.3]), rng).matrix()[0]  # is not among those who are asked first
    responses = Responses.of_matrix(table, items=items.ids)

    found = score(responses, items)

    theta, se, _ = by_hand(items, Responses.of_matrix(table[453:454], items=items.ids), cut=0.3)
    assert se[0] < 0.07
    assert found.theta[453] == pytest.approx(theta[0], abs=2e-5)
    assert found.se[453] == pytest.approx(se[0], abs=2e-5)

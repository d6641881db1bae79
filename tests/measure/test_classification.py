"""How often a cut decides rightly and twice alike, against decisions that were really made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import MeasureError, Population, expected_score, lee, rudner, rudner_in, score
from tests.measure.made_items import answers, right, some_items


def shares_of(decisions, truth):
    """Accuracy, false positives and false negatives of classes given, beside the true ones."""
    return np.mean(decisions == truth), np.mean(decisions > truth), np.mean(decisions < truth)


@pytest.mark.parametrize("cuts", [[12.0], [8.0, 14.0, 17.0]])
def test_lees_figures_are_those_of_two_tests_that_were_really_taken(cuts):
    rng = np.random.default_rng(1)
    items, n = some_items(20, rng, guessing=0.1), 100_000
    theta = rng.normal(0.2, 1.1, n)
    once, twice = (np.searchsorted(cuts, (rng.random((n, 20)) < right(items, theta)).sum(axis=1), side="right") for _ in "ab")
    truth = np.searchsorted(cuts, expected_score(items, theta), side="right")

    found = lee(items, np.array(cuts), Population.normal(0.2, 1.1, n_points=2_001))

    accuracy, positive, negative = shares_of(once, truth)
    limit = 4 * np.sqrt(0.25 / n) + 0.001  # and the points of ability nearest to a cut
    assert found.accuracy == pytest.approx(accuracy, abs=limit)
    assert found.false_positive == pytest.approx(positive, abs=limit)
    assert found.false_negative == pytest.approx(negative, abs=limit)
    assert found.consistency == pytest.approx(np.mean(once == twice), abs=limit)
    by_chance = (np.bincount(once, minlength=len(cuts) + 1) / n) ** 2
    assert found.kappa == pytest.approx((np.mean(once == twice) - by_chance.sum()) / (1 - by_chance.sum()), abs=2 * limit)


def test_rudners_figures_are_those_of_two_tests_that_were_really_taken():
    rng = np.random.default_rng(2)
    items, n = some_items(120, rng), 12_000
    theta = rng.normal(size=n)
    once, twice = (score(answers(items, theta, rng), items, method="wle", cut=0.5) for _ in "ab")
    p = right(items, np.linspace(-4, 4, 801))
    se = 1 / np.sqrt((items.discrimination**2 * p * (1 - p)).sum(axis=1))

    over_population = rudner_in(Population.normal(n_points=801, reach_sd=4), se, 0.5)
    over_persons = rudner(once.theta, once.se, 0.5)

    accuracy, positive, negative = shares_of(once.theta >= 0.5, theta >= 0.5)
    consistency = np.mean((once.theta >= 0.5) == (twice.theta >= 0.5))
    limit = 4 * np.sqrt(0.1 / n)  # four standard errors; about a tenth is decided wrongly
    for found in (over_population, over_persons):
        assert found.accuracy == pytest.approx(accuracy, abs=limit)
        assert found.false_positive == pytest.approx(positive, abs=limit)
        assert found.false_negative == pytest.approx(negative, abs=limit)
        assert found.consistency == pytest.approx(consistency, abs=limit)


def test_one_person_one_cut_is_one_normal_distribution():
    found = rudner(np.array([1.0]), np.array([0.5]), 0.5)  # one standard error above the cut

    assert found.accuracy == pytest.approx(0.841345, abs=1e-6)
    assert found.consistency == pytest.approx(0.841345**2 + 0.158655**2, abs=1e-6)
    assert found.false_negative == pytest.approx(0.158655, abs=1e-6)
    assert found.false_positive == 0.0
    assert found.confusion.shape == (2, 2)


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.floats(0.05, 2)), min_size=1, max_size=20),
    st.lists(st.floats(-3, 3), min_size=1, max_size=4, unique=True),
)
def test_shares_sum_to_one_and_two_tests_agree_at_least_as_often_as_by_chance(persons, cuts):
    theta, se = np.array(persons).T
    found = rudner(theta, se, np.sort(cuts))

    assert found.confusion.sum() == pytest.approx(1)
    assert found.accuracy + found.false_positive + found.false_negative == pytest.approx(1)
    np.testing.assert_allclose(found.p_class.sum(axis=1), 1, atol=1e-12)
    assert found.consistency >= 1 / (len(cuts) + 1) - 1e-9
    assert found.consistency >= ((found.confusion.sum(axis=0)) ** 2).sum() - 1e-9  # kappa is never below 0
    assert found.accuracy == pytest.approx(found.accuracy_at.mean())
    assert found.consistency == pytest.approx(found.consistency_at.mean())


def test_a_longer_test_decides_better():
    rng = np.random.default_rng(3)
    short, long = some_items(20, rng), some_items(200, rng)
    assert lee(short, 12).accuracy < lee(long, 120).accuracy
    assert lee(short, 12).kappa < lee(long, 120).kappa


def test_a_cut_that_everybody_passes_leaves_nothing_to_agree_on_but_chance():
    found = lee(some_items(10, np.random.default_rng(4)), 0)
    assert [found.accuracy, found.consistency] == pytest.approx([1, 1])


@pytest.mark.parametrize("cuts", [[], [1.0, 1.0], [2.0, 1.0], [np.nan], [[1.0, 2.0]]])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(MeasureError, match="cuts"):
        rudner(np.array([0.0]), np.array([1.0]), np.array(cuts))


@pytest.mark.parametrize(("theta", "se"), [([np.nan], [1.0]), ([0.0], [0.0]), ([0.0], [np.nan]), ([0.0, 1.0], [1.0]), ([], [])])
def test_estimates_without_a_standard_error_are_refused(theta, se):
    with pytest.raises(MeasureError):
        rudner(np.array(theta), np.array(se), 0.0)

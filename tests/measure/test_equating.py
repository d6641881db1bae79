"""Scores of one form told as scores of another: a published column, laws, and sums done by hand."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import (
    MeasureError,
    Population,
    equipercentile,
    expected_score,
    observed_score_equating,
    score_distribution,
    sum_scores,
    theta_of_score,
    true_score_equating,
    with_standard_errors,
)
from tests.measure.made_items import items_of, right, some_items

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=15).filter(any).map(np.array)


@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_the_equipercentile_column_of_kolen_and_brennan_is_reproduced_to_its_digits():
    rdata = pytest.importorskip("rdata")
    folder = Path(SAMPLES or ".") / "data"
    counts = np.asarray(
        rdata.conversion.convert(rdata.parser.parse_file(folder / "psychometrics/SNSequate/ACTmKB.rda"))["ACTmKB"]
    )
    reference = json.loads((folder / "published/psychometrics_srs_reference.json").read_text())
    act = next(value for name, value in reference.items() if name.startswith("ACT"))

    found = equipercentile(counts[:, 0], counts[:, 1]).equivalent

    assert found[1:].round(4).tolist() == act["unsmoothed equipercentile equivalents of X=1..40"]
    assert found[0] == pytest.approx(0.0, abs=1e-12)  # which nobody scored


@given(COUNTS)
def test_a_form_equated_to_itself_keeps_every_score_that_somebody_has(counts):
    found = equipercentile(counts, counts).equivalent
    has = counts > 0
    assert found[has] == pytest.approx(np.arange(len(counts))[has], abs=1e-6)


@given(COUNTS, COUNTS)
def test_equipercentile_equivalents_rise_and_stay_within_the_form(new, old):
    found = equipercentile(new, old).equivalent
    assert (np.diff(found) >= -1e-9).all()
    assert found.min() >= -0.5
    assert found.max() <= len(old) - 0.5


@given(COUNTS, COUNTS, st.integers(2, 9))
def test_only_shares_count_and_not_how_many_persons_there_are(new, old, times):
    once, often = equipercentile(new, old), equipercentile(times * new, old / old.sum())
    assert often.equivalent == pytest.approx(once.equivalent, abs=1e-6)


def test_a_share_that_no_score_separates_is_put_in_the_middle_of_the_gap():
    # half of the group is below 1.5 on the new form, and below anything from 0.5 to 2.5 on the old one
    found = equipercentile(np.array([1, 0, 0, 1]), np.array([1, 0, 0, 1]))
    assert found.equivalent.tolist() == [0.0, 1.5, 1.5, 3.0]


def test_scores_that_nobody_has_at_an_end_go_to_the_middle_of_those_that_nobody_has_there():
    found = equipercentile(np.array([0, 0, 3, 0, 0]), np.array([0, 2, 0, 0])).equivalent
    assert found.tolist() == [0.0, 0.0, 1.0, 2.5, 2.5]  # from -0.5 to 0.5, and from 1.5 to 3.5


@pytest.mark.parametrize("counts", [[], [0, 0], [1, -1], [1.0, np.nan], [[1, 2], [3, 4]]])
def test_frequencies_that_are_none_are_refused(counts):
    with pytest.raises(MeasureError, match="frequencies"):
        equipercentile(np.array(counts, dtype=float), np.array([1.0, 1.0]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_the_score_distribution_is_the_sum_over_every_pattern(chances):
    p = np.array(chances)
    by_pattern = np.zeros(len(p) + 1)
    for pattern in itertools.product([0, 1], repeat=len(p)):
        by_pattern[sum(pattern)] += np.prod(np.where(pattern, p, 1 - p))

    assert score_distribution(p[:, None])[:, 0] == pytest.approx(by_pattern, abs=1e-12)


def test_a_long_score_distribution_sums_to_one_and_has_the_mean_and_variance_of_its_items():
    items, theta = some_items(400, np.random.default_rng(1), guessing=0.1), np.linspace(-3, 3, 9)
    shares, scores = score_distribution(right(items, theta).T), np.arange(401)
    p = right(items, theta)

    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(scores @ shares, p.sum(axis=1), atol=1e-9)
    np.testing.assert_allclose(scores**2 @ shares - (scores @ shares) ** 2, (p * (1 - p)).sum(axis=1), atol=1e-7)


def test_scores_by_number_correct_average_to_the_population():
    found = sum_scores(some_items(30, np.random.default_rng(2)), Population.normal(0.4, 1.2))
    assert found.share.sum() == pytest.approx(1)
    assert found.share @ found.theta == pytest.approx(0.4, abs=1e-6)
    assert found.share @ (found.theta**2 + found.se**2) == pytest.approx(0.4**2 + 1.2**2, abs=1e-5)
    assert 0 < found.reliability < 1


def test_a_true_score_is_worth_what_the_same_ability_is_expected_to_score():
    rng = np.random.default_rng(3)
    new, old = some_items(30, rng, guessing=0.1), some_items(40, rng, guessing=0.1)
    found = true_score_equating(new, old).equivalent
    chance = new.guessing.sum()

    for n, equivalent in enumerate(found):
        if chance < n < 30:
            theta = np.array([theta_of_score(new, n)])
            assert expected_score(new, theta) == pytest.approx(n, abs=1e-9)
            assert expected_score(old, theta) == pytest.approx(equivalent, abs=1e-9)
    assert found[0] == 0
    assert found[-1] == 40
    assert found[1] == pytest.approx(old.guessing.sum() / chance)  # in proportion, below what guessing gives
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("equate", [true_score_equating, observed_score_equating])
def test_a_form_is_worth_itself(equate):
    items = some_items(25, np.random.default_rng(4), guessing=0.1)
    assert equate(items, items).equivalent == pytest.approx(np.arange(26), abs=1e-6)


def test_observed_scores_are_equated_by_the_distributions_that_persons_really_have():
    rng = np.random.default_rng(5)
    new, old = some_items(20, rng), items_of(np.full(20, 1.2), rng.normal(0.5, 1, 20))
    theta = rng.normal(0.3, 0.9, 200_000)
    counts = [np.bincount((rng.random((len(theta), 20)) < right(form, theta)).sum(axis=1), minlength=21) for form in (new, old)]

    found = observed_score_equating(new, old, Population.normal(0.3, 0.9)).equivalent

    seen = counts[0] > 500
    assert found[seen] == pytest.approx(equipercentile(*counts).equivalent[seen], abs=0.1)


def test_forms_whose_curve_cannot_be_turned_around_are_refused():
    sound, unsound = items_of([1.0], [0.0]), items_of([0.0], [0.0])
    for pair in ((sound, unsound), (unsound, sound)):
        with pytest.raises(MeasureError, match="discrimination"):
            true_score_equating(*pair)
    with pytest.raises(MeasureError, match="no ability"):
        theta_of_score(items_of([1.0], [0.0], [0.25]), 0.2)


def test_bootstrapped_errors_are_those_of_the_formula_and_follow_from_the_seed():
    rng = np.random.default_rng(6)
    new, old = (np.bincount(rng.binomial(10, p, 2_000), minlength=11) for p in (0.5, 0.55))

    found = with_standard_errors(new, old, rng=np.random.default_rng(7), n_draws=400)
    again = with_standard_errors(new, old, rng=np.random.default_rng(7), n_draws=400)

    assert found.se.tolist() == again.se.tolist()
    assert found.equivalent.tolist() == equipercentile(new, old).equivalent.tolist()
    # the delta method for random groups: Kolen & Brennan (2014), eq. 7.12, after Lord (1982)
    below = np.concatenate([[0], np.cumsum(old / old.sum())])
    ranks = np.cumsum(new / new.sum()) - new / new.sum() / 2
    for score in (3, 4, 5, 6, 7):
        at = np.searchsorted(below, ranks[score], side="right") - 1
        low, high, p = below[at], below[at + 1], ranks[score]
        variance = (p * (1 - p) * (1 / 2_000 + 1 / 2_000) - (high - p) * (p - low) / (2_000 * (high - low))) / (high - low) ** 2
        assert found.se[score] == pytest.approx(np.sqrt(variance), rel=0.2)
    with pytest.raises(MeasureError, match="two"):
        with_standard_errors(new, old, rng=rng, n_draws=1)

"""Corrections for many tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import MeasureError, benjamini_hochberg
from bedside.measure.multiplicity import bonferroni_smallest

P = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def by_definition(p, n):
    """The smallest rate at which the step-up procedure (1) of 1995 rejects each."""
    ranked = np.sort(p)
    return [min(1.0, *(ranked[k] * n / (k + 1) for k in range(len(p)) if ranked[k] >= one)) for one in p]


@given(P)
def test_adjusted_p_values_are_those_of_the_step_up_procedure(p):
    np.testing.assert_allclose(benjamini_hochberg(np.array(p)), by_definition(p, len(p)))


@given(P, st.integers(0, 100))
def test_left_out_larger_ones_can_be_told_by_their_number(p, n_more):
    whole = np.concatenate([p, np.ones(n_more)])
    np.testing.assert_allclose(benjamini_hochberg(np.array(p), len(whole)), benjamini_hochberg(whole)[: len(p)])


def test_the_example_of_1995_rejects_four_of_fifteen():
    """Benjamini & Hochberg (1995), section 4.2: p-values of 15 comparisons in a trial after myocardial infarction."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert np.sum(benjamini_hochberg(np.array(p)) <= 0.05) == 4


def test_what_could_not_be_tested_is_not_counted():
    p = np.array([[0.01, np.nan], [0.02, 0.9]])
    found = benjamini_hochberg(p)
    assert np.isnan(found[0, 1])
    np.testing.assert_allclose(found[~np.isnan(found)], benjamini_hochberg(np.array([0.01, 0.02, 0.9])))
    np.testing.assert_allclose(bonferroni_smallest(p), [0.01, 0.04])
    assert np.isnan(bonferroni_smallest(np.array([[np.nan, np.nan]]))[0])


def test_what_is_no_p_value_is_refused():
    with pytest.raises(MeasureError, match="between 0 and 1"):
        benjamini_hochberg(np.array([0.5, 1.5]))
    with pytest.raises(MeasureError, match="2 p-values"):
        benjamini_hochberg(np.array([0.5, 0.5]), 1)

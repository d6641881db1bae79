"""The graded panel: correlations by hand, and the worked example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.cases import panel_of, references
from bedside.cases.panel import Candidate, candidate, correlation, rank_correlation
from tests.support.case_runs import example_case


def test_equals_share_their_rank():
    assert rank_correlation([1, 2, 3, 4], [1, 1, 2, 2]) == pytest.approx(0.8944, abs=1e-4)
    assert rank_correlation([1, 2, 3], [10, 100, 1000]) == pytest.approx(1.0)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)


def test_what_does_not_vary_has_no_correlation():
    assert correlation([1, 1, 1], [1, 2, 3]) is None
    assert rank_correlation([1, 2, 3], [5, 5, 5]) == 0.0


def made(percents):
    """A panel of ten candidates with these scores from the least able to the ablest."""
    found = references(example_case())
    n_items = len(example_case().items)
    every = [
        Candidate(-2.5 + 5 * (n + 0.5) / len(percents), percent, percent, (percent, *[1.0] * (n_items - 1)), False)
        for n, percent in enumerate(percents)
    ]
    return panel_of(found, every)


def test_bands_are_medians_from_the_least_able_to_the_ablest():
    panel = made([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])

    assert panel.bands == (5, 25, 45, 65, 85)
    assert panel.is_ordered
    assert panel.correlation == pytest.approx(1.0)
    assert panel.on_one == pytest.approx(0.1)


def test_bands_that_are_equal_are_not_in_order():
    assert not made([0, 10, 20, 30, 20, 30, 60, 70, 80, 90]).is_ordered


def test_an_item_is_compared_with_the_rest_and_not_with_itself():
    found = references(example_case())
    n_items = len(example_case().items)
    every = [
        Candidate(ability, 0.0, 0.0, (one, 10.0 - one, *[0.0] * (n_items - 2)), False)
        for ability, one in ((-2, 1.0), (-1, 2.0), (0, 3.0), (1, 4.0), (2, 5.0))
    ]
    items = panel_of(found, every).items

    assert items[0].correlation == pytest.approx(-1.0)
    assert items[1].correlation == pytest.approx(-1.0)


def test_a_candidate_is_the_same_wherever_it_is_run():
    found = references(example_case())

    assert candidate(found, 7, 20, 1) == candidate(found, 7, 20, 1)
    assert candidate(found, 7, 20, 1) != replace(candidate(found, 7, 20, 2))


@pytest.mark.slow
def test_the_worked_example_passes_the_gate():
    found = references(example_case())
    panel = panel_of(found, [candidate(found, number, 500, 1) for number in range(500)])

    assert panel.is_ordered
    assert panel.correlation >= 0.7
    assert panel.on_one <= 0.1
    assert all((item.correlation or 0) > 0 for item in panel.items if item.is_credit)

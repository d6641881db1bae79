"""Shadow tests: every test meets every constraint, and each shadow is the best there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.measure import AdaptiveTest, MeasureError, SequentialDecision, ShadowConstraints, simulate_tests
from bedside.measure.adapting.shadow import ShadowSolver
from tests.measure.test_adaptive import bank, content, people


def of_areas(low: list[float], high: list[float], enemies: tuple[tuple[int, ...], ...] = ()) -> ShadowConstraints:
    amounts = np.array([content().area == area for area in range(4)], dtype=float)
    return ShadowConstraints(amounts, np.array(low), np.array(high), enemies)


def test_every_test_meets_its_ranges_and_holds_one_of_enemies():
    best = np.argsort(-bank().discrimination)
    enemies = (tuple(int(k) for k in best[:6]), tuple(int(k) for k in best[6:12]))
    minutes = np.linspace(1, 3, 120)[None, :]
    areas = of_areas([4, 3, 2, 1], [5, 4, 3, 2])
    shadow = ShadowConstraints(
        np.vstack([areas.amounts, minutes]), np.append(areas.low, 0.0), np.append(areas.high, 21.0), enemies
    )

    found = simulate_tests(bank(), people(15), AdaptiveTest(12, n_best=3, shadow=shadow), 1)

    for items in found.given:
        sums = shadow.amounts[:, items].sum(axis=1)
        assert (sums >= shadow.low - 1e-6).all()
        assert (sums <= shadow.high + 1e-6).all()
        assert all(len(set(items.tolist()) & set(group)) <= 1 for group in enemies)
    assert found.n_programmes <= 15 * 12 * 2


def test_without_constraints_a_shadow_test_is_the_test_of_most_information():
    free = ShadowConstraints(np.zeros((0, 120)), np.zeros(0), np.zeros(0))

    shadowed = simulate_tests(bank(), people(10), AdaptiveTest(12, shadow=free), 1)
    plain = simulate_tests(bank(), people(10), AdaptiveTest(12), 1)

    assert (shadowed.given == plain.given).all()
    np.testing.assert_allclose(shadowed.theta, plain.theta)


def test_items_that_are_not_kept_are_replaced_within_the_constraints():
    keep = np.where(np.arange(120) % 2, 0.3, 1.0)
    shadow = of_areas([4, 4, 2, 2], [4, 4, 2, 2])

    found = simulate_tests(bank(), people(15), AdaptiveTest(12, keep=keep, shadow=shadow), 1)

    counts = np.array([np.bincount(content().area[items], minlength=4) for items in found.given])
    assert (counts == [4, 4, 2, 2]).all()
    rates = np.bincount(found.given.ravel(), minlength=120)
    assert (rates <= found.n_selected).all()
    assert found.n_selected.sum() > rates.sum()


def test_a_shadow_test_can_stop_early():
    test = AdaptiveTest(40, min_items=4, decision=SequentialDecision(0.0), shadow=of_areas([0, 0, 0, 0], [20, 20, 20, 20]))

    found = simulate_tests(bank(), np.array([-2.0, 2.0, 2.0]), test, 1)

    assert found.n_given.max() < 40
    assert found.passed.tolist() == [False, True, True]


def test_constraints_that_no_test_meets_are_refused():
    with pytest.raises(MeasureError, match="no test of this length"):
        simulate_tests(bank(), people(1), AdaptiveTest(12, shadow=of_areas([8, 8, 0, 0], [9, 9, 9, 9])), 1)


def test_content_and_a_shadow_test_exclude_each_other():
    test = AdaptiveTest(12, shadow=of_areas([0] * 4, [12] * 4), content=content())

    with pytest.raises(MeasureError, match="leave content away"):
        simulate_tests(bank(), people(1), test, 1)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_other_test_of_a_small_bank_has_more_worth(data):
    n = data.draw(st.integers(4, 8))
    length = data.draw(st.integers(1, n - 1))
    amounts = np.array(data.draw(st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=2, max_size=2)), float)
    low = np.array(data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2)), float)
    high = low + np.array(data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2)))
    enemies = (tuple(data.draw(st.sets(st.integers(0, n - 1), min_size=2, max_size=3))),)
    worth = np.array(data.draw(st.lists(st.integers(0, 20), min_size=n, max_size=n)), float)
    first = data.draw(st.integers(0, n - 1))  # was given already
    must = (np.arange(n) == first).astype(float)

    found = ShadowSolver(ShadowConstraints(amounts, low, high, enemies), n, length).solve(worth, must, np.ones(n))

    values = [
        worth[list(test)].sum()
        for test in itertools.combinations(range(n), length)
        if first in test
        and (low <= amounts[:, test].sum(axis=1)).all()
        and (amounts[:, test].sum(axis=1) <= high).all()
        and len(set(test) & set(enemies[0])) <= 1
    ]
    if found is None:
        assert not values
    else:
        assert worth[found].sum() == pytest.approx(max(values))
        assert found.sum() == length

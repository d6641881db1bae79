"""Areas that may be far weaker than the others: against the filter begun with such an area, and what anybody would expect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bedside.measure import Ability, AbilityMotion, AnswerHistory, AreaItems, ability_after, first_ability
from bedside.measure.passing.weak import WeakAreas, weak_areas
from tests.measure.test_readiness_filter import STILL, bank

K, DAY = 6, 100
EVEN = np.full(K, 1 / K)
MOTION = replace(STILL, weak_by=1.5)


def given(pool: AreaItems, counts: list[int], shares_right: list[float]) -> AnswerHistory:
    """So many new items of each area, of which so large a share is answered right, evenly."""
    both = list(zip(counts, shares_right, strict=True))
    item = np.concatenate([np.flatnonzero(pool.area == area)[:n] for area, n in enumerate(counts)]).astype(np.int32)
    right = np.concatenate([(np.arange(n) * share) % 1 + share >= 1 for n, share in both])
    return AnswerHistory.of(np.full(len(item), DAY, dtype=np.int32), item, right, np.ones(len(item), dtype=np.bool_))


def answered(
    pool: AreaItems, counts: list[int], shares_right: list[float], motion: AbilityMotion = MOTION, start: Ability | None = None
) -> Ability:
    first = first_ability(K, DAY, motion) if start is None else start
    return ability_after(first, given(pool, counts, shares_right), pool, motion)


def chance_weak(found: WeakAreas, area: int) -> float:
    at = np.flatnonzero(found.areas == area)
    return float(found.chances @ found.is_weak[:, at[0]]) if len(at) else 0.0


def test_a_hypothesis_moves_what_is_believed_as_the_filter_begun_with_it_does():
    pool = bank(240, K, sd=0.3)
    counts, right = [30, 30, 30, 30, 30, 8], [0.6, 0.65, 0.7, 0.6, 0.65, 0.4]
    usual = answered(pool, counts, right)
    found = weak_areas(usual, EVEN, replace(MOTION, weak_odds=0.0, weak_alone=0.0))
    start = first_ability(K, DAY, MOTION)
    for at in (K - 1, 2 * K + 5 - 1):  # the last area, and its first offset
        start.mean[at] -= MOTION.weak_by
    anew = answered(pool, counts, right, start=start)
    last = int(np.flatnonzero(found.areas == K - 1)[0])
    assert usual.mean[:K] + found.shifts[last] == pytest.approx(anew.mean[:K], abs=0.15)
    alone = [
        np.flatnonzero((found.is_weak.sum(axis=1) == n) & (found.is_weak[:, last] == n))[0] for n in (0, 1)
    ]  # nothing weak, and this alone
    log_odds = np.log(found.chances[alone[1]] / found.chances[alone[0]])
    assert log_odds == pytest.approx(anew.log_likelihood - usual.log_likelihood, abs=0.3)


def test_an_area_left_alone_may_be_weak_and_one_practised_with_success_is_not():
    pool = bank(600, K)
    found = weak_areas(answered(pool, [60, 60, 60, 60, 60, 4], [0.6] * K), EVEN, AbilityMotion())
    assert chance_weak(found, 5) > 0.5
    assert chance_weak(found, 0) < 0.05
    assert (found.shifts[found.areas == 5, 5] < -0.5).all()


def test_right_answers_in_an_area_left_alone_clear_it():
    pool = bank(600, K)
    chances = [
        chance_weak(weak_areas(answered(pool, [90] * 5 + [15], [0.6] * 5 + [share]), EVEN, AbilityMotion()), 5)
        for share in (0.2, 0.5, 0.9)
    ]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.8
    assert chances[-1] < 0.2


def test_an_area_that_is_practised_and_goes_badly_is_found_too():
    pool = bank(600, K)
    found = weak_areas(answered(pool, [60] * K, [0.75] * 5 + [0.2]), EVEN, AbilityMotion())
    assert chance_weak(found, 5) > 0.5


def test_draws_take_each_hypothesis_as_often_as_its_chance_says():
    shifts = np.array([[-1.0, 0.0], [0.0, -2.0]])
    is_weak = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    found = WeakAreas(np.array([0, 1]), is_weak, np.array([0.5, 0.25, 0.125, 0.125]), shifts)
    drawn = found.drawn(1024)
    assert (drawn[:, 0] == -1).mean() == pytest.approx(0.375, abs=0.002)
    assert (drawn[:256, 1] == -2).mean() == pytest.approx(0.25, abs=0.02)  # in every part of the draws
    assert drawn.mean(axis=0) == pytest.approx(found.mean_shift, abs=0.005)
    assert drawn.var(axis=0) == pytest.approx(found.variance, abs=0.01)


def test_with_areas_that_do_not_differ_none_is_weak():
    motion = replace(MOTION, sd_area=0.0)
    pool = bank(600, K)
    found = weak_areas(answered(pool, [60] * 5 + [2], [0.6] * K, motion), EVEN, motion)
    assert len(found.areas) == 0
    assert found.drawn(8) == pytest.approx(0.0)

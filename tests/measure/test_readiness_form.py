"""A fresh form: its score and the chance to pass, against forms that are really drawn and counted exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.measure import (
    Ability,
    AbilityMotion,
    AreaItems,
    ability_after,
    first_ability,
    form_outcome,
    fresh_form,
    judged_items,
    narrowing,
    score_chances,
)
from tests.measure.test_readiness_filter import STILL, answers, bank

SHARES = np.array([0.5, 0.3, 0.2])


def known(abilities: list[float]) -> Ability:
    k = len(abilities)
    mean, counts = np.concatenate([abilities, np.zeros(k + 5)]), np.zeros(k)
    return Ability(100, mean, np.zeros((2 * k + 5, 2 * k + 5)), 0.0, 0, counts, counts)


def chance(pool: AreaItems, item: np.ndarray, ability: np.ndarray) -> np.ndarray:
    items = pool.items
    c = items.guessing[item]
    chances: np.ndarray = c + (1 - c) / (1 + np.exp(-items.discrimination[item] * (ability - items.difficulty[item])))
    return chances


def exact_chances(p: np.ndarray) -> np.ndarray:
    """The recursion of Lord & Wingersky (1984) over items."""
    chances = np.ones(1)
    for one in p:
        chances = np.append(chances, 0.0) * (1 - one) + np.append(0.0, chances) * one
    return chances


@pytest.mark.parametrize("n_items", [40, 100, 280])
@pytest.mark.parametrize("abilities", [[-0.5, 0.0, 0.5], [1.0, 1.5, -2.0]])
def test_the_score_of_known_abilities_is_that_of_the_exact_recursion(n_items: int, abilities: list[float]):
    pool = bank(90, 3)
    form = fresh_form(pool, SHARES, n_items)
    found = form_outcome(known(abilities), form, STILL)
    chances = score_chances(found, form, STILL)
    right = found.right[0]  # of an item drawn anew
    counts = (n_items * SHARES).round().astype(int)
    exact = exact_chances(np.repeat(right, counts))
    assert chances.sum() == pytest.approx(1.0)
    assert np.abs(np.cumsum(chances) - np.cumsum(exact)).max() < 0.01
    expected = [chance(pool, np.flatnonzero(pool.area == k), np.array(abilities[k])).mean() for k in range(3)]
    assert right == pytest.approx(np.array(expected), abs=2e-4)


@pytest.mark.parametrize("ability", [-0.2, 0.0, 0.15])
def test_the_chance_to_pass_is_that_of_forms_that_are_drawn_and_equated(ability: float):
    pool = bank(90, 3)
    form = fresh_form(pool, SHARES, 100)
    rng = np.random.default_rng(8)
    area = np.repeat(np.arange(3), [50, 30, 20])
    item = area + 3 * rng.integers(0, 30, (20_000, 100))
    abilities = np.array([ability, ability + 0.3, ability - 0.3])
    n_right = (rng.random(item.shape) < chance(pool, item, abilities[area])).sum(axis=1)
    passed = n_right >= chance(pool, item, np.zeros(100)).sum(axis=1)
    found = form_outcome(known(abilities.tolist()), form, STILL).p_pass.mean()
    assert found == pytest.approx(passed.mean(), abs=0.012)


def test_the_chance_to_reach_a_share_that_is_the_same_on_every_form_is_exact_to_a_hundredth():
    pool = bank(90, 3)
    form = fresh_form(pool, SHARES, 50, cut_share=0.6)
    found = form_outcome(known([0.0, 0.2, -0.2]), form, STILL)
    exact = exact_chances(np.repeat(found.right[0], [25, 15, 10]))
    assert found.p_pass.mean() == pytest.approx(exact[30:].sum(), abs=0.01)
    assert form.cut == pytest.approx(30)


def test_a_good_or_bad_day_draws_every_chance_towards_a_half():
    pool = bank(90, 3)
    form = fresh_form(pool, SHARES, 280)
    for ability in (-0.4, 0.4):
        sure = form_outcome(known([ability] * 3), form, STILL).p_pass.mean()
        moody = form_outcome(known([ability] * 3), form, replace(STILL, sd_day=0.3)).p_pass.mean()
        assert abs(moody - 0.5) < abs(sure - 0.5)


def test_the_chance_hardly_depends_on_the_draws():
    pool = bank(300, 3, sd=0.9)
    form = fresh_form(pool, SHARES, 280)
    ability = ability_after(first_ability(3, 100, AbilityMotion()), answers(120, pool, n_days=20), pool, AbilityMotion())
    found = [form_outcome(ability, form, AbilityMotion(), seed=seed).p_pass.mean() for seed in range(5)]
    assert max(found) - min(found) < 0.002


def test_items_of_unsure_difficulty_are_averaged_over_what_they_may_be():
    ids = tuple(f"i{n}" for n in range(30))
    pool = AreaItems(judged_items(ids, np.full(30, 0.6), np.full(30, 5)), np.zeros(30, dtype=np.int16), 1)
    found = form_outcome(known([0.8]), fresh_form(pool, np.ones(1), 40), STILL).right[0, 0]
    difficulty = np.random.default_rng(2).normal(pool.items.difficulty[0], 0.9, 400_000)
    assert found == pytest.approx((0.2 + 0.8 / (1 + np.exp(-(0.8 - difficulty)))).mean(), abs=0.002)


def test_ten_answers_take_away_as_much_doubt_as_was_foretold():
    pool = bank(90, 3)
    form, motion = fresh_form(pool, SHARES, 100), replace(STILL, sd_day=0.1)
    ability = ability_after(first_ability(3, 100, motion), answers(30, pool), pool, motion)
    foretold = narrowing(ability, form_outcome(ability, form, motion), form, motion)
    rng = np.random.default_rng(4)
    root = np.linalg.cholesky(ability.covariance[:3, :3] + 1e-12 * np.eye(3))
    for area in range(3):
        own = np.flatnonzero(pool.area == area)
        after = []
        for _ in range(200):
            theta = ability.mean[:3] + root @ rng.standard_normal(3)
            item = rng.choice(own, 10, replace=False).astype(np.int32)
            right = rng.random(10) < chance(pool, item, theta[area] + 0.1 * rng.standard_normal())
            ten = replace(answers(10, pool), item=item, is_right=right, day=np.full(10, 101, dtype=np.int32))
            ten = replace(ten, is_repeat=np.zeros(10, dtype=np.bool_), is_timed=np.ones(10, dtype=np.bool_))
            after.append(form_outcome(ability_after(ability, ten, pool, motion), form, motion).p_pass.mean())
        assert np.var(after) == pytest.approx(foretold[area], rel=0.4)


def test_a_form_that_cannot_be_drawn_is_refused():
    pool = bank(90, 3)
    with pytest.raises(UsageError, match="at least 40 items"):
        fresh_form(pool, SHARES, 39)
    with pytest.raises(UsageError, match="not all 0"):
        fresh_form(pool, np.zeros(3), 40)
    with pytest.raises(UsageError, match="areas 2"):
        fresh_form(AreaItems(pool.items, np.minimum(pool.area, 1).astype(np.int16), 3), SHARES, 40)

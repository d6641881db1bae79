"""Abilities from answers in time: against exact integration, against a plain re-telling, and what anybody would expect."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.measure import (
    Ability,
    AbilityMotion,
    AnswerHistory,
    AreaItems,
    Items,
    OutsideScore,
    ability_after,
    ability_on,
    first_ability,
    judged_items,
)

STILL = AbilityMotion(
    mean=0.0, sd_overall=0.7, sd_area=0.5, growth=0.0, sd_growth=0.0, noise_overall=0.0, noise_area=0.0, noise_answer=0.0,
    loss=0.0, sd_loss=0.0, tutor_gain=0.0, sd_tutor_gain=0.0, sd_day=0.0, repeat_gain=0.0, sd_repeat_gain=0.0,
    sd_repeat_item=0.0,
)  # fmt: skip
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def bank(n: int, n_areas: int, *, sd: float | None = None, seed: int = 3) -> AreaItems:
    rng = np.random.default_rng(seed)
    unknown = np.full(n, np.nan)
    spread = unknown if sd is None else np.full(n, sd)
    items = Items(
        tuple(f"i{k}" for k in range(n)),
        rng.uniform(0.7, 1.4, n),
        rng.normal(0, 1, n),
        np.full(n, 0.2),
        unknown,
        spread,
        unknown,
    )
    return AreaItems(items, (np.arange(n) % n_areas).astype(np.int16), n_areas)


def answers(n: int, pool: AreaItems, *, n_days: int = 1, seed: int = 5, p: float = 0.6) -> AnswerHistory:
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(100, 100 + n_days, n)).astype(np.int32)
    item = rng.integers(0, pool.items.count, n).astype(np.int32)
    return AnswerHistory.of(day, item, rng.random(n) < p, rng.random(n) < 0.5)


def after(
    given_answers: AnswerHistory, pool: AreaItems, motion: AbilityMotion, scores: tuple[OutsideScore, ...] = ()
) -> Ability:
    start = first_ability(pool.n_areas, 100, motion)
    return ability_after(start, given_answers, pool, motion, scores=scores, shares=np.ones(pool.n_areas))


def test_abilities_that_stand_still_are_those_of_exact_integration_over_two_areas():
    pool = bank(60, 2)
    given_answers = replace(answers(60, pool), item=np.arange(60, dtype=np.int32), is_repeat=np.zeros(60, dtype=np.bool_))
    found = after(given_answers, pool, STILL)

    grid = np.linspace(-5, 5, 401)
    one, two = np.meshgrid(grid, grid, indexing="ij")
    inverse = np.linalg.inv(np.array([[0.49 + 0.25, 0.49], [0.49, 0.49 + 0.25]]))
    log = -0.5 * (inverse[0, 0] * one**2 + 2 * inverse[0, 1] * one * two + inverse[1, 1] * two**2)
    items = pool.items
    for i, right in zip(given_answers.item, given_answers.is_right, strict=True):
        theta = one if pool.area[i] == 0 else two
        p = 0.2 + 0.8 / (1 + np.exp(-items.discrimination[i] * (theta - items.difficulty[i])))
        log += np.log(p if right else 1 - p)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = np.array([(weight * one).sum(), (weight * two).sum()])
    sd = np.sqrt([(weight * (one - mean[0]) ** 2).sum(), (weight * (two - mean[1]) ** 2).sum()])

    assert found.mean[:2] == pytest.approx(mean, abs=0.03)
    assert np.sqrt(np.diag(found.covariance))[:2] == pytest.approx(sd, rel=0.08)
    exact = np.log((np.exp(log - log.max()) * (grid[1] - grid[0]) ** 2).sum()) + log.max()
    exact += np.log(np.sqrt(np.linalg.det(inverse)) / (2 * np.pi))
    assert found.log_likelihood == pytest.approx(exact, abs=0.1)


def moved_plainly(
    mean: np.ndarray, covariance: np.ndarray, practised: np.ndarray, n_days: int, motion: AbilityMotion
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days that pass as matrices, the last of them one of study."""
    k, n, h = len(practised), len(mean), motion.growth_answers
    rate, today, loss = k, k + 2, k + 4
    lost_days = max(0.0, n_days - 1 - motion.rest_days)
    kept = (1 - mean[loss]) ** lost_days
    learned = h * np.log1p(practised / h)
    forget = np.eye(n)
    forget[:k, rate] = -(1 - kept) * learned
    forget[:k, loss] = -lost_days * (1 - mean[loss]) ** (lost_days - 1) * learned * (motion.growth + mean[rate])
    mean = mean.copy()
    mean[:k] -= (1 - kept) * learned * (motion.growth + mean[rate])
    held = exp(-n_days / motion.growth_days)
    move = np.eye(n)
    move[rate, rate], move[today, today] = held, 0.0
    covariance = move @ forget @ covariance @ forget.T @ move.T
    covariance[:k, :k] += n_days * (motion.noise_overall**2 + motion.noise_area**2 * np.eye(k))
    covariance[rate, rate] += (1 - held**2) * motion.sd_growth**2
    covariance[today, today] += motion.sd_day**2
    return move @ mean, covariance, h * ((1 + practised / h) ** kept - 1)


def told_plainly(given_answers: AnswerHistory, pool: AreaItems, motion: AbilityMotion) -> tuple[np.ndarray, np.ndarray, float]:
    """The same filter as matrices, a line a step, without any cleverness."""
    k = pool.n_areas
    n = 2 * k + 5
    mean = np.concatenate([np.full(k, motion.mean), [0, motion.tutor_gain, 0, motion.repeat_gain, motion.loss], np.zeros(k)])
    own = [motion.sd_growth, motion.sd_tutor_gain, motion.sd_day, motion.sd_repeat_gain, motion.sd_loss]
    of_offset = np.concatenate([np.eye(k), np.zeros((5, k)), np.eye(k)])
    covariance = motion.sd_area**2 * of_offset @ of_offset.T + np.diag([0.0] * k + [sd**2 for sd in own] + [0.0] * k)
    covariance[:k, :k] += motion.sd_overall**2
    difficulty, variance = pool.items.difficulty.copy(), pool.spread() ** 2
    day, total, practised = 100, 0.0, np.zeros(k)
    for row in range(len(given_answers)):
        passed = int(given_answers.day[row]) - day
        if passed:
            day += passed
            mean, covariance, practised = moved_plainly(mean, covariance, practised, passed, motion)
        i = given_answers.item[row]
        area, again = pool.area[i], given_answers.is_repeat[row]
        seen = np.zeros(n)
        seen[[area, k + 2]] = 1.0
        seen[k + 1] = 0.0 if given_answers.is_timed[row] else 1.0
        seen[k + 3] = 1.0 if again else 0.0
        sd = np.sqrt(seen @ covariance @ seen + variance[i] + motion.sd_repeat_item**2 * again)
        p = 0.2 + 0.8 / (1 + np.exp(-pool.items.discrimination[i] * (seen @ mean - difficulty[i] + sd * NODES)))
        weight = WEIGHTS * (p if given_answers.is_right[row] else 1 - p)
        total += np.log(weight.sum())
        weight = weight / weight.sum()
        shift, left = weight @ NODES, weight @ NODES**2 - (weight @ NODES) ** 2
        along = covariance @ seen
        mean = mean + along * shift / sd
        covariance = covariance - np.outer(along, along) * (1 - left) / sd**2
        difficulty[i] -= variance[i] * shift / sd
        variance[i] -= variance[i] ** 2 * (1 - left) / sd**2
        learn = np.eye(n)
        learn[area, k] = 1 / (1 + practised[area] / motion.growth_answers)
        mean = learn @ mean
        mean[area] += learn[area, k] * motion.growth
        covariance = learn @ covariance @ learn.T
        covariance[area, area] += motion.noise_answer**2
        practised[area] += 1
    return mean, covariance, total


def test_the_quick_filter_and_a_plain_one_agree():
    pool = bank(40, 4, sd=0.8)
    motion = AbilityMotion(sd_growth=0.02, noise_answer=0.03, loss=0.02, rest_days=1.0, sd_day=0.2)
    given_answers = answers(300, pool, n_days=300)
    found = after(given_answers, pool, motion)
    mean, covariance, total = told_plainly(given_answers, pool, motion)
    assert found.mean == pytest.approx(mean, abs=1e-9)
    assert found.covariance == pytest.approx(covariance, abs=1e-9)
    assert found.log_likelihood == pytest.approx(total, abs=1e-8)
    assert (found.day, found.n_answers) == (int(given_answers.day[-1]), 300)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 119))
def test_a_right_answer_raises_its_area_most_and_the_others_too_and_doubt_stays_a_covariance(seed: int, item: int):
    pool = bank(120, 6, sd=0.5)
    motion = AbilityMotion(growth=0.0, sd_growth=0.0)
    start = after(answers(40, pool, n_days=20, seed=seed), pool, motion)
    one = np.array([item], dtype=np.int32)
    day, yes, no = np.array([start.day], dtype=np.int32), np.array([True]), np.array([False])
    higher = ability_after(start, AnswerHistory.of(day, one, yes, yes), pool, motion).mean[:6] - start.mean[:6]
    lower = ability_after(start, AnswerHistory.of(day, one, no, yes), pool, motion)
    k = pool.area[item]
    assert (higher > 0).all()
    assert higher[k] == higher.max()
    assert (lower.mean[:6] < start.mean[:6]).all()
    assert np.linalg.eigvalsh(lower.covariance).min() > -1e-12


def test_an_item_met_before_says_less_than_a_new_one():
    pool = bank(10, 2)
    motion = replace(STILL, repeat_gain=0.7, sd_repeat_item=1.0)
    start = first_ability(2, 100, motion)
    yes, no = np.array([True]), np.array([False])
    told = []
    for is_repeat in (no, yes):
        moved = 0.0
        for is_right in (yes, no):
            one = AnswerHistory(np.array([100], dtype=np.int32), np.array([0], dtype=np.int32), is_right, yes, is_repeat)
            found = ability_after(start, one, pool, motion)
            moved += exp(found.log_likelihood) * (found.mean[0] - start.mean[0]) ** 2
        told.append(moved)
    new, again = told  # how much the answer is expected to move what is believed
    assert 0 < again < 0.95 * new


def test_an_item_of_unsure_difficulty_says_less_than_a_calibrated_one():
    sure, unsure = bank(10, 2), bank(10, 2, sd=1.5)
    given_answers = answers(10, sure)
    known, guessed = (after(given_answers, pool, STILL) for pool in (sure, unsure))
    assert known.covariance[0, 0] < guessed.covariance[0, 0]


def test_right_answers_without_a_clock_are_taken_for_less_than_under_it():
    pool = bank(30, 1)
    motion = replace(STILL, tutor_gain=0.4, sd_tutor_gain=0.2)
    every = replace(answers(30, pool), is_right=np.ones(30, dtype=np.bool_))
    timed, untimed = (after(replace(every, is_timed=np.full(30, flag)), pool, motion) for flag in (True, False))
    assert untimed.mean[0] < timed.mean[0]


def test_a_break_adds_doubt_and_takes_back_part_of_what_was_gained():
    pool = bank(50, 3)
    motion = AbilityMotion(noise_overall=0.02, loss=0.01, sd_loss=0.0, rest_days=3.0)
    now = after(replace(answers(50, pool), is_right=np.ones(50, dtype=np.bool_)), pool, motion)
    later = ability_on(now, now.day + 63, motion)
    gained = (motion.growth + now.mean[3]) * motion.growth_answers * np.log1p(now.practised / motion.growth_answers)
    assert (np.diag(later.covariance)[:3] > np.diag(now.covariance)[:3]).all()
    assert later.mean[:3] == pytest.approx(now.mean[:3] - (1 - 0.99**60) * gained)
    assert ability_on(now, now.day, motion).mean == pytest.approx(now.mean)
    assert ability_on(now, now.day + 3, motion).mean[:3] == pytest.approx(now.mean[:3])


def test_what_was_lost_comes_back_quicker_than_it_first_came():
    pool = bank(400, 1)
    motion = replace(STILL, growth=0.05, growth_answers=10.0, loss=0.05, rest_days=0.0)
    learned = after(answers(200, pool), pool, motion)
    rested = ability_on(learned, learned.day + 40, motion)
    assert rested.practised[0] < 0.2 * learned.practised[0]
    growth = motion.growth / (1 + np.array([learned.practised[0], rested.practised[0]]) / motion.growth_answers)
    assert growth[1] > 3 * growth[0]


def test_how_much_items_met_again_give_is_learned_from_the_candidates_own_answers():
    pool = bank(100, 1)
    rng = np.random.default_rng(1)
    item = np.tile(np.arange(100, dtype=np.int32), 4)
    again, every = np.arange(400) >= 100, np.ones(400, dtype=np.bool_)
    p = 0.2 + 0.8 / (1 + np.exp(-pool.items.discrimination[item] * (2.0 * again - pool.items.difficulty[item])))
    given_answers = AnswerHistory(np.full(400, 100, dtype=np.int32), item, rng.random(400) < p, every, again)
    motion = replace(STILL, repeat_gain=0.7, sd_repeat_item=0.3)
    learned, assumed = (after(given_answers, pool, replace(motion, sd_repeat_gain=sd)).mean for sd in (0.7, 0.0))
    assert 1.4 < learned[1 + 3] < 2.2
    assert abs(learned[0]) < abs(assumed[0]) / 2


def test_answers_taken_in_pieces_give_what_all_at_once_give():
    pool = bank(200, 5, sd=0.9)
    day = np.repeat(np.arange(100, 120), 10).astype(np.int32)
    given_answers = replace(answers(200, pool), day=day, item=np.arange(200, dtype=np.int32))
    at_once = after(given_answers, pool, AbilityMotion())
    in_pieces = first_ability(5, 100, AbilityMotion())
    for start in range(0, 200, 25):
        in_pieces = ability_after(in_pieces, given_answers.part(start, start + 25), pool, AbilityMotion())
    assert in_pieces.mean == pytest.approx(at_once.mean, abs=1e-10)
    assert in_pieces.log_likelihood == pytest.approx(at_once.log_likelihood)


def test_a_score_from_elsewhere_weighs_by_its_error():
    pool = bank(10, 1)
    none = answers(0, pool)
    for sd in (0.1, 0.7, 5.0):
        found = after(none, pool, STILL, (OutsideScore(105, 1.0, sd),))
        first = 0.49 + 0.25  # the variance before
        assert found.mean[0] == pytest.approx(first / (first + sd**2))
        assert found.covariance[0, 0] == pytest.approx(first * sd**2 / (first + sd**2))


def test_a_scaled_score_becomes_a_distance_from_the_cut_with_its_error_and_the_doubt_about_the_scale():
    score = OutsideScore.of_scaled(day=1, score=230, cut=214, error=8, score_sd=16, ability_sd=0.8, doubt=0.3)
    assert score.ability == pytest.approx(0.8)
    assert score.sd == pytest.approx(0.5)  # of 0.4 and 0.3


@given(st.floats(0.25, 0.95), st.integers(4, 8), st.floats(0.5, 2.0))
def test_a_just_passing_candidate_answers_a_judged_item_as_the_judges_said(rating: float, n_options: int, slope: float):
    items = judged_items(("a",), np.array([rating]), np.array([n_options]), discrimination=slope)
    c = 1 / n_options
    bounded = c + (1 - c) * min(max((rating - c) / (1 - c), 0.05), 0.95)
    assert c + (1 - c) / (1 + exp(slope * items.difficulty[0])) == pytest.approx(bounded)


def test_what_cannot_be_is_refused_by_name():
    pool = bank(10, 2)
    some = answers(5, pool, n_days=10)
    with pytest.raises(UsageError, match="order of their days"):
        replace(some, day=some.day[::-1].copy() + np.arange(5, 0, -1).astype(np.int32))
    with pytest.raises(UsageError, match="differ in length"):
        replace(some, is_right=np.array([True]))
    with pytest.raises(UsageError, match="outside 0 to 9"):
        after(replace(some, item=np.full(5, 10, dtype=np.int32)), pool, STILL)
    with pytest.raises(UsageError, match="comes after"):
        ability_after(first_ability(2, 200, STILL), some, pool, STILL)
    with pytest.raises(UsageError, match="shares"):
        ability_after(first_ability(2, 100, STILL), some, pool, STILL, scores=(OutsideScore(120, 0.0, 0.5),))
    with pytest.raises(UsageError, match="outside 0 to 1"):
        AreaItems(pool.items, np.full(10, 2, dtype=np.int16), 2)
    with pytest.raises(UsageError, match="lies before"):
        ability_on(first_ability(2, 200, STILL), 199, STILL)
    with pytest.raises(UsageError, match="error above 0"):
        OutsideScore(1, 0.0, 0.0)
    with pytest.raises(UsageError, match="spreads of at least 0"):
        AbilityMotion(sd_day=-0.1)
    with pytest.raises(UsageError, match="ratings lie in 0 to 1"):
        judged_items(("a",), np.array([1.2]), np.array([5]))

"""Fitting how abilities move, and learning how hard judged items are, on answers made by the model itself."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.measure import (
    AbilityMotion,
    AnswerGroup,
    AnswerHistory,
    AreaItems,
    ability_after,
    answers_log_likelihood,
    first_ability,
    fit_motion,
    judged_items,
    learned_items,
)

K, N = 3, 60
STILL = AbilityMotion(
    mean=-0.3, sd_overall=0.9, sd_area=0.3, growth=0.0, sd_growth=0.0, noise_overall=0.0, noise_area=0.0, noise_answer=0.0,
    loss=0.0, sd_loss=0.0, tutor_gain=0.0, sd_tutor_gain=0.0, sd_day=0.0,
)  # fmt: skip
ALL = {field.name for field in fields(AbilityMotion)}


def bank() -> AreaItems:
    ratings = np.random.default_rng(1).uniform(0.45, 0.8, N)
    items = judged_items(tuple(f"i{n}" for n in range(N)), ratings, np.full(N, 5))
    return AreaItems(items, (np.arange(N) % K).astype(np.int16), K)


def made(pool: AreaItems, n_candidates: int, n_answers: int, *, sd_step: float = 0.0, difficulty: np.ndarray | None = None):
    """Candidates as `STILL` says, or with a step of overall ability each day; items as judged, or of other difficulties."""
    rng = np.random.default_rng(6)
    items, true = pool.items, pool.items.difficulty if difficulty is None else difficulty
    everyone = []
    for _ in range(n_candidates):
        start = rng.normal(-0.3, 0.9) + rng.normal(0, 0.3, K)
        day = np.arange(n_answers) // 5
        walk = np.cumsum(rng.normal(0, sd_step, n_answers // 5 + 1))
        item = rng.permutation(N)[:n_answers].astype(np.int32)
        theta = start[pool.area[item]] + walk[day]
        p = 0.2 + 0.8 / (1 + np.exp(-items.discrimination[item] * (theta - true[item])))
        every = np.ones(n_answers, dtype=np.bool_)
        everyone.append(AnswerHistory.of(day.astype(np.int32), item, rng.random(n_answers) < p, every))
    return everyone


def sure(pool: AreaItems) -> AreaItems:
    """The same items with difficulties that are known."""
    return AreaItems(replace(pool.items, se_difficulty=np.full(N, np.nan)), pool.area, K)


def test_the_likelihood_of_many_is_the_sum_of_each_ones():
    pool = bank()
    everyone = made(pool, 5, 40)
    alone = [ability_after(first_ability(K, 0, AbilityMotion()), one, pool, AbilityMotion()).log_likelihood for one in everyone]
    assert answers_log_likelihood([AnswerGroup(pool, everyone)], AbilityMotion()) == pytest.approx(sum(alone))


def test_a_fit_finds_how_candidates_differ_and_how_they_move():
    pool = sure(bank())
    groups = [AnswerGroup(pool, made(pool, 500, 60, sd_step=0.15))]
    start = replace(STILL, mean=0.0, sd_overall=0.5, noise_overall=0.05)
    seen: list[float] = []
    found = fit_motion(
        groups,
        start=start,
        fixed=tuple(ALL - {"mean", "sd_overall", "noise_overall"}),
        progress=lambda _, value: seen.append(value),
    )
    assert found.motion.mean == pytest.approx(-0.3, abs=0.15)
    assert found.motion.sd_overall == pytest.approx(0.9, abs=0.15)
    assert found.motion.noise_overall == pytest.approx(0.15, abs=0.04)
    assert found.motion.sd_area == start.sd_area
    assert found.n_answers == 500 * 60
    assert seen == sorted(seen)
    assert found.log_likelihood >= answers_log_likelihood(groups, replace(STILL, noise_overall=0.15)) - 0.5


def test_judged_difficulties_come_nearer_to_the_truth_with_every_answer():
    pool = bank()
    truth = pool.items.difficulty + np.random.default_rng(9).normal(0, 0.9, N)
    groups = [AnswerGroup(pool, made(pool, n, 60, difficulty=truth)) for n in (20, 300)]
    errors = []
    for group in groups:
        learned = learned_items(group, STILL)
        error = learned.difficulty - truth
        errors.append(float(np.sqrt((error**2).mean())))
        within = np.abs(error) < 1.96 * learned.se_difficulty
        assert within.mean() > 0.85
        assert (learned.se_difficulty < 0.9).all()
    assert 0.9 > errors[0] > errors[1]
    assert errors[1] < 0.25


def test_a_known_difficulty_is_not_moved():
    pool = sure(bank())
    learned = learned_items(AnswerGroup(pool, made(pool, 20, 60)), STILL)
    assert learned.difficulty == pytest.approx(pool.items.difficulty)
    assert np.isnan(learned.se_difficulty).all()


def test_a_fit_without_answers_or_with_unknown_names_is_refused():
    with pytest.raises(UsageError, match="no answers"):
        fit_motion([])
    with pytest.raises(UsageError, match="no answers"):
        answers_log_likelihood([AnswerGroup(bank(), [])], AbilityMotion())
    with pytest.raises(UsageError, match="wind"):
        fit_motion([AnswerGroup(bank(), made(bank(), 1, 5))], fixed=("wind",))

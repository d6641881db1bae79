"""Would I pass if I sat today: the number, its interval, what it rests on, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.measure import (
    AbilityMotion,
    Against,
    AnswerHistory,
    AreaItems,
    EvidenceFloor,
    EvidenceNeed,
    FreshForm,
    OutsideScore,
    Readiness,
    TooLittle,
    fresh_form,
    judged_items,
    readiness,
    warm_readiness,
)
from bedside.measure.passing.filter import filter_answers
from bedside.measure.passing.form import _tables

K, N, DAY = 4, 400, 1_000
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


@pytest.fixture(scope="module")
def pool() -> AreaItems:
    ratings = np.random.default_rng(1).uniform(0.45, 0.8, N)
    items = judged_items(tuple(f"i{n}" for n in range(N)), ratings, np.full(N, 5))
    return AreaItems(items, (np.arange(N) % K).astype(np.int16), K)


@pytest.fixture(scope="module")
def form(pool: AreaItems) -> FreshForm:
    return fresh_form(pool, SHARES, 280)


def answers(n: int, share_right: float, *, areas: int = K, age: int = 0, n_days: int = 1) -> AnswerHistory:
    """New items in turn over the first areas, with right answers evenly among them."""
    item = np.array([i for i in range(N) if i % K < areas][:n], dtype=np.int32)
    right = (np.arange(n) * share_right) % 1 + share_right >= 1
    day = np.sort(DAY - age - np.arange(n) % n_days).astype(np.int32)
    return AnswerHistory.of(day, item, right, np.ones(n, dtype=np.bool_))


def told(found: Readiness | TooLittle) -> Readiness:
    assert isinstance(found, Readiness)
    return found


def test_more_right_answers_mean_a_higher_chance(pool: AreaItems, form: FreshForm):
    chances = [told(readiness(answers(200, share), pool, form, DAY)).p_pass for share in (0.4, 0.55, 0.65, 0.8)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert chances[-1] > 0.95


def test_the_interval_holds_the_number_and_narrows_with_evidence(pool: AreaItems, form: FreshForm):
    few, many = (told(readiness(answers(n, 0.64), pool, form, DAY)) for n in (40, 400))
    for found in (few, many):
        assert 0 <= found.low <= found.p_pass <= found.high <= 1
        assert 0 < found.from_ability < 1
    assert many.high - many.low < few.high - few.low
    assert many.from_ability < few.from_ability


def test_the_score_has_a_distribution_with_limits_around_its_mean(pool: AreaItems, form: FreshForm):
    score = told(readiness(answers(200, 0.65), pool, form, DAY)).score
    assert score.chances.shape == (281,)
    assert score.chances.sum() == pytest.approx(1)
    assert score.low < score.mean < score.high
    assert score.chances[score.low : score.high + 1].sum() == pytest.approx(0.9, abs=0.04)
    assert 0.5 < score.cut / 280 < 0.75


def test_old_answers_count_for_less_than_fresh_ones(pool: AreaItems, form: FreshForm):
    fresh, old = (told(readiness(answers(200, 0.75, age=age), pool, form, DAY)) for age in (0, 120))
    assert old.evidence.median_age_days == 120
    assert old.high - old.low > fresh.high - fresh.low
    assert old.evidence.certainty < fresh.evidence.certainty


def test_below_the_floor_there_is_no_number_but_what_is_missing(pool: AreaItems, form: FreshForm):
    found = readiness(answers(12, 0.9), pool, form, DAY)
    assert isinstance(found, TooLittle)
    lacking = {one.need: one for one in found.missing}
    assert (lacking[EvidenceNeed.ANSWERS].have, lacking[EvidenceNeed.ANSWERS].wanted) == (12, 30)
    assert isinstance(readiness(answers(0, 0.5), pool, form, DAY), TooLittle)


def test_answers_from_a_corner_of_the_exam_give_no_number(pool: AreaItems, form: FreshForm):
    found = readiness(answers(100, 0.7, areas=1), pool, form, DAY)
    assert isinstance(found, TooLittle)
    assert EvidenceNeed.BREADTH in {one.need for one in found.missing}
    assert found.evidence.unasked == (1, 2, 3)
    assert found.evidence.breadth == pytest.approx(0.4)


def test_items_met_again_do_not_lift_a_candidate_over_the_floor(pool: AreaItems, form: FreshForm):
    ten = answers(10, 0.7)
    again = AnswerHistory.of(
        np.full(50, DAY, dtype=np.int32), np.tile(ten.item, 5), np.tile(ten.is_right, 5), np.ones(50, dtype=np.bool_)
    )
    found = readiness(again, pool, form, DAY)
    assert isinstance(found, TooLittle)
    assert found.evidence.n_first == 10


def test_a_long_silence_takes_the_number_back(pool: AreaItems, form: FreshForm):
    motion = AbilityMotion(noise_overall=0.05)
    given_answers = answers(60, 0.7)
    assert isinstance(readiness(given_answers, pool, form, DAY, motion=motion), Readiness)
    later = readiness(given_answers, pool, form, DAY + 400, motion=motion)
    assert isinstance(later, TooLittle)
    assert [one.need for one in later.missing] == [EvidenceNeed.CERTAINTY]


def test_it_says_what_it_rests_on(pool: AreaItems, form: FreshForm):
    given_answers = answers(120, 0.7, n_days=30, age=3)
    evidence = told(readiness(given_answers, pool, form, DAY)).evidence
    assert (evidence.n_answers, evidence.n_first, evidence.n_timed, evidence.n_scores) == (120, 120, 120, 0)
    assert sum(evidence.by_area) == 120
    assert evidence.last_age_days.min() == 3
    assert evidence.breadth == pytest.approx(1)


def test_the_area_left_out_tells_most_where_it_weighs_as_much(pool: AreaItems):
    form = fresh_form(pool, np.full(K, 0.25), 280)
    found = told(readiness(answers(200, 0.65, areas=3), pool, form, DAY))
    assert found.narrows_most == 3
    assert (found.narrowing > 0).all()
    assert found.narrowing.sum() < 1
    assert found.areas[3].sd > max(area.sd for area in found.areas[:3])


def test_a_score_from_elsewhere_moves_the_number_and_narrows_it(pool: AreaItems, form: FreshForm):
    given_answers = answers(60, 0.6)
    alone = told(readiness(given_answers, pool, form, DAY))
    helped = told(readiness(given_answers, pool, form, DAY, scores=(OutsideScore(DAY, 1.0, 0.3),)))
    assert helped.p_pass > alone.p_pass
    assert helped.evidence.n_scores == 1
    assert helped.evidence.certainty > alone.evidence.certainty


def test_right_answers_without_a_clock_promise_less(pool: AreaItems, form: FreshForm):
    timed = answers(200, 0.66)
    motion = AbilityMotion(tutor_gain=0.4, sd_tutor_gain=0.1)
    untimed = replace(timed, is_timed=np.zeros(200, dtype=np.bool_))
    one, other = (told(readiness(given, pool, form, DAY, motion=motion)) for given in (timed, untimed))
    assert other.p_pass < one.p_pass


def test_it_says_that_it_knows_this_banks_own_standard_only(pool: AreaItems, form: FreshForm):
    assert told(readiness(answers(60, 0.7), pool, form, DAY)).against is Against.OWN_STANDARD


def test_the_same_answers_give_the_same_number(pool: AreaItems, form: FreshForm):
    one, other = (told(readiness(answers(90, 0.6), pool, form, DAY)) for _ in range(2))
    assert (one.p_pass, one.low, one.high) == (other.p_pass, other.low, other.high)


def test_a_floor_can_be_set_higher(pool: AreaItems, form: FreshForm):
    found = readiness(answers(60, 0.7), pool, form, DAY, floor=EvidenceFloor(n_answers=100))
    assert isinstance(found, TooLittle)
    assert found.missing[0].wanted == 100


def test_answers_of_the_future_are_refused(pool: AreaItems, form: FreshForm):
    with pytest.raises(UsageError, match="after day"):
        readiness(answers(60, 0.7), pool, form, DAY - 1)
    with pytest.raises(UsageError, match="after day"):
        readiness(answers(60, 0.7), pool, form, DAY, scores=(OutsideScore(DAY + 1, 0.0, 0.5),))


def test_an_area_never_touched_lowers_the_number_and_widens_it(pool: AreaItems):
    form = fresh_form(pool, np.full(K, 0.25), 280)
    even, uneven = (told(readiness(answers(200, 0.68, areas=areas), pool, form, DAY)) for areas in (4, 3))
    assert uneven.p_pass < even.p_pass
    assert uneven.high - uneven.low > even.high - even.low
    assert uneven.areas[3].ability < uneven.areas[0].ability - 0.5


def compiled_kinds() -> list[list[object]]:
    """For which kinds of arguments each kernel is compiled."""
    kernels: tuple[Any, ...] = (filter_answers, _tables)
    return [list(kernel.signatures) for kernel in kernels]


def test_nothing_is_compiled_once_it_was_warmed_whatever_the_columns_are_kept_as():
    warm_readiness()
    kinds = compiled_kinds()
    ids = tuple(f"i{n}" for n in range(N))
    items = judged_items(ids, np.full(N, 0.6), np.full(N, 5))
    area = np.arange(N) % K
    area.setflags(write=False)
    wide = AreaItems(items, area, K)  # type: ignore[arg-type] # of another kind, and not writable
    given_answers = answers(60, 0.7)
    every_other = AnswerHistory(*(np.repeat(getattr(given_answers, name), 2)[::2] for name in AnswerHistory.__slots__))
    assert isinstance(readiness(every_other, wide, fresh_form(wide, SHARES, 280, cut_ability=0), DAY), Readiness)
    assert compiled_kinds() == kinds

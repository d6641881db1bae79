"""Deferred acceptance without couples: what the theory says must hold, and what was published."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.matching import Market, Matching, blocking, clear, clear_step_by_step, filled, market_of, match_singles
from tests.matching.markets import as_tuple, every_stable, markets

# Gale and Shapley 1962, College Admissions and the Stability of Marriage, American Mathematical Monthly 69(1), examples 1 and
# 2: of each man the women in his order, each with her rank of him
EXAMPLE_1 = [[(0, 2), (1, 1), (2, 0)], [(1, 2), (2, 1), (0, 0)], [(2, 2), (0, 1), (1, 0)]]
EXAMPLE_2 = [
    [(0, 2), (1, 2), (2, 1), (3, 2)],
    [(0, 3), (3, 1), (2, 2), (1, 0)],
    [(1, 3), (0, 1), (2, 3), (3, 0)],
    [(1, 1), (3, 3), (2, 0), (0, 0)],
]


def of(market: Market) -> Matching:
    return Matching(match_singles(market))


def test_the_first_published_example_has_three_stable_matchings_and_gives_the_proposers_their_first_choices():
    market = market_of([1, 1, 1], EXAMPLE_1)

    assert {as_tuple(one) for one in every_stable(market)} == {(0, 0, 0), (1, 1, 1), (2, 2, 2)}
    assert as_tuple(of(market)) == (0, 0, 0)


def test_the_second_published_example_has_one_stable_matching_and_it_is_found():
    market = market_of([1, 1, 1, 1], EXAMPLE_2)
    posts = market.posts[market.starts[:-1] + match_singles(market)].tolist()

    assert len(every_stable(market)) == 1
    assert posts == [2, 3, 0, 1]


@given(markets())
def test_the_outcome_is_stable_and_nobody_does_better_in_any_other_stable_matching(market):
    found = of(market)
    others = every_stable(market)

    assert blocking(market, found) == ()
    assert as_tuple(found) in {as_tuple(one) for one in others}
    for other in others:
        for mine, theirs in zip(found.singles.tolist(), other.singles.tolist(), strict=True):
            assert theirs < 0 or 0 <= mine <= theirs


@given(markets())
def test_every_stable_matching_fills_the_same_posts_with_as_many_and_leaves_the_same_people_out(market):
    stable = every_stable(market)

    assert len({tuple(filled(market, one)) for one in stable}) == 1
    assert len({tuple((one.singles < 0).tolist()) for one in stable}) == 1


@given(markets(), st.data())
@settings(max_examples=200)
def test_no_other_list_gets_an_applicant_a_post_that_the_true_list_puts_higher(market, data):
    who = data.draw(st.integers(0, market.n_singles - 1))
    low, high = market.starts[who], market.starts[who + 1]
    true = list(zip(market.posts[low:high].tolist(), market.ranks[low:high].tolist(), strict=True))
    told = data.draw(st.permutations(true))[: data.draw(st.integers(0, len(true)))]
    lists = [
        list(zip(market.posts[a:b].tolist(), market.ranks[a:b].tolist(), strict=True))
        for a, b in zip(market.starts[:-1], market.starts[1:], strict=True)
    ]
    lists[who] = list(told)
    got = match_singles(market_of(market.quotas.tolist(), lists))[who]
    honest = match_singles(market)[who]

    if got >= 0:
        assert 0 <= honest <= true.index(told[got])


@given(markets())
def test_a_list_cut_short_below_the_post_it_led_to_changes_nothing(market):
    singles = match_singles(market)
    lists = [
        list(zip(market.posts[a:b].tolist(), market.ranks[a:b].tolist(), strict=True))[: place + 1 if place >= 0 else None]
        for a, b, place in zip(market.starts[:-1], market.starts[1:], singles.tolist(), strict=True)
    ]

    assert match_singles(market_of(market.quotas.tolist(), lists)).tolist() == singles.tolist()


@given(markets())
def test_step_by_step_leads_to_the_same(market):
    matching, _steps = clear_step_by_step(market)

    assert matching is not None
    assert as_tuple(matching) == as_tuple(clear(market).matching or matching) == as_tuple(of(market))


def test_a_programme_without_posts_takes_nobody():
    assert match_singles(market_of([0], [[(0, 0)]])).tolist() == [-1]


def test_the_checker_finds_who_would_rather_change():
    market = market_of([1, 1], [[(0, 0), (1, 0)]])

    assert [(one.unit, one.place) for one in blocking(market, Matching(np.array([1], dtype=np.int32)))] == [(0, 0)]

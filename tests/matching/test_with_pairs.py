"""Couples and supplemental lists: what comes out is stable by a checker of its own, or nothing is claimed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from bedside.matching import Matching, Option, blocking, clear, clear_step_by_step, market_of
from tests.matching.markets import as_tuple, every_stable, markets

# the smallest market without a stable matching; Kojima, Pathak and Roth 2013, Quarterly Journal of Economics 128(4), give one
# of this kind: a couple that wants both posts or none, and a single who is liked better by one programme and worse by the other
NONE = market_of([1, 1], [[(0, 1), (1, 0)]], [[Option(0, 0, 1, 1)]])


def test_a_market_without_a_stable_matching_is_answered_as_such():
    assert every_stable(NONE) == []
    assert clear(NONE, chance=np.random.default_rng(1)).matching is None
    assert clear_step_by_step(NONE)[0] is None


@given(markets(n_pairs=1, most_singles=3, most_programmes=3))
@settings(max_examples=150, deadline=None)
def test_with_a_couple_what_comes_out_is_stable(market):
    found = clear(market, chance=np.random.default_rng(1)).matching

    if found is not None:
        assert blocking(market, found) == ()
        assert as_tuple(found) in {as_tuple(one) for one in every_stable(market)}


@given(markets(n_pairs=2, most_singles=3, most_programmes=3))
@settings(max_examples=150, deadline=None)
def test_with_two_couples_what_comes_out_is_stable(market):
    found = clear(market, chance=np.random.default_rng(1)).matching

    assert found is None or blocking(market, found) == ()


@given(markets(n_pairs=1, most_singles=3, most_programmes=2))
@settings(max_examples=150, deadline=None)
def test_where_nothing_is_stable_nothing_is_claimed(market):
    if not every_stable(market):
        assert clear(market, chance=np.random.default_rng(1)).matching is None


def test_a_couple_goes_where_both_are_taken():
    market = market_of([1, 1, 2], [[(0, 0)]], [[Option(0, 1, 1, 0), Option(2, 0, 2, 1)]])

    found = clear(market).matching
    assert found is not None
    assert (found.singles.tolist(), found.pairs) == ([0], (1,))


def test_when_one_of_a_couple_is_put_out_the_other_gives_the_post_to_who_wanted_it():
    # the couple takes both posts, a later couple puts the first member out, and the single gets the post that comes free
    couple, stronger = [Option(0, 1, 1, 0)], [Option(0, 0, -1, 0)]
    found = clear(market_of([1, 1], [[(1, 1)]], [couple, stronger])).matching

    assert found is not None
    assert (found.singles.tolist(), found.pairs) == ([0], (-1, 0))


def test_somebody_with_a_supplemental_list_keeps_the_later_post_without_a_first_year():
    # programme 0 is a later post, 1 a first year that somebody else gets
    market = market_of([1, 1], [[(1, 0)]], [[Option(0, 0, 1, 1), Option(0, 0, -1, 0)]], n_one_person=1)
    found = clear(market).matching

    assert found is not None
    assert (found.singles.tolist(), found.pairs) == ([0], (1,))


def test_a_programme_with_more_people_than_posts_is_no_matching():
    market = market_of([1], [[(0, 0)], [(0, 1)]])

    with pytest.raises(ValueError, match="more people than posts"):
        blocking(market, Matching(np.array([0, 0], dtype=np.int32)))

"""Which member of a family tests a takeaway."""

from __future__ import annotations

from datetime import timedelta

from bedside.study import Means, Showing, showing_of
from tests.study.made import ON

YESTERDAY = ON - timedelta(days=1)


def test_an_item_that_was_never_seen_comes_first():
    found = {showing_of(["a", "b", "c"], ["model"], {"b": YESTERDAY}, ON, seed=seed) for seed in range(20)}

    assert found == {Showing(Means.ITEM, "a"), Showing(Means.ITEM, "c")}


def test_a_question_model_makes_a_fresh_member_where_all_items_were_seen():
    assert showing_of(["a"], ["model"], {"a": YESTERDAY}, ON) == Showing(Means.MODEL, "model")


def test_without_a_fresh_member_the_item_seen_longest_ago_comes_back_after_half_a_year():
    long_ago = ON - timedelta(days=200)

    assert showing_of(["a", "b"], [], {"a": long_ago, "b": YESTERDAY}, ON) == Showing(Means.ITEM, "a")


def test_until_then_and_without_any_item_it_is_a_flashcard():
    assert showing_of(["a"], [], {"a": YESTERDAY}, ON) == Showing(Means.FLASHCARD, None)
    assert showing_of([], [], {}, ON) == Showing(Means.FLASHCARD, None)

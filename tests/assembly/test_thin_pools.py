"""What a pool lacks for a form, the longest form that it carries, and the ends of the ranges in whole items."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.assembly import (
    Block,
    Blueprint,
    Part,
    PoolItem,
    PoolTooThinError,
    SetPlace,
    draw,
    longest,
    missing,
)
from tests.support.pools import ONE_BEST, plain_form, row, shorter

CODES = ("heart", "kidney", "blood")
SETS = frozenset({"sequential"})


def test_a_pool_that_can_not_fill_the_blocks_is_refused_with_what_is_missing():
    pool = [PoolItem(f"item-{n}", "numeric") for n in range(9)]

    with pytest.raises(PoolTooThinError, match="needs 4, and 0 are there") as refused:
        draw(plain_form(4), pool, (), 1)

    (lack,) = refused.value.missing
    assert (lack.axis, lack.needed, lack.there) == ("items", 4, 0)


def test_what_is_missing_is_named_by_section_and_kind():
    physics = {"subject": frozenset({"physics"})}
    numeric = Part(2, frozenset({"numeric"}), section="Physics", within=physics)
    blueprint = Blueprint((Block((Part(2, ONE_BEST, section="Physics", within=physics), numeric)),))
    pool = [PoolItem(f"item-{n}", "one_best_answer", {"subject": ("physics",)}) for n in range(5)]

    (lack,) = missing(blueprint, pool)

    assert (lack.label, lack.code, lack.kind, lack.section) == ("Physics, numeric", "physics", "numeric", "Physics")
    assert (lack.needed, lack.there) == (2, 0)


def test_blocks_of_sections_without_codes_of_their_own_share_their_items():
    blueprint = Blueprint(tuple(Block((Part(3, ONE_BEST, section=name),)) for name in ("Morning", "Afternoon")))

    (lack,) = missing(blueprint, [PoolItem("item-1", "one_best_answer")])

    assert (lack.label, lack.needed, lack.there, lack.section) == ("Items", 6, 1, None)


def test_sets_that_can_not_fill_a_block_are_named():
    pool = [PoolItem(f"item-{n}", "one_best_answer", set=SetPlace(f"set-{n // 2}", "sequential", n % 2)) for n in range(8)]

    with pytest.raises(PoolTooThinError, match="outside sets") as refused:
        draw(Blueprint((Block((Part(3, ONE_BEST, SETS),)),)), pool, (), 1)

    assert refused.value.missing[0].axis == "items"
    assert refused.value.missing[0].code == "sets"


def test_missing_counts_the_items_of_each_row_up_to_its_low_end():
    blueprint = replace(plain_form(10, 10), rows=(row("system", "heart", 25, 50), row("system", "kidney blood", 30, 100)))
    pool = [PoolItem(f"item-{n}", "one_best_answer", {"system": ("heart" if n < 3 else "blood",)}) for n in range(30)]

    (lack,) = missing(blueprint, pool)

    assert (lack.axis, lack.code, lack.needed, lack.there) == ("system", "heart", 5, 3)  # 25% of 20


def test_an_axis_on_which_no_item_has_a_code_bounds_nothing_and_is_said():
    blueprint = replace(plain_form(4), rows=(row("system", "heart", 50, 100),))
    pool = [PoolItem(f"item-{n}", "one_best_answer") for n in range(4)]

    assert missing(blueprint, pool) == ()
    assert draw(blueprint, pool, (), 1).open_axes == ("system",)


def test_the_longest_form_is_as_long_as_every_row_allows():
    blueprint = replace(plain_form(10, 10, 10, 10), rows=(row("system", "heart", 25, 50),))
    # 5 hearts carry 25% of 20 items, not of 30 (8)
    pool = [PoolItem(f"item-{n}", "one_best_answer", {"system": ("heart" if n < 5 else "blood",)}) for n in range(60)]

    offer = longest(shorter(blueprint), pool, 1)

    assert offer is not None
    assert (len(offer.blueprint.blocks), offer.place, offer.is_balanced) == (2, 2, True)


def test_where_no_length_is_balanced_the_longest_that_can_be_filled_is_offered():
    blueprint = replace(plain_form(4, 4, 4), rows=(row("system", "heart", 50, 100),))
    pool = [PoolItem(f"item-{n}", "one_best_answer", {"system": ("heart" if n == 0 else "blood",)}) for n in range(9)]

    offer = longest(shorter(blueprint), pool, 1)

    assert offer is not None
    assert (len(offer.blueprint.blocks), offer.is_balanced) == (2, False)


def test_a_pool_that_can_not_fill_a_block_has_no_longest_form():
    assert longest(shorter(plain_form(4, 4)), [PoolItem("item-1", "one_best_answer")], 1) is None


def test_ends_of_a_range_are_rounded_into_it_where_a_whole_number_lies_there():
    (bounds,) = replace(plain_form(20), rows=(row("system", "heart", 12, 19),)).bounds()

    assert (bounds.low, bounds.high) == (3, 3)  # 2.4 to 3.8 items


def test_ends_of_a_range_without_a_whole_number_are_rounded_out_of_it():
    (bounds,) = replace(plain_form(10), rows=(row("subject", "physics", 33.3, 33.4),)).bounds()

    assert (bounds.low, bounds.high) == (3, 4)  # 3.33 to 3.34 items


def test_the_low_ends_of_an_axis_never_ask_for_more_than_the_form_has():
    rows = tuple(row("system", code, 30, 40) for code in CODES)
    bounds = replace(plain_form(5), rows=rows).bounds()

    assert [bound.low for bound in bounds] == [1, 1, 1]  # rounded in, 1.5 would be 2, and three times 2 are more than 5

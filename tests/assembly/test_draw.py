"""What a drawn form is like: balanced, new to the candidate, without enemies side by side, in its parts and sections."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.assembly import (
    Block,
    Blueprint,
    Draw,
    Limits,
    Part,
    PoolItem,
    SearchStoppedError,
    draw,
)
from bedside.errors import UsageError
from tests.support.pools import ONE_BEST, plain_form, step_1


def test_a_full_step_1_is_within_every_published_range_in_the_form():
    blueprint, pool = step_1(3_000)

    drawn = draw(blueprint, pool, (), 7)

    assert drawn.is_balanced
    assert drawn.n_enemies == 0
    assert len(drawn.rows) == len(blueprint.rows) == 26
    assert drawn.is_proven


def test_each_block_of_a_full_step_1_has_its_share_of_each_system():
    blueprint, pool = step_1(1_000)
    system_of = {item.id: item.codes["system"][0] for item in pool}

    drawn = draw(blueprint, pool, (), 7)

    for bounds in (standing.bounds for standing in drawn.rows if standing.bounds.row.axis == "system"):
        counts = [sum(system_of[item] in bounds.row.covers for item in block) for block in drawn.blocks]
        assert max(counts) - min(counts) <= 2  # an even share, rounded one way or the other, and one beside it


def test_a_second_form_repeats_nothing_of_the_first_while_enough_others_fit():
    blueprint, pool = step_1(1_000)
    first = draw(blueprint, pool, (), 1)

    second = draw(blueprint, pool, first.items, 2)

    assert not set(first.items) & set(second.items)
    assert second.is_balanced


def test_what_had_to_be_seen_again_is_said():
    pool = [PoolItem(f"item-{n}", "one_best_answer") for n in range(5)]

    drawn = draw(plain_form(4), pool, {"item-0", "item-1", "item-9"}, 1)

    assert len(drawn.seen) == 1
    assert drawn.seen < {"item-0", "item-1"}


def test_what_was_given_often_comes_last_where_nothing_else_decides():
    pool = [PoolItem(f"item-{n}", "one_best_answer", n_given=1_000 * (n < 4)) for n in range(8)]

    forms = [draw(plain_form(4), pool, (), seed) for seed in range(20)]

    often = sum(item in {"item-0", "item-1", "item-2", "item-3"} for form in forms for item in form.items)
    assert often <= 4  # of 80; without exposure it would be 40


def test_what_is_taken_with_reluctance_comes_last():
    pool = [PoolItem(f"item-{n}", "one_best_answer", reluctance=float(n < 4)) for n in range(8)]

    assert set(draw(plain_form(4), pool, (), 3).items) == {"item-4", "item-5", "item-6", "item-7"}


def test_other_seeds_give_other_forms():
    blueprint, pool = step_1(1_000)

    first, second = (draw(blueprint, pool, (), seed) for seed in (1, 2))

    assert len(set(first.items) & set(second.items)) < 200  # of 280


def test_explicit_enemies_are_kept_apart():
    pool = [PoolItem(f"item-{n}", "one_best_answer") for n in range(5)]
    pool[0] = replace(pool[0], enemies=frozenset({"item-1", "not-in-the-pool"}))

    for seed in range(10):
        assert not {"item-0", "item-1"} <= set(draw(plain_form(4), pool, (), seed).items)


def test_enemies_that_can_not_be_kept_out_of_the_form_stand_in_different_blocks():
    pool = [PoolItem(f"item-{n}", "one_best_answer", families=("one",) if n < 2 else ()) for n in range(8)]

    for seed in range(10):
        drawn = draw(plain_form(4, 4), pool, (), seed)
        assert drawn.n_enemies == 1
        assert not any({"item-0", "item-1"} <= set(block) for block in drawn.blocks)


def test_parts_take_their_kinds_and_sections_and_stand_in_their_order():
    numeric = frozenset({"numeric"})
    blueprint = Blueprint(
        (
            Block(
                (
                    Part(2, ONE_BEST, section="Physics", within={"subject": frozenset({"physics"})}),
                    Part(1, numeric, section="Physics", within={"subject": frozenset({"physics"})}),
                    Part(2, ONE_BEST, section="Biology", within={"subject": frozenset({"botany", "zoology"})}),
                )
            ),
        )
    )
    pool = [
        PoolItem(f"{subject}-{kind}-{n}", kind, {"subject": (subject,)})
        for subject in ("physics", "botany", "zoology", "chemistry")
        for kind in ("one_best_answer", "numeric")
        for n in range(3)
    ]

    (block,) = draw(blueprint, pool, (), 5).blocks

    assert [name.rpartition("-")[0] for name in block[:3]] == ["physics-one_best_answer"] * 2 + ["physics-numeric"]
    assert {name.partition("-")[0] for name in block[3:]} <= {"botany", "zoology"}
    assert all("one_best_answer" in name for name in block[3:])


def test_a_search_that_is_stopped_before_it_found_a_form_says_so():
    blueprint, pool = step_1(600)

    with pytest.raises(SearchStoppedError, match="reached its limit"):
        draw(blueprint, pool, (), 1, limits=Limits(seconds=0.0))


def test_an_item_that_stands_in_the_pool_twice_is_an_error():
    pool = [PoolItem("item-1", "one_best_answer")] * 2

    with pytest.raises(UsageError, match="item-1"):
        draw(plain_form(1), pool, (), 1)


def test_a_form_without_items_is_an_error():
    with pytest.raises(UsageError, match="no item"):
        draw(Blueprint(()), [], (), 1)


def test_a_draw_says_what_it_is() -> None:
    drawn: Draw = draw(plain_form(2), [PoolItem("item-1", "one_best_answer"), PoolItem("item-2", "one_best_answer")], (), 4)

    assert set(drawn.items) == {"item-1", "item-2"}
    assert (drawn.seed, drawn.gap, drawn.is_proven, drawn.open_axes, drawn.rows) == (4, 0.0, True, (), ())

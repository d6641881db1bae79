"""What holds of every form that is drawn, and that no better one was left, against all forms of small pools."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.assembly import (
    Block,
    Blueprint,
    Draw,
    Limits,
    Part,
    PoolItem,
    PoolTooThinError,
    SearchStoppedError,
    SetPlace,
    draw,
    longest,
    missing,
)
from bedside.errors import UsageError
from tests.support.pools import A_DAY, ONE_BEST, blueprint_of, pool_of, programmes, row

CODES = ("heart", "kidney", "blood")
SETS = frozenset({"sequential"})
UNTIMED = settings(deadline=None)  # a busy machine is no failure


def items_alone() -> st.SearchStrategy[list[PoolItem]]:
    one = st.tuples(st.sampled_from(CODES), st.sampled_from(["x", "y", "z", ""]), st.integers(0, 3), st.booleans())
    return st.lists(one, min_size=5, max_size=8).map(
        lambda rows: [
            PoolItem(
                f"item-{n}",
                "one_best_answer",
                {"system": (code,), "theme": ("diet",) if has_theme else ()},
                families=(family,) if family else (),
                n_given=n_given,
            )
            for n, (code, family, n_given, has_theme) in enumerate(rows)
        ]
    )


def small_blueprints() -> st.SearchStrategy[Blueprint]:
    ends = st.tuples(st.sampled_from([0, 25, 50]), st.sampled_from([25, 50, 100])).map(lambda ends: tuple(sorted(ends)))
    return st.tuples(st.sampled_from([(4,), (2, 2), (3, 1)]), st.tuples(ends, ends)).map(
        lambda drawn: Blueprint(
            tuple(Block((Part(n, ONE_BEST, SETS),)) for n in drawn[0]),
            (row("system", "heart", *drawn[1][0]), row("theme", "diet", *drawn[1][1], is_partition=False)),
        )
    )


def offence(blueprint: Blueprint, chosen: Sequence[PoolItem], seen: frozenset[str]) -> tuple[int, int, int]:
    """Enemies, seen items and items outside the ranges of a choice, counted without the code under test."""
    families = [family for item in chosen for family in item.families]
    outside = 0
    for bounds in blueprint.bounds():
        n = sum(not bounds.row.covers.isdisjoint(item.codes.get(bounds.row.axis, ())) for item in chosen)
        outside += max(0, bounds.low - n) + max(0, n - bounds.high)
    return (len(families) - len(set(families)), sum(item.id in seen for item in chosen), outside)


def has_codes_on_all_axes(pool: Sequence[PoolItem]) -> bool:
    return any(item.codes["theme"] for item in pool)


@UNTIMED
@given(small_blueprints(), items_alone(), st.sets(st.integers(0, 7)), st.integers(0, 99))
def test_no_other_form_of_a_small_pool_is_better(blueprint, pool, seen_numbers, seed):
    seen = frozenset(f"item-{n}" for n in seen_numbers)
    judged = blueprint if has_codes_on_all_axes(pool) else replace(blueprint, rows=blueprint.rows[:1])

    drawn = draw(blueprint, pool, seen, seed)

    by_id = {item.id: item for item in pool}
    found = offence(judged, [by_id[name] for name in drawn.items], seen)
    best = min(offence(judged, choice, seen) for choice in itertools.combinations(pool, blueprint.n_items))
    assert found == best
    assert (drawn.n_enemies, len(drawn.seen)) == found[:2]
    assert sum(abs(standing.outside) for standing in drawn.rows) == found[2]


@UNTIMED
@given(small_blueprints(), items_alone(), st.integers(0, 99))
def test_a_form_has_its_blocks_full_and_no_item_twice(blueprint, pool, seed):
    drawn = draw(blueprint, pool, (), seed)

    assert [len(block) for block in drawn.blocks] == [block.n_items for block in blueprint.blocks]
    assert len(set(drawn.items)) == blueprint.n_items


@UNTIMED
@given(small_blueprints(), items_alone(), st.randoms(use_true_random=False), st.integers(0, 99))
def test_the_same_seed_gives_the_same_form_in_whatever_order_the_pool_comes(blueprint, pool, rng, seed):
    shuffled = list(pool)
    rng.shuffle(shuffled)

    assert draw(blueprint, pool, (), seed) == draw(blueprint, shuffled, (), seed)


@UNTIMED
@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=5),
    st.integers(0, 4),
    st.sampled_from([(4,), (2, 2), (3, 3), (5, 1)]),
    st.integers(0, 9),
)
def test_sets_stay_whole_in_order_and_inside_one_block(sizes, n_alone, block_sizes, seed):
    pool = [
        PoolItem(f"set-{number}-{part}", "one_best_answer", set=SetPlace(f"set-{number}", "sequential", part))
        for number, size in enumerate(sizes)
        for part in range(size)
    ]
    pool += [PoolItem(f"alone-{number}", "one_best_answer") for number in range(n_alone)]
    blueprint = Blueprint(tuple(Block((Part(n, ONE_BEST, SETS),)) for n in block_sizes))

    try:
        drawn = draw(blueprint, pool, (), seed)
    except PoolTooThinError:
        assert not can_be_packed(sizes + [1] * n_alone, block_sizes)
        return

    assert [len(block) for block in drawn.blocks] == list(block_sizes)
    for number, size in enumerate(sizes):
        members = [f"set-{number}-{part}" for part in range(size)]
        if members[0] in drawn.items:
            block = next(block for block in drawn.blocks if members[0] in block)
            start = block.index(members[0])
            assert list(block[start : start + size]) == members
        else:
            assert not set(members) & set(drawn.items)


def can_be_packed(sizes: Sequence[int], blocks: Sequence[int]) -> bool:
    """By trying every place of every unit."""
    if not any(blocks):
        return True
    if not sizes:
        return False
    first, rest = sizes[0], sizes[1:]
    if can_be_packed(rest, blocks):
        return True
    return any(
        can_be_packed(rest, [*blocks[:n], room - first, *blocks[n + 1 :]]) for n, room in enumerate(blocks) if room >= first
    )


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


def plain_form(*blocks: int) -> Blueprint:
    return Blueprint(tuple(Block((Part(n, ONE_BEST),)) for n in blocks))


def shorter(blueprint: Blueprint) -> list[Blueprint]:
    return [replace(blueprint, blocks=blueprint.blocks[:n]) for n in range(len(blueprint.blocks), 0, -1)]


def step_1(n_items: int) -> tuple[Blueprint, list[PoolItem]]:
    edition = programmes()["usmle"].on(A_DAY).step("step1")
    assert edition is not None
    return blueprint_of("usmle", "step1", blocks=[20] * 14), pool_of(edition.axes, n_items, seed=1, n_families=n_items)


def test_a_draw_says_what_it_is() -> None:
    drawn: Draw = draw(plain_form(2), [PoolItem("item-1", "one_best_answer"), PoolItem("item-2", "one_best_answer")], (), 4)

    assert set(drawn.items) == {"item-1", "item-2"}
    assert (drawn.seed, drawn.gap, drawn.is_proven, drawn.open_axes, drawn.rows) == (4, 0.0, True, (), ())

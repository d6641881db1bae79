"""What holds of every form that is drawn, and that no better one was left, against all forms of small pools."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.assembly import (
    Block,
    Blueprint,
    Part,
    PoolItem,
    PoolTooThinError,
    SetPlace,
    draw,
)
from tests.support.pools import ONE_BEST, row

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

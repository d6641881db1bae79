"""Pools of items that mean nothing, spread over the codes of a blueprint as chance has it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bedside.assembly import Block, Blueprint, Part, PoolItem, Row, SetPlace, rows_of
from bedside.programme import Axis, Programme, read_programmes

PROGRAMMES = Path(__file__).parents[2] / "content" / "programmes"
ONE_BEST = frozenset({"one_best_answer"})
A_DAY = date(2026, 11, 24)


def programmes() -> Mapping[str, Programme]:
    """The exams of the content folder."""
    return read_programmes(PROGRAMMES).by_name


def blueprint_of(programme: str, step: str, *, blocks: Sequence[int], on: date = A_DAY) -> Blueprint:
    """A form of one-best-answer items with the published rows of a step."""
    edition = programmes()[programme].on(on).step(step)
    assert edition is not None
    made = tuple(Block((Part(n, ONE_BEST),)) for n in blocks)
    return Blueprint(made, rows_of(edition.axes))


def codes_by_chance(axes: Sequence[Axis], rng: random.Random) -> dict[str, tuple[str, ...]]:
    """A code of each axis, about as often as its rows have it; several or none where the axis is no partition."""
    codes: dict[str, tuple[str, ...]] = {}
    for axis in axes:
        weights = dict.fromkeys(axis.codes, 1.0)
        for row in axis.ranges:
            for code in row.covers:
                weights[code] = (row.midpoint or 1.0) / len(row.covers)
        if axis.is_partition:
            codes[axis.name] = (rng.choices(list(weights), list(weights.values()))[0],)
        else:
            codes[axis.name] = tuple(code for code, per_cent in weights.items() if rng.random() * 100 < per_cent)
    return {axis: chosen for axis, chosen in codes.items() if chosen}


def pool_of(axes: Sequence[Axis], n: int, *, seed: int, n_families: int | None = None, a_set_each: int = 0) -> list[PoolItem]:
    """`n` items; each belongs to one of the families, and every so many to a set of two."""
    rng = random.Random(seed)
    families = n_families or max(1, n // 2)
    items = []
    for number in range(n):
        place = None
        if a_set_each and number // 2 % a_set_each == 0:
            place = SetPlace(f"set-{number // 2}", "sequential", number % 2)
        items.append(
            PoolItem(
                id=f"item-{number:05d}",
                kind="one_best_answer",
                codes=codes_by_chance(axes, rng),
                families=(f"family-{rng.randrange(families)}",),
                n_given=rng.choice([0, 0, 0, 1, 2, 5]),
                set=place,
            )
        )
    return items


def row(axis: str, codes: str, low: float | None, high: float | None, *, is_partition: bool = True) -> Row:
    """A row of the codes named, for a test."""
    return Row(axis, codes, frozenset(codes.split()), low, high, is_partition)


def plain_form(*blocks: int) -> Blueprint:
    """Blocks of so many one-best-answer items, without ranges."""
    return Blueprint(tuple(Block((Part(n, ONE_BEST),)) for n in blocks))


def shorter(blueprint: Blueprint) -> list[Blueprint]:
    """The blueprint and all with fewer of its blocks, the longest first."""
    return [replace(blueprint, blocks=blueprint.blocks[:n]) for n in range(len(blueprint.blocks), 0, -1)]


def step_1(n_items: int) -> tuple[Blueprint, list[PoolItem]]:
    """The form of a whole Step 1, and a pool of so many items for it."""
    edition = programmes()["usmle"].on(A_DAY).step("step1")
    assert edition is not None
    return blueprint_of("usmle", "step1", blocks=[20] * 14), pool_of(edition.axes, n_items, seed=1, n_families=n_items)

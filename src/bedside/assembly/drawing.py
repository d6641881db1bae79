"""Drawing a form: choose its items, spread them over its blocks, and say how well it meets the blueprint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bedside.assembly.blueprint import Blueprint, Bounds
from bedside.assembly.pool import PoolItem, Unit, units_of
from bedside.assembly.selection import Selection, places_of, select
from bedside.assembly.shortage import PoolTooThinError, judged, missing_counts, unfillable
from bedside.assembly.solver import Limits
from bedside.assembly.spreading import spread
from bedside.errors import UsageError

USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the blueprint in the form that was drawn, in items."""

    bounds: Bounds
    n_items: int

    @property
    def outside(self) -> int:
        """Items that are missing in the row (negative) or beyond it (positive)."""
        return min(0, self.n_items - self.bounds.low) + max(0, self.n_items - self.bounds.high)


@dataclass(frozen=True, slots=True)
class Draw:
    """A form.

    `gap` (0 to 1) says how far it can be at most from the best choice, and `is_proven` that no limit stopped the search.
    `open_axes` are those on which no item of the pool has a code: nothing could be balanced there.
    """

    blocks: tuple[tuple[str, ...], ...]  # ids in the order in which they are given
    rows: tuple[Standing, ...]
    open_axes: tuple[str, ...]
    seen: frozenset[str]  # items that had been seen, since too few others fit
    n_enemies: int  # items beyond the first of their family
    seed: int
    gap: float
    is_proven: bool

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(item for block in self.blocks for item in block)

    @property
    def is_balanced(self) -> bool:
        """Is every row within its range?"""
        return not any(standing.outside for standing in self.rows)


def draw(blueprint: Blueprint, pool: Iterable[PoolItem], seen: Collection[str], seed: int, *, limits: Limits = USUAL) -> Draw:
    """Choose the items of one form and put them into its blocks.

    The same pool (in any order), seen items and seed give the same form, unless the limit of seconds stopped it.

    Raises:
        PoolTooThinError: the blocks can't be filled; says what is missing.
        SearchStoppedError: a limit was reached before any form was found.
        UsageError: an item stands in the pool twice, or the form has no item.
    """
    items = _checked(blueprint, pool)
    units = units_of(items.values())
    lacking = missing_counts(blueprint, units)
    if lacking:
        raise PoolTooThinError(lacking)
    bounds, open_axes = judged(blueprint, units)
    known = frozenset(seen) & items.keys()
    selection = select(places_of(blueprint), bounds, units, known, seed=seed, limits=limits)
    if selection is None:
        raise PoolTooThinError(unfillable(blueprint, units))
    taken = [unit for unit, _part in selection.taken]
    return Draw(
        blocks=spread(blueprint, [bound.row for bound in bounds], selection, seed=seed),
        rows=_standings(bounds, taken),
        open_axes=open_axes,
        seen=known & {item.id for unit in taken for item in unit.items},
        n_enemies=_n_enemies(selection),
        seed=seed,
        gap=selection.gap,
        is_proven=selection.is_proven,
    )


def _checked(blueprint: Blueprint, pool: Iterable[PoolItem]) -> Mapping[str, PoolItem]:
    items: dict[str, PoolItem] = {}
    for item in pool:
        if item.id in items:
            raise UsageError(f'item "{item.id}" stands in the pool twice')
        items[item.id] = item
    if not blueprint.n_items:
        raise UsageError("the form to be drawn has no item")
    return items


def _standings(bounds: Sequence[Bounds], taken: Sequence[Unit]) -> tuple[Standing, ...]:
    return tuple(Standing(bound, sum(unit.n_in(bound.row) for unit in taken)) for bound in bounds)


def _n_enemies(selection: Selection) -> int:
    return sum(len(clique) - 1 for clique in selection.cliques)

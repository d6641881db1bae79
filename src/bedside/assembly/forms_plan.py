"""What several parallel forms must be: their number and length, ranges, targets of information, exposure and overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.assembly.blueprint import Blueprint
from bedside.assembly.pool import PoolItem
from bedside.errors import UsageError

Aim = Literal["most", "absolute", "relative"]
INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """low ≤ Σ amounts over the items of a form ≤ high, anchors and pilot items included as far as their amounts say.

    `amounts` (n_items,), in the order of the pool: 1 and 0 for items in and outside a content area, or words, or minutes.
    """

    name: str
    amounts: NDArray[np.float64]
    low: float = -INFINITY
    high: float = INFINITY


@dataclass(frozen=True, slots=True)
class Target:
    """Information that each form should have at points of ability.

    `information` (n_items, n_points), in the order of the pool; what pilot items have does not count. `goal` (n_points,),
    above 0. `aim` is what the search is for, over all forms and points (van der Linden, 2005, Linear Models for Optimal Test
    Design, chapters 5 and 6):

    - `most`: the least information / goal is as large as can be; the goal gives only the shape (relative target, maximin);
    - `absolute`: the largest |information - goal| is as small as can be;
    - `relative`: the largest |information - goal| / goal is as small as can be.
    """

    information: NDArray[np.float64]
    goal: NDArray[np.float64]
    aim: Aim = "most"


@dataclass(frozen=True, slots=True)
class FormsPlan:
    """Several forms to be drawn at once.

    `n_items` are the scored items of a form, its anchors included. `uses` is in how many forms an item may stand: one number
    for all, or (n_items,) in the order of the pool, 0 for what was exposed enough. Anchors stand in each form whatever `uses`
    says. `max_overlap`: how many items any two forms may share beside the anchors (None: as many as `uses` lets them). Items
    named in `pilots` are not scored and fill the `n_pilots` pilot places of a form only.
    """

    n_forms: int
    n_items: int
    ranges: tuple[Range, ...] = ()
    target: Target | None = None
    uses: int | NDArray[np.int64] = 1
    max_overlap: int | None = None
    anchors: frozenset[str] = frozenset()
    pilots: frozenset[str] = frozenset()
    n_pilots: int = 0


def ranges_of(blueprint: Blueprint, pool: Sequence[PoolItem], *, without: frozenset[str] = frozenset()) -> tuple[Range, ...]:
    """The rows of a blueprint in whole items of its form, for a plan; items in `without` (pilots) don't count.

    An axis on which no item of the pool has a code is left out, as `draw` does.
    """
    open_axes = {axis for item in pool for axis, codes in item.codes.items() if codes}
    found = []
    for bound in blueprint.bounds():
        row = bound.row
        if row.axis in open_axes:
            counted = [item.id not in without and not row.covers.isdisjoint(item.codes.get(row.axis, ())) for item in pool]
            found.append(Range(f"{row.axis}: {row.label}", np.array(counted, dtype=np.float64), bound.low, bound.high))
    return tuple(found)


def checked(plan: FormsPlan, pool: Sequence[PoolItem]) -> None:
    """Raise UsageError where the plan does not fit the pool, or asks for what can't be meant."""
    names = {item.id for item in pool}
    if len(names) < len(pool):
        raise UsageError("an item stands in the pool twice")
    _checked_counts(plan)
    for what, named in (("anchor", plan.anchors), ("pilot item", plan.pilots)):
        if unknown := sorted(named - names):
            raise UsageError(f"{what} {unknown[0]} is not in the pool")
    if both := sorted(plan.anchors & plan.pilots):
        raise UsageError(f"item {both[0]} is an anchor and a pilot item; anchors are scored")
    for one in plan.ranges:
        _checked_range(one, len(pool))
    if isinstance(plan.uses, np.ndarray) and plan.uses.shape != (len(pool),):
        raise UsageError(f"uses has shape {plan.uses.shape}; the pool has {len(pool)} items")
    if plan.target is not None:
        _checked_target(plan.target, len(pool))


def _checked_counts(plan: FormsPlan) -> None:
    if plan.n_forms < 1 or plan.n_items < 1:
        raise UsageError("at least one form of at least one item must be asked for")
    if plan.n_pilots < 0 or (plan.max_overlap is not None and plan.max_overlap < 0) or np.min(plan.uses) < 0:
        raise UsageError("pilot places, uses and overlap can't be below 0")


def _checked_range(one: Range, n_items: int) -> None:
    if one.amounts.shape != (n_items,) or not np.isfinite(one.amounts).all():
        raise UsageError(f"range {one.name}: amounts must be {n_items} numbers, one for each item of the pool")
    if np.isnan(one.low) or np.isnan(one.high) or one.low == INFINITY or one.high == -INFINITY:
        raise UsageError(f"range {one.name}: its ends are no numbers")


def _checked_target(target: Target, n_items: int) -> None:
    if target.goal.ndim != 1 or not target.goal.size or not (np.isfinite(target.goal) & (target.goal > 0)).all():
        raise UsageError("the goal must be a list of numbers above 0, one for each point")
    if target.information.shape != (n_items, target.goal.size) or not np.isfinite(target.information).all():
        raise UsageError(f"information must have {n_items} rows of {target.goal.size} numbers")
    if (target.information < 0).any():
        raise UsageError("information can't be below 0")
    if target.aim not in ("most", "absolute", "relative"):
        raise UsageError(f"the aim {target.aim} is none of most, absolute, relative")

"""A plan and its pool as arrays over units: what each unit adds to each row, and the ends of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.assembly.forms_plan import INFINITY, FormsPlan, Range, Target
from bedside.assembly.pool import PoolItem, Unit, cliques_of, units_of
from bedside.errors import UsageError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Problem:
    """The units of a pool and what a form needs of them.

    Rows are what is held exactly: first the scored items, then the pilot items, then the ranges. `adds` (n_units, n_rows),
    `low` and `high` (n_rows,) for one form. `information` (n_units, n_points) and `goal` (n_points,) have no point where the
    plan has no target; `is_anchor`, `is_pilot`, `size` and `uses` (n_units,). `cliques` are units, by index, of which a form
    holds one.
    """

    plan: FormsPlan
    units: tuple[Unit, ...]
    names: tuple[str, ...]
    adds: Numbers
    low: Numbers
    high: Numbers
    information: Numbers
    goal: Numbers
    size: NDArray[np.int64]
    uses: NDArray[np.int64]
    is_anchor: NDArray[np.bool_]
    is_pilot: NDArray[np.bool_]
    cliques: tuple[tuple[int, ...], ...]

    @property
    def n_units(self) -> int:
        return len(self.units)

    @property
    def n_forms(self) -> int:
        return self.plan.n_forms

    @property
    def shares(self) -> bool:
        """Is the number of items that two forms share limited, so that it has to be counted?"""
        return self.plan.max_overlap is not None and bool((self.uses[~self.is_anchor] > 1).any())

    def value(self, found: Numbers) -> float:
        """The objective at this information (n_forms, n_points): the worst over forms and points; 0 without target."""
        if not self.goal.size:
            return 0.0
        if self.plan.target is not None and self.plan.target.aim == "most":
            return float((found / self.goal).min())
        return float((np.abs(found - self.goal) / self.scale).max())

    @property
    def scale(self) -> Numbers:
        """(n_points,): what a deviation from the goal is divided by."""
        return np.ones_like(self.goal) if self.plan.target is not None and self.plan.target.aim == "absolute" else self.goal

    @property
    def is_most(self) -> bool:
        """Is the objective to be large? Deviations are to be small."""
        return self.plan.target is not None and self.plan.target.aim == "most"


def problem_of(plan: FormsPlan, pool: Sequence[PoolItem]) -> Problem:
    """The arrays of a plan.

    Raises:
        UsageError: a set is an anchor or a pilot in part, or mixes both.
    """
    units = units_of(pool)
    place = {item.id: index for index, item in enumerate(pool)}
    members = [np.array([place[item.id] for item in unit.items]) for unit in units]
    size = np.array([unit.size for unit in units], dtype=np.int64)
    is_anchor, is_pilot = _whole(units, plan.anchors, "an anchor"), _whole(units, plan.pilots, "a pilot")
    counts = (
        Range("scored items", np.array([item.id not in plan.pilots for item in pool], float), plan.n_items, plan.n_items),
        Range("pilot items", np.array([item.id in plan.pilots for item in pool], float), plan.n_pilots, plan.n_pilots),
    )
    rows = (*counts, *plan.ranges)
    information, goal = _target(plan.target, len(pool))
    uses = np.broadcast_to(np.asarray(plan.uses, dtype=np.int64), (len(pool),))
    by_unit = np.array([uses[one].min() for one in members], dtype=np.int64)
    return Problem(
        plan=plan,
        units=units,
        names=tuple(row.name for row in rows),
        adds=_summed(np.column_stack([row.amounts for row in rows]), members),
        low=np.array([row.low for row in rows], dtype=np.float64),
        high=np.array([row.high for row in rows], dtype=np.float64),
        information=np.where(is_pilot[:, None], 0.0, _summed(information, members)),
        goal=goal,
        size=size,
        uses=np.where(is_anchor, plan.n_forms, np.minimum(by_unit, plan.n_forms)),
        is_anchor=is_anchor,
        is_pilot=is_pilot,
        cliques=tuple(cliques_of(units)),
    )


def _whole(units: Sequence[Unit], named: frozenset[str], what: str) -> NDArray[np.bool_]:
    counted = np.array([unit.n_of(named) for unit in units])
    for unit, n in zip(units, counted, strict=True):
        if 0 < n < unit.size:
            raise UsageError(f"{unit.name} is {what} in part; a set is taken whole")
    return counted > 0


def _target(target: Target | None, n_items: int) -> tuple[Numbers, Numbers]:
    if target is None:
        return np.zeros((n_items, 0)), np.zeros(0)
    return np.asarray(target.information, dtype=np.float64), np.asarray(target.goal, dtype=np.float64)


def _summed(by_item: Numbers, members: Sequence[NDArray[np.int64]]) -> Numbers:
    """(n_units, n_columns) of (n_items, n_columns)."""
    return np.array([by_item[one].sum(axis=0) for one in members]).reshape(len(members), by_item.shape[1])


__all__ = ["INFINITY", "Problem", "problem_of"]

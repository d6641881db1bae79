"""Where a pool is too thin for a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedside.assembly.blueprint import Blueprint, Bounds, Part
from bedside.assembly.pool import PoolItem, Unit, units_of
from bedside.assembly.selection import places_of
from bedside.errors import ConflictError

ITEMS = "items"  # stands for an axis where items are missing whatever their codes are
SETS = "sets"


@dataclass(frozen=True, slots=True)
class Missing:
    """What a form needs and the pool does not have, in items. `axis` is `items` where codes don't matter."""

    axis: str
    code: str
    label: str
    needed: int
    there: int
    kind: str | None = None  # kinds of item, run together, where a part asks for some
    section: str | None = None


class PoolTooThinError(ConflictError):
    """The pool can't fill the form; `missing` says where."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        first = missing[0]
        super().__init__(f"too few items for this form: {first.label} needs {first.needed}, and {first.there} are there")
        self.missing = missing


def judged(blueprint: Blueprint, units: Sequence[Unit]) -> tuple[tuple[Bounds, ...], tuple[str, ...]]:
    """The rows that bound this form, and the axes that can't: no item of the pool that fits has a code on them."""
    parts = places_of(blueprint).parts
    fitting = [unit for unit in units if any(unit.fits(part) for part in parts)]
    axes = {axis for unit in fitting for item in unit.items for axis, codes in item.codes.items() if codes}
    bounds = blueprint.bounds()
    open_axes = tuple(dict.fromkeys(bound.row.axis for bound in bounds if bound.row.axis not in axes))
    return tuple(bound for bound in bounds if bound.row.axis in axes), open_axes


def missing(blueprint: Blueprint, pool: Iterable[PoolItem]) -> tuple[Missing, ...]:
    """All that the pool lacks for a form that meets its blueprint: items of each part, and of each row up to its low end."""
    units = units_of(pool)
    bounds, _open = judged(blueprint, units)
    parts = places_of(blueprint).parts
    fitting = [unit for unit in units if any(unit.fits(part) for part in parts)]
    rows = []
    for bound in bounds:
        there = sum(unit.n_in(bound.row) for unit in fitting)
        if there < bound.low:
            rows.append(Missing(bound.row.axis, bound.row.code, bound.row.label, bound.low, there))
    return (*missing_counts(blueprint, units), *rows)


def missing_counts(blueprint: Blueprint, units: Sequence[Unit]) -> tuple[Missing, ...]:
    """The parts for which there are too few items, whatever their codes are."""
    places = places_of(blueprint)
    found = []
    for part, needed in zip(places.parts, places.totals, strict=True):
        there = sum(unit.size for unit in units if unit.fits(part))
        if there < needed:
            found.append(_of_part(part, needed, there, is_only=len(places.parts) == 1))
    return tuple(found)


def unfillable(blueprint: Blueprint, units: Sequence[Unit]) -> tuple[Missing, ...]:
    """What is said where there are enough items, but sets (or items that two parts want) leave blocks that don't come out."""
    places = places_of(blueprint)
    alone = sum(unit.size == 1 and any(unit.fits(part) for part in places.parts) for unit in units)
    return (Missing(ITEMS, SETS, "Items outside sets, to fill the blocks", blueprint.n_items, alone),)


def _of_part(part: Part, needed: int, there: int, *, is_only: bool) -> Missing:
    kinds = "+".join(sorted(part.kinds))
    codes = "+".join(sorted(code for codes in part.within.values() for code in codes))
    section = part.section if part.within else None  # sections that ask for no codes share their items
    label = "Items" if is_only else ", ".join([*([section] if section else []), kinds.replace("_", " ").replace("+", " or ")])
    return Missing(ITEMS, codes or "all", label, needed, there, None if is_only else kinds, section)

"""What a form must be: its blocks with their parts, and the share of its items that each row of a blueprint may have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bedside.programme import Axis

TOLERANCE = 1e-6  # of an item; per cents are decimals, and 25% of 180 must be 45 exactly


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the per cent of the form's items that carry one of its codes; an end that no source states is None."""

    axis: str
    label: str
    covers: frozenset[str]
    low: float | None
    high: float | None
    is_partition: bool  # an item has exactly one code of the axis
    weight: float = 1.0  # of one item outside the range, beside the other rows

    @property
    def code(self) -> str:
        """Its codes run together, as a name."""
        return "+".join(sorted(self.covers))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A row in whole items of one form."""

    row: Row
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Part:
    """So many items of a block that are alike.

    `kinds` are the kinds of item that fit, `set_kinds` the kinds of set. `within` bounds the codes by axis, `section` is only
    for people.
    """

    n_items: int
    kinds: frozenset[str]
    set_kinds: frozenset[str] = frozenset()
    section: str | None = None
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def rule(self) -> tuple[object, ...]:
        """What fits it; parts with the same rule draw from the same items."""
        within = tuple(sorted((axis, tuple(sorted(codes))) for axis, codes in self.within.items()))
        return (tuple(sorted(self.kinds)), tuple(sorted(self.set_kinds)), within)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its parts in the order in which they stand."""

    parts: tuple[Part, ...]

    @property
    def n_items(self) -> int:
        return sum(part.n_items for part in self.parts)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A form to be drawn."""

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...] = ()

    @property
    def n_items(self) -> int:
        return sum(block.n_items for block in self.blocks)

    def parts(self) -> tuple[tuple[Part, int], ...]:
        """Its distinct parts, each with the number of items that all blocks have of it."""
        parts: dict[tuple[object, ...], tuple[Part, int]] = {}
        for part in (part for block in self.blocks for part in block.parts):
            first, n_items = parts.get(part.rule, (part, 0))
            parts[part.rule] = (first, n_items + part.n_items)
        return tuple(parts.values())

    def bounds(self) -> tuple[Bounds, ...]:
        """The rows in whole items of this form.

        An end is rounded into the range. Where no whole number lies in the range, or where the rows of an axis could not all
        hold then (in a short form), it is rounded out of it, by less than one item.
        """
        by_axis: dict[str, list[Row]] = {}
        for row in self.rows:
            by_axis.setdefault(row.axis, []).append(row)
        return tuple(bounds for rows in by_axis.values() for bounds in _axis_bounds(rows, self.n_items))


def _axis_bounds(rows: Sequence[Row], n_items: int) -> list[Bounds]:
    inward = [_bounds(row, n_items) for row in rows]
    if not rows[0].is_partition:
        return inward
    lows_fit = sum(bounds.low for bounds in inward) <= n_items
    outward = [_outward(row, n_items) for row in rows]
    highs = sum(bounds.high for bounds in inward)
    highs_fit = highs >= n_items or sum(bounds.high for bounds in outward) < n_items  # then other codes fill the rest
    return [
        Bounds(near.row, near.low if lows_fit else far.low, near.high if highs_fit else far.high)
        for near, far in zip(inward, outward, strict=True)
    ]


def _bounds(row: Row, n_items: int) -> Bounds:
    low, high = _ends(row, n_items)
    inward = Bounds(row, math.ceil(low - TOLERANCE), math.floor(high + TOLERANCE))
    return inward if inward.low <= inward.high else _outward(row, n_items)


def _outward(row: Row, n_items: int) -> Bounds:
    low, high = _ends(row, n_items)
    return Bounds(row, math.floor(low + TOLERANCE), math.ceil(high - TOLERANCE))


def _ends(row: Row, n_items: int) -> tuple[float, float]:
    low = 0.0 if row.low is None else row.low * n_items / 100
    high = float(n_items) if row.high is None else row.high * n_items / 100
    return low, high


def rows_of(axes: Iterable[Axis]) -> tuple[Row, ...]:
    """The published rows of a step's axes; a row of which neither end is known bounds nothing and is left out."""
    return tuple(
        Row(axis.name, row.label, frozenset(row.covers), _known(row.low), _known(row.high), axis.is_partition)
        for axis in axes
        for row in axis.ranges
        if _known(row.low) is not None or _known(row.high) is not None
    )


def _known(percent: object) -> float | None:
    return float(percent) if isinstance(percent, int | float) else None

"""What a form is drawn from: items, and the units that are taken whole (an item alone, or a set)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bedside.assembly.blueprint import Part, Row


@dataclass(frozen=True, slots=True)
class SetPlace:
    """Where an item stands in a set whose members stay together, in order."""

    id: str
    kind: str
    position: int


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item that can be drawn.

    Items that share one of their `families` (the takeaway, the question model, the same stem), and an item and its `enemies`,
    are kept apart. `n_given` says how often it was given before, and `reluctance` (0 to 1) how much rather another is taken.
    """

    id: str
    kind: str
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # axis → codes
    families: tuple[str, ...] = ()
    enemies: frozenset[str] = frozenset()
    n_given: int = 0
    reluctance: float = 0.0
    set: SetPlace | None = None

    def fits(self, part: Part) -> bool:
        """May it stand in this part, as far as it goes by itself?"""
        return (
            self.kind in part.kinds
            and (self.set is None or self.set.kind in part.set_kinds)
            and all(not codes.isdisjoint(self.codes.get(axis, ())) for axis, codes in part.within.items())
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken whole: an item alone, or all items of a set in their order."""

    items: tuple[PoolItem, ...]

    @property
    def name(self) -> str:
        """Its name; no set and no item has another's."""
        first = self.items[0]
        return f"set {first.set.id}" if first.set else f"item {first.id}"

    @property
    def size(self) -> int:
        return len(self.items)

    def fits(self, part: Part) -> bool:
        """May it stand in this part?"""
        return all(item.fits(part) for item in self.items)

    def n_in(self, row: Row) -> int:
        """How many of its items carry a code of the row."""
        return sum(not row.covers.isdisjoint(item.codes.get(row.axis, ())) for item in self.items)

    def n_of(self, names: frozenset[str]) -> int:
        """How many of its items are among these."""
        return sum(item.id in names for item in self.items)


def units_of(pool: Iterable[PoolItem]) -> tuple[Unit, ...]:
    """The pool in units, in an order that does not depend on the pool's own."""
    by_name: dict[str, list[PoolItem]] = {}
    for item in pool:
        by_name.setdefault(f"set {item.set.id}" if item.set else f"item {item.id}", []).append(item)
    return tuple(Unit(tuple(sorted(by_name[name], key=_place))) for name in sorted(by_name))


def cliques_of(units: Sequence[Unit]) -> list[tuple[int, ...]]:
    """Groups of units (by index) of which a form should hold one; those of several items of one unit are its own affair."""
    families: dict[str, set[int]] = {}
    home: dict[str, int] = {}
    for index, unit in enumerate(units):
        for item in unit.items:
            home[item.id] = index
            for family in item.families:
                families.setdefault(family, set()).add(index)
    groups = {tuple(sorted(members)) for members in families.values() if len(members) > 1}
    for index, unit in enumerate(units):
        foes = {home[foe] for item in unit.items for foe in item.enemies if foe in home} - {index}
        groups |= {(min(index, foe), max(index, foe)) for foe in foes}
    return sorted(groups)


def chance(seed: int, name: str) -> float:
    """A number from 0 to 1 that the seed and the name decide, everywhere and whatever else the pool holds."""
    drawn = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") / 2**64


def _place(item: PoolItem) -> tuple[int, str]:
    return (item.set.position if item.set else 0, item.id)

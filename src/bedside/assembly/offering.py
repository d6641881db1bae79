"""The longest form that a pool can carry, where it is too thin for the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedside.assembly.blueprint import Blueprint
from bedside.assembly.drawing import USUAL, draw
from bedside.assembly.pool import PoolItem
from bedside.assembly.shortage import PoolTooThinError, missing
from bedside.assembly.solver import Limits


@dataclass(frozen=True, slots=True)
class Offer:
    """One of several forms: its place among them. `is_balanced` where it meets every row of the blueprint."""

    place: int
    blueprint: Blueprint
    is_balanced: bool


def longest(forms: Sequence[Blueprint], pool: Iterable[PoolItem], seed: int, *, limits: Limits = USUAL) -> Offer | None:
    """Of forms that get shorter the first that is balanced; where none is, the first that can be filled; else None.

    What a candidate has seen does not count here: this is about the pool.
    """
    items = list(pool)
    filled: Offer | None = None
    for place, blueprint in enumerate(forms):
        if filled is not None and missing(blueprint, items):
            continue  # it could be filled at best
        try:
            drawn = draw(blueprint, items, (), seed, limits=limits)
        except PoolTooThinError:
            continue
        if drawn.is_balanced:
            return Offer(place, blueprint, is_balanced=True)
        filled = filled or Offer(place, blueprint, is_balanced=False)
    return filled

"""The match with pairs, after Roth and Peranson (1999, American Economic Review 89(4), 748-780).

Singles are matched first, then one pair after another comes in. As published: applicants propose; the single ones come in
before the pairs; what a pair gives up is offered again; loops are looked for. Assumed, because the published account gives no
detail: people with a supplemental list come in before couples; a pair that is placed more than `LOOPS_FROM` times while one
newcomer is settled is in a loop, out of which pairs go by chance; after `MOST_PLACINGS` the match starts again with that pair
first, and after `n_orders` orders none is claimed. With pairs a stable matching need not exist (Roth 1984), and one that exists
need not be found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bedside.matching.clearing import Clearing, LoopError, Step
from bedside.matching.deferred import match_singles
from bedside.matching.market import Market, Matching

ORDERS = 20


@dataclass(frozen=True, slots=True)
class Cleared:
    """The outcome; `matching` is None where no stable one was found in `n_orders` orders of the pairs."""

    matching: Matching | None
    n_orders: int


def clear(market: Market, *, chance: np.random.Generator | None = None, n_orders: int = ORDERS) -> Cleared:
    """Match a market. `chance` shuffles the pairs once moving the loop's pair to the front has been tried for all of them."""
    singles = match_singles(market)
    if not market.pairs:
        return Cleared(Matching(singles), 1)
    order = list(range(len(market.pairs)))
    seen: set[tuple[int, ...]] = set()
    for tried in range(1, n_orders + 1):
        seen.add(tuple(order))
        clearing = Clearing(market, chance=chance)
        clearing.begin_with(singles)
        try:
            for pair in order:
                clearing.settle(market.n_singles + pair)
        except LoopError as loop:
            order = _next_order(order, loop.unit - market.n_singles, seen, chance)
            if not order:
                return Cleared(None, tried)
            continue
        return Cleared(clearing.matching(), tried)
    return Cleared(None, n_orders)


def clear_step_by_step(market: Market) -> tuple[Matching | None, tuple[Step, ...]]:
    """The same match with everything told that happens, singles one after another; for small markets."""
    told: list[Step] = []
    clearing = Clearing(market, told=told)
    try:
        for unit in range(market.n_singles + len(market.pairs)):
            clearing.settle(unit)
    except LoopError:
        return None, tuple(told)
    return clearing.matching(), tuple(told)


def _next_order(order: list[int], looping: int, seen: set[tuple[int, ...]], chance: np.random.Generator | None) -> list[int]:
    moved = [looping, *(pair for pair in order if pair != looping)]
    if tuple(moved) not in seen:
        return moved
    return [] if chance is None else chance.permutation(len(order)).tolist()

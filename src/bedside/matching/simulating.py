"""A market made by chance for one specialty, and how hard its programmes are to get into.

An applicant has a worth that programmes agree on (by type, by score, and a part of their own) and one that differs from
programme to programme; a programme ranks those on whose lists it stands and whose worth to it is above nought. Applicants put
programmes on their lists as often as those are sought after. All worths are in units of what programmes do not agree on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from bedside.matching.deferred import match_singles
from bedside.matching.market import Ints, Market

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """Applicants of one kind: how many, their mean worth, what a standard deviation of score adds, how long their lists are."""

    n: int
    worth: float
    by_score: float
    mean_ranks: float


@dataclass(frozen=True, slots=True)
class Shape:
    """What all groups share: see `assumed` in the facts. `evenness` is that of the lengths of lists (negative binomial)."""

    n_programmes: int
    positions: int
    spread_of_programmes: float
    spread_of_applicants: float
    evenness: float
    most_ranks: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """A cleared market: of each applicant the group, score (standard deviations), number of ranks, and whether matched.

    `bars` is what an applicant must be worth to each programme to be taken, `weights` how often it is on a list.
    """

    market: Market
    group: Ints
    score: Floats
    n_ranks: Ints
    is_matched: NDArray[np.bool_]
    bars: Floats
    weights: Floats


def simulate(groups: tuple[Group, ...], shape: Shape, chance: np.random.Generator) -> Simulated:
    """Make a market and clear it."""
    n = sum(group.n for group in groups)
    group = np.repeat(np.arange(len(groups), dtype=np.int32), [one.n for one in groups])
    score, own = chance.standard_normal(n), chance.standard_normal(n) * shape.spread_of_applicants
    worth = np.array([one.worth for one in groups])[group] + np.array([one.by_score for one in groups])[group] * score + own
    n_ranks = _lengths(np.array([one.mean_ranks for one in groups])[group], shape, chance)
    weights = np.exp(shape.spread_of_programmes * chance.standard_normal(shape.n_programmes))
    weights /= weights.sum()
    starts = np.concatenate(([0], np.cumsum(n_ranks))).astype(np.int32)
    posts = _draw_lists(chance, np.cumsum(weights), starts)
    to_each = np.repeat(worth, n_ranks) + chance.standard_normal(len(posts))
    market = Market(_quotas(shape), starts, posts, _ranks(posts, to_each))
    places = match_singles(market)
    return Simulated(market, group, score, n_ranks, places >= 0, _bars(market, places, to_each), weights)


def _lengths(means: Floats, shape: Shape, chance: np.random.Generator) -> Ints:
    """One rank, and more by a negative binomial."""
    more = np.maximum(means - 1, 1e-6)
    drawn = chance.poisson(chance.gamma(shape.evenness, more / shape.evenness))
    return np.minimum(1 + drawn, min(shape.most_ranks, shape.n_programmes)).astype(np.int32)


def _quotas(shape: Shape) -> Ints:
    """Posts spread evenly."""
    each, more = divmod(shape.positions, shape.n_programmes)
    return (each + (np.arange(shape.n_programmes) < more)).astype(np.int32)


def _ranks(posts: Ints, to_each: Floats) -> Ints:
    """The place of each entry among those of its programme; -1 where it is worth nought or less."""
    order = np.lexsort((-to_each, posts))
    first = np.concatenate(([True], posts[order][1:] != posts[order][:-1]))
    firsts = np.maximum.accumulate(np.where(first, np.arange(len(posts)), 0))
    ranks = np.empty(len(posts), dtype=np.int32)
    ranks[order] = np.arange(len(posts)) - firsts
    return np.where(to_each > 0, ranks, -1).astype(np.int32)


def _bars(market: Market, places: Ints, to_each: Floats) -> Floats:
    got = np.flatnonzero(places >= 0)
    at = market.starts[got] + places[got]
    programmes = market.posts[at]
    n_taken = np.bincount(programmes, minlength=market.n_programmes)
    lowest = np.full(market.n_programmes, np.inf)
    np.minimum.at(lowest, programmes, to_each[at])
    bars: Floats = np.where(n_taken >= market.quotas, np.where(np.isinf(lowest), np.inf, lowest), 0.0)
    return bars


@numba.njit(cache=True, nogil=True)
def _draw_lists(chance, cumulated, starts):  # type: ignore[no-untyped-def]
    posts = np.empty(starts[-1], dtype=np.int32)
    last = len(cumulated) - 1
    for who in range(len(starts) - 1):
        for place in range(starts[who], starts[who + 1]):
            for _try in range(1000):
                drawn = min(np.searchsorted(cumulated, chance.random()), last)
                is_new = True
                for before in range(starts[who], place):
                    if posts[before] == drawn:
                        is_new = False
                        break
                if is_new:
                    break
            while not is_new:  # a list that is nearly all of a small specialty
                drawn = (drawn + 1) % (last + 1)
                is_new = True
                for before in range(starts[who], place):
                    if posts[before] == drawn:
                        is_new = False
                        break
            posts[place] = drawn
    return posts

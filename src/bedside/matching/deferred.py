"""Deferred acceptance, applicants proposing (Gale and Shapley 1962), for a market without pairs.

Whoever proposes first makes no difference: the outcome is the stable matching that every applicant likes best.
"""

from __future__ import annotations

import numba
import numpy as np

from bedside.matching.market import Ints, Market


def match_singles(market: Market) -> Ints:
    """The place of the own list that each single comes to, -1 for none; pairs are left aside."""
    heap_starts = np.concatenate(([0], np.cumsum(market.quotas))).astype(np.int64)
    found: Ints = _propose(heap_starts, market.starts, market.posts, market.ranks)
    return found


@numba.njit(cache=True, nogil=True)
def _propose(heap_starts, starts, posts, ranks):  # type: ignore[no-untyped-def]
    n = len(starts) - 1
    at = np.full(n, -1, dtype=np.int32)
    following = np.zeros(n, dtype=np.int32)
    heap_ranks = np.empty(heap_starts[-1], dtype=np.int32)
    heap_who = np.empty(heap_starts[-1], dtype=np.int32)
    sizes = np.zeros(len(heap_starts) - 1, dtype=np.int32)
    for first in range(n):
        who = first
        while who >= 0:
            k = following[who]
            if k >= starts[who + 1] - starts[who]:
                break
            following[who] += 1
            post, rank = posts[starts[who] + k], ranks[starts[who] + k]
            low, quota = heap_starts[post], heap_starts[post + 1] - heap_starts[post]
            if rank < 0 or quota == 0:
                continue
            if sizes[post] < quota:
                at[who] = k
                _rise(heap_ranks, heap_who, low, sizes[post], rank, who)
                sizes[post] += 1
                break
            if heap_ranks[low] < rank:
                continue
            displaced = heap_who[low]
            at[displaced], at[who] = -1, k
            _sink(heap_ranks, heap_who, low, sizes[post], rank, who)
            who = displaced
    return at


@numba.njit(cache=True, nogil=True)
def _rise(heap_ranks, heap_who, low, place, rank, who):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    # the least liked is on top
    while place > 0:
        above = (place - 1) // 2
        if heap_ranks[low + above] >= rank:
            break
        heap_ranks[low + place], heap_who[low + place] = heap_ranks[low + above], heap_who[low + above]
        place = above
    heap_ranks[low + place], heap_who[low + place] = rank, who


@numba.njit(cache=True, nogil=True)
def _sink(heap_ranks, heap_who, low, size, rank, who):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and heap_ranks[low + below + 1] > heap_ranks[low + below]:
            below += 1
        if heap_ranks[low + below] <= rank:
            break
        heap_ranks[low + place], heap_who[low + place] = heap_ranks[low + below], heap_who[low + below]
        place = below
    heap_ranks[low + place], heap_who[low + place] = rank, who

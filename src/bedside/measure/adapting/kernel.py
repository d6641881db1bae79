"""One adaptive test after another, compiled: selection, the answer, EAP, and the rules of stopping.

Chance is a stream for each person (splitmix64; Steele, Lea & Flood, 2014) from a seed of their own, so that persons could be
given in any order. A stream is used in this order: the area (multinomial only), the place among the best (where there is more
than one), whether the item is kept (where it may not be), the answer.
"""

from __future__ import annotations

import math

import numba
import numpy as np

RUNNING, BY_LENGTH, BY_ERROR, BY_DECISION, BY_POOL = -1, 0, 1, 2, 3
NO_CONTENT, PENALTY, MULTINOMIAL = 0, 1, 2
TINY = 1e-12


@numba.njit(cache=True, nogil=True, inline="always")
def uniform(stream):  # type: ignore[no-untyped-def]
    """The next number of a stream (uint64, shape (1,), altered) in [0, 1)."""
    stream[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = stream[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@numba.njit(cache=True, nogil=True)
def moments(weights, nodes):  # type: ignore[no-untyped-def]
    """Normalise the weights of the posterior; its mean and standard deviation."""
    total, first, second = 0.0, 0.0, 0.0
    for node in range(len(nodes)):
        total += weights[node]
        first += weights[node] * nodes[node]
    mean = first / total
    for node in range(len(nodes)):
        weights[node] /= total
        away = nodes[node] - mean
        second += weights[node] * away * away
    return mean, math.sqrt(second)


@numba.njit(cache=True, nogil=True)
def penalties(shares, n_in, n_given, penalty):  # type: ignore[no-untyped-def]
    """Fill `penalty` (n_areas,): 0 for the area furthest behind its share of the next length, 1 for the one furthest ahead."""
    most, least = -np.inf, np.inf
    for area in range(len(shares)):
        behind = shares[area] * (n_given + 1) - n_in[area]
        penalty[area] = behind
        most, least = max(most, behind), min(least, behind)
    for area in range(len(shares)):
        penalty[area] = (most - penalty[area]) / (most - least) if most - least > TINY else 0.0


@numba.njit(cache=True, nogil=True)
def drawn_area(shares, quotas, n_in, stream):  # type: ignore[no-untyped-def]
    """An area that is not full, with the shares as probabilities; -1 where all are full."""
    total = 0.0
    last = -1
    for area in range(len(shares)):
        if n_in[area] < quotas[area]:
            total += shares[area]
            last = area
    if last < 0:
        return -1
    at = uniform(stream) * total
    for area in range(len(shares)):
        if n_in[area] < quotas[area]:
            at -= shares[area]
            if at < 0.0:
                return area
    return last


@numba.njit(cache=True, nogil=True)
def first_items(order, is_open, area, only, n_best, best):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Fill `best` with the first n_best open items of an order, of the area `only` (-1: of all); answers how many there are."""
    n = 0
    for item in order:
        if is_open[item] and (only < 0 or area[item] == only):
            best[n] = item
            n += 1
            if n == n_best:
                break
    return n


@numba.njit(cache=True, nogil=True)
def best_items(worth, is_open, area, penalty, weight, n_best, best, best_worth):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Fill `best` with the n_best open items of the most (1 - weight) worth - weight penalty of the area; how many."""
    n = 0
    for item in range(len(worth)):
        if not is_open[item]:
            continue
        here = (1.0 - weight) * worth[item] - weight * penalty[area[item]]
        if n == n_best and here <= best_worth[n - 1]:
            continue
        at = n if n < n_best else n - 1
        while at > 0 and best_worth[at - 1] < here:
            best[at], best_worth[at] = best[at - 1], best_worth[at - 1]
            at -= 1
        best[at], best_worth[at] = item, here
        n = min(n + 1, n_best)
    return n


@numba.njit(cache=True, nogil=True)
def picked(best, n, keep, is_open, selected, stream):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """One of the best by chance, if it is kept; it is closed for this person either way. -1 where it is not kept."""
    at = int(uniform(stream) * n) if n > 1 else 0
    item = best[at]
    selected[item] += 1
    is_open[item] = False
    if keep[item] < 1.0 and uniform(stream) >= keep[item]:
        return -1
    return item


@numba.njit(cache=True, nogil=True)
def select(worth, order, rules, areas, room, keep, selected, n_given, stream):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """The next item of a person by the worth of the items, or by their order from the most worth; -1 where none is left."""
    content, weight, n_best = rules
    area, shares, quotas = areas
    is_open, n_in, penalty, best, best_worth = room
    only = drawn_area(shares, quotas, n_in, stream) if content == MULTINOMIAL else -1
    if content == MULTINOMIAL and only < 0:
        return -1
    if content == PENALTY:
        penalties(shares, n_in, n_given, penalty)
    while True:
        if content == PENALTY:
            n = best_items(worth, is_open, area, penalty, weight, n_best, best, best_worth)
        else:
            n = first_items(order, is_open, area, only, n_best, best)
        if n == 0:
            return -1
        item = picked(best, n, keep, is_open, selected, stream)
        if item >= 0:
            return item


@numba.njit(cache=True, nogil=True)
def answers_right(ability, parameters, item, stream):  # type: ignore[no-untyped-def]
    """Does a person answer right? By the model and chance; `parameters` (3, n_items): a, b and c."""
    rising = 1.0 / (1.0 + math.exp(-parameters[0, item] * (ability - parameters[1, item])))
    return uniform(stream) < parameters[2, item] + (1.0 - parameters[2, item]) * rising


@numba.njit(cache=True, nogil=True)
def why_over(n_given, se, ratio, stopping):  # type: ignore[no-untyped-def]
    """Why the test is over after so many items. `stopping`: fewest and most items, the error (0: none), the ratio's bounds."""
    fewest, most, error, lower, upper = stopping
    if n_given >= fewest:
        if ratio <= lower or ratio >= upper:
            return BY_DECISION
        if se <= error:
            return BY_ERROR
    return BY_LENGTH if n_given >= most else RUNNING


@numba.njit(cache=True, nogil=True)
def room_for(n_items, n_areas, n_best):  # type: ignore[no-untyped-def]
    """What `select` works in: is an item open, items given by area, penalties of areas, the best items and their worth."""
    counts, penalty = np.zeros(n_areas, dtype=np.int64), np.zeros(n_areas)
    return np.ones(n_items, dtype=np.bool_), counts, penalty, np.empty(n_best, dtype=np.int64), np.empty(n_best)


@numba.njit(cache=True, nogil=True)
def give(bank, grid, rules, areas, stopping, at_cut, abilities, seeds, results):  # type: ignore[no-untyped-def]  # noqa: PLR0917
    """Give the test to each person and fill the results.

    `bank`: worth (n_nodes + 1, n_items), the information as a share of the node's largest, in the last row at the cut; order,
    the same shape, its items from the most worth; right (n_items, n_nodes), P(right); parameters (3, n_items); ratios (2,
    n_items), what a wrong and a right answer add to the logarithm of the likelihood ratio; keep (n_items,). `grid`: nodes and
    prior. `results`: given and correct (n_persons, max_items), theta, se, ratio, reason (n_persons,), selected (n_items,).
    """
    worth, order, right, parameters, ratios, keep = bank
    nodes, prior = grid
    given, correct, theta, se, ratio, reason, selected = results
    room, step = room_for(worth.shape[1], len(areas[1]), rules[2]), nodes[1] - nodes[0]
    weights, stream = np.empty(len(nodes)), np.empty(1, dtype=np.uint64)
    for person in range(len(seeds)):
        stream[0] = seeds[person]
        weights[:], room[0][:], room[1][:] = prior, True, 0
        theta[person], se[person] = moments(weights, nodes)
        n_given = 0
        while reason[person] == RUNNING:
            nearest = min(max(int((theta[person] - nodes[0]) / step + 0.5), 0), len(nodes) - 1)
            row = len(nodes) if at_cut else nearest
            item = select(worth[row], order[row], rules, areas, room, keep, selected, n_given, stream)
            if item < 0:
                reason[person] = BY_POOL
                break
            is_right = answers_right(abilities[person], parameters, item, stream)
            for node in range(len(nodes)):
                weights[node] *= right[item, node] if is_right else 1.0 - right[item, node]
            theta[person], se[person] = moments(weights, nodes)
            ratio[person] += ratios[1 if is_right else 0, item]
            given[person, n_given], correct[person, n_given] = item, 1 if is_right else 0
            room[1][areas[0][item]] += 1
            n_given += 1
            reason[person] = why_over(n_given, se[person], ratio[person], stopping)

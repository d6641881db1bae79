"""Small markets, made and matched by hand or by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import strategies as st

from bedside.matching import Market, Matching, Option, blocking, market_of


@st.composite
def markets(draw: st.DrawFn, *, n_pairs: int = 0, most_singles: int = 5, most_programmes: int = 4) -> Market:
    """A market in which everybody's list is any order of any part of what there is."""
    n_programmes = draw(st.integers(1, most_programmes))
    n_singles = draw(st.integers(0 if n_pairs else 1, most_singles))
    quotas = draw(st.lists(st.integers(0, 2), min_size=n_programmes, max_size=n_programmes))
    people = n_singles + 2 * n_pairs
    liked = [draw(st.permutations(range(people))) for _ in range(n_programmes)]
    taken = [draw(st.integers(0, people)) for _ in range(n_programmes)]

    def rank(programme: int, person: int) -> int:
        place = liked[programme].index(person)
        return place if place < taken[programme] else -1

    singles = []
    for person in range(n_singles):
        order = draw(st.permutations(range(n_programmes)))[: draw(st.integers(0, n_programmes))]
        singles.append([(programme, rank(programme, person)) for programme in order])
    pairs = []
    for n in range(n_pairs):
        a, b = n_singles + 2 * n, n_singles + 2 * n + 1
        every = [(p, q) for p, q in product(range(-1, n_programmes), repeat=2) if (p, q) != (-1, -1)]
        asked = draw(st.permutations(every))[: draw(st.integers(1, 6))]
        pairs.append([Option(p, 0 if p < 0 else rank(p, a), q, 0 if q < 0 else rank(q, b)) for p, q in asked])
    return market_of(quotas, singles, pairs)


def every_stable(market: Market) -> list[Matching]:
    """All stable matchings, found by trying everything."""
    lengths = np.diff(market.starts).tolist()
    found = []
    for places in product(*(range(-1, n) for n in lengths), *(range(-1, len(pair)) for pair in market.pairs)):
        singles, pairs = places[: len(lengths)], places[len(lengths) :]
        matching = Matching(np.array(singles, dtype=np.int32), tuple(pairs))
        try:
            if not blocking(market, matching):
                found.append(matching)
        except ValueError:
            continue
    return found


def as_tuple(matching: Matching) -> tuple[int, ...]:
    return (*matching.singles.tolist(), *matching.pairs)

"""Is a matching stable? Written apart from the algorithm, straight from the definition.

A single and a programme block if both would rather have each other. A pair and the programmes of a better place of its list
block if each programme has all who would come among the best of them and of those whom it has now (Kojima, Pathak and Roth
2013): a couple's member who would leave still counts there, since the programme must be better off. Somebody with two posts is
one person and does not stand in their own way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bedside.matching.market import NO_POST, NOT_RANKED, Market, Matching

Held = list[set[tuple[int, int, int]]]  # of each programme who is there: rank, unit, which of its two
Comer = tuple[int, int, int]  # programme, rank, which of the two


@dataclass(frozen=True, slots=True)
class Blocking:
    """Somebody who would rather have the place of their list, and would be taken there. Pairs count after the singles."""

    unit: int
    place: int


def blocking(market: Market, matching: Matching) -> tuple[Blocking, ...]:
    """All that speaks against a matching; empty where it is stable.

    Raises:
        ValueError: it is no matching: a programme has more people than posts, or one that it does not rank.
    """
    held = _holders(market, matching)
    return (*_blocking_singles(market, matching, held), *_blocking_pairs(market, matching, held))


def filled(market: Market, matching: Matching) -> list[int]:
    """How many posts of each programme are taken."""
    return [len(one) for one in _holders(market, matching)]


def _holders(market: Market, matching: Matching) -> Held:
    """Of each programme rank, unit and which of the unit's two."""
    held: Held = [set() for _ in range(market.n_programmes)]
    got = np.flatnonzero(matching.singles >= 0)
    at = market.starts[got] + matching.singles[got]
    for unit, programme, rank in zip(got.tolist(), market.posts[at].tolist(), market.ranks[at].tolist(), strict=True):
        held[programme].add((rank, unit, 0))
    for n, place in enumerate(matching.pairs):
        if place >= 0:
            first, first_rank, second, second_rank = market.pairs[n][place]
            for which, programme, rank in ((0, first, first_rank), (1, second, second_rank)):
                if programme != NO_POST:
                    held[programme].add((rank, market.n_singles + n, which))
    for programme, people in enumerate(held):
        if len(people) > market.quotas[programme] or any(rank == NOT_RANKED for rank, _unit, _which in people):
            raise ValueError(f"programme {programme} has more people than posts, or one that it does not rank")
    return held


def _blocking_singles(market: Market, matching: Matching, held: Held) -> list[Blocking]:
    worst = np.array(
        [
            (max(people)[0] if quota else -1) if len(people) >= quota else np.iinfo(np.int32).max
            for people, quota in zip(held, market.quotas.tolist(), strict=True)
        ]
    )
    lengths = np.diff(market.starts)
    units = np.repeat(np.arange(market.n_singles), lengths)
    places = np.arange(len(market.posts)) - np.repeat(market.starts[:-1], lengths)
    has = np.where(matching.singles < 0, np.iinfo(np.int32).max, matching.singles)
    is_better = places < has[units]
    is_taken = (market.ranks >= 0) & (market.ranks < worst[market.posts])
    return [Blocking(int(units[at]), int(places[at])) for at in np.flatnonzero(is_better & is_taken)]


def _blocking_pairs(market: Market, matching: Matching, held: Held) -> list[Blocking]:
    found = []
    for n, options in enumerate(market.pairs):
        has = matching.pairs[n] if matching.pairs[n] >= 0 else len(options)
        unit = market.n_singles + n
        for place in range(has):
            first, first_rank, second, second_rank = options[place]
            comers = [(first, first_rank, 0), (second, second_rank, 1)]
            if all(_is_taken(market, held, comers, comer, unit) for comer in comers):
                found.append(Blocking(unit, place))
    return found


def _is_taken(market: Market, held: Held, comers: list[Comer], comer: Comer, unit: int) -> bool:
    """Is the comer among the best of those who would come and of those who are there?"""
    programme, rank, _which = comer
    if programme == NO_POST:
        return True
    is_one_person = unit - market.n_singles < market.n_one_person
    liked = {(held_rank, who, which) for held_rank, who, which in held[programme] if not (who == unit and is_one_person)}
    liked |= {(other_rank, unit, which) for where, other_rank, which in comers if where == programme}
    return rank != NOT_RANKED and sum(one[0] < rank for one in liked) < market.quotas[programme]

"""A small market to try a rank list in: twelve programmes, forty applicants, a couple among them. All made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bedside.errors import UsageError
from bedside.matching.clearing import Step
from bedside.matching.market import Market, Matching, Option, market_of
from bedside.matching.roth_peranson import clear_step_by_step

PROGRAMMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper", "Larch", "Maple")
POSTS = (2, 3, 2, 3, 2, 2, 3, 2, 3, 2, 3, 3)
N_SINGLES = 38  # you, and 37 others
YOU = 0
COUPLE = N_SINGLES  # the unit of the couple
YOUR_WORTH = 0.35  # in standard deviations of applicants: somewhat above the middle
COUPLES_WORTH = 0.9
LISTED = (4, 9)  # fewest and most programmes on a list
SEED = 26


@dataclass(frozen=True, slots=True)
class Trial:
    """What a list led to: the programme and its place on the list (from 0), all that happened, and who is where."""

    programme: str | None
    place: int
    matching: Matching
    steps: tuple[Step, ...]
    market: Market


def trial(wishes: Sequence[str]) -> Trial:
    """Match the small market with your list in it.

    Raises:
        UsageError: a programme is not one of the twelve, or stands twice, or the couple comes to no end.
    """
    for n, name in enumerate(wishes):
        if name not in PROGRAMMES:
            raise UsageError(f'there is no programme "{name[:40]}" in the small market')
        if name in wishes[:n]:
            raise UsageError(f"{name} stands twice on the list")
    market = _market([PROGRAMMES.index(name) for name in wishes])
    matching, steps = clear_step_by_step(market)
    if matching is None:
        raise UsageError("with this list the couple comes to no end in the small market; change the list")
    place = int(matching.singles[YOU])
    return Trial(wishes[place] if place >= 0 else None, place, matching, steps, market)


def standings() -> dict[str, tuple[int, int]]:
    """Of each programme how it ranks you among those who applied there (from 1), and its posts. In truth nobody sees this."""
    market = _market(list(range(len(PROGRAMMES))))
    ranks = market.ranks[: len(PROGRAMMES)].tolist()
    return {name: (rank + 1, posts) for name, rank, posts in zip(PROGRAMMES, ranks, POSTS, strict=True)}


def holders(market: Market, matching: Matching) -> dict[str, tuple[int, ...]]:
    """Of each programme who is there: 0 is you, the last two are the couple."""
    found: dict[str, list[int]] = {name: [] for name in PROGRAMMES}
    for who, place in enumerate(matching.singles.tolist()):
        if place >= 0:
            found[PROGRAMMES[market.posts[market.starts[who] + place]]].append(who)
    if matching.pairs[0] >= 0:
        option = market.pairs[0][matching.pairs[0]]
        for body, programme in ((N_SINGLES, option.first), (N_SINGLES + 1, option.second)):
            if programme >= 0:
                found[PROGRAMMES[programme]].append(body)
    return {name: tuple(people) for name, people in found.items()}


def _market(wishes: Sequence[int]) -> Market:
    chance = np.random.default_rng(SEED)
    n_people, n = N_SINGLES + 2, len(PROGRAMMES)
    worth = chance.standard_normal(n_people)
    worth[YOU], worth[-2:] = YOUR_WORTH, COUPLES_WORTH
    to_each = worth[:, None] + 0.8 * chance.standard_normal((n_people, n))
    appeal = np.linspace(1.2, -1.2, n) + 0.7 * chance.standard_normal((n_people, n))
    lengths = chance.integers(LISTED[0], LISTED[1] + 1, n_people)
    ranks = (-to_each).argsort(axis=0).argsort(axis=0)
    lists = [(-appeal[who]).argsort()[: lengths[who]].tolist() for who in range(N_SINGLES)]
    lists[YOU] = list(wishes)
    singles = [[(programme, int(ranks[who, programme])) for programme in one] for who, one in enumerate(lists)]
    a, b = N_SINGLES, N_SINGLES + 1
    # the couple wants to be near each other: the programmes stand in towns of three
    together = [(p, q) for p in range(n) for q in range(n) if p // 3 == q // 3 and p != q]
    together.sort(key=lambda pair: -(appeal[a, pair[0]] + appeal[b, pair[1]]))
    couple = [Option(p, int(ranks[a, p]), q, int(ranks[b, q])) for p, q in together[:10]]
    return market_of(POSTS, singles, [couple])

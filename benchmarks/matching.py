"""How long a Match of the real size takes, and how long the simulated one.

    python -m benchmarks.matching

The market has the published size of 2026 (48,050 applicants, 6,809 programmes, 44,344 posts) and 1,200 couples, which is about
as many as take part. Lists are made by chance. The goal is a few seconds of one processor. What comes out is checked for
stability, and the time of that is told apart. Measured in November 2026: singles alone 14 ms; with couples 14.0, 1.8 and 6.2 s
in 11, 1 and 4 orders of the couples, all stable; checked in 0.3 s; a simulated year of all specialties 0.2 s. With
`SUPPLEMENTAL` at 2,000 no order led to a stable matching.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np

from bedside.matching import Market, Option, blocking, clear, markets_of, match_singles, read_match
from bedside.matching.market import Ints

APPLICANTS, PROGRAMMES, POSTS = 48_050, 6_809, 44_344
COUPLES, SUPPLEMENTAL = 1_200, 0
COUPLES_LIST, MEAN_RANKS, INTERVIEWS = 60, 10, 12
REGIONS = 60  # a couple wants to be near each other
REPEATS = 3
FACTS = Path(__file__).parents[1] / "content" / "match"


def market(seed: int) -> Market:
    """A market of the real size."""
    chance = np.random.default_rng(seed)
    appeal, worth = chance.standard_normal(PROGRAMMES), chance.standard_normal(APPLICANTS)
    quotas = np.full(PROGRAMMES, POSTS // PROGRAMMES, dtype=np.int32)
    quotas[: POSTS - int(quotas.sum())] += 1
    n_singles = APPLICANTS - 2 * COUPLES - SUPPLEMENTAL
    lists = [_list(chance, appeal, length) for length in (1 + chance.poisson(MEAN_RANKS - 1, n_singles)).tolist()]
    lengths = [len(one) for one in lists]
    pairs = [_later(chance, appeal) for _ in range(SUPPLEMENTAL)] + [_couple(chance, appeal) for _ in range(COUPLES)]
    asked = [(who, programme) for who, one in enumerate(lists) for programme in one.tolist()]
    people = np.repeat(np.arange(n_singles), lengths)
    asked_pairs = _asked(pairs, n_singles)
    ranks = _ranks(np.array([(*one,) for one in asked] + sorted(asked_pairs)), worth, chance)
    posts = np.concatenate(lists).astype(np.int32)
    single_ranks = np.array([ranks[who, programme] for who, programme in zip(people.tolist(), posts.tolist(), strict=True)])
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return Market(quotas, starts, posts, single_ranks.astype(np.int32), _options(pairs, ranks, n_singles), SUPPLEMENTAL)


def _list(chance: np.random.Generator, appeal: np.ndarray, length: int) -> Ints:
    drawn = np.unique(chance.integers(0, PROGRAMMES, length))
    return drawn[np.argsort(-(appeal[drawn] + chance.standard_normal(len(drawn))))].astype(np.int32)


def _couple(chance: np.random.Generator, appeal: np.ndarray) -> list[tuple[int, int]]:
    """Pairs in one region of three, by what both like; then each alone, the other without a post."""
    near = np.concatenate([np.arange(region, PROGRAMMES, REGIONS) for region in chance.choice(REGIONS, 3, replace=False)])
    both = [{int(one): appeal[one] + chance.standard_normal() for one in chance.choice(near, INTERVIEWS)} for _ in range(2)]
    pairs = [(p, q) for p in both[0] for q in both[1] if p % REGIONS == q % REGIONS and p != q]
    pairs.sort(key=lambda pair: -(both[0][pair[0]] + both[1][pair[1]]))
    alone = [(p, -1) for p in sorted(both[0], key=lambda one: -both[0][one])]
    return pairs[:COUPLES_LIST] + alone + [(-1, q) for q in sorted(both[1], key=lambda one: -both[1][one])]


def _later(chance: np.random.Generator, appeal: np.ndarray) -> list[tuple[int, int]]:
    later, first_years = _list(chance, appeal, MEAN_RANKS), _list(chance, appeal, 6)
    return [(a, b) for a in later.tolist() for b in (*first_years.tolist(), -1) if a != b]


def _asked(pairs: list[list[tuple[int, int]]], first: int) -> set[tuple[int, int]]:
    found = set()
    for n, pair in enumerate(pairs):
        a, b = _people(n, first)
        found |= {(a, one) for one, _other in pair} | {(b, other) for _one, other in pair}
    return {(who, programme) for who, programme in found if programme >= 0}


def _people(n: int, first: int) -> tuple[int, int]:
    """Of a pair who it is: one person, or two."""
    if n < SUPPLEMENTAL:
        return first + n, first + n
    return first + SUPPLEMENTAL + 2 * (n - SUPPLEMENTAL), first + SUPPLEMENTAL + 2 * (n - SUPPLEMENTAL) + 1


def _ranks(asked: np.ndarray, worth: np.ndarray, chance: np.random.Generator) -> dict[tuple[int, int], int]:
    order = np.lexsort((-(worth[asked[:, 0]] + chance.standard_normal(len(asked))), asked[:, 1]))
    ranks: dict[tuple[int, int], int] = {}
    programme, rank = -1, 0
    for who, where in asked[order].tolist():
        programme, rank = where, (rank + 1 if where == programme else 0)
        ranks[who, where] = rank
    return ranks


def _options(
    pairs: list[list[tuple[int, int]]], ranks: dict[tuple[int, int], int], first: int
) -> tuple[tuple[Option, ...], ...]:
    found = []
    for n, pair in enumerate(pairs):
        a, b = _people(n, first)
        found.append(tuple(Option(p, ranks.get((a, p), 0), q, ranks.get((b, q), 0)) for p, q in pair))
    return tuple(found)


def main() -> None:
    first = market(0)
    match_singles(first)  # compiled before anything is measured
    print(f"{first.n_singles:,} singles, {SUPPLEMENTAL:,} with supplemental lists, {COUPLES:,} couples")
    took_s, alone_s, checked_s = [], [], []
    for seed in range(REPEATS):
        made = market(seed)
        before = time.process_time()
        match_singles(made)
        alone_s.append(time.process_time() - before)
        before = time.process_time()
        cleared = clear(made, chance=np.random.default_rng(seed))
        took_s.append(time.process_time() - before)
        before = time.process_time()
        state = "no stable matching found" if cleared.matching is None else f"{len(blocking(made, cleared.matching))} blocking"
        checked_s.append(time.process_time() - before)
        print(f"seed {seed}: {took_s[-1]:.2f} s, {cleared.n_orders} orders of the pairs, {state}")
    print(f"median {statistics.median(took_s):.2f} s; singles alone {1000 * statistics.median(alone_s):.0f} ms", end="; ")
    print(f"checked for stability in {statistics.median(checked_s):.2f} s")
    facts, kept = read_match(FACTS)
    before = time.process_time()
    for specialty in facts.specialties.values():
        markets_of(facts, specialty, kept.parameters, seed=1, n=1)
    print(f"a simulated year of all specialties: {1000 * (time.process_time() - before):.0f} ms")


if __name__ == "__main__":
    main()

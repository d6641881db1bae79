"""The state of a market between proposals: who holds which post, who has still to propose, and which posts came free.

This is the engine of Roth and Peranson (1999): whoever comes in proposes from the top of the list; whoever is put out proposes
again; a pair that loses one of its posts gives up the other, and a post that comes free is offered to all who would rather have
it, for they may now be taken where they were not before.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bedside.matching.market import NO_POST, NOT_RANKED, Ints, Market, Matching

# of one pair while one newcomer is settled: from the first on, what comes next is left to chance; assumed, as the published
# account gives no number
LOOPS_FROM = 20
MOST_PLACINGS = 60
Part = tuple[int, int, int]  # body, programme, rank


class StepKind(StrEnum):
    """What happened in one step."""

    PROPOSES = "proposes"
    REFUSED = "refused"
    HELD = "held"
    PUT_OUT = "put_out"
    GIVES_UP = "gives_up"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the unit (singles first, then pairs), the place of its list, and the programme where one is meant."""

    kind: StepKind
    unit: int
    place: int
    programme: int = NO_POST


class LoopError(Exception):
    """A pair was placed again and again: this order of proposing comes to no end. Never leaves the package."""

    def __init__(self, unit: int) -> None:
        self.unit = unit
        super().__init__(f"unit {unit} was placed {MOST_PLACINGS} times")


class Clearing:
    """A market half cleared. Units are the singles, then the pairs; a pair has two bodies."""

    def __init__(self, market: Market, *, told: list[Step] | None = None, chance: np.random.Generator | None = None) -> None:
        self.market = market
        self.told = told
        self.chance = chance
        self.is_looping = False
        self.starts, self.posts, self.ranks = market.starts.tolist(), market.posts.tolist(), market.ranks.tolist()
        self.quotas: list[int] = market.quotas.tolist()
        self.held: list[list[tuple[int, int]]] = [[] for _ in self.quotas]
        self.choice = [-1] * (market.n_singles + len(market.pairs))
        self.is_in = bytearray(len(self.choice))  # a post that comes free is offered to those who came in already
        self.askers = _askers(market)
        self.waiting: list[int] = []
        self.free: list[int] = []
        self.placings: dict[int, int] = {}

    def begin_with(self, singles: Ints) -> None:
        """Take over a matching of all singles that is stable without the pairs."""
        self.choice[: len(singles)] = singles.tolist()
        self.is_in[: len(singles)] = bytes([1]) * len(singles)
        for unit in np.flatnonzero(singles >= 0).tolist():
            for body, programme, rank in self._parts(unit, self.choice[unit]):
                self.held[programme].append((rank, body))
        for holders in self.held:
            holders.sort()

    def settle(self, unit: int) -> None:
        """Let a unit come in, and all that follows from it.

        Raises:
            LoopError: it comes to no end.
        """
        self.is_in[unit] = 1
        self.placings.clear()
        self.is_looping = False
        self.waiting.append(unit)
        while self.waiting or self.free:
            if self.is_looping and self.chance is not None:
                self._go_on_by_chance(self.chance)
            elif self.waiting:
                self._propose(self.waiting.pop())
            else:
                self._offer(self.free.pop())

    def matching(self) -> Matching:
        """What everybody has now."""
        n = self.market.n_singles
        return Matching(np.array(self.choice[:n], dtype=np.int32), tuple(self.choice[n:]))

    def _go_on_by_chance(self, chance: np.random.Generator) -> None:
        """Out of a loop: a pair goes to any better place that would be given, and any free post is offered next."""
        if not self.waiting:
            self._offer(self.free.pop(int(chance.integers(len(self.free)))))
            return
        unit = self.waiting.pop()
        if unit < self.market.n_singles:
            self._propose(unit)
            return
        has = self.choice[unit]
        given = [place for place in range(self._length(unit) if has < 0 else has) if self._is_taken(unit, place)]
        if given:
            self.waiting.insert(0, unit)  # there may be better ones
            self._put(unit, given[int(chance.integers(len(given)))])
        elif has < 0:
            self._tell(StepKind.UNMATCHED, unit, -1)

    def _propose(self, unit: int) -> None:
        """From the top of the list down to what the unit has; a better one that would be given is taken."""
        has = self.choice[unit]
        for place in range(self._length(unit) if has < 0 else has):
            self._tell(StepKind.PROPOSES, unit, place)
            if self._is_taken(unit, place):
                self._put(unit, place)
                return
            self._tell(StepKind.REFUSED, unit, place)
        if has < 0:
            self._tell(StepKind.UNMATCHED, unit, -1)

    def _is_taken(self, unit: int, place: int) -> bool:
        """Would each programme rather have all who would come than some of those whom it has?

        Of a couple the one who would leave a programme is still among those whom it has: it must like the other better.
        Somebody with two posts is one person, who does not stand in their own way.
        """
        parts = self._parts(unit, place)
        is_one_person = 0 <= unit - self.market.n_singles < self.market.n_one_person
        is_apart = len(parts) == 1 or parts[0][1] != parts[1][1]
        if is_apart and not (is_one_person and self.choice[unit] >= 0):
            return all(self._is_liked(part) for part in parts)
        wanted: dict[int, list[tuple[int, int]]] = {}
        for body, programme, rank in parts:
            if programme == NO_POST:
                continue
            if rank == NOT_RANKED:
                return False
            wanted.setdefault(programme, []).append((rank, body))
        own = self._bodies(unit) if is_one_person else ()
        for programme, new in wanted.items():
            others = {one for one in self.held[programme] if one[1] not in own}
            best = sorted(others.union(new))[: self.quotas[programme]]
            if not all(one in best for one in new):
                return False
        return True

    def _is_liked(self, part: Part) -> bool:
        """Is there a post free, or somebody whom the programme likes less?"""
        body, programme, rank = part
        if programme == NO_POST:
            return True
        held, quota = self.held[programme], self.quotas[programme]
        return rank != NOT_RANKED and quota > 0 and (len(held) < quota or (rank, body) <= held[-1])

    def _put(self, unit: int, place: int) -> None:
        if len(self._bodies(unit)) > 1:
            self.placings[unit] = self.placings.get(unit, 0) + 1
            self.is_looping |= self.placings[unit] > LOOPS_FROM
            if self.placings[unit] > (LOOPS_FROM if self.chance is None else MOST_PLACINGS):
                raise LoopError(unit)
        self._leave(unit)
        self.choice[unit] = place
        for body, programme, rank in self._parts(unit, place):
            if programme != NO_POST:
                insort(self.held[programme], (rank, body))
                self._tell(StepKind.HELD, unit, place, programme)
        for _body, programme, _rank in self._parts(unit, place):
            while programme != NO_POST and len(self.held[programme]) > self.quotas[programme]:
                self._put_out(programme)

    def _put_out(self, programme: int) -> None:
        _rank, body = self.held[programme].pop()
        unit = self._unit(body)
        self._tell(StepKind.PUT_OUT, unit, self.choice[unit], programme)
        self._leave(unit)
        self.waiting.append(unit)

    def _leave(self, unit: int) -> None:
        """Give up all posts; whoever would rather have one is asked later."""
        place = self.choice[unit]
        if place < 0:
            return
        self.choice[unit] = -1
        for body, programme, rank in self._parts(unit, place):
            if programme != NO_POST and (rank, body) in self.held[programme]:
                self.held[programme].remove((rank, body))
                self.free.append(programme)
                self._tell(StepKind.GIVES_UP, unit, place, programme)

    def _offer(self, programme: int) -> None:
        """Those who would rather have a post here propose again, the one liked best first."""
        holders = self.held[programme]
        is_full = len(holders) >= self.quotas[programme]
        for rank, unit, place in reversed(self.askers.get(programme, [])):
            if not self.is_in[unit] or 0 <= self.choice[unit] <= place:
                continue
            if not (is_full and unit < self.market.n_singles and holders[-1][0] < rank):
                self.waiting.append(unit)

    def _parts(self, unit: int, place: int) -> tuple[Part, ...]:
        n = self.market.n_singles
        if unit < n:
            at = self.starts[unit] + place
            return ((unit, self.posts[at], self.ranks[at]),)
        option = self.market.pairs[unit - n][place]
        body = n + 2 * (unit - n)
        return ((body, option.first, option.first_rank), (body + 1, option.second, option.second_rank))

    def _bodies(self, unit: int) -> tuple[int, ...]:
        n = self.market.n_singles
        return (unit,) if unit < n else (n + 2 * (unit - n), n + 2 * (unit - n) + 1)

    def _unit(self, body: int) -> int:
        n = self.market.n_singles
        return body if body < n else n + (body - n) // 2

    def _length(self, unit: int) -> int:
        n = self.market.n_singles
        return int(self.starts[unit + 1] - self.starts[unit]) if unit < n else len(self.market.pairs[unit - n])

    def _tell(self, kind: StepKind, unit: int, place: int, programme: int = NO_POST) -> None:
        if self.told is not None:
            self.told.append(Step(kind, unit, place, programme))


def _askers(market: Market) -> dict[int, list[tuple[int, int, int]]]:
    """Of each programme that ranks somebody: rank, unit and place of the unit's list, the one liked best first."""
    lengths = np.diff(market.starts)
    units = np.repeat(np.arange(market.n_singles, dtype=np.int32), lengths)
    places = np.arange(len(market.posts), dtype=np.int32) - np.repeat(market.starts[:-1], lengths)
    order = np.lexsort((market.ranks, market.posts))
    order = order[market.ranks[order] >= 0]
    found: dict[int, list[tuple[int, int, int]]] = {}
    columns = (market.posts[order], market.ranks[order], units[order], places[order])
    for programme, rank, unit, place in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(programme, []).append((rank, unit, place))
    for n, pair in enumerate(market.pairs, start=market.n_singles):
        for place, option in enumerate(pair):
            for programme, rank in ((option.first, option.first_rank), (option.second, option.second_rank)):
                if programme != NO_POST and rank >= 0:
                    found.setdefault(programme, []).append((rank, n, place))
    for askers in found.values():
        askers.sort()
    return found

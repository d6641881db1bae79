"""Finding an order by what somebody types, a keystroke at a time.

The tiers, the best first: the whole name, term or key; every typed word a whole word of a name; names that begin with the text;
every typed word the beginning of a word, in any order; the same over several names of one entry; initials; and, where these
give fewer than five entries and none exactly, words with a typing error. Within a tier: usable in this place, then how often
it is ordered, then by name. The search decides nothing: the transcript keeps the id that was chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from heapq import nsmallest
from itertools import islice
from typing import Literal

from bedside.cases.catalogue import Catalogue
from bedside.cases.order import Order
from bedside.cases.order_text import squashed, tokens_of
from bedside.cases.search_index import SMALL_WORDS, SearchIndex, begun, route_of
from bedside.cases.search_text import Request, split, without_doses, without_verbs

SearchMode = Literal["practice", "exam"]
ENOUGH = 5  # entries found, from which on typing errors are not looked for
EXAM_LETTERS = 3
MANY = 200  # entries, from which on comparing all of them is felt
CLASS_LETTERS = 4  # of a class that is still being typed


class Tier(IntEnum):
    """How well an entry fits what was typed; lower is better."""

    EXACT = 0
    WORDS = 1
    STARTS = 2
    PREFIXES = 3
    SCATTERED = 4
    INITIALS = 5
    FUZZY = 6
    LOOK_ALIKE = 7  # does not fit: shown because its name is easily taken for the one above


@dataclass(frozen=True, slots=True)
class Hit:
    """An order that was found. `shown` is its name with the route, in tall-man letters where it has a look-alike."""

    order: str
    shown: str
    tier: Tier
    is_usable: bool

    @property
    def is_fuzzy(self) -> bool:
        """Was it only found by forgiving a typing error?"""
        return self.tier is Tier.FUZZY


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one order. `said` is for the person, empty where the hits say enough; `urgency` is "stat" or None."""

    hits: tuple[Hit, ...]
    is_class: bool = False
    said: str = ""
    urgency: str | None = None

    @property
    def preselected(self) -> str | None:
        """The order that Enter takes: the first hit, unless it is a guess, a class member or can't be ordered here."""
        if not self.hits or self.is_class:
            return None
        first = self.hits[0]
        return first.order if first.is_usable and first.tier < Tier.FUZZY else None


class OrderSearch:
    """A catalogue made ready for searching; stateless afterwards."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._index = SearchIndex(catalogue)
        self._tall, self._partners = _look_alikes(catalogue)
        self._shown = {order_id: self._shown_name(order) for order_id, order in catalogue.orders.items()}
        self._standing = {place: self._ranked_for(place) for place in catalogue.places}
        self._classes: dict[str, str] = {}
        for word, name in [*((name, name) for name in catalogue.classes), *catalogue.class_words.items()]:
            for form in _forms(word):
                self._classes.setdefault(squashed(form), name)
        self._class_forms = sorted(self._classes)

    def _ranked_for(self, place: str) -> dict[str, int]:
        """Every entry's rank among equals, the best first: usable there, ordered often, name."""

        def rank(key: str) -> tuple[bool, int, str]:
            order = self._catalogue.orders[self._catalogue.by_key[key][0]]
            return not order.can_be_ordered(place), -order.frequency, order.name.casefold()

        return {key: n for n, key in enumerate(sorted(self._catalogue.by_key, key=rank))}

    def find(self, text: str, *, location: str, mode: SearchMode = "practice", limit: int = 12) -> Answer:
        """What fits the text; where it holds several orders, the last one, which is being typed."""
        requests = self._split(text)
        return self._find(requests[-1], location, mode, limit) if requests else Answer(())

    def find_each(
        self, text: str, *, location: str, mode: SearchMode = "practice", limit: int = 12
    ) -> tuple[tuple[str, Answer], ...]:
        """What fits each of the orders that commas or lines separate, with the text of each."""
        return tuple((request.text, self._find(request, location, mode, limit)) for request in self._split(text))

    def _split(self, text: str) -> tuple[Request, ...]:
        return split(text, lambda piece: squashed(piece) in self._index.exact)

    def _find(self, request: Request, location: str, mode: SearchMode, limit: int) -> Answer:
        words = tokens_of(request.text)
        urgency = request.urgency
        if not words:
            return Answer((), urgency=urgency)
        if mode == "exam" and len("".join(words)) < EXAM_LETTERS:
            return Answer((), said="Type at least three letters.", urgency=urgency)
        of_class = self._class_named(words) or self._class_named(without_verbs(words))
        if of_class is not None:
            if mode == "exam":
                return Answer((), is_class=True, said=f"Which {of_class}? Type its name.", urgency=urgency)
            return Answer(self._members(of_class, location), is_class=True, urgency=urgency)
        tiers, routes = self._tiers(words)
        if mode == "practice" and all(tier >= Tier.SCATTERED for tier in tiers.values()):
            meant = self._class_begun(without_verbs(words))
            if meant is not None:
                return Answer(self._members(meant, location), is_class=True, urgency=urgency)
        hits = self._hits(tiers, routes or _routes_named(words), location, limit)
        said = ""
        if not hits:
            said = f"Nothing found for “{request.text.strip()}”."
        elif hits[0].is_fuzzy:
            said = "Nothing is spelled so; these are near."
        return Answer(hits, said=said, urgency=urgency)

    def _class_named(self, words: tuple[str, ...]) -> str | None:
        """The class that the words name, unless they are also what an entry outside of it is called."""
        whole = "".join(words)
        name = self._classes.get(whole)
        if name is None or whole in self._index.names:
            return None
        members = {self._catalogue.orders[order_id].key for order_id in self._catalogue.classes[name]}
        return name if self._index.exact.get(whole, set()) <= members else None

    def _class_begun(self, words: tuple[str, ...]) -> str | None:
        """The one class whose name begins with the words."""
        whole = "".join(words)
        if len(whole) < CLASS_LETTERS:
            return None
        names = {self._classes[form] for form in begun(self._class_forms, whole)}
        return names.pop() if len(names) == 1 else None

    def _members(self, name: str, location: str) -> tuple[Hit, ...]:
        """Every member of a class by its usual route there."""
        by_key: dict[str, Order] = {}
        for order_id in self._catalogue.classes[name]:
            order = self._catalogue.orders[order_id]
            best = by_key.get(order.key)
            if best is None or order.route_rank < best.route_rank:
                by_key[order.key] = order
        orders = sorted(by_key.values(), key=lambda one: (not one.can_be_ordered(location), -one.frequency, one.name))
        return tuple(Hit(one.id, self._shown[one.id], Tier.EXACT, one.can_be_ordered(location)) for one in orders)

    def _tiers(self, words: tuple[str, ...]) -> tuple[Mapping[str, Tier], frozenset[str]]:
        """The entries that fit and how well, by the reading of the words that fits best, and the routes that it names.

        The plainest reading comes first: all words; then without verbs, without routes, without doses.
        """
        shorter = without_verbs(words)
        readings = [(words, frozenset[str]()), (shorter, frozenset[str]())]
        for some in (shorter, without_doses(shorter)):
            readings += [_without_routes(some), (some, frozenset[str]())]
        readings = list(dict.fromkeys(readings))
        best: tuple[dict[str, Tier], tuple[str, ...], frozenset[str]] = ({}, (), frozenset())
        for reading, routes in readings:
            found = self._fitting(reading, routes)
            if found and (not best[0] or min(found.values()) < min(best[0].values())):
                best = found, reading, routes
                if min(found.values()) <= Tier.STARTS:
                    break
        if best[0]:
            return self._with_errors(best[0], best[1]), best[2]
        for reading, routes in reversed(readings):
            guessed = self._with_errors({}, reading)
            if guessed:
                return guessed, routes
        return {}, frozenset()

    def _fitting(self, words: tuple[str, ...], routes: frozenset[str]) -> dict[str, Tier]:
        """The entries that fit a reading without errors. Sets do the work: a letter alone meets half of the catalogue."""
        index = self._index
        whole = "".join(words)
        holders = sorted((index.beginning(word) for word in words), key=lambda one: len(one.keys))
        tiers = dict.fromkeys(set.intersection(*(one.keys for one in holders)), Tier.SCATTERED)
        if len(words) == 1:
            tiers = dict.fromkeys(tiers, Tier.PREFIXES)
        elif tiers:
            for number in set.intersection(*(one.phrases for one in holders)):
                tiers[index.phrases[number].key] = Tier.PREFIXES
        tiers |= dict.fromkeys(index.initials.get(whole, set()) - tiers.keys(), Tier.INITIALS)
        tiers |= dict.fromkeys(index.starting(whole), Tier.STARTS)
        if len(whole) > 1 and not SMALL_WORDS.issuperset(words):
            for number in set.intersection(*(index.having(word).phrases for word in words)):
                tiers[index.phrases[number].key] = Tier.WORDS
        tiers |= dict.fromkeys(index.exact.get(whole, ()), Tier.EXACT)
        if routes:
            return {key: tier for key, tier in tiers.items() if self._routes(key) & routes}
        return tiers

    def _with_errors(self, found: dict[str, Tier], words: tuple[str, ...]) -> dict[str, Tier]:
        """The same and, where they are few and none is exactly what was typed, entries that have nearly every word."""
        if len(found) >= ENOUGH or Tier.EXACT in found.values():
            return found
        index = self._index
        fitting: set[str] | None = None
        for word in sorted(words, key=len, reverse=True):  # the longest tell most
            held = index.beginning(word).keys
            if not index.knows(word):
                held = held | index.near(word)
            fitting = held if fitting is None else fitting & held
            if not fitting:
                return found
        return found | dict.fromkeys((fitting or set()) - found.keys(), Tier.FUZZY)

    def _routes(self, key: str) -> frozenset[str]:
        orders = self._catalogue.orders
        return frozenset(route for one in self._catalogue.by_key[key] if (route := orders[one].route) is not None)

    def _hits(self, tiers: Mapping[str, Tier], routes: frozenset[str], location: str, limit: int) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        for n, key in enumerate(self._best(tiers, location, limit)):
            if len(hits) >= limit:
                break
            of_entry = self._of_entry(key, tiers[key], routes, location)
            hits += of_entry if n == 0 or tiers[key] is Tier.EXACT else of_entry[:1]
            if n == 0:
                others = [one for one in self._partners.get(key, ()) if one not in tiers or tiers[one] > tiers[key]]
                for other in others:
                    hits += self._of_entry(other, Tier.LOOK_ALIKE, frozenset(), location)[:1]
        # a look-alike that fits by itself keeps the place beside its twin, and its own tier
        return tuple({hit.order: hit for hit in hits}.values())[:limit]

    def _best(self, tiers: Mapping[str, Tier], location: str, limit: int) -> list[str]:
        """The best entries, at most `limit`."""
        standing = self._standing[location]
        if len(tiers) > MANY:  # a letter or two: enough of the best tier are found long before all are compared
            best = min(tiers.values())
            first = list(islice((key for key in standing if tiers.get(key) is best), limit))
            if len(first) == limit:
                return first
        return nsmallest(limit, tiers, key=lambda key: (tiers[key], standing[key]))

    def _of_entry(self, key: str, tier: Tier, routes: frozenset[str], location: str) -> list[Hit]:
        orders = [self._catalogue.orders[order_id] for order_id in self._catalogue.by_key[key]]
        orders.sort(key=lambda one: one.route not in routes)  # stable: then the usual route first
        return [Hit(one.id, self._shown[one.id], tier, one.can_be_ordered(location)) for one in orders]

    def _shown_name(self, order: Order) -> str:
        name = self._tall.get(order.key, order.name)
        return f"{name}, {order.route}" if order.route else name


def _without_routes(words: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words without those that name a route, and the routes; untouched where nothing would be left."""
    left = tuple(word for word in words if not route_of(word))
    if not left or len(left) == len(words):
        return words, frozenset()
    return left, _routes_named(words)


def _forms(name: str) -> tuple[str, str]:
    """A class as it is typed: one, and several."""
    return name, f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _routes_named(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(route_of(word) for word in words))


def _look_alikes(catalogue: Catalogue) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The tall-man spelling of each entry that has one, and the entries it is taken for."""
    keys = {
        squashed(catalogue.orders[ids[0]].name): key for key, ids in catalogue.by_key.items() if catalogue.orders[ids[0]].route
    }
    tall: dict[str, str] = {}
    partners: defaultdict[str, list[str]] = defaultdict(list)
    for group in catalogue.look_alikes:
        known = {keys[squashed(name)]: name for name in group if squashed(name) in keys}
        if len(known) < 2:
            continue
        for key, name in known.items():
            tall.setdefault(key, name)
            partners[key] += [other for other in known if other not in {key, *partners[key]}]
    return tall, {key: tuple(others) for key, others in partners.items()}

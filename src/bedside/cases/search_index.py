"""The words by which orders are found, arranged so that a keystroke looks at few of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bedside.cases.catalogue import Catalogue
from bedside.cases.order_text import squashed, tokens_of

_CACHED_LETTERS = 2  # prefixes this short meet hundreds of words, and are typed first of all
_LAST = "~"  # sorts after letters and digits, which is all that words have
SMALL_WORDS = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with", "without"})
_ROUTE_WORDS: Mapping[str, tuple[str, ...]] = {
    "EP": ("ep", "epidural"),
    "IA": ("ia", "intraarticular", "intraarterial"),
    "IM": ("im", "intramuscular"),
    "IN": ("in", "inhaled", "inhalation", "nebulized", "neb"),
    "IV": ("iv", "ivp", "ivpb", "intravenous"),
    "OP": ("op", "ophthalmic", "eye", "drops"),
    "OT": ("ot", "otic", "ear", "drops"),
    "PO": ("po", "oral", "tablet", "tab", "pill"),
    "RE": ("re", "pr", "rectal", "suppository"),
    "SL": ("sl", "sublingual"),
    "SQ": ("sq", "sc", "subq", "subcut", "subcutaneous"),
    "TP": ("tp", "topical", "cream", "patch", "transdermal"),
    "VA": ("va", "vaginal"),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name or term of an entry."""

    key: str
    squashed: str
    tokens: frozenset[str]


@dataclass(slots=True)
class Holders:
    """Who has a word: the phrases by number, and their entries by key."""

    phrases: set[int]
    keys: set[str]

    def add(self, other: Holders) -> None:
        """Take those of another word as well."""
        self.phrases |= other.phrases
        self.keys |= other.keys


_NOBODY = Holders(set(), set())


class SearchIndex:
    """Every name and term of the catalogue by words, beginnings of words, whole text and initials.

    What it answers is shared and must not be changed.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.phrases: list[Phrase] = []
        self.exact: defaultdict[str, set[str]] = defaultdict(set)  # squashed text: keys
        self.names: set[str] = set()
        self.initials: defaultdict[str, set[str]] = defaultdict(set)
        self._holders: defaultdict[str, Holders] = defaultdict(lambda: Holders(set(), set()))
        for key, ids in catalogue.by_key.items():
            order = catalogue.orders[ids[0]]
            self.names.add(squashed(order.name))
            # the word for a class is no word for one of its members
            classes = {squashed(name) for name in order.classes}
            classes |= {squashed(word) for word, name in catalogue.class_words.items() if name in order.classes}
            terms = [term for term in order.terms if squashed(term) not in classes]
            for text in dict.fromkeys((order.name, *terms, key.replace("_", " "))):
                self._add(key, text)
        self._words = sorted(self._holders)
        self._wholes = sorted(self.exact)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_length[len(word)].append(word)
        self._short = self._cached_beginnings()
        self._short_wholes: dict[str, set[str]] = {prefix: self._starting(prefix) for prefix in self._short}

    def _add(self, key: str, text: str) -> None:
        words = tokens_of(text)
        whole = "".join(words)
        if not whole:
            return
        self.exact[whole].add(key)
        number = len(self.phrases)
        self.phrases.append(Phrase(key, whole, frozenset(words)))
        for word in words:
            self._holders[word].add(Holders({number}, {key}))
        telling = [word for word in words if word not in SMALL_WORDS]
        if len(telling) > 1:
            self.initials["".join(word[0] for word in telling)].add(key)

    def _cached_beginnings(self) -> dict[str, Holders]:
        found: defaultdict[str, Holders] = defaultdict(lambda: Holders(set(), set()))
        for word, holders in self._holders.items():
            for size in range(1, _CACHED_LETTERS + 1):
                found[word[:size]].add(holders)
        return dict(found)

    def knows(self, word: str) -> bool:
        """Is it a word of some name or term?"""
        return word in self._holders

    def having(self, word: str) -> Holders:
        """Who has exactly this word."""
        return self._holders.get(word, _NOBODY)

    def beginning(self, prefix: str) -> Holders:
        """Who has a word that begins so."""
        if len(prefix) <= _CACHED_LETTERS:
            return self._short.get(prefix, _NOBODY)
        words = begun(self._words, prefix)
        if len(words) == 1:
            return self._holders[words[0]]
        found = Holders(set(), set())
        for word in words:
            found.add(self._holders[word])
        return found

    def starting(self, whole: str) -> set[str]:
        """The entries with a name or term that begins with the squashed text."""
        return self._short_wholes.get(whole, set()) if len(whole) <= _CACHED_LETTERS else self._starting(whole)

    def _starting(self, whole: str) -> set[str]:
        return set[str]().union(*(self.exact[text] for text in begun(self._wholes, whole)))

    def near(self, word: str) -> set[str]:
        """The entries with a word one edit off (of 4 to 7 letters) or two (of 8 and more); two letters swapped are one edit."""
        most = _edits(word)
        found: set[str] = set()
        if most == 0:
            return found
        for length in range(len(word) - most, len(word) + most + 1):
            words = self._by_length.get(length, [])
            for other, _, _ in extract(word, words, scorer=OSA.distance, processor=None, score_cutoff=most, limit=None):
                found |= self._holders[other].keys
        return found


def begun(texts: list[str], prefix: str) -> list[str]:
    """Those of a sorted list that begin so."""
    start = bisect_left(texts, prefix)
    return texts[start : bisect_left(texts, prefix + _LAST, start)]


def _edits(word: str) -> int:
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2


def route_of(word: str) -> frozenset[str]:
    """The routes that a typed word names."""
    return frozenset(route for route, words in _ROUTE_WORDS.items() if word in words)

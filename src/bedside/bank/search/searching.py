"""Finding documents by what somebody types.

A document is found where it has every word that was typed: that word, its plural, its other spelling, or what it stands for
(MI, myocardial infarction); where it is the last word and still being typed, one that begins so; where nobody spells it so,
one that is spelled nearly so. Where nothing has every word, what has the most of them is found, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.bank.search.answering import Answers
from bedside.bank.search.document import SearchDocument, id_word
from bedside.bank.search.found import Found, SearchHit, Snippet, Tier
from bedside.bank.search.index import Dense, Index, Mask
from bedside.bank.search.snippets import snippet
from bedside.bank.search.synonyms import NO_SYNONYMS, Phrase, Synonyms
from bedside.bank.search.words import SMALL_WORDS, folded, raw_words, stem
from bedside.errors import UsageError

MAX_WORDS = 12  # that are looked for; a pasted page is found by its first words
MAX_LETTERS = 2000  # of the text that are looked at
OTHERWISE = 0.8  # what a word counts that stands for the typed one
BEGUN = 0.7  # what a word counts that begins as the typed one
NEAR = 0.4  # what a word counts that is spelled nearly so

_CHUNK = re.compile(r"\S+")
Key = tuple[str, str]  # kind and id


@dataclass(frozen=True, slots=True)
class _Unit:
    """One typed word, or several that are one name: its terms, what else it is called, and what it may be meant for."""

    words: tuple[str, ...]  # folded
    phrase: Phrase
    others: tuple[Phrase, ...]
    is_last: bool  # still being typed


@dataclass(slots=True)
class _Matched:
    """How well the documents fit one unit, and the terms that did it."""

    scores: Dense
    tiers: NDArray[np.int8]  # 0 where it does not fit
    terms: set[int]


class Search:
    """Documents made ready to be found; nothing changes afterwards, so that threads may share it.

    The order in which they come makes no difference.

    Raises:
        UsageError: two documents of one kind have the same id.
    """

    def __init__(self, documents: Iterable[SearchDocument], synonyms: Synonyms = NO_SYNONYMS) -> None:
        self.documents = tuple(sorted(documents, key=lambda one: (one.kind, one.id)))
        self._numbers = {(one.kind, one.id): number for number, one in enumerate(self.documents)}
        if len(self._numbers) != len(self.documents):
            raise UsageError("two documents of one kind have the same id")
        self._id_words = {one.id.casefold(): id_word(one.id) for one in self.documents}
        self._synonyms = synonyms
        self._index = Index(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def n_words(self) -> int:
        """How many different words the documents have."""
        return len(self._index.terms)

    @property
    def n_bytes(self) -> int:
        """Bytes of the index, without the texts, which belong to the documents."""
        return self._index.n_bytes

    def these(self, keys: Collection[Key]) -> Mask:
        """The mask of the documents with these kinds and ids; one that is not there is passed over."""
        mask = np.zeros(len(self.documents), dtype=np.bool_)
        mask[[self._numbers[key] for key in keys if key in self._numbers]] = True
        return mask

    def where(self, fits: Callable[[SearchDocument], bool]) -> Mask:
        """The mask of the documents that fit. It asks of each, so a caller keeps what it asks often."""
        return np.fromiter((fits(one) for one in self.documents), dtype=np.bool_, count=len(self.documents))

    def find(
        self, text: str, *, among: Mask | None = None, opened: Mask | None = None, limit: int = 20, offset: int = 0
    ) -> Found:
        """The documents that fit what was typed, the best first.

        Args:
            among: the documents that may be found; None: all.
            opened: the documents of which also that counts which stands behind; None: all.
            limit: hits that are given, from `offset` on.
        """
        units, n_unused = self._units(text)
        if not units or not self.documents:
            return Found((), 0, False, len(units), n_unused, {}, Answers({}))
        matched = [self._matched(unit, opened, is_forgiving=False) for unit in units]
        is_fitting = _fitting(matched, among)
        if not is_fitting.any():
            matched = [self._matched(unit, opened, is_forgiving=True) for unit in units]
            is_fitting = _fitting(matched, among)
        is_partly = not is_fitting.any()
        if is_partly:
            is_fitting = _fitting_most(matched, among)
        numbers = np.flatnonzero(is_fitting)
        worst = np.min([one.tiers[numbers] for one in matched], axis=0)
        total = np.asarray(np.sum([one.scores[numbers] for one in matched], axis=0), dtype=np.float64)
        hits = self._best(numbers, worst, total, limit, offset)
        terms = {term: n for n, one in reversed(list(enumerate(matched))) for term in one.terms}
        answers = Answers({self._index.names[term]: n for term, n in terms.items()})
        return Found(hits, len(numbers), is_partly and len(numbers) > 0, len(units), n_unused, terms, answers)

    def why(self, hit: SearchHit, found: Found, *, fields: Collection[str] | None = None) -> Snippet | None:
        """The piece of the document that has most of what was looked for; only of these fields, where any are named.

        A caller names the fields that may be seen: what stands behind is among them where none are named.
        """
        document = self.documents[hit.number]
        texts = [(field, text) for field, text in (*document.shown, *document.behind) if _is_told(field, fields)]
        return snippet(texts, found.answers, found.n_words)

    def _best(
        self, numbers: NDArray[np.int64], worst: NDArray[np.int8], total: NDArray[np.float64], limit: int, offset: int
    ) -> tuple[SearchHit, ...]:
        """The hits on a page: by tier, then by score, then as the documents stand."""
        rank = worst.astype(np.float64) * 1e6 + np.round(total, 4)
        end = min(len(numbers), offset + max(0, limit))
        if end < len(numbers):
            least = np.partition(rank, len(rank) - end)[len(rank) - end] if end else np.inf
            kept = np.flatnonzero(rank >= least)
        else:
            kept = np.arange(len(numbers))
        places = kept[np.argsort(-rank[kept], kind="stable")][offset:end]
        return tuple(self._hit(int(numbers[place]), int(worst[place]), float(total[place])) for place in places)

    def _hit(self, number: int, tier: int, score: float) -> SearchHit:
        document = self.documents[number]
        return SearchHit(document.id, document.kind, Tier(tier), score, number)

    def _units(self, text: str) -> tuple[list[_Unit], int]:
        """What is looked for, each once, and how many further words there were."""
        text = _CHUNK.sub(lambda found: self._id_words.get(found[0].casefold(), found[0]), text[:MAX_LETTERS])
        raws = raw_words(text)
        telling = [raw for raw in raws if folded(raw) not in SMALL_WORDS or (raw.isupper() and len(raw) > 1)]
        is_open = bool(raws) and text.rstrip().endswith(raws[-1]) and not text[-1:].isspace()
        is_last_there = bool(telling) and telling[-1] == raws[-1]
        raws = telling or raws
        words = [folded(raw) for raw in raws]
        terms = [stem(word) for word in words]
        units: dict[Phrase, _Unit] = {}
        place = 0
        while place < len(raws) and len(units) < MAX_WORDS:
            size, others = self._synonyms.at(raws, terms, place)
            end = place + size
            phrase = tuple(terms[place:end])
            is_last = end == len(raws) and is_open and (is_last_there or not telling)
            units.setdefault(phrase, _Unit(tuple(words[place:end]), phrase, others, is_last))
            place = end
        return [unit for unit in units.values() if all(unit.phrase)], len(raws) - place

    def _matched(self, unit: _Unit, opened: Mask | None, *, is_forgiving: bool) -> _Matched:
        """How well each document fits a unit. Without `is_forgiving` errors are forgiven only where nobody spells it so."""
        index = self._index
        found = _Matched(np.zeros(index.n, np.float32), np.zeros(index.n, np.int8), set())
        self._take(found, [unit.phrase], 1.0, Tier.EXACT, opened)
        self._take(found, unit.others, OTHERWISE, Tier.EXACT, opened)
        if len(unit.words) > 1 or (unit.others and found.tiers.any()):
            return found  # a name is meant as it stands: MI is not the beginning of "mild"
        word = unit.words[0]
        begun = index.beginning(word) if unit.is_last else []
        _better(found, index.scores(begun, opened) * np.float32(BEGUN), Tier.BEGUN, begun)
        if is_forgiving or not found.terms:
            near = index.near(word, is_begun=unit.is_last)
            _better(found, index.scores(near, opened) * np.float32(NEAR), Tier.FUZZY, near)
        return found

    def _take(self, found: _Matched, phrases: Iterable[Phrase], weight: float, tier: Tier, opened: Mask | None) -> None:
        """Take in the documents that have all terms of one of the phrases."""
        for phrase in phrases:
            terms = [self._index.terms[term] for term in phrase if term in self._index.terms]
            if len(terms) < len(phrase):
                continue
            each = [self._index.scores([term], opened) for term in terms]
            both = np.where(np.all([one > 0 for one in each], axis=0), np.sum(each, axis=0), 0) if len(each) > 1 else each[0]
            _better(found, (both * weight).astype(np.float32), tier, terms)


def _better(found: _Matched, scores: Dense, tier: Tier, terms: Collection[int]) -> None:
    """Take in how well the documents fit, of a tier that is not above those taken in before; the better score is kept."""
    if not terms:
        return
    found.terms.update(terms)
    is_new = (scores > found.scores) & ((found.tiers == 0) | (found.tiers == tier))
    np.copyto(found.scores, scores, where=is_new)
    found.tiers[is_new] = tier


def _is_told(field: str, fields: Collection[str] | None) -> bool:
    return field != "id" and (fields is None or field in fields)


def _fitting(matched: list[_Matched], among: Mask | None) -> Mask:
    """The documents that fit every unit."""
    fits: Mask = np.all([one.tiers > 0 for one in matched], axis=0)
    return fits if among is None else fits & among


def _fitting_most(matched: list[_Matched], among: Mask | None) -> Mask:
    """The documents that fit as many units as any does, one at least."""
    counts = np.sum([one.tiers > 0 for one in matched], axis=0)
    if among is not None:
        counts = np.where(among, counts, 0)
    most = int(counts.max(initial=0))
    fits: Mask = (counts == most) & (most > 0)
    return fits

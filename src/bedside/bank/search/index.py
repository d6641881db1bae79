"""Which documents have a word, and how much it counts in them: arrays in which a search looks at few numbers.

Two sets of postings lie side by side, of what everybody may find and of what stands behind. A word counts by BM25 over fields
with weights (Robertson S, Zaragoza H. The probabilistic relevance framework: BM25 and beyond. Found Trends Inf Retr
2009;3:333-389): each occurrence by the weight of its field, less in a long document, and ever less the more there are.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from scipy.sparse import csr_array, vstack

from bedside.bank.search.document import SearchDocument, Texts, weight_of, without_targets
from bedside.bank.search.words import MAX_LETTERS, folded, raw_words, stem

K1 = 1.2  # how soon further occurrences tell nothing new; the usual value
B = 0.4  # how much the length of a document takes away; below the usual 0.75, since all items are about as long
CHUNK = 2000  # documents that are counted at a time, so that what is not counted yet stays small
_LAST = "\U0010ffff"  # sorts after every letter
MAX_COMPARED = 4000  # words; of more those with the same first letter, so that a bank of a million words is as fast
MAX_ERRORS = 2  # that the longest words are forgiven
MAX_BEGUN = 32  # words that the beginning of one may stand for
MAX_POSTINGS = 150_000  # of those words together, so that one letter is answered as fast as a word
NEAR_LETTERS = 4  # a word of fewer has no near ones

Dense = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term its documents, in order, and how often it counts in each."""

    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.float32]

    def add_to(self, found: Dense, term: int, among: Mask | None = None) -> None:
        """Add the counts of a term to those of its documents."""
        start, end = self.starts[term], self.starts[term + 1]
        if start == end:
            return
        documents, counts = self.documents[start:end], self.counts[start:end]
        if among is not None:
            is_in = among[documents]
            documents, counts = documents[is_in], counts[is_in]
        found[documents] += counts

    @property
    def n_bytes(self) -> int:
        return self.starts.nbytes + self.documents.nbytes + self.counts.nbytes


class _Terms(dict[str, int]):
    """Written word → number of its term; one that is new gets its number when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.of_stem: dict[str, int] = {}
        self.of_surface: dict[str, int] = {}

    def __missing__(self, raw: str) -> int:
        surface = folded(raw)
        name = stem(surface)
        number = self.of_stem.setdefault(name, len(self.of_stem))
        self.of_surface.setdefault(surface, number)
        self.of_surface.setdefault(name, number)
        self[raw] = number
        return number


class Index:
    """The words of many documents. Nothing changes once it is made."""

    def __init__(self, documents: Sequence[SearchDocument]) -> None:
        terms = _Terms()
        self.n = len(documents)
        shown, behind = _Counting(terms), _Counting(terms)
        for start in range(0, self.n, CHUNK):
            chunk = documents[start : start + CHUNK]
            shown.take([document.shown for document in chunk])
            behind.take([document.behind for document in chunk])
        n_terms = len(terms.of_stem)
        self.shown, self.behind = shown.postings(n_terms), behind.postings(n_terms)
        self.terms = terms.of_stem
        self.names = tuple(self.terms)  # by number
        held = np.diff(self.shown.starts) + np.diff(self.behind.starts)
        self.n_held: NDArray[np.int64] = np.minimum(held, self.n)
        self._surfaces = sorted(terms.of_surface)
        self._term_of_surface = np.array([terms.of_surface[one] for one in self._surfaces], dtype=np.int64)
        letters = np.array([_letters_of(one) for one in self._surfaces], dtype=np.uint64)
        lengths = np.array([len(one) for one in self._surfaces], dtype=np.int64)
        self._letters: NDArray[np.uint64] = letters
        self._by_length = np.argsort(lengths, kind="stable")  # what is about as long as a word stands together
        self._letters_by_length: NDArray[np.uint64] = letters[self._by_length]
        self._length_starts = np.searchsorted(lengths[self._by_length], np.arange(MAX_LETTERS + MAX_ERRORS + 2))

    @property
    def n_bytes(self) -> int:
        """Bytes of the postings, which are most of it."""
        return self.shown.n_bytes + self.behind.n_bytes

    def scores(self, terms: Sequence[int], opened: Mask | None) -> Dense:
        """How much each document says by any of these terms, taken as one word; 0 where it has none of them."""
        found = np.zeros(self.n, dtype=np.float32)
        if not len(terms):
            return found
        for term in terms:
            self.shown.add_to(found, term)
            self.behind.add_to(found, term, opened)
        n_held = min(self.n, int(self.n_held[list(terms)].sum()))
        rarity = np.log1p((self.n - n_held + 0.5) / (n_held + 0.5))
        return (found / (found + np.float32(K1)) * np.float32(rarity)).astype(np.float32, copy=False)

    def beginning(self, prefix: str) -> list[int]:
        """The terms that begin so; of many the commonest."""
        if not prefix:
            return []
        low, high = self._begun(prefix)
        terms = np.unique(self._term_of_surface[low:high])
        held = self.n_held[terms]
        best = terms[np.lexsort((terms, -held))][:MAX_BEGUN]
        n_fit = int(np.searchsorted(np.cumsum(self.n_held[best]), MAX_POSTINGS, side="right"))
        return [int(term) for term in best[: max(1, n_fit)]]

    def _begun(self, prefix: str) -> tuple[int, int]:
        """From which, and before which, of the sorted surfaces they begin so."""
        low = bisect_left(self._surfaces, prefix)
        return low, bisect_left(self._surfaces, prefix + _LAST, low)

    def near(self, word: str, *, is_begun: bool) -> list[int]:
        """The terms a typing error or two away, of which there are fewer in a short word; two letters swapped are one error.

        `is_begun` takes the word for the beginning of one too.
        """
        most = most_errors(word)
        if most == 0:
            return []
        letters = np.uint64(_letters_of(word))
        start = self._length_starts[max(0, len(word) - most)]
        end = self._length_starts[len(word) + most + 1]
        others = self._letters_by_length[start:end]
        is_near = (np.bitwise_count(letters & ~others) <= most) & (np.bitwise_count(others & ~letters) <= most)
        numbers = self._by_length[start:end][is_near]
        if len(numbers) > MAX_COMPARED:
            first, last = self._begun(word[0])
            numbers = numbers[(numbers >= first) & (numbers < last)]
        found = self._compared(word, [self._surfaces[n] for n in numbers], numbers, most)
        if not found and is_begun and len(word) > NEAR_LETTERS:
            found = self._near_beginnings(word, letters, most)
        return sorted({int(self._term_of_surface[n]) for n in found})[:MAX_BEGUN]

    def _near_beginnings(self, word: str, letters: np.uint64, most: int) -> list[int]:
        """The surfaces that begin nearly so, of those with the same first letter."""
        start, end = self._begun(word[0])
        if end - start > MAX_COMPARED:
            start, end = self._begun(word[:2])
        has_most = np.bitwise_count(letters & ~self._letters[start:end]) <= most
        numbers = np.flatnonzero(has_most) + start
        return self._compared(word, [self._surfaces[n][: len(word)] for n in numbers], numbers, most)

    def _compared(self, word: str, others: list[str], numbers: NDArray[np.int64], most: int) -> list[int]:
        near = extract(word, others, scorer=OSA.distance, processor=None, score_cutoff=most, limit=None)
        return [int(numbers[place]) for _, _, place in near]


class _Counting:
    """Counts the words of one set of texts, chunk by chunk."""

    def __init__(self, terms: _Terms) -> None:
        self.terms = terms
        self.rows: list[csr_array] = []
        self.lengths: list[NDArray[np.float64]] = []

    def take(self, chunk: Sequence[Texts]) -> None:
        """Count the texts of some documents, those that come next."""
        numbers, sizes = array("i"), array("i")
        weights, rows = array("f"), array("i")
        for row, texts in enumerate(chunk):
            for field, text in texts:
                words = raw_words(without_targets(text))
                numbers.extend(map(self.terms.__getitem__, words))
                sizes.append(len(words))
                weights.append(weight_of(field))
                rows.append(row)
        size_of = np.frombuffer(sizes, dtype=np.int32) if sizes else np.zeros(0, dtype=np.int32)
        of_row = np.repeat(np.frombuffer(rows, dtype=np.int32) if rows else size_of, size_of)
        counted = np.repeat(np.frombuffer(weights, dtype=np.float32) if weights else size_of.astype(np.float32), size_of)
        of_term = np.frombuffer(numbers, dtype=np.int32) if numbers else np.zeros(0, dtype=np.int32)
        made = csr_array((counted, (of_row, of_term)), shape=(len(chunk), max(1, len(self.terms.of_stem))))
        self.rows.append(made)
        self.lengths.append(np.bincount(of_row, minlength=len(chunk)).astype(np.float64))

    def postings(self, n_terms: int) -> Postings:
        """All that was counted, by term."""
        if not self.rows or n_terms == 0:
            return Postings(np.zeros(n_terms + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
        for rows in self.rows:
            rows.resize((rows.shape[0], n_terms))
        by_term = vstack(self.rows, format="csr").tocsc()
        self.rows.clear()
        by_term.sort_indices()
        lengths = np.concatenate(self.lengths)
        usual = lengths.mean() or 1.0
        shorter = (1.0 / (1.0 - B + B * lengths / usual)).astype(np.float32)
        documents = by_term.indices.astype(np.int32, copy=False)
        return Postings(by_term.indptr.astype(np.int64), documents, (by_term.data * shorter[documents]).astype(np.float32))


def most_errors(word: str) -> int:
    """How many errors of spelling a word is forgiven; one with digits none."""
    if len(word) < NEAR_LETTERS or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else MAX_ERRORS


def _letters_of(word: str) -> int:
    """Which letters a word has, a bit each: words with other letters need not be compared."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits
